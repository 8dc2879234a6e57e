//! The list of vaccines, by its keys.

use cairn::{
    chart::{Coded, Entry, Immunization, Remark, System, who::Role},
    content::Vaccine,
    ids::RecordId,
    say::Lang,
    time::When,
};
use insta::assert_snapshot;

use crate::{
    stage::{hostile_rows, now, who},
    ward::Ward,
};

fn dose(number: u8, code: &str, date: &str) -> Immunization {
    let who = who("N. Ali", Role::Nurse);
    let id = RecordId::from_bytes([number; 16]);
    let vaccine = Vaccine::get(code);
    Immunization {
        entry: Entry::new(id, now(), who.user, who.machine),
        vaccine: vaccine.map_or_else(|| Coded::text(code), Vaccine::coded),
        date: date.parse().ok(),
        lot: String::new(),
        maker: String::new(),
        expiry: String::new(),
        site: String::new(),
        route: String::new(),
        dose_number: String::new(),
        not_done: String::new(),
        reaction: String::new(),
        visit: None,
    }
}

fn filled(lang: Lang) -> Ward {
    Ward::open(lang, Role::Nurse, |summary| {
        let mut first = dose(2, "198", "2025-07-01");
        "1".clone_into(&mut first.dose_number);
        "PV1234".clone_into(&mut first.lot);
        "left thigh".clone_into(&mut first.site);
        let mut refused = dose(3, "133", "2025-07-01");
        "out of stock".clone_into(&mut refused.not_done);
        let mut wrong = dose(4, "37", "2025-08-01");
        wrong.entry.in_error = true;
        wrong.entry.remark = Remark("other child".to_owned());
        summary.immunizations = vec![dose(1, "19", "2025-05-20"), first, refused, wrong];
    })
}

#[test]
fn the_next_dose_takes_ten_keys_and_is_numbered() {
    let mut ward = filled(Lang::English);
    ward.keys("iipen<Enter>");
    ward.shows("= next of the series");
    ward.keys("<F2>");
    assert!(ward.typed <= 10, "{} keys", ward.typed);
    let saved = &ward.summary().immunizations[4];
    assert!(saved.vaccine.has(&System::Cvx, "198"));
    assert_eq!(saved.dose_number, "2");
    assert_eq!(saved.date, Some(When::On(now().day())));
    ward.shows("dose recorded. u undoes");
    ward.keys("u");
    assert!(ward.summary().immunizations[4].entry.in_error);
}

#[test]
fn a_dose_is_recorded_with_lot_expiry_and_site() {
    let mut ward = Ward::new();
    ward.keys("iibcg<Enter>1<Tab><Tab>AB12<Tab>06/27<Tab>left a<Enter><F2>");
    let saved = &ward.summary().immunizations[0];
    assert_eq!(saved.lot, "AB12");
    assert_eq!(saved.expiry, "06/27");
    assert_eq!(saved.site, "left arm");
    assert_eq!(saved.dose_number, "1");
}

#[test]
fn a_vaccine_that_was_not_given_says_why_and_is_not_counted() {
    let mut ward = filled(Lang::English);
    ward.keys("ixmr<Enter>out<Enter><F2>");
    let saved = &ward.summary().immunizations[4];
    assert_eq!(saved.not_done, "out of stock");
    ward.shows("2 doses given");
    ward.shows("Not given: out of stock.");
    ward.keys("imr<Enter>");
    ward.shows("Dose number      1");
}

#[test]
fn a_change_keeps_the_moment_that_the_chart_has() {
    let moment = When::At(now());
    let mut ward = Ward::open(Lang::English, Role::Nurse, |summary| {
        let mut given = dose(1, "19", "2025-05-20");
        given.date = Some(moment);
        summary.immunizations = vec![given];
    });
    ward.keys("i<Enter><Tab><Tab><Tab>L9<F2>");
    let saved = &ward.summary().immunizations[0];
    assert_eq!((saved.lot.as_str(), saved.date), ("L9", Some(moment)));
}

#[test]
fn a_day_that_does_not_exist_is_not_saved() {
    let mut ward = Ward::new();
    ward.keys("iibcg<Enter><Tab>31 2 2025<F2>");
    ward.shows("not a day, a month or a year");
    assert_eq!(ward.edits(), []);
}

#[test]
fn vaccines_look_so() {
    let mut ward = filled(Lang::English);
    ward.keys("i");
    assert_snapshot!("vaccines", ward.stage.picture());
    ward.keys("ime");
    assert_snapshot!("vaccines-add", ward.stage.picture());
    ward.stage = ward.stage.mono();
    assert_snapshot!("vaccines-add-mono", ward.stage.picture());
    let mut small = filled(Lang::English);
    small.stage = small.stage.sized(60, 20);
    small.keys("i");
    assert_snapshot!("vaccines-small", small.stage.picture());
    let mut french = filled(Lang::French);
    french.keys("i");
    assert_snapshot!("vaccines-french", french.stage.picture());
}

#[test]
fn hostile_words_are_safe() {
    for row in hostile_rows() {
        let name = row.names[0].family.clone();
        let mut ward = Ward::open(Lang::English, Role::Nurse, |summary| {
            let mut hostile = dose(1, "19", "2025-05-20");
            hostile.vaccine = Coded::text(&name);
            hostile.lot.clone_from(&name);
            summary.immunizations = vec![hostile];
        });
        ward.keys("i");
        crate::screens::check_safe(&ward.stage);
        ward.keys("<Enter>");
        crate::screens::check_safe(&ward.stage);
    }
}
