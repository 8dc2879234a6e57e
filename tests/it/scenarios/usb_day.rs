//! An outreach laptop comes back after three days; a stick goes both ways.

use std::fs;

use cairn::ids::PatientId;
use tempfile::TempDir;

use crate::bundle::{COMPLAINT, Machine, PEOPLE, register, two, visit, visits};

#[test]
fn usb_day() {
    let (desk, laptop) = two();
    let stick = TempDir::new().unwrap();
    let mut people: Vec<PatientId> = desk.at_work(2, |session| {
        let known = PEOPLE[..3].iter();
        known.map(|it| register(session, it)).collect()
    });
    let (file, out) = desk.make(stick.path(), &["--for", "2"]);
    assert_eq!(out["full"], true);
    laptop.take(&file);
    for day in 3..6 {
        laptop.at_work(day, |session| {
            if day == 3 {
                people.push(register(session, PEOPLE[3]));
            }
            for n in 0..40 {
                visit(session, people[n % 4], n);
            }
        });
        desk.at_work(day, |session| {
            for n in 0..5 {
                visit(session, people[n % 3], n);
            }
        });
    }
    // The stick goes there and back.
    let (file, back) = laptop.make(stick.path(), &["--all"]);
    println!("{} bytes for {}: {file}", back["bytes"], back["envelopes"]);
    assert_eq!(
        back["full"], false,
        "what the desk has is known by its own bundle"
    );
    let taken = desk.take(&file);
    assert!(taken["new"].as_u64().unwrap() >= 121, "{taken}");
    assert_eq!(taken["bundles"][0]["machine"], "2");
    let (there, _) = desk.make(stick.path(), &["--for", "2"]);
    laptop.take(&there);
    let charts = desk.charts(&people);
    assert_eq!(charts.iter().map(visits).sum::<usize>(), 135);
    assert_eq!(laptop.charts(&people), charts);
    // With all that is on the stick in one command, each passes over what it made itself.
    let all = desk.json(&["bundle", "take", &there, &file]);
    assert_eq!(
        (&all["new"], &all["passed_over"][0]),
        (&0.into(), &there.clone().into())
    );
    // Taken twice, in any order, it is the same.
    for (machine, file) in [(&desk, &file), (&laptop, &there), (&desk, &file)] {
        assert_eq!(machine.take(file)["new"], 0);
    }
    assert_eq!(desk.charts(&people), charts);
    assert_eq!(laptop.charts(&people), charts);
    // Whoever finds the stick.
    let stranger = Machine::founded(9);
    for file in [&file, &there] {
        let said = stranger.refused(&["bundle", "take", file]);
        assert!(said.contains("not made for this machine"), "{said}");
        let bytes = fs::read(file).unwrap();
        let names = PEOPLE
            .iter()
            .chain(&["Okello", "Okot", "Kijani", COMPLAINT]);
        for name in names.map(|it| it.as_bytes()) {
            assert!(!bytes.windows(name.len()).any(|it| it == name));
        }
    }
}
