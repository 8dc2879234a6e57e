//! `Immunization` stays one: a dose given, or one not given and why.

use super::{
    node::Node,
    resource::{Resource, Why, Written},
    types::{ANY, VACCINES, lines},
};
use crate::chart::{Immunization, Record};

const STATUSES: &[(&str, ())] = &[
    ("completed", ()),
    ("entered-in-error", ()),
    ("not-done", ()),
];

/// What stands in the place of a date that is not known.
pub(super) const NOT_KNOWN: &str = "unknown";

/// What is said of a dose that was given and does not count.
pub(super) const SUBPOTENT: &str = "given, but subpotent";

/// Reads an `Immunization`.
pub(super) fn read(from: &Resource<'_>) -> Result<Record, Why> {
    let node = &from.node;
    if node.says_none("vaccineCode") {
        return Err("it says that no vaccines are known: there is nothing to keep");
    }
    let vaccine = node.coded("vaccineCode", VACCINES);
    let vaccine = vaccine.ok_or("it does not say which vaccine")?;
    let status = node.text("status");
    node.meaning("status", status, STATUSES);
    let performer = node.first("performer").and_then(|it| it.node("actor"));
    let mut remarks = node.annotations("note");
    let about = node.text("occurrenceString").filter(|it| *it != NOT_KNOWN);
    remarks.extend(about.map(str::to_owned));
    let protocol = node.first("protocolApplied");
    Ok(Record::Immunization(Immunization {
        entry: from.entry(Written {
            in_error: status == Some("entered-in-error"),
            recorded: node.moment("recorded"),
            author: performer.map(|it| from.name_in(&it)).unwrap_or_default(),
            remark: lines(remarks),
        }),
        vaccine,
        date: node.when("occurrenceDateTime"),
        lot: node.text("lotNumber").unwrap_or_default().to_owned(),
        maker: from.name_at("manufacturer"),
        expiry: node
            .date("expirationDate")
            .map(|it| it.to_string())
            .unwrap_or_default(),
        site: node.words("site"),
        route: node.words("route"),
        dose_number: protocol.as_ref().and_then(dose_number).unwrap_or_default(),
        not_done: not_done(node, status),
        reaction: reactions(from),
        visit: from.visit(),
    }))
}

/// Why the dose does not count: it was not given, or it was too weak.
fn not_done(node: &Node<'_>, status: Option<&str>) -> String {
    let reason = node.words("statusReason");
    if status == Some("not-done") {
        return if reason.is_empty() {
            "not done".to_owned()
        } else {
            reason
        };
    }
    if node.has("isSubpotent") && node.flag("isSubpotent") != Some(false) {
        let why = node.joined("subpotentReason", ANY);
        let why = why.map(|it| format!(": {}", it.text)).unwrap_or_default();
        return format!("{SUBPOTENT}{why}");
    }
    String::new()
}

fn dose_number(protocol: &Node<'_>) -> Option<String> {
    let number = protocol.decimal("doseNumberPositiveInt");
    number.or_else(|| protocol.text("doseNumberString").map(str::to_owned))
}

fn reactions(from: &Resource<'_>) -> String {
    let each = from.node.nodes("reaction").into_iter().map(|it| {
        let date = it.when("date").map(|it| it.to_string());
        let detail = it.node("detail").and_then(|it| {
            let text = it.text("display");
            text.map(str::to_owned)
        });
        let parts = [date, detail].into_iter().flatten();
        parts.collect::<Vec<_>>().join(" ")
    });
    lines(each).replace('\n', "; ")
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;
    use crate::{
        chart::System,
        exchange::fhir::testing::{record, skipped},
    };

    fn dose_json(more: Value) -> Value {
        let mut value = json!({
            "resourceType": "Immunization", "id": "i", "status": "completed",
            "vaccineCode": {"coding": [{"system": "http://hl7.org/fhir/sid/cvx", "code": "03"}]},
            "patient": {"reference": "Patient/p"},
        });
        let fields = value.as_object_mut().unwrap();
        fields.extend(more.as_object().unwrap().clone());
        value
    }

    #[track_caller]
    fn dose(more: Value) -> Immunization {
        let Record::Immunization(it) = record(&dose_json(more)) else {
            panic!()
        };
        it
    }

    #[test]
    fn a_dose_is_read_whole() {
        let found = dose(json!({
            "occurrenceDateTime": "2020-03-04", "lotNumber": "B52", "expirationDate": "2021-01-31",
            "manufacturer": {"display": "Serum Institute"}, "site": {"text": "left arm"},
            "route": {"text": "IM"}, "protocolApplied": [{"doseNumberPositiveInt": 2}],
            "reaction": [{"date": "2020-03-05", "detail": {"display": "fever"}}],
        }));
        assert!(found.vaccine.has(&System::Cvx, "03"));
        assert_eq!(found.date.unwrap().to_string(), "2020-03-04");
        assert_eq!(
            (found.lot.as_str(), found.expiry.as_str()),
            ("B52", "2021-01-31")
        );
        assert_eq!(
            (found.maker.as_str(), found.dose_number.as_str()),
            ("Serum Institute", "2")
        );
        assert_eq!(
            (found.site.as_str(), found.route.as_str()),
            ("left arm", "IM")
        );
        assert_eq!(
            (found.reaction.as_str(), found.not_done.as_str()),
            ("2020-03-05 fever", "")
        );
    }

    #[test]
    fn a_dose_that_does_not_count_says_why() {
        let not_done = |more| dose(more).not_done;
        assert_eq!(not_done(json!({"status": "not-done"})), "not done");
        let refused = json!({"status": "not-done", "statusReason": {"text": "refused"}});
        assert_eq!(not_done(refused), "refused");
        let weak =
            json!({"isSubpotent": true, "subpotentReason": [{"text": "cold chain"}]});
        assert_eq!(not_done(weak), "given, but subpotent: cold chain");
        assert_eq!(not_done(json!({"isSubpotent": false})), "");
        assert!(dose(json!({"status": "entered-in-error"})).entry.in_error);
    }

    #[test]
    fn a_dose_of_nothing_is_skipped() {
        let why = skipped(&dose_json(json!({"vaccineCode": {}})));
        assert_eq!(why, "it does not say which vaccine");
    }
}
