//! A clinic of several machines whose people work, meet and have bad days, as the dice fall.

use std::collections::BTreeSet;

use cairn::{
    clinic::{Error, Session},
    ids::{DeviceId, PatientId},
    seal::{Secret, SigningKey},
};

use super::{
    base::base,
    machine::{Fact, Frozen, Machine},
    outside::Outside,
};
use crate::{
    flaky_disk::Dice,
    meeting::{Faults, meet},
};

pub(super) const OWNER: &str = "Dr Okot";
/// Those who work beside the owner.
pub(super) const STAFF: [&str; 3] = ["Achieng", "Nora", "Faith"];
const MINUTE_MS: i64 = 60 * 1000;
/// The most machines that a world has.
pub(super) const MACHINES_MAX: usize = 9;

/// A clinic under way.
pub(super) struct World {
    pub(super) dice: Dice,
    pub(super) machines: Vec<Machine>,
    /// Which machines were shut out, or are copies of such.
    pub(super) gone: BTreeSet<usize>,
    /// The names of those at which they were shut out.
    pub(super) shut: BTreeSet<DeviceId>,
    /// Whose key was compromised: what they wrote may not count.
    pub(super) doubtful: BTreeSet<&'static str>,
    pub(super) facts: Vec<Fact>,
    pub(super) patients: Vec<PatientId>,
    pub(super) tally: Tally,
    passed_ms: i64,
    /// The side on which each machine is, while the network is cut in two.
    sides: Vec<bool>,
    is_cut: bool,
    /// What lies on the sticks that somebody filled.
    pub(super) sticks: Vec<Vec<u8>>,
    /// The last backup.
    pub(super) backup: Option<Vec<u8>>,
    /// Providers of other clinics.
    pub(super) outside: Outside,
    pub(super) seed: u64,
}

/// What happened in a world.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Tally {
    pub(super) seeds: usize,
    pub(super) events: usize,
    pub(super) saves: usize,
    pub(super) denied: usize,
    pub(super) meetings: usize,
    pub(super) frames: usize,
    /// Envelopes that a machine took in from another one.
    pub(super) taken: usize,
    pub(super) deaths: usize,
    pub(super) restores: usize,
    pub(super) clones: usize,
    pub(super) removals: usize,
    pub(super) sticks: usize,
    pub(super) decided: usize,
    /// Grants, and how many were taken back.
    pub(super) shares: usize,
    pub(super) ended: usize,
    /// Meetings with machines outside, and envelopes that either side took in.
    pub(super) visits: usize,
    pub(super) shared: usize,
    /// What guests proposed, what one without scruples left, and how often somebody looked at
    /// one that counted and at one of any kind.
    pub(super) proposals: usize,
    pub(super) raided: usize,
    pub(super) counted: usize,
    pub(super) proposed: usize,
    /// The start of the hash of what all hold in the end: the same for the same course.
    pub(super) course: u64,
}

impl Tally {
    pub(super) fn add(&mut self, other: &Self) {
        self.seeds += other.seeds;
        self.events += other.events;
        self.saves += other.saves;
        self.denied += other.denied;
        self.meetings += other.meetings;
        self.frames += other.frames;
        self.taken += other.taken;
        self.deaths += other.deaths;
        self.restores += other.restores;
        self.clones += other.clones;
        self.removals += other.removals;
        self.sticks += other.sticks;
        self.decided += other.decided;
        self.shares += other.shares;
        self.ended += other.ended;
        self.visits += other.visits;
        self.shared += other.shared;
        self.proposals += other.proposals;
        self.raided += other.raided;
        self.counted += other.counted;
        self.proposed += other.proposed;
        self.course ^= other.course;
    }
}

impl World {
    pub(super) fn begin(seed: u64) -> Self {
        let mut dice = Dice(seed);
        let base = base();
        let count = 3 + dice.below(base.machines.len() - 2);
        let mut machines: Vec<Machine> = Vec::new();
        for frozen in &base.machines[..count] {
            let life = dice.roll();
            machines.push(Machine::of(frozen, life));
        }
        if dice.below(2) == 0 {
            let life = dice.roll();
            machines.push(Machine::of(&base.mailbox, life));
        }
        for machine in &mut machines {
            if dice.below(4) == 0 {
                let years = i64::try_from(dice.below(41)).unwrap() - 20;
                machine.set_years_ahead(years);
            }
        }
        let outside = Outside::begin(&mut dice);
        Self {
            dice,
            outside,
            sides: vec![false; machines.len()],
            machines,
            gone: BTreeSet::new(),
            shut: BTreeSet::new(),
            doubtful: BTreeSet::new(),
            facts: Vec::new(),
            patients: base.patients.clone(),
            tally: Tally {
                seeds: 1,
                ..Tally::default()
            },
            passed_ms: 0,
            is_cut: false,
            sticks: Vec::new(),
            backup: None,
            seed,
        }
    }

    /// One thing happens.
    pub(super) fn event(&mut self) {
        self.tally.events += 1;
        self.passed_ms += i64::try_from(self.dice.below(30)).unwrap() * MINUTE_MS;
        let at = self.dice.below(self.machines.len());
        self.look(at);
        match self.dice.below(130) {
            0..40 => self.work(at),
            40..68 => self.meet_someone(at),
            68..72 => self.settle(at),
            72..75 => self.decide(at),
            75..79 => self.die(at),
            79..82 => self.cut_or_heal(),
            82..84 => self.wrong_clock(at),
            84..87 => self.keep_image(at),
            87..89 => self.bring_back(at),
            89..91 => self.clone_disk(at),
            91..92 => self.shut_out(at),
            92..95 => self.staff_changes(at),
            95..96 => self.mistype(at),
            96..97 => {
                let full = self.dice.below(4) == 0;
                self.make_stick(at, full);
            }
            97..98 => {
                let pulled = self.dice.below(4) == 0;
                self.take_stick(at, pulled);
            }
            98..99 => self.back_up(at),
            99..100 => self.restore(),
            _ => self.beyond(at),
        }
    }

    /// Sets the clock to that of the machine that acts.
    pub(super) fn look(&self, at: usize) {
        self.machines[at].look(self.passed_ms);
    }

    pub(super) fn is_gone(&self, at: usize) -> bool {
        self.gone.contains(&at)
    }

    /// A person does something that must not be refused by a sound machine but for reasons of
    /// who they are.
    pub(super) fn allowed(&mut self, done: Result<(), Error>) -> bool {
        match done {
            Ok(()) => true,
            Err(
                Error::Denied(_)
                | Error::Missing(_)
                | Error::Refused(_)
                | Error::Wait { .. },
            ) => {
                self.tally.denied += 1;
                false
            }
            Err(error) => panic!("seed {}: {error:?}", self.seed),
        }
    }

    fn work(&mut self, at: usize) {
        let name = self.who_works(at);
        let done = self.save_something(at, name);
        if self.allowed(done) {
            self.tally.saves += 1;
        } else {
            self.machines[at].leave();
        }
    }

    /// Whoever sits at this machine goes on, or somebody else comes.
    fn who_works(&mut self, at: usize) -> &'static str {
        let sits = self.machines[at].sits();
        match (sits, self.dice.below(6)) {
            (Some(name), 0..3) => name,
            (_, 0 | 3) => OWNER,
            _ => STAFF[self.dice.below(STAFF.len())],
        }
    }

    fn settle(&mut self, at: usize) {
        let session = self.machines[at].session(OWNER);
        let settled = session.and_then(Session::settle);
        self.allowed(settled);
    }

    fn die(&mut self, at: usize) {
        self.machines[at].die();
        self.tally.deaths += 1;
    }

    fn cut_or_heal(&mut self) {
        self.is_cut = !self.is_cut;
        for side in &mut self.sides {
            *side = self.dice.below(2) == 0;
        }
    }

    /// Everybody can reach everybody again.
    pub(super) fn heal(&mut self) {
        self.is_cut = false;
    }

    fn wrong_clock(&mut self, at: usize) {
        let years = i64::try_from(self.dice.below(41)).unwrap() - 20;
        self.machines[at].set_years_ahead(years);
        // A session ends by a clock that nobody can set; the wall clock may end it as well.
        self.machines[at].leave();
    }

    fn keep_image(&mut self, at: usize) {
        let frozen = self.machines[at].freeze();
        self.machines[at].kept.push(frozen);
    }

    /// Somebody puts an old image back on the disk. What only this disk held is lost by that.
    fn bring_back(&mut self, at: usize) {
        let Some(old) = self.machines[at].kept.pop() else {
            return;
        };
        self.machines[at].bring_back(&old);
        self.tally.restores += 1;
        let facts = std::mem::take(&mut self.facts);
        for fact in facts {
            if self.is_held(&fact) {
                self.facts.push(fact);
            }
        }
    }

    /// Whether any machine that is not shut out holds it.
    fn is_held(&mut self, fact: &Fact) -> bool {
        (0..self.machines.len()).any(|at| {
            self.machines[at].look(self.passed_ms);
            !self.gone.contains(&at) && self.machines[at].holds(fact.place, fact.hash)
        })
    }

    fn clone_disk(&mut self, at: usize) {
        if self.machines.len() >= MACHINES_MAX
            || self.is_gone(at)
            || self.tally.clones > 1
        {
            return;
        }
        let frozen: Frozen = self.machines[at].freeze();
        let life = self.dice.roll();
        self.add(Machine::of(&frozen, life));
        self.tally.clones += 1;
    }

    /// One more machine stands somewhere.
    pub(super) fn add(&mut self, machine: Machine) {
        self.machines.push(machine);
        self.sides.push(self.dice.below(2) == 0);
    }

    /// An owner shuts a machine out. Its copies go with it.
    fn shut_out(&mut self, at: usize) {
        let other = self.dice.below(self.machines.len());
        let left = self.machines.len() - self.gone.len();
        if other == at || left < 4 || self.is_gone(at) || self.is_gone(other) {
            return;
        }
        let device = self.machines[other].clinic().device();
        if self.machines[at].clinic().device() == device {
            return;
        }
        let session = self.machines[at].session(OWNER);
        let done = session.and_then(|it| it.revoke_machine(device));
        if self.allowed(done) {
            self.shut.insert(device);
            for copy in 0..self.machines.len() {
                if self.machines[copy].clinic().device() == device {
                    self.gone.insert(copy);
                }
            }
            self.tally.removals += 1;
        }
    }

    fn meet_someone(&mut self, at: usize) {
        let other = self.dice.below(self.machines.len());
        if self.is_cut && self.sides[at] != self.sides[other] {
            return;
        }
        let faults = self.faults();
        self.meet_two(at, other, faults);
        if faults.breaks_after.is_some() && self.dice.below(4) == 0 {
            let side = self.dice.below(2);
            self.die([at, other][side]);
        }
    }

    /// How long the world is.
    pub(super) const fn passed_ms(&self) -> i64 {
        self.passed_ms
    }

    pub(super) fn faults(&mut self) -> Faults {
        let mut faults = Faults::default();
        match self.dice.below(8) {
            0 | 1 => faults.breaks_after = Some(self.dice.below(30)),
            2 => faults.corrupts_one_in = 20,
            3 => faults.repeats_one_in = 10,
            4 => faults.drops_one_in = 2 + self.dice.below(20),
            5 => faults.swaps_one_in = 10,
            _ => {}
        }
        faults
    }

    /// Whether each of two machines lets the other in. Copies that still have one key
    /// cannot meet.
    pub(super) fn let_each_other_in(&mut self, at: usize, other: usize) -> bool {
        let sides = [at, other].map(|it| {
            self.look(it);
            self.machines[it].clinic()
        });
        let endpoints = [0, 1].map(|it: usize| {
            let secret: Secret = sides[it].endpoint_secret().unwrap();
            SigningKey::from_secret(&secret).public()
        });
        let lets_in = |it: usize| sides[it].machine_at(endpoints[1 - it]).is_some();
        endpoints[0] != endpoints[1] && lets_in(0) && lets_in(1)
    }

    /// Two machines meet if each lets the other in. Gives how much either took in.
    pub(super) fn meet_two(&mut self, at: usize, other: usize, faults: Faults) -> usize {
        if !self.let_each_other_in(at, other) {
            return 0;
        }
        let sides = [at, other].map(|it| self.machines[it].clinic());
        let clocks = [at, other].map(|it| self.machines[it].ahead_ms);
        let passed_ms = self.passed_ms;
        let look = |side: usize| super::clock::set(passed_ms, clocks[side]);
        let [one, two] = &sides;
        let meeting = meet([one, two], faults, &mut self.dice, look);
        self.tally.meetings += 1;
        self.tally.frames += meeting.frames;
        self.tally.taken += meeting.taken;
        meeting.taken
    }
}
