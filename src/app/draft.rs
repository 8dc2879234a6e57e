//! Drafts: what was typed and not yet saved, kept sealed under its author's key so that a
//! power cut or a lost line loses at most the last second.

use std::fmt;

use super::{
    Key as Pressed, Page, Place, Tab, find::Text, note::Task, notice::Trouble,
    records::List,
};
use crate::{
    chart::Category,
    ids::{PatientId, RecordId},
    say::Say,
    time::Moment,
};

/// Where a draft belongs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Key {
    /// What it is a draft of.
    pub kind: Kind,
    /// Whose chart it is for; none when it is not for a chart.
    pub patient: Option<PatientId>,
}

/// What a draft is of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// A patient who is being registered.
    Registration,
    /// A line of vital signs.
    Vitals,
    /// A note.
    Note,
    /// An addendum to a note.
    Addendum,
    /// An allergy.
    Allergy,
    /// A problem.
    Problem,
    /// A vaccine.
    Immunization,
    /// A drug.
    Drug,
    /// Who a patient is.
    Details,
    /// A consent.
    Consent,
}

/// A draft that is kept, without what it says.
#[derive(Clone, PartialEq, Eq)]
pub struct Unfinished {
    /// Where it belongs.
    pub key: Key,
    /// When it was kept last.
    pub kept: Moment,
    /// The patient's name; none of a new patient, and none while the machine is locked.
    pub whose: Option<String>,
}

/// What a draft says, as its screen writes and reads it.
#[derive(Clone, PartialEq, Eq)]
pub struct Body(pub String);

/// What stands before the category of what is closed, in the first line of its draft.
const CLOSED: &str = "category";

/// What the screens ask of the shell about drafts.
#[derive(Debug)]
pub enum Effect {
    /// Keep this draft, in place of the one before.
    Save {
        /// Where it belongs.
        key: Key,
        /// What it says.
        body: Body,
    },
    /// Fetch the draft that belongs here.
    Load {
        /// The request's number.
        request: u32,
        /// Where it belongs.
        key: Key,
    },
    /// Forget the draft that belongs here.
    Drop(Key),
}

/// What the shell answers.
#[derive(Debug)]
pub enum Answer {
    /// A draft was kept.
    Saved,
    /// The draft that belongs there, if there is one.
    Loaded {
        /// The request's number.
        request: u32,
        /// What it says, and when it was kept.
        found: Option<(Body, Moment)>,
    },
    /// A draft could not be kept.
    NotSaved(Trouble),
}

impl Kind {
    /// Every kind of draft.
    pub const ALL: [Self; 10] = [
        Self::Registration,
        Self::Vitals,
        Self::Note,
        Self::Addendum,
        Self::Allergy,
        Self::Problem,
        Self::Immunization,
        Self::Drug,
        Self::Details,
        Self::Consent,
    ];

    /// The kind's name in the store.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Registration => "registration",
            Self::Vitals => "vitals",
            Self::Note => "note",
            Self::Addendum => "addendum",
            Self::Allergy => "allergy",
            Self::Problem => "problem",
            Self::Immunization => "immunization",
            Self::Drug => "drug",
            Self::Details => "details",
            Self::Consent => "consent",
        }
    }

    /// The kind with this name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|it| it.name() == name)
    }

    /// The sentence that names it on the lock screen, without the patient.
    pub const fn says(self) -> &'static str {
        match self {
            Self::Registration => "draft-registration",
            Self::Vitals => "draft-vitals",
            Self::Note => "draft-note",
            Self::Addendum => "draft-addendum",
            Self::Allergy => "draft-allergy",
            Self::Problem => "draft-problem",
            Self::Immunization => "draft-immunization",
            Self::Drug => "draft-drug",
            Self::Details => "draft-details",
            Self::Consent => "draft-consent",
        }
    }

    /// The screen on which it is written.
    pub const fn place(self) -> Place {
        match self {
            Self::Registration => Place::Register(Text(String::new())),
            Self::Vitals => Place::Vitals(None),
            Self::Note => Place::Note(Task::Today),
            // The draft itself says to which note it adds.
            Self::Addendum => Place::Note(Task::AddTo(RecordId::ZERO)),
            Self::Allergy => Place::Records(List::Allergies),
            Self::Problem => Place::Records(List::Problems),
            Self::Immunization => Place::Records(List::Immunizations),
            Self::Drug => Place::Records(List::Drugs),
            Self::Details => Place::Details(Tab::Find),
            Self::Consent => Place::Records(List::Consents),
        }
    }

    /// The key that goes on with it in the chart to which it belongs.
    pub const fn goes_on(self) -> Pressed {
        match self {
            Self::Registration => Pressed::Ctrl('n'),
            Self::Vitals => Pressed::F(7),
            Self::Note => Pressed::F(8),
            Self::Addendum | Self::Details => Pressed::Ctrl('o'),
            Self::Allergy => Pressed::Char(Page::Allergies.letter()),
            Self::Problem => Pressed::Char(Page::Problems.letter()),
            Self::Immunization => Pressed::Char(Page::Immunizations.letter()),
            Self::Drug => Pressed::Char(Page::Drugs.letter()),
            Self::Consent => Pressed::Char(Page::Consents.letter()),
        }
    }
}

impl Unfinished {
    /// What it is, and whose.
    pub fn what(&self, say: &Say) -> String {
        let what = say.line(self.key.kind.says());
        match &self.whose {
            Some(whose) => {
                let args = [("what", what.into()), ("whose", whose.clone().into())];
                say.with("draft-whose", &args)
            }
            None => what,
        }
    }
}

impl fmt::Debug for Unfinished {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Unfinished({:?}, {:?})", self.key, self.kept)
    }
}

impl Body {
    /// Names and texts, one to a line.
    pub fn of_fields<'a>(fields: impl Iterator<Item = (&'a str, &'a str)>) -> Self {
        let lines = fields.map(|(name, text)| format!("{name}\t{text}\n"));
        Self(lines.collect())
    }

    /// The same, closed under a category.
    pub(super) fn closed(self, category: Category) -> Self {
        let category = category.word();
        Self(format!("{CLOSED}\t{category}\n{}", self.0))
    }

    /// What it says, and under which category it is closed.
    pub(super) fn opened(self) -> (Self, Option<Category>) {
        let first = self.0.split_once('\n').and_then(|(line, rest)| {
            let (name, word) = line.split_once('\t')?;
            let category = Category::new(word).filter(|_| name == CLOSED)?;
            Some((Self(rest.to_owned()), category))
        });
        match first {
            Some((rest, category)) => (rest, Some(category)),
            None => (self, None),
        }
    }

    /// The names and texts again.
    pub fn fields(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.lines().filter_map(|line| line.split_once('\t'))
    }
}

impl fmt::Debug for Body {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Body(…)")
    }
}
