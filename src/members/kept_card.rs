//! Contact cards that the clinic keeps: sealed in statements, since the names in them are for
//! whom `front` is open.

use std::{collections::BTreeMap, fmt};

use super::{
    Body, CARD_BYTES_MAX, Card, Device, Endpoint, Error, Membership, NameKey, Named,
    Signer, Verified,
    name::{SEALED_BYTES_MORE, open_text, seal_text},
};
use crate::{
    ids::{CardId, ClinicId, StatementId, UserId},
    seal::{Entropy, PublicKey, names},
    time::Timestamp,
};

/// Cards are padded to a multiple of this many bytes, so that a length tells little.
const CARD_BYTES_STEP: usize = 512;
/// The longest sealed card in bytes.
pub(super) const SEALED_CARD_BYTES_MAX: usize =
    (2 + CARD_BYTES_MAX).next_multiple_of(CARD_BYTES_STEP) + SEALED_BYTES_MORE;
/// What stands in the place where a name has what it names.
const OF_CARD: u8 = 3;

/// A card, sealed as names are.
#[derive(Clone, PartialEq, Eq)]
pub struct SealedCard(Vec<u8>);

/// A card that the clinic keeps.
#[derive(Debug, Clone, Copy)]
pub struct KeptCard<'a> {
    /// The card, sealed.
    pub sealed: &'a SealedCard,
    /// How somebody made sure that it is the person's: the surest that was said.
    pub verified: Verified,
    /// The statement that says so.
    pub statement: StatementId,
    /// Who says so.
    pub by: UserId,
    /// When.
    pub at: Timestamp,
}

impl SealedCard {
    /// Seals a card for this clinic.
    pub fn seal(
        card: &Card,
        clinic: ClinicId,
        key: &NameKey,
        entropy: &mut dyn Entropy,
    ) -> Self {
        let place = place(clinic, card.id());
        let card = card.encode();
        Self(seal_text(key, &place, (&card, CARD_BYTES_STEP), entropy))
    }

    /// The card of this name, if it was sealed with this key.
    pub fn open(
        &self,
        clinic: ClinicId,
        card: CardId,
        key: &NameKey,
    ) -> Result<Card, Error> {
        let opened = Card::open(&open_text(key, &place(clinic, card), &self.0)?)?;
        let same = opened.id() == card;
        same.then_some(opened)
            .ok_or(Error::Malformed("another card than it is kept as"))
    }

    /// The sealed card in these bytes.
    pub fn from_slice(bytes: &[u8]) -> Result<Self, Error> {
        if bytes.len() > SEALED_CARD_BYTES_MAX {
            return Err(Error::TooLarge {
                max: SEALED_CARD_BYTES_MAX,
            });
        }
        Ok(Self(bytes.to_vec()))
    }

    /// The bytes.
    pub fn as_slice(&self) -> &[u8] {
        &self.0
    }
}

impl Membership {
    /// What a card of one of the clinic's users names: the machines that belong, by device
    /// key, each with the endpoint that it says of itself; and when something that stands on
    /// the card was said last. The same on every machine that holds the same statements.
    pub fn machines_for_card(&self) -> BTreeMap<PublicKey, (Endpoint, Timestamp)> {
        let mut machines = BTreeMap::new();
        for statement in self.ground.standing() {
            let (Body::Endpoint(endpoint), Signer::Device(key)) =
                (statement.body(), statement.signer())
            else {
                continue;
            };
            let device = self.device(names::device_id(&key));
            let meets = |it: &Device| it.enrolled && it.endpoint == Some(endpoint.key);
            if device.is_some_and(meets) {
                let at = statement.at().timestamp();
                machines.insert(key, (*endpoint, at));
            }
        }
        machines
    }

    /// When somebody last said who this user is, or what the clinic is called.
    pub fn introduced(&self, user: UserId) -> Timestamp {
        let about = self.ground.standing().filter(|it| {
            let given = it.body().gives().is_some_and(|(who, _)| who == user);
            let named = it.body().naming().is_some_and(|(what, _)| {
                matches!(what, Named::Clinic) || what == Named::User(user)
            });
            given || named
        });
        about
            .map(|it| it.at().timestamp())
            .max()
            .unwrap_or_default()
    }

    /// The cards that the clinic keeps.
    pub fn cards(&self) -> BTreeMap<CardId, KeptCard<'_>> {
        let mut cards: BTreeMap<CardId, KeptCard<'_>> = BTreeMap::new();
        for statement in self.ground.standing() {
            let Body::CardKept {
                card,
                verified,
                sealed,
            } = statement.body()
            else {
                continue;
            };
            let Some(by) = self.session_user(statement) else {
                continue;
            };
            let kept = KeptCard {
                sealed,
                verified: *verified,
                statement: statement.id(),
                by,
                at: statement.at().timestamp(),
            };
            let surest = |it: &KeptCard<'_>| (it.verified, it.at, it.statement);
            let held = cards.entry(*card).or_insert(kept);
            if surest(held) < surest(&kept) {
                *held = kept;
            }
        }
        cards
    }
}

impl fmt::Debug for SealedCard {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SealedCard(…)")
    }
}

/// Where a card stands: it opens nowhere else.
fn place(clinic: ClinicId, card: CardId) -> Vec<u8> {
    [clinic.as_bytes().as_slice(), &[OF_CARD], card.as_bytes()].concat()
}
