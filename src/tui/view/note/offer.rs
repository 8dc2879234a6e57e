//! What is offered at the caret: phrases, or the choices of a blank.

use ratatui::layout::Rect;

use crate::{
    app::{
        Move, Press,
        keymap::Action,
        note::{self, Offer, Section},
        window,
    },
    text::Shown,
    tui::{pen::Pen, theme::Role},
};

/// The widest that the box is.
const WIDTH: u16 = 46;
/// The most lines in it.
const LINES: usize = 7;

/// Draws the box below the caret, or above it where there is no room.
pub(super) fn draw(section: &Section, caret: (u16, u16), pen: &mut Pen<'_>) {
    let (title, lines, selected) = match &section.offer {
        None => return,
        Some(Offer::Phrases(found, selected)) => {
            let lines = found.iter().map(|it| {
                let name = Shown::from(format!(".{}", it.name)).pad(12);
                format!("{name} {}", it.title)
            });
            ("note-phrases", lines.collect::<Vec<_>>(), selected.0)
        }
        Some(Offer::Choices(choices, selected)) => {
            ("note-choices", choices.clone(), selected.0)
        }
    };
    let (x, y) = caret;
    let below = pen.height().saturating_sub(y + 1);
    let above = y.saturating_sub(1);
    let room = below.max(above).saturating_sub(2);
    let shown = window(selected, lines.len(), usize::from(room).min(LINES));
    if shown.is_empty() {
        return;
    }
    let height = u16::try_from(shown.len()).unwrap_or(0) + 2;
    let top = if height <= below { y + 1 } else { y - height };
    let width = WIDTH.min(pen.width().saturating_sub(2));
    let left = x.min(pen.width().saturating_sub(width + 1));
    let part = Rect::new(left, top, width, height);
    pen.within(part).clear();
    let title = pen.say(title);
    let mut inside = pen.boxed(part, title);
    for (row, index) in (0..).zip(shown) {
        let mark = if index == selected { ">" } else { " " };
        let text = lines.get(index).map_or("", String::as_str);
        inside.put(0, row, format!("{mark} {text}"), Role::Plain);
        let action = if index == selected {
            inside.tint(row, Role::Selected);
            Action::Note(note::Action::Insert)
        } else {
            Action::Press(Press::Move(Move::To(index)))
        };
        inside.target((0, row), WIDTH, action);
    }
}
