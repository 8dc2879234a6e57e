//! What people save on a machine, and what they were told is kept.

use cairn::{
    chart::{Edit, Name, NameUse, Person, Record, Sex, Subject},
    clinic::{Error, Session},
    ids::PatientId,
    ledger::Lane,
};

use super::{
    machine::{Fact, What},
    world::World,
};
use crate::{
    bad_days::pulse,
    clinic::{amoxicillin, penicillin},
    flaky_disk::Dice,
};

/// What somebody is about to save: of whom, what, and in which lane it will stand.
struct Saved {
    patient: PatientId,
    what: What,
    lane: Lane,
}

impl World {
    /// This person saves something on this machine.
    pub(super) fn save_something(
        &mut self,
        at: usize,
        name: &'static str,
    ) -> Result<(), Error> {
        let patients = self.patients.clone();
        let dice = &mut self.dice;
        self.machines[at].session(name)?;
        let before = self.machines[at].clinic().frontier().unwrap();
        let session = self.machines[at].session(name)?;
        let known = patients.into_iter().filter(|it| session.is_on_file(*it));
        let known: Vec<_> = known.collect();
        let saved = if known.is_empty() || dice.below(10) == 0 {
            register(session, dice)?
        } else {
            let patient = known[dice.below(known.len())];
            change(session, patient, dice)?
        };
        let (place, hash) = self.machines[at].wrote_since(&before, saved.lane);
        if saved.what == What::Registered {
            self.patients.push(saved.patient);
        }
        self.facts.push(Fact {
            patient: saved.patient,
            what: saved.what,
            user: name,
            place,
            hash,
            device: self.machines[at].clinic().device(),
        });
        Ok(())
    }
}

fn register(session: &mut Session, dice: &mut Dice) -> Result<Saved, Error> {
    let mut person = Person::new(session.entry());
    person.names = vec![Name {
        usage: NameUse::Usual,
        family: format!("Okello{}", dice.below(1_000)),
        given: "Grace".into(),
    }];
    person.sex = Sex::Female;
    let patient = session.register(person)?.patient;
    Ok(Saved {
        patient,
        what: What::Registered,
        lane: Lane::Desk,
    })
}

fn change(
    session: &mut Session,
    patient: PatientId,
    dice: &mut Dice,
) -> Result<Saved, Error> {
    let (edit, what, lane) = match dice.below(5) {
        0 => {
            let record = penicillin(session);
            let what = What::Allergy(record.entry().id);
            (Edit::add(record), what, Lane::Clinical)
        }
        1 => {
            let edit = pulse(session, &(60 + dice.below(60)).to_string());
            let what = What::Pulse(edit.record().entry().id);
            (edit, what, Lane::Clinical)
        }
        2 => {
            let record = amoxicillin(session);
            let what = What::Drug(record.entry().id);
            (Edit::add(record), what, Lane::Clinical)
        }
        it => {
            let chart = session.open(patient)?;
            let before = chart.identity.person;
            let before = before.ok_or_else(|| Error::Missing("person".to_owned()))?;
            let mut after = before.clone();
            let value = format!("07{:08}", dice.below(100_000_000));
            let what = if it == 3 {
                after.phone.clone_from(&value);
                What::Phone(value)
            } else {
                after.address.village.clone_from(&value);
                What::Village(value)
            };
            let records = [before, after].map(Record::Person);
            let [before, after] = records;
            (Edit::change(before, after), what, Lane::Desk)
        }
    };
    session.save(Subject::Patient(patient), vec![edit])?;
    Ok(Saved {
        patient,
        what,
        lane,
    })
}
