//! What can go wrong in a use case, named for what the caller can do about it.

use crate::{chart::who::Denial, seal::Weak, store};

/// Why a use case did not happen.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The role, the keys or the standing of the user do not allow it.
    #[error("not allowed: {0}")]
    Denied(Denial),
    /// The passphrase did not open the keys.
    #[error("wrong passphrase; the next try is possible in {wait_seconds} s")]
    WrongPassphrase {
        /// How long the next try must wait.
        wait_seconds: u32,
    },
    /// A failed try was too short ago.
    #[error("wait {seconds} s before the next try")]
    Wait {
        /// How long.
        seconds: u32,
    },
    /// The new passphrase is easy to guess.
    #[error("this passphrase is too easy to guess")]
    WeakPassphrase(#[source] Weak),
    /// What was given cannot be taken.
    #[error("{0}")]
    Refused(String),
    /// There is no such thing here.
    #[error("there is no {0}")]
    Missing(String),
    /// The disk, or what is on it.
    #[error(transparent)]
    Store(#[from] store::Error),
    /// What is on the disk does not carry its seal or signature, or cannot be understood.
    #[error("{what} is damaged")]
    Damaged {
        /// What, by ids.
        what: String,
        /// Why.
        #[source]
        source: Box<dyn std::error::Error + Send + Sync>,
    },
}

impl Error {
    pub(super) fn damaged(
        what: impl Into<String>,
        source: impl std::error::Error + Send + Sync + 'static,
    ) -> Self {
        Self::Damaged {
            what: what.into(),
            source: Box::new(source),
        }
    }

    /// A part of the home that must be there and is not.
    pub(super) fn lost(what: impl Into<String>) -> Self {
        Self::damaged(what, Lost)
    }
}

/// A part of the home is not there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("it is not there")]
struct Lost;

impl From<Denial> for Error {
    fn from(denial: Denial) -> Self {
        Self::Denied(denial)
    }
}
