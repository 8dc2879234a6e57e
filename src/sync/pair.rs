//! Pairing: how a machine that belongs to a clinic lets in one that does not yet; and how two
//! people of different clinics give each other their contact cards. Both machines are given
//! the same eight words by a person; each proves to the other that it knows them, over the
//! very connection that they talk on.
//!
//! No socket and no clock: [`Inviting`] and [`Joining`], or two [`Crossing`], are told what
//! was heard and when, and say what to send. `docs/design/pairing.md` draws the bytes.

mod contact;
mod crossing;
mod inviting;
mod joining;
mod message;
mod words;

use crate::seal::{Mac, PublicKey, mac};

pub use self::{
    contact::{Contact, Given},
    crossing::{CrossInput, CrossOutput, Crossing},
    inviting::{InviteInput, InviteOutput, Inviting, PAIRING_MS, TRIES_MAX},
    joining::{JoinInput, JoinOutput, Joining},
    message::{
        Card, Enrolled, EnrolledUser, Enrolment, LANE_BYTES_MAX, MESSAGE_BYTES_MAX,
        Message, USERS_MAX,
    },
    words::{NotWords, PairWords, WORDS_COUNT, word_begun},
};

/// Under what label both sides take the 32 bytes of keying material of their TLS session.
pub const EXPORTER_LABEL: &[u8] = b"EXPORTER-cairn-pair-v1";

/// The connection that two machines meet on, as both of them see it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Channel {
    /// The endpoint key of the machine that invites.
    pub inviting: PublicKey,
    /// The endpoint key of the machine that joins.
    pub joining: PublicKey,
    /// Keying material of the TLS session: another connection has other bytes.
    pub exporter: [u8; 32],
}

/// Which of the two proves something.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Side {
    /// The machine that belongs to the clinic.
    Inviting,
    /// The machine that does not yet.
    Joining,
}

/// Why a pairing came to nothing.
#[derive(
    Debug,
    Clone,
    Copy,
    PartialEq,
    Eq,
    thiserror::Error,
    serde::Serialize,
    serde::Deserialize,
)]
pub enum Why {
    /// The words are not those that the other machine shows.
    #[error("these are not the words that the other machine shows")]
    WrongWords,
    /// Wrong words were tried as often as is allowed.
    #[error("wrong words were tried three times; new words are needed")]
    TooManyTries,
    /// The words are too old.
    #[error("the words are older than ten minutes; new words are needed")]
    Expired,
    /// The owner said no.
    #[error("the owner at the other machine said no")]
    Declined,
    /// The connection ended before the pairing did.
    #[error("the connection ended before the pairing did")]
    Torn,
    /// The other machine said something that has no place here.
    #[error("the other machine said something that makes no sense here")]
    Nonsense,
    /// One of the two could not write down what it was to keep.
    #[error("a machine could not keep what it was given")]
    NotKept,
    /// The machine was let in, and never said that it keeps what it was given.
    #[error("the machine was let in, and did not say that it is ready")]
    Unconfirmed,
    /// One of the two lets a machine in, the other one wants to exchange contact cards.
    #[error(
        "one of the two lets a new machine into its clinic, the other exchanges contact \
         cards: both must do the same"
    )]
    Crossed,
    /// Both machines are of one clinic.
    #[error("both machines are of the same clinic; cards are exchanged between two")]
    SameClinic,
}

impl Side {
    /// The side of the other machine.
    #[must_use]
    pub const fn other(self) -> Self {
        match self {
            Self::Inviting => Self::Joining,
            Self::Joining => Self::Inviting,
        }
    }

    const fn byte(self) -> u8 {
        match self {
            Self::Inviting => 0,
            Self::Joining => 1,
        }
    }
}

/// What shows that `side` knows the words, on this connection and on no other.
pub fn proof(words: &PairWords, side: Side, channel: &Channel) -> Mac {
    let parts: [&[u8]; 4] = [
        &[side.byte()],
        channel.inviting.as_bytes(),
        channel.joining.as_bytes(),
        &channel.exporter,
    ];
    mac(&words.key(), &parts)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::seal::SeededEntropy;

    #[test]
    fn a_proof_is_of_its_words_its_side_and_its_connection_only() {
        let words = PairWords::generate(&mut SeededEntropy::new(1));
        let others = PairWords::generate(&mut SeededEntropy::new(2));
        let channel = Channel {
            inviting: PublicKey::from_bytes([1; 32]),
            joining: PublicKey::from_bytes([2; 32]),
            exporter: [3; 32],
        };
        let swapped = Channel {
            inviting: channel.joining,
            joining: channel.inviting,
            ..channel
        };
        let elsewhere = Channel {
            exporter: [4; 32],
            ..channel
        };
        let right = proof(&words, Side::Joining, &channel);
        assert_eq!(right, proof(&words, Side::Joining, &channel));
        for wrong in [
            proof(&others, Side::Joining, &channel),
            proof(&words, Side::Inviting, &channel),
            proof(&words, Side::Joining, &swapped),
            proof(&words, Side::Joining, &elsewhere),
        ] {
            assert_ne!(right, wrong);
        }
    }
}
