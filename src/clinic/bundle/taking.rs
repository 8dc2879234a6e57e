//! Taking in a bundle: envelope by envelope from the stick, a little in each commit, each
//! checked as if it had come over a network.

use std::{
    collections::BTreeMap,
    fs::File,
    io::{BufReader, Read},
    path::Path,
    time::Duration,
};

use crate::{
    clinic::{
        AuditAction, AuditObject, Clinic, CommitSize, Error, Met, Refused, Session, Why,
    },
    ids::LogId,
    ledger::{Entry, Frontier, Lane, Place, runs_of},
    sync::bundle::{self, Bundle, Manifest},
};

/// The most that is kept of what came before the enrolment that it leans on, in bytes of
/// envelopes: some 1,500 sign-ins.
const EARLY_BYTES_MAX: usize = 1024 * 1024;
/// What is read from the stick at once, in bytes.
const BUFFER_BYTES: usize = 256 * 1024;

/// What became of a bundle.
#[derive(Debug)]
pub struct BundleTaken {
    /// What it says of itself.
    pub manifest: Manifest,
    /// Whether the machine that made it was revoked since.
    pub revoked: bool,
    /// How many envelopes were new here.
    pub new: u64,
    /// How many were here already.
    pub known: u64,
    /// The first that was not kept of each log and lane; those after it were not either.
    pub refused: Vec<Refused>,
    /// Why it was not read to its end; what came before is kept.
    pub broken: Option<bundle::Error>,
}

/// What was read and is not taken yet, and how fast that goes.
struct Batch {
    logs: BTreeMap<(Lane, LogId), Vec<Entry>>,
    /// What machines said of whose enrolment nothing was read yet: what one machine says may
    /// come before it where a clock was wrong.
    early: BTreeMap<(Lane, LogId), Vec<Entry>>,
    count: usize,
    bytes: usize,
    size: CommitSize,
}

impl Session {
    /// What a bundle says of itself; none where it was made for other machines. Needs this
    /// machine's keys, which only who is signed in has.
    pub fn bundle_manifest(&self, file: &Path) -> Result<Option<Manifest>, Error> {
        let bundle = self.bundle_open(file)?;
        Ok(bundle.map(|it| it.manifest().clone()))
    }

    /// Takes a bundle in. What is taken is on the disk, also when the stick is pulled before
    /// its end; what came twice changes nothing. `told` hears how many envelopes were read,
    /// of how many.
    pub fn bundle_take(
        &mut self,
        file: &Path,
        told: &mut dyn FnMut(u64, u64),
    ) -> Result<BundleTaken, Error> {
        self.may_begin()?;
        let bundle = self.bundle_open(file)?;
        let bundle =
            bundle.ok_or_else(|| refused(file, &bundle::Error::NotForThisMachine))?;
        let taken = self.clinic.take_bundle(bundle, told)?;
        let new = u32::try_from(taken.new).unwrap_or(u32::MAX);
        self.audit(AuditAction::BundleTaken, AuditObject::Count(new))?;
        Ok(taken)
    }

    fn bundle_open(
        &self,
        file: &Path,
    ) -> Result<Option<Bundle<impl Read + use<>>>, Error> {
        let input = File::open(file).map_err(|error| refused(file, &error))?;
        let input = BufReader::with_capacity(BUFFER_BYTES, input);
        let bundle = match bundle::open(&self.device.carry, input) {
            Err(bundle::Error::NotForThisMachine) => return Ok(None),
            opened => opened.map_err(|error| refused(file, &error))?,
        };
        if bundle.manifest().clinic != self.clinic.about.clinic {
            return Err(refused(file, &"of another clinic"));
        }
        Ok(Some(bundle))
    }
}

impl Clinic {
    pub(in crate::clinic) fn take_bundle<R: Read>(
        &self,
        mut bundle: Bundle<R>,
        told: &mut dyn FnMut(u64, u64),
    ) -> Result<BundleTaken, Error> {
        let mut taken = BundleTaken {
            manifest: bundle.manifest().clone(),
            revoked: false,
            new: 0,
            known: 0,
            refused: Vec::new(),
            broken: None,
        };
        let of = taken.manifest.contents.envelopes;
        let mut batch = Batch::new();
        let mut maker_known = false;
        loop {
            let next = bundle.next_envelope().unwrap_or_else(|error| {
                taken.broken = Some(error);
                None
            });
            let after_membership = next
                .as_ref()
                .is_none_or(|it| it.header().lane != Lane::Membership);
            if after_membership && !maker_known {
                // Who belongs is known best once all statements of the bundle are here.
                batch.commit(self, &mut taken)?;
                batch.early.clear();
                self.know_maker(&mut taken)?;
                maker_known = true;
            }
            let Some(envelope) = next else { break };
            batch.add(envelope);
            if batch.is_full() {
                batch.commit(self, &mut taken)?;
                told(taken.new + taken.known, of);
            }
        }
        batch.commit(self, &mut taken)?;
        self.met_by_stick(&taken.manifest)?;
        Ok(taken)
    }

    /// Looks up who made a bundle. What a machine made that never was of the clinic goes no
    /// further.
    fn know_maker(&self, taken: &mut BundleTaken) -> Result<(), Error> {
        let known = self.known();
        match known.membership.device(taken.manifest.maker()) {
            Some(device) => {
                taken.revoked = !device.enrolled;
                Ok(())
            }
            None if taken.broken.is_some() => Ok(()),
            None => {
                let why = "the machine that made the bundle was never one of this clinic";
                Err(Error::Refused(why.to_owned()))
            }
        }
    }

    /// Remembers how far the machine that made a bundle had got.
    fn met_by_stick(&self, manifest: &Manifest) -> Result<(), Error> {
        let maker = manifest.maker();
        let is_other = maker != self.device();
        if !is_other || self.known().membership.device(maker).is_none() {
            return Ok(());
        }
        // Nobody is met in the future, whatever the clock of who made it shows.
        let made = manifest.made.min(self.clock.now());
        let before = self.peer(maker)?;
        let mut met = before.unwrap_or_else(|| Met {
            at: made,
            addrs: Vec::new(),
            theirs: Frontier::new(),
        });
        met.at = met.at.max(made);
        for (run, tip) in &manifest.reaches {
            let held = met.theirs.entry(*run).or_insert(*tip);
            if held.0 < tip.0 {
                *held = *tip;
            }
        }
        self.met(maker, &met)
    }
}

impl Batch {
    const fn new() -> Self {
        Self {
            logs: BTreeMap::new(),
            early: BTreeMap::new(),
            count: 0,
            bytes: 0,
            size: CommitSize::first(),
        }
    }

    fn add(&mut self, entry: Entry) {
        let header = entry.header();
        let log = self.logs.entry((header.lane, header.log)).or_default();
        self.count += 1;
        self.bytes += entry.len_bytes();
        log.push(entry);
    }

    /// Keeps what a machine said for the next commit, if that does not become too much.
    fn keep_early(&mut self, run: (Lane, LogId), entries: Vec<Entry>) {
        let kept = self.early.values().flatten().chain(&entries);
        if kept.map(Entry::len_bytes).sum::<usize>() <= EARLY_BYTES_MAX {
            self.early.insert(run, entries);
        }
    }

    const fn is_full(&self) -> bool {
        !self.size.holds(self.count + 1, self.bytes)
    }

    /// Takes what was read so far, and learns how much fits into one commit.
    fn commit(&mut self, clinic: &Clinic, into: &mut BundleTaken) -> Result<(), Error> {
        let mut logs = std::mem::take(&mut self.early);
        into.refused.retain(|it| {
            let Place { lane, log, .. } = it.place;
            !logs.contains_key(&(lane, log))
        });
        for (log, mut entries) in std::mem::take(&mut self.logs) {
            logs.entry(log).or_default().append(&mut entries);
        }
        if logs.is_empty() {
            return Ok(());
        }
        let began = clinic.clock.passed_ms();
        let count = logs.values().map(Vec::len).sum();
        let said = logs
            .iter()
            .filter(|((lane, _), _)| *lane == Lane::Membership);
        let mut said: BTreeMap<_, _> =
            said.map(|(log, entries)| (*log, entries.clone())).collect();
        let taken = clinic.take(runs_of(logs.into_values().flatten()))?;
        into.new += taken.new as u64;
        into.known += taken.known as u64;
        for refused in taken.refused {
            let run = refused.place.run();
            let Place { lane, log, .. } = refused.place;
            if refused.why == Why::Machine
                && let Some(mut entries) = said.remove(&(lane, log))
            {
                entries.retain(|it| it.header().seq >= refused.place.seq);
                self.keep_early((lane, log), entries);
            }
            if into.refused.iter().all(|it| it.place.run() != run) {
                into.refused.push(refused);
            }
        }
        let took_ms = u64::try_from(clinic.clock.passed_ms() - began).unwrap_or(0);
        self.size.learn(count, Duration::from_millis(took_ms));
        (self.count, self.bytes) = (0, 0);
        Ok(())
    }
}

fn refused(file: &Path, why: &dyn std::fmt::Display) -> Error {
    Error::Refused(format!("`{}`: {why}", file.display()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        clinic::intake::testing::{Desktop, founded, meet, missing},
        ids::Hash,
        ledger::Envelope,
        sync::bundle::{Contents, Part},
    };

    fn nothing_taken(from: &Desktop) -> BundleTaken {
        let reaches = from.clinic.frontier().unwrap();
        let manifest = Manifest {
            clinic: from.clinic.id(),
            from: from.owner().device.signing.public(),
            to: [].into(),
            made: from.clinic.clock.now(),
            part: Part {
                bundle: [0; 16],
                number: 1,
                of: 1,
            },
            since: Frontier::new(),
            reaches,
            contents: Contents {
                envelopes: 0,
                bytes: 0,
                hash: Hash::ZERO,
            },
        };
        BundleTaken {
            manifest,
            revoked: false,
            new: 0,
            known: 0,
            refused: Vec::new(),
            broken: None,
        }
    }

    #[test]
    fn what_a_machine_said_may_stand_before_its_enrolment() {
        let here = founded(1);
        let there = here.second(20);
        let late = here.second(30);
        late.owner().sign_out().unwrap();
        meet(&here.clinic, &late.clinic);
        let mut taken = nothing_taken(&here);
        let all = missing(&here.clinic, &there.clinic).into_iter().flatten();
        let (late_said, others_said): (Vec<Envelope>, Vec<_>) = all
            .filter(|it| it.header.lane == Lane::Membership)
            .partition(|it| it.header.log == late.clinic.log());
        assert!(!late_said.is_empty());
        let mut batch = Batch::new();
        for (said, refused) in [(late_said, 1), (others_said, 0)] {
            for envelope in said {
                batch.add(envelope.into());
            }
            batch.commit(&there.clinic, &mut taken).unwrap();
            assert_eq!(taken.refused.len(), refused, "{:?}", taken.refused);
        }
        assert!(batch.early.is_empty());
        let run = (late.clinic.log(), Lane::Membership);
        let held = there.clinic.frontier().unwrap().get(&run).copied();
        assert_eq!(held, here.clinic.frontier().unwrap().get(&run).copied());
    }
}
