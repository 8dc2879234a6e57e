//! Joining a clinic that is on another machine: the words as they are understood, the
//! address, the name, and how far it is.

use super::{Columns, LEFT, Pen, Role, Shown, draw_fields, draw_wrapped};
use crate::{
    app::start::join::{Join, Slot, Stage},
    sync::pair::WORDS_COUNT,
};

/// The words stand in so many columns.
const ACROSS: u16 = 4;

/// Draws; says in which row it ended.
pub(super) fn draw(join: &Join, pen: &mut Pen<'_>) -> u16 {
    if let Some(stage) = join.stage {
        let y = draw_wrapped(says(stage), 4, pen);
        pen.caret(LEFT, 4);
        return y;
    }
    let mut y = draw_wrapped("join-what", 4, pen) + 1;
    let columns = Columns {
        label: LEFT,
        field: 26,
        width: pen.width().saturating_sub(26 + LEFT).min(50),
    };
    y = draw_fields(&join.form, 0..1, columns, y, pen);
    y = draw_slots(&join.slots(), y, pen) + 1;
    draw_fields(&join.form, 1..3, columns, y, pen)
}

/// The eight words by their numbers; a word that is in no list is marked.
fn draw_slots(slots: &[Slot], y: u16, pen: &mut Pen<'_>) -> u16 {
    let column = pen.width().saturating_sub(2 * LEFT) / ACROSS;
    let places = u16::try_from(WORDS_COUNT).unwrap_or(0);
    for (place, index) in (0..places).zip(0..) {
        let (x, y) = (LEFT + place % ACROSS * column, y + place / ACROSS);
        let (text, role) = match slots.get(index) {
            None => (String::new(), Role::Plain),
            Some(Slot::Word(word)) => ((*word).to_owned(), Role::Heading),
            Some(Slot::Begun(letters)) => (format!("{letters}…"), Role::Plain),
            Some(Slot::Unknown(letters)) => (format!("{letters} ?"), Role::Abnormal),
        };
        pen.put(x, y, (place + 1).to_string(), Role::Plain);
        let room = usize::from(column.saturating_sub(3));
        pen.put(x + 2, y, Shown::from(text).fit(room), role);
    }
    y + places.div_ceil(ACROSS)
}

const fn says(stage: Stage) -> &'static str {
    match stage {
        Stage::Looking => "join-looking",
        Stage::Asking => "join-asking",
        Stage::Keeping => "join-keeping",
    }
}
