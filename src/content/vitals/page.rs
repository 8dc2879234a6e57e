//! The page on vital signs, `docs/vital-signs.md`, made from the table so that they cannot
//! disagree.

use std::{collections::BTreeSet, fmt::Write as _};

use super::{
    Vital,
    table::{Band, Bound, Limit, Range, Row, Span, TABLE},
};
use crate::content::shown_unit;

/// What stands above the tables.
const HEAD: &str = "# Vital signs

Generated from `assets/vitals.toml`.

A mark beside a number asks for a second look; it is no diagnosis.
The numbers were written down by hand from the sources named; no clinical body has reviewed them.
Below the first bound a value is marked `!!`, below the second `L`, from the third on `H`, from the fourth on `!!`.
Where a row says pregnant or fasting, it goes before the rows that do not.
Someone of unknown age is judged as a grown person; someone of unknown sex by the milder row.
A number outside the limits of belief is kept only with `!` behind it.
";

/// The whole page, in Markdown.
pub fn vital_signs_page() -> String {
    let mut page = HEAD.to_owned();
    for vital in Vital::ALL {
        if let Some(row) = TABLE.vital.iter().find(|row| row.key == vital.key()) {
            let section = section(vital, row);
            page.push_str(&section);
        }
    }
    let used: BTreeSet<&str> = TABLE
        .range
        .iter()
        .flat_map(|it| bounds(it).into_iter().flatten())
        .map(|it| it.source.as_str())
        .collect();
    let sources = TABLE
        .source
        .iter()
        .filter(|(key, _)| used.contains(key.as_str()));
    let sources: Vec<String> = sources
        .map(|(key, of)| format!("- **{key}**: {of}.\n"))
        .collect();
    page + "\n## Sources\n\n" + &sources.concat()
}

fn section(vital: Vital, row: &Row) -> String {
    let mut made = format!("\n## {}\n\nLOINC {}", row.short, row.loinc);
    let unit = shown_unit(&row.unit);
    let parts = [
        (!row.also.is_empty()).then(|| format!(" with {}", row.also)),
        (!unit.is_empty()).then(|| format!(", in {unit}")),
        (!row.names.is_empty()).then(|| format!(", typed `{}`", row.names.join("` `"))),
    ];
    made.extend(parts.into_iter().flatten());
    made.push_str(".\n");
    let limits = TABLE.limit.iter().filter(|it| it.vital == row.key);
    let limits: Vec<String> = limits.map(limit).collect();
    if !limits.is_empty() {
        let believed = format!("Believed within {}.\n", limits.join("; "));
        made.push_str(&believed);
    }
    let ranges: Vec<&Range> = TABLE
        .range
        .iter()
        .filter(|it| it.vital == vital.key())
        .collect();
    if !ranges.is_empty() {
        made.push_str("\n| who | !! below | L below | H from | !! from | sources |\n");
        made.push_str("|---|---|---|---|---|---|\n");
        made.extend(ranges.into_iter().map(line));
    }
    made
}

fn limit(limit: &Limit) -> String {
    let (low, high) = (limit.limits.low, limit.limits.high);
    format!("{low} to {high} ({})", ages(&limit.band))
}

fn line(range: &Range) -> String {
    let sex = match range.sex.as_deref() {
        Some("F") => ", girls",
        Some(_) => ", boys",
        None => "",
    };
    let state = if range.state.is_empty() { "" } else { ", " };
    let who = format!("{}{sex}{state}{}", ages(&range.band), range.state);
    let mut made = format!("| {who} |");
    let mut sources = BTreeSet::new();
    for bound in bounds(range) {
        let number = bound.map_or(String::new(), |it| it.at.to_string());
        sources.extend(bound.map(|it| it.source.as_str()));
        write!(made, " {number} |").unwrap_or_default();
    }
    let sources: Vec<&str> = sources.into_iter().collect();
    made + " " + &sources.join(", ") + " |\n"
}

fn bounds(range: &Range) -> [Option<&Bound>; 4] {
    let bounds = &range.bounds;
    [
        bounds.danger_below.as_ref(),
        bounds.low_below.as_ref(),
        bounds.high_from.as_ref(),
        bounds.danger_from.as_ref(),
    ]
}

fn ages(band: &Band) -> String {
    match (band.from, band.to) {
        (Span::Days(0), None) => "all ages".to_owned(),
        (from, None) => format!("from {}", span(from)),
        (Span::Days(0), Some(to)) => format!("to {}", span(to)),
        (from, Some(to)) => format!("{} to {}", span(from), span(to)),
    }
}

fn span(span: Span) -> String {
    match span {
        Span::Days(count) => format!("{count} d"),
        Span::Months(count) => format!("{count} m"),
        Span::Years(count) => format!("{count} y"),
    }
}
