//! The machine that wants to belong: it looks for the one that waits, and asks to be let in.

use std::{net::SocketAddr, ops::ControlFlow, sync::atomic::Ordering, time::Duration};

use iroh::{
    Endpoint, EndpointAddr, SecretKey, TransportAddr,
    endpoint::{ConnectError, ConnectingError, Connection, ConnectionError},
};
use tokio::time::{Instant, Interval, interval, sleep, timeout};

use super::{
    BEGINNING, NotPaired, PAIR_ALPN, Pairing, PairingPlace, Person, TICK, begun,
};
use crate::{
    net::{
        Error,
        gate::Closing,
        lan::{self, Heard},
        pipes::{Moved, Pipes},
    },
    seal::{PublicKey, Secret},
    sync::pair::{
        Card, Enrolment, JoinInput, JoinOutput, Joining, MESSAGE_BYTES_MAX, Message,
        PairWords, Why,
    },
};

/// How long the other machine is looked for.
const LOOKED_FOR: Duration = Duration::from_secs(30);
/// How long after a try in vain the next one follows.
const AGAIN: Duration = Duration::from_secs(1);

/// What a pairing asks of the machine that joins.
#[derive(Debug)]
pub enum JoiningAsks {
    /// To keep what it was given, for good.
    Keep(Box<Enrolment>),
    /// Nothing more: this is how it came out.
    Ended(Result<(), NotPaired>),
}

/// What it is answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum JoiningHears {
    /// It is kept, and this machine's own log begins with these envelopes.
    Kept(Vec<Vec<u8>>),
    /// It is not, and nothing of it is left here.
    NotKept,
}

/// Looks for the machine that shows the words, at `addrs` or, where the place says so, on the
/// local network; and asks it to let in the machine of the card, whose endpoint has this
/// secret.
pub fn join(
    words: PairWords,
    (card, secret): (Card, Secret),
    addrs: Vec<SocketAddr>,
    place: PairingPlace,
) -> Result<Pairing<JoiningAsks, JoiningHears>, Error> {
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
            joining: Joining::new(words, card, 0),
            began: Instant::now(),
            tick: interval(TICK),
            person,
        };
        let how = match look_for(&endpoint, there, heard).await {
            Ok(connection) => guest.talk(connection).await,
            Err(not_found) => Err(not_found),
        };
        ask.send(JoiningAsks::Ended(how)).unwrap_or_default();
    })
}

struct Guest {
    joining: Joining,
    began: Instant,
    tick: Interval,
    person: Person<JoiningAsks, JoiningHears>,
}

/// How the pairing came out, or that it goes on.
type Outcome = ControlFlow<Result<(), Why>>;

impl Guest {
    async fn talk(&mut self, connection: Connection) -> Result<(), NotPaired> {
        let opened = timeout(BEGINNING, connection.open_bi()).await;
        let opened = opened.ok().and_then(Result::ok);
        let (streams, exporter) = opened
            .and_then(|it| begun(&connection, it))
            .ok_or(Why::Torn)?;
        let inviting = PublicKey::from_bytes(*connection.remote_id().as_bytes());
        let mut pipes = Pipes::new(streams, MESSAGE_BYTES_MAX);
        let mut input = JoinInput::Met { inviting, exporter };
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

    async fn next(&mut self, pipes: &mut Pipes) -> JoinInput {
        loop {
            return tokio::select! {
                moved = pipes.next(true) => match moved {
                    Ok(Moved::Left(_)) => continue,
                    Ok(Moved::Heard(bytes)) => JoinInput::Heard(Message::decode(&bytes)),
                    Err(_gone) => JoinInput::Lost,
                },
                told = self.person.told.recv() => match told {
                    Some(JoiningHears::Kept(first)) => JoinInput::Kept(first),
                    Some(JoiningHears::NotKept) | None => JoinInput::NotKept,
                },
                _now = self.tick.tick() => JoinInput::Tick,
            };
        }
    }

    fn hear(&mut self, input: JoinInput, pipes: &mut Pipes) -> Outcome {
        let now_ms = i64::try_from(self.began.elapsed().as_millis()).unwrap_or(i64::MAX);
        for output in self.joining.handle(input, now_ms) {
            match output {
                JoinOutput::Send(message) => {
                    // The card is shown to nobody who has not proved to know the words.
                    if matches!(message, Message::Card(_)) {
                        self.person.seen.is_known.store(true, Ordering::Relaxed);
                    }
                    pipes.say(message.encode());
                }
                JoinOutput::Keep(enrolment) => {
                    let keep = JoiningAsks::Keep(Box::new(enrolment));
                    self.person.ask.send(keep).unwrap_or_default();
                }
                JoinOutput::Ended(how) => return ControlFlow::Break(how),
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
