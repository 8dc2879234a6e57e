//! A chart as JSON: the shape that `patient show --json` promises.

pub(super) mod consent;
pub(super) mod proposal;
pub(super) mod referral;

use serde_json::{Map, Value, json};

use super::{adopt::unconfirmed, versions::disagreement};
use crate::{
    care::flag_of,
    chart::{
        self, Allergy, AllergyState, Chart, Clinical, Coded, Criticality, Document,
        Entry, Immunization, MedKind, MedStatus, Medication, NameUse, Note, Observation,
        Origin, Person, Plan, Problem, Procedure, Report, Severity, Verification, Visit,
        VisitClass, VisitStatus,
    },
    time::When,
};

/// The whole chart, as far as it could be opened.
pub(super) fn chart(chart: &Chart) -> Value {
    let summary = chart.summary.as_ref();
    let visits = chart.visits.as_ref();
    let results = chart.results.as_ref();
    let mut shown = Map::new();
    shown.insert("patient".into(), json!(chart.patient.to_string()));
    shown.insert(
        "person".into(),
        json!(chart.identity.person.as_ref().map(person)),
    );
    let mut versions: Vec<Value> =
        chart.identity.versions.iter().map(disagreement).collect();
    if let Some(it) = summary {
        shown.insert("problems".into(), list(&it.problems, problem));
        shown.insert("allergies".into(), list(&it.allergies, allergy));
        shown.insert("allergy_state".into(), json!(allergy_state(it)));
        shown.insert("medications".into(), list(&it.medications, medication));
        shown.insert(
            "immunizations".into(),
            list(&it.immunizations, immunization),
        );
        shown.insert("procedures".into(), list(&it.procedures, procedure));
        shown.insert("plans".into(), list(&it.plans, plan));
        versions.extend(it.versions.iter().map(disagreement));
    }
    if let Some(it) = visits {
        shown.insert("visits".into(), list(&it.visits, visit));
        shown.insert("notes".into(), list(&it.notes, note));
        shown.insert(
            "observations".into(),
            list(&it.observations, |it| observation(it, chart)),
        );
        shown.insert("documents".into(), list(&it.documents, document));
        let referrals = list(&it.referrals, referral::document);
        shown.insert("referrals".into(), referrals);
        versions.extend(it.versions.iter().map(disagreement));
    }
    if let Some(it) = results {
        let rows = it.observations.iter().map(|it| observation(it, chart));
        let rows = rows.chain(it.reports.iter().map(report));
        shown.insert("results".into(), Value::Array(rows.collect()));
        versions.extend(it.versions.iter().map(disagreement));
    }
    if let Some(it) = &chart.consents {
        versions.extend(it.versions.iter().map(disagreement));
    }
    shown.insert("versions".into(), Value::Array(versions));
    if let Some(closed) = chart.closed {
        shown.insert("closed".into(), json!(closed));
    }
    if !chart.unconfirmed.is_empty() {
        let all = chart.unconfirmed.iter().map(unconfirmed);
        shown.insert("unconfirmed".into(), all.collect());
    }
    if !chart.problems.is_empty() {
        shown.insert("unreadable".into(), json!(chart.problems));
    }
    Value::Object(shown)
}

/// Who a person is.
pub(super) fn person(it: &Person) -> Value {
    let names = it.names.iter().map(|name| {
        json!({ "use": name_use(name.usage),
                "family": name.family, "given": name.given })
    });
    let identifiers = it
        .identifiers
        .iter()
        .map(|id| json!({ "system": id.system, "value": id.value }));
    let contacts = it.contacts.iter().map(|contact| {
        json!({ "name": contact.name, "relation": contact.relation, "phone": contact.phone })
    });
    let deceased = it
        .deceased
        .map(|date| date.map_or(json!(true), |date| json!(date.to_string())));
    json!({
        "number": it.number(),
        "identifiers": identifiers.collect::<Vec<_>>(),
        "names": names.collect::<Vec<_>>(),
        "sex": it.sex.code(),
        "born": it.birth.map(|birth| birth.date.to_string()),
        "born_estimated": it.birth.is_some_and(|birth| birth.estimated),
        "deceased": deceased,
        "phone": it.phone,
        "phone2": it.phone2,
        "village": it.address.village,
        "district": it.address.district,
        "address": it.address.line,
        "language": it.language,
        "payer": it.payer,
        "contacts": contacts.collect::<Vec<_>>(),
    })
}

/// One observation, its components inside it.
fn observation(it: &Observation, of: &Chart) -> Value {
    let mut shown = common("observation", &it.entry);
    shown.insert("code".into(), coded(&it.code));
    shown.insert("category".into(), json!(category(it)));
    shown.insert("when".into(), time(it.when));
    insert_value(&mut shown, it.value.as_ref());
    let parts = it.components.iter().map(|part| {
        let mut inner = Map::new();
        inner.insert("code".into(), coded(&part.code));
        insert_value(&mut inner, part.value.as_ref());
        Value::Object(inner)
    });
    shown.insert("components".into(), Value::Array(parts.collect()));
    shown.insert("absent".into(), json!(it.absent));
    shown.insert("range".into(), json!(it.range));
    shown.insert("flag".into(), json!(flag_of(it, of)));
    shown.insert("method".into(), json!(it.method));
    shown.insert("visit".into(), json!(it.visit.map(|id| id.to_string())));
    Value::Object(shown)
}

pub(super) fn list<T>(records: &[T], shown: impl Fn(&T) -> Value) -> Value {
    Value::Array(records.iter().map(shown).collect())
}

fn common(kind: &str, entry: &Entry) -> Map<String, Value> {
    let mut shown = Map::new();
    shown.insert("id".into(), json!(entry.id.to_string()));
    shown.insert("kind".into(), json!(kind));
    shown.insert("recorded".into(), json!(entry.recorded.to_string()));
    if entry.in_error {
        shown.insert("entered_in_error".into(), json!(true));
    }
    if !entry.remark.0.is_empty() {
        shown.insert("remark".into(), json!(entry.remark.0));
    }
    if let Some(replaced) = entry.replaces {
        shown.insert("replaces".into(), json!(replaced.to_string()));
    }
    if let Some(category) = entry.restricted {
        shown.insert("restricted".into(), json!(category.word()));
    }
    if let Origin::Imported { author, .. } = &entry.origin {
        shown.insert("imported".into(), json!(true));
        shown.insert("author".into(), json!(author.0));
    }
    if let Origin::Outside(it) = &entry.origin {
        shown.insert("proposed_by".into(), proposal::outside(it));
    }
    shown
}

fn with(
    mut shown: Map<String, Value>,
    more: impl IntoIterator<Item = (&'static str, Value)>,
) -> Value {
    shown.extend(
        more.into_iter()
            .map(|(name, value)| (name.to_owned(), value)),
    );
    Value::Object(shown)
}

fn coded(it: &Coded) -> Value {
    let coding = |coding: &chart::Coding| {
        let (system, display) = (coding.system.alias(), &coding.display);
        json!({ "system": system, "code": coding.code, "display": display })
    };
    json!({
        "text": it.text,
        "coding": it.coding.as_ref().map(coding),
        "also": it.also.as_ref().map(coding),
    })
}

fn time(when: Option<When>) -> Value {
    json!(when.map(|it| it.to_string()))
}

/// A number exactly as it was written; what is no number stays text.
pub(super) fn number(text: &str) -> Value {
    let number: Option<serde_json::Number> = text.parse().ok();
    number.map_or_else(|| json!(text), Value::Number)
}

fn insert_value(shown: &mut Map<String, Value>, value: Option<&chart::Value>) {
    match value {
        None => {}
        Some(chart::Value::Quantity(quantity)) => {
            shown.insert("value".into(), number(&quantity.value));
            shown.insert("unit".into(), json!(quantity.unit));
            if !quantity.comparator.is_empty() {
                shown.insert("comparator".into(), json!(quantity.comparator));
            }
        }
        Some(chart::Value::Code(code)) => {
            shown.insert("value".into(), coded(code));
        }
        Some(chart::Value::Text(text)) => {
            shown.insert("value".into(), json!(text));
        }
    }
}

const fn category(it: &Observation) -> &'static str {
    match it.category {
        chart::ObsCategory::VitalSigns => "vital-signs",
        chart::ObsCategory::Laboratory => "laboratory",
        chart::ObsCategory::Imaging => "imaging",
        chart::ObsCategory::SocialHistory => "social-history",
        chart::ObsCategory::Survey => "survey",
        chart::ObsCategory::Exam => "exam",
        chart::ObsCategory::Other => "other",
    }
}

const fn clinical(it: Clinical) -> &'static str {
    match it {
        Clinical::Active => "active",
        Clinical::Recurrence => "recurrence",
        Clinical::Remission => "remission",
        Clinical::Inactive => "inactive",
        Clinical::Resolved => "resolved",
    }
}

const fn verification(it: Verification) -> &'static str {
    match it {
        Verification::Confirmed => "confirmed",
        Verification::Unconfirmed => "unconfirmed",
        Verification::Differential => "differential",
        Verification::Refuted => "refuted",
    }
}

/// FHIR's word for how bad a reaction was.
pub(super) const fn severity(it: Severity) -> &'static str {
    match it {
        Severity::Mild => "mild",
        Severity::Moderate => "moderate",
        Severity::Severe => "severe",
    }
}

const fn criticality(it: Criticality) -> &'static str {
    match it {
        Criticality::Unknown => "unknown",
        Criticality::Low => "low",
        Criticality::High => "high",
    }
}

const fn name_use(it: NameUse) -> &'static str {
    match it {
        NameUse::Usual => "usual",
        NameUse::Official => "official",
        NameUse::Maiden => "maiden",
        NameUse::Nickname => "nickname",
        NameUse::Old => "old",
    }
}

pub(super) fn problem(it: &Problem) -> Value {
    with(
        common("problem", &it.entry),
        [
            ("code", coded(&it.code)),
            ("clinical", json!(clinical(it.clinical))),
            ("verification", json!(verification(it.verification))),
            ("on_list", json!(it.on_list)),
            ("onset", time(it.onset)),
            ("abated", time(it.abated)),
            ("severity", json!(it.severity)),
            ("site", json!(it.site)),
        ],
    )
}

pub(super) fn allergy(it: &Allergy) -> Value {
    let reactions = it.reactions.iter().map(|reaction| {
        let severity = reaction.severity.map(severity);
        json!({ "manifestation": coded(&reaction.manifestation), "severity": severity })
    });
    with(
        common("allergy", &it.entry),
        [
            ("code", coded(&it.code)),
            ("clinical", json!(clinical(it.clinical))),
            ("verification", json!(verification(it.verification))),
            (
                "type",
                json!(if it.intolerance {
                    "intolerance"
                } else {
                    "allergy"
                }),
            ),
            ("category", json!(it.category)),
            ("criticality", json!(criticality(it.criticality))),
            ("onset", time(it.onset)),
            ("reactions", Value::Array(reactions.collect())),
        ],
    )
}

fn allergy_state(summary: &chart::Summary) -> &'static str {
    match summary.allergy_state() {
        AllergyState::Some(_) => "some",
        AllergyState::NoneKnown { .. } => "none-known",
        AllergyState::NotAsked => "not-asked",
        AllergyState::NotReceived => "not-received",
    }
}

/// One drug.
pub(super) fn medication(it: &Medication) -> Value {
    let kind = match it.kind {
        MedKind::Request => "request",
        MedKind::Statement => "statement",
    };
    let status = match it.status {
        MedStatus::Active => "active",
        MedStatus::OnHold => "on-hold",
        MedStatus::Completed => "completed",
        MedStatus::Stopped => "stopped",
        MedStatus::Cancelled => "cancelled",
    };
    with(
        common("medication", &it.entry),
        [
            ("type", json!(kind)),
            ("code", coded(&it.code)),
            ("status", json!(status)),
            ("dose", json!(it.dose)),
            ("route", json!(it.route)),
            ("frequency", json!(it.frequency)),
            ("duration", json!(it.duration)),
            ("as_needed", json!(it.as_needed)),
            ("start", time(it.start)),
            ("end", time(it.end)),
            ("quantity", json!(it.quantity)),
            ("reason", coded(&it.reason)),
            ("instructions", json!(it.instructions)),
            ("overridden", json!(it.overridden)),
        ],
    )
}

fn immunization(it: &Immunization) -> Value {
    with(
        common("immunization", &it.entry),
        [
            ("vaccine", coded(&it.vaccine)),
            ("date", time(it.date)),
            ("lot", json!(it.lot)),
            ("maker", json!(it.maker)),
            ("expiry", json!(it.expiry)),
            ("site", json!(it.site)),
            ("route", json!(it.route)),
            ("dose_number", json!(it.dose_number)),
            ("not_done", json!(it.not_done)),
            ("reaction", json!(it.reaction)),
        ],
    )
}

fn procedure(it: &Procedure) -> Value {
    with(
        common("procedure", &it.entry),
        [
            ("code", coded(&it.code)),
            ("status", json!(it.status)),
            ("start", time(it.start)),
            ("end", time(it.end)),
            ("reason", coded(&it.reason)),
            ("outcome", json!(it.outcome)),
        ],
    )
}

fn plan(it: &Plan) -> Value {
    with(
        common("plan", &it.entry),
        [
            ("title", coded(&it.title)),
            ("status", json!(it.status)),
            ("start", time(it.start)),
            ("end", time(it.end)),
            ("activities", list(&it.activities, coded)),
        ],
    )
}

fn visit(it: &Visit) -> Value {
    let class = match it.class {
        VisitClass::Ambulatory => "ambulatory",
        VisitClass::Emergency => "emergency",
        VisitClass::Inpatient => "inpatient",
        VisitClass::Home => "home",
        VisitClass::Virtual => "virtual",
    };
    let status = match it.status {
        VisitStatus::Planned => "planned",
        VisitStatus::InProgress => "in-progress",
        VisitStatus::Finished => "finished",
        VisitStatus::Cancelled => "cancelled",
    };
    with(
        common("visit", &it.entry),
        [
            ("class", json!(class)),
            ("status", json!(status)),
            ("start", time(it.start)),
            ("end", time(it.end)),
            ("reason", coded(&it.reason)),
            ("diagnoses", list(&it.diagnoses, coded)),
            ("practitioner", json!(it.practitioner)),
            ("place", json!(it.place)),
        ],
    )
}

fn note(it: &Note) -> Value {
    let sections = it
        .sections
        .iter()
        .map(|section| json!({ "name": section.name, "text": section.text }));
    let signed = it.signed.as_ref().map(|signature| {
        json!({ "by": signature.by.to_string(), "at": signature.at.to_string(),
                "text": signature.text.to_string() })
    });
    let attested = it.attested.as_ref();
    let attested = attested.map(|it| json!({ "by": it.by, "at": time(it.at) }));
    with(
        common("note", &it.entry),
        [
            ("visit", json!(it.visit.map(|id| id.to_string()))),
            ("title", json!(it.title)),
            ("sections", Value::Array(sections.collect())),
            ("signed", json!(signed)),
            ("adds_to", json!(it.adds_to.map(|id| id.to_string()))),
            ("attested", json!(attested)),
        ],
    )
}

fn report(it: &Report) -> Value {
    let observations = it.observations.iter().map(ToString::to_string);
    with(
        common("report", &it.entry),
        [
            ("code", coded(&it.code)),
            ("status", json!(it.status)),
            ("when", time(it.when)),
            ("issued", time(it.issued)),
            ("observations", json!(observations.collect::<Vec<_>>())),
            ("conclusion", json!(it.conclusion)),
        ],
    )
}

fn document(it: &Document) -> Value {
    with(
        common("document", &it.entry),
        [
            ("code", coded(&it.code)),
            ("title", json!(it.title)),
            ("when", time(it.when)),
            ("media_type", json!(it.media_type)),
            ("size", json!(it.size)),
        ],
    )
}
