//! An import that was finished: the entry that makes its records visible.

use serde::{Deserialize, Serialize};

use super::{Entry, private_record};
use crate::ids::{ImportId, RecordId};

/// The closing entry of an import. Records of an import without one are not shown: their
/// writer was interrupted, and will take the import up again.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ImportRun {
    /// What every record has. The record's id is the import's.
    pub entry: Entry,
}

private_record!(ImportRun);

impl ImportRun {
    /// The import that was finished.
    pub const fn import(&self) -> ImportId {
        ImportId::from_bytes(*self.entry.id.as_bytes())
    }

    /// The closing record of an import.
    pub const fn record_of(import: ImportId) -> RecordId {
        RecordId::from_bytes(*import.as_bytes())
    }
}
