//! Two machines and a link between them, with a delay and a rate, in a time of its own.

use std::collections::VecDeque;

use cairn::{
    ids::LogId,
    ledger::Frontier,
    sync::{
        proto::{Exchange, Input, Output, Progress, Setup, Why},
        wire::Frame,
    },
};

use super::replica::{CLINIC, Replica};

/// What the link carries, and when.
#[derive(Debug, Clone, Copy)]
pub(super) struct Line {
    pub(super) delay_ms: i64,
    pub(super) bytes_per_ms: i64,
}

impl Line {
    /// 50 kbit/s, and 600 ms there and back.
    pub(super) const SECOND_GENERATION: Self = Self {
        delay_ms: 300,
        bytes_per_ms: 6,
    };
    pub(super) const LAN: Self = Self {
        delay_ms: 1,
        bytes_per_ms: 12_500,
    };
}

/// One side of an exchange.
pub(super) struct Side {
    pub(super) exchange: Exchange,
    pub(super) met: Option<Frontier>,
    pub(super) in_step: bool,
    pub(super) progress: Progress,
    pub(super) closed: Option<Why>,
    pub(super) holes: usize,
    pub(super) frames: Vec<usize>,
    pub(super) lookups: usize,
    /// Envelopes that came and continued nothing.
    pub(super) refused: usize,
    /// The frontier that the exchange was told last.
    told: Frontier,
    /// When the line is free again.
    free_ms: i64,
    coming: VecDeque<(i64, Vec<u8>)>,
    todo: VecDeque<Output>,
}

pub(super) type Change = Box<dyn FnMut(&mut Vec<u8>)>;

/// An exchange of two machines.
pub(super) struct Meeting {
    pub(super) sides: [Side; 2],
    pub(super) now_ms: i64,
    pub(super) frames_left: usize,
    /// What the link does to the bytes of a frame.
    pub(super) change: Option<Change>,
    /// A log of which the second machine keeps nothing.
    pub(super) refusing: Option<LogId>,
    line: Line,
}

impl Meeting {
    /// Both sides dial at once.
    pub(super) fn new(
        line: Line,
        machines: [&Replica; 2],
        bases: [Option<Frontier>; 2],
    ) -> Self {
        let [one, two] = bases;
        Self {
            sides: [Side::new(machines[0], one), Side::new(machines[1], two)],
            now_ms: 0,
            frames_left: usize::MAX,
            change: None,
            refusing: None,
            line,
        }
    }

    /// Goes on until nothing is left to do.
    pub(super) fn run(&mut self, machines: [&mut Replica; 2]) {
        let [one, two] = machines;
        while self.go_on([one, two]) {}
    }

    /// One step; false where there is none.
    pub(super) fn go_on(&mut self, machines: [&mut Replica; 2]) -> bool {
        for (at, machine) in machines.into_iter().enumerate() {
            self.tell(at, machine);
            if let Some(output) = self.sides[at].todo.pop_front() {
                self.carry_out(at, output, machine);
                return true;
            }
        }
        let next = (0..2)
            .filter_map(|it| Some((self.sides[it].coming.front()?.0, it)))
            .min();
        let Some((at_ms, at)) = next else {
            return false;
        };
        let (_, bytes) = self.sides[at].coming.pop_front().unwrap();
        self.now_ms = self.now_ms.max(at_ms);
        let input = match Frame::decode(&bytes) {
            Ok(frame) => Input::Frame(frame),
            Err(error) => Input::Unread(error),
        };
        self.input(at, input);
        true
    }

    /// Tells a side that something was saved or taken, if it was.
    fn tell(&mut self, at: usize, machine: &Replica) {
        let mine = machine.frontier();
        if self.sides[at].told != mine {
            self.sides[at].told.clone_from(&mine);
            self.input(at, Input::Mine(mine));
        }
    }

    pub(super) fn input(&mut self, at: usize, input: Input) {
        let outputs = self.sides[at].exchange.handle(input, self.now_ms);
        self.sides[at].todo.extend(outputs);
    }

    /// Frames of both sides, in bytes.
    pub(super) fn bytes(&self) -> usize {
        self.sides.iter().flat_map(|it| &it.frames).sum()
    }

    fn put(&mut self, at: usize, frame: &Frame) {
        let mut bytes = frame.encode();
        assert_eq!(Frame::decode(&bytes).as_ref(), Ok(frame));
        self.sides[at].frames.push(bytes.len());
        if self.frames_left == 0 {
            return;
        }
        self.frames_left -= 1;
        if let Some(change) = &mut self.change {
            change(&mut bytes);
        }
        let length = i64::try_from(bytes.len()).unwrap();
        let side = &mut self.sides[at];
        side.free_ms = side.free_ms.max(self.now_ms) + length / self.line.bytes_per_ms;
        let arrives = side.free_ms + self.line.delay_ms;
        self.sides[1 - at].coming.push_back((arrives, bytes));
    }

    fn carry_out(&mut self, at: usize, output: Output, machine: &mut Replica) {
        match output {
            Output::Send(frame) => {
                self.put(at, &frame);
                let bytes = *self.sides[at].frames.last().unwrap();
                self.input(at, Input::Sent { bytes });
            }
            Output::Read { from, bytes_max } => {
                let envelopes = machine.read(from, bytes_max);
                self.input(at, Input::Read { from, envelopes });
            }
            Output::AskHash(place) => {
                self.sides[at].lookups += 1;
                let hash = machine.hash_at(place);
                self.input(at, Input::Hash { place, hash });
            }
            Output::Take(mut runs) => {
                if let (1, Some(log)) = (at, self.refusing) {
                    runs.retain(|run| run.iter().all(|it| it.header().log != log));
                }
                runs.iter().flatten().for_each(|it| machine.mend(it));
                self.sides[at].refused += machine.take(runs);
                self.tell(at, machine);
                self.input(at, Input::Took);
            }
            Output::Hole(_) => self.sides[at].holes += 1,
            Output::Met(met) => self.sides[at].met = Some(met),
            Output::InStep => self.sides[at].in_step = true,
            Output::Progress(progress) => self.sides[at].progress = progress,
            Output::Close(why) => self.sides[at].closed = Some(why),
        }
    }
}

impl Side {
    fn new(machine: &Replica, base: Option<Frontier>) -> Self {
        let (exchange, outputs) = Exchange::new(Setup {
            clinic: CLINIC,
            mine: machine.frontier(),
            base,
        });
        Self {
            exchange,
            met: None,
            in_step: false,
            progress: Progress::default(),
            closed: None,
            holes: 0,
            frames: Vec::new(),
            lookups: 0,
            refused: 0,
            told: machine.frontier(),
            free_ms: 0,
            coming: VecDeque::new(),
            todo: outputs.into(),
        }
    }
}
