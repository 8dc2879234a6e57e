//! What of charts the clinic keeps closed, for a session that may open some of it: which
//! parts there are for it, what it may do there, and that nothing of them gets out by a
//! record beside them.
//!
//! Whoever may not open a category learns of no patient whether there is something in it.

use std::collections::BTreeMap;

use super::{Error, Session, versions::reading};
use crate::{
    chart::{
        Category, Edit, Entry, Part, Record, Subject,
        who::{Action, Before, Compartment, Denial, Ground},
    },
    doc::View,
    ids::{PatientId, RecordId},
};

impl Session {
    /// The parts of a patient's chart for this session: those that all charts have, and the
    /// closed ones that it may open.
    pub(super) fn parts_of_patient(&self) -> Vec<Part> {
        let closed = self.open_categories().into_iter().map(Part::Restricted);
        Part::OF_PATIENT.into_iter().chain(closed).collect()
    }

    /// The categories that this session may open.
    pub fn open_categories(&self) -> Vec<Category> {
        self.keyring.categories().collect()
    }

    /// Whether a part of any chart may be closed to this session; none where the clinic keeps
    /// nothing closed. It is the same for every patient.
    pub fn is_closed(&self) -> Option<bool> {
        let categories = self.clinic.known().membership.categories();
        let open: Vec<Category> = self.open_categories();
        let closed = categories.iter().any(|it| !open.contains(it));
        (!categories.is_empty()).then_some(closed)
    }

    /// That this session may open a category.
    pub fn may_open(&self, category: Category) -> Result<(), Error> {
        if !self
            .clinic
            .known()
            .membership
            .categories()
            .contains(&category)
        {
            let what = format!("category `{}`", category.word());
            return Err(Error::Missing(what));
        }
        let held = self.keyring.categories().any(|it| it == category);
        let no_key = Denial::NoKey(Compartment::Restricted(category));
        Ok(held.then_some(()).ok_or(no_key)?)
    }

    /// What a record that is made now has in common with all others; closed, where a category
    /// is named.
    pub fn entry_in(&mut self, category: Option<Category>) -> Result<Entry, Error> {
        if let Some(category) = category {
            self.may_open(category)?;
        }
        let mut entry = self.entry();
        entry.restricted = category;
        Ok(entry)
    }

    /// Whether the user may read this part of charts, as far as no chart decides it.
    pub(super) fn may_read(&self, part: Part) -> Result<(), Denial> {
        match part.category() {
            None => self.may(reading(part)),
            Some(category) => {
                let before = Before::Closed(Ground::Care, category);
                self.may_before(reading(part), before)
            }
        }
    }

    /// Whether the user may do this with records of a chart that are closed under a category,
    /// now.
    pub(super) fn may_in_closed(
        &mut self,
        patient: PatientId,
        action: Action,
        category: Category,
    ) -> Result<(), Error> {
        // The chart's own ground is asked, and broken, as for any other record of it.
        self.may_before(action, Before::Closed(Ground::Care, category))?;
        self.may_in(patient, action)
    }

    /// The closed part in which a record stands, if it does in one that this session opens.
    pub(super) fn closed_part_of(
        &mut self,
        patient: PatientId,
        record: RecordId,
    ) -> Result<Option<Part>, Error> {
        let found = self.closed_records(patient)?.get(&record).copied();
        Ok(found.map(Part::Restricted))
    }

    /// Closes what is of something closed: a note of a visit, what corrects a record. So no
    /// record that others read names one that they must not know of.
    pub(super) fn close_with_theirs(
        &mut self,
        subject: Subject,
        edits: &mut [Edit],
    ) -> Result<(), Error> {
        let Subject::Patient(patient) = subject else {
            return Ok(());
        };
        let refers = |it: &Edit| !refers_to(it.record()).is_empty();
        if self.open_categories().is_empty() || !edits.iter().any(refers) {
            return Ok(());
        }
        let mut closed = self.closed_records(patient)?;
        for edit in edits {
            if let Edit::Add(record) = edit
                && record.entry().restricted.is_none()
                && record.kind().can_be_closed()
            {
                let of = refers_to(record);
                let of = of.iter().find_map(|it| closed.get(it)).copied();
                record.entry_mut().restricted = of;
            }
            let entry = edit.record().entry();
            closed.extend(entry.restricted.map(|it| (entry.id, it)));
        }
        Ok(())
    }

    /// The closed records of a chart, as far as this session opens them.
    fn closed_records(
        &mut self,
        patient: PatientId,
    ) -> Result<BTreeMap<RecordId, Category>, Error> {
        let mut closed = BTreeMap::new();
        for category in self.open_categories() {
            let of = (Subject::Patient(patient), Part::Restricted(category));
            if let Some(View::Restricted(it)) = self.said(of.0, of.1)?.map(|it| it.view) {
                let ids = it.records.iter().map(|it| (it.entry().id, category));
                closed.extend(ids);
            }
        }
        Ok(closed)
    }
}

/// The other records that a record names.
fn refers_to(record: &Record) -> Vec<RecordId> {
    let own = match record {
        Record::Problem(it) => [it.visit, None],
        Record::Medication(it) => [it.visit, None],
        Record::Immunization(it) => [it.visit, None],
        Record::Plan(it) => [it.visit, None],
        Record::Note(it) => [it.visit, it.adds_to],
        Record::Observation(it) => [it.visit, it.order],
        Record::Report(it) => [it.visit, it.observations.first().copied()],
        Record::Document(it) => [it.visit, None],
        Record::Referral(it) => [it.visit, None],
        Record::Person(_)
        | Record::Provider(_)
        | Record::Allergy(_)
        | Record::NoKnownAllergies(_)
        | Record::Procedure(_)
        | Record::Visit(_)
        | Record::ImportRun(_)
        | Record::Consent(_)
        | Record::Outcome(_) => [None, None],
    };
    let replaced = record.entry().replaces;
    own.into_iter().flatten().chain(replaced).collect()
}
