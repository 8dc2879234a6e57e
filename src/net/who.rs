//! Whom this machine meets: another one of its clinic, or one of another clinic.

use std::fmt;

use super::{ALPN, SHARE_ALPN};
use crate::{ids::DeviceId, seal::PublicKey};

/// Somebody who may be met.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Who {
    /// A machine of the clinic.
    Machine(DeviceId),
    /// One of another clinic, by its endpoint.
    Outside(PublicKey),
}

impl Who {
    /// The protocol that is spoken with them.
    pub(super) const fn alpn(self) -> &'static [u8] {
        match self {
            Self::Machine(_) => ALPN,
            Self::Outside(_) => SHARE_ALPN,
        }
    }
}

impl From<DeviceId> for Who {
    fn from(device: DeviceId) -> Self {
        Self::Machine(device)
    }
}

impl fmt::Debug for Who {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Machine(device) => device.fmt(f),
            Self::Outside(endpoint) => endpoint.fmt(f),
        }
    }
}
