//! `Condition` becomes a problem.

use super::{
    node::Node,
    resource::{Resource, Why, Written},
    types::{ANY, DISEASES, lines},
};
use crate::chart::{Clinical, Problem, Record, Verification};

const CLINICAL: &[(&str, Clinical)] = &[
    ("active", Clinical::Active),
    ("recurrence", Clinical::Recurrence),
    ("relapse", Clinical::Recurrence),
    ("inactive", Clinical::Inactive),
    ("remission", Clinical::Remission),
    ("resolved", Clinical::Resolved),
];

const VERIFICATION: &[(&str, Verification)] = &[
    ("confirmed", Verification::Confirmed),
    ("unconfirmed", Verification::Unconfirmed),
    ("provisional", Verification::Unconfirmed),
    ("differential", Verification::Differential),
    ("refuted", Verification::Refuted),
    ("entered-in-error", Verification::Refuted),
];

/// Reads a `Condition`.
pub(super) fn read(from: &Resource<'_>) -> Result<Record, Why> {
    let node = &from.node;
    if node.says_none("code") {
        return Err("it says that no problems are known: there is nothing to keep");
    }
    let code = node.coded("code", DISEASES);
    let code = code.ok_or("it does not say what the problem is")?;
    let (verification, in_error) = verification(node);
    let abated = node
        .when("abatementDateTime")
        .or_else(|| node.period("abatementPeriod").1);
    let over = abated.is_some()
        || node
            .which(&["abatementString", "abatementAge", "abatementRange"])
            .is_some();
    let stated = clinical(node);
    let usual = if verification == Verification::Refuted {
        Clinical::Inactive
    } else if over {
        Clinical::Resolved
    } else {
        Clinical::Active
    };
    let categories = categories(node);
    let of_visit_only = categories.contains(&"encounter-diagnosis")
        && !categories.contains(&"problem-list-item");
    let author = ["asserter", "recorder"].map(|key| from.name_at(key));
    let mut remarks = node.annotations("note");
    remarks.extend(words_of(node, "onset", "since"));
    remarks.extend(words_of(node, "abatement", "until"));
    let sites = node.joined("bodySite", ANY).unwrap_or_default();
    Ok(Record::Problem(Problem {
        entry: from.entry(Written {
            in_error,
            recorded: node.moment("recordedDate"),
            author: author
                .into_iter()
                .find(|it| !it.is_empty())
                .unwrap_or_default(),
            remark: lines(remarks),
        }),
        code,
        clinical: stated.unwrap_or(usual),
        verification,
        on_list: !of_visit_only,
        onset: node
            .when("onsetDateTime")
            .or_else(|| node.period("onsetPeriod").0),
        abated,
        severity: node.words("severity"),
        site: sites.text,
        visit: from.visit(),
    }))
}

/// `clinicalStatus` of a condition or an allergy, if it is stated.
pub(super) fn clinical(node: &Node<'_>) -> Option<Clinical> {
    let code = node.codes("clinicalStatus").first().copied();
    node.meaning("clinicalStatus", code, CLINICAL)
}

/// `verificationStatus` of a condition or an allergy, and whether it was entered in error.
/// What cannot be read counts as unconfirmed.
pub(super) fn verification(node: &Node<'_>) -> (Verification, bool) {
    let codes = node.codes("verificationStatus");
    let in_error = codes.contains(&"entered-in-error");
    let first = codes.first().copied();
    let stated = node.meaning("verificationStatus", first, VERIFICATION);
    let usual = if node.has("verificationStatus") {
        Verification::Unconfirmed
    } else {
        Verification::Confirmed
    };
    (stated.unwrap_or(usual), in_error)
}

/// A time that is an age, a range or words: `since 40 a`.
pub(super) fn words_of(
    node: &Node<'_>,
    key: &'static str,
    before: &str,
) -> Option<String> {
    let (age, range, text) = match key {
        "onset" => ("onsetAge", "onsetRange", "onsetString"),
        "abatement" => ("abatementAge", "abatementRange", "abatementString"),
        _ => ("performedAge", "performedRange", "performedString"),
    };
    let words = node
        .amount(age)
        .map(|it| format!("age {it}"))
        .or_else(|| node.range(range).map(|it| format!("age {it}")))
        .or_else(|| node.text(text).map(str::to_owned));
    words.map(|it| format!("{before} {it}"))
}

fn categories<'n>(node: &'n Node<'_>) -> Vec<&'n str> {
    let concepts = node.nodes("category").into_iter();
    let codings = concepts.flat_map(|it| it.nodes("coding"));
    codings.filter_map(|it| it.text("code")).collect()
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;
    use crate::exchange::fhir::testing::{problems, record, skipped};

    fn condition(more: Value) -> Value {
        let mut value = json!({
            "resourceType": "Condition", "id": "c",
            "code": {"text": "Asthma"}, "subject": {"reference": "Patient/p"},
        });
        let fields = value.as_object_mut().unwrap();
        fields.extend(more.as_object().unwrap().clone());
        value
    }

    #[track_caller]
    fn problem(more: Value) -> Problem {
        let Record::Problem(it) = record(&condition(more)) else {
            panic!()
        };
        it
    }

    fn status(code: &str) -> Value {
        json!({"coding": [{"code": code}]})
    }

    #[test]
    fn the_status_is_read_and_a_wrong_one_is_noted() {
        for (code, expected) in CLINICAL {
            let found = problem(json!({ "clinicalStatus": status(code) }));
            assert_eq!(found.clinical, *expected);
        }
        let odd = json!({"clinicalStatus": status("gone"), "verificationStatus": 5});
        let found = problem(odd.clone());
        assert_eq!(found.clinical, Clinical::Active);
        assert_eq!(found.verification, Verification::Unconfirmed);
        assert_eq!(
            problems(&condition(odd)),
            [
                "verificationStatus: not an object",
                "clinicalStatus: not a code that FHIR R4 has here",
            ]
        );
    }

    #[test]
    fn a_plain_code_of_an_older_fhir_is_understood() {
        let found = problem(json!({"clinicalStatus": "resolved"}));
        assert_eq!(found.clinical, Clinical::Resolved);
        let found = problem(json!({"verificationStatus": "entered-in-error"}));
        assert!(found.entry.in_error);
    }

    #[test]
    fn without_a_status_an_ended_problem_is_over() {
        let found = problem(json!({"abatementDateTime": "2015"}));
        assert_eq!(found.clinical, Clinical::Resolved);
        let found = problem(json!({"abatementString": "in childhood"}));
        assert_eq!(found.clinical, Clinical::Resolved);
        assert_eq!(found.entry.remark.0, "until in childhood");
    }

    #[test]
    fn a_refuted_problem_is_never_active_without_a_word() {
        let found = problem(json!({"verificationStatus": status("refuted")}));
        assert_eq!(found.clinical, Clinical::Inactive);
    }

    #[test]
    fn the_diagnosis_of_a_visit_is_not_on_the_list() {
        let category = |code: &str| json!({"category": [status(code)]});
        assert!(problem(json!({})).on_list);
        assert!(problem(category("problem-list-item")).on_list);
        assert!(problem(category("health-concern")).on_list);
        assert!(!problem(category("encounter-diagnosis")).on_list);
    }

    #[test]
    fn a_day_that_never_was_costs_the_field_and_not_the_problem() {
        let value = json!({"onsetDateTime": "2019-02-30", "severity": {"text": "mild"}});
        let found = problem(value.clone());
        assert_eq!((found.onset, found.severity.as_str()), (None, "mild"));
        let noted = problems(&condition(value));
        assert_eq!(noted, ["onsetDateTime: not a date of the calendar"]);
    }

    #[test]
    fn no_known_problems_is_not_a_problem() {
        let none = json!({"code": {"coding": [{
            "system": "http://hl7.org/fhir/uv/ips/CodeSystem/absent-unknown-uv-ips",
            "code": "no-known-problems",
        }]}});
        let why = "it says that no problems are known: there is nothing to keep";
        assert_eq!(skipped(&condition(none)), why);
        let why = "it does not say what the problem is";
        assert_eq!(skipped(&condition(json!({"code": {}}))), why);
    }
}
