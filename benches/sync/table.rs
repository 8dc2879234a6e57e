//! The figures side by side, and Cairn's in parts of `PouchDB`'s.

use std::{collections::BTreeMap, fmt};

use serde_json::{Value as Json, json};

/// All figures of one run: by name, of each program.
#[derive(Default)]
pub(crate) struct Table {
    rows: BTreeMap<String, BTreeMap<&'static str, f64>>,
}

const COLUMNS: [&str; 5] = ["base", "cairn", "pouch", "automerge", "cairn / pouch"];

impl Table {
    /// A figure, if there is one.
    pub(crate) fn put(&mut self, column: &'static str, row: &str, value: f64) {
        if !value.is_nan() {
            let row = self.rows.entry(row.to_owned()).or_default();
            row.insert(column, value);
        }
    }

    /// Adds how Cairn stands to `PouchDB` wherever both were measured.
    pub(crate) fn compare(&mut self) {
        for row in self.rows.values_mut() {
            if let (Some(ours), Some(theirs)) = (row.get("cairn"), row.get("pouch")) {
                let ratio = ours / theirs;
                row.insert("cairn / pouch", ratio);
            }
        }
    }

    pub(crate) fn json(&self) -> Json {
        json!({ "tool": "cairn bench sync", "figures": self.rows })
    }
}

impl fmt::Display for Table {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:<44}", "")?;
        for column in COLUMNS {
            write!(f, "{column:>14}")?;
        }
        for (name, row) in &self.rows {
            write!(f, "\n{name:<44}")?;
            for column in COLUMNS {
                match row.get(column) {
                    Some(value) if *value >= 1000.0 => write!(f, "{value:>14.0}")?,
                    Some(value) => write!(f, "{value:>14.3}")?,
                    None => write!(f, "{:>14}", "")?,
                }
            }
        }
        Ok(())
    }
}
