//! The visiting specialist, as people would do it: two homes of two clinics, the real binary,
//! over loopback. Of three patients one agreed, to summary and visits.

use std::{collections::BTreeSet, fs, path::Path, sync::Arc};

use cairn::{
    chart::{Edit, Note, Record, Section},
    clinic::{Clinic, GuestRow, Session},
    ids::DocId,
    ledger::{Entry, Place},
    members::Term,
    store::{Home as Folder, Store},
    time::Timestamp,
};
use serde_json::{Value, json};

use crate::{
    command::{Home, PASSPHRASE, surroundings},
    command_meet::introduced,
    command_sync::{HERE, Serving},
    visit::endpoint,
};

/// What the note of the patient who agreed says, and that of those who did not.
const SHARED: &str = "orthopnoea";
const UNSHARED: &str = "haematemesis";
/// What the specialist writes.
const CONSULT: &str = "Mitral stenosis; no contact sport, and furosemide.";

/// The clinic's machine is on while the specialist's exchanges.
pub(crate) fn exchanged(clinic: &Home, hospital: &Home) -> Value {
    let serving = Serving::begun(clinic.command("Okot", &["serve"]));
    let args = [
        "sync",
        "--json",
        "--peer",
        "Leila",
        "--addr",
        serving.addr(),
    ];
    let mut sync = hospital.command("Dr Abbo", &args);
    let ran = crate::command::Ran::of(sync.args(HERE).output().unwrap());
    assert_eq!(ran.code, Some(0), "{}{}", ran.out, ran.err);
    assert_eq!(serving.ended("-TERM"), Some(0));
    let peers = ran.document()["peers"].clone();
    assert_eq!(peers.as_array().unwrap().len(), 1, "{peers}");
    assert_eq!(peers[0]["kind"], "outside");
    peers[0].clone()
}

fn patient(home: &Home, given: &str, note: &str) -> String {
    let args = [
        "patient",
        "add",
        "--family",
        "Achieng",
        "--given",
        given,
        "--sex",
        "f",
        "--born",
        "1980-01-02",
        "--force",
    ];
    let added = home.json("Leila", &args);
    let id = added["patient"].as_str().unwrap().to_owned();
    visit(home, &id, note);
    id
}

fn visit(home: &Home, id: &str, note: &str) {
    let note = home.file("note", note);
    let args = ["visit", "add", id, "--reason", "cough", "--note", &note];
    home.json("Leila", &args);
}

/// Every document of the clinic, and those that its machine gives the specialist's.
fn documents(clinic: &Home, hospital: &Home) -> (BTreeSet<DocId>, BTreeSet<DocId>) {
    let there = Clinic::open(&hospital.path(), surroundings()).unwrap();
    let key = endpoint(&there);
    drop(there);
    let here = Clinic::open(&clinic.path(), surroundings()).unwrap();
    let mut all = BTreeSet::from([DocId::ZERO]);
    for ((log, lane), (last, _)) in here.frontier().unwrap() {
        for seq in 1..=last {
            let bytes = here.read_run(Place { log, lane, seq }, 1).unwrap();
            all.insert(Entry::decode(&bytes[0]).unwrap().header().doc);
        }
    }
    (all, here.shared_with(key))
}

/// What is held of each document in the specialist's home, and nothing that is of no document
/// of the clinic.
fn held(clinic: &Home, hospital: &Home, all: &BTreeSet<DocId>) -> BTreeSet<DocId> {
    let id = Clinic::open(&clinic.path(), surroundings()).unwrap().id();
    let folder = Arc::new(Folder::open(&hospital.path(), Timestamp(0)).unwrap());
    let shelf = Store::open(folder).unwrap().shelf(&id.to_string()).unwrap();
    let (mut held, mut count) = (BTreeSet::new(), 0);
    for doc in all {
        let each = |_, _: &[u8]| {
            held.insert(*doc);
            count += 1;
            true
        };
        shelf.each_of(*doc, each).unwrap();
    }
    assert_eq!(shelf.count().unwrap(), count);
    held
}

/// Whether these bytes stand in any file of a folder.
fn stands_in(folder: &Path, text: &str) -> bool {
    fs::read_dir(folder).unwrap().any(|file| {
        let path = file.unwrap().path();
        if path.is_dir() {
            return stands_in(&path, text);
        }
        let bytes = fs::read(path).unwrap_or_default();
        bytes.windows(text.len()).any(|it| it == text.as_bytes())
    })
}

/// The specialist at work in his own home, with nobody else near.
fn at_work<T>(hospital: &Home, work: impl FnOnce(&mut Session) -> T) -> T {
    let clinic = Clinic::open(&hospital.path(), surroundings()).unwrap();
    let abbo = clinic.users().unwrap()[0].user;
    let mut abbo = clinic.sign_in(abbo, PASSPHRASE).unwrap();
    let done = work(&mut abbo);
    abbo.sign_out().unwrap();
    done
}

/// What he can read of all that other clinics share with him, and of whom.
fn read(abbo: &mut Session) -> Vec<(GuestRow, Vec<String>)> {
    let live = abbo.guests().unwrap().into_iter();
    let live: Vec<_> = live.filter(|it| it.term == Term::Live).collect();
    let read = live.into_iter().map(|row| {
        let chart = abbo.guest_chart(row.clinic, row.patient.unwrap()).unwrap();
        assert_eq!(chart.problems, Vec::<String>::new());
        let names = chart.identity.person.into_iter().flat_map(|it| it.names);
        let names = names.map(|it| it.given);
        let notes = chart.visits.into_iter().flat_map(|it| it.notes);
        let sections = notes.flat_map(|it| it.sections).map(|it| it.text);
        (row, names.chain(sections).collect())
    });
    read.collect()
}

fn consult(abbo: &mut Session, row: &GuestRow) {
    let note = Note {
        entry: abbo.guest_entry(),
        visit: None,
        title: "consult".into(),
        sections: vec![Section {
            name: "A".into(),
            text: CONSULT.into(),
        }],
        phrases: Vec::new(),
        signed: None,
        adds_to: None,
        attested: None,
    };
    let edits = [Edit::add(Record::Note(note))];
    abbo.propose(row.clinic, row.patient.unwrap(), &edits)
        .unwrap();
}

/// Grace agrees to summary and visits for a week.
fn granted(clinic: &Home) -> String {
    let grant = [
        "share",
        "grant",
        &clinic.grace,
        "--to",
        "Dr Abbo",
        "--parts",
        "summary,visits",
        "--until",
        "t+7",
        "--how",
        "verbal",
        "--witness",
        "Nora",
    ];
    let granted = clinic.json("Leila", &grant);
    granted["share"].as_str().unwrap().to_owned()
}

/// The specialist's machine has that, sealed, and nothing else of the clinic.
fn has_that_alone(clinic: &Home, hospital: &Home) {
    let met = exchanged(clinic, hospital);
    assert_eq!(met["state"], "in_step", "{met}");
    assert_eq!(met["name"], "Leila, Kijani");
    assert_eq!(
        (&met["given"], &met["taken"]),
        (&Value::Null, &json!("live"))
    );
    let (all, given) = documents(clinic, hospital);
    let there = held(clinic, hospital, &all);
    assert!(there.is_subset(&given), "{there:?}");
    assert!(there.len() >= 3 && all.len() > given.len() + 4, "{there:?}");
    for text in ["Grace", "Achieng", SHARED, UNSHARED] {
        assert!(!stands_in(&hospital.path(), text), "{text}");
    }
    let met = exchanged(clinic, hospital);
    assert_eq!(
        (&met["received"], &met["state"]),
        (&json!(0), &json!("in_step"))
    );
}

/// Days later, with no network, he reads just that, and writes what he thinks; it comes back.
fn consulted(clinic: &Home, hospital: &Home) {
    at_work(hospital, |abbo| {
        let read = read(abbo);
        assert_eq!(read.len(), 1);
        let (row, texts) = &read[0];
        assert!(texts.iter().any(|it| it == "Grace"), "{texts:?}");
        assert!(texts.iter().any(|it| it.contains(SHARED)), "{texts:?}");
        assert!(!texts.iter().any(|it| it.contains(UNSHARED)), "{texts:?}");
        consult(abbo, row);
    });
    let met = exchanged(clinic, hospital);
    assert!(met["sent"].as_u64().unwrap() > 0, "{met}");
    let waits = clinic.json("Leila", &["proposal", "list"]);
    let waits = &waits["proposals"];
    assert_eq!(waits.as_array().unwrap().len(), 1, "{waits}");
    assert_eq!(waits[0]["provider_name"], "Dr Abbo", "{waits}");
    assert_eq!(waits[0]["doubt"], Value::Null, "{waits}");
    let id = waits[0]["proposal"].as_str().unwrap();
    clinic.json("Leila", &["proposal", "accept", id]);
    let chart = clinic.json("Leila", &["patient", "show", &clinic.grace]);
    let notes = chart["notes"].to_string() + &chart["visits"].to_string();
    assert!(
        notes.contains(CONSULT) && notes.contains("Dr Abbo"),
        "{chart}"
    );
}

/// Mid-way it is taken back.
fn taken_back(clinic: &Home, hospital: &Home, share: &str) {
    clinic.json("Nora", &["share", "revoke", &share[..8]]);
    visit(clinic, &clinic.grace, SHARED);
    let met = exchanged(clinic, hospital);
    assert_eq!(
        (&met["taken"], &met["state"]),
        (&json!("revoked"), &json!("revoked"))
    );
    assert_eq!(met["received"], 0);
    at_work(hospital, |abbo| {
        assert!(read(abbo).is_empty());
        let ended = abbo.guests().unwrap();
        assert!(matches!(ended[0].term, Term::Revoked { .. }));
    });
    for (home, user, name) in [
        (clinic, "Leila", "Dr Abbo, District Hospital: "),
        (hospital, "Dr Abbo", "Leila, Kijani: "),
    ] {
        let told = home.text(user, &["peers"]);
        let line = told.lines().find(|it| it.starts_with(name)).unwrap();
        assert!(
            line.contains("what was shared was taken back, met "),
            "{line}"
        );
    }
}

#[test]
fn the_specialist_has_what_one_patient_agreed_to_and_his_consult_comes_back() {
    let (clinic, hospital) = (Home::new(), Home::elsewhere());
    for given in ["Mary", "Ruth"] {
        patient(&clinic, given, UNSHARED);
    }
    visit(&clinic, &clinic.grace, SHARED);
    introduced(&clinic, &hospital);
    let share = granted(&clinic);
    has_that_alone(&clinic, &hospital);
    consulted(&clinic, &hospital);
    taken_back(&clinic, &hospital, &share);
}
