//! One run that came: consecutive envelopes of one log and lane, each with its hash. It is
//! cut where it breaks.

use std::{collections::BTreeMap, mem, ops::Range};

use super::{Key, Refused, Why};
use crate::{
    clinic::{
        Error,
        branches::{self, Branches, Landing},
    },
    ids::{ClinicId, DocId, Hash, LogId, SessionId},
    ledger::{self, Break, Chain, Entry, HEADER_LEN, Header, Place, Stub},
    seal::Signature,
};

/// The most bytes of envelopes, whole, for which one signature is looked at. The smallest
/// chunk that a machine sends holds as many: who got a stretch cut in two gets it in one
/// piece the next time.
const STRETCH_BYTES: usize = 8 * 1024;
/// What an envelope has beside its content, in bytes.
const ENVELOPE_BYTES: usize = HEADER_LEN + Signature::LEN;

/// Envelopes that follow one another.
pub(super) struct Run {
    envelopes: Vec<Link>,
    /// Which is the first that is not to be kept, and why.
    broken: Option<Refused>,
}

/// One of them.
pub(super) struct Link {
    pub(super) entry: Entry,
    pub(super) hash: Hash,
    stub: Stub,
}

impl Run {
    /// As many of these as are sound and follow one another.
    pub(super) fn of(envelopes: Vec<Entry>, clinic: ClinicId) -> Self {
        let mut run = Self {
            envelopes: Vec::with_capacity(envelopes.len()),
            broken: None,
        };
        let Some(first) = envelopes.first().map(|it| *it.header()) else {
            return run;
        };
        let before = first.seq.saturating_sub(1);
        let mut chain = Chain::known(first.log, first.lane, before, first.prev);
        for entry in envelopes {
            match link(entry, &mut chain, clinic) {
                Ok(link) => run.envelopes.push(link),
                Err(broken) => {
                    run.broken = Some(broken);
                    break;
                }
            }
        }
        run
    }

    pub(super) const fn len(&self) -> usize {
        self.envelopes.len()
    }

    /// Where the first stands.
    pub(super) fn place(&self) -> Option<Place> {
        let first = self.envelopes.first()?;
        Some(Place::of(first.header()))
    }

    /// Drops the contents of what is to be erased; cut before what somebody else erased.
    pub(super) fn erase(&mut self, is_erased: impl Fn(DocId) -> bool) {
        for link in &mut self.envelopes {
            if is_erased(link.header().doc) {
                link.entry = Entry::Erased(link.stub);
            }
        }
        self.cut_where(|it| match it {
            Entry::Erased(stub) if !is_erased(stub.header.doc) => Err(Why::Erased),
            Entry::Erased(_) | Entry::Whole(_) => Ok(()),
        });
    }

    /// Takes what is held already from its front, with the names under which it is held.
    pub(super) fn pass_held(
        &mut self,
        held: &Branches<'_>,
    ) -> Result<Vec<(LogId, Self)>, Error> {
        let mut passed = Vec::new();
        while let Some(first) = self.link(0) {
            let Some((log, end)) = held.holding(&first)? else {
                break;
            };
            let spans = end.saturating_sub(first.place.seq).saturating_add(1);
            let spans = usize::try_from(spans).unwrap_or(usize::MAX).min(self.len());
            let same = self.same(held, log, spans)?;
            let rest = self.envelopes.split_off(same);
            let envelopes = mem::replace(&mut self.envelopes, rest);
            let broken = None;
            passed.push((log, Self { envelopes, broken }));
        }
        Ok(passed)
    }

    /// How many of its first `most` are those that are held under this name: where one is,
    /// all before it are.
    fn same(&self, held: &Branches<'_>, log: LogId, most: usize) -> Result<usize, Error> {
        let is_held = |count: usize| {
            let Some(last) = count.checked_sub(1).and_then(|it| self.link(it)) else {
                return Ok(true);
            };
            let place = Place { log, ..last.place };
            Ok::<_, Error>(held.hash_at(place)? == Some(last.hash))
        };
        if is_held(most)? {
            return Ok(most);
        }
        let (mut same, mut other) = (1, most);
        while other - same > 1 {
            let half = same.midpoint(other);
            if is_held(half)? {
                same = half;
            } else {
                other = half;
            }
        }
        Ok(same)
    }

    /// Where it is kept; it is cut to nothing where it does not follow what is held.
    pub(super) fn land(&mut self, held: &Branches<'_>) -> Result<Option<Landing>, Error> {
        let Some(first) = self.link(0) else {
            return Ok(None);
        };
        let seq = first.place.seq;
        let broken = match held.land(&first)? {
            Ok(landing) if landing.branch.is_none() || !held.is_crowded(first.place) => {
                return Ok(Some(landing));
            }
            Ok(_) => Break::Crowded { seq },
            Err(broken) => broken,
        };
        self.cut(0, ledger::Error::from(broken).into());
        Ok(None)
    }

    /// Leaves the first `count`; the one after them is not to be kept.
    pub(super) fn cut(&mut self, count: usize, why: Why) {
        if let Some(link) = self.envelopes.get(count) {
            let place = Place::of(link.header());
            self.broken = Some(Refused { place, why });
            self.envelopes.truncate(count);
        }
    }

    /// Where it was cut first.
    pub(super) const fn broken(&self) -> Option<Refused> {
        self.broken
    }

    /// Cuts it before the first for which `check` says why.
    pub(super) fn cut_where(&mut self, mut check: impl FnMut(&Entry) -> Result<(), Why>) {
        let each = self.iter().enumerate();
        let wrong = each
            .map(|(at, it)| (at, check(it)))
            .find_map(|(at, it)| Some((at, it.err()?)));
        if let Some((at, why)) = wrong {
            self.cut(at, why);
        }
    }

    fn iter(&self) -> impl Iterator<Item = &Entry> {
        self.envelopes.iter().map(|it| &it.entry)
    }

    /// Those who signed it.
    pub(super) fn sessions(&self) -> Vec<SessionId> {
        let mut sessions: Vec<_> = self.iter().map(|it| it.header().session).collect();
        sessions.sort_unstable();
        sessions.dedup();
        sessions
    }

    /// Cuts it before the first for which nobody answers.
    pub(super) fn cut_unanswered(&mut self, keys: &[(SessionId, Key)]) {
        let whys: BTreeMap<SessionId, Why> = keys
            .iter()
            .filter_map(|(session, key)| Some((*session, key.err()?)))
            .collect();
        self.cut_where(|it| whys.get(&it.header().session).copied().map_or(Ok(()), Err));
    }

    /// Cuts it to where signatures vouch for it: in each stretch one a session, its last,
    /// which covers all before it through the chain. Each stretch is as long as one may be
    /// and is vouched for, so that the same is kept in the end in whatever portions it comes.
    pub(super) fn cut_unsigned(&mut self, keys: &[(SessionId, Key)]) {
        let mut signed = 0;
        while let Some(end) = self.vouched_for(signed, keys) {
            signed = end;
        }
        self.cut(signed, ledger::Error::Signature.into());
    }

    /// The end of the longest stretch from there that is vouched for.
    fn vouched_for(&self, from: usize, keys: &[(SessionId, Key)]) -> Option<usize> {
        let rest = self.envelopes.get(from..).unwrap_or_default();
        let mut bytes = 0;
        let fit = rest.iter().take_while(|link| {
            let content = usize::try_from(link.stub.content_len).unwrap_or(STRETCH_BYTES);
            bytes += ENVELOPE_BYTES + content;
            bytes <= STRETCH_BYTES
        });
        let longest = fit.count().max(1).min(rest.len());
        let mut ends = (from + 1..=from + longest).rev();
        ends.find(|end| self.is_signed(from..*end, keys))
    }

    /// Its envelopes, and where they stand in the log of this name.
    pub(super) fn into_placed(self, log: LogId) -> impl Iterator<Item = (Place, Link)> {
        self.envelopes.into_iter().map(move |link| {
            let place = Place::of(link.header());
            (Place { log, ..place }, link)
        })
    }

    fn link(&self, at: usize) -> Option<branches::Link> {
        let Link { stub, hash, .. } = self.envelopes.get(at)?;
        Some(branches::Link {
            place: Place::of(&stub.header),
            prev: stub.header.prev,
            hash: *hash,
        })
    }

    /// Whether those are vouched for.
    fn is_signed(&self, those: Range<usize>, keys: &[(SessionId, Key)]) -> bool {
        let keys = keys.iter().filter_map(|(session, key)| {
            let key = key.as_ref().ok()?;
            Some((*session, key))
        });
        let mut missing: BTreeMap<_, _> = keys.collect();
        let those = self.envelopes.get(those).unwrap_or_default();
        for link in those.iter().rev() {
            if missing.is_empty() {
                break;
            }
            let Some(key) = missing.remove(&link.stub.header.session) else {
                continue;
            };
            if link.stub.verify(key).is_err() {
                return false;
            }
        }
        true
    }
}

impl Link {
    pub(super) const fn header(&self) -> &Header {
        &self.stub.header
    }
}

/// The next envelope of a chain, if it is sound in itself and follows.
fn link(entry: Entry, chain: &mut Chain, clinic: ClinicId) -> Result<Link, Refused> {
    let stub = entry.stub();
    let place = Place::of(&stub.header);
    let refused = |why| Refused { place, why };
    if stub.header.clinic != clinic {
        return Err(refused(Why::OtherClinic));
    }
    stub.is_sound().map_err(|it| refused(it.into()))?;
    let appended = chain.append(&stub).map_err(ledger::Error::from);
    appended.map_err(|it| refused(it.into()))?;
    let hash = chain.head();
    Ok(Link { entry, hash, stub })
}
