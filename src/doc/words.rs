//! The words that stand for fixed choices in documents, and what an unknown word is taken
//! for: the choice that hides least.

use crate::chart::{
    Clinical, ConsentState, Criticality, Decided, Decision, How, MedKind, MedStatus,
    NameUse, ObsCategory, ProviderKind, Purpose, ReferralStatus, Severity, Sex,
    Verification, VisitClass, VisitStatus, Way,
};

/// The words of one set of choices.
pub(crate) struct Words<T: 'static> {
    rows: &'static [(&'static str, T)],
    /// What a field that is not there means.
    pub(crate) usual: T,
    /// What a word of a later version is taken for.
    pub(crate) unknown: T,
}

impl<T: Copy + PartialEq> Words<T> {
    pub(crate) fn word(&self, choice: T) -> &'static str {
        let row = self.rows.iter().find(|(_, it)| *it == choice);
        row.map_or("", |(word, _)| word)
    }

    pub(crate) fn named(&self, word: &str) -> Option<T> {
        let row = self.rows.iter().find(|(it, _)| *it == word);
        row.map(|(_, choice)| *choice)
    }
}

pub(crate) const SEX: Words<Sex> = Words {
    rows: &[
        ("female", Sex::Female),
        ("male", Sex::Male),
        ("other", Sex::Other),
        ("unknown", Sex::Unknown),
    ],
    usual: Sex::Unknown,
    unknown: Sex::Unknown,
};

pub(crate) const NAME_USE: Words<NameUse> = Words {
    rows: &[
        ("", NameUse::Usual),
        ("official", NameUse::Official),
        ("maiden", NameUse::Maiden),
        ("nickname", NameUse::Nickname),
        ("old", NameUse::Old),
    ],
    usual: NameUse::Usual,
    unknown: NameUse::Usual,
};

pub(crate) const PROVIDER: Words<ProviderKind> = Words {
    rows: &[
        ("practitioner", ProviderKind::Practitioner),
        ("organization", ProviderKind::Organization),
    ],
    usual: ProviderKind::Practitioner,
    unknown: ProviderKind::Practitioner,
};

pub(crate) const CLINICAL: Words<Clinical> = Words {
    rows: &[
        ("active", Clinical::Active),
        ("recurrence", Clinical::Recurrence),
        ("remission", Clinical::Remission),
        ("inactive", Clinical::Inactive),
        ("resolved", Clinical::Resolved),
    ],
    usual: Clinical::Active,
    unknown: Clinical::Active,
};

pub(crate) const VERIFICATION: Words<Verification> = Words {
    rows: &[
        ("confirmed", Verification::Confirmed),
        ("unconfirmed", Verification::Unconfirmed),
        ("differential", Verification::Differential),
        ("refuted", Verification::Refuted),
    ],
    usual: Verification::Confirmed,
    unknown: Verification::Unconfirmed,
};

pub(crate) const CRITICALITY: Words<Criticality> = Words {
    rows: &[
        ("unknown", Criticality::Unknown),
        ("low", Criticality::Low),
        ("high", Criticality::High),
    ],
    usual: Criticality::Unknown,
    unknown: Criticality::High,
};

pub(crate) const SEVERITY: Words<Option<Severity>> = Words {
    rows: &[
        ("", None),
        ("mild", Some(Severity::Mild)),
        ("moderate", Some(Severity::Moderate)),
        ("severe", Some(Severity::Severe)),
    ],
    usual: None,
    unknown: Some(Severity::Severe),
};

pub(crate) const MED_KIND: Words<MedKind> = Words {
    rows: &[
        ("request", MedKind::Request),
        ("statement", MedKind::Statement),
    ],
    usual: MedKind::Request,
    unknown: MedKind::Statement,
};

pub(crate) const MED_STATUS: Words<MedStatus> = Words {
    rows: &[
        ("active", MedStatus::Active),
        ("on-hold", MedStatus::OnHold),
        ("completed", MedStatus::Completed),
        ("stopped", MedStatus::Stopped),
        ("cancelled", MedStatus::Cancelled),
    ],
    usual: MedStatus::Active,
    unknown: MedStatus::OnHold,
};

pub(crate) const VISIT_CLASS: Words<VisitClass> = Words {
    rows: &[
        ("ambulatory", VisitClass::Ambulatory),
        ("emergency", VisitClass::Emergency),
        ("inpatient", VisitClass::Inpatient),
        ("home", VisitClass::Home),
        ("virtual", VisitClass::Virtual),
    ],
    usual: VisitClass::Ambulatory,
    unknown: VisitClass::Ambulatory,
};

pub(crate) const VISIT_STATUS: Words<VisitStatus> = Words {
    rows: &[
        ("planned", VisitStatus::Planned),
        ("in-progress", VisitStatus::InProgress),
        ("finished", VisitStatus::Finished),
        ("cancelled", VisitStatus::Cancelled),
    ],
    usual: VisitStatus::InProgress,
    unknown: VisitStatus::InProgress,
};

pub(crate) const DECISION: Words<Decision> = Words {
    rows: &[("given", Decision::Given), ("refused", Decision::Refused)],
    usual: Decision::Given,
    unknown: Decision::Refused,
};

pub(crate) const CONSENT_STATE: Words<ConsentState> = Words {
    rows: &[
        ("active", ConsentState::Active),
        ("withdrawn", ConsentState::Withdrawn),
    ],
    usual: ConsentState::Active,
    unknown: ConsentState::Withdrawn,
};

pub(crate) const WAY: Words<Way> = Words {
    rows: &[("sent", Way::Sent), ("received", Way::Received)],
    usual: Way::Sent,
    unknown: Way::Sent,
};

pub(crate) const REFERRAL: Words<ReferralStatus> = Words {
    rows: &[
        ("waiting", ReferralStatus::Waiting),
        ("accepted", ReferralStatus::Accepted),
        ("declined", ReferralStatus::Declined),
        ("completed", ReferralStatus::Completed),
    ],
    usual: ReferralStatus::Waiting,
    unknown: ReferralStatus::Waiting,
};

pub(crate) const PURPOSE: Words<Purpose> = Words {
    rows: &[
        (Purpose::Treatment.code(), Purpose::Treatment),
        (Purpose::Emergency.code(), Purpose::Emergency),
        (Purpose::Payment.code(), Purpose::Payment),
        (Purpose::Operations.code(), Purpose::Operations),
        (Purpose::PublicHealth.code(), Purpose::PublicHealth),
        (Purpose::Research.code(), Purpose::Research),
        (Purpose::PatientRequest.code(), Purpose::PatientRequest),
    ],
    usual: Purpose::Treatment,
    unknown: Purpose::PatientRequest,
};

pub(crate) const HOW: Words<How> = Words {
    rows: &[
        (How::Written.word(), How::Written),
        (How::Verbal.word(), How::Verbal),
        (How::Guardian.word(), How::Guardian),
    ],
    usual: How::Written,
    unknown: How::Verbal,
};

pub(crate) const DECIDED: Words<Decided> = Words {
    rows: &[
        (Decided::Accepted.word(), Decided::Accepted),
        (Decided::Declined.word(), Decided::Declined),
    ],
    usual: Decided::Accepted,
    unknown: Decided::Other,
};

pub(crate) const OBS_CATEGORY: Words<ObsCategory> = Words {
    rows: &[
        ("vital-signs", ObsCategory::VitalSigns),
        ("laboratory", ObsCategory::Laboratory),
        ("imaging", ObsCategory::Imaging),
        ("social-history", ObsCategory::SocialHistory),
        ("survey", ObsCategory::Survey),
        ("exam", ObsCategory::Exam),
        ("other", ObsCategory::Other),
    ],
    usual: ObsCategory::VitalSigns,
    unknown: ObsCategory::Other,
};
