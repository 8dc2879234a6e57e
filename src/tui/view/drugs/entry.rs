//! One drug in full, and under it who changed what in it.

use super::{DrugsView, rest, short_dose};
use crate::{
    app::{
        drugs::{Reading, dose_in_words, is_from_elsewhere, route_in_words, rows},
        window,
    },
    care::{
        clashes,
        dose_line::{self, Piece},
    },
    chart::{Medication, Origin, Summary},
    content::Medicine,
    text::Shown,
    tui::{
        pen::Pen,
        theme::Role,
        view::history::{self, CHANGE},
    },
};

/// Draws the entry from row `y` on.
pub(super) fn draw(view: &DrugsView<'_>, reading: &Reading, y: u16, pen: &mut Pen<'_>) {
    let all = rows(view.chart);
    let found = all.into_iter().find(|it| it.entry.id == reading.record);
    let Some(drug) = found else {
        pen.put_line(1, y, "sheet-not-there", Role::Ask);
        pen.caret(1, y);
        return;
    };
    pen.put(1, y, drug.code.text.as_str(), Role::Heading);
    let mut y = y + 1;
    let width = usize::from(pen.width().saturating_sub(4));
    for (text, role) in facts(view, drug, pen) {
        for row in Shown::wrapped(&text, width) {
            pen.put(3, y, row, role);
            y += 1;
        }
    }
    let title = if reading.loaded {
        pen.say("page-history")
    } else {
        pen.say("history-loading")
    };
    pen.put(1, y, title, Role::Heading);
    y += 1;
    let writing = view.state.sheet.writing.is_some();
    let room = usize::from(pen.height().saturating_sub(y));
    let shown = window(reading.selected.0, reading.past.len(), room);
    for (y, at) in (y..).zip(shown) {
        let Some(line) = reading.past.get(at) else {
            continue;
        };
        history::draw(line, y, pen);
        if !writing {
            pen.target_row(y, at, at == reading.selected.0);
        }
        if at == reading.selected.0 && !writing {
            pen.put(0, y, ">", Role::Plain);
            pen.tint_part((0, y), CHANGE - 2, Role::Selected);
            pen.caret(0, y);
        }
    }
    if reading.past.is_empty() && !writing {
        pen.caret(1, y.saturating_sub(1));
    }
}

/// What there is to know of the drug, each in a line.
fn facts(view: &DrugsView<'_>, drug: &Medication, pen: &Pen<'_>) -> Vec<(String, Role)> {
    let say = pen.look.say;
    let mut facts = vec![(dose(drug, pen), Role::Plain)];
    let by = match &drug.entry.origin {
        Origin::Own => view.by(drug.entry.by),
        Origin::Imported { author, .. } => {
            Some(author.0.clone()).filter(|it| !it.is_empty())
        }
        Origin::Outside(it) => Some(it.maker.named()),
    };
    let id = if is_from_elsewhere(drug) {
        "drug-recorded"
    } else {
        "drug-prescribed"
    };
    let name = by.unwrap_or_else(|| say.line("history-nobody"));
    let day = say.date(drug.entry.recorded.day());
    let args = [("day", day.into()), ("name", name.into())];
    facts.push((say.with(id, &args), Role::Plain));
    let since = drug.start.map(|it| ("drug-from", it));
    let until = drug.end.map(|it| ("drug-until", it));
    let days = [since, until].into_iter().flatten().map(|(id, day)| {
        let args = [("day", say.date(day.date()).into())];
        say.with(id, &args)
    });
    let days = days.collect::<Vec<_>>().join(", ");
    let role = if drug.overridden.is_empty() {
        Role::Plain
    } else {
        Role::Abnormal
    };
    facts.push((days, Role::Plain));
    facts.push((rest(drug, pen), role));
    if drug.is_taken() {
        let allergies = view.newest.summary.iter();
        let allergies = allergies.flat_map(Summary::allergies_to_check);
        let met = clashes(&drug.code, allergies);
        let met = met.iter().map(|it| {
            let words = view.clash_words(&drug.code.text, it, pen);
            (format!("! {words}"), Role::Abnormal)
        });
        facts.extend(met);
    }
    facts.retain(|(text, _)| !text.trim().is_empty());
    facts
}

/// The dose in words; as it is kept where it does not read as a dose.
fn dose(drug: &Medication, pen: &Pen<'_>) -> String {
    let say = pen.look.say;
    let listed = Medicine::named(&drug.code.text).map(Piece::from);
    let mut bare = drug.clone();
    bare.instructions.clear();
    let mut parsed = dose_line::parse(&dose_line::line_of(&bare));
    if !parsed.problems.is_empty() || parsed.dose.amount.is_none() {
        let route = route_in_words(&drug.route, say);
        return format!("{} {route}", short_dose(drug)).trim().to_owned();
    }
    parsed.dose.route = "";
    let words = dose_in_words(&parsed.dose, listed, say);
    let route = route_in_words(&drug.route, say);
    let parts = [words, route].into_iter().filter(|it| !it.is_empty());
    parts.collect::<Vec<_>>().join("; ")
}
