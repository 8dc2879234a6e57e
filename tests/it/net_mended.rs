//! What a bad disk changed is asked of the others when machines meet, before what leans on it
//! is refused.

use cairn::{
    clinic::{Clinic, Session},
    ids::LogId,
    ledger::{Envelope, Kind, Lane, Place},
};
use redb::TableDefinition;

use crate::{
    clinic::{founded, grace, owner},
    devices::{around, joined},
    net::{started, until_equal},
    raw,
};

/// The place of the certificate with which a session of this log began, the last but one.
fn last_but_one(clinic: &Clinic, log: LogId) -> Place {
    let from = Place {
        log,
        lane: Lane::Membership,
        seq: 1,
    };
    let run = clinic.read_run(from, usize::MAX).unwrap();
    let run = run.iter().map(|it| Envelope::decode(it).unwrap());
    let certificates = run.filter(|it| it.header.kind == Kind::Certificate);
    let places: Vec<_> = certificates.map(|it| Place::of(&it.header)).collect();
    places[places.len() - 2]
}

fn log_of(session: &Session) -> LogId {
    let frontier = session.clinic().frontier().unwrap();
    let mut logs = frontier.into_keys().filter(|it| it.1 == Lane::Desk);
    logs.next().unwrap().0
}

#[test]
fn a_damaged_certificate_is_put_back_and_what_leans_on_it_comes() {
    let (_here, a) = founded();
    let mut okot = owner(&a);
    grace(&mut okot);
    let log = log_of(&okot);
    let (there, b) = joined(&mut okot, 1);
    owner(&a).sign_out().unwrap();
    let of_a = started(&a, &[]);
    let of_b = started(&b, &[(&a, &of_a)]);
    until_equal(&of_b, &b, &a);
    of_b.stop();
    let damaged = last_but_one(&b, log);
    drop(b);
    let home = there.path().join("home");
    {
        let table = TableDefinition::<&[u8], &[u8]>::new("envelopes");
        let db = redb::Database::open(home.join("ledger.redb")).unwrap();
        let txn = db.begin_write().unwrap();
        let key = raw::envelope_key(damaged.log, damaged.lane, damaged.seq);
        let mut rows = txn.open_table(table).unwrap();
        rows.insert(key.as_slice(), [0; 64].as_slice()).unwrap();
        drop(rows);
        txn.commit().unwrap();
    }
    // Whose certificate that is goes on writing.
    grace(&mut okot);
    let b = Clinic::open(&home, around(2)).unwrap();
    assert!(b.read_run(damaged, 1).unwrap().is_empty());
    let of_b = started(&b, &[(&a, &of_a)]);
    until_equal(&of_b, &b, &a);
    assert!(b.holes().unwrap().is_empty());
    of_b.stop();
    of_a.stop();
}
