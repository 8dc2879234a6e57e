//! The list of problems, by its keys.

use cairn::{
    app::{Msg, icd},
    chart::{Clinical, Coded, Entry, Problem, Remark, System, Verification, who::Role},
    content::Icd10,
    ids::RecordId,
    say::Lang,
    time::When,
};
use insta::assert_snapshot;

use crate::{
    stage::{hostile_rows, now, who},
    ward::Ward,
};

pub(crate) fn problem(number: u8, code: &str, since: &str) -> Problem {
    let who = who("Dr Okot", Role::Clinician);
    let id = RecordId::from_bytes([number; 16]);
    let hit = Icd10::load().get(code);
    Problem {
        entry: Entry::new(id, now(), who.user, who.machine),
        code: hit.map_or_else(|| Coded::text(code), cairn::content::Hit::coded),
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

fn filled(lang: Lang) -> Ward {
    Ward::open(lang, Role::Clinician, |summary| {
        let mut over = problem(3, "A09", "2024-03");
        over.clinical = Clinical::Resolved;
        over.abated = "2024-04".parse().ok();
        let mut wrong = problem(4, "E11.9", "2020");
        wrong.entry.in_error = true;
        wrong.entry.remark = Remark("other patient".to_owned());
        let mut asthma = problem(2, "J45.909", "2016");
        "mild".clone_into(&mut asthma.severity);
        asthma.entry.remark = Remark("worse in the rains".to_owned());
        summary.problems = vec![wrong, over, problem(1, "I10", "2021"), asthma];
    })
}

#[test]
fn a_problem_is_added_by_what_people_say_and_coded() {
    let mut ward = Ward::new();
    ward.keys("bbhtn<Enter>");
    ward.shows("Essential (primary) hypertension");
    ward.keys("<Enter>2021<F2>");
    assert!(ward.typed <= 12, "{} keys", ward.typed);
    let saved = &ward.summary().problems[0];
    assert!(saved.code.has(&System::Icd10cm, "I10"));
    assert_eq!(saved.onset, "2021".parse().ok());
    assert!(saved.on_list && saved.clinical == Clinical::Active);
    ward.shows("Essential (primary) hypertension is on the list. u undoes");
}

#[test]
fn an_enter_that_comes_before_the_list_takes_what_is_found_for_all_that_was_typed() {
    let mut ward = Ward::new();
    ward.keys("bb");
    // As fast as fingers are: no answer between the keys.
    ward.stage.keys("asthma<Enter>");
    let searches = ward.stage.asked.iter().filter_map(|effect| {
        if let cairn::app::Effect::Icd(search) = effect {
            Some(search.answer())
        } else {
            None
        }
    });
    for answer in searches.collect::<Vec<icd::Answer>>() {
        ward.stage.send(Msg::Icd(answer));
    }
    ward.shows("Unspecified asthma, uncomplicated");
    ward.shows("J45.909");
    ward.keys("<F2>");
    let saved = &ward.summary().problems[0];
    assert!(saved.code.has(&System::Icd10cm, "J45.909"));
}

#[test]
fn a_problem_that_is_saved_before_the_list_came_waits_for_it() {
    let mut ward = Ward::new();
    ward.keys("bb");
    ward.stage.keys("asthma<Enter><F2>");
    assert_eq!(ward.edits(), []);
    ward.answer();
    let saved = &ward.summary().problems[0];
    assert!(saved.code.has(&System::Icd10cm, "J45.909"));
}

#[test]
fn words_of_no_list_are_kept() {
    let mut ward = Ward::new();
    ward.keys("bbevil eye<Tab>");
    ward.shows("not coded");
    ward.keys("<F2>");
    let saved = &ward.summary().problems[0];
    assert_eq!(saved.code, Coded::text("evil eye"));
}

#[test]
fn what_is_over_is_one_key_and_comes_back_by_the_same() {
    let mut ward = filled(Lang::English);
    ward.keys("br");
    let hypertension = |ward: &Ward| ward.summary().problems[2].clone();
    assert_eq!(hypertension(&ward).clinical, Clinical::Resolved);
    assert_eq!(hypertension(&ward).abated, Some(When::On(now().day())));
    ward.shows("resolved today. u undoes");
    ward.keys("r");
    assert_eq!(hypertension(&ward).clinical, Clinical::Active);
    assert_eq!(hypertension(&ward).abated, None);
    ward.keys("u");
    assert_eq!(hypertension(&ward).clinical, Clinical::Resolved);
}

#[test]
fn a_change_names_only_what_is_different() {
    let mut ward = filled(Lang::English);
    ward.keys("b<Down><Enter><Tab>i<Tab><Tab><Tab> since 2020<F2>");
    let asthma = &ward.summary().problems[3];
    assert_eq!(asthma.clinical, Clinical::Inactive);
    assert_eq!(asthma.severity, "mild");
    assert_eq!(asthma.entry.remark.0, "worse in the rains since 2020");
    assert!(asthma.code.has(&System::Icd10cm, "J45.909"));
    assert_eq!(asthma.onset, "2016".parse().ok());
}

#[test]
fn the_same_problem_is_seen_before_it_is_saved_twice() {
    let mut ward = filled(Lang::English);
    ward.keys("bbi10<Enter>");
    ward.shows("! This problem is on the list already.");
    ward.keys("<Esc><Esc>");
    ward.hides("! This problem");
}

#[test]
fn a_nurse_writes_problems_and_who_may_only_read_reads_them() {
    let mut nurse = Ward::open(Lang::English, Role::Nurse, |_| {});
    nurse.keys("b");
    nurse.shows("b add");
    let mut reader = Ward::open(Lang::English, Role::Hub, |summary| {
        summary.problems = vec![problem(1, "I10", "2021")];
    });
    reader.keys("b");
    reader.hides("b add");
    reader.keys("bre<Enter>");
    assert_eq!(reader.edits(), []);
    reader.hides("How bad");
}

#[test]
fn problems_look_so() {
    let mut ward = filled(Lang::English);
    ward.keys("b");
    assert_snapshot!("problems", ward.stage.picture());
    ward.keys("bmal");
    assert_snapshot!("problems-add", ward.stage.picture());
    ward.stage = ward.stage.mono();
    assert_snapshot!("problems-add-mono", ward.stage.picture());
    let mut small = filled(Lang::English);
    small.stage = small.stage.sized(60, 20);
    small.keys("b");
    assert_snapshot!("problems-small", small.stage.picture());
    small.keys("bmal");
    assert_snapshot!("problems-add-small", small.stage.picture());
    let mut french = filled(Lang::French);
    french.keys("b");
    assert_snapshot!("problems-french", french.stage.picture());
}

#[test]
fn hostile_words_stay_in_their_columns() {
    for row in hostile_rows() {
        let name = row.names[0].family.clone();
        let mut ward = Ward::open(Lang::English, Role::Clinician, |summary| {
            let mut hostile = problem(1, "I10", "2021");
            hostile.code = Coded::text(&name);
            hostile.severity.clone_from(&name);
            summary.problems = vec![hostile, problem(2, "J45.909", "2016")];
        });
        ward.keys("b");
        crate::screens::check_safe(&ward.stage);
        let seen = ward.stage.text();
        let column = |word: &str| {
            let line = seen.lines().find(|it| it.contains(word)).unwrap();
            cairn::text::Shown::line(&line[..line.find(word).unwrap()]).width()
        };
        assert_eq!(column("2021"), column("2016"), "{seen}");
        ward.keys("<Enter>");
        crate::screens::check_safe(&ward.stage);
    }
}
