//! Medicines for the pick list of a prescription: names, strengths and forms as facts of the
//! WHO model list of essential medicines, with `RxNorm` codes for hypertension and diabetes.
//! A list to pick from, not a formulary: it says nothing of doses.

use std::{fmt, sync::LazyLock};

use super::{Decimal, index::Index, vaccines::lines};
use crate::chart::{Coded, Coding, System};

/// One medicine in one strength and form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Medicine {
    /// The generic name.
    pub name: &'static str,
    /// The strength, such as `500 mg` or `125 mg/5 ml`; empty of some mixtures.
    pub strength: &'static str,
    /// The form, such as `capsule`.
    pub form: &'static str,
    /// What is counted when it is taken, such as `capsule`, `ml` or `puff`.
    pub piece: &'static str,
    /// The usual way, such as `by mouth`.
    pub route: &'static str,
    /// The groups by which allergies speak of it, such as `penicillin`.
    pub groups: Vec<&'static str>,
    /// The `RxNorm` code, or empty.
    pub rxnorm: &'static str,
    words: &'static str,
}

struct Table {
    rows: Vec<Medicine>,
    index: Index,
}

static TABLE: LazyLock<Table> = LazyLock::new(Table::read);

impl Medicine {
    /// Up to `limit` medicines for what was typed, by the beginnings of words: `amox 500 caps`.
    /// The usual strength comes first.
    pub fn search(typed: &str, limit: usize) -> Vec<&'static Self> {
        let lines = TABLE.index.best(typed, limit).into_iter();
        lines.filter_map(|line| TABLE.rows.get(line)).collect()
    }

    /// The medicine that these words name, as [`Medicine`] shows itself; case is ignored.
    pub fn named(words: &str) -> Option<&'static Self> {
        TABLE
            .rows
            .iter()
            .find(|it| it.to_string().eq_ignore_ascii_case(words))
    }

    /// Every medicine, in each strength and form.
    pub(super) fn all() -> &'static [Self] {
        &TABLE.rows
    }

    /// The medicine as charts have it.
    pub fn coded(&self) -> Coded {
        let words = self.to_string();
        if self.rxnorm.is_empty() {
            return Coded::text(words);
        }
        let display = format!("{} {}", self.name, self.strength);
        Coded {
            text: words,
            coding: Some(Coding::new(System::Rxnorm, self.rxnorm, display)),
            also: None,
        }
    }

    /// How much is in one piece, and its unit: 500 `mg` in a capsule, 25 `mg` in an ml. None
    /// of a mixture, and where the size of the piece is not known.
    pub fn in_piece(&self) -> Option<(Decimal, &'static str)> {
        let (whole, per) = self.strength.split_once('/').unwrap_or((self.strength, ""));
        let (number, unit) = whole.split_once(' ')?;
        let number: Decimal = number.parse().ok()?;
        if unit == "%" {
            return None;
        }
        if per.is_empty() || (per, self.piece) == ("ml", "ml") {
            return Some((number, unit));
        }
        let ml: Decimal = per.strip_suffix(" ml")?.parse().ok()?;
        let in_one = number.divided(ml, 4)?.trimmed();
        (self.piece == "ml").then_some((in_one, unit))
    }
}

impl fmt::Display for Medicine {
    /// `Amoxicillin 500 mg capsule`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ", self.name)?;
        if !self.strength.is_empty() {
            write!(f, "{} ", self.strength)?;
        }
        f.write_str(self.form)
    }
}

impl Table {
    fn read() -> Self {
        let table = lines(include_str!("../../assets/medicines.tsv"));
        let mut rows: Vec<Medicine> = table.filter_map(products).flatten().collect();
        for line in lines(include_str!("../../assets/medicines-ncd.tsv")) {
            add(&mut rows, line);
        }
        let texts: Vec<String> =
            rows.iter().map(|it| format!("{it} {}", it.words)).collect();
        let index = Index::new((0..).zip(texts.iter().map(String::as_str)));
        Self { rows, index }
    }
}

/// One medicine for each strength of a line.
fn products(line: &'static str) -> Option<Vec<Medicine>> {
    let mut fields = line.split('\t');
    let (name, form, piece) = (fields.next()?, fields.next()?, fields.next()?);
    let (route, strengths) = (fields.next()?, fields.next()?);
    let (groups, words) = (fields.next()?, fields.next()?);
    let groups: Vec<_> = groups.split("; ").filter(|it| !it.is_empty()).collect();
    let one = |strength| Medicine {
        name,
        strength,
        form,
        piece,
        route,
        groups: groups.clone(),
        rxnorm: "",
        words,
    };
    Some(strengths.split("; ").map(one).collect())
}

/// Adds the code, or the strength, of a line of the hypertension and diabetes list.
fn add(rows: &mut Vec<Medicine>, line: &'static str) {
    let mut fields = line.split('\t');
    let (Some(name), Some(strength), Some(rxnorm)) =
        (fields.next(), fields.next(), fields.next())
    else {
        return;
    };
    let called = |it: &Medicine| {
        it.name == name
            || it
                .words
                .split("; ")
                .any(|word| word.eq_ignore_ascii_case(name))
    };
    let tablet = |it: &Medicine| it.form == "tablet" && called(it);
    let known = rows
        .iter_mut()
        .find(|it| tablet(it) && it.strength == strength);
    if let Some(known) = known {
        known.rxnorm = rxnorm;
        return;
    }
    let last = rows.iter().rposition(tablet);
    let model = last.and_then(|at| rows.get(at));
    let added = Medicine {
        name: model.map_or(name, |it| it.name),
        strength,
        form: "tablet",
        piece: "tablet",
        route: "by mouth",
        groups: model.map_or(Vec::new(), |it| it.groups.clone()),
        rxnorm,
        words: model.map_or("", |it| it.words),
    };
    rows.insert(last.map_or(rows.len(), |at| at + 1), added);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(typed: &str, expected: &str) {
        let found = Medicine::search(typed, 5);
        let first = found.first().map(ToString::to_string);
        assert_eq!(first.as_deref(), Some(expected), "for {typed:?}");
    }

    #[test]
    fn the_tables_are_read_whole() {
        let table = lines(include_str!("../../assets/medicines.tsv"));
        for line in table {
            let count = products(line).map_or(0, |it| it.len());
            assert!(count > 0, "{line}");
            assert_eq!(line.split('\t').count(), 7, "{line}");
        }
        assert!(TABLE.rows.len() > 300);
        let coded = TABLE.rows.iter().filter(|it| !it.rxnorm.is_empty()).count();
        let ncd = lines(include_str!("../../assets/medicines-ncd.tsv"));
        let expected = ncd.filter(|it| !it.ends_with('\t')).count();
        assert_eq!(coded, expected);
    }

    #[test]
    fn a_few_letters_pick_the_usual_strength() {
        for (typed, expected) in [
            ("amox", "Amoxicillin 500 mg capsule"),
            ("amox 250 susp", "Amoxicillin 250 mg/5 ml suspension"),
            ("para", "Paracetamol 500 mg tablet"),
            ("al", "Artemether + lumefantrine 20 mg/120 mg tablet"),
            (
                "cotrim",
                "Sulfamethoxazole + trimethoprim 800 mg/160 mg tablet",
            ),
            ("aspirin", "Acetylsalicylic acid 300 mg tablet"),
            ("amlo 10", "Amlodipine 10 mg tablet"),
            ("metf", "Metformin 500 mg tablet"),
            ("ors", "Oral rehydration salts 1 l powder"),
            ("salb inh", "Salbutamol 100 mcg inhaler"),
            ("amoxicilin", "Amoxicillin 500 mg capsule"),
            ("depo", "Medroxyprogesterone acetate 150 mg/ml injection"),
        ] {
            check(typed, expected);
        }
    }

    #[test]
    fn a_medicine_is_coded_where_it_has_a_code() {
        let amlodipine = Medicine::named("amlodipine 5 mg tablet").unwrap();
        assert!(amlodipine.coded().has(&System::Rxnorm, "329528"));
        assert_eq!(amlodipine.coded().text, "Amlodipine 5 mg tablet");
        let amoxicillin = Medicine::named("Amoxicillin 500 mg capsule").unwrap();
        assert_eq!(amoxicillin.coded().coding, None);
        assert_eq!(Medicine::named("Amoxicillin"), None);
    }

    #[test]
    fn what_is_in_a_piece_is_known_of_single_medicines() {
        #[track_caller]
        fn of(words: &str, expected: Option<(&str, &str)>) {
            let found = Medicine::named(words).unwrap().in_piece();
            let found = found.map(|(number, unit)| (number.to_string(), unit));
            let found = found
                .as_ref()
                .map(|(number, unit)| (number.as_str(), *unit));
            assert_eq!(found, expected, "for {words}");
        }
        of("Amoxicillin 500 mg capsule", Some(("500", "mg")));
        of("Amoxicillin 125 mg/5 ml suspension", Some(("25", "mg")));
        of("Prednisolone 5 mg/ml oral liquid", Some(("5", "mg")));
        of("Artemether + lumefantrine 20 mg/120 mg tablet", None);
        of("Gentamicin 40 mg/ml injection", None);
        of("Clotrimazole 1 % cream", None);
    }
}
