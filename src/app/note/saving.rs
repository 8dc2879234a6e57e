//! From what was written to records, and the signature under them.

use super::{Field, List, Section, Stage, State, Task, Written, meanwhile::DIAGNOSES};
use crate::{
    app::{
        Cx, Effect as Ask, Step, draft,
        notice::{Notice, Said, Trouble},
        patient,
        vitals::stop_at,
    },
    care::{body_of, vitals_line::parse},
    chart::{
        Chart, Clinical, Coded, Edit, Entry, Note, Problem, Record, Subject,
        Verification, Visit, VisitClass, VisitStatus,
    },
    ids::RecordId,
    time::When,
};

/// The most characters of the section that become the visit's reason in lists.
const REASON_CHARS_MAX: usize = 80;

impl State {
    /// Asks whether to sign, or goes to what keeps it from being signed.
    pub(super) fn finish(&mut self, cx: &Cx<'_>) -> Vec<Step> {
        let Some(chart) = cx.chart else {
            return Vec::new();
        };
        if let Some(came) = self.catch_up(chart) {
            return came;
        }
        let body = body_of(chart, cx.today());
        let parsed = parse(self.vitals.text(), &body);
        if let Some(problem) = parsed.problems.first() {
            self.at = Field::Vitals;
            return stop_at(problem, &mut self.vitals, cx);
        }
        let left = self.blanks_left();
        if left > 0 {
            self.go_to_blank();
            let said = Said::with("note-blanks-left", [("n", left.into())]);
            return vec![Step::Say(Notice::plain(said))];
        }
        if !self.dx.line.is_empty() {
            self.leave();
            self.at = Field::Dx;
            let said = Said::line("note-dx-open");
            return vec![Step::Say(Notice::plain(said))];
        }
        let written = |(_, it): &(Field, Section)| !it.passage.is_empty();
        if self.dx.is_empty() && !self.sections.iter().any(written) {
            let said = Said::line("note-empty");
            return vec![Step::Say(Notice::plain(said))];
        }
        self.leave();
        self.stage = Stage::Confirming;
        Vec::new()
    }

    /// Saves everything at once; the signature follows when it is on the disk.
    pub(super) fn save(&mut self, cx: &mut Cx<'_>) -> Vec<Step> {
        let open = cx.chart.filter(|it| Some(it.patient) == self.patient);
        let (Some(chart), Some(entry)) = (open, self.entry(cx)) else {
            return Vec::new();
        };
        if let Some(came) = self.catch_up(chart) {
            self.stage = Stage::Writing;
            return came;
        }
        let request = cx.request();
        self.stage = Stage::Saving(request);
        let mut edits = Vec::new();
        if !matches!(self.task, Task::AddTo(_)) {
            let before = self.visit(chart).map(|it| it.entry.restricted);
            if before.is_some_and(|it| it != entry.restricted) {
                // Closed and open visits are two.
                self.visit = cx.record_id();
            }
            edits.push(self.visit_edit(chart, &entry, cx));
            let measured = self.readings(cx).into_iter();
            edits.extend(measured.map(Record::Observation).map(Edit::add));
            edits.extend(self.problem_edits(&entry, cx));
        }
        edits.push(self.note_edit(chart, entry));
        vec![Step::Ask(Ask::Patient(patient::Effect::Save {
            request,
            subject: Subject::Patient(chart.patient),
            edits,
        }))]
    }

    /// What its records have in common: a note that the chart has stays as closed as it is,
    /// and what adds to one, as that.
    pub(super) fn entry(&self, cx: &mut Cx<'_>) -> Option<Entry> {
        self.closed(cx).entry_of_care()
    }

    /// The surroundings in which what is written is closed as this note is.
    pub(super) fn closed<'c>(&self, cx: &'c mut Cx<'_>) -> Cx<'c> {
        let of = match self.task {
            Task::Today | Task::Continue(_) => self.note,
            Task::AddTo(note) => note,
        };
        let visits = cx.chart.and_then(|it| it.visits.as_ref());
        let mut known = visits.into_iter().flat_map(|it| &it.notes);
        let known = known.find(|it| it.entry.id == of);
        let closing = known.map_or(cx.closing, |it| it.entry.restricted);
        cx.closed_as(closing)
    }

    /// The record of the visit that is written about, once it is saved.
    pub fn visit<'a>(&self, chart: &'a Chart) -> Option<&'a Visit> {
        let mut visits = chart.visits.iter().flat_map(|it| &it.visits);
        visits.find(|it| it.entry.id == self.visit)
    }

    /// Is told how saving or signing went.
    pub fn saved(
        &mut self,
        request: u32,
        outcome: Result<(), Trouble>,
        cx: &mut Cx<'_>,
    ) -> Vec<Step> {
        match (self.stage, outcome) {
            (Stage::Saving(asked) | Stage::Signing(asked), _) if asked != request => {
                Vec::new()
            }
            (Stage::Saving(_) | Stage::Signing(_), Err(_)) => {
                self.stage = Stage::Writing;
                Vec::new()
            }
            (Stage::Saving(_), Ok(())) => self.sign(cx),
            (Stage::Signing(_), Ok(())) => self.signed(cx),
            (Stage::Writing | Stage::Confirming, _) => Vec::new(),
        }
    }

    /// The note, where it is one that the chart has already.
    pub(in crate::app) fn continued(&self, chart: &Chart) -> Option<RecordId> {
        let mut notes = chart.visits.iter().flat_map(|it| &it.notes);
        notes
            .any(|it| it.entry.id == self.note)
            .then_some(self.note)
    }

    fn sign(&mut self, cx: &mut Cx<'_>) -> Vec<Step> {
        // What is saved is not saved again if the signature must be tried twice.
        self.seen = self.written();
        self.vitals.clear();
        for diagnosis in &mut self.dx.chosen {
            if diagnosis.list == List::Put {
                diagnosis.list = List::From;
            }
        }
        let Some(patient) = self.patient else {
            return Vec::new();
        };
        let request = cx.request();
        self.stage = Stage::Signing(request);
        vec![Step::Ask(Ask::Patient(patient::Effect::Sign {
            request,
            patient,
            note: self.note,
            shown: self.written(),
        }))]
    }

    fn signed(&mut self, cx: &Cx<'_>) -> Vec<Step> {
        self.stage = Stage::Writing;
        let name = cx.who.map_or(String::new(), |it| it.name.clone());
        let time = cx.say.clock(cx.now);
        let args = [("name", name.into()), ("time", time.into())];
        vec![
            Step::Ask(Ask::Draft(draft::Effect::Drop(self.draft_key()))),
            Step::Back,
            Step::Say(Notice::done(Said::with("note-signed", args))),
        ]
    }

    fn go_to_blank(&mut self) {
        self.leave();
        let mut sections = self.sections.iter_mut();
        if let Some((field, section)) = sections.find(|(_, it)| it.blanks_left() > 0) {
            section.go_to_blank();
            self.at = *field;
        }
    }

    fn visit_edit(&self, chart: &Chart, entry: &Entry, cx: &mut Cx<'_>) -> Edit {
        let before = self.visit(chart);
        let mut visit = before.cloned().unwrap_or_else(|| Visit {
            entry: Entry {
                id: self.visit,
                ..entry.clone()
            },
            class: VisitClass::Ambulatory,
            status: VisitStatus::InProgress,
            start: Some(When::At(self.begun)),
            end: None,
            reason: Coded::default(),
            diagnoses: Vec::new(),
            practitioner: String::new(),
            place: String::new(),
        });
        if visit.reason.is_empty() {
            visit.reason = Coded::text(self.reason());
        }
        if visit.practitioner.is_empty() {
            visit.practitioner = cx.who.map_or(String::new(), |it| it.name.clone());
        }
        visit.diagnoses = self.dx.chosen.iter().map(|it| it.code.clone()).collect();
        visit.status = VisitStatus::Finished;
        visit.end = visit.end.or(Some(When::At(cx.now)));
        match before {
            Some(before) => {
                Edit::change(Record::Visit(before.clone()), Record::Visit(visit))
            }
            None => Edit::add(Record::Visit(visit)),
        }
    }

    fn note_edit(&self, chart: &Chart, entry: Entry) -> Edit {
        let mut notes = chart.visits.iter().flat_map(|it| &it.notes);
        let before = notes.find(|it| it.entry.id == self.note);
        let (title, adds_to) = match self.task {
            Task::Today | Task::Continue(_) => ("visit", None),
            Task::AddTo(note) => ("addendum", Some(note)),
        };
        let mut note = before.cloned().unwrap_or_else(|| Note {
            entry: Entry {
                id: self.note,
                ..entry
            },
            visit: Some(self.visit),
            title: title.to_owned(),
            sections: Vec::new(),
            phrases: Vec::new(),
            signed: None,
            adds_to,
            attested: None,
        });
        note.sections = self.written();
        for name in self.sections.iter().flat_map(|(_, it)| it.phrases()) {
            if !note.phrases.contains(&name) {
                note.phrases.push(name);
            }
        }
        match before {
            Some(before) => {
                Edit::change(Record::Note(before.clone()), Record::Note(note))
            }
            None => Edit::add(Record::Note(note)),
        }
    }

    fn problem_edits(&self, entry: &Entry, cx: &mut Cx<'_>) -> Vec<Edit> {
        let put = self.dx.chosen.iter().filter(|it| it.list == List::Put);
        let problems = put.map(|it| Problem {
            entry: Entry {
                id: cx.record_id(),
                ..entry.clone()
            },
            code: it.code.clone(),
            clinical: Clinical::Active,
            verification: Verification::Confirmed,
            on_list: true,
            onset: Some(When::On(cx.today())),
            abated: None,
            severity: String::new(),
            site: String::new(),
            visit: Some(self.visit),
        });
        problems.map(Record::Problem).map(Edit::add).collect()
    }

    /// The sections as a record has them; the diagnoses are one of them.
    fn written(&self) -> Vec<Written> {
        let section = |name: &str, text: String| Written {
            name: name.to_owned(),
            text,
        };
        let fields = self.fields().iter().filter_map(|field| {
            if *field == Field::Dx {
                return Some(section(DIAGNOSES, self.dx.text()));
            }
            let text = self.section(*field)?.passage.text().trim_end();
            Some(section(field.section()?, text.to_owned()))
        });
        fields.collect()
    }

    /// Why the patient came, for lists: the first line of that section.
    fn reason(&self) -> String {
        let why = self.section(Field::Why);
        let first = why.and_then(|it| it.passage.text().trim().lines().next());
        let first = first.unwrap_or_default();
        first.chars().take(REASON_CHARS_MAX).collect()
    }
}
