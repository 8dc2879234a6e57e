//! Records of a closed document beside those that are open to all of the clinic's care.

use std::{collections::BTreeSet, mem};

use crate::{
    chart::{Closed, Disagreement, Note, Record},
    doc::View,
    ids::RecordId,
};

impl View {
    /// Takes out of a closed document what would stand here if it were not closed.
    pub fn take_closed(&mut self, closed: &mut Closed) {
        let part = self.part();
        let records = mem::take(&mut closed.records).into_iter();
        let (own, others) = records.partition(|it: &Record| it.open_part() == part);
        closed.records = others;
        let own: Vec<Record> = own;
        if own.is_empty() {
            return;
        }
        let ids: BTreeSet<RecordId> = own.iter().map(|it| it.entry().id).collect();
        let versions = mem::take(&mut closed.versions).into_iter();
        let is_own = |it: &Disagreement| ids.contains(&it.record);
        let (own_versions, versions): (Vec<_>, _) = versions.partition(is_own);
        closed.versions = versions;
        self.versions_mut().extend(own_versions);
        if let Self::Summary(summary) = self {
            let feared = &mut closed.feared;
            summary.feared.medications.append(&mut feared.medications);
            summary.feared.unconfirmed.append(&mut feared.unconfirmed);
        }
        for record in own {
            self.take(record);
        }
        self.sort();
    }

    /// The notes in it.
    pub fn notes_mut(&mut self) -> Vec<&mut Note> {
        match self {
            Self::Visits(it) => it.notes.iter_mut().collect(),
            Self::Restricted(it) => {
                let notes = it.records.iter_mut().filter_map(|it| {
                    if let Record::Note(note) = it {
                        Some(note)
                    } else {
                        None
                    }
                });
                notes.collect()
            }
            Self::Identity(_)
            | Self::Summary(_)
            | Self::Results(_)
            | Self::Site(_)
            | Self::Consents(_)
            | Self::Inbox(_) => Vec::new(),
        }
    }
}
