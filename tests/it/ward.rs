//! An open chart on a stage: what is saved is in it at once.

use cairn::{
    app::{Effect, Msg, draft, patient},
    chart::{Chart, Edit, Record, Summary, who::Role},
    say::Lang,
};

use crate::stage::{Stage, chart, row, rows};

/// A stage with an open chart.
pub(crate) struct Ward {
    pub(crate) stage: Stage,
    pub(crate) chart: Chart,
    /// Keys typed since the chart was opened.
    pub(crate) typed: usize,
    answered: usize,
}

impl Ward {
    pub(crate) fn open(lang: Lang, role: Role, fill: impl FnOnce(&mut Summary)) -> Self {
        Self::at(lang, role, |chart| fill(chart.summary.as_mut().unwrap()))
    }

    /// At a chart that holds more than a summary.
    pub(crate) fn at(lang: Lang, role: Role, fill: impl FnOnce(&mut Chart)) -> Self {
        let mut stage = Stage::signed_in(lang, "Dr Okot", role);
        stage.keys("o");
        stage.find(vec![row(1, "Okello", "Grace", "1987-03-14")]);
        let mut chart = chart(&rows()[0]);
        fill(&mut chart);
        stage.keys("<Enter>");
        stage.open(chart.clone());
        let answered = stage.asked.len();
        Self {
            stage,
            chart,
            typed: 0,
            answered,
        }
    }

    /// A clinician at the chart of someone of whom nothing is known.
    pub(crate) fn new() -> Self {
        Self::open(Lang::English, Role::Clinician, |_| {})
    }

    /// Types, counts the keys, and does after each what is asked: saves are in the chart at
    /// once.
    pub(crate) fn keys(&mut self, script: &str) {
        let mut rest = script;
        while let Some(first) = rest.chars().next() {
            let end = if first == '<' {
                rest.find('>').unwrap() + 1
            } else {
                first.len_utf8()
            };
            self.stage.keys(&rest[..end]);
            self.typed += 1;
            self.answer();
            rest = &rest[end..];
        }
    }

    /// Answers what was asked since the last time.
    pub(crate) fn answer(&mut self) {
        while self.answered < self.stage.asked.len() {
            let effect = &self.stage.asked[self.answered];
            self.answered += 1;
            let answer = if let Effect::Icd(search) = effect {
                Msg::Icd(search.answer())
            } else if let Some((request, edits)) = save(effect) {
                for edit in edits {
                    apply(&mut self.chart, edit);
                }
                Msg::Patient(patient::Answer::Saved {
                    request,
                    result: Ok(Some(Box::new(self.chart.clone()))),
                })
            } else {
                continue;
            };
            self.stage.send(answer);
        }
    }

    /// The edits that were saved, in their order.
    pub(crate) fn edits(&self) -> Vec<Edit> {
        let saves = self.stage.asked.iter().filter_map(save);
        saves.flat_map(|(_, edits)| edits.to_vec()).collect()
    }

    /// The draft that was kept last, if it was not dropped since.
    pub(crate) fn draft(&mut self) -> Option<draft::Body> {
        self.stage.wait_ms(2_000);
        self.stage.send(Msg::Woke);
        let asked = self.stage.asked.iter().rev();
        let mut drafts = asked.filter_map(|effect| {
            let Effect::Draft(effect) = effect else {
                return None;
            };
            match effect {
                draft::Effect::Save { body, .. } => Some(Some(body.clone())),
                draft::Effect::Drop(_) => Some(None),
                draft::Effect::Load { .. } => None,
            }
        });
        drafts.next().flatten()
    }

    /// Answers the newest request for a draft.
    pub(crate) fn load(&mut self, body: draft::Body) {
        let request = self.stage.newest(|effect| {
            if let Effect::Draft(draft::Effect::Load { request, .. }) = effect {
                Some(*request)
            } else {
                None
            }
        });
        let found = Some((body, crate::stage::now()));
        let answer = draft::Answer::Loaded { request, found };
        self.stage.send(Msg::Draft(answer));
    }

    pub(crate) fn summary(&self) -> &Summary {
        self.chart.summary.as_ref().unwrap()
    }

    #[track_caller]
    pub(crate) fn shows(&self, text: &str) {
        let seen = self.stage.text();
        assert!(seen.contains(text), "no {text:?} in\n{seen}");
    }

    #[track_caller]
    pub(crate) fn hides(&self, text: &str) {
        let seen = self.stage.text();
        assert!(!seen.contains(text), "{text:?} in\n{seen}");
    }
}

/// What the clinic does with an edit, as far as a summary shows it.
fn apply(chart: &mut Chart, edit: &Edit) {
    fn put<T: Clone>(all: &mut Vec<T>, it: &T, same: impl Fn(&T) -> bool) {
        match all.iter_mut().find(|it| same(it)) {
            Some(old) => *old = it.clone(),
            None => all.push(it.clone()),
        }
    }
    let consents = chart.consents.get_or_insert_default();
    let visits = chart.visits.get_or_insert_default();
    let summary = chart.summary.as_mut().unwrap();
    let id = edit.record().entry().id;
    let record = edit.record();
    if let Record::Allergy(it) = record {
        put(&mut summary.allergies, it, |it| it.entry.id == id);
    } else if let Record::NoKnownAllergies(it) = record {
        put(&mut summary.no_known_allergies, it, |it| it.entry.id == id);
    } else if let Record::Problem(it) = record {
        put(&mut summary.problems, it, |it| it.entry.id == id);
    } else if let Record::Medication(it) = record {
        put(&mut summary.medications, it, |it| it.entry.id == id);
    } else if let Record::Immunization(it) = record {
        put(&mut summary.immunizations, it, |it| it.entry.id == id);
    } else if let Record::Consent(it) = record {
        put(&mut consents.consents, it, |it| it.entry.id == id);
    } else if let Record::Visit(it) = record {
        put(&mut visits.visits, it, |it| it.entry.id == id);
    } else if let Record::Note(it) = record {
        put(&mut visits.notes, it, |it| it.entry.id == id);
    } else if let Record::Observation(it) = record {
        put(&mut visits.observations, it, |it| it.entry.id == id);
    } else {
        panic!("no {:?} on this stage", record.kind());
    }
}

fn save(effect: &Effect) -> Option<(u32, &[Edit])> {
    if let Effect::Patient(patient::Effect::Save { request, edits, .. }) = effect {
        Some((*request, edits))
    } else {
        None
    }
}
