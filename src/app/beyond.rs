//! What leaves the clinic, to whom, and by whose word: the screens of sharing.

mod file;
mod guests;
mod keys;
pub mod meet;
mod paper;
mod proposals;
mod provider;
mod providers;
mod told;

use std::fmt;

pub use file::AskFile;
pub use guests::{Guest, GuestChart, Proposing, Reading, State as Guests, Writing};
pub use keys::KEYS;
pub use meet::State as Meet;
pub use paper::{Paper, sentence};
pub use proposals::{
    Proposed, State as Proposals, Verdict, View as ProposalsView, Wants, Why, doubt_id,
    stops,
};
pub use provider::{Provider, Shared, Sharing, Source, Stands, Sure};
pub use providers::{NoCard, Own, State as Providers, View};
pub use told::State as Told;

use super::{
    Cx, Effect as Outside, Press, Step, bundle::Path, form::Form, keymap::Context,
    notice::Trouble,
};
use crate::{
    chart::{Chart, Disclosure, Purpose, Record, SharedPart},
    ids::{CardId, ClinicId, PatientId, StatementId},
    say::Lang,
    time::PartialDate,
};

/// A screen about what leaves the clinic.
#[derive(Debug)]
pub enum State {
    /// What of the open chart somebody was let see.
    Told(Box<Told>),
    /// Providers of other clinics, by their cards.
    Providers(Box<Providers>),
    /// Somebody of another clinic is met in the room.
    Meet(Box<Meet>),
    /// What providers of other clinics propose.
    Proposals(Box<Proposals>),
    /// What other clinics share with who is at work.
    Guests(Box<Guests>),
}

/// Which of the screens.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Which {
    /// What of the open chart somebody was let see.
    Told,
    /// Providers of other clinics, by their cards.
    Providers,
    /// Somebody of another clinic is met in the room.
    Meet,
    /// What they propose, for all charts.
    Proposed,
    /// What they propose for the open chart.
    ProposedHere,
    /// What other clinics share with who is at work.
    Guests,
}

/// What a key may ask here.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Action {
    /// Write what the patient is told into a file.
    Print,
    /// Take a provider's card in.
    Take,
    /// Somebody made sure of the card that is looked at.
    Sure(Sure),
    /// Look at the own card.
    Own,
    /// Write the own card into a file.
    Write,
    /// Of a meeting in the room.
    Meet(meet::Action),
    /// List what was decided too, or no longer.
    ShowAll,
    /// Accept what is looked at.
    Accept,
    /// Decline it.
    Decline,
    /// Propose something to the clinic whose chart is read.
    Propose(Proposing),
}

/// What is asked of the shell.
#[derive(Debug)]
pub struct Effect {
    /// The request's number.
    pub request: u32,
    /// What.
    pub asks: Asks,
}

/// What can be asked of the shell.
#[derive(Debug)]
pub enum Asks {
    /// What of this chart was somebody let see?
    Told(PatientId),
    /// Write that into a new file, for the patient.
    Print(PatientId, Path, Lang),
    /// With whom can this chart be shared, and with whom is it?
    Sharing(PatientId),
    /// Share.
    Share {
        /// Whose chart.
        patient: PatientId,
        /// With the bearer of this card.
        card: CardId,
        /// Which parts.
        parts: Vec<SharedPart>,
        /// Until the end of this day.
        until: PartialDate,
        /// What for.
        purpose: Purpose,
    },
    /// Take a share back.
    Revoke(StatementId),
    /// Which cards are kept?
    Providers,
    /// What is the card of who is at work?
    OwnCard,
    /// Keep a provider's card.
    Keep(Source),
    /// Somebody made sure of this card.
    MakeSure(CardId, Sure),
    /// Write the own card into a new file.
    Give(Path),
    /// Of a meeting in the room.
    Meet(meet::Wish),
    /// What is proposed, for this chart or for all?
    Proposed(Option<PatientId>),
    /// What does this chart say?
    Beside(PatientId),
    /// Accept or decline.
    Decide(Box<Verdict>),
    /// What do other clinics share with who is at work?
    Guests,
    /// What does this chart of another clinic say?
    GuestChart(ClinicId, PatientId),
    /// Propose something for it.
    Propose {
        /// To which clinic.
        clinic: ClinicId,
        /// For whose chart.
        patient: PatientId,
        /// What.
        record: Box<Record>,
    },
}

/// What the shell answers.
#[derive(Debug)]
pub struct Answer {
    /// The request's number.
    pub request: u32,
    /// What it is.
    pub news: News,
}

/// What the shell can answer.
#[derive(Debug)]
pub enum News {
    /// What of a chart somebody was let see.
    Told(Result<TheTold, Trouble>),
    /// It is in the file.
    Printed(Result<(), Trouble>),
    /// With whom a chart can be shared, and with whom it is.
    Sharing(Result<Sharing, Trouble>),
    /// It is shared.
    Shared(Result<StatementId, Trouble>),
    /// It is taken back.
    Revoked(Result<(), Trouble>),
    /// The cards that are kept.
    Providers(Result<Vec<Provider>, Trouble>),
    /// The own card.
    OwnCard(Result<Box<Own>, Trouble>),
    /// This card is kept.
    Kept(Result<CardId, NoCard>),
    /// The own card is in the file.
    Given(Result<(), Trouble>),
    /// What is proposed, the newest first.
    Proposed(Result<Vec<Proposed>, Trouble>),
    /// What the chart says.
    Beside(Result<Box<Chart>, Trouble>),
    /// Whether it was accepted, if it is decided.
    Decided(Result<bool, Trouble>),
    /// What other clinics share with who is at work.
    Guests(Result<Vec<Guest>, Trouble>),
    /// A chart of theirs.
    GuestChart(Result<Box<GuestChart>, Trouble>),
    /// It is proposed, and goes there at the next meeting.
    Offered(Result<(), Trouble>),
}

/// What of a chart somebody was let see, as far as this machine knows.
#[derive(Clone, PartialEq, Eq)]
pub struct TheTold {
    /// The newest first.
    pub all: Vec<Disclosure>,
    /// Whether nothing of the log is missing or closed.
    pub is_whole: bool,
}

impl State {
    /// Opens one of the screens, with what it asks for at once.
    pub fn open(which: Which, cx: &mut Cx<'_>) -> (Self, Vec<Step>) {
        match which {
            Which::Told => {
                let (state, steps) = Told::open(cx);
                (Self::Told(Box::new(state)), steps)
            }
            Which::Providers => {
                let (state, steps) = Providers::open(cx);
                (Self::Providers(Box::new(state)), steps)
            }
            Which::Guests => {
                let (state, steps) = Guests::open(cx);
                (Self::Guests(Box::new(state)), steps)
            }
            Which::Meet => (Self::Meet(Box::new(Meet::open())), Vec::new()),
            Which::Proposed | Which::ProposedHere => {
                let here = which == Which::ProposedHere;
                let (state, steps) = Proposals::open(here, cx);
                (Self::Proposals(Box::new(state)), steps)
            }
        }
    }

    /// Which one it is.
    pub const fn which(&self) -> Which {
        match self {
            Self::Told(_) => Which::Told,
            Self::Providers(_) => Which::Providers,
            Self::Meet(_) => Which::Meet,
            Self::Proposals(state) => state.which(),
            Self::Guests(_) => Which::Guests,
        }
    }

    /// Where keys mean something.
    pub const fn contexts(&self) -> &'static [Context] {
        match self {
            Self::Told(state) => state.contexts(),
            Self::Providers(state) => state.contexts(),
            Self::Meet(state) => state.contexts(),
            Self::Proposals(state) => state.contexts(),
            Self::Guests(state) => state.contexts(),
        }
    }

    /// The form that has the caret.
    pub fn form(&self) -> Option<&Form> {
        match self {
            Self::Told(state) => state.file.as_ref().map(|it| &it.form),
            Self::Providers(state) => state.file().map(|it| &it.form),
            Self::Meet(state) => state.form(),
            Self::Proposals(_) => None,
            Self::Guests(state) => state.form(),
        }
    }

    /// Does what a key asks of any screen.
    pub fn press(&mut self, press: &Press, cx: &mut Cx<'_>) -> Vec<Step> {
        match self {
            Self::Told(state) => state.press(press, cx),
            Self::Providers(state) => state.press(press, cx),
            Self::Meet(state) => state.press(press, cx),
            Self::Proposals(state) => state.press(press, cx),
            Self::Guests(state) => state.press(press, cx),
        }
    }

    /// Does what a key of these screens asks.
    pub fn act(&mut self, action: Action, cx: &mut Cx<'_>) -> Vec<Step> {
        match self {
            Self::Told(state) if action == Action::Print => state.ask_file(),
            Self::Providers(state) => state.act(action, cx),
            Self::Meet(state) => {
                if let Action::Meet(action) = action {
                    state.act(action, cx)
                } else {
                    Vec::new()
                }
            }
            Self::Proposals(state) => match action {
                Action::ShowAll => state.show_all(),
                Action::Accept => state.accept(cx),
                Action::Decline => state.decline(),
                Action::Print
                | Action::Take
                | Action::Sure(_)
                | Action::Own
                | Action::Write
                | Action::Meet(_)
                | Action::Propose(_) => Vec::new(),
            },
            Self::Guests(state) => {
                if let Action::Propose(what) = action {
                    state.write(what, cx)
                } else {
                    Vec::new()
                }
            }
            Self::Told(_) => Vec::new(),
        }
    }

    /// Comes to the front again.
    pub fn shown_again(&mut self, cx: &mut Cx<'_>) -> Vec<Step> {
        match self {
            Self::Providers(state) => state.shown_again(cx),
            Self::Told(_) | Self::Meet(_) | Self::Proposals(_) | Self::Guests(_) => {
                Vec::new()
            }
        }
    }

    /// The meeting in the room, if it is that.
    pub const fn as_meet(&mut self) -> Option<&mut Meet> {
        match self {
            Self::Meet(state) => Some(state),
            Self::Told(_) | Self::Providers(_) | Self::Proposals(_) | Self::Guests(_) => {
                None
            }
        }
    }

    /// Takes an answer.
    pub fn answered(&mut self, answer: &Answer, cx: &mut Cx<'_>) -> Vec<Step> {
        match self {
            Self::Told(state) => state.answered(answer),
            Self::Providers(state) => state.answered(answer, cx),
            Self::Meet(_) => Vec::new(),
            Self::Proposals(state) => state.answered(answer, cx),
            Self::Guests(state) => state.answered(answer, cx),
        }
    }
}

/// Asks the shell.
pub(super) const fn ask(request: u32, asks: Asks) -> Step {
    Step::Ask(Outside::Beyond(Effect { request, asks }))
}

impl fmt::Debug for TheTold {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "TheTold({})", self.all.len())
    }
}
