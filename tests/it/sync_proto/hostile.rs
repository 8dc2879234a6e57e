//! What a machine that means harm, or is broken, can say.

use std::collections::BTreeMap;

use cairn::{
    ids::{ClinicId, Hash, LogId},
    ledger::{Lane, Place},
    seal::{Entropy as _, SeededEntropy},
    sync::{
        proto::{Exchange, Input, Output, Setup, Why},
        wire::{
            self, Bye, FRONTIER_ENTRIES_MAX, Frame, Hello, Reached, Run, Short, Told,
        },
    },
};

use super::{
    link::Line,
    replica::{CLINIC, Replica, Writer},
    run, start, two,
};

/// An exchange with nobody yet.
fn alone(machine: &Replica) -> Exchange {
    let (exchange, _) = Exchange::new(Setup {
        clinic: CLINIC,
        mine: machine.frontier(),
        base: None,
    });
    exchange
}

fn hello() -> Frame {
    Frame::Hello(Hello {
        clinic: CLINIC,
        frontier: Hash::from_bytes([1; 32]),
        base: None,
    })
}

fn nothing() -> Frame {
    Frame::Frontier(Told {
        base: None,
        reached: BTreeMap::new(),
    })
}

fn have(took: u32, reached: Reached) -> Frame {
    Frame::Have { took, reached }
}

/// A chunk of one envelope.
fn chunk(clinic: ClinicId) -> Frame {
    let written = Writer::new(5).write(&mut Replica::default(), Lane::Desk, 10);
    let mut envelope = written.whole().unwrap().clone();
    envelope.header.clinic = clinic;
    let log = envelope.header.log;
    Frame::Chunk(Run::new(log, vec![envelope]).into_iter().collect())
}

/// Says all of it; the outputs, and how the exchange ended if it did.
fn say(
    exchange: &mut Exchange,
    frames: impl IntoIterator<Item = Frame>,
) -> (Vec<Output>, Option<Why>) {
    let mut all = Vec::new();
    for frame in frames {
        all.extend(exchange.handle(Input::Frame(frame), 0));
    }
    let why = all.iter().find_map(|it| {
        if let Output::Close(why) = it {
            Some(*why)
        } else {
            None
        }
    });
    (all, why)
}

#[track_caller]
fn check_ends(frames: Vec<Frame>, why: Why, bye: Bye) {
    let (machines, _) = two();
    let mut exchange = alone(&machines[0]);
    let (outputs, ended) = say(&mut exchange, frames);
    assert_eq!(ended, Some(why));
    let [.., Output::Send(Frame::Bye(told)), Output::Close(_)] = &*outputs else {
        panic!("no good-bye: {outputs:?}");
    };
    assert_eq!(*told, bye);
    // Nothing is done after the end.
    assert!(exchange.handle(Input::Frame(hello()), 0).is_empty());
}

#[test]
fn what_comes_out_of_its_turn_ends_the_exchange() {
    let (log, lane) = (LogId::from_bytes([1; 16]), Lane::Desk);
    let probe = || Frame::Probe {
        run: (log, lane),
        samples: vec![(1, Short([0; 8]))],
    };
    for frames in [
        vec![nothing()],
        vec![chunk(CLINIC)],
        vec![have(0, Reached::new())],
        vec![hello(), hello()],
        vec![hello(), nothing(), hello()],
        vec![hello(), have(1, Reached::new())],
        vec![hello(), probe()],
    ] {
        check_ends(frames, Why::OutOfTurn, Bye::OutOfTurn);
    }
}

#[test]
fn a_question_that_comes_before_the_last_was_answered_takes_its_place() {
    let [first, second] = [1, 2].map(|it| (LogId::from_bytes([it; 16]), Lane::Desk));
    let samples = vec![(1, Short([0; 8]))];
    let probe = |run| Frame::Probe {
        run,
        samples: samples.clone(),
    };
    let (machines, _) = two();
    let mut exchange = alone(&machines[0]);
    let said = [hello(), nothing(), probe(first), probe(second)];
    let (_, ended) = say(&mut exchange, said);
    assert_eq!(ended, None);
    let answers = |exchange: &mut Exchange, (log, lane)| {
        let place = Place { log, lane, seq: 1 };
        let hash = None;
        let outputs = exchange.handle(Input::Hash { place, hash }, 0);
        let agreed = |it: &&Output| matches!(it, Output::Send(Frame::Agreed { .. }));
        outputs.iter().filter(agreed).count()
    };
    assert_eq!(answers(&mut exchange, first), 0);
    assert_eq!(answers(&mut exchange, second), 1);
    // Nor is an answer for which nobody waits any more out of its turn.
    let late = Frame::Agreed {
        run: first,
        upto: 7,
    };
    assert_eq!(say(&mut exchange, [late]).1, None);
}

#[test]
fn another_clinic_and_another_version_are_named() {
    let other = ClinicId::from_bytes([9; 16]);
    let stranger = Frame::Hello(Hello {
        clinic: other,
        frontier: Hash::from_bytes([1; 32]),
        base: None,
    });
    check_ends(vec![stranger], Why::Clinic, Bye::Clinic);
    check_ends(
        vec![hello(), nothing(), chunk(other)],
        Why::Clinic,
        Bye::Clinic,
    );
    let (machines, _) = two();
    for (error, why, shown) in [
        (
            wire::Error::Version { theirs: 9 },
            Why::Version { theirs: 9 },
            "the other machine speaks version 9 of the protocol, not 1",
        ),
        (
            wire::Error::Malformed,
            Why::Malformed,
            "what came is not a frame",
        ),
        (
            wire::Error::Length { length: 9 },
            Why::TooMuch,
            "more came than is taken",
        ),
    ] {
        let outputs = alone(&machines[0]).handle(Input::Unread(error), 0);
        let [Output::Send(Frame::Bye(_)), Output::Close(ended)] = &*outputs else {
            panic!("{outputs:?}");
        };
        assert_eq!((*ended, ended.to_string()), (why, shown.to_owned()));
    }
    let left = [Frame::Bye(Bye::Version)];
    let (outputs, why) = say(&mut alone(&machines[0]), left);
    assert_eq!((outputs.len(), why), (1, Some(Why::Left(Bye::Version))));
}

#[test]
fn a_flood_of_chunks_ends_the_exchange() {
    let flood = [hello(), nothing()].into_iter();
    let flood = flood.chain((0..5).map(|_| chunk(CLINIC)));
    check_ends(flood.collect(), Why::TooMuch, Bye::TooMuch);
}

#[test]
fn a_frontier_without_end_ends_the_exchange() {
    let some = |from: usize| -> Reached {
        let log = |it: usize| {
            let mut log = [7; 16];
            log[..8].copy_from_slice(&(it as u64).to_be_bytes());
            LogId::from_bytes(log)
        };
        let entry = |it| ((log(it), Lane::Desk), (u64::MAX, Short([0; 8])));
        (from..from + FRONTIER_ENTRIES_MAX / 2).map(entry).collect()
    };
    let told = (0..3).map(|it| have(0, some(it * FRONTIER_ENTRIES_MAX)));
    let frames = [hello(), nothing()].into_iter().chain(told);
    check_ends(frames.collect(), Why::TooMuch, Bye::TooMuch);
}

#[test]
fn ends_beyond_all_numbers_are_counted_and_nothing_else() {
    let (machines, _) = two();
    let mut exchange = alone(&machines[0]);
    let reached: Reached = machines[0]
        .frontier()
        .into_keys()
        .map(|run| (run, (u64::MAX, Short([0; 8]))))
        .collect();
    let (outputs, why) = say(&mut exchange, [hello(), nothing()]);
    assert_eq!(why, None);
    assert!(matches!(outputs.last(), Some(Output::Progress(it)) if it.to_get == 0));
    let (outputs, why) = say(&mut exchange, [have(0, reached)]);
    assert_eq!(why, None);
    let [Output::Progress(progress)] = &*outputs else {
        panic!("{outputs:?}");
    };
    assert_eq!((progress.to_get, progress.to_send), (u64::MAX, 0));
}

#[test]
fn who_asks_for_what_is_not_here_hears_nothing() {
    let (machines, _) = two();
    let mut exchange = alone(&machines[0]);
    drop(say(&mut exchange, [hello(), nothing()]));
    let (lane, seq) = (Lane::Desk, 1);
    let place = |log| Place { log, lane, seq };
    let unknown = place(LogId::from_bytes([0xee; 16]));
    let beyond = Place {
        seq: 99,
        ..place(Writer::new(1).log)
    };
    for place in [unknown, beyond] {
        let (outputs, why) = say(&mut exchange, [Frame::Want(vec![place])]);
        assert_eq!((outputs.len(), why), (0, None));
    }
    let many = [(); 5].map(|()| Frame::Want(vec![place(Writer::new(1).log); 64]));
    let (_, why) = say(&mut exchange, many);
    assert_eq!(why, Some(Why::TooMuch));
}

#[test]
fn a_peer_that_falls_silent_is_left_and_a_quiet_one_is_not() {
    let (mut machines, _) = two();
    let mut exchange = alone(&machines[0]);
    let tick = |exchange: &mut Exchange, now| exchange.handle(Input::Tick, now).pop();
    assert!(tick(&mut exchange, 0).is_none());
    assert!(tick(&mut exchange, 119_000).is_none());
    let ended = tick(&mut exchange, 121_000);
    assert!(matches!(ended, Some(Output::Close(Why::Stalled))));
    let mut meeting = start(Line::LAN, &machines, None);
    run(&mut meeting, &mut machines);
    for minutes in 1..100 {
        let quiet = &mut meeting.sides[0].exchange;
        assert!(tick(quiet, minutes * 60_000).is_none());
    }
}

#[test]
fn envelopes_that_nobody_keeps_are_not_sent_for_ever() {
    let (mut machines, mut writers) = two();
    // Two logs of one name whose envelopes do not continue each other.
    let stranger = writers[0].write(&mut Replica::default(), Lane::Desk, 10);
    let mut meeting = start(Line::LAN, &machines, None);
    meeting.refusing = Some(stranger.header().log);
    run(&mut meeting, &mut machines);
    let refused = machines[0].len();
    assert!(machines[1].len() < refused, "refused");
    assert!(meeting.sides.iter().all(|it| it.closed.is_none()));
    let before = meeting.bytes();
    writers[1].write(&mut machines[1], Lane::Desk, 10);
    run(&mut meeting, &mut machines);
    assert!(meeting.bytes() - before < 400);
    // What is known of the clinic's members changes: it is tried again.
    meeting.refusing = None;
    writers[1].write(&mut machines[1], Lane::Membership, 10);
    run(&mut meeting, &mut machines);
    super::check_equal(&machines, &meeting);
}

#[test]
fn a_link_that_changes_bytes_never_breaks_a_machine() {
    for seed in 0..60 {
        let (mut machines, mut writers) = two();
        let mut clone = machines[0].clone();
        let mut cloned = writers[0].cloned_as(9);
        cloned.write_many(&mut clone, Lane::Desk, 40);
        writers[0].write_many(&mut machines[0], Lane::Desk, 30);
        machines[1].take_all(&clone);
        let mut meeting = start(Line::LAN, &machines, None);
        let mut entropy = SeededEntropy::new(seed);
        meeting.change = Some(Box::new(move |bytes| {
            let mut drawn = [0; 12];
            entropy.fill(&mut drawn);
            let at = usize::from(drawn[1]) << 8 | usize::from(drawn[2]);
            let at = at % bytes.len();
            match drawn[0] % 16 {
                0 => bytes[at] ^= 1 << (drawn[3] % 8),
                1 => bytes[at] = drawn[3],
                2 => bytes.truncate(at),
                3 => bytes.extend_from_slice(&drawn),
                _ => {}
            }
        }));
        let held: Vec<_> = machines[0].all().cloned().collect();
        let mut steps = 0;
        let [one, two] = &mut machines;
        while meeting.go_on([one, two]) {
            steps += 1;
            assert!(steps < 20_000, "seed {seed} goes on for ever");
        }
        assert!(held.iter().all(|it| machines[0].holds(it)), "seed {seed}");
        meeting.change = None;
        // The machines check signatures; here what was changed is thrown away.
        machines.iter_mut().for_each(Replica::keep_sound);
        let mut meeting = start(Line::LAN, &machines, None);
        run(&mut meeting, &mut machines);
        super::check_equal(&machines, &meeting);
    }
}
