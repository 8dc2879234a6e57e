//! What sessions wrote that were cut off: it is in the documents and does not count, until a
//! clinician adopts or rejects it.

use std::{cell::Cell, collections::BTreeMap, fmt};

use super::{
    Clinic, Error, Fact, Session, actor::Signing, branches::Branches, desk::Desk, rights,
};
use crate::{
    chart::{Choice, Edit, Kind, Part, Record, Subject, Unconfirmed, who::Action},
    doc::Doubts,
    ids::{DocId, Hash, PatientId, SessionId},
    ledger::{Header, Place},
    members::{Judgement, Written, WrittenOutside},
    store::Table,
};

/// Something that does not count, in whose chart.
#[derive(Clone, PartialEq, Eq)]
pub struct Doubted {
    /// Whose chart.
    pub patient: PatientId,
    /// What the record is called; of a person, nothing.
    pub name: String,
    /// What it is.
    pub unconfirmed: Unconfirmed,
    /// Whether this user may adopt or reject it.
    pub may_settle: bool,
}

/// The row that says under which removals the cache was made.
const ROW: &[u8] = b"doubts";
/// The field that says whether a record was entered in error.
const IN_ERROR: &str = "err";

impl Clinic {
    /// For the sessions that wrote in a document, the number of the first of their changes
    /// there that does not count; and whether that may change with what is not held yet.
    pub(super) fn doubts(
        &self,
        doc: DocId,
        sessions: &BTreeMap<SessionId, [u8; 16]>,
    ) -> Result<(Doubts, bool), Error> {
        let mut doubts = Doubts::new();
        // A share may be taken back at any time.
        let may_change = Cell::new(self.has_guests(sessions.keys())?);
        if self.known().cut_offs() == Hash::ZERO && !may_change.get() {
            return Ok((doubts, false));
        }
        let branches = Branches::read(&self.store)?;
        let mut places = Vec::new();
        for indexed in self.store.of_doc(doc)? {
            let place = indexed.place;
            let bytes = self.store.envelope(place)?.unwrap_or_default();
            if let Ok((header, _)) = Header::decode(&bytes)
                && sessions.contains_key(&header.session)
            {
                places.push((header.seq, header.session, (place, header.hlc)));
            }
        }
        places.sort_unstable_by_key(|(seq, ..)| *seq);
        let mut numbers: BTreeMap<SessionId, u64> = BTreeMap::new();
        for (_, session, (place, hlc)) in places {
            let number = numbers.entry(session).or_default();
            *number += 1;
            let Some(actor) = sessions.get(&session) else {
                continue;
            };
            let mut known = self.known();
            let Some(certificate) = known.certificate(&self.store, session)? else {
                continue;
            };
            let reached_by = |log, seq, hash| {
                let reached = branches.follows(place, (seq, hash)).ok()?;
                let end = Place { log, seq, ..place };
                if reached != Some(true) && branches.is_awaited(end, hash, place).ok()? {
                    may_change.set(true);
                }
                reached
            };
            let written = Written {
                log: place.log,
                lane: place.lane,
                seq: place.seq,
                reached_by: &reached_by,
            };
            let written = WrittenOutside {
                written,
                doc,
                at: hlc.timestamp(),
            };
            let judged = known.judge(&certificate, &written);
            let is_guest = known.is_outside(&Signing::of(&certificate));
            drop(known);
            match judged {
                Judgement::Counts => {}
                // What a provider wrote by a grant that has not come does not count yet.
                Judgement::Waiting(_) if !is_guest => may_change.set(true),
                Judgement::Waiting(_) | Judgement::Void(_) => {
                    doubts.entry(*actor).or_insert(*number);
                }
            }
        }
        Ok((doubts, may_change.get()))
    }

    /// Whether some of these are sessions of providers of other clinics.
    fn has_guests<'a>(
        &self,
        sessions: impl Iterator<Item = &'a SessionId>,
    ) -> Result<bool, Error> {
        let mut known = self.known();
        for session in sessions {
            let signing = known.signing(&self.store, *session)?;
            if signing.is_some_and(|it| known.is_outside(&it)) {
                return Ok(true);
            }
        }
        Ok(false)
    }
}

impl Session {
    /// What was written by sessions that were cut off, in a chart or in all, as far as the
    /// role may read it. Reading one chart's is opening it; reading all is a search.
    pub fn unconfirmed(
        &mut self,
        patient: Option<PatientId>,
    ) -> Result<Vec<Doubted>, Error> {
        self.may_look_somewhere()?;
        if let Some(patient) = patient {
            if !self.opened.contains(&patient) {
                self.open(patient)?;
            }
            self.may_look(patient)?;
            return self.doubted_in(patient, &self.parts_of_patient());
        }
        self.settle()?;
        let mut all = Vec::new();
        for (patient, part) in self.apart.clone() {
            all.extend(self.doubted_in(patient, &[part])?);
        }
        self.search_audited(all.len())?;
        Ok(all)
    }

    /// Takes what was written as one's own: it counts from now on.
    pub fn adopt(&mut self, doubted: &Doubted) -> Result<(), Error> {
        let of = &doubted.unconfirmed;
        if !of.field.is_empty() {
            let choice = Choice::Keep(of.change);
            return self.decide(doubted, &[(of.field.clone(), choice)]);
        }
        // The record has been looked at, and is not in error; all that it says is written
        // anew, since it was written by nobody who counts.
        let fact = fact_of(doubted);
        let part = self.part_of(&fact)?;
        let open = self.document(Subject::Patient(doubted.patient), part)?;
        let written = open.doc.written(of.kind, of.record).into_iter();
        let written = written.filter(|(field, _)| field != IN_ERROR);
        let kept = written.map(|(field, change)| (field, Choice::Keep(change)));
        let right = Choice::Write("false".to_owned());
        let all: Vec<_> = kept.chain([(IN_ERROR.to_owned(), right)]).collect();
        self.decide(doubted, &all)
    }

    /// Sets back what stood there before; a record that somebody made is marked as entered in
    /// error.
    pub fn reject(&mut self, doubted: &Doubted) -> Result<(), Error> {
        let of = &doubted.unconfirmed;
        if of.field.is_empty() {
            let wrong = Choice::Write("true".to_owned());
            return self.decide(doubted, &[(IN_ERROR.to_owned(), wrong)]);
        }
        let before = match of.counting {
            Some(change) => Choice::Keep(change),
            None => Choice::Write(of.counts.clone().unwrap_or_default()),
        };
        self.decide(doubted, &[(of.field.clone(), before)])
    }

    /// Takes back what was decided about a whole record: it waits again. Whose single values
    /// were decided is settled like any fact.
    pub fn wait_again(
        &mut self,
        patient: PatientId,
        of: &Unconfirmed,
    ) -> Result<(), Error> {
        let subject = Subject::Patient(patient);
        let fact = Fact {
            patient,
            kind: of.kind,
            record: of.record,
            field: IN_ERROR.to_owned(),
            seen: Vec::new(),
        };
        let part = self.part_of(&fact)?;
        let open = self.document(subject, part)?;
        let record = open
            .doc
            .record(of.kind, of.record)
            .ok_or_else(|| Error::Missing(format!("{} {}", of.kind.key(), of.record)))?;
        let seen = open.doc.values(of.kind, of.record, IN_ERROR);
        let edit = Edit::Settle {
            record: Box::new(record),
            field: fact.field,
            seen: seen.into_iter().map(|(change, _)| change).collect(),
            choice: Choice::Unsay,
        };
        self.save(subject, vec![edit])
    }

    fn decide(
        &mut self,
        doubted: &Doubted,
        fields: &[(String, Choice)],
    ) -> Result<(), Error> {
        let subject = Subject::Patient(doubted.patient);
        let of = &doubted.unconfirmed;
        let mut fact = fact_of(doubted);
        let part = self.part_of(&fact)?;
        let standing = self.unconfirmed(Some(doubted.patient))?;
        if !standing.iter().any(|it| it.unconfirmed == *of) {
            let why = "this was decided meanwhile";
            return Err(Error::Refused(why.to_owned()));
        }
        let open = self.document(subject, part)?;
        let record = open
            .doc
            .record(of.kind, of.record)
            .ok_or_else(|| Error::Missing(format!("{} {}", of.kind.key(), of.record)))?;
        let mut edits = Vec::new();
        for (field, choice) in fields {
            fact.field.clone_from(field);
            let values = open.doc.values(fact.kind, fact.record, field);
            edits.push(Edit::Settle {
                record: Box::new(record.clone()),
                field: field.clone(),
                seen: values.into_iter().map(|(change, _)| change).collect(),
                choice: choice.clone(),
            });
        }
        self.save(subject, edits)
    }

    fn doubted_in(
        &mut self,
        patient: PatientId,
        parts: &[Part],
    ) -> Result<Vec<Doubted>, Error> {
        let mut all = Vec::new();
        for part in parts {
            if self.may_read(*part).is_err() {
                continue;
            }
            let Some(said) = self.said(Subject::Patient(patient), *part)? else {
                continue;
            };
            let notes_too = self.may(Action::ReadNote).is_ok();
            let records = said.view.into_records();
            let mut unconfirmed = said.unconfirmed;
            unconfirmed.retain(|it| !it.is_of_text());
            for unconfirmed in unconfirmed {
                let is_of = |it: &&Record| it.entry().id == unconfirmed.record;
                let of = records.iter().find(is_of);
                let may_read = notes_too || unconfirmed.kind != Kind::Note;
                let Some(of) = of.filter(|it| may_read && !self.is_awaited(it.entry()))
                else {
                    continue;
                };
                let may_settle = self.may(rights::action_on(of)).is_ok();
                all.push(Doubted {
                    patient,
                    name: of.called().to_owned(),
                    unconfirmed,
                    may_settle,
                });
            }
        }
        Ok(all)
    }

    /// Begins the cache anew where it was made under other removals than are known now.
    pub(super) fn renew_doubts(&mut self, desk: &mut Desk) -> Result<bool, Error> {
        let now = self.clinic.known().cut_offs();
        if self.doubts == Some(now) {
            return Ok(false);
        }
        let Ok(front) = self.keyring.of(Part::Identity.compartment()) else {
            return Ok(false);
        };
        let store = &self.clinic.store;
        let row = store.cache_get(Table::State, ROW, front.cache())?;
        let then = row
            .and_then(|it| Hash::from_slice(&it))
            .unwrap_or(Hash::ZERO);
        let other = then != now;
        if other {
            self.renew_cache(desk)?;
            let key = self.keyring.of(Part::Identity.compartment())?.cache();
            let mut batch = crate::store::CacheBatch::new(&mut *desk.entropy);
            batch.put(Table::State, ROW, key, now.as_bytes());
            self.clinic.store.cache_write(&batch)?;
        }
        self.doubts = Some(now);
        Ok(other)
    }
}

fn fact_of(doubted: &Doubted) -> Fact {
    let of = &doubted.unconfirmed;
    Fact {
        patient: doubted.patient,
        kind: of.kind,
        record: of.record,
        field: of.field.clone(),
        seen: Vec::new(),
    }
}

impl fmt::Debug for Doubted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Doubted({:?}, {:?})", self.patient, self.unconfirmed)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{ids::RecordId, time::Timestamp};

    #[test]
    fn what_does_not_count_is_not_shown_by_its_words() {
        let doubted = Doubted {
            patient: PatientId::from_bytes([0x3f; 16]),
            name: "Penicillin".to_owned(),
            unconfirmed: Unconfirmed {
                kind: Kind::Allergy,
                record: RecordId::ZERO,
                field: "severity".to_owned(),
                value: "severe".to_owned(),
                counts: Some("mild".to_owned()),
                counting: None,
                by: None,
                machine: None,
                at: Timestamp(0),
                change: Hash::ZERO,
            },
            may_settle: false,
        };
        let shown = format!("{doubted:?}");
        assert_eq!(shown, "Doubted(PatientId(3f3f3f3f), Unconfirmed(…))");
    }
}
