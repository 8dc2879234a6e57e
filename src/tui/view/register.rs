//! A new patient (S3).

use ratatui::layout::Rect;

use super::{
    super::{pen::Pen, theme::Role},
    form::{Columns, draw_fields},
    person,
};
use crate::{
    app::{
        keymap,
        register::{Action, Alike, State},
    },
    find::Reason,
    text::Shown,
};

pub(super) struct RegisterView<'a> {
    pub(super) state: &'a State,
}

/// From this width on, those who may be the same stand beside the form.
const WIDE: u16 = 80;
/// The fields that stand in the first box.
const NEEDED: usize = 6;

impl RegisterView<'_> {
    pub(super) fn draw(&self, pen: &mut Pen<'_>) {
        let title = pen.say("register-title");
        pen.put(1, 0, title, Role::Heading);
        let state = if self.state.saving {
            "register-saving"
        } else {
            "register-not-saved"
        };
        let said = format!("{} ", pen.say(state));
        pen.right(0, said, Role::Plain);
        let (width, height) = (pen.width(), pen.height().saturating_sub(1));
        let form_width = if width >= WIDE { width * 3 / 5 } else { width };
        let columns = Columns {
            label: 1,
            field: 16,
            width: form_width.saturating_sub(16 + 3),
        };
        let needed = u16::try_from(NEEDED).unwrap_or(0);
        let choices = self.choices(0..NEEDED);
        let first_rows = (needed + choices + 2).min(height);
        // In a low window the box that has the caret is drawn, the other one waits.
        let total = self.state.form.fields.len();
        let optional = u16::try_from(total - NEEDED).unwrap_or(0) + 2;
        let below = self.state.form.at >= NEEDED;
        let both = first_rows + optional <= height;
        let mut y = 1;
        if both || !below {
            let part = Rect::new(0, y, form_width, first_rows);
            let title = pen.say("register-needed");
            let mut inside = pen.boxed(part, title);
            draw_fields(&self.state.form, 0..NEEDED, columns, 0, &mut inside);
            if width >= WIDE {
                let part = Rect::new(form_width, y, width - form_width, first_rows);
                self.draw_alike(part, pen);
            }
            y += first_rows;
        }
        if both || below {
            let rows = (optional + self.choices(NEEDED..total)).min(height + 1 - y);
            let part = Rect::new(0, y, width, rows);
            let title = pen.say("register-can-wait");
            let mut inside = pen.boxed(part, title);
            draw_fields(&self.state.form, NEEDED..total, columns, 0, &mut inside);
            y += rows;
        }
        if width < WIDE {
            let rows = (height + 1).saturating_sub(y);
            self.draw_alike(Rect::new(0, y, width, rows), pen);
        }
    }

    fn choices(&self, range: std::ops::Range<usize>) -> u16 {
        if !range.contains(&self.state.form.at) {
            return 0;
        }
        let open = self.state.form.focused().map_or(0, |it| it.choices().len());
        u16::try_from(open).unwrap_or(0)
    }

    fn draw_alike(&self, part: Rect, pen: &mut Pen<'_>) {
        if part.height < 3 || (part.width == pen.width() && self.state.alike.is_empty()) {
            return;
        }
        let title = pen.say("register-alike-title");
        let mut inside = pen.boxed(part, title);
        let rows = inside.height().saturating_sub(1);
        let people = u16::try_from(self.state.alike.len()).unwrap_or(0);
        let each = (rows / people.max(1)).clamp(1, 3);
        for (index, alike) in (0_u16..).zip(&self.state.alike) {
            let y = index * each;
            if y + each <= rows {
                let part = Rect::new(0, y, inside.width(), each);
                self.draw_person(alike, index, &mut inside.within(part));
            }
        }
        let last = inside.height().saturating_sub(1);
        let says = match (self.state.alike.is_empty(), self.state.in_alike) {
            (true, _) => "register-nobody-alike",
            (false, false) => "register-alike-how",
            (false, true) => "register-alike-digit",
        };
        inside.put_line(1, last, says, Role::Plain);
    }

    fn draw_person(&self, alike: &Alike, index: u16, pen: &mut Pen<'_>) {
        let row = &alike.found.row;
        if let Ok(number) = u8::try_from(index + 1) {
            let action = keymap::Action::Register(Action::Use(number));
            for y in 0..pen.height() {
                pen.target((0, y), pen.width(), action.clone());
            }
        }
        let facts = format!("{} {}", person::age(pen, row.birth), row.sex.letter());
        let facts = Shown::from(facts);
        let room = usize::from(pen.width()).saturating_sub(facts.width() + 4);
        let name = Shown::from(row.shown_name()).pad(room);
        pen.put(0, 0, format!("{} {name} {facts}", index + 1), Role::Heading);
        if index == 0 && self.state.in_alike {
            pen.caret(0, 0);
        }
        let phone = row.phones.first().map(|it| person::phone_end(it));
        let place = format!("{}  {}", row.village, phone.unwrap_or_default());
        pen.put(3, 1, place, Role::Plain);
        let why: Vec<String> = alike.why.iter().map(|it| pen.say(words(*it))).collect();
        let args = [("what", why.join(", ").into())];
        let why = pen.look.say.with("register-alike-by", &args);
        pen.put(3, 2, why, Role::Plain);
    }
}

const fn words(why: Reason) -> &'static str {
    match why {
        Reason::Name => "alike-name",
        Reason::Sex => "alike-sex",
        Reason::Age => "alike-age",
        Reason::Phone => "alike-phone",
        Reason::Village => "alike-village",
    }
}
