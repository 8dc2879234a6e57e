//! Imports on bad days: broken off, gone on with by another, two at once, a bad file among
//! good ones. Nothing half-done is shown, and again is never twice.

use std::{
    fs,
    path::{Path, PathBuf},
    sync::Arc,
};

use cairn::{
    chart::who::Role,
    clinic::{Clinic, Error, Imported, Progress, Session, Source},
    ids::PatientId,
};
use tempfile::TempDir;

use crate::{
    clinic::{PASSPHRASE, founded, grace, owner, surroundings},
    raw::{copied, written},
};

/// People in the long file: with an allergy and a visit each they are two batches.
const PEOPLE: usize = 260;

pub(crate) fn patient(n: usize) -> String {
    format!(
        r#"{{"resourceType":"Patient","id":"p{n}","birthDate":"1990-05-01",
        "name":[{{"family":"Achieng","given":["Mary{n}"]}}]}}"#
    )
}

fn allergy(n: usize) -> String {
    format!(
        r#"{{"resourceType":"AllergyIntolerance","id":"a{n}","criticality":"high",
        "clinicalStatus":{{"coding":[{{"code":"active"}}]}},
        "reaction":[{{"manifestation":[{{"text":"shock"}}],"severity":"severe"}}],
        "code":{{"text":"Peanut"}},"patient":{{"reference":"Patient/p{n}"}}}}"#
    )
}

fn visit(n: usize) -> String {
    format!(
        r#"{{"resourceType":"Encounter","id":"v{n}","status":"finished",
        "class":{{"code":"AMB"}},"subject":{{"reference":"Patient/p{n}"}},
        "period":{{"start":"2020-03-04T10:00:00Z"}}}}"#
    )
}

/// A file of these resources.
pub(crate) fn file(folder: &TempDir, name: &str, resources: &[String]) -> PathBuf {
    let path = folder.path().join(name);
    let entries: Vec<String> = resources
        .iter()
        .map(|it| format!(r#"{{"resource":{it}}}"#))
        .collect();
    let bundle = format!(
        r#"{{"resourceType":"Bundle","type":"collection","entry":[{}]}}"#,
        entries.join(",\n")
    );
    fs::write(&path, bundle).unwrap();
    path
}

pub(crate) fn long_file(folder: &TempDir) -> PathBuf {
    let people = (0..PEOPLE).map(patient);
    let rest = (0..PEOPLE).flat_map(|n| [visit(n), allergy(n)]);
    file(folder, "long.json", &people.chain(rest).collect::<Vec<_>>())
}

pub(crate) fn import(session: &mut Session, files: &[&Path]) -> Result<Imported, Error> {
    let sources = files.iter().map(|it| Source::File(it.to_path_buf()));
    let sources: Vec<Source> = sources.collect();
    session.import_fhir(&sources, None, &mut |_| {})
}

pub(crate) fn added(session: &mut Session, files: &[&Path]) -> u64 {
    let imported = import(session, files).unwrap();
    imported.resources.values().sum()
}

/// The home as it was on the disk each time that the import had written a batch.
pub(crate) fn cut_short(session: &mut Session, path: &Path) -> Vec<TempDir> {
    let home = session.clinic().home().to_owned();
    let mut homes = Vec::new();
    let mut told = |progress| {
        if let Progress::Written { .. } = progress {
            homes.push(copied(&home));
        }
    };
    let source = [Source::File(path.to_owned())];
    session.import_fhir(&source, None, &mut told).unwrap();
    assert!(homes.len() >= 2);
    homes
}

pub(crate) fn opened(home: &TempDir) -> Arc<Clinic> {
    Clinic::open(home.path(), surroundings()).unwrap()
}

pub(crate) fn shown(session: &mut Session) -> Vec<PatientId> {
    let found = session.find("", 1000).unwrap();
    found.into_iter().map(|it| it.patient).collect()
}

/// How many of those who are shown have a severe allergy, and how many have been seen.
fn marked(session: &mut Session) -> (usize, usize) {
    let shown = shown(session);
    let index = session.index();
    let index = index.read().unwrap();
    let rows: Vec<_> = shown.iter().filter_map(|it| index.row(*it)).collect();
    let severe = rows.iter().filter(|it| it.severe_allergy == Some(true));
    let seen = rows.iter().filter(|it| it.last_seen.is_some());
    (severe.count(), seen.count())
}

fn nurse(clinic: &Arc<Clinic>) -> Session {
    let nora = owner(clinic).add_user("Nora", Role::Nurse, PASSPHRASE);
    clinic.sign_in(nora.unwrap(), PASSPHRASE).unwrap()
}

#[test]
fn what_was_broken_off_is_not_shown_and_another_who_goes_on_finishes_it() {
    let (folder, clinic) = founded();
    let long = long_file(&folder);
    let mut session = owner(&clinic);
    grace(&mut session);
    for home in cut_short(&mut session, &long) {
        let clinic = opened(&home);
        let mut session = owner(&clinic);
        assert_eq!(shown(&mut session).len(), 1);
        drop(session);
        let mut nurse = nurse(&clinic);
        assert_eq!(shown(&mut nurse).len(), 1);
        assert_eq!(added(&mut nurse, &[&long]), 3 * PEOPLE as u64);
        assert_eq!(shown(&mut nurse).len(), 1 + PEOPLE);
        assert_eq!(marked(&mut nurse), (PEOPLE, PEOPLE));
        let mut session = owner(&clinic);
        assert_eq!(shown(&mut session).len(), 1 + PEOPLE);
        assert_eq!(marked(&mut session), (PEOPLE, PEOPLE));
        assert_eq!(added(&mut session, &[&long]), 0);
        let verified = session.verify(|_| {}).unwrap();
        assert!(verified.is_sound(), "{:?}", verified.problems);
    }
}

#[test]
fn an_import_that_shares_a_record_finishes_itself_and_not_the_other() {
    let (folder, clinic) = founded();
    let long = long_file(&folder);
    let short = file(&folder, "short.json", &[patient(7), allergy(7)]);
    let mut session = owner(&clinic);
    let home = cut_short(&mut session, &long).remove(0);
    let clinic = opened(&home);
    let mut session = owner(&clinic);
    assert_eq!(added(&mut session, &[&short]), 2);
    let [found] = shown(&mut session)[..] else {
        panic!("more than one is shown");
    };
    let chart = session.open(found).unwrap();
    assert_eq!(chart.summary.unwrap().allergies.len(), 1);
    assert_eq!(chart.visits.unwrap().visits.len(), 0);
    assert_eq!(marked(&mut session), (1, 0));
    drop((session, clinic));

    let clinic = opened(&home);
    let mut session = owner(&clinic);
    assert_eq!(shown(&mut session), [found]);
    assert_eq!(added(&mut session, &[&long]), 3 * PEOPLE as u64 - 2);
    assert_eq!(shown(&mut session).len(), PEOPLE);
    assert_eq!(marked(&mut session), (PEOPLE, PEOPLE));
    let chart = session.open(found).unwrap();
    assert_eq!(chart.summary.unwrap().allergies.len(), 1);
    assert_eq!(added(&mut session, &[&short, &long]), 0);
    let verified = session.verify(|_| {}).unwrap();
    assert!(verified.is_sound(), "{:?}", verified.problems);
}

#[test]
fn a_list_marks_nothing_of_an_import_that_was_broken_off() {
    let (folder, clinic) = founded();
    let known = (0..PEOPLE).map(patient).collect::<Vec<_>>();
    let known = file(&folder, "known.json", &known);
    let long = long_file(&folder);
    let mut session = owner(&clinic);
    assert_eq!(added(&mut session, &[&known]), PEOPLE as u64);
    let home = cut_short(&mut session, &long).remove(1);
    for go_on in [false, true] {
        let clinic = opened(&home);
        let mut session = owner(&clinic);
        assert_eq!(shown(&mut session).len(), PEOPLE);
        assert_eq!(marked(&mut session), (0, 0));
        if go_on {
            assert_eq!(added(&mut session, &[&long]), 2 * PEOPLE as u64);
            assert_eq!(marked(&mut session), (PEOPLE, PEOPLE));
        }
        session.rebuild_cache().unwrap();
        // Marks follow when the charts are worked out.
        session.settle_all().unwrap();
        let marks = if go_on { (PEOPLE, PEOPLE) } else { (0, 0) };
        assert_eq!(marked(&mut session), marks);
    }
}

#[test]
fn what_a_finished_file_adds_later_is_not_shown_by_halves_either() {
    let (folder, clinic) = founded();
    let rest = (0..PEOPLE).flat_map(|n| [visit(n), allergy(n)]);
    let rest: Vec<String> = rest.chain([patient(PEOPLE)]).collect();
    let rest = file(&folder, "rest.json", &rest);
    let known = (0..PEOPLE).map(patient).collect::<Vec<_>>();
    let known = file(&folder, "known.json", &known);
    let mut session = owner(&clinic);
    assert_eq!(added(&mut session, &[&rest]), 1);
    assert_eq!(added(&mut session, &[&known]), PEOPLE as u64);
    let home = cut_short(&mut session, &rest).remove(0);
    let mut session = owner(&opened(&home));
    assert_eq!(shown(&mut session).len(), PEOPLE + 1);
    assert_eq!(marked(&mut session), (0, 0));
    assert_eq!(added(&mut session, &[&rest]), 2 * PEOPLE as u64);
    assert_eq!(marked(&mut session), (PEOPLE, PEOPLE));
}

#[test]
fn a_bad_second_file_among_several_changes_nothing() {
    let (folder, clinic) = founded();
    let good = file(&folder, "good.json", &[patient(1), allergy(1)]);
    let bad = folder.path().join("bad.json");
    let whole = fs::read_to_string(&good).unwrap();
    fs::write(&bad, &whole[..whole.len() - 10]).unwrap();
    let last = file(&folder, "last.json", &[patient(2)]);
    let mut session = owner(&clinic);
    let before = written(clinic.home());
    let refused = import(&mut session, &[&good, &bad, &last]);
    let Err(Error::Refused(why)) = refused else {
        panic!("{refused:?}");
    };
    assert!(why.contains("bad.json"), "{why}");
    assert_eq!(written(clinic.home()), before);
    assert_eq!(shown(&mut session).len(), 0);
    assert_eq!(added(&mut session, &[&good, &last]), 3);
    assert_eq!(added(&mut session, &[&last, &good]), 0);
}

#[test]
fn two_cannot_take_files_in_at_once_and_the_same_file_by_two_users_is_once() {
    let (folder, clinic) = founded();
    let one = file(&folder, "one.json", &[patient(1), allergy(1)]);
    let mut nurse = nurse(&clinic);
    let mut session = owner(&clinic);
    let mut refused = 0;
    let mut told = |_| {
        let meanwhile = import(&mut nurse, &[&one]);
        assert!(matches!(meanwhile, Err(Error::Refused(_))), "{meanwhile:?}");
        refused += 1;
    };
    let source = [Source::File(one.clone())];
    let imported = session.import_fhir(&source, None, &mut told).unwrap();
    assert_eq!(imported.resources.values().sum::<u64>(), 2);
    assert!(refused >= 2, "{refused}");
    assert_eq!(added(&mut nurse, &[&one]), 0);
    assert_eq!(shown(&mut nurse).len(), 1);
    assert_eq!(added(&mut session, &[&one]), 0);
}
