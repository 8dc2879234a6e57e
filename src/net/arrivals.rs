//! Who dials this machine: handshakes, so many at a time and no longer than they need.

use std::{sync::Arc, time::Duration};

use iroh::{
    Endpoint,
    endpoint::{Connection, Incoming},
};
use tokio::{
    sync::{Semaphore, mpsc},
    task::JoinSet,
    time::timeout,
};

/// Handshakes at a time. One more is turned away before it costs anything.
const HANDSHAKES_MAX: usize = 64;
/// From so many on, whoever dials must first show that its address is its own.
const CROWDED: usize = 16;
/// How long a handshake may take: four round trips of a mobile link at its worst.
const HANDSHAKE: Duration = Duration::from_secs(10);

/// Lets through to `arrived` whoever passes the endpoint's gate, until the endpoint closes or
/// nobody receives.
pub(super) async fn accept(endpoint: Endpoint, arrived: mpsc::Sender<Connection>) {
    let places = Arc::new(Semaphore::new(HANDSHAKES_MAX));
    let mut handshakes = JoinSet::new();
    loop {
        let incoming = tokio::select! {
            () = arrived.closed() => return,
            Some(_done) = handshakes.join_next() => continue,
            incoming = endpoint.accept() => incoming,
        };
        let Some(incoming) = incoming else { return };
        let Ok(place) = Arc::clone(&places).try_acquire_owned() else {
            incoming.refuse();
            continue;
        };
        let is_crowded = places.available_permits() + CROWDED < HANDSHAKES_MAX;
        if is_crowded && !incoming.remote_addr_validated() {
            // It was not validated, so it can be asked to.
            drop(incoming.retry());
            continue;
        }
        let arrived = arrived.clone();
        handshakes.spawn(async move {
            if let Some(connection) = shake_hands(incoming).await {
                drop(arrived.send(connection).await);
            }
            drop(place);
        });
    }
}

async fn shake_hands(incoming: Incoming) -> Option<Connection> {
    let accepting = incoming.accept().ok()?;
    match timeout(HANDSHAKE, accepting).await {
        Ok(Ok(connection)) => Some(connection),
        Ok(Err(error)) => {
            tracing::info!(%error, "somebody was not let in");
            None
        }
        Err(_late) => None,
    }
}
