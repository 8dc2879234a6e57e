//! An invented clinic, to try things out on and to measure with: people, households and
//! years of visits. Made of chance alone; the same seed makes the same clinic.
//!
//! Patients come one at a time, so that a clinic of 50,000 needs no more memory than one of
//! 200. Each comes with what was written about them, step by step, by whom and when.

mod acute;
mod allergies;
mod dice;
mod family;
mod growth;
mod history;
mod household;
mod longterm;
mod names;
mod scribe;
mod setting;
mod story;

use std::{collections::VecDeque, fmt};

use dice::Dice;
use household::{Member, household};
use setting::Setting;
pub use setting::{CLINIC, DemoUser, MACHINE, Staff, USERS};

use crate::{
    chart::{Edit, Entry, Provider, ProviderKind, Record},
    ids::{PatientId, RecordId},
    time::Moment,
};

/// The invented clinic: its patients, one after the other.
pub struct Demo {
    setting: Setting,
    left: u32,
    number: u32,
    household: u64,
    waiting: VecDeque<Member>,
}

/// A patient with all that was written about them, in the order of time.
#[derive(Clone, PartialEq, Eq)]
pub struct DemoPatient {
    /// Who.
    pub patient: PatientId,
    /// What was written. The first step registers the patient.
    pub steps: Vec<Step>,
}

/// What one person wrote at one moment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    /// When.
    pub at: Moment,
    /// Who, as a place in [`USERS`].
    pub who: usize,
    /// The changes, in the order in which they were made.
    pub edits: Vec<Edit>,
    /// The notes among them that the writer signs right away.
    pub signs: Vec<RecordId>,
}

/// Outside places and people that the clinic knows.
const PROVIDERS: [(ProviderKind, &str, &str); 4] = [
    (
        ProviderKind::Organization,
        "Kijani District Hospital",
        "0414 200 300",
    ),
    (ProviderKind::Organization, "Hill Post outreach", ""),
    (
        ProviderKind::Practitioner,
        "Dr Ruth Abbo, physician",
        "0772 900 100",
    ),
    (
        ProviderKind::Practitioner,
        "Kato Isaac, eye nurse",
        "0772 900 200",
    ),
];

impl Demo {
    /// A clinic of this many patients, as it stands at `today`.
    pub fn new(seed: u64, patients: u32, today: Moment) -> Self {
        Self {
            setting: Setting {
                seed,
                today,
                staff: Staff::invented(),
            },
            left: patients,
            number: 0,
            household: 0,
            waiting: VecDeque::new(),
        }
    }

    /// The same clinic with these ids for those who write.
    #[must_use]
    pub const fn written_by(mut self, staff: Staff) -> Self {
        self.setting.staff = staff;
        self
    }

    /// The clinic's own list of outside places and people, written by the owner.
    pub fn site(&self) -> Step {
        let at = self.setting.moment(-6 * 365, 0);
        let mut dice = Dice::new(self.setting.seed, u64::MAX);
        let [owner, ..] = self.setting.staff.users;
        let providers = PROVIDERS.map(|(kind, name, phone)| {
            let id = RecordId::from_bytes(scribe::uuid(at, &mut dice));
            Edit::add(Record::Provider(Provider {
                entry: Entry::new(id, at, owner, self.setting.staff.machine),
                kind,
                name: name.to_owned(),
                phone: phone.to_owned(),
            }))
        });
        Step {
            at,
            who: 0,
            edits: providers.to_vec(),
            signs: Vec::new(),
        }
    }

    /// A grown patient with hypertension and exactly this many visits, for measuring.
    pub fn visits_of(&self, visits: u32) -> DemoPatient {
        history::of_length(&self.setting, visits)
    }
}

impl Iterator for Demo {
    type Item = DemoPatient;

    fn next(&mut self) -> Option<DemoPatient> {
        self.left = self.left.checked_sub(1)?;
        while self.waiting.is_empty() {
            self.waiting
                .extend(household(self.setting.seed, self.household));
            self.household += 1;
        }
        let member = self.waiting.pop_front()?;
        self.number += 1;
        Some(history::written(&self.setting, self.number, &member))
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        let left = usize::try_from(self.left).ok();
        (left.unwrap_or(usize::MAX), left)
    }
}

impl fmt::Debug for Demo {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Demo({} patients left)", self.left)
    }
}

impl fmt::Debug for DemoPatient {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "DemoPatient({:?})", self.patient)
    }
}

#[cfg(test)]
mod tests;
