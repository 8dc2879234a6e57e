//! The clinic with which every world begins: made once, by the real founding and joining.

use std::{
    path::{Path, PathBuf},
    sync::{Arc, OnceLock},
};

use cairn::{
    chart::who::Role,
    clinic::{Clinic, Founding, NewMachine, Surroundings},
    ids::{ClinicId, PatientId},
    members::Verified,
    seal::{SeededEntropy, Work},
};

use super::{
    clock,
    machine::{Frozen, folder},
    outside::GUESTS,
    raw,
};
use crate::{
    clinic::{PASSPHRASE, grace, owner},
    flaky_disk::Dice,
    meeting::{Faults, meet},
};

/// The clinic's machines, in step and switched off.
pub(super) struct Base {
    pub(super) machines: Vec<Frozen>,
    /// A machine of the clinic that holds no keys.
    pub(super) mailbox: Frozen,
    pub(super) patients: Vec<PatientId>,
    pub(super) clinic: ClinicId,
    /// The machines of providers of other clinics, whose cards the clinic keeps, and who keep
    /// that of its owner.
    pub(super) guests: Vec<Frozen>,
}

/// Machines of a clinic before anything happens: those of a world are the first of them.
const MACHINES: usize = 6;

pub(super) fn base() -> &'static Base {
    static BASE: OnceLock<Base> = OnceLock::new();
    BASE.get_or_init(make)
}

fn surroundings(seed: u64) -> Surroundings {
    Surroundings {
        clock: clock::clock(),
        entropy: Box::new(SeededEntropy::new(seed)),
        work: Some(Work::DEMO),
    }
}

fn make() -> Base {
    clock::set(0, 0);
    let folder = folder();
    let home = |n: usize| -> PathBuf { folder.path().join(n.to_string()) };
    let founding = Founding {
        machine: "1".to_owned(),
        clinic: "Kijani".to_owned(),
        user: super::world::OWNER.to_owned(),
        passphrase: PASSPHRASE.to_owned().into(),
    };
    let first = Clinic::create(&home(0), founding, surroundings(1), |_| Ok(())).unwrap();
    let mut session = owner(&first);
    let patients = vec![grace(&mut session), grace(&mut session)];
    for (name, role) in [
        ("Achieng", Role::Clinician),
        ("Nora", Role::Nurse),
        ("Faith", Role::FrontDesk),
    ] {
        session.add_user(name, role, PASSPHRASE).unwrap();
    }
    let mut machines = vec![Arc::clone(&first)];
    for n in 1..=MACHINES {
        let mut entropy = SeededEntropy::new(100 + n as u64);
        let new = NewMachine::draw(n == MACHINES, &mut entropy);
        let card = new.card(&(n + 1).to_string());
        let enrolment = session.invite_accept(&card, None).unwrap();
        let around = surroundings(200 + n as u64);
        machines.push(Clinic::join(&home(n), &new, enrolment, around).unwrap());
    }
    session.sign_out().unwrap();
    let mut dice = Dice(0);
    for _ in 0..2 {
        for machine in &machines[1..] {
            meet([&first, machine], Faults::default(), &mut dice, |_| {});
        }
    }
    let guest = |n: usize| folder.path().join(format!("guest {n}"));
    for (n, name) in GUESTS.iter().enumerate() {
        give_cards(&first, &guest(n), name, 300 + n as u64);
    }
    let mut session = owner(&first);
    session.keep_card(&raw::card(), Verified::Room).unwrap();
    session.sign_out().unwrap();
    for machine in &machines[1..] {
        meet([&first, machine], Faults::default(), &mut dice, |_| {});
    }
    let clinic = first.id();
    drop(first);
    drop(machines);
    Base {
        clinic,
        guests: (0..GUESTS.len())
            .map(|n| Frozen::of_home(&guest(n)))
            .collect(),
        machines: (0..MACHINES).map(|n| Frozen::of_home(&home(n))).collect(),
        mailbox: Frozen::of_home(&home(MACHINES)),
        patients,
    }
}

/// A clinic of somebody outside, with whom the clinic's owner exchanges cards.
fn give_cards(clinic: &Arc<Clinic>, home: &Path, name: &str, seed: u64) {
    let founding = Founding {
        machine: "1".to_owned(),
        clinic: format!("The clinic of {name}"),
        user: name.to_owned(),
        passphrase: PASSPHRASE.to_owned().into(),
    };
    let there = Clinic::create(home, founding, surroundings(seed), |_| Ok(())).unwrap();
    let (mut here, mut session) = (owner(clinic), owner(&there));
    let cards = [here.card().unwrap(), session.card().unwrap()];
    session.keep_card(&cards[0], Verified::Room).unwrap();
    here.keep_card(&cards[1], Verified::Room).unwrap();
    here.sign_out().unwrap();
    session.sign_out().unwrap();
}
