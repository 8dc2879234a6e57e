//! A screen as an SVG picture, for the documents: drawn from the very cells that a terminal
//! would get, column by column.

use std::fmt::Write as _;

use ratatui::{
    buffer::{Buffer, Cell},
    style::{Color, Modifier},
};
use unicode_width::UnicodeWidthStr as _;

/// A cell's width and height, and the baseline in it, in the picture's units.
const CELL: (f32, f32, f32) = (9.6, 18.5, 14.0);
/// Round the screen.
const MARGIN: f32 = 10.0;
const INK: &str = "#1f2328";
const PAPER: &str = "#ffffff";

/// Cells of one row that look alike and are drawn at once.
struct Run {
    x: usize,
    cells: usize,
    text: String,
    ink: String,
    paper: String,
    modifier: Modifier,
    ascii: bool,
}

/// The picture of a screen.
pub fn svg(screen: &Buffer) -> String {
    let (width, height) = (f32::from(screen.area.width), f32::from(screen.area.height));
    let (width, height) = (
        width * CELL.0 + 2.0 * MARGIN,
        height * CELL.1 + 2.0 * MARGIN,
    );
    let mut svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width:.0} {height:.0}\" \
         width=\"{width:.0}\" height=\"{height:.0}\" font-size=\"16\" \
         font-family=\"DejaVu Sans Mono, Noto Sans Mono, Noto Sans Ethiopic, \
         Noto Sans Devanagari, Noto Sans Arabic, monospace\">\n\
         <rect width=\"100%\" height=\"100%\" rx=\"6\" fill=\"{PAPER}\" stroke=\"#d0d7de\"/>\n"
    );
    let columns = usize::from(screen.area.width.max(1));
    for (y, row) in (0_u16..).zip(screen.content.chunks(columns)) {
        for run in runs(row) {
            draw(&run, MARGIN + f32::from(y) * CELL.1, &mut svg);
        }
    }
    svg.push_str("</svg>\n");
    svg
}

fn runs(row: &[Cell]) -> Vec<Run> {
    let mut runs: Vec<Run> = Vec::new();
    let mut skip = 0;
    for (x, cell) in row.iter().enumerate() {
        if skip > 0 {
            skip -= 1;
            continue;
        }
        let cells = cell.symbol().width().max(1);
        skip = cells - 1;
        let run = run(x, cells, cell);
        match runs.last_mut() {
            Some(last) if last.goes_on_with(&run) => {
                last.text.push_str(&run.text);
                last.cells += cells;
            }
            _ => runs.push(run),
        }
    }
    runs.retain(|run| run.paper != PAPER || !run.text.trim().is_empty());
    runs
}

fn run(x: usize, cells: usize, cell: &Cell) -> Run {
    let (mut ink, mut paper) = (color(cell.fg, INK), color(cell.bg, PAPER));
    if cell.modifier.contains(Modifier::REVERSED) {
        std::mem::swap(&mut ink, &mut paper);
    }
    Run {
        x,
        cells,
        text: cell.symbol().to_owned(),
        ink,
        paper,
        modifier: cell.modifier.difference(Modifier::REVERSED),
        ascii: cell.symbol().is_ascii(),
    }
}

impl Run {
    fn goes_on_with(&self, next: &Self) -> bool {
        let alike = (&self.ink, &self.paper, self.modifier, self.ascii)
            == (&next.ink, &next.paper, next.modifier, next.ascii);
        alike && self.x + self.cells == next.x
    }
}

fn draw(run: &Run, top: f32, into: &mut String) {
    let cells = |count: usize| f32::from(u16::try_from(count).unwrap_or(0)) * CELL.0;
    let (left, width) = (MARGIN + cells(run.x), cells(run.cells));
    // Writing to a string cannot fail.
    if run.paper != PAPER {
        let _ = writeln!(
            into,
            "<rect x=\"{left:.1}\" y=\"{top:.1}\" width=\"{width:.1}\" height=\"{:.1}\" \
             fill=\"{}\"/>",
            CELL.1, run.paper
        );
    }
    let blank = run.text.trim().is_empty();
    if blank && !run.modifier.contains(Modifier::UNDERLINED) {
        return;
    }
    let weight = if run.modifier.contains(Modifier::BOLD) {
        " font-weight=\"bold\""
    } else {
        ""
    };
    let line = if run.modifier.contains(Modifier::UNDERLINED) {
        " text-decoration=\"underline\""
    } else {
        ""
    };
    let _ = writeln!(
        into,
        "<text x=\"{left:.1}\" y=\"{:.1}\" textLength=\"{width:.1}\" \
         lengthAdjust=\"spacingAndGlyphs\" xml:space=\"preserve\" fill=\"{}\"{weight}{line}>\
         {}</text>",
        top + CELL.2,
        run.ink,
        escaped(&run.text)
    );
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
}

/// The colours that the themes use.
fn color(color: Color, default: &str) -> String {
    let named = [
        (Color::Red, "#b42318"),
        (Color::Green, "#1a7f37"),
        (Color::Yellow, "#8a5a00"),
        (Color::Magenta, "#8250df"),
    ];
    if let Color::Rgb(red, green, blue) = color {
        return format!("#{red:02x}{green:02x}{blue:02x}");
    }
    let found = named.iter().find(|(it, _)| *it == color);
    found.map_or(default, |(_, name)| name).to_owned()
}

#[cfg(test)]
mod tests {
    use ratatui::{layout::Rect, style::Style};

    use super::*;

    #[test]
    fn what_looks_alike_is_one_piece_and_markup_is_text() {
        let mut buf = Buffer::empty(Rect::new(0, 0, 20, 2));
        buf.set_string(0, 0, "<b> & ok", Style::new());
        buf.set_string(0, 1, "stop", Style::new().add_modifier(Modifier::REVERSED));
        let svg = svg(&buf);
        assert!(svg.contains(">&lt;b&gt; &amp; ok"), "{svg}");
        assert_eq!(svg.matches("<text").count(), 2);
        assert!(
            svg.contains(&format!("fill=\"{INK}\"/>")),
            "the reversed ground"
        );
    }

    #[test]
    fn columns_hold_behind_wide_characters() {
        let mut buf = Buffer::empty(Rect::new(0, 0, 20, 1));
        buf.set_string(0, 0, "王a", Style::new());
        let svg = svg(&buf);
        let third = MARGIN + 2.0 * CELL.0;
        assert!(svg.contains(&format!("<text x=\"{third:.1}\"")), "{svg}");
    }
}
