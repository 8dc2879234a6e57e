//! Walking along a lane of the ledger. An envelope that cannot be read hides only itself.

use std::ops::ControlFlow;

use super::Error;
use crate::ledger::Place;
use crate::store::{self, Store};

/// The bytes of an envelope, or why the disk does not give them.
pub(super) type Stored = Result<Vec<u8>, store::Error>;

/// Calls `each` with every envelope of a lane from `from` on, until it breaks.
pub(super) fn each_envelope(
    store: &Store,
    from: Place,
    mut each: impl FnMut(Place, Stored) -> Result<ControlFlow<()>, Error>,
) -> Result<(), Error> {
    let frontier = store.frontier()?;
    let end = frontier.get(&from.run()).map_or(0, |(seq, _)| *seq);
    let mut next = from;
    while next.seq <= end {
        let run = match store.envelopes(next) {
            Ok(run) => run
                .into_iter()
                .map(|(seq, bytes)| (seq, Ok(bytes)))
                .collect(),
            Err(damaged @ store::Error::Damaged { .. }) => {
                vec![(next.seq, Err(damaged))]
            }
            Err(error) => return Err(error.into()),
        };
        if run.is_empty() {
            break;
        }
        for (seq, stored) in run {
            if each(Place { seq, ..next }, stored)?.is_break() {
                return Ok(());
            }
            next.seq = seq + 1;
        }
    }
    Ok(())
}
