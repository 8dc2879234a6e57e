//! One try to reach a machine.

use std::{collections::BTreeSet, net::SocketAddr};

use iroh::{Endpoint, EndpointAddr, TransportAddr, endpoint::Connection};
use tokio::sync::watch;

use super::ROUND_TRIP;
use crate::net::endpoint::dialled;

/// How often one try is begun anew for an address that is heard of meanwhile. Whoever
/// announces more keeps no try from coming to its end.
const ANEW_MAX: usize = 3;

/// What came of dialling.
pub(super) enum Dialled {
    Reached(Connection),
    Unanswered,
    Failed,
}

/// Dials where the machine is as far as is known, and where it turns out to be meanwhile.
pub(super) async fn dial(
    endpoint: Endpoint,
    (mut place, alpn): (EndpointAddr, &'static [u8]),
    mut heard: watch::Receiver<BTreeSet<SocketAddr>>,
) -> Dialled {
    let mut anew = 0;
    loop {
        let addrs = heard.borrow_and_update().clone();
        place.addrs.extend(addrs.into_iter().map(TransportAddr::Ip));
        tokio::select! {
            reached = connect(&endpoint, place.clone(), alpn) => {
                return reached.map_or(Dialled::Failed, Dialled::Reached);
            }
            Ok(()) = heard.changed(), if anew < ANEW_MAX => anew += 1,
        }
    }
}

async fn connect(
    endpoint: &Endpoint,
    place: EndpointAddr,
    alpn: &[u8],
) -> Option<Connection> {
    let options = dialled(ROUND_TRIP);
    let connecting = endpoint.connect_with_opts(place, alpn, options).await;
    connecting.ok()?.await.ok()
}
