//! A clinic with one user of each role, charts with a record of every kind, drafts, an
//! import, and somebody who has left.

#![expect(
    clippy::wildcard_enum_match_arm,
    reason = "most kinds of record are made the same way"
)]

use std::{fs, path::PathBuf, sync::Arc};

use cairn::{
    chart::{
        Edit, Entry, Kind, MedKind, Medication, Name, NameUse, Note, ObsCategory,
        Observation, Origin, Person, Record, Section, Subject, who::Role,
    },
    clinic::{Clinic, Founding, Session, Source},
    ids::{PatientId, UserId},
    time::Clock,
};
use tempfile::TempDir;

use crate::{
    clinic::surroundings,
    samples::{self, Variant},
};

/// The roles that a person can have, and that of the sealed words.
pub(crate) const ROLES: [Role; 7] = [
    Role::Owner,
    Role::Clinician,
    Role::Nurse,
    Role::LabPharmacy,
    Role::FrontDesk,
    Role::Auditor,
    Role::Emergency,
];

/// Words that only patient data holds. None of them may be read without a key.
pub(crate) const PATIENT_WORDS: [&str; 10] = [
    "Wanjiru",
    "Njeri",
    "0733555111",
    "Kibera",
    "haemoptysis",
    "Achieng",
    "0799123987",
    "Peanut",
    "first substance",
    "nocturnal sweats",
];

/// A file with a patient, an allergy, a laboratory value, and a letter with a text.
pub(crate) const FILE: &str = r#"{"resourceType":"Bundle","type":"collection","entry":[
{"resource":{"resourceType":"Patient","id":"p1","gender":"female","birthDate":"1990-05-01",
"telecom":[{"system":"phone","value":"0799123987"}],
"name":[{"family":"Achieng","given":["Mary"]}]}},
{"resource":{"resourceType":"AllergyIntolerance","id":"a1","criticality":"high",
"clinicalStatus":{"coding":[{"code":"active"}]},
"code":{"text":"Peanut"},"patient":{"reference":"Patient/p1"}}},
{"resource":{"resourceType":"DocumentReference","id":"d1","status":"current",
"type":{"text":"Letter"},"subject":{"reference":"Patient/p1"},
"content":[{"attachment":{"contentType":"text/plain","data":"aGFlbW9wdHlzaXM="}}]}}]}"#;

/// A clinic and who works in it.
pub(crate) struct Staff {
    pub(crate) folder: TempDir,
    pub(crate) clinic: Arc<Clinic>,
    users: Vec<(Role, UserId)>,
}

impl Staff {
    /// A clinic with one user of each role and nobody else.
    pub(crate) fn hired() -> Self {
        Self::hired_at(surroundings().clock)
    }

    /// The same, by this clock.
    pub(crate) fn hired_at(clock: Clock) -> Self {
        let folder = TempDir::new().unwrap();
        let founding = Founding {
            machine: "1".to_owned(),
            clinic: "Kijani".to_owned(),
            user: Role::Owner.name().to_owned(),
            passphrase: passphrase(Role::Owner).into(),
        };
        let around = cairn::clinic::Surroundings {
            clock,
            ..surroundings()
        };
        let home = folder.path().join("home");
        let clinic = Clinic::create(&home, founding, around, |_| Ok(())).unwrap();
        let owner = clinic.users().unwrap()[0].user;
        let mut users = vec![(Role::Owner, owner)];
        let mut session = clinic.sign_in(owner, &passphrase(Role::Owner)).unwrap();
        for role in ROLES.into_iter().skip(1) {
            let pass = passphrase(role);
            users.push((role, session.add_user(role.name(), role, &pass).unwrap()));
        }
        session.sign_out().unwrap();
        Self {
            folder,
            clinic,
            users,
        }
    }

    pub(crate) fn user(&self, role: Role) -> UserId {
        let found = self.users.iter().find(|(it, _)| *it == role);
        found.unwrap().1
    }

    pub(crate) fn sign_in(&self, role: Role) -> Session {
        let signed_in = self.clinic.sign_in(self.user(role), &passphrase(role));
        signed_in.unwrap()
    }

    pub(crate) fn home(&self) -> PathBuf {
        self.folder.path().join("home")
    }

    pub(crate) fn import(&self, session: &mut Session) {
        let file = self.folder.path().join("file.json");
        fs::write(&file, FILE).unwrap();
        let source = [Source::File(file)];
        session.import_fhir(&source, None, &mut |_| {}).unwrap();
    }
}

pub(crate) fn passphrase(role: Role) -> String {
    format!("the {} sits under the old mango tree", role.name())
}

/// Registers somebody whose words are among [`PATIENT_WORDS`].
pub(crate) fn register(session: &mut Session) -> PatientId {
    let mut person = Person::new(session.entry());
    person.names = vec![Name {
        usage: NameUse::Usual,
        family: "Wanjiru".into(),
        given: "Njeri".into(),
    }];
    person.phone = "0733555111".into();
    person.address.village = "Kibera".into();
    session.register(person).unwrap().patient
}

/// A whole record of this kind, written by whoever is signed in.
pub(crate) fn record(session: &mut Session, kind: Kind) -> Record {
    let mut record = samples::full(kind, samples::id(1), Origin::Own, Variant::One);
    *record.entry_mut() = session.entry();
    record
}

pub(crate) fn note(session: &mut Session) -> Note {
    let Record::Note(mut note) = record(session, Kind::Note) else {
        panic!("not a note");
    };
    note.sections = vec![Section {
        name: "S".to_owned(),
        text: "Cough with haemoptysis, nocturnal sweats".to_owned(),
    }];
    note
}

pub(crate) fn prescription(session: &mut Session) -> Record {
    match record(session, Kind::Medication) {
        Record::Medication(it) => Record::Medication(Medication {
            kind: MedKind::Request,
            ..it
        }),
        other => other,
    }
}

pub(crate) fn laboratory(session: &mut Session) -> Record {
    match record(session, Kind::Observation) {
        Record::Observation(it) => Record::Observation(Observation {
            category: ObsCategory::Laboratory,
            ..it
        }),
        other => other,
    }
}

/// What a change of this kind belongs to.
pub(crate) fn subject(patient: PatientId, record: &Record) -> Subject {
    match record.kind() {
        Kind::Provider | Kind::ImportRun => Subject::Clinic,
        _ => Subject::Patient(patient),
    }
}

/// The chart of a patient with one record of every kind and some more, in the owner's name.
pub(crate) fn fill(session: &mut Session, patient: PatientId) -> Vec<Record> {
    let mut written = Vec::new();
    let apart = [Kind::Person, Kind::Outcome];
    for kind in Kind::ALL.into_iter().filter(|it| !apart.contains(it)) {
        let record = match kind {
            Kind::Note => Record::Note(note(session)),
            kind => record(session, kind),
        };
        written.push(record);
    }
    written.push(prescription(session));
    written.push(laboratory(session));
    for record in &written {
        let edits = vec![Edit::add(record.clone())];
        session.save(subject(patient, record), edits).unwrap();
    }
    written
}

/// Many small changes of one document, so that the cache keeps a snapshot of it.
pub(crate) fn wear(session: &mut Session, patient: PatientId) {
    for _ in 0..40 {
        let seen = record(session, Kind::Observation);
        let edits = vec![Edit::add(seen)];
        session.save(Subject::Patient(patient), edits).unwrap();
    }
}

/// The common part of a record in somebody's name.
pub(crate) fn entry_of(session: &mut Session, by: UserId) -> Entry {
    Entry {
        by,
        ..session.entry()
    }
}
