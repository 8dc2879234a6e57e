//! Where screens are: the tabs of the title bar, and the places that screens open at.

use std::mem::discriminant;

use super::{
    Page, beyond, bundle, compare, draft, find::Text, glass, note, records::List,
};
use crate::{
    chart::who::{Compartment, Role},
    content::Vital,
    ids::RecordId,
};

/// A tab of the title bar.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Tab {
    /// Find or register.
    Find,
    /// The open patient's chart.
    Chart,
    /// The clinic's other machines.
    Sync,
}

/// Where a screen is: enough to open it again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Place {
    /// Find or register.
    Find,
    /// A new patient, with what was searched for.
    Register(Text),
    /// Who the open patient is, to be corrected, in this tab.
    Details(Tab),
    /// The summary of the open chart.
    Summary,
    /// Its vital signs, with the curve of this measure.
    Vitals(Option<Vital>),
    /// A note that is written.
    Note(note::Task),
    /// Its visits as they were, or one of them.
    Notes(Option<RecordId>),
    /// A list of its records.
    Records(List),
    /// One of its drugs, or a new one.
    Drug(Option<RecordId>),
    /// A list with one of its records selected.
    Record(List, RecordId),
    /// How it stands with the other machines.
    Sync,
    /// A new machine is paired.
    Invite,
    /// A USB bundle is made or taken in.
    Bundle(bundle::Work),
    /// The values of a fact, compared.
    Compare(compare::Of),
    /// Every fact to compare.
    ToCompare,
    /// A reason is asked for, and what it opens.
    Reason(Box<glass::Asked>),
    /// Who gave a reason.
    Reviews,
    /// What leaves the clinic.
    Beyond(beyond::Which),
}

impl Tab {
    /// Every tab, in the order of the title bar.
    pub const ALL: [Self; 3] = [Self::Find, Self::Chart, Self::Sync];

    /// The key that goes there.
    pub const fn digit(self) -> char {
        match self {
            Self::Find => '2',
            Self::Chart => '4',
            Self::Sync => '8',
        }
    }

    /// The sentence that names it.
    pub const fn says(self) -> &'static str {
        match self {
            Self::Find => "tab-find",
            Self::Chart => "tab-chart",
            Self::Sync => "tab-sync",
        }
    }

    /// Whether a role may have it.
    pub const fn is_for(self, role: Role) -> bool {
        match self {
            Self::Find => role.holds(Compartment::Front),
            Self::Chart => role.holds(Compartment::Clinical),
            Self::Sync => true,
        }
    }

    /// Whether it leads nowhere without an open patient.
    pub const fn needs_patient(self) -> bool {
        match self {
            Self::Find | Self::Sync => false,
            Self::Chart => true,
        }
    }

    /// The screen that lies at the bottom of the tab.
    pub const fn bottom(self) -> Place {
        match self {
            Self::Find => Place::Find,
            Self::Chart => Place::Summary,
            Self::Sync => Place::Sync,
        }
    }
}

impl Place {
    /// The tab to which it belongs.
    pub const fn tab(&self) -> Tab {
        match self {
            Self::Find | Self::Register(_) | Self::Reason(_) => Tab::Find,
            Self::Details(tab) => *tab,
            Self::Summary
            | Self::Vitals(_)
            | Self::Note(_)
            | Self::Notes(_)
            | Self::Records(_)
            | Self::Drug(_)
            | Self::Record(..)
            | Self::Beyond(beyond::Which::Told | beyond::Which::ProposedHere) => {
                Tab::Chart
            }
            // Who may not open the chart compares beside it.
            Self::Compare(of) if of.patient.is_none() => Tab::Chart,
            Self::Sync
            | Self::Invite
            | Self::Bundle(_)
            | Self::Compare(_)
            | Self::ToCompare
            | Self::Reviews
            | Self::Beyond(
                beyond::Which::Providers
                | beyond::Which::Meet
                | beyond::Which::Proposed
                | beyond::Which::Guests,
            ) => Tab::Sync,
        }
    }

    /// The page of the chart that it is, if it is one.
    pub const fn page(&self) -> Option<Page> {
        match self {
            Self::Find
            | Self::Register(_)
            | Self::Details(_)
            | Self::Note(_)
            | Self::Sync
            | Self::Invite
            | Self::Bundle(_)
            | Self::Compare(_)
            | Self::ToCompare
            | Self::Reason(_)
            | Self::Reviews
            | Self::Beyond(_) => None,
            Self::Summary => Some(Page::Summary),
            Self::Vitals(_) => Some(Page::Vitals),
            Self::Notes(_) => Some(Page::Notes),
            Self::Records(list) | Self::Record(list, _) => Some(list.page()),
            Self::Drug(_) => Some(Page::Drugs),
        }
    }

    /// Whether both are of the same screen, whatever it shows.
    pub fn is_of(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Beyond(one), Self::Beyond(other)) => one == other,
            _ => discriminant(self) == discriminant(other) && self.page() == other.page(),
        }
    }

    /// Whether it is opened again after the lock.
    pub const fn comes_back(&self) -> bool {
        !matches!(
            self,
            Self::Invite
                | Self::Bundle(_)
                | Self::Details(_)
                | Self::Reason(_)
                | Self::Beyond(beyond::Which::Meet)
        )
    }

    /// The kind of draft that is written there.
    pub const fn drafts(&self) -> Option<draft::Kind> {
        match self {
            Self::Register(_) => Some(draft::Kind::Registration),
            Self::Details(_) => Some(draft::Kind::Details),
            Self::Vitals(_) => Some(draft::Kind::Vitals),
            Self::Note(note::Task::AddTo(_)) => Some(draft::Kind::Addendum),
            Self::Note(_) => Some(draft::Kind::Note),
            Self::Records(list) | Self::Record(list, _) => list.drafts(),
            Self::Drug(_) => Some(draft::Kind::Drug),
            Self::Find
            | Self::Summary
            | Self::Notes(_)
            | Self::Sync
            | Self::Invite
            | Self::Bundle(_)
            | Self::Compare(_)
            | Self::ToCompare
            | Self::Reason(_)
            | Self::Reviews
            | Self::Beyond(_) => None,
        }
    }
}
