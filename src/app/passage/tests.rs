//! Writing, moving and breaking rows.

use super::*;

const WIDTH: usize = 10;

#[track_caller]
fn check(start: &str, typed: &[Typed], expected: &str) {
    let mut passage = Passage::of(start);
    for it in typed {
        passage.typed(it, WIDTH);
    }
    assert_eq!(shown(&passage), expected, "for {start:?}");
}

fn shown(passage: &Passage) -> String {
    let (before, after) = passage.text().split_at(passage.caret());
    format!("{before}|{after}")
}

fn letters(text: &str) -> Vec<Typed> {
    text.chars().map(Typed::Char).collect()
}

#[track_caller]
fn check_rows(text: &str, expected: &[&str]) {
    let rows = rows(text, WIDTH);
    let seen: Vec<&str> = rows
        .iter()
        .map(|it| text.get(it.clone()).unwrap())
        .collect();
    assert_eq!(seen, expected, "for {text:?}");
}

#[test]
fn rows_break_between_words_and_at_line_ends() {
    check_rows("", &[""]);
    check_rows("cough", &["cough"]);
    check_rows("cough five days", &["cough five ", "days"]);
    check_rows("a\n\nb", &["a", "", "b"]);
    check_rows("0123456789abc", &["0123456789", "abc"]);
    check_rows("01234567 9 x", &["01234567 9 ", "x"]);
    check_rows("ab 0123456789abc", &["ab ", "0123456789", "abc"]);
    check_rows("王王王王王王", &["王王王王王", "王"]);
}

#[test]
fn line_ends_are_written_and_pasted_and_controls_are_not() {
    check("a", &[Typed::Char('\n'), Typed::Char('b')], "a\nb|");
    let pasted = Typed::Text("a\r\nb\u{1b}\tc\rd".to_owned());
    check("", &[pasted], "a\nb c\nd|");
}

#[test]
fn the_caret_goes_by_rows_and_keeps_its_column() {
    let mut passage = Passage::of("cough five\nno\nblood seen");
    for (to, moved, expected) in [
        (Move::Up, true, "cough five\nno|\nblood seen"),
        (Move::Up, true, "cough five|\nno\nblood seen"),
        (Move::Up, false, "cough five|\nno\nblood seen"),
        (Move::Down, true, "cough five\nno|\nblood seen"),
        (Move::Down, true, "cough five\nno\nblood seen|"),
        (Move::Down, false, "cough five\nno\nblood seen|"),
        (Move::First, true, "cough five|\nno\nblood seen"),
    ] {
        assert_eq!(passage.moved(to, WIDTH), moved);
        assert_eq!(shown(&passage), expected, "after {to:?}");
    }
}

#[test]
fn home_and_end_are_those_of_the_row() {
    check("cough five days", &[Typed::Home], "cough five |days");
    check(
        "cough five days",
        &[Typed::Home, Typed::Left, Typed::Home, Typed::End],
        "cough five| days",
    );
    check("a\nb", &[Typed::Left, Typed::End], "a\nb|");
}

#[test]
fn a_word_is_taken_back_at_once() {
    let undo = |text: &str, times| {
        let mut typed = letters(text);
        typed.extend(std::iter::repeat_n(Typed::Undo, times));
        typed
    };
    check("", &undo("no fever", 1), "no |");
    check("", &undo("no fever", 2), "no|");
    check("", &undo("no fever", 3), "|");
    let mut again = undo("no fever", 1);
    again.push(Typed::Redo);
    check("", &again, "no fever|");
}

#[test]
fn what_is_put_in_place_is_one_change() {
    let mut passage = Passage::of("x .chest");
    passage.replace(2..8, "Chest clear.");
    assert_eq!(shown(&passage), "x Chest clear.|");
    passage.typed(&Typed::Undo, WIDTH);
    assert_eq!(shown(&passage), "x .chest|");
}

#[test]
fn the_caret_never_stands_inside_a_character() {
    check("e\u{301}a", &[Typed::Left, Typed::Left], "|e\u{301}a");
    check("ae\u{301}", &[Typed::Backspace], "a|");
    let mut passage = Passage::of("é");
    passage.put_caret(1);
    assert_eq!(passage.caret(), 0);
}

#[test]
fn a_passage_has_an_end() {
    let mut passage = Passage::default();
    passage.typed(&Typed::Text("x".repeat(50_000)), WIDTH);
    assert_eq!(passage.text().len(), CHARS_MAX);
    assert!(!passage.typed(&Typed::Char('x'), WIDTH));
}

proptest::proptest! {
    #[test]
    fn rows_are_the_text_without_its_line_ends(text in "[ab \n王e\u{301}]{0,60}", width in 2_usize..12) {
        let rows = rows(&text, width);
        let seen: String = rows.iter().map(|it| text.get(it.clone()).unwrap()).collect();
        proptest::prop_assert_eq!(seen, text.replace('\n', ""));
        for row in &rows {
            let cells = cells(text.get(row.clone()).unwrap().trim_end());
            proptest::prop_assert!(cells <= width);
        }
    }
}
