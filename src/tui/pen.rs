//! The pen that every view draws with: it takes nothing but [`Shown`], keeps to its area,
//! and knows where the caret stands.

mod plot;

pub(in crate::tui) use plot::{Curve, Plot};
use ratatui::{
    buffer::Buffer,
    layout::{Position, Rect},
    style::Style,
};

use super::theme::{Role, Theme};
use crate::{
    app::{Move, Press, keymap::Action},
    say::Say,
    text::{Shown, to_ascii},
    time::Moment,
};

/// Where the terminal's cursor stands after a frame.
pub type Caret = Option<Position>;

/// What a frame leaves besides its cells.
#[derive(Debug, Default)]
pub struct Drawn {
    /// Where the terminal's cursor stands.
    pub caret: Caret,
    /// What can be clicked, the uppermost last.
    targets: Vec<(Rect, Action)>,
}

/// What every view needs to know to look right.
#[derive(Debug, Clone, Copy)]
pub struct Look<'a> {
    /// The sentences.
    pub say: &'a Say,
    /// The colours.
    pub theme: Theme,
    /// The present moment.
    pub now: Moment,
}

/// Draws in one area. Columns and rows count from the area's upper left corner.
#[derive(Debug)]
pub struct Pen<'a> {
    area: Rect,
    buf: &'a mut Buffer,
    drawn: &'a mut Drawn,
    /// How things look.
    pub look: Look<'a>,
}

impl Drawn {
    /// What a click at this cell does.
    pub fn at(&self, column: u16, row: u16) -> Option<&Action> {
        let here = Position { x: column, y: row };
        let mut above = self.targets.iter().rev();
        above
            .find(|(part, _)| part.contains(here))
            .map(|(_, action)| action)
    }
}

impl<'a> Pen<'a> {
    /// A pen for this area.
    pub fn new(
        area: Rect,
        buf: &'a mut Buffer,
        drawn: &'a mut Drawn,
        look: Look<'a>,
    ) -> Self {
        let area = area.intersection(buf.area);
        Self {
            area,
            buf,
            drawn,
            look,
        }
    }

    /// The area's columns.
    pub const fn width(&self) -> u16 {
        self.area.width
    }

    /// The area's rows.
    pub const fn height(&self) -> u16 {
        self.area.height
    }

    /// A pen for a part of this area.
    pub fn within(&mut self, part: Rect) -> Pen<'_> {
        let part = Rect {
            x: self.area.x.saturating_add(part.x),
            y: self.area.y.saturating_add(part.y),
            ..part
        };
        Pen {
            area: part.intersection(self.area),
            buf: self.buf,
            drawn: self.drawn,
            look: self.look,
        }
    }

    /// A sentence of the catalogue.
    pub fn say(&self, id: &str) -> String {
        self.look.say.line(id)
    }

    /// Writes from this column to the area's edge at most; says in which column it ended.
    pub fn put(&mut self, x: u16, y: u16, text: impl Into<Shown>, role: Role) -> u16 {
        let room = self.area.width.saturating_sub(x);
        self.write(x, y, &text.into().fit(usize::from(room)), role)
    }

    /// Writes a sentence of the catalogue.
    pub fn put_line(&mut self, x: u16, y: u16, id: &str, role: Role) -> u16 {
        let said = self.say(id);
        self.put(x, y, said, role)
    }

    /// Writes in exactly so many cells.
    pub fn cell(
        &mut self,
        (x, y): (u16, u16),
        width: u16,
        text: impl Into<Shown>,
        role: Role,
    ) {
        let room = self.area.width.saturating_sub(x).min(width);
        self.write(x, y, &text.into().pad(usize::from(room)), role);
    }

    /// Writes at the end of a row; says in which column it began.
    pub fn right(&mut self, y: u16, text: impl Into<Shown>, role: Role) -> u16 {
        let text = text.into().fit(usize::from(self.area.width));
        let x = self.area.width.saturating_sub(cells(&text));
        self.write(x, y, &text, role);
        x
    }

    /// Gives a whole row a role, whatever stands in it.
    pub fn tint(&mut self, y: u16, role: Role) {
        self.tint_part((0, y), self.area.width, role);
    }

    /// Gives so many cells a role, whatever stands in them.
    pub fn tint_part(&mut self, (x, y): (u16, u16), width: u16, role: Role) {
        let part = Rect {
            x: self.area.x.saturating_add(x),
            y: self.area.y.saturating_add(y),
            width,
            height: 1,
        };
        let style = self.look.theme.style(role);
        self.buf.set_style(part.intersection(self.area), style);
    }

    /// Draws a line across, with a title in it.
    pub fn rule(&mut self, y: u16, title: impl Into<Shown>) {
        let line = "─".repeat(usize::from(self.area.width));
        self.put(0, y, line, Role::Plain);
        let title = title.into();
        if !title.is_empty() {
            self.put(2, y, format!(" {title} "), Role::Heading);
        }
    }

    /// Draws a box with a title; gives a pen for its inside.
    pub fn boxed(&mut self, part: Rect, title: impl Into<Shown>) -> Pen<'_> {
        let mut pen = self.within(part);
        let (width, height) = (pen.width(), pen.height());
        let across = "─".repeat(usize::from(width.saturating_sub(2)));
        pen.put(0, 0, format!("┌{across}┐"), Role::Plain);
        pen.put(
            0,
            height.saturating_sub(1),
            format!("└{across}┘"),
            Role::Plain,
        );
        for y in 1..height.saturating_sub(1) {
            pen.put(0, y, "│", Role::Plain);
            pen.put(width.saturating_sub(1), y, "│", Role::Plain);
        }
        let title = title.into();
        if !title.is_empty() {
            let room = usize::from(width.saturating_sub(6));
            pen.put(2, 0, format!(" {} ", title.fit(room)), Role::Heading);
        }
        let inside = Rect {
            x: part.x + 1,
            y: part.y + 1,
            width: part.width.saturating_sub(2),
            height: part.height.saturating_sub(2),
        };
        self.within(inside)
    }

    /// Empties the area.
    pub fn clear(&mut self) {
        let style = self.look.theme.style(Role::Plain);
        for y in self.area.rows() {
            for position in y.positions() {
                if let Some(cell) = self.buf.cell_mut(position) {
                    cell.reset();
                    cell.set_style(style);
                }
            }
        }
    }

    /// Puts the terminal's cursor here.
    pub fn caret(&mut self, x: u16, y: u16) {
        let last = |start: u16, len: u16| start + len.saturating_sub(1);
        if self.area.is_empty() {
            return;
        }
        self.drawn.caret = Some(Position {
            x: (self.area.x + x).min(last(self.area.x, self.area.width)),
            y: (self.area.y + y).min(last(self.area.y, self.area.height)),
        });
    }

    /// Makes so many cells of a row do something when they are clicked.
    pub fn target(&mut self, (x, y): (u16, u16), width: u16, action: Action) {
        let part = Rect {
            x: self.area.x.saturating_add(x),
            y: self.area.y.saturating_add(y),
            width,
            height: 1,
        };
        self.drawn
            .targets
            .push((part.intersection(self.area), action));
    }

    /// Makes a row of a list clickable: a click selects it, a click on the selected row
    /// opens it.
    pub fn target_row(&mut self, y: u16, index: usize, selected: bool) {
        self.target_part((0, y), self.area.width, (index, selected));
    }

    /// Makes so many cells of a list's row clickable like [`Self::target_row`].
    pub fn target_part(
        &mut self,
        place: (u16, u16),
        width: u16,
        (index, selected): (usize, bool),
    ) {
        let press = if selected {
            Press::Accept
        } else {
            Press::Move(Move::To(index))
        };
        self.target(place, width, Action::Press(press));
    }

    /// Lets nothing that was drawn so far be clicked: something lies over it.
    pub fn cover(&mut self) {
        self.drawn.targets.clear();
    }

    fn write(&mut self, x: u16, y: u16, text: &Shown, role: Role) -> u16 {
        if y >= self.area.height || x >= self.area.width {
            return x;
        }
        let style: Style = self.look.theme.style(role);
        let (left, top) = (self.area.x + x, self.area.y + y);
        self.buf.set_string(left, top, text, style);
        x + cells(text)
    }
}

/// Draws every mark of ours in ASCII.
pub(super) fn fold_to_ascii(buf: &mut Buffer) {
    for cell in &mut buf.content {
        let mut chars = cell.symbol().chars();
        if let (Some(mark), None) = (chars.next(), chars.next())
            && let Some(ascii) = to_ascii(mark)
        {
            cell.set_char(ascii);
        }
    }
}

fn cells(text: &Shown) -> u16 {
    u16::try_from(text.width()).unwrap_or(u16::MAX)
}
