//! The drugs of the open chart: the list, one entry, and the dialog that stops.

mod entry;
mod stop;

use std::collections::BTreeMap;

use super::{
    super::{pen::Pen, theme::Role},
    closed::named,
    sheet::{Line, draw_form, draw_kept, draw_list, warning, with_reason},
};
use crate::{
    app::drugs::{State, dose_in_words, dose_why, is_from_elsewhere, rows},
    care::{
        Clash, Likeness, NotKnown,
        dose_line::{self, Piece},
    },
    chart::{Chart, MedKind, MedStatus, Medication},
    ids::UserId,
    text::Shown,
    time::When,
};

pub(super) struct DrugsView<'a> {
    pub(super) state: &'a State,
    pub(super) chart: &'a Chart,
    /// The same with all that came in: what is warned of.
    pub(super) newest: &'a Chart,
    /// The names of those who wrote the records, as far as they are known here.
    pub(super) names: &'a BTreeMap<UserId, String>,
}

/// From this width on, the list has a column of dates.
const WIDE: u16 = 76;
/// The columns of a dose and of a date.
const DOSE: u16 = 17;
const DATE: u16 = 12;

impl DrugsView<'_> {
    pub(super) fn draw(&self, pen: &mut Pen<'_>) {
        if self.state.stop.is_open() {
            stop::draw(self, pen);
            return;
        }
        let what = self.state.written(self.chart);
        let what = what.map_or("", |it| it.code.text.as_str());
        let notes = self.notes(pen);
        let y = draw_form(&self.state.sheet, what, &notes, pen);
        match &self.state.reading {
            Some(reading) => entry::draw(self, reading, y, pen),
            None => self.draw_list(y, pen),
        }
    }

    fn draw_list(&self, mut y: u16, pen: &mut Pen<'_>) {
        let rows = rows(self.chart);
        let counted = rows.iter().filter(|it| !it.entry.in_error);
        let (taken, before): (Vec<&Medication>, _) =
            counted.partition(|it| it.is_taken());
        let elsewhere = taken.iter().filter(|it| is_from_elsewhere(it)).count();
        let args = [
            ("n", taken.len().into()),
            ("elsewhere", elsewhere.into()),
            ("before", before.len().into()),
        ];
        let said = pen.look.say.with("drug-count", &args);
        pen.put(1, y, said, Role::Heading);
        y += 1;
        if !self.state.prescribes {
            pen.put_line(1, y, "drug-not-prescribing", Role::Plain);
            y += 1;
        }
        y = draw_kept(&self.state.sheet, y, pen);
        let lines: Vec<Line> = rows.iter().map(|it| self.line(it, pen)).collect();
        if lines.is_empty() {
            pen.put_line(1, y, "drug-none", Role::Plain);
        }
        draw_list(&self.state.sheet, &lines, y, pen);
    }

    fn line(&self, drug: &Medication, pen: &Pen<'_>) -> Line {
        let say = pen.look.say;
        let when = if drug.is_taken() {
            drug.start
        } else {
            drug.end.or(drug.start)
        };
        let when = when.map(|it| say.date(it.date())).unwrap_or_default();
        let dose = short_dose(drug);
        let rest = rest(drug, pen);
        let room = pen.width().saturating_sub(4 + DOSE + 2);
        let mut line = Line::of(&drug.entry, self.chart, pen);
        if drug.is_taken() && !drug.overridden.is_empty() && line.mark.is_empty() {
            (line.mark, line.role) = ("!", Role::Abnormal);
        }
        let called = named(&drug.code.text, &drug.entry);
        let named = [called.as_str(), dose.as_str()];
        let named = named.into_iter().filter(|it| !it.is_empty());
        let named = named.collect::<Vec<_>>().join(", ");
        line.add(&format!("{named}. {rest}"));
        line.cells = if pen.width() >= WIDE {
            let wide = room.saturating_sub(DATE + 1) * 3 / 5;
            let narrow = room.saturating_sub(DATE + 1 + wide);
            vec![
                (wide, called.clone()),
                (DOSE, dose),
                (DATE, when),
                (narrow, rest),
            ]
        } else {
            let wide = room * 2 / 3;
            vec![
                (wide, called.clone()),
                (DOSE, dose),
                (room.saturating_sub(wide), rest),
            ]
        };
        line
    }

    /// What the dose line means, and what there is to beware of.
    fn notes(&self, pen: &Pen<'_>) -> Vec<(String, Role)> {
        let mut notes: Vec<(String, Role)> = self.dose_note(pen).into_iter().collect();
        let (clashes, twice) = self.state.warnings(self.newest);
        let drug = self.drug_words();
        let met = clashes.iter().map(|it| self.clash_words(&drug, it, pen));
        notes.extend(met.map(warning));
        if let Some(twice) = twice {
            let since = twice.start.map(|it| pen.look.say.date(it.date()));
            let id = if since.is_some() {
                "drug-twice-since"
            } else {
                "drug-twice"
            };
            let what = format!("{}, {}", twice.code.text, short_dose(twice));
            let args = [
                ("what", what.trim_end_matches(", ").into()),
                ("day", since.unwrap_or_default().into()),
            ];
            notes.push(warning(pen.look.say.with(id, &args)));
        }
        if self.chart.closed == Some(true) && !drug.is_empty() {
            notes.push((pen.say("closed-checks"), Role::Plain));
        }
        let width = usize::from(pen.width().saturating_sub(4));
        let wrapped = notes.into_iter().flat_map(|(text, role)| {
            let lines = Shown::wrapped(&text, width).into_iter();
            lines.map(move |it| (it.to_string(), role))
        });
        wrapped.collect()
    }

    /// The drug that the form is about, in words.
    fn drug_words(&self) -> String {
        let written = self.state.written(self.chart);
        let typed = || self.state.drug_typed().to_owned();
        written.map_or_else(typed, |it| it.code.text.clone())
    }

    fn dose_note(&self, pen: &Pen<'_>) -> Option<(String, Role)> {
        let say = pen.look.say;
        let (parsed, listed) = self.state.dose(self.chart)?;
        let field = self.state.dose_field()?;
        let line = &field.line;
        if line.is_empty() {
            return None;
        }
        let (before, after) = line.halves();
        // A word that is still being typed is not wrong yet.
        let typing = self.state.is_in_dose() && field.problem.is_none();
        let begun = |end: usize| typing && after.is_empty() && end == before.len();
        let worst = parsed.problems.iter().find(|it| !begun(it.span.end));
        if worst.is_some() && self.state.keeps_any_dose(self.chart) {
            return Some((say.line("dose-as-told"), Role::Plain));
        }
        if let Some(problem) = worst {
            let text = line.text().get(problem.span.clone()).unwrap_or_default();
            let args = [("text", text.into())];
            return Some((say.with(dose_why(problem.why), &args), Role::Abnormal));
        }
        let words = dose_in_words(&parsed.dose, listed.map(Piece::from), say);
        Some((format!("-> {words}"), Role::Plain))
    }

    /// `Amoxicillin is of the group PENICILLIN. Recorded: penicillin - anaphylaxis, …`
    fn clash_words(&self, drug: &str, clash: &Clash<'_>, pen: &Pen<'_>) -> String {
        let likeness = likeness_words(drug, clash, pen);
        if clash.likeness == Likeness::NotKnown(NotKnown::Drug) {
            return likeness;
        }
        format!("{likeness} {}", self.source_words(clash, pen))
    }

    /// What the entry on file says, and who wrote it when.
    fn source_words(&self, clash: &Clash<'_>, pen: &Pen<'_>) -> String {
        let say = pen.look.say;
        let allergy = clash.allergy;
        let mut facts: Vec<String> = allergy
            .reactions
            .iter()
            .map(|it| it.manifestation.text.clone())
            .filter(|it| !it.is_empty())
            .collect();
        if facts.is_empty() {
            facts.push(say.line("drug-reaction-unknown"));
        }
        facts.extend(allergy.onset.map(|it| say.date(it.date())));
        let mut summary = self.newest.summary.iter();
        if summary.any(|it| it.is_unconfirmed(allergy.entry.id)) {
            facts.push(say.line("sheet-unconfirmed"));
        }
        let mut summary = self.newest.summary.iter();
        let proposed = summary.find_map(|it| it.proposed_by(allergy.entry.id));
        if let Some(name) = proposed {
            facts.push(say.with("proposed-by", &[("name", name.into())]));
        }
        let by = proposed.map(str::to_owned).or(self.by(allergy.entry.by));
        let day = say.date(allergy.entry.recorded.day());
        let args = [
            ("what", allergy.code.text.as_str().into()),
            ("facts", facts.join(", ").into()),
            ("day", day.into()),
            (
                "name",
                by.unwrap_or_else(|| say.line("history-nobody")).into(),
            ),
        ];
        say.with("drug-allergy-source", &args)
    }

    fn by(&self, user: UserId) -> Option<String> {
        self.names.get(&user).cloned().filter(|it| !it.is_empty())
    }
}

/// How the drug is like what is on file.
fn likeness_words(drug: &str, clash: &Clash<'_>, pen: &Pen<'_>) -> String {
    let say = pen.look.say;
    let group = |id, group: &str| {
        let args = [
            ("drug", drug.into()),
            ("group", group.to_uppercase().into()),
        ];
        say.with(id, &args)
    };
    match clash.likeness {
        Likeness::Same => {
            let on_file = clash.allergy.code.text.to_uppercase();
            say.with("drug-allergic-same", &[("what", on_file.into())])
        }
        Likeness::Group(it) => group("drug-allergic-group", it),
        Likeness::Related(it) => group("drug-allergic-related", it),
        Likeness::NotKnown(NotKnown::Drug) => {
            say.with("drug-not-known", &[("drug", drug.into())])
        }
        Likeness::NotKnown(NotKnown::Allergy) => {
            let what = clash.allergy.code.text.to_uppercase();
            let args = [("drug", drug.into()), ("what", what.into())];
            say.with("drug-allergy-not-known", &args)
        }
    }
}

/// `1 tablet tds 5d`, as it is kept; that a drug goes on goes without saying.
fn short_dose(drug: &Medication) -> String {
    let needed = drug.as_needed && !drug.frequency.contains("prn");
    let parts = [
        &*drug.dose,
        &*drug.frequency,
        if needed { "prn" } else { "" },
        &*drug.duration,
    ];
    let ongoing = dose_line::Duration::Ongoing.short();
    let said = |it: &&str| !it.is_empty() && **it != ongoing;
    let parts = parts.into_iter().filter(said);
    parts.collect::<Vec<_>>().join(" ")
}

/// Where it stands and why; of what is taken, what else there is to know.
fn rest(drug: &Medication, pen: &Pen<'_>) -> String {
    let say = pen.look.say;
    let remark = drug.entry.remark.0.as_str();
    if drug.entry.in_error {
        return with_reason("sheet-in-error", remark, pen);
    }
    let why = if remark.is_empty() {
        drug.instructions.as_str()
    } else {
        remark
    };
    let status = match drug.status {
        MedStatus::Active => None,
        MedStatus::OnHold => Some("drug-on-hold"),
        MedStatus::Completed => Some("drug-completed"),
        MedStatus::Stopped => Some("drug-stopped"),
        MedStatus::Cancelled => Some("drug-cancelled"),
    };
    if let Some(id) = status {
        return with_reason(id, why, pen);
    }
    let overridden = (!drug.overridden.is_empty())
        .then(|| with_reason("drug-overridden", &drug.overridden, pen));
    let elsewhere = is_from_elsewhere(drug).then(|| {
        say.line(match drug.kind {
            MedKind::Request => "drug-imported",
            MedKind::Statement => "drug-elsewhere",
        })
    });
    let today = pen.look.now.day();
    let over = drug.end.map(When::date).filter(|it| *it < today);
    let over = over.map(|day| {
        let args = [("day", say.date(day).into())];
        say.with("drug-run-out", &args)
    });
    let reason = Some(drug.reason.text.clone());
    let instructions = Some(drug.instructions.clone());
    let remark = match drug.kind {
        _ if remark.is_empty() => None,
        MedKind::Statement => Some(remark.to_owned()),
        MedKind::Request => Some(with_reason("history-remark", remark, pen)),
    };
    let parts = [overridden, elsewhere, over, reason, instructions, remark];
    let parts = parts.into_iter().flatten();
    let parts = parts.map(|it| it.trim_end_matches('.').to_owned());
    parts
        .filter(|it| !it.is_empty())
        .collect::<Vec<_>>()
        .join(". ")
}
