//! What every record has, and the kinds of record.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::{
    Allergy, Category, Consent, Document, Immunization, ImportRun, Medication,
    NoKnownAllergies, Note, Observation, Outcome, Outside, Part, Person, Plan, Problem,
    Procedure, Provider, Referral, Report, Visit,
};
use crate::{
    ids::{Hash, ImportId, LogId, RecordId, UserId},
    time::Moment,
};

/// What is common to every record.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    /// The record's name.
    pub id: RecordId,
    /// Whether the record was entered in error. Nothing is deleted; this is how a record
    /// leaves the chart.
    pub in_error: bool,
    /// When it was written down.
    pub recorded: Moment,
    /// Who wrote it.
    pub by: UserId,
    /// On which machine.
    pub machine: LogId,
    /// Where it came from.
    pub origin: Origin,
    /// The record that this one corrects.
    pub replaces: Option<RecordId>,
    /// A remark beside the record.
    pub remark: Remark,
    /// The category that the record is closed under; none for what all of the clinic's care
    /// reads. It says in which document the record stands.
    pub restricted: Option<Category>,
}

/// A free remark beside a record, kept out of `Debug`.
#[derive(Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Remark(pub String);

/// Where a record came from.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub enum Origin {
    /// Written in this clinic.
    #[default]
    Own,
    /// Taken from a file.
    Imported {
        /// The run that took it; the record is shown once that run is closed.
        import: ImportId,
        /// The kept raw source in which it stands.
        source: Hash,
        /// Who wrote it there, as the source says.
        author: Remark,
    },
    /// Proposed by a provider of another clinic, and accepted here by whoever the record is
    /// in the name of.
    Outside(Box<Outside>),
}

/// One record of any kind.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Record {
    /// FHIR `Patient`.
    Person(Person),
    /// FHIR `Practitioner` or `Organization`.
    Provider(Provider),
    /// FHIR `AllergyIntolerance`.
    Allergy(Allergy),
    /// "Asked, none known".
    NoKnownAllergies(NoKnownAllergies),
    /// FHIR `Condition`.
    Problem(Problem),
    /// FHIR `MedicationRequest` or `MedicationStatement`.
    Medication(Medication),
    /// FHIR `Immunization`.
    Immunization(Immunization),
    /// FHIR `Procedure`.
    Procedure(Procedure),
    /// FHIR `CarePlan`.
    Plan(Plan),
    /// FHIR `Encounter`.
    Visit(Visit),
    /// FHIR `Composition`.
    Note(Note),
    /// FHIR `Observation`.
    Observation(Observation),
    /// FHIR `DiagnosticReport`.
    Report(Report),
    /// FHIR `DocumentReference`.
    Document(Document),
    /// The closing entry of an import.
    ImportRun(ImportRun),
    /// FHIR `Consent`.
    Consent(Consent),
    /// What was decided about a proposal (FHIR `Provenance` of what came of it).
    Outcome(Outcome),
    /// FHIR `ServiceRequest`.
    Referral(Referral),
}

/// The kinds of record, with their short names in documents.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Kind {
    /// A person.
    Person,
    /// A practitioner or organisation.
    Provider,
    /// An allergy.
    Allergy,
    /// "Asked, none known".
    NoKnownAllergies,
    /// A problem.
    Problem,
    /// A medication.
    Medication,
    /// An immunisation.
    Immunization,
    /// A procedure.
    Procedure,
    /// A plan.
    Plan,
    /// A visit.
    Visit,
    /// A note.
    Note,
    /// An observation.
    Observation,
    /// A report.
    Report,
    /// A document.
    Document,
    /// The closing entry of an import.
    ImportRun,
    /// A consent.
    Consent,
    /// What was decided about a proposal.
    Outcome,
    /// A referral.
    Referral,
}

impl fmt::Debug for Remark {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Remark(…)")
    }
}

impl Entry {
    /// The common part of a record made here and now.
    pub fn new(id: RecordId, recorded: Moment, by: UserId, machine: LogId) -> Self {
        Self {
            id,
            in_error: false,
            recorded,
            by,
            machine,
            origin: Origin::Own,
            replaces: None,
            remark: Remark::default(),
            restricted: None,
        }
    }

    /// Whether what it says may stand in a record that is closed so: what is open may
    /// anywhere, what is closed in what is closed as it is.
    pub fn may_stand_in(&self, closed: Option<Category>) -> bool {
        self.restricted.is_none() || self.restricted == closed
    }
}

impl Record {
    /// What the record has in common with all others.
    pub const fn entry(&self) -> &Entry {
        match self {
            Self::Person(it) => &it.entry,
            Self::Provider(it) => &it.entry,
            Self::Allergy(it) => &it.entry,
            Self::NoKnownAllergies(it) => &it.entry,
            Self::Problem(it) => &it.entry,
            Self::Medication(it) => &it.entry,
            Self::Immunization(it) => &it.entry,
            Self::Procedure(it) => &it.entry,
            Self::Plan(it) => &it.entry,
            Self::Visit(it) => &it.entry,
            Self::Note(it) => &it.entry,
            Self::Observation(it) => &it.entry,
            Self::Report(it) => &it.entry,
            Self::Document(it) => &it.entry,
            Self::ImportRun(it) => &it.entry,
            Self::Consent(it) => &it.entry,
            Self::Outcome(it) => &it.entry,
            Self::Referral(it) => &it.entry,
        }
    }

    /// The same, to change.
    pub const fn entry_mut(&mut self) -> &mut Entry {
        match self {
            Self::Person(it) => &mut it.entry,
            Self::Provider(it) => &mut it.entry,
            Self::Allergy(it) => &mut it.entry,
            Self::NoKnownAllergies(it) => &mut it.entry,
            Self::Problem(it) => &mut it.entry,
            Self::Medication(it) => &mut it.entry,
            Self::Immunization(it) => &mut it.entry,
            Self::Procedure(it) => &mut it.entry,
            Self::Plan(it) => &mut it.entry,
            Self::Visit(it) => &mut it.entry,
            Self::Note(it) => &mut it.entry,
            Self::Observation(it) => &mut it.entry,
            Self::Report(it) => &mut it.entry,
            Self::Document(it) => &mut it.entry,
            Self::ImportRun(it) => &mut it.entry,
            Self::Consent(it) => &mut it.entry,
            Self::Outcome(it) => &mut it.entry,
            Self::Referral(it) => &mut it.entry,
        }
    }

    /// What the record is called among others of its kind: the drug, the reason of the visit.
    /// A person, and what there is one of, is not called so.
    pub fn called(&self) -> &str {
        match self {
            Self::Person(_)
            | Self::NoKnownAllergies(_)
            | Self::ImportRun(_)
            | Self::Outcome(_) => "",
            Self::Provider(it) => &it.name,
            Self::Allergy(it) => &it.code.text,
            Self::Problem(it) => &it.code.text,
            Self::Medication(it) => &it.code.text,
            Self::Immunization(it) => &it.vaccine.text,
            Self::Procedure(it) => &it.code.text,
            Self::Plan(it) => &it.title.text,
            Self::Visit(it) => &it.reason.text,
            Self::Note(it) => &it.title,
            Self::Observation(it) => &it.code.text,
            Self::Report(it) => &it.code.text,
            Self::Document(it) => &it.title,
            Self::Consent(it) => &it.to,
            Self::Referral(it) => &it.with,
        }
    }

    /// The record's kind.
    pub const fn kind(&self) -> Kind {
        match self {
            Self::Person(_) => Kind::Person,
            Self::Provider(_) => Kind::Provider,
            Self::Allergy(_) => Kind::Allergy,
            Self::NoKnownAllergies(_) => Kind::NoKnownAllergies,
            Self::Problem(_) => Kind::Problem,
            Self::Medication(_) => Kind::Medication,
            Self::Immunization(_) => Kind::Immunization,
            Self::Procedure(_) => Kind::Procedure,
            Self::Plan(_) => Kind::Plan,
            Self::Visit(_) => Kind::Visit,
            Self::Note(_) => Kind::Note,
            Self::Observation(_) => Kind::Observation,
            Self::Report(_) => Kind::Report,
            Self::Document(_) => Kind::Document,
            Self::ImportRun(_) => Kind::ImportRun,
            Self::Consent(_) => Kind::Consent,
            Self::Outcome(_) => Kind::Outcome,
            Self::Referral(_) => Kind::Referral,
        }
    }

    /// The document of the patient (or of the clinic) in which the record stands.
    pub fn part(&self) -> Part {
        let closed = self.entry().restricted.map(Part::Restricted);
        closed.unwrap_or_else(|| self.open_part())
    }

    /// The document in which the record stands, or would if it were not closed.
    pub fn open_part(&self) -> Part {
        let laboratory = matches!(self, Self::Observation(it) if it.is_laboratory());
        if laboratory {
            Part::Results
        } else {
            self.kind().usual_part()
        }
    }
}

impl Kind {
    /// Every kind.
    pub const ALL: [Self; 18] = [
        Self::Person,
        Self::Provider,
        Self::Allergy,
        Self::NoKnownAllergies,
        Self::Problem,
        Self::Medication,
        Self::Immunization,
        Self::Procedure,
        Self::Plan,
        Self::Visit,
        Self::Note,
        Self::Observation,
        Self::Report,
        Self::Document,
        Self::ImportRun,
        Self::Consent,
        Self::Outcome,
        Self::Referral,
    ];

    /// The short name that begins the record's key in a document.
    pub const fn key(self) -> &'static str {
        match self {
            Self::Person => "person",
            Self::Provider => "providers",
            Self::Allergy => "allergies",
            Self::NoKnownAllergies => "nka",
            Self::Problem => "problems",
            Self::Medication => "meds",
            Self::Immunization => "imms",
            Self::Procedure => "procs",
            Self::Plan => "plans",
            Self::Visit => "encs",
            Self::Note => "notes",
            Self::Observation => "obs",
            Self::Report => "reports",
            Self::Document => "docs",
            Self::ImportRun => "imports",
            Self::Consent => "consents",
            Self::Outcome => "outcomes",
            Self::Referral => "refs",
        }
    }

    /// Whether a record of this kind can be closed but to named people. Allergies never are:
    /// every safety check reads them.
    pub const fn can_be_closed(self) -> bool {
        match self {
            Self::Problem
            | Self::Medication
            | Self::Immunization
            | Self::Procedure
            | Self::Plan
            | Self::Visit
            | Self::Note
            | Self::Observation
            | Self::Report
            | Self::Document
            | Self::Referral => true,
            Self::Person
            | Self::Provider
            | Self::Allergy
            | Self::NoKnownAllergies
            | Self::ImportRun
            | Self::Consent
            | Self::Outcome => false,
        }
    }

    /// The document in which records of this kind stand; an observation of the laboratory
    /// stands in the results.
    pub const fn usual_part(self) -> Part {
        match self {
            Self::Person => Part::Identity,
            Self::Provider | Self::ImportRun => Part::Site,
            Self::Allergy
            | Self::NoKnownAllergies
            | Self::Problem
            | Self::Medication
            | Self::Immunization
            | Self::Procedure
            | Self::Plan => Part::Summary,
            Self::Visit
            | Self::Note
            | Self::Observation
            | Self::Document
            | Self::Referral => Part::Visits,
            Self::Report => Part::Results,
            Self::Consent => Part::Consents,
            Self::Outcome => Part::Inbox,
        }
    }
}
