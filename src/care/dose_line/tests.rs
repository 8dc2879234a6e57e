//! The grammar, case by case, and that no text breaks it.

use proptest::prelude::*;

use super::*;
use crate::{
    chart::{Coded, Entry, MedKind, MedStatus},
    ids::{LogId, RecordId, UserId},
    time::{Moment, Timestamp},
};

fn capsule() -> Piece<'static> {
    Piece {
        noun: "capsule",
        strength: Some(("500".parse().unwrap(), "mg")),
    }
}

/// A line as it is shown back, with its problems as `?text: why`.
fn understood(line: &str, piece: Option<Piece<'_>>) -> String {
    let parsed = parse(line);
    let problems = parsed.problems.iter().map(|it| {
        let text = line.get(it.span.clone()).unwrap();
        format!("?{text}: {}", it.why)
    });
    let echo = parsed.dose.echo(piece);
    let echo = Some(echo).filter(|it| !it.is_empty());
    echo.into_iter()
        .chain(problems)
        .collect::<Vec<_>>()
        .join("; ")
}

#[track_caller]
fn check(line: &str, expected: &str) {
    assert_eq!(understood(line, Some(capsule())), expected, "for {line:?}");
}

#[test]
fn the_lines_of_the_handbook_are_read() {
    check("1 tds x 5d", "1 capsule 3 times a day, 5 days, total 15");
    check("5ml bd x 7d", "5 ml twice a day, 7 days, total 70 ml");
    check("2 puff prn", "2 puffs when needed");
    check("1 od", "1 capsule once a day");
    check("500mg 8h", "500 mg every 8 hours");
    check("500mg 8h x 5d", "500 mg every 8 hours, 5 days, total 15");
}

#[test]
fn how_much_may_be_a_number_a_part_or_a_range() {
    check("1/2 bd x 5d", "0.5 capsule twice a day, 5 days, total 5");
    check("½ od x 4d", "0.5 capsule once a day, 4 days, total 2");
    check("1½ bd x 2d", "1.5 capsules twice a day, 2 days, total 6");
    check(
        "1-2 qds x 3d",
        "1-2 capsules 4 times a day, 3 days, total 24",
    );
    check(
        "2 tabs bd x 3d",
        "2 tablets twice a day, 3 days, total 12 tablets",
    );
    check("1g stat", "1 g once, now, total 1 g");
    check("10 units sc od", "10 units under the skin once a day");
    check("apply bd x 2w", "apply twice a day, 2 weeks");
    check(
        "2 drops eye qds x 5d",
        "2 drops into the eye 4 times a day, 5 days, total 40 drops",
    );
}

#[test]
fn how_often_has_many_names() {
    for line in [
        "1 tds",
        "1 tid",
        "1 3x",
        "1 3 times a day",
        "1 3x/day",
        "1-1-1",
        "3x 1",
    ] {
        check(line, "1 capsule 3 times a day");
    }
    for line in [
        "1 8h",
        "1 q8h",
        "1 8 hourly",
        "1 8hrly",
        "1 every 8 hours",
        "1 8/24",
    ] {
        check(line, "1 capsule every 8 hours");
    }
    check("1-0-1 x 5d", "1 capsule twice a day, 5 days, total 10");
    check("0-0-2", "2 capsules at night");
    check("1 nocte", "1 capsule at night");
    check("1 mane", "1 capsule in the morning");
    check("1 weekly x 6w", "1 capsule once a week, 6 weeks, total 6");
    check("1 eod x 10d", "1 capsule every other day, 10 days, total 5");
    check("1 every other day", "1 capsule every other day");
    check(
        "1 every 3 days x 9d",
        "1 capsule every 3 days, 9 days, total 3",
    );
    check("1 daily", "1 capsule once a day");
    check("1 stat", "1 capsule once, now, total 1");
}

#[test]
fn for_how_long_has_many_names() {
    for line in [
        "1 bd x 5d",
        "1 bd x5d",
        "1 bd 5d",
        "1 bd 5/7",
        "1 bd x 5",
        "1 bd for 5 days",
    ] {
        check(line, "1 capsule twice a day, 5 days, total 10");
    }
    check("1 bd 2/52", "1 capsule twice a day, 2 weeks, total 28");
    check("1 od 3/12", "1 capsule once a day, 3 months, total 90");
    check("1 od ongoing", "1 capsule once a day, ongoing");
    check("1 OD X 1M", "1 capsule once a day, 1 month, total 30");
}

#[test]
fn the_order_does_not_matter_behind_the_amount() {
    check(
        "1 x 5d tds po",
        "1 capsule by mouth 3 times a day, 5 days, total 15",
    );
    check(
        "po 1 tds 5d",
        "1 capsule by mouth 3 times a day, 5 days, total 15",
    );
    check("1 prn tds", "1 capsule 3 times a day when needed");
    check("1 as needed", "1 capsule when needed");
}

#[test]
fn instructions_stand_behind_a_semicolon() {
    check(
        "1 bd x 5d; with food, not with milk",
        "1 capsule twice a day, 5 days, with food, not with milk, total 10",
    );
    check("1 bd pc", "1 capsule twice a day, after food");
}

#[test]
fn pieces_are_counted_by_their_strength() {
    check("250mg tds x 5d", "250 mg 3 times a day, 5 days, total 8");
    check("1g bd x 5d", "1 g twice a day, 5 days, total 10 g");
    let none = |line| understood(line, None);
    assert_eq!(none("1 tds x 5d"), "1 3 times a day, 5 days, total 15");
    assert_eq!(
        none("250mg tds x 5d"),
        "250 mg 3 times a day, 5 days, total 3750 mg"
    );
}

#[test]
fn a_picked_medicine_says_what_is_counted() {
    let check = |words: &str, line: &str, expected: &str| {
        let piece = Medicine::named(words).unwrap().into();
        assert_eq!(understood(line, Some(piece)), expected, "for {line:?}");
    };
    let capsule = "Amoxicillin 500 mg capsule";
    check(
        capsule,
        "1 tds x 5d",
        "1 capsule 3 times a day, 5 days, total 15",
    );
    let syrup = "Amoxicillin 125 mg/5 ml suspension";
    check(syrup, "5 tds x 5d", "5 ml 3 times a day, 5 days, total 75");
    check(
        syrup,
        "250mg tds x 5d",
        "250 mg 3 times a day, 5 days, total 150",
    );
    let inhaler = "Salbutamol 100 mcg inhaler";
    check(inhaler, "2 prn", "2 puffs when needed");
}

#[test]
fn nothing_typed_is_lost_and_each_problem_has_its_place() {
    let free = "not part of a dose: free words go behind a semicolon";
    check(
        "1 tds foo",
        &format!("1 capsule 3 times a day; ?foo: {free}"),
    );
    check("1 tds bd", "1 capsule 3 times a day; ?bd: said twice");
    check(
        "1 x 3",
        "1 capsule; ?3: days or times a day? write 5d or tds",
    );
    check(
        "1 2 tds",
        "1 capsule 3 times a day; ?2: days or times a day? write 5d or tds",
    );
    check("0 tds", "3 times a day; ?0: more than any dose, or nothing");
    check(
        "1 tds x 0d",
        "1 capsule 3 times a day; ?0d: more than any dose, or nothing",
    );
    check(
        "1 tds x 5000d",
        "1 capsule 3 times a day; ?5000d: more than any dose, or nothing",
    );
    check("2-1 od", "once a day; ?2-1: more than any dose, or nothing");
    check("1-0-2", &format!("?1-0-2: {free}"));
    check("1 30h", "1 capsule; ?30h: more than any dose, or nothing");
    check("1 po im", "1 capsule by mouth; ?im: said twice");
    check("አንድ", &format!("?አንድ: {free}"));
    check("", "");
}

#[test]
fn what_is_missing_is_known() {
    let missing = |line| parse(line).dose.missing();
    assert_eq!(missing(""), Some(Missing::Amount));
    assert_eq!(missing("tds"), Some(Missing::Amount));
    assert_eq!(missing("1"), Some(Missing::Frequency));
    assert_eq!(missing("1 prn"), None);
    assert_eq!(missing("apply bd"), None);
}

fn drug() -> Medication {
    let moment = Moment {
        at: Timestamp(0),
        offset_minutes: 0,
    };
    Medication {
        entry: Entry::new(RecordId::ZERO, moment, UserId::ZERO, LogId::ZERO),
        kind: MedKind::Request,
        code: Coded::text("Amoxicillin 500 mg capsule"),
        status: MedStatus::Active,
        dose: String::new(),
        route: String::new(),
        frequency: String::new(),
        duration: String::new(),
        as_needed: true,
        start: None,
        end: None,
        quantity: String::new(),
        reason: Coded::default(),
        instructions: String::new(),
        overridden: String::new(),
        visit: None,
    }
}

#[test]
fn a_dose_of_the_chart_reads_back_as_the_same_dose() {
    let lines = [
        "1 tds x 5d",
        "1/2 od ongoing",
        "1-2 qds prn x 3d; with food",
        "5ml 8h x 2w",
        "apply eod x 1m",
        "2 suppository nocte",
        "2 patch every 3d",
        "1 application 5x x 1d",
        "1 implant stat",
        "2 puff prn",
        "40 iu weekly; in the \u{2014} clinic",
    ];
    for line in lines {
        let (mut once, mut twice) = (drug(), drug());
        parse(line).dose.write(Some(capsule()), &mut once);
        let back = parse(&line_of(&once));
        assert_eq!(back.problems, [], "{line}");
        back.dose.write(Some(capsule()), &mut twice);
        assert_eq!(line_of(&once), line_of(&twice), "{line}");
        assert_eq!(once.as_needed, twice.as_needed, "{line}");
    }
}

#[test]
fn a_dose_is_written_into_the_chart() {
    let mut drug = drug();
    parse("1 tds po x 5d; finish all")
        .dose
        .write(Some(capsule()), &mut drug);
    let written = [
        &drug.dose,
        &drug.route,
        &drug.frequency,
        &drug.duration,
        &drug.quantity,
        &drug.instructions,
    ];
    let expected = [
        "1 capsule",
        "by mouth",
        "tds",
        "5d",
        "15 capsule",
        "finish all",
    ];
    assert_eq!(written, expected);
    assert!(!drug.as_needed);
}

#[test]
fn a_line_too_long_says_so() {
    let long = format!("1 tds; {}", "word ".repeat(200));
    let parsed = parse(&long);
    assert_eq!(parsed.problems.last().map(|it| it.why), Some(Why::TooLong));
}

proptest! {
    #[test]
    fn no_text_breaks_the_parser(line in any::<String>()) {
        check_spans(&line);
    }

    #[test]
    fn no_jumble_of_its_own_words_breaks_the_parser(
        words in prop::collection::vec(
            prop::sample::select(vec![
                "1", "½", "1/2", "1-2", "1-0-1", "5ml", "tds", "q8h", "x", "5d", "5/7", "prn",
                "every", "other", "day", "999999999999", "x5", "q", ";", "pc", "8/24", "µg",
            ]),
            0..40,
        ),
        glue in prop::sample::select(vec![" ", "", "\u{3000}"]),
    ) {
        check_spans(&words.join(glue));
    }
}

fn check_spans(line: &str) {
    let parsed = parse(line);
    let mut end = 0;
    for problem in &parsed.problems {
        let span = problem.span.clone();
        assert!(
            line.get(span.clone()).is_some_and(|it| !it.is_empty()),
            "{line:?}"
        );
        assert!(span.start >= end, "{line:?}");
        end = span.end;
    }
    assert!(parsed.dose.echo(Some(capsule())).len() < line.len() + 200);
}
