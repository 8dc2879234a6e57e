//! Sections: phrases, blanks and choices, as they are typed.

use super::{Section, section::Tabbed};
use crate::{app::Typed, care::phrases::Facts};

const WIDTH: usize = 70;

fn facts() -> Facts {
    let mut facts = Facts::default();
    facts.set("bp", "148/92".to_owned());
    facts
}

/// Types letters; `⇥` is Tab, `⎋` Esc and `↶` taking back.
fn typed(script: &str) -> Section {
    let mut section = Section::default();
    for letter in script.chars() {
        press(&mut section, letter);
    }
    section
}

fn press(section: &mut Section, letter: char) {
    match letter {
        '⇥' => {
            section.tab(&facts);
        }
        '⎋' => {
            section.close_offer();
        }
        '↶' => {
            section.typed(&Typed::Undo, WIDTH, &facts);
        }
        letter => {
            section.typed(&Typed::Char(letter), WIDTH, &facts);
        }
    }
}

/// The text with the caret as `|`.
fn shown(section: &Section) -> String {
    let (text, caret) = (section.passage.text(), section.passage.caret());
    let (before, after) = text.split_at(caret);
    format!("{before}|{after}")
}

#[track_caller]
fn check(script: &str, expected: &str) {
    assert_eq!(shown(&typed(script)), expected, "for {script:?}");
}

#[test]
fn a_phrase_is_offered_when_a_dot_begins_a_word() {
    for (script, offered) in [(".che", true), ("3.5", false), ("b.d", false), (".", true)]
    {
        assert_eq!(typed(script).offer.is_some(), offered, "{script}");
    }
}

#[test]
fn tab_and_space_expand_a_phrase_and_one_undo_gives_the_word_back() {
    let by_tab = typed(".consent⇥");
    let by_space = typed(".consent ");
    assert_eq!(shown(&by_tab), shown(&by_space));
    assert!(!by_tab.passage.text().contains(".consent"));
    check(".consent⇥↶", ".consent|");
    check("no fever .consent⇥↶", "no fever .consent|");
}

#[test]
fn a_phrase_counts_as_used_until_it_is_taken_back() {
    let used = |script: &str| typed(script).phrases().collect::<Vec<_>>();
    assert_eq!(used(".consent⇥"), [".consent"]);
    assert_eq!(used(".consent⇥ x"), [".consent"]);
    assert_eq!(used(".consent⇥↶"), Vec::<String>::new());
    let mut again = typed(".consent⇥↶");
    again.typed(&Typed::Redo, WIDTH, &facts);
    assert_eq!(again.phrases().count(), 1);
    let mut other = typed(".consent⇥↶x↶");
    other.typed(&Typed::Redo, WIDTH, &facts);
    assert_eq!(other.phrases().count(), 0, "{}", shown(&other));
}

#[test]
fn esc_keeps_the_word_and_a_backslash_writes_a_real_dot() {
    check(".consent⎋ x", ".consent x|");
    check("\\.net x", ".net x|");
}

#[test]
fn a_phrase_is_filled_with_what_is_known_and_asks_for_the_rest() {
    let section = typed(".htn⇥");
    let text = section.passage.text();
    assert!(text.contains("BP today 148/92"), "{text}");
    assert!(text.contains("«pulse»"), "{text}");
    assert!(section.blanks_left() > 3);
}

/// A section that holds this text, entered by Tab.
fn entered(text: &str) -> Section {
    let mut section = Section::of(text);
    section.passage.put_caret(0);
    assert_eq!(section.tab(&facts), Tabbed::Moved);
    section
}

#[test]
fn a_letter_fills_the_blank_that_tab_went_to() {
    let mut section = entered("for «___» days, «___» times");
    for letter in "5⇥2".chars() {
        press(&mut section, letter);
    }
    assert_eq!(shown(&section), "for 5 days, 2| times");
    assert_eq!(section.blanks_left(), 0);
    assert_eq!(section.tab(&facts), Tabbed::Leaves);
}

#[test]
fn a_choice_is_taken_by_tab_and_leads_to_the_next_blank() {
    let mut section = entered("Takes «every day|seldom», review in «___» weeks");
    assert!(section.moved(crate::app::Move::Down, WIDTH));
    press(&mut section, '⇥');
    assert_eq!(shown(&section), "Takes seldom, review in |«___» weeks");
    press(&mut section, '4');
    assert_eq!(shown(&section), "Takes seldom, review in 4| weeks");
}

#[test]
fn a_choice_that_leaves_something_open_asks_for_it() {
    let mut section = entered("Plan: «step up: ___|continue».");
    press(&mut section, '⇥');
    assert_eq!(shown(&section), "Plan: step up: |«___».");
    press(&mut section, 'x');
    assert_eq!(shown(&section), "Plan: step up: x|.");
}

#[test]
fn esc_steps_over_a_blank_and_typing_beside_it_leaves_it() {
    let mut section = entered("a «x|y» b «___» c");
    press(&mut section, '⎋');
    press(&mut section, '⇥');
    assert_eq!(shown(&section), "a «x|y» b |«___» c");
    section.typed(&Typed::End, WIDTH, &facts);
    press(&mut section, '.');
    assert_eq!(section.blanks_left(), 2);
}

#[test]
fn tab_leaves_a_section_whose_last_blank_stays() {
    let mut section = entered("a «___»");
    assert_eq!(section.tab(&facts), Tabbed::Leaves);
}
