//! Medicine as plain values: what a chart says, every change a person can make to it, and
//! who may. Names follow FHIR R4 where it has one.

mod allergy;
mod category;
mod code;
mod consent;
mod disclosure;
mod document;
mod edit;
mod immunization;
mod import_run;
mod medication;
mod note;
mod observation;
mod person;
mod plan;
mod problem;
mod procedure;
mod projection;
mod proposal;
mod record;
mod referral;
mod report;
mod site;
mod versions;
mod visit;
pub mod who;

pub use allergy::{
    Allergy, AllergyState, Criticality, NoKnownAllergies, Reaction, Severity,
};
pub use category::Category;
pub use code::{Coded, Coding, System};
pub use consent::{
    Consent, ConsentState, Decision, How, Lacking, Purpose, SharedPart, Withdrawal,
};
pub use disclosure::{Did, Disclosure};
pub use document::Document;
pub use edit::{Edit, Subject};
pub use immunization::Immunization;
pub use import_run::ImportRun;
pub use medication::{MedKind, MedStatus, Medication};
pub use note::{Attested, Note, Section, Signature};
pub use observation::{Component, ObsCategory, Observation, Quantity, Value};
pub use person::{Address, BirthDate, Contact, Identifier, Name, NameUse, Person, Sex};
pub use plan::Plan;
pub use problem::{Clinical, Problem, Verification};
pub use procedure::Procedure;
pub use projection::{
    Chart, Closed, Consents, Feared, Identity, Part, Results, Site, Summary, Visits,
};
pub use proposal::{
    Decided, Inbox, Maker, Outcome, Outside, Proposal, ProposalDoubt, ProposalState,
};
pub use record::{Entry, Kind, Origin, Record, Remark};
pub use referral::{Referral, ReferralStatus, Way};
pub use report::Report;
pub use site::{Provider, ProviderKind};
pub use versions::{Choice, Disagreement, Unconfirmed, Version};
pub use visit::{Visit, VisitClass, VisitStatus};

/// Shows a value's type and nothing of the person it speaks of.
macro_rules! private {
    ($($name:ident),+ $(,)?) => {$(
        impl std::fmt::Debug for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(concat!(stringify!($name), "(…)"))
            }
        }
    )+};
}

/// Shows a record's type and id and nothing of what it says.
macro_rules! private_record {
    ($name:ident) => {
        impl std::fmt::Debug for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                write!(f, "{}({:?})", stringify!($name), self.entry.id)
            }
        }
    };
}

use {private, private_record};
