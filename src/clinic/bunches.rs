//! Rows of lists, sealed some fifty at a time: opening fifty thousand seals is most of what a
//! sign-in would wait for.

use std::collections::BTreeMap;

use serde::{Serialize, de::DeserializeOwned};

use super::documents::UNREADABLE;
use crate::{
    ids::PatientId,
    seal::Secret,
    store::{CacheBatch, Error, Store, Table},
};

/// Bunches that the rows of a list are dealt into, whatever their number: with 50,000
/// patients one holds 49 rows, some 12 kB, and is written again when one of them changes.
const COUNT: u16 = 1024;

/// The bunch of a patient's row. The last bytes of a patient's id are random.
type Bunch = [u8; 2];

/// Where a patient's row stands among all.
pub(super) type RowPlace = (Bunch, PatientId);

/// Sets rows of a list. Those in the same bunches are read from the cache.
pub(super) fn put_all<T: Serialize + DeserializeOwned>(
    batch: &mut CacheBatch<'_>,
    (store, key): (&Store, &Secret),
    table: Table,
    rows: Vec<(PatientId, T)>,
) -> Result<(), Error> {
    let mut changed: BTreeMap<Bunch, BTreeMap<PatientId, T>> = BTreeMap::new();
    for (patient, row) in rows {
        let rows = changed.entry(bunch_of(patient)).or_default();
        rows.insert(patient, row);
    }
    for (bunch, new) in changed {
        let mut rows: BTreeMap<PatientId, T> = BTreeMap::new();
        if let Some(plain) = store.cache_get(table, &bunch, key)? {
            rows.extend(read(&plain)?);
        }
        rows.extend(new);
        let rows: Vec<(&PatientId, &T)> = rows.iter().collect();
        let plain = postcard::to_allocvec(&rows).unwrap_or_default();
        batch.put(table, &bunch, key, &plain);
    }
    Ok(())
}

/// All rows of a list, in the order of [`place_of`].
pub(super) fn read_all<T: DeserializeOwned>(
    (store, key): (&Store, &Secret),
    table: Table,
) -> Result<Vec<(PatientId, T)>, Error> {
    let mut rows = Vec::new();
    let mut unread = None;
    store.cache_scan(table, &[], key, |_, plain| match read(plain) {
        Ok(some) => rows.extend(some),
        Err(error) => unread = Some(error),
    })?;
    match unread {
        Some(error) => Err(error),
        None => Ok(rows),
    }
}

/// Where a patient's row stands among all.
pub(super) fn place_of(patient: PatientId) -> RowPlace {
    (bunch_of(patient), patient)
}

fn bunch_of(patient: PatientId) -> Bunch {
    let [.., high, low] = *patient.as_bytes();
    (u16::from_be_bytes([high, low]) % COUNT).to_be_bytes()
}

fn read<T: DeserializeOwned>(plain: &[u8]) -> Result<Vec<(PatientId, T)>, Error> {
    postcard::from_bytes(plain).or(Err(UNREADABLE))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patients_are_dealt_evenly_and_those_of_a_bunch_stand_together() {
        let mut counts = BTreeMap::new();
        let patients = (0..51_200_u128).map(|it| {
            let hash = crate::seal::hash(&it.to_be_bytes());
            PatientId::from_slice(&hash.as_bytes()[..16]).unwrap()
        });
        let mut patients: Vec<PatientId> = patients.collect();
        for patient in &patients {
            *counts.entry(bunch_of(*patient)).or_insert(0) += 1;
        }
        assert_eq!(counts.len(), usize::from(COUNT));
        assert!(
            counts.values().all(|it| (15..=100).contains(it)),
            "{counts:?}"
        );
        patients.sort_by_key(|it| (bunch_of(*it), *it));
        assert!(patients.is_sorted_by_key(|it| place_of(*it)));
    }
}
