//! What providers of other clinics propose, and one of it beside what the chart says.

use ratatui::layout::Rect;

use super::{LEFT, draw_wrapped};
use crate::{
    app::{
        beyond::{Proposals, ProposalsView, Proposed, Wants, Why, doubt_id, stops},
        notes::value,
    },
    care::flag_of,
    chart::{Chart, Observation, Outcome, ProposalState, Record, Summary},
    text::Shown,
    tui::{
        pen::Pen,
        theme::Role,
        view::{
            banner::allergy_words,
            line::draw_line,
            person,
            rows::{draw_rows, draw_title},
        },
    },
};

/// Rows of a proposal in the list: what, and for whom, by whom and when.
const HIGH: u16 = 2;
/// From this width on, the proposal and the chart stand side by side.
const BESIDE: u16 = 76;

pub(super) fn draw_proposals(state: &Proposals, pen: &mut Pen<'_>) {
    match (&state.view, state.list.chosen()) {
        (ProposalsView::All, _) | (_, None) => {
            let title = if state.all {
                "proposals-title-all"
            } else {
                "proposals-title"
            };
            draw_title(&state.list, title, pen);
            draw_rows(&state.list, (2, HIGH), "proposals-none", pen, |it, pen| {
                draw_row(it, state.of_chart, pen);
            });
        }
        (ProposalsView::One(None), Some(_)) => {
            pen.put_line(LEFT, 0, "history-loading", Role::Heading);
            pen.caret(LEFT, 0);
        }
        (ProposalsView::One(Some(chart)), Some(it)) => {
            let end = pen.height();
            draw_one(it, chart, end, pen);
            pen.caret(LEFT, 0);
        }
        (ProposalsView::Why(chart, why), Some(it)) => {
            let top = pen.height().saturating_sub(4);
            draw_one(it, chart, top, pen);
            draw_why(why, top, pen);
        }
    }
}

fn draw_row(it: &Proposed, of_chart: bool, pen: &mut Pen<'_>) {
    let say = pen.look.say;
    let proposal = &it.proposal;
    let (state, role) = stands(it);
    let end = pen.right(0, say.line(state), role);
    let first = whole(&proposal.record, pen);
    pen.cell((3, 0), end.saturating_sub(4), first, Role::Plain);
    let day = say.date(proposal.record.entry().recorded.day());
    let mut facts = vec![proposal.maker.named(), day];
    if !of_chart {
        facts.insert(0, it.called.clone());
    }
    let width = pen.width().saturating_sub(6);
    pen.cell((5, 1), width, facts.join("  "), Role::Plain);
}

/// How it stands, or what doubt there is.
const fn stands(it: &Proposed) -> (&'static str, Role) {
    if it.proposal.record.entry().in_error {
        return ("proposals-is-taken-back", Role::Plain);
    }
    match (it.proposal.state, it.proposal.doubt) {
        (ProposalState::Apart, _) => ("proposals-is-apart", Role::Versions),
        (ProposalState::Accepted, _) => ("proposals-is-accepted", Role::Plain),
        (ProposalState::Declined, _) => ("proposals-is-declined", Role::Plain),
        (ProposalState::Waits, Some(_)) => ("proposals-is-doubtful", Role::Ask),
        (ProposalState::Waits, None) => ("proposals-is-waiting", Role::Plain),
    }
}

/// The proposal and what the chart says, down to a row.
fn draw_one(it: &Proposed, chart: &Chart, end: u16, pen: &mut Pen<'_>) {
    let width = pen.width();
    let half = if width >= BESIDE { width / 2 } else { width };
    let own = said(it, chart, pen);
    let facts = facts(it, chart, pen);
    if width >= BESIDE {
        draw_lines(&own, Rect::new(0, 0, half, end), pen);
        draw_lines(&facts, Rect::new(half, 0, width - half, end), pen);
        return;
    }
    // Below each other what is proposed has two rows of three.
    let room = end.saturating_sub(u16::try_from(facts.len()).unwrap_or(end));
    let top = room.max(end * 2 / 3);
    let rows = draw_lines(&own, Rect::new(0, 0, width, top), pen);
    let left = end.saturating_sub(rows);
    draw_lines(&facts, Rect::new(0, rows, width, left), pen);
}

/// Draws lines, each in as many rows as it takes; says how many there were.
fn draw_lines(lines: &[(String, Role)], part: Rect, pen: &mut Pen<'_>) -> u16 {
    let mut inside = pen.within(part);
    let room = usize::from(inside.width().saturating_sub(LEFT + 1));
    let mut y = 0;
    for (text, role) in lines {
        if text.is_empty() {
            y += 1;
            continue;
        }
        for line in Shown::wrapped(text, room) {
            if y >= part.height {
                return part.height;
            }
            inside.put(LEFT, y, line, *role);
            y += 1;
        }
    }
    y
}

/// All that there is to know of a proposal.
fn said(it: &Proposed, chart: &Chart, pen: &Pen<'_>) -> Vec<(String, Role)> {
    let say = pen.look.say;
    let proposal = &it.proposal;
    let entry = proposal.record.entry();
    let mut lines = vec![(whole(&proposal.record, pen), Role::Heading)];
    let args = [
        ("name", proposal.maker.named().into()),
        ("day", say.date(entry.recorded.day()).into()),
    ];
    lines.push((say.with("proposals-by", &args), Role::Plain));
    if let Some(doubt) = proposal.doubt {
        let args = [("name", proposal.maker.named().into())];
        lines.push((format!("! {}", say.with(doubt_id(doubt), &args)), Role::Ask));
    }
    lines.extend(stops(proposal, chart).map(|it| {
        let what = allergy_words(it.allergy);
        let args = [("what", what.into())];
        let said = say.with("proposals-stops", &args);
        (format!("! {said}"), Role::Stop)
    }));
    lines.push((String::new(), Role::Plain));
    lines.extend(body(&proposal.record, chart, pen));
    if !entry.remark.0.is_empty() {
        lines.push((entry.remark.0.clone(), Role::Plain));
    }
    let decided = proposal
        .standing()
        .map(|it| (outcome(it, pen), Role::Plain));
    let decided: Vec<_> = decided.collect();
    if !decided.is_empty() {
        lines.push((String::new(), Role::Plain));
        lines.extend(decided);
    }
    lines
}

fn outcome(it: &Outcome, pen: &Pen<'_>) -> String {
    let say = pen.look.say;
    let id = match it.decided {
        crate::chart::Decided::Accepted => "proposals-accepted-on",
        crate::chart::Decided::Declined => "proposals-declined-on",
        crate::chart::Decided::Other => "proposals-decided-on",
    };
    let day = say.date(it.entry.recorded.day());
    let said = say.with(id, &[("day", day.into())]);
    if it.why.is_empty() {
        return said;
    }
    format!("{said}: {}", it.why)
}

/// What the chart says of allergies, drugs and problems.
fn facts(it: &Proposed, chart: &Chart, pen: &Pen<'_>) -> Vec<(String, Role)> {
    let say = pen.look.say;
    let mut lines = vec![(it.called.clone(), Role::Heading)];
    let birth = chart.identity.person.iter().filter_map(|it| it.birth);
    lines.extend(birth.map(|it| {
        let born = [("date", person::born(pen, it).into())];
        (say.with("banner-born", &born), Role::Plain)
    }));
    let Some(summary) = &chart.summary else {
        return lines;
    };
    let mut block = |id: &str, all: Vec<(String, Role)>| {
        lines.push((say.with(id, &[("n", all.len().into())]), Role::Heading));
        lines.extend(all);
    };
    let own = |id| summary.proposed_by(id).is_none();
    let allergies = summary.allergies_to_check();
    let allergies = allergies.filter(|it| it.counts() && own(it.entry.id));
    let allergies = allergies.map(|it| (allergy_words(it), Role::Stop));
    block("proposals-allergies", allergies.collect());
    let drugs = summary.medications.iter().filter(|it| it.is_taken());
    let drugs = drugs.map(|it| (it.code.text.clone(), Role::Plain));
    block("proposals-drugs", drugs.collect());
    block("proposals-problems", problems(summary));
    lines
}

fn problems(summary: &Summary) -> Vec<(String, Role)> {
    let all = summary
        .problems
        .iter()
        .filter(|it| !it.entry.in_error && it.on_list && it.clinical.is_present());
    all.map(|it| (it.code.text.clone(), Role::Plain)).collect()
}

/// The proposal in one line: its kind and what it is called.
fn whole(record: &Record, pen: &Pen<'_>) -> String {
    let kind = match record {
        Record::Allergy(_) => "kind-allergy",
        Record::Problem(_) => "kind-problem",
        Record::Medication(_) => "kind-medication",
        Record::Note(_) => "kind-note",
        Record::Observation(_) => "kind-observation",
        Record::Person(_)
        | Record::Provider(_)
        | Record::NoKnownAllergies(_)
        | Record::Immunization(_)
        | Record::Procedure(_)
        | Record::Plan(_)
        | Record::Visit(_)
        | Record::Report(_)
        | Record::Document(_)
        | Record::ImportRun(_)
        | Record::Consent(_)
        | Record::Outcome(_) => "kind-outcome",
        Record::Referral(_) => "kind-referral",
    };
    let kind = pen.say(kind);
    let called = record.called();
    if called.is_empty() {
        return kind;
    }
    format!("{kind}: {called}")
}

/// What it says beyond what it is called.
fn body(record: &Record, chart: &Chart, pen: &Pen<'_>) -> Vec<(String, Role)> {
    let lines = match record {
        Record::Allergy(it) => vec![allergy_words(it)],
        Record::Medication(it) => {
            let needed = if it.as_needed { "PRN" } else { "" };
            let dose = [
                it.dose.as_str(),
                it.route.as_str(),
                it.frequency.as_str(),
                it.duration.as_str(),
                needed,
            ];
            let dose = dose.into_iter().filter(|it| !it.is_empty());
            vec![
                dose.collect::<Vec<_>>().join("  "),
                it.instructions.clone(),
                it.reason.text.clone(),
            ]
        }
        Record::Note(it) => {
            let texts = it.sections.iter().filter(|it| !it.text.is_empty());
            texts
                .map(|it| format!("{}: {}", it.name, it.text))
                .collect()
        }
        Record::Observation(it) => vec![observed(it, chart, pen)],
        Record::Problem(it) => {
            let onset = it.onset.map(|it| pen.look.say.date(it.date()));
            vec![onset.unwrap_or_default(), it.site.clone()]
        }
        Record::Person(_)
        | Record::Provider(_)
        | Record::NoKnownAllergies(_)
        | Record::Immunization(_)
        | Record::Procedure(_)
        | Record::Plan(_)
        | Record::Visit(_)
        | Record::Report(_)
        | Record::Document(_)
        | Record::ImportRun(_)
        | Record::Consent(_)
        | Record::Outcome(_)
        | Record::Referral(_) => Vec::new(),
    };
    let lines = lines.into_iter().flat_map(|it| {
        let rows: Vec<_> = it.lines().map(str::to_owned).collect();
        rows
    });
    let lines = lines.filter(|it| !it.trim().is_empty());
    lines.map(|it| (it, Role::Plain)).collect()
}

fn observed(it: &Observation, chart: &Chart, pen: &Pen<'_>) -> String {
    let own = it.value.iter().map(value);
    let parts = it.components.iter().filter_map(|it| {
        let seen = value(it.value.as_ref()?);
        Some(format!("{} {seen}", it.code.text))
    });
    let day = it.when.map(|it| pen.look.say.date(it.date()));
    let flag = flag_of(it, chart).to_string();
    let all = own.chain(parts).chain([flag]).chain(day);
    let all = all.filter(|it| !it.is_empty());
    all.collect::<Vec<_>>().join("  ")
}

/// The line in which a reason is written.
fn draw_why(why: &Why, top: u16, pen: &mut Pen<'_>) {
    let say = pen.look.say;
    let word = say.line("drug-override-word");
    let (id, role) = match (why.problem, why.wants) {
        (Some(problem), _) => (problem, Role::Abnormal),
        (None, Wants::Decline) => ("proposals-why-decline", Role::Heading),
        (None, Wants::Override) => ("drug-override-how", Role::Heading),
    };
    let said = say.with(id, &[("word", word.into())]);
    let y = draw_wrapped(&said, (top, role), pen);
    let across = pen.width().saturating_sub(2 * LEFT);
    let line = Rect::new(LEFT, y, across, 1);
    draw_line(&why.line, true, &mut pen.within(line));
}
