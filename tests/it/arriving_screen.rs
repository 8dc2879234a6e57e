//! What comes in from another machine while somebody looks: it is shown without a key where
//! nothing moves by it, and nothing that is typed or selected is touched.

use cairn::{
    app::{
        Effect, Msg, patient,
        sync::{Answer, Effect as Asked},
        versions,
    },
    chart::{Chart, Edit, Medication, Record, Severity, VisitStatus, who::Role},
    ids::RecordId,
    say::Lang,
};

use crate::{
    bedside::{
        at_bedside, drug, give_draft, kept_draft, noted, okello, problem, with_chart,
    },
    stage::{Stage, allergy, rows},
};

/// Something came in; the chart is this one now.
fn came(stage: &mut Stage, chart: Chart, by: Option<&str>) {
    stage.send(Msg::Sync(Answer::Came { membership: false }));
    stage.send(Msg::Sync(Answer::TookIn {
        more: false,
        chart: Some(Box::new(chart)),
        by: by.map(str::to_owned),
    }));
}

fn writing(stage: &Stage) -> Option<RecordId> {
    stage.newest(|effect| {
        if let Effect::Sync(Asked::TakeIn { writing, .. }) = effect {
            Some(*writing)
        } else {
            None
        }
    })
}

#[track_caller]
fn shows(stage: &Stage, text: &str) {
    assert!(stage.text().contains(text), "{text}\n{}", stage.text());
}

#[track_caller]
fn hides(stage: &Stage, text: &str) {
    assert!(!stage.text().contains(text), "{text}\n{}", stage.text());
}

/// The first drug with another dose.
fn other_dose() -> Chart {
    let mut chart = okello();
    let summary = chart.summary.as_mut().unwrap();
    "2 tablets".clone_into(&mut summary.medications[0].dose);
    chart
}

/// One more drug, which stands first.
fn one_more() -> Chart {
    let mut chart = okello();
    let mut new = drug(33, "Zinc 20 mg", "1 tablet", "od");
    new.start = "2025-11-18".parse().ok();
    chart.summary.as_mut().unwrap().medications.insert(0, new);
    chart
}

#[test]
fn a_value_that_comes_is_shown_in_its_row_without_a_key() {
    for page in ["d", "s"] {
        let mut stage = at_bedside(Lang::English);
        stage.keys(page);
        hides(&stage, "2 tablets");
        came(&mut stage, other_dose(), None);
        shows(&stage, "2 tablets");
        shows(&stage, "Just in from another machine.");
        hides(&stage, "Enter shows it");
    }
}

#[test]
fn rows_that_would_move_wait_for_enter_and_the_selection_stays_on_its_record() {
    let mut stage = at_bedside(Lang::English);
    stage.keys("d<Down>");
    let row = |stage: &Stage| {
        let text = stage.text();
        let row = text.lines().find(|it| it.starts_with('>')).unwrap();
        row.to_owned()
    };
    let before = row(&stage);
    came(&mut stage, one_more(), None);
    hides(&stage, "Zinc");
    shows(
        &stage,
        "New in this chart from another machine: Enter shows it.",
    );
    assert_eq!(row(&stage), before);
    stage.keys("<Enter>");
    shows(&stage, "Zinc");
    assert_eq!(row(&stage), before);
    // The next Enter is that of the list again.
    stage.keys("<Enter>");
    hides(&stage, "Enter shows it");
    hides(&stage, "Zinc");
}

#[test]
fn rows_that_wait_are_told_beside_what_was_said_before() {
    let mut stage = at_bedside(Lang::English);
    stage.keys("d");
    came(&mut stage, other_dose(), None);
    shows(&stage, "Just in from another machine.");
    came(&mut stage, one_more(), None);
    shows(&stage, "New: Enter shows it");
    hides(&stage, "Zinc");
    stage.keys("<Enter>");
    shows(&stage, "Zinc");
    hides(&stage, "Enter shows it");
}

#[test]
fn an_allergy_that_comes_stands_in_the_banner_and_stops_a_drug_at_once() {
    let mut stage = at_bedside(Lang::English);
    stage.keys("pnaproxen<Tab>1 bd x 3d");
    let mut chart = one_more();
    let allergies = &mut chart.summary.as_mut().unwrap().allergies;
    allergies.insert(0, allergy(9, "naproxen", "shock", Severity::Severe));
    came(&mut stage, chart, None);
    shows(&stage, "NAPROXEN");
    shows(&stage, "1 bd x 3d");
    stage.keys("<F2>");
    shows(&stage, "STOP");
}

#[test]
fn what_another_machine_changed_while_it_is_written_is_said_and_both_are_kept() {
    let mut stage = at_bedside(Lang::English);
    stage.keys("dm");
    let amlodipine = okello().summary.unwrap().medications[0].entry.id;
    stage.keys("<Backspace><Backspace>bd");
    came(&mut stage, other_dose(), Some("Hill Post"));
    assert_eq!(writing(&stage), Some(amlodipine));
    let said = "Hill Post also changed this. Yours is kept as a second version.";
    shows(&stage, said);
    // Another record of the chart is no news for this form.
    let mut other = at_bedside(Lang::English);
    other.keys("dm");
    let mut chart = okello();
    let problems = &mut chart.summary.as_mut().unwrap().problems;
    problems.push(problem(29, "I10", "Gout", "2025"));
    came(&mut other, chart, None);
    hides(&other, "also changed");

    stage.keys("<Tab><Tab>pressure<F2>");
    let before = stage.newest(|effect| {
        let Effect::Patient(patient::Effect::Save { edits, .. }) = effect else {
            return None;
        };
        let Some(Edit::Change { before, .. }) = edits.first() else {
            return None;
        };
        Some(before.clone())
    });
    // It is saved over what was seen, not over what came.
    let Record::Medication(before) = *before else {
        panic!("no drug");
    };
    assert_eq!(before.dose, okello().summary.unwrap().medications[0].dose);
}

/// What was saved last of a drug: as it was seen, and as it is to be.
fn saved(stage: &Stage) -> (Medication, Medication) {
    stage.newest(|effect| {
        let Effect::Patient(patient::Effect::Save { edits, .. }) = effect else {
            return None;
        };
        let Some(Edit::Change { before, after }) = edits.first() else {
            return None;
        };
        if let (Record::Medication(before), Record::Medication(after)) =
            (&**before, &**after)
        {
            Some((before.clone(), after.clone()))
        } else {
            None
        }
    })
}

#[test]
fn a_form_that_goes_on_later_writes_only_what_was_typed_in_it() {
    let mut stage = at_bedside(Lang::English);
    stage.keys("dm<Tab><Tab>pressure<Esc>");
    stage.wait_ms(2_000);
    stage.send(Msg::Woke);
    let body = kept_draft(&stage).1;
    // Meanwhile another machine changed the dose.
    let mut later = with_chart(Lang::English, other_dose());
    later.keys("d");
    give_draft(&mut later, body);
    shows(&later, "also changed this");
    shows(&later, "2 tablets");
    later.keys("<F2>");
    let (seen, after) = saved(&later);
    let mut expected = okello().summary.unwrap().medications[0].clone();
    assert!(seen == expected, "as it was seen when it was begun");
    "pressure".clone_into(&mut expected.entry.remark.0);
    assert!(after == expected, "the other machine's dose is its own");
}

#[test]
fn who_is_listed_stays_in_the_row_while_others_come_in() {
    let mut stage = Stage::signed_in(Lang::English, "Amina N", Role::FrontDesk);
    stage.keys("okello");
    let all = rows();
    stage.find(vec![all[1].clone(), all[2].clone()]);
    stage.keys("<Down>");
    let listed = |stage: &Stage| -> Vec<String> {
        let text = stage.text();
        let rows = text
            .lines()
            .filter(|it| it.contains("y F") || it.contains("y M"));
        rows.take(2).map(str::to_owned).collect()
    };
    let before = listed(&stage);
    assert_eq!(before.len(), 2, "{}", stage.text());
    stage.send(Msg::Sync(Answer::TookIn {
        more: true,
        chart: None,
        by: None,
    }));
    stage.find(all);
    assert_eq!(listed(&stage), before);
    // What is being looked up is not waited for: a letter is another search.
    stage.send(Msg::Sync(Answer::TookIn {
        more: false,
        chart: None,
        by: None,
    }));
    stage.keys("<Enter>");
    let opened = stage.asked.iter().any(|it| {
        matches!(it, Effect::Patient(patient::Effect::Open { patient, .. })
            if *patient == rows()[2].patient)
    });
    assert!(opened);
}

#[test]
fn charts_to_compare_are_counted_beside_the_tab() {
    let mut stage = at_bedside(Lang::English);
    hides(&stage, "~");
    stage.send(Msg::Versions(versions::Answer::Waiting { charts: 2 }));
    shows(&stage, "8 Sync ~2");
    stage.keys("8");
    shows(&stage, "2 things wait to be compared (r).");
    stage.send(Msg::Versions(versions::Answer::Waiting { charts: 0 }));
    hides(&stage, "~");
}

/// A visit whose note is not signed yet, and the same when another machine went on with it.
fn begun_and_gone_on() -> (Chart, Chart) {
    let mut chart = okello();
    let note = noted(&mut chart, 60, "2025-11-18", ["Cough", "", "", "Rest"]);
    let visits = chart.visits.as_mut().unwrap();
    let open = visits
        .notes
        .iter_mut()
        .find(|it| it.entry.id == note)
        .unwrap();
    open.signed = None;
    let visit = visits.visits.last_mut().unwrap();
    visit.status = VisitStatus::InProgress;
    let mut newer = chart.clone();
    let notes = &mut newer.visits.as_mut().unwrap().notes;
    let there = notes.iter_mut().find(|it| it.entry.id == note).unwrap();
    there.sections[3].text.push_str(" and fluids");
    (chart, newer)
}

#[test]
fn letters_that_come_into_a_note_that_goes_on_are_said_and_the_typed_text_stays() {
    let (chart, newer) = begun_and_gone_on();
    let mut stage = with_chart(Lang::English, chart);
    stage.keys("<F8><Enter> and fever");
    came(&mut stage, newer, Some("Hill Post"));
    shows(
        &stage,
        "Hill Post also wrote in this note. Both texts are kept.",
    );
    shows(&stage, "and fever");
    hides(&stage, "and fluids");
}

#[test]
fn what_came_into_a_note_while_its_draft_lay_stands_with_it_before_it_is_signed() {
    let (chart, newer) = begun_and_gone_on();
    let mut stage = with_chart(Lang::English, chart);
    stage.keys("<F8><Enter> and fever");
    stage.keys("<Tab><Tab><Tab> at home<Esc>");
    stage.wait_ms(2_000);
    stage.send(Msg::Woke);
    let body = kept_draft(&stage).1;
    let mut later = with_chart(Lang::English, newer);
    later.keys("<F8>");
    give_draft(&mut later, body);
    for text in ["Cough and fever", "Rest at home", "and fluids"] {
        shows(&later, text);
    }
    shows(
        &later,
        "Somebody else wrote in this note, too: read it, then sign.",
    );
    later.keys("<F2>");
    shows(&later, "Sign as Dr Okot?");
}
