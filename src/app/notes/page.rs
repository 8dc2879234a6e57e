//! A visit in the rows of a page.

use std::{collections::BTreeMap, slice};

use super::entry::{Entry, author, unsigned_version};
use crate::{
    app::{note::words, vitals::label},
    care::rounds,
    chart::{
        self, Chart, Disagreement, Medication, Note, Observation, Value, Visit,
        VisitStatus,
    },
    content::{Level, Vital, shown_unit},
    ids::{RecordId, UserId},
    say::Say,
    text::Shown,
    time::When,
};

/// A row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// What stands before the text; empty on all rows of a text but the first.
    pub label: Shown,
    /// The text.
    pub text: Shown,
    /// How it is meant.
    pub tone: Tone,
}

/// How a row is meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tone {
    /// The record itself.
    Plain,
    /// The beginning of a visit, or of an addendum.
    Heading,
    /// Who vouches for it.
    Signature,
    /// Nobody does yet.
    Unsigned,
    /// A text that was changed after it was signed.
    Version,
}

/// The names that stand before sections, by the names of sections.
const SECTIONS: &[(&str, &str)] = &[
    ("S", "note-why"),
    ("O", "note-found"),
    ("A", "note-dx"),
    ("P", "note-plan"),
    ("addendum", "note-added"),
];

/// The rows of one visit, its text in so many cells.
pub fn lines(
    chart: &Chart,
    entry: &Entry<'_>,
    say: &Say,
    names: &BTreeMap<UserId, String>,
    width: usize,
) -> Vec<Line> {
    let mut page = Page {
        chart,
        say,
        names,
        width,
        lines: Vec::new(),
    };
    page.head(entry);
    let written = entry.notes(chart);
    if let Entry::Visit(visit) = entry {
        page.measured(visit);
        let lacks = |section| written.iter().all(|it| it.section(section).is_empty());
        if lacks("S") {
            page.labelled("note-why", slice::from_ref(&visit.reason.text));
        }
        if lacks("A") {
            let codes: Vec<String> = visit.diagnoses.iter().map(words).collect();
            page.labelled("note-dx", &codes);
        }
    }
    for note in written {
        page.note(note);
    }
    if let Entry::Visit(visit) = entry {
        page.ordered(visit.entry.id);
    }
    page.lines
}

/// A page as it is put together.
struct Page<'a> {
    chart: &'a Chart,
    say: &'a Say,
    names: &'a BTreeMap<UserId, String>,
    width: usize,
    lines: Vec<Line>,
}

impl Page<'_> {
    fn head(&mut self, entry: &Entry<'_>) {
        let mut parts = vec![self.say.when(entry.when())];
        if let Entry::Visit(visit) = entry {
            parts.extend([visit.practitioner.clone(), visit.place.clone()]);
            if visit.status == VisitStatus::InProgress {
                parts.push(self.say.line("notes-goes-on"));
            }
            parts.extend(self.imported(&visit.entry));
        }
        parts.retain(|it| !it.is_empty());
        self.put("", &parts.join("  "), Tone::Heading);
        if let Entry::Visit(visit) = entry {
            self.unconfirmed(visit.entry.id);
        }
    }

    /// That it was written, or written into, by somebody whose word does not count.
    fn unconfirmed(&mut self, record: RecordId) {
        let mut all = self.chart.unconfirmed.iter();
        let Some(doubt) = all.find(|it| it.record == record) else {
            return;
        };
        let id = if doubt.field.is_empty() {
            "sheet-unconfirmed-record"
        } else {
            "notes-unconfirmed"
        };
        let said = self.say.line(id);
        self.put("", &format!("~ {said}"), Tone::Version);
    }

    /// Where a record comes from that was not written here.
    fn imported(&self, entry: &chart::Entry) -> Option<String> {
        match author(entry)? {
            "" => Some(self.say.line("notes-imported")),
            name => Some(self.say.with("notes-imported-of", &[("name", name.into())])),
        }
    }

    fn measured(&mut self, visit: &Visit) {
        let all = self.chart.visits.iter().flat_map(|it| &it.observations);
        let rounds = rounds(all.filter(|it| it.visit == Some(visit.entry.id)));
        for round in rounds {
            let values = round.taken.iter().map(|it| {
                let mark = it.level(self.chart).map_or("", Level::mark);
                let name = self.say.line(label(it.vital));
                joined(&[&name, &it.shown(), mark])
            });
            let rows = in_rows(values, self.width);
            self.labelled("vitals-label", &rows);
        }
    }

    fn note(&mut self, note: &Note) {
        if note.adds_to.is_some() {
            let said = self.say.line("notes-addendum");
            self.put("", &said, Tone::Heading);
        }
        self.unconfirmed(note.entry.id);
        for section in &note.sections {
            let name = self.section(&section.name);
            let name = name.unwrap_or_else(|| section.name.clone());
            self.put(&name, &section.text, Tone::Plain);
        }
        self.signature(note);
        if let Some(changed) = unsigned_version(self.chart, note) {
            self.changed(changed);
        }
    }

    fn signature(&mut self, note: &Note) {
        if let (None, Some(said)) = (&note.signed, self.imported(&note.entry)) {
            let time = self.say.when(When::At(note.entry.recorded));
            self.put("", &joined(&[&said, &time]), Tone::Plain);
            if let Some(attested) = &note.attested {
                let time = attested.at.map_or_else(String::new, |it| self.say.when(it));
                let name = attested.by.as_str().into();
                let args = [("name", name), ("time", time.into())];
                self.put("", &self.say.with("notes-signed", &args), Tone::Plain);
            }
            return;
        }
        let entry = &note.entry;
        let unsigned = ("notes-not-signed", entry.by, entry.recorded, Tone::Unsigned);
        let signed = note.signed.as_ref();
        let (id, by, at, tone) = signed.map_or(unsigned, |it| {
            ("notes-signed", it.by, it.at, Tone::Signature)
        });
        let time = self.say.when(When::At(at));
        let args = [("name", self.name(by).into()), ("time", time.into())];
        let mut said = self.say.with(id, &args);
        if !note.phrases.is_empty() {
            let args = [("phrases", note.phrases.join(" ").into())];
            said = format!("{said}  {}", self.say.with("notes-uses", &args));
        }
        self.put("", &said, tone);
    }

    /// A text that was changed after it was signed.
    fn changed(&mut self, changed: &Disagreement) {
        for version in changed.versions.iter().skip(1) {
            let name = version.by.map_or_else(String::new, |it| self.name(it));
            let said = self.say.with("notes-changed", &[("name", name.into())]);
            self.put("~", &said, Tone::Version);
            for line in version.value.lines() {
                let parts = line.split_once(": ");
                let named = parts.and_then(|(name, it)| Some((self.section(name)?, it)));
                let (name, text) = named.unwrap_or((String::new(), line));
                self.put(&name, text, Tone::Version);
            }
        }
    }

    /// The name of a section, where it is one of ours.
    fn section(&self, name: &str) -> Option<String> {
        let (_, sentence) = SECTIONS.iter().find(|(it, _)| *it == name)?;
        Some(self.say.line(sentence))
    }

    /// What was given, done and found, beside the notes.
    fn ordered(&mut self, visit: RecordId) {
        let of =
            |it: &chart::Entry, at: Option<RecordId>| at == Some(visit) && !it.in_error;
        let chart = self.chart;
        let summary = || chart.summary.iter();
        let drugs = summary().flat_map(|it| &it.medications);
        let drugs = drugs.filter(|it| of(&it.entry, it.visit)).map(drug);
        self.labelled("notes-drugs", &drugs.collect::<Vec<_>>());
        let doses = summary().flat_map(|it| &it.immunizations);
        let doses = doses.filter(|it| of(&it.entry, it.visit));
        let doses = doses.map(|it| joined(&[&it.vaccine.text, &it.not_done]));
        self.labelled("notes-vaccines", &doses.collect::<Vec<_>>());
        let done = summary().flat_map(|it| &it.procedures);
        let done = done.filter(|it| of(&it.entry, it.visit));
        let done = done.map(|it| joined(&[&it.code.text, &it.outcome]));
        self.labelled("notes-procedures", &done.collect::<Vec<_>>());
        let here = chart.visits.iter().flat_map(|it| &it.observations);
        let other = here.filter(|it| Vital::of_code(&it.code).is_none());
        let sent = chart.results.iter().flat_map(|it| &it.observations);
        let results = other.chain(sent).filter(|it| of(&it.entry, it.visit));
        self.labelled("notes-results", &results.map(seen).collect::<Vec<_>>());
        let reports = chart.results.iter().flat_map(|it| &it.reports);
        let reports = reports.filter(|it| of(&it.entry, it.visit));
        let reports = reports.filter(|it| !it.conclusion.is_empty());
        let reports = reports.map(|it| format!("{}: {}", it.code.text, it.conclusion));
        self.labelled("notes-reports", &reports.collect::<Vec<_>>());
        let papers = chart.visits.iter().flat_map(|it| &it.documents);
        let papers = papers.filter(|it| of(&it.entry, it.visit)).map(|it| {
            let title = if it.title.is_empty() {
                &it.code.text
            } else {
                &it.title
            };
            joined(&[title, author(&it.entry).unwrap_or_default()])
        });
        self.labelled("notes-papers", &papers.collect::<Vec<_>>());
    }

    fn name(&self, user: UserId) -> String {
        let name = self.names.get(&user).cloned();
        name.unwrap_or_else(|| self.say.line("notes-someone"))
    }

    /// Texts under the label of this sentence, if there are any.
    fn labelled(&mut self, label: &str, texts: &[String]) {
        let label = self.say.line(label);
        self.put(&label, &texts.join("\n"), Tone::Plain);
    }

    fn put(&mut self, label: &str, text: &str, tone: Tone) {
        if text.trim().is_empty() {
            return;
        }
        let rows = Shown::wrapped(text.trim_end(), self.width);
        for (index, text) in rows.into_iter().enumerate() {
            let label = if index == 0 { label } else { "" };
            let label = Shown::from(label);
            self.lines.push(Line { label, text, tone });
        }
    }
}

fn drug(drug: &Medication) -> String {
    joined(&[&drug.code.text, &drug.dose, &drug.frequency, &drug.duration])
}

/// A result in words, with its mark.
fn seen(observation: &Observation) -> String {
    let mark = mark(observation);
    let whole = observation.value.as_ref().map(value);
    let parts = observation.components.iter().filter_map(|it| {
        let part = value(it.value.as_ref()?);
        Some(joined(&[&it.code.text, &part]))
    });
    let values: Vec<String> = whole.into_iter().chain(parts).collect();
    let code = &observation.code.text;
    joined(&[code, &values.join(", "), mark, &observation.absent])
}

/// The mark behind a result: `L`, `H` or `!!`; `!` for what is abnormal and no number.
pub fn mark(result: &Observation) -> &'static str {
    match result.flag.as_str() {
        "A" => "!",
        flag => Level::flagged(flag).map_or("", Level::mark),
    }
}

/// A value with its unit.
pub fn value(value: &Value) -> String {
    match value {
        Value::Quantity(it) => {
            let number = format!("{}{}", it.comparator, it.value);
            joined(&[&number, shown_unit(&it.unit)])
        }
        Value::Code(it) => it.text.clone(),
        Value::Text(it) => it.clone(),
    }
}

/// The texts side by side, none of them broken, in rows of so many cells.
fn in_rows(texts: impl Iterator<Item = String>, width: usize) -> Vec<String> {
    let mut rows: Vec<String> = Vec::new();
    for text in texts {
        let row = rows.last().map(|it| format!("{it}  {text}"));
        match row.filter(|it| Shown::from(it).width() <= width) {
            Some(longer) => {
                rows.pop();
                rows.push(longer);
            }
            None => rows.push(text),
        }
    }
    rows
}

fn joined(parts: &[&str]) -> String {
    let parts: Vec<&str> = parts.iter().copied().filter(|it| !it.is_empty()).collect();
    parts.join(" ")
}
