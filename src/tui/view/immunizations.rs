//! The vaccines of the open chart.

use super::{
    super::{pen::Pen, theme::Role},
    closed::named,
    sheet::{Line, draw_form, draw_kept, draw_list, with_reason},
};
use crate::{
    app::immunizations::{State, rows},
    chart::{Chart, Immunization},
};

pub(super) struct ImmunizationsView<'a> {
    pub(super) state: &'a State,
    pub(super) chart: &'a Chart,
}

impl ImmunizationsView<'_> {
    pub(super) fn draw(&self, pen: &mut Pen<'_>) {
        let rows = rows(self.chart);
        let record = self.state.sheet.writing.as_ref();
        let record = record.and_then(|it| it.task.record);
        let written = rows.iter().find(|it| Some(it.entry.id) == record);
        let what = written.map_or("", |it| it.vaccine.text.as_str());
        let mut y = draw_form(&self.state.sheet, what, &[], pen);
        let given = rows
            .iter()
            .filter(|it| !it.entry.in_error && it.not_done.is_empty());
        let count = given.count().into();
        let said = pen.look.say.with("vaccine-count", &[("n", count)]);
        pen.put(1, y, said, Role::Heading);
        y = draw_kept(&self.state.sheet, y + 1, pen);
        let width = pen.width().saturating_sub(4);
        let lines: Vec<Line> = rows.iter().map(|it| self.line(it, width, pen)).collect();
        if lines.is_empty() {
            pen.put_line(1, y, "vaccine-none", Role::Plain);
        }
        draw_list(&self.state.sheet, &lines, y, pen);
    }

    fn line(&self, dose: &Immunization, width: u16, pen: &Pen<'_>) -> Line {
        let say = pen.look.say;
        let date = dose.date.map(|it| say.date(it.date())).unwrap_or_default();
        let number = if dose.dose_number.is_empty() {
            String::new()
        } else {
            let number = dose.dose_number.as_str().into();
            say.with("vaccine-dose-number", &[("n", number)])
        };
        let rest = rest(dose, pen);
        let wide = width.saturating_sub(12 + 8 + 3) / 2;
        let mut line = Line::of(&dose.entry, self.chart, pen);
        let name = named(&dose.vaccine.text, &dose.entry);
        line.add(&format!("{name}. {rest}"));
        line.cells = vec![
            (wide, name),
            (12, date),
            (8, number),
            (width.saturating_sub(wide + 23), rest),
        ];
        line
    }
}

/// Why it was not given; or where it went, from which lot, and what came of it.
fn rest(dose: &Immunization, pen: &Pen<'_>) -> String {
    if dose.entry.in_error {
        return with_reason("sheet-in-error", &dose.entry.remark.0, pen);
    }
    if !dose.not_done.is_empty() {
        return with_reason("vaccine-was-not-given", &dose.not_done, pen);
    }
    let named = |id: &str, text: &str| {
        let args = [("text", text.into())];
        (!text.is_empty()).then(|| pen.look.say.with(id, &args))
    };
    let parts = [
        Some(dose.site.clone()).filter(|it| !it.is_empty()),
        named("vaccine-says-lot", &dose.lot),
        named("vaccine-says-expiry", &dose.expiry),
        named("vaccine-says-reaction", &dose.reaction),
    ];
    parts.into_iter().flatten().collect::<Vec<_>>().join(", ")
}
