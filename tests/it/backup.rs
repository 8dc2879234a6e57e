//! Backups made and restored: as a new machine, with an owner's passphrase or the paper
//! words, whole or not at all.

use std::{
    fs,
    path::{Path, PathBuf},
    sync::Arc,
};

use cairn::{
    chart::who::Role,
    clinic::{Clinic, Error, Founding, Restored, Restorer, Session, Surroundings},
    seal::{SeededEntropy, words::PaperWords},
    time::{Clock, Moment},
};
use tempfile::TempDir;

use crate::{
    clinic::{PASSPHRASE, grace, owner},
    devices::{around, joined, meet},
};

const NURSE: &str = "a quiet river under seven old bridges";
const OTHER: &str = "some other six plain words here";

fn paper() -> PaperWords {
    PaperWords::generate(&mut SeededEntropy::new(3))
}

fn founded() -> (TempDir, Arc<Clinic>) {
    let folder = TempDir::new().unwrap();
    let founding = Founding {
        machine: "1".to_owned(),
        clinic: "Kijani".to_owned(),
        user: "Dr Okot".to_owned(),
        passphrase: PASSPHRASE.to_owned().into(),
    };
    let home = folder.path().join("home");
    let clinic = Clinic::create_with(&home, founding, &paper(), around(2)).unwrap();
    (folder, clinic)
}

fn made(session: &mut Session, folder: &Path) -> PathBuf {
    let file = folder.join("backup");
    let made = session.backup_make(&file, &mut |_, _| {}).unwrap();
    assert_eq!(made.bytes, fs::metadata(&file).unwrap().len());
    file
}

fn restored(
    file: &Path,
    restorer: &Restorer<'_>,
    seed: u64,
) -> Result<(TempDir, Arc<Clinic>, Restored), Error> {
    let folder = TempDir::new().unwrap();
    let home = folder.path().join("home");
    match Clinic::restore(&home, file, restorer, around(seed), &mut |_, _| {}) {
        Ok((clinic, came)) => Ok((folder, clinic, came)),
        Err(error) => {
            assert!(!home.exists(), "something of the home is left");
            Err(error)
        }
    }
}

fn count(session: &mut Session) -> usize {
    session.find("okello", 100).unwrap().len()
}

#[test]
fn an_owner_restores_a_new_machine_with_her_passphrase_and_nothing_is_lost() {
    let (folder, a) = founded();
    let mut okot = owner(&a);
    let nurse = okot.add_user("Badu", Role::Nurse, NURSE).unwrap();
    grace(&mut okot);
    let file = made(&mut okot, folder.path());
    // Written after the backup, on the machine that goes on.
    grace(&mut okot);
    okot.sign_out().unwrap();
    let passphrase = Restorer::Passphrase(PASSPHRASE);
    let (_there, b, came) = restored(&file, &passphrase, 20).unwrap();
    assert_eq!(came.refused, 0);
    assert_eq!(b.name(), "Kijani");
    assert_ne!(b.device(), a.device());
    assert!(!b.is_caught_up().unwrap() && a.is_caught_up().unwrap());
    let names: Vec<_> = b.users().unwrap().into_iter().map(|it| it.name).collect();
    assert_eq!(names, ["Dr Okot"]);
    assert!(b.sign_in(nurse, NURSE).is_err());
    let mut there = owner(&b);
    assert_eq!(count(&mut there), 1);
    there.admit_user(nurse).unwrap();
    assert!(b.sign_in(nurse, NURSE).is_ok());
    // What both wrote since is on both, once each.
    grace(&mut there);
    let mut okot = owner(&a);
    meet(&a, &b);
    assert_eq!((count(&mut okot), count(&mut there)), (3, 3));
    let machines = okot.machines().unwrap();
    let names: Vec<_> = machines.iter().map(|it| it.name.as_str()).collect();
    assert_eq!(names, ["1", "2"]);
}

#[test]
fn the_paper_words_restore_when_every_passphrase_is_lost() {
    let (folder, a) = founded();
    let mut okot = owner(&a);
    okot.add_user("Badu", Role::Nurse, NURSE).unwrap();
    grace(&mut okot);
    let file = made(&mut okot, folder.path());
    let words = paper();
    let restorer = Restorer::Paper(&words, ("Dr Abbo", OTHER));
    let (_there, b, _) = restored(&file, &restorer, 21).unwrap();
    let abbo = b.users().unwrap();
    let abbo = abbo.iter().find(|it| it.name == "Dr Abbo").unwrap().user;
    let mut there = b.sign_in(abbo, OTHER).unwrap();
    assert_eq!((there.role(), count(&mut there)), (Role::Owner, 1));
    there.admit_everybody().unwrap();
    assert_eq!(b.users().unwrap().len(), 3);
    // She is an owner for the machines that went on, too.
    meet(&a, &b);
    okot.membership_changed().unwrap();
    assert!(okot.users().unwrap().iter().any(|it| it.name == "Dr Abbo"));
    let other = PaperWords::generate(&mut SeededEntropy::new(4));
    let stranger = Restorer::Paper(&other, ("Dr Abbo", OTHER));
    assert!(restored(&file, &stranger, 22).is_err());
}

#[test]
fn a_machine_made_of_a_backup_is_caught_up_once_it_met_another() {
    let (folder, a) = founded();
    let mut okot = owner(&a);
    let (_kept, c) = joined(&mut okot, 30);
    let file = made(&mut okot, folder.path());
    let passphrase = Restorer::Passphrase(PASSPHRASE);
    let (_there, b, _) = restored(&file, &passphrase, 31).unwrap();
    let met = cairn::clinic::Met {
        at: b.moment().at.plus_ms(1000),
        addrs: Vec::new(),
        theirs: cairn::ledger::Frontier::new(),
    };
    assert!(!b.is_caught_up().unwrap());
    b.met(c.device(), &met).unwrap();
    assert!(b.is_caught_up().unwrap());
}

#[test]
fn a_clock_that_is_ahead_makes_nobody_caught_up() {
    fn tomorrow() -> (Moment, i64) {
        let now = Clock::Machine.moment();
        let at = now.at.plus_ms(24 * 3_600_000);
        (Moment { at, ..now }, at.0)
    }
    let folder = TempDir::new().unwrap();
    let founding = Founding {
        machine: "1".to_owned(),
        clinic: "Kijani".to_owned(),
        user: "Dr Okot".to_owned(),
        passphrase: PASSPHRASE.to_owned().into(),
    };
    let clock = Clock::Told(tomorrow);
    let around = Surroundings { clock, ..around(2) };
    let home = folder.path().join("home");
    let a = Clinic::create_with(&home, founding, &paper(), around).unwrap();
    let file = made(&mut owner(&a), folder.path());
    let passphrase = Restorer::Passphrase(PASSPHRASE);
    let (_there, b, _) = restored(&file, &passphrase, 33).unwrap();
    assert!(!b.is_caught_up().unwrap(), "it met nobody");
}

#[test]
fn an_old_backup_brings_nobody_back_who_was_removed_since() {
    let (folder, a) = founded();
    let mut okot = owner(&a);
    let nurse = okot.add_user("Badu", Role::Nurse, NURSE).unwrap();
    let file = made(&mut okot, folder.path());
    okot.remove_user(nurse, false).unwrap();
    let passphrase = Restorer::Passphrase(PASSPHRASE);
    let (_there, b, _) = restored(&file, &passphrase, 23).unwrap();
    let mut there = owner(&b);
    there.admit_user(nurse).unwrap();
    meet(&a, &b);
    there.membership_changed().unwrap();
    assert!(b.sign_in(nurse, NURSE).is_err());
    assert!(a.users().unwrap().iter().all(|it| it.user != nurse));
    assert!(!there.is_exposed());
}

#[test]
fn who_is_no_owner_makes_none_and_opens_none() {
    let (folder, a) = founded();
    let mut okot = owner(&a);
    let nurse = okot.add_user("Badu", Role::Nurse, NURSE).unwrap();
    let file = made(&mut okot, folder.path());
    assert!(okot.backup_make(&file, &mut |_, _| {}).is_err());
    okot.sign_out().unwrap();
    let mut badu = a.sign_in(nurse, NURSE).unwrap();
    let mine = folder.path().join("mine");
    let denied = badu.backup_make(&mine, &mut |_, _| {});
    assert!(matches!(denied, Err(Error::Denied(_))));
    assert!(!mine.exists());
    assert!(restored(&file, &Restorer::Passphrase(NURSE), 24).is_err());
    let bytes = fs::read(&file).unwrap();
    for word in ["Okot", "Badu", "Kijani"] {
        let found = bytes.windows(word.len()).any(|it| it == word.as_bytes());
        assert!(!found, "{word} stands open in the backup");
    }
}

#[test]
fn cut_changed_and_foreign_files_are_refused_and_leave_no_home() {
    let (folder, a) = founded();
    let mut okot = owner(&a);
    grace(&mut okot);
    let file = made(&mut okot, folder.path());
    let whole = fs::read(&file).unwrap();
    let spoilt = folder.path().join("spoilt");
    let refused = |bytes: &[u8]| {
        fs::write(&spoilt, bytes).unwrap();
        let paper = paper();
        let restorer = Restorer::Paper(&paper, ("Dr Abbo", OTHER));
        let error = restored(&spoilt, &restorer, 25).unwrap_err().to_string();
        assert!(!error.contains("Okello"), "{error}");
        error
    };
    assert!(refused(b"").contains("ends early"));
    assert!(refused(b"%PDF-1.7 and more").contains("does not begin as a backup"));
    for length in (1..whole.len()).step_by(whole.len() / 23) {
        refused(&whole[..length]);
    }
    for at in (0..whole.len()).step_by(whole.len() / 40) {
        let mut changed = whole.clone();
        changed[at] ^= 0x10;
        refused(&changed);
    }
    refused(&[&*whole, b"more"].concat());
    let paper = paper();
    let restorer = Restorer::Paper(&paper, ("Dr Abbo", OTHER));
    restored(&file, &restorer, 26).unwrap();
}
