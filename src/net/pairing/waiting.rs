//! The machine that shows the words: it waits, and talks with one at a time.

use std::{
    ops::{ControlFlow, RangeInclusive},
    sync::atomic::Ordering,
};

use iroh::{
    Endpoint,
    endpoint::{ConnectingError, Connection, ConnectionError, Incoming},
};
use tokio::time::{Instant, Interval, interval, sleep_until, timeout};

use super::{
    BEGINNING, Came, Decides, Does, NotPaired, Pairing, PairingPlace, Person, TICK, begun,
};
use crate::{
    net::{
        Error,
        gate::Closing,
        lan,
        meeting::addrs_of,
        pipes::{Moved, Pipes},
    },
    seal::PublicKey,
    sync::pair::{MESSAGE_BYTES_MAX, Message, PairWords, Why},
};

/// The codes with which QUIC says that a TLS handshake failed.
const TLS_FAILED: RangeInclusive<u64> = 0x100..=0x1ff;

/// Waits for a machine that knows the words, for as long as the words are good. What is said
/// decides what `begin` makes of the words and the endpoint.
pub(super) fn wait<D: Decides>(
    words: PairWords,
    place: PairingPlace,
    begin: impl FnOnce(PairWords, PublicKey) -> D + Send + 'static,
) -> Result<Pairing<D::Asks, D::Hears>, Error> {
    let secret = words.meeting_key();
    Pairing::begin((secret, place), move |endpoint, person| async move {
        // Kept: while somebody hears of others, this one is heard of.
        let name = lan::name_of_meeting(endpoint.id());
        let _heard = place.mdns.then(|| lan::listen(&endpoint, name, true));
        let me = PublicKey::from_bytes(*endpoint.id().as_bytes());
        let mut host = Host {
            decides: begin(words, me),
            began: Instant::now(),
            tick: interval(TICK),
            person,
        };
        let how = match host.wait(&endpoint).await {
            ControlFlow::Break(how) => how,
            ControlFlow::Continue(()) => return,
        };
        let ended = D::ended(how.map_err(NotPaired::from));
        host.person.ask.send(ended).unwrap_or_default();
    })
}

/// How the pairing came out, or that it goes on.
type Outcome<T = ()> = ControlFlow<Result<(), Why>, T>;

struct Host<D: Decides> {
    decides: D,
    began: Instant,
    tick: Interval,
    person: Person<D::Asks, D::Hears>,
}

impl<D: Decides> Host<D> {
    /// Until the end; goes on, and so returns, only when nobody waits for it any more.
    async fn wait(&mut self, endpoint: &Endpoint) -> Outcome {
        loop {
            tokio::select! {
                incoming = endpoint.accept() => {
                    let Some(incoming) = incoming else {
                        return ControlFlow::Continue(());
                    };
                    self.receive(incoming).await?;
                }
                told = self.person.told.recv() => {
                    let Some(told) = told else {
                        return ControlFlow::Continue(());
                    };
                    self.hear(Came::Told(told), None)?;
                    // Nobody is connected who could get what follows.
                    self.hear(Came::Lost, None)?;
                }
                _now = self.tick.tick() => {
                    self.hear(Came::Tick, None)?;
                }
            }
        }
    }

    async fn receive(&mut self, incoming: Incoming) -> Outcome {
        match timeout(BEGINNING, shake_hands(incoming)).await {
            Ok(Ok(connection)) => self.talk(connection).await,
            Ok(Err(error)) if looked_for_another(&error) => {
                self.hear(Came::Missed, None).map_continue(drop)
            }
            Ok(Err(_)) | Err(_) => ControlFlow::Continue(()),
        }
    }

    async fn talk(&mut self, connection: Connection) -> Outcome {
        let opened = timeout(BEGINNING, connection.accept_bi()).await;
        let opened = opened.ok().and_then(Result::ok);
        let Some((streams, exporter)) = opened.and_then(|it| begun(&connection, it))
        else {
            Closing::Stalled.close(&connection);
            return ControlFlow::Continue(());
        };
        let other = PublicKey::from_bytes(*connection.remote_id().as_bytes());
        let mut pipes = Pipes::new(streams, MESSAGE_BYTES_MAX);
        self.person.seen.met_at(addrs_of(&connection));
        self.hear(Came::Met { other, exporter }, None)?;
        let outcome = self.converse(&mut pipes).await;
        pipes.finish().await;
        Closing::Done.close(&connection);
        outcome
    }

    async fn converse(&mut self, pipes: &mut Pipes) -> Outcome {
        let begin_by = Instant::now() + BEGINNING;
        let mut has_begun = false;
        loop {
            let input = tokio::select! {
                moved = pipes.next(true) => match moved {
                    Ok(Moved::Left(_)) => continue,
                    Ok(Moved::Heard(bytes)) => {
                        has_begun = true;
                        Came::Heard(Message::decode(&bytes))
                    }
                    Err(_gone) => Came::Lost,
                },
                // Who says nothing must not keep others from coming.
                () = sleep_until(begin_by), if !has_begun => Came::Lost,
                told = self.person.told.recv() => told.map_or(Came::Gone, Came::Told),
                _now = self.tick.tick() => Came::Tick,
            };
            let is_lost = matches!(input, Came::Lost);
            let goes_on = self.hear(input, Some(&mut *pipes))?;
            if is_lost || !goes_on {
                return ControlFlow::Continue(());
            }
        }
    }

    /// Does what follows from what happened; whether the connection is still wanted then.
    fn hear(
        &mut self,
        input: Came<D::Hears>,
        pipes: Option<&mut Pipes>,
    ) -> Outcome<bool> {
        let now_ms = i64::try_from(self.began.elapsed().as_millis()).unwrap_or(i64::MAX);
        let mut pipes = pipes;
        let mut goes_on = true;
        let outputs = self.decides.handle(input, now_ms);
        let seen = &self.person.seen;
        seen.tries_left
            .store(self.decides.tries_left(), Ordering::Relaxed);
        for output in outputs {
            match output {
                Does::Send(message) => {
                    if let Some(pipes) = &mut pipes {
                        pipes.say(message.encode());
                    }
                }
                Does::Ask(asks) => self.person.ask.send(asks).unwrap_or_default(),
                Does::HangUp => goes_on = false,
                Does::End(how) => return ControlFlow::Break(how),
            }
        }
        ControlFlow::Continue(goes_on)
    }
}

async fn shake_hands(incoming: Incoming) -> Result<Connection, ConnectingError> {
    incoming.accept()?.await
}

/// Whether a handshake failed because somebody looked for another key at this address.
fn looked_for_another(error: &ConnectingError) -> bool {
    if let ConnectingError::ConnectionError {
        source: ConnectionError::ConnectionClosed(closed),
        ..
    } = error
    {
        return TLS_FAILED.contains(&u64::from(closed.error_code));
    }
    false
}
