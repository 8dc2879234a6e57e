//! Which action a change is, and what may not be changed of a record.

use crate::{
    chart::{ConsentState, Edit, MedKind, Record, who::Action},
    ids::UserId,
};

/// What a person must be allowed to do to make this change: for what was, and for what will
/// be.
pub(super) fn actions_of(edit: &Edit) -> Vec<Action> {
    match edit {
        Edit::Add(record) | Edit::Settle { record, .. } => vec![action_on(record)],
        Edit::Change { before, after } => vec![action_on(before), action_on(after)],
    }
}

/// Whether whoever may change the one may change the other.
pub(super) fn is_alike(held: &Record, seen: &Record) -> bool {
    action_on(held) == action_on(seen) && is_by_the_same(held, seen)
}

/// Whether two records are in the same name and from the same source.
pub(super) fn is_by_the_same(one: &Record, other: &Record) -> bool {
    let (one, other) = (one.entry(), other.entry());
    (one.by, &one.origin) == (other.by, &other.origin)
}

/// Whether this would put another signature in the place of one.
pub(super) fn is_signed_anew(held: &Record, after: &Record) -> bool {
    let (Record::Note(held), Record::Note(after)) = (held, after) else {
        return false;
    };
    held.signed.is_some() && held.signed != after.signed
}

/// Whether this would change a patient's recorded will otherwise than by withdrawing it in
/// one's own name, or by saying that it was entered in error.
pub(super) fn is_will_edited(seen: &Record, after: &Record, user: UserId) -> bool {
    let (Record::Consent(seen), Record::Consent(after)) = (seen, after) else {
        return false;
    };
    let mut allowed = seen.clone();
    allowed.entry.in_error = after.entry.in_error;
    allowed.entry.remark = after.entry.remark.clone();
    let own = after.withdrawal.as_ref().filter(|it| it.by == user);
    if let Some(own) = own.filter(|_| seen.state == ConsentState::Active) {
        allowed = allowed.withdrawn(own.clone());
    }
    allowed != *after
}

/// What a person must be allowed to do to change this record.
pub(super) fn action_on(record: &Record) -> Action {
    match record {
        Record::Person(_) => Action::WriteIdentity,
        Record::Provider(_) | Record::ImportRun(_) => Action::Administer,
        Record::Allergy(_) | Record::NoKnownAllergies(_) => Action::WriteAllergy,
        Record::Problem(_) => Action::WriteProblem,
        Record::Medication(it) => match it.kind {
            MedKind::Request => Action::Prescribe,
            MedKind::Statement => Action::RecordObservation,
        },
        Record::Immunization(_) => Action::Immunize,
        Record::Procedure(_)
        | Record::Plan(_)
        | Record::Note(_)
        | Record::Document(_)
        | Record::Referral(_) => Action::WriteNote,
        Record::Observation(it) if it.is_laboratory() => Action::EnterResult,
        Record::Visit(_) | Record::Observation(_) => Action::RecordObservation,
        Record::Report(_) => Action::EnterResult,
        Record::Consent(_) => Action::WriteConsent,
        Record::Outcome(_) => Action::Share,
    }
}
