//! The chart's summary: what stands in its panes, at every size, and where its entries lead.

use cairn::{
    app::{Effect, Msg, keymap::Action, patient},
    chart::{
        Chart, Coded, Coding, Disagreement, Immunization, Kind, NoKnownAllergies,
        ObsCategory, Observation, Quantity, Results, System, Value, Version, who::Role,
    },
    ids::{Hash, RecordId},
    say::Lang,
    time::Moment,
};
use insta::assert_snapshot;

use crate::{
    bedside::{drug, entry_at, problem, with_chart},
    stage::{Stage, chart, hostile_rows, rows},
    visits_screen::visited,
};

/// Grace Okello with everything that the summary shows.
fn whole() -> Chart {
    let mut chart = visited();
    let summary = chart.summary.as_mut().unwrap();
    summary.immunizations = vec![
        dose(70, "Tetanus, diphtheria (Td)", "2025-03-04", "2", ""),
        dose(71, "COVID-19 mRNA", "2024-08-11", "1", "refused"),
    ];
    summary.versions.push(Disagreement {
        kind: Kind::Medication,
        record: RecordId::from_bytes([31; 16]),
        field: "dose".to_owned(),
        versions: ["1 tablet", "2 tablet"].map(version).to_vec(),
        before: None,
    });
    chart.results = Some(Results {
        observations: vec![
            lab(
                80,
                ("Hemoglobin [Mass/volume] in Blood", "718-7"),
                ("11.2", "g/dL"),
                "L",
            ),
            lab(81, ("Potassium", "2823-3"), ("6.1", "mmol/L"), "HH"),
            lab(82, ("Potassium", "2823-3"), ("4.4", "mmol/L"), ""),
        ],
        ..Results::default()
    });
    chart
}

fn version(value: &str) -> Version {
    Version {
        machine: None,
        change: Hash::ZERO,
        value: value.to_owned(),
        by: None,
        at: crate::stage::now().at,
    }
}

fn dose(
    number: u8,
    vaccine: &str,
    day: &str,
    dose: &str,
    not_done: &str,
) -> Immunization {
    Immunization {
        entry: entry_at(number, crate::stage::now()),
        vaccine: Coded::text(vaccine),
        date: day.parse().ok(),
        lot: String::new(),
        maker: String::new(),
        expiry: String::new(),
        site: String::new(),
        route: String::new(),
        dose_number: dose.to_owned(),
        not_done: not_done.to_owned(),
        reaction: String::new(),
        visit: None,
    }
}

fn lab(
    number: u8,
    (name, loinc): (&str, &str),
    (value, unit): (&str, &str),
    flag: &str,
) -> Observation {
    let day = if number == 82 {
        "2025-06-19"
    } else {
        "2025-10-12"
    };
    let at: Moment = format!("{day}T10:05:00+03:00").parse().unwrap();
    Observation {
        entry: entry_at(number, at),
        code: Coded::of(Coding::new(System::Loinc, loinc, name)),
        category: ObsCategory::Laboratory,
        when: day.parse().ok(),
        value: Some(Value::Quantity(Quantity::new(value, unit))),
        absent: String::new(),
        components: Vec::new(),
        range: String::new(),
        flag: flag.to_owned(),
        method: String::new(),
        visit: Some(RecordId::from_bytes([42; 16])),
        order: None,
    }
}

pub(crate) fn opened(lang: Lang) -> Stage {
    with_chart(lang, whole())
}

/// A wide window, and the names that it asks for.
fn with_names() -> Stage {
    let mut stage = Stage::signed_in(Lang::English, "Dr Okot", Role::Clinician);
    stage = stage.sized(140, 40);
    stage.keys("o");
    stage.find(rows());
    stage.keys("<Enter>");
    stage.open(whole());
    let asked = stage.newest(|it| {
        if let Effect::Patient(patient::Effect::Names(users)) = it {
            Some(users.clone())
        } else {
            None
        }
    });
    let names = asked.into_iter().map(|it| (it, "N. Ali".to_owned()));
    stage.send(Msg::Patient(patient::Answer::Names(names.collect())));
    stage
}

#[track_caller]
fn shows(stage: &Stage, words: &[&str]) {
    let seen = stage.text();
    for word in words {
        assert!(seen.contains(word), "no {word:?} in\n{seen}");
    }
}

#[test]
fn the_summary_looks_so() {
    assert_snapshot!("whole", opened(Lang::English).picture());
    assert_snapshot!("whole-mono", opened(Lang::English).mono().picture());
    assert_snapshot!("whole-french", opened(Lang::French).picture());
    let small = opened(Lang::English).sized(60, 20);
    assert_snapshot!("whole-small", small.picture());
    let low = opened(Lang::French).sized(60, 16);
    assert_snapshot!("whole-low", low.picture());
    let mut large = with_names();
    assert_snapshot!("whole-large", large.picture());
    large.keys("<Tab><Tab><Tab><Tab><Down>");
    assert_snapshot!("whole-large-visit", large.picture());
}

#[test]
fn now_is_the_day_of_the_newest_measurement_and_what_is_older_is_before() {
    let stage = opened(Lang::English);
    let seen = stage.text();
    let line = |name: &str| {
        let found = seen.lines().find(|it| it.trim_start().starts_with(name));
        let line = found.unwrap_or_else(|| panic!("{name}\n{seen}"));
        line.chars().take(40).collect::<String>()
    };
    let words = |name: &str| {
        let line = line(name);
        line.split_whitespace()
            .map(str::to_owned)
            .collect::<Vec<_>>()
    };
    assert_eq!(words("Vitals"), ["Vitals", "today", "before", "trend"]);
    assert_eq!(words("BP")[..5], ["BP", "148/92", "H", "152/94", "H"]);
    assert_eq!(words("Temp")[..4], ["Temp", "37.9", "H", "36.8"]);
    let height = line("Ht");
    assert_eq!(
        height.chars().position(|it| it == '1'),
        Some(23),
        "{height}"
    );
}

#[test]
fn of_every_result_the_latest_is_shown_with_its_mark() {
    let stage = opened(Lang::English);
    shows(&stage, &["Results (2)", "11.2 g/dL L", "6.1 mmol", "!!"]);
    assert!(!stage.text().contains("4.4"), "{}", stage.text());
}

#[test]
fn what_is_abnormal_and_no_number_is_marked_as_such_and_not_as_high() {
    let mut chart = whole();
    let mut rdt = lab(83, ("Malaria RDT", "70569-9"), ("", ""), "A");
    rdt.value = Some(Value::Text("positive".to_owned()));
    chart.results.as_mut().unwrap().observations.push(rdt);
    let mut stage = with_chart(Lang::English, chart);
    shows(&stage, &["positive ! 12-Oct"]);
    stage.keys("n<Down><Enter>");
    shows(&stage, &["Malaria RDT positive !"]);
}

#[test]
fn a_dose_that_was_not_given_says_so() {
    shows(&opened(Lang::English), &["COVID-19 mRNA", "Not given"]);
}

#[test]
fn every_pane_is_reached_by_tab_and_back() {
    let mut stage = opened(Lang::English);
    let mut carets = Vec::new();
    for _ in 0..6 {
        carets.push(stage.draw().1.unwrap());
        stage.keys("<Tab>");
    }
    assert_eq!(stage.draw().1.unwrap(), carets[0], "round and round");
    stage.keys("<BackTab>");
    assert_eq!(stage.draw().1.unwrap(), carets[5]);
    carets.sort_by_key(|it| (it.x, it.y));
    carets.dedup();
    assert_eq!(carets.len(), 6, "each pane has a place of its own");
}

#[test]
fn arrows_go_through_a_column_and_across() {
    let mut stage = opened(Lang::English);
    let start = stage.draw().1.unwrap();
    stage.keys("<Down><Down>");
    let below = stage.draw().1.unwrap();
    assert!(below.y > start.y + 1 && below.x == start.x, "{below:?}");
    stage.keys("<Right>");
    assert!(stage.draw().1.unwrap().x >= 40);
    stage.keys("<Left><Up><Up>");
    assert_eq!(stage.draw().1.unwrap(), start);
    stage.keys("<Up>");
    assert_eq!(stage.draw().1.unwrap(), start, "nothing is above");
}

#[test]
fn enter_opens_the_entry() {
    for (keys, shown) in [
        ("<Enter>", ["[b Problems]", "Hypertension"]),
        ("<Down><Enter>", ["[b Problems]", "Asthma, mild"]),
        ("<Tab><Tab><Enter>", ["[v Vitals]", "[BP]"]),
        ("<Tab><Tab><Down><Enter>", ["[v Vitals]", "[Pulse]"]),
        ("<Tab><Tab><Tab><Enter>", ["[n Notes]", "12-Oct-2025 10:05"]),
        (
            "<Tab><Tab><Tab><Tab><Down><Down><Enter>",
            ["[n Notes]", "19-Jun-2025 10:05"],
        ),
        ("<BackTab><Enter>", ["[i Vaccines]", "Td"]),
    ] {
        let mut stage = opened(Lang::English);
        stage.keys(keys);
        shows(&stage, &shown);
        while !stage.text().contains("[s Summary]") {
            stage.keys("<Esc>");
        }
        shows(&stage, &["Results (2)"]);
    }
    let mut asthma = opened(Lang::English);
    asthma.keys("<Down><Enter>");
    let (_, caret) = asthma.draw();
    let text = asthma.text();
    let line = text.lines().nth(caret.unwrap().y.into()).unwrap();
    assert!(line.contains("Asthma, mild"), "{line}");
}

#[test]
fn an_empty_pane_leads_to_the_page_on_which_one_is_written() {
    let mut stage = with_chart(Lang::English, chart(&rows()[0]));
    shows(&stage, &["Problems (0)", "Drugs now (0)", "Results (0)"]);
    stage.keys("<Enter>");
    shows(&stage, &["[b Problems]"]);
    stage.keys("s<Tab><Tab><Enter>");
    shows(&stage, &["[v Vitals]"]);
    stage.keys("<Esc><Tab><Enter>");
    shows(&stage, &["[s Summary]", "belongs to no visit"]);
}

#[test]
fn what_does_not_fit_is_counted_and_comes_into_view() {
    let mut chart = whole();
    let summary = chart.summary.as_mut().unwrap();
    for number in 150..180 {
        let text = format!("Problem {number}");
        summary.problems.push(problem(number, "Z00", &text, "2020"));
        let text = format!("Drug {number}");
        summary
            .medications
            .push(drug(number, &text, "1 tablet", "od"));
    }
    for (columns, rows) in [(80, 24), (60, 16), (60, 20), (140, 40)] {
        let mut stage = with_chart(Lang::English, chart.clone()).sized(columns, rows);
        let seen = stage.text();
        if columns >= 80 {
            shows(&stage, &[" of 32)", " of 33)"]);
        } else {
            shows(&stage, &["Problems 32", "Drugs 33"]);
        }
        for word in ["BP 148/92 H", "Temp 37.9 H", "Potassium", "Visits"] {
            let word = if columns >= 80 {
                word.split(' ').next().unwrap()
            } else {
                word
            };
            let shown = seen.contains(word) || rows == 16 && word == "Potassium";
            assert!(shown, "{word} at {columns}×{rows}\n{seen}");
        }
        stage.keys("<End>");
        shows(&stage, &["Problem 179"]);
        stage.keys("<Tab><End>");
        shows(&stage, &["Drug 179"]);
    }
}

#[test]
fn every_state_of_allergies_stands_above_the_summary() {
    let mut chart = whole();
    shows(
        &with_chart(Lang::English, chart.clone()),
        &["ALLERGY: PENICILLIN"],
    );
    let summary = chart.summary.as_mut().unwrap();
    summary.allergies.clear();
    shows(
        &with_chart(Lang::English, chart.clone()),
        &["Allergies: not recorded - ask (a)"],
    );
    let summary = chart.summary.as_mut().unwrap();
    summary.no_known_allergies.push(NoKnownAllergies {
        entry: entry_at(90, crate::stage::now()),
    });
    shows(
        &with_chart(Lang::English, chart),
        &["Allergies: none known (asked today)"],
    );
}

#[test]
fn what_could_not_be_read_is_said_first() {
    let mut chart = whole();
    chart.problems = vec!["obs: not a number".to_owned()];
    for (columns, rows) in [(80, 24), (60, 16), (140, 40)] {
        let stage = with_chart(Lang::English, chart.clone()).sized(columns, rows);
        shows(&stage, &["! 1 entry of this chart could not be read."]);
    }
}

#[test]
fn a_click_selects_an_entry_and_another_opens_it() {
    let mut stage = opened(Lang::English);
    let text = stage.text();
    let at = |text: &str, word: &str| {
        let (y, line) = text
            .lines()
            .enumerate()
            .find(|(_, it)| it.contains(word))
            .unwrap();
        let x = line.split(word).next().unwrap().chars().count();
        (x, y)
    };
    let (x, y) = at(&text, "Potassium");
    for _ in 0..2 {
        let action: Action = stage.clicked(x, y).unwrap();
        stage.wait_ms(200);
        stage.send(Msg::Clicked(action));
    }
    shows(&stage, &["[n Notes]", "12-Oct-2025 10:05"]);
}

#[test]
fn hostile_words_and_all_sizes_are_no_harm() {
    for row in hostile_rows() {
        let name = &row.names[0].family;
        let mut chart = whole();
        let summary = chart.summary.as_mut().unwrap();
        for it in &mut summary.problems {
            it.code = Coded::text(name);
        }
        for it in &mut summary.medications {
            it.code = Coded::text(name);
            it.dose.clone_from(name);
        }
        for it in &mut summary.immunizations {
            it.vaccine = Coded::text(name);
        }
        for it in &mut chart.results.as_mut().unwrap().observations {
            it.value = Some(Value::Text(name.clone()));
        }
        for (columns, rows) in [(80, 24), (60, 16), (79, 16), (120, 16), (200, 60)] {
            let mut stage = with_chart(Lang::English, chart.clone()).sized(columns, rows);
            for _ in 0..6 {
                crate::screens::check_safe(&stage);
                stage.keys("<Tab>");
            }
        }
    }
}
