//! The lists of records of the open chart. All of them are a [`Sheet`]; each adds what is
//! its own.

use super::{
    Cx, Page, Place, Press, Sheet, Step, allergies, beyond, compare, consents,
    draft::{self, Body},
    drugs, history, icd, immunizations,
    keymap::Context,
    notice::{Notice, Said, Trouble},
    problems,
};
use crate::{chart::Chart, ids::RecordId, time::Moment};

/// Which list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum List {
    /// Allergies.
    Allergies,
    /// Problems.
    Problems,
    /// Drugs.
    Drugs,
    /// Vaccines.
    Immunizations,
    /// Consent and sharing.
    Consents,
    /// Who changed what.
    History,
}

/// A list that is open.
#[derive(Debug)]
pub enum State {
    /// Allergies.
    Allergies(allergies::State),
    /// Problems.
    Problems(problems::State),
    /// Drugs.
    Drugs(Box<drugs::State>),
    /// Vaccines.
    Immunizations(immunizations::State),
    /// Consent and sharing.
    Consents(consents::State),
    /// Who changed what.
    History(history::State),
}

/// What a key may ask of a list, besides what every screen understands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Action {
    /// The selected record was entered in error.
    InError,
    /// The patient was asked for allergies and named none.
    NoneKnown,
    /// The selected allergy no longer counts, or counts again.
    Standing,
    /// The selected problem is over, or there again.
    Over,
    /// A vaccine was not given.
    NotGiven,
    /// Of the drugs.
    Drug(drugs::Action),
    /// Of the consents.
    Consent(consents::Action),
    /// The values of the selected record's facts that were set apart.
    Compare,
    /// From the filter back to the list.
    ToList,
}

impl Action {
    /// Whether it does something to the selected row.
    pub const fn is_about_row(self) -> bool {
        match self {
            Self::InError | Self::Standing | Self::Over | Self::Compare => true,
            Self::Drug(action) => action.is_about_row(),
            Self::Consent(action) => !matches!(action, consents::Action::Refuse),
            Self::NoneKnown | Self::NotGiven | Self::ToList => false,
        }
    }
}

impl List {
    /// The page of the chart that it is.
    pub const fn page(self) -> Page {
        match self {
            Self::Allergies => Page::Allergies,
            Self::Problems => Page::Problems,
            Self::Drugs => Page::Drugs,
            Self::Immunizations => Page::Immunizations,
            Self::Consents => Page::Consents,
            Self::History => Page::History,
        }
    }

    /// The kind of draft that is written there.
    pub const fn drafts(self) -> Option<draft::Kind> {
        match self {
            Self::Allergies => Some(draft::Kind::Allergy),
            Self::Problems => Some(draft::Kind::Problem),
            Self::Drugs => Some(draft::Kind::Drug),
            Self::Immunizations => Some(draft::Kind::Immunization),
            Self::Consents => Some(draft::Kind::Consent),
            Self::History => None,
        }
    }
}

impl State {
    /// Opens a list, and asks whether a draft is kept.
    pub fn open(list: List, cx: &mut Cx<'_>) -> (Self, Vec<Step>) {
        match list {
            List::Allergies => {
                let (state, steps) = allergies::State::open(cx);
                (Self::Allergies(state), steps)
            }
            List::Problems => {
                let (state, steps) = problems::State::open(cx);
                (Self::Problems(state), steps)
            }
            List::Drugs => {
                let (state, steps) = drugs::State::open(cx);
                (Self::Drugs(Box::new(state)), steps)
            }
            List::Immunizations => {
                let (state, steps) = immunizations::State::open(cx);
                (Self::Immunizations(state), steps)
            }
            List::Consents => {
                let (state, steps) = consents::State::open(cx);
                (Self::Consents(state), steps)
            }
            List::History => {
                let (state, steps) = history::State::open(cx);
                (Self::History(state), steps)
            }
        }
    }

    /// Opens the drugs with this entry open, or with a new prescription.
    pub fn open_drug(record: Option<RecordId>, cx: &mut Cx<'_>) -> (Self, Vec<Step>) {
        let (state, steps) = drugs::State::open_at(record, cx);
        (Self::Drugs(Box::new(state)), steps)
    }

    /// Selects a record of the list.
    pub fn select(&mut self, record: RecordId, cx: &Cx<'_>) {
        let Some(chart) = cx.chart else { return };
        let record = Some(record);
        match self {
            Self::Allergies(state) => {
                let rows = allergies::rows(chart);
                state.sheet.select(record, rows.iter().map(|it| &it.entry));
            }
            Self::Problems(state) => {
                let rows = problems::rows(chart);
                state.sheet.select(record, rows.iter().map(|it| &it.entry));
            }
            Self::Immunizations(state) => {
                let rows = immunizations::rows(chart);
                state.sheet.select(record, rows.iter().map(|it| &it.entry));
            }
            Self::Consents(state) => {
                let rows = consents::rows(chart);
                state.sheet.select(record, rows.iter().map(|it| &it.entry));
            }
            Self::Drugs(state) => {
                let rows = drugs::rows(chart);
                state.sheet.select(record, rows.iter().map(|it| &it.entry));
            }
            Self::History(_) => {}
        }
    }

    /// The selected record of the list.
    fn selected(&self, chart: &Chart) -> Option<RecordId> {
        let at = self.sheet()?.selected.0;
        let entry = match self {
            Self::Allergies(_) => &allergies::rows(chart).get(at)?.entry,
            Self::Problems(_) => &problems::rows(chart).get(at)?.entry,
            Self::Drugs(_) => &drugs::rows(chart).get(at)?.entry,
            Self::Immunizations(_) => &immunizations::rows(chart).get(at)?.entry,
            Self::Consents(_) => &consents::rows(chart).get(at)?.entry,
            Self::History(_) => return None,
        };
        Some(entry.id)
    }

    /// Whether the list is in front and holds nothing that could be selected.
    pub fn is_empty(&self, chart: &Chart) -> bool {
        let listed = match self {
            Self::Allergies(_) => allergies::rows(chart).len(),
            Self::Problems(_) => problems::rows(chart).len(),
            Self::Drugs(_) => drugs::rows(chart).len(),
            Self::Immunizations(_) => immunizations::rows(chart).len(),
            Self::Consents(_) => consents::rows(chart).len(),
            Self::History(_) => return false,
        };
        listed == 0 && self.sheet().is_none_or(|it| it.writing.is_none())
    }

    /// Which list it is.
    pub const fn list(&self) -> List {
        match self {
            Self::Allergies(_) => List::Allergies,
            Self::Problems(_) => List::Problems,
            Self::Drugs(_) => List::Drugs,
            Self::Immunizations(_) => List::Immunizations,
            Self::Consents(_) => List::Consents,
            Self::History(_) => List::History,
        }
    }

    /// What the lists share of which records are written.
    pub const fn sheet(&self) -> Option<&Sheet> {
        match self {
            Self::Allergies(state) => Some(&state.sheet),
            Self::Problems(state) => Some(&state.sheet),
            Self::Drugs(state) => Some(&state.sheet),
            Self::Immunizations(state) => Some(&state.sheet),
            Self::Consents(state) => Some(&state.sheet),
            Self::History(_) => None,
        }
    }

    /// Where keys mean something.
    pub const fn contexts(&self) -> &'static [Context] {
        match self {
            Self::Allergies(state) => state.contexts(),
            Self::Problems(state) => state.contexts(),
            Self::Drugs(state) => state.contexts(),
            Self::Immunizations(state) => state.contexts(),
            Self::Consents(state) => state.contexts(),
            Self::History(state) => state.contexts(),
        }
    }

    /// What is typed and not saved, and where that draft belongs.
    pub fn draft(&self) -> Option<(draft::Key, Body)> {
        self.sheet().map(Sheet::draft)
    }

    /// Does what a key asks of any screen.
    pub fn press(&mut self, press: &Press, cx: &mut Cx<'_>) -> Vec<Step> {
        match self {
            Self::Allergies(state) => state.press(press, cx),
            Self::Problems(state) => state.press(press, cx),
            Self::Drugs(state) => state.press(press, cx),
            Self::Immunizations(state) => state.press(press, cx),
            Self::Consents(state) => state.press(press, cx),
            Self::History(state) => state.press(press, cx),
        }
    }

    /// Does what a key of the list asks.
    pub fn act(&mut self, action: Action, cx: &mut Cx<'_>) -> Vec<Step> {
        if action == Action::Compare {
            let selected = cx.chart.and_then(|it| self.selected(it));
            return compare_of(selected, cx);
        }
        match self {
            Self::Allergies(state) => state.act(action, cx),
            Self::Problems(state) => state.act(action, cx),
            Self::Drugs(state) => state.act(action, cx),
            Self::Immunizations(state) => state.act(action, cx),
            Self::Consents(state) => state.act(action, cx),
            Self::History(state) => state.act(action),
        }
    }

    /// Takes up a kept draft.
    pub fn draft_loaded(
        &mut self,
        request: u32,
        found: (Body, Moment),
        cx: &Cx<'_>,
    ) -> Vec<Step> {
        if let Self::Consents(state) = self {
            return state.draft_loaded(request, found, cx);
        }
        self.sheet_mut()
            .map_or_else(Vec::new, |it| it.draft_loaded(request, found, cx))
    }

    /// Takes an answer about what leaves the clinic.
    pub fn beyond(&mut self, answer: &beyond::Answer, cx: &mut Cx<'_>) -> Vec<Step> {
        if let Self::Consents(state) = self {
            state.beyond(answer, cx)
        } else {
            Vec::new()
        }
    }

    /// Takes the decision about a draft, or about what is hard to reverse.
    pub fn decided(&mut self, other: bool, cx: &mut Cx<'_>) -> Vec<Step> {
        if let Self::Consents(state) = self {
            return state.decided(other, cx);
        }
        self.sheet_mut()
            .map_or_else(Vec::new, |it| it.decided(other, cx))
    }

    /// Is told how a save went.
    pub fn saved(
        &mut self,
        request: u32,
        outcome: Result<(), Trouble>,
        cx: &mut Cx<'_>,
    ) -> Vec<Step> {
        match self {
            Self::Allergies(state) => state.saved(request, outcome, cx),
            Self::Problems(state) => state.saved(request, outcome, cx),
            Self::Drugs(state) => state.saved(request, outcome, cx),
            Self::Immunizations(state) => state.saved(request, outcome, cx),
            Self::Consents(state) => state.saved(request, outcome, cx),
            Self::History(_) => Vec::new(),
        }
    }

    /// Is given diagnoses that it asked for.
    pub fn icd_found(&mut self, answer: &icd::Answer, cx: &mut Cx<'_>) -> Vec<Step> {
        match self {
            Self::Problems(state) => state.icd_found(answer, cx),
            Self::Allergies(_)
            | Self::Drugs(_)
            | Self::Immunizations(_)
            | Self::Consents(_)
            | Self::History(_) => Vec::new(),
        }
    }

    /// Is given the past of the chart, where it asked for that.
    pub fn past_loaded(&mut self, answer: &history::Answer, cx: &Cx<'_>) -> Vec<Step> {
        match self {
            Self::Drugs(state) => state.past_loaded(answer, cx),
            Self::History(state) => state.answered(answer, cx),
            Self::Allergies(_)
            | Self::Problems(_)
            | Self::Immunizations(_)
            | Self::Consents(_) => Vec::new(),
        }
    }

    /// The same, to change.
    pub(super) const fn sheet_mut(&mut self) -> Option<&mut Sheet> {
        match self {
            Self::Allergies(state) => Some(&mut state.sheet),
            Self::Problems(state) => Some(&mut state.sheet),
            Self::Drugs(state) => Some(&mut state.sheet),
            Self::Immunizations(state) => Some(&mut state.sheet),
            Self::Consents(state) => Some(&mut state.sheet),
            Self::History(_) => None,
        }
    }
}

/// Opens the comparison of a record's facts, if any were set apart.
pub fn compare_of(record: Option<RecordId>, cx: &Cx<'_>) -> Vec<Step> {
    let apart = record.filter(|id| cx.chart.is_some_and(|it| it.waits(*id)));
    match apart {
        Some(_) => vec![Step::Open(Place::Compare(compare::Of {
            patient: None,
            record: apart,
        }))],
        None => vec![Step::Say(Notice::plain(Said::line("compare-nothing-here")))],
    }
}
