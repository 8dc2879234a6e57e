//! The power fails, or the disk refuses, while a copied machine takes a name of its own: it
//! has the one or the other, and no machine stands in the list that is nobody.

use std::{
    fs,
    path::{Path, PathBuf},
    sync::Arc,
};

use cairn::{
    clinic::{Clinic, Error, Founding, Surroundings},
    ids::DeviceId,
    ledger::{Envelope, Place},
    seal::{SeededEntropy, words::PaperWords},
};
use tempfile::TempDir;

use crate::{
    clinic::{PASSPHRASE, grace, owner, surroundings},
    flaky_disk::{Dice, FlakyDisk, Image, Left, Op, PowerCuts},
};

fn around(seed: u64) -> Surroundings {
    Surroundings {
        entropy: Box::new(SeededEntropy::new(seed)),
        ..surroundings()
    }
}

fn opened(home: &Path, disk: &FlakyDisk, seed: u64) -> Arc<Clinic> {
    Clinic::open_with(home, Arc::new(disk.clone()), around(seed)).unwrap()
}

/// All that a machine holds.
fn everything(clinic: &Clinic) -> Vec<Vec<Envelope>> {
    let runs = clinic.frontier().unwrap().into_keys();
    let run = |(log, lane)| {
        let place = Place { log, lane, seq: 1 };
        let run = clinic.read_run(place, usize::MAX).unwrap();
        run.iter().map(|it| Envelope::decode(it).unwrap()).collect()
    };
    runs.map(run).collect()
}

/// A machine that was set back to an older image of its disk, and heard of it: its folder,
/// and its files.
fn set_back() -> (TempDir, PathBuf, Image) {
    let folder = TempDir::new().unwrap();
    let home = folder.path().join("home");
    let disk = FlakyDisk::default();
    let founding = Founding {
        machine: "1".to_owned(),
        clinic: "Kijani".to_owned(),
        user: "Dr Okot".to_owned(),
        passphrase: PASSPHRASE.to_owned().into(),
    };
    let mut first = around(1);
    let paper = PaperWords::generate(&mut *first.entropy);
    let clinic =
        Clinic::create_on(&home, Arc::new(disk.clone()), founding, &paper, first);
    drop(clinic.unwrap());
    let older = disk.files();
    let work = |disk: &FlakyDisk, seed| {
        let clinic = opened(&home, disk, seed);
        let mut okot = owner(&clinic);
        grace(&mut okot);
        okot.sign_out().unwrap();
        clinic
    };
    let lost = everything(&work(&disk, 2));
    let disk = FlakyDisk::with(older);
    let clinic = work(&disk, 3);
    assert!(clinic.take(lost).unwrap().forked);
    assert!(clinic.has_twin());
    drop(clinic);
    (folder, home, disk.files())
}

fn sign_in(clinic: &Arc<Clinic>) -> Result<(), Error> {
    let user = clinic.users()?[0].user;
    clinic.sign_in(user, PASSPHRASE)?.sign_out()
}

/// Opens what is left, signs the owner in, and expects the machine under one new name.
#[track_caller]
fn goes_on(home: &Path, disk: &FlakyDisk, old: DeviceId, told: &str) {
    let clinic = opened(home, disk, 7);
    let was_there = clinic.machines().len();
    let is_renamed = !clinic.has_twin();
    assert_eq!(clinic.device() != old, is_renamed, "{told}");
    assert_eq!(was_there, if is_renamed { 2 } else { 1 }, "{told}");
    sign_in(&clinic).unwrap();
    assert!(!clinic.has_twin() && clinic.device() != old, "{told}");
    assert_eq!(clinic.machines().len(), 2, "{told}");
    let found = owner(&clinic).verify(|_| {}).unwrap();
    assert!(found.is_sound(), "{told}: {:?}", found.problems);
}

#[test]
fn a_power_cut_while_a_machine_is_renamed_leaves_no_machine_that_is_nobody() {
    let (_folder, home, image) = set_back();
    let disk = FlakyDisk::with(image.clone());
    let clinic = opened(&home, &disk, 5);
    let old = clinic.device();
    sign_in(&clinic).unwrap();
    drop(clinic);
    // Kept beside the disk, before the new name is taken.
    let next = home.join("endpoint.next");
    let key = fs::read(&next).unwrap();
    let (mut dice, mut points) = (Dice(3), 0);
    let mut cuts = PowerCuts::from(image);
    for (at, (part, op)) in disk.ops().into_iter().enumerate() {
        if let Op::Sync = op {
            let left = [Left::Nothing, Left::Everything, Left::Some][points % 3];
            let image = cuts.image(left, &mut dice);
            let told = format!("cut {at}, {left:?}");
            fs::write(&next, &key).unwrap();
            goes_on(&home, &FlakyDisk::with(image), old, &told);
            points += 1;
        }
        cuts.step(part, op);
    }
    assert!(points > 10, "only {points} cuts");
}

#[test]
fn a_disk_that_refuses_while_a_machine_is_renamed_leaves_no_machine_that_is_nobody() {
    let (_folder, home, image) = set_back();
    let (mut refused, mut writings) = (0, 1);
    loop {
        let disk = FlakyDisk::with(image.clone());
        let clinic = opened(&home, &disk, 5);
        let old = clinic.device();
        disk.refuse_after(Some(writings));
        let done = sign_in(&clinic);
        disk.refuse_after(None);
        drop(clinic);
        goes_on(&home, &disk, old, &format!("refused after {writings}"));
        if done.is_ok() {
            break;
        }
        refused += 1;
        writings += 7;
    }
    assert!(refused > 10, "only {refused} refusals");
}
