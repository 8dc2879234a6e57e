//! What the documents of one patient say, as plain values.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::{
    Allergy, AllergyState, Category, Consent, Disagreement, Document, Entry,
    Immunization, ImportRun, Kind, Medication, NoKnownAllergies, Note, Observation,
    Person, Plan, Problem, Procedure, Proposal, Provider, Record, Referral, Report,
    Severity, Unconfirmed, Visit, private,
};
use crate::{
    ids::{PatientId, RecordId},
    time::Timestamp,
};

/// The documents of a patient, and the clinic's own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Part {
    /// Who the person is.
    Identity,
    /// What an emergency needs: problems, allergies, drugs, vaccines.
    Summary,
    /// Visits, notes, observations, documents.
    Visits,
    /// Laboratory observations and reports.
    Results,
    /// The clinic's own lists. Of no patient.
    Site,
    /// What the patient agreed to. Never shared with anybody outside.
    Consents,
    /// What one provider of another clinic proposes, and what was decided about it.
    Inbox,
    /// What is closed but to those who are named for this category.
    Restricted(Category),
}

/// The document `identity`.
#[derive(Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Identity {
    /// The person; none when the document has not come yet.
    pub person: Option<Person>,
    /// Fields with more than one value.
    pub versions: Vec<Disagreement>,
}

/// The document `summary`. Records entered in error are kept and marked.
#[derive(Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Summary {
    /// Allergies.
    pub allergies: Vec<Allergy>,
    /// Times when none were known.
    pub no_known_allergies: Vec<NoKnownAllergies>,
    /// Problems.
    pub problems: Vec<Problem>,
    /// Drugs.
    pub medications: Vec<Medication>,
    /// Vaccines.
    pub immunizations: Vec<Immunization>,
    /// Procedures.
    pub procedures: Vec<Procedure>,
    /// Plans of care.
    pub plans: Vec<Plan>,
    /// What is shown otherwise, as far as the safety checks are to know.
    pub feared: Feared,
    /// Fields with more than one value.
    pub versions: Vec<Disagreement>,
}

/// Allergies and drugs as somebody wrote them whose writing does not count, where that is
/// graver than what is shown, and those that are proposed: the safety checks count these too.
#[derive(Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Feared {
    /// Allergies.
    pub allergies: Vec<Allergy>,
    /// Drugs.
    pub medications: Vec<Medication>,
    /// The records of a summary of which something waits for a clinician to adopt it.
    pub unconfirmed: BTreeSet<RecordId>,
    /// Those that a provider of another clinic proposes and nobody accepted, and by whom.
    pub proposed: BTreeMap<RecordId, String>,
}

/// The document `visits`.
#[derive(Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Visits {
    /// Visits, the newest first.
    pub visits: Vec<Visit>,
    /// Notes, the newest first.
    pub notes: Vec<Note>,
    /// Observations but those of the laboratory, the newest first.
    pub observations: Vec<Observation>,
    /// Documents, the newest first.
    pub documents: Vec<Document>,
    /// Referrals, the newest first.
    pub referrals: Vec<Referral>,
    /// Fields with more than one value.
    pub versions: Vec<Disagreement>,
}

/// The document `results`.
#[derive(Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Results {
    /// Laboratory and imaging observations, the newest first.
    pub observations: Vec<Observation>,
    /// Reports, the newest first.
    pub reports: Vec<Report>,
    /// Fields with more than one value.
    pub versions: Vec<Disagreement>,
}

/// The document `consents`.
#[derive(Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Consents {
    /// Consents and refusals, the newest first.
    pub consents: Vec<Consent>,
    /// Those that somebody withdrew whose writing does not count: nobody relies on them.
    pub feared: BTreeSet<RecordId>,
    /// Fields with more than one value.
    pub versions: Vec<Disagreement>,
}

/// The document `restricted/…` of a category: the same records as in other documents.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Closed {
    /// The category.
    pub category: Category,
    /// The records.
    pub records: Vec<Record>,
    /// What is shown otherwise, as far as the safety checks are to know.
    pub feared: Feared,
    /// Fields with more than one value.
    pub versions: Vec<Disagreement>,
}

/// The document `site`.
#[derive(Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Site {
    /// Practitioners and organisations.
    pub providers: Vec<Provider>,
    /// Imports that were finished.
    pub imports: Vec<ImportRun>,
    /// Fields with more than one value.
    pub versions: Vec<Disagreement>,
}

/// The chart of one patient as one role may see it. A part that the role may not read is
/// absent.
#[derive(Clone, PartialEq, Eq)]
pub struct Chart {
    /// Whose chart.
    pub patient: PatientId,
    /// Who the person is.
    pub identity: Identity,
    /// What an emergency needs.
    pub summary: Option<Summary>,
    /// Visits, notes, observations, documents.
    pub visits: Option<Visits>,
    /// Laboratory observations and reports.
    pub results: Option<Results>,
    /// What the patient agreed to.
    pub consents: Option<Consents>,
    /// What providers of other clinics propose, the newest first.
    pub proposals: Vec<Proposal>,
    /// Whether a part of it may be closed to whoever reads it, which says nothing of this
    /// patient; none where the clinic keeps nothing closed.
    pub closed: Option<bool>,
    /// The categories under which whoever reads it can close what they write.
    pub may_close: Vec<Category>,
    /// What was written by sessions that were cut off, and is neither adopted nor rejected.
    pub unconfirmed: Vec<Unconfirmed>,
    /// Until when it is open to who has no care reason and said why; none for others.
    pub glass_until: Option<Timestamp>,
    /// What could not be read, in words without patient data.
    pub problems: Vec<String>,
}

private!(
    Identity, Summary, Feared, Visits, Results, Consents, Closed, Site, Chart
);

impl Part {
    /// Every part of a patient but the inboxes of providers and what is closed.
    pub const OF_PATIENT: [Self; 5] = [
        Self::Identity,
        Self::Summary,
        Self::Visits,
        Self::Results,
        Self::Consents,
    ];

    /// The category of a closed part.
    pub const fn category(self) -> Option<Category> {
        match self {
            Self::Restricted(category) => Some(category),
            Self::Identity
            | Self::Summary
            | Self::Visits
            | Self::Results
            | Self::Site
            | Self::Consents
            | Self::Inbox => None,
        }
    }

    /// The document's name, as it enters the computation of its id.
    pub fn name(&self) -> &str {
        match self {
            Self::Identity => "identity",
            Self::Summary => "summary",
            Self::Visits => "visits",
            Self::Results => "results",
            Self::Site => "site",
            Self::Consents => "consents",
            Self::Inbox => "inbox",
            Self::Restricted(category) => category.name(),
        }
    }

    /// Whether a record may stand in this document.
    pub fn takes(self, record: &Record) -> bool {
        match self {
            Self::Inbox => {
                record.kind() == Kind::Outcome || record.kind().can_be_proposed()
            }
            Self::Identity
            | Self::Summary
            | Self::Visits
            | Self::Results
            | Self::Site
            | Self::Consents
            | Self::Restricted(_) => record.part() == self,
        }
    }
}

impl Chart {
    /// The proposals about which somebody still has to decide.
    pub fn open_proposals(&self) -> impl Iterator<Item = &Proposal> {
        self.proposals.iter().filter(|it| it.is_open())
    }

    /// What is proposed under this name.
    pub fn proposal(&self, id: RecordId) -> Option<&Proposal> {
        self.proposals.iter().find(|it| it.id() == id)
    }

    /// Every field with more than one value.
    pub fn versions(&self) -> impl Iterator<Item = &Disagreement> {
        let summary = self.summary.iter().flat_map(|it| &it.versions);
        let visits = self.visits.iter().flat_map(|it| &it.versions);
        let results = self.results.iter().flat_map(|it| &it.versions);
        let consents = self.consents.iter().flat_map(|it| &it.versions);
        let identity = self.identity.versions.iter();
        let clinical = summary.chain(visits).chain(results);
        identity.chain(clinical).chain(consents)
    }

    /// A record that people write: the person, an allergy, a problem, a drug, a vaccine, a
    /// note or a consent.
    pub fn record(&self, record: RecordId) -> Option<Record> {
        let is = |entry: &Entry| entry.id == record;
        let summary = self.summary.as_ref();
        let person = || {
            let person = self.identity.person.iter().find(|it| is(&it.entry));
            person.cloned().map(Record::Person)
        };
        let notes = || {
            let mut all = self.visits.iter().flat_map(|it| &it.notes);
            all.find(|it| is(&it.entry)).cloned().map(Record::Note)
        };
        let written = |it: &Summary| {
            let allergy = it.allergies.iter().find(|it| is(&it.entry));
            let problem = it.problems.iter().find(|it| is(&it.entry));
            let drug = it.medications.iter().find(|it| is(&it.entry));
            let vaccine = it.immunizations.iter().find(|it| is(&it.entry));
            let allergy = allergy.cloned().map(Record::Allergy);
            allergy
                .or_else(|| problem.cloned().map(Record::Problem))
                .or_else(|| drug.cloned().map(Record::Medication))
                .or_else(|| vaccine.cloned().map(Record::Immunization))
        };
        let consents = || {
            let mut all = self.consents.iter().flat_map(|it| &it.consents);
            all.find(|it| is(&it.entry)).cloned().map(Record::Consent)
        };
        let summary = summary.and_then(written);
        summary.or_else(person).or_else(notes).or_else(consents)
    }

    /// The fields of which somebody may decide which value is right, and what is neither
    /// adopted nor rejected.
    pub fn to_compare(&self) -> usize {
        let versions = self.versions();
        let apart = versions.filter(|it| it.can_be_settled()).count();
        apart + self.to_adopt().count()
    }

    /// What was written by sessions that were cut off and can be adopted or rejected.
    pub fn to_adopt(&self) -> impl Iterator<Item = &Unconfirmed> {
        self.unconfirmed.iter().filter(|it| !it.is_of_text())
    }

    /// Whether something of this record waits for somebody who may decide.
    pub fn waits(&self, record: RecordId) -> bool {
        self.versions().any(|it| it.record == record)
            || self.to_adopt().any(|it| it.record == record)
    }
}

impl Closed {
    /// A document that says nothing.
    pub fn empty(category: Category) -> Self {
        Self {
            category,
            records: Vec::new(),
            feared: Feared::default(),
            versions: Vec::new(),
        }
    }
}

impl Summary {
    /// What the banner says of allergies, on a machine that has heard everything.
    pub fn allergy_state(&self) -> AllergyState<'_> {
        let mut some: Vec<&Allergy> =
            self.allergies.iter().filter(|it| it.counts()).collect();
        some.sort_by_key(|it| std::cmp::Reverse((it.severity(), it.entry.recorded.at)));
        if !some.is_empty() {
            return AllergyState::Some(some);
        }
        let asked = self
            .no_known_allergies
            .iter()
            .filter(|it| !it.entry.in_error);
        let last = asked.map(|it| it.entry.recorded).max_by_key(|it| it.at);
        last.map_or(AllergyState::NotAsked, |asked| AllergyState::NoneKnown {
            asked,
        })
    }

    /// The drugs that the safety checks count as taken: those that are, and those of which any
    /// version says so, whether it counts or not.
    pub fn counted_as_taken(&self) -> impl Iterator<Item = &Medication> {
        let says = |it: &str| matches!(it, "active" | "on-hold");
        let somewhere = move |drug: &Medication| {
            self.versions.iter().any(|it| {
                let of_drug = it.record == drug.entry.id && it.field == "status";
                of_drug && it.versions.iter().any(|it| says(&it.value))
            })
        };
        let drugs = self.medications.iter().chain(&self.feared.medications);
        drugs.filter(move |it| it.is_taken() || (!it.entry.in_error && somewhere(it)))
    }

    /// The allergies that the safety checks look at, each as the gravest that anybody wrote.
    pub fn allergies_to_check(&self) -> impl Iterator<Item = &Allergy> {
        let feared = &self.feared.allergies;
        let shown = self.allergies.iter();
        let alone =
            |it: &&Allergy| feared.iter().all(|graver| graver.entry.id != it.entry.id);
        feared.iter().chain(shown.filter(alone))
    }

    /// The allergies that are proposed and that nobody declined, the worst first.
    pub fn proposed_allergies(&self) -> Vec<&Allergy> {
        let feared = self.feared.allergies.iter();
        let proposed = |it: &&Allergy| self.proposed_by(it.entry.id).is_some();
        let mut all: Vec<_> = feared.filter(proposed).filter(|it| it.counts()).collect();
        all.sort_by_key(|it| std::cmp::Reverse((it.severity(), it.entry.recorded.at)));
        all
    }

    /// Whether something of a record waits for a clinician to adopt it.
    pub fn is_unconfirmed(&self, record: RecordId) -> bool {
        self.feared.unconfirmed.contains(&record)
    }

    /// Who proposes a record that nobody accepted or declined, where it is one.
    pub fn proposed_by(&self, record: RecordId) -> Option<&str> {
        self.feared.proposed.get(&record).map(String::as_str)
    }

    /// Whether people set a field of this record apart from each other.
    pub fn is_apart(&self, record: RecordId) -> bool {
        self.versions.iter().any(|it| it.record == record)
    }

    /// The worst allergy that counts, if any is severe.
    pub fn has_severe_allergy(&self) -> bool {
        let mut counting = self.allergies_to_check().filter(|it| it.counts());
        counting.any(|it| it.severity() == Some(Severity::Severe))
    }
}
