//! FHIR's data types as the chart's: concepts, quantities, periods, names, remarks.

use super::node::Node;
use crate::{
    chart::{Coded, Coding, Quantity, System},
    time::When,
};

/// The system of the codes that say "none known" and "nothing known" (IPS).
pub(super) const ABSENT_OR_UNKNOWN: &str =
    "http://hl7.org/fhir/uv/ips/CodeSystem/absent-unknown-uv-ips";

/// SNOMED CT codes that say that there is none of a thing.
const NONE_KNOWN: &[&str] = &[
    "160245001",
    "787480003",
    "787481004",
    "787482006",
    "787483001",
];

/// The system of units.
pub(super) const UCUM: &str = "http://unitsofmeasure.org";

/// Says of a birth date that it was reckoned from an age.
pub(super) const BIRTH_ESTIMATED: &str = "urn:cairn:birth-estimated";

/// Who pays, in the clinic's words.
pub(super) const PAYER: &str = "urn:cairn:payer";

/// The comparators of FHIR R4.
const COMPARATORS: &[&str] = &["<", "<=", ">=", ">"];

/// Which code systems to take first when a concept has several codes.
pub(super) type Preference = &'static [System];

/// For what is the matter.
pub(super) const DISEASES: Preference = &[System::Icd10cm, System::Icd10, System::Snomed];
/// For drugs and the substances in them.
pub(super) const DRUGS: Preference = &[System::Rxnorm, System::Atc, System::Snomed];
/// For vaccines.
pub(super) const VACCINES: Preference = &[System::Cvx, System::Atc, System::Snomed];
/// For what is observed.
pub(super) const TESTS: Preference = &[System::Loinc, System::Snomed];
/// For all else.
pub(super) const ANY: Preference = &[System::Snomed];

impl Node<'_> {
    /// A `CodeableConcept`; none when it says nothing.
    pub(super) fn coded(&self, key: &'static str, first: Preference) -> Option<Coded> {
        self.node(key)?.concept(first)
    }

    /// A list of `CodeableConcept`s.
    pub(super) fn all_coded(&self, key: &'static str, first: Preference) -> Vec<Coded> {
        let nodes = self.nodes(key).into_iter();
        nodes.filter_map(|it| it.concept(first)).collect()
    }

    /// A list of `CodeableConcept`s as one: the words of all, the code of the first.
    pub(super) fn joined(&self, key: &'static str, first: Preference) -> Option<Coded> {
        let all = self.all_coded(key, first);
        let words: Vec<&str> = all.iter().map(|it| it.text.as_str()).collect();
        let text = words.join("; ");
        all.into_iter().next().map(|it| Coded { text, ..it })
    }

    /// The words of a `CodeableConcept`; empty when there are none.
    pub(super) fn words(&self, key: &'static str) -> String {
        self.coded(key, ANY).unwrap_or_default().text
    }

    /// The codes of a `CodeableConcept`, whatever their systems. A plain code, as FHIR
    /// STU3 has it in some places, counts as one.
    pub(super) fn codes(&self, key: &'static str) -> Vec<&str> {
        if let Some(code) = self.plain_text(key) {
            return vec![code];
        }
        let codings = self.node(key).map(|it| it.nodes("coding"));
        let codings = codings.into_iter().flatten();
        codings.filter_map(|it| it.text("code")).collect()
    }

    /// What this code means by a table; noted when it is not in it.
    pub(super) fn meaning<T: Copy>(
        &self,
        key: &'static str,
        code: Option<&str>,
        table: &[(&str, T)],
    ) -> Option<T> {
        let code = code?;
        let row = table.iter().find(|(name, _)| *name == code);
        if row.is_none() {
            self.note(key, "not a code that FHIR R4 has here");
        }
        row.map(|(_, meaning)| *meaning)
    }

    /// Whether a concept says that there is none, or that nothing is known, of its kind of
    /// thing: it must not become a thing in the chart.
    pub(super) fn says_none(&self, key: &'static str) -> bool {
        let codings = self.node(key).map(|it| it.nodes("coding"));
        codings.into_iter().flatten().any(|it| {
            let code = it.text("code").unwrap_or_default();
            let system = it.text("system").unwrap_or_default();
            system == ABSENT_OR_UNKNOWN
                || (system == System::Snomed.uri() && NONE_KNOWN.contains(&code))
        })
    }

    /// The `CodeableConcept` in this object. Its words are those that were said, else the
    /// code's own, else the code.
    pub(super) fn concept(&self, first: Preference) -> Option<Coded> {
        let codings = self.nodes("coding");
        let mut ranked: Vec<(bool, usize, Coding)> = Vec::new();
        let mut shown = "";
        for node in &codings {
            let display = node.text("display").unwrap_or_default();
            if shown.is_empty() {
                shown = display;
            }
            let Some(code) = node.text("code") else {
                continue;
            };
            let system = System::named(node.text("system").unwrap_or_default());
            let rank = first.iter().position(|it| *it == system);
            let picked = node.flag("userSelected") == Some(true);
            let coding = Coding::new(system, code, display);
            ranked.push((!picked, rank.unwrap_or(usize::MAX), coding));
        }
        ranked.sort_by_key(|(others, rank, _)| (*others, *rank));
        let mut best = ranked.into_iter().map(|(.., coding)| coding);
        let (coding, also) = (best.next(), best.next());
        let code = coding.as_ref().map_or("", |it| it.code.as_str());
        let said = self.text("text").unwrap_or_default();
        let text = [said, shown, code].into_iter().find(|it| !it.is_empty());
        text.map(|text| Coded {
            text: text.to_owned(),
            coding: coding.clone(),
            also,
        })
    }

    /// A `Quantity` with its UCUM unit; none when its number cannot be relied on.
    pub(super) fn quantity(&self, key: &'static str) -> Option<Quantity> {
        let node = self.node(key)?;
        let ucum = node.text("system") == Some(UCUM);
        let (code, unit) = (node.text("code"), node.text("unit"));
        let unit = if ucum { code.or(unit) } else { unit.or(code) };
        let comparator = node.text("comparator").unwrap_or_default();
        if !comparator.is_empty() && !COMPARATORS.contains(&comparator) {
            node.note("comparator", "not a comparator of FHIR R4");
            return None;
        }
        Some(Quantity {
            value: node.decimal("value")?,
            unit: unit.unwrap_or_default().to_owned(),
            comparator: comparator.to_owned(),
        })
    }

    /// A `Quantity` as people read it, such as `2 tablet`.
    pub(super) fn amount(&self, key: &'static str) -> Option<String> {
        self.node(key)?.amount_here()
    }

    /// A `Range` as people read it, such as `1–2 tablet`.
    pub(super) fn range(&self, key: &'static str) -> Option<String> {
        self.node(key)?.range_here()
    }

    /// The `Range` in this object.
    pub(super) fn range_here(&self) -> Option<String> {
        let low = self.amount("low");
        let high = self.amount("high");
        Some(match (low, high) {
            (Some(low), Some(high)) => {
                let (from, unit) = low.split_once(' ').unwrap_or((&low, ""));
                let same = high.split_once(' ').is_some_and(|(_, it)| it == unit);
                if same {
                    format!("{from}–{high}")
                } else {
                    format!("{low} – {high}")
                }
            }
            (Some(low), None) => format!("≥ {low}"),
            (None, Some(high)) => format!("≤ {high}"),
            (None, None) => return None,
        })
    }

    /// A `Ratio` as people read it, such as `1 mg / 5 mL`.
    pub(super) fn ratio(&self, key: &'static str) -> Option<String> {
        let node = self.node(key)?;
        let (over, under) = (node.amount("numerator")?, node.amount("denominator")?);
        let plain = |it: &str| it.bytes().all(|byte| byte.is_ascii_digit());
        Some(if plain(&over) && plain(&under) {
            format!("{over}:{under}")
        } else {
            format!("{over} / {under}")
        })
    }

    /// Both ends of a `Period`.
    pub(super) fn period(&self, key: &'static str) -> (Option<When>, Option<When>) {
        self.node(key)
            .map_or((None, None), |it| (it.when("start"), it.when("end")))
    }

    /// A `Period` as people read it.
    pub(super) fn period_words(&self, key: &'static str) -> Option<String> {
        let ends = self.period(key);
        let words = |it: Option<When>| it.map(|it| it.to_string()).unwrap_or_default();
        let ((from, to), known) = ((words(ends.0), words(ends.1)), ends != (None, None));
        known.then(|| format!("{from} – {to}"))
    }

    /// The texts of a list of `Annotation`s.
    pub(super) fn annotations(&self, key: &'static str) -> Vec<String> {
        let nodes = self.nodes(key).into_iter();
        nodes
            .filter_map(|it| it.long_text("text").map(str::to_owned))
            .collect()
    }

    /// A `HumanName` on one line.
    pub(super) fn human_name(&self) -> String {
        let mut parts = self.texts("prefix");
        parts.extend(self.texts("given"));
        parts.extend(self.text("family"));
        if parts.is_empty() {
            parts.extend(self.text("text"));
        }
        parts.join(" ")
    }

    /// The telephone numbers of a list of `ContactPoint`s, the preferred first. Old ones
    /// are left out.
    pub(super) fn phones(&self, key: &'static str) -> Vec<String> {
        let mut ranked: Vec<(String, String)> = Vec::new();
        for point in self.nodes(key) {
            let phone = matches!(point.text("system"), Some("phone" | "sms"));
            if !phone || point.text("use") == Some("old") {
                continue;
            }
            let Some(value) = point.text("value") else {
                continue;
            };
            let rank = point.decimal("rank").unwrap_or_else(|| "9".to_owned());
            let value = value.strip_prefix("tel:").unwrap_or(value);
            ranked.push((rank, value.to_owned()));
        }
        ranked.sort_by(|a, b| a.0.cmp(&b.0));
        ranked.into_iter().map(|(_, value)| value).collect()
    }

    fn amount_here(&self) -> Option<String> {
        let value = self.decimal("value")?;
        let comparator = self.text("comparator").unwrap_or_default();
        let unit = self.text("unit").or_else(|| self.text("code"));
        Some(match unit {
            Some(unit) if unit != "1" => format!("{comparator}{value} {unit}"),
            _ => format!("{comparator}{value}"),
        })
    }
}

/// Joins what is not empty, one on a line.
pub(super) fn lines(parts: impl IntoIterator<Item = String>) -> String {
    let parts: Vec<String> = parts.into_iter().filter(|it| !it.is_empty()).collect();
    parts.join("\n")
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;
    use crate::exchange::fhir::node::Log;

    fn with<T>(value: &Value, read: impl Fn(&Node<'_>) -> T) -> T {
        let log = Log::new(String::new());
        read(&Node::root(value.as_object().unwrap(), &log))
    }

    #[test]
    fn a_concept_keeps_the_words_and_the_preferred_code() {
        let value = json!({"code": {"text": "High blood pressure", "coding": [
            {"system": "urn:x", "code": "1", "display": "Other words"},
            {"system": "http://snomed.info/sct", "code": "38341003", "display": "HTN"},
            {"system": "http://hl7.org/fhir/sid/icd-10-cm", "code": "I10"},
        ]}});
        let coded = with(&value, |it| it.coded("code", DISEASES)).unwrap();
        assert_eq!(coded.text, "High blood pressure");
        assert!(coded.coding.unwrap() == Coding::new(System::Icd10cm, "I10", ""));
        assert!(coded.also.unwrap() == Coding::new(System::Snomed, "38341003", "HTN"));
    }

    #[test]
    fn a_concept_without_words_shows_its_display_or_its_code() {
        let read = |value: Value| {
            let coded = with(&json!({ "code": value }), |it| it.coded("code", ANY));
            coded.map(|it| it.text)
        };
        let display = json!({"coding": [{"code": "1", "display": "One"}]});
        assert_eq!(read(display).as_deref(), Some("One"));
        assert_eq!(
            read(json!({"coding": [{"code": "1"}]})).as_deref(),
            Some("1")
        );
        assert_eq!(read(json!({"coding": []})), None);
        assert_eq!(read(json!({})), None);
    }

    #[test]
    fn a_quantity_without_a_sure_number_is_none() {
        let read = |value: Value| with(&json!({ "v": value }), |it| it.quantity("v"));
        let ucum =
            json!({"value": 120, "unit": "mmHg", "code": "mm[Hg]", "system": UCUM});
        assert!(read(ucum).unwrap() == Quantity::new("120", "mm[Hg]"));
        assert!(read(json!({"value": 3, "unit": "drops"})).unwrap().unit == "drops");
        assert!(read(json!({"unit": "kg"})).is_none());
        assert!(read(json!({"value": "3"})).is_none());
        assert!(read(json!({"value": 3, "comparator": "about"})).is_none());
        assert_eq!(
            read(json!({"value": 3, "comparator": "<"}))
                .unwrap()
                .comparator,
            "<"
        );
    }

    #[test]
    fn ranges_and_ratios_are_read_as_people_do() {
        let value = json!({
            "a": {"low": {"value": 1, "unit": "mg"}, "high": {"value": 2, "unit": "mg"}},
            "b": {"low": {"value": 1}},
            "c": {"numerator": {"value": 1}, "denominator": {"value": 8}},
            "d": {"numerator": {"value": 1, "unit": "mg"}, "denominator": {"value": 5, "unit": "mL"}},
        });
        let found = with(&value, |it| {
            [it.range("a"), it.range("b"), it.ratio("c"), it.ratio("d")]
        });
        let expected = ["1–2 mg", "≥ 1", "1:8", "1 mg / 5 mL"];
        assert_eq!(found, expected.map(|it| Some(it.to_owned())));
    }
}
