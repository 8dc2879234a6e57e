//! Records, fields and values of the history in the words of the screen.

use std::collections::BTreeMap;

use super::{Past, Said};
use crate::{
    chart::{Chart, Kind},
    ids::RecordId,
    say::Say,
    time::When,
};

/// Fields by their short names in documents, without the places of lists; those of one kind
/// before those that mean the same everywhere.
const FIELDS: &[(Option<Kind>, &str, &str)] = &[
    (Some(Kind::Allergy), "code", "allergy-substance"),
    (Some(Kind::Problem), "code", "problem-what"),
    (Some(Kind::Medication), "code", "history-drug"),
    (Some(Kind::Immunization), "code", "vaccine-what"),
    (Some(Kind::Immunization), "dose", "vaccine-dose"),
    (Some(Kind::Immunization), "react", "vaccine-reaction"),
    (Some(Kind::Visit), "reason", "history-visit-reason"),
    (Some(Kind::Consent), "over", "history-sets-aside"),
    (Some(Kind::Consent), "state", "history-status"),
    (None, "code", "history-code"),
    (None, "err", "sheet-in-error"),
    (None, "repl", "history-replaces"),
    (None, "rem", "history-remark"),
    (None, "clin", "history-clinical"),
    (None, "ver", "history-verification"),
    (None, "intol", "history-intolerance"),
    (None, "cat", "history-category"),
    (None, "crit", "allergy-risk"),
    (None, "onset", "history-since"),
    (None, "abated", "history-until"),
    (None, "react.m", "allergy-reaction"),
    (None, "react.sev", "history-severity"),
    (None, "sev", "history-severity"),
    (None, "list", "history-on-list"),
    (None, "site", "vaccine-site"),
    (None, "kind", "history-kind"),
    (None, "status", "history-status"),
    (None, "dose", "history-dose"),
    (None, "route", "history-route"),
    (None, "freq", "history-frequency"),
    (None, "dur", "history-duration"),
    (None, "prn", "history-as-needed"),
    (None, "start", "history-start"),
    (None, "end", "history-end"),
    (None, "qty", "history-quantity"),
    (None, "reason", "history-reason"),
    (None, "instr", "history-instructions"),
    (None, "over", "history-overridden"),
    (None, "visit", "history-visit"),
    (None, "date", "vaccine-date"),
    (None, "lot", "vaccine-lot"),
    (None, "maker", "history-maker"),
    (None, "exp", "vaccine-expiry"),
    (None, "not", "vaccine-why-not"),
    (None, "when", "history-when"),
    (None, "v", "history-value"),
    (None, "comp.c", "history-measure"),
    (None, "comp.v", "history-value"),
    (None, "absent", "history-absent"),
    (None, "range", "history-range"),
    (None, "flag", "history-flag"),
    (None, "method", "history-method"),
    (None, "order", "history-order"),
    (None, "title", "history-title"),
    (None, "sec.n", "history-section"),
    (None, "sec.t", "history-text"),
    (None, "phr", "history-phrases"),
    (None, "sign", "history-signature"),
    (None, "adds", "history-adds"),
    (None, "class", "history-class"),
    (None, "dx", "history-diagnosis"),
    (None, "who", "history-practitioner"),
    (None, "place", "history-place"),
    (None, "outcome", "history-outcome"),
    (None, "act", "history-activity"),
    (None, "obs", "history-results"),
    (None, "issued", "history-issued"),
    (None, "concl", "history-conclusion"),
    (None, "media", "history-media"),
    (None, "bytes", "history-file"),
    (None, "size", "history-size"),
    (None, "ids", "register-other-id"),
    (None, "names", "history-name"),
    (None, "name", "history-name"),
    (None, "sex", "register-sex"),
    (None, "birth", "history-birth"),
    (None, "deceased", "history-died"),
    (None, "phone", "register-phone"),
    (None, "phone2", "history-phone2"),
    (None, "village", "register-village"),
    (None, "district", "history-district"),
    (None, "address", "history-address"),
    (None, "language", "register-language"),
    (None, "payer", "register-payer"),
    (None, "contacts", "register-kin"),
    (None, "others", "history-others"),
    (None, "dec", "history-decision"),
    (None, "off", "history-withdrawal"),
    (None, "to", "history-to"),
    (None, "card", "history-card"),
    (None, "parts", "history-parts"),
    (None, "since", "history-shared-from"),
    (None, "upto", "history-shared-until"),
    (None, "purp", "history-purpose"),
    (None, "how", "history-how"),
    (None, "wit", "history-witness"),
    (None, "att", "history-signature"),
    (None, "letter", "history-letter"),
    (None, "theirs", "history-letter"),
    (None, "quest", "history-question"),
    (None, "reply", "history-reply"),
    (None, "urg", "history-urgent"),
];

/// Words of documents that the screens have words for.
const VALUES: &[(&str, &str)] = &[
    ("given", "consent-is-given"),
    ("refused", "consent-is-refused"),
    ("withdrawn", "consent-is-withdrawn"),
    ("summary", "consent-part-summary"),
    ("visits", "consent-part-visits"),
    ("results", "consent-part-results"),
    ("written", "consent-how-written"),
    ("verbal", "consent-how-verbal"),
    ("guardian", "consent-how-guardian"),
    ("TREAT", "consent-for-treatment"),
    ("ETREAT", "consent-for-emergency"),
    ("HPAYMT", "consent-for-payment"),
    ("HOPERAT", "consent-for-operations"),
    ("PUBHLTH", "consent-for-public-health"),
    ("HRESCH", "consent-for-research"),
    ("PATRQT", "consent-for-patient"),
    ("true", "history-yes"),
    ("false", "history-no"),
    ("active", "problem-active"),
    ("recurrence", "problem-recurrence"),
    ("remission", "problem-remission"),
    ("inactive", "problem-inactive"),
    ("resolved", "problem-resolved"),
    ("confirmed", "history-confirmed"),
    ("unconfirmed", "problem-unconfirmed"),
    ("refuted", "problem-refuted"),
    ("mild", "severity-mild"),
    ("moderate", "severity-moderate"),
    ("severe", "severity-severe"),
    ("low", "allergy-risk-low"),
    ("high", "allergy-risk-high"),
    ("on-hold", "drug-on-hold"),
    ("completed", "drug-completed"),
    ("stopped", "drug-stopped"),
    ("cancelled", "drug-cancelled"),
    ("female", "sex-female"),
    ("male", "sex-male"),
];

/// Fields whose values are not for reading: references and bytes.
const OPAQUE: &[&str] = &[
    "visit", "repl", "adds", "sign", "bytes", "order", "obs", "others",
];

pub(super) fn head(past: &Past, called: Option<&str>, say: &Say) -> Said {
    let by = past.by.clone().filter(|it| !it.is_empty());
    let by = by.unwrap_or_else(|| say.line("history-nobody"));
    let at = format!("{} {}", say.date(past.at.day()), say.clock(past.at));
    let mut record = say.line(kind(past.kind));
    if past.field.is_empty() {
        record = say.with("history-made", &[("kind", record.into())]);
    }
    if let Some(called) = called.filter(|it| !it.is_empty()) {
        record = format!("{record}  {called}");
    }
    Said::Head {
        when_who: format!("{at}  {by}"),
        record,
    }
}

/// The change of a field; nothing for the making of a record, which its head says.
pub(super) fn field(past: &Past, say: &Say) -> Option<Said> {
    let name = base(&past.field);
    if name.is_empty() {
        return None;
    }
    let field = field_name(past.kind, &past.field, say);
    let opaque = OPAQUE.contains(&name.as_str());
    let value = |it: &Option<String>| match it {
        Some(text) if opaque && !text.is_empty() => "…".to_owned(),
        Some(text) => value(text, say),
        None => String::new(),
    };
    let (old, new) = (value(&past.old), value(&past.new));
    let change = match (old.is_empty(), new.is_empty()) {
        (true, _) => new,
        (false, true) => say.with("history-taken-out", &[("old", old.into())]),
        (false, false) => format!("{old} → {new}"),
    };
    Some(Said::Field { field, change })
}

/// What a field is called.
pub fn field_name(kind: Kind, field: &str, say: &Say) -> String {
    let name = base(field);
    let row = FIELDS
        .iter()
        .find(|(of, field, _)| *field == name && of.is_none_or(|it| it == kind));
    row.map_or(name, |(.., id)| say.line(id))
}

/// What a kind of record is called.
pub fn kind_name(of: Kind, say: &Say) -> String {
    say.line(kind(of))
}

/// The word of documents that this language says so.
pub fn word(typed: &str, say: &Say) -> Option<&'static str> {
    let typed = typed.trim().to_lowercase();
    let mut words = VALUES.iter();
    let word = words.find(|(_, id)| say.line(id).to_lowercase() == typed);
    word.map(|(word, _)| *word)
}

/// `react.0.m` is `react.m`.
fn base(field: &str) -> String {
    let number = |it: &&str| !it.chars().all(|it| it.is_ascii_digit());
    let parts: Vec<&str> = field.split('.').filter(number).collect();
    parts.join(".")
}

/// A value of a document in the words of the screen.
pub fn value(text: &str, say: &Say) -> String {
    if let Some((_, id)) = VALUES.iter().find(|(word, _)| *word == text) {
        return say.line(id);
    }
    match text.parse::<When>() {
        Ok(when) if text.len() >= 4 => say.when(when),
        _ => text.to_owned(),
    }
}

const fn kind(kind: Kind) -> &'static str {
    match kind {
        Kind::Person => "kind-person",
        Kind::Provider => "kind-provider",
        Kind::Allergy => "kind-allergy",
        Kind::NoKnownAllergies => "kind-no-known-allergies",
        Kind::Problem => "kind-problem",
        Kind::Medication => "kind-medication",
        Kind::Immunization => "kind-immunization",
        Kind::Procedure => "kind-procedure",
        Kind::Plan => "kind-plan",
        Kind::Visit => "kind-visit",
        Kind::Note => "kind-note",
        Kind::Observation => "kind-observation",
        Kind::Report => "kind-report",
        Kind::Document => "kind-document",
        Kind::ImportRun => "kind-import-run",
        Kind::Consent => "kind-consent",
        Kind::Outcome => "kind-outcome",
        Kind::Referral => "kind-referral",
    }
}

/// What the records of a chart are called.
pub(super) fn names(chart: &Chart) -> BTreeMap<RecordId, &str> {
    let mut names = BTreeMap::new();
    if let Some(it) = &chart.summary {
        names.extend(it.allergies.iter().map(|it| (it.entry.id, &*it.code.text)));
        names.extend(it.problems.iter().map(|it| (it.entry.id, &*it.code.text)));
        names.extend(
            it.medications
                .iter()
                .map(|it| (it.entry.id, &*it.code.text)),
        );
        names.extend(it.procedures.iter().map(|it| (it.entry.id, &*it.code.text)));
        names.extend(it.plans.iter().map(|it| (it.entry.id, &*it.title.text)));
        let vaccines = it.immunizations.iter();
        names.extend(vaccines.map(|it| (it.entry.id, &*it.vaccine.text)));
    }
    if let Some(it) = &chart.visits {
        names.extend(it.visits.iter().map(|it| (it.entry.id, &*it.reason.text)));
        names.extend(it.notes.iter().map(|it| (it.entry.id, &*it.title)));
        names.extend(it.documents.iter().map(|it| (it.entry.id, &*it.title)));
        names.extend(it.referrals.iter().map(|it| (it.entry.id, &*it.with)));
        names.extend(
            it.observations
                .iter()
                .map(|it| (it.entry.id, &*it.code.text)),
        );
    }
    if let Some(it) = &chart.results {
        names.extend(
            it.observations
                .iter()
                .map(|it| (it.entry.id, &*it.code.text)),
        );
        names.extend(it.reports.iter().map(|it| (it.entry.id, &*it.code.text)));
    }
    if let Some(it) = &chart.consents {
        names.extend(it.consents.iter().map(|it| (it.entry.id, &*it.to)));
    }
    names
}
