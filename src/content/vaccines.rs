//! Vaccines by what people call them: CVX of the US Centers for Disease Control and Prevention
//! (public domain), the ones that a rural clinic gives first.

use std::sync::LazyLock;

use super::index::Index;
use crate::chart::{Coded, Coding, System};

/// One vaccine.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Vaccine {
    /// The CVX code.
    pub code: &'static str,
    /// The short name.
    pub name: &'static str,
    /// The full name.
    pub full: &'static str,
    /// Whether it stands in the table of a rural clinic.
    pub usual: bool,
    rank: u8,
    /// What the clinic calls it, with `;` between.
    said: &'static str,
}

struct Table {
    rows: Vec<Vaccine>,
    index: Index,
}

static TABLE: LazyLock<Table> = LazyLock::new(Table::read);

impl Vaccine {
    /// Up to `limit` vaccines for what was typed, by the beginnings of words. First the usual
    /// ones in the order of a childhood; with nothing typed, those.
    pub fn search(typed: &str, limit: usize) -> Vec<&'static Self> {
        let lines = TABLE.index.best(typed, limit).into_iter();
        lines.filter_map(|line| TABLE.rows.get(line)).collect()
    }

    /// The vaccine with this CVX code.
    pub fn get(code: &str) -> Option<&'static Self> {
        TABLE.rows.iter().find(|it| it.code == code)
    }

    /// The vaccine with this name, or that the clinic calls by these words.
    pub fn named(words: &str) -> Option<&'static Self> {
        let called = |it: &&Self| {
            let mut said = it.said.split(';').chain([it.name]);
            said.any(|one| one.trim().eq_ignore_ascii_case(words))
        };
        TABLE.rows.iter().find(called)
    }

    /// The vaccine as charts have it.
    pub fn coded(&self) -> Coded {
        Coded::of(Coding::new(System::Cvx, self.code, self.name))
    }
}

impl Table {
    fn read() -> Self {
        let usual = lines(include_str!("../../assets/vaccines-clinic.tsv"));
        let usual: Vec<(&str, &str)> =
            usual.filter_map(|line| line.split_once('\t')).collect();
        let all = lines(include_str!("../../assets/cvx.tsv")).filter_map(row);
        let place = |code: &str| usual.iter().position(|(it, _)| *it == code);
        let mut rows: Vec<(usize, Vaccine)> = all
            .map(|row| {
                let place = place(row.code);
                let said = place.and_then(|it| usual.get(it));
                let vaccine = Vaccine {
                    usual: place.is_some(),
                    said: said.map_or("", |(_, words)| *words),
                    ..row
                };
                (place.unwrap_or(usize::MAX), vaccine)
            })
            .collect();
        rows.sort_by_key(|(place, row)| (*place, row.rank));
        let rows: Vec<Vaccine> = rows.into_iter().map(|(_, row)| row).collect();
        let texts: Vec<String> = rows
            .iter()
            .map(|row| [row.said, row.name, row.full, row.code].join(" "))
            .collect();
        let index = Index::new((0..).zip(texts.iter().map(String::as_str)));
        Self { rows, index }
    }
}

/// The lines of a table without its head.
pub(super) fn lines(table: &'static str) -> impl Iterator<Item = &'static str> {
    table.lines().filter(|it| !it.starts_with('#'))
}

fn row(line: &'static str) -> Option<Vaccine> {
    let mut fields = line.split('\t');
    Some(Vaccine {
        code: fields.next()?,
        name: fields.next()?,
        full: fields.next()?,
        said: "",
        usual: false,
        rank: match fields.next()? {
            "Active" => 0,
            "Non-US" => 1,
            "Inactive" => 2,
            _ => 3,
        },
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(typed: &str, expected: &str) {
        let found = Vaccine::search(typed, 5);
        assert_eq!(
            found.first().map(|it| it.code),
            Some(expected),
            "for {typed:?}"
        );
    }

    #[test]
    fn the_tables_are_read_whole() {
        assert_eq!(TABLE.rows.len(), 288);
        let usual = TABLE.rows.iter().filter(|it| it.usual).count();
        let table = lines(include_str!("../../assets/vaccines-clinic.tsv"));
        assert_eq!(usual, table.count());
    }

    #[test]
    fn vaccines_are_found_by_what_people_call_them() {
        for (typed, expected) in [
            ("bcg", "19"),
            ("opv", "178"),
            ("penta", "198"),
            ("pcv", "133"),
            ("rota", "119"),
            ("measles", "05"),
            ("measles rub", "04"),
            ("mmr", "03"),
            ("yellow", "37"),
            ("td", "139"),
            ("tt", "35"),
            ("hpv", "62"),
            ("covid", "500"),
            ("rabbies", "90"),
            ("hep b", "08"),
        ] {
            check(typed, expected);
        }
    }

    #[test]
    fn a_vaccine_is_known_by_the_words_of_the_clinic_alone() {
        let named = |words| Vaccine::named(words).map(|it| it.code);
        assert_eq!(named("Tetanus"), Some("35"));
        assert_eq!(named("bcg"), Some("19"));
        assert_eq!(named("tetanus or so"), None);
    }

    #[test]
    fn with_nothing_typed_the_childhood_list_is_shown() {
        let codes: Vec<_> = Vaccine::search("", 4).iter().map(|it| it.code).collect();
        assert_eq!(codes, ["19", "08", "178", "10"]);
    }

    #[test]
    fn a_vaccine_becomes_coded() {
        let bcg = Vaccine::get("19").unwrap();
        assert!(bcg.coded().has(&System::Cvx, "19"));
        assert_eq!(Vaccine::get("9999"), None);
    }
}
