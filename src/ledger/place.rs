//! Where an envelope stands, and how far logs reach.

use std::collections::BTreeMap;

use super::{Header, Lane};
use crate::ids::{DocId, Hash, LogId};

/// How far each lane reaches: the number and the hash of its last envelope. It describes all
/// that a machine holds.
pub type Frontier = BTreeMap<(LogId, Lane), (u64, Hash)>;

/// What changed a document in one log: the document, and the name under which the log is kept.
pub type DocRun = (DocId, LogId);

/// How far documents reach in each log: number and hash of the last envelope. It describes
/// what is held by a machine that may have some documents only.
pub type ScopedFrontier = BTreeMap<DocRun, (u64, Hash)>;

/// Where an envelope stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    /// The log that one incarnation of a machine writes.
    pub log: LogId,
    /// The lane of that log.
    pub lane: Lane,
    /// The number in that lane; the first is 1.
    pub seq: u64,
}

impl Place {
    /// Where the envelope with this header stands.
    pub const fn of(header: &Header) -> Self {
        Self {
            log: header.log,
            lane: header.lane,
            seq: header.seq,
        }
    }

    /// The log and lane that the place is in.
    pub const fn run(self) -> (LogId, Lane) {
        (self.log, self.lane)
    }
}
