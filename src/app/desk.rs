//! A person's desk: who is signed in, which tabs and screens are open, and the open patient.

use std::collections::BTreeMap;

use super::{
    Household, Place, Screen, Step, Tab, Who, beyond,
    draft::{self, Body, Unfinished},
    find, glass,
    notice::Said,
};
use crate::{
    chart::{Category, Chart, Person},
    ids::{PatientId, UserId},
    say::Lang,
    time::Timestamp,
};

/// The desk of the person who is signed in.
#[derive(Debug)]
pub struct Desk {
    /// Who.
    pub who: Who,
    /// The tab in front.
    pub at: Tab,
    /// The screens of each tab, the one in front last.
    pub tabs: BTreeMap<Tab, Vec<Screen>>,
    /// The open patient's chart.
    pub chart: Option<Box<Chart>>,
    /// The same as it is since something came in from another machine by which rows would
    /// move. It takes the place of the one that is looked at when a person asks for it or
    /// turns a page.
    pub newer: Option<Box<Chart>>,
    /// The charts in which facts wait that somebody may decide.
    pub to_compare: usize,
    /// What waits for an owner.
    pub for_owner: glass::Waiting,
    /// Under which category the person closes what they write in whose chart.
    pub closing: Option<(PatientId, Category)>,
    /// What the next patient may share.
    pub household: Option<Household>,
    /// What lies unfinished.
    pub unfinished: Vec<Unfinished>,
    /// The names of users that were asked for.
    pub names: BTreeMap<UserId, String>,
}

/// Someone comes in.
#[derive(Debug)]
pub struct Entering {
    /// Who.
    pub who: Who,
    /// The clinic's name.
    pub clinic: String,
    /// The language of the person, where one is set.
    pub lang: Option<Lang>,
    /// What lies unfinished.
    pub unfinished: Vec<Unfinished>,
}

/// What stays of a desk while the machine is locked: places and ids, nothing of what was
/// read.
#[derive(Debug, Clone)]
pub struct Kept {
    pub(super) at: Tab,
    pub(super) tabs: BTreeMap<Tab, Vec<Place>>,
    pub(super) patient: Option<PatientId>,
    pub(super) closing: Option<(PatientId, Category)>,
}

impl Desk {
    /// An empty desk.
    pub fn new(who: Who, unfinished: Vec<Unfinished>) -> Self {
        Self {
            who,
            at: Tab::Find,
            tabs: BTreeMap::new(),
            chart: None,
            newer: None,
            to_compare: 0,
            for_owner: glass::Waiting::default(),
            closing: None,
            household: None,
            unfinished,
            names: BTreeMap::new(),
        }
    }

    /// The screen in front.
    pub fn front(&self) -> Option<&Screen> {
        self.tabs.get(&self.at).and_then(|screens| screens.last())
    }

    /// The screen in front, to change.
    pub(super) fn front_mut(&mut self) -> Option<&mut Screen> {
        self.tabs
            .get_mut(&self.at)
            .and_then(|screens| screens.last_mut())
    }

    /// Every open screen, to change.
    pub(super) fn screens_mut(&mut self) -> impl Iterator<Item = &mut Screen> {
        self.tabs.values_mut().flatten()
    }

    /// The search has done its work: someone was found.
    pub(super) fn search_used(&mut self) {
        let searches = self.screens_mut().filter_map(Screen::as_find);
        searches.for_each(find::State::used);
    }

    /// The name of a patient, if it is the open one or has a draft.
    pub(super) fn name_of(&self, patient: Option<PatientId>) -> Option<String> {
        let patient = patient?;
        let open = self.chart.as_ref().filter(|it| it.patient == patient);
        let person = open.and_then(|it| it.identity.person.as_ref());
        let mut drafts = self.unfinished.iter();
        person.map(Person::shown_name).or_else(|| {
            let known = drafts.find(|it| it.key.patient == Some(patient));
            known.and_then(|it| it.whose.clone())
        })
    }

    /// The category under which what is written in the open chart is closed. One that the
    /// person may not open any more stays: what is saved so is refused, and never open.
    pub fn closing(&self) -> Option<Category> {
        let open = self.chart.as_deref().map(|it| it.patient)?;
        self.closing_of(open)
    }

    /// The category under which what is written in a patient's chart is closed.
    pub(super) fn closing_of(&self, patient: PatientId) -> Option<Category> {
        let (of, category) = self.closing?;
        (of == patient).then_some(category)
    }

    /// Closes what is written in the open chart under this category, as a draft that is taken
    /// up was.
    pub(super) fn close_as(&mut self, category: Category) {
        if let Some(chart) = &self.chart {
            self.closing = Some((chart.patient, category));
        }
    }

    /// Closes what is written in the open chart under the next category, after the last of
    /// them under none; what is to be said of it. None where the person can close nothing,
    /// and nothing is closed.
    pub(super) fn close_next(&mut self) -> Option<Said> {
        let now = self.closing();
        let chart = self
            .chart
            .as_deref()
            .filter(|it| now.is_some() || !it.may_close.is_empty())?;
        let mut all = chart.may_close.iter().copied();
        let next = match now {
            None => all.next(),
            Some(now) => all.skip_while(|it| *it != now).nth(1),
        };
        self.closing = next.map(|it| (chart.patient, it));
        Some(match next {
            Some(category) => {
                let what = category.shown().into();
                Said::with("closed-said-closed", [("category", what)])
            }
            None => Said::line("closed-said-open"),
        })
    }

    /// What is typed and not saved on the screen in front.
    pub(super) fn draft_in_front(&self) -> Option<(draft::Key, Body)> {
        let draft = self.front().and_then(Screen::draft);
        draft.filter(|(_, body)| !body.0.is_empty())
    }

    /// The draft that is written on the screen in front.
    pub(super) fn written_in_front(&self) -> Option<draft::Key> {
        self.draft_in_front().map(|(key, _)| key)
    }

    /// What lies unfinished of the open patient and is not in front: what of it was kept
    /// last.
    pub fn left_unfinished(&self) -> Option<&Unfinished> {
        let open = self.chart.as_ref().map(|it| it.patient)?;
        let here = self.written_in_front();
        let mut unfinished = self.unfinished.iter();
        unfinished.find(|it| it.key.patient == Some(open) && Some(it.key) != here)
    }

    /// The search is left behind, as when the machine locks.
    pub(super) fn search_left(&mut self) -> Vec<Step> {
        let searches = self.screens_mut().filter_map(Screen::as_find);
        searches.flat_map(find::State::over).collect()
    }

    /// A pairing is left behind, as when the machine locks.
    pub(super) fn pairing_left(&mut self) -> Vec<Step> {
        let left = |screen: &mut Screen| {
            if let Screen::Invite(state) = screen {
                state.leave()
            } else if let Some(state) = screen.as_meet() {
                state.leave()
            } else {
                Vec::new()
            }
        };
        self.screens_mut().flat_map(left).collect()
    }

    /// Until when the machine stays unlocked without a key.
    pub(super) fn awake_until(&self) -> Option<Timestamp> {
        match self.front() {
            Some(Screen::Invite(state)) => state.awake_until(),
            Some(Screen::Beyond(beyond::State::Meet(state))) => state.awake_until(),
            Some(_) | None => None,
        }
    }

    /// The chart that the banner shows: with all that came in.
    pub fn banner(&self) -> Option<&Chart> {
        self.chart_in_front().and_then(|_| self.newest())
    }

    /// Whose chart the screen in front is about. The search and the registration are about
    /// others; only who has no tab for the chart sees there who is open, while that one is
    /// selected.
    pub fn chart_in_front(&self) -> Option<&Chart> {
        let chart = self.chart.as_deref()?;
        let about = match (self.at, self.front()) {
            (Tab::Chart, _) | (Tab::Find, Some(Screen::Details(_))) => true,
            (Tab::Find, Some(Screen::Find(find))) => {
                let chosen = find.chosen().map(|it| it.row.patient);
                !Tab::Chart.is_for(self.who.role) && chosen == Some(chart.patient)
            }
            (Tab::Find | Tab::Sync, _) => false,
        };
        about.then_some(chart)
    }

    /// The tabs that the person may have, and that lead somewhere now.
    pub fn tabs_now(&self) -> impl Iterator<Item = Tab> {
        Tab::ALL.into_iter().filter(|tab| self.has(*tab))
    }

    /// Whether a tab leads somewhere now.
    pub fn has(&self, tab: Tab) -> bool {
        tab.is_for(self.who.role) && (!tab.needs_patient() || self.chart.is_some())
    }

    /// What stays while the machine is locked.
    pub fn kept(&self) -> Kept {
        let places = |screens: &Vec<Screen>| {
            let places = screens.iter().map(Screen::place);
            places.filter(Place::comes_back).collect()
        };
        Kept {
            at: self.at,
            tabs: self
                .tabs
                .iter()
                .map(|(tab, it)| (*tab, places(it)))
                .collect(),
            patient: self.chart.as_ref().map(|it| it.patient),
            closing: self.closing,
        }
    }
}
