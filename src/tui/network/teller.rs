//! Tells the model how it stands with the other machines, whenever that is another than
//! before, and that something came in. Between two times it sleeps until it is rung.

use std::{
    io,
    sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError},
    thread::{self, JoinHandle},
    time::Duration,
};

use super::{Answers, Names};
use crate::{
    app::{
        Msg,
        sync::{Answer, Here, Standing},
    },
    clinic::Clinic,
    net::Net,
    sync::status::{Peer, Reach},
};

/// Between two times that it tells something: an exchange changes many times in a second,
/// and each time costs a frame.
const REST: Duration = Duration::from_millis(250);

/// What wakes the teller.
#[derive(Default)]
pub(super) struct Bell {
    rung: Mutex<Rung>,
    rings: Condvar,
}

/// What happened since it was awake.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Rung {
    /// How it stands may be another than before.
    pub(super) changed: bool,
    /// Something came in; whether who belongs may be others than before.
    pub(super) came: Option<bool>,
    /// The program ends.
    pub(super) over: bool,
}

pub(super) struct Teller {
    pub(super) clinic: Arc<Clinic>,
    /// None where the network cannot be used.
    pub(super) net: Option<Arc<Net>>,
    pub(super) names: Names,
    pub(super) answers: Answers,
}

impl Bell {
    /// Rings; nothing waits.
    pub(super) fn ring(&self, with: impl FnOnce(&mut Rung)) {
        with(&mut self.lock());
        self.rings.notify_all();
    }

    /// Waits until it is rung.
    fn wait(&self) -> Rung {
        let quiet = |it: &mut Rung| !(it.changed || it.came.is_some() || it.over);
        let rung = self.rings.wait_while(self.lock(), quiet);
        std::mem::take(&mut *rung.unwrap_or_else(PoisonError::into_inner))
    }

    /// Rests; not when the program ends.
    fn rest(&self) {
        let going_on = |it: &mut Rung| !it.over;
        drop(self.rings.wait_timeout_while(self.lock(), REST, going_on));
    }

    fn lock(&self) -> MutexGuard<'_, Rung> {
        self.rung.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Teller {
    pub(super) fn start(self, bell: &Arc<Bell>) -> io::Result<JoinHandle<()>> {
        let bell = Arc::clone(bell);
        let work = move || self.run(&bell);
        thread::Builder::new()
            .name("machines".to_owned())
            .spawn(work)
    }

    fn run(&self, bell: &Bell) {
        let mut told = Standing::default();
        loop {
            let rung = bell.wait();
            if rung.over {
                return;
            }
            if let Some(membership) = rung.came {
                self.answers.give(Msg::Sync(Answer::Came { membership }));
            }
            let standing = self.standing();
            if standing != told {
                told = standing.clone();
                self.answers
                    .give(Msg::Sync(Answer::Standing(Box::new(standing))));
            }
            bell.rest();
        }
    }

    fn standing(&self) -> Standing {
        let told = self.net.as_ref().map(|it| it.status()).unwrap_or_default();
        let machines = self.clinic.machines();
        let here = machines.iter().find(|it| it.here).map(|it| Here {
            device: it.device,
            name: self.names.of(it.device),
        });
        let others = machines.iter().filter(|it| !it.here);
        let peers = others.map(|it| {
            let known = told.iter().find(|peer| peer.device == it.device);
            let mut peer = known.cloned().unwrap_or_else(|| Peer {
                device: it.device,
                name: String::new(),
                last_met: None,
                ahead: 0,
                behind: 0,
                state: Reach::NotInReach,
                progress: None,
            });
            if !it.enrolled {
                peer.state = Reach::Revoked;
            }
            peer.name = self.names.of(it.device);
            peer
        });
        Standing {
            here,
            peers: peers.collect(),
            copied: machines
                .iter()
                .filter(|it| it.forked)
                .map(|it| it.device)
                .collect(),
            bundle: None,
            shared: self.names.shared(),
            off: self.net.is_none(),
        }
    }
}
