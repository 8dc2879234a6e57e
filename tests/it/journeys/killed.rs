//! The program killed while its screen says that something is saved.

use super::{CLINICIAN, CLINICIAN_NAME, Clinic, Setting};
use crate::{
    flaky_disk::Dice,
    kill::{kills, seed},
};

/// Of the kills of a run of the command line, one in so many is done here.
const SHARE: u64 = 8;
/// Weights that are saved at most before it is killed in the next one.
const SAVES: usize = 3;
/// What is written before a line is saved, in bytes.
const WRITTEN: usize = 90;

/// A weight that was not measured before.
fn weight(number: usize) -> String {
    format!("{}.{}", 40 + number / 10, number % 10)
}

#[test]
fn what_the_screen_says_is_saved_is_there_after_it_was_killed() {
    let (seed, kills) = (seed(), kills().div_ceil(SHARE));
    println!("CAIRN_KILL_SEED={seed} CAIRN_KILLS={}", kills * SHARE);
    let mut dice = Dice(seed);
    let clinic = Clinic::demo();
    let add = [
        "patient", "add", "--family", "Weighed", "--sex", "f", "--age", "38y",
    ];
    let added = clinic.asked(CLINICIAN_NAME, &add);
    let patient = added["number"].as_str().unwrap();
    let mut shown: Vec<String> = Vec::new();
    let (mut count, mut in_time) = (0, 0);
    for kill in 0..kills {
        let mut terminal = clinic.open_as(CLINICIAN, Setting::USUAL);
        terminal.slowly(&format!("{patient}<Enter><F7>"));
        // A line that was cut off the last time is kept, and not wanted now.
        terminal.keys("<^w><^w><^w><^w>");
        for _ in 0..dice.below(SAVES + 1) {
            count += 1;
            terminal.keys(&format!("w {}<Enter>", weight(count)));
            terminal.shows("1 value saved");
            terminal.keys("<Tab>");
            shown.push(weight(count));
        }
        count += 1;
        terminal.burst(&format!("w {}<Enter>", weight(count)));
        terminal.until_written(dice.below(WRITTEN));
        let text = terminal.text();
        terminal.kill();
        let is_saved = |it: &str| it.contains("today") && it.contains(&weight(count));
        if text.lines().any(is_saved) {
            in_time += 1;
            shown.push(weight(count));
        }
        let chart = clinic.asked(CLINICIAN_NAME, &["patient", "show", patient]);
        let observations = chart["observations"].to_string();
        for weight in &shown {
            let kept = observations.contains(&format!("\"value\":{weight}"));
            assert!(kept, "kill {kill}: {weight} was saved and is not there");
        }
    }
    println!(
        "{kills} kills, {in_time} of them after the last answer; {} shown as saved, 0 lost",
        shown.len()
    );
}
