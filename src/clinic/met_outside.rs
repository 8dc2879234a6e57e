//! Machines of other clinics, as they were met: the card that its bearer gave in the room, and
//! where each can be reached again.

use std::{
    collections::{BTreeMap, BTreeSet},
    net::SocketAddr,
};

use serde::{Deserialize, Serialize};

use super::{Clinic, Error, Outside, Session, put_row, row, users::as_seen};
use crate::{
    ids::{ClinicId, Hash, StatementId},
    members::{self, Statement, Verified},
    seal::{PublicKey, SigningKey},
    sync::{
        pair::{Channel, Contact, Given, Side},
        status::{SharedWith, Term, Terms},
    },
    time::Timestamp,
};

/// Addresses that are remembered of a machine.
const ADDRESSES_MAX: usize = 4;

/// How long what is remembered of a machine stands before it is written anew, if nothing else
/// of it changed.
const REMEMBERED_MS: i64 = 60 * 1_000;

/// What is remembered of the last meeting with a machine of another clinic.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MetOutside {
    /// When.
    pub at: Timestamp,
    /// Where it can be reached, the latest first.
    pub addrs: Vec<SocketAddr>,
}

/// A machine of another clinic with which there may be something to exchange.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Acquaintance {
    /// The key with which it meets others.
    pub endpoint: PublicKey,
    /// The clinics that may share something with somebody here by it.
    pub clinics: BTreeSet<ClinicId>,
    /// What is shared, either way.
    pub terms: Terms,
    /// The last meeting with it.
    pub met: Option<MetOutside>,
}

impl Clinic {
    /// The machines of other clinics that may be met: of whose bearers a card is kept, and
    /// with which something is shared. Usable while locked.
    pub fn acquaintances(&self) -> Result<Vec<Acquaintance>, Error> {
        let mut known = Vec::new();
        for endpoint in self.outside_endpoints()? {
            let outside = self.outside(endpoint)?;
            if outside.hosts || !outside.visits.is_empty() {
                known.push(Acquaintance {
                    endpoint,
                    terms: self.terms(endpoint, &outside)?,
                    clinics: outside.visits,
                    met: self.outside_met(endpoint)?,
                });
            }
        }
        Ok(known)
    }

    /// The last meeting with the machine of another clinic that has this endpoint.
    pub fn outside_met(&self, endpoint: PublicKey) -> Result<Option<MetOutside>, Error> {
        self.read_row(&name_of(endpoint))
    }

    /// Remembers that a machine of another clinic was met there; and where it was before. One
    /// that comes again and again costs the disk one write a minute.
    pub fn met_outside(
        &self,
        endpoint: PublicKey,
        addrs: &[SocketAddr],
    ) -> Result<(), Error> {
        let before = self.outside_met(endpoint)?;
        let met = self.now_met(before.as_ref(), addrs);
        let is_news = before.is_none_or(|it| {
            it.addrs != met.addrs || met.at.ms_since(it.at).abs() >= REMEMBERED_MS
        });
        if is_news {
            let row = put_row(name_of(endpoint), &met);
            self.store.append(&[], &[row])?;
        }
        Ok(())
    }

    /// How it stands with what is shared with a machine of another clinic, and with what its
    /// clinic shares.
    pub fn terms(&self, endpoint: PublicKey, outside: &Outside) -> Result<Terms, Error> {
        let given = outside.hosts.then(|| self.given_to(endpoint));
        let mut taken = None;
        for clinic in &outside.visits {
            let visiting = self.visiting(*clinic, endpoint)?;
            if visiting.papers_hash()? != Hash::ZERO {
                taken = taken.or(self.taken_from(*clinic)?);
            }
        }
        Ok(Terms { given, taken })
    }

    fn given_to(&self, endpoint: PublicKey) -> Term {
        let now = self.clock.now();
        let known = self.known();
        let membership = &known.membership;
        let grants = membership.grants(membership.at_least(now)).into_iter();
        let grants =
            grants.filter(|it| it.grant.machines.values().any(|it| *it == endpoint));
        // Of one that counts no more since whoever granted was removed, nothing is told.
        let term = standing(grants.map(|it| (it.grant.not_after, it.term)), |by| {
            membership.statement(by)
        });
        let term = term.unwrap_or(Term::Revoked);
        if term == Term::Live && !membership.is_fresh(self.device(), now) {
            return Term::NotFresh;
        }
        term
    }

    fn taken_from(&self, clinic: ClinicId) -> Result<Option<Term>, Error> {
        let guest = self.guest(clinic)?;
        let now = self.now_as_guest(&guest)?;
        let Some(papers) = self.papers_in_force(&guest)? else {
            return Ok(None);
        };
        let grants = papers.grants(now);
        let grants = grants.map(|(_, it, term)| (it.not_after, term));
        Ok(standing(grants, |by| papers.statements.get(&by)))
    }

    fn now_met(&self, before: Option<&MetOutside>, addrs: &[SocketAddr]) -> MetOutside {
        let mut all = addrs.to_vec();
        let before = before.map(|it| it.addrs.as_slice()).unwrap_or_default();
        all.extend(before.iter().filter(|it| !addrs.contains(it)));
        all.truncate(ADDRESSES_MAX);
        MetOutside {
            at: self.moment().at,
            addrs: all,
        }
    }
}

impl Session {
    /// With whom of other clinics something is shared now, by their names; of a card that
    /// cannot be read here, nobody's.
    pub fn shared_with_whom(&mut self) -> Result<Vec<SharedWith>, Error> {
        let live = self.shares()?.into_iter();
        let live = live.filter(|it| it.term == members::Term::Live);
        let mut patients: BTreeMap<PublicKey, BTreeSet<_>> = BTreeMap::new();
        let mut cards = BTreeMap::new();
        for share in live {
            let Some(row) = share.card else { continue };
            let about = row.card.about();
            let key = about.key;
            // One that this machine does not know counts for itself.
            let whose = share.patient.ok_or(share.grant);
            patients.entry(key).or_default().insert(whose);
            cards.insert(key, (about.name.clone(), about.clinic_name.clone()));
        }
        let rows = cards.into_iter().map(|(key, (name, clinic))| SharedWith {
            name,
            clinic,
            patients: patients.get(&key).map_or(0, BTreeSet::len),
        });
        let mut rows: Vec<_> = rows.collect();
        rows.sort_by_cached_key(|it| (as_seen(&it.name), as_seen(&it.clinic)));
        Ok(rows)
    }

    /// The card of who is at work, for somebody in the room, on this connection only.
    pub fn give_card(&self, side: Side, channel: &Channel) -> Result<Contact, Error> {
        let card = self.card()?;
        let secret = self.clinic.endpoint_secret()?;
        let machine = SigningKey::from_secret(&secret).public();
        if !card.machines().any(|(_, endpoint)| endpoint == machine) {
            let why = "this machine is known by another name now: let it meet another \
                       machine of the clinic first";
            return Err(Error::Refused(why.to_owned()));
        }
        let given = Given { card, machine };
        Ok(Contact::new(&given, (side, channel), &self.keys.signing))
    }

    /// Keeps the card that its bearer gave in the room, and where their machine can be reached.
    pub fn take_card(&mut self, given: &Given, at: &[SocketAddr]) -> Result<(), Error> {
        self.keep_card(&given.card, Verified::Room)?;
        self.clinic.met_outside(given.machine, at)
    }
}

/// How it stands with several grants, each with its end: what can be had counts most, then what
/// will be, then what ended last. What was over already when somebody took it back, as is done
/// with all that is, is over.
fn standing<'a>(
    grants: impl Iterator<Item = (Timestamp, members::Term)>,
    statement: impl Fn(StatementId) -> Option<&'a Statement>,
) -> Option<Term> {
    let ranked = grants.map(|(end, term)| match term {
        members::Term::Live => (2, end, Term::Live),
        members::Term::Early => (1, end, Term::Early),
        members::Term::Expired => (0, end, Term::Expired),
        members::Term::Revoked { by } => {
            let is_after = |it: &Statement| it.at().timestamp() > end;
            let was_over = statement(by).is_some_and(is_after);
            let term = if was_over {
                Term::Expired
            } else {
                Term::Revoked
            };
            (0, end, term)
        }
    });
    let best = ranked.max_by_key(|(rank, end, _)| (*rank, *end))?;
    Some(best.2)
}

fn name_of(endpoint: PublicKey) -> String {
    let digits = endpoint.as_bytes().iter();
    digits.fold(row::OUTSIDE.to_owned(), |name, byte| {
        format!("{name}{byte:02x}")
    })
}
