//! One run that came: consecutive envelopes of one log and lane, each with its hash. It is
//! cut where it breaks.

use std::collections::BTreeMap;

use super::{Key, Refused, Why};
use crate::{
    ids::{ClinicId, Hash, SessionId},
    ledger::{self, Chain, Envelope, Place, Stub},
};

/// Envelopes that follow one another.
pub(super) struct Run {
    envelopes: Vec<Link>,
    /// The number and hash of the envelope before the first.
    before: (u64, Hash),
    /// Which is the first that is not to be kept, and why.
    broken: Option<Refused>,
}

/// One of them.
pub(super) struct Link {
    pub(super) envelope: Envelope,
    pub(super) hash: Hash,
    stub: Stub,
}

impl Run {
    /// As many of these as are sound and follow one another.
    pub(super) fn of(envelopes: Vec<Envelope>, clinic: ClinicId) -> Self {
        let mut run = Self {
            envelopes: Vec::with_capacity(envelopes.len()),
            before: (0, Hash::ZERO),
            broken: None,
        };
        let Some(first) = envelopes.first().map(|it| it.header) else {
            return run;
        };
        run.before = (first.seq.saturating_sub(1), first.prev);
        let (seq, prev) = run.before;
        let mut chain = Chain::known(first.log, first.lane, seq, prev);
        for envelope in envelopes {
            match link(envelope, &mut chain, clinic) {
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
        Some(Place::of(&first.envelope.header))
    }

    /// The number and the hash at which so many of its first envelopes end.
    pub(super) fn after(&self, count: usize) -> (u64, Hash) {
        let last = count.checked_sub(1).and_then(|it| self.envelopes.get(it));
        last.map_or(self.before, |it| (it.envelope.header.seq, it.hash))
    }

    /// Goes on behind the first `count`.
    pub(super) fn pass_over(&mut self, count: usize) {
        self.before = self.after(count);
        drop(self.envelopes.drain(..count.min(self.envelopes.len())));
    }

    /// Leaves the first `count`; the one after them is not to be kept.
    pub(super) fn cut(&mut self, count: usize, why: Why) {
        if let Some(link) = self.envelopes.get(count) {
            let place = Place::of(&link.envelope.header);
            self.broken = Some(Refused { place, why });
            self.envelopes.truncate(count);
        }
    }

    /// Where it was cut first.
    pub(super) const fn broken(&self) -> Option<Refused> {
        self.broken
    }

    /// Cuts it before the first for which `check` says why.
    pub(super) fn cut_where(
        &mut self,
        mut check: impl FnMut(&Envelope) -> Result<(), Why>,
    ) {
        let each = self.iter().enumerate();
        let wrong = each
            .map(|(at, it)| (at, check(it)))
            .find_map(|(at, it)| Some((at, it.err()?)));
        if let Some((at, why)) = wrong {
            self.cut(at, why);
        }
    }

    fn iter(&self) -> impl Iterator<Item = &Envelope> {
        self.envelopes.iter().map(|it| &it.envelope)
    }

    /// Those who signed it.
    pub(super) fn sessions(&self) -> Vec<SessionId> {
        let mut sessions: Vec<_> = self.iter().map(|it| it.header.session).collect();
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
        self.cut_where(|it| whys.get(&it.header.session).copied().map_or(Ok(()), Err));
    }

    /// Cuts it to where signatures vouch for it: one a session, its last, which covers all
    /// before it through the chain. Half of what is left is tried each time, so that who
    /// sends many false ones costs few checks.
    pub(super) fn cut_unsigned(&mut self, keys: &[(SessionId, Key)]) {
        if self.is_signed(self.len(), keys) {
            return;
        }
        let (mut signed, mut unsigned) = (0, self.len());
        while unsigned - signed > 1 {
            let half = signed.midpoint(unsigned);
            if self.is_signed(half, keys) {
                signed = half;
            } else {
                unsigned = half;
            }
        }
        self.cut(signed, ledger::Error::Signature.into());
    }

    pub(super) fn into_links(self) -> Vec<Link> {
        self.envelopes
    }

    /// Whether the first `count` are vouched for.
    fn is_signed(&self, count: usize, keys: &[(SessionId, Key)]) -> bool {
        let keys = keys.iter().filter_map(|(session, key)| {
            let key = key.as_ref().ok()?;
            Some((*session, key))
        });
        let mut missing: BTreeMap<_, _> = keys.collect();
        let first = self.envelopes.get(..count).unwrap_or_default();
        for link in first.iter().rev() {
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

/// The next envelope of a chain, if it is sound in itself and follows.
fn link(
    envelope: Envelope,
    chain: &mut Chain,
    clinic: ClinicId,
) -> Result<Link, Refused> {
    let place = Place::of(&envelope.header);
    let refused = |why| Refused { place, why };
    if envelope.header.clinic != clinic {
        return Err(refused(Why::OtherClinic));
    }
    envelope.is_sound().map_err(|it| refused(it.into()))?;
    let stub = envelope.stub();
    let appended = chain.append(&stub).map_err(ledger::Error::from);
    appended.map_err(|it| refused(it.into()))?;
    let hash = chain.head();
    Ok(Link {
        envelope,
        hash,
        stub,
    })
}
