//! A chart with some history, open before a clinician: what the screens of the bedside are
//! tested with.

use cairn::{
    app::{Effect, Msg, draft, notice::Trouble, patient},
    care::{
        body_of,
        vitals_line::{observations, parse},
    },
    chart::{
        Chart, Clinical, Coded, Coding, Edit, Entry, MedKind, MedStatus, Medication,
        Note, Observation, Problem, Record, Section, Severity, Signature, System,
        Verification, Visit, VisitClass, VisitStatus, who::Role,
    },
    ids::{Hash, LogId, RecordId},
    say::Lang,
    time::{Moment, When},
};

use crate::stage::{Stage, allergy, chart, rows, who};

/// A stage on which the chart of [`okello`] is open.
pub(crate) fn at_bedside(lang: Lang) -> Stage {
    with_chart(lang, okello())
}

pub(crate) fn with_chart(lang: Lang, chart: Chart) -> Stage {
    let mut stage = Stage::signed_in(lang, "Dr Okot", Role::Clinician);
    stage.keys("okello gr");
    stage.find(rows());
    stage.keys("<Enter>");
    stage.open(chart);
    stage
}

/// Grace Okello: hypertension, asthma, an allergy, and vital signs of four days.
pub(crate) fn okello() -> Chart {
    let mut chart = chart(&rows()[0]);
    let summary = chart.summary.as_mut().unwrap();
    summary.allergies = vec![
        allergy(1, "penicillin", "anaphylaxis", Severity::Severe),
        allergy(2, "sulfa", "rash", Severity::Mild),
    ];
    summary.problems = vec![
        problem(21, "I10", "Hypertension", "2021"),
        problem(22, "J45.909", "Asthma, mild", "2016"),
    ];
    summary.medications = vec![
        drug(31, "Amlodipine 5 mg", "1 tablet", "od"),
        drug(32, "Salbutamol inhaler", "2 puff", "prn"),
    ];
    for (day, line) in [
        (
            "2025-11-18T09:30:00+03:00",
            "bp 148/92 hr 84 t 37.9 w 64.0 spo2 97",
        ),
        (
            "2025-10-12T10:05:00+03:00",
            "bp 152/94 hr 80 t 36.8 w 63.5 h 162 spo2 98",
        ),
        ("2025-06-19T11:20:00+03:00", "bp 156/96 hr 78 t 36.7 w 65.2"),
        ("2024-12-02T09:00:00+03:00", "bp 162/100 hr 88 w 66 pain 3"),
    ] {
        measured(&mut chart, day, line);
    }
    chart
}

/// Puts vital signs of a moment into a chart.
pub(crate) fn measured(chart: &mut Chart, at: &str, line: &str) {
    let at: Moment = at.parse().unwrap();
    let body = body_of(chart, at.day());
    let parsed = parse(line, &body);
    assert!(parsed.is_complete(), "{line}");
    let all = &mut chart.visits.as_mut().unwrap().observations;
    let first = u8::try_from(all.len()).unwrap() + 100;
    let mut id = first;
    let made = observations(&parsed.readings, &body, When::At(at), None, || {
        id += 1;
        entry_at(id, at)
    });
    all.extend(made);
    all.sort_by_key(|it: &Observation| std::cmp::Reverse(it.when.unwrap().sort_key()));
}

pub(crate) fn entry_at(number: u8, at: Moment) -> Entry {
    let user = who("Dr Okot", Role::Clinician).user;
    let machine = LogId::from_bytes([9; 16]);
    Entry::new(RecordId::from_bytes([number; 16]), at, user, machine)
}

fn entry(number: u8) -> Entry {
    entry_at(number, crate::stage::now())
}

pub(crate) fn problem(number: u8, code: &str, text: &str, since: &str) -> Problem {
    Problem {
        entry: entry(number),
        code: Coded::of(Coding::new(System::Icd10cm, code, text)),
        clinical: Clinical::Active,
        verification: Verification::Confirmed,
        on_list: true,
        onset: since.parse().ok(),
        abated: None,
        severity: String::new(),
        site: String::new(),
        visit: None,
    }
}

pub(crate) fn drug(number: u8, text: &str, dose: &str, frequency: &str) -> Medication {
    Medication {
        entry: entry(number),
        kind: MedKind::Request,
        code: Coded::text(text),
        status: MedStatus::Active,
        dose: dose.to_owned(),
        route: String::new(),
        frequency: frequency.to_owned(),
        duration: String::new(),
        as_needed: false,
        start: "2025-10-12".parse().ok(),
        end: None,
        quantity: String::new(),
        reason: Coded::default(),
        instructions: String::new(),
        overridden: String::new(),
        visit: None,
    }
}

/// Everything that was asked to be saved, each with its request.
pub(crate) fn saves(stage: &Stage) -> Vec<(u32, &[Edit])> {
    let saves = stage.asked.iter().filter_map(|it| {
        if let Effect::Patient(patient::Effect::Save { request, edits, .. }) = it {
            Some((*request, edits.as_slice()))
        } else {
            None
        }
    });
    saves.collect()
}

/// Answers the newest save: the chart as it stands with the edits in it, or trouble.
pub(crate) fn answer_save(stage: &mut Stage, result: Result<(), Trouble>) {
    let (request, edits) = saves(stage).pop().unwrap();
    let mut chart = stage.model.desk().unwrap().chart.clone().unwrap();
    for edit in edits {
        apply(&mut chart, edit.record().clone());
    }
    stage.send(Msg::Patient(patient::Answer::Saved {
        request,
        result: result.map(|()| Some(chart)),
    }));
}

fn apply(chart: &mut Chart, record: Record) {
    let visits = chart.visits.as_mut().unwrap();
    let summary = chart.summary.as_mut().unwrap();
    if let Record::Observation(it) = record {
        put(&mut visits.observations, it, |it| &it.entry);
    } else if let Record::Note(it) = record {
        put(&mut visits.notes, it, |it| &it.entry);
    } else if let Record::Visit(it) = record {
        put(&mut visits.visits, it, |it| &it.entry);
    } else if let Record::Problem(it) = record {
        put(&mut summary.problems, it, |it| &it.entry);
    } else {
        panic!("a record that no screen of the bedside writes");
    }
}

/// Puts a record in the place of the one with its id, or before all others.
fn put<T>(all: &mut Vec<T>, record: T, entry: impl Fn(&T) -> &Entry) {
    let id = entry(&record).id;
    match all.iter().position(|it| entry(it).id == id) {
        Some(at) => all[at] = record,
        None => all.insert(0, record),
    }
}

/// The draft that was kept last.
pub(crate) fn kept_draft(stage: &Stage) -> (draft::Key, draft::Body) {
    stage.newest(|it| {
        if let Effect::Draft(draft::Effect::Save { key, body }) = it {
            Some((*key, body.clone()))
        } else {
            None
        }
    })
}

/// Answers the newest request for a draft.
pub(crate) fn give_draft(stage: &mut Stage, body: draft::Body) {
    let request = stage.newest(|it| {
        if let Effect::Draft(draft::Effect::Load { request, .. }) = it {
            Some(*request)
        } else {
            None
        }
    });
    stage.send(Msg::Draft(draft::Answer::Loaded {
        request,
        found: Some((body, crate::stage::now())),
    }));
}

/// Answers the newest search for a diagnosis from the table itself.
pub(crate) fn answer_icd(stage: &mut Stage) {
    let answer = stage.newest(|it| {
        if let Effect::Icd(search) = it {
            Some(search.answer())
        } else {
            None
        }
    });
    stage.send(Msg::Icd(answer));
}

/// The notes that were asked to be signed, each with its request.
pub(crate) fn signs(stage: &Stage) -> Vec<(u32, RecordId)> {
    let signs = stage.asked.iter().filter_map(|it| {
        if let Effect::Patient(patient::Effect::Sign { request, note, .. }) = it {
            Some((*request, *note))
        } else {
            None
        }
    });
    signs.collect()
}

/// Answers the newest wish to sign: the note with a signature, or trouble.
pub(crate) fn answer_sign(stage: &mut Stage, result: Result<(), Trouble>) {
    let (request, id) = signs(stage).pop().unwrap();
    let mut chart = stage.model.desk().unwrap().chart.clone().unwrap();
    let notes = &mut chart.visits.as_mut().unwrap().notes;
    let note = notes.iter_mut().find(|it| it.entry.id == id).unwrap();
    note.signed = result.ok().map(|()| signature(stage.now));
    stage.send(Msg::Patient(patient::Answer::Signed {
        request,
        result: result.map(|()| Some(chart)),
    }));
}

pub(crate) fn signature(at: Moment) -> Signature {
    Signature {
        by: who("Dr Okot", Role::Clinician).user,
        at,
        text: Hash::ZERO,
        heads: Vec::new(),
    }
}

/// A visit with its note, as another day left them.
pub(crate) fn noted(
    chart: &mut Chart,
    number: u8,
    day: &str,
    texts: [&str; 4],
) -> RecordId {
    let at: Moment = format!("{day}T10:05:00+03:00").parse().unwrap();
    let [why, found, dx, plan] = texts;
    let visit = Visit {
        entry: entry_at(number, at),
        class: VisitClass::Ambulatory,
        status: VisitStatus::Finished,
        start: Some(When::At(at)),
        end: None,
        reason: Coded::text(why),
        diagnoses: vec![Coded::text(dx)],
        practitioner: "Dr Okot".to_owned(),
        place: String::new(),
    };
    let section = |name: &str, text: &str| Section {
        name: name.to_owned(),
        text: text.to_owned(),
    };
    let note = Note {
        entry: entry_at(number + 1, at),
        visit: Some(visit.entry.id),
        title: "visit".to_owned(),
        sections: vec![
            section("S", why),
            section("O", found),
            section("A", dx),
            section("P", plan),
        ],
        phrases: Vec::new(),
        signed: Some(signature(at)),
        adds_to: None,
        attested: None,
    };
    let id = note.entry.id;
    let visits = chart.visits.as_mut().unwrap();
    visits.visits.push(visit);
    visits.notes.push(note);
    id
}
