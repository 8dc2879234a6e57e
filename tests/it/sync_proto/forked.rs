//! A cloned disk: two machines go on with one log, and meet.

use cairn::ledger::{Frontier, Lane};

use super::{
    check_equal,
    link::{Line, Meeting},
    replica::{Replica, Writer},
    run, start,
};

/// A machine and its clone, which wrote `one` and `two` more after `common` envelopes.
fn cloned(common: usize, one: usize, two: usize) -> [Replica; 2] {
    let mut machine = Replica::default();
    let mut writer = Writer::new(1);
    writer.write_many(&mut machine, Lane::Clinical, common);
    let mut clone = machine.clone();
    let mut its_writer = writer.cloned_as(7);
    writer.write_many(&mut machine, Lane::Clinical, one);
    its_writer.write_many(&mut clone, Lane::Clinical, two);
    [machine, clone]
}

#[track_caller]
fn check_heals(mut machines: [Replica; 2], base: Option<&Frontier>) -> Meeting {
    let all = {
        let mut all = machines[0].clone();
        all.take_all(&machines[1]);
        all
    };
    let mut meeting = start(Line::SECOND_GENERATION, &machines, base);
    run(&mut meeting, &mut machines);
    check_equal(&machines, &meeting);
    assert_eq!(machines[0].frontier(), all.frontier());
    meeting
}

#[test]
fn a_machine_and_its_clone_become_equal_and_lose_nothing() {
    for (common, one, two) in [
        (5, 3, 3),
        (5, 1, 1),
        (5, 3, 1),
        (5, 1, 3),
        (0, 2, 3),
        (1, 1, 2),
        (40, 1, 40),
        (300, 7, 90),
        (3, 200, 200),
    ] {
        check_heals(cloned(common, one, two), None);
    }
}

#[test]
fn a_clone_is_noticed_against_a_known_base_too() {
    let base = cloned(5, 0, 0)[0].frontier();
    for (one, two) in [(3, 3), (1, 4), (4, 1), (0, 3)] {
        check_heals(cloned(5, one, two), Some(&base));
    }
}

#[test]
fn where_a_clone_parted_is_found_in_a_few_round_trips() {
    let meeting = check_heals(cloned(2_000, 10, 10), None);
    let lookups: usize = meeting.sides.iter().map(|it| it.lookups).sum();
    assert!(lookups < 200, "{lookups} lookups");
    assert!(meeting.now_ms < 8 * 600, "{} ms", meeting.now_ms);
}

#[test]
fn clones_of_clones_in_every_lane_become_equal() {
    let mut machine = Replica::default();
    let mut writer = Writer::new(1);
    for lane in Lane::ALL {
        writer.write_many(&mut machine, lane, 4);
    }
    let (mut second, mut third) = (machine.clone(), machine.clone());
    let (mut two, mut three) = (writer.cloned_as(7), writer.cloned_as(9));
    for lane in Lane::ALL {
        writer.write_many(&mut machine, lane, 2);
        two.write_many(&mut second, lane, 1);
    }
    let mut fourth = second.clone();
    let mut four = two.cloned_as(11);
    for lane in Lane::ALL {
        two.write_many(&mut second, lane, 3);
        three.write_many(&mut third, lane, 3);
        four.write_many(&mut fourth, lane, 2);
    }
    let machines = [machine, second, third, fourth];
    for order in [[0, 1, 2, 3], [3, 2, 1, 0], [1, 3, 0, 2], [2, 0, 3, 1]] {
        let mut machines = machines.clone();
        // Once along the row and back, and all know all.
        for pair in [[0, 1], [1, 2], [2, 3], [1, 2], [0, 1]] {
            let [one, two] = pair.map(|it| std::mem::take(&mut machines[order[it]]));
            let mut both = [one, two];
            let mut meeting = start(Line::LAN, &both, None);
            run(&mut meeting, &mut both);
            check_equal(&both, &meeting);
            let [one, two] = both;
            machines[order[pair[0]]] = one;
            machines[order[pair[1]]] = two;
        }
        for machine in &machines[1..] {
            assert_eq!(machine.frontier(), machines[0].frontier());
        }
    }
}

#[test]
fn clones_that_go_on_writing_while_they_heal_become_equal() {
    let mut machine = Replica::default();
    let mut writer = Writer::new(1);
    writer.write_many(&mut machine, Lane::Clinical, 20);
    let mut clone = machine.clone();
    let mut its_writer = writer.cloned_as(7);
    for every in [1, 2, 3, 5, 8, 13, 21] {
        writer.write_many(&mut machine, Lane::Clinical, 1);
        its_writer.write_many(&mut clone, Lane::Clinical, 2);
        let mut both = [machine.clone(), clone.clone()];
        let mut meeting = start(Line::SECOND_GENERATION, &both, None);
        let (mut one, mut two) = (writer.clone(), its_writer.clone());
        let mut steps = 0;
        loop {
            let [a, b] = &mut both;
            if !meeting.go_on([a, b]) {
                break;
            }
            steps += 1;
            if steps % every == 0 && steps < 120 {
                one.write_many(a, Lane::Clinical, 1);
                two.write_many(b, Lane::Clinical, 1);
            }
        }
        check_equal(&both, &meeting);
    }
}
