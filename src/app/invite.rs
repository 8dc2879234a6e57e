//! Pairing a new machine, at the machine of an owner: eight words that someone types there,
//! then the card of whoever typed them, to be let in or not.

mod keys;

use std::fmt;

pub use keys::KEYS;

use super::{
    Cx, Effect as Ask, Press, Secret, Step,
    keymap::Context,
    notice::{Notice, Said, Trouble},
};
use crate::{sync::pair::Why, time::Timestamp};

/// A pairing.
#[derive(Debug)]
pub struct State {
    /// How far it is.
    pub stage: Stage,
    asked: u32,
}

/// How far a pairing is.
#[derive(Debug)]
pub enum Stage {
    /// The words are being drawn.
    Opening,
    /// The words are shown, and nobody has come.
    Waiting(Words),
    /// Somebody who knows the words is there.
    Asking(Card),
    /// That machine is being let in; this is what it is called.
    Enrolling(Name),
    /// It belongs to the clinic.
    Done(Name),
    /// Nothing came of it.
    Over(Said),
}

/// What is typed at the new machine.
pub struct Words {
    /// The words, separated by spaces.
    pub words: Secret,
    /// Where this machine is met.
    pub addresses: Vec<String>,
    /// Until when the words are good.
    pub until: Timestamp,
    /// How often wrong ones may still be tried.
    pub tries: usize,
}

/// A machine that wants to belong to the clinic.
#[derive(Clone, PartialEq, Eq)]
pub struct Card {
    /// What it is called.
    pub name: Name,
    /// How its id begins.
    pub id: String,
    /// Whether it only keeps what is sealed, and nobody is to sign in on it.
    pub mailbox: bool,
}

/// What a machine is called, by whoever set it up.
#[derive(Clone, PartialEq, Eq)]
pub struct Name(pub String);

/// What a key may ask of a pairing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Action {
    /// Let the machine in.
    LetIn,
    /// Do not.
    Refuse,
    /// New words.
    Again,
}

/// What a pairing asks of the shell.
#[derive(Debug)]
pub enum Effect {
    /// Draw words and wait for who types them.
    Open {
        /// The request's number.
        request: u32,
    },
    /// Let the machine of the card in, or not.
    Answer {
        /// Whether it is let in.
        yes: bool,
    },
    /// The words are good no more.
    Close,
}

/// What the shell tells.
#[derive(Debug)]
pub struct Answer {
    /// The request's number.
    pub request: u32,
    /// What happened.
    pub news: News,
}

/// What happened in a pairing.
#[derive(Debug)]
pub enum News {
    /// These are the words.
    Words(Words),
    /// Wrong ones were tried; so many tries are left.
    Tries(usize),
    /// Somebody who knows the words is there.
    Asks(Card),
    /// It came to its end.
    Ended(Result<(), Why>),
    /// It could not be tried.
    Failed(Trouble),
}

impl News {
    /// Whether nothing comes after it.
    pub const fn is_over(&self) -> bool {
        matches!(self, Self::Ended(_) | Self::Failed(_))
    }
}

impl State {
    /// Asks for words.
    pub fn open(cx: &mut Cx<'_>) -> (Self, Vec<Step>) {
        let mut state = Self {
            stage: Stage::Opening,
            asked: 0,
        };
        let steps = state.begin(cx);
        (state, steps)
    }

    /// The contexts while the other machine is waited for.
    pub const WAIT: &'static [Context] =
        &[Context::Invite, Context::Anywhere, Context::Outside];
    /// The contexts while the owner is asked.
    pub const ASK: &'static [Context] =
        &[Context::InviteAsk, Context::Anywhere, Context::Outside];
    /// The contexts after it.
    pub const OVER: &'static [Context] =
        &[Context::InviteOver, Context::Anywhere, Context::Outside];

    /// Where keys mean something.
    pub const fn contexts(&self) -> &'static [Context] {
        match self.stage {
            Stage::Opening | Stage::Waiting(_) | Stage::Enrolling(_) => Self::WAIT,
            Stage::Asking(_) => Self::ASK,
            Stage::Done(_) | Stage::Over(_) => Self::OVER,
        }
    }

    /// Until when the machine stays unlocked without a key: someone walks to the other
    /// machine and types there.
    pub const fn awake_until(&self) -> Option<Timestamp> {
        match &self.stage {
            Stage::Waiting(words) => Some(words.until),
            Stage::Opening
            | Stage::Asking(_)
            | Stage::Enrolling(_)
            | Stage::Done(_)
            | Stage::Over(_) => None,
        }
    }

    /// Does what a key asks of any screen.
    pub fn press(&mut self, press: &Press) -> Vec<Step> {
        if *press != Press::Back {
            return Vec::new();
        }
        let mut steps = self.leave();
        steps.push(Step::Back);
        steps
    }

    /// Ends what nobody waits for any more.
    pub fn leave(&mut self) -> Vec<Step> {
        match self.stage {
            Stage::Opening | Stage::Waiting(_) | Stage::Asking(_) => {
                vec![ask(Effect::Close)]
            }
            Stage::Enrolling(_) | Stage::Done(_) | Stage::Over(_) => Vec::new(),
        }
    }

    /// Does what a key of this screen asks.
    pub fn act(&mut self, action: Action, cx: &mut Cx<'_>) -> Vec<Step> {
        match (action, &self.stage) {
            (Action::LetIn, Stage::Asking(card)) => {
                self.stage = Stage::Enrolling(card.name.clone());
                vec![ask(Effect::Answer { yes: true })]
            }
            (Action::Refuse, Stage::Asking(_)) => {
                vec![ask(Effect::Answer { yes: false })]
            }
            (Action::Again, Stage::Done(_) | Stage::Over(_)) => self.begin(cx),
            _ => Vec::new(),
        }
    }

    /// Takes news.
    pub fn answered(&mut self, answer: Answer) -> Vec<Step> {
        if answer.request != self.asked {
            return Vec::new();
        }
        match answer.news {
            News::Words(words) => self.stage = Stage::Waiting(words),
            News::Tries(left) => {
                if let Stage::Waiting(words) = &mut self.stage {
                    words.tries = left;
                }
            }
            News::Asks(card) => {
                let args = [("name", card.name.0.clone().into())];
                self.stage = Stage::Asking(card);
                let said = Said::with("invite-asks", args);
                return vec![Step::Say(Notice::plain(said))];
            }
            News::Ended(result) => return vec![Step::Say(self.ended(result))],
            News::Failed(trouble) => self.stage = Stage::Over(trouble.said()),
        }
        Vec::new()
    }

    fn begin(&mut self, cx: &mut Cx<'_>) -> Vec<Step> {
        self.stage = Stage::Opening;
        self.asked = cx.request();
        let request = self.asked;
        vec![ask(Effect::Open { request })]
    }

    fn ended(&mut self, result: Result<(), Why>) -> Notice {
        let name = match &self.stage {
            Stage::Enrolling(name) => name.clone(),
            Stage::Opening
            | Stage::Waiting(_)
            | Stage::Asking(_)
            | Stage::Done(_)
            | Stage::Over(_) => Name(String::new()),
        };
        match result {
            Ok(()) => {
                let said = Said::with("invite-in", [("name", name.0.clone().into())]);
                self.stage = Stage::Done(name);
                Notice::done(said)
            }
            Err(why) => {
                let said = Said::line(says(why));
                self.stage = Stage::Over(said.clone());
                Notice::plain(said)
            }
        }
    }
}

const fn ask(effect: Effect) -> Step {
    Step::Ask(Ask::Invite(effect))
}

/// The sentence that says why nothing came of a pairing, at the machine that invites.
const fn says(why: Why) -> &'static str {
    match why {
        Why::TooManyTries | Why::WrongWords => "invite-too-many",
        Why::Expired => "invite-expired",
        Why::Declined => "invite-declined",
        Why::Torn => "invite-torn",
        Why::Nonsense | Why::SameClinic => "invite-nonsense",
        Why::Crossed => "invite-crossed",
        Why::NotKept => "invite-not-kept",
        Why::Unconfirmed => "invite-unconfirmed",
    }
}

impl fmt::Debug for Words {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Words(…)")
    }
}

impl fmt::Debug for Card {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Card({})", self.id)
    }
}

impl fmt::Debug for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Name(…)")
    }
}
