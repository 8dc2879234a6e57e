//! Hostile and foreign text: the width is exact, and nothing reaches the terminal but
//! what can be seen.

use proptest::prelude::*;
use unicode_segmentation::UnicodeSegmentation as _;

use super::*;

#[track_caller]
fn check(text: &str, shown: &str, width: usize) {
    let line = Shown::line(text);
    assert_eq!(line.as_str(), shown, "for {text:?}");
    assert_eq!(line.width(), width, "for {text:?}");
    check_safe(&line);
}

#[track_caller]
fn check_safe(line: &Shown) {
    for c in line.as_str().chars() {
        assert!(!c.is_control(), "{c:?} in {:?}", line.as_str());
        assert_eq!(
            safe::line(&c.to_string()).is_empty(),
            zero_alone(c),
            "{c:?}"
        );
    }
    for cell in line.as_str().graphemes(true) {
        assert!(cell.chars().count() <= safe::CHARS_PER_CELL_MAX, "{cell:?}");
        assert!(cells(cell) > 0, "{cell:?}");
    }
    for width in [0, 1, 2, 3, 7, 20, 80] {
        assert!(line.fit(width).width() <= width);
        assert!(line.tail(width).width() <= width);
        assert_eq!(line.pad(width).width(), width, "{:?} at {width}", line.0);
        assert_eq!(line.pad_left(width).width(), width);
    }
    for row in Shown::wrapped(line.as_str(), 10) {
        assert!(row.width() <= 10, "{:?}", row.0);
    }
}

/// A mark that has no width without a base.
fn zero_alone(c: char) -> bool {
    cells(c.encode_utf8(&mut [0; 4])) == 0
}

#[test]
fn plain_names_are_shown_as_they_are() {
    check("OKELLO, Grace", "OKELLO, Grace", 13);
    check("", "", 0);
    check("N'Guessan-Koné", "N'Guessan-Koné", 14);
    check("Nguyễn Thị Minh", "Nguyễn Thị Minh", 15);
    check("Ngu\u{0079}e\u{0302}\u{0303}n", "Nguye\u{0302}\u{0303}n", 6);
    check("Ødegård Łukasz", "Ødegård Łukasz", 14);
    check("Þórður İbrahim", "Þórður İbrahim", 14);
    check("Müller ß", "Müller ß", 8);
}

#[test]
fn escapes_lose_their_power() {
    check("\u{1b}[31mred", "[31mred", 7);
    check("\u{1b}]0;title\u{7}x", "]0;titlex", 9);
    check("\u{1b}[2J\u{1b}[H", "[2J[H", 5);
    check("\u{1b}P+q544e\u{1b}\\", "P+q544e\\", 8);
    check("\u{9b}31mC1", "31mC1", 5);
    check("\u{90}dcs\u{9c}", "dcs", 3);
    check("bell\u{7}", "bell", 4);
    check("back\u{8}\u{8}\u{8}\u{8}hidden", "backhidden", 10);
    check("del\u{7f}", "del", 3);
    check("nul\0nul", "nulnul", 6);
    check("over\rwrite", "overwrite", 9);
    check("\u{e}shift out\u{f}", "shift out", 9);
    check("\u{1b}", "", 0);
    check(
        "\u{1b}[1;1H\u{1b}[41mALLERGY: none",
        "[1;1H[41mALLERGY: none",
        22,
    );
}

#[test]
fn line_ends_and_odd_spaces_are_spaces() {
    check("two\nlines", "two lines", 9);
    check("two\r\nlines", "two lines", 9);
    check("a\tb", "a b", 3);
    check("a\u{b}b\u{c}c", "a b c", 5);
    check("a\u{85}b", "a b", 3);
    check("a\u{2028}b\u{2029}c", "a b c", 5);
    check("a\u{a0}b\u{3000}c\u{2003}d", "a b c d", 7);
}

#[test]
fn direction_and_invisible_characters_are_dropped() {
    check("abc\u{202e}fed", "abcfed", 6);
    check("\u{2066}x\u{2069}\u{2067}y\u{2068}z", "xyz", 3);
    check("\u{200e}\u{200f}\u{61c}a", "a", 1);
    check("\u{202a}\u{202b}\u{202c}\u{202d}", "", 0);
    check("Gr\u{200b}ace", "Grace", 5);
    check("Gr\u{ad}ace", "Grace", 5);
    check("\u{feff}Grace\u{2060}", "Grace", 5);
    check("A\u{34f}B", "AB", 2);
    check("a\u{e0041}\u{e0042}b", "ab", 2);
    check("x\u{fe0f}y\u{e0100}z", "xyz", 3);
    check("\u{3164}\u{ffa0}\u{115f}", "", 0);
    check("a\u{fff9}b\u{fffa}c\u{fffb}", "abc", 3);
    check("a\u{180e}b", "ab", 2);
    check("\u{1d173}x", "x", 1);
}

#[test]
fn marks_are_bounded_and_a_mark_needs_a_base() {
    check("e\u{301}", "e\u{301}", 1);
    check("\u{301}\u{301}abc", "abc", 3);
    let zalgo = format!("Z{}a", "\u{335}".repeat(2_000));
    let drawn = format!("Z{}\u{fffd}a", "\u{335}".repeat(7));
    check(&zalgo, &drawn, 3);
    let chain = "क्".repeat(1_000);
    let line = Shown::line(&chain);
    check_safe(&line);
    let rejoin = format!("क{}क", "\u{94d}".repeat(8)).repeat(100);
    check_safe(&Shown::line(&rejoin));
    check_safe(&Shown::line(&"\u{600}".repeat(500)));
    check_safe(&Shown::line(&"\u{1100}\u{1161}\u{11a8}".repeat(500)));
}

#[test]
fn emoji_are_two_cells_and_never_join() {
    check("👍", "👍", 2);
    check("👨\u{200d}👩\u{200d}👧", "👨👩👧", 6);
    check("❤\u{fe0f}", "❤", 1);
    check("1\u{fe0f}\u{20e3}", "1\u{20e3}", 1);
    check("🇺🇬", "🇺🇬", 2);
    check("a👍b", "a👍b", 4);
}

#[test]
fn the_scripts_of_the_world_keep_their_columns() {
    check("アキラ", "アキラ", 6);
    check("ｱｷﾗｶ\u{ff9e}", "ｱｷﾗｶ\u{3099}", 4);
    check("王小明", "王小明", 6);
    check("김민준", "김민준", 6);
    check("አበበ ሰላም", "አበበ ሰላም", 7);
    check("محمد علي", "محمد علي", 8);
    check("שלום", "שלום", 4);
    check("Άννα", "Άννα", 4);
    check("Анна", "Анна", 4);
    check("ⴰⵎⴰⵣⵉⵖ", "ⴰⵎⴰⵣⵉⵖ", 6);
    check("ߒߞߏ", "ߒߞߏ", 3);
    for indic in [
        "मीना शर्मा",
        "কবির",
        "தமிழ்",
        "ಕನ್ನಡ",
        "മലയാളം",
        "සිංහල",
        "ภาษาไทย",
        "ကချင်",
    ] {
        check_safe(&Shown::line(indic));
    }
}

#[test]
fn meaningless_characters_are_seen_to_be_so() {
    check("a\u{e000}b", "a\u{fffd}b", 3);
    check("\u{ffff}\u{10ffff}", "\u{fffd}\u{fffd}", 2);
    check("\u{fdd0}", "\u{fffd}", 1);
    check("\u{f0000}", "\u{fffd}", 1);
}

#[test]
fn long_text_is_cut_with_a_mark_and_never_inside_a_character() {
    let long = "x".repeat(300);
    assert_eq!(Shown::line(&long).fit(5).as_str(), "xxxx…");
    assert_eq!(Shown::line("王小明").fit(4).as_str(), "王…");
    assert_eq!(Shown::line("王小明").pad(4).as_str(), "王… ");
    assert_eq!(Shown::line("abc").fit(3).as_str(), "abc");
    assert_eq!(Shown::line("abc").fit(0).as_str(), "");
    assert_eq!(
        Shown::line("e\u{301}e\u{301}e\u{301}").fit(2).as_str(),
        "e\u{301}…"
    );
    assert_eq!(Shown::line("7").pad_left(3).as_str(), "  7");
    assert_eq!(Shown::line("abcdef").tail(3).as_str(), "def");
    assert_eq!(Shown::line(&"y".repeat(100_000)).width(), safe::CHARS_MAX);
}

#[test]
fn a_note_keeps_its_lines_and_wraps_between_words() {
    let lines = Shown::lines("Cough 5 days\r\nNo blood\u{1b}[2J\n");
    let lines: Vec<&str> = lines.iter().map(Shown::as_str).collect();
    assert_eq!(lines, ["Cough 5 days", "No blood[2J", ""]);
    let rows = Shown::wrapped("Cough 5 days, worse at night\nno blood", 12);
    let rows: Vec<&str> = rows.iter().map(Shown::as_str).collect();
    assert_eq!(rows, ["Cough 5", "days, worse", "at night", "no blood"]);
    let rows = Shown::wrapped("abcdefghijkl", 5);
    assert_eq!(rows.len(), 3);
}

#[test]
fn every_mark_and_its_ascii_mark_are_one_cell() {
    for mark in "─│┌┐└┘…●█▁▇«»×→═║╔\u{fffd}".chars() {
        let ascii = to_ascii(mark).unwrap();
        assert!(ascii.is_ascii_graphic());
        assert_eq!(Shown::from(mark).width(), 1, "{mark:?}");
    }
    assert_eq!(to_ascii('é'), None);
}

#[test]
fn a_log_line_does_not_show_what_is_shown() {
    assert!(!format!("{:?}", Shown::line("OKELLO")).contains("OKELLO"));
}

proptest! {
    #[test]
    fn any_text_at_all_is_safe_and_of_exact_width(text in "\\PC{0,40}|[\\s\\S]{0,60}") {
        check_safe(&Shown::line(&text));
    }

    #[test]
    fn what_was_made_safe_stays_as_it_is(text in "[\\s\\S]{0,60}") {
        let once = Shown::line(&text);
        prop_assert_eq!(Shown::line(once.as_str()), once);
    }
}
