//! The figures: what each is called, what it should be, what it was.

use std::{collections::BTreeMap, fs, path::Path};

use cairn::time::Clock;
use serde_json::{Value, json};

use super::{Outcome, machine};

/// All figures of one run.
pub(crate) struct Table {
    begun: String,
    load: f64,
    values: BTreeMap<&'static str, BTreeMap<u32, f64>>,
}

/// A figure that is measured.
struct Row {
    name: &'static str,
    unit: &'static str,
    wanted: Wanted,
}

/// What a figure should be at most.
#[derive(Clone, Copy)]
enum Wanted {
    Must(f64),
    Goal(f64),
    Nothing,
}

use Wanted::{Goal, Must, Nothing};

const fn row(name: &'static str, unit: &'static str, wanted: Wanted) -> Row {
    Row { name, unit, wanted }
}

/// Every figure, in the order of the table.
const ROWS: &[Row] = &[
    row("find: p50 of a keystroke", "ms", Nothing),
    row("find: p95 of a keystroke", "ms", Must(20.0)),
    row("find: slowest keystroke", "ms", Nothing),
    row("find: keystrokes measured", "", Nothing),
    row("find: wanted people not found", "", Must(0.0)),
    row(
        "open a chart of 25 visits, audited: median",
        "ms",
        Must(10.0),
    ),
    row("open a chart of 25 visits, audited: p95", "ms", Nothing),
    row(
        "open a chart of 25 visits, without audit: median",
        "ms",
        Nothing,
    ),
    row(
        "open a chart of 500 visits, audited: median",
        "ms",
        Must(100.0),
    ),
    row("open a chart of 500 visits, audited: p95", "ms", Nothing),
    row(
        "open a chart of 500 visits, without audit: median",
        "ms",
        Nothing,
    ),
    row("4 kB write + fdatasync: median", "ms", Nothing),
    row("save one visit: median", "ms", Nothing),
    row(
        "save one visit / 4 kB write: ratio of medians",
        "×",
        Goal(4.0),
    ),
    row("save one visit, processor time: median", "ms", Nothing),
    row(
        "bring the caches up to one saved visit: median",
        "ms",
        Nothing,
    ),
    row("save one visit into a chart of 500: median", "ms", Nothing),
    row("the same, and the chart anew: median", "ms", Nothing),
    row("open the clinic", "ms", Nothing),
    row(
        "sign in to the list, after key derivation: median",
        "ms",
        Goal(300.0),
    ),
    row("first frame, locked: median", "ms", Must(50.0)),
    row("first frame, locked: slowest of 15", "ms", Nothing),
    row(
        "first frame, demo of 200 signed in: median",
        "ms",
        Must(50.0),
    ),
    row("first frame, demo signed in: median", "ms", Nothing),
    row("lock screen, from the start: median", "ms", Nothing),
    row("list, from the start, signed in: median", "ms", Nothing),
    row("key to frame: p50", "ms", Nothing),
    row("key to frame: p95", "ms", Nothing),
    row("key to frame: p99", "ms", Must(16.0)),
    row("key to frame: slowest", "ms", Nothing),
    row("key to frame: samples", "", Nothing),
    row("key to list: p95", "ms", Goal(50.0)),
    row("key to frame, while a full copy runs: p50", "ms", Nothing),
    row("key to frame, while a full copy runs: p95", "ms", Nothing),
    row(
        "key to frame, while a full copy runs: p99",
        "ms",
        Must(16.0),
    ),
    row(
        "key to frame, while a full copy runs: slowest",
        "ms",
        Nothing,
    ),
    row("key to frame, while a full copy runs: samples", "", Nothing),
    row("full copy to a machine that is worked at", "s", Nothing),
    row("a save elsewhere, until it is shown: median", "s", Nothing),
    row(
        "a save elsewhere, until it is shown: slowest of 10",
        "s",
        Must(2.0),
    ),
    row(
        "bytes of a typed character, in the search: most",
        "B",
        Must(64.0),
    ),
    row(
        "bytes of a typed character, in a form: most",
        "B",
        Must(64.0),
    ),
    row("bytes of a move of the selection: median", "B", Nothing),
    row("bytes of a move of the selection: most", "B", Must(300.0)),
    row("bytes of a whole screen", "B", Goal(6_000.0)),
    row("bytes while idle for 10 s", "B", Must(0.0)),
    row("frames for a burst of 300 keys", "", Goal(3.0)),
    row("memory, most (VmHWM)", "MB", Must(300.0)),
    row("memory, at rest (VmRSS)", "MB", Nothing),
    row("summary of 500 visits: median", "ms", Must(200.0)),
    row("export everybody", "s", Nothing),
    row("export everybody: memory", "MB", Must(200.0)),
    row("import: entries a second", "1/s", Nothing),
    row("import: entries", "", Nothing),
    row("make the clinic", "s", Nothing),
    row("make the demo of 200", "s", Goal(3.0)),
    row("make the clinic: memory, most", "MB", Nothing),
    row(
        "disk: ledger and cache / edits as zstd -19 JSON",
        "×",
        Goal(6.0),
    ),
    row("disk: edits as zstd -19 JSON", "kB", Nothing),
    row("disk: the same, changed fields alone", "kB", Nothing),
    row("disk: edits", "", Nothing),
    row("disk: ledger", "kB", Nothing),
    row("disk: cache", "kB", Nothing),
    row("disk: ledger, envelopes", "", Nothing),
    row("disk: ledger, headers but their nonces", "kB", Nothing),
    row("disk: ledger, nonces", "kB", Nothing),
    row("disk: ledger, tags", "kB", Nothing),
    row("disk: ledger, signatures", "kB", Nothing),
    row("disk: ledger, sealed payloads", "kB", Nothing),
    row(
        "disk: ledger, statements, certificates and audit",
        "kB",
        Nothing,
    ),
    row("disk: ledger, trees, checks and small rows", "kB", Nothing),
];

const FILE: &str = "target/bench.json";

impl Table {
    pub(crate) fn begin() -> Self {
        Self {
            begun: Clock::Machine.moment().to_string(),
            load: machine::load(),
            values: BTreeMap::new(),
        }
    }

    /// Notes a figure of a clinic of this many patients; of none in particular where it is 0.
    pub(crate) fn set(&mut self, name: &'static str, size: u32, value: f64) {
        debug_assert!(ROWS.iter().any(|it| it.name == name), "{name}");
        self.values.entry(name).or_default().insert(size, value);
    }

    pub(crate) fn print(&self) {
        let sizes = self.sizes();
        println!("\n{}", self.begun_on());
        println!(
            "screen 80×24 in a pty: terminal, keyboard and network are not in it; release build\n"
        );
        print!("{:51}", "patients");
        for size in &sizes {
            print!("{:>10}", thousands(*size));
        }
        println!("  wanted");
        for row in ROWS {
            let Some(values) = self.values.get(row.name) else {
                continue;
            };
            print!("{:51}", row.name);
            // What belongs to no size stands in the first column.
            let alone = values.get(&0).filter(|_| values.len() == 1);
            for (nth, size) in sizes.iter().enumerate() {
                let value = if nth == 0 { alone } else { None };
                match value.or_else(|| values.get(size)) {
                    Some(value) => print!("{:>10}", shown(*value)),
                    None => print!("{:>10}", ""),
                }
            }
            println!("  {}", row.verdict(values));
        }
    }

    pub(crate) fn write(&self) -> Outcome<()> {
        let figures = ROWS.iter().filter_map(|row| {
            let values = self.values.get(row.name)?;
            let (kind, limit) = match row.wanted {
                Must(limit) => ("must", Some(limit)),
                Goal(limit) => ("goal", Some(limit)),
                Nothing => ("", None),
            };
            let by_size: serde_json::Map<String, Value> = values
                .iter()
                .map(|(size, value)| (size.to_string(), json!(value)))
                .collect();
            Some(json!({
                "name": row.name, "unit": row.unit, "values": by_size,
                "kind": kind, "limit": limit, "met": row.is_met(values),
            }))
        });
        let whole = json!({
            "begun": self.begun, "machine": machine::described(),
            "load_before": self.load, "load_after": machine::load(),
            "figures": figures.collect::<Vec<_>>(),
        });
        let file = Path::new(env!("CARGO_MANIFEST_DIR")).join(FILE);
        fs::write(&file, serde_json::to_vec_pretty(&whole)?)?;
        println!("\nwritten to {FILE}");
        Ok(())
    }

    fn begun_on(&self) -> String {
        let load = machine::load();
        let machine = machine::described();
        format!(
            "{}: {machine}; load {} before, {load} after",
            self.begun, self.load
        )
    }

    fn sizes(&self) -> Vec<u32> {
        let mut sizes: Vec<u32> = self
            .values
            .values()
            .flat_map(BTreeMap::keys)
            .copied()
            .collect();
        sizes.sort_unstable();
        sizes.dedup();
        sizes.retain(|it| *it > 0 || self.values.values().all(|of| of.contains_key(&0)));
        sizes
    }
}

impl Row {
    /// Whether all that was measured is within the limit; none without one.
    fn is_met(&self, values: &BTreeMap<u32, f64>) -> Option<bool> {
        let (Must(limit) | Goal(limit)) = self.wanted else {
            return None;
        };
        Some(values.values().all(|it| *it <= limit))
    }

    fn verdict(&self, values: &BTreeMap<u32, f64>) -> String {
        let met = match self.is_met(values) {
            Some(true) => "met",
            Some(false) => "MISSED",
            None => "",
        };
        match self.wanted {
            Must(limit) => format!("must ≤ {} {}: {met}", shown(limit), self.unit),
            Goal(limit) => format!("goal ≤ {} {}: {met}", shown(limit), self.unit),
            Nothing => self.unit.to_owned(),
        }
    }
}

fn shown(value: f64) -> String {
    if value.fract() == 0.0 || value.abs() >= 1_000.0 {
        format!("{value:.0}")
    } else if value.abs() >= 100.0 {
        format!("{value:.1}")
    } else {
        format!("{value:.2}")
    }
}

fn thousands(size: u32) -> String {
    match size {
        1_000.. => format!("{},{:03}", size / 1_000, size % 1_000),
        _ => size.to_string(),
    }
}
