//! Catching up: what is in the ledger and not yet in the cache, after a crash, after a cache
//! was thrown away, or when envelopes came from elsewhere.

use std::{collections::BTreeMap, sync::Arc};

use super::{Desk, Error, Session, documents::Open};
use crate::{
    chart::{Part, Subject, who::Compartment},
    doc::View,
    ids::{DocId, PatientId},
    ledger::{Header, Kind, Lane},
    store::{CacheBatch, Place},
};

/// Documents that are brought up to date between two writings of the cache. Bounds memory;
/// a chart is four of them.
const DOCS_IN_BATCH: usize = 256;

/// Envelopes in the order of their lane, and the documents that they changed.
type Places = Vec<(Place, Option<DocId>)>;

/// The changes that the cache lacks, by document.
type Missing = BTreeMap<DocId, Vec<Place>>;

/// Which document each id names.
type DocNames = BTreeMap<DocId, (Subject, Part)>;

impl Session {
    /// Catches up where the cache may be behind the ledger.
    pub(super) fn catch_up_if_behind(&mut self) -> Result<(), Error> {
        let clinic = Arc::clone(&self.clinic);
        let mut desk = clinic.desk();
        let behind = std::mem::take(&mut desk.behind) && self.lacks_something()?;
        if behind {
            self.catch_up(&mut desk)
        } else {
            Ok(())
        }
    }

    fn lacks_something(&self) -> Result<bool, Error> {
        let applied = self.clinic.store.applied()?;
        let frontier = self.clinic.store.frontier()?;
        Ok(frontier
            .iter()
            .any(|(run, (tip, _))| applied.get(run) != Some(tip)))
    }

    /// Takes everything into the cache that this role can open and that is not in it.
    pub(super) fn catch_up(&mut self, desk: &mut Desk) -> Result<(), Error> {
        desk.pending.clear();
        self.documents.forget_all();
        let mut names = self.names();
        for lane in Lane::ALL {
            let part = match lane {
                Lane::Desk => Compartment::Front,
                Lane::Clinical => Compartment::Clinical,
                Lane::Membership | Lane::Restricted | Lane::Audit | Lane::Attachments => {
                    self.pass_over(desk, lane)?;
                    continue;
                }
            };
            if self.keyring.of(part).is_ok() {
                while self.catch_up_some(desk, lane, &mut names)? {}
            }
        }
        Ok(())
    }

    /// Lanes without documents: only how far they reach.
    fn pass_over(&self, desk: &mut Desk, lane: Lane) -> Result<(), Error> {
        let store = &self.clinic.store;
        let applied = store.applied()?;
        let mut batch = CacheBatch::new(&mut *desk.entropy);
        for ((log, of), (tip, _)) in store.frontier()? {
            let known = applied.get(&(log, of)).copied().unwrap_or(0);
            for seq in (known + 1..=tip).filter(|_| of == lane) {
                batch.applied(Place { log, lane, seq }, None);
            }
        }
        Ok(store.cache_write(&batch)?)
    }

    /// Some of a lane's missing changes; whether there may be more.
    fn catch_up_some(
        &mut self,
        desk: &mut Desk,
        lane: Lane,
        names: &mut DocNames,
    ) -> Result<bool, Error> {
        let clinic = Arc::clone(&self.clinic);
        let (places, missing) = self.missing(lane)?;
        if places.is_empty() {
            return Ok(false);
        }
        let mut batch = CacheBatch::new(&mut *desk.entropy);
        let mut said = Vec::new();
        for (id, new) in &missing {
            self.name(*id, lane, new, names)?;
            let Some((subject, part)) = names.get(id).copied() else {
                continue;
            };
            let mut open = self.load(*id, subject, part)?;
            let changes: Result<Vec<Vec<u8>>, Error> = new
                .iter()
                .map(|place| self.change_at(*place, part))
                .collect();
            open.take(&changes?);
            let key = self.keyring.of(part.compartment())?.cache();
            let writers = clinic.writers(*id)?;
            let who = |actor: &[u8; 16]| writers.get(actor).copied();
            said.push((subject, open.settle(&mut batch, key, who)));
        }
        for (place, doc) in places {
            batch.applied(place, doc);
        }
        self.list(&mut batch, said)?;
        clinic.store.cache_write(&batch)?;
        Ok(true)
    }

    /// The next envelopes of a lane that are not in the cache, and of which documents.
    fn missing(&self, lane: Lane) -> Result<(Places, Missing), Error> {
        let store = &self.clinic.store;
        let applied = store.applied()?;
        let mut places = Vec::new();
        let mut missing = Missing::new();
        for (log, of) in store.frontier()?.into_keys().filter(|(_, of)| *of == lane) {
            let mut from = Place {
                log,
                lane,
                seq: applied.get(&(log, of)).copied().unwrap_or(0) + 1,
            };
            while missing.len() < DOCS_IN_BATCH {
                let run = store.envelopes(from)?;
                let Some((last, _)) = run.last() else { break };
                from.seq = last + 1;
                for (seq, bytes) in &run {
                    let place = Place {
                        log,
                        lane,
                        seq: *seq,
                    };
                    let (header, _) = Header::decode(bytes)
                        .map_err(|source| Error::damaged("an envelope", source))?;
                    let doc = (header.kind == Kind::Change).then_some(header.doc);
                    places.push((place, doc));
                    if let Some(doc) = doc {
                        missing.entry(doc).or_default().push(place);
                    }
                }
            }
        }
        Ok((places, missing))
    }

    /// Whose document an id names, and which. Ids are computed from whom they are about, so
    /// those of everybody on file are computed and looked up; an identity that is new here
    /// tells whose it is itself.
    fn name(
        &self,
        id: DocId,
        lane: Lane,
        new: &[Place],
        names: &mut DocNames,
    ) -> Result<(), Error> {
        if lane != Lane::Desk || names.contains_key(&id) {
            return Ok(());
        }
        let mut open = Open::new(id, Subject::Clinic, Part::Identity);
        let changes: Result<Vec<Vec<u8>>, Error> = new
            .iter()
            .map(|place| self.change_at(*place, Part::Identity))
            .collect();
        open.take(&changes?);
        let View::Identity(identity) = open.view() else {
            return Ok(());
        };
        let Some(person) = identity.person else {
            return Ok(());
        };
        let patient = PatientId::from_bytes(*person.entry.id.as_bytes());
        if self
            .keyring
            .doc_id(Subject::Patient(patient), Part::Identity)?
            == id
        {
            self.name_all(patient, names);
        }
        Ok(())
    }

    fn names(&self) -> DocNames {
        let mut names = DocNames::new();
        if let Ok(site) = self.keyring.doc_id(Subject::Clinic, Part::Site) {
            names.insert(site, (Subject::Clinic, Part::Site));
        }
        let patients: Vec<PatientId> =
            self.with_index(|index| index.rows().map(|it| it.patient).collect());
        for patient in patients {
            self.name_all(patient, &mut names);
        }
        names
    }

    fn name_all(&self, patient: PatientId, names: &mut DocNames) {
        let subject = Subject::Patient(patient);
        for part in Part::OF_PATIENT {
            if let Ok(id) = self.keyring.doc_id(subject, part) {
                names.insert(id, (subject, part));
            }
        }
    }
}
