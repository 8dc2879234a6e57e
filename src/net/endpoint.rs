//! The endpoint: the socket that other machines reach this one at, with the limits of what
//! they may do there, and nothing in it that tells a third party of this machine unless a
//! person chose so.

use std::{
    net::{Ipv4Addr, Ipv6Addr, SocketAddr},
    str::FromStr,
    time::Duration,
};

use iroh::{
    Endpoint, RelayMode, RelayUrl, SecretKey, Watcher as _,
    endpoint::{
        BindOpts, Builder, ConnectOptions, PortmapperConfig, QuicTransportConfig,
        QuicTransportConfigBuilder, VarInt, presets,
    },
};

use super::{Error, gate::Gate};
use crate::seal::{PublicKey, Secret};

/// Streams that the other side may have open: one is used, and a few more do no harm.
const STREAMS_MAX: VarInt = VarInt::from_u32(4);
/// What the other side may send on a stream before this one has read it, in bytes.
const STREAM_WINDOW_BYTES: VarInt = VarInt::from_u32(256 * 1024);
/// The same for all streams of a connection.
const CONNECTION_WINDOW_BYTES: VarInt = VarInt::from_u32(2 * 1024 * 1024);
/// What this side sends before the other has confirmed it, in bytes. More would be counted
/// as sent long before a slow link has carried it.
const SEND_WINDOW_BYTES: u64 = 256 * 1024;
/// When a connection is lost on which nothing comes any more. A live one is never silent for
/// longer than 5 s.
const SILENCE: VarInt = VarInt::from_u32(15_000);
/// How often who dialled asks whether the other side is there. That one would ask after 5 s
/// without a packet, and so need not where a round trip takes less than 1.5 s.
const ASKED_EVERY: Duration = Duration::from_secs(3);
/// The first port that no service is registered for, and how many there are.
const FREE_PORTS: (u16, u16) = (49_152, 16_384);
/// How long a machine waits, when it begins, for the addresses of its network cards.
const ADDRESSES_WAIT: Duration = Duration::from_secs(2);

/// Which relay carries what two machines that cannot reach each other say, if any. A relay
/// sees which endpoints speak, from which addresses, when and how much, and never what.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Relay {
    /// None: machines meet on one network, or at addresses that they can reach.
    #[default]
    None,
    /// One of the clinic's own, at this URL.
    Own(String),
    /// Those of the makers of the transport, number 0, and their list of who is where. They
    /// learn that this endpoint exists, at which addresses, and with which others it speaks.
    Public,
}

/// Text that is no relay.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error(
    "a relay is `none`, `public`, or the URL of one of your own, such as https://relay.example"
)]
pub struct NotARelay;

impl FromStr for Relay {
    type Err = NotARelay;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text {
            "none" => Ok(Self::None),
            "public" => Ok(Self::Public),
            _ => {
                let is_web = text.starts_with("https://") || text.starts_with("http://");
                let url = RelayUrl::from_str(text).ok().filter(|_| is_web);
                url.map(|it| Self::Own(it.to_string())).ok_or(NotARelay)
            }
        }
    }
}

impl Relay {
    /// Where another machine of the clinic is reached through a relay of its own.
    pub(super) fn own_url(&self) -> Option<RelayUrl> {
        match self {
            Self::Own(url) => RelayUrl::from_str(url).ok(),
            Self::None | Self::Public => None,
        }
    }
}

/// What an endpoint is to be.
#[derive(Debug)]
pub(super) struct Plan<'a> {
    /// Its key; the public half is what others know it by.
    pub(super) secret: &'a Secret,
    /// The protocols that are spoken at it.
    pub(super) alpns: &'static [&'static [u8]],
    /// Where it listens; everywhere when not said.
    pub(super) bind: Option<SocketAddr>,
    /// The relay that it may use.
    pub(super) relay: &'a Relay,
    /// How long a round trip is guessed to take while none was measured.
    pub(super) round_trip: Duration,
}

/// Opens an endpoint. Every connection, in and out, goes past the gate.
pub(super) async fn open(plan: Plan<'_>, gate: &Gate) -> Result<Endpoint, Error> {
    let secret = SecretKey::from_bytes(plan.secret.as_bytes());
    let builder = || {
        let builder = match plan.relay {
            Relay::None => Endpoint::builder(presets::Minimal),
            Relay::Own(_) => Endpoint::builder(presets::Minimal)
                .relay_mode(RelayMode::custom(plan.relay.own_url())),
            Relay::Public => Endpoint::builder(presets::N0),
        };
        builder
            .secret_key(secret.clone())
            .alpns(plan.alpns.iter().map(|it| it.to_vec()).collect())
            .transport_config(limits(plan.round_trip).build())
            .max_tls_tickets(0)
            .portmapper_config(PortmapperConfig::Disabled)
            .hooks(gate.clone())
            .clear_ip_transports()
    };
    // The same port each time, so that others find it where they met it.
    let port = usual_port(&PublicKey::from_bytes(*secret.public().as_bytes()));
    if let Some(addr) = plan.bind {
        let at = |port| builder().bind_addr(SocketAddr::new(addr.ip(), port));
        if addr.port() == 0
            && let Ok(bound) = at(port).map_err(Error::bind)?.bind().await
        {
            return Ok(bound);
        }
        let builder = at(addr.port()).map_err(Error::bind)?;
        return builder.bind().await.map_err(Error::bind);
    }
    match everywhere(builder(), port)?.bind().await {
        Ok(bound) => Ok(bound),
        Err(_taken) => everywhere(builder(), 0)?.bind().await.map_err(Error::bind),
    }
}

/// The addresses at which others may reach it, as far as they are known by now.
pub(super) async fn addresses(endpoint: &Endpoint) -> Vec<SocketAddr> {
    let mut watcher = endpoint.watch_addr();
    let known = async {
        loop {
            let addrs: Vec<SocketAddr> = watcher.get().ip_addrs().copied().collect();
            if !addrs.is_empty() || watcher.updated().await.is_err() {
                return addrs;
            }
        }
    };
    let known = tokio::time::timeout(ADDRESSES_WAIT, known).await;
    known.unwrap_or_else(|_late| endpoint.bound_sockets())
}

/// All network cards, by IPv4 and where there is such a thing by IPv6.
fn everywhere(builder: Builder, port: u16) -> Result<Builder, Error> {
    let optional = BindOpts::default().set_is_required(false);
    builder
        .bind_addr((Ipv4Addr::UNSPECIFIED, port))
        .and_then(|it| it.bind_addr_with_opts((Ipv6Addr::UNSPECIFIED, port), optional))
        .map_err(Error::bind)
}

/// The port at which the endpoint of this name listens where no other is asked for and it is
/// free: one that follows from the name.
pub fn usual_port(name: &PublicKey) -> u16 {
    let [high, low, ..] = *name.as_bytes();
    let (first, count) = FREE_PORTS;
    first + u16::from_be_bytes([high, low]) % count
}

/// How a connection is to be that this side dials.
pub(super) fn dialled(round_trip: Duration) -> ConnectOptions {
    let limits = limits(round_trip)
        .keep_alive_interval(ASKED_EVERY)
        .default_path_keep_alive_interval(ASKED_EVERY);
    ConnectOptions::new().with_transport_config(limits.build())
}

fn limits(round_trip: Duration) -> QuicTransportConfigBuilder {
    QuicTransportConfig::builder()
        .initial_rtt(round_trip)
        .max_idle_timeout(Some(SILENCE.into()))
        .max_concurrent_bidi_streams(STREAMS_MAX)
        .max_concurrent_uni_streams(VarInt::from_u32(0))
        .stream_receive_window(STREAM_WINDOW_BYTES)
        .receive_window(CONNECTION_WINDOW_BYTES)
        .send_window(SEND_WINDOW_BYTES)
        .datagram_receive_buffer_size(None)
        // Probes for larger packets cost more than a usual meeting says.
        .mtu_discovery_config(None)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: Option<Relay>) {
        assert_eq!(text.parse().ok(), expected, "{text}");
    }

    #[test]
    fn a_relay_is_none_or_public_or_a_url_and_public_only_by_that_word() {
        let own = |url: &str| Some(Relay::Own(url.to_owned()));
        check("none", Some(Relay::None));
        check("public", Some(Relay::Public));
        check("https://relay.example", own("https://relay.example/"));
        check("http://10.0.0.1:3340", own("http://10.0.0.1:3340/"));
        for wrong in ["", "yes", "relay.example", "file:///etc/passwd", "https://"] {
            check(wrong, None);
        }
        assert_eq!(Relay::default(), Relay::None);
    }

    #[test]
    fn the_usual_port_is_free_for_anyone_and_the_same_each_time() {
        for name in [[0; 32], [0x7f; 32], [0xff; 32]].map(PublicKey::from_bytes) {
            assert!(usual_port(&name) >= FREE_PORTS.0);
            assert_eq!(usual_port(&name), usual_port(&name));
        }
    }
}
