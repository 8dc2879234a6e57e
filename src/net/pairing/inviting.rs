//! The machine that belongs to the clinic, and lets one in.

use super::{Came, Decides, Does, NotPaired, Pairing, PairingPlace, waiting::wait};
use crate::{
    net::Error,
    sync::pair::{Card, Enrolment, InviteInput, InviteOutput, Inviting, PairWords, Why},
};

/// What a pairing asks of the machine that invites.
#[derive(Debug)]
pub enum InvitingAsks {
    /// Whether this machine is to be let in.
    Agree(Card),
    /// To let it in, and what it needs.
    Enrol(Card),
    /// To take in what the machine that was let in says of itself. Not to be answered.
    Take(Vec<Vec<u8>>),
    /// Nothing more: this is how it came out.
    Ended(Result<(), NotPaired>),
}

/// What it is answered.
#[derive(Debug)]
pub enum InvitingHears {
    /// The owner says yes.
    Agreed,
    /// The machine was let in.
    Enrolled(Box<Enrolment>),
    /// The owner says no, or it could not be let in.
    Refused(Why),
}

/// Waits for a machine that knows the words, for as long as the words are good.
pub fn invite(
    words: PairWords,
    place: PairingPlace,
) -> Result<Pairing<InvitingAsks, InvitingHears>, Error> {
    wait(words, place, |words, me| Inviting::new(words, me, 0))
}

impl Decides for Inviting {
    type Asks = InvitingAsks;
    type Hears = InvitingHears;

    fn handle(
        &mut self,
        came: Came<InvitingHears>,
        now_ms: i64,
    ) -> Vec<Does<InvitingAsks>> {
        let input = match came {
            Came::Met { other, exporter } => InviteInput::Met {
                joining: other,
                exporter,
            },
            Came::Missed => InviteInput::Missed,
            Came::Heard(heard) => InviteInput::Heard(heard),
            Came::Told(InvitingHears::Agreed) => InviteInput::Agreed,
            Came::Told(InvitingHears::Enrolled(it)) => InviteInput::Enrolled(it),
            Came::Told(InvitingHears::Refused(why)) => InviteInput::Refused(why),
            Came::Gone => InviteInput::Refused(Why::Declined),
            Came::Lost => InviteInput::Lost,
            Came::Tick => InviteInput::Tick,
        };
        let outputs = Self::handle(self, input, now_ms).into_iter();
        let does = outputs.map(|output| match output {
            InviteOutput::Send(message) => Does::Send(message),
            InviteOutput::Ask(card) => Does::Ask(InvitingAsks::Agree(card)),
            InviteOutput::Enrol(card) => Does::Ask(InvitingAsks::Enrol(card)),
            InviteOutput::Take(first) => Does::Ask(InvitingAsks::Take(first)),
            InviteOutput::HangUp => Does::HangUp,
            InviteOutput::Ended(how) => Does::End(how),
        });
        does.collect()
    }

    fn tries_left(&self) -> u8 {
        Self::tries_left(self)
    }

    fn ended(how: Result<(), NotPaired>) -> InvitingAsks {
        InvitingAsks::Ended(how)
    }
}
