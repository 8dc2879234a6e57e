//! The machine that wants to belong, and asks to be let in.

use std::net::SocketAddr;

use super::{Came, Decides, Does, NotPaired, Pairing, PairingPlace, looking::look};
use crate::{
    net::Error,
    seal::Secret,
    sync::pair::{Card, Enrolment, JoinInput, JoinOutput, Joining, PairWords},
};

/// What a pairing asks of the machine that joins.
#[derive(Debug)]
pub enum JoiningAsks {
    /// To keep what it was given, for good.
    Keep(Box<Enrolment>),
    /// Nothing more: this is how it came out.
    Ended(Result<(), NotPaired>),
}

/// What it is answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum JoiningHears {
    /// It is kept, and this machine's own log begins with these envelopes.
    Kept(Vec<Vec<u8>>),
    /// It is not, and nothing of it is left here.
    NotKept,
}

/// Looks for the machine that shows the words, at `addrs` or, where the place says so, on the
/// local network; and asks it to let in the machine of the card, whose endpoint has this
/// secret.
pub fn join(
    words: PairWords,
    (card, secret): (Card, Secret),
    addrs: Vec<SocketAddr>,
    place: PairingPlace,
) -> Result<Pairing<JoiningAsks, JoiningHears>, Error> {
    look((words, secret), addrs, place, |words| {
        Joining::new(words, card, 0)
    })
}

impl Decides for Joining {
    type Asks = JoiningAsks;
    type Hears = JoiningHears;

    fn handle(
        &mut self,
        came: Came<JoiningHears>,
        now_ms: i64,
    ) -> Vec<Does<JoiningAsks>> {
        let input = match came {
            Came::Met { other, exporter } => JoinInput::Met {
                inviting: other,
                exporter,
            },
            Came::Heard(heard) => JoinInput::Heard(heard),
            Came::Told(JoiningHears::Kept(first)) => JoinInput::Kept(first),
            Came::Told(JoiningHears::NotKept) | Came::Gone => JoinInput::NotKept,
            Came::Lost => JoinInput::Lost,
            Came::Missed | Came::Tick => JoinInput::Tick,
        };
        let outputs = Self::handle(self, input, now_ms).into_iter();
        let does = outputs.map(|output| match output {
            JoinOutput::Send(message) => Does::Send(message),
            JoinOutput::Keep(it) => Does::Ask(JoiningAsks::Keep(Box::new(it))),
            JoinOutput::Ended(how) => Does::End(how),
        });
        does.collect()
    }

    fn ended(how: Result<(), NotPaired>) -> JoiningAsks {
        JoiningAsks::Ended(how)
    }
}
