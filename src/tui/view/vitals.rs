//! Vital signs and trends: the line, what was measured before, and the curve of one measure.

use ratatui::layout::Rect;

use super::{
    super::{
        pen::{Curve, Pen, Plot},
        theme::Role,
    },
    echo::EchoView,
    line::draw_line,
};
use crate::{
    app::{
        Move, Press,
        keymap::Action,
        vitals::{self, State, label},
        window,
    },
    care::{Round, Taken, least_span, measures, rounds, series},
    chart::Chart,
    content::{Level, Vital, shown_unit},
    text::Shown,
};

pub(super) struct VitalsView<'a> {
    pub(super) state: &'a State,
    pub(super) chart: &'a Chart,
}

/// From this width on, the curve stands beside the table.
const WIDE: u16 = 120;
/// The column in which the line begins.
const LINE: u16 = 9;
/// From this width on, the time of day stands beside the day.
const ROOMY: u16 = 80;
/// The columns of a measure.
const MEASURE: u16 = 10;
/// The columns that the blood pressure takes more: `180/120 !!` and a space.
const PRESSURE_MORE: u16 = 1;
/// The rows of the curve with its axes, at least and at most.
const CURVE_ROWS: [u16; 2] = [5, 12];
/// The rows of the table that stay beside a curve.
const TABLE_ROWS_MIN: u16 = 4;
/// The measurements that a curve reaches back.
const CURVE_POINTS: usize = 60;

impl VitalsView<'_> {
    pub(super) fn draw(&self, pen: &mut Pen<'_>) {
        let title = pen.say("vitals-title");
        pen.rule(0, title);
        let width = pen.width().saturating_sub(LINE + 1);
        let echo = EchoView::new(&self.state.line, self.chart, width, pen);
        let top = self.draw_entry(&echo, pen);
        let observations = self.chart.visits.as_ref().map(|it| &it.observations);
        let rounds = observations.map_or_else(Vec::new, rounds);
        let there = measures(&rounds);
        let measure = self.state.measure(&there);
        let (width, height) = (pen.width(), pen.height().saturating_sub(top));
        let Some(measure) = measure else {
            pen.put_line(1, top + 1, "vitals-none", Role::Plain);
            return;
        };
        let [least, most] = CURVE_ROWS;
        let (table, curve) = if width >= WIDE {
            let left = width * 3 / 5;
            (
                Rect::new(0, top, left, height),
                Rect::new(left + 2, top, width - left - 3, height.min(most)),
            )
        } else if height >= TABLE_ROWS_MIN + least {
            let wanted = u16::try_from(rounds.len()).unwrap_or(height) + 1;
            let rows = wanted.clamp(TABLE_ROWS_MIN, height - least);
            (
                Rect::new(0, top, width, rows),
                Rect::new(1, top + rows, width - 2, (height - rows).min(most)),
            )
        } else {
            (Rect::new(0, top, width, height), Rect::default())
        };
        self.draw_table(&rounds, &there, measure, &mut pen.within(table));
        self.draw_curve(measure, &mut pen.within(curve));
    }

    /// Draws the line, or the question why; says in which row it ended.
    fn draw_entry(&self, echo: &EchoView, pen: &mut Pen<'_>) -> u16 {
        let width = pen.width().saturating_sub(LINE + 1);
        if let Some(asking) = &self.state.asking {
            pen.put_line(1, 1, "vitals-why-ask", Role::Heading);
            let part = Rect::new(LINE, 2, width, 1);
            draw_line(&asking.why, true, &mut pen.within(part));
            return 3;
        }
        pen.put_line(1, 1, "vitals-label", Role::Plain);
        let focused = !self.state.in_table;
        let line = &self.state.line;
        if !focused {
            let to_line = Action::Vitals(vitals::Action::ToLine);
            pen.target((0, 1), pen.width(), to_line);
        }
        echo.draw_line(line, focused, &mut pen.within(Rect::new(LINE, 1, width, 1)));
        if line.is_empty() {
            let hint = Rect::new(LINE, 2, width, 1);
            pen.within(hint)
                .put_line(0, 0, "vitals-example", Role::Plain);
            return 3;
        }
        let rows = echo.rows();
        echo.draw_meaning(&mut pen.within(Rect::new(LINE, 2, width, rows)));
        2 + rows.max(1)
    }

    fn draw_table(
        &self,
        rounds: &[Round<'_>],
        there: &[Vital],
        measure: Vital,
        pen: &mut Pen<'_>,
    ) {
        let left = if pen.width() >= ROOMY { 22 } else { 15 };
        let room = pen.width().saturating_sub(left + PRESSURE_MORE);
        let columns = usize::from(room / MEASURE);
        let chosen = there.iter().position(|it| *it == measure).unwrap_or(0);
        let range = window(chosen, there.len(), columns.max(1));
        if range.start > 0 {
            pen.put(left - 3, 0, "<", Role::Plain);
        }
        if range.end < there.len() {
            pen.right(0, ">", Role::Plain);
        }
        let shown = there.get(range).unwrap_or_default();
        for (x, vital) in columns_of(shown, left) {
            let name = pen.say(label(*vital));
            let (name, role) = if *vital == measure {
                (format!("[{name}]"), Role::Heading)
            } else {
                (format!(" {name}"), Role::Plain)
            };
            pen.cell((x - 1, 0), across(*vital), name, role);
        }
        let height = usize::from(pen.height().saturating_sub(1));
        let selected = self.state.selected.0;
        for (y, index) in (1..).zip(window(selected, rounds.len(), height)) {
            let Some(round) = rounds.get(index) else {
                continue;
            };
            let (say, today) = (pen.look.say, pen.look.now.day());
            let when = if pen.width() >= ROOMY {
                say.when_seen_from(round.when, today)
            } else {
                say.seen_from(round.when.date(), today)
            };
            pen.cell((3, y), left - 4, when, Role::Plain);
            for (x, vital) in columns_of(shown, left) {
                if let Some(taken) = round.of(*vital) {
                    let (text, role) = marked(taken, self.chart);
                    let text = fit_marked(&text, usize::from(across(*vital) - 1));
                    pen.cell((x, y), across(*vital) - 1, text, role);
                }
            }
            let action = if self.state.in_table {
                Action::Press(Press::Move(Move::To(index)))
            } else {
                Action::Vitals(vitals::Action::ToTable)
            };
            pen.target((0, y), pen.width(), action);
            if index == selected && self.state.in_table {
                pen.put(1, y, ">", Role::Plain);
                pen.tint(y, Role::Selected);
                pen.caret(1, y);
            }
        }
    }

    fn draw_curve(&self, measure: Vital, pen: &mut Pen<'_>) {
        let observations = self.chart.visits.as_ref().map(|it| &it.observations);
        let observations = observations.map_or(&[][..], |it| it);
        let drawn: &[Vital] = if measure == Vital::BloodPressure {
            &[Vital::Systolic, Vital::Diastolic]
        } else {
            &[measure]
        };
        let unit = shown_unit(drawn.first().map_or("", |it| it.unit()));
        let title = format!("{} {unit}", pen.say(label(measure)));
        pen.put(0, 0, title.trim_end(), Role::Heading);
        let mut across: Option<[Shown; 2]> = None;
        let mut curves = Vec::new();
        for vital in drawn {
            let points = series(observations, *vital, CURVE_POINTS);
            let (Some(first), Some(last)) = (points.first(), points.last()) else {
                continue;
            };
            let today = pen.look.now.day();
            let ends = [first, last]
                .map(|it| Shown::from(pen.look.say.seen_from(it.when.date(), today)));
            across.get_or_insert(ends);
            let body = crate::care::body_of(self.chart, last.when.date());
            let mark = vital.judge(last.number, &body, "").map_or("", Level::mark);
            let name = if drawn.len() > 1 {
                format!("{} ", pen.say(label(*vital)))
            } else {
                String::new()
            };
            let label = format!("{name}{} {mark}", last.number);
            curves.push(Curve {
                points: points
                    .iter()
                    .map(|it| (instant(it), it.number.drawn()))
                    .collect(),
                label: Shown::from(label.trim_end()),
                role: if mark.is_empty() {
                    Role::Plain
                } else {
                    Role::Abnormal
                },
            });
        }
        let (width, height) = (pen.width(), pen.height().saturating_sub(1));
        if let Some(across) = across {
            let least = least_span(drawn.first().copied().unwrap_or(measure)).drawn();
            let plot = Plot {
                curves,
                across,
                least,
            };
            pen.within(Rect::new(0, 1, width, height)).plot(&plot);
        } else {
            pen.put_line(0, 1, "vitals-no-curve", Role::Plain);
        }
    }
}

fn columns_of(shown: &[Vital], left: u16) -> impl Iterator<Item = (u16, &Vital)> {
    shown.iter().scan(left, |next, it| {
        let x = *next;
        *next += across(*it);
        Some((x, it))
    })
}

const fn across(vital: Vital) -> u16 {
    if matches!(vital, Vital::BloodPressure) {
        MEASURE + PRESSURE_MORE
    } else {
        MEASURE
    }
}

/// A value in its cells. Where it has no room the number is cut, never its mark.
fn fit_marked(text: &str, room: usize) -> Shown {
    let whole = Shown::from(text);
    match text.rsplit_once(' ') {
        Some((value, mark)) if whole.width() > room => {
            let left = room.saturating_sub(Shown::from(mark).width() + 1);
            Shown::from(format!("{} {mark}", Shown::from(value).fit(left)))
        }
        _ => whole,
    }
}

/// The value with its mark behind it.
pub(super) fn marked(taken: &Taken<'_>, chart: &Chart) -> (String, Role) {
    let mark = taken.level(chart).map_or("", Level::mark);
    let text = format!("{} {mark}", taken.shown());
    let role = if mark.is_empty() {
        Role::Plain
    } else {
        Role::Abnormal
    };
    (text.trim_end().to_owned(), role)
}

/// Minutes since 1970, to draw by.
fn instant(point: &crate::care::Point) -> f64 {
    let minutes = point.when.sort_key().0 / 60_000;
    i32::try_from(minutes).map_or(0.0, f64::from)
}
