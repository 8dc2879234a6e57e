//! The frames between a clinic's machine and one outside of it, which holds some documents
//! only: how far each of them reaches in each log.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{
    Error, FRONTIER_ENTRIES_MAX, Short,
    bytes::{Reader, Writer},
};
use crate::{
    ids::{ClinicId, DocId, Hash, LogId},
    ledger::DocRun,
};

/// How far documents reach in each log, and the cut hash of the last envelope of each.
pub type Held = BTreeMap<DocRun, (u64, Short)>;

/// The first words of each side, where one is outside of the clinic.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Share {
    /// The clinic whose documents these are.
    pub clinic: ClinicId,
    /// The hash of what the sender holds of them; the salt of all its cut hashes too.
    pub frontier: Hash,
}

/// What a machine holds of documents, told whole or as what changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Holds {
    /// How many chunks of the receiver became durable since this was last told.
    pub took: u32,
    /// How far they reach.
    pub held: Held,
}

/// By document: the document, and for each log how far it reaches.
pub(super) fn write_holds(holds: &Holds, writer: &mut Writer) {
    let mut docs: BTreeMap<DocId, Vec<(LogId, u64, Short)>> = BTreeMap::new();
    for ((doc, log), (seq, short)) in &holds.held {
        docs.entry(*doc).or_default().push((*log, *seq, *short));
    }
    writer.put(&holds.took);
    writer.put_count(docs.len());
    for (doc, logs) in docs {
        writer.put(&doc);
        writer.put_count(logs.len());
        for log in logs {
            writer.put(&log);
        }
    }
}

pub(super) fn read_holds(reader: &mut Reader<'_>) -> Result<Holds, Error> {
    let took = reader.get()?;
    let mut held = Held::new();
    for _ in 0..reader.count(DocId::LEN + 1)? {
        let doc: DocId = reader.get()?;
        let logs = reader.count(LogId::LEN + 1)?;
        if logs == 0 {
            return Err(Error::Malformed);
        }
        for _ in 0..logs {
            let (log, seq, short): (LogId, u64, Short) = reader.get()?;
            let twice = held.insert((doc, log), (seq, short)).is_some();
            if twice || held.len() > FRONTIER_ENTRIES_MAX {
                return Err(Error::Malformed);
            }
        }
    }
    Ok(Holds { took, held })
}
