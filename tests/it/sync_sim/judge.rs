//! What must hold when all machines have met: they hold the same, say the same, and nothing
//! that a person was told is saved is missing.

use std::collections::BTreeSet;

use cairn::{
    chart::{Chart, ProposalDoubt},
    clinic::{Past, Verified},
    ids::{CardId, PatientId, RecordId},
    ledger::Frontier,
    seal,
};

use super::{
    base::base,
    machine::{Fact, What},
    world::{OWNER, World},
};
use crate::meeting::Faults;

/// Rounds in which everybody meets everybody, after which nothing may be left to move.
const ROUNDS_MAX: usize = 12;

impl World {
    /// Heals everything, lets all machines meet, and holds them against each other.
    pub(super) fn judge(mut self, seed: u64) -> super::world::Tally {
        self.heal();
        let live: Vec<usize> = (0..self.machines.len())
            .filter(|it| !self.is_gone(*it))
            .collect();
        self.bring_together(&live, seed);
        let mut reached = self.largest_group(&live);
        for _there_and_back in 0..2 {
            if reached.len() == live.len() {
                break;
            }
            // Whom nobody has heard of yet makes itself known with a stick.
            self.carry_sticks(&live);
            self.bring_together(&live, seed);
            reached = self.largest_group(&live);
        }
        for at in live {
            if !reached.contains(&at) {
                // A copy of a machine that was shut out has its name: nobody can tell the
                // two apart.
                let device = self.machines[at].clinic().device();
                assert!(
                    self.shut.contains(&device) || self.knows_nobody(at, &reached),
                    "seed {seed}: nobody lets {at} in"
                );
                self.gone.insert(at);
            }
        }
        let live = reached;
        let frontiers: Vec<Frontier> = live
            .iter()
            .map(|at| self.machines[*at].clinic().frontier().unwrap())
            .collect();
        for (at, frontier) in live.iter().zip(&frontiers) {
            assert_eq!(
                frontier, &frontiers[0],
                "seed {seed}: machine {at} holds other"
            );
        }
        self.tally.course = course(&frontiers[0]);
        self.compare(&live, seed);
        self.find_facts(&live, seed);
        self.tally
    }

    /// The most of these who can meet.
    fn largest_group(&mut self, live: &[usize]) -> Vec<usize> {
        let mut left = live.to_vec();
        let mut largest = Vec::new();
        while let Some(first) = left.first().copied() {
            let group = self.reached_from(first, live);
            left.retain(|it| !group.contains(it));
            if group.len() > largest.len() {
                largest = group;
            }
        }
        largest
    }

    /// Those who can meet, each with the next.
    fn reached_from(&mut self, first: usize, live: &[usize]) -> Vec<usize> {
        let mut reached = vec![first];
        let mut next = 0;
        while next < reached.len() {
            let from = reached[next];
            next += 1;
            for at in live {
                if !reached.contains(at) && self.let_each_other_in(from, *at) {
                    reached.push(*at);
                }
            }
        }
        reached.sort_unstable();
        reached
    }

    /// A stick goes round from each to each.
    fn carry_sticks(&mut self, live: &[usize]) {
        let keyed = self.keyed(live);
        for from in &keyed {
            self.sticks.clear();
            self.make_stick(*from, true);
            for to in keyed.iter().filter(|it| *it != from) {
                self.take_stick(*to, false);
            }
        }
    }

    /// Whether it knows none of the others at which people sit by the name that they have
    /// now: a machine made of a backup, after all of them took new ones. Somebody lets it in
    /// anew.
    fn knows_nobody(&mut self, at: usize, live: &[usize]) -> bool {
        let known = self.machines[at].clinic().machines();
        let others = self.keyed(live).into_iter().filter(|it| *it != at);
        others.collect::<Vec<_>>().into_iter().all(|it| {
            let device = self.machines[it].clinic().device();
            !known.iter().any(|it| it.device == device)
        })
    }

    /// Those of these machines that hold keys.
    fn keyed(&mut self, of: &[usize]) -> Vec<usize> {
        let holds = |at: &usize| !self.machines[*at].clinic().is_mailbox().unwrap();
        of.iter().copied().filter(holds).collect()
    }

    /// Lets everybody work in peace and meet until nothing is left to move.
    fn bring_together(&mut self, live: &[usize], seed: u64) {
        for round in 0..=ROUNDS_MAX {
            // New keys, new names and the audit are written when an owner is there.
            for at in self.keyed(live) {
                self.look(at);
                let machine = &mut self.machines[at];
                let is_twin = machine.clinic().has_twin();
                if round == 0 {
                    machine.die();
                } else if is_twin {
                    machine.leave();
                }
                if round <= 2 || is_twin {
                    let session = machine.session(OWNER).unwrap();
                    session.membership_changed().unwrap();
                    session.settle().unwrap();
                }
            }
            let mut moved = 0;
            for (n, at) in live.iter().enumerate() {
                for other in &live[n + 1..] {
                    // At last all meet, those too that hold the same.
                    if round > 2 || self.differ(*at, *other) {
                        moved += self.meet_two(*at, *other, Faults::default());
                    }
                }
            }
            if moved == 0 && round > 2 {
                return;
            }
        }
        panic!("seed {seed}: the machines still exchange after {ROUNDS_MAX} rounds");
    }

    fn differ(&mut self, at: usize, other: usize) -> bool {
        let [one, other] =
            [at, other].map(|it| self.machines[it].clinic().frontier().unwrap());
        one != other
    }

    /// Every chart reads the same on every machine, and every envelope is in the same state.
    fn compare(&mut self, live: &[usize], seed: u64) {
        let mut first: Option<(Vec<Chart>, [u64; 4])> = None;
        for at in self.keyed(live) {
            self.look(at);
            let patients = self.patients.clone();
            let session = self.machines[at].session(OWNER).unwrap();
            session.settle().unwrap();
            let on_file = patients.into_iter().filter(|it| session.is_on_file(*it));
            let charts: Vec<Chart> = on_file
                .collect::<Vec<_>>()
                .into_iter()
                .map(|it| by_no_clock(session.open(it).unwrap()))
                .collect();
            let found = session.verify(|_| ()).unwrap();
            assert!(found.chains_ok, "seed {seed}: {:?}", found.problems);
            let states = states(&found);
            match &first {
                None => first = Some((charts, states)),
                Some((before, counts)) => {
                    assert_eq!(before.len(), charts.len(), "seed {seed}: patients");
                    for (one, other) in before.iter().zip(&charts) {
                        assert!(
                            one == other,
                            "seed {seed}: machine {at}: {}",
                            told(one, other)
                        );
                    }
                    assert_eq!(counts, &states, "seed {seed}: states at {at}");
                }
            }
        }
    }

    fn find_facts(&mut self, live: &[usize], seed: u64) {
        let at = self.keyed(live)[0];
        self.look(at);
        let facts = std::mem::take(&mut self.facts);
        let registered = self.registered(&facts, at);
        for fact in &facts {
            if !self.machines[at].holds(fact.place, fact.hash) {
                // Only those that were shut out may hold what they never told anybody.
                let gone: Vec<usize> = self.gone.iter().copied().collect();
                let mut gone = gone.into_iter();
                let untold =
                    gone.any(|it| self.machines[it].holds(fact.place, fact.hash));
                assert!(untold, "seed {seed}: lost {fact:?}");
                continue;
            }
            if self.doubtful.contains(fact.user) || self.shut.contains(&fact.device) {
                continue;
            }
            let session = self.machines[at].session(OWNER).unwrap();
            if !session.is_on_file(fact.patient) {
                // The disk on which the patient was registered was lost or shut out.
                let counts = registered.contains(&fact.patient);
                assert!(!counts, "seed {seed}: nobody on file for {fact:?}");
                continue;
            }
            let chart = session.open(fact.patient).unwrap();
            let past = session.history(fact.patient).unwrap();
            assert!(
                is_there(fact, &chart, &past),
                "seed {seed}: missing {fact:?}"
            );
        }
    }
}

impl World {
    /// The patients who must be on file, as far as this machine holds their registrations.
    fn registered(&mut self, facts: &[Fact], at: usize) -> BTreeSet<PatientId> {
        let counts = |it: &&Fact| {
            it.what == What::Registered
                && !self.doubtful.contains(it.user)
                && !self.shut.contains(&it.device)
                && self.machines[at].holds(it.place, it.hash)
        };
        let here = facts.iter().filter(counts).map(|it| it.patient);
        let here: Vec<PatientId> = here.collect();
        base().patients.iter().copied().chain(here).collect()
    }
}

fn course(frontier: &Frontier) -> u64 {
    let ends = frontier.values().flat_map(|(_, hash)| hash.as_bytes());
    let hash = seal::hash(&ends.copied().collect::<Vec<u8>>());
    u64::from_be_bytes(*hash.as_bytes().first_chunk().unwrap())
}

/// In which parts two charts differ, and what could not be read of each.
fn told(one: &Chart, other: &Chart) -> String {
    let parts = [
        ("identity", one.identity == other.identity),
        ("summary", one.summary == other.summary),
        ("visits", one.visits == other.visits),
        ("results", one.results == other.results),
        ("unconfirmed", one.unconfirmed == other.unconfirmed),
        ("proposals", one.proposals == other.proposals),
    ];
    let parts: Vec<_> = parts.iter().filter(|it| !it.1).map(|it| it.0).collect();
    let problems = [&one.problems, &other.problems];
    format!("{} {parts:?} {problems:?}", one.patient)
}

/// The chart without what follows from a clock alone: whether a share is over, and by which of
/// several cards its bearer is named then.
fn by_no_clock(mut chart: Chart) -> Chart {
    for proposal in &mut chart.proposals {
        proposal.doubt.take_if(|it| *it == ProposalDoubt::ShareOver);
        proposal.maker.card = CardId::ZERO;
    }
    chart
}

/// The states of envelopes that each machine must count alike. How many there are differs by
/// the certificate of whoever looks.
const fn states(found: &Verified) -> [u64; 4] {
    [found.damaged, found.waiting, found.void, found.refused]
}

fn is_there(fact: &Fact, chart: &Chart, past: &[Past]) -> bool {
    let has = |ids: BTreeSet<RecordId>, id: &RecordId| ids.contains(id);
    let said = |text: &String| past.iter().any(|it| it.new.as_ref() == Some(text));
    let summary = chart.summary.as_ref().unwrap();
    let visits = chart.visits.as_ref().unwrap();
    match &fact.what {
        What::Registered => chart.identity.person.is_some(),
        What::Allergy(id) => {
            has(summary.allergies.iter().map(|it| it.entry.id).collect(), id)
        }
        What::Drug(id) => has(
            summary.medications.iter().map(|it| it.entry.id).collect(),
            id,
        ),
        What::Pulse(id) => has(
            visits.observations.iter().map(|it| it.entry.id).collect(),
            id,
        ),
        What::Phone(text) | What::Village(text) => said(text),
    }
}
