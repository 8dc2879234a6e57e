//! People who were perhaps registered twice: on two machines that had not met, so that
//! nobody was asked. Who they are is worked out from the list of people, on every machine
//! alike; that two are not the same person is said in the newer one's identity.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt,
    sync::{Arc, PoisonError},
};

use super::{
    Error, Found, Session,
    bunches::{RowPlace, place_of, put_all},
    roster::Listed,
};
use crate::{
    chart::{
        Edit, Part, Person, Record, Subject,
        who::{Action, Compartment},
    },
    find::Reason,
    ids::{DeviceId, PatientId, RecordId},
    seal::names,
    store::{CacheBatch, Table},
    time::Timestamp,
};

/// Two people on file who are perhaps one.
#[derive(Clone, PartialEq, Eq)]
pub struct Twins {
    /// What names the two together, on every machine alike.
    pub id: RecordId,
    /// The two, the one with the lower id first.
    pub people: [Found; 2],
    /// On which machine each was registered, if it is known here.
    pub machines: [Option<DeviceId>; 2],
    /// When the later of the two was registered.
    pub since: Option<Timestamp>,
    /// Whether this user may tell them apart.
    pub may_settle: bool,
}

/// Who may have been registered twice, as far as somebody looked.
#[derive(Debug, Default)]
pub(super) struct LikelyTwins {
    /// Those who are new or other than before, in the order of their rows.
    due: BTreeSet<RowPlace>,
    /// Who was found to be like each.
    found: BTreeMap<PatientId, Vec<PatientId>>,
}

/// People who are looked for between two looks at the clock: some 5 ms of work among 50,000.
const PEOPLE_IN_PORTION: usize = 8;

impl LikelyTwins {
    /// Takes a row of the list of people; without twins, nobody looked yet.
    pub(super) fn list(&mut self, patient: PatientId, twins: Option<&[PatientId]>) {
        let place = place_of(patient);
        match twins {
            None => self.due.insert(place),
            Some(_) => self.due.remove(&place),
        };
        match twins.unwrap_or_default() {
            [] => self.found.remove(&patient),
            found => self.found.insert(patient, found.to_vec()),
        };
    }

    pub(super) fn clear(&mut self) {
        *self = Self::default();
    }

    /// Each two, once.
    fn pairs(&self) -> BTreeSet<(PatientId, PatientId)> {
        let all = self.found.iter();
        all.flat_map(|(one, others)| others.iter().map(|it| (*one.min(it), *one.max(it))))
            .collect()
    }
}

impl Session {
    /// People who were perhaps registered twice, the latest first; those of one patient, or
    /// all. This is a search. It tells what was looked through so far: the rest follows with
    /// [`Session::settle_some`].
    pub fn twins(&mut self, of: Option<PatientId>) -> Result<Vec<Twins>, Error> {
        self.may_look_somewhere()?;
        self.settle()?;
        let mut all = Vec::new();
        for (one, other) in self.twins.pairs() {
            if of.is_none_or(|it| it == one || it == other) {
                all.extend(self.twins_of(one, other));
            }
        }
        all.sort_by_key(|it| std::cmp::Reverse((it.since, it.id)));
        self.search_audited(2 * all.len())?;
        Ok(all)
    }

    /// Says that two people are not the same person, or takes that back. It is a change of
    /// who they are, signed and shared as any other.
    pub fn tell_apart(
        &mut self,
        one: PatientId,
        other: PatientId,
        apart: bool,
    ) -> Result<(), Error> {
        self.may(Action::WriteIdentity)?;
        let (first, second) = (one.min(other), one.max(other));
        if first == second {
            let why = "nobody is another person than themselves";
            return Err(Error::Refused(why.to_owned()));
        }
        // Both are opened, so that it is written down who looked at whom.
        let people = [(first, self.person(first)?), (second, self.person(second)?)];
        let told = people.iter().any(|(patient, it)| {
            it.others
                .iter()
                .any(|other| *other != *patient && [first, second].contains(other))
        });
        if told == apart {
            return Ok(());
        }
        for (patient, before) in people {
            let mut after = before.clone();
            if !apart {
                after.others.retain(|it| ![first, second].contains(it));
            } else if patient == second {
                after.others.push(first);
            }
            if after != before {
                let edit = Edit::change(Record::Person(before), Record::Person(after));
                self.save(Subject::Patient(patient), vec![edit])?;
            }
        }
        Ok(())
    }

    /// Looks who may have been registered twice, of some who are new or other than before;
    /// true while there are more.
    pub(super) fn look_some(&mut self) -> Result<bool, Error> {
        if self.twins.due.is_empty() {
            return Ok(false);
        }
        let clinic = Arc::clone(&self.clinic);
        let mut desk = clinic.desk();
        self.sit(&mut desk)?;
        let today = self.today();
        let due = self.twins.due.iter().take(PEOPLE_IN_PORTION);
        let due: Vec<RowPlace> = due.copied().collect();
        let mut rows = Vec::with_capacity(due.len());
        {
            let index = self.index.read().unwrap_or_else(PoisonError::into_inner);
            for (_, patient) in &due {
                let Some(mut row) = index.row(*patient).cloned() else {
                    continue;
                };
                // What clinical documents say stands elsewhere.
                row.severe_allergy = None;
                row.last_seen = None;
                let listed = Listed {
                    twins: Some(index.twins(*patient, today)),
                    awaits: self.awaiting.get(&(*patient, Part::Identity)).copied(),
                    row,
                };
                rows.push((*patient, listed));
            }
        }
        for (_, patient) in &due {
            self.twins.list(*patient, Some(&[]));
        }
        for (patient, listed) in &rows {
            self.twins.list(*patient, listed.twins.as_deref());
        }
        let key = self.keyring.of(Compartment::Front)?.cache();
        let mut batch = CacheBatch::new(&mut *desk.entropy);
        put_all(&mut batch, (&clinic.store, key), Table::Roster, rows)?;
        clinic.store.cache_write(&batch)?;
        Ok(!self.twins.due.is_empty())
    }

    /// How many two there are.
    pub(super) fn twins_len(&self) -> usize {
        let today = self.today();
        let pairs = self.twins.pairs();
        self.with_index(|index| {
            let pairs = pairs.into_iter();
            pairs
                .filter(|(one, other)| index.twin(*one, *other, today).is_some())
                .count()
        })
    }

    /// The two as they are now, if they still are alike and nobody told them apart.
    fn twins_of(&self, one: PatientId, other: PatientId) -> Option<Twins> {
        let today = self.today();
        let (people, registered) = self.with_index(|index| {
            let alike = index.twin(one, other, today)?;
            let why: Vec<_> = alike.why.iter().copied().map(Reason::word).collect();
            let rows = [index.row(one)?, index.row(other)?];
            let score = u16::from(alike.score);
            let found = rows.map(|it| Found::of(it, score, why.clone()));
            Some((found, rows.map(|it| it.registered)))
        })?;
        Some(Twins {
            id: names::twins_id(one, other),
            people,
            machines: registered.map(|(log, _)| self.clinic.machine_of(log)),
            since: registered.iter().map(|(_, at)| *at).max(),
            may_settle: self.may(Action::WriteIdentity).is_ok(),
        })
    }

    fn person(&mut self, patient: PatientId) -> Result<Person, Error> {
        let person = self.chart(patient)?.identity.person;
        person.ok_or_else(|| Error::Missing(format!("who patient {patient} is")))
    }
}

impl fmt::Debug for Twins {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Twins({:?})", self.id)
    }
}
