//! Which action a change is, and what may not be changed of a record.

use crate::chart::{Edit, MedKind, Record, who::Action};

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
        | Record::Document(_) => Action::WriteNote,
        Record::Observation(it) if it.is_laboratory() => Action::EnterResult,
        Record::Visit(_) | Record::Observation(_) => Action::RecordObservation,
        Record::Report(_) => Action::EnterResult,
    }
}
