//! Everything that needs a person, one a row.

use super::{
    super::{pen::Pen, theme::Role},
    compare::{machine, what},
};
use crate::{
    app::{
        to_compare::{Item, State},
        twins::Twins,
        versions::{Fact, Machine},
        window,
    },
    text::Shown,
    time::Moment,
};

pub(super) struct ToCompareView<'a> {
    pub(super) state: &'a State,
}

/// Below this width it is not said where the values were set.
const WIDE: u16 = 76;

impl ToCompareView<'_> {
    pub(super) fn draw(&self, pen: &mut Pen<'_>) {
        let state = self.state;
        let count = [("n", state.items.len().into())];
        let said = if state.loaded {
            pen.look.say.with("to-compare-title", &count)
        } else {
            pen.say("history-loading")
        };
        let x = pen.put(1, 0, said, Role::Heading);
        let kept = pen.say("to-compare-kept");
        let free = usize::from(pen.width().saturating_sub(x + 2));
        let is_empty = state.loaded && state.items.is_empty();
        if is_empty {
            pen.put_line(3, 2, "to-compare-none", Role::Plain);
        } else if Shown::from(&kept).width() < free {
            pen.right(0, kept, Role::Plain);
        }
        let room = usize::from(pen.height().saturating_sub(2));
        let selected = state.selected.0;
        for (y, at) in (2..).zip(window(selected, state.items.len(), room)) {
            let Some(item) = state.items.get(at) else {
                continue;
            };
            draw_row(&Words::of(item, pen), y, pen);
            pen.target_row(y, at, at == selected);
            if at == selected {
                pen.put(1, y, ">", Role::Plain);
                pen.tint_part((1, y), pen.width() / 3, Role::Selected);
                pen.caret(1, y);
            }
        }
        if state.items.is_empty() {
            pen.caret(1, 2);
        }
    }
}

/// What a row says.
struct Words {
    called: String,
    what: String,
    places: String,
    day: String,
}

impl Words {
    fn of(item: &Item, pen: &Pen<'_>) -> Self {
        match item {
            Item::Fact(fact) => Self::of_fact(fact, pen),
            Item::Twins(twins) => Self::of_twins(twins, pen),
        }
    }

    fn of_fact(fact: &Fact, pen: &Pen<'_>) -> Self {
        let at = fact.values.iter().map(|it| it.at).max_by_key(|it| it.at);
        let places = if fact.unconfirmed.is_some() {
            pen.say("sheet-unconfirmed")
        } else {
            places(fact.values.iter().map(|it| &it.machine), pen)
        };
        Self {
            called: fact.called.clone(),
            what: what(fact, pen),
            places,
            day: day(at, pen),
        }
    }

    fn of_twins(twins: &Twins, pen: &Pen<'_>) -> Self {
        let [one, other] = &twins.people;
        let called = if one.called == other.called {
            one.called.clone()
        } else {
            format!("{} / {}", one.called, other.called)
        };
        Self {
            called,
            what: pen.say("twins-what"),
            places: places(twins.people.iter().map(|it| &it.machine), pen),
            day: day(twins.since, pen),
        }
    }
}

fn places<'m>(machines: impl Iterator<Item = &'m Machine>, pen: &Pen<'_>) -> String {
    let names = machines.map(|it| machine(it, pen));
    names.collect::<Vec<_>>().join(" / ")
}

fn day(at: Option<Moment>, pen: &Pen<'_>) -> String {
    at.map(|it| pen.look.say.day(it.day())).unwrap_or_default()
}

fn draw_row(words: &Words, y: u16, pen: &mut Pen<'_>) {
    let width = pen.width();
    let name = width / 3;
    let called = words.called.as_str();
    pen.cell((3, y), name.saturating_sub(3), called, Role::Plain);
    let end = pen.right(y, words.day.as_str(), Role::Plain);
    let left = end.saturating_sub(name + 2);
    let middle = if width < WIDE { left } else { left * 3 / 5 };
    pen.cell((name + 1, y), middle, words.what.as_str(), Role::Versions);
    if width >= WIDE {
        let x = name + 2 + middle;
        let room = end.saturating_sub(x + 1);
        pen.cell((x, y), room, words.places.as_str(), Role::Plain);
    }
}
