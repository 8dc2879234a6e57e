//! Rows of the audit sealed, opened and moved; and the bytes of the first release.

use super::*;
use crate::{ids::PatientId, seal::SeededEntropy, time::Timestamp};

const LOG: LogId = LogId::from_bytes([7; 16]);

fn by() -> Sealer {
    Sealer {
        session: SessionId::from_bytes([5; 32]),
        user: Some(UserId::from_bytes([1; 16])),
        since: Moment {
            at: Timestamp(1_772_323_200_000),
            offset_minutes: 60,
        },
    }
}

fn entry() -> AuditEntry {
    AuditEntry {
        seq: 9,
        prev: Hash::from_bytes([6; 32]),
        hlc: Hlc::from_parts(Timestamp(1_772_323_207_000), 2),
        wall: Moment {
            at: Timestamp(1_772_323_206_000),
            offset_minutes: 180,
        },
        clock: ClockQuality::Uncertain,
        user: by().user,
        session: by().session,
        action: AuditAction::Open,
        object: AuditObject::Patient(PatientId::from_bytes([2; 16])),
        done: true,
    }
}

#[test]
fn a_batch_of_the_first_release_opens_and_is_written_the_same() {
    check_golden(
        include_bytes!("../../../tests/golden/audit.batch"),
        &entry(),
    );
}

#[test]
fn what_was_let_see_and_looked_at_opens_and_is_written_the_same() {
    let patient = PatientId::from_bytes([2; 16]);
    let told = Disclosed::new(patient, "emergency view", "Nora", "not conscious");
    let seen = AuditEntry {
        action: AuditAction::BreakGlass,
        object: AuditObject::Disclosed(Box::new(told)),
        ..entry()
    };
    check_golden(
        include_bytes!("../../../tests/golden/audit-disclosed.batch"),
        &seen,
    );
    let reviewed = AuditEntry {
        action: AuditAction::Reviewed,
        object: AuditObject::Entry(SessionId::from_bytes([4; 32]), 300),
        ..entry()
    };
    check_golden(
        include_bytes!("../../../tests/golden/audit-reviewed.batch"),
        &reviewed,
    );
}

#[test]
fn an_entry_takes_so_many_words_in_one_line_and_no_more() {
    #[track_caller]
    fn check(words: &str, expected: &str) {
        let told = Disclosed::new(PatientId::ZERO, words, "", "");
        assert_eq!(told.what, expected, "for {words:?}");
    }
    check("", "");
    check("  two\n words\t", "two words");
    check(&"a".repeat(160), &"a".repeat(160));
    check(&"a".repeat(161), &"a".repeat(160));
    check(&"é".repeat(81), &"é".repeat(80));
    check(
        &format!("a{}", "é".repeat(80)),
        &format!("a{}", "é".repeat(79)),
    );
}

#[track_caller]
fn check_golden(golden: &[u8], entry: &AuditEntry) {
    let mut entropy = SeededEntropy::new(3);
    let auditor = CarryKey::generate(&mut entropy);
    let batch = Batch::decode(golden).unwrap();
    let (seq, prev) = (batch.first, batch.prev);
    let wrapped = Wrapped {
        epoch: EpochId::ZERO,
        key: batch.key.clone(),
        by: batch.by,
    };
    let place = RowPlace {
        log: LOG,
        seq,
        prev,
    };
    let key = AuditKey::unwrap(&auditor, wrapped).unwrap();
    assert_eq!(key.open(place, &batch.rows[0]).as_ref(), Ok(entry));
    let to = (EpochId::ZERO, auditor.public());
    let key = AuditKey::generate(to, by(), &mut entropy).unwrap();
    let again = Batch {
        key: key.wrapped().key.clone(),
        rows: vec![key.seal(LOG, entry, &mut entropy)],
        ..batch
    };
    assert_eq!(again.encode(), golden);
}

#[test]
fn a_row_opens_for_the_auditor_and_only_in_its_place() {
    let mut entropy = SeededEntropy::new(3);
    let auditor = CarryKey::generate(&mut entropy);
    let to = (EpochId::ZERO, auditor.public());
    let (by, entry) = (by(), entry());
    let key = AuditKey::generate(to, by, &mut entropy).unwrap();
    let row = key.seal(LOG, &entry, &mut entropy);
    let wrapped = key.wrapped().clone();
    let read = AuditKey::unwrap(&auditor, wrapped.clone()).unwrap();
    let place = RowPlace {
        log: LOG,
        seq: 9,
        prev: entry.prev,
    };
    assert_eq!(read.open(place, &row), Ok(entry));
    for elsewhere in [
        RowPlace { seq: 8, ..place },
        RowPlace {
            log: LogId::ZERO,
            ..place
        },
        RowPlace {
            prev: Hash::ZERO,
            ..place
        },
    ] {
        assert_eq!(read.open(elsewhere, &row), Err(Unread::Sealed));
    }
    for by in [
        Sealer {
            session: SessionId::ZERO,
            ..by
        },
        Sealer { user: None, ..by },
    ] {
        let anothers = Wrapped {
            by,
            ..wrapped.clone()
        };
        let anothers = AuditKey::unwrap(&auditor, anothers).unwrap();
        assert_eq!(anothers.open(place, &row), Err(Unread::Sealed));
    }
    let stranger = CarryKey::generate(&mut entropy);
    assert!(AuditKey::unwrap(&stranger, key.wrapped().clone()).is_err());
}

#[test]
fn a_batch_reads_back_and_one_of_a_newer_program_says_so() {
    let batch = Batch {
        key: vec![1; 200],
        by: Sealer {
            session: SessionId::ZERO,
            user: None,
            since: Moment::default(),
        },
        first: 7,
        prev: Hash::ZERO,
        rows: vec![vec![2; 60], vec![3; 61]],
    };
    let bytes = batch.encode();
    assert_eq!(Batch::decode(&bytes), Ok(batch));
    assert_eq!(Batch::decode(&bytes[..9]), Err(Unread::Sealed));
    assert_eq!(
        Batch::decode(&[&[1, 9], &bytes[2..]].concat()),
        Err(Unread::Newer)
    );
}
