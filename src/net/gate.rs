//! Who may speak with this machine: its clinic's other machines, and by a protocol of their own
//! those of providers with whom something is shared, in either direction; nobody else. Checked
//! as soon as a connection says who it is, and again by what is known at that moment.

use std::{fmt, sync::Arc};

use iroh::{
    EndpointAddr, EndpointId,
    endpoint::{
        AfterHandshakeOutcome, BeforeConnectOutcome, Connection, EndpointHooks, VarInt,
    },
};
use tokio::task::spawn_blocking;

use super::{ALPN, SHARE_ALPN};
use crate::{
    clinic::{Clinic, Outside},
    ids::DeviceId,
    seal::PublicKey,
};

/// Why a connection is closed, in words that both sides know.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Closing {
    /// All is said.
    Done,
    /// Whoever that is: no machine of this clinic, or not any more. Both hear the same.
    NotKnownHere,
    /// The two machines dialled each other at once, and speak on the other connection.
    OtherConnection,
    /// The program ends.
    Stopping,
    /// Nothing came for too long.
    Stalled,
    /// What came, no sound machine sends.
    Unsound,
    /// As many machines of other clinics are here as there is room for.
    Crowded,
}

impl Closing {
    /// The code on the wire.
    pub(super) const fn code(self) -> VarInt {
        VarInt::from_u32(match self {
            Self::Done => 0,
            Self::NotKnownHere => 1,
            Self::OtherConnection => 2,
            Self::Stopping => 3,
            Self::Stalled => 4,
            Self::Unsound => 5,
            Self::Crowded => 6,
        })
    }

    /// The same for a person who reads a log.
    pub(super) const fn words(self) -> &'static str {
        match self {
            Self::Done => "done",
            Self::NotKnownHere => "not known here",
            Self::OtherConnection => "another connection is in use",
            Self::Stopping => "the program ends",
            Self::Stalled => "nothing came for too long",
            Self::Unsound => "what came made no sense",
            Self::Crowded => "too many are here",
        }
    }

    /// Closes a connection, saying why.
    pub(super) fn close(self, connection: &Connection) {
        connection.close(self.code(), self.words().as_bytes());
    }
}

/// Which connections are let through, in both directions.
#[derive(Clone)]
pub(super) enum Gate {
    /// Those of the clinic's machines and of providers, each by its protocol.
    Of(Arc<Clinic>),
    /// Anybody's, by this protocol: whoever comes must prove something else.
    ForAnybody(&'static [u8]),
}

impl Gate {
    async fn lets_through(&self, who: EndpointId, alpn: &[u8]) -> bool {
        match self {
            Self::ForAnybody(only) => alpn == *only,
            Self::Of(clinic) if alpn == ALPN => {
                machine_at(Arc::clone(clinic), who).await.is_some()
            }
            Self::Of(clinic) if alpn == SHARE_ALPN => {
                outside_at(Arc::clone(clinic), key_of(who)).await.is_some()
            }
            Self::Of(_) => false,
        }
    }
}

/// The key of an endpoint.
pub(super) fn key_of(who: EndpointId) -> PublicKey {
    PublicKey::from_bytes(*who.as_bytes())
}

/// What there is to exchange with a machine of another clinic that has this endpoint, if
/// there is something.
pub(super) async fn outside_at(clinic: Arc<Clinic>, who: PublicKey) -> Option<Outside> {
    let read = spawn_blocking(move || clinic.outside(who)).await.ok()?;
    let read = read.inspect_err(|error| tracing::warn!(%error, "what is shared"));
    read.ok().filter(|it| it.hosts || !it.visits.is_empty())
}

/// The machine of the clinic that has this endpoint, if it has one now.
pub(super) async fn machine_at(clinic: Arc<Clinic>, who: EndpointId) -> Option<DeviceId> {
    let key = key_of(who);
    let known = spawn_blocking(move || clinic.machine_at(key)).await;
    known.ok().flatten()
}

impl EndpointHooks for Gate {
    async fn before_connect<'a>(
        &'a self,
        remote: &'a EndpointAddr,
        alpn: &'a [u8],
    ) -> BeforeConnectOutcome {
        if self.lets_through(remote.id, alpn).await {
            BeforeConnectOutcome::Accept
        } else {
            BeforeConnectOutcome::Reject
        }
    }

    async fn after_handshake<'a>(
        &'a self,
        connection: &'a Connection,
    ) -> AfterHandshakeOutcome {
        let (who, alpn) = (connection.remote_id(), connection.alpn());
        if self.lets_through(who, alpn).await {
            return AfterHandshakeOutcome::Accept;
        }
        AfterHandshakeOutcome::Reject {
            error_code: Closing::NotKnownHere.code(),
            reason: Closing::NotKnownHere.words().into(),
        }
    }
}

impl fmt::Debug for Gate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Of(clinic) => write!(f, "Gate({clinic:?})"),
            Self::ForAnybody(_) => f.write_str("Gate"),
        }
    }
}
