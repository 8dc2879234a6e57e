//! Providers of other clinics by their cards, one of them, and one's own card.

use super::{LEFT, draw_file, draw_wrapped};
use crate::{
    app::beyond::{Own, Provider, Providers, Sure, View},
    tui::{
        pen::Pen,
        theme::Role,
        view::{
            lock::post,
            rows::{draw_rows, draw_title},
        },
    },
};

/// The words stand in columns of this width.
const COLUMN: u16 = 18;
/// Words in a row.
const ACROSS: usize = 4;

pub(super) fn draw_providers(state: &Providers, pen: &mut Pen<'_>) {
    match &state.view {
        View::All => {
            draw_title(&state.cards, "providers-title", pen);
            draw_rows(&state.cards, (2, 1), "providers-none", pen, draw_row);
        }
        View::One => {
            if let Some(it) = state.cards.chosen() {
                draw_one(it, pen);
            }
        }
        View::Own(own) => draw_own(own.as_deref(), pen),
        View::Taking(file) => draw_file(file, "providers-what-take", pen),
        View::Giving(_, file) => draw_file(file, "providers-what-give", pen),
    }
}

fn draw_row(it: &Provider, pen: &mut Pen<'_>) {
    let third = pen.width() / 3;
    pen.cell(
        (3, 0),
        third.saturating_sub(3),
        it.name.as_str(),
        Role::Plain,
    );
    let (says, role) = sure(it);
    let end = pen.right(0, pen.say(says), role);
    let room = end.saturating_sub(third + 2);
    pen.cell((third + 1, 0), room, it.clinic.as_str(), Role::Plain);
}

const fn sure(it: &Provider) -> (&'static str, Role) {
    match (it.replaced, it.sure) {
        (true, _) => ("providers-is-older", Role::Plain),
        (false, Sure::Not) => ("providers-is-not-sure", Role::Ask),
        (false, Sure::Phone) => ("providers-is-phone", Role::Plain),
        (false, Sure::Room) => ("providers-is-room", Role::Plain),
    }
}

fn draw_one(it: &Provider, pen: &mut Pen<'_>) {
    let y = draw_head(it, pen);
    let say = pen.look.say;
    let args = [
        ("by", it.by.clone().into()),
        ("day", say.date(it.at.day()).into()),
    ];
    let (says, role) = match (it.replaced, it.sure) {
        (true, _) => ("providers-says-older", Role::Ask),
        (false, Sure::Not) => ("providers-says-not-sure", Role::Ask),
        (false, Sure::Phone) => ("providers-says-phone", Role::Plain),
        (false, Sure::Room) => ("providers-says-room", Role::Plain),
    };
    let y = draw_wrapped(&say.with(says, &args), (y, role), pen) + 1;
    draw_wrapped(&say.line("providers-own-word"), (y, Role::Plain), pen);
}

fn draw_own(own: Option<&Own>, pen: &mut Pen<'_>) {
    let Some(own) = own else {
        pen.put_line(LEFT, 0, "history-loading", Role::Heading);
        pen.caret(LEFT, 0);
        return;
    };
    let y = draw_head(&own.card, pen);
    let said = pen.say("providers-own-what");
    let y = draw_wrapped(&said, (y, Role::Plain), pen) + 1;
    // Half a card cannot be copied from the screen.
    let room = usize::from(pen.height().saturating_sub(y));
    if own.lines.len() <= room {
        for (y, line) in (y..).zip(&own.lines) {
            pen.put(LEFT, y, line.as_str(), Role::Plain);
        }
    }
}

/// Who it is, the words, and what else stands on the card; says in which row it ended.
pub(super) fn draw_head(it: &Provider, pen: &mut Pen<'_>) -> u16 {
    let say = pen.look.say;
    pen.put(LEFT, 0, it.name.as_str(), Role::Heading);
    let role = say.line(post(it.role));
    pen.put(LEFT, 1, format!("{role}, {}", it.clinic), Role::Plain);
    pen.caret(LEFT, 3);
    let across = usize::from((pen.width().saturating_sub(LEFT) / COLUMN).max(1));
    let mut y = 3;
    for (row, words) in it.words.chunks(across.min(ACROSS)).enumerate() {
        for (x, (n, word)) in (0_u16..).zip(words.iter().enumerate()) {
            let number = row * across.min(ACROSS) + n + 1;
            let x = LEFT + x * COLUMN;
            let end = pen.put(x, y, format!("{number}  "), Role::Plain);
            pen.put(end, y, word.as_str(), Role::Heading);
        }
        y += 1;
    }
    let args = [
        ("day", say.date(it.made.day()).into()),
        ("n", it.machines.into()),
    ];
    draw_wrapped(
        &say.with("providers-made", &args),
        (y + 1, Role::Plain),
        pen,
    )
}
