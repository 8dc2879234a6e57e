//! Every number of the table has a source, and the ranges say what the sources say.

use super::{table::Table, *};
use crate::{
    chart::{BirthDate, Entry},
    ids::{LogId, RecordId, UserId},
    time::{Moment, PartialDate},
};

/// Someone of this age (`38y`, `8m`, `3d`), sex and state.
fn body(age: &str, sex: Sex, pregnant: bool) -> Body {
    let today: PartialDate = "2025-06-30".parse().unwrap();
    let (number, unit) = age.split_at(age.len() - 1);
    let number: i32 = number.parse().unwrap();
    let born = match unit {
        "y" => today.plus_months(-12 * number),
        "m" => today.plus_months(-number),
        _ => today.plus_days(-number),
    };
    Body {
        age: born.age_on(today),
        sex,
        pregnant,
    }
}

fn mark(vital: Vital, value: &str, body: &Body) -> &'static str {
    let level = vital.judge(value.parse().unwrap(), body, "");
    level.map_or("none", Level::mark)
}

#[track_caller]
fn check(vital: Vital, age: &str, steps: &[(&str, &str)]) {
    let body = body(age, Sex::Female, false);
    for (value, expected) in steps {
        let found = mark(vital, value, &body);
        assert_eq!(found, *expected, "{} {value} at {age}", vital.key());
    }
}

#[test]
fn the_table_is_read_whole_and_every_number_has_a_source() {
    let table: Table =
        toml::from_str(include_str!("../../../assets/vitals.toml")).unwrap();
    assert_eq!(table.vital.len(), Vital::ALL.len());
    for range in &table.range {
        assert!(Vital::keyed(&range.vital).is_some(), "{}", range.vital);
        let bounds = &range.bounds;
        let all = [
            &bounds.danger_below,
            &bounds.low_below,
            &bounds.high_from,
            &bounds.danger_from,
        ];
        let set: Vec<_> = all.into_iter().flatten().collect();
        assert!(!set.is_empty(), "{}", range.vital);
        assert!(set.is_sorted_by_key(|it| it.at), "{}", range.vital);
        for bound in set {
            assert!(table.source.contains_key(&bound.source), "{}", bound.source);
        }
    }
}

#[test]
fn no_word_names_two_vital_signs() {
    let mut seen = std::collections::BTreeSet::new();
    for vital in Vital::ALL {
        assert!(vital.row().is_some(), "{}", vital.key());
        for name in vital.names() {
            assert!(seen.insert(name), "{name}");
        }
    }
}

#[test]
fn every_typed_vital_sign_has_limits_at_every_age() {
    for age in ["1d", "2m", "14m", "7y", "38y", "90y"] {
        let body = body(age, Sex::Male, false);
        for vital in Vital::ALL {
            let has_number = !vital.unit().is_empty() && vital != Vital::Bmi;
            assert_eq!(vital.limits(&body).is_some(), has_number, "{}", vital.key());
        }
    }
}

#[test]
fn fast_breathing_is_what_who_says_for_each_age() {
    let rate = Vital::RespiratoryRate;
    check(rate, "3d", &[("59", ""), ("60", "!!"), ("28", "L")]);
    check(rate, "40d", &[("59", ""), ("60", "H")]);
    check(rate, "4m", &[("49", ""), ("50", "H"), ("61", "!!")]);
    check(rate, "3y", &[("39", ""), ("40", "H"), ("9", "!!")]);
    check(
        rate,
        "38y",
        &[("20", ""), ("21", "H"), ("25", "!!"), ("8", "!!")],
    );
}

#[test]
fn blood_pressure_is_judged_by_age_sex_and_pregnancy() {
    let adult = [
        ("139", ""),
        ("140", "H"),
        ("180", "!!"),
        ("100", "L"),
        ("90", "!!"),
    ];
    check(Vital::Systolic, "38y", &adult);
    check(
        Vital::Diastolic,
        "38y",
        &[("89", ""), ("90", "H"), ("110", "!!")],
    );
    check(
        Vital::Systolic,
        "5y",
        &[("103", ""), ("104", "H"), ("79", "!!")],
    );
    let boy = body("5y", Sex::Male, false);
    assert_eq!(mark(Vital::Systolic, "103", &boy), "H");
    let mother = body("24y", Sex::Female, true);
    assert_eq!(mark(Vital::Systolic, "160", &mother), "!!");
    assert_eq!(mark(Vital::Diastolic, "110", &mother), "!!");
}

#[test]
fn a_newborns_heart_is_not_judged_by_an_adults() {
    check(
        Vital::HeartRate,
        "3d",
        &[("150", ""), ("90", "L"), ("220", "!!")],
    );
    check(
        Vital::HeartRate,
        "38y",
        &[("150", "!!"), ("101", "H"), ("51", "")],
    );
}

#[test]
fn fever_oxygen_arm_and_sugar_have_their_thresholds() {
    check(
        Vital::Temperature,
        "10d",
        &[("38.0", "!!"), ("37.0", ""), ("35.4", "!!")],
    );
    check(
        Vital::Temperature,
        "3y",
        &[("37.4", ""), ("37.5", "H"), ("40.1", "!!")],
    );
    check(Vital::Spo2, "38y", &[("95", ""), ("94", "L"), ("89", "!!")]);
    check(
        Vital::Muac,
        "18m",
        &[("12.5", ""), ("12.4", "L"), ("11.4", "!!")],
    );
    check(Vital::Muac, "38y", &[("18", "none")]);
    check(
        Vital::Glucose,
        "38y",
        &[("5.6", ""), ("2.9", "!!"), ("11.1", "H")],
    );
    check(Vital::Pain, "38y", &[("3", ""), ("5", "H"), ("7", "!!")]);
}

#[test]
fn a_fasting_sugar_is_judged_as_fasting() {
    let body = body("38y", Sex::Male, false);
    let judge = |method| Vital::Glucose.judge("6.5".parse().unwrap(), &body, method);
    assert_eq!(judge("fasting"), Some(Level::High));
    assert_eq!(judge(""), Some(Level::Normal));
}

#[test]
fn someone_of_unknown_age_is_judged_as_grown_and_believed_within_any_ages_limits() {
    let unknown = Body::default();
    assert_eq!(mark(Vital::HeartRate, "150", &unknown), "!!");
    assert_eq!(mark(Vital::Systolic, "190", &unknown), "!!");
    assert_eq!(mark(Vital::Muac, "11", &unknown), "none");
    let limits = Vital::Weight.limits(&unknown).unwrap();
    assert_eq!(limits.low.to_string(), "0.4");
    assert_eq!(limits.high.to_string(), "300");
}

#[test]
fn a_vital_sign_is_known_by_the_codes_of_others() {
    assert_eq!(Vital::of_loinc("8867-4"), Some(Vital::HeartRate));
    assert_eq!(Vital::of_loinc("59408-5"), Some(Vital::Spo2));
    assert_eq!(Vital::of_loinc("2339-0"), Some(Vital::Glucose));
    assert_eq!(Vital::of_loinc("718-7"), None);
    assert_eq!(Vital::of_code(&Vital::Spo2.code()), Some(Vital::Spo2));
}

#[test]
fn a_person_on_file_has_the_age_of_the_day() {
    let moment = Moment::default();
    let entry = Entry::new(RecordId::ZERO, moment, UserId::ZERO, LogId::ZERO);
    let mut person = Person::new(entry);
    let today: PartialDate = "2025-06-30".parse().unwrap();
    assert_eq!(Body::of(&person, today, false), Body::default());
    person.sex = Sex::Female;
    person.birth = Some(BirthDate {
        date: "1987-03-14".parse().unwrap(),
        estimated: false,
    });
    let body = Body::of(&person, today, true);
    assert_eq!(body.age.map(|it| it.years), Some(38));
    assert_eq!((body.sex, body.pregnant), (Sex::Female, true));
}
