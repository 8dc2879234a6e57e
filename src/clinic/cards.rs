//! Contact cards: one's own, for providers of other clinics, and theirs, which this clinic
//! keeps.

use std::collections::BTreeMap;

use super::{
    AuditAction, AuditObject, Error, Session, stating::unsayable, users::as_seen,
};
use crate::{
    chart::who::{Action, Compartment},
    ids::{CardId, UserId},
    members::{
        Author, Body, CARD_MACHINES_MAX, Card, NameKey, Provider, SealedCard, Verified,
    },
    seal::PublicKey,
    time::Timestamp,
};

/// How many digits of a card's name are enough to say which one is meant.
const DIGITS_ENOUGH: usize = 8;

/// A provider's card, as the clinic keeps it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CardRow {
    /// The card.
    pub card: Card,
    /// How somebody made sure that it is the provider's.
    pub verified: Verified,
    /// Who did, or kept it.
    pub by: UserId,
    /// When.
    pub at: Timestamp,
    /// Whether the provider made a newer one, which is kept too.
    pub replaced: bool,
}

impl Session {
    /// The card of who is at work. It is the same on every machine of the clinic until
    /// something that stands on it changes, so that its words can be compared at leisure.
    pub fn card(&self) -> Result<Card, Error> {
        self.may(Action::ReadClinical)?;
        let (mut machines, introduced, here) = {
            let known = self.clinic.known();
            let membership = &known.membership;
            let here = membership.device(self.clinic.device()).map(|it| it.key);
            let machines = Vec::from_iter(membership.machines_for_card());
            (machines, membership.introduced(self.user), here)
        };
        // Of many, this one and those that said last where they are met.
        machines.sort_by_key(|(key, (_, at))| (Some(*key) != here, -at.0, *key));
        machines.truncate(CARD_MACHINES_MAX);
        let said = machines.iter().map(|(_, (_, at))| *at);
        let about = Provider {
            clinic: self.clinic.about.clinic,
            clinic_name: self.clinic.name().to_owned(),
            name: self.user_name(self.user),
            role: self.role(),
            key: self.keys.signing.public(),
            carry: self.keys.carry.public(),
            made: said.fold(introduced, Timestamp::max),
        };
        let machines = machines.into_iter().map(|(key, (it, _))| (key, it));
        Card::make(about, machines.collect(), &self.keys.signing)
            .map_err(|source| Error::Refused(format!("no card can be made: {source}")))
    }

    /// Keeps a provider's card, on every machine of the clinic; said again, that somebody
    /// made surer of it.
    pub fn keep_card(&mut self, card: &Card, verified: Verified) -> Result<(), Error> {
        self.may(Action::Share)?;
        let clinic = self.clinic.about.clinic;
        if card.about().clinic == clinic {
            let why = "this is a card of the clinic's own; theirs is wanted";
            return Err(Error::Refused(why.to_owned()));
        }
        let held = self
            .clinic
            .known()
            .membership
            .cards()
            .get(&card.id())
            .map(|it| it.verified);
        if held.is_some_and(|it| it >= verified) {
            return Ok(());
        }
        let sealed = {
            let key = self.name_key()?;
            let mut desk = self.clinic.desk();
            SealedCard::seal(card, clinic, &key, &mut *desk.entropy)
        };
        let kept = Body::CardKept {
            card: card.id(),
            verified,
            sealed,
        };
        let mut series = self.series();
        series
            .say(Author::session(self.id, &self.signing), kept)
            .map_err(unsayable)?;
        let object = AuditObject::Card(card.id(), verified);
        self.state(series, Vec::new(), Some((AuditAction::CardKept, object)))?;
        self.keep_hosts()
    }

    /// The cards that the clinic keeps, by the names of their bearers.
    pub fn cards(&self) -> Result<Vec<CardRow>, Error> {
        self.may_look_somewhere()?;
        self.kept_cards()
    }

    /// The same for whoever is told no more of them than whose a proposal is.
    pub(super) fn kept_cards(&self) -> Result<Vec<CardRow>, Error> {
        let front = self.keyring.of(Compartment::Front)?;
        let keys: Vec<NameKey> = front.keys().map(NameKey::of).collect();
        let clinic = self.clinic.about.clinic;
        let known = self.clinic.known();
        let mut rows = Vec::new();
        for (id, kept) in known.membership.cards() {
            let opened = |key| kept.sealed.open(clinic, id, key).ok();
            rows.extend(keys.iter().find_map(opened).map(|card| CardRow {
                card,
                verified: kept.verified,
                by: kept.by,
                at: kept.at,
                replaced: false,
            }));
        }
        let mut newest: BTreeMap<PublicKey, (Timestamp, CardId)> = BTreeMap::new();
        for row in &rows {
            let about = row.card.about();
            let this = (about.made, row.card.id());
            let held = newest.entry(about.key).or_insert(this);
            *held = this.max(*held);
        }
        for row in &mut rows {
            let newest = newest.get(&row.card.about().key);
            row.replaced = newest.is_some_and(|(_, id)| *id != row.card.id());
        }
        rows.sort_by_cached_key(|it| {
            (as_seen(&it.card.about().name), it.replaced, it.card.id())
        });
        Ok(rows)
    }

    /// The card that is meant: by the name of its bearer, or the beginning of its own.
    pub fn card_named(&self, text: &str) -> Result<CardRow, Error> {
        let rows = self.cards()?;
        let begins = |it: &CardRow| {
            let digits = text.to_ascii_lowercase();
            digits.len() >= DIGITS_ENOUGH && it.card.id().to_string().starts_with(&digits)
        };
        let is_called = |it: &CardRow| {
            !it.replaced && as_seen(&it.card.about().name) == as_seen(text)
        };
        let mut meant = rows.into_iter().filter(|it| begins(it) || is_called(it));
        match (meant.next(), meant.next()) {
            (Some(row), None) => Ok(row),
            (None, _) => Err(Error::Missing("card of this name".to_owned())),
            (Some(_), Some(_)) => {
                let why = "several cards are called this: say the digits of one";
                Err(Error::Refused(why.to_owned()))
            }
        }
    }
}
