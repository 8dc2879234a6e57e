//! The rows of both databases as the disk has them, past every check of the store.

use std::{collections::BTreeMap, fs, path::Path};

use cairn::{ids::LogId, ledger::Lane, seal};
use redb::{
    ReadableDatabase as _, ReadableTable as _, TableDefinition, TableHandle as _,
};
use tempfile::TempDir;

/// Keys and values of each table.
pub(crate) type Tables = BTreeMap<String, Vec<(Vec<u8>, Vec<u8>)>>;

/// Tables whose values begin with a check over table, key and value.
const CHECKED: [&str; 7] = [
    "applied",
    "envelopes",
    "format",
    "frontier",
    "index",
    "meta",
    "open_audit",
];
const CHECK_LEN: usize = 8;

const fn definition(name: &str) -> TableDefinition<'_, &'static [u8], &'static [u8]> {
    TableDefinition::new(name)
}

/// Every row of every table of a database, without the checks before the values.
pub(crate) fn tables(file: &Path) -> Tables {
    let db = redb::Database::open(file).unwrap();
    let txn = db.begin_read().unwrap();
    let mut tables = Tables::new();
    for handle in txn.list_tables().unwrap() {
        let name = handle.name().to_owned();
        let table = txn.open_table(definition(&name)).unwrap();
        let skipped = if CHECKED.contains(&name.as_str()) {
            CHECK_LEN
        } else {
            0
        };
        let rows = table.iter().unwrap().map(|row| {
            let (key, value) = row.unwrap();
            (key.value().to_vec(), value.value()[skipped..].to_vec())
        });
        let rows = rows.collect();
        tables.insert(name, rows);
    }
    tables
}

/// Puts other bytes into a row, with a check that fits: the database stays a valid one.
pub(crate) fn alter(file: &Path, table: &str, key: &[u8], value: &[u8]) {
    let db = redb::Database::open(file).unwrap();
    let txn = db.begin_write().unwrap();
    {
        let mut rows = txn.open_table(definition(table)).unwrap();
        let checked = [table.as_bytes(), &[0], key, value].concat();
        let check = seal::hash(&checked);
        let bytes = [&check.as_bytes()[..CHECK_LEN], value].concat();
        rows.insert(key, bytes.as_slice()).unwrap();
    }
    txn.commit().unwrap();
}

/// A home as it is on the disk now, copied.
pub(crate) fn copied(home: &Path) -> TempDir {
    let copy = TempDir::new().unwrap();
    for file in fs::read_dir(home).unwrap() {
        let path = file.unwrap().path();
        let name = path.file_name().unwrap().to_owned();
        if name != "lock" && name != "reserve" {
            fs::copy(&path, copy.path().join(name)).unwrap();
        }
    }
    copy
}

/// How many envelopes are in the lanes of statements, documents and attachments of a home
/// that may be in use: all but those of the audit.
pub(crate) fn written(home: &Path) -> usize {
    let copy = TempDir::new().unwrap();
    let file = copy.path().join("ledger.redb");
    fs::copy(home.join("ledger.redb"), &file).unwrap();
    let rows = &tables(&file)["envelopes"];
    rows.iter()
        .filter(|(key, _)| key[LogId::LEN] != Lane::Audit as u8)
        .count()
}

/// The key under which an envelope is kept.
pub(crate) fn envelope_key(log: LogId, lane: Lane, seq: u64) -> Vec<u8> {
    [log.as_bytes().as_slice(), &[lane as u8], &seq.to_be_bytes()].concat()
}
