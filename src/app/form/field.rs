//! One field of a form.

use unicode_normalization::UnicodeNormalization as _;

use crate::{
    app::{Line, Move, Selected, Typed},
    chart::Coded,
    time::{PartialDate, parse_birth, parse_day},
};

/// The choices that a list shows at once.
const CHOICES_MAX: usize = 6;
/// The digits of a full date.
const DATE_DIGITS: usize = 8;

/// A field: its label, its text, and what the text may be.
#[derive(Debug, Clone)]
pub struct Field {
    /// The label's sentence; also the field's name in a draft.
    pub name: &'static str,
    /// The sentence of help for this field.
    pub help: &'static str,
    /// Whether the form cannot be finished without it.
    pub needed: bool,
    /// What may stand in it.
    pub kind: Kind,
    /// What was typed.
    pub line: Line,
    /// Where a filled-in text came from, until the person changes it.
    pub origin: Option<Origin>,
    /// The sentence that says what is wrong with the text.
    pub problem: Option<&'static str>,
    /// What the list offers, the likeliest first.
    pub picks: Vec<Pick>,
    /// What was taken from the list, as charts have it; none of text typed by hand.
    pub taken: Option<Coded>,
    /// Whether the text is a guess of the form's, which the first typed letter replaces.
    guessed: bool,
    list: Option<Selected>,
}

/// What may stand in a field.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Any text.
    Text,
    /// One of a few letters; goes on by itself.
    Letters(&'static [Letter]),
    /// A birth date or an age.
    Birth,
    /// A day, a month or a year that has come.
    Day,
    /// A day from today on, on which something ends.
    LastDay,
    /// A telephone number, or `-` for none.
    Phone,
    /// Text with a list that narrows while typing; other text is kept as it is.
    Listed,
    /// The same, with a list that the screen finds anew for what is typed.
    Found,
    /// A passphrase; not shown.
    Secret,
    /// So many digits; not shown; goes on by itself.
    Pin(usize),
}

/// A letter that a field takes, and the word that it stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Letter {
    /// The letter, small.
    pub letter: char,
    /// The sentence of its word.
    pub says: &'static str,
}

/// Where a filled-in text came from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Origin {
    /// The patient registered just before.
    LastPatient,
    /// What was typed into the search.
    Search,
    /// A draft.
    Draft,
    /// What comes next in a series.
    Series,
}

/// One choice of a list.
#[derive(Clone, PartialEq, Eq)]
pub struct Pick {
    /// What is put into the field.
    pub text: String,
    /// A remark beside it, such as how often it was chosen.
    pub beside: String,
    /// The same as charts have it, where it is more than text.
    pub coded: Option<Coded>,
}

impl Letter {
    /// A letter and the sentence of its word.
    pub const fn new(letter: char, says: &'static str) -> Self {
        Self { letter, says }
    }
}

impl Pick {
    /// Text and nothing more.
    pub const fn plain(text: String) -> Self {
        Self {
            text,
            beside: String::new(),
            coded: None,
        }
    }

    /// What charts have.
    pub fn of(coded: Coded) -> Self {
        Self {
            text: coded.text.clone(),
            beside: String::new(),
            coded: Some(coded),
        }
    }
}

impl Field {
    /// A field that must be filled.
    pub fn needed(name: &'static str, help: &'static str, kind: Kind) -> Self {
        Self {
            needed: true,
            ..Self::optional(name, help, kind)
        }
    }

    /// A field that can wait.
    pub fn optional(name: &'static str, help: &'static str, kind: Kind) -> Self {
        Self {
            name,
            help,
            needed: false,
            kind,
            line: Line::default(),
            origin: None,
            problem: None,
            picks: Vec::new(),
            taken: None,
            guessed: false,
            list: None,
        }
    }

    /// Whether what is typed must not be seen.
    pub const fn is_secret(&self) -> bool {
        matches!(self.kind, Kind::Secret | Kind::Pin(_))
    }

    /// The choices that fit what was typed, the likeliest first, when the list is open.
    pub fn choices(&self) -> Vec<&Pick> {
        if self.list.is_none() {
            return Vec::new();
        }
        self.fitting()
    }

    /// The selected row of the open list.
    pub const fn selected(&self) -> Option<usize> {
        match self.list {
            Some(selected) => Some(selected.0),
            None => None,
        }
    }

    /// Offers this list for what is typed, in place of the one before.
    pub fn offer(&mut self, picks: Vec<Pick>) {
        self.picks = picks;
        if self.list.is_some() {
            self.list = Some(Selected::default());
        }
    }

    /// What stands in the field, as charts have it: what was taken from the list, or the
    /// words as typed.
    pub fn coded(&self) -> Coded {
        let typed = || Coded::text(self.line.trimmed());
        self.taken.clone().unwrap_or_else(typed)
    }

    /// Puts in what is most often right; the first typed letter replaces it.
    pub fn guess(&mut self, text: &str) {
        self.line.set(text);
        self.guessed = true;
    }

    /// Puts in what a chart says.
    pub fn put(&mut self, coded: Coded) {
        self.line.set(&coded.text);
        self.taken = Some(coded).filter(|it| !it.is_empty());
    }

    /// Judges the text as it stands; the problem says what is wrong.
    pub fn check(&mut self, today: PartialDate) {
        let text = self.line.trimmed();
        self.problem = match self.kind {
            _ if text.is_empty() => self.needed.then_some("form-needed"),
            Kind::Birth => match parse_birth(text, today) {
                Ok(_) => None,
                Err(_) => Some("form-not-a-birth"),
            },
            Kind::Day => match parse_day(text, today) {
                Ok(day) if today.is_before(day) => Some("form-day-to-come"),
                Ok(_) => None,
                Err(_) => Some("form-not-a-day"),
            },
            Kind::LastDay => match parse_day(text, today) {
                Ok(day) if !day.is_exact() => Some("form-not-one-day"),
                Ok(day) if day.is_before(today) => Some("form-day-past"),
                Ok(_) => None,
                Err(_) => Some("form-not-one-day"),
            },
            Kind::Pin(digits) if text.chars().count() != digits => Some("form-pin-short"),
            Kind::Text
            | Kind::Letters(_)
            | Kind::Phone
            | Kind::Listed
            | Kind::Found
            | Kind::Secret
            | Kind::Pin(_) => None,
        };
    }

    pub(super) fn write(&mut self, typed: &Typed) -> bool {
        let guessed = std::mem::take(&mut self.guessed);
        if guessed && matches!(typed, Typed::Char(_) | Typed::Text(_)) {
            self.line.set("");
        }
        let changed = match (self.kind, typed) {
            (Kind::Letters(letters), Typed::Char(c)) => self.write_letter(letters, *c),
            (Kind::Pin(digits), Typed::Char(c)) => {
                let room = self.line.text().len() < digits;
                room && c.is_ascii_digit() && self.line.typed(typed)
            }
            (Kind::Letters(_) | Kind::Pin(_), Typed::Text(_)) => false,
            _ => self.line.typed(typed),
        };
        if changed {
            self.origin = None;
            self.problem = None;
            self.taken = None;
            let listed = matches!(self.kind, Kind::Listed | Kind::Found);
            self.list = (listed && !self.line.is_empty()).then(Selected::default);
        }
        changed
    }

    fn write_letter(&mut self, letters: &[Letter], typed: char) -> bool {
        let typed = typed.to_ascii_lowercase();
        if !letters.iter().any(|it| it.letter == typed) {
            self.problem = Some("form-one-of-the-letters");
            return false;
        }
        self.line.set(&typed.to_ascii_uppercase().to_string());
        true
    }

    /// Whether what was just typed completed the value.
    pub(super) fn cannot_grow(&self, typed: &Typed, today: PartialDate) -> bool {
        let text = self.line.text();
        match (self.kind, typed) {
            (Kind::Letters(_), Typed::Char(_)) => true,
            (Kind::Pin(digits), Typed::Char(_)) => text.len() == digits,
            (Kind::Birth | Kind::Day | Kind::LastDay, Typed::Char(c)) => {
                let digits = text.chars().filter(char::is_ascii_digit).count();
                let date = c.is_ascii_digit() && digits == DATE_DIGITS;
                date && parse_day(text, today).is_ok()
            }
            _ => false,
        }
    }

    /// Puts the selected choice of an open list into the field.
    pub fn take_top(&mut self) {
        let Some(selected) = self.list else { return };
        let choice = self.fitting().get(selected.0).copied().cloned();
        if let Some(choice) = choice {
            self.take(choice);
        }
        self.list = None;
    }

    /// Puts the first choice into the field, whether the list is open or not.
    pub fn take_first(&mut self) {
        if let Some(choice) = self.picks.first().cloned() {
            self.take(choice);
        }
        self.list = None;
    }

    /// Takes the choice that is typed in full.
    pub(super) fn take_same(&mut self) {
        let typed = folded(self.line.trimmed());
        let mut picks = self.picks.iter();
        let same = picks.find(|it| it.coded.is_some() && folded(&it.text) == typed);
        if let Some(choice) = same.filter(|_| self.taken.is_none()).cloned() {
            self.take(choice);
        }
    }

    fn take(&mut self, choice: Pick) {
        self.line.set(&choice.text);
        self.taken = choice.coded;
    }

    pub(super) fn open_list(&mut self) {
        if !self.fitting().is_empty() {
            self.list = Some(Selected::default());
        }
    }

    /// Closes the list; says whether it was open.
    pub(super) fn close_list(&mut self) -> bool {
        self.list.take().is_some()
    }

    pub(super) fn moved_in_list(&mut self, to: Move) -> bool {
        let total = self.fitting().len();
        let Some(selected) = self.list.as_mut().filter(|_| total > 0) else {
            return false;
        };
        selected.moved(to, total, CHOICES_MAX);
        true
    }

    fn fitting(&self) -> Vec<&Pick> {
        if self.kind == Kind::Found {
            return self.picks.iter().take(CHOICES_MAX).collect();
        }
        let typed = folded(self.line.trimmed());
        let starts = self
            .picks
            .iter()
            .filter(|it| folded(&it.text).starts_with(&typed));
        let holds = self.picks.iter().filter(|it| {
            let text = folded(&it.text);
            text.contains(&typed) && !text.starts_with(&typed)
        });
        starts.chain(holds).take(CHOICES_MAX).collect()
    }
}

impl std::fmt::Debug for Pick {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Pick(…)")
    }
}

/// Small letters without accents, so that `sao` finds `São`.
fn folded(text: &str) -> String {
    let letters = text
        .nfd()
        .filter(|it| !('\u{300}'..='\u{36f}').contains(it));
    letters.flat_map(char::to_lowercase).collect()
}
