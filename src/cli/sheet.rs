//! A chart as a person reads it in a terminal: one line a thing.

use super::emergency::CLOSED;
use crate::{
    care::flag_of,
    chart::{
        Allergy, AllergyState, Chart, Coded, Entry, Immunization, Medication, Note,
        Observation, Origin, Person, Problem, Record, Summary, Value, Visit, Visits,
    },
    content::shown_unit,
    time::{PartialDate, When, shown_age},
};

/// Visits and observations that are shown; `--json` has all.
const NEWEST_LEN_MAX: usize = 10;

/// The chart in lines.
pub(super) fn lines(chart: &Chart, today: PartialDate) -> Vec<String> {
    let mut lines = Vec::new();
    match &chart.identity.person {
        Some(it) => person(it, today, &mut lines),
        None => lines.push(format!("patient {}", chart.patient)),
    }
    if let Some(it) = &chart.summary {
        summary(it, &mut lines);
    }
    let open = chart.open_proposals().map(|it| {
        let words = proposed(&it.record, chart);
        format!("{words}  (proposed by {}, not accepted)", it.maker.named())
    });
    block("Proposed", open, &mut lines);
    if let Some(it) = &chart.visits {
        visits(it, chart, &mut lines);
    }
    if let Some(it) = &chart.results {
        let counting = it.observations.iter().filter(|it| !it.entry.in_error);
        block(
            "Results",
            counting.map(|it| observation(it, chart)),
            &mut lines,
        );
    }
    let disagreements = [
        Some(&chart.identity.versions),
        chart.summary.as_ref().map(|it| &it.versions),
        chart.visits.as_ref().map(|it| &it.versions),
        chart.results.as_ref().map(|it| &it.versions),
        chart.consents.as_ref().map(|it| &it.versions),
    ];
    let count: usize = disagreements.into_iter().flatten().map(Vec::len).sum();
    if count > 0 {
        lines.push(format!(
            "{count} fields have versions: see `cairn versions`"
        ));
    }
    lines.extend(chart.problems.iter().map(|it| format!("not read: {it}")));
    if chart.closed == Some(true) {
        lines.push(CLOSED.to_owned());
    }
    lines
}

/// What a provider of another clinic proposes.
pub(super) fn proposed(record: &Record, of: &Chart) -> String {
    match record {
        Record::Allergy(it) => format!("allergy: {}", allergy(it)),
        Record::Problem(it) => format!("problem: {}", problem(it)),
        Record::Medication(it) => format!("drug: {}", medication(it)),
        Record::Note(it) => format!("note: {}", note(it)),
        Record::Observation(it) => observation(it, of),
        Record::Person(_)
        | Record::Provider(_)
        | Record::NoKnownAllergies(_)
        | Record::Immunization(_)
        | Record::Procedure(_)
        | Record::Plan(_)
        | Record::Visit(_)
        | Record::Report(_)
        | Record::Document(_)
        | Record::ImportRun(_)
        | Record::Consent(_)
        | Record::Outcome(_)
        | Record::Referral(_) => record.called().to_owned(),
    }
}

fn person(it: &Person, today: PartialDate, lines: &mut Vec<String>) {
    let born = it.birth.map(|birth| {
        let about = if birth.estimated { "about " } else { "" };
        let age = shown_age(birth.date, today)
            .map_or_else(String::new, |it| format!(" ({it})"));
        format!("born {about}{}{age}", birth.date)
    });
    let number = it.number().map(|it| format!("No. {it}"));
    let sex = Some(it.sex.letter().to_string());
    let head = [Some(it.shown_name()), sex, born, number];
    lines.push(head.into_iter().flatten().collect::<Vec<_>>().join("  "));
    let reach = [
        &it.address.village,
        &it.address.district,
        &it.phone,
        &it.phone2,
    ];
    let reach: Vec<&str> = reach
        .into_iter()
        .filter(|it| !it.is_empty())
        .map(String::as_str)
        .collect();
    if !reach.is_empty() {
        lines.push(reach.join("  "));
    }
    if it.deceased.is_some() {
        lines.push("deceased".to_owned());
    }
}

fn summary(it: &Summary, lines: &mut Vec<String>) {
    match it.allergy_state() {
        AllergyState::Some(some) => {
            block("Allergies", some.into_iter().map(allergy), lines);
        }
        AllergyState::NoneKnown { asked } => {
            lines.push(format!("Allergies: none known, asked {}", asked.day()));
        }
        AllergyState::NotAsked => lines.push("Allergies: not asked".to_owned()),
        AllergyState::NotReceived => lines.push("Allergies: not received".to_owned()),
    }
    let present = it
        .problems
        .iter()
        .filter(|it| !it.entry.in_error && it.on_list && it.clinical.is_present());
    block("Problems", present.map(problem), lines);
    let taken = it.medications.iter().filter(|it| it.is_taken());
    block("Drugs now", taken.map(medication), lines);
    let given = it.immunizations.iter().filter(|it| !it.entry.in_error);
    block("Vaccines", given.map(immunization), lines);
}

fn visits(it: &Visits, of: &Chart, lines: &mut Vec<String>) {
    let seen = it.observations.iter().filter(|it| !it.entry.in_error);
    block("Observations", seen.map(|it| observation(it, of)), lines);
    let visits = it.visits.iter().filter(|it| !it.entry.in_error);
    block("Visits", visits.map(visit), lines);
    let notes = it.notes.iter().filter(|it| !it.entry.in_error);
    block("Notes", notes.map(note), lines);
}

/// A heading and the first things below it; nothing where there are none.
fn block(heading: &str, things: impl Iterator<Item = String>, lines: &mut Vec<String>) {
    let mut things = things.peekable();
    if things.peek().is_none() {
        return;
    }
    lines.push(format!("{heading}:"));
    lines.extend(
        things
            .by_ref()
            .take(NEWEST_LEN_MAX)
            .map(|it| format!("  {it}")),
    );
    let more = things.count();
    if more > 0 {
        lines.push(format!("  and {more} more"));
    }
}

fn day(when: Option<When>) -> String {
    when.map_or_else(|| "?".to_owned(), |it| it.date().to_string())
}

fn words(it: &Coded) -> String {
    match &it.coding {
        Some(coding) if it.text.is_empty() => coding.code.clone(),
        Some(coding) => format!("{} [{}]", it.text, coding.code),
        None => it.text.clone(),
    }
}

pub(super) fn allergy(it: &Allergy) -> String {
    let happened = it.reactions.iter().map(|reaction| {
        let severity = reaction.severity.map(super::view::severity);
        let parts = [Some(reaction.manifestation.text.as_str()), severity];
        parts
            .into_iter()
            .flatten()
            .filter(|it| !it.is_empty())
            .collect::<Vec<_>>()
            .join(" ")
    });
    format!(
        "! {}  {}{}",
        it.code.text,
        happened.collect::<Vec<_>>().join(", "),
        mark(&it.entry),
    )
}

pub(super) fn problem(it: &Problem) -> String {
    let since = it
        .onset
        .map_or_else(String::new, |it| format!("  since {}", it.date()));
    format!("{}{since}{}", words(&it.code), mark(&it.entry))
}

/// A drug with its dose.
pub(super) fn medication(it: &Medication) -> String {
    let needed = if it.as_needed { "when needed" } else { "" };
    let parts = [it.dose.as_str(), &it.frequency, &it.duration, needed];
    let dose: Vec<&str> = parts.into_iter().filter(|it| !it.is_empty()).collect();
    format!("{}  {}{}", it.code.text, dose.join(" "), mark(&it.entry))
}

fn immunization(it: &Immunization) -> String {
    let given = if it.not_done.is_empty() {
        ""
    } else {
        "  not given: "
    };
    format!(
        "{}  {}{given}{}",
        day(it.date),
        it.vaccine.text,
        it.not_done
    )
}

fn observation(it: &Observation, of: &Chart) -> String {
    let whole = it.value.as_ref().map(value);
    let parts = it.components.iter().filter_map(|part| {
        Some(format!(
            "{} {}",
            part.code.text,
            value(part.value.as_ref()?)
        ))
    });
    let said: Vec<String> = whole.into_iter().chain(parts).collect();
    let said = if said.is_empty() {
        it.absent.clone()
    } else {
        said.join(", ")
    };
    let flag = flag_of(it, of);
    let mark = mark(&it.entry);
    format!("{}  {}  {said}  {flag}{mark}", day(it.when), it.code.text)
}

fn value(it: &Value) -> String {
    match it {
        Value::Quantity(it) => {
            format!("{}{} {}", it.comparator, it.value, shown_unit(&it.unit))
        }
        Value::Code(it) => it.text.clone(),
        Value::Text(it) => it.clone(),
    }
}

fn visit(it: &Visit) -> String {
    let found: Vec<String> = it.diagnoses.iter().map(words).collect();
    format!(
        "{}  {}  {}{}",
        day(it.start),
        it.reason.text,
        found.join(", "),
        mark(&it.entry)
    )
}

fn note(it: &Note) -> String {
    let texts = it.sections.iter().filter(|it| !it.text.is_empty());
    let texts: Vec<String> = texts
        .map(|it| format!("{}: {}", it.name, it.text))
        .collect();
    let signed = if it.signed.is_some() || it.attested.is_some() {
        ""
    } else {
        " (not signed)"
    };
    format!(
        "{}{signed}{}  {}",
        it.entry.recorded.day(),
        mark(&it.entry),
        texts.join("\n    ")
    )
}

/// Under which category a record is closed, and who proposed what was taken in from outside.
fn mark(entry: &Entry) -> String {
    let closed = entry.restricted.map(|it| format!("  [{}]", it.shown()));
    let from = match &entry.origin {
        Origin::Outside(it) => Some(format!("  (from {})", it.maker.named())),
        Origin::Own | Origin::Imported { .. } => None,
    };
    closed.into_iter().chain(from).collect()
}
