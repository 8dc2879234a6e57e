//! One person in two clinics: who is at work says that a patient of another clinic, whose
//! chart is shared with them, is one of their own. Nobody is linked by being alike.
//!
//! What is shared with one person is nobody else's to know: what they say of it stands on this
//! machine alone, sealed under a key of theirs, in no chart.

use std::collections::BTreeMap;

use super::{Error, Session, put_row, row};
use crate::{
    chart::who::Action,
    ids::{ClinicId, PatientId},
    seal::{self, Secret, derive},
};

/// The own patient of each patient of other clinics.
type Links = BTreeMap<(ClinicId, PatientId), PatientId>;

impl Session {
    /// The own patient whom who is at work said to be this one of another clinic.
    pub fn linked(&self, clinic: ClinicId, theirs: PatientId) -> Option<PatientId> {
        self.may(Action::ReadClinical).ok()?;
        self.links().ok()?.get(&(clinic, theirs)).copied()
    }

    /// Whom of other clinics who is at work said this own patient to be.
    pub fn elsewhere(&self, own: PatientId) -> Result<Vec<(ClinicId, PatientId)>, Error> {
        if self.may(Action::ReadClinical).is_err() {
            return Ok(Vec::new());
        }
        let mut links = self.links()?;
        links.retain(|_, it| *it == own);
        Ok(links.into_keys().collect())
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
        self.may(Action::ReadClinical)?;
        if !self.is_on_file(own) {
            return Err(Error::Missing(format!("patient {own}")));
        }
        let mut links = self.links()?;
        match links.get(&(clinic, theirs)) {
            Some(it) if *it == own => return Ok(()),
            Some(_) => return Err(refused("they are said to be somebody else")),
            None => {}
        }
        let is_there = |((at, _), it): (&(ClinicId, _), &_)| *at == clinic && *it == own;
        if links.iter().any(is_there) {
            let why = "this patient is said to be somebody else of that clinic";
            return Err(refused(why));
        }
        links.insert((clinic, theirs), own);
        self.keep_links(&links)
    }

    /// Takes that back; gives who it was.
    pub fn unlink(
        &mut self,
        clinic: ClinicId,
        theirs: PatientId,
    ) -> Result<PatientId, Error> {
        self.may(Action::ReadClinical)?;
        let mut links = self.links()?;
        let own = links.remove(&(clinic, theirs));
        let own = own.ok_or_else(|| Error::Missing("link with an own patient".into()))?;
        self.keep_links(&links)?;
        Ok(own)
    }

    /// What who is at work said on this machine; nothing of what new keys of theirs closed.
    fn links(&self) -> Result<Links, Error> {
        let name = self.links_name();
        let Some(sealed) = self.clinic.read_row::<Vec<u8>>(&name)? else {
            return Ok(Links::new());
        };
        // The row's own check has told damage apart.
        let Ok(plain) = seal::open_row(&self.links_key(), name.as_bytes(), &sealed)
        else {
            return Ok(Links::new());
        };
        postcard::from_bytes(&plain).map_err(|source| Error::damaged("a link", source))
    }

    fn keep_links(&self, links: &Links) -> Result<(), Error> {
        let name = self.links_name();
        let plain = postcard::to_allocvec(links).unwrap_or_default();
        let mut desk = self.clinic.desk();
        let key = self.links_key();
        let sealed = seal::seal_row(&key, &mut *desk.entropy, name.as_bytes(), &plain);
        Ok(self.clinic.store.append(&[], &[put_row(name, &sealed)])?)
    }

    fn links_name(&self) -> String {
        format!("{}{}", row::LINKS, self.user)
    }

    fn links_key(&self) -> Secret {
        let secrets = self.keys.carry.secret();
        derive(
            "cairn/links/v1",
            &[secrets.as_bytes(), self.device.local.as_bytes()],
        )
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
        let before = okot.open(grace).unwrap().identity.person.unwrap();
        assert_eq!(okot.linked(clinic, theirs), None);
        okot.link((clinic, theirs), grace).unwrap();
        assert_eq!(okot.linked(clinic, theirs), Some(grace));
        assert_eq!(okot.elsewhere(grace).unwrap(), [(clinic, theirs)]);
        // It is in nothing that others of the clinic read, or that goes out of it.
        let person = okot.open(grace).unwrap().identity.person.unwrap();
        assert_eq!(person, before);
        let (theirs_in, row) =
            (theirs.as_bytes(), format!("{}{}", row::LINKS, okot.user()));
        let row = okot.clinic.store.meta(&row).unwrap().unwrap();
        assert!(!row.windows(theirs_in.len()).any(|it| it == theirs_in));
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
