//! The machine on which the words were typed: it looks for the one that shows them.

use std::{net::SocketAddr, ops::ControlFlow, sync::atomic::Ordering, time::Duration};

use iroh::{
    Endpoint, EndpointAddr, SecretKey, TransportAddr,
    endpoint::{ConnectError, ConnectingError, Connection, ConnectionError},
};
use tokio::time::{Instant, Interval, interval, sleep, timeout};

use super::{
    BEGINNING, Came, Decides, Does, NotPaired, PAIR_ALPN, Pairing, PairingPlace, Person,
    TICK, begun,
};
use crate::{
    net::{
        Error,
        gate::Closing,
        lan::{self, Heard},
        meeting::addrs_of,
        pipes::{Moved, Pipes},
    },
    seal::{PublicKey, Secret},
    sync::pair::{MESSAGE_BYTES_MAX, Message, PairWords, Why},
};

/// How long the other machine is looked for.
const LOOKED_FOR: Duration = Duration::from_secs(30);
/// How long after a try in vain the next one follows.
const AGAIN: Duration = Duration::from_secs(1);

/// Looks for the machine that shows the words, at `addrs` or, where the place says so, on the
/// local network, from an endpoint with this secret. What is said decides what `begin` makes
/// of the words.
pub(super) fn look<D: Decides>(
    (words, secret): (PairWords, Secret),
    addrs: Vec<SocketAddr>,
    place: PairingPlace,
    begin: impl FnOnce(PairWords) -> D + Send + 'static,
) -> Result<Pairing<D::Asks, D::Hears>, Error> {
    let meeting = SecretKey::from_bytes(words.meeting_key().as_bytes()).public();
    let there = addrs.into_iter().map(TransportAddr::Ip);
    let there = EndpointAddr::from_parts(meeting, there);
    Pairing::begin((secret, place), move |endpoint, person| async move {
        let heard = if place.mdns {
            lan::listen(&endpoint, lan::name_of_meeting(meeting), false)
        } else {
            Heard::NOBODY
        };
        let ask = person.ask.clone();
        let mut guest = Guest {
            decides: begin(words),
            began: Instant::now(),
            tick: interval(TICK),
            person,
        };
        let how = match look_for(&endpoint, there, heard).await {
            Ok(connection) => guest.talk(connection).await,
            Err(not_found) => Err(not_found),
        };
        ask.send(D::ended(how)).unwrap_or_default();
    })
}

struct Guest<D: Decides> {
    decides: D,
    began: Instant,
    tick: Interval,
    person: Person<D::Asks, D::Hears>,
}

/// How the pairing came out, or that it goes on.
type Outcome = ControlFlow<Result<(), Why>>;

impl<D: Decides> Guest<D> {
    async fn talk(&mut self, connection: Connection) -> Result<(), NotPaired> {
        let opened = timeout(BEGINNING, connection.open_bi()).await;
        let opened = opened.ok().and_then(Result::ok);
        let (streams, exporter) = opened
            .and_then(|it| begun(&connection, it))
            .ok_or(Why::Torn)?;
        self.person.seen.met_at(addrs_of(&connection));
        let other = PublicKey::from_bytes(*connection.remote_id().as_bytes());
        let mut pipes = Pipes::new(streams, MESSAGE_BYTES_MAX);
        let mut input = Came::Met { other, exporter };
        let how = loop {
            if let ControlFlow::Break(how) = self.hear(input, &mut pipes) {
                break how;
            }
            input = self.next(&mut pipes).await;
        };
        pipes.finish().await;
        Closing::Done.close(&connection);
        Ok(how?)
    }

    async fn next(&mut self, pipes: &mut Pipes) -> Came<D::Hears> {
        loop {
            return tokio::select! {
                moved = pipes.next(true) => match moved {
                    Ok(Moved::Left(_)) => continue,
                    Ok(Moved::Heard(bytes)) => Came::Heard(Message::decode(&bytes)),
                    Err(_gone) => Came::Lost,
                },
                told = self.person.told.recv() => told.map_or(Came::Gone, Came::Told),
                _now = self.tick.tick() => Came::Tick,
            };
        }
    }

    fn hear(&mut self, input: Came<D::Hears>, pipes: &mut Pipes) -> Outcome {
        let now_ms = i64::try_from(self.began.elapsed().as_millis()).unwrap_or(i64::MAX);
        for output in self.decides.handle(input, now_ms) {
            match output {
                Does::Send(message) => {
                    // A card is shown to nobody who has not proved to know the words.
                    if matches!(message, Message::Card(_) | Message::Contact(_)) {
                        self.person.seen.is_known.store(true, Ordering::Relaxed);
                    }
                    pipes.say(message.encode());
                }
                Does::Ask(asks) => self.person.ask.send(asks).unwrap_or_default(),
                // There is one connection, and it is of use to the end.
                Does::HangUp => return ControlFlow::Break(Err(Why::Torn)),
                Does::End(how) => return ControlFlow::Break(how),
            }
        }
        ControlFlow::Continue(())
    }
}

async fn look_for(
    endpoint: &Endpoint,
    mut there: EndpointAddr,
    mut heard: Heard,
) -> Result<Connection, NotPaired> {
    let looking = async {
        loop {
            tokio::select! {
                dialled = endpoint.connect(there.clone(), PAIR_ALPN) => match dialled {
                    Ok(connection) => return Ok(connection),
                    Err(error) if is_another(&error) => {
                        return Err(Why::WrongWords.into());
                    }
                    Err(_not_there) => sleep(AGAIN).await,
                },
                addr = heard.next() => if addr.id == there.id {
                    there.addrs.extend(addr.addrs);
                },
            }
        }
    };
    timeout(LOOKED_FOR, looking)
        .await
        .unwrap_or(Err(NotPaired::NotReached))
}

/// Whether somebody answered who has other words: this machine ended the handshake then.
fn is_another(error: &ConnectError) -> bool {
    if let ConnectError::Connection { source, .. }
    | ConnectError::Connecting {
        source: ConnectingError::ConnectionError { source, .. },
        ..
    } = error
    {
        return matches!(source, ConnectionError::TransportError(_));
    }
    false
}
