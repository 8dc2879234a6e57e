//! A form on one page: fields in a fixed order, the needed ones first; a value that cannot
//! grow goes on by itself; nothing blocks leaving a field.

mod field;

pub use field::{Field, Kind, Letter, Origin, Pick};

use super::{Move, Press, Typed};
use crate::time::{PartialDate, Timestamp};

/// An Enter this soon after the form went on by itself was meant for the field before.
const SWALLOW_MS: i64 = 150;

/// A form and where its caret is.
#[derive(Debug, Clone)]
pub struct Form {
    /// The fields, in their order.
    pub fields: Vec<Field>,
    /// The field that has the caret.
    pub at: usize,
    went_on_at: Option<Timestamp>,
}

/// What a press did to a form.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Event {
    /// Nothing that others need to know.
    Nothing,
    /// This field has another text now.
    Changed(usize),
    /// This field was left.
    Left(usize),
    /// F2, and nothing is missing.
    Finished,
    /// F2, but this field, which has the caret now, is missing or not understood.
    Missing(usize),
    /// The person asks for what stood in this field last time.
    Repeat(usize),
    /// The person wants out.
    Back,
}

impl Form {
    /// A form with these fields, the caret in the first.
    pub const fn new(fields: Vec<Field>) -> Self {
        Self {
            fields,
            at: 0,
            went_on_at: None,
        }
    }

    /// The field that has the caret.
    pub fn focused(&self) -> Option<&Field> {
        self.fields.get(self.at)
    }

    /// The field of this name.
    pub fn field(&self, name: &str) -> Option<&Field> {
        self.fields.iter().find(|it| it.name == name)
    }

    /// The field of this name, to change.
    pub fn field_mut(&mut self, name: &str) -> Option<&mut Field> {
        self.fields.iter_mut().find(|it| it.name == name)
    }

    /// What stands in the field of this name, without spaces around it.
    pub fn text(&self, name: &str) -> &str {
        self.field(name).map_or("", |it| it.line.trimmed())
    }

    /// Puts the caret into the field of this name.
    pub fn go_to(&mut self, name: &str) {
        if let Some(at) = self.fields.iter().position(|it| it.name == name) {
            self.leave();
            self.at = at;
        }
    }

    /// Fills a field that is empty and says where the text came from.
    pub fn fill(&mut self, name: &str, text: &str, origin: Origin) -> bool {
        let empty = self.field_mut(name).filter(|it| it.line.is_empty());
        let Some(field) = empty.filter(|_| !text.is_empty()) else {
            return false;
        };
        field.line.set(text);
        field.origin = Some(origin);
        true
    }

    /// Does what the person asks. `today` and `now` decide what a date means and whether an
    /// Enter came too soon.
    pub fn press(&mut self, press: &Press, today: PartialDate, now: Timestamp) -> Event {
        let went_on_at = self.went_on_at.take();
        match press {
            Press::Type(typed) => self.write(typed, today, now),
            Press::Accept if soon(went_on_at, now) => Event::Nothing,
            Press::Accept => {
                if let Some(field) = self.fields.get_mut(self.at) {
                    field.take_top();
                }
                self.next()
            }
            Press::Next => self.next(),
            Press::Previous => self.previous(),
            Press::Move(to) => self.moved(*to),
            Press::Field(field) => {
                self.leave_for((*field).min(self.fields.len().saturating_sub(1)))
            }
            Press::List => {
                if let Some(field) = self.fields.get_mut(self.at) {
                    field.open_list();
                }
                Event::Nothing
            }
            Press::Repeat => Event::Repeat(self.at),
            Press::Finish => self.finish(today),
            Press::Back => self.back(),
            Press::New
            | Press::NextPane
            | Press::PreviousPane
            | Press::Undo
            | Press::Filter => Event::Nothing,
        }
    }

    fn write(&mut self, typed: &Typed, today: PartialDate, now: Timestamp) -> Event {
        let at = self.at;
        let Some(field) = self.fields.get_mut(at) else {
            return Event::Nothing;
        };
        if !field.write(typed) {
            return Event::Nothing;
        }
        if field.cannot_grow(typed, today) {
            self.next();
            self.went_on_at = Some(now);
        }
        Event::Changed(at)
    }

    fn moved(&mut self, to: Move) -> Event {
        let field = self.fields.get_mut(self.at);
        if field.is_some_and(|it| it.moved_in_list(to)) {
            return Event::Nothing;
        }
        match to {
            Move::Up => self.previous(),
            Move::Down => self.next(),
            Move::PageUp | Move::First => self.leave_for(0),
            Move::PageDown => {
                let optional = self.fields.iter().position(|it| !it.needed);
                let last = self.fields.len().saturating_sub(1);
                let target = optional.filter(|it| *it > self.at).unwrap_or(last);
                self.leave_for(target)
            }
            Move::Last => self.leave_for(self.fields.len().saturating_sub(1)),
            Move::To(_) => Event::Nothing,
        }
    }

    fn next(&mut self) -> Event {
        let last = self.fields.len().saturating_sub(1);
        self.leave_for((self.at + 1).min(last))
    }

    fn previous(&mut self) -> Event {
        self.leave_for(self.at.saturating_sub(1))
    }

    fn leave_for(&mut self, at: usize) -> Event {
        let left = self.at;
        self.leave();
        self.at = at;
        Event::Left(left)
    }

    fn leave(&mut self) {
        if let Some(field) = self.fields.get_mut(self.at) {
            field.take_same();
            field.close_list();
        }
    }

    fn finish(&mut self, today: PartialDate) -> Event {
        for field in &mut self.fields {
            field.check(today);
        }
        match self.fields.iter().position(|it| it.problem.is_some()) {
            None => Event::Finished,
            Some(missing) => {
                self.leave();
                self.at = missing;
                Event::Missing(missing)
            }
        }
    }

    fn back(&mut self) -> Event {
        let field = self.fields.get_mut(self.at);
        if field.is_some_and(Field::close_list) {
            return Event::Nothing;
        }
        Event::Back
    }
}

fn soon(went_on_at: Option<Timestamp>, now: Timestamp) -> bool {
    went_on_at.is_some_and(|at| (0..SWALLOW_MS).contains(&now.ms_since(at)))
}

#[cfg(test)]
mod tests;
