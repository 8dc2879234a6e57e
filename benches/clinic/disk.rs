//! How much room a clinic takes on the disk, and what of it is whose.
//!
//! What it is compared with: every edit that was saved, as JSON by itself (ids and hashes as
//! hex, all fields, a change with the record as it was and as it is), each compressed by
//! `zstd -19` without a dictionary; the sum of the lengths. The stricter figure beside it has
//! of a change only the fields that are different, and the record's id.

use std::{fs, path::Path, sync::Arc};

use cairn::{
    chart::{Edit, Note, Record, Signature},
    ids::{Hash, RecordId, UserId},
    ledger::{HEADER_LEN, Header, Kind, Place},
    seal::{Entropy as _, NONCE_LEN, SeededEntropy, TAG_LEN},
    store::{Home, Store},
    time::Clock,
};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::{Outcome, table::Table};

/// The edits that were saved, as they are compared with.
#[derive(Serialize, Deserialize, Default)]
pub(crate) struct Written {
    edits: f64,
    json: f64,
    strict_json: f64,
}

/// A clinic's files, in bytes.
#[derive(Serialize, Deserialize)]
pub(crate) struct Disk {
    ledger: f64,
    cache: f64,
    envelopes: f64,
    sealed: f64,
    payloads: f64,
    open: f64,
    written: Option<Written>,
}

/// The level of the yardstick.
const LEVEL: i32 = 19;
/// The length of an Ed25519 signature in bytes.
const SIGNATURE_LEN: usize = 64;

impl Written {
    /// Takes a step's edits in, and the signatures of these notes among them.
    pub(crate) fn take(&mut self, edits: &[Edit], signs: &[RecordId]) -> Outcome<()> {
        for edit in edits {
            self.take_one(edit)?;
            if let Record::Note(note) = edit.record()
                && signs.contains(&note.entry.id)
            {
                self.take_one(&signed(note))?;
            }
        }
        Ok(())
    }

    fn take_one(&mut self, edit: &Edit) -> Outcome<()> {
        let whole = with_hex(serde_json::to_value(edit)?);
        self.edits += 1.0;
        self.json += compressed_len(&whole)?;
        let strict = match edit {
            Edit::Add(_) | Edit::Settle { .. } => whole,
            Edit::Change { before, after } => {
                let id = with_hex(serde_json::to_value(after.entry().id)?);
                let before = with_hex(serde_json::to_value(before)?);
                let after = with_hex(serde_json::to_value(after)?);
                json!({ "id": id, "set": different(&before, after) })
            }
        };
        self.strict_json += compressed_len(&strict)?;
        Ok(())
    }
}

impl Disk {
    /// Compacts a clinic that nobody has open, and looks at it.
    pub(crate) fn of(path: &Path, written: Option<Written>) -> Outcome<Self> {
        let home = Arc::new(Home::open(path, Clock::Machine.now())?);
        let store = Store::open(home)?;
        store.compact()?;
        let mut disk = Self {
            ledger: 0.0,
            cache: 0.0,
            envelopes: 0.0,
            sealed: 0.0,
            payloads: 0.0,
            open: 0.0,
            written,
        };
        for (log, lane) in store.frontier()?.into_keys() {
            let mut from = Place { log, lane, seq: 1 };
            loop {
                let run = store.envelopes(from)?;
                let Some((last, _)) = run.last() else { break };
                from.seq = last + 1;
                for (_, bytes) in &run {
                    disk.count(bytes)?;
                }
            }
        }
        drop(store);
        let length = |name: &str| fs::metadata(path.join(name)).map(|it| it.len());
        disk.ledger = precise(length("ledger.redb")?);
        disk.cache = precise(length("cache.redb")?);
        Ok(disk)
    }

    fn count(&mut self, bytes: &[u8]) -> Outcome<()> {
        let (header, _) = Header::decode(bytes)?;
        let content = number(bytes.len() - HEADER_LEN - SIGNATURE_LEN);
        self.envelopes += 1.0;
        match header.kind {
            Kind::Change | Kind::Attachment => {
                self.sealed += 1.0;
                self.payloads += content - number(TAG_LEN);
            }
            Kind::Statement | Kind::Certificate | Kind::Audit | Kind::Tombstone => {
                self.open += content;
            }
        }
        Ok(())
    }

    /// Notes all of it.
    pub(crate) fn tell(&self, size: u32, table: &mut Table) {
        let headers = self.envelopes * number(HEADER_LEN - NONCE_LEN);
        let nonces = self.envelopes * number(NONCE_LEN);
        let signatures = self.envelopes * number(SIGNATURE_LEN);
        let tags = self.sealed * number(TAG_LEN);
        let of_envelopes =
            headers + nonces + signatures + tags + self.payloads + self.open;
        for (name, bytes) in [
            ("disk: ledger", self.ledger),
            ("disk: cache", self.cache),
            ("disk: ledger, headers but their nonces", headers),
            ("disk: ledger, nonces", nonces),
            ("disk: ledger, tags", tags),
            ("disk: ledger, signatures", signatures),
            ("disk: ledger, sealed payloads", self.payloads),
            (
                "disk: ledger, statements, certificates and audit",
                self.open,
            ),
            (
                "disk: ledger, trees, checks and small rows",
                self.ledger - of_envelopes,
            ),
        ] {
            table.set(name, size, bytes / 1e3);
        }
        table.set("disk: ledger, envelopes", size, self.envelopes);
        if let Some(written) = &self.written {
            let ratio = (self.ledger + self.cache) / written.json;
            table.set(
                "disk: ledger and cache / edits as zstd -19 JSON",
                size,
                ratio,
            );
            table.set("disk: edits as zstd -19 JSON", size, written.json / 1e3);
            let strict = written.strict_json / 1e3;
            table.set("disk: the same, changed fields alone", size, strict);
            table.set("disk: edits", size, written.edits);
        }
    }
}

/// The change that signs a note, as the clinic makes it.
fn signed(note: &Note) -> Edit {
    let mut after = note.clone();
    let mut chance =
        SeededEntropy::new(u64::try_from(note.entry.recorded.at.0).unwrap_or(0));
    let mut hash = [[0; 32]; 2];
    for it in &mut hash {
        chance.fill(it);
    }
    let [text, head] = hash.map(Hash::from_bytes);
    after.signed = Some(Signature {
        by: UserId::from_bytes(*note.entry.by.as_bytes()),
        at: note.entry.recorded,
        text,
        heads: vec![head],
    });
    Edit::change(Record::Note(note.clone()), Record::Note(after))
}

/// Ids and hashes as people write them, not as lists of numbers.
fn with_hex(value: Value) -> Value {
    match value {
        Value::Array(items) => match as_bytes(&items) {
            Some(hex) => Value::String(hex),
            None => items.into_iter().map(with_hex).collect(),
        },
        Value::Object(fields) => {
            let fields = fields.into_iter().map(|(name, it)| (name, with_hex(it)));
            Value::Object(fields.collect())
        }
        plain @ (Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_)) => {
            plain
        }
    }
}

fn as_bytes(items: &[Value]) -> Option<String> {
    if ![16, 32].contains(&items.len()) {
        return None;
    }
    let bytes = items.iter().map(|it| it.as_u64().filter(|it| *it < 256));
    bytes.map(|it| it.map(|it| format!("{it:02x}"))).collect()
}

/// What of `after` is not in `before`.
fn different(before: &Value, after: Value) -> Value {
    let Value::Object(fields) = after else {
        return after;
    };
    let changed = fields.into_iter().filter_map(|(name, it)| {
        let known = before.get(&name)?;
        (*known != it).then(|| (name, different(known, it)))
    });
    Value::Object(changed.collect())
}

fn compressed_len(value: &Value) -> Outcome<f64> {
    let bytes = serde_json::to_vec(value)?;
    Ok(number(zstd::bulk::compress(&bytes, LEVEL)?.len()))
}

fn number(length: usize) -> f64 {
    precise(u64::try_from(length).unwrap_or(u64::MAX))
}

#[expect(
    clippy::cast_precision_loss,
    reason = "no file of a clinic has 2^53 bytes"
)]
const fn precise(length: u64) -> f64 {
    length as f64
}
