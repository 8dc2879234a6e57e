//! A file is asked for, into which something is written or from which it is taken.

use crate::app::{
    Cx, Press,
    bundle::Path,
    form::{Event, Field, Form, Kind},
    keymap::Context,
    notice::Said,
};

/// The question for a file.
#[derive(Debug)]
pub struct AskFile {
    /// The sentence that says what for.
    pub title: &'static str,
    /// Its one field.
    pub form: Form,
    /// What is wrong.
    pub problem: Option<Said>,
}

/// What came of a key.
#[derive(Debug)]
pub(super) enum Asked {
    /// Nothing yet.
    Waits,
    /// Nobody wants it any more.
    Left,
    /// This file.
    Given(Path),
}

impl AskFile {
    /// The contexts of the question.
    pub const FORM: &'static [Context] = &[
        Context::BeyondForm,
        Context::Form,
        Context::Text,
        Context::Anywhere,
    ];

    pub(super) fn new(title: &'static str, help: &'static str) -> Self {
        Self {
            title,
            form: Form::new(vec![Field::needed("beyond-file", help, Kind::Text)]),
            problem: None,
        }
    }

    pub(super) fn press(&mut self, press: &Press, cx: &Cx<'_>) -> Asked {
        match self.form.press(press, cx.today(), cx.now.at) {
            Event::Finished => {
                Asked::Given(Path(self.form.text("beyond-file").to_owned()))
            }
            Event::Back => Asked::Left,
            Event::Missing(_) => {
                self.problem = Some(Said::line("form-missing"));
                Asked::Waits
            }
            Event::Changed(_) => {
                self.problem = None;
                Asked::Waits
            }
            Event::Left(_) | Event::Repeat(_) | Event::Nothing => Asked::Waits,
        }
    }
}
