//! Bad input and bad days: each is told in three lines at most, with an action that helps and
//! the exit code that its kind has, and nothing is changed by it.

use std::{
    fs::{self, File, OpenOptions},
    path::Path,
};

use cairn::{
    clinic::Clinic,
    store::{self, MetaWrite, Store},
    time,
};

use crate::command::{Home, PASSPHRASE, surroundings};

const FIND: [&str; 3] = ["patient", "find", "okello"];

/// What is typed wrongly, the exit code, and a part of what is said. `GRACE` and `NOBODY`
/// stand for patients' ids.
const WRONG: &[(&[&str], i32, &str)] = &[
    (
        &["patient", "show", "K2F7-0417-R"],
        3,
        "there is no patient K2F7-0417-R",
    ),
    (
        &["patient", "show", "NOBODY"],
        3,
        "there is no patient 0000",
    ),
    (&["vitals", "NOBODY", "hr 72"], 3, "there is no patient"),
    (&["vitals", "GRACE", "hr 720"], 3, "Pulse outside"),
    (
        &["vitals", "GRACE", "hr 72 foo"],
        3,
        "`foo` at 7: not a vital sign",
    ),
    (&["vitals", "GRACE", ""], 3, "it says nothing"),
    (
        &["med", "add", "GRACE", "--drug", "x", "--dose", "1 5"],
        3,
        "days or times a day",
    ),
    (
        &["med", "add", "GRACE", "--drug", "x", "--dose", "tds"],
        3,
        "how much",
    ),
    (
        &["med", "add", "GRACE", "--drug", "x", "--dose", "1"],
        3,
        "how often",
    ),
    (
        &["problem", "add", "GRACE", "--code", "QQ"],
        3,
        "no ICD-10 code `QQ`",
    ),
    (
        &[
            "problem", "add", "GRACE", "--text", "x", "--onset", "31 2 20",
        ],
        3,
        "no such day",
    ),
    (
        &["patient", "add", "--sex", "f"],
        3,
        "a patient needs a name",
    ),
    (
        &["patient", "add", "--given", "A", "--sex", "x"],
        3,
        "use f, m, o or u",
    ),
    (
        &[
            "patient", "add", "--given", "A", "--sex", "f", "--born", "2999",
        ],
        3,
        "not come yet",
    ),
    (
        &["patient", "add", "--given", "A", "--sex", "f", "--id", "x"],
        2,
        "NAME=VALUE",
    ),
    (
        &["patient", "edit", "GRACE", "--set", "number=1"],
        2,
        "`number` cannot be set",
    ),
    (
        &["patient", "edit", "GRACE", "--set", "id.number=1"],
        2,
        "cannot be set",
    ),
    (
        &["user", "remove", "Nobody"],
        3,
        "there is no user of this name",
    ),
    (&["user", "remove", "Okot"], 3, "nobody removes themselves"),
    (
        &["user", "role", "Nora", "owner"],
        2,
        "invalid value 'owner'",
    ),
    (&["patient", "find"], 2, "required arguments"),
    (&["patiend"], 2, "unrecognized subcommand"),
    (&[], 2, "the screen needs a terminal"),
];

/// The home's store, opened beside the program.
fn store(home: &Home) -> Store {
    let opened = store::Home::open(&home.path(), time::now()).unwrap();
    Store::open(opened.into()).unwrap()
}

fn shorten(path: &Path, to: u64) {
    let file = OpenOptions::new().write(true).open(path).unwrap();
    file.set_len(to).unwrap();
}

#[track_caller]
fn check(err: &str, what: &str, hint: &str) {
    assert!(err.contains(what) && err.contains(hint), "{err}");
}

#[test]
fn a_wrong_passphrase_is_told_audited_and_makes_the_next_try_wait() {
    let home = Home::new();
    let wrong = home.file("wrong", "not the passphrase\n");
    let try_it = [&FIND[..], &["--passphrase-file", &wrong]].concat();
    let err = home.refused("Nora", &try_it, 4);
    check(
        &err,
        "wrong passphrase; the next try is possible in 1 s",
        "wait",
    );
    let told = home.json("Okot", &["audit"]);
    let failed = told["entries"].as_array().unwrap();
    assert!(
        failed
            .iter()
            .any(|it| it["action"] == "sign-in-failed" && it["done"] == false)
    );

    // As after ten failures now: the wait is a minute, and the right passphrase waits too.
    let nora = Clinic::open(&home.path(), surroundings())
        .unwrap()
        .users()
        .unwrap()
        .into_iter()
        .find(|it| it.name == "Nora")
        .unwrap();
    let failures: (u32, i64) = (10, time::now().0);
    let row = MetaWrite::Put {
        name: format!("failures/{}", nora.user),
        bytes: postcard::to_allocvec(&failures).unwrap(),
    };
    store(&home).append(&[], &[row]).unwrap();
    let err = home.refused("Nora", &FIND, 4);
    check(&err, "wait", "try again");
    home.text("Leila", &FIND);
}

#[test]
fn a_second_cairn_hears_who_has_the_home_and_since_when() {
    let home = Home::new();
    let first = Clinic::open(&home.path(), surroundings()).unwrap();
    let err = home.refused("Nora", &FIND, 5);
    let who = format!(
        "another cairn (process {}) has this clinic open",
        std::process::id()
    );
    check(&err, &who, "end the other cairn");
    let today = first.moment().day().to_string();
    check(&err, &format!("because: since {today} "), "");
    drop(first);
    home.text("Nora", &FIND);
}

#[test]
fn a_home_of_a_newer_version_is_left_alone() {
    let home = Home::new();
    fs::write(home.path().join("format"), "cairn-home 99\n").unwrap();
    let err = home.refused("Nora", &FIND, 3);
    check(
        &err,
        "the format file has format 99",
        "install the newest cairn",
    );
    fs::write(home.path().join("format"), [0xff, 0xfe]).unwrap();
    let err = home.refused("Nora", &FIND, 70);
    check(&err, "the format file is damaged", "backup");
}

#[test]
fn a_damaged_ledger_is_told_and_nothing_more_is_written() {
    let home = Home::new();
    let ledger = home.path().join("ledger.redb");
    let whole = fs::read(&ledger).unwrap();
    let length = whole.len() as u64;
    for to in [length / 2, 4096, 100, 1, 0] {
        fs::write(&ledger, &whole).unwrap();
        shorten(&ledger, to);
        let err = home.refused("Nora", &FIND, 70);
        check(&err, "the ledger is damaged", "backup");
    }
    fs::remove_file(&ledger).unwrap();
    let err = home.refused("Nora", &FIND, 70);
    check(&err, "the file is missing", "backup");
    assert!(!ledger.exists());
    fs::write(&ledger, &whole).unwrap();
    home.text("Nora", &FIND);
}

#[test]
fn a_damaged_or_missing_cache_is_built_anew_without_a_word() {
    let home = Home::new();
    let cache = home.path().join("cache.redb");
    for damage in [
        |it: &Path| shorten(it, 5000),
        |it: &Path| fs::remove_file(it).unwrap(),
    ] {
        damage(&cache);
        let found = home.json("Nora", &FIND);
        assert_eq!(found["matches"][0]["patient"], home.grace.as_str());
    }
}

#[test]
fn a_missing_or_damaged_key_file_is_told() {
    let home = Home::new();
    let device = || "device".to_owned();
    let damaged = MetaWrite::Put {
        name: device(),
        bytes: postcard::to_allocvec(&b"no key file".to_vec()).unwrap(),
    };
    store(&home).append(&[], &[damaged]).unwrap();
    let err = home.refused("Nora", &FIND, 70);
    check(&err, "the machine's key file is damaged", "cairn verify");
    store(&home)
        .append(&[], &[MetaWrite::Remove { name: device() }])
        .unwrap();
    let err = home.refused("Nora", &FIND, 70);
    check(&err, "because: it is not there", "keep the folder");

    let home = Home::new();
    fs::remove_file(home.path().join("endpoint.key")).unwrap();
    home.text("Nora", &FIND);
    let wrong = home.file("wrong", "not the passphrase\n");
    let err = home.refused(
        "Nora",
        &[&FIND[..], &["--passphrase-file", &wrong]].concat(),
        70,
    );
    check(&err, "endpoint key", "keep the folder");
}

#[test]
fn a_folder_that_cannot_be_written_is_told() {
    let home = Home::new();
    let folder = home.beside("locked");
    fs::create_dir(&folder).unwrap();
    let mut rights = fs::metadata(&folder).unwrap().permissions();
    rights.set_readonly(true);
    fs::set_permissions(&folder, rights).unwrap();
    let place = if File::create(Path::new(&folder).join("x")).is_err() {
        format!("{folder}/home")
    } else if cfg!(target_os = "linux") {
        // Whoever may write everywhere may not write here.
        "/sys/cairn-home".to_owned()
    } else {
        println!("skipped: this user writes everywhere");
        return;
    };
    let args = ["init", "--clinic", "X", "--user", "Y", "--home", &place];
    let err = home.refused("Y", &args, 4);
    check(&err, "cannot be written to", "writable");
}

#[test]
fn what_a_person_names_wrongly_is_told_by_its_rule() {
    let home = Home::new();
    for (args, code, what) in WRONG {
        let ids = args.iter().map(|it| match *it {
            "GRACE" => home.grace.as_str(),
            "NOBODY" => "00000000000000000000000000000000",
            plain => plain,
        });
        let err = home.refused("Okot", &ids.collect::<Vec<_>>(), *code);
        assert!(err.contains(what), "{args:?}: {err}");
    }
    let long = format!("village={}", "x".repeat(20_000));
    let edit = ["patient", "edit", &home.grace, "--set", &long];
    check(
        &home.refused("Okot", &edit, 3),
        "longer than 16384 bytes",
        "shorten",
    );
    let shown = home.json("Okot", &["patient", "show", &home.grace]);
    assert_eq!(shown["observations"].as_array().unwrap().len(), 0);
    assert_eq!(shown["person"]["village"], "Kijani");
}

#[test]
fn who_acts_must_be_named_and_enrolled() {
    let home = Home::new();
    let mut unnamed = home.command("", &FIND);
    let ran = crate::command::Ran::of(unnamed.env_remove("CAIRN_USER").output().unwrap());
    assert_eq!(ran.code, Some(2));
    check(&ran.err, "more than one user", "--user: Okot, Leila, Nora");
    check(
        &home.refused("Zed", &FIND, 4),
        "Zed is not enrolled",
        "enrolled are: Okot",
    );
    let nowhere = ["patient", "find", "x", "--home", "/nowhere"];
    check(
        &home.refused("Nora", &nowhere, 2),
        "no clinic in `/nowhere`",
        "cairn init",
    );
    for (text, why) in [
        ("", "its first line is empty"),
        ("\nx", "its first line is empty"),
    ] {
        let file = home.file("pass", text);
        let err = home.refused(
            "Nora",
            &[&FIND[..], &["--passphrase-file", &file]].concat(),
            2,
        );
        check(&err, why, "first line");
    }
    let missing = [&FIND[..], &["--passphrase-file", "/nowhere/pass"]].concat();
    check(
        &home.refused("Nora", &missing, 2),
        "cannot read the passphrase file",
        "first line",
    );
}

#[test]
fn a_passphrase_that_would_be_guessed_is_refused_before_anything_is_made() {
    let home = Home::new();
    let weak = home.file("weak", "grace2019\n");
    let new = home.beside("new");
    let init = ["init", "--clinic", "X", "--user", "Y", "--home", &new];
    let err = home.refused("Y", &[&init[..], &["--passphrase-file", &weak]].concat(), 3);
    check(&err, "too easy to guess", "six words");
    assert!(!Path::new(&new).exists());
    let add = [
        "user",
        "add",
        "Z",
        "--role",
        "nurse",
        "--new-passphrase-file",
        &weak,
    ];
    home.refused("Okot", &add, 3);
    home.refused(
        "Nora",
        &["user", "passphrase", "--new-passphrase-file", &weak],
        3,
    );
    home.text("Nora", &FIND);
    let users = home.json("Okot", &["user", "list"]);
    assert!(
        users["users"]
            .as_array()
            .unwrap()
            .iter()
            .all(|it| it["name"] != "Z")
    );
    assert!(!users.to_string().contains(PASSPHRASE));
}
