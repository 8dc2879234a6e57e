//! Taking in what came from other machines: each envelope is checked by its bytes and by what
//! is held, and kept. What documents make of it is for the next who sits at the desk.

mod commit;
#[cfg(test)]
mod erased_tests;
#[cfg(test)]
mod fork_tests;
#[cfg(test)]
mod hostile_tests;
mod round;
mod run;
mod said;
#[cfg(test)]
pub(super) mod testing;
#[cfg(test)]
mod tests;

use std::{collections::BTreeSet, sync::PoisonError};

pub use self::commit::CommitSize;
use self::{round::Round, run::Run, said::Said};
use super::{
    Clinic, Error, actor::Signing, branches::Branches, known::Known, let_in::LetIn,
};
use crate::{
    ids::SessionId,
    ledger::{self, Entry, Kind, Lane, Place},
    members::{self, Statement},
    seal::PublicKey,
};

/// What became of envelopes that came.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Taken {
    /// Envelopes that were kept.
    pub new: usize,
    /// Envelopes that were held before.
    pub known: usize,
    /// The first of each run that was not kept; those after it were not either.
    pub refused: Vec<Refused>,
    /// Whether a log turned out to have a second branch.
    pub forked: bool,
}

/// An envelope that was not kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Refused {
    /// Where it says that it stands.
    pub place: Place,
    /// Why.
    pub why: Why,
}

/// Why an envelope is not kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Why {
    /// Its bytes, its signature or its place in the chain.
    #[error(transparent)]
    Envelope(#[from] ledger::Error),
    /// Another clinic's.
    #[error("of another clinic")]
    OtherClinic,
    /// Its session's certificate is not held: nobody answers for it.
    #[error("its session is not known here")]
    Session,
    /// Its session writes another log.
    #[error("its session writes another log")]
    OtherLog,
    /// Its log is of no machine that an owner ever let in, as far as is known here, and of no
    /// provider's to whom this was shared.
    #[error("its machine was never enrolled, and may not write this")]
    Machine,
    /// Its content was erased, and nobody of this clinic asked for that.
    #[error("its content was erased, which nobody here asked for")]
    Erased,
    /// Its machine says more of who belongs than any needs, or its provider proposes more than
    /// anybody looks at.
    #[error("its machine says too much: an owner should look at it, or shut it out")]
    TooMuch,
    /// What it holds is no statement or certificate.
    #[error(transparent)]
    Content(#[from] members::Error),
}

/// What a session signs with in a log, or why it does not.
type Key = Result<PublicKey, Why>;

impl Clinic {
    /// Takes in runs, each of consecutive envelopes of one log and lane. What is kept is on
    /// the disk when this returns; a run that breaks somewhere is kept up to there.
    ///
    /// Of documents that are to be erased only stubs are kept, whatever came; and a stub is
    /// taken of no others.
    pub fn take(&self, runs: Vec<Vec<impl Into<Entry>>>) -> Result<Taken, Error> {
        let _alone = self.taking.lock().unwrap_or_else(PoisonError::into_inner);
        let mut taken = Taken::default();
        let runs = runs.into_iter().filter(|it| !it.is_empty());
        let entries = runs.map(|run| run.into_iter().map(Into::into).collect());
        let mut left: Vec<Vec<Entry>> = entries.collect();
        left.sort_by_key(|run| run.first().map(|it| (it.header().lane, it.header().seq)));
        let let_in = self.let_in_with(&left);
        while !left.is_empty() {
            let now = next_round(&mut left);
            self.take_round(now, &let_in, &mut taken)?;
        }
        Ok(taken)
    }

    fn take_round(
        &self,
        runs: Vec<Vec<Entry>>,
        let_in: &LetIn,
        taken: &mut Taken,
    ) -> Result<(), Error> {
        let own = self.own_logs();
        let mut first = runs.iter().filter_map(|run| run.first());
        let is_own = first.any(|it| own.contains(&it.header().log));
        // What this machine writes meanwhile would stand where its twin's is to go.
        let desk = is_own.then(|| self.desk());
        let branches = Branches::read(&self.store)?;
        let holes = self.store.holes()?;
        let mut round = Round::default();
        let mut sound = Vec::with_capacity(runs.len());
        for run in runs {
            let mut run = Run::of(run, self.about.clinic);
            run.erase(|doc| self.known().is_erased(doc));
            for held in run.pass_held(&branches)? {
                taken.known += held.1.len();
                round.mend(held, &holes);
            }
            cut_foreign(&mut run, let_in);
            let landing = run.land(&branches)?;
            self.cut_too_much(&mut run, let_in);
            round.said.hear(&mut run, self.about.clinic);
            sound.push((run, landing));
        }
        for (mut run, landing) in sound {
            let keys = self.keys_of(&run, &round.said, let_in)?;
            run.cut_unanswered(&keys);
            run.cut_unsigned(&keys);
            taken.refused.extend(run.broken());
            round.keep(run, landing, &own);
        }
        taken.forked |= round.is_forked();
        taken.new += self.keep_round(round, desk)?;
        Ok(())
    }

    /// Cuts what a machine says of who belongs to as much as is kept of one.
    fn cut_too_much(&self, run: &mut Run, let_in: &LetIn) {
        if let Some(Place { log, lane, .. }) = run.place()
            && lane == Lane::Membership
        {
            let mut room = self.known().room(log, let_in, self.clock.now());
            run.cut_where(|it| room.take(it.len_bytes()).ok_or(Why::TooMuch));
        }
    }

    /// The machines that were ever let in, by what is known and by what these runs say: a
    /// machine's log may come before the one that tells of it.
    fn let_in_with(&self, runs: &[Vec<Entry>]) -> LetIn {
        let mut let_in = self.known().let_in().clone();
        let early = runs.iter().flatten();
        let early = early.filter(|it| it.header().lane == Lane::Membership);
        let is_new = |it: &Entry| let_in.key_at(it.header().log).is_none();
        if early.clone().any(is_new) {
            let said = early.filter_map(Entry::whole);
            let said = said.filter(|it| it.header.kind == Kind::Statement);
            let said = said.filter_map(|it| Statement::open(&it.content).ok());
            let said: Vec<_> = said.filter(|it| it.clinic() == self.id()).collect();
            let_in.hear(said.iter());
        }
        let_in
    }

    /// What each session of a run signs with.
    fn keys_of(
        &self,
        run: &Run,
        said: &Said,
        let_in: &LetIn,
    ) -> Result<Vec<(SessionId, Key)>, Error> {
        let Some(place) = run.place() else {
            return Ok(Vec::new());
        };
        let mut known = self.known();
        let mut keys = Vec::new();
        for session in run.sessions() {
            let key = self.key_of(&mut known, (said, let_in), session, place)?;
            keys.push((session, key));
        }
        Ok(keys)
    }

    fn key_of(
        &self,
        known: &mut Known,
        (said, let_in): (&Said, &LetIn),
        session: SessionId,
        Place { log, lane, .. }: Place,
    ) -> Result<Key, Error> {
        let guest = let_in.guest(log);
        let in_log = |signing: Signing| {
            let fits = guest.map_or(signing.log == log, |it| signing.device == it.device);
            fits.then_some(signing.key).ok_or(Why::OtherLog)
        };
        if lane == Lane::Audit
            && let Some(key) = known.unattended(session, log)
        {
            return Ok(Ok(key));
        }
        let own = let_in.key_at(log);
        let Some(device) = own.or_else(|| guest.map(|it| it.device)) else {
            return Ok(Err(Why::Machine));
        };
        if lane == Lane::Membership {
            if session == SessionId::ZERO && own.is_some() {
                // A machine's first words, before anybody had a session there.
                return Ok(Ok(device));
            }
            if let Some(signing) = said.signing(session) {
                return Ok(in_log(signing));
            }
        }
        let signing = known.signing(&self.store, session)?;
        Ok(signing.map_or(Err(Why::Session), in_log))
    }
}

/// Cuts what its log is not for: who belongs only machines that were let in speak of, and
/// providers of other clinics certify their sessions and change the documents in which
/// something was ever granted to them.
fn cut_foreign(run: &mut Run, let_in: &LetIn) {
    let Some(Place { log, lane, .. }) = run.place() else {
        return;
    };
    let Some(guest) = let_in.guest(log) else {
        if lane == Lane::Membership && let_in.key_at(log).is_none() {
            run.cut(0, Why::Machine);
        }
        return;
    };
    run.cut_where(|it| {
        let header = it.header();
        let fits = match guest.doc {
            None => header.kind == Kind::Certificate,
            Some(doc) => header.kind == Kind::Change && header.doc == doc,
        };
        fits.then_some(()).ok_or(Why::OtherLog)
    });
}

/// Of the runs that are left, those to be kept together: one of each log and lane, and
/// statements before what leans on them.
fn next_round(left: &mut Vec<Vec<Entry>>) -> Vec<Vec<Entry>> {
    let place = |run: &Vec<Entry>| run.first().map(|it| Place::of(it.header()));
    let is_early = |lane| lane == Some(Lane::Membership);
    let early = left.first().and_then(place).map(|it| it.lane);
    let mut now: Vec<Vec<Entry>> = Vec::new();
    let mut seen = BTreeSet::new();
    let mut later = Vec::new();
    for run in left.drain(..) {
        let at = place(&run);
        let together = is_early(at.map(|it| it.lane)) == is_early(early);
        if together && seen.insert(at.map(Place::run)) {
            now.push(run);
        } else {
            later.push(run);
        }
    }
    *left = later;
    now
}
