//! Which action a change is.

use crate::chart::{Edit, MedKind, Record, who::Action};

/// What a person must be allowed to do to make this change: for what was, and for what will
/// be.
pub(super) fn actions_of(edit: &Edit) -> Vec<Action> {
    match edit {
        Edit::Add(record) => vec![action_on(record)],
        Edit::Change { before, after } => vec![action_on(before), action_on(after)],
    }
}

fn action_on(record: &Record) -> Action {
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
