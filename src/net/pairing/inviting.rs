//! The machine that belongs to the clinic: it waits, and talks with one at a time.

use std::{
    ops::{ControlFlow, RangeInclusive},
    sync::atomic::Ordering,
};

use iroh::{
    Endpoint,
    endpoint::{ConnectingError, Connection, ConnectionError, Incoming},
};
use tokio::time::{Instant, Interval, interval, sleep_until, timeout};

use super::{BEGINNING, NotPaired, Pairing, PairingPlace, Person, TICK, begun};
use crate::{
    net::{
        Error,
        gate::Closing,
        lan,
        pipes::{Moved, Pipes},
    },
    seal::PublicKey,
    sync::pair::{
        Card, Enrolment, InviteInput, InviteOutput, Inviting, MESSAGE_BYTES_MAX, Message,
        PairWords, Why,
    },
};

/// The codes with which QUIC says that a TLS handshake failed.
const TLS_FAILED: RangeInclusive<u64> = 0x100..=0x1ff;

/// What a pairing asks of the machine that invites.
#[derive(Debug)]
pub enum InvitingAsks {
    /// Whether this machine is to be let in.
    Agree(Card),
    /// To let it in, and what it needs.
    Enrol(Card),
    /// To take in what the machine that was let in says of itself. Not to be answered.
    Take(Vec<Vec<u8>>),
    /// Nothing more: this is how it came out.
    Ended(Result<(), NotPaired>),
}

/// What it is answered.
#[derive(Debug)]
pub enum InvitingHears {
    /// The owner says yes.
    Agreed,
    /// The machine was let in.
    Enrolled(Box<Enrolment>),
    /// The owner says no, or it could not be let in.
    Refused(Why),
}

/// Waits for a machine that knows the words, for as long as the words are good.
pub fn invite(
    words: PairWords,
    place: PairingPlace,
) -> Result<Pairing<InvitingAsks, InvitingHears>, Error> {
    let secret = words.meeting_key();
    Pairing::begin((secret, place), move |endpoint, person| async move {
        // Kept: while somebody hears of others, this one is heard of.
        let name = lan::name_of_meeting(endpoint.id());
        let _heard = place.mdns.then(|| lan::listen(&endpoint, name, true));
        let me = PublicKey::from_bytes(*endpoint.id().as_bytes());
        let mut host = Host {
            inviting: Inviting::new(words, me, 0),
            began: Instant::now(),
            tick: interval(TICK),
            person,
        };
        let how = match host.wait(&endpoint).await {
            ControlFlow::Break(how) => how,
            ControlFlow::Continue(()) => return,
        };
        let how = how.map_err(NotPaired::from);
        let ended = InvitingAsks::Ended(how);
        host.person.ask.send(ended).unwrap_or_default();
    })
}

/// How the pairing came out, or that it goes on.
type Outcome<T = ()> = ControlFlow<Result<(), Why>, T>;

struct Host {
    inviting: Inviting,
    began: Instant,
    tick: Interval,
    person: Person<InvitingAsks, InvitingHears>,
}

impl Host {
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
                    self.hear(told.into(), None)?;
                    // Nobody is connected who could get what follows.
                    self.hear(InviteInput::Lost, None)?;
                }
                _now = self.tick.tick() => {
                    self.hear(InviteInput::Tick, None)?;
                }
            }
        }
    }

    async fn receive(&mut self, incoming: Incoming) -> Outcome {
        match timeout(BEGINNING, shake_hands(incoming)).await {
            Ok(Ok(connection)) => self.talk(connection).await,
            Ok(Err(error)) if looked_for_another(&error) => {
                self.hear(InviteInput::Missed, None).map_continue(drop)
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
        let joining = PublicKey::from_bytes(*connection.remote_id().as_bytes());
        let mut pipes = Pipes::new(streams, MESSAGE_BYTES_MAX);
        self.hear(InviteInput::Met { joining, exporter }, None)?;
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
                        InviteInput::Heard(Message::decode(&bytes))
                    }
                    Err(_gone) => InviteInput::Lost,
                },
                // Who says nothing must not keep others from coming.
                () = sleep_until(begin_by), if !has_begun => InviteInput::Lost,
                told = self.person.told.recv() => match told {
                    Some(told) => told.into(),
                    None => InviteInput::Refused(Why::Declined),
                },
                _now = self.tick.tick() => InviteInput::Tick,
            };
            let is_lost = matches!(input, InviteInput::Lost);
            let goes_on = self.hear(input, Some(&mut *pipes))?;
            if is_lost || !goes_on {
                return ControlFlow::Continue(());
            }
        }
    }

    /// Does what follows from what happened; whether the connection is still wanted then.
    fn hear(&mut self, input: InviteInput, pipes: Option<&mut Pipes>) -> Outcome<bool> {
        let now_ms = i64::try_from(self.began.elapsed().as_millis()).unwrap_or(i64::MAX);
        let mut pipes = pipes;
        let mut goes_on = true;
        let outputs = self.inviting.handle(input, now_ms);
        let seen = &self.person.seen;
        seen.tries_left
            .store(self.inviting.tries_left(), Ordering::Relaxed);
        for output in outputs {
            let asks = match output {
                InviteOutput::Send(message) => {
                    if let Some(pipes) = &mut pipes {
                        pipes.say(message.encode());
                    }
                    continue;
                }
                InviteOutput::HangUp => {
                    goes_on = false;
                    continue;
                }
                InviteOutput::Ask(card) => InvitingAsks::Agree(card),
                InviteOutput::Enrol(card) => InvitingAsks::Enrol(card),
                InviteOutput::Take(envelopes) => InvitingAsks::Take(envelopes),
                InviteOutput::Ended(how) => return ControlFlow::Break(how),
            };
            self.person.ask.send(asks).unwrap_or_default();
        }
        ControlFlow::Continue(goes_on)
    }
}

impl From<InvitingHears> for InviteInput {
    fn from(told: InvitingHears) -> Self {
        match told {
            InvitingHears::Agreed => Self::Agreed,
            InvitingHears::Enrolled(enrolment) => Self::Enrolled(enrolment),
            InvitingHears::Refused(why) => Self::Refused(why),
        }
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
