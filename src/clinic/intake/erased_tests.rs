//! What was erased stays erased, whatever carries the rest.

use std::{collections::BTreeMap, path::Path};

use tempfile::TempDir;

use super::{
    Refused, Why,
    testing::{Desktop, PASSPHRASE, founded, missing, register, surroundings},
};
use crate::{
    chart::{Part, Subject, who::Role},
    clinic::{
        BundleOrder, BundleTaken, Clinic, Restorer, Session,
        own_log::{Draft, Writing},
    },
    ids::{DocId, PatientId},
    ledger::{Entry, Frontier, Kind, Lane, Place},
    members::{self, Author, Body, Statement},
};

const SECOND: &str = "a quiet river under seven old bridges";

/// A machine on which one of two patients was registered before, and a stick of then.
struct Before {
    here: Desktop,
    grace: PatientId,
    stick: TempDir,
}

fn before() -> (Before, Desktop) {
    let here = founded(1);
    let there = here.second(2);
    let mut session = here.owner();
    session.add_user("Badu", Role::Nurse, SECOND).unwrap();
    let grace = register(&mut session, "Grace");
    register(&mut session, "Rose");
    session.sign_out().unwrap();
    let stick = TempDir::new().unwrap();
    (Before { here, grace, stick }, there)
}

/// An owner and a nurse ask for the end of somebody's identity.
fn erase(at: &Desktop, patient: PatientId) -> DocId {
    let session = at.owner();
    let clinic = session.clinic();
    let nurse = session.user_named("Badu").unwrap();
    let doc = session
        .keyring
        .doc_id(Subject::Patient(patient), Part::Identity)
        .unwrap();
    let badu = clinic.sign_in(nurse, SECOND).unwrap();
    let heads = clinic.known().membership.heads();
    let mut desk = clinic.desk();
    let draft = members::Draft {
        clinic: clinic.id(),
        at: desk.log.tick(clinic.clock.now()),
        parents: heads,
        body: Body::Erase([doc].into()),
    };
    let both = [&session, &badu].map(|it| Author::user(it.user, &it.keys.signing));
    let [owner, second] = both;
    let statement = Statement::sign_both(draft, owner, second).unwrap();
    let said = Draft::Open {
        kind: Kind::Statement,
        bytes: statement.encode(),
    };
    let writing = Writing {
        drafts: session.signed([said]),
        ..Writing::default()
    };
    desk.write(clinic, session.id, writing).unwrap();
    drop(desk);
    clinic.known().learn(vec![statement], Vec::new()).unwrap();
    badu.sign_out().unwrap();
    session.sign_out().unwrap();
    doc
}

fn given_names(at: &Desktop) -> Vec<String> {
    let mut session = at.owner();
    let names = names_in(&mut session);
    session.sign_out().unwrap();
    names
}

fn names_in(session: &mut Session) -> Vec<String> {
    session.settle().unwrap();
    let mut names: Vec<String> = session.with_index(|index| {
        let names = index.rows().flat_map(|it| &it.names);
        names.map(|it| it.given.clone()).collect()
    });
    names.sort();
    names
}

/// How many envelopes of a document are held whole, and how many as stubs.
fn held(clinic: &Clinic, doc: DocId) -> (usize, usize) {
    let mut counts = (0, 0);
    for (log, lane) in clinic.frontier().unwrap().into_keys() {
        let place = Place { log, lane, seq: 1 };
        for bytes in clinic.read_run(place, usize::MAX).unwrap() {
            match Entry::decode(&bytes).unwrap() {
                it if it.header().doc != doc => {}
                Entry::Whole(_) => counts.0 += 1,
                Entry::Erased(_) => counts.1 += 1,
            }
        }
    }
    counts
}

/// Moves the membership lane alone.
fn tell(from: &Desktop, to: &Desktop) {
    let mut runs = missing(&from.clinic, &to.clinic);
    runs.retain(|run| run[0].header.lane == Lane::Membership);
    assert_eq!(to.clinic.take(runs).unwrap().refused, []);
}

fn stick_of(at: &Desktop, stick: &TempDir) -> std::path::PathBuf {
    let mut session = at.owner();
    let order = BundleOrder {
        full: true,
        ..BundleOrder::ALL
    };
    let made = session.bundle_make(&order, stick.path(), &mut |_, _| ());
    session.sign_out().unwrap();
    made.unwrap().files.remove(0)
}

fn take(at: &Desktop, file: &Path) -> BundleTaken {
    let mut session = at.owner();
    let taken = session.bundle_take(file, &mut |_, _| ());
    session.sign_out().unwrap();
    taken.unwrap()
}

#[test]
fn no_stick_brings_back_what_was_erased_and_what_is_left_of_it_travels_on_sticks() {
    let (Before { here, grace, stick }, there) = before();
    tell(&here, &there);
    there.owner().sign_out().unwrap();
    let third = here.second(7);
    third.owner().sign_out().unwrap();
    let old = stick_of(&here, &stick);
    let doc = erase(&here, grace);
    assert_eq!(held(&here.clinic, doc), (1, 0));
    tell(&here, &there);
    // Made before, taken after: the envelope comes whole and is not kept so.
    let taken = take(&there, &old);
    assert!(
        taken.refused.is_empty() && taken.broken.is_none(),
        "{taken:?}"
    );
    assert_eq!(held(&there.clinic, doc), (0, 1));
    assert_eq!(given_names(&there), ["Rose"]);
    let mut session = there.owner();
    let verified = session.verify(|_| {}).unwrap();
    assert!(verified.is_sound(), "{:?}", verified.problems);
    session.sign_out().unwrap();
    // Made by who holds the stub; then the old one again.
    for file in [stick_of(&there, &stick), old] {
        let taken = take(&third, &file);
        assert!(
            taken.refused.is_empty() && taken.broken.is_none(),
            "{taken:?}"
        );
        assert_eq!(held(&third.clinic, doc), (0, 1));
        assert_eq!(given_names(&third), ["Rose"]);
    }
}

#[test]
fn a_backup_of_what_was_erased_restores_no_more_than_its_stub() {
    let (Before { here, grace, stick }, there) = before();
    let doc = erase(&here, grace);
    there
        .clinic
        .take(missing(&here.clinic, &there.clinic))
        .unwrap();
    for (at, file) in [(&here, "whole"), (&there, "stub")] {
        let mut session = at.owner();
        let file = stick.path().join(file);
        session.backup_make(&file, &mut |_, _| ()).unwrap();
        session.sign_out().unwrap();
        let home = file.with_extension("home");
        let owner = Restorer::Passphrase(PASSPHRASE);
        let around = surroundings(30);
        let (clinic, came) =
            Clinic::restore(&home, &file, &owner, around, &mut |_, _| ()).unwrap();
        assert_eq!(came.refused, 0);
        assert_eq!(held(&clinic, doc), (0, 1));
        let user = clinic.users().unwrap()[0].user;
        let mut session = clinic.sign_in(user, PASSPHRASE).unwrap();
        assert_eq!(names_in(&mut session), ["Rose"]);
        session.sign_out().unwrap();
    }
}

#[test]
fn nobody_erases_by_sending_stubs() {
    let (Before { here, .. }, there) = before();
    let runs = missing(&here.clinic, &there.clinic);
    let whole: BTreeMap<Place, _> = runs
        .iter()
        .flatten()
        .map(|it| (Place::of(&it.header), it.hash()))
        .collect();
    let stubs = |of: Lane| -> Vec<Vec<Entry>> {
        let of = runs.iter().filter(|run| run[0].header.lane == of);
        of.map(|run| {
            run.iter()
                .cloned()
                .map(|it| Entry::from(it).erased())
                .collect()
        })
        .collect()
    };
    let before = there.clinic.frontier().unwrap();
    let early = there.clinic.take(stubs(Lane::Membership)).unwrap();
    tell(&here, &there);
    let after: Frontier = there.clinic.frontier().unwrap();
    for lane in [Lane::Desk, Lane::Audit] {
        let sent = stubs(lane);
        let first = Place::of(sent[0][0].header());
        let taken = there.clinic.take(sent).unwrap();
        assert!(whole.contains_key(&first));
        let why = Why::Erased;
        assert_eq!(taken.refused, [Refused { place: first, why }], "{lane:?}");
        assert_eq!((taken.new, taken.known), (0, 0), "{lane:?}");
    }
    assert!(early.new == 0 && early.refused.iter().all(|it| it.why == Why::Erased));
    assert!(before.len() <= after.len());
    assert_eq!(there.clinic.frontier().unwrap(), after);
    // What comes whole afterwards is kept.
    let taken = there.clinic.take(runs).unwrap();
    assert_eq!(taken.refused, []);
    assert_eq!(given_names(&there), ["Grace", "Rose"]);
}
