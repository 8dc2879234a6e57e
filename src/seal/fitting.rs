//! Signatures that were found to fit since the program began. A statement is read when it
//! comes, when it is judged and whenever all are read again, and it comes from everyone who
//! is met; what takes longest is done for it once. What differs in one bit is another one.

use std::{
    collections::BTreeSet,
    sync::{Mutex, MutexGuard, PoisonError},
};

use super::hash;
use crate::ids::Hash;

/// Signatures that are remembered; those of half a year's statements and certificates. Once
/// there are so many it begins anew.
const LEN_MAX: usize = 16 * 1024;

static FITTING: Mutex<BTreeSet<Hash>> = Mutex::new(BTreeSet::new());

/// One signature by one key over some bytes.
pub(super) struct Fitting(Hash);

impl Fitting {
    pub(super) fn of(key: &[u8; 32], signature: &[u8; 64], signed: &[u8]) -> Self {
        Self(hash(&[key.as_slice(), signature, signed].concat()))
    }

    /// Whether exactly this was found to fit before.
    pub(super) fn is_known(&self) -> bool {
        all().contains(&self.0)
    }

    /// Says that it fits.
    pub(super) fn remember(self) {
        let mut all = all();
        if all.len() >= LEN_MAX {
            all.clear();
        }
        all.insert(self.0);
    }
}

fn all() -> MutexGuard<'static, BTreeSet<Hash>> {
    FITTING.lock().unwrap_or_else(PoisonError::into_inner)
}
