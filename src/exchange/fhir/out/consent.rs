//! What a patient agreed to, refused or withdrew becomes a `Consent`.

use serde_json::{Value, json};

use super::{
    draft::{Draft, coding, named, period, words},
    patient::list,
};
use crate::{
    chart::{Consent, ConsentState, Decision, How, SharedPart},
    time::{PartialDate, When},
};

const SCOPE: (&str, &str) = (
    "http://terminology.hl7.org/CodeSystem/consentscope",
    "patient-privacy",
);
/// LOINC's "Patient consent".
const CATEGORY: (&str, &str) = ("http://loinc.org", "59284-0");
const ACT_CODE: &str = "http://terminology.hl7.org/CodeSystem/v3-ActCode";
const ACT_REASON: &str = "http://terminology.hl7.org/CodeSystem/v3-ActReason";
/// "Information recipient".
const RECIPIENT: (&str, &str) = (
    "http://terminology.hl7.org/CodeSystem/v3-ParticipationType",
    "IRCP",
);

/// Writes a `Consent`. FHIR has no element for the remark and for why it was withdrawn.
pub(super) fn write(it: &Consent, to: &mut Draft<'_>) {
    let (status, rule) = match (it.decision, it.state) {
        _ if it.entry.in_error => ("entered-in-error", None),
        (Decision::Given, ConsentState::Active) => ("active", Some("OPTIN")),
        (Decision::Refused, ConsentState::Active) => ("rejected", Some("OPTOUT")),
        (_, ConsentState::Withdrawn) => ("inactive", Some("OPTOUT")),
    };
    to.put("status", Some(json!(status)));
    to.status("scope", SCOPE);
    let category = coding(CATEGORY.0, CATEGORY.1);
    to.put("category", Some(json!([{ "coding": [category] }])));
    to.whose("patient");
    to.recorded("dateTime");
    let guardian = named(&it.witness).filter(|_| it.how == How::Guardian);
    to.put("performer", guardian.map(|it| json!([it])));
    // FHIR wants a rule of every consent, also of one that never was.
    to.status("policyRule", (ACT_CODE, rule.unwrap_or("OPTOUT")));
    let heard = named(&it.witness).filter(|_| it.how == How::Verbal);
    let heard = heard.map(|it| json!([{ "verified": true, "verifiedWith": it }]));
    to.put("verification", heard);
    to.put("provision", Some(provision(it)));
}

/// To whom, what, what for and how long.
fn provision(it: &Consent) -> Value {
    let active = it.state == ConsentState::Active && !it.entry.in_error;
    let gives = it.decision == Decision::Given && active;
    let mut said = serde_json::Map::new();
    let mut put = |key: &str, value: Option<Value>| {
        said.extend(value.map(|value| (key.to_owned(), value)));
    };
    put("type", Some(json!(if gives { "permit" } else { "deny" })));
    put("period", days(it.from, it.until));
    let role = json!({ "coding": [coding(RECIPIENT.0, RECIPIENT.1)] });
    let actor = named(&it.to).map(|to| json!([{ "role": role, "reference": to }]));
    put("actor", actor);
    let purpose = coding(ACT_REASON, it.purpose.code());
    put("purpose", Some(json!([purpose])));
    let parts = it.parts.iter().map(SharedPart::word);
    let parts = parts.filter_map(|it| words(&it).map(|it| json!({ "text": it })));
    put("code", list(parts));
    put("dataPeriod", days(it.shared_from, it.shared_until));
    Value::Object(said)
}

fn days(from: Option<PartialDate>, until: Option<PartialDate>) -> Option<Value> {
    period((from.map(When::On), until.map(When::On)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        chart::{Purpose, Record, Withdrawal},
        exchange::fhir::out::testing::{body, entry},
    };

    fn given() -> Consent {
        Consent {
            entry: entry(),
            decision: Decision::Given,
            state: ConsentState::Active,
            withdrawal: None,
            to: "Dr. Abebe".to_owned(),
            card: None,
            parts: vec![
                SharedPart::Summary,
                SharedPart::Restricted("hiv".to_owned()),
            ],
            shared_from: "2025-01-01".parse().ok(),
            shared_until: None,
            purpose: Purpose::Treatment,
            from: None,
            until: "2026-06-30".parse().ok(),
            how: How::Verbal,
            witness: "N. Ali".to_owned(),
            over: Vec::new(),
        }
    }

    #[test]
    fn a_consent_says_to_whom_what_for_how_long_and_who_heard_it() {
        let body = body(&Record::Consent(given()), None);
        assert_eq!(body["resourceType"], "Consent");
        assert_eq!(body["status"], "active");
        assert_eq!(body["policyRule"]["coding"][0]["code"], "OPTIN");
        assert_eq!(body["dateTime"], "2026-03-04T10:30:00+03:00");
        assert_eq!(
            body["verification"],
            json!([{ "verified": true, "verifiedWith": { "display": "N. Ali" } }])
        );
        let said = &body["provision"];
        assert_eq!(said["type"], "permit");
        assert_eq!(said["period"], json!({ "end": "2026-06-30" }));
        assert_eq!(said["actor"][0]["reference"]["display"], "Dr. Abebe");
        assert_eq!(said["purpose"][0]["code"], "TREAT");
        assert_eq!(
            said["code"],
            json!([{ "text": "summary" }, { "text": "restricted:hiv" }])
        );
        assert_eq!(said["dataPeriod"], json!({ "start": "2025-01-01" }));
    }

    #[test]
    fn what_is_not_given_is_denied() {
        let withdrawal = Withdrawal {
            by: entry().by,
            at: entry().recorded,
            reason: String::new(),
        };
        let mut wrong = given();
        wrong.entry.in_error = true;
        let refused = Consent {
            decision: Decision::Refused,
            to: String::new(),
            parts: Vec::new(),
            ..given()
        };
        for (consent, status) in [
            (refused, "rejected"),
            (given().withdrawn(withdrawal), "inactive"),
            (wrong, "entered-in-error"),
        ] {
            let body = body(&Record::Consent(consent), None);
            assert_eq!(body["status"], status);
            assert_eq!(
                body["policyRule"]["coding"][0]["code"], "OPTOUT",
                "{status}"
            );
            assert_eq!(body["provision"]["type"], "deny", "{status}");
        }
    }

    #[test]
    fn a_guardian_is_who_agrees() {
        let guardian = Consent {
            how: How::Guardian,
            ..given()
        };
        let body = body(&Record::Consent(guardian), None);
        assert_eq!(body["performer"], json!([{ "display": "N. Ali" }]));
        assert!(!body.contains_key("verification"));
    }
}
