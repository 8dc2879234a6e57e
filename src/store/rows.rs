//! A table whose rows begin with a check over table, key and value: a row that a bad disk
//! changed or moved is noticed when it is read. Tables whose rows are sealed need none.

use std::ops::{Bound, ControlFlow};

use redb::{
    ReadTransaction, ReadableTable as _, ReadableTableMetadata as _, TableDefinition,
    WriteTransaction,
};

use super::{Error, Part, database::Fault};
use crate::seal;

/// The length of the check before a value, in bytes: one damaged row in 2^64 passes.
const CHECK_LEN: usize = 8;

/// Keys and values are bytes to redb.
pub(super) type Definition = TableDefinition<'static, &'static [u8], &'static [u8]>;
/// A table that is open for writing.
type Table<'txn> = redb::Table<'txn, &'static [u8], &'static [u8]>;

/// A table of checked rows.
#[derive(Debug, Clone, Copy)]
pub(super) struct Rows {
    part: Part,
    name: &'static str,
}

/// A table of checked rows that is being written.
pub(super) struct RowsMut<'txn> {
    rows: Rows,
    table: Table<'txn>,
}

impl Rows {
    pub(super) const fn new(part: Part, name: &'static str) -> Self {
        Self { part, name }
    }

    /// Makes the table where it is missing, and opens it for writing.
    pub(super) fn write(self, txn: &WriteTransaction) -> Result<RowsMut<'_>, Fault> {
        let table = txn.open_table(self.definition())?;
        Ok(RowsMut { rows: self, table })
    }

    pub(super) fn get(
        self,
        txn: &ReadTransaction,
        key: &[u8],
    ) -> Result<Option<Vec<u8>>, Fault> {
        let table = txn.open_table(self.definition())?;
        let Some(value) = table.get(key)? else {
            return Ok(None);
        };
        Ok(Some(self.unchecked(key, value.value())?.to_vec()))
    }

    /// Calls `each` with the rows from `first` on, in the order of their keys, until it breaks.
    pub(super) fn each_from(
        self,
        txn: &ReadTransaction,
        first: &[u8],
        mut each: impl FnMut(&[u8], &[u8]) -> Result<ControlFlow<()>, Fault>,
    ) -> Result<(), Fault> {
        let table = txn.open_table(self.definition())?;
        let range = (Bound::Included(first), Bound::Unbounded);
        for row in table.range::<&[u8]>(range)? {
            let (key, value) = row?;
            let bytes = self.unchecked(key.value(), value.value())?;
            if each(key.value(), bytes)?.is_break() {
                break;
            }
        }
        Ok(())
    }

    /// The key of the last row up to `end`.
    pub(super) fn last_key_to(
        self,
        txn: &ReadTransaction,
        end: &[u8],
    ) -> Result<Option<Vec<u8>>, Fault> {
        let table = txn.open_table(self.definition())?;
        let last = table.range::<&[u8]>(..=end)?.next_back();
        Ok(last.transpose()?.map(|(key, _)| key.value().to_vec()))
    }

    /// Calls `each` with every row; an error when some are out of reach.
    pub(super) fn each(
        self,
        txn: &ReadTransaction,
        mut each: impl FnMut(&[u8], &[u8]) -> Result<(), Fault>,
    ) -> Result<(), Fault> {
        let mut seen = 0;
        self.each_from(txn, &[], |key, bytes| {
            seen += 1;
            each(key, bytes).map(ControlFlow::Continue)
        })?;
        if seen != self.count(txn)? {
            return Err(self.part.damaged("rows are missing").into());
        }
        Ok(())
    }

    pub(super) fn count(self, txn: &ReadTransaction) -> Result<u64, Fault> {
        Ok(txn.open_table(self.definition())?.len()?)
    }

    const fn definition(self) -> Definition {
        TableDefinition::new(self.name)
    }

    fn checked(self, key: &[u8], bytes: &[u8]) -> Vec<u8> {
        [self.check(key, bytes).as_slice(), bytes].concat()
    }

    fn unchecked<'a>(self, key: &[u8], value: &'a [u8]) -> Result<&'a [u8], Error> {
        value
            .split_first_chunk()
            .filter(|(found, bytes)| self.check(key, bytes) == **found)
            .map(|(_, bytes)| bytes)
            .ok_or(self.part.damaged("a row does not match its check"))
    }

    fn check(self, key: &[u8], bytes: &[u8]) -> [u8; CHECK_LEN] {
        let mut row = seal::Hasher::default();
        for part in [self.name.as_bytes(), &[0], key, bytes] {
            row.update(part);
        }
        row.finish()
            .as_bytes()
            .first_chunk()
            .copied()
            .unwrap_or_default()
    }
}

impl RowsMut<'_> {
    pub(super) fn put(&mut self, key: &[u8], bytes: &[u8]) -> Result<(), Fault> {
        let value = self.rows.checked(key, bytes);
        self.table.insert(key, value.as_slice())?;
        Ok(())
    }

    #[cfg(test)]
    pub(super) fn put_damaged(&mut self, key: &[u8]) -> Result<(), Fault> {
        self.table.insert(key, [0; 64].as_slice())?;
        Ok(())
    }

    pub(super) fn remove(&mut self, key: &[u8]) -> Result<(), Fault> {
        self.table.remove(key)?;
        Ok(())
    }

    pub(super) fn get(&self, key: &[u8]) -> Result<Option<Vec<u8>>, Fault> {
        let Some(value) = self.table.get(key)? else {
            return Ok(None);
        };
        Ok(Some(self.rows.unchecked(key, value.value())?.to_vec()))
    }

    /// The key of the last row up to `end`.
    pub(super) fn last_key_to(&self, end: &[u8]) -> Result<Option<Vec<u8>>, Fault> {
        let last = self.table.range::<&[u8]>(..=end)?.next_back();
        Ok(last.transpose()?.map(|(key, _)| key.value().to_vec()))
    }

    /// Removes the rows with these keys; gives the keys of those that there were.
    pub(super) fn take(
        &mut self,
        keys: impl Iterator<Item = Vec<u8>>,
    ) -> Result<Vec<Vec<u8>>, Fault> {
        let mut taken = Vec::new();
        for key in keys {
            if self.table.remove(key.as_slice())?.is_some() {
                taken.push(key);
            }
        }
        Ok(taken)
    }

    /// Removes every row; gives their keys.
    pub(super) fn take_all(&mut self) -> Result<Vec<Vec<u8>>, Fault> {
        let mut keys = Vec::new();
        self.table.retain(|key, _| {
            keys.push(key.to_vec());
            false
        })?;
        Ok(keys)
    }

    /// Removes the rows from `first` to `last`.
    pub(super) fn remove_range(
        &mut self,
        first: &[u8],
        last: &[u8],
    ) -> Result<(), Fault> {
        self.table
            .retain_in::<&[u8], _>(first..=last, |_, _| false)?;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_changed_shortened_or_moved_row_is_noticed() {
        let rows = Rows::new(Part::Ledger, "t");
        let value = rows.checked(b"key", b"bytes");
        assert_eq!(rows.unchecked(b"key", &value).unwrap(), b"bytes");
        assert!(rows.unchecked(b"kez", &value).is_err());
        let elsewhere = Rows::new(Part::Ledger, "u");
        assert!(elsewhere.unchecked(b"key", &value).is_err());
        for len in 0..value.len() {
            assert!(rows.unchecked(b"key", &value[..len]).is_err());
        }
        for bit in 0..value.len() * 8 {
            let mut changed = value.clone();
            changed[bit / 8] ^= 1 << (bit % 8);
            assert!(rows.unchecked(b"key", &changed).is_err());
        }
    }
}
