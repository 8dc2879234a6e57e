//! Closed records on the screen: what is said of every chart, how what is written is closed,
//! and that clinics without categories see nothing of it.

use cairn::{
    app::{Msg, notice::Trouble, patient},
    chart::{
        Category, Chart, Edit, Kind, Note, Record, Visit, VisitStatus,
        who::{Compartment, Denial, Role},
    },
    say::Lang,
    time::When,
};

use crate::{
    bedside::{okello, saves, with_chart},
    problems::problem,
    samples::{self, Variant},
    stage::{now, who},
    ward::Ward,
};

const MAY_BE: &str = "A part of this record may be closed to you.";
const OPEN: &str = "What you write is open (Ctrl-K closes it).";
const CLOSED: &str = "What you write is CLOSED: mental health (Ctrl-K).";

fn category(word: &str) -> Category {
    Category::new(word).unwrap()
}

/// Somebody who may close under two categories.
fn named(chart: &mut Chart) {
    chart.closed = Some(false);
    chart.may_close = vec![category("hiv"), category("mental-health")];
}

fn added(edits: &[Edit]) -> Vec<(Kind, Option<Category>)> {
    let records = edits.iter().map(Edit::record);
    records
        .map(|it| (it.kind(), it.entry().restricted))
        .collect()
}

#[test]
fn every_chart_says_that_a_part_may_be_closed_where_the_clinic_closes_some() {
    let mut ward = Ward::at(Lang::English, Role::Nurse, |it| it.closed = Some(true));
    ward.shows(MAY_BE);
    ward.hides("Ctrl-K");
    ward.keys("d");
    ward.shows(MAY_BE);
    ward.keys("<^k>");
    ward.hides("What you write");
    let mut ward = Ward::new();
    ward.hides("closed");
    ward.keys("<^k>");
    ward.shows("Nothing can be closed here");
    let ward = Ward::at(Lang::English, Role::Clinician, named);
    ward.hides(MAY_BE);
    ward.shows(OPEN);
}

#[test]
fn what_is_written_is_closed_from_a_key_on_and_allergies_are_not() {
    let mut ward = Ward::at(Lang::English, Role::Clinician, named);
    ward.keys("<^k><^k>");
    ward.shows(CLOSED);
    ward.keys("bblow mood<Enter><Enter><F2>");
    ward.shows("[mental health] Depression");
    // An allergy is open all the same.
    ward.keys("aadust<Enter><Enter><F2>");
    ward.keys("<^k>");
    ward.shows(OPEN);
    let hidden = Some(category("mental-health"));
    let expected = [(Kind::Problem, hidden), (Kind::Allergy, None)];
    assert_eq!(added(&ward.edits()), expected);

    let mut chart = okello();
    named(&mut chart);
    let mut stage = with_chart(Lang::English, chart);
    stage.keys("<F7><^k>hr 88<Enter>");
    let (_, edits) = saves(&stage).pop().unwrap();
    let hidden = Some(category("hiv"));
    assert_eq!(added(edits), [(Kind::Observation, hidden)]);
}

#[test]
fn a_closed_record_is_marked_wherever_it_is_listed() {
    let mut ward = Ward::at(Lang::English, Role::Clinician, |chart| {
        named(chart);
        let mut low = problem(1, "F32.9", "2021");
        low.entry.restricted = Some(category("hiv"));
        chart.summary.as_mut().unwrap().problems = vec![low, problem(2, "I10", "2021")];
    });
    ward.shows("[hiv] ");
    ward.keys("b");
    ward.shows("[hiv] ");
}

/// Today's visit of which nobody wrote yet.
fn waiting(number: u64) -> Visit {
    let by = who("Dr Okot", Role::Clinician);
    let entry = cairn::chart::Entry::new(samples::id(number), now(), by.user, by.machine);
    let Record::Visit(visit) = samples::full(
        Kind::Visit,
        samples::id(number),
        cairn::chart::Origin::Own,
        Variant::One,
    ) else {
        panic!("not a visit");
    };
    Visit {
        entry,
        start: Some(When::At(now())),
        end: None,
        status: VisitStatus::InProgress,
        diagnoses: Vec::new(),
        ..visit
    }
}

#[test]
fn a_closed_note_does_not_go_into_the_open_visit_of_the_day() {
    let open = waiting(901);
    let mut chart = okello();
    named(&mut chart);
    chart.visits.as_mut().unwrap().visits = vec![open.clone()];
    let mut stage = with_chart(Lang::English, chart);
    // Begun in the open, and closed before it is saved.
    stage.keys("<F8><Tab>Sleeps badly<^k><F2><F2>");
    let (_, edits) = saves(&stage).pop().unwrap();
    let hidden = Some(category("hiv"));
    let kinds = added(edits);
    assert_eq!(kinds, [(Kind::Visit, hidden), (Kind::Note, hidden)]);
    for edit in edits {
        assert!(matches!(edit, Edit::Add(_)));
        if let Record::Visit(visit) = edit.record() {
            assert_ne!(visit.entry.id, open.entry.id);
        }
        if let Record::Note(Note { visit, .. }) = edit.record() {
            assert_ne!(*visit, Some(open.entry.id));
        }
    }
}

#[test]
fn what_is_closed_is_offered_only_in_what_is_closed_as_it_is() {
    let mut chart = okello();
    named(&mut chart);
    let summary = chart.summary.as_mut().unwrap();
    summary.problems[1].entry.restricted = Some(category("hiv"));
    summary.medications[1].entry.restricted = Some(category("hiv"));
    // Open, hiv, mental health.
    for (close, offered) in [("", false), ("<^k>", true), ("<^k><^k>", false)] {
        let mut stage = with_chart(Lang::English, chart.clone());
        stage.keys(&format!("{close}<F8><Tab><Tab>.epil<Tab><Esc>"));
        let text = stage.text();
        assert!(text.contains("Amlodipine"), "{close}: {text}");
        assert_eq!(text.contains("Salbutamol"), offered, "{close}: {text}");

        let mut stage = with_chart(Lang::English, chart.clone());
        stage.keys(&format!("{close}<F8><F4>"));
        let text = stage.text();
        assert!(text.contains("Hypertension"), "{close}: {text}");
        assert_eq!(text.contains("Asthma"), offered, "{close}: {text}");

        let mut ward = Ward::at(Lang::English, Role::Clinician, |it| *it = chart.clone());
        ward.keys(&format!("{close}dpamlo<Enter>1 od ongoing<Tab>asth<Enter>"));
        let text = ward.stage.text();
        assert_eq!(text.contains("Asthma, mild"), offered, "{close}: {text}");
    }
}

#[test]
fn what_the_person_closes_is_never_saved_open_when_the_category_is_closed_to_them() {
    let mut ward = Ward::at(Lang::English, Role::Clinician, named);
    ward.keys("<^k>bblow mood<Enter><Enter>");
    // Somebody takes the name away meanwhile.
    ward.chart.may_close.clear();
    ward.keys("<F2><F7>hr 88<Enter>");
    ward.shows("What you write is CLOSED: hiv (Ctrl-K).");
    ward.keys("<^k>");
    ward.shows("What you write from here on is open.");
    ward.keys("<F7>hr 90<Enter>");
    let hidden = Some(category("hiv"));
    let expected = [
        (Kind::Problem, hidden),
        (Kind::Observation, hidden),
        (Kind::Observation, None),
    ];
    assert_eq!(added(&ward.edits()), expected);

    let mut chart = okello();
    named(&mut chart);
    let mut stage = with_chart(Lang::English, chart);
    stage.keys("<F7><^k>hr 88<Enter>");
    let (request, _) = saves(&stage).pop().unwrap();
    let no_key = Denial::NoKey(Compartment::Restricted(category("hiv")));
    let result = Err(Trouble::Denied(no_key));
    stage.send(Msg::Patient(patient::Answer::Saved { request, result }));
    let text = stage.text();
    let said = "Not saved: that category is closed to you now. Ctrl-K chooses another.";
    assert!(text.contains(said) && text.contains("hr 88"), "{text}");
}

#[test]
fn a_draft_that_was_begun_closed_is_saved_closed() {
    let hidden = Some(category("hiv"));
    let note = [(Kind::Visit, hidden), (Kind::Note, hidden)];
    let cases = [
        (
            "<^k>",
            "<F8>",
            "<Tab>Sleeps badly",
            "",
            "<F2><F2>",
            &note[..],
        ),
        // Closed after it was typed.
        (
            "",
            "<F8>",
            "<Tab>Sleeps badly",
            "<^k>",
            "<F2><F2>",
            &note[..],
        ),
        (
            "<^k>",
            "<F7>",
            "hr 88",
            "",
            "<Enter>",
            &[(Kind::Observation, hidden)],
        ),
        (
            "<^k>",
            "b",
            "blow mood<Enter>",
            "",
            "<F2>",
            &[(Kind::Problem, hidden)],
        ),
    ];
    for (before, place, typed, after, save, expected) in cases {
        let mut ward = Ward::at(Lang::English, Role::Clinician, named);
        ward.keys(&format!("{before}{place}{typed}"));
        let begun = ward.draft();
        ward.keys(after);
        let kept = ward.draft().or(begun).unwrap();

        let mut ward = Ward::at(Lang::English, Role::Clinician, named);
        ward.shows(OPEN);
        ward.keys(place);
        ward.load(kept);
        ward.shows("What you write is CLOSED: hiv (Ctrl-K).");
        ward.keys(save);
        assert_eq!(added(&ward.edits()), expected, "{typed}");
    }
}
