//! The lock screen (S9): who is at the machine, and the PIN or the passphrase.

mod keys;

use std::fmt;

pub use keys::KEYS;

use super::{
    Cx, Effect as Ask, Line, Press, Secret, Selected, Step, Typed, desk,
    draft::Unfinished,
    keymap::Context,
    notice::{Said, Trouble},
};
use crate::{chart::who::Role, ids::UserId, say::Lang};

/// The lock screen.
#[derive(Debug)]
pub struct State {
    /// The people who may sign in on this machine.
    pub people: Vec<Person>,
    /// The chosen one; the row after them is someone else.
    pub chosen: Selected,
    /// What is asked for.
    pub stage: Stage,
    /// What is typed.
    pub line: Line,
    /// The name of someone else.
    pub someone: String,
    /// What was wrong with the last try.
    pub problem: Option<Said>,
    /// Why the machine is locked.
    pub why: Why,
    /// Whether a try is being judged.
    pub waiting: bool,
    last: Option<UserId>,
    new_pin: Option<Secret>,
    asked: u32,
}

/// A person who may sign in.
#[derive(Clone, PartialEq, Eq)]
pub struct Person {
    /// The user.
    pub user: UserId,
    /// The name.
    pub name: String,
    /// The role.
    pub role: Role,
    /// Whether the PIN is enough: after a sign-in with the passphrase today.
    pub pin_is_enough: bool,
    /// What lies unfinished.
    pub unfinished: Option<Unfinished>,
}

/// What is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stage {
    /// Who it is.
    Who,
    /// The name of someone who is not in the list.
    Name,
    /// The PIN.
    Pin,
    /// The passphrase.
    Passphrase,
    /// A new PIN.
    NewPin,
    /// The new PIN again.
    NewPinAgain,
}

/// Why the machine is locked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Why {
    /// The program has just started.
    Started,
    /// Nobody pressed a key for so many minutes.
    Idle(usize),
    /// Someone asked for it.
    Asked,
    /// It belongs to the clinic since a moment ago.
    Joined,
}

/// What a key may ask of the lock screen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Action {
    /// Choose the person of this row.
    Choose(u8),
    /// Someone who is not in the list.
    SomeoneElse,
    /// The passphrase in place of the PIN.
    UsePassphrase,
}

/// What the lock screen asks of the shell.
#[derive(Debug)]
pub enum Effect {
    /// Who may sign in here?
    People,
    /// Sign in with the passphrase.
    SignIn {
        /// The request's number.
        request: u32,
        /// Who.
        user: Named,
        /// The passphrase.
        passphrase: Secret,
    },
    /// Unlock with the PIN.
    Unlock {
        /// The request's number.
        request: u32,
        /// Who.
        user: UserId,
        /// The PIN.
        pin: Secret,
    },
    /// Keep this PIN for the person who is signing in.
    SetPin {
        /// The request's number.
        request: u32,
        /// The PIN.
        pin: Secret,
    },
    /// Whose passphrase was right went away before a PIN was set: forget them.
    Leave,
    /// The person who is in reads this language from now on.
    Speak(Lang),
    /// Lock: forget every key and everything that was read.
    Lock,
}

/// Who wants to sign in.
#[derive(Clone, PartialEq, Eq)]
pub enum Named {
    /// Someone of the list.
    Listed(UserId),
    /// Someone who typed a name.
    Typed(String),
}

/// What the shell answers.
#[derive(Debug)]
pub enum Answer {
    /// The people who may sign in here.
    People(Vec<Person>),
    /// The person is in.
    SignedIn {
        /// The request's number.
        request: u32,
        /// Who, where, with which unfinished work.
        entering: Box<desk::Entering>,
    },
    /// The passphrase was right; a PIN must be chosen now.
    PinNeeded {
        /// The request's number.
        request: u32,
    },
    /// The PIN is too easy to guess.
    PinTooPlain {
        /// The request's number.
        request: u32,
    },
    /// The PIN or the passphrase was wrong.
    Missed {
        /// The request's number.
        request: u32,
        /// The tries left before the passphrase is asked for; none for a passphrase.
        left: Option<usize>,
        /// Seconds before the next try is looked at.
        wait_s: usize,
    },
    /// It could not be tried.
    Failed(Trouble),
}

/// The digits of a PIN.
pub const PIN_DIGITS: usize = 6;

impl State {
    /// The lock screen; the person who was here last will be chosen.
    pub fn new(why: Why, last: Option<UserId>) -> Self {
        Self {
            people: Vec::new(),
            chosen: Selected::default(),
            stage: Stage::Who,
            line: Line::default(),
            someone: String::new(),
            problem: None,
            why,
            waiting: false,
            last,
            new_pin: None,
            asked: 0,
        }
    }

    /// The contexts of choosing a person.
    pub const WHO: &'static [Context] = &[Context::LockWho, Context::Lock];
    /// The contexts of the PIN.
    pub const PIN: &'static [Context] = &[
        Context::Lock,
        Context::LockPin,
        Context::LockSecret,
        Context::Text,
    ];
    /// The contexts of everything else that is typed.
    pub const TYPING: &'static [Context] =
        &[Context::Lock, Context::LockSecret, Context::Text];

    /// Where keys mean something.
    pub const fn contexts(&self) -> &'static [Context] {
        match self.stage {
            Stage::Who => Self::WHO,
            Stage::Pin => Self::PIN,
            Stage::Name | Stage::Passphrase | Stage::NewPin | Stage::NewPinAgain => {
                Self::TYPING
            }
        }
    }

    /// The chosen person; none for someone else.
    pub fn person(&self) -> Option<&Person> {
        self.people.get(self.chosen.0)
    }

    /// Does what a key asks of any screen.
    pub fn press(&mut self, press: &Press, cx: &mut Cx<'_>) -> Vec<Step> {
        if self.waiting {
            return Vec::new();
        }
        match press {
            Press::Type(typed) => self.write(typed),
            Press::Move(to)
                if matches!(self.stage, Stage::Who | Stage::Pin | Stage::Passphrase) =>
            {
                self.go_to(Stage::Who);
                self.chosen.moved(*to, self.people.len() + 1, 9);
            }
            Press::Accept => return self.accept(cx),
            Press::Back => return self.leave(),
            Press::Move(_)
            | Press::Next
            | Press::Previous
            | Press::List
            | Press::Repeat
            | Press::Finish
            | Press::New
            | Press::NextPane
            | Press::PreviousPane
            | Press::Undo
            | Press::Filter
            | Press::Field(_) => {}
        }
        Vec::new()
    }

    /// Whether someone's passphrase was right and their PIN is not set yet.
    pub const fn is_half_in(&self) -> bool {
        matches!(self.stage, Stage::NewPin | Stage::NewPinAgain)
    }

    /// Goes back to choosing a person. Nobody stays half in.
    pub(super) fn leave(&mut self) -> Vec<Step> {
        let leaves = self
            .is_half_in()
            .then_some(Step::Ask(Ask::Lock(Effect::Leave)));
        self.new_pin = None;
        self.go_to(Stage::Who);
        leaves.into_iter().collect()
    }

    /// Does what a key of this screen asks.
    pub fn act(&mut self, action: Action) {
        if self.waiting {
            return;
        }
        match action {
            Action::Choose(number) => {
                let index = usize::from(number).saturating_sub(1);
                if index < self.people.len() {
                    self.chosen = Selected(index);
                    self.ask_secret();
                }
            }
            Action::SomeoneElse => {
                self.chosen = Selected(self.people.len());
                self.go_to(Stage::Name);
            }
            Action::UsePassphrase => self.go_to(Stage::Passphrase),
        }
    }

    /// Takes an answer.
    pub fn answered(&mut self, answer: Answer) -> Vec<Step> {
        match answer {
            Answer::People(people) => self.take_people(people),
            Answer::SignedIn { request, entering } if request == self.asked => {
                self.line.clear();
                return vec![Step::Enter(entering)];
            }
            Answer::PinNeeded { request } if request == self.asked => {
                self.go_to(Stage::NewPin);
            }
            Answer::PinTooPlain { request } if request == self.asked => {
                self.go_to(Stage::NewPin);
                self.problem = Some(Said::line("lock-pin-plain"));
            }
            Answer::Missed {
                request,
                left,
                wait_s,
            } if request == self.asked => self.missed(left, wait_s),
            Answer::Failed(trouble) => {
                self.waiting = false;
                self.problem = Some(trouble.said());
            }
            Answer::SignedIn { .. }
            | Answer::PinNeeded { .. }
            | Answer::PinTooPlain { .. }
            | Answer::Missed { .. } => {}
        }
        Vec::new()
    }

    fn take_people(&mut self, people: Vec<Person>) {
        let before = self.person().map(|it| it.user).or(self.last);
        self.people = people;
        let mut users = self.people.iter().map(|it| it.user);
        let place = users.position(|it| Some(it) == before);
        self.chosen = Selected(place.unwrap_or(0));
        // Who comes back to a locked machine is most often who left it.
        if place.is_some() && self.stage == Stage::Who && self.why != Why::Started {
            self.ask_secret();
        }
    }

    fn missed(&mut self, left: Option<usize>, wait_s: usize) {
        self.go_to(match left {
            Some(1..) => Stage::Pin,
            Some(0) | None => Stage::Passphrase,
        });
        self.problem = Some(match left {
            Some(0) => Said::line("lock-pin-spent"),
            Some(left) => Said::with("lock-pin-wrong", [("n", left.into())]),
            None if wait_s > 0 => Said::with("lock-wrong-wait", [("n", wait_s.into())]),
            None => Said::line("lock-wrong"),
        });
    }

    fn write(&mut self, typed: &Typed) {
        let pin = matches!(self.stage, Stage::Pin | Stage::NewPin | Stage::NewPinAgain);
        let fits = match (typed, pin) {
            (Typed::Char(c), true) => {
                c.is_ascii_digit() && self.line.text().len() < PIN_DIGITS
            }
            (Typed::Text(_), pin) => !pin,
            _ => true,
        };
        if fits && self.line.typed(typed) {
            self.problem = None;
        }
    }

    fn accept(&mut self, cx: &mut Cx<'_>) -> Vec<Step> {
        match self.stage {
            Stage::Who => {
                if self.person().is_some() {
                    self.ask_secret();
                } else {
                    self.go_to(Stage::Name);
                }
                Vec::new()
            }
            Stage::Name => {
                self.line.trimmed().clone_into(&mut self.someone);
                if !self.someone.is_empty() {
                    self.go_to(Stage::Passphrase);
                }
                Vec::new()
            }
            Stage::Pin => self.unlock(cx),
            Stage::Passphrase => self.sign_in(cx),
            Stage::NewPin => self.keep_new_pin(),
            Stage::NewPinAgain => self.set_pin(cx),
        }
    }

    fn unlock(&mut self, cx: &mut Cx<'_>) -> Vec<Step> {
        let Some(user) = self.person().map(|it| it.user) else {
            return Vec::new();
        };
        if self.line.text().len() < PIN_DIGITS {
            self.problem = Some(Said::line("form-pin-short"));
            return Vec::new();
        }
        let pin = self.line.take_secret();
        self.ask(cx, |request| Effect::Unlock { request, user, pin })
    }

    fn sign_in(&mut self, cx: &mut Cx<'_>) -> Vec<Step> {
        if self.line.is_empty() {
            return Vec::new();
        }
        let listed = self.person().map(|it| Named::Listed(it.user));
        let user = listed.unwrap_or_else(|| Named::Typed(self.someone.clone()));
        let passphrase = self.line.take_secret();
        self.ask(cx, |request| Effect::SignIn {
            request,
            user,
            passphrase,
        })
    }

    fn keep_new_pin(&mut self) -> Vec<Step> {
        if self.line.text().len() < PIN_DIGITS {
            self.problem = Some(Said::line("form-pin-short"));
        } else {
            self.new_pin = Some(self.line.take_secret());
            self.stage = Stage::NewPinAgain;
            self.problem = None;
        }
        Vec::new()
    }

    fn set_pin(&mut self, cx: &mut Cx<'_>) -> Vec<Step> {
        let pin = self.line.take_secret();
        let first = self.new_pin.take();
        if first.is_none_or(|it| it.as_str() != pin.as_str()) {
            self.go_to(Stage::NewPin);
            self.problem = Some(Said::line("form-not-the-same"));
            return Vec::new();
        }
        self.ask(cx, |request| Effect::SetPin { request, pin })
    }

    fn ask(&mut self, cx: &mut Cx<'_>, effect: impl FnOnce(u32) -> Effect) -> Vec<Step> {
        self.asked = cx.request();
        self.waiting = true;
        self.problem = None;
        vec![Step::Ask(Ask::Lock(effect(self.asked)))]
    }

    fn ask_secret(&mut self) {
        let pin = self.person().is_some_and(|it| it.pin_is_enough);
        self.go_to(if pin { Stage::Pin } else { Stage::Passphrase });
    }

    fn go_to(&mut self, stage: Stage) {
        self.stage = stage;
        self.line.clear();
        self.problem = None;
        self.waiting = false;
    }
}

impl fmt::Debug for Person {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Person({:?})", self.user)
    }
}

impl fmt::Debug for Named {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Named(…)")
    }
}

#[cfg(test)]
mod tests;
