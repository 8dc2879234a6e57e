//! The key with which this machine meets others, and signs what nobody is signed in for.

use super::{Clinic, Error, peers::Met, read_row, row};
use crate::{
    ids::LogId,
    ledger::Lane,
    seal::{Secret, SigningKey},
    store::{self, Home, Store},
};

/// The file that holds the key with which this machine meets others. Usable while locked.
pub(super) const ENDPOINT_FILE: &str = "endpoint.key";
/// The file with the key of a machine that took a new name, of which nobody has heard yet.
const NEXT_FILE: &str = "endpoint.next";

impl Clinic {
    /// The key with which this machine meets others. Usable while locked. After it took a new
    /// name it is the old one until somebody has heard of the new one: to all others the
    /// new one is a stranger's.
    pub fn endpoint_secret(&self) -> Result<Secret, Error> {
        let key = read(&self.home, ENDPOINT_FILE)?;
        let key = key.ok_or_else(|| Error::lost("the machine's endpoint key"))?;
        Ok(key.secret())
    }

    /// The key that signs what this machine notes by itself: the one that it said last.
    pub(super) fn endpoint_key(&self) -> Result<SigningKey, Error> {
        let said = {
            let known = self.known();
            let here = known.membership.device(self.device());
            here.and_then(|it| it.endpoint)
        };
        let next = read(&self.home, NEXT_FILE)?;
        match next.filter(|it| said == Some(it.public())) {
            Some(next) => Ok(next),
            None => Ok(SigningKey::from_secret(&self.endpoint_secret()?)),
        }
    }

    /// Keeps the key of a new name, before it is said.
    pub(super) fn keep_next_endpoint(&self, key: &SigningKey) -> Result<(), Error> {
        Ok(self.home.write(NEXT_FILE, key.secret().as_bytes())?)
    }

    /// Goes over to the key of a new name, if another machine holds the log that says it.
    /// Whether it did.
    pub(super) fn take_next_endpoint(&self) -> Result<bool, Error> {
        let log = self.log();
        if read(&self.home, NEXT_FILE)?.is_none() || !is_held(&self.store, log)? {
            return Ok(false);
        }
        let key = self.endpoint_key()?;
        self.home.write(ENDPOINT_FILE, key.secret().as_bytes())?;
        self.home.remove(NEXT_FILE)?;
        Ok(true)
    }
}

fn read(home: &Home, name: &str) -> Result<Option<SigningKey>, store::Error> {
    let bytes = home.read(name, 32)?;
    let secret = bytes.as_deref().and_then(Secret::from_slice);
    Ok(secret.map(|it| SigningKey::from_secret(&it)))
}

/// Whether another machine is known to hold some of a log.
fn is_held(store: &Store, log: LogId) -> Result<bool, Error> {
    for name in store.meta_names(row::PEERS)? {
        let met: Option<Met> = read_row(store, &name)?;
        if met.is_some_and(|it| it.theirs.contains_key(&(log, Lane::Membership))) {
            return Ok(true);
        }
    }
    Ok(false)
}
