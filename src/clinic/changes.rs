//! Telling others in this program that the ledger has more than before: the exchange with
//! other machines, and the screens.

use std::{
    collections::BTreeMap,
    fmt, mem,
    sync::{Arc, Mutex, MutexGuard, PoisonError, Weak, atomic::Ordering},
};

use super::{Clinic, Error, Session};

/// What happened to the ledger.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Happened {
    /// Something was written on this machine.
    Wrote,
    /// Something came from another one.
    Took {
        /// Whether documents changed.
        documents: bool,
    },
    /// Who belongs may be others than before.
    Membership,
    /// What another clinic shares, or what was written for it, is more or other than before.
    Guest,
}

/// What is called. It runs in the thread that wrote or took, after the commit and with the
/// desk held: it must not block, nor ask anything of a session.
pub type Listener = Box<dyn Fn(Happened) + Send + Sync>;

/// A listener that is called for as long as this is not dropped.
pub struct Listening {
    number: u64,
    all: Weak<Listeners>,
}

/// Everybody who listens.
#[derive(Default)]
pub(super) struct Listeners(Mutex<Numbered>);

#[derive(Default)]
struct Numbered {
    last: u64,
    each: BTreeMap<u64, Arc<Listener>>,
}

impl Clinic {
    /// Calls `each` after every commit from here on.
    pub fn listen(&self, each: Listener) -> Listening {
        let mut listeners = self.listeners.lock();
        listeners.last += 1;
        let number = listeners.last;
        listeners.each.insert(number, Arc::new(each));
        Listening {
            number,
            all: Arc::downgrade(&self.listeners),
        }
    }

    pub(super) fn tell(&self, happened: Happened) {
        if happened == Happened::Membership {
            self.said.fetch_add(1, Ordering::SeqCst);
        }
        let each: Vec<_> = self.listeners.lock().each.values().cloned().collect();
        for listener in each {
            listener(happened);
        }
    }
}

impl Session {
    /// Does what follows from what was said of who belongs since this was asked last, here or
    /// elsewhere.
    pub(super) fn heed_membership(&mut self) -> Result<(), Error> {
        let said = self.clinic.said.load(Ordering::SeqCst);
        if mem::replace(&mut self.heard, said) == said || self.may_begin().is_err() {
            return Ok(());
        }
        // Somebody new may propose.
        self.names = None;
        self.membership_changed()
    }
}

impl Listeners {
    fn lock(&self) -> MutexGuard<'_, Numbered> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Listening {
    fn drop(&mut self) {
        if let Some(listeners) = self.all.upgrade() {
            drop(listeners.lock().each.remove(&self.number));
        }
    }
}

impl fmt::Debug for Listening {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Listening({})", self.number)
    }
}
