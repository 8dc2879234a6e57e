//! Fields of which, when two people set them apart from each other, the more careful value
//! is shown. Of all other fields the newest is.

use crate::chart::Kind;

/// A field, and its values from the most careful on.
struct Rule {
    kind: Kind,
    field: &'static str,
    order: &'static [&'static str],
}

/// The whole table. Items of a list are `list.#.field`.
const RULES: &[Rule] = &[
    rule(Kind::Allergy, "err", STILL_TRUE),
    rule(Kind::Allergy, "clin", PRESENT),
    rule(Kind::Allergy, "ver", SURE),
    rule(Kind::Allergy, "crit", &["high", "unknown", "low"]),
    rule(Kind::Allergy, "react.#.sev", SEVERE),
    // Nobody relies on "none known" while one of two people took it back.
    rule(Kind::NoKnownAllergies, "err", &["true", "false"]),
    rule(Kind::Problem, "err", STILL_TRUE),
    rule(Kind::Problem, "clin", PRESENT),
    rule(Kind::Problem, "ver", SURE),
    rule(Kind::Medication, "err", STILL_TRUE),
    // The safety checks count a drug as taken while any version says so.
    rule(
        Kind::Medication,
        "status",
        &["stopped", "cancelled", "completed", "on-hold", "active"],
    ),
    // Nobody relies on a consent that one of two people took back.
    rule(Kind::Consent, "err", &["true", "false"]),
    rule(Kind::Consent, "state", WITHDRAWN),
];

/// Fields of which the safety checks count the gravest value that anybody wrote, whether it
/// counts or not; and what it means that there is none.
const FEARED: &[(Rule, &str)] = &[
    (rule(Kind::Allergy, "err", STILL_TRUE), "false"),
    (rule(Kind::Allergy, "clin", PRESENT), "active"),
    (rule(Kind::Allergy, "ver", SURE), "confirmed"),
    (
        rule(Kind::Allergy, "crit", &["high", "unknown", "low"]),
        "unknown",
    ),
    (rule(Kind::Allergy, "react.#.sev", SEVERE), ""),
    (rule(Kind::Medication, "err", STILL_TRUE), "false"),
    (rule(Kind::Medication, "status", TAKEN), "active"),
    (rule(Kind::Consent, "state", WITHDRAWN), "active"),
];

const TAKEN: &[&str] = &["active", "on-hold", "completed", "stopped", "cancelled"];
const WITHDRAWN: &[&str] = &["withdrawn", "active"];
const SEVERE: &[&str] = &["severe", "moderate", "mild", ""];
const STILL_TRUE: &[&str] = &["false", "true"];
const PRESENT: &[&str] = &["active", "recurrence", "remission", "inactive", "resolved"];
const SURE: &[&str] = &["confirmed", "unconfirmed", "differential", "refuted"];

const fn rule(kind: Kind, field: &'static str, order: &'static [&'static str]) -> Rule {
    Rule { kind, field, order }
}

/// The values of this field from the most careful on, if it has such an order. A word that
/// is not in it comes after all that are.
pub(crate) fn order(kind: Kind, field: &str) -> Option<&'static [&'static str]> {
    let rule = RULES
        .iter()
        .find(|it| it.kind == kind && matches(it.field, field));
    rule.map(|it| it.order)
}

/// How far from the gravest a value of this field is, if the safety checks ask; of a field
/// that is not there, how far its absence is.
pub(crate) fn gravity(kind: Kind, field: &str, value: Option<&str>) -> Option<usize> {
    let (rule, usual) = FEARED
        .iter()
        .find(|(it, _)| it.kind == kind && matches(it.field, field))?;
    let value = value.unwrap_or(usual);
    let place = rule.order.iter().position(|it| *it == value);
    // A word of a newer program is read as the one that hides least.
    Some(place.unwrap_or(0))
}

fn matches(rule: &str, field: &str) -> bool {
    let mut parts = field.split('.');
    let alike = rule.split('.').all(|part| {
        let number = |it: &str| it.bytes().all(|byte| byte.is_ascii_digit());
        parts
            .next()
            .is_some_and(|it| part == it || (part == "#" && number(it)))
    });
    alike && parts.next().is_none()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::doc::words;

    #[test]
    fn an_item_of_a_list_has_the_rule_of_all_its_items() {
        let severity = order(Kind::Allergy, "react.1718.sev").unwrap();
        assert_eq!(severity[0], "severe");
        assert!(order(Kind::Allergy, "react.1718.m").is_none());
        assert!(order(Kind::Allergy, "react.x.sev").is_none());
        assert!(order(Kind::Immunization, "err").is_none());
    }

    #[test]
    fn every_word_of_a_careful_field_has_its_place() {
        let named = |order: &[&str], known: &dyn Fn(&str) -> bool| {
            order.iter().all(|word| known(word))
        };
        assert!(named(PRESENT, &|it| words::CLINICAL.named(it).is_some()));
        assert!(named(SURE, &|it| words::VERIFICATION.named(it).is_some()));
        let status = order(Kind::Medication, "status").unwrap();
        assert!(named(status, &|it| words::MED_STATUS.named(it).is_some()));
        assert_eq!(status.len(), 5);
        assert!(named(WITHDRAWN, &|it| words::CONSENT_STATE
            .named(it)
            .is_some()));
        let severity = order(Kind::Allergy, "react.0.sev").unwrap();
        assert!(named(severity, &|it| words::SEVERITY.named(it).is_some()));
    }
}
