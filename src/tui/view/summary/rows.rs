//! The lines of the summary's panes.

use super::{super::closed::named, fitted};
use crate::{
    app::{
        notes::{Entry, Standing, entries, mark, value},
        summary::{Pane, Sign, Signs, drugs, labs, problems, vaccines},
        vitals::label,
    },
    care::Taken,
    chart::{
        Chart, Disagreement, Immunization, MedStatus, Medication, Observation, Problem,
        Verification,
    },
    content::Level,
    ids::RecordId,
    text::Shown,
    time::{PartialDate, When},
    tui::{pen::Pen, theme::Role},
};

/// A line of a pane: cells side by side.
pub(super) struct Row {
    cells: Vec<Cell>,
}

struct Cell {
    x: u16,
    text: Shown,
    role: Role,
}

/// The column in which the names stand, behind the mark of the selection and `~`.
const LEFT: u16 = 3;
/// The columns of a day, `12-Oct` or `août-2024`.
const DAY: u16 = 9;
/// The most columns of what stands between a name and its day, in a narrow pane and in one
/// of `ROOMY` columns.
const MIDDLE: [u16; 2] = [14, 16];
/// The columns of a pane that is not narrow.
const ROOMY: u16 = 44;
/// The cells that are left at least to who saw the patient.
const WHO: usize = 8;
/// Where the columns of the vital signs begin: now, before, and the small graph.
const SIGNS: [u16; 3] = [12, 23, 34];
/// The marks of a small graph, the lowest first.
const GRAPH: [char; 8] = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];

impl Row {
    pub(super) fn draw(&self, pen: &mut Pen<'_>) {
        for cell in &self.cells {
            pen.put(cell.x, 0, cell.text.as_str(), cell.role);
        }
    }

    /// The columns of what names the line.
    pub(super) fn name_width(&self) -> u16 {
        let name = self.cells.iter().find(|it| it.x == LEFT);
        let width = name.map_or(0, |it| it.text.width());
        u16::try_from(width).unwrap_or(0)
    }

    /// A name, something between and a day at the end; the name takes what they leave.
    fn of(name: &str, middle: (&str, Role), day: Option<&str>, width: u16) -> Self {
        let (text, role) = middle;
        let end = width.saturating_sub(day.map_or(0, |_| DAY) + 1);
        let middle = fitted(text, middle_of(width));
        let across = u16::try_from(middle.width()).unwrap_or(0);
        let start = end.saturating_sub(across + 1);
        let room = start.saturating_sub(LEFT + u16::from(across > 0));
        let cell = |x, text, role| Cell { x, text, role };
        Self {
            cells: vec![
                cell(LEFT, fitted(name, room), Role::Plain),
                cell(start, middle, role),
                cell(end, fitted(day.unwrap_or_default(), DAY), Role::Plain),
            ],
        }
    }

    /// Puts `~` before a line of which there is more than one version.
    fn marked(mut self, versions: bool) -> Self {
        if versions {
            for cell in &mut self.cells {
                cell.role = Role::Versions;
            }
            self.cells.push(Cell {
                x: 1,
                text: Shown::from("~"),
                role: Role::Versions,
            });
        }
        self
    }
}

/// The lines of a pane, in so many columns.
pub(super) fn rows(
    pane: Pane,
    (chart, signs): (&Chart, &Signs<'_>),
    width: u16,
    pen: &Pen<'_>,
) -> Vec<Row> {
    let Some(summary) = &chart.summary else {
        return Vec::new();
    };
    let versions = |id| has_versions(&summary.versions, id);
    match pane {
        Pane::Problems => problems(summary)
            .map(|it| problem(it, width, pen).marked(versions(it.entry.id)))
            .collect(),
        Pane::Drugs => drugs(chart)
            .into_iter()
            .map(|it| drug(it, width, pen).marked(versions(it.entry.id)))
            .collect(),
        Pane::Vitals => signs.all.iter().map(|it| sign(it, chart, pen)).collect(),
        Pane::Labs => labs(chart)
            .into_iter()
            .map(|it| lab(it, width, pen))
            .collect(),
        Pane::Visits => entries(chart)
            .iter()
            .map(|it| visit(it, chart, width, pen))
            .collect(),
        Pane::Vaccines => vaccines(chart)
            .into_iter()
            .map(|it| vaccine(it, width, pen).marked(versions(it.entry.id)))
            .collect(),
    }
}

/// What stands over the columns of the vital signs.
pub(super) fn draw_vitals_head(signs: &Signs<'_>, pen: &mut Pen<'_>) {
    let Some(day) = signs.day else { return };
    let [now, last, trend] = SIGNS;
    let said = short_day(day, pen);
    pen.cell((now, 0), last - now - 1, said, Role::Heading);
    pen.put_line(last, 0, "summary-before", Role::Plain);
    pen.put_line(trend, 0, "summary-trend", Role::Plain);
}

fn problem(problem: &Problem, width: u16, pen: &Pen<'_>) -> Row {
    let say = pen.look.say;
    let since = problem.onset.map(|it| {
        let year = it.date().year().to_string();
        say.with("summary-since", &[("date", year.into())])
    });
    let doubtful = problem.verification != Verification::Confirmed;
    let name = if doubtful {
        format!(
            "{} ({})",
            problem.code.text,
            say.line("problem-unconfirmed")
        )
    } else {
        problem.code.text.clone()
    };
    let name = named(&name, &problem.entry);
    let since = fitted(&since.unwrap_or_default(), width / 3);
    let end = width.saturating_sub(u16::try_from(since.width()).unwrap_or(0) + 1);
    let room = end.saturating_sub(LEFT + 1);
    let cell = |x, text| Cell {
        x,
        text,
        role: Role::Plain,
    };
    Row {
        cells: vec![cell(LEFT, fitted(&name, room)), cell(end, since)],
    }
}

fn drug(drug: &Medication, width: u16, pen: &Pen<'_>) -> Row {
    let name = &named(&drug.code.text, &drug.entry);
    // The mark is the last to be cut.
    let mark = if drug.overridden.is_empty() { "" } else { "!" };
    let dose = if drug.status == MedStatus::OnHold {
        pen.say("drug-on-hold")
    } else {
        format!("{mark} {} {}", drug.dose, drug.frequency)
    };
    let dose = fitted(dose.trim(), middle_of(width));
    let day = drug.start.map(|it| short_day(it.date(), pen));
    // The strength stands at the end of the name: the day makes room for it.
    let room = usize::from(width.saturating_sub(LEFT + DAY + 3));
    let fits = Shown::from(name).width() + dose.width() <= room;
    let day = day.filter(|_| fits);
    Row::of(name, (dose.as_str(), Role::Plain), day.as_deref(), width)
}

fn sign(sign: &Sign<'_>, chart: &Chart, pen: &Pen<'_>) -> Row {
    let [now, last, trend] = SIGNS;
    let name = pen.say(label(sign.vital));
    let graph = sign
        .trend
        .iter()
        .filter_map(|it| GRAPH.get(usize::from(*it)));
    let graph: String = graph.collect();
    let taken = |x, taken: Option<&Taken<'_>>| {
        let mark = taken.and_then(|it| it.level(chart)).map_or("", Level::mark);
        let value = taken.map_or(String::new(), Taken::shown);
        let text = format!("{value} {mark}");
        Cell {
            x,
            text: fitted(text.trim(), last - now - 1),
            role: if mark.is_empty() {
                Role::Plain
            } else {
                Role::Abnormal
            },
        }
    };
    let plain = |x, text| Cell {
        x,
        text,
        role: Role::Plain,
    };
    Row {
        cells: vec![
            plain(LEFT, fitted(&name, now - LEFT - 1)),
            taken(now, sign.now.as_ref()),
            taken(last, sign.last.as_ref()),
            plain(trend, Shown::from(graph)),
        ],
    }
}

/// The values of the newest day side by side, those out of range first.
pub(super) fn signs_in_rows(
    (chart, signs): (&Chart, &Signs<'_>),
    width: u16,
    pen: &Pen<'_>,
) -> Vec<Row> {
    let level = |it: &Taken<'_>| it.level(chart).map_or("", Level::mark);
    let mut now: Vec<&Taken<'_>> =
        signs.all.iter().filter_map(|it| it.now.as_ref()).collect();
    now.sort_by_key(|it| level(it).is_empty());
    let past = signs.day.filter(|it| *it != pen.look.now.day());
    let day = past.map(|it| (format!("{}:", short_day(it, pen)), Role::Plain));
    let values = now.into_iter().map(|it| {
        let mark = level(it);
        let text = format!("{} {} {mark}", pen.say(label(it.vital)), it.shown());
        let abnormal = !mark.is_empty();
        let role = if abnormal {
            Role::Abnormal
        } else {
            Role::Plain
        };
        (text.trim_end().to_owned(), role)
    });
    let mut rows: Vec<Row> = Vec::new();
    let mut x = width;
    for (text, role) in day.into_iter().chain(values) {
        let text = Shown::from(text);
        let across = u16::try_from(text.width()).unwrap_or(u16::MAX);
        if x.saturating_add(across) > width {
            rows.push(Row { cells: Vec::new() });
            x = LEFT;
        }
        if let Some(row) = rows.last_mut() {
            row.cells.push(Cell { x, text, role });
        }
        x = x.saturating_add(across).saturating_add(2);
    }
    rows
}

fn lab(result: &Observation, width: u16, pen: &Pen<'_>) -> Row {
    let mark = mark(result);
    let whole = result.value.as_ref().map(value);
    let parts = result.components.iter().filter_map(|it| it.value.as_ref());
    let parts: Vec<String> = whole.into_iter().chain(parts.map(value)).collect();
    let said = format!("{} {}", parts.join(", "), result.absent);
    let said = fitted(said.trim(), middle_of(width) - 3);
    let said = format!("{said} {mark}");
    let role = if mark.is_empty() {
        Role::Plain
    } else {
        Role::Abnormal
    };
    let recorded = When::At(result.entry.recorded);
    let day = short_day(result.when.unwrap_or(recorded).date(), pen);
    // LOINC says after a bracket in which units and in what it was measured.
    let name = result.code.text.split(" [").next().unwrap_or_default();
    let name = named(name, &result.entry);
    Row::of(&name, (said.trim(), role), Some(&day), width)
}

fn visit(entry: &Entry<'_>, chart: &Chart, width: u16, pen: &Pen<'_>) -> Row {
    let day = short_day(entry.when().date(), pen);
    let who = entry.who();
    let (state, role) = match entry.standing(chart) {
        Standing::Changed => (Some("notes-is-changed"), Role::Versions),
        Standing::NotSigned => (Some("notes-is-not-signed"), Role::Ask),
        Standing::GoesOn => (Some("notes-goes-on"), Role::Plain),
        Standing::Imported | Standing::InOrder => (None, Role::Plain),
    };
    let said = state.map_or_else(
        || {
            // Why someone came is read before who was there.
            let reason = Shown::from(named(entry.reason(), entry.entry())).width();
            let left = usize::from(width.saturating_sub(LEFT + DAY + 3));
            let who = Shown::from(who);
            let room = left.saturating_sub(reason).max(WHO);
            who.fit(room).as_str().to_owned()
        },
        |it| pen.say(it),
    );
    let name = named(entry.reason(), entry.entry());
    Row::of(&name, (&said, role), Some(&day), width).marked(role == Role::Versions)
}

fn vaccine(dose: &Immunization, width: u16, pen: &Pen<'_>) -> Row {
    let say = pen.look.say;
    let (said, role) = if !dose.not_done.is_empty() {
        (say.line("vaccine-was-not-given"), Role::Ask)
    } else if dose.dose_number.is_empty() {
        (String::new(), Role::Plain)
    } else {
        let number = dose.dose_number.as_str().into();
        (
            say.with("vaccine-dose-number", &[("n", number)]),
            Role::Plain,
        )
    };
    let day = dose.date.map(|it| short_day(it.date(), pen));
    let day = day.unwrap_or_default();
    let name = named(&dose.vaccine.text, &dose.entry);
    Row::of(&name, (&said, role), Some(&day), width)
}

const fn middle_of(width: u16) -> u16 {
    let [narrow, roomy] = MIDDLE;
    if width < ROOMY { narrow } else { roomy }
}

/// `today`, `12-Oct`, or in another year `Oct-2024`.
fn short_day(date: PartialDate, pen: &Pen<'_>) -> String {
    let (say, today) = (pen.look.say, pen.look.now.day());
    if date == today {
        return say.line("summary-today");
    }
    if date.year() == today.year() {
        return say.day(date);
    }
    let month = PartialDate::new(date.year(), date.month(), None);
    say.date(month.unwrap_or(date))
}

fn has_versions(versions: &[Disagreement], id: RecordId) -> bool {
    versions.iter().any(|it| it.record == id)
}
