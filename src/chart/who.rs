//! Who may do what: roles, compartments, actions and refusals as plain values. The rule
//! itself is `members::authorize`.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::{Category, Part};

/// What a person is in the clinic.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Role {
    /// Runs the clinic; signs statements.
    Owner,
    /// Sees patients and prescribes.
    Clinician,
    /// Triage, care, vaccination.
    Nurse,
    /// Laboratory and pharmacy.
    LabPharmacy,
    /// Registration, queue, money.
    FrontDesk,
    /// Reads the audit, nothing else.
    Auditor,
    /// A machine without a person.
    Hub,
    /// The sealed paper words for an emergency.
    Emergency,
}

/// A set of documents that one key opens.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Compartment {
    /// Identity, contacts, queue, account, stock, site.
    Front,
    /// Summary, visits, results, consents, inbox.
    Clinical,
    /// Who did and read what.
    Audit,
    /// What the clinic keeps closed but to those whom an owner names.
    Restricted(Category),
}

/// What a person may try to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Action {
    /// Find people and read who they are.
    ReadIdentity,
    /// Register a person, or change who they are.
    WriteIdentity,
    /// Read problems, allergies, drugs, visits, results.
    ReadClinical,
    /// Read what an emergency needs of a chart.
    ReadEmergency,
    /// Read the text of notes.
    ReadNote,
    /// Record vital signs and other observations.
    RecordObservation,
    /// Write and sign notes.
    WriteNote,
    /// Add and change problems.
    WriteProblem,
    /// Add and change allergies.
    WriteAllergy,
    /// Prescribe, change and stop drugs.
    Prescribe,
    /// Record vaccines given.
    Immunize,
    /// Enter results and reports.
    EnterResult,
    /// Take records in from a file.
    Import,
    /// Write charts into a file that others read.
    Export,
    /// Read who did and read what.
    ReadAudit,
    /// Add and remove users, change roles, keys and settings.
    Administer,
    /// Check the store.
    Verify,
    /// Keep the cards of providers elsewhere, share parts of a chart with them, and decide
    /// about what they propose for it.
    Share,
    /// Read what the patient agreed to.
    ReadConsent,
    /// Record what the patient agrees to, refuses and withdraws.
    WriteConsent,
}

/// Before what somebody stands who wants to do something.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Before {
    /// No chart in particular: lists, and the clinic's own matters.
    Clinic,
    /// The chart of a patient, on this ground.
    Chart(Ground),
    /// What of a patient's chart the clinic keeps closed, on this ground.
    Closed(Ground, Category),
}

/// On what ground somebody stands before a patient's chart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ground {
    /// None: the patient was not here lately, and nobody gave a reason.
    None,
    /// The patient is in care.
    Care,
    /// A reason was given, and the time that it opens the chart for is not over.
    Glass,
}

/// Why something was not allowed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Denial {
    /// Nobody is signed in.
    Locked,
    /// The role does not include it.
    Role(Role),
    /// The compartment's key is not held.
    NoKey(Compartment),
    /// The user has left, or the key was compromised.
    NotInGoodStanding,
    /// The session is over, or its machine was revoked.
    SessionOver,
    /// The machine was revoked, and nobody begins a session on it.
    ShutOut,
    /// The patient is not in care, and no reason was given.
    NoReason,
    /// It is never closed, and so not done in a closed part of a chart.
    NeverClosed,
}

impl Role {
    /// Every role.
    pub const ALL: [Self; 8] = [
        Self::Owner,
        Self::Clinician,
        Self::Nurse,
        Self::LabPharmacy,
        Self::FrontDesk,
        Self::Auditor,
        Self::Hub,
        Self::Emergency,
    ];

    /// The role's name in the command line and in statements.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Owner => "owner",
            Self::Clinician => "clinician",
            Self::Nurse => "nurse",
            Self::LabPharmacy => "lab_pharmacy",
            Self::FrontDesk => "front_desk",
            Self::Auditor => "auditor",
            Self::Hub => "hub",
            Self::Emergency => "emergency",
        }
    }

    /// The role with this name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|it| it.name() == name)
    }

    /// The role's byte in formats.
    pub const fn byte(self) -> u8 {
        match self {
            Self::Owner => 0,
            Self::Clinician => 1,
            Self::Nurse => 2,
            Self::LabPharmacy => 3,
            Self::FrontDesk => 4,
            Self::Auditor => 5,
            Self::Hub => 6,
            Self::Emergency => 7,
        }
    }

    /// The role with this byte.
    pub fn from_byte(byte: u8) -> Option<Self> {
        Self::ALL.into_iter().find(|it| it.byte() == byte)
    }

    /// Whether the role holds the compartment's key; of a restricted one, whether somebody of
    /// this role may be named to hold it.
    pub const fn holds(self, compartment: Compartment) -> bool {
        match compartment {
            Compartment::Front => !matches!(self, Self::Auditor),
            Compartment::Clinical => !matches!(self, Self::Auditor | Self::FrontDesk),
            Compartment::Audit => matches!(self, Self::Owner | Self::Auditor),
            Compartment::Restricted(_) => matches!(self, Self::Owner | Self::Clinician),
        }
    }

    /// On what ground the role may do this in a patient's chart.
    pub const fn may_on(self, action: Action, ground: Ground) -> bool {
        match (action, self, ground) {
            // The emergency view is for who says why, and the sealed words are for it alone.
            (Action::ReadEmergency, _, ground) => matches!(ground, Ground::Glass),
            (_, Self::Emergency, _) => false,
            (action, Self::Clinician, Ground::None) => !action.is_clinical(),
            _ => true,
        }
    }

    /// All that the role may do. Where the role holds the keys for more (a nurse's
    /// prescribing, the laboratory's notes) only this program keeps it from them.
    pub const fn actions(self) -> &'static [Action] {
        match self {
            Self::Owner => &Action::ALL,
            Self::Clinician => &[
                Action::ReadIdentity,
                Action::WriteIdentity,
                Action::ReadClinical,
                Action::ReadEmergency,
                Action::ReadNote,
                Action::RecordObservation,
                Action::WriteNote,
                Action::WriteProblem,
                Action::WriteAllergy,
                Action::Prescribe,
                Action::Immunize,
                Action::EnterResult,
                Action::Import,
                Action::Export,
                Action::Verify,
                Action::Share,
                Action::ReadConsent,
                Action::WriteConsent,
            ],
            Self::Nurse => &[
                Action::ReadIdentity,
                Action::WriteIdentity,
                Action::ReadClinical,
                Action::ReadEmergency,
                Action::ReadNote,
                Action::RecordObservation,
                Action::WriteNote,
                Action::WriteProblem,
                Action::WriteAllergy,
                Action::Immunize,
                Action::EnterResult,
                Action::Import,
                Action::Verify,
                Action::ReadConsent,
                Action::WriteConsent,
            ],
            Self::LabPharmacy => &[
                Action::ReadIdentity,
                Action::WriteIdentity,
                Action::ReadClinical,
                Action::ReadEmergency,
                Action::RecordObservation,
                Action::WriteProblem,
                Action::WriteAllergy,
                Action::Immunize,
                Action::EnterResult,
                Action::Verify,
            ],
            Self::FrontDesk => {
                &[Action::ReadIdentity, Action::WriteIdentity, Action::Verify]
            }
            Self::Auditor => &[Action::ReadAudit],
            Self::Hub => &[
                Action::ReadIdentity,
                Action::ReadClinical,
                Action::Import,
                Action::Verify,
            ],
            Self::Emergency => &[Action::ReadIdentity, Action::ReadEmergency],
        }
    }
}

impl Action {
    /// Every action.
    pub const ALL: [Self; 20] = [
        Self::ReadIdentity,
        Self::WriteIdentity,
        Self::ReadClinical,
        Self::ReadEmergency,
        Self::ReadNote,
        Self::RecordObservation,
        Self::WriteNote,
        Self::WriteProblem,
        Self::WriteAllergy,
        Self::Prescribe,
        Self::Immunize,
        Self::EnterResult,
        Self::Import,
        Self::Export,
        Self::ReadAudit,
        Self::Administer,
        Self::Verify,
        Self::Share,
        Self::ReadConsent,
        Self::WriteConsent,
    ];

    /// The compartments whose keys it takes.
    pub const fn needs(self) -> &'static [Compartment] {
        match self {
            Self::ReadIdentity | Self::WriteIdentity | Self::Administer => {
                &[Compartment::Front]
            }
            Self::ReadClinical
            | Self::ReadNote
            | Self::RecordObservation
            | Self::WriteNote
            | Self::WriteProblem
            | Self::WriteAllergy
            | Self::Prescribe
            | Self::Immunize
            | Self::EnterResult
            | Self::ReadConsent
            | Self::WriteConsent => &[Compartment::Clinical],
            Self::ReadEmergency | Self::Import | Self::Export | Self::Share => {
                &[Compartment::Front, Compartment::Clinical]
            }
            Self::ReadAudit => &[Compartment::Audit],
            Self::Verify => &[],
        }
    }

    /// Whether it is done to what a clinic keeps closed, too. Who the patient is, allergies and
    /// consents never are; the emergency view leaves out what is.
    pub const fn can_be_closed(self) -> bool {
        match self {
            Self::ReadClinical
            | Self::ReadNote
            | Self::RecordObservation
            | Self::WriteNote
            | Self::WriteProblem
            | Self::Prescribe
            | Self::Immunize
            | Self::EnterResult
            | Self::Export
            | Self::Share => true,
            Self::ReadIdentity
            | Self::WriteIdentity
            | Self::ReadEmergency
            | Self::WriteAllergy
            | Self::Import
            | Self::ReadAudit
            | Self::Administer
            | Self::Verify
            | Self::ReadConsent
            | Self::WriteConsent => false,
        }
    }

    /// Whether it is done to the clinical part of a chart.
    const fn is_clinical(self) -> bool {
        matches!(
            self.needs(),
            [Compartment::Clinical] | [_, Compartment::Clinical]
        )
    }
}

impl Ground {
    /// Every ground.
    pub const ALL: [Self; 3] = [Self::None, Self::Care, Self::Glass];
}

impl Compartment {
    /// Every compartment that each clinic has.
    pub const ALL: [Self; 3] = [Self::Front, Self::Clinical, Self::Audit];

    /// The compartment's name.
    pub fn name(&self) -> &str {
        match self {
            Self::Front => "front",
            Self::Clinical => "clinical",
            Self::Audit => "audit",
            Self::Restricted(category) => category.name(),
        }
    }

    /// The compartment with this name.
    pub fn named(name: &str) -> Option<Self> {
        let known = Self::ALL.into_iter().find(|it| it.name() == name);
        known.or_else(|| Category::of_name(name).map(Self::Restricted))
    }
}

impl Part {
    /// The compartment whose key opens this part.
    pub const fn compartment(self) -> Compartment {
        match self {
            Self::Identity | Self::Site => Compartment::Front,
            Self::Summary
            | Self::Visits
            | Self::Results
            | Self::Consents
            | Self::Inbox => Compartment::Clinical,
            Self::Restricted(category) => Compartment::Restricted(category),
        }
    }
}

impl fmt::Display for Denial {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Locked => f.write_str("nobody is signed in"),
            Self::Role(role) => write!(f, "the role {} does not include it", role.name()),
            Self::NoKey(compartment) => {
                write!(f, "the key of the {} part is not held", compartment.name())
            }
            Self::NotInGoodStanding => f.write_str("the user is not in good standing"),
            Self::SessionOver => f.write_str("the session is over"),
            Self::ShutOut => f.write_str("this machine was shut out of the clinic"),
            Self::NoReason => f.write_str("the patient is not in care: say why"),
            Self::NeverClosed => f.write_str("this is never kept closed"),
        }
    }
}
