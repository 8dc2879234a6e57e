//! What leaves the clinic, to whom, and by whose word.

mod guests;
mod meet;
mod proposals;
mod providers;
mod told;

use super::{
    super::{pen::Pen, theme::Role},
    form::{Columns, draw_fields},
};
use crate::{
    app::beyond::{AskFile, State},
    text::Shown,
};

use guests::draw_guests;
use meet::draw_meet;
use proposals::draw_proposals;
use providers::draw_providers;
use told::draw_told;

pub(super) struct BeyondView<'a> {
    pub(super) state: &'a State,
}

/// The column in which the text of a page begins.
const LEFT: u16 = 3;
/// The column in which its fields begin.
const FIELD: u16 = 14;

impl BeyondView<'_> {
    pub(super) fn draw(&self, pen: &mut Pen<'_>) {
        match self.state {
            State::Told(state) => match &state.file {
                Some(file) => draw_file(file, "told-what-file", pen),
                None => draw_told(state, pen),
            },
            State::Providers(state) => draw_providers(state, pen),
            State::Meet(state) => draw_meet(state, pen),
            State::Proposals(state) => draw_proposals(state, pen),
            State::Guests(state) => draw_guests(state, pen),
        }
    }
}

/// Asks for a file.
fn draw_file(file: &AskFile, what: &str, pen: &mut Pen<'_>) {
    pen.put_line(LEFT, 0, file.title, Role::Heading);
    let what = pen.say(what);
    let y = draw_wrapped(&what, (2, Role::Plain), pen) + 1;
    let columns = Columns {
        label: LEFT,
        field: FIELD,
        width: pen.width().saturating_sub(FIELD + LEFT),
    };
    let y = draw_fields(&file.form, 0..1, columns, y, pen);
    if let Some(problem) = &file.problem {
        let said = problem.in_words(pen.look.say);
        draw_wrapped(&said, (y + 1, Role::Abnormal), pen);
    }
}

/// Draws a paragraph; says in which row it ended.
fn draw_wrapped(text: &str, (mut y, role): (u16, Role), pen: &mut Pen<'_>) -> u16 {
    let width = usize::from(pen.width().saturating_sub(2 * LEFT));
    for line in Shown::wrapped(text, width) {
        pen.put(LEFT, y, line, role);
        y += 1;
    }
    y
}
