//! Two real machines of a clinic that exchange what they hold, and what a bad peer may bring.

use super::{
    Refused, Why,
    testing::{Desktop, PASSPHRASE, founded, meet, missing, register, run},
};
use crate::{
    chart::who::{Action, Role},
    clinic::Session,
    ids::{ClinicId, Hash, SessionId},
    ledger::{self, Break, Envelope, Kind, Lane, Place},
    seal::Signature,
};

fn given_names(session: &mut Session) -> Vec<String> {
    session.settle().unwrap();
    let mut names: Vec<String> = session.with_index(|index| {
        let names = index.rows().flat_map(|it| &it.names);
        names.map(|it| it.given.clone()).collect()
    });
    names.sort();
    names
}

#[track_caller]
fn check_same(here: &Desktop, there: &Desktop) {
    let (ours, theirs) = (here.clinic.frontier(), there.clinic.frontier());
    assert_eq!(ours.unwrap(), theirs.unwrap());
}

/// Two machines, and somebody registered on the first since they met.
fn one_ahead(seed: u64) -> (Desktop, Desktop) {
    let here = founded(seed);
    let there = here.second(seed + 1);
    let mut session = here.owner();
    register(&mut session, "Grace");
    register(&mut session, "Rose");
    session.sign_out().unwrap();
    (here, there)
}

#[test]
fn two_machines_that_meet_hold_the_same_and_show_it() {
    let here = founded(1);
    let there = here.second(2);
    let mut at_a = here.owner();
    let mut at_b = there.owner();
    register(&mut at_a, "Grace");
    register(&mut at_b, "Amos");
    let (to_a, to_b) = meet(&here.clinic, &there.clinic);
    assert_eq!((to_a.refused, to_b.refused), (Vec::new(), Vec::new()));
    assert!(to_a.new > 0 && to_b.new > 0 && !to_a.forked);
    check_same(&here, &there);
    assert_eq!(given_names(&mut at_a), ["Amos", "Grace"]);
    assert_eq!(given_names(&mut at_b), ["Amos", "Grace"]);
    assert!(at_a.verify(|_| {}).unwrap().is_sound());
    assert!(at_b.verify(|_| {}).unwrap().is_sound());
}

#[test]
fn what_is_taken_twice_or_in_pieces_is_held_once() {
    let (here, there) = one_ahead(10);
    let runs = missing(&here.clinic, &there.clinic);
    let all: usize = runs.iter().map(Vec::len).sum();
    let mut pieces = Vec::new();
    for run in &runs {
        pieces.extend(run.chunks(2).map(<[Envelope]>::to_vec));
    }
    pieces.reverse();
    let taken = there.clinic.take(pieces).unwrap();
    assert_eq!(
        (taken.new, taken.known, taken.refused),
        (all, 0, Vec::new())
    );
    check_same(&here, &there);
    let again = there.clinic.take(runs.clone()).unwrap();
    assert_eq!(
        (again.new, again.known, again.refused),
        (0, all, Vec::new())
    );
    let from_first = run(
        &here.clinic,
        Place {
            seq: 1,
            ..place(&runs[0])
        },
    );
    let again = there.clinic.take(vec![from_first.clone()]).unwrap();
    assert_eq!((again.new, again.known), (0, from_first.len()));
    check_same(&here, &there);
}

fn place(run: &[Envelope]) -> Place {
    Place::of(&run[0].header)
}

/// What is done to a run, where it then breaks, and why.
type Harm = (&'static str, fn(&mut Vec<Envelope>), usize, fn(u64) -> Why);

const HARMS: &[Harm] = &[
    (
        "a run that begins too late",
        |run| drop(run.remove(0)),
        0,
        |seq| {
            let expected = seq - 1;
            ledger::Error::from(Break::Gap { expected, seq }).into()
        },
    ),
    (
        "a gap",
        |run| drop(run.remove(1)),
        1,
        |seq| {
            let expected = seq - 1;
            ledger::Error::from(Break::Gap { expected, seq }).into()
        },
    ),
    (
        "two in the wrong order",
        |run| run.swap(1, 2),
        1,
        |seq| {
            let expected = seq - 1;
            ledger::Error::from(Break::Gap { expected, seq }).into()
        },
    ),
    (
        "another clinic's",
        |run| run[1].header.clinic = ClinicId::ZERO,
        1,
        |_| Why::OtherClinic,
    ),
    (
        "a changed content",
        |run| run.last_mut().unwrap().content[0] ^= 1,
        2,
        |_| ledger::Error::Signature.into(),
    ),
    (
        "a changed content in the middle",
        |run| run[1].content[0] ^= 1,
        1,
        |_| ledger::Error::Signature.into(),
    ),
    (
        "a false signature",
        |run| run.last_mut().unwrap().signature = Signature::from_bytes([7; 64]),
        2,
        |_| ledger::Error::Signature.into(),
    ),
    (
        "a session that nobody knows",
        |run| run[2].header.session = SessionId::from_bytes([9; 32]),
        2,
        |_| Why::Session,
    ),
    (
        "a header that contradicts itself",
        |run| run[2].header.kind = Kind::Audit,
        2,
        |_| ledger::Error::Malformed.into(),
    ),
    (
        "a content that is too long",
        |run| run[2].content = vec![0; ledger::CONTENT_BYTES_MAX + 1],
        2,
        |_| {
            let length = ledger::CONTENT_BYTES_MAX + 1;
            ledger::Error::Length { length }.into()
        },
    ),
    (
        "another history",
        |run| run[0].header.prev = Hash::from_bytes([3; 32]),
        0,
        |seq| ledger::Error::from(Break::Fork { seq }).into(),
    ),
];

#[test]
fn what_is_not_sound_is_kept_out_and_told_and_harms_nothing_else() {
    let (here, there) = one_ahead(20);
    let mut session = here.owner();
    register(&mut session, "Mary");
    session.sign_out().unwrap();
    for (what, harm, at, why) in HARMS {
        let folder = there.copy();
        let there = folder.open();
        let mut runs = missing(&here.clinic, &there);
        let all: usize = runs.iter().map(Vec::len).sum();
        let target = runs.iter_mut().find(|run| place(run).lane == Lane::Desk);
        let target = target.unwrap();
        assert_eq!(target.len(), 3, "three people were registered");
        harm(target);
        let broken = target.get(*at).map(|it| Place::of(&it.header)).unwrap();
        let taken = there.take(runs).unwrap();
        let why = why(broken.seq);
        assert_eq!(taken.refused, [Refused { place: broken, why }], "{what}");
        assert_eq!(taken.new, all - 3 + at, "{what}");
        let whole = there.take(missing(&here.clinic, &there)).unwrap();
        assert_eq!((whole.new, whole.refused), (3 - at, Vec::new()), "{what}");
        assert_eq!(there.frontier().unwrap(), here.clinic.frontier().unwrap());
    }
}

#[test]
fn a_machine_that_nobody_let_in_is_not_kept() {
    let (here, _) = one_ahead(30);
    let stranger = founded(40);
    let mut runs = missing(&stranger.clinic, &here.clinic);
    for run in &mut runs {
        for envelope in run {
            envelope.header.clinic = here.clinic.id();
        }
    }
    let before = here.clinic.frontier().unwrap();
    let taken = here.clinic.take(runs.clone()).unwrap();
    assert_eq!((taken.new, taken.refused.len()), (0, runs.len()));
    assert_eq!(here.clinic.frontier().unwrap(), before);
}

#[test]
fn machines_know_one_another_by_the_key_with_which_they_meet() {
    let here = founded(50);
    let there = here.second(51);
    let mut met = Vec::new();
    for (ours, theirs) in [(&here, &there), (&there, &here)] {
        let secret = theirs.clinic.endpoint_secret().unwrap();
        let key = crate::seal::SigningKey::from_secret(&secret).public();
        assert_eq!(ours.clinic.machine_at(key), Some(theirs.clinic.device()));
        assert_eq!(theirs.clinic.machine_at(key), None, "nobody meets itself");
        met.push(ours.clinic.machines().len());
    }
    assert_eq!(met, [2, 2]);
}

#[test]
fn what_is_written_and_taken_is_told_until_nobody_listens() {
    use std::sync::mpsc::channel;

    use crate::clinic::Happened;

    let (here, there) = one_ahead(60);
    let (tell, told) = channel();
    let listening = there
        .clinic
        .listen(Box::new(move |it| tell.send(it).unwrap()));
    there
        .clinic
        .take(missing(&here.clinic, &there.clinic))
        .unwrap();
    let heard: Vec<_> = told.try_iter().collect();
    assert!(
        heard.contains(&Happened::Took { documents: true }),
        "{heard:?}"
    );
    assert!(!heard.contains(&Happened::Wrote), "{heard:?}");
    let mut session = there.owner();
    register(&mut session, "Amos");
    let heard: Vec<_> = told.try_iter().collect();
    assert!(heard.contains(&Happened::Wrote), "{heard:?}");
    drop(listening);
    register(&mut session, "Joy");
    assert_eq!(told.try_iter().count(), 0);
}

#[test]
fn what_a_bad_disk_changed_is_put_back_by_what_another_machine_has() {
    let (here, there) = one_ahead(70);
    meet(&here.clinic, &there.clinic);
    let (log, lane) = (here.clinic.log(), Lane::Desk);
    let damaged = [1, 2].map(|seq| Place { log, lane, seq });
    for place in damaged {
        let original = run(&here.clinic, place).remove(0);
        there.clinic.store.damage(place).unwrap();
        assert!(there.clinic.read_run(place, 1).unwrap().is_empty());
        assert!(there.clinic.holes().unwrap().contains(&place));
        let mut forged = original.clone();
        forged.content[0] ^= 1;
        let taken = there.clinic.take(vec![vec![forged]]).unwrap();
        assert_eq!((taken.new, taken.known, taken.refused.len()), (0, 0, 1));
        assert!(there.clinic.holes().unwrap().contains(&place));
        let taken = there.clinic.take(vec![vec![original.clone()]]).unwrap();
        assert_eq!((taken.new, taken.known, taken.refused), (0, 1, Vec::new()));
        assert!(there.clinic.holes().unwrap().is_empty());
        assert_eq!(run(&there.clinic, place).first(), Some(&original));
    }
    check_same(&here, &there);
    let mut session = there.owner();
    assert!(session.verify(|_| {}).unwrap().is_sound());
}

#[test]
fn a_user_who_was_let_in_or_shut_out_elsewhere_is_here_too() {
    let here = founded(80);
    let there = here.second(81);
    let mut at_a = here.owner();
    let mut at_b = there.owner();
    let nurse = at_a.add_user("Nurse", Role::Nurse, PASSPHRASE).unwrap();
    at_a.settle().unwrap();
    meet(&here.clinic, &there.clinic);
    at_b.settle().unwrap();
    let enrolled = there.clinic.users().unwrap();
    assert!(enrolled.iter().any(|it| it.user == nurse), "{enrolled:?}");
    register(&mut at_b, "Amos");
    let mut at_work = there.clinic.sign_in(nurse, PASSPHRASE).unwrap();
    assert_eq!(given_names(&mut at_work), ["Amos"]);
    at_a.remove_user(nurse, false).unwrap();
    meet(&here.clinic, &there.clinic);
    assert!(at_work.may(Action::ReadIdentity).is_err());
    assert!(there.clinic.sign_in(nurse, PASSPHRASE).is_err());
    // What is written now, the one who left cannot read: new keys, which the other machine
    // writes with too.
    at_b.settle().unwrap();
    register(&mut at_b, "Joy");
    meet(&here.clinic, &there.clinic);
    assert_eq!(given_names(&mut at_a), ["Amos", "Joy"]);
}
