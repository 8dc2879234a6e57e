//! What became of an envelope. A function of everything that is held, never of the order in
//! which it came, and judged again when something arrives; only a refusal is for ever.

use serde::{Deserialize, Serialize};

use super::Error;

/// The state of an envelope.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum State {
    /// Something is missing to judge or to apply it.
    Waiting(Awaited),
    /// It counts.
    Counted,
    /// It is authentic and applied, and does not count: shown as unconfirmed, for a
    /// clinician to adopt or reject.
    Void(Voided),
    /// Its bytes alone decide that it is never applied.
    Refused(Refusal),
}

/// What an envelope waits for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Awaited {
    /// The certificate of the session that signed it.
    Certificate,
    /// A statement that its certificate names.
    Statement,
    /// The key of its document.
    Key,
    /// Changes that it builds on.
    Deps,
    /// A program that knows its suite.
    NewerProgram,
}

/// Why an envelope does not count.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Voided {
    /// Another change of the same session stands at the same place; the lower hash counts.
    Twin,
    /// Written after the cut-off of a compromised key or a revoked machine.
    CutOff,
    /// The session was not, or no longer, one of the clinic's.
    Session,
    /// The role of its session does not write this.
    Role,
    /// It depends on a statement that is void.
    Statement,
}

/// What is wrong with the bytes of an envelope.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Refusal {
    /// They are no envelope, or one of another clinic.
    Envelope,
    /// The signature does not fit.
    Signature,
    /// The key fits and the seal does not.
    Seal,
    /// The seal fits and no payload is inside.
    Payload,
    /// The change was written as somebody else.
    Actor,
    /// The change was found harmful before it was applied.
    Scan,
    /// The change could not be applied, or left a document that does not load.
    Apply,
}

impl State {
    /// What becomes of an envelope whose check gave this error. None where it is not kept
    /// at all: it does not continue its chain, or not even its header can be read.
    pub const fn after(error: Error) -> Option<Self> {
        match error {
            Error::Unknown { version: 1, .. } => {
                Some(Self::Waiting(Awaited::NewerProgram))
            }
            Error::Unknown { .. } | Error::Chain(_) => None,
            Error::Length { .. } | Error::Malformed => {
                Some(Self::Refused(Refusal::Envelope))
            }
            Error::Signature => Some(Self::Refused(Refusal::Signature)),
            Error::OtherKey => Some(Self::Waiting(Awaited::Key)),
            Error::Unsealed => Some(Self::Refused(Refusal::Seal)),
            Error::Payload => Some(Self::Refused(Refusal::Payload)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ledger::Break;

    #[test]
    fn only_what_the_bytes_alone_decide_is_refused() {
        let after = |error| State::after(error);
        let refused = |refusal| Some(State::Refused(refusal));
        assert_eq!(after(Error::Malformed), refused(Refusal::Envelope));
        assert_eq!(after(Error::Unsealed), refused(Refusal::Seal));
        assert_eq!(after(Error::OtherKey), Some(State::Waiting(Awaited::Key)));
        assert_eq!(after(Error::Chain(Break::Elsewhere)), None);
        let newer = |version, suite| Error::Unknown { version, suite };
        assert_eq!(after(newer(2, 0)), None);
        let waiting = State::Waiting(Awaited::NewerProgram);
        assert_eq!(after(newer(1, 9)), Some(waiting));
    }
}
