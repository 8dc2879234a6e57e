//! Substances and reactions for the pick lists of an allergy. Our own tables.

use std::sync::LazyLock;

use super::{
    index::{Index, fold},
    vaccines::lines,
};
use crate::chart::Coded;

/// A substance that people are allergic to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Allergen {
    /// What it is called.
    pub name: &'static str,
    /// `food`, `medication`, `environment` or `biologic` (FHIR
    /// `allergy-intolerance-category`).
    pub category: &'static str,
    /// The groups of medicines that it speaks of, such as `penicillin`.
    pub groups: Vec<&'static str>,
    words: &'static str,
}

/// What happens in a reaction.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ReactionSign {
    /// What it is called.
    pub name: &'static str,
    /// Whether it is severe by itself.
    pub severe: bool,
    words: &'static str,
}

struct Table<T> {
    rows: Vec<T>,
    index: Index,
}

static ALLERGENS: LazyLock<Table<Allergen>> = LazyLock::new(|| {
    let table = lines(include_str!("../../assets/allergens.tsv"));
    Table::of(table.filter_map(allergen).collect(), |it| {
        [it.name, it.words]
    })
});

static SIGNS: LazyLock<Table<ReactionSign>> = LazyLock::new(|| {
    let table = lines(include_str!("../../assets/reactions.tsv"));
    Table::of(table.filter_map(sign).collect(), |it| [it.name, it.words])
});

impl Allergen {
    /// Up to `limit` substances for what was typed; with nothing typed, the first.
    pub fn search(typed: &str, limit: usize) -> Vec<&'static Self> {
        ALLERGENS.search(typed, limit)
    }

    /// The substance of this name, or of one of its other names; case is ignored.
    pub fn named(name: &str) -> Option<&'static Self> {
        let name = fold(name);
        let name = name.trim();
        let rows = ALLERGENS.rows.iter();
        let mut called = rows.filter(|it| {
            let mut names = std::iter::once(it.name).chain(it.words.split("; "));
            names.any(|it| !it.is_empty() && fold(it).trim() == name)
        });
        called.next()
    }

    /// The substance as charts have it.
    pub fn coded(&self) -> Coded {
        Coded::text(self.name)
    }
}

impl ReactionSign {
    /// Up to `limit` signs for what was typed; with nothing typed, the first.
    pub fn search(typed: &str, limit: usize) -> Vec<&'static Self> {
        SIGNS.search(typed, limit)
    }

    /// The sign as charts have it.
    pub fn coded(&self) -> Coded {
        Coded::text(self.name)
    }
}

impl<T> Table<T> {
    fn of(rows: Vec<T>, text: impl Fn(&T) -> [&'static str; 2]) -> Self {
        let texts: Vec<String> = rows.iter().map(|it| text(it).join(" ")).collect();
        let index = Index::new((0..).zip(texts.iter().map(String::as_str)));
        Self { rows, index }
    }

    fn search(&self, typed: &str, limit: usize) -> Vec<&T> {
        let lines = self.index.best(typed, limit).into_iter();
        lines.filter_map(|line| self.rows.get(line)).collect()
    }
}

fn allergen(line: &'static str) -> Option<Allergen> {
    let mut fields = line.split('\t');
    let (name, category) = (fields.next()?, fields.next()?);
    let groups = fields.next()?.split("; ").filter(|it| !it.is_empty());
    Some(Allergen {
        name,
        category,
        groups: groups.collect(),
        words: fields.next()?,
    })
}

fn sign(line: &'static str) -> Option<ReactionSign> {
    let mut fields = line.split('\t');
    Some(ReactionSign {
        name: fields.next()?,
        severe: fields.next()? == "severe",
        words: fields.next()?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn substances(typed: &str) -> Vec<&'static str> {
        Allergen::search(typed, 3)
            .into_iter()
            .map(|it| it.name)
            .collect()
    }

    fn signs(typed: &str) -> Vec<&'static str> {
        ReactionSign::search(typed, 3)
            .into_iter()
            .map(|it| it.name)
            .collect()
    }

    #[test]
    fn the_tables_are_read_whole() {
        let table = lines(include_str!("../../assets/allergens.tsv"));
        assert_eq!(ALLERGENS.rows.len(), table.count());
        let table = lines(include_str!("../../assets/reactions.tsv"));
        assert_eq!(SIGNS.rows.len(), table.count());
        for it in &ALLERGENS.rows {
            let known = ["food", "medication", "environment", "biologic"];
            assert!(known.contains(&it.category), "{}", it.name);
        }
    }

    #[test]
    fn substances_are_found_by_what_people_call_them() {
        assert_eq!(substances("pen").first(), Some(&"Penicillin"));
        assert_eq!(
            substances("sulfa").first(),
            Some(&"Sulfonamide antibiotics")
        );
        assert_eq!(substances("groundnut"), ["Peanut"]);
        assert_eq!(substances("bee"), ["Bee sting", "Meat"]);
        assert_eq!(substances(""), ["Penicillin", "Amoxicillin", "Ampicillin"]);
        let sulfa = Allergen::named("SULFA").unwrap();
        assert_eq!(sulfa.groups, ["sulfonamide"]);
        assert_eq!(Allergen::named("sulf"), None);
    }

    #[test]
    fn signs_are_found_and_the_dangerous_ones_are_severe() {
        assert_eq!(signs("hiv"), ["Hives"]);
        assert_eq!(signs("swoll"), ["Swelling of face or lips"]);
        assert_eq!(signs("sjs"), ["Blistering or peeling skin"]);
        let anaphylaxis = ReactionSign::search("anaph", 1);
        assert!(anaphylaxis.first().is_some_and(|it| it.severe));
    }
}
