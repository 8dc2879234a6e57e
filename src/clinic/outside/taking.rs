//! Taking in what a provider of another clinic wrote: certificates of their sessions, and
//! changes of the documents that they may write in; nothing else, and not without end.

use std::collections::{BTreeMap, BTreeSet};

use super::Hosting;
use crate::{
    clinic::{
        Clinic, Error, Refused, Session, Taken, Why,
        branches::{Branches, Link},
        put_row, row,
    },
    ids::{DocId, Hash, LogId, UserId},
    ledger::{Entry, Header, Kind, Place, runs_of},
    members::Certificate,
    seal::{PublicKey, names},
};

/// Envelopes of one provider that are kept before somebody looked at them.
const UNSEEN_MAX: u64 = 1_000;
/// Their bytes.
const UNSEEN_BYTES_MAX: usize = 8 * 1024 * 1024;

/// What a machine of a provider's may send.
struct May {
    devices: BTreeSet<PublicKey>,
    /// Who may write in which document.
    writers: BTreeMap<DocId, UserId>,
    keys: BTreeSet<PublicKey>,
}

/// What of one provider nobody looked at.
#[derive(Debug, Clone, Copy, Default)]
struct Unseen {
    count: u64,
    bytes: usize,
}

impl Hosting<'_> {
    /// As [`Side::take`](super::Side::take). Of a run that breaks somewhere it is kept up to
    /// there.
    pub(super) fn take_from_guest(&self, runs: Vec<Vec<Entry>>) -> Result<Taken, Error> {
        let may = self.may();
        let mut taken = Taken::default();
        let mut unseen: BTreeMap<UserId, Unseen> = BTreeMap::new();
        let mut theirs = Vec::new();
        for run in runs {
            for entry in run {
                let held = |hash| self.holds(entry.header(), hash);
                if held(entry.hash())? {
                    taken.known += 1;
                    continue;
                }
                if let Err(why) = self.check(&entry, &may, &mut unseen)? {
                    let place = Place::of(entry.header());
                    taken.refused.push(Refused { place, why });
                    break;
                }
                theirs.push(entry);
            }
        }
        let more = self.clinic.take(runs_of(theirs))?;
        taken.new += more.new;
        taken.known += more.known;
        taken.refused.extend(more.refused);
        taken.forked |= more.forked;
        Ok(taken)
    }

    fn may(&self) -> May {
        let now = self.clinic.clock.now();
        let documents = self.documents();
        let devices = self.devices();
        let known = self.clinic.known();
        let membership = &known.membership;
        let mut writers = BTreeMap::new();
        let mut keys = BTreeSet::new();
        for live in membership.live_at(&self.endpoint, membership.at_least(now)) {
            let writable = live.grant.writable().filter(|it| documents.contains(it));
            writers.extend(writable.map(|doc| (doc, live.grant.user())));
            keys.insert(live.grant.key);
        }
        May {
            devices,
            writers,
            keys,
        }
    }

    /// Whether it may be sent by whoever sends it.
    fn check(
        &self,
        entry: &Entry,
        may: &May,
        unseen: &mut BTreeMap<UserId, Unseen>,
    ) -> Result<Result<(), Why>, Error> {
        let header = entry.header();
        let Some(envelope) = entry.whole() else {
            return Ok(Err(Why::Erased));
        };
        if header.kind == Kind::Certificate {
            let certificate = match Certificate::open(&envelope.content) {
                Ok(certificate) => certificate,
                Err(unread) => return Ok(Err(unread.into())),
            };
            let is_theirs = may.devices.contains(certificate.device_key())
                && may.keys.contains(certificate.user_key());
            return Ok(is_theirs.then_some(()).ok_or(Why::Session));
        }
        let doc = header.doc;
        let is_log = |it: &PublicKey| names::guest_log_id(it, doc) == header.log;
        let writer = may.writers.get(&doc);
        let Some(writer) = writer.filter(|_| may.devices.iter().any(is_log)) else {
            return Ok(Err(Why::Machine));
        };
        if !unseen.contains_key(writer) {
            unseen.insert(*writer, self.clinic.unseen(*writer)?);
        }
        let unseen = unseen.entry(*writer).or_default();
        unseen.count += 1;
        unseen.bytes = unseen.bytes.saturating_add(entry.len_bytes());
        let fits = unseen.count <= UNSEEN_MAX && unseen.bytes <= UNSEEN_BYTES_MAX;
        Ok(fits.then_some(()).ok_or(Why::TooMuch))
    }

    fn holds(&self, header: &Header, hash: Hash) -> Result<bool, Error> {
        let link = Link {
            place: Place::of(header),
            prev: header.prev,
            hash,
        };
        let branches = Branches::read(&self.clinic.store)?;
        Ok(branches.holding(&link)?.is_some())
    }
}

impl Clinic {
    /// What of a provider's nobody looked at here.
    fn unseen(&self, provider: UserId) -> Result<Unseen, Error> {
        let seen: BTreeMap<LogId, u64> =
            self.read_row(row::SEEN_OF_GUESTS)?.unwrap_or_default();
        let logs = self.logs_of_guest(provider);
        let mut unseen = Unseen::default();
        for ((log, lane), (last, _)) in self.store.frontier()? {
            if !logs.contains(&log) {
                continue;
            }
            let first = seen.get(&log).copied().unwrap_or(0) + 1;
            unseen.count += (last + 1).saturating_sub(first);
            for seq in first..=last.min(first.saturating_add(UNSEEN_MAX)) {
                let bytes = self.store.envelope(Place { log, lane, seq })?;
                unseen.bytes += bytes.map_or(0, |it| it.len());
            }
        }
        Ok(unseen)
    }

    fn logs_of_guest(&self, provider: UserId) -> BTreeSet<LogId> {
        self.known().let_in().logs_of_guest(provider).collect()
    }
}

impl Session {
    /// Says that somebody looked at all that a provider of another clinic proposed by now:
    /// there is room for more.
    pub(in crate::clinic) fn seen_of_guest(&self, provider: UserId) -> Result<(), Error> {
        let clinic = &self.clinic;
        let logs = clinic.logs_of_guest(provider);
        let held = clinic.store.frontier()?;
        let mut seen: BTreeMap<LogId, u64> =
            clinic.read_row(row::SEEN_OF_GUESTS)?.unwrap_or_default();
        let before = seen.clone();
        let ends = held.into_iter().filter(|((log, _), _)| logs.contains(log));
        seen.extend(ends.map(|((log, _), (last, _))| (log, last)));
        if seen == before {
            return Ok(());
        }
        let row = put_row(row::SEEN_OF_GUESTS, &seen);
        Ok(clinic.store.append(&[], &[row])?)
    }
}
