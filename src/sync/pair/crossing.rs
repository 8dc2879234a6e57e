//! Two people of different clinics in one room: their machines prove the words to each other
//! as for an enrolment, and then each gives its user's contact card instead. Nothing is kept
//! unless both people said yes to the card that came.

use super::{
    Channel, Contact, Given, Message, PAIRING_MS, PairWords, Side, TRIES_MAX, Why, proof,
};
use crate::{
    ids::ClinicId,
    seal::{Mac, PublicKey},
};

/// One side of such a meeting. The driver brings one connection at a time.
#[derive(Debug)]
pub struct Crossing {
    words: PairWords,
    side: Side,
    me: PublicKey,
    clinic: ClinicId,
    until_ms: i64,
    tries_left: u8,
    stage: Stage,
}

/// What is waited for.
#[derive(Debug)]
enum Stage {
    /// For a connection.
    Waiting,
    /// For the other machine's proof.
    Proving(Channel),
    /// For both cards: theirs to come, one's own to be signed. From here on the words are used.
    Giving {
        channel: Channel,
        theirs: Option<Box<Given>>,
        has_given: bool,
    },
    /// For both people to say yes.
    Asking { agreed: bool, is_agreed: bool },
    /// For nothing.
    Ended,
}

/// What the driver tells.
#[derive(Debug)]
pub enum CrossInput {
    /// The other machine is connected.
    Met {
        /// Its endpoint key.
        other: PublicKey,
        /// As [`Channel::exporter`].
        exporter: [u8; 32],
    },
    /// Somebody looked for another endpoint at this address: they have other words.
    Missed,
    /// What the other side sent, or that it cannot be read.
    Heard(Result<Message, Why>),
    /// What [`CrossOutput::Give`] asked for.
    Given(Box<Contact>),
    /// The person here says yes to the card that came.
    Agreed,
    /// The person here says no, or there is no card to give.
    Refused(Why),
    /// The connection ended.
    Lost,
    /// Time passed.
    Tick,
}

/// What the driver is to do.
#[derive(Debug, PartialEq, Eq)]
pub enum CrossOutput {
    /// Send this.
    Send(Message),
    /// Have one's own card signed for this connection.
    Give(Side, Channel),
    /// Show the card that came to the person here.
    Ask(Given),
    /// End the connection, once what was to be sent is, and wait for another.
    HangUp,
    /// End everything, once what was to be sent is. Where it came out well, the card that was
    /// shown is to be kept.
    Ended(Result<(), Why>),
}

impl Crossing {
    /// The machine that shows the words, or the one on which they were typed; `me` is its
    /// endpoint, `clinic` its clinic.
    pub const fn new(
        words: PairWords,
        side: Side,
        (me, clinic): (PublicKey, ClinicId),
        now_ms: i64,
    ) -> Self {
        Self {
            words,
            side,
            me,
            clinic,
            until_ms: now_ms.saturating_add(PAIRING_MS),
            tries_left: TRIES_MAX,
            stage: Stage::Waiting,
        }
    }

    /// How often wrong words may still be tried.
    pub const fn tries_left(&self) -> u8 {
        self.tries_left
    }

    /// What follows from what happened.
    pub fn handle(&mut self, input: CrossInput, now_ms: i64) -> Vec<CrossOutput> {
        if now_ms >= self.until_ms {
            return match self.stage {
                Stage::Waiting | Stage::Ended => self.end(Err(Why::Expired)),
                Stage::Proving(_) | Stage::Giving { .. } | Stage::Asking { .. } => {
                    self.refuse(Why::Expired)
                }
            };
        }
        match input {
            CrossInput::Met { other, exporter } => self.met(other, exporter),
            CrossInput::Missed => self.missed(),
            CrossInput::Heard(Ok(message)) => self.heard(message),
            CrossInput::Heard(Err(why)) => self.unsound(why),
            CrossInput::Given(contact) => self.given(*contact),
            CrossInput::Agreed => self.agreed(),
            CrossInput::Refused(why) => self.refuse(why),
            CrossInput::Lost => self.lost(),
            CrossInput::Tick => Vec::new(),
        }
    }

    fn met(&mut self, other: PublicKey, exporter: [u8; 32]) -> Vec<CrossOutput> {
        if !matches!(self.stage, Stage::Waiting) {
            return Vec::new();
        }
        let (inviting, joining) = match self.side {
            Side::Inviting => (self.me, other),
            Side::Joining => (other, self.me),
        };
        let channel = Channel {
            inviting,
            joining,
            exporter,
        };
        self.stage = Stage::Proving(channel);
        match self.side {
            Side::Inviting => Vec::new(),
            Side::Joining => vec![self.prove(&channel)],
        }
    }

    fn prove(&self, channel: &Channel) -> CrossOutput {
        let mine = proof(&self.words, self.side, channel);
        CrossOutput::Send(Message::Proof(*mine.as_bytes()))
    }

    fn missed(&mut self) -> Vec<CrossOutput> {
        if matches!(self.stage, Stage::Waiting) {
            self.count_try()
        } else {
            Vec::new()
        }
    }

    fn heard(&mut self, message: Message) -> Vec<CrossOutput> {
        match (&mut self.stage, message) {
            (Stage::Proving(channel), Message::Proof(bytes)) => {
                let channel = *channel;
                self.proven(channel, bytes)
            }
            (
                Stage::Giving {
                    channel, theirs, ..
                },
                Message::Contact(contact),
            ) if theirs.is_none() => {
                let channel = *channel;
                match contact.open(self.side.other(), &channel) {
                    Ok(given) => self.came(given),
                    Err(why) => self.refuse(why),
                }
            }
            (Stage::Asking { agreed, is_agreed }, Message::Done) if !*is_agreed => {
                *is_agreed = true;
                let both = *agreed;
                if both { self.end(Ok(())) } else { Vec::new() }
            }
            (Stage::Waiting | Stage::Proving(_), Message::Refused(why)) => {
                match self.side {
                    Side::Inviting => {
                        self.stage = Stage::Waiting;
                        vec![CrossOutput::HangUp]
                    }
                    Side::Joining => self.end(Err(why)),
                }
            }
            (_, Message::Refused(why)) => self.end(Err(why)),
            (Stage::Giving { .. }, Message::Card(_)) => self.refuse(Why::Crossed),
            (_, _) => self.unsound(Why::Nonsense),
        }
    }

    /// The other machine's proof: who typed the words proves first.
    fn proven(&mut self, channel: Channel, bytes: [u8; Mac::LEN]) -> Vec<CrossOutput> {
        let right = proof(&self.words, self.side.other(), &channel);
        if Mac::from_bytes(bytes) != right {
            return match self.side {
                Side::Inviting => self.count_try(),
                Side::Joining => self.refuse(Why::WrongWords),
            };
        }
        self.stage = Stage::Giving {
            channel,
            theirs: None,
            has_given: false,
        };
        match self.side {
            Side::Inviting => vec![self.prove(&channel)],
            Side::Joining => vec![CrossOutput::Give(self.side, channel)],
        }
    }

    /// Their card is here. Who showed the words gives its own only now.
    fn came(&mut self, given: Given) -> Vec<CrossOutput> {
        if given.card.about().clinic == self.clinic {
            return self.refuse(Why::SameClinic);
        }
        let Stage::Giving {
            channel,
            theirs,
            has_given,
        } = &mut self.stage
        else {
            return Vec::new();
        };
        if *has_given {
            self.stage = Stage::asking();
            return vec![CrossOutput::Ask(given)];
        }
        *theirs = Some(Box::new(given));
        vec![CrossOutput::Give(self.side, *channel)]
    }

    fn given(&mut self, contact: Contact) -> Vec<CrossOutput> {
        let Stage::Giving {
            theirs, has_given, ..
        } = &mut self.stage
        else {
            return Vec::new();
        };
        *has_given = true;
        let theirs = theirs.take();
        let mut outputs = vec![CrossOutput::Send(Message::Contact(contact))];
        if let Some(given) = theirs {
            self.stage = Stage::asking();
            outputs.push(CrossOutput::Ask(*given));
        }
        outputs
    }

    fn agreed(&mut self) -> Vec<CrossOutput> {
        let Stage::Asking { agreed, is_agreed } = &mut self.stage else {
            return Vec::new();
        };
        let both = *is_agreed && !*agreed;
        *agreed = true;
        let mut outputs = vec![CrossOutput::Send(Message::Done)];
        if both {
            outputs.extend(self.end(Ok(())));
        }
        outputs
    }

    /// A try with other words. After the last one nobody is met with these.
    fn count_try(&mut self) -> Vec<CrossOutput> {
        self.tries_left = self.tries_left.saturating_sub(1);
        if self.tries_left == 0 {
            return self.refuse(Why::TooManyTries);
        }
        self.stage = Stage::Waiting;
        let told = CrossOutput::Send(Message::Refused(Why::WrongWords));
        vec![told, CrossOutput::HangUp]
    }

    /// Who talks nonsense before the proof may be anybody, and costs a try.
    fn unsound(&mut self, why: Why) -> Vec<CrossOutput> {
        match (&self.stage, self.side) {
            (Stage::Waiting, _) => vec![CrossOutput::HangUp],
            (Stage::Proving(_), Side::Inviting) => self.count_try(),
            (Stage::Ended, _) => Vec::new(),
            (
                Stage::Proving(_) | Stage::Giving { .. } | Stage::Asking { .. },
                Side::Inviting | Side::Joining,
            ) => self.refuse(why),
        }
    }

    fn lost(&mut self) -> Vec<CrossOutput> {
        match (&self.stage, self.side) {
            (Stage::Waiting | Stage::Proving(_), Side::Inviting) => {
                self.stage = Stage::Waiting;
                Vec::new()
            }
            (
                Stage::Waiting
                | Stage::Proving(_)
                | Stage::Giving { .. }
                | Stage::Asking { .. }
                | Stage::Ended,
                Side::Inviting | Side::Joining,
            ) => self.end(Err(Why::Torn)),
        }
    }

    fn refuse(&mut self, why: Why) -> Vec<CrossOutput> {
        if matches!(self.stage, Stage::Ended) {
            return Vec::new();
        }
        let mut outputs = vec![CrossOutput::Send(Message::Refused(why))];
        outputs.extend(self.end(Err(why)));
        outputs
    }

    /// Says how it came out, once.
    fn end(&mut self, how: Result<(), Why>) -> Vec<CrossOutput> {
        if matches!(self.stage, Stage::Ended) {
            return Vec::new();
        }
        self.stage = Stage::Ended;
        vec![CrossOutput::Ended(how)]
    }
}

impl Stage {
    const fn asking() -> Self {
        Self::Asking {
            agreed: false,
            is_agreed: false,
        }
    }
}
