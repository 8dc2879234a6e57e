//! Two machines of a clinic that meet: the real exchange and its real frames, over a line
//! that may break, repeat itself or lie.

use std::collections::VecDeque;

use cairn::{
    clinic::{Clinic, Error, Met},
    sync::{
        proto::{Exchange, Input, Output, Setup},
        wire::Frame,
    },
    time::Timestamp,
};

use crate::flaky_disk::Dice;

/// How a link behaves.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Faults {
    /// It breaks after so many frames.
    pub(crate) breaks_after: Option<usize>,
    /// One frame in so many is changed on its way; 0 for none.
    pub(crate) corrupts_one_in: usize,
    /// One frame in so many comes twice; 0 for none.
    pub(crate) repeats_one_in: usize,
    /// One frame in so many is lost; 0 for none.
    pub(crate) drops_one_in: usize,
    /// One frame in so many comes after the next; 0 for none.
    pub(crate) swaps_one_in: usize,
}

/// What a meeting came to.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Meeting {
    pub(crate) in_step: bool,
    pub(crate) frames: usize,
    pub(crate) taken: usize,
}

/// Frames that one meeting may have, before it is called endless.
const FRAMES_MAX: usize = 20_000;

/// Two machines meet over a line without faults, and must end in step.
pub(crate) fn in_step(one: &Clinic, other: &Clinic) {
    let meeting = meet([one, other], Faults::default(), &mut Dice(1), |_| ());
    assert!(meeting.in_step, "{meeting:?}");
    assert_eq!(one.frontier().unwrap(), other.frontier().unwrap());
}

/// One side of a meeting.
struct Side<'a> {
    clinic: &'a Clinic,
    exchange: Exchange,
    inbox: VecDeque<Vec<u8>>,
    is_open: bool,
    in_step: bool,
    taken: usize,
}

impl Side<'_> {
    /// Its disk answers no more: it is off.
    fn fails(&mut self, error: &Error) {
        println!("it leaves: {error}");
        self.is_open = false;
    }
}

/// Lets two machines exchange until both say that they hold the same, one leaves, or the link
/// breaks. `look` is told whose clock is looked at.
pub(crate) fn meet(
    sides: [&Clinic; 2],
    faults: Faults,
    dice: &mut Dice,
    mut look: impl FnMut(usize),
) -> Meeting {
    let mut meeting = Meeting::default();
    let mut both: Vec<Side<'_>> = Vec::new();
    let mut first = Vec::new();
    for (at, clinic) in sides.into_iter().enumerate() {
        look(at);
        let other = sides[1 - at].device();
        let base = clinic.peer(other).unwrap().map(|it| it.theirs);
        let setup = Setup {
            clinic: clinic.id(),
            mine: clinic.frontier().unwrap(),
            base,
        };
        let (exchange, outputs) = Exchange::new(setup);
        first.push(outputs);
        both.push(Side {
            clinic,
            exchange,
            inbox: VecDeque::new(),
            is_open: true,
            in_step: false,
            taken: 0,
        });
    }
    for (at, outputs) in first.into_iter().enumerate() {
        look(at);
        carry_out(&mut both, at, outputs);
    }
    while both.iter().any(|it| it.is_open && !it.inbox.is_empty()) {
        let ready = |at: &usize| both[*at].is_open && !both[*at].inbox.is_empty();
        let ready: Vec<usize> = (0..2).filter(ready).collect();
        let at = ready[dice.below(ready.len())];
        let mut bytes = both[at].inbox.pop_front().unwrap();
        meeting.frames += 1;
        assert!(meeting.frames < FRAMES_MAX, "an endless exchange");
        if faults.breaks_after.is_some_and(|it| meeting.frames > it) {
            break;
        }
        let happens =
            |dice: &mut Dice, one_in: usize| one_in > 0 && dice.below(one_in) == 0;
        if happens(dice, faults.drops_one_in) {
            continue;
        }
        if happens(dice, faults.swaps_one_in)
            && let Some(next) = both[at].inbox.pop_front()
        {
            both[at]
                .inbox
                .push_front(std::mem::replace(&mut bytes, next));
        }
        if happens(dice, faults.repeats_one_in) {
            both[at].inbox.push_front(bytes.clone());
        }
        if happens(dice, faults.corrupts_one_in) && !bytes.is_empty() {
            let bit = dice.below(bytes.len() * 8);
            bytes[bit / 8] ^= 1 << (bit % 8);
        }
        look(at);
        let input = match Frame::decode(&bytes) {
            Ok(frame) => Input::Frame(frame),
            Err(error) => Input::Unread(error),
        };
        let outputs = both[at].exchange.handle(input, 0);
        carry_out(&mut both, at, outputs);
    }
    meeting.in_step = both.iter().all(|it| it.in_step && it.is_open);
    meeting.taken = both.iter().map(|it| it.taken).sum();
    meeting
}

/// Does what one side asks for, until it asks for nothing more.
fn carry_out(both: &mut [Side<'_>], at: usize, outputs: Vec<Output>) {
    let mut due: VecDeque<Output> = outputs.into();
    while let Some(output) = due.pop_front() {
        let mut inputs = Vec::new();
        let other = both[1 - at].clinic.device();
        let side = &mut both[at];
        match output {
            Output::Send(frame) => {
                let bytes = frame.encode();
                inputs.push(Input::Sent { bytes: bytes.len() });
                both[1 - at].inbox.push_back(bytes);
            }
            Output::Read { from, bytes_max } => {
                match side.clinic.read_run(from, bytes_max) {
                    Ok(envelopes) => inputs.push(Input::Read { from, envelopes }),
                    Err(error) => side.fails(&error),
                }
            }
            Output::AskHash(place) => {
                let hash = side.clinic.hash_at(place).unwrap();
                inputs.push(Input::Hash { place, hash });
            }
            Output::Take(runs) => match side.clinic.take(runs) {
                Ok(taken) => {
                    side.taken += taken.new;
                    inputs.push(Input::Mine(side.clinic.frontier().unwrap()));
                    inputs.push(Input::Took);
                }
                Err(error) => side.fails(&error),
            },
            Output::Met(theirs) => {
                let met = Met {
                    at: Timestamp(0),
                    addrs: Vec::new(),
                    theirs,
                };
                if let Err(error) = side.clinic.met(other, &met) {
                    side.fails(&error);
                }
            }
            Output::InStep => side.in_step = true,
            Output::Close(_) => side.is_open = false,
            Output::Hole(_) | Output::Progress(_) => {}
        }
        for input in inputs {
            let more = both[at].exchange.handle(input, 0);
            due.extend(more);
        }
    }
}
