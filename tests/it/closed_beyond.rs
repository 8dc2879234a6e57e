//! What of closed records gets out of the clinic: nothing, unless somebody who may open them
//! names them, and the patient agreed to that.

#![expect(
    clippy::wildcard_enum_match_arm,
    reason = "few entries of the audit are about an export"
)]

use std::{collections::BTreeSet, fs, path::Path};

use cairn::{
    chart::{
        Category, Consent, Edit, Kind, Part, Record, SharedPart, Subject, Withdrawal,
        who::{Denial, Role},
    },
    clinic::{AuditAction, AuditObject, Error, ExportTo, Session},
    ids::{DocId, PatientId, RecordId},
    ledger::Lane,
    members::Term,
};

use crate::{
    clinic::{founded, grace, owner, penicillin},
    closed_parts::{Keeping, add, closed_record},
    fhir_out,
    shares::{consent, held, kept, share},
};

/// A clinic's owner with a chart that has a closed problem.
fn closed(session: &mut Session) -> (PatientId, Category) {
    let category = session.begin_category("hiv").unwrap();
    let patient = grace(session);
    let record = penicillin(session);
    add(session, patient, record).unwrap();
    let problem = closed_record(session, Kind::Problem, category);
    add(session, patient, problem).unwrap();
    (patient, category)
}

fn agree(session: &mut Session, patient: PatientId, parts: &[SharedPart]) -> Consent {
    let consent = consent(session, parts);
    add(session, patient, Record::Consent(consent.clone())).unwrap();
    consent
}

fn refused<T>(why: &str, it: Result<T, Error>) {
    match it {
        Err(Error::Refused(text)) => assert!(text.contains(why), "{text}"),
        Err(error) => panic!("{why}: {error}"),
        Ok(_) => panic!("{why}: it was done"),
    }
}

#[test]
fn a_share_opens_a_closed_part_only_where_the_consent_names_it() {
    let (_folder, clinic) = founded();
    let mut okot = owner(&clinic);
    let (patient, category) = closed(&mut okot);
    let row = kept(&mut okot);
    agree(&mut okot, patient, &[SharedPart::Summary]);
    let hiv = Part::Restricted(category);
    let summary = share(&okot, &[Part::Summary]);
    let both = share(&okot, &[Part::Summary, hiv]);
    refused(
        "did not agree to restricted:hiv",
        okot.share(patient, &row, &both),
    );
    okot.share(patient, &row, &summary).unwrap();
    let found = held(&clinic);
    let lanes = |found: &crate::shares::Held| {
        let opened = found.opened(&found.keys());
        let lanes = opened.values().flatten().map(|it| it.lane);
        lanes.collect::<BTreeSet<_>>()
    };
    assert_eq!(lanes(&found), [Lane::Desk, Lane::Clinical].into());

    let named = SharedPart::named("restricted:HIV");
    let agreed = agree(&mut okot, patient, &[SharedPart::Summary, named]);
    let id = okot.share(patient, &row, &both).unwrap();
    let found = held(&clinic);
    let granting = found.membership.granting(id, clinic.moment().at).unwrap();
    let granted: BTreeSet<DocId> = granting.grant.documents.keys().copied().collect();
    assert_eq!(granted.len(), 3);
    let opened: BTreeSet<DocId> = found.opened(&found.keys()).into_keys().collect();
    assert_eq!(opened, granted);
    let all = [Lane::Desk, Lane::Clinical, Lane::Restricted];
    assert_eq!(lanes(&found), all.into());
    let rows = okot.shares_of(patient).unwrap();
    assert_eq!(rows[0].parts, [Part::Summary, hiv].into());

    // What the patient takes back ends it, and what is written then has other keys.
    let withdrawal = Withdrawal {
        by: okot.user(),
        at: okot.moment(),
        reason: String::new(),
    };
    let after = agreed.clone().withdrawn(withdrawal);
    let edit = Edit::change(Record::Consent(agreed), Record::Consent(after));
    okot.save(Subject::Patient(patient), vec![edit]).unwrap();
    let rows = okot.shares_of(patient).unwrap();
    assert!(
        matches!(rows[0].term, Term::Revoked { .. }),
        "{:?}",
        rows[0]
    );
    let keys = held(&clinic).keys();
    let later = closed_record(&mut okot, Kind::Problem, category);
    add(&mut okot, patient, later).unwrap();
    let found = held(&clinic);
    let is_closed = |it: &&cairn::ledger::Envelope| it.header.lane == Lane::Restricted;
    let written = found.envelopes.iter().filter(is_closed).count();
    let opened = found.opened(&keys).into_values().flatten();
    let opened = opened.filter(|it| it.lane == Lane::Restricted).count();
    assert_eq!((written, opened), (2, 1));
}

#[test]
fn who_may_not_open_a_part_neither_shares_it_nor_writes_it_out() {
    let keeping = Keeping::begun();
    let mut owner = keeping.staff.sign_in(Role::Owner);
    let okot = keeping.staff.user(Role::Clinician);
    owner.deny_category(keeping.category, okot).unwrap();
    owner.sign_out().unwrap();
    let mut session = keeping.staff.sign_in(Role::Clinician);
    let row = kept(&mut session);
    let parts = [SharedPart::Restricted("hiv".to_owned())];
    agree(&mut session, keeping.with, &parts);
    let hiv = share(&session, &[Part::Restricted(keeping.category)]);
    let shared = session.share(keeping.with, &row, &hiv).map(drop);
    let no_key =
        |it: &Result<(), Error>| matches!(it, Err(Error::Denied(Denial::NoKey(_))));
    assert!(no_key(&shared), "{shared:?}");
    let out = session.write_out_closed(&[keeping.category]);
    assert!(no_key(&out), "{out:?}");
}

#[test]
fn a_withdrawal_ends_a_share_of_what_is_closed_to_whoever_writes_it_down() {
    for open in [&[Part::Summary][..], &[]] {
        let keeping = Keeping::begun();
        let mut okot = keeping.staff.sign_in(Role::Clinician);
        let row = kept(&mut okot);
        let named = SharedPart::Restricted("hiv".to_owned());
        agree(&mut okot, keeping.with, &[SharedPart::Summary]);
        let agreed = agree(&mut okot, keeping.with, &[named]);
        let other = SharedPart::Restricted("abortion".to_owned());
        let other = agree(&mut okot, keeping.with, &[other]);
        let hiv = Part::Restricted(keeping.category);
        let parts: Vec<Part> = open.iter().copied().chain([hiv]).collect();
        let shared = share(&okot, &parts);
        okot.share(keeping.with, &row, &shared).unwrap();
        okot.sign_out().unwrap();

        let mut nurse = keeping.staff.sign_in(Role::Nurse);
        let mut ended_by = |consent: Consent| {
            let withdrawal = Withdrawal {
                by: nurse.user(),
                at: nurse.moment(),
                reason: String::new(),
            };
            let after = consent.clone().withdrawn(withdrawal);
            let edit = Edit::change(Record::Consent(consent), Record::Consent(after));
            let subject = Subject::Patient(keeping.with);
            nurse.save(subject, vec![edit]).unwrap();
            let rows = nurse.shares_of(keeping.with).unwrap();
            matches!(rows[0].term, Term::Revoked { .. })
        };
        // What was withdrawn of another category ends nothing.
        assert!(!ended_by(other), "{open:?}");
        assert!(ended_by(agreed), "{open:?}");
    }
}

fn exported(session: &mut Session, patient: PatientId, to: &Path) -> String {
    let file = ExportTo::File(to);
    session.export_fhir(&[patient], file, &mut |_| {}).unwrap();
    fs::read_to_string(to).unwrap()
}

fn uuid_of(id: RecordId) -> String {
    uuid::Uuid::from_bytes(*id.as_bytes()).to_string()
}

#[test]
fn closed_records_are_written_out_where_somebody_asks_and_labelled() {
    let keeping = Keeping::begun();
    let mut session = keeping.staff.sign_in(Role::Clinician);
    let folder = keeping.staff.folder.path();
    let open = exported(&mut session, keeping.with, &folder.join("open.json"));
    for id in &keeping.closed {
        assert!(!open.contains(&uuid_of(*id)), "{id}");
    }
    assert!(!open.contains("\"security\""));
    let ips = folder.join("open-ips.json");
    session
        .export_ips(keeping.with, ExportTo::File(&ips))
        .unwrap();
    assert!(
        !fs::read_to_string(&ips)
            .unwrap()
            .contains("confidentiality")
    );

    session.write_out_closed(&[keeping.category]).unwrap();
    let path = folder.join("closed.json");
    exported(&mut session, keeping.with, &path);
    let bundle = fhir_out::read(&path);
    let mut labelled = BTreeSet::new();
    for entry in bundle["entry"].as_array().unwrap() {
        let resource = &entry["resource"];
        if resource["meta"]["security"][0]["code"] == "R" {
            labelled.insert(resource["id"].as_str().unwrap().to_owned());
        }
    }
    let closed: BTreeSet<String> = keeping.closed.iter().map(|it| uuid_of(*it)).collect();
    assert_eq!(labelled, closed);
    let ips = folder.join("closed-ips.json");
    session
        .export_ips(keeping.with, ExportTo::File(&ips))
        .unwrap();
    assert_eq!(
        fhir_out::read(&ips)["entry"][0]["resource"]["confidentiality"],
        "R"
    );
    session.sign_out().unwrap();
    let mut owner = keeping.staff.sign_in(Role::Owner);
    let audit = owner.read_audit(Some(keeping.with)).unwrap().entries;
    let exports = audit.iter().filter(|it| it.action == AuditAction::Export);
    let told: Vec<&str> = exports
        .map(|it| match &it.object {
            AuditObject::Disclosed(told) => told.what.as_str(),
            _ => panic!("an export of nobody"),
        })
        .collect();
    assert_eq!(
        told,
        [
            "FHIR R4",
            "International Patient Summary",
            "FHIR R4, restricted/hiv",
            "International Patient Summary, restricted/hiv"
        ]
    );
}
