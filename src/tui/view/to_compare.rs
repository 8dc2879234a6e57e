//! Everything that needs a person, one a row.

use super::{
    super::{pen::Pen, theme::Role},
    compare::{machine, what},
    rows::{draw_rows, draw_title},
};
use crate::{
    app::{
        to_compare::{Item, State},
        twins::Twins,
        versions::{Fact, Machine},
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
        let items = &self.state.items;
        let x = draw_title(items, "to-compare-title", pen);
        let kept = pen.say("to-compare-kept");
        let free = usize::from(pen.width().saturating_sub(x + 2));
        let is_empty = items.loaded && items.rows.is_empty();
        if !is_empty && Shown::from(&kept).width() < free {
            pen.right(0, kept, Role::Plain);
        }
        draw_rows(items, (2, 1), "to-compare-none", pen, |item, pen| {
            draw_row(&Words::of(item, pen), pen);
        });
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

fn draw_row(words: &Words, pen: &mut Pen<'_>) {
    let width = pen.width();
    let name = width / 3;
    let called = words.called.as_str();
    pen.cell((3, 0), name.saturating_sub(3), called, Role::Plain);
    let end = pen.right(0, words.day.as_str(), Role::Plain);
    let left = end.saturating_sub(name + 2);
    let middle = if width < WIDE { left } else { left * 3 / 5 };
    pen.cell((name + 1, 0), middle, words.what.as_str(), Role::Versions);
    if width >= WIDE {
        let x = name + 2 + middle;
        let room = end.saturating_sub(x + 1);
        pen.cell((x, 0), room, words.places.as_str(), Role::Plain);
    }
}
