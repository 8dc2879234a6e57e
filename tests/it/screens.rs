//! Every screen and overlay, as drawn: the text, the roles and the caret.

use cairn::tui::picture::svg;
use cairn::{
    app::{Msg, Size, lock, start},
    chart::{Severity, who::Role},
    say::Lang,
};
use insta::assert_snapshot;

use crate::stage::{Stage, allergy, chart, hostile_rows, people, row, rows, text};
use crate::{docs_fresh, note_screen, share_screen, summary_screen, visits_screen};

const SIZES: [(u16, u16); 3] = [(80, 24), (60, 20), (120, 40)];

fn find(lang: Lang) -> Stage {
    let mut stage = Stage::signed_in(lang, "Dr Okot", Role::Clinician);
    stage.keys("okello gr");
    stage.find(rows());
    stage
}

fn register(lang: Lang) -> Stage {
    let mut stage = Stage::signed_in(lang, "Amina N", Role::FrontDesk);
    stage.find(Vec::new());
    stage.keys("okello grace");
    stage.find(Vec::new());
    stage.keys("<^n>f38y<Enter>");
    stage.send(Msg::Register(cairn::app::register::Answer::Lists {
        villages: vec![("Kijani A".to_owned(), 41), ("Kijani B".to_owned(), 12)],
    }));
    stage.alike(rows()[..2].to_vec());
    stage.keys("kij");
    stage
}

fn locked(lang: Lang) -> Stage {
    let mut stage = Stage::locked(lang);
    stage.send(Msg::Lock(lock::Answer::People(people())));
    stage.keys("3123");
    stage
}

fn opened(lang: Lang) -> Stage {
    let mut stage = find(lang);
    let mut chart = chart(&rows()[0]);
    let summary = chart.summary.as_mut().unwrap();
    summary.allergies = vec![
        allergy(1, "penicillin", "anaphylaxis", Severity::Severe),
        allergy(2, "sulfa", "rash", Severity::Mild),
        allergy(3, "iodine contrast", "itching", Severity::Mild),
        allergy(4, "peanut", "swelling", Severity::Moderate),
    ];
    stage.keys("<Enter>");
    stage.open(chart);
    stage
}

#[test]
fn find_shows_who_fits() {
    assert_snapshot!("find", find(Lang::English).picture());
    assert_snapshot!("find-mono", find(Lang::English).mono().picture());
    assert_snapshot!("find-french", find(Lang::French).picture());
    assert_snapshot!("find-small", find(Lang::English).sized(60, 20).picture());
    assert_snapshot!("find-large", find(Lang::English).sized(120, 40).picture());
}

#[test]
fn a_new_patient_stands_beside_who_may_be_the_same() {
    assert_snapshot!("register", register(Lang::English).picture());
    assert_snapshot!("register-mono", register(Lang::English).mono().picture());
    assert_snapshot!("register-french", register(Lang::French).picture());
    let mut small = register(Lang::English).sized(60, 20);
    assert_snapshot!("register-small", small.picture());
    small.keys("<Enter>-<Enter>");
    assert_snapshot!("register-small-below", small.picture());
    let mut asked = register(Lang::English);
    asked.keys("<Enter>-<Enter><F2>");
    asked.alike(rows()[..2].to_vec());
    asked.keys("<F2>");
    assert_snapshot!("register-question", asked.picture());
}

#[test]
fn the_lock_screen_names_no_patient() {
    assert_snapshot!("lock", locked(Lang::English).picture());
    assert_snapshot!("lock-mono", locked(Lang::English).mono().picture());
    assert_snapshot!("lock-french", locked(Lang::French).picture());
    assert_snapshot!("lock-small", locked(Lang::English).sized(60, 20).picture());
    let mut left = opened(Lang::English);
    left.keys("<F9>");
    assert!(!left.text().contains("OKELLO"));
}

#[test]
fn the_first_start_goes_page_by_page() {
    let mut stage = Stage::first_start(Lang::English);
    assert_snapshot!("start-language", stage.picture());
    stage.keys("1");
    assert_snapshot!("start-begin", stage.picture());
    stage.keys("1");
    let suggestion = "acid canyon violin harvest tunnel museum".into();
    stage.send(Msg::Start(start::Answer::Suggested(suggestion)));
    stage.keys("Kijani HC<Enter>Dr Okot<Enter>acid canyon");
    assert_snapshot!("start-clinic", stage.picture());
}

#[test]
fn the_open_patient_stays_in_view() {
    assert_snapshot!("summary", opened(Lang::English).picture());
    assert_snapshot!(
        "summary-small",
        opened(Lang::English).sized(60, 20).picture()
    );
    let mut stage = find(Lang::English);
    stage.keys("<Enter>");
    stage.open(chart(&rows()[0]));
    assert!(stage.text().contains("Allergies: not recorded - ask (a)"));
}

#[test]
fn the_pictures_in_the_documents_are_real_screens() {
    let mut start = Stage::first_start(Lang::English);
    start.keys("1");
    let mut alerted = opened(Lang::English);
    alerted.keys("<F1>");
    for (name, stage) in [
        ("start", start),
        ("lock", locked(Lang::English)),
        ("find", find(Lang::English)),
        ("new-patient", register(Lang::English)),
        ("chart", summary_screen::opened(Lang::English)),
        ("note", note_screen::with_diagnosis(Lang::English)),
        ("visit", visits_screen::read(Lang::English)),
        ("share", share_screen::pictured()),
        ("help", alerted),
    ] {
        let picture = svg(&stage.draw().0);
        docs_fresh::check(&format!("docs/pictures/{name}.svg"), &picture);
    }
}

#[test]
fn overlays_lie_over_the_screen() {
    let mut stage = find(Lang::English);
    stage.keys("<F1>");
    assert_snapshot!("help", stage.picture());
    stage.keys("<Esc><^p>lock");
    assert_snapshot!("palette", stage.picture());
}

#[test]
fn a_window_that_is_too_small_keeps_the_patient_and_the_typing() {
    let mut stage = opened(Lang::English).sized(52, 14);
    assert_snapshot!("too-small", stage.picture());
    let mut typing = find(Lang::English).sized(52, 14);
    typing.keys("ace");
    typing.send(Msg::Resized(Size {
        columns: 80,
        rows: 24,
    }));
    assert!(typing.text().contains("okello grace"));
    stage.send(Msg::Resized(Size {
        columns: 1,
        rows: 1,
    }));
    stage.draw();
}

#[test]
fn ascii_terminals_get_ascii_marks() {
    let mut stage = find(Lang::English);
    stage.theme.ascii = true;
    assert!(stage.text().is_ascii(), "{}", stage.text());
}

#[test]
fn hostile_names_keep_every_column_in_every_view() {
    for (columns, rows) in SIZES {
        let mut stage = Stage::signed_in(Lang::English, "Dr Okot", Role::Clinician)
            .sized(columns, rows);
        stage.keys("x");
        stage.find(hostile_rows());
        check_columns(&stage, " F ", 3);
        for (index, hostile) in hostile_rows().iter().enumerate() {
            if index > 0 {
                stage.keys("2");
                stage.find(hostile_rows());
                stage.keys("<Down>");
            }
            stage.keys("<Enter>");
            stage.open(chart(hostile));
            let open = stage.model.desk().unwrap().chart_in_front();
            assert_eq!(open.map(|it| it.patient), Some(hostile.patient));
            check_safe(&stage);
        }
        stage.keys("2<^n>");
        stage.alike(hostile_rows());
        check_safe(&stage);
    }
}

/// Every row of the list has `mark` in the same column.
fn check_columns(stage: &Stage, mark: &str, rows_min: usize) {
    let (buf, _) = stage.draw();
    let mut columns = std::collections::BTreeSet::new();
    let mut rows = 0;
    for y in 0..buf.area.height {
        let row: Vec<&str> = (0..buf.area.width).map(|x| buf[(x, y)].symbol()).collect();
        let at = row.windows(3).position(|it| it.concat() == mark);
        columns.extend(at);
        rows += usize::from(at.is_some());
    }
    assert!(rows >= rows_min, "{}", text(&buf));
    assert!(
        columns.len() <= 2,
        "the list and the card: {columns:?}\n{}",
        text(&buf)
    );
    check_safe(stage);
}

pub(crate) fn check_safe(stage: &Stage) {
    let (buf, caret) = stage.draw();
    assert!(caret.is_some(), "the caret is somewhere\n{}", text(&buf));
    for cell in &buf.content {
        let marks = cell.symbol().chars().count();
        assert!(marks <= 9, "{marks} in a cell");
        assert!(!cell.symbol().chars().any(char::is_control));
        assert!(!cell.symbol().contains(['\u{202e}', '\u{2066}', '\u{200d}']));
    }
}

#[test]
fn a_receptionist_sees_no_allergy_and_no_chart() {
    let mut stage = Stage::signed_in(Lang::English, "Amina N", Role::FrontDesk);
    stage.keys("o");
    stage.find(vec![row(1, "Okello", "Grace", "1987-03-14")]);
    let seen = stage.text();
    assert!(!seen.contains('!') && !seen.contains("Chart"), "{seen}");
    stage.keys("<Enter>");
    let mut identity = chart(&rows()[0]);
    identity.summary = None;
    identity.visits = None;
    stage.open(identity);
    let seen = stage.text();
    assert!(
        seen.contains("Born 14-Mar-1987") && !seen.contains("llerg"),
        "{seen}"
    );
}
