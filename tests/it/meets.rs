//! The machines of a clinic as its people have them: the real binary alone, paired by words
//! that are read aloud, at work apart, and equal once they have met.

use std::{
    fs,
    net::UdpSocket,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use serde_json::Value;

use crate::{
    command::{Home, Ran, STAFF},
    command_sync::HERE,
    guide::Shell,
    links::{Links, Running},
};

/// Who writes at the first machine, and who at the second.
const WRITERS: [&str; 2] = ["Okot", "Leila"];

/// A machine as its people have it: a home, the binary, and the network it stands on.
pub(crate) struct Machine<'a> {
    clinic: &'a Home,
    pub(crate) home: PathBuf,
    network: Option<(&'a Links, usize)>,
}

impl<'a> Machine<'a> {
    /// The one whose home is beside the prepared one, or is that.
    pub(crate) fn of(clinic: &'a Home, name: &str) -> Self {
        Self {
            clinic,
            home: clinic.beside(name).into(),
            network: None,
        }
    }

    pub(crate) fn on(self, links: &'a Links, number: usize) -> Self {
        let network = Some((links, number));
        Self { network, ..self }
    }

    pub(crate) fn command(&self, user: &str, args: &[&str]) -> Command {
        let mut command = self.clinic.command(user, args);
        command.env("CAIRN_HOME", &self.home);
        match self.network {
            Some((links, number)) => links.within(number, &command),
            None => command,
        }
    }

    /// The same with nobody's passphrase.
    fn locked(&self, args: &[&str]) -> Command {
        let mut command = self.command("", args);
        command
            .env_remove("CAIRN_PASSPHRASE_FILE")
            .env_remove("CAIRN_USER");
        command
    }

    pub(crate) fn ran(&self, user: &str, args: &[&str]) -> Ran {
        Ran::of(self.command(user, args).output().unwrap())
    }

    #[track_caller]
    fn text(&self, user: &str, args: &[&str]) -> String {
        let ran = self.ran(user, args);
        assert_eq!(ran.code, Some(0), "{args:?}: {}{}", ran.out, ran.err);
        ran.out
    }

    /// Registers somebody; the id that they have on every machine.
    fn registered(&self, user: &str, given: &str, sex: &str) -> String {
        let add = ["patient", "add", "--family", "Akello", "--given", given];
        let more = ["--sex", sex, "--age", "30y", "--force", "--json"];
        let said = self.text(user, &[&add[..], &more].concat());
        let said: Value = serde_json::from_str(&said).unwrap();
        said["patient"].as_str().unwrap().to_owned()
    }
}

/// Lets the second machine join the clinic of the first, by the words that the first shows.
pub(crate) fn paired(
    desk: &Machine<'_>,
    other: &Machine<'_>,
    place: &[&str],
    joining: &[&str],
) -> String {
    let invite = ["device", "invite", "--yes", "--json"];
    let invite = desk.command("Okot", &[&invite[..], place].concat());
    let (inviting, said) = Running::begun(invite);
    let said: Value = serde_json::from_str(&said).unwrap();
    let mut join = vec!["join", "--words", said["words"].as_str().unwrap()];
    if !place.is_empty() {
        join.extend(["--addr", said["addr"].as_str().unwrap()]);
    }
    let joined = Ran::of(
        other
            .locked(&[&join[..], joining].concat())
            .output()
            .unwrap(),
    );
    assert_eq!(joined.code, Some(0), "{}", joined.err);
    assert_eq!(inviting.ended(), Some(0));
    joined.out + &joined.err
}

/// Meets others once; how it went with the first.
#[track_caller]
pub(crate) fn synced(machine: &Machine<'_>, args: &[&str]) -> Value {
    let ran = machine.ran("Okot", &[&["sync", "--json"][..], args].concat());
    assert_eq!(ran.code, Some(0), "{}{}", ran.out, ran.err);
    ran.document()["peers"][0].clone()
}

/// A day on two machines that hold the same, while they do not meet; all who are on file then.
pub(crate) fn work_apart(clinic: &Home, machines: [&Machine<'_>; 2]) -> Vec<String> {
    let grace = clinic.grace.as_str();
    let mut patients = vec![grace.to_owned()];
    let given = [
        ("Rose", "f", "phone=0700100200"),
        ("Moses", "m", "village=Gulu"),
    ];
    for ((machine, user), (given, sex, fact)) in machines.iter().zip(WRITERS).zip(given) {
        let new = machine.registered(user, given, sex);
        let line = "bp 120/80 hr 72 t 37.1 w 64";
        machine.text(user, &["vitals", &new, line]);
        machine.text(user, &["vitals", grace, line]);
        machine.text(user, &["patient", "edit", grace, "--set", fact]);
        let allergy = ["allergy", "add", grace, "--substance", given];
        let more = ["--reaction", "rash", "--severity", "mild"];
        machine.text(user, &[&allergy[..], &more].concat());
        patients.push(new);
    }
    patients
}

/// What the machines show of each patient is the same to the byte, whoever reads it where.
#[track_caller]
pub(crate) fn equal(patients: &[String], machines: [&Machine<'_>; 2]) {
    for patient in patients {
        let show = ["patient", "show", patient.as_str(), "--json"];
        let [one, other] = [0, 1].map(|it| machines[it].text(WRITERS[it], &show));
        assert_eq!(one, other);
        assert!(one.contains("\"visits\":[") && one.len() > 500, "{one}");
    }
    let grace = machines[0].text("Okot", &["patient", "show", &patients[0], "--json"]);
    for fact in ["0700100200", "Gulu", "Rose", "Moses"] {
        assert!(grace.contains(fact), "{fact}: {grace}");
    }
}

/// Every byte that a home holds, its log too.
fn held(home: &Path) -> Vec<u8> {
    let mut all = Vec::new();
    for file in fs::read_dir(home).unwrap() {
        let path = file.unwrap().path();
        if path.is_dir() {
            all.extend(held(&path));
        } else if path.file_name().is_none_or(|it| it != "reserve") {
            all.extend(fs::read(path).unwrap());
        }
    }
    all
}

#[test]
fn a_mailbox_between_two_machines_that_are_never_up_together_makes_them_equal() {
    let home = Home::new();
    let [desk, letters, ward] = ["home", "box", "ward"].map(|it| Machine::of(&home, it));
    let here = ["--bind", "127.0.0.1:0"];
    let mut said = paired(&desk, &letters, &here, &["--mailbox", "--name", "Box"]);
    paired(&desk, &ward, &here, &["--name", "Ward"]);
    let mut serve = letters.locked(&["serve"]);
    serve.args(HERE).stderr(Stdio::inherit());
    let (serving, ready) = Running::begun(serve);
    let place: Value = serde_json::from_str(&ready).unwrap();
    assert_eq!(place["unlocked"], false);
    let place = place["addrs"][0].as_str().unwrap();
    let meets = |machine: &Machine<'_>| {
        let meeting = ["--peer", "Box", "--addr", place, "--timeout", "20"];
        let met = synced(machine, &[&meeting[..], &HERE].concat());
        assert_eq!(met["state"], "in_step", "{met}");
    };
    meets(&desk);
    meets(&ward);
    let patients = work_apart(&home, [&desk, &ward]);
    // Whoever comes last has all; the other one at its next visit.
    meets(&desk);
    meets(&ward);
    meets(&desk);
    equal(&patients, [&desk, &ward]);

    let asked = Ran::of(letters.locked(&["peers"]).output().unwrap());
    assert_eq!(serving.ended_by("-TERM"), Some(0));
    let after = Ran::of(letters.locked(&["peers"]).output().unwrap());
    for it in [asked, after] {
        assert_eq!(it.code, Some(0), "{}", it.err);
        said += &(it.out + &it.err);
    }
    for (user, _) in STAFF {
        let refused = letters.ran(user, &["patient", "find", "okello"]);
        assert_eq!(refused.code, Some(4), "{}", refused.err);
        refused.is_told();
        assert!(refused.err.contains("it is a mailbox"), "{}", refused.err);
    }
    said += &ready;
    let bytes = [said.into_bytes(), held(&letters.home)].concat();
    let names = [
        "Okello",
        "Akello",
        "Grace",
        "Rose",
        "Kijani",
        "Gulu",
        "Penicillin",
        "rash",
    ];
    let users = STAFF.iter().map(|(name, _)| *name);
    for name in names.into_iter().chain(users).chain(["Ward"]) {
        let is_there = bytes.windows(name.len()).any(|it| it == name.as_bytes());
        assert!(!is_there, "{name} can be read on the mailbox");
    }
}

/// The README's commands for two machines, by the places in which they are typed.
fn commands() -> [Vec<String>; 3] {
    let readme =
        fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("README.md"));
    let readme = readme.unwrap().replace("\r\n", "\n");
    let section = readme
        .split("\n## ")
        .find(|it| it.starts_with("Two machines\n"));
    let blocks = section.unwrap().split("```console\n").skip(1);
    let lines = blocks.map(|it| {
        let lines = it.split("```").next().unwrap().lines();
        lines
            .map(|it| it.strip_prefix("$ ").unwrap().to_owned())
            .collect()
    });
    lines.collect::<Vec<_>>().try_into().unwrap()
}

#[test]
fn two_homes_made_as_the_readme_says_show_the_same_charts() {
    let ports = [0, 1].map(|_| UdpSocket::bind("127.0.0.1:0").unwrap());
    let ports = ports.map(|it| it.local_addr().unwrap().port().to_string());
    let here = |line: &str| line.replace("4711", &ports[0]).replace("4712", &ports[1]);
    let [mut first, second, third] = commands();
    let (mut desk, mut ward) = (Shell::new(), Shell::new());
    let folder = desk.run("pwd").concat();
    ward.run(&format!("cd {folder}"));
    let invite = first.pop().unwrap();
    for line in &first {
        desk.run(&here(line));
    }
    let export = first.iter().find(|it| it.starts_with("export "));
    ward.run(export.unwrap());
    desk.run(&format!("{} > invited &", here(&invite)));
    let words = "until grep -q Words invited; do sleep 0.1; done; head -n 1 invited";
    let words = desk.run(words).concat();
    let (_, words) = words.rsplit_once(": ").unwrap();
    let [join, serve] = &second[..] else {
        panic!("{second:?}");
    };
    let joined = ward.run(&here(join).replace('…', words)).concat();
    assert!(joined.contains("who can sign in: Dr Okot"), "{joined}");
    assert_eq!(desk.run("wait $!; echo $?"), ["0"]);
    let serve = format!(
        "{} > served & until test -s served; do sleep 0.1; done",
        here(serve)
    );
    let stop = "kill -TERM $!; wait $!; echo $?";
    let [add, sync, ..] = &third[..] else {
        panic!("{third:?}");
    };
    let in_step = |said: Vec<String>| {
        assert!(
            said.concat().starts_with("Ward: both hold the same"),
            "{said:?}"
        );
    };
    ward.run(&serve);
    desk.run(&here(add));
    in_step(desk.run(&here(sync)));
    assert_eq!(ward.run(stop), ["0"]);
    // At work apart.
    let grace = found(&mut desk, "desk", "okello");
    ward.run(
        "cairn --home ward patient add --family Ojok --given Moses --sex m --age 5y",
    );
    let moses = found(&mut ward, "ward", "ojok");
    ward.run(&format!(
        "cairn --home ward vitals {grace} 'bp 120/80 hr 72'"
    ));
    desk.run(&format!("cairn --home desk vitals {grace} 't 38.4 w 64'"));
    let edit = format!("cairn --home desk patient edit {grace} --set phone=0700100200");
    assert!(desk.run(&edit).concat().starts_with("saved"));
    ward.run(&serve);
    in_step(desk.run(&here(sync)));
    assert_eq!(ward.run(stop), ["0"]);
    for (patient, facts) in [
        (grace, &["0700100200", "38.4", "120"][..]),
        (moses, &["Ojok"]),
    ] {
        for (home, shell) in [("desk", &mut desk), ("ward", &mut ward)] {
            let show = format!("cairn --home {home} patient show {patient} --json");
            shell.run(&format!("{show} > {home}.json"));
        }
        assert_eq!(desk.run("cmp desk.json ward.json; echo $?"), ["0"]);
        let chart = desk.run("cat desk.json").concat();
        assert!(facts.iter().all(|it| chart.contains(it)), "{chart}");
    }
}

/// The id of the only patient who is found so.
fn found(shell: &mut Shell, home: &str, text: &str) -> String {
    let find = format!("cairn --home {home} patient find {text} --json");
    let said: Value = serde_json::from_str(&shell.run(&find).concat()).unwrap();
    assert_eq!(said["matches"].as_array().unwrap().len(), 1, "{said}");
    said["matches"][0]["patient"].as_str().unwrap().to_owned()
}
