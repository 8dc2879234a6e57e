//! Facts that were set apart from each other: which there are, and deciding which value is
//! right.
//!
//! Which charts hold such facts is kept in the cache beside the lists, so that nobody opens
//! fifty thousand charts to find three.

use std::{collections::BTreeSet, fmt, time::Duration};

use super::{Error, Session, documents::Said, rights};
use crate::{
    chart::{
        Choice, Disagreement, Edit, Kind, Part, Record, Subject, Unconfirmed, who::Action,
    },
    ids::{DeviceId, DocId, Hash, PatientId, RecordId},
    members::{NameKey, Named},
    store::{CacheBatch, Table},
};

/// A field that was set apart, in whose chart.
#[derive(Clone, PartialEq, Eq)]
pub struct Apart {
    /// Whose chart.
    pub patient: PatientId,
    /// What the record is called; of a person, nothing.
    pub name: String,
    /// The field and its values.
    pub disagreement: Disagreement,
    /// Whether this user may decide.
    pub may_settle: bool,
    /// Whether both values can stand: two telephone numbers of a person who has one.
    pub may_keep_both: bool,
}

/// A field of a chart, with the versions of it that a person saw.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fact {
    /// Whose chart.
    pub patient: PatientId,
    /// The record's kind.
    pub kind: Kind,
    /// The record.
    pub record: RecordId,
    /// The field's short name.
    pub field: String,
    /// The changes that set the values that the person saw.
    pub seen: Vec<Hash>,
}

/// Why a decision is not written.
const CHANGED: &str = "this was changed meanwhile; look at it again";
/// The names of the rows that say which charts hold such facts.
const ROWS: &[u8] = b"apart/";
/// The field of a person's telephone number, of which there may be a second one.
const PHONE: &str = "phone";

impl Session {
    /// The facts of a chart, or of all charts, that people set apart from each other, as far
    /// as the role may read them. Reading one chart's is opening it; reading all is a search.
    pub fn versions(&mut self, patient: Option<PatientId>) -> Result<Vec<Apart>, Error> {
        self.may_look_somewhere()?;
        if let Some(patient) = patient {
            if !self.opened.contains(&patient) {
                self.open(patient)?;
            }
            self.may_look(patient)?;
            return self.apart_in(patient, &self.parts_of_patient());
        }
        self.settle()?;
        let known: Vec<(PatientId, Part)> = self.apart.iter().copied().collect();
        let mut all = Vec::new();
        for (patient, part) in known {
            all.extend(self.apart_in(patient, &[part])?);
        }
        self.search_audited(all.len())?;
        Ok(all)
    }

    /// The charts that hold facts which somebody may decide, as far as they are made, and the
    /// people who were perhaps registered twice.
    pub fn to_compare(&self) -> usize {
        let patients = self.apart.iter().map(|(patient, _)| patient);
        patients.collect::<BTreeSet<_>>().len() + self.twins_len()
    }

    /// Makes every chart that is not made yet. Without it, lists of all charts hold those that
    /// were made so far; the rest follows when nobody waits.
    pub fn settle_all(&mut self) -> Result<(), Error> {
        while self.settle_some(Duration::MAX)? {}
        Ok(())
    }

    /// Decides a field: the value takes the place of those that the person saw. Gives the
    /// change that did so; where others stand there by now, nothing is written.
    pub fn settle_version(&mut self, fact: &Fact, choice: Choice) -> Result<Hash, Error> {
        let subject = Subject::Patient(fact.patient);
        let part = self.part_of(fact)?;
        let record = self
            .document(subject, part)?
            .doc
            .record(fact.kind, fact.record);
        let record = record.filter(|it| !self.is_awaited(it.entry()));
        let (kind, id) = (fact.kind.key(), fact.record);
        let record =
            record.ok_or_else(|| Error::Missing(format!("{kind} {id} in this chart")))?;
        let edit = Edit::Settle {
            record: Box::new(record),
            field: fact.field.clone(),
            seen: fact.seen.clone(),
            choice,
        };
        self.save(subject, vec![edit])?;
        let open = self.document(subject, part)?;
        let values = open.doc.values(fact.kind, fact.record, &fact.field);
        let now = values.first().map(|(change, _)| *change);
        now.ok_or_else(|| Error::Missing(format!("{kind} {id} in this chart")))
    }

    /// Keeps both of two telephone numbers: the shown one, and the other as the second. Gives
    /// the change that did so.
    pub fn keep_both(&mut self, fact: &Fact) -> Result<Hash, Error> {
        let [(shown, _), (_, other)] = &self.values(fact)?[..] else {
            return Err(Error::Refused(CHANGED.to_owned()));
        };
        let (shown, other) = (*shown, other.clone());
        let patient = fact.patient;
        let before = self.chart(patient)?.identity.person;
        let before = before.filter(|it| fact.field == PHONE && it.phone2.is_empty());
        let before = before.ok_or_else(|| Error::Refused(CHANGED.to_owned()))?;
        let mut after = before.clone();
        after.phone2 = other;
        let settle = Edit::Settle {
            record: Box::new(Record::Person(before.clone())),
            field: fact.field.clone(),
            seen: fact.seen.clone(),
            choice: Choice::Keep(shown),
        };
        let second = Edit::change(Record::Person(before), Record::Person(after));
        self.save(Subject::Patient(patient), vec![settle, second])?;
        let now = self.values(fact)?.into_iter().next();
        now.map(|(change, _)| change)
            .ok_or_else(|| Error::Missing(format!("telephone of {patient}")))
    }

    /// The values that stand in a field of a chart now, with the changes that set them; the
    /// shown one first.
    pub fn values(&mut self, fact: &Fact) -> Result<Vec<(Hash, String)>, Error> {
        let part = self.part_of(fact)?;
        let open = self.document(Subject::Patient(fact.patient), part)?;
        Ok(open.doc.values(fact.kind, fact.record, &fact.field))
    }

    /// The name of a machine, if this role may know it.
    pub fn machine_name(&self, machine: DeviceId) -> String {
        let known = self.clinic.known();
        let named = known.membership.device(machine).and_then(|it| {
            let front = self.keyring.of(Part::Identity.compartment()).ok()?;
            let clinic = self.clinic.about.clinic;
            let mut keys = front.keys().map(NameKey::of);
            keys.find_map(|key| key.open(clinic, Named::Device(machine), &it.name).ok())
        });
        named.unwrap_or_default()
    }

    /// Keeps, beside the lists, whether what a document says holds facts to compare.
    pub(super) fn mark_apart(
        &mut self,
        batch: &mut CacheBatch<'_>,
        patient: PatientId,
        said: &Said,
    ) -> Result<(), Error> {
        let part = said.view.part();
        let apart = said
            .view
            .versions()
            .iter()
            .any(Disagreement::can_be_settled);
        let holds = apart || !said.unconfirmed.iter().all(Unconfirmed::is_of_text);
        if holds == self.apart.contains(&(patient, part)) {
            return Ok(());
        }
        let row = self.row_of(patient, part)?;
        if holds {
            self.apart.insert((patient, part));
            let key = self.keyring.of(part.compartment())?.cache();
            batch.put(Table::State, &row, key, &[]);
        } else {
            self.apart.remove(&(patient, part));
            batch.remove(Table::State, &row);
        }
        Ok(())
    }

    /// Reads which charts hold facts to compare.
    pub(super) fn read_apart(&mut self) -> Result<(), Error> {
        self.apart.clear();
        for part in Part::OF_PATIENT {
            let Ok(keys) = self.keyring.of(part.compartment()) else {
                continue;
            };
            let prefix = prefix_of(part);
            let apart = &mut self.apart;
            let store = &self.clinic.store;
            store.cache_scan(Table::State, &prefix, keys.cache(), |row, _| {
                let patient = row.strip_prefix(prefix.as_slice());
                let patient = patient.and_then(PatientId::from_slice);
                apart.extend(patient.map(|it| (it, part)));
            })?;
        }
        Ok(())
    }

    /// Reads which closed parts of charts do, as far as this session opens them.
    pub(super) fn read_closed_apart(&mut self) -> Result<(), Error> {
        for category in self.open_categories() {
            let part = Part::Restricted(category);
            let prefix = prefix_of(part);
            let key = self.keyring.of(part.compartment())?.cache();
            let mut docs = Vec::new();
            self.clinic
                .store
                .cache_scan(Table::State, &prefix, key, |row, _| {
                    let doc = row.strip_prefix(prefix.as_slice());
                    docs.extend(doc.and_then(DocId::from_slice));
                })?;
            for doc in docs {
                if let Some((Subject::Patient(patient), _)) = self.names().get(&doc) {
                    let at = (*patient, part);
                    self.apart.insert(at);
                }
            }
        }
        Ok(())
    }

    /// The name of the row that says so of a part. That of a closed one names no patient.
    fn row_of(&self, patient: PatientId, part: Part) -> Result<Vec<u8>, Error> {
        let prefix = prefix_of(part);
        if part.category().is_none() {
            return Ok([prefix.as_slice(), patient.as_bytes()].concat());
        }
        let doc = self.keyring.doc_id(Subject::Patient(patient), part)?;
        Ok([prefix.as_slice(), doc.as_bytes()].concat())
    }

    /// The document in which the field stands.
    pub(super) fn part_of(&mut self, fact: &Fact) -> Result<Part, Error> {
        let usual = fact.kind.usual_part();
        self.may_in(fact.patient, reading(usual))?;
        if fact.kind.can_be_closed()
            && let Some(closed) = self.closed_part_of(fact.patient, fact.record)?
        {
            return Ok(closed);
        }
        if fact.kind == Kind::Observation {
            let subject = Subject::Patient(fact.patient);
            let results = &self.document(subject, Part::Results)?.doc;
            if results.record(fact.kind, fact.record).is_some() {
                return Ok(Part::Results);
            }
        }
        Ok(usual)
    }

    fn apart_in(
        &mut self,
        patient: PatientId,
        parts: &[Part],
    ) -> Result<Vec<Apart>, Error> {
        let mut all = Vec::new();
        for part in parts {
            if self.may_read(*part).is_err() {
                continue;
            }
            let Some(said) = self.said(Subject::Patient(patient), *part)? else {
                continue;
            };
            let mut view = said.view;
            let notes_too = self.may(Action::ReadNote).is_ok();
            view.retain(|kind, entry| {
                (notes_too || kind != Kind::Note) && !self.is_awaited(entry)
            });
            let disagreements = view.versions().to_vec();
            let records = view.into_records();
            for disagreement in disagreements
                .into_iter()
                .filter(Disagreement::can_be_settled)
            {
                let of = records
                    .iter()
                    .find(|it| it.entry().id == disagreement.record);
                let may_settle =
                    of.is_some_and(|it| self.may(rights::action_on(it)).is_ok());
                let may_keep_both = of.is_some_and(|it| has_room(it, &disagreement));
                all.push(Apart {
                    patient,
                    name: of.map_or("", Record::called).to_owned(),
                    disagreement,
                    may_settle,
                    may_keep_both,
                });
            }
        }
        Ok(all)
    }
}

/// Whether the other one of two telephone numbers has a place beside the shown one.
fn has_room(record: &Record, of: &Disagreement) -> bool {
    let Record::Person(person) = record else {
        return false;
    };
    let numbers = of.versions.iter().filter(|it| !it.value.is_empty());
    of.field == PHONE && numbers.count() == 2 && person.phone2.is_empty()
}

pub(super) const fn reading(part: Part) -> Action {
    match part {
        Part::Identity | Part::Site => Action::ReadIdentity,
        Part::Summary
        | Part::Visits
        | Part::Results
        | Part::Inbox
        | Part::Restricted(_) => Action::ReadClinical,
        Part::Consents => Action::ReadConsent,
    }
}

fn prefix_of(part: Part) -> Vec<u8> {
    [ROWS, part.name().as_bytes(), b"/"].concat()
}

impl fmt::Debug for Apart {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Apart({:?}, {:?})", self.patient, self.disagreement)
    }
}
