//! Machines of two clinics that meet about documents of one of them: the real papers,
//! exchange and frames, over a line that may break, repeat itself or lie.

use std::collections::{BTreeSet, VecDeque};

use cairn::{
    clinic::{Clinic, Hosting, Refused, Side, Visiting},
    ids::{DocId, Hash},
    seal::{PublicKey, SigningKey},
    sync::{
        proto::sharing::{Input, Output, Setup, Sharing},
        wire::{Frame, Gathered, Gathering, Run, pieces},
    },
};

use crate::{flaky_disk::Dice, meeting::Faults};

/// What a meeting came to.
#[derive(Debug, Default)]
pub(crate) struct Visit {
    /// Whether each let the other in.
    pub(crate) let_in: bool,
    pub(crate) in_step: bool,
    pub(crate) frames: usize,
    pub(crate) taken: usize,
    pub(crate) refused: Vec<Refused>,
    /// The documents of which the clinic sent something.
    pub(crate) left: BTreeSet<DocId>,
}

/// Frames that one meeting may have, before it is called endless.
const FRAMES_MAX: usize = 20_000;

/// The key that a machine meets others with.
pub(crate) fn endpoint(clinic: &Clinic) -> PublicKey {
    SigningKey::from_secret(&clinic.endpoint_secret().unwrap()).public()
}

/// One side of a meeting.
struct At<'a> {
    side: &'a dyn Side,
    sharing: Sharing,
    coming: VecDeque<Vec<u8>>,
    is_open: bool,
    in_step: bool,
}

/// A machine of a provider's meets with one of the clinic about the clinic's documents. The
/// clock of the clinic is looked at as 0, the other's as 1.
pub(crate) fn visit(
    [host, guest]: [&Clinic; 2],
    faults: Faults,
    dice: &mut Dice,
    mut look: impl FnMut(usize),
) -> Visit {
    let mut visit = Visit::default();
    look(0);
    let hosts = host.outside(endpoint(guest)).unwrap().hosts;
    look(1);
    let visits = guest.outside(endpoint(host)).unwrap().visits;
    if !hosts || !visits.contains(&host.id()) {
        return visit;
    }
    visit.let_in = true;
    look(0);
    let hosting = host.hosting(endpoint(guest));
    let papers = hosting.papers().unwrap();
    look(1);
    let visiting = guest.visiting(host.id(), endpoint(host)).unwrap();
    let known = visiting.papers_hash().unwrap();
    if !hand_over(&papers, known, &visiting) {
        return visit;
    }
    run(
        (host, &hosting, &visiting),
        (faults, dice),
        look,
        &mut visit,
    );
    visit
}

/// Gives papers as frames. Whether they were taken.
fn hand_over(papers: &[u8], known: Hash, to: &Visiting<'_>) -> bool {
    let mut gathering = Gathering::default();
    for frame in pieces(papers, known) {
        let Ok(Frame::Papers(piece)) = Frame::decode(&frame.encode()) else {
            panic!("another frame than was sent");
        };
        match gathering.take(piece).unwrap() {
            Gathered::Some => {}
            Gathered::Same => return true,
            Gathered::All(bytes) => {
                to.take_papers(&bytes).unwrap();
                return true;
            }
        }
    }
    false
}

fn run(
    (host, hosting, visiting): (&Clinic, &Hosting<'_>, &Visiting<'_>),
    (faults, dice): (Faults, &mut Dice),
    mut look: impl FnMut(usize),
    visit: &mut Visit,
) {
    let sides: [&dyn Side; 2] = [hosting, visiting];
    let mut both = Vec::new();
    let mut first = Vec::new();
    for (at, side) in sides.into_iter().enumerate() {
        look(at);
        let (sharing, outputs) = Sharing::new(Setup {
            clinic: host.id(),
            scope: side.scope().unwrap(),
            mine: side.frontier().unwrap(),
        });
        first.push(outputs);
        both.push(At {
            side,
            sharing,
            coming: VecDeque::new(),
            is_open: true,
            in_step: false,
        });
    }
    for (at, outputs) in first.into_iter().enumerate() {
        look(at);
        carry_out(&mut both, at, outputs, visit);
    }
    while both.iter().any(|it| it.is_open && !it.coming.is_empty()) {
        let ready = |at: &usize| both[*at].is_open && !both[*at].coming.is_empty();
        let ready: Vec<usize> = (0..2).filter(ready).collect();
        let at = ready[dice.below(ready.len())];
        let mut bytes = both[at].coming.pop_front().unwrap();
        visit.frames += 1;
        assert!(visit.frames < FRAMES_MAX, "an endless exchange");
        if faults.breaks_after.is_some_and(|it| visit.frames > it) {
            break;
        }
        let mut happens = |one_in: usize| one_in > 0 && dice.below(one_in) == 0;
        if happens(faults.drops_one_in) {
            continue;
        }
        if happens(faults.repeats_one_in) {
            both[at].coming.push_front(bytes.clone());
        }
        if happens(faults.corrupts_one_in) {
            let bit = dice.below(bytes.len() * 8);
            bytes[bit / 8] ^= 1 << (bit % 8);
        }
        look(at);
        let input = match Frame::decode(&bytes) {
            Ok(frame) => Input::Frame(frame),
            Err(error) => Input::Unread(error),
        };
        let outputs = both[at].sharing.handle(input, 0);
        carry_out(&mut both, at, outputs, visit);
    }
    visit.in_step = both.iter().all(|it| it.in_step && it.is_open);
}

/// Does what one side asks for, until it asks for nothing more.
fn carry_out(both: &mut [At<'_>], at: usize, outputs: Vec<Output>, visit: &mut Visit) {
    let mut due: VecDeque<Output> = outputs.into();
    while let Some(output) = due.pop_front() {
        let mut inputs = Vec::new();
        let side = &mut both[at];
        match output {
            Output::Send(frame) => {
                if at == 0
                    && let Frame::Chunk(runs) = &frame
                {
                    let entries = runs.iter().flat_map(Run::entries);
                    visit.left.extend(entries.map(|it| it.header().doc));
                }
                both[1 - at].coming.push_back(frame.encode());
            }
            Output::Read {
                run,
                from,
                bytes_max,
            } => {
                let envelopes = side.side.read_scoped(run, from, bytes_max).unwrap();
                inputs.push(Input::Read {
                    run,
                    from,
                    envelopes,
                });
            }
            Output::Take(runs) => {
                let taken = side.side.take(runs).unwrap();
                visit.taken += taken.new;
                side.is_open &= taken.refused.is_empty();
                visit.refused.extend(taken.refused);
                inputs.push(Input::Mine(side.side.frontier().unwrap()));
                inputs.push(Input::Took);
            }
            Output::InStep => side.in_step = true,
            Output::Close(_) => side.is_open = false,
        }
        for input in inputs {
            due.extend(both[at].sharing.handle(input, 0));
        }
    }
}
