//! Damage that the database does not see: valid rows whose envelopes are not those that were
//! written. The check names the place; the rest of the chart opens and says what is missing.

use std::{fs, path::Path, sync::Arc};

use cairn::{
    chart::{Edit, Kind, Subject, who::Role},
    clinic::{Clinic, Session},
    ids::{LogId, PatientId},
    ledger::{Envelope, HEADER_LEN, Header, Kind as Sort, Lane},
};

use crate::{
    clinic::surroundings,
    flaky_disk::Dice,
    raw::{self, envelope_key},
    staff::{Staff, passphrase, record, register},
};

/// Visits in the chart, each an envelope of its own.
const VISITS: usize = 12;

struct Damaged {
    staff: Staff,
    patient: PatientId,
}

fn clinic() -> Damaged {
    let staff = Staff::hired();
    let mut session = staff.sign_in(Role::Owner);
    let patient = register(&mut session);
    for _ in 0..VISITS {
        let visit = record(&mut session, Kind::Visit);
        let edits = vec![Edit::add(visit)];
        session.save(Subject::Patient(patient), edits).unwrap();
    }
    let allergy = record(&mut session, Kind::Allergy);
    let edits = vec![Edit::add(allergy)];
    session.save(Subject::Patient(patient), edits).unwrap();
    session.sign_out().unwrap();
    Damaged { staff, patient }
}

fn opened(home: &Path, staff: &Staff) -> (Arc<Clinic>, Session) {
    let clinic = Clinic::open(home, surroundings()).unwrap();
    let session = clinic
        .sign_in(staff.user(Role::Owner), &passphrase(Role::Owner))
        .unwrap();
    (clinic, session)
}

/// Every envelope of the clinical lane, as `(log, seq, bytes)`.
fn clinical(home: &Path) -> Vec<(LogId, u64, Vec<u8>)> {
    let tables = raw::tables(&home.join("ledger.redb"));
    let rows = tables["envelopes"].iter().filter_map(|(_, bytes)| {
        let (header, _) = Header::decode(bytes).ok()?;
        (header.lane == Lane::Clinical).then(|| (header.log, header.seq, bytes.clone()))
    });
    rows.collect()
}

#[test]
fn a_flipped_bit_in_an_envelope_is_named_and_hides_nothing_else() {
    let Damaged { staff, patient } = clinic();
    let envelopes = clinical(&staff.home());
    assert_eq!(envelopes.len(), VISITS + 1);
    let mut dice = Dice(11);
    for round in 0..24 {
        let home = raw::copied(&staff.home());
        let (log, seq, mut bytes) = envelopes[dice.below(envelopes.len())].clone();
        // In turn anywhere, where the sealed content is, and in the signature.
        let from = [0, HEADER_LEN, bytes.len() - 64][round % 3];
        let at = from + dice.below(bytes.len() - from);
        bytes[at] ^= 1 << dice.below(8);
        let key = envelope_key(log, Lane::Clinical, seq);
        raw::alter(&home.path().join("ledger.redb"), "envelopes", &key, &bytes);
        let told = format!("round {round}: byte {at} of clinical {seq}");

        // The cache still knows what it said.
        let (clinic, mut session) = opened(home.path(), &staff);
        let chart = session.open(patient).unwrap();
        assert_eq!(chart.visits.unwrap().visits.len(), VISITS, "{told}");
        let verified = session.verify(|_| {}).unwrap();
        assert!(!verified.is_sound(), "{told}");
        let place = format!("log {log} Clinical {seq}");
        let named = verified.problems.iter().any(|it| it.contains(&place));
        assert!(named, "{told}: {:?}", verified.problems);
        drop((clinic, session));

        // Without a cache, all that does not hang on it is there, and says so.
        fs::remove_file(home.path().join("cache.redb")).unwrap();
        let (_clinic, mut session) = opened(home.path(), &staff);
        let chart = session.open(patient).unwrap();
        assert!(chart.identity.person.is_some(), "{told}");
        let visits = chart.visits.unwrap().visits.len();
        let allergies = chart.summary.unwrap().allergies.len();
        assert!(visits < VISITS || allergies == 0, "{told}");
        assert!(visits == VISITS || allergies == 1, "{told}: both are gone");
        if visits < VISITS || allergies == 0 {
            let known = chart.problems.iter().any(|it| it.contains(&place));
            let nameless = at < HEADER_LEN;
            assert!(known || nameless, "{told}: {:?}", chart.problems);
        }
        // Care goes on.
        let visit = record(&mut session, Kind::Visit);
        let edits = vec![Edit::add(visit)];
        session.save(Subject::Patient(patient), edits).unwrap();
        let after = session.chart(patient).unwrap().visits.unwrap().visits.len();
        assert_eq!(after, visits + 1, "{told}");
    }
}

#[test]
fn an_envelope_in_another_ones_place_is_named_and_not_taken_for_it() {
    let Damaged { staff, patient } = clinic();
    let envelopes = clinical(&staff.home());
    let home = raw::copied(&staff.home());
    let (log, seq, _) = envelopes[4];
    let key = envelope_key(log, Lane::Clinical, seq);
    let file = home.path().join("ledger.redb");
    raw::alter(&file, "envelopes", &key, &envelopes[2].2);
    fs::remove_file(home.path().join("cache.redb")).unwrap();
    let (_clinic, mut session) = opened(home.path(), &staff);
    assert!(session.open(patient).unwrap().visits.unwrap().visits.len() < VISITS);
    let verified = session.verify(|_| {}).unwrap();
    let place = format!("log {log} Clinical {seq}");
    assert!(!verified.is_sound());
    assert!(verified.problems.iter().any(|it| it.contains(&place)));
}

#[test]
fn a_broken_audit_is_told_and_the_rest_of_it_is_read() {
    let Damaged { staff, patient } = clinic();
    for _ in 0..3 {
        let mut session = staff.sign_in(Role::Clinician);
        session.open(patient).unwrap();
        session.sign_out().unwrap();
    }
    let home = raw::copied(&staff.home());
    let file = home.path().join("ledger.redb");
    let rows = raw::tables(&file).remove("envelopes").unwrap();
    let audits: Vec<_> = rows
        .into_iter()
        .filter(|(key, _)| key[LogId::LEN] == Lane::Audit as u8)
        .collect();
    let whole = {
        let (_clinic, mut session) = opened(home.path(), &staff);
        let audit = session.read_audit(None).unwrap();
        assert_eq!(audit.problems, Vec::<String>::new());
        audit.entries.len()
    };
    let (key, mut bytes) = audits[audits.len() - 3].clone();
    let at = bytes.len() - 100;
    bytes[at] ^= 4;
    raw::alter(&file, "envelopes", &key, &bytes);
    let (_clinic, mut session) = opened(home.path(), &staff);
    let audit = session.read_audit(None).unwrap();
    assert!(!audit.problems.is_empty());
    assert!(
        audit.entries.len() + 10 > whole,
        "{} of {whole}",
        audit.entries.len()
    );
}

#[test]
fn a_damaged_row_of_the_audit_is_found_by_verify_too() {
    let Damaged { staff, .. } = clinic();
    let home = raw::copied(&staff.home());
    {
        let (_clinic, mut session) = opened(home.path(), &staff);
        session.find("", 5).unwrap();
        session.find("", 5).unwrap();
        // Neither signed out nor locked: its rows are in no envelope yet.
    }
    let file = home.path().join("ledger.redb");
    let rows = raw::tables(&file).remove("open_audit").unwrap();
    let [.., (_, before), (key, _)] = &rows[..] else {
        panic!("{} open rows", rows.len());
    };
    raw::alter(&file, "open_audit", key, before);
    let (_clinic, mut session) = opened(home.path(), &staff);
    let verified = session.verify(|_| {}).unwrap();
    assert!(!verified.is_sound());
    let named = |it: &String| it.contains("audit entry") && it.contains("does not open");
    assert!(
        verified.problems.iter().any(named),
        "{:?}",
        verified.problems
    );
}

#[test]
fn a_clinic_opens_without_an_old_certificate_and_says_which_statement_it_lacks() {
    let Damaged { staff, .. } = clinic();
    let rows = raw::tables(&staff.home().join("ledger.redb"));
    let rows = rows["envelopes"].iter();
    let lane: Vec<_> = rows
        .filter(|(key, _)| key[LogId::LEN] == Lane::Membership as u8)
        .map(|(_, bytes)| Envelope::decode(bytes).unwrap())
        .collect();
    let kind = |it: &Envelope| it.header.kind;
    let last_session = lane.iter().rposition(|it| kind(it) == Sort::Certificate);
    for (at, envelope) in lane.iter().enumerate() {
        let header = &envelope.header;
        let (log, seq) = (header.log, header.seq);
        let mut bytes = envelope.encode();
        bytes[HEADER_LEN + 20] ^= 1;
        if kind(envelope) == Sort::Certificate {
            // Not even its kind can be read.
            bytes[0] ^= 1;
        }
        let home = raw::copied(&staff.home());
        let file = home.path().join("ledger.redb");
        let key = envelope_key(log, Lane::Membership, seq);
        raw::alter(&file, "envelopes", &key, &bytes);
        let may_open = kind(envelope) == Sort::Certificate && Some(at) != last_session;
        match Clinic::open(home.path(), surroundings()) {
            Ok(clinic) => {
                assert!(may_open, "{seq} is a statement");
                let owner = staff.user(Role::Owner);
                let mut session =
                    clinic.sign_in(owner, &passphrase(Role::Owner)).unwrap();
                let verified = session.verify(|_| {}).unwrap();
                assert!(!verified.is_sound(), "{seq}");
                let place = format!("log {log} Membership {seq}");
                let named = verified.problems.iter().any(|it| it.contains(&place));
                assert!(named, "{seq}: {:?}", verified.problems);
            }
            Err(error) => {
                assert!(!may_open, "{seq}: {error}");
                let said = format!(
                    "envelope {seq} of the membership lane of log {log} is damaged"
                );
                assert_eq!(error.to_string(), said);
            }
        }
    }
}
