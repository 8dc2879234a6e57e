//! Who was let see a record, on the screen and on paper.

use cairn::{
    app::{
        beyond::{Asks, News, TheTold},
        notice::Trouble,
    },
    chart::{Did, Disclosure, who::Role},
    say::Lang,
    time::Moment,
};
use insta::assert_snapshot;

use crate::{stage::hostile_rows, ward::Ward};

fn told(at: &str, did: Did, words: [&str; 4]) -> Disclosure {
    let [what, to, why, by] = words.map(str::to_owned);
    Disclosure {
        at: at.parse::<Moment>().unwrap(),
        did,
        what,
        to,
        why,
        by,
    }
}

fn all() -> Vec<Disclosure> {
    vec![
        told(
            "2025-11-18T10:40:00+03:00",
            Did::Shared,
            [
                "summary, visits",
                "Dr Were, Mbale Hospital",
                "treatment",
                "Dr Okot",
            ],
        ),
        told(
            "2025-11-18T10:38:00+03:00",
            Did::Consent,
            ["given: summary, visits", "Dr Were", "", "Dr Okot"],
        ),
        told(
            "2025-11-02T22:15:00+03:00",
            Did::Opened,
            [
                "emergency view",
                "",
                "not conscious, brought by neighbours",
                "Nora",
            ],
        ),
        told(
            "2025-10-12T09:00:00+03:00",
            Did::Printed,
            ["consent to sign", "", "", ""],
        ),
    ]
}

fn opened(lang: Lang, all: Vec<Disclosure>, is_whole: bool) -> Ward {
    let mut ward = Ward::open(lang, Role::Owner, |_| {});
    ward.keys("ct");
    let news = News::Told(Ok(TheTold { all, is_whole }));
    ward.stage.tell(|it| matches!(it, Asks::Told(_)), news);
    ward
}

#[test]
fn who_was_let_see_the_record_is_told_with_the_newest_first() {
    let ward = opened(Lang::English, all(), true);
    ward.shows("Who was let see this record: 4");
    ward.shows("Shared: summary, visits, to Dr Were, Mbale Hospital");
    assert_snapshot!("told", ward.stage.picture());
    let mut small = opened(Lang::English, all(), false);
    small.stage = small.stage.sized(60, 20);
    small.shows("Not complete");
    assert_snapshot!("told-small", small.stage.picture());
    assert_snapshot!(
        "told-french",
        opened(Lang::French, all(), true).stage.picture()
    );
    opened(Lang::English, Vec::new(), true).shows("Nobody outside of this patient");
}

#[test]
fn it_is_printed_into_a_file_that_is_named_and_a_wrong_place_keeps_what_was_typed() {
    let mut ward = opened(Lang::English, all(), true);
    ward.keys("p<F2>");
    ward.shows("needed");
    ward.keys("/media/stick/record.txt<F2>");
    let printed = |it: &Asks| matches!(it, Asks::Print(..));
    let first = ward.stage.beyond().find(|it| printed(&it.asks)).unwrap();
    let request = first.request;
    let Asks::Print(_, path, Lang::English) = &first.asks else {
        panic!("{:?}", first.asks);
    };
    assert_eq!(path.0, "/media/stick/record.txt");
    assert_snapshot!("told-print", ward.stage.picture());
    ward.stage
        .tell(printed, News::Printed(Err(Trouble::NotTaken)));
    ward.shows("It cannot be written there.");
    ward.shows("/media/stick/record.txt");
    ward.keys("<F2>");
    let again = ward.stage.beyond().find(|it| printed(&it.asks)).unwrap();
    assert_ne!(again.request, request);
    ward.stage.tell(printed, News::Printed(Ok(())));
    ward.shows("give it to the patient, then delete it");
    ward.shows("Who was let see this record");
}

#[test]
fn who_may_not_read_the_log_has_no_key_to_it() {
    for role in [Role::Clinician, Role::Nurse] {
        let mut ward = Ward::open(Lang::English, role, |_| {});
        ward.keys("ct");
        ward.hides("Who was let see");
        ward.shows("Nothing was agreed to");
    }
}

#[test]
fn hostile_words_are_safe() {
    for row in hostile_rows() {
        let name = row.names[0].family.as_str();
        let hostile = told("2025-11-18T10:40:00+03:00", Did::Shared, [name; 4]);
        crate::screens::check_safe(&opened(Lang::English, vec![hostile], true).stage);
    }
}
