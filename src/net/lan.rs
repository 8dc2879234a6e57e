//! The local network: machines of one clinic hear of each other by mDNS.
//!
//! What is announced, everybody on the network reads: a name of the clinic that tells
//! nothing but that two machines belong together, the endpoint's public key, and the
//! machine's addresses on this network. No name of a clinic, a person or a program, and no
//! relay.

use std::time::Duration;

use iroh::{Endpoint, EndpointAddr, EndpointId, address_lookup::AddrFilter};
use iroh_mdns_address_lookup::{DiscoveryEvent, MdnsAddressLookup};
use tokio::sync::mpsc;
use tokio_stream::StreamExt as _;

use crate::{
    ids::ClinicId,
    seal::{self, Secret},
};

/// How often others are asked who is there; an answer serves all who listen.
const CADENCE: Duration = Duration::from_secs(2);
/// How long until it is tried again where there is no network to announce on.
const AGAIN: Duration = Duration::from_secs(30);
/// Machines that were heard of and not yet looked at. Who speaks more than is listened to
/// is heard the next time.
const HEARD_MAX: usize = 32;
/// The bytes of the clinic's name that are announced; mDNS allows 15 characters.
const NAME_BYTES: usize = 7;

/// The name under which the machines of a clinic announce themselves.
pub(super) fn name_of(clinic: ClinicId) -> String {
    short(&seal::derive("cairn/lan-name/v1", &[clinic.as_bytes()]))
}

/// The name under which a machine waits for one to pair with it: who knows the words knows
/// the endpoint that follows from them, and so what to look for.
pub(super) fn name_of_meeting(endpoint: EndpointId) -> String {
    short(&seal::derive(
        "cairn/lan-meeting/v1",
        &[endpoint.as_bytes()],
    ))
}

fn short(name: &Secret) -> String {
    let bytes = name.as_bytes().iter().take(NAME_BYTES);
    bytes.fold("c".to_owned(), |name, byte| format!("{name}{byte:02x}"))
}

/// Announces an endpoint under a name, and hears who else does, until the receiver is
/// dropped. Where there is no network yet, it goes on trying.
pub(super) fn announce(
    endpoint: &Endpoint,
    name: String,
) -> mpsc::Receiver<EndpointAddr> {
    let (tell, heard) = mpsc::channel(HEARD_MAX);
    let endpoint = endpoint.clone();
    tokio::spawn(async move {
        let closed = tell.clone();
        tokio::select! {
            () = closed.closed() => {}
            () = listen(&endpoint, &name, tell) => {}
        }
    });
    heard
}

async fn listen(endpoint: &Endpoint, name: &str, tell: mpsc::Sender<EndpointAddr>) {
    loop {
        if let Some(mdns) = join(endpoint, name, true) {
            let mut events = mdns.subscribe().await;
            while let Some(event) = events.next().await {
                if let DiscoveryEvent::Discovered { endpoint_info, .. } = event {
                    // Full: heard the next time.
                    tell.try_send(endpoint_info.into()).unwrap_or_default();
                }
            }
        }
        tokio::time::sleep(AGAIN).await;
    }
}

/// Lets an endpoint find others that announce themselves under a name, and be found itself
/// if it `announces`.
pub(super) fn join(
    endpoint: &Endpoint,
    name: &str,
    announces: bool,
) -> Option<MdnsAddressLookup> {
    let made = MdnsAddressLookup::builder()
        .service_name(name)
        .advertise(announces)
        .discovery_cadence(CADENCE)
        .addr_filter(AddrFilter::ip_only())
        .build(endpoint.id());
    let mdns = made
        .inspect_err(|error| tracing::info!(%error, "not announced on the network"))
        .ok()?;
    endpoint.address_lookup().ok()?.add(mdns.clone());
    Some(mdns)
}
