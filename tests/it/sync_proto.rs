//! Exchanges between machines of real, signed envelopes, over a link in a time of its own.

mod bad_days;
mod forked;
mod hostile;
mod link;
mod many;
mod replica;
mod shared;

use cairn::ledger::{Frontier, Lane};

use self::{
    link::{Line, Meeting},
    replica::{Replica, Writer},
};

/// Two machines that each wrote in every lane.
fn two() -> ([Replica; 2], [Writer; 2]) {
    let mut machines = [Replica::default(), Replica::default()];
    let mut writers = [Writer::new(1), Writer::new(2)];
    for (machine, writer) in machines.iter_mut().zip(&mut writers) {
        for lane in Lane::ALL {
            writer.write_many(machine, lane, 3);
        }
    }
    (machines, writers)
}

/// Two machines that are in step, and what they last knew of each other.
fn two_in_step() -> ([Replica; 2], [Writer; 2], Frontier) {
    let (mut machines, writers) = two();
    meet(&mut machines);
    let base = machines[0].frontier();
    (machines, writers, base)
}

#[track_caller]
fn check_equal(machines: &[Replica; 2], meeting: &Meeting) {
    assert_eq!(machines[0].frontier(), machines[1].frontier());
    assert_eq!(machines[0].len(), machines[1].len());
    for side in &meeting.sides {
        assert!(side.in_step);
        assert_eq!(side.met.as_ref(), Some(&machines[0].frontier()));
        assert_eq!((side.progress.to_send, side.progress.to_get), (0, 0));
        assert_eq!((side.closed, side.holes, side.refused), (None, 0, 0));
    }
}

fn start(line: Line, machines: &[Replica; 2], base: Option<&Frontier>) -> Meeting {
    let [one, two] = machines;
    Meeting::new(line, [one, two], [base.cloned(), base.cloned()])
}

fn run(meeting: &mut Meeting, machines: &mut [Replica; 2]) {
    let [one, two] = machines;
    meeting.run([one, two]);
}

/// They meet for the first time.
#[track_caller]
fn meet(machines: &mut [Replica; 2]) -> Meeting {
    let mut meeting = start(Line::LAN, machines, None);
    run(&mut meeting, machines);
    check_equal(machines, &meeting);
    meeting
}

/// They meet again.
#[track_caller]
fn meet_again(line: Line, machines: &mut [Replica; 2], base: &Frontier) -> Meeting {
    let mut meeting = start(line, machines, Some(base));
    run(&mut meeting, machines);
    check_equal(machines, &meeting);
    meeting
}

#[test]
fn two_machines_that_meet_become_equal() {
    let (mut machines, _) = two();
    let lacked = machines[0].len();
    meet(&mut machines);
    assert_eq!(machines[0].len(), lacked * 2);
}

#[test]
fn machines_that_hold_the_same_say_so_in_one_frame_each() {
    let (mut machines, _, base) = two_in_step();
    let meeting = meet_again(Line::SECOND_GENERATION, &mut machines, &base);
    for side in &meeting.sides {
        assert_eq!(side.frames, [67]);
    }
    // One way: both speak at once.
    assert_eq!(meeting.now_ms, 311);
}

#[test]
fn a_usual_meeting_is_one_round_trip_and_little_more_than_what_is_new() {
    let (mut machines, mut writers, base) = two_in_step();
    for (machine, writer) in machines.iter_mut().zip(&mut writers) {
        writer.write_many(machine, Lane::Clinical, 3);
        writer.write_many(machine, Lane::Audit, 1);
    }
    let meeting = meet_again(Line::SECOND_GENERATION, &mut machines, &base);
    // Of these 1,664 bytes are contents and 704 signatures and nonces.
    assert_eq!((meeting.bytes(), meeting.now_ms), (3268, 871));
}

#[test]
fn a_days_work_fills_the_link_and_waits_for_nothing() {
    let (mut machines, mut writers, base) = two_in_step();
    for (lane, there, back) in [
        (Lane::Desk, 120, 40),
        (Lane::Clinical, 120, 40),
        (Lane::Audit, 8, 3),
    ] {
        writers[0].write_many(&mut machines[0], lane, there);
        writers[1].write_many(&mut machines[1], lane, back);
    }
    let line = Line::SECOND_GENERATION;
    let meeting = meet_again(line, &mut machines, &base);
    let there: usize = meeting.sides[0].frames.iter().sum();
    let alone_ms = i64::try_from(there).unwrap() / line.bytes_per_ms;
    assert!(
        meeting.now_ms < alone_ms + 2 * 2 * line.delay_ms,
        "{} ms for {there} bytes, which take {alone_ms} ms",
        meeting.now_ms
    );
    // An envelope of 462 bytes costs this much on the wire, all in all.
    assert_eq!(there / 248, 334);
}

#[test]
fn a_wrong_base_costs_one_more_frame_and_no_more() {
    let (machines, writers, base) = two_in_step();
    let mut wrong = base.clone();
    wrong.pop_first();
    let bases = [None, Some(base), Some(wrong), Some(Frontier::new())];
    for one in &bases {
        for two in &bases {
            let mut machines = machines.clone();
            writers[0].clone().write(&mut machines[0], Lane::Desk, 208);
            writers[1].clone().write(&mut machines[1], Lane::Desk, 208);
            let [a, b] = &machines;
            let bases = [one.clone(), two.clone()];
            let mut meeting = Meeting::new(Line::LAN, [a, b], bases);
            run(&mut meeting, &mut machines);
            check_equal(&machines, &meeting);
            for side in &meeting.sides {
                // Hello, the frontier once or twice, and at most two chunks and answers.
                assert!(side.frames.len() <= 7, "{:?}", side.frames);
            }
        }
    }
}

#[test]
fn what_is_saved_during_a_long_copy_goes_next() {
    let (mut machines, mut writers, base) = two_in_step();
    writers[0].write_many(&mut machines[0], Lane::Attachments, 400);
    let line = Line::SECOND_GENERATION;
    let mut meeting = start(line, &machines, Some(&base));
    let [one, two] = &mut machines;
    while meeting.now_ms < 8_000 {
        assert!(meeting.go_on([one, two]));
    }
    let saved = writers[0].write(one, Lane::Clinical, 208);
    while !two.holds(&saved) {
        assert!(meeting.go_on([one, two]));
    }
    assert!(meeting.now_ms < 8_000 + 3_000, "{}", meeting.now_ms);
    assert!(two.len() < one.len() - 200, "the copy goes on");
    run(&mut meeting, &mut machines);
    check_equal(&machines, &meeting);
}

#[test]
fn the_lanes_come_in_their_order() {
    let mut machines = [Replica::default(), Replica::default()];
    let mut writers = [Writer::new(1), Writer::new(2), Writer::new(3)];
    for writer in &mut writers {
        for lane in Lane::ALL {
            writer.write_many(&mut machines[0], lane, 100);
        }
    }
    let mut meeting = start(Line::LAN, &machines, None);
    let [one, two] = &mut machines;
    let mut reached = Vec::new();
    while meeting.go_on([one, two]) {
        let frontier = two.frontier();
        let sum = |lane| -> u64 {
            let of_lane = frontier.iter().filter(|it| it.0.1 == lane);
            of_lane.map(|it| it.1.0).sum()
        };
        reached.push(Lane::ALL.map(sum));
    }
    for counts in reached {
        let open = counts.iter().position(|it| *it < 300);
        let later = open.map_or(0, |it| counts[it + 1..].iter().sum());
        assert_eq!(later, 0, "{counts:?}");
    }
    check_equal(&machines, &meeting);
}

#[test]
fn a_live_connection_passes_on_what_is_saved_at_once() {
    let (mut machines, mut writers) = two();
    let mut meeting = meet(&mut machines);
    let before = (meeting.now_ms, meeting.bytes());
    let saved = writers[1].write(&mut machines[1], Lane::Clinical, 208);
    run(&mut meeting, &mut machines);
    check_equal(&machines, &meeting);
    assert!(machines[0].holds(&saved));
    // The news with the envelope, its answer.
    assert_eq!(meeting.now_ms - before.0, 2 * Line::LAN.delay_ms);
    assert_eq!(meeting.bytes() - before.1, 522);
}

#[test]
fn three_machines_in_a_row_become_equal_and_send_nothing_twice() {
    let mut machines = [(); 3].map(|()| Replica::default());
    let mut writers = [Writer::new(1), Writer::new(2), Writer::new(3)];
    for (machine, writer) in machines.iter_mut().zip(&mut writers) {
        for lane in Lane::ALL {
            writer.write_many(machine, lane, 20);
        }
    }
    let [one, two, three] = &mut machines;
    let mut left = Meeting::new(Line::LAN, [one, two], [None, None]);
    let mut right = Meeting::new(Line::LAN, [two, three], [None, None]);
    let go_on = |left: &mut Meeting, right: &mut Meeting, it: [&mut Replica; 3]| {
        let [one, two, three] = it;
        loop {
            let moved = left.go_on([one, two]);
            if !right.go_on([two, three]) && !moved {
                break;
            }
        }
    };
    go_on(&mut left, &mut right, [one, two, three]);
    let saved = writers[0].write(one, Lane::Clinical, 208);
    go_on(&mut left, &mut right, [one, two, three]);
    assert!(three.holds(&saved));
    assert_eq!(one.frontier(), three.frontier());
    assert_eq!(one.frontier(), two.frontier());
    let contents = 208 * (6 * 20 + 1);
    for (meeting, moved) in [(&left, 3), (&right, 3)] {
        assert!(meeting.sides.iter().all(|it| it.in_step));
        let bytes = meeting.bytes();
        assert!(bytes < moved * contents * 2, "{bytes} bytes");
        assert!(bytes > moved * contents, "{bytes} bytes");
    }
}

#[test]
fn both_sides_may_dial_at_once() {
    let (mut machines, mut writers) = two();
    writers[0].write_many(&mut machines[0], Lane::Clinical, 50);
    let mut first = start(Line::LAN, &machines, None);
    let mut second = start(Line::LAN, &machines, None);
    let [one, two] = &mut machines;
    loop {
        let moved = first.go_on([one, two]);
        if !second.go_on([one, two]) && !moved {
            break;
        }
    }
    check_equal(&machines, &first);
    check_equal(&machines, &second);
}
