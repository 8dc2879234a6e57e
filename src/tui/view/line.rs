//! One line of text that is being written, with its caret.

use super::super::{pen::Pen, theme::Role};
use crate::{app::Line, text::Shown};

/// Draws a line in the pen's first row, its end in view; says whether all of it is.
pub(super) fn draw_line(line: &Line, focused: bool, pen: &mut Pen<'_>) -> bool {
    let role = if focused { Role::Focus } else { Role::Plain };
    let width = pen.width();
    let room = usize::from(width.saturating_sub(1));
    let (before, after) = line.halves();
    let before = Shown::from(before);
    let left = before.tail(room);
    let caret = u16::try_from(left.width()).unwrap_or(0);
    pen.cell((0, 0), width, format!("{left}{}", Shown::from(after)), role);
    if focused {
        pen.caret(caret, 0);
    }
    left == before
}
