//! Giving the keys of shared documents to whom they were granted to: of every epoch, and of
//! each step that was written in.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use super::{Error, Session, stating::unsayable};
use crate::{
    chart::{Part, Subject, who::Compartment},
    ids::{DocId, KeyId, PatientId, StatementId},
    ledger::{Header, Lane},
    members::{Author, DocKey, GIVEN_KEYS_MAX, Grant, Series, Term},
    seal::{Secret, names},
};

impl Session {
    /// Gives what was not given yet of every grant that is not over: keys of new epochs, and
    /// of documents whose last key somebody else may have no more.
    pub(super) fn give_lacking_keys(&mut self) -> Result<(), Error> {
        let now = self.now_at_least();
        let grants: Vec<_> = {
            let known = self.clinic.known();
            let grants = known.membership.grants(now).into_iter();
            let open = grants.filter(|it| matches!(it.term, Term::Live | Term::Early));
            open.map(|it| (it.statement, it.grant.clone())).collect()
        };
        if grants.is_empty() {
            return Ok(());
        }
        let patients = self.patients_of(grants.iter().map(|(_, it)| it));
        let mut series = self.series();
        let before = series.heads().clone();
        for (id, grant) in grants {
            let mut documents = grant.documents.keys();
            // Where nothing of the patient has come yet, another machine gives them.
            let Some(patient) = documents.find_map(|it| patients.get(it)) else {
                continue;
            };
            let given = self.clinic.known().membership.given_keys(id);
            let keys = self.keys_to_give((&grant, *patient), &given)?;
            self.give(&mut series, (id, &grant), keys)?;
        }
        if *series.heads() == before {
            return Ok(());
        }
        self.state(series, Vec::new(), None)
    }

    /// The keys of a grant's documents that this session holds and that were not given. One
    /// that it cannot name is of a part that is closed to it.
    pub(super) fn keys_to_give(
        &mut self,
        (grant, patient): (&Grant, PatientId),
        given: &BTreeSet<(DocKey, KeyId)>,
    ) -> Result<BTreeMap<DocKey, Secret>, Error> {
        let subject = Subject::Patient(patient);
        let parts = self.parts_of_patient().into_iter();
        let mut compartments: BTreeMap<DocId, Compartment> = parts
            .filter_map(|it| {
                let doc = self.keyring.doc_id(subject, it).ok()?;
                Some((doc, it.compartment()))
            })
            .collect();
        compartments.insert(grant.inbox, Part::Inbox.compartment());
        let mut keys = BTreeMap::new();
        for doc in grant.scope() {
            let Some(compartment) = compartments.get(&doc).copied() else {
                continue;
            };
            let step = self.clinic.known().membership.doc_step(doc);
            let mut wanted = BTreeSet::new();
            let Ok(held) = self.keyring.of(compartment) else {
                continue;
            };
            for epoch in held.epochs() {
                wanted.extend([0, step].map(|k| DocKey { doc, epoch, k }));
            }
            if step != 0 {
                wanted.extend(self.keys_used(doc)?);
            }
            let held = self.keyring.of(compartment)?;
            for key in wanted {
                let secret = held.doc_key(key.epoch, doc, key.k);
                let secret =
                    secret.filter(|it| !given.contains(&(key, names::key_id(it))));
                keys.extend(secret.map(|it| (key, it)));
            }
        }
        Ok(keys)
    }

    /// Says that keys are given, if there are any.
    pub(super) fn give(
        &self,
        series: &mut Series,
        (id, grant): (StatementId, &Grant),
        mut keys: BTreeMap<DocKey, Secret>,
    ) -> Result<(), Error> {
        let session = Author::session(self.id, &self.signing);
        while !keys.is_empty() {
            let rest = keys.keys().nth(GIVEN_KEYS_MAX).copied();
            let rest = rest.map(|it| keys.split_off(&it)).unwrap_or_default();
            let mut desk = self.clinic.desk();
            series
                .give_keys(session, (id, grant.carry), &keys, &mut *desk.entropy)
                .map_err(unsayable)?;
            keys = rest;
        }
        Ok(())
    }

    /// The keys that a document's envelopes here are sealed with.
    fn keys_used(&mut self, doc: DocId) -> Result<BTreeSet<DocKey>, Error> {
        let clinic = Arc::clone(&self.clinic);
        let mut desk = clinic.desk();
        self.sit(&mut desk)?;
        let indexed = |session: &mut Self, desk: &mut _| {
            for lane in [Lane::Desk, Lane::Clinical, Lane::Restricted] {
                session.index_all(desk, lane)?;
            }
            Ok(clinic.store.of_doc(doc)?)
        };
        let mut used = BTreeSet::new();
        for indexed in self.with_cache(&mut desk, indexed)? {
            let bytes = clinic.store.envelope(indexed.place)?.unwrap_or_default();
            if let Ok((header, _)) = Header::decode(&bytes) {
                let (epoch, k) = (header.epoch, header.k);
                used.insert(DocKey { doc, epoch, k });
            }
        }
        Ok(used)
    }
}
