//! The machine that belongs to the clinic, while it waits for one that does not yet.

use super::{Card, Channel, Enrolment, Message, PairWords, Side, Why, proof};
use crate::seal::{Mac, PublicKey};

/// How long words are good for, in milliseconds.
pub const PAIRING_MS: i64 = 10 * 60 * 1000;
/// How often wrong words may be tried.
pub const TRIES_MAX: u8 = 3;
/// How long a machine that was let in has to say that it is ready, in milliseconds. A large
/// clinic's membership lane takes a slow disk a minute.
const READY_MS: i64 = 5 * 60 * 1000;

/// One pairing, from the words to one machine that is let in. The driver brings one
/// connection at a time.
#[derive(Debug)]
pub struct Inviting {
    words: PairWords,
    me: PublicKey,
    until_ms: i64,
    tries_left: u8,
    stage: Stage,
}

/// What is waited for.
#[derive(Debug, Clone)]
enum Stage {
    /// For somebody to come.
    Waiting,
    /// For the proof of who came.
    Proving(Channel),
    /// For its card. From here on the words are used.
    Proved(Channel),
    /// For the owner, who looks at the card.
    Asking(Card),
    /// For the statement that lets it in.
    Signing,
    /// For it to keep that, and to say how it is met from now on.
    Enrolling,
    /// For it to be ready.
    Introduced,
    /// For nothing.
    Ended,
}

/// What the driver tells the inviting machine.
#[derive(Debug)]
pub enum InviteInput {
    /// Somebody is connected.
    Met {
        /// Their endpoint key.
        joining: PublicKey,
        /// As [`Channel::exporter`].
        exporter: [u8; 32],
    },
    /// Somebody looked for another endpoint at this address: they have other words.
    Missed,
    /// What the other side sent, or that it cannot be read.
    Heard(Result<Message, Why>),
    /// The owner says yes to the card.
    Agreed,
    /// The machine of the card was let in.
    Enrolled(Box<Enrolment>),
    /// The owner says no, or the machine could not be let in.
    Refused(Why),
    /// The connection ended.
    Lost,
    /// Time passed.
    Tick,
}

/// What the driver of the inviting machine is to do.
#[derive(Debug, PartialEq, Eq)]
pub enum InviteOutput {
    /// Send this.
    Send(Message),
    /// Show the card to the owner and bring the answer.
    Ask(Card),
    /// Let the machine of the card in, and bring what it needs.
    Enrol(Card),
    /// Take these in: what the machine that was let in says of itself in its own log.
    Take(Vec<Vec<u8>>),
    /// End the connection, once what was to be sent is, and wait for another.
    HangUp,
    /// End everything, once what was to be sent is. This is how it came out.
    Ended(Result<(), Why>),
}

impl Inviting {
    /// Waits at the endpoint `me` for a machine whose owner types these words.
    pub const fn new(words: PairWords, me: PublicKey, now_ms: i64) -> Self {
        Self {
            words,
            me,
            until_ms: now_ms.saturating_add(PAIRING_MS),
            tries_left: TRIES_MAX,
            stage: Stage::Waiting,
        }
    }

    /// When the driver says [`InviteInput::Tick`] at the latest.
    pub const fn until_ms(&self) -> i64 {
        self.until_ms
    }

    /// How often wrong words may still be tried.
    pub const fn tries_left(&self) -> u8 {
        self.tries_left
    }

    /// What follows from what happened.
    pub fn handle(&mut self, input: InviteInput, now_ms: i64) -> Vec<InviteOutput> {
        if now_ms >= self.until_ms {
            return self.end_late();
        }
        match input {
            InviteInput::Met { joining, exporter } => self.met(joining, exporter),
            InviteInput::Missed => self.missed(),
            InviteInput::Heard(Ok(message)) => self.heard(message),
            InviteInput::Heard(Err(_)) => self.nonsense(),
            InviteInput::Agreed => self.agreed(now_ms),
            InviteInput::Enrolled(enrolment) => self.enrolled(*enrolment),
            InviteInput::Refused(why) => self.refuse(why),
            InviteInput::Lost => self.lost(),
            InviteInput::Tick => Vec::new(),
        }
    }

    fn met(&mut self, joining: PublicKey, exporter: [u8; 32]) -> Vec<InviteOutput> {
        if matches!(self.stage, Stage::Waiting) {
            let inviting = self.me;
            self.stage = Stage::Proving(Channel {
                inviting,
                joining,
                exporter,
            });
        }
        Vec::new()
    }

    fn missed(&mut self) -> Vec<InviteOutput> {
        if matches!(self.stage, Stage::Waiting) {
            self.count_try()
        } else {
            Vec::new()
        }
    }

    fn heard(&mut self, message: Message) -> Vec<InviteOutput> {
        match (self.stage.clone(), message) {
            (Stage::Proving(channel), Message::Proof(bytes)) => {
                if Mac::from_bytes(bytes) != proof(&self.words, Side::Joining, &channel) {
                    return self.count_try();
                }
                let mine = proof(&self.words, Side::Inviting, &channel);
                self.stage = Stage::Proved(channel);
                vec![InviteOutput::Send(Message::Proof(*mine.as_bytes()))]
            }
            (Stage::Proved(channel), Message::Card(card))
                if card.endpoint == channel.joining =>
            {
                self.stage = Stage::Asking(card.clone());
                vec![InviteOutput::Ask(card)]
            }
            (Stage::Proved(_), Message::Contact(_)) => self.refuse(Why::Crossed),
            (Stage::Enrolling, Message::Envelopes(envelopes)) => {
                self.stage = Stage::Introduced;
                vec![InviteOutput::Take(envelopes)]
            }
            (Stage::Enrolling | Stage::Introduced, Message::Done) => self.end(Ok(())),
            (Stage::Waiting | Stage::Proving(_), Message::Refused(_)) => {
                self.stage = Stage::Waiting;
                vec![InviteOutput::HangUp]
            }
            (_, Message::Refused(why)) => self.end(Err(why)),
            (_, _) => self.nonsense(),
        }
    }

    fn agreed(&mut self, now_ms: i64) -> Vec<InviteOutput> {
        let Stage::Asking(card) = &self.stage else {
            return Vec::new();
        };
        let enrol = vec![InviteOutput::Enrol(card.clone())];
        self.stage = Stage::Signing;
        self.until_ms = now_ms.saturating_add(READY_MS);
        enrol
    }

    fn enrolled(&mut self, enrolment: Enrolment) -> Vec<InviteOutput> {
        if !matches!(self.stage, Stage::Signing) {
            return self.end(Err(Why::Unconfirmed));
        }
        self.stage = Stage::Enrolling;
        let messages = enrolment.into_messages().into_iter();
        messages.map(InviteOutput::Send).collect()
    }

    /// A try with other words. After the last one nobody is let in with these.
    fn count_try(&mut self) -> Vec<InviteOutput> {
        self.tries_left = self.tries_left.saturating_sub(1);
        if self.tries_left == 0 {
            return self.refuse(Why::TooManyTries);
        }
        self.stage = Stage::Waiting;
        let told = InviteOutput::Send(Message::Refused(Why::WrongWords));
        vec![told, InviteOutput::HangUp]
    }

    /// Who talks nonsense before the proof may be anybody, and costs a try.
    fn nonsense(&mut self) -> Vec<InviteOutput> {
        match self.stage {
            Stage::Waiting => vec![InviteOutput::HangUp],
            Stage::Proving(_) => self.count_try(),
            Stage::Proved(_) | Stage::Asking(_) => self.refuse(Why::Nonsense),
            Stage::Signing | Stage::Enrolling | Stage::Introduced | Stage::Ended => {
                self.end(Err(Why::Unconfirmed))
            }
        }
    }

    fn lost(&mut self) -> Vec<InviteOutput> {
        match self.stage {
            Stage::Waiting | Stage::Proving(_) => {
                self.stage = Stage::Waiting;
                Vec::new()
            }
            Stage::Proved(_) | Stage::Asking(_) => self.end(Err(Why::Torn)),
            // What is sent to it next will not arrive either.
            Stage::Signing => Vec::new(),
            Stage::Enrolling | Stage::Introduced | Stage::Ended => {
                self.end(Err(Why::Unconfirmed))
            }
        }
    }

    fn end_late(&mut self) -> Vec<InviteOutput> {
        match self.stage {
            Stage::Waiting => self.end(Err(Why::Expired)),
            Stage::Proving(_) | Stage::Proved(_) | Stage::Asking(_) => {
                self.refuse(Why::Expired)
            }
            Stage::Signing | Stage::Enrolling | Stage::Introduced | Stage::Ended => {
                self.end(Err(Why::Unconfirmed))
            }
        }
    }

    fn refuse(&mut self, why: Why) -> Vec<InviteOutput> {
        let mut outputs = vec![InviteOutput::Send(Message::Refused(why))];
        outputs.extend(self.end(Err(why)));
        outputs
    }

    /// Says how it came out, once.
    fn end(&mut self, how: Result<(), Why>) -> Vec<InviteOutput> {
        if matches!(self.stage, Stage::Ended) {
            return Vec::new();
        }
        self.stage = Stage::Ended;
        vec![InviteOutput::Ended(how)]
    }
}
