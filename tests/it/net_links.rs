//! Machines on networks of their own, paired by words and used by their people: they find each
//! other by mDNS alone, also after the cable was pulled, and meet at a relay alone.

use crate::{
    command::{Home, Ran},
    links::{Links, Running},
    meets::{Machine, equal, paired, synced, work_apart},
};

#[test]
fn two_machines_and_a_cable_are_all_that_a_network_needs() {
    let Some(links) = Links::new("m", 2) else {
        return;
    };
    // No router, and so no way to anywhere else.
    links.cable([(0, "10.77.0.1/24"), (1, "10.77.0.2/24")]);
    let home = Home::new();
    let desk = Machine::of(&home, "home").on(&links, 0);
    let ward = Machine::of(&home, "ward").on(&links, 1);
    paired(&desk, &ward, &[], &[]);
    let meet = || {
        let (_serving, _ready) = Running::begun(desk.command("Okot", &["serve"]));
        let here = synced(&ward, &["--timeout", "20"]);
        assert_eq!(here["state"], "in_step", "{here}");
        here
    };
    assert!(meet()["received"].as_u64().unwrap() > 2, "Grace came");
    let patients = work_apart(&home, [&desk, &ward]);
    let both = meet();
    for moved in ["sent", "received"] {
        assert!(both[moved].as_u64().unwrap() > 4, "{both}");
    }
    equal(&patients, [&desk, &ward]);

    let (_serving, _ready) = Running::begun(desk.command("Okot", &["serve"]));
    links.ip(1, "link set v0 down");
    let cut = ward.ran("Okot", &["sync", "--json", "--timeout", "2"]);
    assert_eq!(cut.code, Some(6), "{}{}", cut.out, cut.err);
    links.ip(1, "link set v0 up");
    let again = synced(&ward, &["--timeout", "20"]);
    assert_eq!(again["state"], "in_step", "{again}");
}

#[test]
fn two_machines_that_cannot_reach_each_other_meet_at_their_own_relay() {
    let Some(links) = Links::new("r", 3) else {
        return;
    };
    let home = Home::new();
    let desk = Machine::of(&home, "home").on(&links, 0);
    let ward = Machine::of(&home, "ward").on(&links, 1);
    // Paired in one room, and taken to two places.
    links.cable([(0, "10.77.0.1/24"), (1, "10.77.0.2/24")]);
    paired(&desk, &ward, &[], &[]);
    links.ip(0, "link del v1");
    let (_relay, url) = links.relay();
    let meet = || {
        let serve = ["serve", "--relay", &url];
        let (_serving, _ready) = Running::begun(desk.command("Okot", &serve));
        let here = synced(&ward, &["--timeout", "30", "--relay", &url]);
        assert_eq!(here["state"], "in_step", "{here}");
    };
    meet();
    let patients = work_apart(&home, [&desk, &ward]);
    meet();
    equal(&patients, [&desk, &ward]);
    assert!(!links.has_way(0, "10.78.2.2") && !links.has_way(1, "10.78.1.2"));
}

#[test]
fn a_providers_machine_finds_the_clinics_by_what_these_answer_each_other() {
    let Some(links) = Links::new("o", 2) else {
        return;
    };
    links.cable([(0, "10.77.0.1/24"), (1, "10.77.0.2/24")]);
    let (clinic, hospital) = (Home::new(), Home::elsewhere());
    // The cards went as files: neither knows where the other is.
    for (of, user, to, by) in [
        (&clinic, "Leila", &hospital, "Dr Abbo"),
        (&hospital, "Dr Abbo", &clinic, "Leila"),
    ] {
        let card = to.beside("card");
        of.json(user, &["card", "show", "--out", &card]);
        to.json(by, &["card", "add", &card, "--verified", "phone"]);
    }
    let grant = [
        "share",
        "grant",
        &clinic.grace,
        "--to",
        "Dr Abbo",
        "--until",
        "t+7",
    ];
    let how = ["--parts", "summary", "--how", "written"];
    clinic.json("Leila", &[&grant[..], &how].concat());
    let serve = links.within(0, &clinic.command("Okot", &["serve"]));
    let (_serving, _ready) = Running::begun(serve);
    let sync = hospital.command("Dr Abbo", &["sync", "--json", "--timeout", "20"]);
    let ran = Ran::of(links.within(1, &sync).output().unwrap());
    assert_eq!(ran.code, Some(0), "{}{}", ran.out, ran.err);
    let met = &ran.document()["peers"][0];
    assert_eq!(
        (&met["kind"], &met["state"]),
        (&"outside".into(), &"in_step".into())
    );
    assert!(met["received"].as_u64().unwrap() > 0, "{met}");
}
