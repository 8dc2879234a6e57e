//! A reason is asked for; the emergency view; and the owners' list of who gave one.

use super::{
    super::{pen::Pen, theme::Role},
    banner::allergy_words,
    person,
    rows::{draw_rows, draw_title},
};
use crate::{
    app::glass::{Ask, REASONS, Reviews, State, Use, Viewed, Wants},
    care::EmergencyView,
    chart::{Contact, Medication, Person, Problem},
    ids::RecordId,
    text::Shown,
    time::Timestamp,
};

pub(super) struct GlassView<'a> {
    pub(super) state: &'a State,
}

/// The column in which everything begins.
const LEFT: u16 = 3;
/// From this height on there are rows between what the question consists of.
const ROOMY: u16 = 16;

impl GlassView<'_> {
    pub(super) fn draw(&self, pen: &mut Pen<'_>) {
        match self.state {
            State::Ask(state) => match &state.viewed {
                Some(viewed) => draw_view(viewed, state.top, pen),
                None => draw_question(state, pen),
            },
            State::Reviews(state) => draw_reviews(state, pen),
        }
    }
}

/// The words of the red banner: what is open, until when, and that it is read by owners.
pub(super) fn warning(id: &str, until: Timestamp, pen: &Pen<'_>) -> String {
    let say = pen.look.say;
    let time = say.clock(pen.look.now.with(until));
    format!("! {}", say.with(id, &[("time", time.into())]))
}

fn draw_question(state: &Ask, pen: &mut Pen<'_>) {
    let title = match state.asked.wants {
        Wants::View => "reason-title-view",
        Wants::Chart(_) => "reason-title-chart",
    };
    pen.put_line(1, 0, title, Role::Stop);
    pen.put(1, 1, state.asked.called.0.as_str(), Role::Heading);
    // A low window has no room for rows between.
    let gap = u16::from(pen.height() >= ROOMY);
    let y = draw_wrapped(&pen.say("reason-what"), 2 + gap, pen) + gap;
    for (n, (row, reason)) in (1_u8..).zip((y..).zip(REASONS)) {
        let said = format!("{n}  {}", pen.say(reason));
        pen.put(LEFT, row, said, Role::Plain);
    }
    let y = y + u16::try_from(REASONS.len()).unwrap_or(0) + gap;
    let label = pen.say("reason-label");
    let x = pen.put(1, y, label, Role::Plain) + 1;
    let (before, after) = state.line.halves();
    let caret = pen.put(x, y, before, Role::Focus);
    pen.put(caret, y, after, Role::Focus);
    pen.caret(caret, y);
    if let Some(problem) = &state.problem {
        let said = problem.in_words(pen.look.say);
        pen.put(1, y + 1, said, Role::Abnormal);
    }
}

fn draw_view(viewed: &Viewed, top: usize, pen: &mut Pen<'_>) {
    let said = warning("glass-view", viewed.until, pen);
    pen.put(1, 0, said, Role::Stop);
    let view = &viewed.view;
    if let Some(person) = &view.person {
        pen.put(1, 1, who(person, pen), Role::Heading);
    }
    let end = pen.height().saturating_sub(1);
    pen.put_line(1, end, "glass-closed", Role::Ask);
    let lines = lines(view, pen);
    let room = usize::from(end.saturating_sub(3));
    let top = top.min(lines.len().saturating_sub(room));
    for (y, (line, role)) in (3..end).zip(lines.into_iter().skip(top)) {
        pen.put(1, y, line, role);
    }
    pen.caret(1, 3);
}

pub(super) fn who(it: &Person, pen: &Pen<'_>) -> String {
    let mut facts = vec![it.shown_name(), it.sex.letter().to_string()];
    facts.extend(it.birth.map(|birth| person::born(pen, birth)));
    facts.extend(it.number().map(|number| {
        let args = [("number", number.into())];
        pen.look.say.with("banner-number", &args)
    }));
    facts.join("  ")
}

/// All that the view says, one line a thing.
pub(super) fn lines(view: &EmergencyView, pen: &Pen<'_>) -> Vec<(String, Role)> {
    let say = pen.look.say;
    let mut lines = Vec::new();
    if !view.is_known {
        lines.push((say.line("glass-not-here"), Role::Ask));
    }
    match (view.none_known, view.allergies.is_empty()) {
        (Some(asked), _) => {
            let day = say.seen_from(asked.day(), pen.look.now.day());
            let said = say.with("banner-none-known", &[("day", day.into())]);
            lines.push((said, Role::Plain));
        }
        (None, true) => lines.push((say.line("glass-not-asked"), Role::Ask)),
        (None, false) => {
            lines.push((say.line("glass-allergies"), Role::Heading));
            let all = view.allergies.iter();
            let all = all.map(|it| {
                let by = proposed(view, it.entry.id, pen);
                (format!("  ! {}{by}", allergy_words(it)), Role::Stop)
            });
            lines.extend(all);
        }
    }
    if let Some(it) = &view.pregnancy {
        let said = say.with("glass-pregnant", &[("what", problem(it, pen).into())]);
        lines.push((said, Role::Abnormal));
    }
    let mut block = |heading: &str, things: Vec<String>| {
        lines.push((say.line(heading), Role::Heading));
        if things.is_empty() {
            lines.push((format!("  {}", say.line("glass-none")), Role::Plain));
        }
        lines.extend(
            things
                .into_iter()
                .map(|it| (format!("  {it}"), Role::Plain)),
        );
    };
    let drugs = view.drugs.iter();
    let drugs = drugs.map(|it| drug(it) + &proposed(view, it.entry.id, pen));
    block("glass-drugs", drugs.collect());
    let problems = view.problems.iter().map(|it| problem(it, pen));
    block("glass-problems", problems.collect());
    let person = view.person.as_ref();
    let contacts = person.map_or(&[][..], |it| &it.contacts);
    let phones = person.into_iter().flat_map(|it| [&it.phone, &it.phone2]);
    let phones = phones.filter(|it| !it.is_empty()).cloned();
    block(
        "glass-contacts",
        contacts.iter().map(contact).chain(phones).collect(),
    );
    lines
}

/// By whom an entry is proposed that nobody accepted.
fn proposed(view: &EmergencyView, id: RecordId, pen: &Pen<'_>) -> String {
    let by = view.proposed.get(&id).map(|name| {
        let args = [("name", name.as_str().into())];
        format!(" ({})", pen.look.say.with("proposed-by", &args))
    });
    by.unwrap_or_default()
}

fn drug(it: &Medication) -> String {
    joined(&[&it.code.text, &it.dose, &it.route, &it.frequency])
}

fn problem(it: &Problem, pen: &Pen<'_>) -> String {
    let since = it.onset.map(|it| pen.look.say.date(it.date()));
    joined(&[&it.code.text, &since.unwrap_or_default()])
}

fn contact(it: &Contact) -> String {
    joined(&[&it.name, &it.relation, &it.phone])
}

fn joined(parts: &[&str]) -> String {
    let parts = parts.iter().copied().filter(|it| !it.is_empty());
    parts.collect::<Vec<_>>().join("  ")
}

fn draw_reviews(state: &Reviews, pen: &mut Pen<'_>) {
    draw_title(&state.uses, "reviews-title", pen);
    draw_rows(&state.uses, (2, 2), "reviews-none", pen, draw_use);
}

fn draw_use(it: &Use, pen: &mut Pen<'_>) {
    let say = pen.look.say;
    let what = if it.view_only {
        "reviews-view"
    } else {
        "reviews-chart"
    };
    let when = format!("{} {}", say.day(it.at.day()), say.clock(it.at));
    let end = pen.right(0, when, Role::Plain);
    let said = format!("{}  {}  {}", it.who, say.line(what), it.called);
    pen.cell((LEFT, 0), end.saturating_sub(LEFT + 1), said, Role::Plain);
    pen.put(LEFT + 2, 1, it.why.as_str(), Role::Plain);
}

/// Draws a paragraph; says in which row it ended.
fn draw_wrapped(text: &str, mut y: u16, pen: &mut Pen<'_>) -> u16 {
    let width = usize::from(pen.width().saturating_sub(2));
    for line in Shown::wrapped(text, width) {
        pen.put(1, y, line, Role::Plain);
        y += 1;
    }
    y
}
