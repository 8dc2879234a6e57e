//! The machine that wants to belong to the clinic.

use super::{Card, Channel, Enrolment, Message, PAIRING_MS, PairWords, Side, Why, proof};
use crate::seal::{Mac, PublicKey};

/// One try to join, over one connection.
#[derive(Debug)]
pub struct Joining {
    words: PairWords,
    card: Card,
    until_ms: i64,
    stage: Stage,
}

/// What is waited for.
#[derive(Debug)]
enum Stage {
    /// For the connection.
    Dialling,
    /// For the other machine's proof.
    Proving(Channel),
    /// For the owner there to say yes.
    Asking,
    /// For the rest of the membership lane: how many envelopes and bytes.
    Receiving(Box<Enrolment>, Rest),
    /// For this machine to keep what it was given.
    Keeping,
    /// For nothing.
    Ended,
}

/// What was announced and has not come yet.
#[derive(Debug, Clone, Copy)]
struct Rest {
    count: u64,
    bytes: u64,
}

/// What the driver tells the joining machine.
#[derive(Debug)]
pub enum JoinInput {
    /// The other machine is connected.
    Met {
        /// Its endpoint key.
        inviting: PublicKey,
        /// As [`Channel::exporter`].
        exporter: [u8; 32],
    },
    /// What the other side sent, or that it cannot be read.
    Heard(Result<Message, Why>),
    /// What was given is kept, for good. This machine's own log begins with these envelopes,
    /// which say how it is met.
    Kept(Vec<Vec<u8>>),
    /// It is not, and nothing of it is left here.
    NotKept,
    /// The connection ended.
    Lost,
    /// Time passed.
    Tick,
}

/// What the driver of the joining machine is to do.
#[derive(Debug, PartialEq, Eq)]
pub enum JoinOutput {
    /// Send this.
    Send(Message),
    /// Keep this, and say when it is done.
    Keep(Enrolment),
    /// End the connection, once what was to be sent is. This is how it came out.
    Ended(Result<(), Why>),
}

impl Joining {
    /// Joins with these words, as the machine of this card.
    pub const fn new(words: PairWords, card: Card, now_ms: i64) -> Self {
        Self {
            words,
            card,
            until_ms: now_ms.saturating_add(PAIRING_MS),
            stage: Stage::Dialling,
        }
    }

    /// When the driver says [`JoinInput::Tick`] at the latest.
    pub const fn until_ms(&self) -> i64 {
        self.until_ms
    }

    /// What follows from what happened.
    pub fn handle(&mut self, input: JoinInput, now_ms: i64) -> Vec<JoinOutput> {
        if now_ms >= self.until_ms && !matches!(self.stage, Stage::Keeping) {
            return self.end(Err(Why::Expired));
        }
        match input {
            JoinInput::Met { inviting, exporter } => self.met(inviting, exporter),
            JoinInput::Heard(Ok(message)) => self.heard(message),
            JoinInput::Heard(Err(why)) => self.refuse(why),
            JoinInput::Kept(first) => self.kept(first),
            JoinInput::NotKept => self.refuse(Why::NotKept),
            JoinInput::Lost => self.lost(),
            JoinInput::Tick => Vec::new(),
        }
    }

    fn met(&mut self, inviting: PublicKey, exporter: [u8; 32]) -> Vec<JoinOutput> {
        let channel = Channel {
            inviting,
            joining: self.card.endpoint,
            exporter,
        };
        let mine = proof(&self.words, Side::Joining, &channel);
        self.stage = Stage::Proving(channel);
        vec![JoinOutput::Send(Message::Proof(*mine.as_bytes()))]
    }

    fn heard(&mut self, message: Message) -> Vec<JoinOutput> {
        if let Message::Refused(why) = message {
            return self.end(Err(why));
        }
        match (std::mem::replace(&mut self.stage, Stage::Ended), message) {
            (Stage::Proving(channel), Message::Proof(bytes)) => {
                self.stage = Stage::Asking;
                if Mac::from_bytes(bytes) != proof(&self.words, Side::Inviting, &channel)
                {
                    return self.refuse(Why::WrongWords);
                }
                vec![JoinOutput::Send(Message::Card(self.card.clone()))]
            }
            (Stage::Asking, Message::Enrolled(enrolled)) => {
                let rest = Rest {
                    count: enrolled.count,
                    bytes: enrolled.bytes,
                };
                self.receive(Enrolment::announced(enrolled), rest, Vec::new())
            }
            (Stage::Receiving(enrolment, rest), Message::Envelopes(envelopes))
                if !envelopes.is_empty() =>
            {
                self.receive(*enrolment, rest, envelopes)
            }
            (stage, _) => {
                self.stage = stage;
                self.refuse(Why::Nonsense)
            }
        }
    }

    fn receive(
        &mut self,
        mut enrolment: Enrolment,
        rest: Rest,
        envelopes: Vec<Vec<u8>>,
    ) -> Vec<JoinOutput> {
        let bytes: u64 = envelopes.iter().map(|it| it.len() as u64).sum();
        let left = |announced: u64, came| announced.checked_sub(came);
        let count = left(rest.count, envelopes.len() as u64);
        let (Some(count), Some(bytes)) = (count, left(rest.bytes, bytes)) else {
            self.stage = Stage::Asking;
            return self.refuse(Why::Nonsense);
        };
        enrolment.envelopes.extend(envelopes);
        if count > 0 {
            self.stage = Stage::Receiving(Box::new(enrolment), Rest { count, bytes });
            return Vec::new();
        }
        self.stage = Stage::Keeping;
        vec![JoinOutput::Keep(enrolment)]
    }

    fn kept(&mut self, first: Vec<Vec<u8>>) -> Vec<JoinOutput> {
        if !matches!(self.stage, Stage::Keeping) {
            return Vec::new();
        }
        let said = [Message::Envelopes(first), Message::Done];
        let mut outputs: Vec<_> = said.into_iter().map(JoinOutput::Send).collect();
        outputs.extend(self.end(Ok(())));
        outputs
    }

    fn lost(&mut self) -> Vec<JoinOutput> {
        match self.stage {
            // What was given is whole: it is kept, and the other machine learns of it later.
            Stage::Keeping => Vec::new(),
            Stage::Dialling
            | Stage::Proving(_)
            | Stage::Asking
            | Stage::Receiving(..)
            | Stage::Ended => self.end(Err(Why::Torn)),
        }
    }

    fn refuse(&mut self, why: Why) -> Vec<JoinOutput> {
        if matches!(self.stage, Stage::Ended) {
            return Vec::new();
        }
        let mut outputs = vec![JoinOutput::Send(Message::Refused(why))];
        outputs.extend(self.end(Err(why)));
        outputs
    }

    /// Says how it came out, once.
    fn end(&mut self, how: Result<(), Why>) -> Vec<JoinOutput> {
        if matches!(self.stage, Stage::Ended) {
            return Vec::new();
        }
        self.stage = Stage::Ended;
        vec![JoinOutput::Ended(how)]
    }
}
