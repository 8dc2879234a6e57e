//! Meeting a provider of another clinic in one room.

use super::{FIELD, LEFT, draw_wrapped, providers::draw_head};
use crate::{
    app::beyond::{Meet, Provider, meet::Stage},
    tui::{
        pen::Pen,
        theme::Role,
        view::{
            form::{Columns, draw_fields},
            invite::draw_words,
        },
    },
};

pub(super) fn draw_meet(state: &Meet, pen: &mut Pen<'_>) {
    if let Stage::Asking(card) | Stage::Agreed(card) | Stage::Done(card) = &state.stage {
        draw_card(&state.stage, card, pen);
        return;
    }
    let top = u16::from(pen.height() > 14);
    pen.put_line(LEFT, top, "meet-title", Role::Heading);
    let y = top + 2;
    pen.caret(LEFT, y);
    match &state.stage {
        Stage::Begin => {
            for (y, line) in (y..).zip(["meet-what", "", "meet-show", "meet-type"]) {
                if !line.is_empty() {
                    pen.put_line(LEFT, y, line, Role::Plain);
                }
            }
        }
        Stage::Typing(form, problem) => {
            let what = pen.say("meet-words-what");
            let y = draw_wrapped(&what, (y, Role::Plain), pen) + 1;
            let columns = Columns {
                label: LEFT,
                field: FIELD + LEFT,
                width: pen.width().saturating_sub(FIELD + 2 * LEFT),
            };
            let y = draw_fields(form, 0..2, columns, y, pen);
            if let Some(problem) = problem {
                let said = problem.in_words(pen.look.say);
                draw_wrapped(&said, (y + 1, Role::Abnormal), pen);
            }
        }
        Stage::Opening => {
            pen.put_line(LEFT, y, "invite-opening", Role::Plain);
        }
        Stage::Showing(words) => draw_words("meet-words-how", words, y, pen),
        Stage::Looking => {
            pen.put_line(LEFT, y, "join-looking", Role::Plain);
        }
        Stage::Over(said) => {
            let said = said.in_words(pen.look.say);
            let y = draw_wrapped(&said, (y, Role::Plain), pen) + 1;
            draw_wrapped(&pen.say("meet-again"), (y, Role::Plain), pen);
        }
        Stage::Asking(_) | Stage::Agreed(_) | Stage::Done(_) => {}
    }
}

/// The card that came, and what is to be done about it.
fn draw_card(stage: &Stage, card: &Provider, pen: &mut Pen<'_>) {
    let y = draw_head(card, pen) + 1;
    let (says, role) = match stage {
        Stage::Asking(_) => ("meet-check", Role::Ask),
        Stage::Agreed(_) => ("meet-waits", Role::Plain),
        Stage::Done(_) => ("meet-done", Role::Done),
        Stage::Begin
        | Stage::Typing(..)
        | Stage::Opening
        | Stage::Showing(_)
        | Stage::Looking
        | Stage::Over(_) => return,
    };
    let said = pen.say(says);
    draw_wrapped(&said, (y, role), pen);
}
