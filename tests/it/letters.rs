//! Letters to providers of other clinics: what leaves, who can read it, what becomes of it.

use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
    sync::Arc,
};

use cairn::{
    chart::{
        Consent, ConsentState, Decision, Edit, How, Origin, Part, Purpose, Record,
        Referral, ReferralStatus, SharedPart, Subject, Way,
    },
    clinic::{
        AuditAction, AuditObject, CardRow, Clinic, Error, Founding, Match, Refer,
        Session, Snapshot, Surroundings,
    },
    ids::{Hash, PatientId},
    members::Verified,
    seal::SeededEntropy,
};
use tempfile::TempDir;

use crate::clinic::{PASSPHRASE, founded, grace, owner, penicillin, surroundings};

/// A clinic and a hospital that keep each other's cards, and a stick between them.
pub(crate) struct Two {
    pub(crate) homes: [TempDir; 2],
    pub(crate) stick: TempDir,
    pub(crate) clinic: Session,
    pub(crate) hospital: Session,
}

pub(crate) fn hospital() -> (TempDir, Arc<Clinic>) {
    let folder = TempDir::new().unwrap();
    let founding = Founding {
        machine: "1".to_owned(),
        clinic: "District Hospital".to_owned(),
        user: "Dr Were".to_owned(),
        passphrase: PASSPHRASE.to_owned().into(),
    };
    let around = Surroundings {
        entropy: Box::new(SeededEntropy::new(u64::from(std::process::id()) << 8)),
        ..surroundings()
    };
    let home = folder.path().join("home");
    let clinic = Clinic::create(&home, founding, around, |_| Ok(())).unwrap();
    (folder, clinic)
}

impl Two {
    pub(crate) fn new() -> Self {
        let ((one, clinic), (other, elsewhere)) = (founded(), hospital());
        let (mut clinic, mut hospital) = (owner(&clinic), owner(&elsewhere));
        let theirs = hospital.card().unwrap();
        clinic.keep_card(&theirs, Verified::Room).unwrap();
        let ours = clinic.card().unwrap();
        hospital.keep_card(&ours, Verified::Phone).unwrap();
        Self {
            homes: [one, other],
            stick: TempDir::new().unwrap(),
            clinic,
            hospital,
        }
    }

    pub(crate) fn card(&self) -> CardRow {
        self.clinic.card_to_share("Dr Were").unwrap()
    }

    /// Grace, with an allergy, and what she agreed to.
    pub(crate) fn patient(&mut self, parts: &[SharedPart]) -> PatientId {
        let patient = grace(&mut self.clinic);
        let allergy = penicillin(&mut self.clinic);
        let card = self.card();
        let consent = consent(&mut self.clinic, &card, parts);
        let edits = vec![Edit::add(allergy), Edit::add(Record::Consent(consent))];
        self.clinic.save(Subject::Patient(patient), edits).unwrap();
        patient
    }

    pub(crate) fn refer(&mut self, patient: PatientId) -> Result<PathBuf, Error> {
        let card = self.card();
        let sent = self
            .clinic
            .refer(patient, &card, &refer(), self.stick.path())?;
        Ok(sent.file)
    }

    pub(crate) fn sent(&mut self, patient: PatientId) -> Referral {
        self.clinic.referrals(patient).unwrap().remove(0)
    }
}

pub(crate) fn refer() -> Refer {
    Refer {
        reason: "cough for six weeks".to_owned(),
        question: "X-ray, and is it tuberculosis?".to_owned(),
        urgent: true,
        parts: BTreeSet::from([Part::Summary]),
    }
}

pub(crate) fn consent(
    session: &mut Session,
    card: &CardRow,
    parts: &[SharedPart],
) -> Consent {
    Consent {
        entry: session.entry(),
        decision: Decision::Given,
        state: ConsentState::Active,
        withdrawal: None,
        to: "Dr Were".to_owned(),
        card: Some(Hash::from_bytes(*card.card.id().as_bytes())),
        parts: parts.to_vec(),
        shared_from: None,
        shared_until: None,
        purpose: Purpose::Treatment,
        from: None,
        until: Some(session.today().plus_days(30)),
        how: How::Written,
        witness: String::new(),
        over: Vec::new(),
    }
}

/// The name of the letter that came first in the list.
pub(crate) fn newest(session: &mut Session) -> String {
    session.received().unwrap().remove(0).hash.to_string()
}

#[track_caller]
pub(crate) fn refused<T: std::fmt::Debug>(done: Result<T, Error>, expected: &str) {
    match done {
        Err(Error::Refused(why)) => assert!(why.contains(expected), "{why}"),
        other => panic!("{other:?}"),
    }
}

fn audited(session: &mut Session, action: AuditAction) -> Vec<AuditObject> {
    let audit = session.read_audit(None).unwrap();
    let of = audit.entries.into_iter().filter(|it| it.action == action);
    of.map(|it| it.object).collect()
}

#[test]
fn a_patient_is_sent_accepted_and_answered_and_both_charts_say_so() {
    let mut two = Two::new();
    let patient = two.patient(&[SharedPart::Summary]);
    let file = two.refer(patient).unwrap();
    assert_eq!(two.sent(patient).status, ReferralStatus::Waiting);
    let told = audited(&mut two.clinic, AuditAction::Share);
    let AuditObject::Disclosed(told) = &told[0] else {
        panic!("{told:?}")
    };
    assert_eq!(told.what, "referral: summary");
    assert_eq!(told.to, "Dr Were, District Hospital");

    let taken = two.hospital.take_letter(&file).unwrap();
    assert_eq!((taken.known, taken.row.state), (false, "waiting"));
    assert_eq!(taken.row.sender, Some(Verified::Phone));
    assert!(taken.row.urgent);
    assert!(
        two.hospital.everybody().unwrap().is_empty(),
        "nothing is in a chart yet"
    );
    assert!(two.hospital.take_letter(&file).unwrap().known);
    assert_eq!(two.hospital.received().unwrap().len(), 1);

    let name = newest(&mut two.hospital);
    let shown = two.hospital.received_letter(&name[..8]).unwrap();
    assert_eq!(shown.person.unwrap().shown_name(), "OKELLO, Grace");
    assert_eq!(shown.question, "X-ray, and is it tuberculosis?");
    let (_, allergies) = &shown.sections[0];
    assert!(allergies.contains("penicillin"), "{allergies}");
    let done = two.hospital.accept_letter(&name, Match::New).unwrap();
    assert_eq!(done.imported.patients, 1);
    let chart = two.hospital.open(done.patient).unwrap();
    let allergy = &chart.summary.unwrap().allergies[0];
    let Origin::Imported { author, .. } = &allergy.entry.origin else {
        panic!("{:?}", allergy.entry.origin)
    };
    assert_eq!(author.0, "Dr Okot, Kijani");
    let came = two.hospital.referrals(done.patient).unwrap().remove(0);
    assert_eq!((came.way, came.entry.id), (Way::Received, done.referral));
    assert_eq!(came.with, "Dr Okot, Kijani");
    refused(
        two.hospital.accept_letter(&name, Match::New),
        "decided about already",
    );

    for (outcome, note) in [
        (ReferralStatus::Accepted, "come on Monday"),
        (ReferralStatus::Completed, "no tuberculosis"),
    ] {
        let of = (done.patient, done.referral);
        let sent = two
            .hospital
            .answer_referral(of, (outcome, note), two.stick.path());
        let answer = sent.unwrap().file;
        let taken = two.clinic.take_letter(&answer).unwrap();
        assert_eq!(
            (taken.row.state, taken.row.patient),
            ("linked", Some(patient))
        );
        let sent = two.sent(patient);
        assert_eq!((sent.status, sent.reply.as_str()), (outcome, note));
        assert!(two.clinic.take_letter(&answer).unwrap().known);
    }
    let came = two.hospital.referrals(done.patient).unwrap().remove(0);
    assert_eq!(came.status, ReferralStatus::Completed);
}

#[test]
fn an_answer_that_comes_late_does_not_undo_a_later_one() {
    let mut two = Two::new();
    let patient = two.patient(&[SharedPart::Summary]);
    let file = two.refer(patient).unwrap();
    two.hospital.take_letter(&file).unwrap();
    let name = newest(&mut two.hospital);
    let done = two.hospital.accept_letter(&name, Match::New).unwrap();
    let of = (done.patient, done.referral);
    let answers = [ReferralStatus::Accepted, ReferralStatus::Completed].map(|outcome| {
        let sent = two
            .hospital
            .answer_referral(of, (outcome, ""), two.stick.path());
        sent.unwrap().file
    });
    for answer in answers.iter().rev() {
        two.clinic.take_letter(answer).unwrap();
    }
    assert_eq!(two.sent(patient).status, ReferralStatus::Completed);
}

#[test]
fn nothing_of_a_letter_can_be_read_outside_or_by_anybody_else() {
    let mut two = Two::new();
    let patient = two.patient(&[SharedPart::Summary]);
    let file = two.refer(patient).unwrap();
    let bytes = fs::read(&file).unwrap();
    let name = file.file_name().unwrap().to_str().unwrap();
    let home = two.homes[1].path().join("home");
    two.hospital.take_letter(&file).unwrap();
    let kept = fs::read_dir(home).unwrap().map(|it| it.unwrap().path());
    let kept = kept.filter(|it| it.extension().is_some_and(|it| it == "letter"));
    let kept: Vec<Vec<u8>> = kept.map(|it| fs::read(it).unwrap()).collect();
    assert_eq!(kept.len(), 1);
    for words in ["Okello", "Grace", "penicillin", "cough", "Were", "Kijani"] {
        assert!(!name.contains(words));
        for it in kept.iter().chain([&bytes]) {
            let found = it.windows(words.len()).any(|it| it == words.as_bytes());
            assert!(!found, "{words} stands outside");
        }
    }
    // Whoever wrote it cannot read it either, and nobody else.
    refused(
        two.clinic.take_letter(&file),
        "it is sealed to another card than yours",
    );
    let refusals = audited(&mut two.clinic, AuditAction::LetterRefused);
    assert_eq!(refusals.len(), 1);
}

#[test]
fn what_the_patient_did_not_agree_to_does_not_leave() {
    let mut two = Two::new();
    let patient = two.patient(&[SharedPart::Visits]);
    refused(two.refer(patient), "did not agree to summary");
    let other = grace(&mut two.clinic);
    refused(two.refer(other), "did not agree to summary");
    assert_eq!(fs::read_dir(two.stick.path()).unwrap().count(), 0);
    assert!(two.clinic.referrals(patient).unwrap().is_empty());
    assert!(audited(&mut two.clinic, AuditAction::Share).is_empty());
}

#[test]
fn a_letter_waits_until_somebody_made_sure_of_its_sender() {
    let mut two = Two::new();
    let patient = two.patient(&[SharedPart::Summary]);
    let file = two.refer(patient).unwrap();
    let (_home, elsewhere) = hospital();
    let mut stranger = owner(&elsewhere);
    let taken = stranger.take_letter(&file).unwrap();
    assert_eq!(taken.row.sender, None);
    let name = newest(&mut stranger);
    refused(
        stranger.accept_letter(&name, Match::New),
        "the card of whom this is from is not kept",
    );
    let words = stranger.received_letter(&name).unwrap().words;
    assert_eq!(words, two.clinic.card().unwrap().words());
    stranger.know_sender(&name, Verified::Phone).unwrap();
    stranger.accept_letter(&name, Match::New).unwrap();
}

#[test]
fn one_of_the_same_name_is_matched_by_a_person_alone_and_demographics_stay() {
    let mut two = Two::new();
    let patient = two.patient(&[SharedPart::Summary]);
    let here = grace(&mut two.hospital);
    let mut other = two.hospital.open(here).unwrap().identity.person.unwrap();
    let before = Record::Person(other.clone());
    other.phone = "0700000000".to_owned();
    let edit = Edit::change(before, Record::Person(other.clone()));
    two.hospital
        .save(Subject::Patient(here), vec![edit])
        .unwrap();
    let file = two.refer(patient).unwrap();
    two.hospital.take_letter(&file).unwrap();
    let name = newest(&mut two.hospital);
    let alike = two.hospital.received_letter(&name).unwrap().alike;
    assert_eq!(alike[0].patient, here);
    let done = two
        .hospital
        .accept_letter(&name, Match::Patient(here))
        .unwrap();
    assert_eq!((done.patient, done.imported.patients), (here, 0));
    let chart = two.hospital.open(here).unwrap();
    assert_eq!(chart.identity.person.unwrap().phone, "0700000000");
    assert_eq!(chart.summary.unwrap().allergies.len(), 1);
    assert_eq!(two.hospital.everybody().unwrap(), [here]);
}

#[test]
fn somebody_else_is_not_matched_and_a_letter_can_be_rejected() {
    let mut two = Two::new();
    let patient = two.patient(&[SharedPart::Summary]);
    let here = grace(&mut two.hospital);
    let person = two.hospital.open(here).unwrap().identity.person.unwrap();
    let mut other = person.clone();
    other.names[0].family = "Aber".to_owned();
    other.sex = cairn::chart::Sex::Male;
    let edit = Edit::change(Record::Person(person), Record::Person(other));
    two.hospital
        .save(Subject::Patient(here), vec![edit])
        .unwrap();
    let file = two.refer(patient).unwrap();
    two.hospital.take_letter(&file).unwrap();
    let name = newest(&mut two.hospital);
    refused(
        two.hospital.accept_letter(&name, Match::Patient(here)),
        "this is somebody else",
    );
    assert!(
        two.hospital
            .open(here)
            .unwrap()
            .summary
            .unwrap()
            .allergies
            .is_empty()
    );
    refused(two.hospital.reject_letter(&name, " "), "say why");
    two.hospital.reject_letter(&name, "not ours").unwrap();
    let row = two.hospital.received().unwrap().remove(0);
    assert_eq!((row.state, row.why.as_str()), ("rejected", "not ours"));
    refused(
        two.hospital.received_letter(&name).map(|_| ()),
        "not kept any more",
    );
    // Taken again it stays rejected.
    assert!(two.hospital.take_letter(&file).unwrap().known);
}

#[test]
fn a_snapshot_holds_what_was_asked_for_is_replaced_by_a_newer_one_and_ends() {
    let mut two = Two::new();
    let patient = two.patient(&[SharedPart::Summary]);
    let card = two.card();
    let until = two.clinic.end_of(two.clinic.today().plus_days(3));
    let snapshot = Snapshot {
        sections: BTreeSet::from(["allergies"]),
        since: None,
        until,
        purpose: Purpose::Treatment,
    };
    let mut files = Vec::new();
    for _ in 0..2 {
        let stick = two.stick.path();
        let sent = two.clinic.share_snapshot(patient, &card, &snapshot, stick);
        files.push(sent.unwrap().file);
    }
    two.hospital.take_letter(&files[0]).unwrap();
    let name = newest(&mut two.hospital);
    let shown = two.hospital.received_letter(&name).unwrap();
    assert_eq!((shown.row.state, shown.row.until), ("held", Some(until)));
    let text = |title: &str| {
        let section = shown.sections.iter().find(|(it, _)| it == title);
        section.map(|(_, text)| text.clone()).unwrap()
    };
    assert!(text("Allergies and Intolerances").contains("penicillin"));
    assert!(text("Problems").contains("This was not shared"));
    refused(
        two.hospital.accept_letter(&name, Match::New),
        "only a referral is accepted",
    );
    two.hospital.take_letter(&files[1]).unwrap();
    let states: Vec<_> = two
        .hospital
        .received()
        .unwrap()
        .into_iter()
        .map(|it| it.state)
        .collect();
    assert_eq!(states.iter().filter(|it| **it == "held").count(), 1);
    assert_eq!(states.iter().filter(|it| **it == "replaced").count(), 1);
    let more = Snapshot {
        sections: BTreeSet::from(["results"]),
        ..snapshot.clone()
    };
    let stick = two.stick.path();
    refused(
        two.clinic.share_snapshot(patient, &card, &more, stick),
        "did not agree to results",
    );
    let longer = Snapshot {
        until: two.clinic.end_of(two.clinic.today().plus_days(60)),
        ..snapshot
    };
    refused(
        two.clinic.share_snapshot(patient, &card, &longer, stick),
        "the patient agreed until",
    );
}

#[test]
fn a_letter_that_is_torn_flipped_foreign_or_passed_on_is_refused_and_nothing_is_kept() {
    let mut two = Two::new();
    let patient = two.patient(&[SharedPart::Summary]);
    let file = two.refer(patient).unwrap();
    let bytes = fs::read(&file).unwrap();
    let stick = two.stick.path().to_owned();
    let made = |name: &str, bytes: &[u8]| -> PathBuf {
        let path = stick.join(name);
        fs::write(&path, bytes).unwrap();
        path
    };
    let torn = made("torn", &bytes[..bytes.len() / 2]);
    let mut flipped = bytes.clone();
    let middle = flipped.len() / 2;
    flipped[middle] ^= 1;
    let flipped = made("flipped", &flipped);
    let foreign = made("foreign", b"{\"resourceType\":\"Bundle\"}");
    let empty = made("empty", b"");
    let long = made("long", &vec![b'a'; 18 * 1024 * 1024]);
    let damaged = "was damaged or broken off";
    for (path, why) in [
        (&torn, damaged),
        (&flipped, damaged),
        (&foreign, damaged),
        (&empty, damaged),
        (&long, "larger than a letter may be"),
        (&stick.join("none"), "none"),
    ] {
        refused(two.hospital.take_letter(path), why);
    }
    assert!(two.hospital.received().unwrap().is_empty());
    let refusals = audited(&mut two.hospital, AuditAction::LetterRefused);
    assert_eq!(refusals.len(), 6);
    let home: &Path = two.homes[1].path();
    let kept = fs::read_dir(home.join("home")).unwrap().filter(|it| {
        let path = it.as_ref().unwrap().path();
        path.extension().is_some_and(|it| it == "letter")
    });
    assert_eq!(kept.count(), 0);
    two.hospital.take_letter(&file).unwrap();
}
