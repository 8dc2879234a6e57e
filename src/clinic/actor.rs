//! The actor rule: a change is written by the session that signed its envelope, in the log
//! that the session's certificate names, and by nobody else.

use crate::{
    doc::{Refusal, prescan},
    ids::LogId,
    ledger::{self, Envelope, Stub},
    members::Certificate,
    seal::{PublicKey, names},
};

/// What a session signs with, and the log that it writes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Signing {
    pub(super) key: PublicKey,
    pub(super) log: LogId,
}

/// Why an envelope is not what its session wrote.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(super) enum Forged {
    #[error(transparent)]
    Signature(#[from] ledger::Error),
    #[error("its session writes another log")]
    Log,
    #[error(transparent)]
    Scan(#[from] Refusal),
    #[error("it was written as another session than the one that signed it")]
    Actor,
}

impl Signing {
    pub(super) fn of(certificate: &Certificate) -> Self {
        Self {
            key: *certificate.session_key(),
            log: certificate.log(),
        }
    }

    /// Whether the session signed this, and for this log.
    pub(super) fn signed(&self, stub: &Stub) -> Result<(), Forged> {
        self.in_log(stub.header.log)?;
        Ok(stub.verify(&self.key)?)
    }

    /// Whether the change in this envelope of the session's is in its own name.
    pub(super) fn wrote(&self, envelope: &Envelope, change: &[u8]) -> Result<(), Forged> {
        self.in_log(envelope.header.log)?;
        let own = names::actor_id(&self.key, envelope.header.doc);
        if prescan(change)?.actor == own {
            Ok(())
        } else {
            Err(Forged::Actor)
        }
    }

    fn in_log(&self, log: LogId) -> Result<(), Forged> {
        if log == self.log {
            Ok(())
        } else {
            Err(Forged::Log)
        }
    }
}
