//! Bundles: what others lack, written onto a stick; and what came on one, taken in.

mod outgoing;
mod stick;
mod taking;
#[cfg(test)]
mod tests;

use std::{
    collections::{BTreeMap, BTreeSet},
    path::{Path, PathBuf},
};

pub(super) use self::outgoing::Outgoing;
use self::stick::Stick;
pub use self::taking::BundleTaken;
use super::{AuditAction, AuditObject, Error, Session};
use crate::{
    ids::{DeviceId, Hash},
    ledger::{Frontier, Lane, Place},
    seal::CarryPublic,
    sync::bundle::{
        BodyWriter, Contents, FILE_BYTES_MAX, Manifest, Packing, Part, body_bytes_max,
    },
};

/// Bytes that the numbers in a manifest may take more than in the first draft of it.
const MANIFEST_SLACK_BYTES: usize = 64;

/// What is to be put on a stick.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BundleOrder {
    /// The machine it is for; none means every other machine of the clinic.
    pub to: Option<DeviceId>,
    /// Whether it holds everything, not only what those machines are not known to hold.
    pub full: bool,
    /// The largest file, in bytes.
    pub file_bytes_max: u64,
}

/// What was put on a stick.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BundleMade {
    /// The files, in order.
    pub files: Vec<PathBuf>,
    /// How many envelopes they hold.
    pub envelopes: u64,
    /// How many bytes they are.
    pub bytes: u64,
    /// Whether it holds everything: it was asked for, or a receiver was never heard of.
    pub full: bool,
    /// The receivers of which nothing is known.
    pub unheard: Vec<DeviceId>,
}

/// The receivers, and what all of them are known to hold.
struct Receivers {
    to: BTreeMap<DeviceId, CarryPublic>,
    since: Frontier,
    unheard: Vec<DeviceId>,
}

impl BundleOrder {
    /// What is new, for every other machine of the clinic.
    pub const ALL: Self = Self {
        to: None,
        full: false,
        file_bytes_max: FILE_BYTES_MAX,
    };
}

impl Session {
    /// Writes a bundle into a folder, in as many files as it takes: all of them, durable, or
    /// none. `told` hears how many bytes are written, of how many.
    pub fn bundle_make(
        &mut self,
        order: &BundleOrder,
        folder: &Path,
        told: &mut dyn FnMut(u64, u64),
    ) -> Result<BundleMade, Error> {
        self.may_begin()?;
        let receivers = self.receivers(order)?;
        // What is audited so far goes with it.
        let count = u32::try_from(receivers.to.len()).unwrap_or(u32::MAX);
        self.audit(AuditAction::BundleMade, AuditObject::Count(count))?;
        self.checkpoint()?;
        let mut manifest = self.manifest(&receivers)?;
        let plan = self.plan(&manifest, order.file_bytes_max)?;
        let all = plan.iter().map(|it| it.bytes).sum();
        let mut stick = Stick::new(folder, all)?;
        let to: Vec<CarryPublic> = receivers.to.into_values().collect();
        let mut outgoing =
            Outgoing::new(&self.clinic, &manifest.since, &manifest.reaches)?;
        let mut done = 0;
        manifest.part.of = u32::try_from(plan.len()).unwrap_or(u32::MAX);
        for (number, contents) in (1..).zip(&plan) {
            manifest.part.number = number;
            manifest.contents = *contents;
            let name = u128::from_be_bytes(self.clinic.draw());
            let name = format!("{name:032x}.cairn");
            stick.write(&name, |file| {
                let mut packing = Packing::begin(
                    file,
                    &to,
                    &manifest,
                    &self.device.signing,
                    &mut self.clinic.chance(),
                )?;
                for _ in 0..contents.envelopes {
                    // One that is missing now is noticed at the end.
                    let Some(envelope) = outgoing.next()? else {
                        break;
                    };
                    packing.put(&envelope)?;
                    done += envelope.len() as u64;
                    told(done, all);
                }
                Ok(packing.finish()?)
            })?;
        }
        let envelopes = plan.iter().map(|it| it.envelopes).sum();
        let (files, bytes) = stick.finish()?;
        Ok(BundleMade {
            files,
            envelopes,
            bytes,
            full: manifest.since.is_empty(),
            unheard: receivers.unheard,
        })
    }

    fn receivers(&self, order: &BundleOrder) -> Result<Receivers, Error> {
        let here = self.clinic.device();
        let to: BTreeMap<DeviceId, CarryPublic> = {
            let known = self.clinic.known();
            let devices = known.membership.devices().values();
            let wanted = devices.filter(|it| it.enrolled && it.device != here);
            wanted
                .filter(|it| order.to.is_none_or(|only| only == it.device))
                .map(|it| (it.device, it.carry))
                .collect()
        };
        if to.is_empty() {
            let why = "there is no such other machine in the clinic to make it for";
            return Err(Error::Refused(why.to_owned()));
        }
        let mut since: Option<Frontier> = order.full.then(Frontier::new);
        let mut unheard = Vec::new();
        for device in to.keys() {
            let theirs = self.clinic.peer(*device)?.map(|it| it.theirs);
            let theirs = theirs.unwrap_or_default();
            if theirs.is_empty() {
                unheard.push(*device);
            }
            since = Some(match since {
                Some(others) => both(others, &theirs),
                None => theirs,
            });
        }
        let since = since.unwrap_or_default();
        Ok(Receivers { to, since, unheard })
    }

    /// What the first part says of itself, but for its contents.
    fn manifest(&self, receivers: &Receivers) -> Result<Manifest, Error> {
        let mut since = receivers.since.clone();
        // Where theirs is not what stands here, they have another branch: all of ours goes.
        let mut strange = BTreeSet::new();
        for ((log, lane), (seq, hash)) in &since {
            let (log, lane, seq) = (*log, *lane, *seq);
            let ours = self.clinic.hash_at(Place { log, lane, seq })?;
            if ours.is_some_and(|it| it != *hash) {
                strange.insert((log, lane));
            }
        }
        since.retain(|run, _| !strange.contains(run));
        Ok(Manifest {
            clinic: self.clinic.about.clinic,
            from: self.device.signing.public(),
            to: receivers.to.keys().copied().collect(),
            made: self.clinic.clock.now(),
            part: Part {
                bundle: self.clinic.draw(),
                number: 1,
                of: 1,
            },
            since,
            reaches: self.clinic.frontier()?,
            contents: Contents {
                envelopes: 0,
                bytes: 0,
                hash: Hash::ZERO,
            },
        })
    }

    /// What each part holds: a first reading of all that goes, since a part says what is in
    /// it before it comes.
    fn plan(
        &self,
        manifest: &Manifest,
        file_bytes_max: u64,
    ) -> Result<Vec<Contents>, Error> {
        let manifest_len = manifest.encoded_len() + MANIFEST_SLACK_BYTES;
        let most = body_bytes_max(file_bytes_max, manifest.to.len(), manifest_len);
        let most = most.ok_or_else(|| {
            Error::Refused(format!("nothing fits a file of {file_bytes_max} bytes"))
        })?;
        let mut outgoing =
            Outgoing::new(&self.clinic, &manifest.since, &manifest.reaches)?;
        let mut plan = Vec::new();
        let mut body = BodyWriter::new(std::io::sink());
        while let Some(envelope) = outgoing.next()? {
            if body.bytes_with(&envelope) > most {
                plan.push(body.finish().1);
                body = BodyWriter::new(std::io::sink());
            }
            body.put(&envelope).unwrap_or_default();
        }
        plan.push(body.finish().1);
        Ok(plan)
    }
}

/// What both hold.
fn both(one: Frontier, other: &Frontier) -> Frontier {
    let mut both = Frontier::new();
    for (run, mine) in one {
        if let Some(theirs) = other.get(&run) {
            both.insert(run, mine.min(*theirs));
        }
    }
    both
}

/// Whether a lane's envelopes travel in the order of time, whoever wrote them: a statement
/// before the certificate that leans on it.
const fn by_time(lane: Lane) -> bool {
    matches!(lane, Lane::Membership)
}
