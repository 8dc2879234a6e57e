//! The dialog that stops a prescription (S6).

use ratatui::layout::Rect;

use super::{DrugsView, likeness_words};
use crate::{
    app::{Key, Press, drugs::dose_in_words, keymap::Action},
    care::{clashes, dose_line::Piece},
    chart::Summary,
    text::Shown,
    tui::{pen::Pen, theme::Role, view::line::draw_line},
};

/// The rows of the dialog besides what is on file: its frame, the safe line, how to go
/// ahead and the line for that.
const AROUND: usize = 5;
/// The rows above the dialog that say what is prescribed.
const ABOVE: u16 = 3;

/// Draws what is to be prescribed, and the dialog below it.
pub(super) fn draw(view: &DrugsView<'_>, pen: &mut Pen<'_>) {
    let facts = facts(view, pen);
    let wanted: usize = facts.iter().map(Vec::len).sum();
    let wanted = u16::try_from(wanted + AROUND).unwrap_or(u16::MAX);
    let top = if wanted.saturating_add(ABOVE) <= pen.height() {
        draw_prescription(view, pen);
        ABOVE
    } else {
        0
    };
    let left = pen.height().saturating_sub(top);
    let gap = u16::from(wanted.saturating_add(2) <= left);
    let height = (wanted.saturating_add(2 * gap)).min(left);
    let part = Rect::new(0, top, pen.width(), height);
    let title = pen.say("drug-stop-title");
    let mut inside = pen.boxed(part, title);
    let room = usize::from(inside.height()).saturating_sub(AROUND - 2);
    let mut y = 0;
    for (text, role) in fitting(facts, room, &inside) {
        inside.put(1, y, text, role);
        y += 1;
    }
    y += gap;
    let esc = Key::Esc.said(inside.look.say);
    let safe = format!("> {esc}  {}", inside.say("drug-stop-safe"));
    inside.put(1, y, safe, Role::Plain);
    let across = inside.width().saturating_sub(2);
    inside.tint_part((1, y), across, Role::Selected);
    inside.target((1, y), across, Action::Press(Press::Back));
    y += 1 + gap;
    let stop = &view.state.stop;
    let (said, role) = match stop.problem {
        Some(problem) => (problem, Role::Abnormal),
        None => ("drug-override-how", Role::Plain),
    };
    let word = inside.say("drug-override-word");
    let said = inside.look.say.with(said, &[("word", word.into())]);
    inside.put(1, y, said, role);
    let line = Rect::new(1, y + 1, across, 1);
    draw_line(&stop.line, true, &mut inside.within(line));
    pen.tint_part((2, top), title_width(pen), Role::Stop);
}

/// The rows of each allergy that stops: how the drug is like it, and its entry.
fn facts(view: &DrugsView<'_>, pen: &Pen<'_>) -> Vec<Vec<(Shown, Role)>> {
    let drug = view.state.stop.drug();
    let allergies = view.newest.summary.iter();
    let allergies = allergies.flat_map(Summary::allergies_to_check);
    let met = clashes(drug, allergies);
    let width = usize::from(pen.width().saturating_sub(4));
    let stops = met.iter().filter(|it| it.stops).map(|clash| {
        let like = Shown::wrapped(&likeness_words(&drug.text, clash, pen), width);
        let source = Shown::wrapped(&view.source_words(clash, pen), width);
        let like = like.into_iter().map(|it| (it, Role::Abnormal));
        like.chain(source.into_iter().map(|it| (it, Role::Plain)))
            .collect()
    });
    stops.collect()
}

/// The allergies of which there is room for all rows; the others are counted. The first is
/// always there.
fn fitting(
    facts: Vec<Vec<(Shown, Role)>>,
    room: usize,
    pen: &Pen<'_>,
) -> Vec<(Shown, Role)> {
    let all = facts.len();
    let mut shown: Vec<(Shown, Role)> = Vec::new();
    for (at, rows) in facts.into_iter().enumerate() {
        let more = usize::from(at + 1 < all);
        if at > 0 && shown.len() + rows.len() + more > room {
            let left = [("n", (all - at).into())];
            let left = pen.look.say.with("drug-allergy-more", &left);
            shown.push((Shown::from(left), Role::Abnormal));
            break;
        }
        shown.extend(rows);
    }
    shown.truncate(room.max(1));
    shown
}

fn title_width(pen: &Pen<'_>) -> u16 {
    let title = Shown::from(pen.say("drug-stop-title"));
    u16::try_from(title.width())
        .unwrap_or(u16::MAX)
        .saturating_add(2)
}

/// The drug and the dose, as the form has them.
fn draw_prescription(view: &DrugsView<'_>, pen: &mut Pen<'_>) {
    let say = pen.look.say;
    pen.rule(0, pen.say("drug-add"));
    let labels = ["drug-what", "drug-dose"].map(|id| Shown::from(say.line(id)));
    let wide = labels.iter().map(Shown::width).max().unwrap_or(0) + 2;
    let [drug_label, dose_label] = labels.map(|it| it.pad(wide));
    let drug = format!("{drug_label}{}", view.state.stop.drug().text);
    pen.put(1, 1, drug, Role::Plain);
    if let Some((parsed, listed)) = view.state.dose(view.chart) {
        let words = dose_in_words(&parsed.dose, listed.map(Piece::from), say);
        let dose = format!("{dose_label}{words}");
        pen.put(1, 2, dose, Role::Plain);
    }
}
