//! What an emergency needs of a chart, and nothing else.

use std::{cmp::Reverse, collections::BTreeMap, fmt};

use super::rounds::pregnancy_of;
use crate::{
    chart::{Allergy, Chart, Medication, Person, Problem, Verification},
    ids::{PatientId, RecordId},
    time::{Moment, PartialDate},
};

/// The emergency view of a chart.
#[derive(Clone, PartialEq, Eq)]
pub struct EmergencyView {
    /// Whose chart.
    pub patient: PatientId,
    /// Who it is, and whom to call.
    pub person: Option<Person>,
    /// What the person must not meet, the most dangerous first: each as the gravest that
    /// anybody wrote.
    pub allergies: Vec<Allergy>,
    /// When somebody asked and no allergy was known, where there is none.
    pub none_known: Option<Moment>,
    /// Drugs that are taken, or may be.
    pub drugs: Vec<Medication>,
    /// Those of both that a provider of another clinic proposes and nobody accepted, and by
    /// whom.
    pub proposed: BTreeMap<RecordId, String>,
    /// Problems that are present, those of the problem list first.
    pub problems: Vec<Problem>,
    /// The pregnancy that goes on.
    pub pregnancy: Option<Problem>,
    /// Whether the summary of the chart is here: where it is not, nothing is known.
    pub is_known: bool,
}

impl EmergencyView {
    /// What an emergency on this day needs of a chart.
    pub fn of(chart: &Chart, day: PartialDate) -> Self {
        let summary = chart.summary.as_ref();
        let allergies = summary.iter().flat_map(|it| it.allergies_to_check());
        let allergies = allergies.filter(|it| it.counts()).cloned();
        let mut allergies: Vec<Allergy> = allergies.collect();
        allergies.sort_by_key(|it| Reverse((it.severity(), it.entry.recorded.at)));
        let asked = summary.iter().flat_map(|it| &it.no_known_allergies);
        let asked = asked.filter(|it| !it.entry.in_error);
        let asked = asked.map(|it| it.entry.recorded).max_by_key(|it| it.at);
        let drugs = summary.iter().flat_map(|it| it.counted_as_taken());
        let problems = summary.iter().flat_map(|it| &it.problems);
        let problems = problems.filter(|it| {
            let stands = it.verification != Verification::Refuted;
            stands && !it.entry.in_error && it.clinical.is_present()
        });
        let mut problems: Vec<Problem> = problems.cloned().collect();
        problems.sort_by_key(|it| !it.on_list);
        Self {
            patient: chart.patient,
            person: chart.identity.person.clone(),
            none_known: asked.filter(|_| allergies.is_empty()),
            allergies,
            drugs: drugs.cloned().collect(),
            proposed: summary
                .map(|it| it.feared.proposed.clone())
                .unwrap_or_default(),
            problems,
            pregnancy: pregnancy_of(chart, day).cloned(),
            is_known: summary.is_some(),
        }
    }
}

impl fmt::Debug for EmergencyView {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "EmergencyView({:?})", self.patient)
    }
}
