//! The grammar, case by case, and that no text breaks it.

use proptest::prelude::*;

use super::*;
use crate::{
    care::Build,
    chart::{Entry, Observation, Value},
    content::Body,
    ids::{LogId, RecordId, UserId},
    time::{Age, Moment, Timestamp, When},
};

fn aged(years: u16, months: u8) -> Body {
    let total_days = u32::from(years) * 365 + u32::from(months) * 30;
    Body {
        age: Some(Age {
            years,
            months,
            days: 0,
            total_days,
        }),
        ..Body::default()
    }
}

/// A line as it is understood: each reading as `vital value [method] {typed}`, each problem as
/// `?text: why`.
fn understood(line: &str, body: &Body) -> String {
    let parsed = parse(line, body);
    let readings = parsed.readings.iter().map(|it| {
        let reason = if let Found::NotDone(reason) = &it.found {
            reason
        } else {
            ""
        };
        let method = Some(&it.method).filter(|it| !it.is_empty());
        let method = method.map_or(String::new(), |it| format!(" [{it}]"));
        let typed = it
            .typed
            .as_ref()
            .map_or(String::new(), |it| format!(" {{{it}}}"));
        let sure = if it.sure { "!" } else { "" };
        format!(
            "{} {}{reason}{method}{typed}{sure}",
            it.vital.key(),
            it.found
        )
    });
    let problems = parsed.problems.iter().map(|it| {
        let text = line.get(it.span.clone()).unwrap();
        format!("?{text}: {}", it.why)
    });
    readings.chain(problems).collect::<Vec<_>>().join("; ")
}

#[track_caller]
fn check(line: &str, expected: &str) {
    assert_eq!(understood(line, &aged(38, 0)), expected, "for {line:?}");
}

#[track_caller]
fn check_child(line: &str, expected: &str) {
    assert_eq!(understood(line, &aged(1, 2)), expected, "for {line:?}");
}

#[test]
fn the_line_of_the_handbook_is_read_whole() {
    check(
        "bp 120/80 hr 72 t 37.1 w 64 h 165 rr 18 spo2 98 muac 13.2 bg 5.6 pain 3 fh 31",
        "blood-pressure 120/80; heart-rate 72; temperature 37.1; weight 64; height 165; \
         respiratory-rate 18; spo2 98; muac 13.2; glucose 5.6; pain 3; fundal-height 31",
    );
}

#[test]
fn the_order_and_the_case_do_not_matter() {
    check("HR 72 BP 120/80", "heart-rate 72; blood-pressure 120/80");
    check(
        "w 64, T 37.1; Hr 72",
        "weight 64; temperature 37.1; heart-rate 72",
    );
}

#[test]
fn each_vital_sign_has_its_short_names() {
    for line in [
        "p 72", "pulse 72", "hr 72", "hr72", "p:72", "pulse=72", "72bpm",
    ] {
        check(line, "heart-rate 72");
    }
    for line in [
        "t 37.1",
        "temp 37.1",
        "t37.1",
        "37.1c",
        "37.1 c",
        "t 37,1",
        "t 37.1°C",
    ] {
        check(line, "temperature 37.1");
    }
    for line in ["w 64", "wt 64", "64kg", "64 kg", "wt64kg"] {
        check(line, "weight 64");
    }
    for line in ["h 165", "ht 165", "165cm", "h165cm"] {
        check(line, "height 165");
    }
    for line in ["spo2 98", "98%", "sat 98%", "spo298", "o2 98", "98 %"] {
        check(line, "spo2 98");
    }
    for line in ["bp 120/80", "120/80", "bp 120 80", "bp120/80", "120/80mmHg"] {
        check(line, "blood-pressure 120/80");
    }
    check("pain 3/10 fhr 140", "pain 3; fetal-heart-rate 140");
    check("bp 90/p", "blood-pressure 90/palpated");
}

#[test]
fn other_units_are_converted_and_kept_as_typed() {
    check("98.8f", "temperature 37.1 {98.8 °F}");
    check("t 98.8 F", "temperature 37.1 {98.8 °F}");
    check("141lb", "weight 63.96 {141 lb}");
    check("h 65in", "height 165.1 {65 in}");
    check("h 5ft6", "height 167.6 {66 in}");
    check("5'6\" 64kg", "height 167.6 {66 in}; weight 64");
    check("h 1.65m", "height 165.0 {1.65 m}");
    check("bg 101mg/dl", "glucose 5.6 {101 mg/dL}");
    check("126 mg/dl", "glucose 7.0 {126 mg/dL}");
    check("muac 232 mm", "muac 23.2 {232 mm}");
    check("w 64 lb", "weight 29.03 {64 lb}");
}

#[test]
fn words_say_how_it_was_measured() {
    check(
        "bp l 120/80 sit",
        "blood-pressure 120/80 [left arm, sitting]",
    );
    check(
        "bp 120/80 right stand hr 72",
        "blood-pressure 120/80 [right arm, standing]; heart-rate 72",
    );
    check("t 37.1 ax", "temperature 37.1 [axillary]");
    check("fbs 5.6", "glucose 5.6 [fasting]");
    check("rbs 7.2 hr 72", "glucose 7.2 [random]; heart-rate 72");
    check("spo2 94 ra", "spo2 94 [on air]");
    check(
        "bp 150/95 l bp 145/90 r bp 140/90",
        "blood-pressure 150/95 [left arm]; blood-pressure 145/90 [right arm]; \
         blood-pressure 140/90",
    );
}

#[test]
fn what_was_not_done_is_said_with_its_reason() {
    check("bp - refused", "blood-pressure -refused");
    check("bp -", "blood-pressure -");
    check(
        "w - no scale today hr 72",
        "weight -no scale today; heart-rate 72",
    );
    check(
        "bp - Cuff too small, 37.1c",
        "blood-pressure -Cuff too small; temperature 37.1",
    );
    check("bp- w-", "blood-pressure -; weight -");
}

#[test]
fn how_the_person_answers_is_a_letter_or_a_word() {
    check("avpu a", "responsiveness Alert");
    check("avpu p hr 72", "responsiveness Pain; heart-rate 72");
    check("avpu:v", "responsiveness Voice");
    check("avpu x", "?x: not a value of AVPU");
}

#[test]
fn an_unlikely_number_needs_a_mark_that_it_is_real() {
    check(
        "hr 212",
        "?212: Pulse outside 25 to 210 /min: add ! if it is real",
    );
    check("hr 212!", "heart-rate 212!");
    check("hr 212 !", "heart-rate 212!");
    check("t 44 c!", "temperature 44!");
    check(
        "bp 300/80",
        "?300/80: Systolic outside 40 to 280 mmHg: add ! if it is real",
    );
    check("bp 300/80!", "blood-pressure 300/80!");
    check(
        "bp 80/120",
        "?80/120: the second pressure is not below the first",
    );
    check("hr 72!", "heart-rate 72!");
}

#[test]
fn a_number_that_fits_another_unit_is_asked_about() {
    check(
        "t 98.8",
        "?98.8: Temp outside 28 to 43 °C: add ! if it is real, or °F if meant so",
    );
    check(
        "h 1.65",
        "?1.65: Ht outside 80 to 230 cm: add ! if it is real, or m if meant so",
    );
    check(
        "bg 101",
        "?101: Glucose outside 0.6 to 40 mmol/L: add ! if it is real, or mg/dL if meant so",
    );
}

#[test]
fn a_child_is_believed_within_its_own_limits_and_measured_lying() {
    check_child(
        "w 64",
        "?64: Wt outside 3 to 40 kg: add ! if it is real, or lb if meant so",
    );
    check_child("hr 212", "heart-rate 212");
    check_child("h 78 w 9.6", "length 78; weight 9.6");
    check_child("h 78 stand", "height 78 [standing]");
    check_child("muac 118mm", "muac 11.8 {118 mm}");
}

#[test]
fn nothing_typed_is_lost_and_each_problem_has_its_place() {
    check(
        "hr 72 foo bp 120/80",
        "heart-rate 72; blood-pressure 120/80; ?foo: not a vital sign",
    );
    check("hr", "?hr: Pulse needs a value");
    check(
        "hr bp 120/80",
        "blood-pressure 120/80; ?hr: Pulse needs a value",
    );
    check("bp 120/", "?120/: BP needs a value");
    check("bp 120", "?120: BP needs a value");
    check("120/", "?120/: BP needs a value");
    check("hr abc", "?abc: not a value of Pulse");
    check("hr 7x", "?7x: not a unit of Pulse");
    check("w 64c", "?64c: not a unit of Wt");
    check("72", "?72: not a vital sign");
    check("hr 72 hr 80", "heart-rate 72; ?hr 80: Pulse is there twice");
    check("t 37.1.2", "?37.1.2: not a value of Temp");
    check("hr -5", "?-5: not a value of Pulse");
    check(
        "ት 37 hr 72",
        "heart-rate 72; ?ት: not a vital sign; ?37: not a vital sign",
    );
    check("", "");
    check("   ", "");
}

#[test]
fn a_line_too_long_is_read_up_to_the_limit_and_said_to_be() {
    let long = "bp 120/80 ".repeat(60);
    let parsed = parse(&long, &aged(38, 0));
    assert_eq!(parsed.readings.len(), READINGS_MAX);
    assert_eq!(
        parsed.problems.last().map(|it| &it.why),
        Some(&Why::TooLong)
    );
    let wide = format!("hr 72 bp - {}", "x".repeat(LINE_BYTES_MAX));
    assert_eq!(parse(&wide, &aged(38, 0)).readings.len(), 2);
}

fn entry() -> Entry {
    Entry::new(RecordId::ZERO, moment(0), UserId::ZERO, LogId::ZERO)
}

fn moment(ms: i64) -> Moment {
    Moment {
        at: Timestamp(ms),
        offset_minutes: 0,
    }
}

fn recorded(line: &str, body: &Body, ms: i64) -> Vec<Observation> {
    let parsed = parse(line, body);
    assert!(parsed.is_complete(), "{line:?}: {:?}", parsed.problems);
    let when = When::At(moment(ms));
    observations(&parsed.readings, body, when, None, entry)
}

#[test]
fn a_line_is_written_down_at_one_moment_however_long_it_takes() {
    let parsed = parse("t 37.1 hr 72 rr 18", &aged(30, 0));
    let mut ms = 0;
    let late = || {
        ms += 1;
        Entry {
            recorded: moment(ms),
            ..entry()
        }
    };
    let when = When::At(moment(0));
    let made = observations(&parsed.readings, &aged(30, 0), when, None, late);
    assert_eq!(made.len(), 3);
    assert!(made.iter().all(|it| it.entry.recorded == moment(1)));
}

#[test]
fn readings_become_observations_with_code_unit_and_flag() {
    let body = aged(38, 0);
    let made = recorded(
        "bp l 148/92 sit t 98.8f bp - refused avpu v spo2 88",
        &body,
        0,
    );
    let [bp, temp, refused, avpu, spo2] = made.as_slice() else {
        panic!("five are expected");
    };
    let quantity = |value: &Option<Value>| match value {
        Some(Value::Quantity(it)) => format!("{} {}", it.value, it.unit),
        _ => "none".to_owned(),
    };
    assert_eq!(bp.components.len(), 2);
    assert_eq!(quantity(&bp.components[0].value), "148 mm[Hg]");
    assert_eq!(
        (bp.flag.as_str(), bp.method.as_str()),
        ("H", "left arm, sitting")
    );
    assert_eq!(quantity(&temp.value), "37.1 Cel");
    assert_eq!(temp.entry.remark.0, "typed 98.8 °F");
    assert_eq!(refused.absent, "refused");
    assert_eq!((avpu.flag.as_str(), spo2.flag.as_str()), ("AA", "LL"));
    let codes: Vec<_> = made
        .iter()
        .filter_map(|it| it.code.coding.as_ref())
        .collect();
    let codes: Vec<_> = codes.iter().map(|it| it.code.as_str()).collect();
    assert_eq!(codes, ["85354-9", "8310-5", "85354-9", "67775-7", "2708-6"]);
}

#[test]
fn the_echo_shows_marks_changes_and_the_build() {
    let body = aged(38, 0);
    let before = recorded("w 63.5 h 162 t 36.8", &body, 0);
    let older = recorded("w 80", &body, -5);
    let last = Last::of(before.iter().chain(&older));
    let line = "bp 148/92 hr 84 t 37.9 w 64.0 spo2 97 rr - asleep";
    let echo = echo(&parse(line, &body).readings, &body, &last);
    let shown: Vec<_> = echo.items.iter().map(ToString::to_string).collect();
    let expected = [
        "BP 148/92 H",
        "Pulse 84",
        "Temp 37.9 °C H (+1.1)",
        "Wt 64.0 kg (+0.5)",
        "SpO2 97%",
        "RR not done: asleep",
    ];
    assert_eq!(shown, expected);
    let Some(Build::Bmi(index, _)) = echo.build else {
        panic!("an index is expected");
    };
    assert_eq!(index.to_string(), "24.4");
}

#[test]
fn debug_output_says_nothing_of_the_patient() {
    let body = aged(38, 0);
    let parsed = parse("hr 133 bp - Okello hr 134 Okello", &body);
    let echo = echo(&parsed.readings, &body, &Last::default());
    let shown = format!("{parsed:?} {echo:?}");
    for private in ["133", "134", "Okello"] {
        assert!(!shown.contains(private), "{shown}");
    }
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
                "bp", "hr", "t", "h", "avpu", "-", "!", "120/80", "120/", "98%", "37.1c", "f",
                "l", "sit", "refused", "5'6", "141lb", "p", "spo2", "9".repeat(30).leak(), "½",
            ]),
            0..60,
        ),
        glue in prop::sample::select(vec![" ", "", ", ", "\u{3000}"]),
    ) {
        check_spans(&words.join(glue));
    }
}

/// Every span is a piece of the line, none overlaps another, every observation can be made.
fn check_spans(line: &str) {
    let body = aged(3, 0);
    let parsed = parse(line, &body);
    let readings = parsed.readings.iter().map(|it| &it.span);
    let mut spans: Vec<_> = readings
        .chain(parsed.problems.iter().map(|it| &it.span))
        .collect();
    spans.sort_by_key(|it| it.start);
    let mut end = 0;
    for span in spans {
        assert!(
            line.get(span.clone()).is_some_and(|it| !it.is_empty()),
            "{line:?}"
        );
        assert!(span.start >= end, "{line:?}");
        end = span.end;
    }
    let when = When::At(moment(0));
    let made = observations(&parsed.readings, &body, when, None, entry);
    assert_eq!(made.len(), parsed.readings.len());
}
