//! Exchanges between machines of real, signed envelopes, over a link in a time of its own.

mod link;
mod replica;

use cairn::ledger::Lane;

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

#[track_caller]
fn check_equal(machines: &[Replica; 2], meeting: &Meeting) {
    assert_eq!(machines[0].frontier(), machines[1].frontier());
    for side in &meeting.sides {
        assert!(side.in_step);
        assert_eq!(side.met.as_ref(), Some(&machines[0].frontier()));
        assert_eq!((side.progress.to_send, side.progress.to_get), (0, 0));
        assert_eq!((side.closed, side.holes), (None, 0));
    }
}

/// They meet for the first time.
fn meet(line: Line, machines: &mut [Replica; 2]) -> Meeting {
    let mut meeting = Meeting::new(line, machines, [None, None]);
    meeting.run(machines);
    check_equal(machines, &meeting);
    meeting
}

#[test]
fn two_machines_that_meet_become_equal() {
    let (mut machines, _) = two();
    let lacked = machines[0].len();
    meet(Line::LAN, &mut machines);
    assert_eq!(machines[0].len(), lacked * 2);
}

#[test]
fn machines_that_hold_the_same_say_so_in_one_frame_each() {
    let (mut machines, _) = two();
    meet(Line::LAN, &mut machines);
    let base = machines[0].frontier();
    let bases = [Some(base.clone()), Some(base)];
    let mut meeting = Meeting::new(Line::SECOND_GENERATION, &machines, bases);
    meeting.run(&mut machines);
    check_equal(&machines, &meeting);
    for side in &meeting.sides {
        assert_eq!(side.frames.len(), 1);
        assert!(side.frames[0] < 200, "{} bytes", side.frames[0]);
    }
}

#[test]
fn a_usual_meeting_is_one_round_trip_and_little_more_than_what_is_new() {
    let (mut machines, mut writers) = two();
    meet(Line::LAN, &mut machines);
    let base = machines[0].frontier();
    for (machine, writer) in machines.iter_mut().zip(&mut writers) {
        writer.write_many(machine, Lane::Clinical, 3);
        writer.write_many(machine, Lane::Audit, 1);
    }
    let bases = [Some(base.clone()), Some(base)];
    let line = Line::SECOND_GENERATION;
    let mut meeting = Meeting::new(line, &machines, bases);
    meeting.run(&mut machines);
    check_equal(&machines, &meeting);
    // Of these 1,664 bytes are contents and 704 signatures and nonces.
    assert_eq!((meeting.bytes(), meeting.now_ms), (3268, 871));
}
