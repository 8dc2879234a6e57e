//! Where a phrase begins, what it becomes, and how its blanks are walked.

use proptest::prelude::*;

use super::*;
use crate::{
    care::vitals_line,
    chart::{Chart, Entry, Identity, Observation, Summary, Visits},
    content::Body,
    ids::{LogId, PatientId, RecordId, UserId},
    time::{Moment, Timestamp, When},
};

/// The name of the dot-word where `|` stands; `none` when there is none.
#[track_caller]
fn check_word(typed: &str, expected: &str) {
    let caret = typed.find('|').unwrap();
    let text = typed.replacen('|', "", 1);
    let found = dot_word(&text, caret).map_or("none", |it| it.name);
    assert_eq!(found, expected, "for {typed:?}");
}

#[test]
fn a_dot_begins_a_phrase_only_where_a_word_begins() {
    check_word(".htn|", "htn");
    check_word("Seen today. .ht| and more", "ht");
    check_word("\n.chest|", "chest");
    check_word("(.chest|", "chest");
    check_word(".|", "");
    check_word("temp 3.5|", "none");
    check_word("1 tab b.d.|", "none");
    check_word("b.d|", "none");
    check_word("\\.htn|", "none");
    check_word(".htn |", "none");
    check_word("end.|", "none");
    check_word("|.htn", "none");
    check_word("ሰላም .ደም|", "ደም");
}

fn names(typed: &str) -> Vec<&str> {
    let found = matching(typed, Phrase::built_in());
    found.into_iter().map(|it| it.name.as_str()).collect()
}

#[test]
fn several_phrases_are_a_list_with_the_exact_one_first() {
    assert_eq!(names("chest"), ["chest", "chestlrti", "chestwhz"]);
    assert_eq!(names("CHEST"), ["chest", "chestlrti", "chestwhz"]);
    assert_eq!(names("ht"), ["htn"]);
    assert_eq!(names("xyz"), Vec::<&str>::new());
    assert_eq!(names("").len(), Phrase::built_in().len());
}

#[test]
fn a_personal_phrase_hides_the_clinics_of_the_same_name() {
    let own = Phrase {
        name: "htn".to_owned(),
        title: "Mine".to_owned(),
        text: "BP @bp@.".to_owned(),
    };
    let all = std::iter::once(&own).chain(Phrase::built_in());
    let found = matching("htn", all);
    let titles: Vec<_> = found.into_iter().map(|it| it.title.as_str()).collect();
    assert_eq!(titles, ["Mine"]);
}

#[test]
fn what_the_chart_knows_is_filled_and_the_rest_is_a_blank() {
    let mut facts = Facts::default();
    facts.set("bp", "148/92".to_owned());
    facts.set("meds", "Amlodipine «5» mg".to_owned());
    facts.set("nonsense", "x".to_owned());
    let check = |facts: &Facts, text: &str, expected: &str| {
        assert_eq!(expanded(text, facts), expected, "for {text:?}");
    };
    check(&facts, "BP @bp@, temp @temp@.", "BP 148/92, temp «temp».");
    check(&facts, "Now on: @meds@", "Now on: Amlodipine \"5\" mg");
    check(&facts, "mail a@b.c @bp@ @", "mail a@b.c 148/92 @");
    check(&facts, "@nonsense@ @@", "@nonsense@ @@");
}

#[test]
fn a_phrase_takes_the_place_of_its_dot_word_and_the_caret_goes_to_the_first_blank() {
    let text = "Found .x and more";
    let word = dot_word(text, 8).unwrap();
    let placed = place(text, word.span, "chest «clear|wheeze», «RR»").unwrap();
    assert_eq!(placed.text, "Found chest «clear|wheeze», «RR» and more");
    assert_eq!(placed.caret, "Found chest ".len());
    let whole = place(".x", 0..2, "chest clear").unwrap();
    assert_eq!(whole.caret, whole.text.len());
}

#[test]
fn blanks_are_counted_walked_and_filled() {
    let text = "«days» days, «no|yes», review «date»";
    assert_eq!(blanks_left(text), 3);
    let first = next_blank(text, 0).unwrap();
    assert_eq!((first.asks, first.choices()), ("days", vec![]));
    let second = next_blank(text, first.span.end).unwrap();
    assert_eq!(second.choices(), ["no", "yes"]);
    assert_eq!(next_blank(text, text.len()).map(|it| it.asks), Some("days"));
    assert_eq!(previous_blank(text, 0).map(|it| it.asks), Some("date"));
    let before = previous_blank(text, second.span.start);
    assert_eq!(before.map(|it| it.asks), Some("days"));
    let filled = fill(text, &first.span, "5").unwrap();
    assert_eq!(filled.text, "5 days, «no|yes», review «date»");
    assert_eq!((filled.caret, blanks_left(&filled.text)), (1, 2));
}

#[test]
fn marks_that_make_no_blank_are_plain_text() {
    for text in ["a « b", "a » b", "", "« no end", "x > y"] {
        assert_eq!(blanks_left(text), 0, "for {text:?}");
    }
    assert_eq!(blanks_left("« «inner»"), 1);
    let far = format!("«{}»", "x".repeat(BLANK_BYTES_MAX + 1));
    assert_eq!(blanks_left(&far), 0);
}

#[test]
fn a_backslash_types_a_real_dot() {
    #[track_caller]
    fn check(typed: &str, expected: &str) {
        let caret = typed.find('|').unwrap();
        let text = typed.replacen('|', "", 1);
        let placed = literal_dot(&text, caret);
        let shown = placed.map(|it| {
            let mut text = it.text;
            text.insert(it.caret, '|');
            text
        });
        assert_eq!(
            shown.as_deref().unwrap_or("none"),
            expected,
            "for {typed:?}"
        );
    }
    check("\\.htn|", ".htn|");
    check("see \\.net| now", "see .net| now");
    check("see \u{3000}\\.net|", "see \u{3000}.net|");
    check("plain|", "none");
    check("a\\.b|", "none");
}

#[test]
fn the_head_of_a_note_names_each_phrase_once() {
    let names = ["htn", "chest", "htn"].map(str::to_owned);
    assert_eq!(uses(&names), ".htn .chest");
    assert_eq!(uses(&[]), "");
}

#[test]
fn every_built_in_phrase_has_only_known_fills_and_whole_blanks() {
    for phrase in Phrase::built_in() {
        let name = &phrase.name;
        let made = expanded(&phrase.text, &Facts::default());
        assert!(!made.contains('@'), "{name}");
        let opened = made.matches('«').count();
        assert_eq!(blanks_left(&made), opened, "{name}");
        assert_eq!(made.matches('»').count(), opened, "{name}");
        assert!(!made.starts_with(char::is_whitespace), "{name}");
    }
}

fn moment(ms: i64) -> Moment {
    Moment {
        at: Timestamp(ms),
        offset_minutes: 0,
    }
}

fn measured(line: &str, ms: i64) -> Vec<Observation> {
    let body = Body::default();
    let parsed = vitals_line::parse(line, &body);
    assert!(parsed.is_complete(), "{line}");
    let when = When::At(moment(ms));
    let entry = || Entry::new(RecordId::ZERO, moment(ms), UserId::ZERO, LogId::ZERO);
    vitals_line::observations(&parsed.readings, &body, when, None, entry)
}

#[test]
fn facts_are_todays_vital_signs_and_what_the_summary_says() {
    let day_ms = 86_400_000;
    let mut observations = measured("bp 148/92 t 37.9 spo2 97 avpu a", 3 * day_ms);
    observations.extend(measured("bp 150/95 w 64.0", 3 * day_ms - 1));
    let chart = Chart {
        patient: PatientId::ZERO,
        identity: Identity::default(),
        summary: Some(Summary::default()),
        visits: Some(Visits {
            observations,
            ..Visits::default()
        }),
        results: None,
        consents: None,
        proposals: Vec::new(),
        closed: None,
        may_close: Vec::new(),
        unconfirmed: Vec::new(),
        glass_until: None,
        problems: Vec::new(),
    };
    let facts = Facts::of(&chart, moment(3 * day_ms).day());
    assert_eq!(facts.get("bp"), Some("148/92"));
    assert_eq!(facts.get("temp"), Some("37.9 °C"));
    assert_eq!(facts.get("avpu"), Some("Alert"));
    assert_eq!(facts.get("weight"), None);
    assert_eq!(facts.get("meds"), Some("none recorded"));
    assert_eq!(facts.get("allergies"), None);
    let all = "BP 148/92, Temp 37.9 °C, SpO2 97%, AVPU Alert";
    assert_eq!(facts.get("vitals"), Some(all));
}

proptest! {
    #[test]
    fn no_text_breaks_the_phrases(text in ".{0,80}", caret in 0_usize..90, key in ".{0,8}") {
        check_total(&text, caret, &key);
    }

    #[test]
    fn no_jumble_of_marks_breaks_the_phrases(
        parts in prop::collection::vec(
            prop::sample::select(vec!["«", "»", "|", "@", "bp", ".", "\\.", "a", " ", "é", "ሰ"]),
            0..30,
        ),
        caret in 0_usize..90,
    ) {
        check_total(&parts.concat(), caret, "");
    }
}

fn check_total(text: &str, caret: usize, fact: &str) {
    let mut facts = Facts::default();
    facts.set("bp", fact.to_owned());
    let made = expanded(text, &facts);
    for blank in blanks(&made) {
        let filled = fill(&made, &blank.span, "").unwrap();
        let opened = |text: &str| text.matches('«').count();
        assert_eq!(opened(&filled.text), opened(&made) - 1, "{made:?}");
        assert!(made.get(blank.span).is_some(), "{made:?}");
    }
    if let Some(word) = dot_word(text, caret) {
        assert!(place(text, word.span, &made).is_some());
    }
    let placed = literal_dot(text, caret);
    assert!(placed.is_none_or(|it| it.text.get(..it.caret).is_some()));
    assert_eq!(
        next_blank(text, caret).is_some(),
        previous_blank(text, caret).is_some()
    );
}
