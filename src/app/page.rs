//! The pages of the open chart. Each has its letter, and every page leads to every other.

use super::{
    Frame, Key, Place,
    keymap::{Action, Context, Row},
    records::List,
};
use crate::chart::who;

/// A page of the open chart.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Page {
    /// What is read first; it lies below every other page.
    Summary,
    /// Visits as they were, with their notes.
    Notes,
    /// Allergies.
    Allergies,
    /// Problems.
    Problems,
    /// Drugs.
    Drugs,
    /// Vaccines.
    Immunizations,
    /// Who changed what.
    History,
    /// Vital signs and their trends.
    Vitals,
    /// Consent and sharing.
    Consents,
}

/// The rows of the key table that lead from page to page.
pub const KEYS: &[Row] = &[
    row(&[Key::Char('s')], Page::Summary, "page-summary-help"),
    row(&[Key::Char('n')], Page::Notes, "page-notes-help"),
    row(&[Key::Char('a')], Page::Allergies, "page-allergies-help"),
    row(&[Key::Char('b')], Page::Problems, "page-problems-help"),
    row(&[Key::Char('d')], Page::Drugs, "page-drugs-help"),
    row(
        &[Key::Char('i')],
        Page::Immunizations,
        "page-immunizations-help",
    ),
    row(&[Key::Char('h')], Page::History, "page-history-help"),
    row(&[Key::Char('v')], Page::Vitals, "go-vitals"),
    row(&[Key::Char('c')], Page::Consents, "page-consents-help")
        .needing(who::Action::ReadConsent),
    Row::new(
        Context::Chart,
        &[Key::Ctrl('r')],
        Action::Frame(Frame::ShowNewer),
        "page-newer-help",
    ),
    Row::new(
        Context::Anywhere,
        &[Key::Ctrl('k')],
        Action::Frame(Frame::Close),
        "closed-key",
    )
    .needing(who::Action::Export),
];

impl Page {
    /// The pages that the row of pages names, in its order.
    pub const ROW: [Self; 8] = [
        Self::Summary,
        Self::Notes,
        Self::Vitals,
        Self::Allergies,
        Self::Problems,
        Self::Drugs,
        Self::Immunizations,
        Self::History,
    ];

    /// The key that goes there.
    pub const fn letter(self) -> char {
        match self {
            Self::Summary => 's',
            Self::Notes => 'n',
            Self::Allergies => 'a',
            Self::Problems => 'b',
            Self::Drugs => 'd',
            Self::Immunizations => 'i',
            Self::History => 'h',
            Self::Vitals => 'v',
            Self::Consents => 'c',
        }
    }

    /// The sentence that names it.
    pub const fn says(self) -> &'static str {
        match self {
            Self::Summary => "page-summary",
            Self::Notes => "page-notes",
            Self::Allergies => "page-allergies",
            Self::Problems => "page-problems",
            Self::Drugs => "page-drugs",
            Self::Immunizations => "page-immunizations",
            Self::History => "page-history",
            Self::Vitals => "page-vitals",
            Self::Consents => "page-consents",
        }
    }

    /// Its screen.
    pub const fn place(self) -> Place {
        match self {
            Self::Summary => Place::Summary,
            Self::Notes => Place::Notes(None),
            Self::Allergies => Place::Records(List::Allergies),
            Self::Problems => Place::Records(List::Problems),
            Self::Drugs => Place::Records(List::Drugs),
            Self::Immunizations => Place::Records(List::Immunizations),
            Self::History => Place::Records(List::History),
            Self::Vitals => Place::Vitals(None),
            Self::Consents => Place::Records(List::Consents),
        }
    }
}

const fn row(keys: &'static [Key], page: Page, says: &'static str) -> Row {
    Row::new(Context::Chart, keys, Action::Frame(Frame::Page(page)), says)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_letter_of_a_page_leads_there() {
        for page in Page::ROW.into_iter().chain([Page::Consents]) {
            let letter = [Key::Char(page.letter())];
            let row = KEYS.iter().find(|it| it.keys == letter);
            let leads = row.map(|it| &it.action);
            assert_eq!(leads, Some(&Action::Frame(Frame::Page(page))), "{page:?}");
        }
    }
}
