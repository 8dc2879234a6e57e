//! Frames on their way to the terminal: what changed since the last one, in as few bytes as
//! there can be, in one write. A frame in which nothing changed is no bytes.

mod encode;

use std::io::{self, Write};

use crossterm::{
    cursor::MoveTo,
    queue,
    style::{Attribute, SetAttribute},
    terminal::{BeginSynchronizedUpdate, Clear, ClearType, EndSynchronizedUpdate},
};
use ratatui::{
    buffer::{Buffer, Cell},
    layout::Rect,
};
use unicode_width::UnicodeWidthStr as _;

use self::encode::encode;
use super::pen::Caret;

/// The terminal's picture, as far as it was written.
#[derive(Debug)]
pub struct Frames<W> {
    out: W,
    shown: Buffer,
    caret: Caret,
    anew: bool,
    bytes: Vec<u8>,
    written: u64,
    count: u64,
}

impl<W: Write> Frames<W> {
    /// Frames that go to `out`, whose screen is in an unknown state.
    pub fn new(out: W) -> Self {
        Self {
            out,
            shown: Buffer::empty(Rect::ZERO),
            caret: None,
            anew: true,
            bytes: Vec::new(),
            written: 0,
            count: 0,
        }
    }

    /// Draws the next frame whole, over an emptied screen.
    pub const fn draw_anew(&mut self) {
        self.anew = true;
    }

    /// Frames and bytes written so far.
    pub const fn written(&self) -> (u64, u64) {
        (self.count, self.written)
    }

    /// Brings the terminal to this picture.
    pub fn draw(&mut self, next: Buffer, caret: Caret) -> io::Result<()> {
        self.bytes.clear();
        let anew = self.anew || self.shown.area != next.area;
        if anew {
            self.shown = Buffer::empty(next.area);
        }
        let emptied = self.empty_unsure_rows(&next);
        let changed = self.shown.diff(&next);
        let same = changed.is_empty() && emptied.is_empty() && !anew;
        if same && caret == self.caret {
            return Ok(());
        }
        if !same {
            queue!(self.bytes, BeginSynchronizedUpdate)?;
        }
        if anew {
            queue!(
                self.bytes,
                SetAttribute(Attribute::Reset),
                Clear(ClearType::All)
            )?;
        }
        for row in emptied {
            queue!(self.bytes, MoveTo(0, row), Clear(ClearType::CurrentLine))?;
        }
        let at = encode(&changed, &next, &mut self.bytes)?;
        if let Some(caret) = caret.filter(|it| Some(*it) != at) {
            queue!(self.bytes, MoveTo(caret.x, caret.y))?;
        }
        if !same {
            queue!(self.bytes, EndSynchronizedUpdate)?;
        }
        self.shown = next;
        self.caret = caret;
        self.anew = false;
        self.count += 1;
        self.send()
    }

    /// Writes what is no picture, such as a marker for tests.
    pub fn write_aside(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.bytes.clear();
        self.bytes.extend_from_slice(bytes);
        self.send()
    }

    /// Forgets the rows that change and hold characters of which terminals do not agree how
    /// wide they are: what such a row left beside its cells would stay for ever.
    fn empty_unsure_rows(&mut self, next: &Buffer) -> Vec<u16> {
        let width = usize::from(next.area.width.max(1));
        let old = self.shown.content.chunks_mut(width);
        let rows = old.zip(next.content.chunks(width)).zip(0..);
        let mut emptied = Vec::new();
        for ((old, new), row) in rows {
            if old != new && old.iter().any(|cell| is_unsure(cell.symbol())) {
                old.fill(Cell::EMPTY);
                emptied.push(row);
            } else {
                forget_halves(old, new);
            }
        }
        emptied
    }

    fn send(&mut self) -> io::Result<()> {
        self.out.write_all(&self.bytes)?;
        self.out.flush()?;
        self.written += u64::try_from(self.bytes.len()).unwrap_or(0);
        Ok(())
    }
}

/// Forgets the second half of each wide character whose first half changes: terminals leave
/// something of their own there.
fn forget_halves(old: &mut [Cell], new: &[Cell]) {
    let wide = |cell: &Cell| !cell.symbol().is_ascii() && cell.symbol().width() > 1;
    let halves: Vec<usize> = old
        .iter()
        .zip(new)
        .enumerate()
        .filter(|(_, (old, new))| old != new && wide(old))
        .map(|(x, _)| x + 1)
        .collect();
    for half in halves {
        if let Some(cell) = old.get_mut(half) {
            cell.set_char('\u{fffd}');
        }
    }
}

/// Whether terminals draw the character with widths of their own: the scripts of South and
/// Southeast Asia, whose vowels stand beside their letters, and whatever is put together of
/// several characters.
fn is_unsure(symbol: &str) -> bool {
    let mut chars = symbol.chars();
    let first = chars.next();
    chars.next().is_some()
        || first.is_some_and(|it| ('\u{900}'..='\u{109f}').contains(&it))
        || first.is_some_and(|it| ('\u{1780}'..='\u{17ff}').contains(&it))
}

#[cfg(test)]
mod tests {
    use ratatui::{
        layout::Position,
        style::{Color, Modifier, Style},
    };

    use super::*;

    fn picture(text: &str, style: Style) -> Buffer {
        let mut buf = Buffer::empty(Rect::new(0, 0, 20, 2));
        buf.set_string(0, 0, text, style);
        buf
    }

    fn size(cells: u16) -> std::num::NonZeroU16 {
        cells.try_into().unwrap()
    }

    /// What the terminal shows after these frames.
    fn shown(frames: Vec<Buffer>) -> (vt100::Parser, Vec<u64>) {
        let mut bytes = Vec::new();
        let mut sizes = Vec::new();
        let mut out = Frames::new(&mut bytes);
        for frame in frames {
            let (_, before) = out.written();
            out.draw(frame, Some(Position { x: 3, y: 1 })).unwrap();
            sizes.push(out.written().1 - before);
        }
        drop(out);
        let mut terminal = vt100::Parser::new(size(2), size(20), 0);
        terminal.process(&bytes);
        (terminal, sizes)
    }

    #[test]
    fn the_terminal_shows_the_last_picture() {
        let bold = Style::new().add_modifier(Modifier::BOLD | Modifier::REVERSED);
        let frames = vec![
            picture("OKELLO, Grace", Style::new()),
            picture("OKELLO, G", bold),
            picture("王小明 ok", Style::new()),
        ];
        let (terminal, _) = shown(frames);
        assert_eq!(terminal.screen().contents().trim_end(), "王小明 ok");
        assert_eq!(terminal.screen().cursor_position(), (1, 3));
        assert!(!terminal.screen().cell(0, 0).unwrap().bold());
    }

    #[test]
    fn a_row_that_terminals_draw_differently_is_emptied_before_it_changes() {
        let mut bytes = Vec::new();
        let mut out = Frames::new(&mut bytes);
        out.draw(picture("गुप्ता, मीना", Style::new()), None).unwrap();
        out.draw(picture("", Style::new()), None).unwrap();
        out.draw(picture("plain", Style::new()), None).unwrap();
        drop(out);
        let text = String::from_utf8(bytes).unwrap();
        assert_eq!(text.matches("\u{1b}[2K").count(), 1, "{text:?}");
    }

    #[test]
    fn after_any_pictures_the_terminal_shows_the_last_one() {
        let pieces = ["ab", " ", "   ", "é", "王", "x", "──", "0772", "…"];
        let styles = [
            Style::new(),
            Style::new().add_modifier(Modifier::BOLD),
            Style::new().add_modifier(Modifier::REVERSED).fg(Color::Red),
        ];
        let mut seed = 1_u32;
        let mut draw = |below: usize| {
            seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            usize::try_from(seed >> 16).unwrap() % below
        };
        for round in 0..200 {
            let mut frames = Vec::new();
            for _ in 0..4 {
                let mut buf = Buffer::empty(Rect::new(0, 0, 20, 2));
                for row in 0..2_u16 {
                    let mut x = 0_u16;
                    for _ in 0..8 {
                        let (piece, style) = (pieces[draw(9)], styles[draw(3)]);
                        let (next, _) = buf.set_stringn(x, row, piece, 20, style);
                        x = next;
                    }
                }
                frames.push(buf);
            }
            let last = frames.last().unwrap().clone();
            let (terminal, _) = shown(frames);
            for (x, y) in (0..20).flat_map(|x| (0..2).map(move |y| (x, y))) {
                let cell = terminal.screen().cell(y, x).unwrap();
                let wanted = &last[(x, y)];
                let contents = if cell.contents().is_empty() {
                    " "
                } else {
                    cell.contents()
                };
                assert_eq!(contents, wanted.symbol(), "round {round} at {x},{y}");
                // A blank looks the same in bold.
                let bold = wanted.modifier.contains(Modifier::BOLD);
                let same = cell.bold() == bold || contents == " ";
                assert!(same, "round {round} at {x},{y}");
                let reversed = wanted.modifier.contains(Modifier::REVERSED);
                let same = cell.inverse() == reversed || cell.is_wide_continuation();
                assert!(same, "round {round} at {x},{y}");
            }
        }
    }

    #[test]
    fn a_picture_that_did_not_change_is_no_bytes() {
        let same = || picture("OKELLO, Grace", Style::new());
        let (_, sizes) = shown(vec![same(), same()]);
        assert_eq!(sizes.last(), Some(&0));
    }

    #[test]
    fn one_typed_character_is_a_few_bytes() {
        let focus = Style::new().add_modifier(Modifier::BOLD | Modifier::UNDERLINED);
        let frames = vec![picture("okell", focus), picture("okello", focus)];
        let (terminal, sizes) = shown(frames);
        assert!(sizes.last().unwrap() <= &64, "{sizes:?}");
        assert!(terminal.screen().cell(0, 5).unwrap().underline());
    }

    #[test]
    fn a_frame_without_colour_sets_none() {
        let mut bytes = Vec::new();
        let mut out = Frames::new(&mut bytes);
        let bold = Style::new().add_modifier(Modifier::BOLD);
        out.draw(picture("mono", bold), None).unwrap();
        drop(out);
        let text = String::from_utf8(bytes).unwrap();
        assert!(!text.contains("[3") && !text.contains("[4"), "{text:?}");
    }
}
