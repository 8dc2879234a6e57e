//! Bringing what was checked to the disk, then knowing it.

use std::collections::BTreeSet;

use super::{Said, run::Link};
use crate::{
    clinic::{Clinic, Error, Happened, known::Known},
    ledger::{Lane, Place},
    store::NewEnvelope,
};

/// What is to be kept together.
#[derive(Default)]
pub(super) struct Round {
    pub(super) kept: Vec<Link>,
    pub(super) said: Said,
}

impl Clinic {
    /// Keeps a round; gives how many envelopes it had.
    pub(super) fn keep_round(&self, round: Round) -> Result<usize, Error> {
        let Round { kept, said } = round;
        if kept.is_empty() {
            return Ok(0);
        }
        let bytes: Vec<_> = kept.iter().map(|it| it.envelope.encode()).collect();
        let places = kept.iter().map(|it| Place::of(&it.envelope.header));
        let new: Vec<_> = places
            .zip(&kept)
            .zip(&bytes)
            .map(|((place, link), bytes)| NewEnvelope {
                place,
                hash: link.hash,
                bytes,
            })
            .collect();
        let mut desk = self.desk();
        let appended = self.store.append(&new, &[]);
        let now = self.clock.now();
        for link in &kept {
            desk.log.witness(link.envelope.header.hlc, now);
        }
        desk.behind = true;
        if kept
            .iter()
            .any(|it| it.envelope.header.log == desk.log.log())
        {
            desk.log.reread(&self.store)?;
        }
        if let Err(error) = appended {
            // The disk may have taken it all the same.
            if let Ok(known) = Known::read(&self.store, self.about.clinic) {
                *self.known() = known;
            }
            return Err(error.into());
        }
        let places: BTreeSet<Place> = new.iter().map(|it| it.place).collect();
        let (statements, certificates) = said.into_kept(|it| places.contains(&it));
        let learned = self
            .known()
            .take_in(&self.store, statements, certificates)?;
        drop(desk);
        let documents = places.iter().any(|it| is_of_documents(it.lane));
        self.tell(Happened::Took { documents });
        if learned {
            self.tell(Happened::Membership);
        }
        Ok(places.len())
    }
}

const fn is_of_documents(lane: Lane) -> bool {
    match lane {
        Lane::Desk | Lane::Clinical | Lane::Restricted => true,
        Lane::Membership | Lane::Audit | Lane::Attachments => false,
    }
}
