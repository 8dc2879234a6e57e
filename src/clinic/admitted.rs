//! Whom a machine lets sign in, of those who belong to the clinic.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::{Clinic, Error, row};
use crate::{chart::who::Role, ids::UserId, members::Member};

/// Who may sign in here.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub(super) enum Admitted {
    /// Everybody who belongs.
    #[default]
    All,
    /// Owners, and whom one of them named here: the machine was restored.
    Owners(BTreeSet<UserId>),
    /// Nobody: the machine only keeps what is sealed.
    Nobody,
}

impl Admitted {
    /// Whether this member may.
    pub(super) fn admits(&self, member: &Member) -> bool {
        match self {
            Self::All => true,
            Self::Owners(named) => {
                member.role == Role::Owner || named.contains(&member.user)
            }
            Self::Nobody => false,
        }
    }
}

impl Clinic {
    /// Whether this machine only keeps what is sealed, and nobody signs in on it.
    pub fn is_mailbox(&self) -> Result<bool, Error> {
        Ok(self.admitted()? == Admitted::Nobody)
    }

    pub(super) fn admitted(&self) -> Result<Admitted, Error> {
        Ok(self.read_row(row::ADMITTED)?.unwrap_or_default())
    }
}
