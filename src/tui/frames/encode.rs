//! Changed cells as the bytes that a terminal understands, as few as there can be.

use std::io;

use crossterm::{
    cursor::{MoveTo, MoveToColumn},
    queue,
    style::{
        Attribute, Color, Print, SetAttribute, SetBackgroundColor, SetForegroundColor,
    },
};
use ratatui::{
    backend::IntoCrossterm as _,
    buffer::{Buffer, Cell},
    layout::Position,
    style::{Color as Ink, Modifier},
};

use crate::text::to_ascii;

/// The attributes that the themes use, with what switches them on.
const ATTRIBUTES: [(Modifier, Attribute); 3] = [
    (Modifier::BOLD, Attribute::Bold),
    (Modifier::UNDERLINED, Attribute::Underlined),
    (Modifier::REVERSED, Attribute::Reverse),
];
/// Cells that did not change are written again when they take no more bytes than stepping
/// over them.
const STEP_BYTES: usize = 5;
/// The fewest blank cells that are erased in one go rather than written.
const ERASED_MIN: u16 = 6;

/// A cell that is different from what the terminal shows, and where it is.
type Changed<'a> = (u16, u16, &'a Cell);

/// How the terminal would draw the next character.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Ready {
    fg: Ink,
    bg: Ink,
    modifier: Modifier,
}

/// What the terminal would do with the next character: how it would draw it, and where; none
/// when terminals do not agree where.
struct Pencil {
    ready: Ready,
    at: Option<Position>,
}

impl Ready {
    const PLAIN: Self = Self {
        fg: Ink::Reset,
        bg: Ink::Reset,
        modifier: Modifier::empty(),
    };

    const fn of(cell: &Cell) -> Self {
        Self {
            fg: cell.fg,
            bg: cell.bg,
            modifier: cell.modifier,
        }
    }
}

/// Writes the cells of `picture` that changed. Says where the terminal's cursor is then, if
/// that is known.
pub(super) fn encode(
    changed: &[Changed<'_>],
    picture: &Buffer,
    into: &mut Vec<u8>,
) -> io::Result<Option<Position>> {
    let mut pencil = Pencil {
        ready: Ready::PLAIN,
        at: None,
    };
    let mut rest = changed;
    while let [(x, y, cell), behind @ ..] = rest {
        pencil.go(Position { x: *x, y: *y }, picture, into)?;
        let blank = blank_row(rest, picture);
        if let Some((width, count)) = blank.filter(|it| it.0 >= ERASED_MIN) {
            change(pencil.ready, Ready::PLAIN, into)?;
            pencil.ready = Ready::PLAIN;
            queue!(into, Print(format_args!("\x1b[{width}X")))?;
            rest = rest.get(count..).unwrap_or_default();
            continue;
        }
        pencil.draw(cell, into)?;
        rest = behind;
    }
    change(pencil.ready, Ready::PLAIN, into)?;
    Ok(pencil.at)
}

/// Whether all that changed in the first row is blank now, and all between: how many cells
/// that is, and how many of them changed.
fn blank_row(changed: &[Changed<'_>], picture: &Buffer) -> Option<(u16, usize)> {
    let blank = |it: &Cell| it.symbol() == " " && Ready::of(it) == Ready::PLAIN;
    let (first, row, _) = changed.first().filter(|it| blank(it.2))?;
    let count = changed.iter().take_while(|it| it.1 == *row).count();
    let (last, ..) = changed.get(count.checked_sub(1)?)?;
    let mut cells = (*first..=*last).map(|x| picture.cell((x, *row)));
    let all = cells.all(|it| it.is_some_and(blank));
    all.then_some((last - first + 1, count))
}

impl Pencil {
    /// Goes to a cell: along its row where that is known, over what lies between where that
    /// is shorter.
    fn go(
        &mut self,
        to: Position,
        picture: &Buffer,
        into: &mut Vec<u8>,
    ) -> io::Result<()> {
        match self.at {
            Some(at) if at == to => {}
            Some(at) if at.y == to.y => match self.between(at, to, picture) {
                Some(between) => into.extend_from_slice(between.as_bytes()),
                None => queue!(into, MoveToColumn(to.x))?,
            },
            Some(_) | None => queue!(into, MoveTo(to.x, to.y))?,
        }
        self.at = Some(to);
        Ok(())
    }

    /// What stands between two cells of a row, if it can be written as short as stepped over.
    fn between(&self, from: Position, to: Position, picture: &Buffer) -> Option<String> {
        let mut between = String::new();
        for x in from.x..to.x {
            let cell = picture.cell((x, from.y))?;
            let fits = is_sure(cell.symbol()) && Ready::of(cell) == self.ready;
            if !fits || between.len() + cell.symbol().len() > STEP_BYTES {
                return None;
            }
            between.push_str(cell.symbol());
        }
        (!between.is_empty()).then_some(between)
    }

    fn draw(&mut self, cell: &Cell, into: &mut Vec<u8>) -> io::Result<()> {
        let wanted = Ready::of(cell);
        change(self.ready, wanted, into)?;
        self.ready = wanted;
        queue!(into, Print(cell.symbol()))?;
        let next = self.at.filter(|_| is_sure(cell.symbol()));
        self.at = next.map(|it| Position { x: it.x + 1, ..it });
        Ok(())
    }
}

/// Whether every terminal agrees that the character takes one cell. After any other, the
/// cursor is put where it belongs.
fn is_sure(symbol: &str) -> bool {
    let mut chars = symbol.chars();
    let one = chars.next().filter(|_| chars.next().is_none());
    one.is_some_and(|it| it.is_ascii() || ('\u{c0}'..='\u{17f}').contains(&it))
        || one.is_some_and(|it| to_ascii(it).is_some())
}

fn change(from: Ready, to: Ready, into: &mut Vec<u8>) -> io::Result<()> {
    if from == to {
        return Ok(());
    }
    let mut from = from;
    if from.modifier.difference(to.modifier) != Modifier::empty() || to == Ready::PLAIN {
        queue!(into, SetAttribute(Attribute::Reset))?;
        from = Ready::PLAIN;
    }
    for (modifier, attribute) in ATTRIBUTES {
        if to.modifier.contains(modifier) && !from.modifier.contains(modifier) {
            queue!(into, SetAttribute(attribute))?;
        }
    }
    if from.fg != to.fg {
        let color: Color = to.fg.into_crossterm();
        queue!(into, SetForegroundColor(color))?;
    }
    if from.bg != to.bg {
        let color: Color = to.bg.into_crossterm();
        queue!(into, SetBackgroundColor(color))?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use ratatui::{layout::Rect, style::Style};

    use super::*;

    const WIDTH: u16 = 20;

    fn picture(lines: [&str; 2], style: Style) -> Buffer {
        let mut picture = Buffer::empty(Rect::new(0, 0, WIDTH, 2));
        for (line, y) in lines.iter().zip(0..) {
            picture.set_string(0, y, line, style);
        }
        picture
    }

    fn bytes(from: &Buffer, to: &Buffer) -> String {
        let mut bytes = Vec::new();
        encode(&from.diff(to), to, &mut bytes).unwrap();
        String::from_utf8(bytes).unwrap()
    }

    #[track_caller]
    fn check(from: [&str; 2], to: [&str; 2], expected: &str) {
        let [from, to] = [from, to].map(|it| picture(it, Style::new()));
        assert_eq!(bytes(&from, &to), expected);
    }

    #[test]
    fn what_lies_between_is_written_again_where_that_is_shorter() {
        check(["one 1 two", ""], ["One 1 Two", ""], "\x1b[1;1HOne 1 T");
        check(
            ["one...... two", ""],
            ["One...... Two", ""],
            "\x1b[1;1HO\x1b[11GT",
        );
        check(["a", "b"], ["c", "d"], "\x1b[1;1Hc\x1b[2;1Hd");
    }

    #[test]
    fn a_blank_end_of_a_row_is_erased() {
        check(
            ["OKELLO, Grace", "x"],
            ["OK", "y"],
            "\x1b[1;3H\x1b[11X\x1b[2;1Hy",
        );
        check(["abcdef g", ""], ["       h", ""], "\x1b[1;1H       h");
    }

    #[test]
    fn after_a_character_of_doubtful_width_the_cursor_is_put() {
        check(["", ""], ["小a", ""], "\x1b[1;1H小\x1b[1;3Ha");
    }

    #[test]
    fn any_two_pictures_give_what_the_second_shows() {
        let lines = [
            "",
            "OKELLO, Grace",
            "OK  O,  r",
            "        x",
            "  é ─ ö   ab",
            "王小 明 ab",
            "12345678901234567890",
            "          12345678 x",
        ];
        let bold = Style::new().add_modifier(Modifier::BOLD);
        for (one, two) in lines
            .iter()
            .flat_map(|one| lines.iter().map(move |it| (one, it)))
        {
            for (style, other) in
                [(Style::new(), bold), (bold, Style::new()), (bold, bold)]
            {
                let [from, to] = [picture([one, two], style), picture([two, one], other)];
                let blank = picture(["", ""], Style::new());
                let size = |cells: u16| std::num::NonZeroU16::new(cells).unwrap();
                let mut terminal = vt100::Parser::new(size(2), size(WIDTH), 0);
                terminal.process(bytes(&blank, &from).as_bytes());
                terminal.process(bytes(&from, &to).as_bytes());
                let rows = terminal.screen().rows(0, WIDTH);
                let rows: Vec<String> = rows.map(|it| it.trim_end().to_owned()).collect();
                assert_eq!(rows, [*two, *one].map(str::trim_end), "{one:?} {two:?}");
                let letters = (0..).zip(two.chars()).filter(|it| it.1 != ' ');
                for (x, _) in letters.filter(|_| two.is_ascii()) {
                    let cell = terminal.screen().cell(0, x).unwrap();
                    assert_eq!(cell.bold(), other == bold, "{one:?} {two:?} {x}");
                }
            }
        }
    }
}
