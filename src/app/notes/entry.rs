//! The entries of the list of visits.

use std::{cmp::Reverse, collections::BTreeSet};

use super::notes;
use crate::{
    chart::{self, Chart, Disagreement, Kind, Note, Origin, Visit, VisitStatus},
    ids::RecordId,
    time::When,
};

/// A visit, or a note that belongs to none.
#[derive(Debug, Clone, Copy)]
pub enum Entry<'a> {
    /// A visit with its notes.
    Visit(&'a Visit),
    /// A note that belongs to no visit of the chart.
    Loose(&'a Note),
}

/// What must not be overlooked of a visit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Standing {
    /// A text was changed after it was signed.
    Changed,
    /// A note waits to be signed.
    NotSigned,
    /// The visit goes on.
    GoesOn,
    /// It was written elsewhere.
    Imported,
    /// Nothing of all that.
    InOrder,
}

/// The field under which a later text of a signed note is a version of it.
const TEXT: &str = "sec";

/// The visits of a chart and the notes that belong to none, the newest first.
pub fn entries(chart: &Chart) -> Vec<Entry<'_>> {
    let visits = chart.visits.iter().flat_map(|it| &it.visits);
    let standing = visits.filter(|it| !it.entry.in_error);
    let mut all: Vec<Entry<'_>> = standing.map(Entry::Visit).collect();
    let mut known: BTreeSet<RecordId> = all.iter().map(Entry::id).collect();
    known.extend(notes(chart).map(|it| it.entry.id));
    let belongs = |it: &&Note| {
        let to = it.visit.into_iter().chain(it.adds_to);
        to.into_iter().any(|it| known.contains(&it))
    };
    let loose = notes(chart).filter(|it| !belongs(it));
    all.extend(loose.map(Entry::Loose));
    all.sort_by_key(|it| Reverse(it.when().sort_key()));
    all
}

impl<'a> Entry<'a> {
    /// The id of the visit, or of the note.
    pub fn id(&self) -> RecordId {
        self.entry().id
    }

    /// What every record has.
    pub const fn entry(&self) -> &'a chart::Entry {
        match self {
            Self::Visit(it) => &it.entry,
            Self::Loose(it) => &it.entry,
        }
    }

    /// When it was.
    pub fn when(&self) -> When {
        let start = match self {
            Self::Visit(it) => it.start,
            Self::Loose(_) => None,
        };
        start.unwrap_or(When::At(self.entry().recorded))
    }

    /// What it was about, in a line: the reason, else what was found to be the matter.
    pub fn reason(&self) -> &'a str {
        match self {
            Self::Visit(it) if it.reason.is_empty() => {
                it.diagnoses.first().map_or("", |it| &it.text)
            }
            Self::Visit(it) => &it.reason.text,
            Self::Loose(it) => &it.title,
        }
    }

    /// Who saw the patient, or where; empty when neither is known.
    pub fn who(&self) -> &'a str {
        match self {
            Self::Visit(it) if it.practitioner.is_empty() => &it.place,
            Self::Visit(it) => &it.practitioner,
            Self::Loose(_) => author(self.entry()).unwrap_or_default(),
        }
    }

    /// Its notes, the oldest first, addenda behind all others.
    pub fn notes(&self, chart: &'a Chart) -> Vec<&'a Note> {
        let own = |it: &&Note| match self {
            Self::Visit(visit) => it.visit == Some(visit.entry.id),
            Self::Loose(note) => it.entry.id == note.entry.id,
        };
        let mut all: Vec<&Note> = notes(chart).filter(own).collect();
        let written: BTreeSet<RecordId> = all.iter().map(|it| it.entry.id).collect();
        all.extend(notes(chart).filter(|it| {
            let adds = it.adds_to.is_some_and(|to| written.contains(&to));
            adds && !written.contains(&it.entry.id)
        }));
        all.sort_by_key(|it| (it.adds_to.is_some(), it.entry.recorded.at));
        all
    }

    /// What must not be overlooked of it.
    pub fn standing(&self, chart: &Chart) -> Standing {
        let goes_on =
            matches!(self, Self::Visit(it) if it.status == VisitStatus::InProgress);
        let visit = if goes_on {
            Standing::GoesOn
        } else if author(self.entry()).is_some() {
            Standing::Imported
        } else {
            Standing::InOrder
        };
        let notes = self.notes(chart).into_iter().map(|note| {
            if unsigned_version(chart, note).is_some() {
                Standing::Changed
            } else if note.signed.is_none() && author(&note.entry).is_none() {
                Standing::NotSigned
            } else {
                Standing::InOrder
            }
        });
        notes.chain([visit]).min().unwrap_or(visit)
    }
}

/// Who wrote a record that came from elsewhere, as its source says; none of a record of this
/// clinic.
pub(super) const fn author(entry: &chart::Entry) -> Option<&str> {
    match &entry.origin {
        Origin::Own => None,
        Origin::Imported { author, .. } => Some(author.0.as_str()),
        Origin::Outside(it) => Some(it.maker.name.as_str()),
    }
}

/// The signed text of a note and the later one, where it was changed after it was signed.
pub(super) fn unsigned_version<'a>(
    chart: &'a Chart,
    note: &Note,
) -> Option<&'a Disagreement> {
    let mut versions = chart.visits.iter().flat_map(|it| &it.versions);
    versions.find(|it| {
        it.kind == Kind::Note && it.record == note.entry.id && it.field == TEXT
    })
}
