//! A clinic and a machine outside of it, which may have some documents only.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use cairn::{
    ids::{ClinicId, DocId, Hash, LogId},
    ledger::{DocRun, Entry, Lane, ScopedFrontier},
    sync::{
        proto::{
            Why,
            sharing::{Input, Output, Setup, Sharing},
        },
        wire::{Bye, Frame, Hello, Holds, Run, Share, Short},
    },
};

use super::replica::{CLINIC, Replica, Writer, key};

/// What one machine holds of documents, by log and number.
#[derive(Clone, Default, PartialEq, Debug)]
struct Shelf(BTreeMap<DocRun, BTreeMap<u64, Entry>>);

impl Shelf {
    /// Of all that a machine holds, what is under one key alone.
    fn of(machine: &Replica) -> Self {
        let mut shelf = Self::default();
        for entry in machine.all() {
            shelf.put(entry.header().log, entry.clone());
        }
        shelf
    }

    fn put(&mut self, log: LogId, entry: Entry) {
        let run = (entry.header().doc, log);
        let seq = entry.header().seq;
        self.0.entry(run).or_default().insert(seq, entry);
    }

    fn frontier(&self) -> ScopedFrontier {
        let end = |run: &BTreeMap<u64, Entry>| {
            let (seq, last) = run.last_key_value().unwrap();
            (*seq, last.hash())
        };
        self.0.iter().map(|(run, all)| (*run, end(all))).collect()
    }

    fn docs(&self) -> BTreeSet<DocId> {
        self.0.keys().map(|it| it.0).collect()
    }

    fn only(&self, docs: &BTreeSet<DocId>) -> Self {
        let all = self.0.iter().filter(|(run, _)| docs.contains(&run.0));
        Self(all.map(|(run, it)| (*run, it.clone())).collect())
    }

    /// How many envelopes.
    fn len(&self) -> usize {
        self.0.values().map(BTreeMap::len).sum()
    }

    fn read(&self, run: DocRun, from: u64, bytes_max: usize) -> Vec<Vec<u8>> {
        let mut bytes = 0;
        let all = self.0.get(&run).into_iter().flat_map(|it| it.range(from..));
        let mut read: Vec<Vec<u8>> = all.map(|it| it.1.encode()).collect();
        let mut fits = |it: &Vec<u8>| {
            bytes += it.len();
            bytes <= bytes_max
        };
        let fitting = read.iter().take_while(|it| fits(it)).count();
        read.truncate(fitting.max(1));
        read
    }

    /// Keeps what is signed, each by itself, up to the first that is not; a second branch
    /// under its own name. Whether all was.
    fn take(&mut self, runs: Vec<Vec<Entry>>) -> bool {
        for entry in runs.into_iter().flatten() {
            if entry.stub().verify(&key().public()).is_err() {
                return false;
            }
            let header = entry.header();
            let there = self.0.get(&(header.doc, header.log));
            let there = there.and_then(|it| it.get(&header.seq));
            let log = match there {
                Some(held) if *held != entry => LogId::from_bytes([0xf0; 16]),
                Some(_) | None => header.log,
            };
            self.put(log, entry);
        }
        true
    }
}

struct Side {
    sharing: Sharing,
    todo: VecDeque<Output>,
    coming: VecDeque<Vec<u8>>,
    frames: Vec<Vec<u8>>,
    in_step: bool,
    closed: Option<Why>,
    is_over: bool,
}

impl Side {
    fn new(shelf: &Shelf, scope: &BTreeSet<DocId>) -> Self {
        let (sharing, outputs) = Sharing::new(Setup {
            clinic: CLINIC,
            scope: scope.clone(),
            mine: shelf.frontier(),
        });
        Self {
            sharing,
            todo: outputs.into(),
            coming: VecDeque::new(),
            frames: Vec::new(),
            in_step: false,
            closed: None,
            is_over: false,
        }
    }

    fn input(&mut self, input: Input) {
        if !self.is_over {
            self.todo.extend(self.sharing.handle(input, 0));
        }
    }

    /// Does one thing that is to be done; a frame that is to be sent.
    fn step(&mut self, on: &mut Shelf) -> Option<Vec<u8>> {
        match self.todo.pop_front()? {
            Output::Send(frame) => {
                let bytes = frame.encode();
                assert_eq!(Frame::decode(&bytes), Ok(frame));
                self.frames.push(bytes.clone());
                return Some(bytes);
            }
            Output::Read {
                run,
                from,
                bytes_max,
            } => {
                let envelopes = on.read(run, from, bytes_max);
                self.input(Input::Read {
                    run,
                    from,
                    envelopes,
                });
            }
            Output::Take(runs) => {
                if !on.take(runs) {
                    // Who is sent what nobody signed leaves.
                    self.is_over = true;
                    self.todo.clear();
                    return None;
                }
                self.input(Input::Mine(on.frontier()));
                self.input(Input::Took);
            }
            Output::InStep => self.in_step = true,
            Output::Close(why) => self.closed = Some(why),
        }
        None
    }
}

/// Two sides meet, each with what the other may have, until nothing is left to do.
fn share(shelves: [&mut Shelf; 2], scope: &BTreeSet<DocId>) -> [Side; 2] {
    let [one, two] = shelves;
    let mut sides = [Side::new(one, scope), Side::new(two, scope)];
    run(&mut sides, [one, two], |_| {});
    sides
}

fn run(
    sides: &mut [Side; 2],
    shelves: [&mut Shelf; 2],
    mut change: impl FnMut(&mut Vec<u8>),
) {
    let [one, two] = shelves;
    for _ in 0..10_000 {
        for (at, shelf) in [&mut *one, &mut *two].into_iter().enumerate() {
            while !sides[at].todo.is_empty() {
                if let Some(mut bytes) = sides[at].step(shelf) {
                    change(&mut bytes);
                    sides[1 - at].coming.push_back(bytes);
                }
            }
        }
        let Some(at) = (0..2).find(|at| !sides[*at].coming.is_empty()) else {
            return;
        };
        let bytes = sides[at].coming.pop_front().unwrap();
        sides[at].input(match Frame::decode(&bytes) {
            Ok(frame) => Input::Frame(frame),
            Err(error) => Input::Unread(error),
        });
    }
    panic!("it goes on for ever");
}

/// A clinic of two writers, and the documents of which half are granted.
fn clinic() -> (Replica, [Writer; 2], BTreeSet<DocId>) {
    let mut machine = Replica::default();
    let mut writers = [Writer::new(0xa1), Writer::new(0xa2)];
    for writer in &mut writers {
        writer.write_many(&mut machine, Lane::Clinical, 80);
    }
    let docs = Shelf::of(&machine).docs();
    assert!(docs.len() > 10);
    let granted = docs.into_iter().step_by(2).collect();
    (machine, writers, granted)
}

fn both_in_step(sides: &[Side; 2]) -> bool {
    sides.iter().all(|it| it.in_step && it.closed.is_none())
}

#[test]
fn an_outside_machine_gets_the_documents_of_its_grants_and_no_others() {
    let (machine, _, granted) = clinic();
    let mut here = Shelf::of(&machine);
    let mut there = Shelf::default();
    let sides = share([&mut here, &mut there], &granted);
    assert!(both_in_step(&sides));
    assert_eq!(there, here.only(&granted));
    assert!(there.len() < here.len());
    // What is not granted is named in no frame either.
    let refused: Vec<DocId> = here.docs().difference(&granted).copied().collect();
    for frame in &sides[0].frames {
        for doc in &refused {
            assert!(!frame.windows(16).any(|it| it == doc.as_bytes()), "{doc:?}");
        }
    }
}

#[test]
fn who_holds_the_same_says_so_in_one_frame_and_who_lacks_a_little_gets_that() {
    let (mut machine, mut writers, granted) = clinic();
    let mut there = Shelf::of(&machine).only(&granted);
    let held = there.len();
    let sides = share([&mut Shelf::of(&machine), &mut there], &granted);
    assert!(both_in_step(&sides));
    // The first frame, and what nobody needed any more.
    let lengths = sides.map(|it| it.frames.iter().map(Vec::len).collect::<Vec<_>>());
    assert_eq!(lengths, [[50], [50]]);
    writers[0].write_many(&mut machine, Lane::Clinical, 10);
    let mut here = Shelf::of(&machine);
    let sides = share([&mut here, &mut there], &granted);
    assert!(both_in_step(&sides));
    assert_eq!(there, here.only(&granted));
    let chunks = sides[0].frames.iter().filter(|it| it[1] == 4);
    let bytes: usize = chunks.map(Vec::len).sum();
    let new = there.len() - held;
    assert!(
        new > 0 && bytes < new * 462,
        "{bytes} bytes for {new} envelopes"
    );
}

#[test]
fn what_an_outside_machine_writes_comes_back_where_it_was_granted() {
    let (machine, _, granted) = clinic();
    let mut here = Shelf::of(&machine);
    let mut outside = Replica::default();
    Writer::new(9).write_many(&mut outside, Lane::Clinical, 30);
    let mut there = here.only(&granted);
    let before = there.len();
    there.0.extend(Shelf::of(&outside).0);
    let written = there.only(&granted).len() - before;
    let (had, held) = (here.len(), there.len());
    share([&mut here, &mut there], &granted);
    assert!(written > 0);
    assert_eq!((here.len(), there.len()), (had + written, held));
}

#[test]
fn a_document_without_a_right_is_answered_as_if_there_were_none() {
    let (machine, _, granted) = clinic();
    let here = Shelf::of(&machine);
    let refused = *here.docs().difference(&granted).next().unwrap();
    let log = here.0.keys().find(|it| it.0 == refused).unwrap().1;
    let entry = here.0[&(refused, log)].first_key_value().unwrap().1;
    let said = |doc: DocId, entry: &Entry| {
        let mut shelf = here.clone();
        let mut side = Side::new(&shelf, &granted);
        let mine = here.only(&granted).frontier();
        let share = Share {
            clinic: CLINIC,
            frontier: Hash::from_bytes([1; 32]),
        };
        let held = BTreeMap::from([((doc, log), (1, Short([7; 8])))]);
        let chunk = Run::new(log, vec![entry.clone()]).unwrap();
        let frames = [
            Frame::Share(share),
            Frame::Holds(Holds { took: 0, held }),
            Frame::Parted((doc, log)),
            Frame::Chunk(vec![chunk]),
        ];
        for frame in frames {
            side.input(Input::Frame(frame));
            while !side.todo.is_empty() {
                side.step(&mut shelf);
            }
        }
        assert_eq!((shelf == here, side.closed), (true, None));
        assert!(mine.keys().all(|it| it.0 != doc));
        side.frames
    };
    let mut never = Replica::default();
    let never = Writer::new(8).write(&mut never, Lane::Clinical, 208);
    let nowhere = DocId::from_bytes([0xee; 16]);
    assert_eq!(said(refused, entry), said(nowhere, &never));
}

#[test]
fn every_signature_is_checked_and_what_was_changed_comes_again() {
    let (machine, _, granted) = clinic();
    let mut here = Shelf::of(&machine);
    let mut there = Shelf::default();
    let mut sides = [Side::new(&here, &granted), Side::new(&there, &granted)];
    let mut chunks = 0;
    run(&mut sides, [&mut here, &mut there], |bytes| {
        chunks += usize::from(bytes[1] == 4);
        if bytes[1] == 4 && chunks == 2 {
            // The last byte of a chunk is of its last signature.
            *bytes.last_mut().unwrap() ^= 1;
        }
    });
    assert!(sides[1].is_over && there.len() > 10);
    assert!(there.len() < here.only(&granted).len());
    let sides = share([&mut here, &mut there], &granted);
    assert!(both_in_step(&sides));
    assert_eq!(there, here.only(&granted));
}

#[test]
fn a_document_that_differs_is_sent_whole_by_both_sides() {
    let mut machine = Replica::default();
    let mut writer = Writer::new(1);
    writer.write_many(&mut machine, Lane::Clinical, 60);
    let (mut one, mut two) = (machine.clone(), machine.clone());
    writer.cloned_as(7).write_many(&mut two, Lane::Clinical, 60);
    writer.write_many(&mut one, Lane::Clinical, 40);
    let (mut here, mut there) = (Shelf::of(&one), Shelf::default());
    // The outside machine met the copy of the disk only.
    there.take(vec![two.all().cloned().collect()]);
    let granted = here.docs();
    let lacked = here.clone();
    share([&mut here, &mut there], &granted);
    let all = |shelf: &Shelf| -> BTreeSet<Hash> {
        shelf
            .0
            .values()
            .flat_map(BTreeMap::values)
            .map(Entry::hash)
            .collect()
    };
    let (held, lacked) = (all(&there), all(&lacked));
    assert_eq!(lacked.difference(&held).count(), 0);
    assert!(all(&here).is_superset(&all(&Shelf::of(&two).only(&granted))));
}

#[test]
fn nothing_leaves_after_a_grant_ended() {
    let (machine, _, granted) = clinic();
    let mut here = Shelf::of(&machine);
    let mut side = Side::new(&here, &granted);
    let share = Share {
        clinic: CLINIC,
        frontier: Hash::from_bytes([1; 32]),
    };
    side.input(Input::Frame(Frame::Share(share)));
    side.input(Input::Frame(Frame::Holds(Holds {
        took: 0,
        held: BTreeMap::new(),
    })));
    // It is about to read the first of them.
    let mut kept = granted.clone();
    let last = kept.pop_last().unwrap();
    side.input(Input::Scope([last].into()));
    while !side.todo.is_empty() {
        side.step(&mut here);
    }
    let chunks = side.frames.iter().filter_map(|it| match Frame::decode(it) {
        Ok(Frame::Chunk(runs)) => Some(runs),
        _ => None,
    });
    let sent: BTreeSet<DocId> = chunks
        .flatten()
        .flat_map(Run::into_entries)
        .map(|it| it.header().doc)
        .collect();
    assert_eq!(sent, [last].into());
}

#[test]
fn a_machine_that_says_what_none_does_is_left() {
    let (machine, _, granted) = clinic();
    let shelf = Shelf::of(&machine);
    let share = |clinic| {
        Frame::Share(Share {
            clinic,
            frontier: Hash::ZERO,
        })
    };
    let sound = || share(CLINIC);
    let holds = |took| {
        Frame::Holds(Holds {
            took,
            held: BTreeMap::new(),
        })
    };
    let hello = Frame::Hello(Hello {
        clinic: CLINIC,
        frontier: Hash::ZERO,
        base: None,
    });
    let chunk = || {
        let mut none = Replica::default();
        let entry = Writer::new(8).write(&mut none, Lane::Clinical, 900_000);
        Frame::Chunk(vec![Run::new(LogId::ZERO, vec![entry]).unwrap()])
    };
    for (frames, why) in [
        (vec![holds(0)], Why::OutOfTurn),
        (vec![chunk()], Why::OutOfTurn),
        (vec![sound(), sound()], Why::OutOfTurn),
        (vec![share(ClinicId::ZERO)], Why::Clinic),
        (vec![sound(), holds(1)], Why::OutOfTurn),
        (vec![sound(), hello], Why::OutOfTurn),
        (
            vec![
                sound(),
                Frame::Have {
                    took: 0,
                    reached: BTreeMap::new(),
                },
            ],
            Why::OutOfTurn,
        ),
        (vec![sound(), chunk(), chunk(), chunk()], Why::TooMuch),
        (vec![Frame::Bye(Bye::TooMuch)], Why::Left(Bye::TooMuch)),
    ] {
        let mut side = Side::new(&shelf, &granted);
        let mut outputs = Vec::new();
        for frame in frames {
            outputs.extend(side.sharing.handle(Input::Frame(frame), 0));
        }
        let last = outputs.pop();
        assert!(
            matches!(last, Some(Output::Close(it)) if it == why),
            "{last:?} {why:?}"
        );
        let after = side.sharing.handle(Input::Tick, 1_000_000);
        assert!(after.is_empty());
    }
    let mut side = Side::new(&shelf, &granted);
    assert!(side.sharing.handle(Input::Tick, 0).is_empty());
    let outputs = side.sharing.handle(Input::Tick, 120_001);
    assert!(matches!(
        outputs[..],
        [Output::Send(_), Output::Close(Why::Stalled)]
    ));
}
