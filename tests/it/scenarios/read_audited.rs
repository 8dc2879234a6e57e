//! A clerk opens a neighbour's record. The owner sees it from another PC, and whatever is done
//! to the files of the first, it stays seen.

use std::{
    fs,
    path::{Path, PathBuf},
    sync::Arc,
};

use cairn::{
    chart::who::Role,
    clinic::{AuditAction, Clinic, Error},
    ids::{PatientId, UserId},
    ledger::{Header, Lane},
    store,
};
use redb::TableDefinition;
use tempfile::TempDir;

use super::{at, okot};
use crate::{
    clinic::{PASSPHRASE, founded, grace},
    devices::{around, joined},
    meeting::in_step,
    raw,
};

/// The owner's PC, and the one where the clerk sat.
struct Neighbours {
    _folders: [TempDir; 2],
    desk: Arc<Clinic>,
    ward: PathBuf,
    /// The ward's files as they were before anybody read.
    before: TempDir,
    clerk: UserId,
    neighbour: PatientId,
}

impl Neighbours {
    /// The clerk has read; the owner's PC has heard of it.
    fn after_the_reading() -> Self {
        let (here, desk) = founded();
        let mut owner = okot(&desk);
        let clerk = owner
            .add_user("Amina", Role::FrontDesk, PASSPHRASE)
            .unwrap();
        let neighbour = grace(&mut owner);
        let (there, ward) = joined(&mut owner, 1);
        owner.sign_out().unwrap();
        in_step(&desk, &ward);
        okot(&ward).sign_out().unwrap();
        in_step(&desk, &ward);
        drop(ward);
        let folder = there.path().join("home");
        let before = raw::copied(&folder);

        let ward = Clinic::open(&folder, around(2)).unwrap();
        let mut amina = at(&ward, "Amina");
        assert!(amina.open(neighbour).unwrap().identity.person.is_some());
        amina.sign_out().unwrap();
        in_step(&desk, &ward);
        Self {
            _folders: [here, there],
            desk,
            ward: folder,
            before,
            clerk,
            neighbour,
        }
    }

    /// How often the clerk opened that record, as the audit on this machine has it, and
    /// whether the audit is whole.
    fn readings(&self, clinic: &Arc<Clinic>) -> (usize, bool) {
        let mut owner = okot(clinic);
        let audit = owner.read_audit(Some(self.neighbour)).unwrap();
        owner.sign_out().unwrap();
        let by_clerk = audit.entries.iter().filter(|it| {
            it.user == Some(self.clerk) && it.action == AuditAction::Open && it.done
        });
        (by_clerk.count(), audit.problems.is_empty())
    }

    /// Where the ward's machine keeps the envelopes of its own audit.
    fn audit_rows(&self) -> Vec<(Vec<u8>, Vec<u8>)> {
        let rows = raw::tables(&self.ward.join("ledger.redb"))
            .remove("envelopes")
            .unwrap();
        let before = raw::tables(&self.before.path().join("ledger.redb"))
            .remove("envelopes")
            .unwrap();
        let is_audit = |bytes: &[u8]| {
            Header::decode(bytes).is_ok_and(|(header, _)| header.lane == Lane::Audit)
        };
        rows.into_iter()
            .filter(|it| is_audit(&it.1) && !before.contains(it))
            .collect()
    }
}

fn removed(file: &Path, key: &[u8]) {
    let table = TableDefinition::<&[u8], &[u8]>::new("envelopes");
    let db = redb::Database::open(file).unwrap();
    let txn = db.begin_write().unwrap();
    txn.open_table(table).unwrap().remove(key).unwrap().unwrap();
    txn.commit().unwrap();
}

#[test]
fn read_audited() {
    let it = Neighbours::after_the_reading();
    assert_eq!(it.readings(&it.desk), (1, true));
    // Who read cannot look at what is written about it.
    let mut amina = at(&it.desk, "Amina");
    assert!(amina.read_audit(None).is_err());
    amina.sign_out().unwrap();
    let ward = Clinic::open(&it.ward, around(3)).unwrap();
    assert_eq!(it.readings(&ward), (1, true));
}

#[test]
fn a_reading_cut_out_of_the_files_is_missed_when_they_are_opened() {
    let it = Neighbours::after_the_reading();
    for (key, _) in &it.audit_rows() {
        removed(&it.ward.join("ledger.redb"), key);
    }
    let opened = Clinic::open(&it.ward, around(3));
    let is_missed = matches!(opened, Err(Error::Store(store::Error::Damaged { .. })));
    assert!(is_missed, "nobody goes on working on such files");
    assert_eq!(it.readings(&it.desk), (1, true));
}

#[test]
fn a_reading_rewritten_in_the_files_is_named_and_believed_nowhere() {
    let it = Neighbours::after_the_reading();
    for (key, mut bytes) in it.audit_rows() {
        let last = bytes.len() - 1;
        bytes[last] ^= 1;
        raw::alter(&it.ward.join("ledger.redb"), "envelopes", &key, &bytes);
    }
    let ward = Clinic::open(&it.ward, around(3)).unwrap();
    let mut owner = okot(&ward);
    assert!(!owner.verify(|_| {}).unwrap().is_sound());
    owner.sign_out().unwrap();
    assert_eq!(it.readings(&it.desk), (1, true));
}

#[test]
fn files_from_before_the_reading_put_back_hear_of_it_again() {
    let it = Neighbours::after_the_reading();
    for file in ["ledger.redb", "cache.redb"] {
        fs::copy(it.before.path().join(file), it.ward.join(file)).unwrap();
    }
    let ward = Clinic::open(&it.ward, around(3)).unwrap();
    in_step(&it.desk, &ward);
    for clinic in [&it.desk, &ward] {
        assert_eq!(it.readings(clinic), (1, true));
    }
}

#[test]
fn files_put_back_and_written_on_are_two_branches_and_the_reading_stays() {
    let it = Neighbours::after_the_reading();
    for file in ["ledger.redb", "cache.redb"] {
        fs::copy(it.before.path().join(file), it.ward.join(file)).unwrap();
    }
    let ward = Clinic::open(&it.ward, around(3)).unwrap();
    // It is written on before anybody hears of it.
    let mut amina = at(&ward, "Amina");
    assert_eq!(amina.find("nobody", 5).unwrap(), []);
    amina.sign_out().unwrap();
    in_step(&it.desk, &ward);
    in_step(&it.desk, &ward);
    for clinic in [&it.desk, &ward] {
        let (readings, _) = it.readings(clinic);
        assert_eq!(readings, 1);
    }
}
