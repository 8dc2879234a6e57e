//! What a document says, as plain values of its kind.

use std::{cmp::Reverse, collections::BTreeSet};

use serde::{Deserialize, Serialize};

use crate::{
    chart::{
        Closed, Consents, Disagreement, Entry, Feared, Identity, Inbox, Kind,
        Observation, Part, Record, Results, Site, Summary, Visits,
    },
    time::When,
};

/// What a document says, as plain values.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum View {
    /// Of the document `identity`.
    Identity(Box<Identity>),
    /// Of the document `summary`.
    Summary(Summary),
    /// Of the document `visits`.
    Visits(Visits),
    /// Of the document `results`.
    Results(Results),
    /// Of the document `site`.
    Site(Site),
    /// Of the document `consents`.
    Consents(Consents),
    /// Of the inbox of a provider of another clinic.
    Inbox(Inbox),
    /// Of a document `restricted/…`.
    Restricted(Closed),
}

impl View {
    /// The view of an empty document.
    pub fn empty(part: Part) -> Self {
        match part {
            Part::Identity => Self::Identity(Box::default()),
            Part::Summary => Self::Summary(Summary::default()),
            Part::Visits => Self::Visits(Visits::default()),
            Part::Results => Self::Results(Results::default()),
            Part::Site => Self::Site(Site::default()),
            Part::Consents => Self::Consents(Consents::default()),
            Part::Inbox => Self::Inbox(Inbox::default()),
            Part::Restricted(category) => Self::Restricted(Closed::empty(category)),
        }
    }

    /// The document that it is a view of.
    pub const fn part(&self) -> Part {
        match self {
            Self::Identity(_) => Part::Identity,
            Self::Summary(_) => Part::Summary,
            Self::Visits(_) => Part::Visits,
            Self::Results(_) => Part::Results,
            Self::Site(_) => Part::Site,
            Self::Consents(_) => Part::Consents,
            Self::Inbox(_) => Part::Inbox,
            Self::Restricted(it) => Part::Restricted(it.category),
        }
    }

    /// The fields with more than one value.
    pub fn versions(&self) -> &[Disagreement] {
        match self {
            Self::Identity(it) => &it.versions,
            Self::Summary(it) => &it.versions,
            Self::Visits(it) => &it.versions,
            Self::Results(it) => &it.versions,
            Self::Site(it) => &it.versions,
            Self::Consents(it) => &it.versions,
            Self::Inbox(it) => &it.versions,
            Self::Restricted(it) => &it.versions,
        }
    }

    /// Every record in it.
    pub fn into_records(self) -> Vec<Record> {
        match self {
            Self::Identity(it) => it.person.into_iter().map(Record::Person).collect(),
            Self::Summary(it) => {
                let allergies = it.allergies.into_iter().map(Record::Allergy);
                let asked = it
                    .no_known_allergies
                    .into_iter()
                    .map(Record::NoKnownAllergies);
                allergies
                    .chain(asked)
                    .chain(it.problems.into_iter().map(Record::Problem))
                    .chain(it.medications.into_iter().map(Record::Medication))
                    .chain(it.immunizations.into_iter().map(Record::Immunization))
                    .chain(it.procedures.into_iter().map(Record::Procedure))
                    .chain(it.plans.into_iter().map(Record::Plan))
                    .collect()
            }
            Self::Visits(it) => {
                let visits = it.visits.into_iter().map(Record::Visit);
                visits
                    .chain(it.notes.into_iter().map(Record::Note))
                    .chain(it.observations.into_iter().map(Record::Observation))
                    .chain(it.documents.into_iter().map(Record::Document))
                    .chain(it.referrals.into_iter().map(Record::Referral))
                    .collect()
            }
            Self::Results(it) => {
                let observations = it.observations.into_iter().map(Record::Observation);
                observations
                    .chain(it.reports.into_iter().map(Record::Report))
                    .collect()
            }
            Self::Site(it) => {
                let providers = it.providers.into_iter().map(Record::Provider);
                providers
                    .chain(it.imports.into_iter().map(Record::ImportRun))
                    .collect()
            }
            Self::Consents(it) => it.consents.into_iter().map(Record::Consent).collect(),
            Self::Inbox(it) => {
                let outcomes = it.outcomes.into_iter().map(Record::Outcome);
                it.records.into_iter().chain(outcomes).collect()
            }
            Self::Restricted(it) => it.records,
        }
    }

    /// Keeps the records that `keep` wants, and what is in dispute of them.
    pub fn retain(&mut self, keep: impl Fn(Kind, &Entry) -> bool) {
        let mut dropped = BTreeSet::new();
        let mut wants = |kind, entry: &Entry| {
            let wanted = keep(kind, entry);
            if !wanted {
                dropped.insert(entry.id);
            }
            wanted
        };
        match self {
            Self::Identity(it) => {
                it.person.take_if(|it| !wants(Kind::Person, &it.entry));
            }
            Self::Summary(it) => {
                it.allergies.retain(|it| wants(Kind::Allergy, &it.entry));
                it.no_known_allergies
                    .retain(|it| wants(Kind::NoKnownAllergies, &it.entry));
                it.problems.retain(|it| wants(Kind::Problem, &it.entry));
                it.medications
                    .retain(|it| wants(Kind::Medication, &it.entry));
                it.immunizations
                    .retain(|it| wants(Kind::Immunization, &it.entry));
                it.procedures.retain(|it| wants(Kind::Procedure, &it.entry));
                it.plans.retain(|it| wants(Kind::Plan, &it.entry));
                let Feared {
                    allergies,
                    medications,
                    ..
                } = &mut it.feared;
                allergies.retain(|it| wants(Kind::Allergy, &it.entry));
                medications.retain(|it| wants(Kind::Medication, &it.entry));
            }
            Self::Visits(it) => {
                it.visits.retain(|it| wants(Kind::Visit, &it.entry));
                it.notes.retain(|it| wants(Kind::Note, &it.entry));
                it.observations
                    .retain(|it| wants(Kind::Observation, &it.entry));
                it.documents.retain(|it| wants(Kind::Document, &it.entry));
                it.referrals.retain(|it| wants(Kind::Referral, &it.entry));
            }
            Self::Results(it) => {
                it.observations
                    .retain(|it| wants(Kind::Observation, &it.entry));
                it.reports.retain(|it| wants(Kind::Report, &it.entry));
            }
            Self::Site(it) => {
                it.providers.retain(|it| wants(Kind::Provider, &it.entry));
                it.imports.retain(|it| wants(Kind::ImportRun, &it.entry));
            }
            Self::Consents(it) => {
                it.consents.retain(|it| wants(Kind::Consent, &it.entry));
            }
            Self::Inbox(it) => {
                it.records.retain(|it| wants(it.kind(), it.entry()));
                it.outcomes.retain(|it| wants(Kind::Outcome, &it.entry));
            }
            Self::Restricted(it) => {
                it.records.retain(|it| wants(it.kind(), it.entry()));
                let drugs = &mut it.feared.medications;
                drugs.retain(|it| wants(Kind::Medication, &it.entry));
            }
        }
        self.versions_mut()
            .retain(|it| !dropped.contains(&it.record));
    }

    pub(super) fn versions_mut(&mut self) -> &mut Vec<Disagreement> {
        match self {
            Self::Identity(it) => &mut it.versions,
            Self::Summary(it) => &mut it.versions,
            Self::Visits(it) => &mut it.versions,
            Self::Results(it) => &mut it.versions,
            Self::Site(it) => &mut it.versions,
            Self::Consents(it) => &mut it.versions,
            Self::Inbox(it) => &mut it.versions,
            Self::Restricted(it) => &mut it.versions,
        }
    }

    /// Takes a record in, if it belongs into this document.
    pub(super) fn take(&mut self, record: Record) -> bool {
        match (self, record) {
            (Self::Identity(to), Record::Person(it)) => to.person = Some(it),
            (Self::Summary(to), Record::Allergy(it)) => to.allergies.push(it),
            (Self::Summary(to), Record::NoKnownAllergies(it)) => {
                to.no_known_allergies.push(it);
            }
            (Self::Summary(to), Record::Problem(it)) => to.problems.push(it),
            (Self::Summary(to), Record::Medication(it)) => to.medications.push(it),
            (Self::Summary(to), Record::Immunization(it)) => to.immunizations.push(it),
            (Self::Summary(to), Record::Procedure(it)) => to.procedures.push(it),
            (Self::Summary(to), Record::Plan(it)) => to.plans.push(it),
            (Self::Visits(to), Record::Visit(it)) => to.visits.push(it),
            (Self::Visits(to), Record::Note(it)) => to.notes.push(it),
            (Self::Visits(to), Record::Observation(it)) => to.observations.push(it),
            (Self::Visits(to), Record::Document(it)) => to.documents.push(it),
            (Self::Visits(to), Record::Referral(it)) => to.referrals.push(it),
            (Self::Results(to), Record::Observation(it)) => to.observations.push(it),
            (Self::Results(to), Record::Report(it)) => to.reports.push(it),
            (Self::Site(to), Record::Provider(it)) => to.providers.push(it),
            (Self::Site(to), Record::ImportRun(it)) => to.imports.push(it),
            (Self::Consents(to), Record::Consent(it)) => to.consents.push(it),
            (Self::Inbox(to), Record::Outcome(it)) => to.outcomes.push(it),
            (Self::Inbox(to), it) if Part::Inbox.takes(&it) => to.records.push(it),
            (Self::Restricted(to), it) if it.kind().can_be_closed() => {
                to.records.push(it);
            }
            _ => return false,
        }
        true
    }

    /// The newest first, by when it was, or else by when it was written down; what was
    /// written down together stays in that order.
    pub(super) fn sort(&mut self) {
        fn newest(entry: &Entry, when: Option<When>) -> impl Ord + use<> {
            let at = when.map_or(entry.recorded.at, When::sort_key);
            (Reverse(at), Reverse(entry.recorded.at), entry.id)
        }
        fn observed(it: &Observation) -> impl Ord + use<> {
            newest(&it.entry, it.when)
        }
        match self {
            Self::Identity(_) => {}
            Self::Summary(it) => {
                it.allergies
                    .sort_by_cached_key(|it| newest(&it.entry, it.onset));
                it.no_known_allergies
                    .sort_by_cached_key(|it| newest(&it.entry, None));
                it.problems
                    .sort_by_cached_key(|it| newest(&it.entry, it.onset));
                it.medications
                    .sort_by_cached_key(|it| newest(&it.entry, it.start));
                it.immunizations
                    .sort_by_cached_key(|it| newest(&it.entry, it.date));
                it.procedures
                    .sort_by_cached_key(|it| newest(&it.entry, it.start));
                it.plans
                    .sort_by_cached_key(|it| newest(&it.entry, it.start));
            }
            Self::Visits(it) => {
                it.visits
                    .sort_by_cached_key(|it| newest(&it.entry, it.start));
                it.notes.sort_by_cached_key(|it| newest(&it.entry, None));
                it.observations.sort_by_cached_key(observed);
                it.documents
                    .sort_by_cached_key(|it| newest(&it.entry, it.when));
                it.referrals
                    .sort_by_cached_key(|it| newest(&it.entry, None));
            }
            Self::Results(it) => {
                it.observations.sort_by_cached_key(observed);
                let issued = |it: &crate::chart::Report| it.when.or(it.issued);
                it.reports
                    .sort_by_cached_key(|it| newest(&it.entry, issued(it)));
            }
            Self::Site(it) => {
                it.providers
                    .sort_by_cached_key(|it| (it.name.clone(), it.entry.id));
            }
            Self::Consents(it) => {
                it.consents.sort_by_cached_key(|it| newest(&it.entry, None));
            }
            Self::Inbox(it) => {
                it.records.sort_by_cached_key(|it| newest(it.entry(), None));
                it.outcomes.sort_by_cached_key(|it| newest(&it.entry, None));
            }
            Self::Restricted(it) => {
                it.records.sort_by_cached_key(|it| newest(it.entry(), None));
            }
        }
    }
}
