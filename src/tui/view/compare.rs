//! The values of a fact side by side (S8).

use ratatui::layout::Rect;

use super::{
    super::{pen::Pen, theme::Role},
    line::draw_line,
};
use crate::{
    app::{
        compare::{Item, State},
        history,
        versions::{Fact, Machine, Value},
    },
    text::Shown,
};

pub(super) struct CompareView<'a> {
    pub(super) state: &'a State,
}

/// Below this height the values and what there is to decide come first.
const LOW: u16 = 16;
/// The most rows that a value takes in its box.
const VALUE_ROWS: usize = 3;

impl CompareView<'_> {
    pub(super) fn draw(&self, pen: &mut Pen<'_>) {
        let Some(item) = self.state.item() else {
            let said = if self.state.loaded {
                "compare-none"
            } else {
                "history-loading"
            };
            pen.put_line(1, 1, said, Role::Plain);
            pen.caret(1, 1);
            return;
        };
        let fact = &item.fact;
        pen.rule(0, self.title(fact, pen));
        let low = pen.height() < LOW;
        let mut y = 1;
        if !low {
            let why = if fact.unconfirmed.is_some() {
                "compare-why-unconfirmed"
            } else {
                "compare-why"
            };
            pen.put_line(1, y, why, Role::Plain);
            y += 2;
        }
        y += draw_values(fact, y, pen);
        let id = if fact.unconfirmed.is_some() {
            "compare-counts"
        } else {
            "compare-before"
        };
        if let Some(before) = &fact.before {
            let before = shown(before, pen);
            let args = [("value", before.into())];
            pen.put(2, y, pen.look.say.with(id, &args), Role::Plain);
        }
        y += if low { 1 } else { 2 };
        pen.caret(1, y);
        let width = usize::from(pen.width().saturating_sub(2));
        for (text, role) in standing(item, pen) {
            for line in Shown::wrapped(&text, width) {
                pen.put(1, y, line, role);
                y += 1;
            }
        }
        if let Some(line) = &self.state.writing {
            let label = format!("{} ", pen.say("compare-right"));
            let x = pen.put(1, y, label, Role::Plain);
            let part = Rect::new(x, y, pen.width().saturating_sub(x + 1), 1);
            draw_line(line, true, &mut pen.within(part));
        }
    }

    /// `Compare 1 of 2: Drug “Ferrous sulfate 200 mg”, Status`
    fn title(&self, fact: &Fact, pen: &Pen<'_>) -> String {
        let say = pen.look.say;
        let count = [
            ("n", (self.state.at + 1).into()),
            ("all", self.state.items.len().into()),
        ];
        // Beside the chart there is no banner that says whose it is.
        let whose = self.state.of().patient.map(|_| fact.called.as_str());
        let parts = [whose, Some(&what(fact, pen))];
        let parts: Vec<&str> = parts.into_iter().flatten().collect();
        let mut what = parts.join("  ");
        if fact.unconfirmed.is_some() {
            what = format!("{what}  {}", say.line("sheet-unconfirmed"));
        }
        format!("{}: {what}", say.with("compare-title", &count))
    }
}

/// What the chart shows, and who may change that.
fn standing(item: &Item, pen: &Pen<'_>) -> Vec<(String, Role)> {
    let say = pen.look.say;
    let fact = &item.fact;
    let with = |id, value: &str| {
        let args = [
            ("value", shown(value, pen).into()),
            ("n", fact.values.len().into()),
        ];
        say.with(id, &args)
    };
    let mut lines = Vec::new();
    match &item.now {
        Some(now) if now.judged().is_some() => {
            lines.push((say.line(now.judged().unwrap_or_default()), Role::Done));
            return lines;
        }
        Some(now) if now.is_taken_back() => {
            lines.push((with("compare-was-taken-back", &now.value), Role::Versions));
        }
        Some(now) => lines.push((with("compare-decided", &now.value), Role::Done)),
        None if item.gone => {
            lines.push((say.line("compare-gone"), Role::Done));
            return lines;
        }
        None if fact.unconfirmed.is_some() => {
            lines.push((say.line("compare-counts-not"), Role::Versions));
        }
        None => {
            let first = fact.values.first().map_or("", |it| &it.value);
            lines.push((with("compare-shown", first), Role::Versions));
        }
    }
    let who = if fact.may_settle {
        "compare-signed"
    } else {
        "compare-not-yours"
    };
    lines.push((say.line(who), Role::Plain));
    lines
}

/// `Drug “Ferrous sulfate 200 mg”, Status`; of a person, the field, and who it is.
pub(super) fn what(fact: &Fact, pen: &Pen<'_>) -> String {
    let say = pen.look.say;
    let kind = history::kind_name(fact.kind, say);
    let of_record = fact.field.is_empty();
    let field = if of_record {
        kind.clone()
    } else {
        history::field_name(fact.kind, &fact.field, say)
    };
    match fact.name.as_str() {
        "" => field,
        name if of_record => format!("{kind} “{name}”"),
        name => format!("{kind} “{name}”, {field}"),
    }
}

/// Where a value was set: the machine's name, or `here`.
pub(super) fn machine(it: &Machine, pen: &Pen<'_>) -> String {
    match it {
        Machine::Here => pen.say("sync-here"),
        Machine::There(name) => named(name, pen),
        Machine::NotKnown => pen.say("compare-some-machine"),
    }
}

/// What a machine is called in a sentence: the first ones of a clinic have a number for a
/// name.
pub(super) fn named(name: &str, pen: &Pen<'_>) -> String {
    if name.is_empty() {
        return pen.say("compare-some-machine");
    }
    let is_number = name.bytes().all(|it| it.is_ascii_digit());
    let args = [("n", name.into())];
    if is_number {
        pen.look.say.with("machine-number", &args)
    } else {
        name.to_owned()
    }
}

/// Draws the values in columns; says how many rows the boxes took below row `top`.
fn draw_values(fact: &Fact, top: u16, pen: &mut Pen<'_>) -> u16 {
    let count = u16::try_from(fact.values.len().min(4)).unwrap_or(1).max(1);
    let width = pen.width().saturating_sub(2) / count;
    let room = usize::from(width.saturating_sub(6));
    let field = if fact.field.is_empty() {
        history::kind_name(fact.kind, pen.look.say)
    } else {
        history::field_name(fact.kind, &fact.field, pen.look.say)
    };
    let texts: Vec<Vec<Shown>> = fact
        .values
        .iter()
        .map(|it| {
            let of_record = fact.field.is_empty();
            let value = if of_record { &fact.name } else { &it.value };
            let text = format!("{field}  {}", shown(value, pen));
            let lines = Shown::wrapped(&text, room.max(1)).into_iter();
            lines.take(VALUE_ROWS).collect()
        })
        .collect();
    let rows = texts.iter().map(Vec::len).max().unwrap_or(1);
    let rows = u16::try_from(rows).unwrap_or(1);
    let letters = ["A", "B", "C", "D"];
    for (((value, text), letter), at) in
        fact.values.iter().zip(texts).zip(letters).zip(0..)
    {
        let x = 1 + at * width;
        let part = Rect::new(x, top, width, rows + 5);
        draw_value(value, (letter, text), &mut pen.within(part));
    }
    rows + 5
}

fn draw_value(value: &Value, (letter, text): (&str, Vec<Shown>), pen: &mut Pen<'_>) {
    let say = pen.look.say;
    pen.put(1, 0, letter, Role::Heading);
    pen.put(4, 0, machine(&value.machine, pen), Role::Plain);
    let by = value.by.clone();
    let by = by.unwrap_or_else(|| pen.say("history-nobody"));
    pen.put(4, 1, by, Role::Plain);
    let at = format!("{} {}", say.date(value.at.day()), say.clock(value.at));
    pen.put(4, 2, at, Role::Plain);
    let rows = u16::try_from(text.len()).unwrap_or(1);
    let width = pen.width().saturating_sub(1);
    let mut inside = pen.boxed(Rect::new(0, 3, width, rows + 2), "");
    for (y, line) in (0..).zip(text) {
        inside.put(1, y, line, Role::Heading);
    }
}

fn shown(value: &str, pen: &Pen<'_>) -> String {
    if value.is_empty() {
        return pen.say("compare-empty");
    }
    history::value(value, pen.look.say)
}
