//! A contact card that is given in the room: with what shows that its bearer is on this very
//! connection, and at which of the machines on it.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::{Channel, Side, Why};
use crate::{
    members::{CARD_BYTES_MAX, Card},
    seal::{PublicKey, Signature, SigningKey},
};

const CONTEXT: &str = "cairn/meet/v1";
/// Half of a signature in bytes.
const HALF: usize = Signature::LEN / 2;

/// A contact card, and who gives it.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Contact {
    card: Vec<u8>,
    /// The endpoint of the machine that its bearer is at.
    machine: PublicKey,
    /// By the card's key, over the connection, the machine and the card.
    proof: [[u8; HALF]; 2],
}

/// A card that was given in the room.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Given {
    /// The card.
    pub card: Card,
    /// The endpoint of the machine that its bearer is at: one of those on the card.
    pub machine: PublicKey,
}

impl Contact {
    /// Gives a card on this connection; `key` is the bearer's.
    pub fn new(
        given: &Given,
        (side, channel): (Side, &Channel),
        key: &SigningKey,
    ) -> Self {
        let card = given.card.encode();
        let said = said(side, channel, (given.machine, &card));
        let proof = key.sign(CONTEXT, &said);
        let (first, second) = proof.as_bytes().split_at(HALF);
        let half = |bytes: &[u8]| bytes.first_chunk().map_or([0; HALF], |it| *it);
        Self {
            card,
            machine: given.machine,
            proof: [half(first), half(second)],
        }
    }

    /// The card, if its bearer gave it here, at a machine that stands on it. The machine that
    /// dialled shows by the connection which one it is.
    pub fn open(&self, side: Side, channel: &Channel) -> Result<Given, Why> {
        let card = Card::open(&self.card).or(Err(Why::Nonsense))?;
        let machine = self.machine;
        let mut proof = [0; Signature::LEN];
        let halves = proof.iter_mut().zip(self.proof.iter().flatten());
        halves.for_each(|(into, byte)| *into = *byte);
        let said = said(side, channel, (machine, &self.card));
        let is_theirs = (card.about().key)
            .verify(CONTEXT, &said, &Signature::from_bytes(proof))
            .is_ok();
        let is_there = match side {
            Side::Inviting => true,
            Side::Joining => machine == channel.joining,
        };
        let is_on_it = card.machines().any(|(_, endpoint)| endpoint == machine);
        let fits = is_theirs && is_there && is_on_it;
        fits.then_some(Given { card, machine }).ok_or(Why::Nonsense)
    }

    pub(super) fn fits(&self) -> bool {
        self.card.len() <= CARD_BYTES_MAX
    }
}

fn said(side: Side, channel: &Channel, (machine, card): (PublicKey, &[u8])) -> Vec<u8> {
    let parts: [&[u8]; 6] = [
        &[side.byte()],
        channel.inviting.as_bytes(),
        channel.joining.as_bytes(),
        &channel.exporter,
        machine.as_bytes(),
        card,
    ];
    parts.concat()
}

impl fmt::Debug for Contact {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Contact({:?})", self.machine)
    }
}
