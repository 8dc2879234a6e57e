//! What other clinics share with who is at work, and one of their charts.

use super::{FIELD, LEFT, draw_wrapped};
use crate::{
    app::{
        beyond::{Guest, GuestChart, Guests, Proposing, Reading, Stands, Writing},
        consents::in_words,
        notes::{Tone, entries, lines as visit_lines, mark, value},
    },
    care::EmergencyView,
    chart::{Observation, Proposal, ProposalState, Record},
    time::When,
    tui::{
        pen::Pen,
        theme::Role,
        view::{
            form::{Columns, draw_fields},
            glass,
            rows::{draw_rows, draw_title},
        },
    },
};

/// The columns of what stands before a row of a visit.
const LABEL: usize = 10;

pub(super) fn draw_guests(state: &Guests, pen: &mut Pen<'_>) {
    let Some(reading) = &state.reading else {
        draw_title(&state.guests, "guests-title", pen);
        draw_rows(&state.guests, (2, 2), "guests-none", pen, draw_row);
        return;
    };
    let top = draw_banner(reading, pen);
    match (&reading.chart, &reading.writing) {
        (None, _) => {
            pen.put_line(1, top, "history-loading", Role::Plain);
            pen.caret(1, top);
        }
        (Some(_), Some(writing)) if reading.writes => draw_writing(writing, top, pen),
        (Some(shown), _) => draw_chart(shown, reading, top, pen),
    }
}

fn draw_row(it: &Guest, pen: &mut Pen<'_>) {
    let say = pen.look.say;
    let called = if it.called.is_empty() {
        say.line("guests-somebody")
    } else {
        it.called.clone()
    };
    let day = [("day", say.date(it.day).into())];
    let (says, role) = match it.stands {
        Stands::Live => ("guests-is-live", Role::Plain),
        Stands::Early => ("guests-is-early", Role::Plain),
        Stands::Expired => ("guests-is-over", Role::Ask),
        Stands::Revoked => ("guests-is-revoked", Role::Ask),
    };
    let end = pen.right(0, say.with(says, &day), role);
    pen.cell((3, 0), end.saturating_sub(4), called, Role::Plain);
    let parts = in_words(&it.parts, say);
    pen.put(5, 1, format!("{}: {parts}", it.clinic_name), Role::Plain);
}

/// Whose chart it is, and until when; says in which row it ended.
fn draw_banner(reading: &Reading, pen: &mut Pen<'_>) -> u16 {
    let say = pen.look.say;
    let guest = &reading.guest;
    let args = [
        ("clinic", guest.clinic_name.clone().into()),
        ("day", say.date(guest.day).into()),
    ];
    pen.put(1, 0, say.with("guests-banner", &args), Role::Stop);
    let person = reading.chart.as_ref();
    let person = person.and_then(|it| it.chart.identity.person.as_ref());
    let called = person.map_or_else(|| guest.called.clone(), |it| glass::who(it, pen));
    pen.put(1, 1, called, Role::Heading);
    3
}

fn draw_chart(shown: &GuestChart, reading: &Reading, top: u16, pen: &mut Pen<'_>) {
    let lines = lines(shown, pen);
    let room = usize::from(pen.height().saturating_sub(top));
    let last = lines.len().saturating_sub(room);
    let from = if reading.from_end {
        last.saturating_sub(reading.passed)
    } else {
        reading.passed.min(last)
    };
    for (y, (line, role)) in (top..).zip(lines.into_iter().skip(from).take(room)) {
        pen.put(1, y, line, role);
    }
    pen.caret(1, top);
}

/// All of it, one line a row.
fn lines(shown: &GuestChart, pen: &Pen<'_>) -> Vec<(String, Role)> {
    let say = pen.look.say;
    let chart = &shown.chart;
    let mut lines = Vec::new();
    if !chart.proposals.is_empty() {
        lines.push((say.line("guests-proposals"), Role::Heading));
        lines.extend(chart.proposals.iter().map(|it| proposal(it, pen)));
    }
    if chart.summary.is_some() {
        let view = EmergencyView::of(chart, pen.look.now.day());
        lines.extend(glass::lines(&view, pen));
    }
    let width = usize::from(pen.width()).saturating_sub(LABEL + 2);
    for entry in entries(chart) {
        lines.push((String::new(), Role::Plain));
        let rows = visit_lines(chart, &entry, say, &shown.names, width);
        lines.extend(rows.into_iter().map(|row| {
            if row.tone == Tone::Heading {
                return (row.text.as_str().to_owned(), Role::Heading);
            }
            let label = row.label.pad(LABEL);
            (format!("{label}{}", row.text), Role::Plain)
        }));
    }
    let results = chart.results.iter().flat_map(|it| &it.observations);
    let mut results = results.filter(|it| !it.entry.in_error).peekable();
    if results.peek().is_some() {
        lines.push((String::new(), Role::Plain));
        lines.push((say.line("guests-results"), Role::Heading));
        lines.extend(results.map(|it| result(it, pen)));
    }
    lines
}

/// What was measured, when, and whether it is as it should be.
fn result(it: &Observation, pen: &Pen<'_>) -> (String, Role) {
    let whole = it.value.as_ref();
    let parts = it.components.iter().filter_map(|it| it.value.as_ref());
    let values: Vec<String> = whole.into_iter().chain(parts).map(value).collect();
    let recorded = When::At(it.entry.recorded);
    let day = pen.look.say.date(it.when.unwrap_or(recorded).date());
    let mark = mark(it);
    let said = format!("  {day}  {}  {} {mark}", it.code.text, values.join(", "));
    let role = if mark.is_empty() {
        Role::Plain
    } else {
        Role::Abnormal
    };
    (said, role)
}

/// What became of something that was proposed.
fn proposal(it: &Proposal, pen: &Pen<'_>) -> (String, Role) {
    let say = pen.look.say;
    let (says, role) = match it.state {
        ProposalState::Waits => ("guests-waits", Role::Plain),
        ProposalState::Accepted => ("guests-accepted", Role::Done),
        ProposalState::Declined => ("guests-declined", Role::Ask),
        ProposalState::Apart => ("guests-apart", Role::Ask),
    };
    let what = if let Record::Medication(drug) = &it.record {
        [&drug.code.text, &drug.dose, &drug.frequency, &drug.duration]
            .map(String::as_str)
            .join(" ")
    } else if let Record::Note(note) = &it.record {
        let texts = note.sections.iter().map(|it| it.text.as_str());
        texts.collect::<Vec<_>>().join(" / ")
    } else {
        it.record.called().to_owned()
    };
    let why = it.outcomes.first().map_or("", |it| it.why.as_str());
    let why = if why.is_empty() {
        String::new()
    } else {
        format!(" ({why})")
    };
    (format!("  {}{why}: {what}", say.line(says)), role)
}

fn draw_writing(writing: &Writing, top: u16, pen: &mut Pen<'_>) {
    let title = match writing.what {
        Proposing::Note => "guests-note",
        Proposing::Drug => "guests-drug",
    };
    pen.put_line(LEFT, top, title, Role::Heading);
    let what = pen.say("guests-what");
    let y = draw_wrapped(&what, (top + 2, Role::Plain), pen) + 1;
    let columns = Columns {
        label: LEFT,
        field: FIELD + LEFT,
        width: pen.width().saturating_sub(FIELD + 2 * LEFT),
    };
    let y = draw_fields(&writing.form, 0..writing.form.fields.len(), columns, y, pen);
    if let Some(problem) = &writing.problem {
        let said = problem.in_words(pen.look.say);
        draw_wrapped(&said, (y + 1, Role::Abnormal), pen);
    }
}
