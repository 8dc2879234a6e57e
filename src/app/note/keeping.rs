//! Taking up what was written before: a note that is not signed, a draft, the section of the
//! visit before.

use std::fmt::Write as _;

use super::{Field, List, Passage, Section, State, Task};
use crate::{
    app::{
        Cx, Step,
        draft::{self, Body},
        notice::{Notice, Said},
        visit,
    },
    chart::{Chart, Coded, Coding, Note, Origin, System, VisitStatus},
    time::{Moment, When},
};

/// What stands in a draft before the name of a part whose text was seen in the chart.
const SEEN: &str = "seen-";

impl State {
    /// Where its draft belongs.
    pub const fn draft_key(&self) -> draft::Key {
        draft::Key {
            kind: match self.task {
                Task::Today | Task::Continue(_) => draft::Kind::Note,
                Task::AddTo(_) => draft::Kind::Addendum,
            },
            patient: self.patient,
        }
    }

    /// What is typed, to be kept; nothing when nothing is.
    pub fn draft(&self) -> Body {
        if self.is_empty() {
            return Body(String::new());
        }
        let mut text = String::new();
        let mut line = |name: &str, value: &str| {
            // Writing to a string cannot fail.
            let _ = writeln!(text, "{name}\t{}", escaped(value));
        };
        line("note", &self.note.to_string());
        line("visit", &self.visit.to_string());
        line("begun", &self.begun.to_string());
        if let Task::AddTo(note) = self.task {
            line("adds-to", &note.to_string());
        }
        line("vitals", self.vitals.text());
        for (field, section) in &self.sections {
            line(field.section().unwrap_or_default(), section.passage.text());
        }
        for section in &self.seen {
            line(&format!("{SEEN}{}", section.name), &section.text);
        }
        line("dx-line", self.dx.line.text());
        for diagnosis in &self.dx.chosen {
            line("dx", &diagnosis.code.text);
            if let Some(coding) = &diagnosis.code.coding {
                line("dx-system", coding.system.alias());
                line("dx-code", &coding.code);
                line("dx-display", &coding.display);
            }
            line("dx-list", list_name(diagnosis.list));
        }
        let (at, caret) = self.caret();
        // What is read last has its text already.
        line("at", &format!("{at} {caret}"));
        Body(text)
    }

    /// Takes up a kept draft, before what was typed meanwhile. A draft of a note that is
    /// signed by now says nothing new.
    pub fn draft_loaded(
        &mut self,
        request: u32,
        (body, kept): (Body, Moment),
        cx: &Cx<'_>,
    ) -> Vec<Step> {
        if request != self.draft_asked {
            return Vec::new();
        }
        let id = body.fields().find(|(name, _)| *name == "note");
        let id = id.and_then(|(_, id)| id.parse().ok());
        let mut notes = cx.chart.iter().flat_map(|it| notes(it));
        let signed = notes.any(|it| Some(it.entry.id) == id && it.signed.is_some());
        if signed {
            let drop = draft::Effect::Drop(self.draft_key());
            return vec![Step::Ask(crate::app::Effect::Draft(drop))];
        }
        self.dx.chosen.clear();
        self.seen.clear();
        let untouched = self.is_empty();
        for (name, value) in body.fields() {
            if name != "at" {
                self.take_up(name, &unescaped(value));
            } else if untouched {
                self.go_back_to(value);
            }
        }
        self.stay_with_today(cx);
        self.kept = Some(kept);
        let came = cx.chart.and_then(|it| self.catch_up(it));
        came.unwrap_or_else(|| vec![cx.taken_up()])
    }

    /// Is told that its draft was kept.
    pub const fn draft_kept(&mut self, now: Moment) {
        self.kept = Some(now);
    }

    /// Begins with what the chart has: today's visit, or the note that is gone on with.
    pub(super) fn begin(&mut self, chart: &Chart, cx: &Cx<'_>) -> Vec<Step> {
        let own = cx.who.map(|it| it.user);
        let mut unsigned =
            notes(chart).filter(|it| it.signed.is_none() && it.adds_to.is_none());
        let today = visit::of_today(chart, cx);
        let note = match self.task {
            Task::Today => {
                let visit = today.map(|it| it.entry.id);
                unsigned.find(|it| {
                    let is_own =
                        it.entry.origin == Origin::Own && Some(it.entry.by) == own;
                    visit.is_some() && it.visit == visit && is_own
                })
            }
            Task::Continue(id) => unsigned.find(|it| it.entry.id == id),
            Task::AddTo(id) => {
                let mut notes = notes(chart);
                let visit = notes.find(|it| it.entry.id == id).and_then(|it| it.visit);
                self.visit = visit.unwrap_or(self.visit);
                None
            }
        };
        if let (Task::Today, Some(visit)) = (self.task, today) {
            self.visit = visit.entry.id;
        }
        if let Some(note) = note {
            self.go_on_with(note, chart);
        }
        let start = self.visit(chart).and_then(|it| it.start);
        if let Some(When::At(begun)) = start {
            self.begun = begun;
        }
        self.say_second(chart, cx)
    }

    /// A draft that was begun today belongs to today's visit, even if someone else has
    /// written that down meanwhile.
    fn stay_with_today(&mut self, cx: &Cx<'_>) {
        let Some(chart) = cx.chart else { return };
        let today = self.begun.day() == cx.today();
        let visit = visit::of_today(chart, cx).filter(|_| today);
        if let (None, Some(visit)) = (self.visit(chart), visit) {
            self.visit = visit.entry.id;
        }
    }

    fn go_on_with(&mut self, note: &Note, chart: &Chart) {
        self.note = note.entry.id;
        self.visit = note.visit.unwrap_or(self.visit);
        for (field, section) in &mut self.sections {
            *section = Section::of(note.section(field.section().unwrap_or_default()));
        }
        self.seen.clone_from(&note.sections);
        let codes = self.visit(chart).map(|it| it.diagnoses.clone());
        self.dx.go_on_with(codes.unwrap_or_default());
    }

    /// Says so when another visit of today is over: then this is a second one.
    fn say_second(&self, chart: &Chart, cx: &Cx<'_>) -> Vec<Step> {
        let mut visits = chart.visits.iter().flat_map(|it| &it.visits);
        let over = visits.any(|it| {
            let today = it.start.map(When::date) == Some(cx.today());
            today && it.status == VisitStatus::Finished && !it.entry.in_error
        });
        let second = over && self.task == Task::Today && self.visit(chart).is_none();
        if !second {
            return Vec::new();
        }
        vec![Step::Say(Notice::plain(Said::line("note-second-visit")))]
    }

    /// Puts what the visit before says in this part.
    pub(super) fn repeat(&mut self, cx: &Cx<'_>) -> Vec<Step> {
        let Some(chart) = cx.chart else {
            return Vec::new();
        };
        let nothing = Said::line("note-nothing-before");
        let nothing = vec![Step::Say(Notice::plain(nothing))];
        if self.at == Field::Dx {
            let visits = chart.visits.iter().flat_map(|it| &it.visits);
            let mut before = visits.filter(|it| it.entry.id != self.visit);
            let before = before.find(|it| {
                let counts = !it.diagnoses.is_empty() && !it.entry.in_error;
                counts && it.entry.may_stand_in(cx.closing)
            });
            let codes = before.map(|it| it.diagnoses.clone()).unwrap_or_default();
            return if self.dx.go_on_with(codes) {
                vec![Step::DraftChanged]
            } else {
                nothing
            };
        }
        let (at, note) = (self.at, self.note);
        let Some(name) = at.section() else {
            return Vec::new();
        };
        let before = notes(chart).filter(|it| it.entry.id != note);
        let mut before = before.filter(|it| it.entry.may_stand_in(cx.closing));
        let text = before.find_map(|it| {
            let text = it.section(name).trim();
            (!text.is_empty()).then(|| text.to_owned())
        });
        let Some((text, section)) = text.zip(self.section_mut(at)) else {
            return nothing;
        };
        section.insert(&text);
        vec![Step::DraftChanged]
    }

    pub(super) fn is_empty(&self) -> bool {
        let written = |(_, it): &(Field, Section)| !it.passage.is_empty();
        self.vitals.is_empty() && self.dx.is_empty() && !self.sections.iter().any(written)
    }

    fn take_up(&mut self, name: &str, value: &str) {
        let last = self.dx.chosen.last_mut();
        match (name, last) {
            ("note", _) => self.note = value.parse().unwrap_or(self.note),
            ("visit", _) => self.visit = value.parse().unwrap_or(self.visit),
            ("begun", _) => self.begun = value.parse().unwrap_or(self.begun),
            ("adds-to", _) => self.task = value.parse().map_or(self.task, Task::AddTo),
            ("vitals", _) => {
                let line = format!("{value} {}", self.vitals.text());
                self.vitals.set(line.trim());
            }
            ("dx-line", _) => self.dx.line.set(value),
            ("dx", _) => {
                self.dx.choose(Coded::text(value), List::Not);
            }
            ("dx-system", Some(it)) => {
                it.code.coding = Some(Coding::new(System::named(value), "", ""));
            }
            ("dx-code", Some(it)) => {
                if let Some(coding) = &mut it.code.coding {
                    value.clone_into(&mut coding.code);
                }
            }
            ("dx-display", Some(it)) => {
                if let Some(coding) = &mut it.code.coding {
                    value.clone_into(&mut coding.display);
                }
            }
            ("dx-list", Some(it)) => it.list = list_named(value),
            (name, _) => match name.strip_prefix(SEEN) {
                Some(name) => self.was_seen(name, value),
                None => self.take_up_section(name, value),
            },
        }
    }

    /// The part with the caret, by its number, and the caret in it.
    fn caret(&self) -> (usize, usize) {
        let here = self.fields().iter().position(|it| *it == self.at);
        let caret = match self.section(self.at) {
            Some(section) => section.passage.caret(),
            None if self.at == Field::Dx => self.dx.line.halves().0.len(),
            None => self.vitals.halves().0.len(),
        };
        (here.unwrap_or(0), caret)
    }

    /// Puts the caret where it stood.
    fn go_back_to(&mut self, place: &str) {
        let place = place.split_once(' ').and_then(|(at, caret)| {
            Some((at.parse::<usize>().ok()?, caret.parse().ok()?))
        });
        let Some((at, caret)) = place else { return };
        self.at = self.fields().get(at).copied().unwrap_or(self.at);
        let at = self.at;
        match self.section_mut(at) {
            Some(section) => section.passage.put_caret(caret),
            None if at == Field::Dx => self.dx.line.put_caret(caret),
            None => self.vitals.put_caret(caret),
        }
    }

    fn take_up_section(&mut self, name: &str, value: &str) {
        let mut sections = self.sections.iter_mut();
        let section = sections.find(|(it, _)| it.section() == Some(name));
        let Some((_, section)) = section else { return };
        let meanwhile = section.passage.text();
        let text = if section.passage.changes() == 0 {
            value.to_owned()
        } else {
            format!("{value}\n{meanwhile}")
        };
        section.passage = Passage::of(text);
    }
}

/// The notes of a chart that count, the newest first.
pub(super) fn notes(chart: &Chart) -> impl Iterator<Item = &Note> {
    let notes = chart.visits.iter().flat_map(|it| &it.notes);
    notes.filter(|it| !it.entry.in_error)
}

const fn list_name(list: List) -> &'static str {
    match list {
        List::Not => "not",
        List::Put => "put",
        List::From => "from",
    }
}

fn list_named(name: &str) -> List {
    match name {
        "put" => List::Put,
        "from" => List::From,
        _ => List::Not,
    }
}

/// The text on one line.
fn escaped(text: &str) -> String {
    text.replace('\\', "\\\\").replace('\n', "\\n")
}

fn unescaped(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut letters = text.chars();
    while let Some(letter) = letters.next() {
        match letter {
            '\\' => match letters.next() {
                Some('n') => plain.push('\n'),
                other => plain.extend(other),
            },
            letter => plain.push(letter),
        }
    }
    plain
}
