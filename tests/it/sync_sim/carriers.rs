//! What goes from machine to machine without a network: sticks that are carried about, pulled
//! half-way and taken late or twice, and backups of which a new machine is made.

use std::fs;

use cairn::{
    clinic::{BundleOrder, Clinic, Error, Restorer, Surroundings},
    seal::{SeededEntropy, Work},
};

use super::{
    clock,
    machine::{Frozen, Machine, folder},
    world::{MACHINES_MAX, OWNER, World},
};
use crate::clinic::PASSPHRASE;

impl World {
    /// An owner puts what others lack on a stick.
    pub(super) fn make_stick(&mut self, at: usize, full: bool) {
        self.look(at);
        let folder = folder();
        let order = BundleOrder {
            full,
            ..BundleOrder::ALL
        };
        let made = self.machines[at].session(OWNER).and_then(|session| {
            let made = session.bundle_make(&order, folder.path(), &mut |_, _| {})?;
            Ok(made.files.iter().map(|it| fs::read(it).unwrap()).collect())
        });
        match made {
            Ok(files) => {
                let files: Vec<Vec<u8>> = files;
                self.sticks.extend(files);
            }
            Err(error) => {
                self.allowed(Err(error));
            }
        }
    }

    /// Somebody puts a stick in, perhaps not for the first time, and perhaps pulls it out
    /// before its end.
    pub(super) fn take_stick(&mut self, at: usize, pulled: bool) {
        self.look(at);
        if self.sticks.is_empty() {
            return;
        }
        let stick = &self.sticks[self.dice.below(self.sticks.len())];
        let length = if pulled {
            self.dice.below(stick.len())
        } else {
            stick.len()
        };
        let folder = folder();
        let file = folder.path().join("stick.cairn");
        fs::write(&file, &stick[..length]).unwrap();
        let taken = self.machines[at]
            .session(OWNER)
            .and_then(|session| session.bundle_take(&file, &mut |_, _| {}));
        match taken {
            Ok(taken) => {
                self.tally.sticks += 1;
                self.tally.taken += usize::try_from(taken.new).unwrap();
            }
            Err(error) => {
                self.allowed(Err(error));
            }
        }
    }

    /// An owner keeps all that this machine holds in a file.
    pub(super) fn back_up(&mut self, at: usize) {
        let folder = folder();
        let file = folder.path().join("backup");
        let made = self.machines[at].session(OWNER).and_then(|session| {
            session.backup_make(&file, &mut |_, _| {})?;
            Ok(fs::read(&file).unwrap())
        });
        match made {
            Ok(backup) => self.backup = Some(backup),
            Err(error) => {
                self.allowed(Err(error));
            }
        }
    }

    /// A new machine is made of the last backup.
    pub(super) fn restore(&mut self) {
        let Some(backup) = &self.backup else { return };
        if self.machines.len() >= MACHINES_MAX {
            return;
        }
        let folder = folder();
        let (file, home) = (folder.path().join("backup"), folder.path().join("home"));
        fs::write(&file, backup).unwrap();
        let around = Surroundings {
            clock: clock::clock(),
            entropy: Box::new(SeededEntropy::new(self.dice.roll())),
            work: Some(Work::DEMO),
        };
        let restorer = Restorer::Passphrase(PASSPHRASE);
        match Clinic::restore(&home, &file, &restorer, around, &mut |_, _| {}) {
            Ok((clinic, _)) => drop(clinic),
            Err(error @ Error::Refused(_)) => {
                self.allowed(Err(error));
                return;
            }
            Err(error) => panic!("{error:?}"),
        }
        let life = self.dice.roll();
        self.add(Machine::of(&Frozen::of_home(&home), life));
        self.tally.restores += 1;
    }
}
