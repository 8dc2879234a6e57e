//! How far this machine reaches, told to all connections at once: saves of half a second
//! travel together.

use std::{
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use tokio::{sync::watch, task::spawn_blocking, time::sleep};

use super::board::Board;
use crate::{
    clinic::{self, Clinic, Happened, Listening},
    ledger::Frontier,
};

/// What is written within so long after a save travels together with it.
pub(super) const TOGETHER: Duration = Duration::from_millis(500);

/// What happened on this machine, counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Changes {
    /// Something was written here.
    pub(super) wrote: u64,
    /// Something came from another machine.
    pub(super) took: u64,
    /// Who belongs may be others.
    pub(super) membership: u64,
    /// What another clinic shares, or what was written for it.
    pub(super) guest: u64,
}

/// Counts what happens in a clinic, for as long as the listening is kept.
pub(super) fn watch_changes(clinic: &Clinic) -> (watch::Receiver<Changes>, Listening) {
    let (count, counted) = watch::channel(Changes::default());
    let listening = clinic.listen(Box::new(move |happened| {
        count.send_modify(|it| match happened {
            Happened::Wrote => it.wrote += 1,
            Happened::Took { .. } => it.took += 1,
            Happened::Membership => it.membership += 1,
            Happened::Guest => it.guest += 1,
        });
    }));
    (counted, listening)
}

/// How far this machine reaches, as all connections are told it: never less than before.
pub(super) struct Mine {
    clinic: Arc<Clinic>,
    board: Arc<Board>,
    told: watch::Sender<Arc<Frontier>>,
    /// Held from reading to telling, so that what is read later is told later.
    in_order: Mutex<()>,
}

impl Mine {
    /// Reads it for the first time.
    pub(super) fn new(
        clinic: Arc<Clinic>,
        board: Arc<Board>,
    ) -> Result<Self, clinic::Error> {
        let mine = Self {
            clinic,
            board,
            told: watch::Sender::default(),
            in_order: Mutex::new(()),
        };
        mine.read()?;
        Ok(mine)
    }

    /// Reads it again, from the disk, and tells it.
    pub(super) fn read(&self) -> Result<(), clinic::Error> {
        let _in_order = self.in_order.lock().unwrap_or_else(PoisonError::into_inner);
        let frontier = Arc::new(self.clinic.frontier()?);
        self.board.reaches(Arc::clone(&frontier));
        self.told.send_if_modified(|told| {
            let moved = *told != frontier;
            *told = frontier;
            moved
        });
        Ok(())
    }

    pub(super) fn told(&self) -> watch::Receiver<Arc<Frontier>> {
        self.told.subscribe()
    }
}

/// Reads how far this machine reaches after each change.
pub(super) async fn follow(mine: Arc<Mine>, mut changes: watch::Receiver<Changes>) {
    while changes.changed().await.is_ok() {
        sleep(TOGETHER).await;
        changes.mark_unchanged();
        let mine = Arc::clone(&mine);
        match spawn_blocking(move || mine.read()).await {
            Ok(Ok(())) => {}
            Ok(Err(error)) => tracing::warn!(%error, "how far the ledger reaches"),
            Err(_stopping) => return,
        }
    }
}
