//! The actor rule: a change is written by the session that signed its envelope, in the log
//! that the session's certificate names, and by nobody else.

use crate::{
    doc::{self, Around, Refusal},
    ids::{DocId, LogId, UserId},
    ledger::{self, Envelope, Header, Payload, Stub},
    members::Certificate,
    seal::{PublicKey, names},
    time::Moment,
};

/// What a session signs with, and the logs that it writes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Signing {
    pub(super) key: PublicKey,
    /// The log of the machine that it works on.
    pub(super) log: LogId,
    /// That machine's key: at another clinic it has a log for each document.
    pub(super) device: PublicKey,
    /// Whose session it is; zero where it is nobody's.
    pub(super) user: UserId,
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
            device: *certificate.device_key(),
            user: certificate.user(),
        }
    }

    /// Whether the session signed this, and for this log.
    pub(super) fn signed(&self, stub: &Stub) -> Result<(), Forged> {
        self.in_log(&stub.header)?;
        Ok(stub.verify(&self.key)?)
    }

    /// The change in this envelope of the session's, if it is in its own name.
    pub(super) fn wrote(
        &self,
        envelope: &Envelope,
        payload: &Payload,
    ) -> Result<Vec<u8>, Forged> {
        self.in_log(&envelope.header)?;
        let around = self.around(envelope.header.doc, payload.wall);
        let change = doc::whole(&payload.body, &around)?;
        if doc::written_as(&change)? == around.actor {
            Ok(change)
        } else {
            Err(Forged::Actor)
        }
    }

    /// What an envelope of the session's says of a change of this document.
    pub(super) fn around(&self, doc: DocId, wall: Moment) -> Around {
        Around {
            actor: names::actor_id(&self.key, doc),
            user: self.user,
            log: self.log,
            wall,
        }
    }

    /// Whether what this session writes in a document stands in that log.
    pub(super) fn writes(&self, log: LogId, doc: DocId) -> bool {
        log == self.log || log == names::guest_log_id(&self.device, doc)
    }

    fn in_log(&self, header: &Header) -> Result<(), Forged> {
        let fits = self.writes(header.log, header.doc);
        fits.then_some(()).ok_or(Forged::Log)
    }
}
