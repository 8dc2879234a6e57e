//! The panes of the summary: what stands in each, and where its entries lead.

use std::collections::BTreeSet;

use super::signs;
use crate::{
    app::{
        Place, drugs, immunizations,
        notes::{Entry, entries},
        records::List,
    },
    chart::{
        Chart, Coded, Immunization, Medication, Observation, Problem, Summary,
        Verification,
    },
    content::Vital,
    ids::RecordId,
};

/// A pane, in the order of reading.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub enum Pane {
    /// Problems that are there.
    #[default]
    Problems,
    /// Drugs that are taken.
    Drugs,
    /// Vital signs, now and before.
    Vitals,
    /// The latest of every other observation.
    Labs,
    /// Visits.
    Visits,
    /// Vaccines.
    Vaccines,
}

/// The newest observations among which the latest of each kind is looked for: those of
/// about ten visits with a full panel each. What is older stands on its own page.
const OBSERVATIONS_MAX: usize = 300;

impl Pane {
    /// Every pane. In two columns they alternate.
    pub const ALL: [Self; 6] = [
        Self::Problems,
        Self::Drugs,
        Self::Vitals,
        Self::Labs,
        Self::Visits,
        Self::Vaccines,
    ];

    /// The pane after this one; after the last, the first.
    pub(super) const fn next(self) -> Self {
        match self {
            Self::Problems => Self::Drugs,
            Self::Drugs => Self::Vitals,
            Self::Vitals => Self::Labs,
            Self::Labs => Self::Visits,
            Self::Visits => Self::Vaccines,
            Self::Vaccines => Self::Problems,
        }
    }

    /// The pane before this one.
    pub(super) const fn previous(self) -> Self {
        match self {
            Self::Problems => Self::Vaccines,
            Self::Drugs => Self::Problems,
            Self::Vitals => Self::Drugs,
            Self::Labs => Self::Vitals,
            Self::Visits => Self::Labs,
            Self::Vaccines => Self::Visits,
        }
    }

    /// The pane beside this one.
    pub(super) const fn across(self) -> Self {
        match self {
            Self::Problems | Self::Vitals | Self::Visits => self.next(),
            Self::Drugs | Self::Labs | Self::Vaccines => self.previous(),
        }
    }

    /// The pane above, where so many columns of panes stand side by side.
    pub(super) fn above(self, columns: usize) -> Option<Self> {
        let place = self.index().checked_sub(columns)?;
        Self::ALL.get(place).copied()
    }

    /// The pane below.
    pub(super) fn below(self, columns: usize) -> Option<Self> {
        Self::ALL.get(self.index() + columns).copied()
    }

    const fn index(self) -> usize {
        self as usize
    }

    /// The lines that stand in it.
    pub fn total(self, chart: &Chart) -> usize {
        let summary = chart.summary.as_ref();
        match self {
            Self::Problems => summary.map_or(0, |it| problems(it).count()),
            Self::Drugs => drugs(chart).len(),
            Self::Vitals => signs(chart).all.len(),
            Self::Labs => labs(chart).len(),
            Self::Visits => entries(chart).len(),
            Self::Vaccines => vaccines(chart).len(),
        }
    }

    /// What its lines are about, in their order: where that stays the same, none moves.
    pub(in crate::app) fn names(self, chart: &Chart) -> Vec<String> {
        let summary = chart.summary.as_ref();
        let ids: Vec<RecordId> = match self {
            Self::Problems => {
                let rows = summary.into_iter().flat_map(problems);
                rows.map(|it| it.entry.id).collect()
            }
            Self::Drugs => drugs(chart).iter().map(|it| it.entry.id).collect(),
            Self::Visits => entries(chart).iter().map(Entry::id).collect(),
            Self::Vaccines => vaccines(chart).iter().map(|it| it.entry.id).collect(),
            Self::Vitals => {
                let signs = signs(chart).all;
                return signs.iter().map(|it| format!("{:?}", it.vital)).collect();
            }
            Self::Labs => {
                let labs = labs(chart);
                return labs.iter().map(|it| kind(&it.code).to_owned()).collect();
            }
        };
        ids.iter().map(ToString::to_string).collect()
    }

    /// The record that a line is about, where the line is one.
    pub(super) fn record(self, row: usize, chart: &Chart) -> Option<RecordId> {
        let entry = match self {
            Self::Problems => &problems(chart.summary.as_ref()?).nth(row)?.entry,
            Self::Drugs => &drugs(chart).get(row)?.entry,
            Self::Vaccines => &vaccines(chart).get(row)?.entry,
            Self::Vitals | Self::Labs | Self::Visits => return None,
        };
        Some(entry.id)
    }

    /// Where a line leads; where there is none, the page on which one can be written. A
    /// result leads to the visit that asked for it, if one did.
    pub(super) fn place(self, row: usize, chart: &Chart) -> Option<Place> {
        let one = |list, record: Option<_>| {
            Some(record.map_or(Place::Records(list), |it| Place::Record(list, it)))
        };
        let summary = chart.summary.as_ref();
        match self {
            Self::Problems => {
                let problem = summary.and_then(|it| problems(it).nth(row));
                one(List::Problems, problem.map(|it| it.entry.id))
            }
            Self::Drugs => {
                let drug = drugs(chart).get(row).map(|it| it.entry.id);
                let list = Place::Records(List::Drugs);
                Some(drug.map_or(list, |it| Place::Drug(Some(it))))
            }
            Self::Vitals => {
                let sign = signs(chart).all.get(row).map(|it| it.vital);
                Some(Place::Vitals(sign))
            }
            Self::Labs => {
                let visit = labs(chart).get(row).and_then(|it| it.visit);
                let known = |id| entries(chart).iter().any(|it| it.id() == id);
                let visit = visit.filter(|it| known(*it));
                visit.map(|it| Place::Notes(Some(it)))
            }
            Self::Visits => {
                let visit = entries(chart).get(row).map(Entry::id);
                Some(Place::Notes(visit))
            }
            Self::Vaccines => {
                let dose = vaccines(chart).get(row).map(|it| it.entry.id);
                one(List::Immunizations, dose)
            }
        }
    }
}

/// The problems that hold now.
pub fn problems(summary: &Summary) -> impl Iterator<Item = &Problem> {
    let standing = summary.problems.iter().filter(|it| !it.entry.in_error);
    let standing = standing.filter(|it| it.verification != Verification::Refuted);
    standing.filter(|it| it.on_list && it.clinical.is_present())
}

/// The drugs taken now, and those on hold, in the order of their list.
pub fn drugs(chart: &Chart) -> Vec<&Medication> {
    let mut rows = drugs::rows(chart);
    rows.retain(|it| it.is_taken());
    rows
}

/// The vaccines, the newest first.
pub fn vaccines(chart: &Chart) -> Vec<&Immunization> {
    let mut rows = immunizations::rows(chart);
    rows.retain(|it| !it.entry.in_error);
    rows
}

/// The latest observation of every kind that is no vital sign: those of the laboratory
/// first.
pub fn labs(chart: &Chart) -> Vec<&Observation> {
    let sent = chart.results.iter().flat_map(|it| &it.observations);
    let here = chart.visits.iter().flat_map(|it| &it.observations);
    let newest = sent
        .take(OBSERVATIONS_MAX)
        .chain(here.take(OBSERVATIONS_MAX));
    let mut known = BTreeSet::new();
    let standing = newest.filter(|it| !it.entry.in_error);
    let other = standing.filter(|it| Vital::of_code(&it.code).is_none());
    other.filter(|it| known.insert(kind(&it.code))).collect()
}

/// The newest observations of the visits, in which vital signs are looked for.
pub(super) fn observations(chart: &Chart) -> impl Iterator<Item = &Observation> {
    let all = chart.visits.iter().flat_map(|it| &it.observations);
    all.take(OBSERVATIONS_MAX)
}

fn kind(code: &Coded) -> &str {
    code.coding.as_ref().map_or(&code.text, |it| &it.code)
}
