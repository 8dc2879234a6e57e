//! `Dosage`: how a drug is taken, as the chart's few fields and, for the rest, in words.

use super::{
    node::Node,
    types::{ANY, lines},
};
use crate::time::When;

/// Frequencies that people write short: times, in how many, of which unit.
pub(super) const SHORT: &[(&str, &str, &str, &str)] = &[
    ("1", "1", "d", "od"),
    ("2", "1", "d", "bd"),
    ("3", "1", "d", "tds"),
    ("4", "1", "d", "qds"),
    ("1", "1", "wk", "weekly"),
    ("1", "1", "mo", "monthly"),
];

/// How a drug is taken.
#[derive(Default)]
pub(super) struct Dosage {
    pub(super) dose: String,
    pub(super) route: String,
    pub(super) frequency: String,
    pub(super) duration: String,
    pub(super) as_needed: bool,
    pub(super) start: Option<When>,
    pub(super) end: Option<When>,
    pub(super) instructions: String,
}

/// Reads the dosages of a drug. Several are told in words, one on a line: to show the first
/// alone would be wrong.
pub(super) fn read(node: &Node<'_>, key: &'static str) -> Dosage {
    let nodes = node.nodes(key);
    if let [single] = nodes.as_slice() {
        return one(single);
    }
    let all: Vec<Dosage> = nodes.iter().map(one).collect();
    let words = all.iter().zip(1..).map(|(it, number)| {
        let fields = [&it.dose, &it.route, &it.frequency, &it.duration];
        let mut parts: Vec<&str> = fields.into_iter().map(String::as_str).collect();
        if it.as_needed {
            parts.push("as needed");
        }
        parts.extend(it.instructions.lines());
        parts.retain(|part| !part.is_empty());
        format!("{number}) {}", parts.join(", "))
    });
    Dosage {
        as_needed: !all.is_empty() && all.iter().all(|it| it.as_needed),
        instructions: lines(words),
        ..Dosage::default()
    }
}

fn one(node: &Node<'_>) -> Dosage {
    let timing = node.node("timing");
    let repeat = timing.as_ref().and_then(|it| it.node("repeat"));
    let named = timing.as_ref().map(|it| it.words("code"));
    let frequency = repeat.as_ref().and_then(frequency).or(named);
    let bounds = repeat.as_ref().map(|it| it.period("boundsPeriod"));
    let (start, end) = bounds.unwrap_or_default();
    let mut told: Vec<String> = Vec::new();
    let said = |it: Option<&str>| it.map(str::to_owned);
    told.extend(said(node.long_text("text")));
    told.extend(said(node.long_text("patientInstruction")));
    let additional = node.all_coded("additionalInstruction", ANY).into_iter();
    told.extend(additional.map(|it| it.text));
    told.extend(repeat.as_ref().map(when_words).filter(|it| !it.is_empty()));
    let rates = node.nodes("doseAndRate");
    told.extend(rates.iter().filter_map(rate));
    let most = node.ratio("maxDosePerPeriod");
    told.extend(most.map(|it| format!("at most {it}")));
    let at_once = node.amount("maxDosePerAdministration");
    told.extend(at_once.map(|it| format!("at most {it} at once")));
    let in_life = node.amount("maxDosePerLifetime");
    told.extend(in_life.map(|it| format!("at most {it} in a life")));
    let reason = node.coded("asNeededCodeableConcept", ANY);
    let as_needed = reason.is_some() || node.flag("asNeededBoolean") == Some(true);
    told.extend(reason.map(|it| format!("as needed for {}", it.text)));
    told.push(prefixed("by ", node.words("method")));
    told.push(prefixed("at ", node.words("site")));
    let dose = rates.iter().find_map(|it| {
        let quantity = it.amount("doseQuantity");
        quantity.or_else(|| it.range("doseRange"))
    });
    Dosage {
        dose: dose.unwrap_or_default(),
        route: node.words("route"),
        frequency: frequency.unwrap_or_default(),
        duration: repeat.as_ref().and_then(duration).unwrap_or_default(),
        as_needed,
        start,
        end,
        instructions: lines(told),
    }
}

fn prefixed(before: &str, words: String) -> String {
    if words.is_empty() {
        words
    } else {
        format!("{before}{words}")
    }
}

/// `tds`, or `2 every 3 d`; none when the timing does not say.
fn frequency(repeat: &Node<'_>) -> Option<String> {
    let unit = repeat.text("periodUnit")?;
    let period = repeat.decimal("period")?;
    let times = repeat.decimal("frequency");
    let times = times.unwrap_or_else(|| "1".to_owned());
    let (most, longest) = (repeat.decimal("frequencyMax"), repeat.decimal("periodMax"));
    let (plain_times, plain_period) = (whole(&times), whole(&period));
    let sure = most.is_none() && longest.is_none();
    let short = SHORT
        .iter()
        .find(|row| sure && (row.0, row.1, row.2) == (plain_times, plain_period, unit));
    if let Some((.., short)) = short {
        return Some((*short).to_owned());
    }
    let upto = |low: &str, high: Option<String>| match high {
        Some(high) => format!("{low}–{}", whole(&high)),
        None => low.to_owned(),
    };
    let (times, period) = (upto(plain_times, most), upto(plain_period, longest));
    Some(if times == "1" {
        format!("every {period} {unit}")
    } else {
        format!("{times} every {period} {unit}")
    })
}

/// `1.0` as `1`.
fn whole(decimal: &str) -> &str {
    match decimal.split_once('.') {
        Some((whole, rest)) if rest.bytes().all(|it| it == b'0') => whole,
        _ => decimal,
    }
}

/// A `Duration` as `5d`.
pub(super) fn time(node: &Node<'_>) -> Option<String> {
    let value = node.decimal("value")?;
    let unit = node.text("code").or_else(|| node.text("unit"))?;
    Some(format!("{}{unit}", whole(&value)))
}

/// `5d`.
fn duration(repeat: &Node<'_>) -> Option<String> {
    if let Some(bounds) = repeat.node("boundsDuration") {
        return time(&bounds);
    }
    if let Some(range) = repeat.range("boundsRange") {
        return Some(range);
    }
    let count = repeat.decimal("count")?;
    Some(format!("{} times", whole(&count)))
}

/// `before meals` and the like, and days and hours.
fn when_words(repeat: &Node<'_>) -> String {
    let mut parts = repeat.texts("when");
    parts.extend(repeat.texts("dayOfWeek"));
    parts.extend(repeat.texts("timeOfDay"));
    parts.join(" ")
}

fn rate(node: &Node<'_>) -> Option<String> {
    let rate = node
        .ratio("rateRatio")
        .or_else(|| node.range("rateRange"))
        .or_else(|| node.amount("rateQuantity"));
    rate.map(|it| format!("rate {it}"))
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;
    use crate::exchange::fhir::node::Log;

    fn dosage(value: Value) -> Dosage {
        let resource = json!({ "dosage": value });
        let log = Log::new(String::new());
        read(&Node::root(resource.as_object().unwrap(), &log), "dosage")
    }

    #[track_caller]
    fn check_frequency(repeat: Value, expected: &str) {
        let found = dosage(json!([{"timing": {"repeat": repeat.clone()}}]));
        assert_eq!(found.frequency, expected, "for {repeat}");
    }

    #[test]
    fn a_frequency_is_as_short_as_people_write_it() {
        check_frequency(
            json!({"frequency": 3, "period": 1, "periodUnit": "d"}),
            "tds",
        );
        check_frequency(
            json!({"frequency": 1, "period": 1, "periodUnit": "wk"}),
            "weekly",
        );
        check_frequency(json!({"period": 8, "periodUnit": "h"}), "every 8 h");
        check_frequency(
            json!({"frequency": 2, "period": 3, "periodUnit": "d"}),
            "2 every 3 d",
        );
        check_frequency(
            json!({"frequency": 3, "frequencyMax": 4, "period": 1, "periodUnit": "d"}),
            "3–4 every 1 d",
        );
        check_frequency(json!({"frequency": 3}), "");
    }

    #[test]
    fn a_dosage_is_read_whole() {
        let found = dosage(json!([{
            "text": "one tablet with food", "route": {"text": "oral"},
            "timing": {"repeat": {"frequency": 2, "period": 1, "periodUnit": "d", "when": ["PC"],
                "boundsDuration": {"value": 5, "code": "d"}}},
            "asNeededCodeableConcept": {"text": "pain"},
            "doseAndRate": [{"doseQuantity": {"value": 1, "unit": "tablet"}}],
            "maxDosePerPeriod": {"numerator": {"value": 4, "unit": "g"},
                "denominator": {"value": 1, "unit": "d"}},
        }]));
        assert_eq!(
            (found.dose.as_str(), found.route.as_str()),
            ("1 tablet", "oral")
        );
        assert_eq!(
            (found.frequency.as_str(), found.duration.as_str()),
            ("bd", "5d")
        );
        assert!(found.as_needed);
        assert_eq!(
            found.instructions,
            "one tablet with food\nPC\nat most 4 g / 1 d\nas needed for pain"
        );
    }

    #[test]
    fn several_dosages_are_told_in_words_and_none_is_hidden() {
        let dose = |value: u8| json!({"doseAndRate": [{"doseQuantity": {"value": value, "unit": "mg"}}]});
        let found = dosage(json!([dose(40), dose(20)]));
        assert_eq!(found.dose, "");
        assert_eq!(found.instructions, "1) 40 mg\n2) 20 mg");
    }
}
