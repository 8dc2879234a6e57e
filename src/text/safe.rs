//! What may reach a terminal, character by character.

use unicode_segmentation::UnicodeSegmentation as _;
use unicode_width::UnicodeWidthStr as _;

/// The most characters that one line keeps. Longer text is cut; no screen is wider.
pub(super) const CHARS_MAX: usize = 4_096;
/// The most characters drawn in one cell: a base and eight marks. Living scripts use four.
pub(super) const CHARS_PER_CELL_MAX: usize = 9;

/// Stands for what was left out of a cell, and for characters without a meaning. Nothing
/// joins with it, so that what follows starts a cell of its own.
const LEFT_OUT: char = '\u{fffd}';

/// Sound marks of half-width katakana, of which width tables disagree; their combining
/// forms are drawn instead.
const HALF_WIDTH_DAKUTEN: char = '\u{ff9e}';
const HALF_WIDTH_HANDAKUTEN: char = '\u{ff9f}';

pub(super) fn is_plain(text: &str) -> bool {
    text.bytes().all(|byte| (b' '..=b'~').contains(&byte))
}

/// Where a line of text ends.
pub(super) const fn is_line_end(c: char) -> bool {
    matches!(
        c,
        '\n' | '\u{0b}' | '\u{0c}' | '\u{85}' | '\u{2028}' | '\u{2029}'
    )
}

pub(super) fn line(text: &str) -> String {
    let kept: String = text.chars().filter_map(safe).take(CHARS_MAX).collect();
    let mut line = String::with_capacity(kept.len());
    for grapheme in kept.graphemes(true) {
        if grapheme.width() == 0 {
            continue;
        }
        if grapheme.chars().count() <= CHARS_PER_CELL_MAX {
            line.push_str(grapheme);
        } else {
            line.extend(grapheme.chars().take(CHARS_PER_CELL_MAX - 1));
            line.push(LEFT_OUT);
        }
    }
    line
}

/// The character as it may be printed; none when it must not.
fn safe(c: char) -> Option<char> {
    match c {
        _ if is_line_end(c) || is_space(c) => Some(' '),
        _ if is_invisible(c) => None,
        _ if is_meaningless(c) => Some(LEFT_OUT),
        HALF_WIDTH_DAKUTEN => Some('\u{3099}'),
        HALF_WIDTH_HANDAKUTEN => Some('\u{309a}'),
        _ => Some(c),
    }
}

const fn is_space(c: char) -> bool {
    matches!(
        c,
        '\t' | '\u{a0}' | '\u{1680}' | '\u{2000}'
            ..='\u{200a}' | '\u{202f}' | '\u{205f}' | '\u{3000}'
    )
}

/// Whether a terminal must not be given it: controls, direction marks, joiners, variation
/// selectors, fillers and tags. The joiners shape Indic and Persian words; without them a
/// word is still read, and every terminal agrees on its width. The stored text keeps them.
pub fn is_invisible(c: char) -> bool {
    c.is_control()
        || matches!(
            c,
            '\u{ad}'
                | '\u{34f}'
                | '\u{61c}'
                | '\u{115f}'
                | '\u{1160}'
                | '\u{17b4}'
                | '\u{17b5}'
                | '\u{180b}'..='\u{180f}'
                | '\u{200b}'..='\u{200f}'
                | '\u{202a}'..='\u{202e}'
                | '\u{2060}'..='\u{206f}'
                | '\u{3164}'
                | '\u{fe00}'..='\u{fe0f}'
                | '\u{feff}'
                | '\u{ffa0}'
                | '\u{fff0}'..='\u{fffb}'
                | '\u{1bca0}'..='\u{1bca3}'
                | '\u{1d173}'..='\u{1d17a}'
                | '\u{e0000}'..='\u{e0fff}'
        )
}

/// Private and never-assigned characters, whose width no two terminals agree on.
const fn is_meaningless(c: char) -> bool {
    let code = c as u32;
    matches!(code, 0xe000..=0xf8ff | 0xf0000.. | 0xfdd0..=0xfdef)
        || code & 0xfffe == 0xfffe
}
