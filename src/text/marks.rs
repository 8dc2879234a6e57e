//! The marks that Cairn draws, and what stands for them on a terminal that has ASCII only.

/// Mark and ASCII mark, of the same width.
const MARKS: &[(char, char)] = &[
    ('─', '-'),
    ('━', '-'),
    ('═', '='),
    ('│', '|'),
    ('║', '|'),
    ('┌', '+'),
    ('┐', '+'),
    ('└', '+'),
    ('┘', '+'),
    ('├', '+'),
    ('┤', '+'),
    ('╔', '+'),
    ('╗', '+'),
    ('╚', '+'),
    ('╝', '+'),
    ('…', '~'),
    ('●', '*'),
    ('•', '*'),
    ('·', '.'),
    ('█', '#'),
    ('▁', '_'),
    ('▂', '_'),
    ('▃', '-'),
    ('▄', '-'),
    ('▅', '='),
    ('▆', '='),
    ('▇', '#'),
    ('«', '<'),
    ('»', '>'),
    ('×', 'x'),
    ('→', '>'),
    ('\u{fffd}', '?'),
];

/// The ASCII mark for a mark that Cairn draws; none for any other character.
pub fn to_ascii(mark: char) -> Option<char> {
    let row = MARKS.iter().find(|(drawn, _)| *drawn == mark);
    row.map(|(_, ascii)| *ascii)
}
