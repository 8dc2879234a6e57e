//! ICD-10-CM: every diagnosis by its code, by its words, and by what people in a clinic say.
//!
//! The table is the April 2026 edition of the US Centers for Medicare & Medicaid Services and
//! the National Center for Health Statistics (public domain). What people say is our own
//! table, `assets/icd10-clinic.tsv`.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::LazyLock,
};

use super::index::{Index, Match, SLIP_COST, fold};
use crate::chart::{Coded, Coding, System};

/// The table takes 8 MB of memory; more than this is not our file.
const TABLE_BYTES_MAX: usize = 16 * 1024 * 1024;

/// Where a code of seven letters and digits has its encounter: A is the first one, D a later
/// one, S a consequence.
const ENCOUNTER_AT: usize = 7;
/// More than there are rows in the table of what people say.
const SAYINGS_MAX: u16 = 1_000;
/// A row may be found by its code and by its words.
const WAYS: usize = 2;

/// The table with its index.
#[derive(Default)]
pub struct Icd10 {
    /// Ordered by code.
    rows: Vec<Hit>,
    index: Index,
    /// What people say for a row, and its place among the frequent ones.
    sayings: BTreeMap<u32, Saying>,
}

/// One diagnosis.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Hit {
    /// The code, with its point.
    pub code: &'static str,
    /// Its words.
    pub display: &'static str,
    /// Whether it may be reported as it is; otherwise it heads others.
    pub leaf: bool,
}

struct Saying {
    place: u16,
    phrases: Vec<String>,
}

/// How good a hit is: less is better, the first field that differs decides.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Rank {
    /// Its place among what this person picked lately.
    recent: usize,
    /// Slips of the finger that were forgiven.
    slips: u16,
    /// Whether what was typed is only a part of it.
    partial: bool,
    /// Its place among the frequent ones; those of which no phrase begins as typed, behind.
    place: u16,
    /// Whether it begins with another word than what was typed.
    begins_otherwise: bool,
    /// 0; 1 for a later encounter or a consequence of an injury, 2 more when it only heads
    /// others.
    remote: u8,
    length: usize,
}

static TABLE: LazyLock<Icd10> = LazyLock::new(Icd10::read);

impl Icd10 {
    /// The table. The first call unpacks and indexes it, which takes about a quarter of a
    /// second on a small machine: it belongs off the thread that draws. Later calls are free.
    pub fn load() -> &'static Self {
        &TABLE
    }

    /// The diagnosis with this code, with or without its point.
    pub fn get(&self, code: &str) -> Option<Hit> {
        let code = pointed(code)?;
        let at = self.rows.binary_search_by(|row| row.code.cmp(&code));
        self.rows.get(at.ok()?).copied()
    }

    /// Up to `limit` diagnoses for what was typed: a code or its beginning, or words by their
    /// beginnings in any order. First come the `prefer` ones (what this person picked lately,
    /// latest first), then what was typed exactly, then what is frequent in a small clinic,
    /// then short ones that may be reported. Slips of the finger are forgiven when nothing
    /// else is found.
    pub fn search(
        &self,
        typed: &str,
        limit: usize,
        prefer: &[impl AsRef<str>],
    ) -> Vec<Hit> {
        let query = fold(typed);
        let query = query.split_whitespace().collect::<Vec<_>>().join(" ");
        let mut ranked = self.by_code(typed, prefer);
        ranked.extend(self.by_words(&query, false, prefer));
        if ranked.is_empty() {
            ranked = self.by_words(&query, true, prefer);
        }
        best(&mut ranked, limit);
        let mut seen = BTreeSet::new();
        let lines = ranked.into_iter().map(|(_, line)| line);
        lines
            .filter(|line| seen.insert(*line))
            .filter_map(|line| self.rows.get(line as usize).copied())
            .take(limit)
            .collect()
    }

    fn by_code(&self, typed: &str, prefer: &[impl AsRef<str>]) -> Vec<(Rank, u32)> {
        let Some(code) = pointed(typed) else {
            return Vec::new();
        };
        let from = self.rows.partition_point(|row| *row.code < *code);
        let rows = self.rows.get(from..).unwrap_or_default();
        let rows = rows.iter().take_while(|row| row.code.starts_with(&*code));
        let lines = u32::try_from(from).unwrap_or(u32::MAX)..;
        let ranked = rows.zip(lines).map(|(row, line)| {
            let rank = Rank {
                partial: row.code != code || !row.leaf,
                begins_otherwise: false,
                length: row.code.len() * 1_000 + row.display.len(),
                ..self.rank(row, line, prefer)
            };
            (rank, line)
        });
        ranked.collect()
    }

    fn by_words(
        &self,
        query: &str,
        slips: bool,
        prefer: &[impl AsRef<str>],
    ) -> Vec<(Rank, u32)> {
        let found = self.index.find(query, slips).into_iter();
        let ranked =
            found.filter_map(|it| Some((self.worded(it, query, prefer)?, it.line)));
        ranked.collect()
    }

    /// The rank of a row that was found by its words.
    fn worded(
        &self,
        found: Match,
        query: &str,
        prefer: &[impl AsRef<str>],
    ) -> Option<Rank> {
        let row = self.rows.get(found.line as usize)?;
        let saying = self.sayings.get(&found.line);
        let phrases = saying.map_or(&[][..], |it| &it.phrases);
        let said = phrases.iter().any(|it| it == query);
        let beside = !phrases.iter().any(|it| it.starts_with(query));
        let first = query.split(' ').next().unwrap_or_default();
        let begins = row.display.get(..first.len());
        let plain = self.rank(row, found.line, prefer);
        Some(Rank {
            slips: found.cost / SLIP_COST,
            partial: !said && !row.display.eq_ignore_ascii_case(query),
            place: plain.place.saturating_add(u16::from(beside) * SAYINGS_MAX),
            begins_otherwise: !begins.is_some_and(|it| it.eq_ignore_ascii_case(first)),
            ..plain
        })
    }

    /// What does not depend on how the row was found.
    fn rank(&self, row: &Hit, line: u32, prefer: &[impl AsRef<str>]) -> Rank {
        let recent = prefer.iter().position(|it| it.as_ref() == row.code);
        let encounter = row.code.chars().nth(ENCOUNTER_AT);
        Rank {
            recent: recent.unwrap_or(usize::MAX),
            slips: 0,
            partial: true,
            place: self.sayings.get(&line).map_or(u16::MAX, |it| it.place),
            begins_otherwise: true,
            remote: u8::from(encounter.is_some_and(|it| it != 'A'))
                + 2 * u8::from(!row.leaf),
            length: row.display.len(),
        }
    }

    fn read() -> Self {
        let packed = include_bytes!("../../assets/icd10cm.tsv.zst");
        let unpacked =
            zstd::bulk::decompress(packed, TABLE_BYTES_MAX).unwrap_or_default();
        let text = String::from_utf8(unpacked).unwrap_or_default();
        // The table lives as long as the program, so that hits are plain references.
        let text: &'static str = Box::leak(text.into_boxed_str());
        let rows: Vec<Hit> = text.lines().filter_map(row).collect();
        let sayings = sayings(&rows);
        let displays = (0..).zip(rows.iter().map(|row| row.display));
        let said = sayings.iter().flat_map(|(line, saying)| {
            saying.phrases.iter().map(|it| (*line, it.as_str()))
        });
        let index = Index::new(displays.chain(said));
        Self {
            rows,
            index,
            sayings,
        }
    }
}

impl Hit {
    /// The diagnosis as charts have it.
    pub fn coded(self) -> Coded {
        Coded::of(Coding::new(System::Icd10cm, self.code, self.display))
    }
}

impl std::fmt::Debug for Icd10 {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Icd10({} rows)", self.rows.len())
    }
}

fn row(line: &'static str) -> Option<Hit> {
    let mut fields = line.split('\t');
    Some(Hit {
        code: fields.next()?,
        leaf: fields.next()? == "1",
        display: fields.next()?,
    })
}

fn sayings(rows: &[Hit]) -> BTreeMap<u32, Saying> {
    let table = include_str!("../../assets/icd10-clinic.tsv");
    let lines = table.lines().filter(|it| !it.starts_with('#'));
    let read = (0..).zip(lines).filter_map(|(place, line)| {
        let (code, phrases) = line.split_once('\t')?;
        let at = rows.binary_search_by(|row| row.code.cmp(code)).ok()?;
        let phrases = phrases.split("; ").map(str::to_owned).collect();
        Some((u32::try_from(at).ok()?, Saying { place, phrases }))
    });
    read.collect()
}

/// A code with its point, of text that can be one: a letter, a digit, then letters and digits.
fn pointed(typed: &str) -> Option<String> {
    let plain = typed.trim().replacen('.', "", 1).to_ascii_uppercase();
    let mut letters = plain.chars();
    let begins = letters.next()?.is_ascii_alphabetic()
        && letters.next()?.is_ascii_digit()
        && letters.all(|it| it.is_ascii_alphanumeric());
    let (head, tail) = plain.split_at_checked(3).unwrap_or((&plain, ""));
    let point = if tail.is_empty() { "" } else { "." };
    begins.then(|| format!("{head}{point}{tail}"))
}

/// Keeps the best few, in order, without sorting the many.
fn best(ranked: &mut Vec<(Rank, u32)>, limit: usize) {
    let keep = limit.saturating_mul(WAYS);
    if keep > 0 && ranked.len() > keep {
        ranked.select_nth_unstable(keep - 1);
        ranked.truncate(keep);
    }
    ranked.sort_unstable();
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn codes(typed: &str, prefer: &[&str]) -> Vec<&'static str> {
        let hits = Icd10::load().search(typed, 8, prefer);
        hits.into_iter().map(|it| it.code).collect()
    }

    #[track_caller]
    fn check(typed: &str, expected: &str) {
        assert_eq!(codes(typed, &[]).first(), Some(&expected), "for {typed:?}");
    }

    #[test]
    fn the_table_is_read_whole() {
        let table = Icd10::load();
        assert_eq!(table.rows.len(), 98_186);
        assert_eq!(table.rows.iter().filter(|it| it.leaf).count(), 74_719);
        assert!(table.rows.is_sorted_by_key(|it| it.code));
        let lines = include_str!("../../assets/icd10-clinic.tsv").lines();
        let said = lines.filter(|it| !it.starts_with('#')).count();
        assert_eq!(table.sayings.len(), said);
    }

    #[test]
    fn what_people_say_finds_what_they_mean() {
        for (typed, expected) in [
            ("high blood pressure", "I10"),
            ("htn", "I10"),
            ("sugar", "E11.9"),
            ("diabetes", "E11.9"),
            ("dm", "E11.9"),
            ("tb", "A15.0"),
            ("malaria", "B54"),
            ("flu", "J11.1"),
            ("cough", "R05.9"),
            ("uti", "N39.0"),
            ("asthma", "J45.909"),
            ("pneumonia", "J18.9"),
            ("diarrhoea", "A09"),
            ("hiv", "B20"),
            ("anc", "Z34.90"),
            ("refill", "Z76.0"),
            ("scabies", "B86"),
            ("cut hand", "S61.419A"),
            ("baby cough", "R05.9"),
            ("body hotness", "R50.9"),
        ] {
            check(typed, expected);
        }
    }

    #[test]
    fn what_is_spelt_right_brings_nothing_that_is_only_spelt_alike() {
        assert_eq!(codes("worms", &[]), ["B82.9"]);
        check("diabtes", "E11.9");
    }

    #[test]
    fn three_letters_are_enough_for_the_frequent_ones() {
        for (typed, expected) in [
            ("mal", "B54"),
            ("ast", "J45.909"),
            ("pne", "J18.9"),
            ("dia", "A09"),
            ("hyp", "I10"),
            ("uri", "J06.9"),
            ("preg", "Z34.90"),
            ("ton", "J03.90"),
            ("sca", "B86"),
            ("ane", "D64.9"),
        ] {
            check(typed, expected);
        }
    }

    #[test]
    fn a_code_is_found_by_its_beginning_with_or_without_the_point() {
        check("j45", "J45.909");
        check("J45.9", "J45.909");
        check("j4590", "J45.909");
        check("j45.901", "J45.901");
        check("i10", "I10");
        check("b20", "B20");
        assert!(codes("j45", &[]).iter().all(|it| it.starts_with("J45")));
        assert_eq!(Icd10::load().get("e119").map(|it| it.code), Some("E11.9"));
        assert_eq!(Icd10::load().get("E11.99"), None);
    }

    #[test]
    fn words_may_come_in_any_order_and_in_part() {
        check("left fract femur shaft displ trans", "S72.322A");
        check("falc malaria cereb", "B50.0");
        assert_eq!(codes("knee pain right", &[]).first(), Some(&"M25.561"));
    }

    #[test]
    fn slips_of_the_finger_are_forgiven() {
        check("astma", "J45.909");
        check("malria", "B54");
        check("diabtes", "E11.9");
        check("pnuemonia", "J18.9");
        check("hypertention", "I10");
        check("tubercolosis", "A15.0");
    }

    #[test]
    fn what_was_picked_lately_comes_first() {
        assert_eq!(codes("asthma", &["J45.40"]).first(), Some(&"J45.40"));
        let two = codes("asthma", &["J45.40", "J45.50"]);
        assert_eq!(two.get(..2), Some(&["J45.40", "J45.50"][..]));
        assert_eq!(codes("cough", &["J45.40"]).first(), Some(&"R05.9"));
    }

    #[test]
    fn nothing_is_found_twice_nor_more_than_asked() {
        for typed in [
            "a",
            "s",
            "fracture",
            "j45",
            "b12",
            "type 2 diabetes",
            "ዕ",
            "",
        ] {
            let found = codes(typed, &["J45.40"]);
            assert!(found.len() <= 8, "for {typed:?}");
            let distinct: BTreeSet<_> = found.iter().collect();
            assert_eq!(distinct.len(), found.len(), "for {typed:?}");
        }
        assert_eq!(codes("", &[]), Vec::<&str>::new());
        assert_eq!(codes("qqqqqqq", &[]), Vec::<&str>::new());
    }

    #[test]
    fn a_hit_becomes_a_coded_diagnosis() {
        let hit = Icd10::load().get("I10").unwrap();
        assert!(hit.coded().has(&System::Icd10cm, "I10"));
        assert_eq!(hit.coded().text, "Essential (primary) hypertension");
    }
}
