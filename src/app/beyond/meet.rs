//! Meeting a provider of another clinic in one room: one machine shows eight words, which are
//! typed at the other; then each person sees whose card came and says yes or no.

use super::{Asks, Provider, ask};
use crate::{
    app::{
        Cx, Press, Secret, Step,
        form::{Event, Field, Form, Kind},
        invite::Words,
        keymap::Context,
        notice::{Notice, Said, Trouble},
        start::join::not_words,
    },
    sync::pair::{PairWords, Why},
    time::Timestamp,
};

/// A meeting.
#[derive(Debug)]
pub struct State {
    /// How far it is.
    pub stage: Stage,
    asked: u32,
}

/// How far a meeting is.
#[derive(Debug)]
pub enum Stage {
    /// Nobody has chosen which machine shows the words.
    Begin,
    /// The words of the other machine are typed; and what is wrong with them.
    Typing(Form, Option<Said>),
    /// The words are being drawn.
    Opening,
    /// They are shown, and nobody has come.
    Showing(Words),
    /// The machine that shows the words is looked for.
    Looking,
    /// This card came.
    Asking(Box<Provider>),
    /// The person here said yes to it.
    Agreed(Box<Provider>),
    /// Both did, and it is kept.
    Done(Box<Provider>),
    /// Nothing came of it.
    Over(Said),
}

/// What a key may ask of a meeting.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Action {
    /// Show words here.
    Show,
    /// Type the words of the other machine.
    Type,
    /// The card that came is that of the person in the room, or it is not.
    Answer(bool),
}

/// What a meeting asks of the shell.
#[derive(Debug)]
pub enum Wish {
    /// Draw words and wait for who types them.
    Show,
    /// Look for the machine that shows these words.
    Look {
        /// The words, as typed.
        words: Secret,
        /// Where it is; empty where it is looked for.
        address: String,
    },
    /// Keep the card that came, or do not.
    Answer(bool),
    /// Nobody waits for it any more.
    Stop,
}

/// What happened in a meeting.
#[derive(Debug)]
pub enum Met {
    /// These are the words.
    Words(Words),
    /// Wrong ones were tried; so many tries are left.
    Tries(usize),
    /// This card came.
    Came(Box<Provider>),
    /// It is kept, and so is the own one there.
    Kept,
    /// What was typed is no address.
    NoAddress,
    /// Nobody answers there.
    NoAnswer,
    /// Nothing came of it.
    Ended(Why),
    /// It could not be tried.
    Failed(Trouble),
}

/// What the shell tells.
#[derive(Debug)]
pub struct Answer {
    /// The request's number.
    pub request: u32,
    /// What happened.
    pub met: Met,
}

impl Met {
    /// Whether nothing comes after it.
    pub const fn is_over(&self) -> bool {
        match self {
            Self::Words(_) | Self::Tries(_) | Self::Came(_) => false,
            Self::Kept
            | Self::NoAddress
            | Self::NoAnswer
            | Self::Ended(_)
            | Self::Failed(_) => true,
        }
    }
}

impl State {
    /// Nothing chosen.
    pub const fn open() -> Self {
        Self {
            stage: Stage::Begin,
            asked: 0,
        }
    }

    /// The contexts before it and after it.
    pub const BEGIN: &'static [Context] =
        &[Context::Meet, Context::Anywhere, Context::Outside];
    /// The contexts while the words are typed.
    pub const TYPING: &'static [Context] = &[
        Context::BeyondForm,
        Context::Form,
        Context::Text,
        Context::Anywhere,
    ];
    /// The contexts while the other person is waited for.
    pub const WAIT: &'static [Context] = &[Context::Anywhere, Context::Outside];
    /// The contexts at the question whether the card is theirs.
    pub const ASK: &'static [Context] =
        &[Context::MeetAsk, Context::Anywhere, Context::Outside];

    /// Where keys mean something.
    pub const fn contexts(&self) -> &'static [Context] {
        match self.stage {
            Stage::Begin | Stage::Done(_) | Stage::Over(_) => Self::BEGIN,
            Stage::Typing(..) => Self::TYPING,
            Stage::Opening | Stage::Showing(_) | Stage::Looking | Stage::Agreed(_) => {
                Self::WAIT
            }
            Stage::Asking(_) => Self::ASK,
        }
    }

    /// The form that has the caret.
    pub(super) const fn form(&self) -> Option<&Form> {
        if let Stage::Typing(form, _) = &self.stage {
            Some(form)
        } else {
            None
        }
    }

    /// Until when the machine stays unlocked without a key: the words are read aloud.
    pub const fn awake_until(&self) -> Option<Timestamp> {
        if let Stage::Showing(words) = &self.stage {
            Some(words.until)
        } else {
            None
        }
    }

    /// Ends what nobody waits for any more.
    pub fn leave(&mut self) -> Vec<Step> {
        let waits = matches!(
            self.stage,
            Stage::Opening
                | Stage::Showing(_)
                | Stage::Looking
                | Stage::Asking(_)
                | Stage::Agreed(_)
        );
        self.stage = Stage::Begin;
        let stop = ask(self.asked, Asks::Meet(Wish::Stop));
        waits.then_some(stop).into_iter().collect()
    }

    /// Does what a key asks of any screen.
    pub(super) fn press(&mut self, press: &Press, cx: &mut Cx<'_>) -> Vec<Step> {
        if let Stage::Typing(form, problem) = &mut self.stage {
            match form.press(press, cx.today(), cx.now.at) {
                Event::Finished => return self.look(cx),
                Event::Back => self.stage = Stage::Begin,
                Event::Missing(_) => *problem = Some(Said::line("form-missing")),
                Event::Changed(_) => *problem = None,
                Event::Left(_) | Event::Repeat(_) | Event::Nothing => {}
            }
            return Vec::new();
        }
        if *press != Press::Back {
            return Vec::new();
        }
        let mut steps = self.leave();
        steps.push(Step::Back);
        steps
    }

    /// Does what a key of this screen asks.
    pub(super) fn act(&mut self, action: Action, cx: &mut Cx<'_>) -> Vec<Step> {
        match action {
            Action::Show => {
                self.stage = Stage::Opening;
                self.asked = cx.request();
                vec![ask(self.asked, Asks::Meet(Wish::Show))]
            }
            Action::Type => {
                self.stage = Stage::Typing(form(), None);
                Vec::new()
            }
            Action::Answer(yes) => {
                let stage = std::mem::replace(&mut self.stage, Stage::Begin);
                let Stage::Asking(card) = stage else {
                    self.stage = stage;
                    return Vec::new();
                };
                self.stage = if yes {
                    Stage::Agreed(card)
                } else {
                    Stage::Over(Said::line("meet-declined"))
                };
                vec![ask(self.asked, Asks::Meet(Wish::Answer(yes)))]
            }
        }
    }

    /// Takes news.
    pub fn answered(&mut self, answer: Answer) -> Vec<Step> {
        if answer.request != self.asked || matches!(self.stage, Stage::Over(_)) {
            return Vec::new();
        }
        match answer.met {
            Met::Words(words) => self.stage = Stage::Showing(words),
            Met::Tries(left) => {
                if let Stage::Showing(words) = &mut self.stage {
                    words.tries = left;
                }
            }
            Met::Came(card) => {
                self.stage = Stage::Asking(card);
                return vec![Step::Say(Notice::plain(Said::line("meet-came")))];
            }
            Met::Kept => {
                let stage = std::mem::replace(&mut self.stage, Stage::Begin);
                if let Stage::Agreed(card) = stage {
                    self.stage = Stage::Done(card);
                }
            }
            Met::NoAddress => self.wrong("join-address", "join-no-address"),
            Met::NoAnswer => self.wrong("join-words", "join-no-answer"),
            Met::Ended(Why::WrongWords) => self.wrong("join-words", "join-wrong-words"),
            Met::Ended(why) => self.stage = Stage::Over(Said::line(says(why))),
            Met::Failed(trouble) => self.stage = Stage::Over(trouble.said()),
        }
        Vec::new()
    }

    /// Back to the words, with what is wrong.
    fn wrong(&mut self, field: &str, why: &'static str) {
        let mut form = form();
        form.go_to(field);
        self.stage = Stage::Typing(form, Some(Said::line(why)));
    }

    fn look(&mut self, cx: &mut Cx<'_>) -> Vec<Step> {
        let Stage::Typing(form, problem) = &mut self.stage else {
            return Vec::new();
        };
        let words = form.text("join-words");
        if let Err(wrong) = words.parse::<PairWords>() {
            *problem = Some(not_words(wrong));
            form.go_to("join-words");
            return Vec::new();
        }
        let wish = Wish::Look {
            words: Secret::from(words),
            address: form.text("join-address").to_owned(),
        };
        self.asked = cx.request();
        self.stage = Stage::Looking;
        vec![ask(self.asked, Asks::Meet(wish))]
    }
}

fn form() -> Form {
    Form::new(vec![
        Field::needed("join-words", "join-words-help", Kind::Text),
        Field::optional("join-address", "join-address-help", Kind::Text),
    ])
}

/// The sentence that says why nothing came of a meeting.
const fn says(why: Why) -> &'static str {
    match why {
        Why::TooManyTries | Why::WrongWords => "invite-too-many",
        Why::Expired => "invite-expired",
        Why::Declined => "meet-declined",
        Why::Torn | Why::Unconfirmed => "meet-torn",
        Why::Nonsense => "join-nonsense",
        Why::Crossed => "meet-crossed",
        Why::SameClinic => "meet-same-clinic",
        Why::NotKept => "join-not-kept",
    }
}
