//! A form's fields, one to a row, with the list of choices and what the text means.

use super::super::{pen::Pen, theme::Role};
use crate::{
    app::{
        Press,
        form::{Field, Form, Kind, Origin},
        keymap::Action,
    },
    chart::BirthDate,
    text::Shown,
    time::{parse_birth, parse_day},
};

/// The longest line that shows an empty field.
const EMPTY: u16 = 20;

/// The label's and the field's columns of a form.
#[derive(Debug, Clone, Copy)]
pub(super) struct Columns {
    pub(super) label: u16,
    pub(super) field: u16,
    pub(super) width: u16,
}

/// Draws some fields of a form from row `y` on; says in which row it ended. The open list
/// stands under its field.
pub(super) fn draw_fields(
    form: &Form,
    range: std::ops::Range<usize>,
    columns: Columns,
    mut y: u16,
    pen: &mut Pen<'_>,
) -> u16 {
    for (index, field) in form.fields.iter().enumerate() {
        if range.contains(&index) {
            let focused = form.at == index;
            draw_field(field, focused, columns, y, pen);
            let across = columns.field + columns.width - columns.label;
            pen.target(
                (columns.label, y),
                across,
                Action::Press(Press::Field(index)),
            );
            y += 1;
            if focused {
                y = draw_choices(field, columns, y, pen);
            }
        }
    }
    y
}

/// Draws the text of a field in `width` cells, and the caret if it is there. Dots stand for
/// what must not be seen.
pub(super) fn draw_text(
    field: &Field,
    focused: bool,
    (x, y): (u16, u16),
    width: u16,
    pen: &mut Pen<'_>,
) {
    let role = if focused { Role::Focus } else { Role::Plain };
    let hidden = |text: &str| "●".repeat(text.chars().count());
    let (before, after) = field.line.halves();
    let (before, after) = if field.is_secret() {
        (hidden(before), hidden(after))
    } else {
        (before.to_owned(), after.to_owned())
    };
    // Who writes sees the end, who reads the beginning.
    let before = if focused {
        Shown::from(before).tail(usize::from(width.saturating_sub(1)))
    } else {
        Shown::from(before)
    };
    let caret = u16::try_from(before.width()).unwrap_or(0);
    let text = Shown::from(format!("{before}{}", Shown::from(after)));
    let text = if text.is_empty() && !focused {
        Shown::from("_".repeat(usize::from(width.min(EMPTY))))
    } else {
        text
    };
    pen.cell((x, y), width, text, role);
    if focused {
        pen.caret(x + caret, y);
    }
}

fn draw_field(field: &Field, focused: bool, columns: Columns, y: u16, pen: &mut Pen<'_>) {
    let label = pen.say(field.name);
    let label_room = columns.field.saturating_sub(columns.label + 1);
    pen.cell((columns.label, y), label_room, label, Role::Plain);
    let (said, role) = beside(field, columns.width, pen);
    let said = Shown::from(said);
    let written = cells(&Shown::from(field.line.text())).saturating_add(1);
    let room = columns.width.saturating_sub(cells(&said) + 1);
    let width = if matches!(field.kind, Kind::Letters(_)) {
        3
    } else if said.is_empty() {
        columns.width
    } else if field.problem.is_some() {
        room.saturating_sub(1).max(8)
    } else if written > room {
        // What was written comes before what is said of it.
        columns.width
    } else {
        room.saturating_sub(1).max(written)
    };
    draw_text(field, focused, (columns.field, y), width, pen);
    let (x, end) = (columns.field + width + 1, columns.field + columns.width);
    if x < end && !said.is_empty() {
        pen.cell((x, y), end - x, said, role);
    }
}

fn cells(text: &Shown) -> u16 {
    u16::try_from(text.width()).unwrap_or(u16::MAX)
}

/// What stands beside a field: what is wrong with it, what it means, where it came from.
fn beside(field: &Field, width: u16, pen: &Pen<'_>) -> (String, Role) {
    let say = pen.look.say;
    if let Some(problem) = field.problem {
        return (say.line(problem), Role::Abnormal);
    }
    if let Some(origin) = field.origin {
        return (
            say.line(match origin {
                Origin::LastPatient => "origin-last-patient",
                Origin::Search => "origin-search",
                Origin::Draft => "origin-draft",
                Origin::Series => "origin-series",
            }),
            Role::Plain,
        );
    }
    let text = field.line.trimmed();
    match field.kind {
        Kind::Letters(letters) => {
            let chosen = letters
                .iter()
                .find(|it| text.eq_ignore_ascii_case(it.letter.encode_utf8(&mut [0; 4])));
            let said = chosen.map(|it| say.line(it.says));
            let all = letters
                .iter()
                .map(|it| format!("{} {}", it.letter, say.line(it.says)));
            let said = said.unwrap_or_else(|| {
                let all = all.collect::<Vec<_>>().join(", ");
                let room = usize::from(width.saturating_sub(4));
                if Shown::from(&all).width() <= room {
                    return all;
                }
                let alone: Vec<String> =
                    letters.iter().map(|it| it.letter.to_string()).collect();
                alone.join(" ")
            });
            (said, Role::Plain)
        }
        Kind::Birth => match parse_birth(text, pen.look.now.day()) {
            Ok(born) => {
                let birth = BirthDate {
                    date: born.date,
                    estimated: born.estimated,
                };
                (
                    format!("= {}", super::person::born(pen, birth)),
                    Role::Plain,
                )
            }
            Err(_) => (String::new(), Role::Plain),
        },
        Kind::Day | Kind::LastDay => match parse_day(text, pen.look.now.day()) {
            Ok(day) => (format!("= {}", say.date(day)), Role::Plain),
            Err(_) => (String::new(), Role::Plain),
        },
        Kind::Found => (of_list(field, pen), Role::Plain),
        Kind::Phone => (say.line("form-phone-none"), Role::Plain),
        Kind::Text | Kind::Listed | Kind::Secret | Kind::Pin(_) => {
            (String::new(), Role::Plain)
        }
    }
}

/// The code of what was taken from a list; of what was typed by hand, that it has none.
fn of_list(field: &Field, pen: &Pen<'_>) -> String {
    if field.line.is_empty() || field.selected().is_some() {
        return String::new();
    }
    let coding = field.taken.as_ref().map(|it| it.coding.as_ref());
    match coding {
        Some(coding) => coding.map_or_else(String::new, |it| it.code.clone()),
        None => pen.say("form-not-coded"),
    }
}

fn draw_choices(field: &Field, columns: Columns, mut y: u16, pen: &mut Pen<'_>) -> u16 {
    for (index, choice) in field.choices().into_iter().enumerate() {
        let selected = field.selected() == Some(index);
        let (mark, role) = if selected {
            ('>', Role::Selected)
        } else {
            (' ', Role::Plain)
        };
        let text = Shown::from(&choice.text);
        let beside = Shown::from(&choice.beside);
        let width = usize::from(columns.width);
        let room = width.saturating_sub(beside.width() + 3);
        let row = format!("{mark} {} {beside}", text.pad(room));
        pen.cell((columns.field, y), columns.width, row, role);
        pen.target_part((columns.field, y), columns.width, (index, selected));
        y += 1;
    }
    y
}
