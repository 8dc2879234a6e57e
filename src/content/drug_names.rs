//! The medicines that a text names: generic names, trade names, what people call them in
//! English, French and Spanish, slips of the finger included. What an allergy or a drug
//! typed by hand is about.

use std::{collections::BTreeMap, sync::LazyLock};

use super::{
    index::{fold, slips},
    medicines::Medicine,
    vaccines::lines,
};

/// Words shorter than this must stand as they are in the table.
const SLIP_LETTERS_MIN: usize = 6;
/// From this many letters on a word may have two slips.
const TWO_SLIPS_LETTERS_MIN: usize = 9;
/// Words shorter than this keep an `s` at their end.
const PLURAL_LETTERS_MIN: usize = 4;

/// What a text says of medicines.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct DrugsNamed {
    /// The groups by which allergies speak of them, such as `penicillin`; in order, each once.
    pub groups: Vec<&'static str>,
    /// Whether any medicine, or group of medicines, is named at all. Where it is not, nobody
    /// can tell what the text is about.
    pub known: bool,
}

type Groups = Vec<&'static str>;

struct Names {
    groups: BTreeMap<String, Groups>,
    /// How many words the longest name has.
    longest: usize,
}

static NAMES: LazyLock<Names> = LazyLock::new(Names::read);

impl DrugsNamed {
    /// Reads a text.
    pub fn of(text: &str) -> Self {
        let words = words(text);
        let mut named = Self::default();
        let mut rest = words.as_slice();
        while let [word, after @ ..] = rest {
            if let Some((groups, count)) = NAMES.longest_at(rest) {
                named.add(groups);
                rest = rest.get(count..).unwrap_or_default();
                continue;
            }
            for groups in NAMES.almost(word) {
                named.add(groups);
            }
            rest = after;
        }
        named.groups.sort_unstable();
        named.groups.dedup();
        named
    }

    fn add(&mut self, groups: &Groups) {
        self.known = true;
        self.groups.extend(groups);
    }
}

impl Names {
    fn read() -> Self {
        let mut groups: BTreeMap<String, Groups> = BTreeMap::new();
        for it in Medicine::all() {
            for part in it.name.split(" + ") {
                let known = groups.entry(key(part)).or_default();
                known.extend(it.groups.iter().copied());
            }
        }
        let table = || lines(include_str!("../../assets/drug-names.tsv")).filter_map(row);
        // What is in a mixture has groups of its own, not those of the mixture.
        for row in table().filter(|it| it.is.is_empty()) {
            groups.insert(key(row.name), row.groups);
        }
        for row in table().filter(|it| !it.is.is_empty()) {
            let parts = row.is.iter().filter_map(|it| groups.get(&key(it)));
            let all = parts.flatten().copied().chain(row.groups).collect();
            groups.insert(key(row.name), all);
        }
        let longest = groups.keys().map(|it| it.split(' ').count()).max();
        Self {
            groups,
            longest: longest.unwrap_or(0),
        }
    }

    /// The longest name with which these words begin, and how many words it has.
    fn longest_at(&self, words: &[String]) -> Option<(&Groups, usize)> {
        (1..=self.longest.min(words.len())).rev().find_map(|count| {
            let name = words.get(..count)?.join(" ");
            Some((self.groups.get(&name)?, count))
        })
    }

    /// The names of one word of which this is a beginning, or almost: those with the fewest
    /// slips.
    fn almost(&self, word: &str) -> Vec<&Groups> {
        let letters: Vec<char> = word.chars().collect();
        let allowed = match letters.len() {
            0..SLIP_LETTERS_MIN => return Vec::new(),
            SLIP_LETTERS_MIN..TWO_SLIPS_LETTERS_MIN => 1,
            TWO_SLIPS_LETTERS_MIN.. => 2,
        };
        let first: String = letters.iter().take(1).collect();
        let near = self.groups.range(first.clone()..);
        let near = near.take_while(|(name, _)| name.starts_with(&first));
        let near = near.filter(|(name, _)| {
            !name.contains(' ') && name.chars().count() >= SLIP_LETTERS_MIN
        });
        let near =
            near.filter_map(|(name, it)| Some((slips(&letters, name, allowed)?, it)));
        let near: Vec<_> = near.collect();
        let best = near.iter().map(|(slips, _)| *slips).min();
        let best = near.iter().filter(|(slips, _)| Some(*slips) == best);
        best.map(|(_, groups)| *groups).collect()
    }
}

struct Row {
    name: &'static str,
    is: Vec<&'static str>,
    groups: Groups,
}

fn row(line: &'static str) -> Option<Row> {
    let mut fields = line.split('\t');
    let name = fields.next()?;
    let mut list = || {
        let parts = fields.next()?.split("; ").filter(|it| !it.is_empty());
        Some(parts.collect::<Vec<_>>())
    };
    Some(Row {
        name,
        is: list()?,
        groups: list()?,
    })
}

fn key(name: &str) -> String {
    words(name).join(" ")
}

/// The words of a text, folded, without the `s` of a plural.
fn words(text: &str) -> Vec<String> {
    let folded = fold(text);
    let words = folded.split_whitespace().map(|word| {
        let bare = word.strip_suffix('s').unwrap_or(word);
        let bare = if word.len() < PLURAL_LETTERS_MIN {
            word
        } else {
            bare
        };
        bare.to_owned()
    });
    words.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: &[&str]) {
        let named = DrugsNamed::of(text);
        assert_eq!(named.groups, expected, "for {text:?}");
        assert!(named.known, "for {text:?}");
    }

    #[track_caller]
    fn check_unknown(text: &str) {
        assert_eq!(DrugsNamed::of(text), DrugsNamed::default(), "for {text:?}");
    }

    #[test]
    fn a_generic_name_is_known_in_any_text() {
        check("amoxicillin syrup", &["penicillin"]);
        check("Amoxicillin/clavulanic acid 625", &["penicillin"]);
        check("IBUPROFEN 400", &["nsaid"]);
        check("Paracetamol 500 mg tablet", &[]);
        check("Trimethoprim 100 mg", &[]);
        check(
            "Sulfamethoxazole 800 MG / Trimethoprim 160 MG",
            &["sulfonamide"],
        );
    }

    #[test]
    fn a_trade_name_is_what_is_in_it() {
        for name in ["augmentin", "co-amoxiclav 625", "Ampiclox", "X-pen", "PPF"] {
            check(name, &["penicillin"]);
        }
        for name in ["cotrim", "Septrin forte", "BACTRIM", "fansidar"] {
            check(name, &["sulfonamide"]);
        }
        check("rocephin 1g", &["cephalosporin"]);
        check("brufen", &["nsaid"]);
        check("disprin", &["nsaid", "salicylate"]);
        check("Flamazine cream", &["sulfonamide"]);
    }

    #[test]
    fn an_allergy_is_known_as_people_write_it() {
        for name in [
            "penicilin",
            "PCN",
            "Pénicilline",
            "penicillins",
            "penecillin",
        ] {
            check(name, &["penicillin"]);
        }
        check("ACE inhibitors", &["ace-inhibitor"]);
        check("sulfa drugs", &["sulfonamide"]);
        check("NSAIDs", &["nsaid"]);
        check("amoxycillin 250mg/5ml", &["penicillin"]);
        check("amoxicillinum", &["penicillin"]);
        check("ceftri", &["cephalosporin"]);
    }

    #[test]
    fn what_is_no_medicine_names_none() {
        for text in ["", "neem leaf tea", "dawa ya kifua", "sulphur ointment"] {
            check_unknown(text);
        }
        for form in Medicine::all().iter().map(|it| it.form) {
            check_unknown(form);
        }
        check_unknown("by mouth twice a day with food for seven days");
    }

    #[test]
    fn every_row_is_whole_and_leads_to_something_known() {
        for line in lines(include_str!("../../assets/drug-names.tsv")) {
            assert_eq!(line.split('\t').count(), 3, "{line}");
            for part in row(line).unwrap().is {
                assert!(DrugsNamed::of(part).known, "{part} in {line}");
            }
        }
    }

    #[test]
    fn every_medicine_of_the_pick_list_is_known_by_its_groups() {
        for it in Medicine::all() {
            let named = DrugsNamed::of(&it.to_string());
            assert!(named.known, "{it}");
            for group in &it.groups {
                assert!(named.groups.contains(group), "{it}: {group}");
            }
        }
    }
}
