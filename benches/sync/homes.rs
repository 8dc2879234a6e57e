//! Cairn's side of the workload: a clinic of two machines on the disk, and what is written
//! in it.

use std::{
    collections::BTreeMap,
    fs,
    io::{BufRead as _, BufReader},
    path::{Path, PathBuf},
    sync::Arc,
};

use cairn::{
    chart::{
        Address, BirthDate, Coded, Coding, Edit, MedKind, MedStatus, Medication, Name,
        NameUse, Note, ObsCategory, Observation, Person, Quantity, Record, Section, Sex,
        Subject, System, Value, Visit, VisitClass, VisitStatus,
    },
    clinic::{Clinic, Founding, NewMachine, Session, Surroundings},
    ids::{PatientId, RecordId},
    seal::{OsEntropy, Work},
    time::{Clock, PartialDate},
};
use serde_json::{Value as Json, json};

use super::Outcome;

pub(crate) const USER: &str = "Dr Okot";
const PASSPHRASE: &str = "one two three four five six seven";
/// The file in which the passphrase stands for the program.
pub(crate) const PASSPHRASE_FILE: &str = "passphrase";
/// Which of the workload's people is which patient.
const PEOPLE_FILE: &str = "people.json";
/// People after whom the caches are brought up to date.
const SETTLED_EVERY: usize = 500;

fn surroundings() -> Surroundings {
    Surroundings {
        clock: Clock::Machine,
        entropy: Box::new(OsEntropy),
        work: Some(Work::DEMO),
    }
}

/// The home of one of the machines, by its letter.
pub(crate) fn home(root: &Path, machine: &str) -> PathBuf {
    root.join(machine)
}

/// Makes the clinic in this home.
pub(crate) fn found(home: &Path) -> Outcome<Arc<Clinic>> {
    let founding = Founding {
        machine: "1".to_owned(),
        clinic: "Kijani".to_owned(),
        user: USER.to_owned(),
        passphrase: PASSPHRASE.to_owned().into(),
    };
    Ok(Clinic::create(home, founding, surroundings(), |_| Ok(()))?)
}

/// Makes the clinic on machine `a`, and `b`, which joined and holds nothing yet.
pub(crate) fn load(base: &Path, root: &Path) -> Outcome<()> {
    fs::create_dir_all(root)?;
    fs::write(root.join(PASSPHRASE_FILE), PASSPHRASE)?;
    let clinic = found(&home(root, "a"))?;
    let mut session = sign_in(&clinic)?;
    let mut people = BTreeMap::new();
    for (n, line) in BufReader::new(fs::File::open(base)?).lines().enumerate() {
        let line: Json = serde_json::from_str(&line?)?;
        let patient = register(&mut session, &line["demographics"])?;
        for visit in line["visits"].as_array().into_iter().flatten() {
            save_visit(&mut session, patient, visit)?;
        }
        people.insert(text(&line["id"]), patient);
        if n % SETTLED_EVERY == 0 {
            session.settle()?;
        }
    }
    let machine = NewMachine::draw(false, &mut OsEntropy);
    let enrolment = session.invite_accept(&machine.card("b"), None)?;
    session.sign_out()?;
    drop(Clinic::join(
        &home(root, "b"),
        &machine,
        enrolment,
        surroundings(),
    )?);
    fs::write(root.join(PEOPLE_FILE), serde_json::to_vec(&people)?)?;
    Ok(())
}

/// Writes what the file says on one machine: `root` is its home.
pub(crate) fn write(delta: &Path, home: &Path) -> Outcome<()> {
    let people = people(home)?;
    let clinic = Clinic::open(home, surroundings())?;
    let mut session = sign_in(&clinic)?;
    for line in fs::read_to_string(delta)?.lines() {
        let line: Json = serde_json::from_str(line)?;
        let patient = people[&text(&line["patient"])];
        if line["op"] == "visit" {
            save_visit(&mut session, patient, &line["visit"])?;
        } else {
            let chart = session.open(patient)?;
            let before = chart.identity.person.ok_or("a person is missing")?;
            let mut after = before.clone();
            let value = text(&line["value"]);
            if line["field"] == "phone" {
                after.phone = value;
            } else {
                after.address.village = value;
            }
            let edit = Edit::change(Record::Person(before), Record::Person(after));
            session.save(Subject::Patient(patient), vec![edit])?;
        }
    }
    session.sign_out()?;
    Ok(())
}

/// How many of the edits a machine shows.
pub(crate) fn check(home: &Path, edits: &[&str]) -> Outcome<()> {
    let people = people(home)?;
    let clinic = Clinic::open(home, surroundings())?;
    let mut session = sign_in(&clinic)?;
    session.settle()?;
    let (mut all, mut visible) = (0, 0);
    for path in edits {
        for line in fs::read_to_string(path)?.lines() {
            let line: Json = serde_json::from_str(line)?;
            let chart = session.open(people[&text(&line["patient"])])?;
            let person = chart.identity.person.ok_or("a person is missing")?;
            let shown = if line["field"] == "phone" {
                person.phone
            } else {
                person.address.village
            };
            all += 1;
            visible += u32::from(shown == text(&line["value"]));
        }
    }
    session.sign_out()?;
    println!("{}", json!({ "edits": all, "visible": visible }));
    Ok(())
}

fn people(home: &Path) -> Outcome<BTreeMap<String, PatientId>> {
    let root = home.parent().ok_or("the home stands nowhere")?;
    Ok(serde_json::from_slice(&fs::read(root.join(PEOPLE_FILE))?)?)
}

pub(crate) fn sign_in(clinic: &Arc<Clinic>) -> Outcome<Session> {
    let users = clinic.users()?;
    let user = users
        .iter()
        .find(|it| it.name == USER)
        .ok_or("nobody")?
        .user;
    Ok(clinic.sign_in(user, PASSPHRASE)?)
}

pub(crate) fn text(json: &Json) -> String {
    json.as_str().unwrap_or_default().to_owned()
}

pub(crate) fn register(session: &mut Session, from: &Json) -> Outcome<PatientId> {
    let mut person = Person::new(session.entry());
    person.names = vec![Name {
        usage: NameUse::Usual,
        family: text(&from["family_name"]),
        given: text(&from["given_name"]),
    }];
    person.sex = if from["sex"] == "female" {
        Sex::Female
    } else {
        Sex::Male
    };
    let born: Vec<i16> = text(&from["dob"])
        .split('-')
        .filter_map(|it| it.parse().ok())
        .collect();
    if let [year, month, day] = born.as_slice() {
        let date = PartialDate::new(
            *year,
            Some(u8::try_from(*month)?),
            Some(u8::try_from(*day)?),
        )?;
        person.birth = Some(BirthDate {
            date,
            estimated: false,
        });
    }
    person.phone = text(&from["phone"]);
    person.phone2 = text(&from["next_of_kin_phone"]);
    person.address = Address {
        village: text(&from["village"]),
        district: text(&from["district"]),
        ..Address::default()
    };
    Ok(session.register(person)?.patient)
}

pub(crate) fn save_visit(
    session: &mut Session,
    patient: PatientId,
    from: &Json,
) -> Outcome<()> {
    let encounter = &from["encounter"];
    let visit = session.entry();
    let id = visit.id;
    let diagnoses = from["diagnoses"].as_array().into_iter().flatten();
    let mut edits = vec![
        Edit::add(Record::Visit(Visit {
            entry: visit,
            class: VisitClass::Ambulatory,
            status: VisitStatus::Finished,
            start: None,
            end: None,
            reason: Coded::text(text(&encounter["type"])),
            diagnoses: diagnoses.map(|it| coded(System::Icd10, it)).collect(),
            practitioner: text(&encounter["author"]),
            place: String::new(),
        })),
        Edit::add(Record::Note(Note {
            entry: session.entry(),
            visit: Some(id),
            title: String::new(),
            sections: vec![Section {
                name: "S".to_owned(),
                text: text(&encounter["note"]),
            }],
            phrases: Vec::new(),
            signed: None,
            adds_to: None,
            attested: None,
        })),
    ];
    for it in from["observations"].as_array().into_iter().flatten() {
        edits.push(Edit::add(Record::Observation(Observation {
            entry: session.entry(),
            code: coded(System::Loinc, it),
            category: ObsCategory::VitalSigns,
            when: None,
            value: Some(Value::Quantity(Quantity::new(
                it["value"].to_string(),
                text(&it["unit"]),
            ))),
            absent: String::new(),
            components: Vec::new(),
            range: String::new(),
            flag: String::new(),
            method: String::new(),
            visit: Some(id),
            order: None,
        })));
    }
    edits.extend(drugs(session, id, from));
    session.save(Subject::Patient(patient), edits)?;
    Ok(())
}

fn drugs(session: &mut Session, visit: RecordId, from: &Json) -> Vec<Edit> {
    let drugs = from["medications"].as_array().into_iter().flatten();
    let drugs = drugs.map(|it| {
        Edit::add(Record::Medication(Medication {
            entry: session.entry(),
            kind: MedKind::Request,
            code: coded(System::Atc, it),
            status: MedStatus::Active,
            dose: text(&it["dose"]),
            route: String::new(),
            frequency: String::new(),
            duration: text(&it["duration"]),
            as_needed: false,
            start: None,
            end: None,
            quantity: String::new(),
            reason: Coded::default(),
            instructions: String::new(),
            overridden: String::new(),
            visit: Some(visit),
        }))
    });
    drugs.collect()
}

fn coded(system: System, it: &Json) -> Coded {
    Coded::of(Coding::new(system, text(&it["code"]), text(&it["text"])))
}
