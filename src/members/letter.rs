//! A letter from a provider of one clinic to one of another: a referral with its summary, the
//! answer to one, or a summary that is held for a while. Signed by whom it is from, and sealed
//! to whom it is for; `docs/design/letters.md` draws the bytes.

use std::fmt;

use zeroize::Zeroizing;

use super::{
    CARD_BYTES_MAX, Card, Error,
    wire::{Reader, Writer},
};
use crate::{
    ids::{Hash, PatientId, RecordId},
    seal::{self, CarryKey, Entropy, PublicKey, Signature, SigningKey},
    time::Timestamp,
};

/// The largest letter in bytes, sealed.
pub const LETTER_FILE_BYTES_MAX: usize = 5 * 1024 * 1024;
/// The longest summary in a letter, in bytes: some 20,000 entries.
pub const LETTER_SUMMARY_BYTES_MAX: usize = 4 * 1024 * 1024;
/// The longest text that a person writes in a letter, in bytes: four pages.
pub const LETTER_TEXT_BYTES_MAX: usize = 16 * 1024;

const MAGIC: [u8; 4] = *b"CALE";
const CONTEXT: &str = "cairn/letter/v1";
/// Letters are padded to a multiple of this many bytes, so that a length tells little.
const BYTES_STEP: usize = 4 * 1024;
/// What a letter has beside its texts and its summary: its card, its texts' lengths, padding.
const OTHER_BYTES_MAX: usize =
    CARD_BYTES_MAX + 4 * LETTER_TEXT_BYTES_MAX + 2 * BYTES_STEP;
const PLAIN_BYTES_MAX: usize = LETTER_SUMMARY_BYTES_MAX + OTHER_BYTES_MAX;

/// A letter whose signature fits the card in it.
#[derive(Clone, PartialEq, Eq)]
pub struct Letter {
    /// Its name, which both clinics know it by.
    pub id: RecordId,
    /// The card of whom it is from.
    pub from: Card,
    /// The signing key of whom it is for.
    pub to: PublicKey,
    /// When it was written, by their clock.
    pub made: Timestamp,
    /// What it says.
    pub says: Says,
    /// The hash of all of it.
    pub hash: Hash,
}

/// What a letter says.
#[derive(Clone, PartialEq, Eq)]
pub enum Says {
    /// A patient is sent.
    Referral {
        /// Whose chart it is from, by the sender's own name of them.
        whose: PatientId,
        /// Whether it cannot wait.
        urgent: bool,
        /// Why, in a few words.
        reason: String,
        /// What is asked.
        question: String,
        /// The patient's summary: a FHIR document.
        summary: Vec<u8>,
    },
    /// A referral is answered.
    Answer {
        /// The letter that is answered.
        to: RecordId,
        /// Of whom that was.
        whose: PatientId,
        /// What became of the referral: 1 accepted, 2 declined, 3 completed.
        outcome: u8,
        /// What there is to say.
        note: String,
    },
    /// A part of a chart, as it stands now, to be held until a day.
    Snapshot {
        /// What all that follow one another have in common.
        series: RecordId,
        /// Until when it may be held.
        until: Timestamp,
        /// What is in it, in words.
        parts: String,
        /// The patient's summary: a FHIR document.
        summary: Vec<u8>,
    },
}

/// A letter that is written: its name, whom it is from and for, when, and what it says.
pub struct Writing<'a> {
    /// Its name.
    pub id: RecordId,
    /// The card of whom it is from.
    pub from: &'a Card,
    /// The card of whom it is for.
    pub to: &'a Card,
    /// When.
    pub made: Timestamp,
    /// What it says.
    pub says: &'a Says,
}

impl Writing<'_> {
    /// The letter as a file for its receiver alone.
    pub fn seal(
        &self,
        key: &SigningKey,
        entropy: &mut dyn Entropy,
    ) -> Result<Vec<u8>, Error> {
        let plain = self.sign(key);
        // What cannot be read again is not sent.
        Letter::open(&plain)?;
        let carry = self.to.about().carry;
        seal::wrap(&[carry], &plain, entropy).map_err(Error::from)
    }

    fn sign(&self, key: &SigningKey) -> Vec<u8> {
        let mut out = Writer::opening(MAGIC);
        out.u8(self.says.kind())
            .put(self.id.as_bytes())
            .bytes(&self.from.encode())
            .put(self.to.about().key.as_bytes())
            .time(self.made);
        self.says.write(&mut out);
        let mut bytes = out.into_bytes();
        let whole = bytes.len() + Signature::LEN;
        bytes.resize(bytes.len() + whole.next_multiple_of(BYTES_STEP) - whole, 0);
        let signature = key.sign(CONTEXT, &bytes);
        bytes.extend_from_slice(signature.as_bytes());
        bytes
    }
}

impl Letter {
    /// What was sealed to this key as a letter.
    pub fn unseal(key: &CarryKey, file: &[u8]) -> Result<Zeroizing<Vec<u8>>, Error> {
        if file.len() > LETTER_FILE_BYTES_MAX {
            return Err(Error::TooLarge {
                max: LETTER_FILE_BYTES_MAX,
            });
        }
        seal::unwrap(key, file, PLAIN_BYTES_MAX).map_err(Error::from)
    }

    /// The letter in these bytes, if they are whole and signed. Whether its signer is whom
    /// they say, and whether it is for its reader, is for a person to judge.
    pub fn open(bytes: &[u8]) -> Result<Self, Error> {
        if bytes.len() > PLAIN_BYTES_MAX || !bytes.len().is_multiple_of(BYTES_STEP) {
            return Err(Error::Malformed("not a letter's length"));
        }
        let (signed, signature) = bytes
            .split_last_chunk::<{ Signature::LEN }>()
            .ok_or(Error::Malformed("ends too early"))?;
        let mut from = Reader::new(signed);
        let from = &mut from;
        from.opening(MAGIC)?;
        let kind = from.u8()?;
        let id = RecordId::from_bytes(from.array()?);
        let card = Card::open(from.bytes(CARD_BYTES_MAX)?)?;
        let letter = Self {
            id,
            to: PublicKey::from_bytes(from.array()?),
            made: from.time()?,
            says: Says::read(kind, from)?,
            hash: seal::hash(bytes),
            from: card,
        };
        let padding = from.take(from.left())?;
        if padding.len() >= BYTES_STEP || padding.iter().any(|it| *it != 0) {
            return Err(Error::Malformed("more than a letter"));
        }
        let signature = Signature::from_bytes(*signature);
        letter
            .from
            .about()
            .key
            .verify(CONTEXT, signed, &signature)?;
        Ok(letter)
    }
}

impl Says {
    const fn kind(&self) -> u8 {
        match self {
            Self::Referral { .. } => 0,
            Self::Answer { .. } => 1,
            Self::Snapshot { .. } => 2,
        }
    }

    fn write(&self, out: &mut Writer) {
        match self {
            Self::Referral {
                whose,
                urgent,
                reason,
                question,
                summary,
            } => out
                .put(whose.as_bytes())
                .u8(u8::from(*urgent))
                .bytes(reason.as_bytes())
                .bytes(question.as_bytes())
                .bytes(summary),
            Self::Answer {
                to,
                whose,
                outcome,
                note,
            } => out
                .put(to.as_bytes())
                .put(whose.as_bytes())
                .u8(*outcome)
                .bytes(note.as_bytes()),
            Self::Snapshot {
                series,
                until,
                parts,
                summary,
            } => out
                .put(series.as_bytes())
                .time(*until)
                .bytes(parts.as_bytes())
                .bytes(summary),
        };
    }

    fn read(kind: u8, from: &mut Reader<'_>) -> Result<Self, Error> {
        Ok(match kind {
            0 => Self::Referral {
                whose: PatientId::from_bytes(from.array()?),
                urgent: match from.u8()? {
                    0 => false,
                    1 => true,
                    _ => return Err(Error::Malformed("neither urgent nor not")),
                },
                reason: text(from)?,
                question: text(from)?,
                summary: from.bytes(LETTER_SUMMARY_BYTES_MAX)?.to_vec(),
            },
            1 => Self::Answer {
                to: RecordId::from_bytes(from.array()?),
                whose: PatientId::from_bytes(from.array()?),
                outcome: match from.u8()? {
                    outcome @ 1..=3 => outcome,
                    _ => return Err(Error::Malformed("not an answer")),
                },
                note: text(from)?,
            },
            2 => Self::Snapshot {
                series: RecordId::from_bytes(from.array()?),
                until: from.time()?,
                parts: text(from)?,
                summary: from.bytes(LETTER_SUMMARY_BYTES_MAX)?.to_vec(),
            },
            _ => return Err(Error::Malformed("not a kind of letter")),
        })
    }
}

fn text(from: &mut Reader<'_>) -> Result<String, Error> {
    let text = str::from_utf8(from.bytes(LETTER_TEXT_BYTES_MAX)?);
    let text = text.or(Err(Error::Malformed("a text is not UTF-8")))?;
    Ok(text.to_owned())
}

impl fmt::Debug for Letter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Letter({:?}, {:?})", self.id, self.says)
    }
}

impl fmt::Debug for Says {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Referral { .. } => "Referral",
            Self::Answer { .. } => "Answer",
            Self::Snapshot { .. } => "Snapshot",
        })
    }
}

impl fmt::Debug for Writing<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Writing({:?}, {:?})", self.id, self.says)
    }
}
