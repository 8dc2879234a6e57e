//! Many machines, some of them cloned, that write and meet in any order over links that
//! break.

use std::collections::BTreeMap;

use cairn::{
    ledger::{Frontier, Lane},
    seal::{Entropy as _, SeededEntropy},
};

use super::{
    link::{Line, Meeting},
    replica::{Replica, Writer},
};

/// The machines, who writes there, and what each knew of each when they last met.
struct World {
    machines: Vec<Replica>,
    writers: Vec<Writer>,
    known: BTreeMap<(usize, usize), Frontier>,
    entropy: SeededEntropy,
}

impl World {
    fn new(seed: u64) -> Self {
        Self {
            machines: vec![Replica::default(); 3],
            writers: (1..=3).map(Writer::new).collect(),
            known: BTreeMap::new(),
            entropy: SeededEntropy::new(seed),
        }
    }

    fn below(&mut self, end: usize) -> usize {
        let mut drawn = [0; 4];
        self.entropy.fill(&mut drawn);
        usize::try_from(u32::from_be_bytes(drawn)).unwrap() % end
    }

    fn write(&mut self) {
        let at = self.below(self.machines.len());
        let lane = Lane::ALL[self.below(3)];
        let count = 1 + self.below(4);
        self.writers[at].write_many(&mut self.machines[at], lane, count);
    }

    /// The disk of a machine is copied, with all that it knows.
    fn clone_one(&mut self) {
        let (from, to) = (self.below(self.machines.len()), self.machines.len());
        if to == 6 {
            return;
        }
        self.machines.push(self.machines[from].clone());
        let number = u8::try_from(10 + to).unwrap();
        self.writers.push(self.writers[from].cloned_as(number));
        for other in 0..to {
            if let Some(known) = self.known.get(&(from, other)).cloned() {
                self.known.insert((to, other), known);
            }
        }
    }

    fn meet(&mut self, one: usize, two: usize, frames: usize) -> Meeting {
        let known = [(one, two), (two, one)].map(|it| self.known.get(&it).cloned());
        let mut a = std::mem::take(&mut self.machines[one]);
        let mut b = std::mem::take(&mut self.machines[two]);
        let mut meeting = Meeting::new(Line::LAN, [&a, &b], known);
        meeting.frames_left = frames;
        let mut steps = 0;
        while meeting.go_on([&mut a, &mut b]) {
            steps += 1;
            assert!(steps < 20_000, "they go on for ever");
        }
        for (side, pair) in meeting.sides.iter().zip([(one, two), (two, one)]) {
            assert_eq!((side.closed, side.holes, side.refused), (None, 0, 0));
            if let Some(met) = side.met.clone() {
                self.known.insert(pair, met);
            }
        }
        (self.machines[one], self.machines[two]) = (a, b);
        meeting
    }

    fn meet_any(&mut self, frames: usize) {
        let one = self.below(self.machines.len());
        let two = self.below(self.machines.len());
        if one != two {
            self.meet(one, two, frames);
        }
    }
}

#[test]
fn any_machines_that_meet_in_any_order_become_equal() {
    for seed in (0..30).chain(200..210) {
        let mut world = World::new(seed);
        for _ in 0..60 {
            match world.below(10) {
                0..4 => world.write(),
                4 => world.clone_one(),
                5..8 => world.meet_any(usize::MAX),
                _ => {
                    let frames = world.below(20);
                    world.meet_any(frames);
                }
            }
        }
        let mut all = Replica::default();
        world.machines.iter().for_each(|it| all.take_all(it));
        let last = world.machines.len() - 1;
        for at in (0..last).chain((0..last).rev()) {
            let meeting = world.meet(at, at + 1, usize::MAX);
            assert!(meeting.sides.iter().all(|it| it.in_step), "seed {seed}");
        }
        for machine in &world.machines {
            assert_eq!(machine.frontier(), all.frontier(), "seed {seed}");
        }
    }
}
