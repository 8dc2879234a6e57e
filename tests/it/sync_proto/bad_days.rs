//! Bad days of the link and of the disk.

use cairn::{
    ledger::{Lane, Place},
    sync::proto::Input,
};

use super::{
    check_equal,
    link::{Line, Meeting},
    meet,
    replica::Writer,
    run, start, two, two_in_step,
};

#[test]
fn a_link_lost_at_any_frame_is_made_good_by_the_next_meeting() {
    let (whole, mut writers) = two();
    let mut machines = whole;
    writers[0].write_many(&mut machines[0], Lane::Clinical, 90);
    let mut meeting = start(Line::LAN, &machines, None);
    let before = machines.clone();
    run(&mut meeting, &mut machines);
    let frames: usize = meeting.sides.iter().map(|it| it.frames.len()).sum();
    assert!(frames > 12, "{frames} frames");
    for lost in 0..frames {
        let mut machines = before.clone();
        let mut broken = start(Line::LAN, &machines, None);
        broken.frames_left = lost;
        run(&mut broken, &mut machines);
        let bases = broken.sides.map(|it| it.met);
        let [one, two] = &machines;
        let mut meeting = Meeting::new(Line::LAN, [one, two], bases);
        let moved = machines[1].len();
        run(&mut meeting, &mut machines);
        check_equal(&machines, &meeting);
        // What was made durable is not sent again.
        let resent = meeting.sides[0].frames.iter().sum::<usize>();
        let most = 400 * (machines[1].len() - moved) + 2_000;
        assert!(resent < most, "{resent} bytes after {lost} frames");
    }
}

#[test]
fn a_restored_machine_is_given_what_it_lost_and_its_old_knowledge_does_no_harm() {
    let (machines, mut writers, base) = two_in_step();
    let old = machines[1].clone();
    let mut machines = machines;
    writers[0].write_many(&mut machines[0], Lane::Clinical, 10);
    let mut later = start(Line::LAN, &machines, Some(&base));
    run(&mut later, &mut machines);
    let newer = machines[0].frontier();
    writers[0].write_many(&mut machines[0], Lane::Clinical, 2);
    machines[1] = old;
    for (one, two) in [(&newer, &newer), (&newer, &base), (&base, &newer)] {
        let mut machines = machines.clone();
        let bases = [Some(one.clone()), Some(two.clone())];
        let [a, b] = &machines;
        let mut meeting = Meeting::new(Line::LAN, [a, b], bases);
        run(&mut meeting, &mut machines);
        check_equal(&machines, &meeting);
    }
}

#[test]
fn a_damaged_envelope_is_fetched_again_from_a_machine_that_has_it() {
    let (mut machines, _, base) = two_in_step();
    let (log, lane) = (Writer::new(1).log, Lane::Clinical);
    let lost = [1, 3].map(|seq| Place { log, lane, seq });
    machines[0].damaged.extend(lost);
    let mut meeting = start(Line::LAN, &machines, Some(&base));
    let never = Place { seq: 99, ..lost[0] };
    meeting.input(0, Input::Want(vec![lost[0], never, lost[1]]));
    run(&mut meeting, &mut machines);
    assert_eq!(machines[0].damaged.len(), 0);
    check_equal(&machines, &meeting);
}

#[test]
fn what_is_left_of_the_erased_travels_like_the_rest() {
    let (mut machines, _) = two();
    let run = (Writer::new(1).log, Lane::Clinical);
    machines[0].erase(run, 2);
    meet(&mut machines);
    let place = |seq| Place {
        log: run.0,
        lane: run.1,
        seq,
    };
    let whole = |seq| machines[1].envelope(place(seq)).unwrap().whole().is_some();
    assert_eq!([1, 2, 3].map(whole), [false, false, true]);
}

#[test]
fn a_hole_stops_its_own_run_only_and_is_named() {
    let (mut machines, _) = two();
    let (log, lane, seq) = (Writer::new(1).log, Lane::Desk, 2);
    machines[0].damaged.insert(Place { log, lane, seq });
    let mut meeting = start(Line::LAN, &machines, None);
    run(&mut meeting, &mut machines);
    assert!(meeting.sides[0].holes >= 1);
    let reached = machines[1].frontier();
    assert_eq!(reached[&(log, lane)].0, 1);
    let others = reached.iter().filter(|it| *it.0 != (log, lane));
    assert!(others.map(|it| it.1.0).all(|it| it == 3));
    assert_eq!(meeting.sides[0].progress.to_send, 2);
    assert_eq!(meeting.sides[1].progress.to_get, 2);
}
