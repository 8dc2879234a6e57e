//! A machine that was shut out, with the real binary: before it hears of it and after. It is
//! told in words, it loses nothing, and everybody else goes on.

use cairn::clinic::Clinic;

use crate::{
    command::{Home, Ran},
    command_sync::{HERE, Serving, joined_as},
    devices::{around, bring},
};

#[test]
fn a_machine_that_was_shut_out_is_told_and_everybody_else_goes_on() {
    let home = Home::new();
    let (_lost, lost) = joined_as(&home, ("Lost", 71), false);
    let (_post, post) = joined_as(&home, ("Hill Post", 81), false);
    let at = |path: &std::path::Path, args: &[&str]| {
        let mut command = home.command("Okot", args);
        command.env("CAIRN_HOME", path);
        Ran::of(command.output().unwrap())
    };
    let sync = |path: &std::path::Path, serving: &Serving, more: &[&str]| {
        let meet = ["sync", "--addr", serving.addr(), "--timeout", "3"];
        at(path, &[&meet[..], more, &HERE].concat())
    };
    let serving = Serving::begun(home.command("Okot", &["serve"]));
    for machine in [&lost, &post] {
        let met = sync(machine, &serving, &["--once"]);
        assert_eq!(met.code, Some(0), "{}", met.err);
    }
    assert_eq!(serving.ended("-TERM"), Some(0));
    home.text("Okot", &["device", "revoke", "Lost"]);

    // It has not heard: work goes on there, and whoever it asks says no.
    let add = ["patient", "add", "--family", "Ojok", "--given", "Moses"];
    let more = ["--sex", "m", "--age", "5y"];
    assert_eq!(at(&lost, &[&add[..], &more].concat()).code, Some(0));
    let serving = Serving::begun(home.command("Okot", &["serve"]));
    let refused = sync(&lost, &serving, &["--peer", "1"]);
    assert_eq!(refused.code, Some(6), "{}", refused.err);
    refused.is_told();
    for words in ["it does not know this machine", "ask an owner"] {
        assert!(refused.err.contains(words), "{}", refused.err);
    }
    let met = sync(&post, &serving, &["--once"]);
    assert_eq!(met.code, Some(0), "{}", met.err);
    assert_eq!(serving.ended("-TERM"), Some(0));
    let found = |path: &std::path::Path, name| {
        let ran = at(path, &["patient", "find", name]);
        (ran.code, ran.out.contains("OJOK"))
    };
    assert_eq!(
        found(&home.path(), "ojok"),
        (Some(0), false),
        "nothing came"
    );
    assert_eq!(found(&lost, "ojok"), (Some(0), true), "nothing is lost");

    // It hears: nobody begins to work there, and is told why.
    let [here, there] = [(home.path(), 90), (lost.clone(), 91)]
        .map(|(path, seed)| Clinic::open(&path, around(seed)).unwrap());
    bring(&here, &there);
    drop((here, there));
    let closed = at(&lost, &["patient", "find", "ojok"]);
    assert_eq!(closed.code, Some(4), "{}{}", closed.out, closed.err);
    closed.is_told();
    println!("{}", closed.err);
    assert!(closed.err.contains("shut out"), "{}", closed.err);
}
