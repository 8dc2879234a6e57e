//! What came in from another machine for the chart that is open. Where nothing moves by it,
//! it is shown at once; rows that would move wait until the person asks for them, and a
//! record that is being written until it is saved or left. The banner and the safety checks
//! have the newest at once.

use super::{
    Desk, Screen, Tab, allergies, consents, drugs, immunizations, notes, problems,
    records::{self, List},
    summary::Pane,
};
use crate::{
    chart::{Chart, Observation},
    ids::RecordId,
};

impl Desk {
    /// The open chart is another since something came in; `by` is the machine that changed
    /// what is being written. Says whether something changed in what is looked at.
    pub(super) fn came(&mut self, chart: Box<Chart>, by: Option<String>) -> bool {
        let open = self.chart.as_deref();
        let open = open.filter(|it| it.patient == chart.patient && **it != *chart);
        let Some(open) = open else {
            self.newer = None;
            return false;
        };
        let writes = |it: &&mut Screen| {
            let written = it.written(open);
            written.is_some_and(|it| open.record(it) != chart.record(it))
        };
        let mut is_written = false;
        let screens = self.tabs.values_mut().flatten();
        for screen in screens.filter(|it| writes(it)) {
            is_written = true;
            screen.also_changed(by.clone().unwrap_or_default());
        }
        let front = self.front().filter(|_| self.at == Tab::Chart);
        let moves = front.is_some_and(|it| !it.holds_still(open, &chart));
        self.newer = Some(chart);
        if is_written || moves {
            return false;
        }
        self.show_newer();
        self.front().is_some_and(|it| it.page().is_some())
    }

    /// The record of the open chart that is being changed.
    pub(super) fn written(&self) -> Option<RecordId> {
        let open = self.chart.as_deref()?;
        let mut screens = self.tabs.values().flatten();
        screens.find_map(|it| it.written(open))
    }

    /// Whether what came in waits for the person, on a page that is only read.
    pub fn has_newer(&self) -> bool {
        let front = self.front().filter(|it| it.page().is_some());
        self.newer.is_some() && front.is_some_and(Screen::draft_is_empty)
    }

    /// Shows the open chart with what came in; what was selected stays selected.
    pub(super) fn show_newer(&mut self) {
        let Some(newer) = self.newer.take() else {
            return;
        };
        let Some(older) = self.chart.replace(newer) else {
            return;
        };
        let Some(newer) = self.chart.take() else {
            return;
        };
        let screens = self.tabs.get_mut(&Tab::Chart).into_iter().flatten();
        for screen in screens {
            if let Screen::Records(list) = screen {
                list.reselect(&older, &newer);
            }
        }
        self.chart = Some(newer);
    }

    /// The open chart with all that came in: what the banner and the safety checks read.
    pub fn newest(&self) -> Option<&Chart> {
        self.newer.as_deref().or(self.chart.as_deref())
    }
}

impl Screen {
    /// The record of the chart that is being changed here.
    fn written(&self, chart: &Chart) -> Option<RecordId> {
        match self {
            Self::Records(list) => list.sheet()?.writing.as_ref()?.task.record,
            Self::Details(state) => state.sheet.writing.as_ref()?.task.record,
            Self::Note(note) => note.continued(chart),
            Self::Find(_)
            | Self::Register(_)
            | Self::Summary(_)
            | Self::Vitals(_)
            | Self::Notes(_)
            | Self::Sync(_)
            | Self::Invite(_)
            | Self::Bundle(_)
            | Self::Apart(_)
            | Self::Glass(_)
            | Self::Beyond(_) => None,
        }
    }

    /// Says that this machine changed, too, what is being written.
    fn also_changed(&mut self, by: String) {
        let sheet = if let Self::Records(list) = self {
            list.sheet_mut()
        } else if let Self::Details(state) = self {
            Some(&mut state.sheet)
        } else {
            None
        };
        if let Some(sheet) = sheet {
            sheet.also = Some(by);
        }
    }

    /// Whether no form is open over it.
    fn draft_is_empty(&self) -> bool {
        match self {
            Self::Records(list) => list.sheet().is_none_or(|it| it.writing.is_none()),
            Self::Vitals(state) => state.in_table,
            Self::Summary(_) | Self::Notes(_) => true,
            Self::Find(_)
            | Self::Register(_)
            | Self::Details(_)
            | Self::Note(_)
            | Self::Sync(_)
            | Self::Invite(_)
            | Self::Bundle(_)
            | Self::Apart(_)
            | Self::Glass(_)
            | Self::Beyond(_) => false,
        }
    }

    /// Whether every row stays in its place.
    fn holds_still(&self, old: &Chart, new: &Chart) -> bool {
        match self {
            Self::Summary(_) => Pane::ALL
                .into_iter()
                .all(|it| it.names(old) == it.names(new)),
            Self::Vitals(_) => measured(old).eq(measured(new)),
            Self::Notes(state) if state.reading.is_some() => old.visits == new.visits,
            Self::Notes(_) => {
                let ids =
                    |chart| notes::entries(chart).iter().map(notes::Entry::id).collect();
                let (old, new): (Vec<_>, Vec<_>) = (ids(old), ids(new));
                old == new
            }
            Self::Records(list) => rows(list.list(), old) == rows(list.list(), new),
            Self::Find(_)
            | Self::Register(_)
            | Self::Details(_)
            | Self::Note(_)
            | Self::Sync(_)
            | Self::Invite(_)
            | Self::Bundle(_)
            | Self::Apart(_)
            | Self::Glass(_)
            | Self::Beyond(_) => true,
        }
    }
}

impl records::State {
    /// Selects in the newer chart the record that is selected in the older one.
    fn reselect(&mut self, older: &Chart, newer: &Chart) {
        let list = self.list();
        let Some(sheet) = self.sheet_mut() else {
            return;
        };
        let selected = rows(list, older).get(sheet.selected.0).copied();
        let place = rows(list, newer)
            .iter()
            .position(|it| Some(*it) == selected);
        sheet.selected.0 = place.unwrap_or(sheet.selected.0);
    }
}

/// The records of a list, in its order.
fn rows(list: List, chart: &Chart) -> Vec<RecordId> {
    match list {
        List::Allergies => ids(allergies::rows(chart), |it| it.entry.id),
        List::Problems => ids(problems::rows(chart), |it| it.entry.id),
        List::Drugs => ids(drugs::rows(chart), |it| it.entry.id),
        List::Immunizations => ids(immunizations::rows(chart), |it| it.entry.id),
        List::Consents => ids(consents::rows(chart), |it| it.entry.id),
        // It shows what it was told, not the chart.
        List::History => Vec::new(),
    }
}

fn ids<T>(rows: Vec<&T>, id: impl Fn(&T) -> RecordId) -> Vec<RecordId> {
    rows.into_iter().map(id).collect()
}

/// What was measured, in the order of the table.
fn measured(chart: &Chart) -> impl Iterator<Item = RecordId> {
    let all = chart.visits.iter().flat_map(|it| &it.observations);
    all.map(|it: &Observation| it.entry.id)
}
