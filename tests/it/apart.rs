//! Two machines of a clinic that were apart: what both set is shown alike on both, decided on
//! one and settled on the other, through the library and through the real binary.

use std::{fs, path::Path, process::Command, sync::Arc};

use cairn::{
    chart::{Choice, Edit, Kind, MedStatus, Medication, Record, Subject, who::Role},
    clinic::{Apart, Clinic, Error, Fact, Session},
    ids::{PatientId, RecordId},
};
use serde_json::Value;
use tempfile::TempDir;

use crate::{
    clinic::{PASSPHRASE, founded, grace},
    devices::{bring, joined, meet},
    staff::prescription,
};

const NURSE: &str = "a quiet river under seven old bridges";

/// Two machines that met after both had changed the same chart.
struct Torn {
    here: (TempDir, Arc<Clinic>),
    there: (TempDir, Arc<Clinic>),
    patient: PatientId,
    drug: RecordId,
}

fn owner(clinic: &Arc<Clinic>) -> Session {
    let users = clinic.users().unwrap();
    let okot = users.iter().find(|it| it.name == "Dr Okot").unwrap();
    made(clinic.sign_in(okot.user, PASSPHRASE).unwrap())
}

/// With every chart made that came from elsewhere.
fn made(mut session: Session) -> Session {
    session.settle_all().unwrap();
    session
}

fn change(
    session: &mut Session,
    patient: PatientId,
    how: impl Fn(&mut Medication, &mut cairn::chart::Person),
) {
    let chart = session.open(patient).unwrap();
    let person = chart.identity.person.unwrap();
    let drug = chart.summary.unwrap().medications.remove(0);
    let (mut person_after, mut drug_after) = (person.clone(), drug.clone());
    how(&mut drug_after, &mut person_after);
    let edits = vec![
        Edit::change(Record::Medication(drug), Record::Medication(drug_after)),
        Edit::change(Record::Person(person), Record::Person(person_after)),
    ];
    session.save(Subject::Patient(patient), edits).unwrap();
}

fn torn() -> Torn {
    let here = founded();
    let mut okot = owner(&here.1);
    okot.add_user("Badu", Role::Nurse, NURSE).unwrap();
    okot.add_user("Amina", Role::FrontDesk, NURSE).unwrap();
    let patient = grace(&mut okot);
    let mut record = prescription(&mut okot);
    if let Record::Medication(it) = &mut record {
        it.status = MedStatus::Active;
    }
    let drug = record.entry().id;
    let edits = vec![Edit::add(record)];
    okot.save(Subject::Patient(patient), edits).unwrap();
    let there = joined(&mut okot, 11);
    meet(&here.1, &there.1);
    change(&mut okot, patient, |drug, person| {
        drug.status = MedStatus::Stopped;
        "0700".clone_into(&mut person.phone);
    });
    okot.sign_out().unwrap();
    let mut okot = owner(&there.1);
    change(&mut okot, patient, |drug, person| {
        drug.status = MedStatus::OnHold;
        "0711".clone_into(&mut person.phone);
    });
    okot.sign_out().unwrap();
    meet(&here.1, &there.1);
    Torn {
        here,
        there,
        patient,
        drug,
    }
}

fn as_user(clinic: &Arc<Clinic>, name: &str) -> Session {
    let users = clinic.users().unwrap();
    let user = users.iter().find(|it| it.name == name).unwrap().user;
    made(clinic.sign_in(user, NURSE).unwrap())
}

fn fact(it: &Apart) -> Fact {
    Fact {
        patient: it.patient,
        kind: it.disagreement.kind,
        record: it.disagreement.record,
        field: it.disagreement.field.clone(),
        seen: it.disagreement.seen(),
    }
}

fn values(it: &Apart) -> Vec<&str> {
    let versions = it.disagreement.versions.iter();
    versions.map(|it| it.value.as_str()).collect()
}

#[test]
fn both_machines_list_the_same_facts_with_who_where_and_before() {
    let torn = torn();
    let mut lists = Vec::new();
    for (_, clinic) in [&torn.here, &torn.there] {
        let mut okot = owner(clinic);
        let all = okot.versions(None).unwrap();
        assert_eq!(all, okot.versions(Some(torn.patient)).unwrap());
        lists.push(all);
    }
    assert!(lists[0] == lists[1]);
    let [phone, status] = &lists[0][..] else {
        panic!("{:?}", lists[0]);
    };
    // The newest telephone number; the stopped drug, whenever it was stopped.
    assert_eq!(values(phone), ["0711", "0700"]);
    assert_eq!(values(status), ["stopped", "on-hold"]);
    assert_eq!(status.disagreement.before.as_deref(), Some("active"));
    let okot = owner(&torn.here.1);
    for (version, machine) in status.disagreement.versions.iter().zip(["1", "2"]) {
        assert_eq!(okot.user_name(version.by.unwrap()), "Dr Okot");
        assert_eq!(okot.machine_name(version.machine.unwrap()), machine);
    }
}

#[test]
fn a_decision_on_one_machine_settles_the_fact_on_the_other() {
    let torn = torn();
    let mut here = owner(&torn.here.1);
    let all = here.versions(None).unwrap();
    let status = all.iter().find(|it| it.disagreement.field == "status");
    let status = status.unwrap();
    let kept = status.disagreement.versions[1].change;
    here.settle_version(&fact(status), Choice::Keep(kept))
        .unwrap();
    assert_eq!(here.versions(None).unwrap().len(), 1);
    meet(&torn.here.1, &torn.there.1);
    let mut there = owner(&torn.there.1);
    assert_eq!(there.versions(None).unwrap().len(), 1);
    let drugs = there
        .open(torn.patient)
        .unwrap()
        .summary
        .unwrap()
        .medications;
    assert_eq!(drugs[0].status, MedStatus::OnHold);
    // Whoever still looks at the old versions decides nothing.
    let late = there.settle_version(&fact(status), Choice::Keep(kept));
    assert!(matches!(late, Err(Error::Refused(_))));
    let past = there.history(torn.patient).unwrap();
    let of = past
        .iter()
        .filter(|it| it.field == "status" && it.record == torn.drug);
    let said: Vec<_> = of.filter_map(|it| it.new.clone()).collect();
    assert!(said.contains(&"stopped".to_owned()), "{said:?}");
}

#[test]
fn who_may_change_the_record_may_decide_and_who_may_not_read_it_sees_nothing() {
    let torn = torn();
    let mut badu = as_user(&torn.here.1, "Badu");
    let may: Vec<(Kind, bool)> = badu
        .versions(None)
        .unwrap()
        .iter()
        .map(|it| (it.disagreement.kind, it.may_settle))
        .collect();
    assert_eq!(may, [(Kind::Person, true), (Kind::Medication, false)]);
    let all = badu.versions(None).unwrap();
    let kept = all[1].disagreement.versions[0].change;
    let denied = badu.settle_version(&fact(&all[1]), Choice::Keep(kept));
    assert!(matches!(denied, Err(Error::Denied(_))));
    let drug = fact(&all[1]);
    badu.sign_out().unwrap();
    let mut amina = as_user(&torn.here.1, "Amina");
    let all = amina.versions(None).unwrap();
    assert_eq!(all.len(), 1);
    assert!(amina.values(&drug).is_err());
    let kept = all[0].disagreement.versions[1].change;
    amina
        .settle_version(&fact(&all[0]), Choice::Keep(kept))
        .unwrap();
    assert_eq!(amina.versions(None).unwrap(), []);
}

#[test]
fn what_came_while_the_program_was_closed_is_listed_when_it_opens() {
    let torn = torn();
    let Torn { here, there, .. } = torn;
    let mut okot = owner(&there.1);
    let all = okot.versions(None).unwrap();
    let phone = &all[0];
    let choice = Choice::Write("0722".to_owned());
    okot.settle_version(&fact(phone), choice).unwrap();
    okot.sign_out().unwrap();
    drop(here.1);
    let again = crate::clinic::reopened(here.0.path());
    bring(&there.1, &again);
    let mut okot = owner(&again);
    let left = okot.versions(None).unwrap();
    assert_eq!(left.len(), 1);
    assert_eq!(left[0].disagreement.field, "status");
}

fn cairn(folder: &Path, args: &[&str]) -> (Option<i32>, String, String) {
    let passphrase = folder.join("passphrase");
    fs::write(&passphrase, PASSPHRASE).unwrap();
    let output = Command::new(env!("CARGO_BIN_EXE_cairn"))
        .args(args)
        .env("CAIRN_HOME", folder.join("home"))
        .env("CAIRN_USER", "Dr Okot")
        .env("CAIRN_PASSPHRASE_FILE", passphrase)
        .output()
        .unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    (
        output.status.code(),
        text(output.stdout),
        text(output.stderr),
    )
}

#[track_caller]
fn json(folder: &Path, args: &[&str]) -> Value {
    let all: Vec<&str> = args.iter().copied().chain(["--json"]).collect();
    let (code, out, err) = cairn(folder, &all);
    assert_eq!(code, Some(0), "{args:?}: {err}");
    serde_json::from_str(&out).unwrap()
}

#[test]
fn the_command_line_lists_decides_and_sets_back() {
    let torn = torn();
    let folder = torn.here.0.path().to_owned();
    let id = torn.patient.to_string();
    drop(torn.here.1);
    let all = json(&folder, &["versions"]);
    let all = all["versions"].as_array().unwrap();
    assert_eq!(all.len(), 2);
    let status = all.iter().find(|it| it["field"] == "status").unwrap();
    assert_eq!(status["before"], "active");
    assert_eq!(status["shown"], "a");
    assert_eq!(status["may_settle"], true);
    let named = |at: usize| {
        let it = &status["values"][at];
        format!("{} {} {}", it["letter"], it["value"], it["by_name"])
    };
    assert_eq!(named(0), "\"a\" \"stopped\" \"Dr Okot\"");
    assert_eq!(named(1), "\"b\" \"on-hold\" \"Dr Okot\"");
    let shown = json(&folder, &["patient", "show", &id]);
    assert_eq!(shown["versions"].as_array().unwrap().len(), 2);
    // A drug counts as taken while any version says so.
    let drug = status["called"].as_str().unwrap();
    let added = json(
        &folder,
        &["med", "add", &id, "--drug", drug, "--dose", "1 od"],
    );
    let alerts = added["alerts"].as_array().unwrap();
    assert!(alerts.iter().any(|it| it["kind"] == "duplicate"), "{added}");
    // By its field alone, since no other fact has it.
    let done = json(&folder, &["settle", &id, "status", "--keep", "b"]);
    assert_eq!(done["value"], "on-hold");
    assert_eq!(done["was"][0], "stopped");
    let undo = done["undo"].as_array().unwrap();
    let undo: Vec<&str> = undo.iter().map(|it| it.as_str().unwrap()).collect();
    let back = json(&folder, &undo);
    assert_eq!(back["value"], "stopped");
    let done = json(&folder, &["settle", &id, "phone", "--keep", "0733"]);
    assert_eq!(done["value"], "0733");
    let left = json(&folder, &["versions", &id]);
    assert_eq!(left["versions"].as_array().unwrap().len(), 0);
    for (field, keep) in [("nothing", "a"), ("meds/x/status", "a")] {
        let (code, _, err) = cairn(&folder, &["settle", &id, field, "--keep", keep]);
        assert_eq!(code, Some(3), "{err}");
    }
    let fact = status["fact"].as_str().unwrap();
    let (code, _, err) = cairn(&folder, &["settle", &id, fact, "--keep", "sometimes"]);
    assert_eq!(code, Some(3), "{err}");
}

/// A machine that was shut out, and what it wrote that nobody had seen by then: it stopped
/// the drug, changed the telephone number and added an allergy.
fn shut_out() -> (Torn, Session) {
    let torn = torn();
    let mut there = owner(&torn.there.1);
    let all = there.versions(None).unwrap();
    for it in &all {
        let kept = it.disagreement.versions[0].change;
        there.settle_version(&fact(it), Choice::Keep(kept)).unwrap();
    }
    meet(&torn.here.1, &torn.there.1);
    change(&mut there, torn.patient, |drug, person| {
        drug.status = MedStatus::Active;
        "0799".clone_into(&mut person.phone);
    });
    let allergy = crate::staff::record(&mut there, Kind::Allergy);
    let edits = vec![Edit::add(allergy)];
    there.save(Subject::Patient(torn.patient), edits).unwrap();
    there.sign_out().unwrap();
    let mut here = owner(&torn.here.1);
    let machine = here.machine_named("2").unwrap();
    here.revoke_machine(machine).unwrap();
    bring(&torn.there.1, &torn.here.1);
    here.settle_all().unwrap();
    (torn, here)
}

#[test]
fn what_a_machine_wrote_beyond_its_end_does_not_count_and_is_told() {
    let (torn, mut here) = shut_out();
    let chart = here.open(torn.patient).unwrap();
    assert_eq!(chart.identity.person.unwrap().phone, "0711");
    let summary = chart.summary.unwrap();
    assert_eq!(summary.medications[0].status, MedStatus::Stopped);
    // An allergy feeds the checks, whoever wrote it.
    assert_eq!(summary.allergies.iter().filter(|it| it.counts()).count(), 1);
    let all = here.unconfirmed(None).unwrap();
    let told: Vec<_> = all
        .iter()
        .map(|it| {
            let it = &it.unconfirmed;
            (
                it.kind,
                it.field.as_str(),
                it.value.as_str(),
                it.counts.as_deref(),
            )
        })
        .collect();
    assert_eq!(
        told,
        [
            (Kind::Person, "phone", "0799", Some("0711")),
            (Kind::Allergy, "", "", None),
            (Kind::Medication, "status", "active", Some("stopped")),
        ]
    );
    let machine = all[0].unconfirmed.machine.unwrap();
    assert_eq!(here.machine_name(machine), "2");
    assert_eq!(here.versions(None).unwrap(), []);
}

#[test]
fn letters_in_a_note_of_whoever_was_cut_off_are_marked_and_there_is_nothing_to_decide() {
    let torn = torn();
    let subject = Subject::Patient(torn.patient);
    let mut there = owner(&torn.there.1);
    let note = crate::staff::note(&mut there);
    let first = Record::Note(note.clone());
    there.save(subject, vec![Edit::add(first.clone())]).unwrap();
    meet(&torn.here.1, &torn.there.1);
    let mut after = note.clone();
    after.sections[0].text.push_str(" and fever");
    let edit = Edit::change(first, Record::Note(after));
    there.save(subject, vec![edit]).unwrap();
    there.sign_out().unwrap();
    let mut here = owner(&torn.here.1);
    let machine = here.machine_named("2").unwrap();
    here.revoke_machine(machine).unwrap();
    bring(&torn.there.1, &torn.here.1);
    here.settle_all().unwrap();
    let chart = here.open(torn.patient).unwrap();
    let marked: Vec<_> = chart
        .unconfirmed
        .iter()
        .map(|it| (it.kind, it.record))
        .collect();
    assert_eq!(marked, [(Kind::Note, note.entry.id)]);
    assert!(chart.unconfirmed[0].is_of_text());
    assert_eq!(here.unconfirmed(None).unwrap(), []);
    assert_eq!(here.to_compare(), 1, "the versions alone");
}

#[test]
fn both_telephone_numbers_are_kept_where_there_is_room_for_a_second() {
    let torn = torn();
    let mut okot = owner(&torn.here.1);
    let all = okot.versions(None).unwrap();
    let [phone, status] = &all[..] else {
        panic!("{all:?}");
    };
    assert!(phone.may_keep_both && !status.may_keep_both);
    assert!(okot.keep_both(&fact(status)).is_err());
    okot.keep_both(&fact(phone)).unwrap();
    assert!(okot.keep_both(&fact(phone)).is_err(), "twice");
    okot.sign_out().unwrap();
    meet(&torn.here.1, &torn.there.1);
    for clinic in [&torn.here.1, &torn.there.1] {
        let mut okot = owner(clinic);
        let chart = okot.open(torn.patient).unwrap();
        let person = chart.identity.person.unwrap();
        assert_eq!((&*person.phone, &*person.phone2), ("0711", "0700"));
        assert_eq!(okot.versions(None).unwrap().len(), 1);
    }
}

#[test]
fn what_does_not_count_is_adopted_or_rejected_on_every_machine_alike() {
    let (torn, mut here) = shut_out();
    let all = here.unconfirmed(None).unwrap();
    here.reject(&all[0]).unwrap();
    here.adopt(&all[1]).unwrap();
    here.adopt(&all[2]).unwrap();
    assert_eq!(here.unconfirmed(None).unwrap(), []);
    // Twice is refused.
    assert!(here.adopt(&all[2]).is_err());
    let (_folder, third) = joined(&mut here, 12);
    here.sign_out().unwrap();
    bring(&torn.here.1, &third);
    for clinic in [&torn.here.1, &third] {
        let mut okot = owner(clinic);
        assert_eq!(okot.unconfirmed(None).unwrap(), []);
        let chart = okot.open(torn.patient).unwrap();
        assert_eq!(chart.identity.person.unwrap().phone, "0711");
        let summary = chart.summary.unwrap();
        assert_eq!(summary.medications[0].status, MedStatus::Active);
        assert_eq!(summary.allergies.len(), 1);
        assert!(summary.allergies[0].counts());
        assert!(!summary.allergies[0].code.text.is_empty());
    }
}

#[test]
fn a_record_that_is_rejected_is_in_error_and_asks_no_more() {
    let (torn, mut here) = shut_out();
    let all = here.unconfirmed(Some(torn.patient)).unwrap();
    let allergy = all.iter().find(|it| it.unconfirmed.kind == Kind::Allergy);
    here.reject(allergy.unwrap()).unwrap();
    let left = here.unconfirmed(None).unwrap();
    assert!(left.iter().all(|it| it.unconfirmed.kind != Kind::Allergy));
    let summary = here.open(torn.patient).unwrap().summary.unwrap();
    assert!(summary.allergies[0].entry.in_error);
    assert!(!summary.allergies[0].code.text.is_empty());
}

#[test]
fn a_record_that_was_judged_waits_again_once_that_is_taken_back() {
    let (torn, mut here) = shut_out();
    let waiting = |session: &mut Session| {
        let all = session.unconfirmed(Some(torn.patient)).unwrap().into_iter();
        all.filter(|it| it.unconfirmed.kind == Kind::Allergy)
            .collect::<Vec<_>>()
    };
    let before = waiting(&mut here);
    for adopts in [true, false, true] {
        if adopts {
            here.adopt(&before[0]).unwrap();
        } else {
            here.reject(&before[0]).unwrap();
        }
        assert_eq!(waiting(&mut here), []);
        here.wait_again(torn.patient, &before[0].unconfirmed)
            .unwrap();
        assert_eq!(waiting(&mut here), before);
        let summary = here.open(torn.patient).unwrap().summary.unwrap();
        assert!(!summary.allergies[0].entry.in_error);
        assert!(summary.is_unconfirmed(summary.allergies[0].entry.id));
    }
}

#[test]
fn the_command_line_lists_what_does_not_count_and_takes_decisions() {
    let (torn, here) = shut_out();
    here.sign_out().unwrap();
    let folder = torn.here.0.path().to_owned();
    drop(torn.here.1);
    let id = torn.patient.to_string();
    let all = json(&folder, &["adopt", "list"]);
    let all = all["unconfirmed"].as_array().unwrap();
    let facts: Vec<&str> = all.iter().map(|it| it["fact"].as_str().unwrap()).collect();
    assert_eq!((facts.len(), facts[0]), (3, "phone"));
    assert_eq!(all[0]["counts"], "0711");
    assert_eq!(all[0]["machine_name"], "2");
    let shown = json(&folder, &["patient", "show", &id]);
    assert_eq!(shown["person"]["phone"], "0711");
    assert_eq!(shown["unconfirmed"].as_array().unwrap().len(), 3);
    json(&folder, &["adopt", "accept", &id, "phone"]);
    json(&folder, &["adopt", "reject", &id, facts[1]]);
    let shown = json(&folder, &["patient", "show", &id]);
    assert_eq!(shown["person"]["phone"], "0799");
    let left = json(&folder, &["adopt", "list", &id]);
    assert_eq!(left["unconfirmed"].as_array().unwrap().len(), 1);
    let (code, _, err) = cairn(&folder, &["adopt", "accept", &id, "phone"]);
    assert_eq!(code, Some(3), "{err}");
}
