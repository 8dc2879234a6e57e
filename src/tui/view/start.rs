//! The first start.

mod join;

use super::{
    super::{pen::Pen, theme::Role},
    form::{Columns, draw_fields},
};
use crate::{
    app::{
        keymap,
        start::{Action, Page, State, Strength},
    },
    say::Lang,
    text::Shown,
};

pub(super) struct StartView<'a> {
    pub(super) state: &'a State,
}

/// The column in which everything begins.
const LEFT: u16 = 3;
/// The paper words stand in columns of this width.
const WORD_COLUMN: u16 = 18;

impl StartView<'_> {
    pub(super) fn draw(&self, pen: &mut Pen<'_>) {
        pen.tint(0, Role::Title);
        pen.put(1, 0, "Cairn", Role::Title);
        let step = match self.state.page {
            Page::Language | Page::Begin => "start-title",
            Page::Clinic => "start-title-clinic",
            Page::Words => "start-title-words",
            Page::TypeBack => "start-title-back",
            Page::Making => "start-title-making",
            Page::Join => "join-title",
        };
        pen.put_line(LEFT, 2, step, Role::Heading);
        match self.state.page {
            Page::Language => self.draw_languages(pen),
            Page::Begin => self.draw_begin(pen),
            Page::Clinic => self.draw_form(pen),
            Page::Words => self.draw_words(pen),
            Page::TypeBack => self.draw_back(pen),
            Page::Making => {
                pen.put_line(LEFT, 4, "start-making", Role::Plain);
                pen.caret(LEFT, 4);
            }
            Page::Join => {
                let y = join::draw(&self.state.join, pen);
                self.draw_problem(y + 1, pen);
            }
        }
    }

    fn draw_languages(&self, pen: &mut Pen<'_>) {
        for (y, lang) in (0_u16..).zip(Lang::ALL) {
            self.draw_choice(usize::from(y), y + 4, lang.own_name().to_owned(), pen);
        }
    }

    fn draw_begin(&self, pen: &mut Pen<'_>) {
        let create = pen.say("start-create");
        self.draw_choice(0, 4, create, pen);
        draw_wrapped("start-create-more", 5, pen);
        let demo = pen.say("start-demo");
        self.draw_choice(1, 8, demo, pen);
        draw_wrapped("start-demo-more", 9, pen);
        let join = pen.say("start-join");
        self.draw_choice(2, 12, join, pen);
        let y = draw_wrapped("start-join-more", 13, pen);
        self.draw_problem(y + 1, pen);
    }

    fn draw_choice(&self, index: usize, y: u16, text: String, pen: &mut Pen<'_>) {
        let selected = self.state.selected.0 == index;
        let (mark, role) = if selected {
            ('>', Role::Selected)
        } else {
            (' ', Role::Plain)
        };
        let row = format!("{mark} {} {text}", index + 1);
        let width = pen.width().saturating_sub(2 * LEFT);
        pen.cell((LEFT, y), width, row, role);
        if let Ok(number) = u8::try_from(index + 1) {
            let action = keymap::Action::Start(Action::Choose(number));
            pen.target((LEFT, y), width, action);
        }
        if selected {
            pen.caret(LEFT, y);
        }
    }

    fn draw_form(&self, pen: &mut Pen<'_>) {
        let columns = Columns {
            label: LEFT,
            field: 26,
            width: pen.width().saturating_sub(26 + LEFT).min(50),
        };
        let form = &self.state.form;
        let y = draw_fields(form, 0..2, columns, 4, pen);
        let y = draw_fields(form, 2..4, columns, y + 1, pen);
        let worth = self
            .state
            .strength
            .filter(|_| !form.text("start-passphrase").is_empty());
        if let Some(worth) = worth {
            let (said, role) = strength(worth, pen);
            pen.put(columns.field, y, said, role);
        }
        let y = draw_fields(form, 4..6, columns, y + 2, pen);
        if let Some(suggestion) = &self.state.suggestion {
            let args = [("words", suggestion.as_str().into())];
            let said = pen.look.say.with("start-suggestion", &args);
            pen.put(LEFT, y + 1, said, Role::Plain);
        }
        self.draw_problem(y + 2, pen);
    }

    fn draw_words(&self, pen: &mut Pen<'_>) {
        let y = draw_wrapped("start-words-why", 4, pen);
        let Some(words) = &self.state.words else {
            return;
        };
        let columns = (pen.width().saturating_sub(LEFT) / WORD_COLUMN).max(1);
        for (index, word) in (0_u16..).zip(words.all.as_str().split(' ')) {
            let (x, row) = (
                LEFT + index % columns * WORD_COLUMN,
                y + 1 + index / columns,
            );
            let number = Shown::from((index + 1).to_string()).pad_left(2);
            pen.put(x, row, format!("{number} {word}"), Role::Heading);
        }
        pen.caret(LEFT, y + 1);
    }

    fn draw_back(&self, pen: &mut Pen<'_>) {
        let mut y = draw_wrapped("start-back-why", 4, pen) + 1;
        let places = self.state.words.as_ref().map_or([0; 3], |it| it.ask);
        for (index, (field, place)) in
            self.state.back.fields.iter().zip(places).enumerate()
        {
            let label = pen.look.say.with(field.name, &[("n", place.into())]);
            pen.cell((LEFT, y), 22, label, Role::Plain);
            let focused = self.state.back.at == index;
            super::form::draw_text(field, focused, (26, y), 20, pen);
            y += 1;
        }
        self.draw_problem(y + 1, pen);
    }

    fn draw_problem(&self, y: u16, pen: &mut Pen<'_>) {
        if let Some(problem) = &self.state.problem {
            let width = usize::from(pen.width().saturating_sub(2 * LEFT));
            let said = problem.in_words(pen.look.say);
            for (y, line) in (y..).zip(Shown::wrapped(&said, width)) {
                pen.put(LEFT, y, line, Role::Abnormal);
            }
        }
    }
}

/// Draws a paragraph; says in which row it ended.
fn draw_wrapped(id: &str, mut y: u16, pen: &mut Pen<'_>) -> u16 {
    let width = usize::from(pen.width().saturating_sub(2 * LEFT + 4));
    for line in Shown::wrapped(&pen.say(id), width) {
        pen.put(LEFT + 4, y, line, Role::Plain);
        y += 1;
    }
    y
}

fn strength(worth: Strength, pen: &Pen<'_>) -> (String, Role) {
    if worth.enough {
        (pen.say("start-strong"), Role::Done)
    } else {
        let percent = usize::from(worth.percent);
        let said = pen
            .look
            .say
            .with("start-weak-percent", &[("n", percent.into())]);
        (said, Role::Abnormal)
    }
}
