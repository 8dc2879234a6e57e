//! The machines of a clinic: joining, signing in there, being shut out.

use std::{path::PathBuf, sync::Arc};

use cairn::{
    chart::who::{Action, Role},
    clinic::{Clinic, Error, MachineRow, NewMachine, Session, Surroundings},
    ledger::{Envelope, Lane, Place},
    seal::{SeededEntropy, SigningKey, Work, words::PaperWords},
    sync::pair::Enrolment,
    time::{Clock, Moment, Timestamp},
};
use tempfile::TempDir;

use crate::clinic::{PASSPHRASE, founded, grace, owner, surroundings};

const NURSE: &str = "a quiet river under seven old bridges";
const NOON: Timestamp = Timestamp(1_780_000_000_000);

/// What a machine takes from outside that is no other machine's.
pub(crate) fn around(seed: u64) -> Surroundings {
    Surroundings {
        clock: Clock::Machine,
        entropy: Box::new(SeededEntropy::new(seed + 1_000_000)),
        work: Some(Work::DEMO),
    }
}

fn drawn(seed: u64, mailbox: bool) -> NewMachine {
    NewMachine::draw(mailbox, &mut SeededEntropy::new(seed))
}

/// A machine that joined, and its folder.
pub(crate) fn joined(session: &mut Session, seed: u64) -> (TempDir, Arc<Clinic>) {
    let machine = drawn(seed, false);
    let enrolment = session.invite_accept(&machine.card(""), None).unwrap();
    begun(&machine, enrolment, seed).unwrap()
}

fn begun(
    machine: &NewMachine,
    enrolment: Enrolment,
    seed: u64,
) -> Result<(TempDir, Arc<Clinic>), Error> {
    let folder = TempDir::new().unwrap();
    let home = folder.path().join("home");
    match Clinic::join(&home, machine, enrolment, around(seed)) {
        Ok(clinic) => Ok((folder, clinic)),
        Err(error) => {
            assert!(!home.exists(), "something of the home is left");
            Err(error)
        }
    }
}

/// Brings all that one machine holds to another.
pub(crate) fn bring(from: &Clinic, to: &Clinic) {
    let mut runs = Vec::new();
    for ((log, lane), (last, _)) in from.frontier().unwrap() {
        let mut run = Vec::new();
        while (run.len() as u64) < last {
            let seq = run.len() as u64 + 1;
            let part = from.read_run(Place { log, lane, seq }, 1 << 20).unwrap();
            assert!(!part.is_empty(), "a hole in {log} {lane:?} at {seq}");
            run.extend(part.iter().map(|it| Envelope::decode(it).unwrap()));
        }
        runs.push(run);
    }
    let taken = to.take(runs).unwrap();
    assert_eq!(taken.refused, []);
}

pub(crate) fn meet(one: &Clinic, other: &Clinic) {
    bring(one, other);
    bring(other, one);
    assert_eq!(one.frontier().unwrap(), other.frontier().unwrap());
}

fn named(session: &Session) -> Vec<(String, bool, bool)> {
    let machines = session.machines().unwrap();
    machines
        .into_iter()
        .map(|it: MachineRow| (it.name, it.enrolled, it.here))
        .collect()
}

#[test]
fn the_users_of_the_clinic_sign_in_on_a_new_machine_with_their_own_passphrases() {
    let (_folder, a) = founded();
    let mut okot = owner(&a);
    let nurse = okot.add_user("Badu", Role::Nurse, NURSE).unwrap();
    let patient = grace(&mut okot);
    let (_there, b) = joined(&mut okot, 1);
    assert_eq!(b.name(), "Kijani");
    let names: Vec<_> = b.users().unwrap().into_iter().map(|it| it.name).collect();
    assert_eq!(names.len(), 2, "{names:?}");
    // Before anything but the membership lane has come.
    let mut badu = b.sign_in(nurse, NURSE).unwrap();
    assert_eq!(badu.find("okello", 10).unwrap().len(), 0);
    badu.sign_out().unwrap();
    meet(&a, &b);
    let mut badu = b.sign_in(nurse, NURSE).unwrap();
    assert_eq!(badu.find("okello", 10).unwrap()[0].patient, patient);
    assert!(b.sign_in(nurse, PASSPHRASE).is_err());
    assert_eq!(
        named(&badu),
        [("1".into(), true, false), ("2".into(), true, true)]
    );
}

#[test]
fn each_machine_lets_the_other_connect_and_nobody_else() {
    let (_folder, a) = founded();
    let mut okot = owner(&a);
    let (_there, b) = joined(&mut okot, 1);
    let endpoint =
        |it: &Clinic| SigningKey::from_secret(&it.endpoint_secret().unwrap()).public();
    assert_eq!(b.machine_at(endpoint(&a)), Some(a.device()));
    // A knows B's endpoint from the pairing; then from B's own words, as others do.
    assert_eq!(a.machine_at(endpoint(&b)), Some(b.device()));
    meet(&a, &b);
    assert_eq!(a.machine_at(endpoint(&b)), Some(b.device()));
    let stranger = SigningKey::generate(&mut SeededEntropy::new(77)).public();
    assert_eq!(
        (a.machine_at(stranger), b.machine_at(stranger)),
        (None, None)
    );
}

#[test]
fn who_was_added_elsewhere_signs_in_once_somebody_unlocked_the_machine() {
    let (_folder, a) = founded();
    let mut okot = owner(&a);
    let (_there, b) = joined(&mut okot, 1);
    let nurse = okot.add_user("Badu", Role::Nurse, NURSE).unwrap();
    meet(&a, &b);
    assert!(b.users().unwrap().iter().all(|it| it.user != nurse));
    assert!(b.sign_in(nurse, NURSE).is_err());
    // While somebody is at work there.
    let mut there = owner(&b);
    let lab = okot.add_user("Cai", Role::LabPharmacy, NURSE).unwrap();
    meet(&a, &b);
    there.membership_changed().unwrap();
    for user in [nurse, lab] {
        assert!(b.sign_in(user, NURSE).is_ok());
    }
    // And who leaves is not among those who sign in.
    okot.remove_user(nurse, false).unwrap();
    meet(&a, &b);
    assert!(b.users().unwrap().iter().all(|it| it.user != nurse));
    assert!(b.sign_in(nurse, NURSE).is_err());
    there.membership_changed().unwrap();
    assert!(b.sign_in(lab, NURSE).is_ok());
}

#[test]
fn a_mailbox_keeps_what_is_sealed_and_nobody_signs_in_on_it() {
    let (_folder, a) = founded();
    let mut okot = owner(&a);
    let patient = grace(&mut okot);
    let machine = drawn(5, true);
    let enrolment = okot.invite_accept(&machine.card("Box"), None).unwrap();
    assert_eq!((enrolment.users.len(), enrolment.name.as_str()), (0, ""));
    let (_there, mailbox) = begun(&machine, enrolment, 5).unwrap();
    assert!(mailbox.is_mailbox().unwrap() && !a.is_mailbox().unwrap());
    let okots = okot.user();
    okot.sign_out().unwrap();
    meet(&a, &mailbox);
    assert_eq!(mailbox.users().unwrap(), []);
    assert!(mailbox.sign_in(okots, PASSPHRASE).is_err());
    let checked = mailbox.verify_sealed(|_| ()).unwrap();
    assert!(checked.is_sound(), "{:?}", checked.problems);
    let held = mailbox.frontier().unwrap().into_values();
    assert_eq!(checked.envelopes, held.map(|it| it.0).sum::<u64>());
    assert!(checked.documents > 0);
    // What it holds comes out again for those who have the keys.
    let mut okot = owner(&a);
    let (_third, c) = joined(&mut okot, 6);
    bring(&mailbox, &c);
    let mut there = owner(&c);
    assert_eq!(there.find("okello", 10).unwrap()[0].patient, patient);
}

#[test]
fn what_does_not_fit_leaves_no_home() {
    let (_folder, a) = founded();
    let mut okot = owner(&a);
    let machine = drawn(3, false);
    let whole = okot.invite_accept(&machine.card("Ward"), None).unwrap();
    let spoilt = |spoil: &dyn Fn(&mut Enrolment)| {
        let mut enrolment = whole.clone();
        spoil(&mut enrolment);
        begun(&machine, enrolment, 3).err().map(|it| it.to_string())
    };
    let torn = "what was given to this machine does not fit: no owner of the clinic let \
                this machine in";
    let cut = |it: &mut Enrolment| drop(it.envelopes.pop());
    assert_eq!(spoilt(&cut).as_deref(), Some(torn));
    let last = whole.envelopes.len() - 1;
    for wrong in [
        &(|it: &mut Enrolment| drop(it.envelopes.remove(0))) as &dyn Fn(&mut Enrolment),
        &|it: &mut Enrolment| it.envelopes[last][300] ^= 1,
        &|it: &mut Enrolment| it.envelopes.clear(),
        &|it: &mut Enrolment| it.users.clear(),
        &|it: &mut Enrolment| it.clinic = cairn::ids::ClinicId::from_bytes([9; 16]),
        &|it: &mut Enrolment| it.device = cairn::ids::DeviceId::from_bytes([9; 16]),
    ] {
        assert!(spoilt(wrong).is_some());
    }
    let other = drawn(4, false);
    assert!(begun(&other, whole.clone(), 4).is_err());
    let mut whole = whole;
    whole.envelopes.swap(0, 1);
    begun(&machine, whole, 3).unwrap();
}

#[test]
fn a_folder_that_holds_something_is_not_joined_in() {
    let (folder, a) = founded();
    let mut okot = owner(&a);
    let machine = drawn(3, false);
    let enrolment = okot.invite_accept(&machine.card("Ward"), None).unwrap();
    let home: PathBuf = folder.path().join("home");
    assert!(Clinic::join(&home, &machine, enrolment, around(3)).is_err());
    drop(okot);
    drop(a);
    assert!(Clinic::open(&home, surroundings()).is_ok());
}

#[test]
fn a_machine_joins_once_and_only_an_owner_lets_it_in() {
    let (_folder, a) = founded();
    let mut okot = owner(&a);
    let card = drawn(3, false).card("Ward");
    okot.invite_accept(&card, None).unwrap();
    assert!(okot.invite_accept(&card, None).is_err());
    let taken = drawn(4, false).card(" WARD ");
    let error = okot.invite_accept(&taken, None).unwrap_err();
    assert_eq!(error.to_string(), "there is a machine of this name already");
    okot.invite_accept(&taken, Some("Pharmacy")).unwrap();
    let nurse = okot.add_user("Badu", Role::Nurse, NURSE).unwrap();
    okot.sign_out().unwrap();
    let mut badu = a.sign_in(nurse, NURSE).unwrap();
    let card = drawn(5, false).card("Desk");
    assert!(matches!(
        badu.invite_accept(&card, None),
        Err(Error::Denied(_))
    ));
}

#[test]
fn a_machine_that_was_shut_out_is_not_let_near_and_new_keys_begin() {
    let (_folder, a) = founded();
    let mut okot = owner(&a);
    let (_there, b) = joined(&mut okot, 1);
    meet(&a, &b);
    let there = owner(&b);
    let machine = okot.machine_named("2").unwrap();
    assert!(okot.revoke_machine(a.device()).is_err());
    let patient = grace(&mut okot);
    okot.revoke_machine(machine).unwrap();
    assert_eq!(named(&okot)[1], ("2".into(), false, false));
    assert!(okot.machine_named("2").is_err());
    let endpoint = SigningKey::from_secret(&b.endpoint_secret().unwrap()).public();
    assert_eq!(a.machine_at(endpoint), None);
    assert_eq!(okot.find("okello", 10).unwrap()[0].patient, patient);
    // Should it hear of it, nobody begins to work there.
    bring(&a, &b);
    assert!(there.may(Action::WriteIdentity).is_err());
    drop(there);
    let user = b.users().unwrap()[0].user;
    assert!(b.sign_in(user, PASSPHRASE).is_err());
    // It comes back as a new machine only.
    let (_again, c) = joined(&mut okot, 9);
    assert!(owner(&c).find("okello", 10).is_ok());
}

#[test]
fn a_machine_is_renamed_everywhere() {
    let (_folder, a) = founded();
    let mut okot = owner(&a);
    let (_there, b) = joined(&mut okot, 1);
    okot.rename_machine(b.device(), "Ward").unwrap();
    assert!(okot.rename_machine(a.device(), "ward").is_err());
    assert!(okot.rename_machine(a.device(), "\u{202e}").is_err());
    okot.rename_machine(a.device(), "Desk").unwrap();
    meet(&a, &b);
    let there = owner(&b);
    let expected = [("Desk".into(), true, false), ("Ward".into(), true, true)];
    assert_eq!(named(&there), expected);
}

#[test]
fn another_owner_takes_the_paper_words_of_this_clinic() {
    let folder = TempDir::new().unwrap();
    let paper = PaperWords::generate(&mut SeededEntropy::new(3));
    let founding = cairn::clinic::Founding {
        machine: "1".to_owned(),
        clinic: "Kijani".to_owned(),
        user: "Dr Okot".to_owned(),
        passphrase: PASSPHRASE.to_owned().into(),
    };
    let home = folder.path().join("home");
    let a = Clinic::create_with(&home, founding, &paper, around(2)).unwrap();
    let mut okot = owner(&a);
    let stranger = PaperWords::generate(&mut SeededEntropy::new(4));
    assert!(okot.add_owner("Dr Abbo", &stranger, NURSE).is_err());
    let abbo = okot.add_owner("Dr Abbo", &paper, NURSE).unwrap();
    let (_there, b) = joined(&mut okot, 1);
    let mut there = b.sign_in(abbo, NURSE).unwrap();
    assert_eq!(there.role(), Role::Owner);
    // She does what owners do.
    there.add_user("Badu", Role::Nurse, NURSE).unwrap();
    meet(&a, &b);
    okot.membership_changed().unwrap();
    assert_eq!(a.users().unwrap().len(), 3);
    // And is let in again after she lost her passphrase.
    drop(there);
    assert!(
        okot.readmit_user(abbo, None, "some other six plain words here")
            .is_err()
    );
    let other = "some other six plain words here";
    okot.readmit_user(abbo, Some(&paper), other).unwrap();
    assert_eq!(a.sign_in(abbo, other).unwrap().role(), Role::Owner);
}

#[test]
fn who_lost_the_passphrase_is_the_same_user_with_new_keys() {
    let (_folder, a) = founded();
    let mut okot = owner(&a);
    let nurse = okot.add_user("Badu", Role::Nurse, NURSE).unwrap();
    let mut badu = a.sign_in(nurse, NURSE).unwrap();
    let patient = grace(&mut badu);
    badu.sign_out().unwrap();
    let other = "some other six plain words here";
    okot.readmit_user(nurse, None, other).unwrap();
    assert!(matches!(
        a.sign_in(nurse, NURSE),
        Err(Error::WrongPassphrase { .. })
    ));
    let mut session = a.sign_in(okot.user(), PASSPHRASE).unwrap();
    assert_eq!(session.find("okello", 10).unwrap()[0].patient, patient);
    assert!(
        okot.users()
            .unwrap()
            .iter()
            .any(|it| it.user == nurse && it.here)
    );
    // Whose key was compromised comes back the same way.
    okot.remove_user(nurse, true).unwrap();
    okot.readmit_user(nurse, None, NURSE).unwrap();
    assert_eq!(okot.user_named("Badu").unwrap(), nurse);
    assert!(!okot.is_exposed());
}

#[test]
fn a_machine_says_daily_how_far_it_knows_the_logs_to_reach() {
    let folder = TempDir::new().unwrap();
    let home = folder.path().join("home");
    let at = |ms: i64| Surroundings {
        clock: Clock::Fixed(Moment {
            at: NOON.plus_ms(ms),
            offset_minutes: 0,
        }),
        entropy: Box::new(SeededEntropy::new(7)),
        work: Some(Work::DEMO),
    };
    let founding = cairn::clinic::Founding {
        machine: "1".to_owned(),
        clinic: "Kijani".to_owned(),
        user: "Dr Okot".to_owned(),
        passphrase: PASSPHRASE.to_owned().into(),
    };
    let hour = 60 * 60 * 1000;
    let a = Clinic::create(&home, founding, at(0), |_| Ok(())).unwrap();
    let okot = owner(&a);
    let said = okot.machines().unwrap()[0].heads.unwrap();
    assert!(said.ms_since(NOON) < 1000);
    drop((okot, a));
    for (after, met, expected) in [(5, true, false), (7, false, false), (7, true, true)] {
        let a = Clinic::open(&home, at(after * hour)).unwrap();
        let mut okot = owner(&a);
        assert_eq!(okot.sign_heads(met).unwrap(), expected, "{after} h, {met}");
        assert!(okot.is_fresh());
        let frontier = a.frontier().unwrap();
        let lanes = frontier
            .keys()
            .filter(|it| it.1 == Lane::Membership)
            .count();
        assert_eq!(lanes, 1);
    }
    let a = Clinic::open(&home, at(7 * hour + 25 * hour)).unwrap();
    let okot = owner(&a);
    let said = okot.machines().unwrap()[0].heads.unwrap();
    assert!(said.ms_since(NOON) >= 32 * hour, "the sign-in does so");
}

#[test]
fn who_was_let_in_again_elsewhere_signs_in_once_somebody_else_did() {
    let (_folder, a) = founded();
    let mut okot = owner(&a);
    let nurse = okot.add_user("Badu", Role::Nurse, NURSE).unwrap();
    let (_there, b) = joined(&mut okot, 1);
    meet(&a, &b);
    let other = "some other six plain words here";
    okot.readmit_user(nurse, None, other).unwrap();
    meet(&a, &b);
    let early = b.sign_in(nurse, other).map(drop);
    assert!(matches!(&early, Err(Error::Refused(_))), "{early:?}");
    let there = b.sign_in(okot.user(), PASSPHRASE).unwrap();
    there.sign_out().unwrap();
    assert_eq!(b.sign_in(nurse, other).unwrap().user(), nurse);
}
