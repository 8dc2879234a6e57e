//! A provider's contact card: who somebody of another clinic is, by keys, in bytes small
//! enough for a message. `docs/design/sharing.md` draws it.

use std::{collections::BTreeMap, fmt};

use serde::{Deserialize, Serialize};

use super::{
    Endpoint, Error, NAME_BYTES_MAX, codec,
    wire::{Reader, Writer},
};
use crate::{
    chart::who::Role,
    ids::{CardId, ClinicId, UserId},
    seal::{self, CarryPublic, PublicKey, Signature, SigningKey, names, words},
    text::base64,
    time::Timestamp,
};

/// The largest card in bytes: two long names and eight machines are under 2,000.
pub const CARD_BYTES_MAX: usize = 2 * 1024;
/// The largest file that is looked at for a card, in bytes: a message with a card in it.
pub const CARD_FILE_BYTES_MAX: usize = 64 * 1024;
/// The most machines that one card names.
pub const CARD_MACHINES_MAX: usize = 8;

const MAGIC: [u8; 4] = *b"CACD";
const CONTEXT: &str = "cairn/card/v1";
const BEGIN: &str = "-----BEGIN CAIRN CARD-----";
const END: &str = "-----END CAIRN CARD-----";
/// Characters of base64 to a line: every mail program leaves such lines alone.
const LINE_CHARS: usize = 64;

/// A card whose signature fits the key in it. Whether that key is the person's is for
/// somebody to verify who knows them.
#[derive(Clone, PartialEq, Eq)]
pub struct Card {
    id: CardId,
    about: Provider,
    machines: BTreeMap<PublicKey, Endpoint>,
    signature: Signature,
}

/// What a card says of its bearer.
#[derive(Clone, PartialEq, Eq)]
pub struct Provider {
    /// The clinic that the bearer works in.
    pub clinic: ClinicId,
    /// What it is called, as they say.
    pub clinic_name: String,
    /// What the bearer is called, as they say.
    pub name: String,
    /// What they are in their clinic, as they say.
    pub role: Role,
    /// Signs for them.
    pub key: PublicKey,
    /// What is for them is wrapped to it.
    pub carry: CarryPublic,
    /// When the card was made, by their clock.
    pub made: Timestamp,
}

/// How somebody made sure that a card is the person's whose name it bears.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Verified {
    /// Nobody did.
    Not,
    /// The words were compared by telephone.
    Phone,
    /// The person gave it, in the same room.
    Room,
}

impl Card {
    /// Makes a card of somebody who meets others with these machines: by their device keys,
    /// the endpoint that each said.
    pub fn make(
        about: Provider,
        machines: BTreeMap<PublicKey, Endpoint>,
        key: &SigningKey,
    ) -> Result<Self, Error> {
        let mut bytes = signed_bytes(&about, &machines);
        let signature = key.sign(CONTEXT, &bytes);
        bytes.extend_from_slice(signature.as_bytes());
        Self::open(&bytes)
    }

    /// The card in these bytes, if all of it is well-formed and signed by its bearer, and
    /// each endpoint says itself that it is that machine's.
    pub fn open(bytes: &[u8]) -> Result<Self, Error> {
        if bytes.len() > CARD_BYTES_MAX {
            return Err(Error::TooLarge {
                max: CARD_BYTES_MAX,
            });
        }
        let card = Self::read(bytes)?;
        let signed = bytes.len() - Signature::LEN;
        let signed = bytes.get(..signed).unwrap_or_default();
        card.about.key.verify(CONTEXT, signed, &card.signature)?;
        for (device, endpoint) in &card.machines {
            endpoint.check(card.about.clinic, device)?;
        }
        Ok(card)
    }

    /// The card in a file: its bytes, or its text with anything before and after.
    pub fn open_file(file: &[u8]) -> Result<Self, Error> {
        if file.starts_with(&MAGIC) {
            return Self::open(file);
        }
        let no_card = Error::Malformed("no card in it");
        let text = str::from_utf8(file).or(Err(no_card))?;
        let (_, from) = text.split_once(BEGIN).ok_or(no_card)?;
        let (body, _) = from.split_once(END).ok_or(no_card)?;
        if body.len() > 2 * CARD_BYTES_MAX {
            return Err(Error::TooLarge {
                max: CARD_BYTES_MAX,
            });
        }
        Self::open(&base64::decode(body).ok_or(no_card)?)
    }

    /// The card's bytes.
    pub fn encode(&self) -> Vec<u8> {
        let mut bytes = signed_bytes(&self.about, &self.machines);
        bytes.extend_from_slice(self.signature.as_bytes());
        bytes
    }

    /// The card as text, which can be sent as a message or kept as a file.
    pub fn to_text(&self) -> String {
        let body = base64::encode(&self.encode());
        let mut text = format!("{BEGIN}\n");
        for (at, digit) in body.chars().enumerate() {
            if at > 0 && at.is_multiple_of(LINE_CHARS) {
                text.push('\n');
            }
            text.push(digit);
        }
        format!("{text}\n{END}\n")
    }

    /// The hash of its bytes.
    pub const fn id(&self) -> CardId {
        self.id
    }

    /// What it says of its bearer.
    pub const fn about(&self) -> &Provider {
        &self.about
    }

    /// Whom the clinic that keeps the card knows its bearer as: computed from the key, so
    /// that nobody can claim to be somebody else.
    pub fn user(&self) -> UserId {
        names::user_id(&self.about.key)
    }

    /// The bearer's machines by their device keys, with the endpoints that they meet others
    /// at.
    pub fn machines(&self) -> impl Iterator<Item = (PublicKey, PublicKey)> {
        self.machines.iter().map(|(device, it)| (*device, it.key))
    }

    /// Eight words that no other card has, to be read aloud and compared.
    pub fn words(&self) -> Vec<&'static str> {
        let bits = self.id.as_bytes().first_chunk();
        bits.map_or_else(Vec::new, words::of_bits)
    }

    fn read(bytes: &[u8]) -> Result<Self, Error> {
        let mut from = Reader::new(bytes);
        let from = &mut from;
        from.opening(MAGIC)?;
        let about = Provider {
            clinic: ClinicId::from_bytes(from.array()?),
            clinic_name: read_called(from)?,
            name: read_called(from)?,
            role: Role::from_byte(from.u8()?).ok_or(Error::Malformed("not a role"))?,
            key: PublicKey::from_bytes(from.array()?),
            carry: codec::read_carry(from)?,
            made: from.time()?,
        };
        let machines = read_machines(from)?;
        let signature = Signature::from_bytes(from.array()?);
        from.end()?;
        Ok(Self {
            id: CardId::from_bytes(*seal::hash(bytes).as_bytes()),
            about,
            machines,
            signature,
        })
    }
}

impl Verified {
    /// Every way.
    pub const ALL: [Self; 3] = [Self::Not, Self::Phone, Self::Room];

    /// Its byte in statements.
    pub const fn byte(self) -> u8 {
        match self {
            Self::Not => 0,
            Self::Phone => 1,
            Self::Room => 2,
        }
    }

    /// The way with this byte.
    pub fn from_byte(byte: u8) -> Option<Self> {
        Self::ALL.into_iter().find(|it| it.byte() == byte)
    }

    /// Its name in the command line.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Not => "not",
            Self::Phone => "phone",
            Self::Room => "room",
        }
    }
}

impl fmt::Debug for Card {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}", self.id)
    }
}

impl fmt::Debug for Provider {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Provider({:?} {:?})", self.clinic, self.key)
    }
}

/// Everything but the signature.
fn signed_bytes(about: &Provider, machines: &BTreeMap<PublicKey, Endpoint>) -> Vec<u8> {
    let mut out = Writer::opening(MAGIC);
    out.put(about.clinic.as_bytes())
        .bytes(about.clinic_name.as_bytes())
        .bytes(about.name.as_bytes())
        .u8(about.role.byte())
        .put(about.key.as_bytes())
        .put(about.carry.as_bytes())
        .time(about.made)
        .list(machines.iter(), |out, (device, endpoint)| {
            out.put(device.as_bytes())
                .put(endpoint.key.as_bytes())
                .put(endpoint.proof.as_bytes());
        });
    out.into_bytes()
}

fn read_machines(from: &mut Reader<'_>) -> Result<BTreeMap<PublicKey, Endpoint>, Error> {
    let machines = from.map(CARD_MACHINES_MAX, |from| {
        let device = PublicKey::from_bytes(from.array()?);
        let endpoint = Endpoint {
            key: PublicKey::from_bytes(from.array()?),
            proof: Signature::from_bytes(from.array()?),
        };
        Ok((device, endpoint))
    })?;
    if machines.is_empty() {
        return Err(Error::Malformed("a card without a machine"));
    }
    Ok(machines)
}

fn read_called(from: &mut Reader<'_>) -> Result<String, Error> {
    let name = str::from_utf8(from.bytes(NAME_BYTES_MAX)?);
    let name = name.or(Err(Error::Malformed("a name is not text")))?;
    if name.trim().is_empty() {
        return Err(Error::Malformed("a card without a name"));
    }
    Ok(name.to_owned())
}
