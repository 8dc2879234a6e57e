//! Find or register (S2).

use ratatui::layout::Rect;

use super::{
    super::{pen::Pen, theme::Role},
    person,
};
use crate::{
    app::{
        find::{Found, Keys, State},
        window,
    },
    chart::who::{Compartment, Role as Post},
    find::{Field, How},
    text::Shown,
};

pub(super) struct FindView<'a> {
    pub(super) state: &'a State,
    /// The role of the reader, who may not know of allergies.
    pub(super) may_know: Post,
}

/// From this width on, the selected person's card stands beside the list.
const TWO_PANES: u16 = 120;
/// Below this width the village and the last visit are left out.
const WIDE: u16 = 80;
const CARD_ROWS: u16 = 5;

impl FindView<'_> {
    pub(super) fn draw(&self, pen: &mut Pen<'_>) {
        let (width, height) = (pen.width(), pen.height());
        let top = u16::from(height > 14);
        let label = format!("{} ", pen.say("find-label"));
        let x = pen.put(1, top, label, Role::Plain);
        self.draw_box(x, top, pen);
        let two_panes = width >= TWO_PANES;
        let list_width = if two_panes { 80 } else { width };
        let card_rows = if two_panes || height < 16 {
            0
        } else {
            CARD_ROWS + 1
        };
        let list_top = top + 2;
        let list_rows = height.saturating_sub(list_top + card_rows);
        let list = Rect::new(0, list_top, list_width, list_rows);
        self.draw_list(&mut pen.within(list));
        if two_panes {
            let part = Rect::new(list_width, list_top, width - list_width, 12);
            self.draw_card(part, pen);
        } else if card_rows > 0 {
            let part = Rect::new(1, list_top + list_rows, width - 2, CARD_ROWS);
            self.draw_card(part, pen);
        }
    }

    fn draw_box(&self, x: u16, y: u16, pen: &mut Pen<'_>) {
        let width = (pen.width() / 2).saturating_sub(x).max(20);
        let (before, after) = self.state.line.halves();
        let before = Shown::from(before).tail(usize::from(width.saturating_sub(1)));
        let caret = u16::try_from(before.width()).unwrap_or(0);
        let in_list = self.state.keys == Keys::List;
        let role = if in_list { Role::Plain } else { Role::Focus };
        let text = format!("{before}{}", Shown::from(after));
        pen.cell((x, y), width, text, role);
        if !in_list {
            if self.state.keys == Keys::Anew {
                pen.tint_part((x, y), caret, Role::Selected);
            }
            pen.caret(x + caret, y);
        }
        pen.put_line(x + width + 2, y, "find-by", Role::Plain);
    }

    fn draw_list(&self, pen: &mut Pen<'_>) {
        let columns = Columns::of(pen.width());
        self.draw_headings(columns, pen);
        // People, then the row that registers; a rule between them where there is room.
        let total = self.state.found.len() + 1;
        let rows = usize::from(pen.height().saturating_sub(1));
        let selected = self.state.selected.0;
        for (y, index) in (1..).zip(window(selected, total, rows)) {
            match self.state.found.get(index) {
                Some(found) => self.draw_row(found, columns, y, pen),
                None => self.draw_register(y, pen),
            }
            pen.target_row(y, index, index == selected);
            if index == selected {
                pen.put(1, y, ">", Role::Plain);
                // The whole row would cost three times the bytes over a slow line.
                pen.tint_part((1, y), columns.name + 2, Role::Selected);
                if self.state.keys == Keys::List {
                    pen.caret(1, y);
                }
            }
        }
    }

    fn draw_headings(&self, columns: Columns, pen: &mut Pen<'_>) {
        let total = self.state.total;
        let mut title = if !self.state.was_answered() {
            pen.say("find-searching")
        } else if self.state.seen_last {
            pen.say("find-recent")
        } else {
            pen.look.say.with("find-matches", &[("n", total.into())])
        };
        // Each key has an old list for a moment: a sign is fewer bytes than a word.
        if self.state.was_answered() && !self.state.is_current() {
            title.push_str(" …");
        }
        pen.cell((3, 0), columns.name, title, Role::Plain);
        let rest = [
            (columns.age, "find-age"),
            (columns.sex, "find-sex"),
            (columns.village, "find-village"),
            (columns.seen, "find-seen"),
            (columns.phone, "find-phone"),
        ];
        for (place, heading) in rest {
            if let Some((x, width)) = place {
                let heading = pen.say(heading);
                pen.cell((x, 0), width, heading, Role::Plain);
            }
        }
    }

    fn draw_row(&self, found: &Found, columns: Columns, y: u16, pen: &mut Pen<'_>) {
        let row = &found.row;
        let name = match self.why(found, pen) {
            Some(why) => {
                let room = usize::from(columns.name).saturating_sub(why.width() + 1);
                Shown::from(format!("{} {why}", Shown::from(row.shown_name()).fit(room)))
            }
            None => Shown::from(row.shown_name()),
        };
        let knows = self.knows_allergies();
        if knows && row.severe_allergy == Some(true) {
            pen.put(3, y, "!", Role::Stop);
        }
        let beside = if knows { 2 } else { 0 };
        pen.cell((3 + beside, y), columns.name - beside, name, Role::Plain);
        let seen = row.last_seen.map(|at| {
            let day = person::day(pen, at);
            pen.look.say.seen_from(day, pen.look.now.day())
        });
        let phone = row.phones.first().map(|it| person::phone_end(it));
        let age = Shown::from(person::age(pen, row.birth));
        let cells = [
            (columns.age, age.pad_left(4)),
            (columns.sex, Shown::from(row.sex.letter())),
            (columns.village, Shown::from(&row.village)),
            (columns.seen, Shown::from(seen.unwrap_or_default())),
            (columns.phone, Shown::from(phone.unwrap_or_default())),
        ];
        for (place, text) in cells {
            if let Some((x, width)) = place {
                pen.cell((x, y), width, text, Role::Plain);
            }
        }
    }

    fn draw_register(&self, y: u16, pen: &mut Pen<'_>) {
        let name = self.state.new_name();
        let text = if name.is_empty() {
            pen.say("find-register-nobody")
        } else {
            pen.look.say.with("find-register", &[("name", name.into())])
        };
        let room = pen.width().saturating_sub(14);
        pen.cell((3, y), room, format!("+ {text}"), Role::Plain);
        pen.right(y, "Ctrl-N ", Role::Plain);
    }

    fn draw_card(&self, part: Rect, pen: &mut Pen<'_>) {
        let Some(found) = self.state.chosen() else {
            return;
        };
        let row = &found.row;
        let knows = self.knows_allergies();
        let mut card = pen.boxed(part, row.shown_name());
        let say = card.look.say;
        let mut facts = Vec::new();
        if let Some(birth) = row.birth {
            let born = person::born(&card, birth);
            facts.push(say.with("banner-born", &[("date", born.into())]));
        }
        facts.push(row.sex.letter().to_string());
        facts.push(say.with("banner-number", &[("number", row.number.clone().into())]));
        card.put(1, 0, facts.join("   "), Role::Plain);
        let mut reach = vec![row.village.clone()];
        reach.extend(row.phones.iter().cloned());
        reach.retain(|it| !it.is_empty());
        card.put(1, 1, reach.join("   "), Role::Plain);
        match row.severe_allergy {
            Some(true) if knows => {
                card.put_line(1, 2, "find-severe-allergy", Role::Stop);
            }
            Some(_) | None => {
                let seen = row.last_seen.map(|at| say.date(person::day(&card, at)));
                let said =
                    seen.map(|day| say.with("find-last-seen", &[("day", day.into())]));
                card.put(1, 2, said.unwrap_or_default(), Role::Plain);
            }
        }
    }

    fn why(&self, found: &Found, pen: &Pen<'_>) -> Option<Shown> {
        if self.state.line.is_empty() {
            return None;
        }
        let says = match (found.how, found.field) {
            (How::SoundsLike, _) => "find-sounds-like",
            (How::Misspelt, _) => "find-misspelt",
            (How::Starts | How::Exact, Field::Identifier) => "find-by-identifier",
            (How::Starts | How::Exact, _) => return None,
        };
        Some(Shown::from(pen.say(says)))
    }

    fn knows_allergies(&self) -> bool {
        self.may_know.holds(Compartment::Clinical)
    }
}

/// Where the columns of the list stand: first cell and width.
#[derive(Clone, Copy)]
struct Columns {
    name: u16,
    age: Option<(u16, u16)>,
    sex: Option<(u16, u16)>,
    village: Option<(u16, u16)>,
    seen: Option<(u16, u16)>,
    phone: Option<(u16, u16)>,
}

impl Columns {
    fn of(width: u16) -> Self {
        if width < WIDE {
            let name = width.saturating_sub(3 + 5 + 4 + 7 + 2);
            return Self {
                name,
                age: Some((name + 4, 5)),
                sex: Some((name + 9, 4)),
                village: None,
                seen: None,
                phone: Some((name + 13, 7)),
            };
        }
        let name = width.saturating_sub(3 + 5 + 4 + 13 + 12 + 9);
        Self {
            name,
            age: Some((name + 3, 5)),
            sex: Some((name + 8, 4)),
            village: Some((name + 12, 13)),
            seen: Some((name + 25, 12)),
            phone: Some((name + 37, 8)),
        }
    }
}
