//! Joining a clinic that is on another machine already: its eight words, its address, and
//! what this machine is to be called.

use std::fmt;

use crate::{
    app::{
        Cx, Effect as Ask, Line, Press, Secret, Step,
        form::{Event, Field, Form, Kind},
        notice::{Said, Trouble},
        start,
    },
    sync::pair::{NotWords, PairWords, WORDS_COUNT, Why, word_begun},
};

/// What is typed, and how far the joining is.
#[derive(Debug)]
pub struct Join {
    /// Words, address, name.
    pub form: Form,
    /// How far it is; none while it is typed.
    pub stage: Option<Stage>,
    asked: u32,
}

/// How far a joining is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stage {
    /// The other machine is looked for.
    Looking,
    /// Its owner is asked.
    Asking,
    /// What this machine needs to begin is being kept.
    Keeping,
}

/// What stands in the place of one word.
#[derive(Clone, PartialEq, Eq)]
pub enum Slot {
    /// This word.
    Word(&'static str),
    /// So many letters, which may become one.
    Begun(String),
    /// Letters that begin no word.
    Unknown(String),
}

/// What is asked of the shell.
#[derive(Debug)]
pub enum Effect {
    /// Join the clinic of these words.
    Join {
        /// The request's number.
        request: u32,
        /// The words, as typed.
        words: Secret,
        /// Where the other machine is; empty where it is looked for.
        address: String,
        /// What this machine is to be called.
        name: String,
    },
    /// Do not, after all.
    Stop,
}

/// What the shell tells.
#[derive(Debug)]
pub struct Answer {
    /// The request's number.
    pub request: u32,
    /// What happened.
    pub news: News,
}

/// What happened in a joining.
#[derive(Debug)]
pub enum News {
    /// It is so far.
    Stage(Stage),
    /// This machine belongs to the clinic of this name.
    Joined(Clinic),
    /// Nobody answers at that address.
    NoAnswer,
    /// What was typed is no address.
    NoAddress,
    /// Nothing came of it.
    Ended(Why),
    /// It could not be tried.
    Failed(Trouble),
}

/// What a clinic is called.
#[derive(Clone, PartialEq, Eq)]
pub struct Clinic(pub String);

/// What a press or news did to a joining.
#[derive(Debug)]
pub(super) enum Turn {
    /// Nothing that others need to know.
    Stay,
    /// Something is wrong.
    Problem(Said),
    /// What was wrong is being put right.
    Typed,
    /// The person wants out.
    Back,
    /// It goes on, with these steps.
    On(Vec<Step>),
}

/// The words that a line begins with, at most as many as there are.
pub fn slots(line: &Line) -> Vec<Slot> {
    let typed = line.text().to_lowercase();
    let ended = !typed.ends_with(char::is_alphabetic);
    let words: Vec<&str> = typed
        .split(|it: char| !it.is_alphabetic())
        .filter(|it| !it.is_empty())
        .collect();
    let last = words.len().saturating_sub(1);
    let slot = |(place, letters): (usize, &&str)| match word_begun(letters) {
        Some(word) => Slot::Word(word),
        None if place == last && !ended => Slot::Begun((*letters).to_owned()),
        None => Slot::Unknown((*letters).to_owned()),
    };
    let all = words.iter().enumerate().map(slot);
    all.take(WORDS_COUNT).collect()
}

impl Join {
    /// Nothing typed.
    pub fn new() -> Self {
        Self {
            form: Form::new(vec![
                Field::needed("join-words", "join-words-help", Kind::Text),
                Field::optional("join-address", "join-address-help", Kind::Text),
                Field::needed("join-name", "join-name-help", Kind::Text),
            ]),
            stage: None,
            asked: 0,
        }
    }

    /// The words that are typed.
    pub fn slots(&self) -> Vec<Slot> {
        let words = self.form.field("join-words");
        words.map_or_else(Vec::new, |it| slots(&it.line))
    }

    pub(super) fn press(&mut self, press: &Press, cx: &mut Cx<'_>) -> Turn {
        if self.stage.is_some() {
            // What is being kept is kept whole or not at all.
            if *press != Press::Back || self.stage == Some(Stage::Keeping) {
                return Turn::Stay;
            }
            self.stage = None;
            self.asked = 0;
            return Turn::On(vec![ask(Effect::Stop)]);
        }
        match self.form.press(press, cx.today(), cx.now.at) {
            Event::Changed(_) => Turn::Typed,
            Event::Finished => self.finish(cx),
            Event::Missing(_) => Turn::Problem(Said::line("form-missing")),
            Event::Back => Turn::Back,
            Event::Left(_) | Event::Repeat(_) | Event::Nothing => Turn::Stay,
        }
    }

    pub(super) fn answered(&mut self, answer: Answer) -> Turn {
        if answer.request != self.asked {
            return Turn::Stay;
        }
        let said = match answer.news {
            News::Stage(stage) => {
                self.stage = Some(stage);
                return Turn::Stay;
            }
            News::Joined(clinic) => return Turn::On(vec![Step::Joined(clinic)]),
            News::NoAnswer => Said::line("join-no-answer"),
            News::NoAddress => {
                self.form.go_to("join-address");
                Said::line("join-no-address")
            }
            News::Ended(why) => {
                if why == Why::WrongWords {
                    self.form.go_to("join-words");
                }
                Said::line(says(why))
            }
            News::Failed(trouble) => trouble.said(),
        };
        self.stage = None;
        Turn::Problem(said)
    }

    fn finish(&mut self, cx: &mut Cx<'_>) -> Turn {
        let words = self.form.text("join-words");
        if let Err(wrong) = words.parse::<PairWords>() {
            self.form.go_to("join-words");
            return Turn::Problem(not_words(wrong));
        }
        self.asked = cx.request();
        self.stage = Some(Stage::Looking);
        Turn::On(vec![ask(Effect::Join {
            request: self.asked,
            words: Secret::from(words),
            address: self.form.text("join-address").to_owned(),
            name: self.form.text("join-name").to_owned(),
        })])
    }
}

impl Default for Join {
    fn default() -> Self {
        Self::new()
    }
}

const fn ask(effect: Effect) -> Step {
    Step::Ask(Ask::Start(start::Effect::Join(effect)))
}

pub(in crate::app) fn not_words(wrong: NotWords) -> Said {
    let (id, n) = match wrong {
        NotWords::Count { found, .. } => ("join-count", found),
        NotWords::Unknown { place } => ("join-unknown", place),
    };
    Said::with(id, [("n", n.into())])
}

/// The sentence that says why nothing came of a joining, at the machine that joins.
const fn says(why: Why) -> &'static str {
    match why {
        Why::WrongWords => "join-wrong-words",
        Why::TooManyTries => "join-too-many",
        Why::Expired => "join-expired",
        Why::Declined => "join-declined",
        Why::Torn | Why::Unconfirmed => "join-torn",
        Why::Nonsense | Why::SameClinic => "join-nonsense",
        Why::Crossed => "join-crossed",
        Why::NotKept => "join-not-kept",
    }
}

impl fmt::Debug for Slot {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Slot(…)")
    }
}

impl fmt::Debug for Clinic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Clinic(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(typed: &str, expected: &[Slot]) {
        assert!(slots(&Line::of(typed)) == expected, "for {typed:?}");
    }

    #[test]
    fn four_letters_are_a_word_and_fewer_may_become_one() {
        let begun = |it: &str| Slot::Begun(it.to_owned());
        let unknown = |it: &str| Slot::Unknown(it.to_owned());
        check("", &[]);
        check("aban", &[Slot::Word("abandon")]);
        check("ABANDON zoo", &[Slot::Word("abandon"), Slot::Word("zoo")]);
        check("aban abi", &[Slot::Word("abandon"), begun("abi")]);
        check("abi zoo", &[unknown("abi"), Slot::Word("zoo")]);
        check("xqzw ", &[unknown("xqzw")]);
        assert_eq!(slots(&Line::of("zoo ".repeat(12))).len(), WORDS_COUNT);
    }
}
