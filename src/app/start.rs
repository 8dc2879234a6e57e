//! The first start: the language, then a new clinic with its first person and its paper
//! words, or the demo clinic, or a clinic that is on another machine already.

pub mod join;
mod keys;
mod paper;

use std::fmt;

use join::{Join, Turn};
pub use keys::KEYS;

use super::{
    Cx, Effect as Ask, Press, Secret, Selected, Step, desk,
    form::{Event, Field, Form, Kind},
    keymap::Context,
    lock::PIN_DIGITS,
    notice::{Said, Trouble},
};
use crate::say::Lang;

/// The first start.
#[derive(Debug)]
pub struct State {
    /// The page in front.
    pub page: Page,
    /// The selected line of a page with lines to choose from.
    pub selected: Selected,
    /// Clinic, person, passphrase and PIN.
    pub form: Form,
    /// The three words typed back.
    pub back: Form,
    /// What the passphrase is worth.
    pub strength: Option<Strength>,
    /// A passphrase that is offered.
    pub suggestion: Option<Secret>,
    /// The paper words.
    pub words: Option<Words>,
    /// Joining a clinic that is on another machine.
    pub join: Join,
    /// What is wrong.
    pub problem: Option<Said>,
    asked: u32,
    /// Whether the form was finished before its passphrase was judged.
    finishing: bool,
}

/// A page of the first start.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Page {
    /// Which language?
    Language,
    /// A new clinic, the demo, or one that is on another machine?
    Begin,
    /// Clinic, person, passphrase and PIN.
    Clinic,
    /// The words to write on paper.
    Words,
    /// Three of the words, typed back.
    TypeBack,
    /// The clinic is being made.
    Making,
    /// The words and the address of another machine.
    Join,
}

/// What a passphrase is worth.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Strength {
    /// Whether it is enough.
    pub enough: bool,
    /// Roughly how much of what is needed, in percent, at most 100.
    pub percent: u8,
    /// Whether the PIN is one that everybody tries first.
    pub plain_pin: bool,
}

/// The paper words.
pub struct Words {
    /// All of them, in their order, separated by spaces.
    pub all: Secret,
    /// The places, from 1, of those that must be typed back.
    pub ask: [usize; 3],
}

/// What a key may ask of the first start.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Action {
    /// Take the line of this number.
    Choose(u8),
    /// Put the suggested passphrase into the form.
    Suggest,
    /// The words are on paper.
    Written,
    /// Show the words again.
    ShowAgain,
}

/// What the first start asks of the shell.
#[derive(Debug)]
pub enum Effect {
    /// Offer a passphrase.
    Suggest,
    /// What are these worth?
    Judge {
        /// The request's number.
        request: u32,
        /// The passphrase.
        passphrase: Secret,
        /// The PIN.
        pin: Secret,
    },
    /// Draw the paper words. Nothing is written yet.
    DrawWords,
    /// Make the clinic of those words, and sign its owner in.
    Create {
        /// The clinic's name.
        clinic: String,
        /// What this machine is called.
        machine: String,
        /// The owner's name.
        owner: String,
        /// The owner's passphrase.
        passphrase: Secret,
        /// The owner's PIN.
        pin: Secret,
        /// The paper words.
        words: Secret,
    },
    /// Make the demo clinic, and sign in to it.
    Demo,
    /// Of joining.
    Join(join::Effect),
}

/// What the shell answers.
#[derive(Debug)]
pub enum Answer {
    /// A passphrase that is offered.
    Suggested(Secret),
    /// What they are worth.
    Judged {
        /// The request's number.
        request: u32,
        /// The worth.
        strength: Strength,
    },
    /// The paper words.
    Words(Words),
    /// The clinic is there and its owner signed in.
    Made(Box<desk::Entering>),
    /// The clinic could not be made. Nothing is left of it.
    Failed(Trouble),
    /// Of joining.
    Join(join::Answer),
}

impl Default for State {
    fn default() -> Self {
        Self::new()
    }
}

impl State {
    /// The first page.
    pub fn new() -> Self {
        let pin = Kind::Pin(PIN_DIGITS);
        Self {
            page: Page::Language,
            selected: Selected::default(),
            form: Form::new(vec![
                Field::needed("start-clinic", "start-clinic-help", Kind::Text),
                Field::needed("start-name", "start-name-help", Kind::Text),
                Field::needed("start-passphrase", "start-passphrase-help", Kind::Secret),
                Field::needed("start-passphrase-again", "start-again-help", Kind::Secret),
                Field::needed("start-pin", "start-pin-help", pin),
                Field::needed("start-pin-again", "start-again-help", pin),
            ]),
            back: Form::new(vec![
                Field::needed("start-word-a", "start-word-help", Kind::Text),
                Field::needed("start-word-b", "start-word-help", Kind::Text),
                Field::needed("start-word-c", "start-word-help", Kind::Text),
            ]),
            strength: None,
            suggestion: None,
            words: None,
            join: Join::new(),
            problem: None,
            asked: 0,
            finishing: false,
        }
    }

    /// The contexts of a page with lines to choose from.
    pub const LIST: &'static [Context] = &[Context::StartList, Context::Start];
    /// The contexts of the form.
    pub const FORM: &'static [Context] = &[
        Context::StartForm,
        Context::Form,
        Context::Text,
        Context::Start,
    ];
    /// The contexts of the words.
    pub const WORDS: &'static [Context] = &[Context::StartWords, Context::Start];
    /// The contexts of the words typed back.
    pub const BACK: &'static [Context] = &[
        Context::StartBack,
        Context::Form,
        Context::Text,
        Context::Start,
    ];

    /// The contexts of joining.
    pub const JOIN: &'static [Context] = &[
        Context::StartJoin,
        Context::Form,
        Context::Text,
        Context::Start,
    ];

    /// Where keys mean something.
    pub const fn contexts(&self) -> &'static [Context] {
        match self.page {
            Page::Language | Page::Begin => Self::LIST,
            Page::Clinic => Self::FORM,
            Page::Words => Self::WORDS,
            Page::TypeBack => Self::BACK,
            Page::Join if self.join.stage.is_none() => Self::JOIN,
            Page::Making | Page::Join => &[Context::Start],
        }
    }

    /// The form of the page in front, or the one that was in front last.
    pub const fn front_form(&self) -> &Form {
        match self.page {
            Page::TypeBack => &self.back,
            Page::Join => &self.join.form,
            Page::Language | Page::Begin | Page::Clinic | Page::Words | Page::Making => {
                &self.form
            }
        }
    }

    /// Does what a key asks of any screen.
    pub fn press(&mut self, press: &Press, cx: &mut Cx<'_>) -> Vec<Step> {
        match self.page {
            Page::Language | Page::Begin => return self.in_list(press),
            Page::Clinic => {
                let event = self.form.press(press, cx.today(), cx.now.at);
                return self.in_form(event, cx);
            }
            Page::TypeBack => {
                let event = self.back.press(press, cx.today(), cx.now.at);
                return self.in_back(event, cx);
            }
            Page::Join => {
                let turn = self.join.press(press, cx);
                return self.turned(turn);
            }
            Page::Words if *press == Press::Back => self.turn_to(Page::Clinic),
            Page::Words | Page::Making => {}
        }
        Vec::new()
    }

    /// Does what a key of the first start asks.
    pub fn act(&mut self, action: Action, cx: &mut Cx<'_>) -> Vec<Step> {
        match action {
            Action::Choose(number) => {
                let index = usize::from(number).saturating_sub(1);
                if index < self.lines() {
                    self.selected = Selected(index);
                    return self.choose();
                }
            }
            Action::Suggest => return self.take_suggestion(cx),
            Action::Written => {
                for field in &mut self.back.fields {
                    field.line.clear();
                }
                self.back.at = 0;
                self.turn_to(Page::TypeBack);
            }
            Action::ShowAgain => self.turn_to(Page::Words),
        }
        Vec::new()
    }

    /// Takes an answer.
    pub fn answered(&mut self, answer: Answer) -> Vec<Step> {
        match answer {
            Answer::Suggested(suggestion) => self.suggestion = Some(suggestion),
            Answer::Judged { request, strength } => {
                if request == self.asked {
                    self.strength = Some(strength);
                    if std::mem::take(&mut self.finishing) {
                        return self.finish_form();
                    }
                }
            }
            Answer::Words(words) => {
                self.words = Some(words);
                self.turn_to(Page::Words);
            }
            Answer::Made(entering) => return vec![Step::Enter(entering)],
            Answer::Failed(trouble) => {
                self.turn_to(Page::Begin);
                self.problem = Some(trouble.said());
            }
            Answer::Join(answer) => {
                let turn = self.join.answered(answer);
                return self.turned(turn);
            }
        }
        Vec::new()
    }

    fn turned(&mut self, turn: Turn) -> Vec<Step> {
        match turn {
            Turn::Stay => return Vec::new(),
            Turn::Problem(said) => self.problem = Some(said),
            Turn::Typed => self.problem = None,
            Turn::Back => self.turn_to(Page::Begin),
            Turn::On(steps) => {
                self.problem = None;
                return steps;
            }
        }
        Vec::new()
    }

    fn in_list(&mut self, press: &Press) -> Vec<Step> {
        if let Press::Move(to) = press {
            self.selected.moved(*to, self.lines(), 3);
        }
        if *press == Press::Accept {
            return self.choose();
        }
        if *press == Press::Back && self.page == Page::Begin {
            self.turn_to(Page::Language);
        }
        Vec::new()
    }

    /// The lines of the page in front.
    const fn lines(&self) -> usize {
        match self.page {
            Page::Language => Lang::ALL.len(),
            Page::Begin => 3,
            Page::Clinic | Page::Words | Page::TypeBack | Page::Making | Page::Join => 0,
        }
    }

    fn choose(&mut self) -> Vec<Step> {
        match (self.page, self.selected.0) {
            (Page::Language, index) => {
                let lang = Lang::ALL.get(index).copied().unwrap_or_default();
                self.turn_to(Page::Begin);
                vec![Step::Speak(lang)]
            }
            (Page::Begin, 0) => {
                self.turn_to(Page::Clinic);
                vec![Step::Ask(Ask::Start(Effect::Suggest))]
            }
            (Page::Begin, 2) => {
                self.turn_to(Page::Join);
                Vec::new()
            }
            (Page::Begin, _) => {
                self.turn_to(Page::Making);
                vec![Step::Ask(Ask::Start(Effect::Demo))]
            }
            _ => Vec::new(),
        }
    }

    fn turn_to(&mut self, page: Page) {
        self.page = page;
        self.selected = Selected::default();
        self.problem = None;
    }

    fn in_form(&mut self, event: Event, cx: &mut Cx<'_>) -> Vec<Step> {
        match event {
            Event::Changed(_) => {
                self.problem = None;
                self.finishing = false;
                self.judge(cx)
            }
            Event::Finished => self.finish_form(),
            Event::Missing(_) => {
                self.problem = Some(Said::line("form-missing"));
                Vec::new()
            }
            Event::Back => {
                self.turn_to(Page::Begin);
                Vec::new()
            }
            Event::Left(_) | Event::Repeat(_) | Event::Nothing => Vec::new(),
        }
    }

    fn judge(&mut self, cx: &mut Cx<'_>) -> Vec<Step> {
        let secret = |name| self.form.field(name).map(|it| it.line.secret());
        let Some((passphrase, pin)) = secret("start-passphrase").zip(secret("start-pin"))
        else {
            return Vec::new();
        };
        self.strength = None;
        self.asked = cx.request();
        vec![Step::Ask(Ask::Start(Effect::Judge {
            request: self.asked,
            passphrase,
            pin,
        }))]
    }

    fn finish_form(&mut self) -> Vec<Step> {
        let text = |name| self.form.field(name).map_or("", |it| it.line.text());
        let same = |one, other| text(one) == text(other);
        let Some(strength) = self.strength else {
            self.finishing = true;
            return Vec::new();
        };
        let wrong = if !strength.enough {
            Some(("start-passphrase", "start-weak"))
        } else if !same("start-passphrase", "start-passphrase-again") {
            Some(("start-passphrase-again", "form-not-the-same"))
        } else if strength.plain_pin {
            Some(("start-pin", "lock-pin-plain"))
        } else if !same("start-pin", "start-pin-again") {
            Some(("start-pin-again", "form-not-the-same"))
        } else {
            None
        };
        let Some((field, problem)) = wrong else {
            return vec![Step::Ask(Ask::Start(Effect::DrawWords))];
        };
        self.form.go_to(field);
        self.problem = Some(Said::line(problem));
        Vec::new()
    }

    fn take_suggestion(&mut self, cx: &mut Cx<'_>) -> Vec<Step> {
        let Some(suggestion) = &self.suggestion else {
            return Vec::new();
        };
        if let Some(field) = self.form.field_mut("start-passphrase") {
            field.line.set(suggestion.as_str());
        }
        self.form.go_to("start-passphrase-again");
        self.judge(cx)
    }
}

impl fmt::Debug for Words {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Words(…)")
    }
}

#[cfg(test)]
mod tests;
