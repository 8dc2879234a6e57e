//! What only a session can tell providers of other clinics: whose charts were shared with
//! them, and what the people are called who wrote in these. It is wrapped to each provider and
//! kept, so that this machine can hand it on while it is locked.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::Names;
use crate::{
    chart::{Part, Subject},
    clinic::{
        Clinic, Error, Session,
        guests::{Hosts, read_hosts},
        put_row, row,
    },
    ids::StatementId,
    ledger::Header,
    members::{Grant, Term, Told, Verified},
    seal::{self, CarryPublic},
};

/// What is kept for a provider.
#[derive(Serialize, Deserialize)]
struct Kept {
    /// A keyed hash of what it says: whether that changed, without a key of theirs.
    mac: Vec<u8>,
    wrapped: Vec<u8>,
}

impl Clinic {
    /// What was told to whoever has this key.
    pub(super) fn told_to(&self, carry: CarryPublic) -> Result<Option<Vec<u8>>, Error> {
        let kept: Option<Kept> = self.read_row(&told_row(carry))?;
        Ok(kept.map(|it| it.wrapped))
    }
}

impl Session {
    /// Tells providers of other clinics what only a session knows, and this machine whose
    /// cards are kept: it is to know them while it is locked.
    pub(in crate::clinic) fn tell_guests(&mut self) -> Result<(), Error> {
        self.keep_hosts()?;
        let now = self.now_at_least();
        let mut by_carry: BTreeMap<CarryPublic, Vec<(StatementId, Grant)>> =
            BTreeMap::new();
        {
            let known = self.clinic.known();
            for granting in known.membership.grants(now) {
                if matches!(granting.term, Term::Live | Term::Early) {
                    let grants = by_carry.entry(granting.grant.carry).or_default();
                    grants.push((granting.statement, granting.grant.clone()));
                }
            }
        }
        for (carry, grants) in by_carry {
            let told = self.told_of(&grants)?;
            if told.patients.is_empty() {
                // Another machine knows whose these are.
                continue;
            }
            let mac = seal::mac(&self.device.local, &[&told.encode()]);
            let mac = mac.as_bytes().to_vec();
            let name = told_row(carry);
            let kept: Option<Kept> = self.clinic.read_row(&name)?;
            // Whoever cannot name all of it leaves what somebody told who can.
            let knows_all = |(_, it): &(_, Grant)| {
                it.documents.keys().all(|it| told.parts.contains_key(it))
            };
            let knows_all = grants.iter().all(knows_all);
            if kept.is_some_and(|it| it.mac == mac || !knows_all) {
                continue;
            }
            let wrapped = told.wrap(carry, &mut self.clinic.chance());
            let wrapped = wrapped
                .map_err(|source| Error::damaged("what a provider is told", source))?;
            let row = put_row(name, &Kept { mac, wrapped });
            self.clinic.store.append(&[], &[row])?;
        }
        Ok(())
    }

    fn told_of(&self, grants: &[(StatementId, Grant)]) -> Result<Told, Error> {
        let patients = self.patients_of(grants.iter().map(|(_, it)| it));
        let mut told = Told::default();
        let names = Names::read(&self.clinic)?;
        for (id, grant) in grants {
            let mut documents = grant.documents.keys();
            let Some(patient) = documents.find_map(|it| patients.get(it)) else {
                continue;
            };
            told.patients.insert(*id, *patient);
            told.parts
                .insert(grant.inbox, Part::Inbox.name().to_owned());
            let subject = Subject::Patient(*patient);
            for part in self.parts_of_patient() {
                let doc = self.keyring.doc_id(subject, part).ok();
                let doc = doc.filter(|it| grant.documents.contains_key(it));
                told.parts
                    .extend(doc.map(|it| (it, part.name().to_owned())));
            }
            for doc in grant.scope() {
                for at in names.of_doc(&self.clinic, doc)? {
                    let bytes = self.clinic.store.envelope(at.place).ok().flatten();
                    let header = bytes.and_then(|it| Header::decode(&it).ok());
                    if let Some((header, _)) = header {
                        self.tell_whose(&header, &mut told)?;
                    }
                }
            }
        }
        Ok(told)
    }

    /// Tells whose a session is.
    fn tell_whose(&self, header: &Header, told: &mut Told) -> Result<(), Error> {
        let store = &self.clinic.store;
        let signing = self.clinic.known().signing(store, header.session)?;
        let Some(user) = signing.map(|it| it.user) else {
            return Ok(());
        };
        if told.people.contains_key(&user) {
            return Ok(());
        }
        let role = self.clinic.known().membership.user(user).map(|it| it.role);
        if let Some(role) = role {
            told.people.insert(user, (self.user_name(user), role));
        }
        Ok(())
    }

    /// Keeps, readable while locked, at which machines the bearers of cards that somebody
    /// made sure of are met.
    pub(in crate::clinic) fn keep_hosts(&self) -> Result<(), Error> {
        let Ok(cards) = self.cards() else {
            // Who may not see cards leaves what is kept.
            return Ok(());
        };
        let mut hosts = Hosts::new();
        for row in cards {
            if row.verified != Verified::Not && !row.replaced {
                let machines = hosts.entry(row.card.about().clinic).or_default();
                machines.extend(row.card.machines());
            }
        }
        if read_hosts(&self.clinic.store)? == hosts {
            return Ok(());
        }
        let row = put_row(row::HOSTS, &hosts);
        Ok(self.clinic.store.append(&[], &[row])?)
    }
}

fn told_row(carry: CarryPublic) -> String {
    let digits = carry.as_bytes().iter().map(|it| format!("{it:02x}"));
    format!("{}{}", row::TOLD_TO_GUESTS, digits.collect::<String>())
}
