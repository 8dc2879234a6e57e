//! Why an exchange ends, here and as it is told to the other side.

use crate::sync::wire::{self, Bye};

/// Why an exchange ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, thiserror::Error)]
pub enum Why {
    /// The other side speaks another version of the protocol.
    #[error(
        "the other machine speaks version {theirs} of the protocol, not {}",
        wire::VERSION
    )]
    Version {
        /// Theirs.
        theirs: u8,
    },
    /// The other side is of another clinic.
    #[error("the other machine is of another clinic")]
    Clinic,
    /// The other side sent what is no frame.
    #[error("what came is not a frame")]
    Malformed,
    /// The other side sent a frame out of its turn.
    #[error("a frame came out of its turn")]
    OutOfTurn,
    /// The other side sent or stated more than is taken.
    #[error("more came than is taken")]
    TooMuch,
    /// The other side was silent for too long.
    #[error("the other machine fell silent")]
    Stalled,
    /// The other side left.
    #[error("the other machine left: {}", said(*.0))]
    Left(Bye),
}

impl From<wire::Error> for Why {
    fn from(error: wire::Error) -> Self {
        match error {
            wire::Error::Version { theirs } => Self::Version { theirs },
            wire::Error::Length { .. } => Self::TooMuch,
            wire::Error::Malformed => Self::Malformed,
        }
    }
}

/// What the other side is told when this side leaves; nothing where it left first.
pub(super) const fn bye(why: Why) -> Option<Bye> {
    Some(match why {
        Why::Version { .. } => Bye::Version,
        Why::Clinic => Bye::Clinic,
        Why::Malformed => Bye::Malformed,
        Why::OutOfTurn => Bye::OutOfTurn,
        Why::TooMuch => Bye::TooMuch,
        Why::Stalled => Bye::Stalled,
        Why::Left(_) => return None,
    })
}

const fn said(bye: Bye) -> &'static str {
    match bye {
        Bye::Version => "it speaks another version of the protocol",
        Bye::Clinic => "it is of another clinic",
        Bye::Malformed => "it was sent what is not a frame",
        Bye::OutOfTurn => "it was sent a frame out of its turn",
        Bye::TooMuch => "it was sent more than it takes",
        Bye::Stalled => "it heard nothing for too long",
    }
}
