//! The allergies of the open chart.

use super::{
    super::{pen::Pen, theme::Role},
    sheet::{Line, draw_form, draw_kept, draw_list, warning, with_reason},
};
use crate::{
    app::allergies::{State, rows},
    chart::{
        Allergy, AllergyState, Chart, Clinical, Criticality, Severity, Verification,
    },
};

pub(super) struct AllergiesView<'a> {
    pub(super) state: &'a State,
    pub(super) chart: &'a Chart,
}

impl AllergiesView<'_> {
    pub(super) fn draw(&self, pen: &mut Pen<'_>) {
        let rows = rows(self.chart);
        let what = self.written(&rows);
        let already = self.state.already(self.chart).into_iter();
        let warnings: Vec<_> = already
            .map(|_| warning(pen.say("allergy-already")))
            .collect();
        let mut y = draw_form(&self.state.sheet, what, &warnings, pen);
        self.draw_state(y, pen);
        y += 1;
        y = draw_kept(&self.state.sheet, y, pen);
        let width = pen.width().saturating_sub(2);
        let lines: Vec<Line> = rows.iter().map(|it| self.line(it, width, pen)).collect();
        draw_list(&self.state.sheet, &lines, y, pen);
    }

    /// The substance that the form is about.
    fn written<'r>(&self, rows: &[&'r Allergy]) -> &'r str {
        let writing = self.state.sheet.writing.as_ref();
        let record = writing.and_then(|it| it.task.record);
        let found = rows.iter().find(|it| Some(it.entry.id) == record);
        found.map_or("", |it| it.code.text.as_str())
    }

    fn draw_state(&self, y: u16, pen: &mut Pen<'_>) {
        let Some(summary) = &self.chart.summary else {
            pen.put_line(1, y, "summary-closed", Role::Plain);
            return;
        };
        let say = pen.look.say;
        let (said, role) = match summary.allergy_state() {
            AllergyState::Some(some) => {
                let count = some.len().into();
                (
                    say.with("allergy-state-some", &[("n", count)]),
                    Role::Heading,
                )
            }
            AllergyState::NoneKnown { asked } => {
                let day = say.date(asked.day()).into();
                (
                    say.with("allergy-state-none", &[("day", day)]),
                    Role::Heading,
                )
            }
            AllergyState::NotAsked => (say.line("allergy-state-not-asked"), Role::Ask),
            AllergyState::NotReceived => {
                (say.line("allergy-state-not-received"), Role::Ask)
            }
        };
        pen.put(1, y, said, role);
    }

    fn line(&self, allergy: &Allergy, width: u16, pen: &Pen<'_>) -> Line {
        let say = pen.look.say;
        let severe = allergy.severity() == Some(Severity::Severe) && allergy.counts();
        let reactions = allergy
            .reactions
            .iter()
            .map(|it| it.manifestation.text.as_str());
        let reactions: Vec<&str> = reactions.filter(|it| !it.is_empty()).collect();
        let parts = [standing(allergy, pen), reactions.join(", ")];
        let parts = parts.iter().map(String::as_str).filter(|it| !it.is_empty());
        let what = parts.collect::<Vec<_>>().join(" ");
        let severity = allergy.severity().map(|it| say.line(severity(it)));
        let since = allergy.onset.map(|it| say.date(it.date()));
        let wide = width / 3;
        let mut line = Line::of(&allergy.entry, self.chart, pen);
        if severe {
            (line.mark, line.role) = ("!", Role::Abnormal);
        }
        line.add(&format!("{}. {what}", allergy.code.text));
        line.cells = vec![
            (wide, allergy.code.text.clone()),
            (10, severity.unwrap_or_default()),
            (12, since.unwrap_or_default()),
            (width.saturating_sub(wide + 27), what),
        ];
        line
    }
}

const fn severity(severity: Severity) -> &'static str {
    match severity {
        Severity::Mild => "severity-mild",
        Severity::Moderate => "severity-moderate",
        Severity::Severe => "severity-severe",
    }
}

/// What is said of an allergy besides what happened; nothing of one that simply counts.
fn standing(allergy: &Allergy, pen: &Pen<'_>) -> String {
    let say = pen.look.say;
    let why = &allergy.entry.remark.0;
    if allergy.entry.in_error {
        return with_reason("sheet-in-error", why, pen);
    }
    if allergy.verification == Verification::Refuted {
        return with_reason("allergy-refuted", why, pen);
    }
    match allergy.clinical {
        Clinical::Resolved | Clinical::Inactive => {
            with_reason("allergy-resolved", why, pen)
        }
        Clinical::Active | Clinical::Recurrence | Clinical::Remission => {
            let high = allergy.criticality == Criticality::High;
            let severe = allergy.severity() == Some(Severity::Severe);
            if high && !severe {
                format!("{}.", say.line("allergy-high"))
            } else {
                String::new()
            }
        }
    }
}
