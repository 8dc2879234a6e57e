//! One person in two clinics: who is at work says that a patient of another clinic, whose
//! chart is shared with them, is one of their own. Nobody is linked by being alike.

use super::{Error, Session};
use crate::{
    chart::{Edit, Identifier, Person, Record, Subject, who::Action},
    ids::{ClinicId, PatientId},
};

impl Session {
    /// The own patient whom somebody said to be this one of another clinic.
    pub fn linked(&self, clinic: ClinicId, theirs: PatientId) -> Option<PatientId> {
        self.may(Action::ReadIdentity).ok()?;
        let wanted = Identifier::elsewhere(clinic, theirs).value;
        self.with_index(|index| {
            let mut rows = index.rows();
            let found = rows.find(|it| it.identifiers.contains(&wanted));
            found.map(|it| it.patient)
        })
    }

    /// What another clinic is called, by the newest card of somebody there.
    pub fn clinic_called(&self, clinic: ClinicId) -> Option<String> {
        let cards = self.cards().ok()?;
        let theirs = cards.iter().filter(|it| it.card.about().clinic == clinic);
        let newest = theirs.max_by_key(|it| it.card.about().made);
        newest.map(|it| it.card.about().clinic_name.clone())
    }

    /// Says that a patient of another clinic is an own one. Each is linked with one at most.
    pub fn link(
        &mut self,
        (clinic, theirs): (ClinicId, PatientId),
        own: PatientId,
    ) -> Result<(), Error> {
        self.settle()?;
        match self.linked(clinic, theirs) {
            Some(it) if it == own => return Ok(()),
            Some(_) => return Err(refused("they are said to be somebody else")),
            None => {}
        }
        let before = self.person_of(own)?;
        let at_clinic =
            |it: &Identifier| it.at_clinic().is_some_and(|(other, _)| other == clinic);
        if before.identifiers.iter().any(at_clinic) {
            let why = "this patient is said to be somebody else of that clinic";
            return Err(refused(why));
        }
        let mut after = before.clone();
        after
            .identifiers
            .push(Identifier::elsewhere(clinic, theirs));
        self.change_person(own, before, after)
    }

    /// Takes that back; gives who it was.
    pub fn unlink(
        &mut self,
        clinic: ClinicId,
        theirs: PatientId,
    ) -> Result<PatientId, Error> {
        self.settle()?;
        let own = self.linked(clinic, theirs);
        let own = own.ok_or_else(|| Error::Missing("link with an own patient".into()))?;
        let before = self.person_of(own)?;
        let mut after = before.clone();
        let name = Identifier::elsewhere(clinic, theirs);
        after.identifiers.retain(|it| *it != name);
        self.change_person(own, before, after)?;
        Ok(own)
    }

    fn person_of(&mut self, patient: PatientId) -> Result<Person, Error> {
        self.may(Action::WriteIdentity)?;
        let person = self.open(patient)?.identity.person;
        person.ok_or_else(|| Error::Missing(format!("person of {patient}")))
    }

    fn change_person(
        &mut self,
        patient: PatientId,
        before: Person,
        after: Person,
    ) -> Result<(), Error> {
        let edit = Edit::change(Record::Person(before), Record::Person(after));
        self.save(Subject::Patient(patient), vec![edit])?;
        self.settle()
    }
}

fn refused(why: &str) -> Error {
    Error::Refused(why.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clinic::intake::testing::{founded, register};

    #[test]
    fn a_person_is_linked_by_a_word_alone_once_and_until_that_is_taken_back() {
        let desktop = founded(1);
        let mut okot = desktop.owner();
        let [grace, other] = ["Grace", "Grace"].map(|it| register(&mut okot, it));
        let clinic = ClinicId::from_bytes([5; 16]);
        let theirs = PatientId::from_bytes([6; 16]);
        okot.settle().unwrap();
        assert_eq!(okot.linked(clinic, theirs), None);
        okot.link((clinic, theirs), grace).unwrap();
        assert_eq!(okot.linked(clinic, theirs), Some(grace));
        let person = okot.open(grace).unwrap().identity.person.unwrap();
        let at = person.identifiers.iter().filter_map(Identifier::at_clinic);
        assert_eq!(at.collect::<Vec<_>>(), [(clinic, theirs)]);
        // Nobody is two people, and nobody is said to be two of one clinic.
        for (theirs, own) in [(theirs, other), (PatientId::from_bytes([7; 16]), grace)] {
            let twice = okot.link((clinic, theirs), own);
            assert!(matches!(twice, Err(Error::Refused(_))), "{twice:?}");
        }
        assert_eq!(okot.unlink(clinic, theirs).unwrap(), grace);
        assert_eq!(okot.linked(clinic, theirs), None);
        okot.link((clinic, theirs), other).unwrap();
        assert_eq!(okot.linked(clinic, theirs), Some(other));
    }
}
