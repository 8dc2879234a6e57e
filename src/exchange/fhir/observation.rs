//! `Observation` stays one: a value of any of FHIR's types, or components.

use super::{
    node::{LIST_LEN_MAX, Node},
    resource::{Resource, Why, Written},
    types::{ANY, TESTS, lines},
};
use crate::{
    chart::{
        Coded, Component, ObsCategory, Observation, Quantity, Record, System, Value,
    },
    time::When,
};

const CATEGORIES: &[(&str, ObsCategory)] = &[
    ("vital-signs", ObsCategory::VitalSigns),
    ("laboratory", ObsCategory::Laboratory),
    ("LAB", ObsCategory::Laboratory),
    ("imaging", ObsCategory::Imaging),
    ("RAD", ObsCategory::Imaging),
    ("social-history", ObsCategory::SocialHistory),
    ("survey", ObsCategory::Survey),
    ("exam", ObsCategory::Exam),
    ("procedure", ObsCategory::Other),
    ("therapy", ObsCategory::Other),
    ("activity", ObsCategory::Other),
];

/// LOINC codes of vital signs, for observations without a category.
const VITAL_SIGNS: &[&str] = &[
    "85353-1", "85354-9", "55284-4", "8480-6", "8462-4", "8867-4", "9279-1", "8310-5",
    "2708-6", "59408-5", "29463-7", "8302-2", "8306-3", "9843-4", "39156-5", "56072-2",
    "72514-3",
];

const VALUES: &[&str] = &[
    "valueQuantity",
    "valueCodeableConcept",
    "valueString",
    "valueBoolean",
    "valueInteger",
    "valueRange",
    "valueRatio",
    "valueSampledData",
    "valueTime",
    "valueDateTime",
    "valuePeriod",
];

/// Statuses under which a value is not yet sure; they stand in the remark.
const UNSURE: &[&str] = &["registered", "preliminary", "unknown"];

/// Reads an `Observation`.
pub(super) fn read(from: &Resource<'_>) -> Result<Record, Why> {
    let node = &from.node;
    if node.has("focus") {
        return Err("it is about something else than the patient (focus)");
    }
    if node.count("component") > LIST_LEN_MAX {
        return Err("it has more than 64 components");
    }
    let code = node.coded("code", TESTS);
    let code = code.ok_or("it does not say what was observed")?;
    let value = value(node, Node::long_text)?;
    let parts = node.nodes("component");
    let parts: Result<Vec<_>, Why> = parts.iter().map(component).collect();
    let components = parts?;
    let status = node.text("status").unwrap_or_default();
    let absent = if status == "cancelled" && value.is_none() {
        "cancelled".to_owned()
    } else {
        node.words("dataAbsentReason")
    };
    let performer = node.first("performer");
    let mut remarks = node.annotations("note");
    if UNSURE.contains(&status) {
        remarks.push(format!("status: {status}"));
    }
    let category = category(node, &code);
    Ok(Record::Observation(Observation {
        entry: from.entry(Written {
            in_error: status == "entered-in-error",
            recorded: node.moment("issued"),
            author: performer.map(|it| from.name_in(&it)).unwrap_or_default(),
            remark: lines(remarks),
        }),
        code,
        category,
        when: when(node),
        value,
        absent,
        components,
        range: ranges(node),
        flag: flag(node),
        method: method(node),
        visit: from.visit(),
        order: None,
    }))
}

fn component(node: &Node<'_>) -> Result<Component, Why> {
    let code = node.coded("code", TESTS);
    let absent = || {
        let why = node.words("dataAbsentReason");
        (!why.is_empty()).then_some(Value::Text(why))
    };
    Ok(Component {
        code: code.ok_or("a component does not say what was observed")?,
        value: value(node, Node::text)?.or_else(absent),
    })
}

/// The value, of whichever type; an error when there is one that cannot be read.
fn value<'a>(
    node: &Node<'a>,
    text: fn(&Node<'a>, &'static str) -> Option<&'a str>,
) -> Result<Option<Value>, Why> {
    let Some(key) = node.which(VALUES) else {
        return Ok(None);
    };
    let words = |it: Option<String>| it.map(Value::Text);
    let read = match key {
        "valueQuantity" => node.quantity(key).map(Value::Quantity),
        "valueCodeableConcept" => node.coded(key, ANY).map(Value::Code),
        "valueInteger" => {
            let number = node.decimal(key);
            number.map(|it| Value::Quantity(Quantity::new(it, "")))
        }
        "valueBoolean" => words(node.flag(key).map(|it| it.to_string())),
        "valueRange" => words(node.range(key)),
        "valueRatio" => words(node.ratio(key)),
        "valuePeriod" => words(node.period_words(key)),
        "valueDateTime" => words(node.when(key).map(|it| it.to_string())),
        "valueSampledData" => {
            let data = node.node(key);
            words(data.and_then(|it| it.text("data").map(str::to_owned)))
        }
        _ => words(text(node, key).map(str::to_owned)),
    };
    read.map(Some).ok_or("its value cannot be read")
}

fn when(node: &Node<'_>) -> Option<When> {
    node.when("effectiveDateTime")
        .or_else(|| node.when("effectiveInstant"))
        .or_else(|| node.period("effectivePeriod").0)
}

/// What is stated; without a statement, what the code and the reference range tell.
fn category(node: &Node<'_>, code: &Coded) -> ObsCategory {
    let concepts = node.nodes("category").into_iter();
    let codings: Vec<Node<'_>> = concepts.flat_map(|it| it.nodes("coding")).collect();
    let stated = codings.iter().find_map(|it| {
        let row = CATEGORIES
            .iter()
            .find(|(name, _)| it.text("code") == Some(name));
        row.map(|(_, category)| *category)
    });
    let vital = || VITAL_SIGNS.iter().any(|it| code.has(&System::Loinc, it));
    match stated {
        Some(category) => category,
        None if vital() => ObsCategory::VitalSigns,
        None if node.has("referenceRange") || node.has("specimen") => {
            ObsCategory::Laboratory
        }
        None => ObsCategory::Other,
    }
}

fn ranges(node: &Node<'_>) -> String {
    let each = node.nodes("referenceRange").into_iter().filter_map(|it| {
        let words = it.text("text").map(str::to_owned);
        let range = words.or_else(|| it.range_here())?;
        let whom = it.all_coded("appliesTo", ANY).into_iter().next();
        Some(match whom {
            Some(whom) => format!("{}: {range}", whom.text),
            None => range,
        })
    });
    let all: Vec<String> = each.collect();
    all.join("; ")
}

/// HL7's letter; "normal" needs none.
fn flag(node: &Node<'_>) -> String {
    let first = node.all_coded("interpretation", ANY).into_iter().next();
    let first = first.unwrap_or_default();
    let flag = first.coding.map_or(first.text, |it| it.code);
    match flag.as_str() {
        "N" => String::new(),
        "HU" => "HH".to_owned(),
        "LU" => "LL".to_owned(),
        _ => flag,
    }
}

fn method(node: &Node<'_>) -> String {
    let both = [node.words("method"), node.words("bodySite")];
    let said: Vec<String> = both.into_iter().filter(|it| !it.is_empty()).collect();
    said.join(", ")
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::exchange::fhir::testing::{problems, record, skipped};

    fn observation_json(more: &str) -> serde_json::Value {
        let text = format!(
            r#"{{"resourceType":"Observation","id":"o","status":"final",
            "code":{{"coding":[{{"system":"http://loinc.org","code":"8867-4","display":"Heart rate"}}]}},
            "subject":{{"reference":"Patient/p"}}{more}}}"#
        );
        serde_json::from_str(&text).unwrap()
    }

    #[track_caller]
    fn observation(more: &str) -> Observation {
        let Record::Observation(it) = record(&observation_json(more)) else {
            panic!()
        };
        it
    }

    #[track_caller]
    fn check_value(more: &str, expected: Value) {
        let found = observation(&format!(",{more}")).value;
        assert!(found == Some(expected), "for {more}");
    }

    #[test]
    fn every_type_of_value_is_read() {
        check_value(
            r#""valueQuantity":{"value":72.50,"unit":"beats","system":"http://unitsofmeasure.org","code":"/min"}"#,
            Value::Quantity(Quantity::new("72.50", "/min")),
        );
        check_value(
            r#""valueCodeableConcept":{"text":"Never smoker"}"#,
            Value::Code(Coded::text("Never smoker")),
        );
        check_value(
            r#""valueInteger":3"#,
            Value::Quantity(Quantity::new("3", "")),
        );
        for (more, text) in [
            (r#""valueString":"clear""#, "clear"),
            (r#""valueBoolean":true"#, "true"),
            (r#""valueTime":"10:30:00""#, "10:30:00"),
            (r#""valueDateTime":"2020-02""#, "2020-02"),
            (
                r#""valuePeriod":{"start":"2020","end":"2021"}"#,
                "2020 – 2021",
            ),
            (
                r#""valueRange":{"low":{"value":1},"high":{"value":2}}"#,
                "1 – 2",
            ),
            (
                r#""valueRatio":{"numerator":{"value":1},"denominator":{"value":16}}"#,
                "1:16",
            ),
            (r#""valueSampledData":{"data":"1 2 E"}"#, "1 2 E"),
        ] {
            check_value(more, Value::Text(text.to_owned()));
        }
    }

    #[test]
    fn a_value_that_cannot_be_read_is_not_left_out_in_silence() {
        for more in [
            r#","valueQuantity":{"value":"72"}"#,
            r#","valueQuantity":{"unit":"kg"}"#,
            r#","valueString":5"#,
            r#","component":[{"code":{"text":"x"},"valueInteger":"1"}]"#,
        ] {
            let why = skipped(&observation_json(more));
            assert_eq!(why, "its value cannot be read", "for {more}");
        }
        let part = observation_json(r#","component":[{"valueInteger":1}]"#);
        assert_eq!(skipped(&part), "a component does not say what was observed");
        let focus = observation_json(r#","focus":[{"reference":"Group/1"}]"#);
        assert!(skipped(&focus).starts_with("it is about something else"));
    }

    #[test]
    fn blood_pressure_keeps_its_parts() {
        let found = observation(
            r#","component":[
                {"code":{"coding":[{"system":"http://loinc.org","code":"8480-6"}]},"valueQuantity":{"value":120,"code":"mm[Hg]","system":"http://unitsofmeasure.org"}},
                {"code":{"text":"diastolic"},"dataAbsentReason":{"text":"not heard"}}]"#,
        );
        let [systolic, diastolic] = found.components.as_slice() else {
            panic!()
        };
        assert!(systolic.code.has(&System::Loinc, "8480-6"));
        let quantity = Value::Quantity(Quantity::new("120", "mm[Hg]"));
        assert!(systolic.value == Some(quantity));
        assert!(diastolic.value == Some(Value::Text("not heard".to_owned())));
    }

    #[test]
    fn where_it_stands_is_told_by_category_or_code() {
        let of = |more: &str| observation(more).category;
        let stated =
            |code: &str| format!(r#","category":[{{"coding":[{{"code":"{code}"}}]}}]"#);
        for (code, expected) in CATEGORIES {
            assert_eq!(of(&stated(code)), *expected);
        }
        assert_eq!(of(""), ObsCategory::VitalSigns);
        let other = r#","code":{"text":"Sodium"},"referenceRange":[{"text":"135-145"}]"#;
        let mut value = observation_json("");
        value
            .as_object_mut()
            .unwrap()
            .insert("code".to_owned(), json!({"text": "x"}));
        assert!(
            matches!(record(&value), Record::Observation(it) if it.category == ObsCategory::Other)
        );
        let text = value.to_string().replace(r#","code":{"text":"x"}"#, other);
        let value = serde_json::from_str(&text).unwrap();
        assert!(matches!(record(&value), Record::Observation(it) if it.is_laboratory()));
    }

    #[test]
    fn range_flag_method_and_status_are_kept() {
        let found = observation(
            r#","referenceRange":[{"low":{"value":60},"high":{"value":100},"appliesTo":[{"text":"adults"}]},{"text":"see note"}],
            "interpretation":[{"coding":[{"code":"HU"}]}],"method":{"text":"manual"},
            "bodySite":{"text":"left arm"},"effectivePeriod":{"start":"2020-01-01"},
            "note":[{"text":"after a walk"}]"#,
        );
        assert_eq!(found.range, "adults: 60 – 100; see note");
        assert_eq!(
            (found.flag.as_str(), found.method.as_str()),
            ("HH", "manual, left arm")
        );
        assert_eq!(found.when.unwrap().to_string(), "2020-01-01");
        assert_eq!(found.entry.remark.0, "after a walk");
        let text = observation_json("").to_string();
        let with = |status: &str| {
            let value = text.replace("final", status);
            let Record::Observation(it) = record(&serde_json::from_str(&value).unwrap())
            else {
                panic!()
            };
            it
        };
        assert!(with("entered-in-error").entry.in_error);
        assert_eq!(with("cancelled").absent, "cancelled");
        assert_eq!(with("preliminary").entry.remark.0, "status: preliminary");
        assert_eq!(
            problems(&observation_json(r#","issued":"soon""#)),
            ["issued: not a date of the calendar"]
        );
    }
}
