//! Every fact to compare, one a row.

use super::{
    super::{pen::Pen, theme::Role},
    compare::{machine, what},
};
use crate::{
    app::{to_compare::State, versions::Fact, window},
    text::Shown,
};

pub(super) struct ToCompareView<'a> {
    pub(super) state: &'a State,
}

/// Below this width it is not said where the values were set.
const WIDE: u16 = 76;

impl ToCompareView<'_> {
    pub(super) fn draw(&self, pen: &mut Pen<'_>) {
        let state = self.state;
        let count = [("n", state.facts.len().into())];
        let said = if state.loaded {
            pen.look.say.with("to-compare-title", &count)
        } else {
            pen.say("history-loading")
        };
        let x = pen.put(1, 0, said, Role::Heading);
        let kept = pen.say("to-compare-kept");
        let free = usize::from(pen.width().saturating_sub(x + 2));
        if Shown::from(&kept).width() < free {
            pen.right(0, kept, Role::Plain);
        }
        let room = usize::from(pen.height().saturating_sub(2));
        let selected = state.selected.0;
        for (y, at) in (2..).zip(window(selected, state.facts.len(), room)) {
            let Some(fact) = state.facts.get(at) else {
                continue;
            };
            draw_row(fact, y, pen);
            pen.target_row(y, at, at == selected);
            if at == selected {
                pen.put(1, y, ">", Role::Plain);
                pen.tint_part((1, y), pen.width() / 3, Role::Selected);
                pen.caret(1, y);
            }
        }
        if state.facts.is_empty() {
            pen.caret(1, 2);
        }
    }
}

fn draw_row(fact: &Fact, y: u16, pen: &mut Pen<'_>) {
    let width = pen.width();
    let (name, what_of) = (width / 3, what(fact, pen));
    pen.cell(
        (3, y),
        name.saturating_sub(3),
        fact.called.as_str(),
        Role::Plain,
    );
    let places = fact.values.iter().map(|it| machine(&it.machine, pen));
    let mut places = places.collect::<Vec<_>>().join(" / ");
    if fact.unconfirmed.is_some() {
        places = pen.say("sheet-unconfirmed");
    }
    let at = fact.values.iter().map(|it| it.at).max_by_key(|it| it.at);
    let day = at.map(|it| pen.look.say.day(it.day())).unwrap_or_default();
    let end = pen.right(y, day, Role::Plain);
    let left = end.saturating_sub(name + 2);
    let middle = if width < WIDE { left } else { left * 3 / 5 };
    pen.cell((name + 1, y), middle, what_of, Role::Versions);
    if width >= WIDE {
        let x = name + 2 + middle;
        pen.cell((x, y), end.saturating_sub(x + 1), places, Role::Plain);
    }
}
