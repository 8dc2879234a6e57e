//! Providers of other clinics, and what is shared with them: two that are honest, with clocks,
//! deaths and old disks of their own, and one whose program was changed.

use std::collections::{BTreeMap, BTreeSet};

use cairn::{
    chart::{
        Consent, ConsentState, Decision, Edit, How, Part, Purpose, Record, SharedPart,
        Subject,
    },
    clinic::{Accepting, CardRow, Clinic, Error, Session, Share, Side as _},
    ids::{ClinicId, DocId, Hash, PatientId, RecordId, StatementId},
    ledger::Entry,
    members::{Card, Papers, Term, Verified},
    seal::PublicKey,
    time::Timestamp,
};

use super::{
    base::base,
    judge_outside::{Said, Wrote},
    machine::Machine,
    raw::{self, Raw},
    world::{OWNER, World},
};
use crate::{
    clinic::penicillin_of,
    flaky_disk::Dice,
    visit::{Visit, endpoint, visit},
};

pub(super) const GUESTS: [&str; 2] = ["Dr Were", "Dr Abbo"];
const MINUTE_MS: i64 = 60 * 1000;

/// Everybody outside of the clinic.
pub(super) struct Outside {
    pub(super) clinic: ClinicId,
    pub(super) guests: Vec<Machine>,
    raw: Raw,
    /// Those of whom something was ever shared.
    pub(super) patients: BTreeSet<PatientId>,
    /// What was ever granted at an endpoint, and until when at the latest: it may be held
    /// there, and nothing else.
    ever: BTreeMap<PublicKey, BTreeMap<DocId, Timestamp>>,
    pub(super) wrote: BTreeMap<RecordId, Wrote>,
}

impl Outside {
    pub(super) fn begin(dice: &mut Dice) -> Self {
        let guests = base().guests.iter();
        Self {
            clinic: base().clinic,
            guests: guests.map(|it| Machine::of(it, dice.roll())).collect(),
            raw: Raw::default(),
            patients: BTreeSet::new(),
            ever: BTreeMap::new(),
            wrote: BTreeMap::new(),
        }
    }
}

impl World {
    /// Something happens between the clinic and the world outside.
    pub(super) fn beyond(&mut self, at: usize) {
        let guest = self.dice.below(GUESTS.len());
        match self.dice.below(20) {
            0..4 => self.share(at),
            4..6 => self.take_back(at),
            6..11 => self.visit_guest(at, guest),
            11..15 => self.propose(guest),
            15..17 => self.raid(at),
            17 => self.cross_cards(at, guest),
            18 => self.decide_proposed(at),
            _ => self.guest_fares(guest),
        }
        self.check_held(guest);
        if self.machines[at].sits() == Some(OWNER) {
            self.check_proposed(at, self.seed);
        }
    }

    /// An owner shares a chart with somebody, as the patient agrees.
    fn share(&mut self, at: usize) {
        let patients = self.patients.clone();
        let dice = &mut self.dice;
        let names = ["Dr Were", "Dr Abbo", "Dr Raw"];
        let name = names[dice.below(names.len())];
        let done = self.machines[at].session(OWNER).and_then(|session| {
            let known = patients.into_iter().filter(|it| session.is_on_file(*it));
            let known: Vec<_> = known.collect();
            if known.is_empty() {
                return Ok(None);
            }
            let patient = known[dice.below(known.len())];
            let row = session.card_to_share(name)?;
            agree(session, patient, &row)?;
            let minutes = i64::try_from(20 + dice.below(1_200)).unwrap();
            let share = Share {
                parts: [Part::Summary].into(),
                until: session.moment().at.plus_ms(minutes * MINUTE_MS),
                purpose: Purpose::Treatment,
            };
            session.share(patient, &row, &share)?;
            Ok(Some((patient, row.card)))
        });
        match done {
            Ok(Some((patient, card))) => {
                self.tally.shares += 1;
                self.outside.patients.insert(patient);
                self.granted(at, &card);
                let guest = GUESTS.iter().position(|it| *it == name);
                if let Some(guest) = guest.filter(|_| self.dice.below(2) == 0) {
                    self.visit_guest(at, guest);
                }
            }
            Ok(None) => {}
            Err(error) => {
                self.allowed(Err(error));
            }
        }
    }

    /// Remembers what was granted to the bearer of a card.
    fn granted(&mut self, at: usize, card: &Card) {
        let clinic = self.machines[at].clinic();
        for (_, endpoint) in card.machines() {
            let papers = clinic.hosting(endpoint).papers().unwrap();
            let papers = Papers::open(&papers).unwrap();
            let ever = self.outside.ever.entry(endpoint).or_default();
            for (_, grant, _) in papers.grants(Timestamp(0)) {
                for doc in grant.scope() {
                    let until = ever.entry(doc).or_insert(grant.not_after);
                    *until = grant.not_after.max(*until);
                }
            }
        }
    }

    fn take_back(&mut self, at: usize) {
        let dice = &mut self.dice;
        let done = self.machines[at].session(OWNER).and_then(|session| {
            let mut shares = session.shares()?;
            shares.retain(|it| !matches!(it.term, Term::Revoked { .. }));
            if shares.is_empty() {
                return Ok(0);
            }
            session.revoke_share(shares[dice.below(shares.len())].grant)?;
            Ok(1)
        });
        match done {
            Ok(ended) => self.tally.ended += ended,
            Err(error) => {
                self.allowed(Err(error));
            }
        }
    }

    /// The first machine from this one on that has something for whoever meets it so.
    fn nearest_host(&mut self, at: usize, there: PublicKey) -> Option<usize> {
        let count = self.machines.len();
        (at..count).chain(0..at).find(|it| {
            self.look(*it);
            let clinic = self.machines[*it].clinic();
            clinic.outside(there).unwrap().hosts
        })
    }

    fn visit_guest(&mut self, at: usize, guest: usize) {
        let there = endpoint(&self.outside.guests[guest].clinic());
        let Some(at) = self.nearest_host(at, there) else {
            return;
        };
        self.look(at);
        let faults = self.faults();
        self.visit_two(at, guest, faults);
        if faults.breaks_after.is_some() && self.dice.below(4) == 0 {
            if self.dice.below(2) == 0 {
                self.machines[at].die();
            } else {
                self.outside.guests[guest].die();
            }
        }
    }

    /// A guest's machine meets with one of the clinic, and gets what it may have.
    pub(super) fn visit_two(
        &mut self,
        at: usize,
        guest: usize,
        faults: crate::meeting::Faults,
    ) -> Visit {
        let passed_ms = self.passed_ms();
        let machines = [&mut self.machines[at], &mut self.outside.guests[guest]];
        let clocks = machines.each_ref().map(|it| it.ahead_ms);
        let look = |side: usize| super::clock::set(passed_ms, clocks[side]);
        let [host, there] = machines.map(|it| {
            super::clock::set(passed_ms, it.ahead_ms);
            it.clinic()
        });
        look(0);
        let said = Said::of(&host);
        let may = said.may_leave(endpoint(&there), host.moment().at);
        let met = visit([&host, &there], faults, &mut self.dice, look);
        let seed = self.seed;
        assert!(
            met.left.is_subset(&may),
            "seed {seed}: {:?} left machine {at} for guest {guest}",
            met.left.difference(&may)
        );
        self.tally.visits += usize::from(met.let_in);
        self.tally.shared += met.taken;
        self.check_held(guest);
        met
    }

    /// That a guest holds nothing that was never granted there, and reads nothing that is
    /// over by its own clock.
    fn check_held(&mut self, guest: usize) {
        let passed_ms = self.passed_ms();
        let machine = &mut self.outside.guests[guest];
        super::clock::set(passed_ms, machine.ahead_ms);
        let there = machine.clinic();
        let at = endpoint(&there);
        let nothing = BTreeMap::new();
        let now = there.moment().at;
        let ever = self.outside.ever.get(&at).unwrap_or(&nothing);
        let hosts = there.outside_endpoints().unwrap();
        for host in hosts {
            let Ok(visiting) = there.visiting(self.outside.clinic, host) else {
                continue;
            };
            let scope = visiting.scope().unwrap();
            let fits = |it: &DocId| {
                *it == DocId::ZERO || ever.get(it).is_some_and(|until| now <= *until)
            };
            let seed = self.seed;
            assert!(scope.iter().all(fits), "seed {seed}: guest {guest}");
            let held = visiting.frontier().unwrap();
            assert!(held.keys().all(|(doc, _)| fits(doc)), "seed {seed}");
        }
        let beside = machine.held_beside();
        let held = beside.get(&self.outside.clinic.to_string());
        for doc in held.into_iter().flatten() {
            let fits = *doc == DocId::ZERO || ever.contains_key(doc);
            assert!(fits, "seed {}: guest {guest} holds {doc:?}", self.seed);
        }
    }

    /// A guest writes something, on the road, for whomever it has a grant.
    fn propose(&mut self, guest: usize) {
        let passed_ms = self.passed_ms();
        let clinic = self.outside.clinic;
        let dice = &mut self.dice;
        let machine = &mut self.outside.guests[guest];
        super::clock::set(passed_ms, machine.ahead_ms);
        let there = machine.clinic();
        let before = written_by(&there, clinic);
        let done = machine.session(GUESTS[guest]).and_then(|session| {
            let mut rows = session.guests()?;
            rows.retain(|it| it.term == Term::Live && it.patient.is_some());
            if rows.is_empty() {
                return Ok(None);
            }
            let patient = rows[dice.below(rows.len())].patient.unwrap();
            let chart = session.guest_chart(clinic, patient)?;
            assert_eq!(chart.patient, patient);
            let record = penicillin_of(session.guest_entry());
            let id = record.entry().id;
            session.propose(clinic, patient, &[Edit::add(record)])?;
            Ok(Some(id))
        });
        match done {
            Ok(None) => {}
            Ok(Some(id)) => {
                let after = written_by(&there, clinic);
                let mut new =
                    after.iter().filter(|(hash, _)| !before.contains_key(*hash));
                let (_, wrote) = new.next().unwrap();
                assert!(new.next().is_none());
                self.outside.wrote.insert(id, *wrote);
                self.tally.proposals += 1;
            }
            Err(error) => {
                self.allowed(Err(error));
            }
        }
    }

    /// Somebody whose program was changed takes what there is, and leaves what they can.
    fn raid(&mut self, at: usize) {
        let Some(at) = self.nearest_host(at, raw::endpoint()) else {
            return;
        };
        let host = self.machines[at].clinic();
        let said = Said::of(&host);
        let may = said.may_leave(raw::endpoint(), host.moment().at);
        let got = Raw::grab(&host, &said.docs);
        let seed = self.seed;
        assert!(
            got.is_subset(&may),
            "seed {seed}: {:?} was grabbed from machine {at}",
            got.difference(&may)
        );
        self.outside.raw.hear(&host);
        let now = host.moment().at;
        for _ in 0..=self.dice.below(3) {
            let clinic = self.outside.clinic;
            let wrote = self.outside.raw.write(clinic, now, &mut self.dice);
            self.outside.wrote.extend(wrote);
        }
        self.tally.raided += self.outside.raw.send(&host, &mut self.dice);
    }

    /// Two people give each other the cards that they have now.
    fn cross_cards(&mut self, at: usize, guest: usize) {
        let passed_ms = self.passed_ms();
        let Ok(host) = self.machines[at].session(OWNER).and_then(|it| it.card()) else {
            return;
        };
        let machine = &mut self.outside.guests[guest];
        super::clock::set(passed_ms, machine.ahead_ms);
        let theirs = machine.session(GUESTS[guest]).and_then(|session| {
            session.keep_card(&host, Verified::Room)?;
            session.card()
        });
        self.look(at);
        let done = theirs.and_then(|card| {
            self.machines[at]
                .session(OWNER)?
                .keep_card(&card, Verified::Room)
        });
        self.allowed(done);
    }

    fn decide_proposed(&mut self, at: usize) {
        let patients: Vec<_> = self.outside.patients.iter().copied().collect();
        let dice = &mut self.dice;
        let done = self.machines[at].session(OWNER).and_then(|session| {
            for patient in patients {
                if !session.is_on_file(patient) {
                    continue;
                }
                let proposed = session.proposals(Some(patient))?;
                let Some((_, open)) = proposed.into_iter().find(|it| it.1.is_open())
                else {
                    continue;
                };
                if dice.below(2) == 0 {
                    session.decline_proposal(patient, &open, "no")?;
                } else {
                    let accepting = Accepting::default();
                    session.accept_proposal(patient, &open, &accepting)?;
                }
                return Ok(1);
            }
            Ok(0)
        });
        match done {
            Ok(decided) => self.tally.decided += decided,
            Err(error) => {
                self.allowed(Err(error));
            }
        }
    }

    /// A guest's machine dies, gets a wrong clock, or an old disk.
    fn guest_fares(&mut self, guest: usize) {
        let kind = self.dice.below(5);
        let years = i64::try_from(self.dice.below(41)).unwrap() - 20;
        let machine = &mut self.outside.guests[guest];
        match kind {
            0 | 1 => machine.die(),
            2 => {
                machine.set_years_ahead(years);
                machine.leave();
            }
            3 => {
                let frozen = machine.freeze();
                machine.kept.push(frozen);
            }
            _ => {
                if let Some(old) = machine.kept.pop() {
                    machine.bring_back(&old);
                    self.tally.restores += 1;
                }
            }
        }
    }
}

fn agree(session: &mut Session, patient: PatientId, row: &CardRow) -> Result<(), Error> {
    let consent = Consent {
        entry: session.entry(),
        decision: Decision::Given,
        state: ConsentState::Active,
        withdrawal: None,
        to: row.card.about().name.clone(),
        card: Some(Hash::from_bytes(*row.card.id().as_bytes())),
        parts: vec![SharedPart::Summary],
        shared_from: None,
        shared_until: None,
        purpose: Purpose::Treatment,
        from: None,
        until: Some(session.today().plus_days(30)),
        how: How::Written,
        witness: String::new(),
        over: Vec::new(),
    };
    let edit = Edit::add(Record::Consent(consent));
    session.save(Subject::Patient(patient), vec![edit])
}

/// What a guest wrote for another clinic in inboxes, by the hash of each envelope.
fn written_by(there: &Clinic, clinic: ClinicId) -> BTreeMap<Hash, Wrote> {
    let mut written = BTreeMap::new();
    let mut grants: BTreeMap<cairn::ids::SessionId, (PublicKey, StatementId)> =
        BTreeMap::new();
    let hosts = there.outside_endpoints().unwrap();
    let host = hosts
        .into_iter()
        .find_map(|it| there.visiting(clinic, it).ok());
    let Some(visiting) = host else {
        return written;
    };
    for run in visiting.frontier().unwrap().into_keys() {
        for bytes in visiting.read_scoped(run, 1, usize::MAX).unwrap() {
            let Ok(Entry::Whole(it)) = Entry::decode(&bytes) else {
                continue;
            };
            let header = it.header;
            if header.doc == DocId::ZERO {
                let certificate = cairn::members::Certificate::open(&it.content).unwrap();
                let grant = *certificate.granted().heads.first().unwrap();
                grants.insert(header.session, (*certificate.user_key(), grant));
            } else if let Some((key, grant)) = grants.get(&header.session) {
                let wrote = Wrote {
                    key: *key,
                    grant: *grant,
                    doc: header.doc,
                    log: header.log,
                    seq: header.seq,
                    at: header.hlc.timestamp(),
                };
                written.insert(Entry::Whole(it).hash(), wrote);
            }
        }
    }
    written
}
