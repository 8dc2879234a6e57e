//! What a patient agreed to, or refused, that others may have of the chart (FHIR `Consent`).

use serde::{Deserialize, Serialize};

use super::{Category, Entry, Part, private, private_record};
use crate::{
    ids::{Hash, RecordId, UserId},
    time::{Moment, PartialDate},
};

/// One recorded will of the patient. It is never edited: a correction replaces it, and the
/// patient may withdraw it.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Consent {
    /// What every record has.
    pub entry: Entry,
    /// What the patient decided.
    pub decision: Decision,
    /// Whether it was withdrawn since.
    pub state: ConsentState,
    /// Who withdrew it, when and why.
    pub withdrawal: Option<Withdrawal>,
    /// The person or organisation, as typed. Of a refusal, empty means everybody.
    pub to: String,
    /// The hash of the recipient's contact card, where there is one.
    pub card: Option<Hash>,
    /// What they may have. Of a refusal, none means all.
    pub parts: Vec<SharedPart>,
    /// The first day from which things are shared; none from the beginning.
    pub shared_from: Option<PartialDate>,
    /// The last day of which things are shared; none to the end.
    pub shared_until: Option<PartialDate>,
    /// What for.
    pub purpose: Purpose,
    /// The first day on which it holds.
    pub from: Option<PartialDate>,
    /// The last day on which it holds. A consent without one gives nothing.
    pub until: Option<PartialDate>,
    /// How the patient said so.
    pub how: How,
    /// The witness of what was said, or the guardian.
    pub witness: String,
    /// The refusals and withdrawals that whoever wrote this knew of, and that it sets aside.
    /// One that they did not know of stands against it.
    pub over: Vec<RecordId>,
}

/// What a patient decided.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Decision {
    /// Yes.
    Given,
    /// No.
    Refused,
}

/// Whether a consent was withdrawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum ConsentState {
    /// It was not.
    Active,
    /// It was.
    Withdrawn,
}

/// Who withdrew a consent, when and why.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Withdrawal {
    /// Who wrote it down.
    pub by: UserId,
    /// When.
    pub at: Moment,
    /// Why, in the patient's words.
    pub reason: String,
}

/// Why a consent cannot be written down as it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lacking {
    /// Nobody is named to whom it is given.
    Recipient,
    /// No part is named.
    Parts,
    /// It would hold for ever.
    Until,
    /// It ends before it begins.
    Order,
    /// Nobody is named who heard it, or the guardian.
    Witness,
}

/// A part of a chart that somebody outside may be given.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum SharedPart {
    /// Problems, allergies, drugs, vaccines.
    Summary,
    /// Visits, notes, observations, documents.
    Visits,
    /// Laboratory observations and reports.
    Results,
    /// What the clinic keeps apart under this name.
    Restricted(String),
}

/// What something is shared for (HL7 `PurposeOfUse`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Purpose {
    /// Treatment.
    Treatment,
    /// Treatment in an emergency.
    Emergency,
    /// Payment for care.
    Payment,
    /// The running of health care: quality, audits.
    Operations,
    /// Public health.
    PublicHealth,
    /// Research.
    Research,
    /// The patient asked for it.
    PatientRequest,
}

/// How a patient said so.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum How {
    /// In writing, signed.
    Written,
    /// In words, before a witness.
    Verbal,
    /// By the patient's guardian.
    Guardian,
}

private_record!(Consent);
private!(Withdrawal, SharedPart);

impl Consent {
    /// The consent as withdrawn.
    #[must_use]
    pub fn withdrawn(self, withdrawal: Withdrawal) -> Self {
        Self {
            state: ConsentState::Withdrawn,
            withdrawal: Some(withdrawal),
            ..self
        }
    }

    /// What must still be said before it can be written down.
    pub fn lacks(&self) -> Option<Lacking> {
        let gives = self.decision == Decision::Given;
        let spoken = matches!(self.how, How::Verbal | How::Guardian);
        let of_period = |from: Option<PartialDate>, until: Option<PartialDate>| {
            from.zip(until)
                .is_some_and(|(from, until)| until.is_before(from))
        };
        let backwards = of_period(self.from, self.until)
            || of_period(self.shared_from, self.shared_until);
        let lacking = [
            (gives && self.to.is_empty(), Lacking::Recipient),
            (gives && self.parts.is_empty(), Lacking::Parts),
            (gives && self.until.is_none(), Lacking::Until),
            (backwards, Lacking::Order),
            (spoken && self.witness.is_empty(), Lacking::Witness),
        ];
        lacking.into_iter().find(|(it, _)| *it).map(|(_, it)| it)
    }

    /// Whether this part is among those that it names.
    pub fn covers(&self, part: &SharedPart) -> bool {
        let all = self.parts.is_empty() && self.decision == Decision::Refused;
        all || self.parts.contains(part)
    }
}

impl SharedPart {
    /// What begins the word of a part that the clinic keeps apart.
    const RESTRICTED: &str = "restricted:";

    /// The part's word, in documents and on the command line.
    pub fn word(&self) -> String {
        match self {
            Self::Summary => Part::Summary.name().to_owned(),
            Self::Visits => Part::Visits.name().to_owned(),
            Self::Results => Part::Results.name().to_owned(),
            Self::Restricted(name) => format!("{}{name}", Self::RESTRICTED),
        }
    }

    /// The part of the chart that it is as a whole; none where no category can be called so.
    pub fn whole(&self) -> Option<Part> {
        match self {
            Self::Summary => Some(Part::Summary),
            Self::Visits => Some(Part::Visits),
            Self::Results => Some(Part::Results),
            Self::Restricted(name) => Category::called(name).map(Part::Restricted),
        }
    }

    /// A part of the chart as a patient agrees to it, if it can be given to somebody outside.
    pub fn of(part: Part) -> Option<Self> {
        match part {
            Part::Summary => Some(Self::Summary),
            Part::Visits => Some(Self::Visits),
            Part::Results => Some(Self::Results),
            Part::Restricted(category) => {
                Some(Self::Restricted(category.word().to_owned()))
            }
            Part::Identity | Part::Site | Part::Consents | Part::Inbox => None,
        }
    }

    /// The part of this word. One that is not known is kept apart under its name: no other
    /// part is meant by it.
    pub fn named(word: &str) -> Self {
        let all = [Self::Summary, Self::Visits, Self::Results];
        all.into_iter()
            .find(|it| it.word() == word)
            .unwrap_or_else(|| {
                let name = word.strip_prefix(Self::RESTRICTED).unwrap_or(word);
                let category = Category::called(name);
                let name = category.map_or(name.to_owned(), |it| it.word().to_owned());
                Self::Restricted(name)
            })
    }
}

impl Purpose {
    /// Every purpose.
    pub const ALL: [Self; 7] = [
        Self::Treatment,
        Self::Emergency,
        Self::Payment,
        Self::Operations,
        Self::PublicHealth,
        Self::Research,
        Self::PatientRequest,
    ];

    /// The code of HL7's `v3-ActReason`.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Treatment => "TREAT",
            Self::Emergency => "ETREAT",
            Self::Payment => "HPAYMT",
            Self::Operations => "HOPERAT",
            Self::PublicHealth => "PUBHLTH",
            Self::Research => "HRESCH",
            Self::PatientRequest => "PATRQT",
        }
    }

    /// The purpose's name in English.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Treatment => "treatment",
            Self::Emergency => "emergency treatment",
            Self::Payment => "payment",
            Self::Operations => "health care operations",
            Self::PublicHealth => "public health",
            Self::Research => "research",
            Self::PatientRequest => "the patient's own request",
        }
    }
}

impl How {
    /// Every way.
    pub const ALL: [Self; 3] = [Self::Written, Self::Verbal, Self::Guardian];

    /// The way's word, in documents and on the command line.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Written => "written",
            Self::Verbal => "verbal",
            Self::Guardian => "guardian",
        }
    }
}
