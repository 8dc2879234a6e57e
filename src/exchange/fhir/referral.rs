//! `ServiceRequest` becomes a referral, where it is one. What FHIR has no element for stands in
//! extensions, field by field.

use super::{
    node::Node,
    resource::{Resource, Why, Written},
    types::{DISEASES, lines},
};
use crate::{
    chart::{Record, Referral, ReferralStatus, Way},
    ids::{Hash, RecordId},
};

/// What begins the name of each extension; the field's name follows.
pub(super) const FIELD: &str = "urn:cairn:referral:";

/// SNOMED CT's "Patient referral".
pub(super) const REFERRAL: &str = "3457005";

/// Codes that say of a request that it sends the patient to somebody: SNOMED CT's for a
/// referral and for one to a service.
const REFERRALS: &[&str] = &[REFERRAL, "306206005", "103696004"];

/// FHIR's `request-status`, and what became of the referral then.
const STATUSES: &[(&str, ReferralStatus)] = &[
    ("draft", ReferralStatus::Waiting),
    ("active", ReferralStatus::Waiting),
    ("on-hold", ReferralStatus::Waiting),
    ("revoked", ReferralStatus::Declined),
    ("completed", ReferralStatus::Completed),
    ("entered-in-error", ReferralStatus::Waiting),
    ("unknown", ReferralStatus::Waiting),
];

/// Reads a `ServiceRequest`.
pub(super) fn read(from: &Resource<'_>) -> Result<Record, Why> {
    let node = &from.node;
    let categories = node.nodes("category");
    let is_one = |it: &Node<'_>| {
        let codings = it.nodes("coding");
        let mut codes = codings.iter().filter_map(|it| it.text("code"));
        codes.any(|it| REFERRALS.contains(&it))
    };
    if !categories.iter().any(is_one) {
        return Err("of requests only referrals are kept");
    }
    let said = node.nodes("extension");
    let field = |name: &str| {
        let named = |it: &&Node<'_>| {
            let url = it.text("url").and_then(|it| it.strip_prefix(FIELD));
            url == Some(name)
        };
        said.iter().find(named)?.long_text("valueString")
    };
    let status = node.text("status");
    let known = node.meaning("status", status, STATUSES);
    let way = match field("way") {
        Some("sent") => Way::Sent,
        _ => Way::Received,
    };
    let performer = node.first("performer");
    let to = performer.map(|it| from.name_in(&it)).unwrap_or_default();
    let by = from.name_at("requester");
    let is_own = field("way").is_some();
    let (with, author) = match way {
        Way::Sent => (to, by),
        Way::Received => (field("from").map_or(by.clone(), str::to_owned), by),
    };
    let told = lines(node.annotations("note"));
    let text = |name: &str| field(name).unwrap_or_default().to_owned();
    let reason = node.joined("reasonCode", DISEASES).unwrap_or_default().text;
    Ok(Record::Referral(Referral {
        entry: from.entry(Written {
            in_error: status == Some("entered-in-error"),
            recorded: node.moment("authoredOn"),
            author,
            remark: text("remark"),
        }),
        way,
        letter: field("letter").and_then(|it| it.parse::<RecordId>().ok()),
        theirs: field("theirs").and_then(|it| it.parse::<RecordId>().ok()),
        with,
        card: field("card").and_then(|it| it.parse::<Hash>().ok()),
        reason: if reason.is_empty() {
            node.words("code")
        } else {
            reason
        },
        question: if is_own { text("question") } else { told },
        urgent: matches!(node.text("priority"), Some("urgent" | "asap" | "stat")),
        status: field("status")
            .and_then(ReferralStatus::named)
            .or(known)
            .unwrap_or(ReferralStatus::Waiting),
        reply: text("reply"),
        replied: field("replied").and_then(|it| it.parse().ok()),
        visit: from.visit(),
    }))
}
