//! Imports that are large: more of one chart than a change can hold, and papers that memory
//! should not hold all at once.

use cairn::clinic::{AuditAction, AuditObject, Progress, Source};

use crate::{
    clinic::{founded, owner},
    import_days::{added, cut_short, file, import, long_file, opened, patient, shown},
};

/// Remarks of 30,000 bytes each: together they are twice what one change can hold.
const REMARKS: usize = 70;

fn condition(n: usize) -> String {
    let remark = format!("{n} {}", "seen ".repeat(6_000));
    format!(
        r#"{{"resourceType":"Condition","id":"c{n}","code":{{"text":"Asthma"}},
        "subject":{{"reference":"Patient/p1"}},"note":[{{"text":"{remark}"}}]}}"#
    )
}

/// A scanned paper of 3 MiB.
fn paper(n: usize) -> String {
    let data = "AAAA".repeat(1024 * 1024);
    format!(
        r#"{{"resourceType":"DocumentReference","id":"d{n}","status":"current",
        "subject":{{"reference":"Patient/p1"}},"content":[{{"attachment":
        {{"contentType":"image/png","data":"{data}"}}}}]}}"#
    )
}

#[test]
fn more_of_one_chart_than_a_change_can_hold_is_taken_in_several() {
    let (folder, clinic) = founded();
    let records: Vec<String> = [patient(1)]
        .into_iter()
        .chain((0..REMARKS).map(condition))
        .collect();
    let large = file(&folder, "large.json", &records);
    let mut session = owner(&clinic);
    let imported = import(&mut session, &[&large]).unwrap();
    assert_eq!(imported.skipped, []);
    assert_eq!(imported.resources["Condition"], REMARKS as u64);
    let [found] = shown(&mut session)[..] else {
        panic!("not one is shown");
    };
    let chart = session.open(found).unwrap();
    assert_eq!(chart.problems, Vec::<String>::new());
    assert_eq!(chart.summary.unwrap().problems.len(), REMARKS);
    assert_eq!(added(&mut session, &[&large]), 0);
    session.rebuild_cache().unwrap();
    let chart = session.open(found).unwrap();
    assert_eq!(chart.summary.unwrap().problems.len(), REMARKS);
    let verified = session.verify(|_| {}).unwrap();
    assert!(verified.is_sound(), "{:?}", verified.problems);
}

#[test]
fn papers_are_written_before_they_fill_the_memory() {
    let (folder, clinic) = founded();
    let papers = (0..4).map(paper);
    let records: Vec<String> = [patient(1)].into_iter().chain(papers).collect();
    let scans = file(&folder, "scans.json", &records);
    let mut session = owner(&clinic);
    let mut written = Vec::new();
    let mut told = |progress| {
        if let Progress::Written { entries } = progress {
            written.push(entries);
        }
    };
    let source = [Source::File(scans)];
    session.import_fhir(&source, None, &mut told).unwrap();
    assert!(written.len() >= 2, "{written:?}");
    assert_eq!(written.last(), Some(&5));
}

#[test]
fn the_audit_tells_of_an_import_that_was_broken_off() {
    let (folder, clinic) = founded();
    let long = long_file(&folder);
    let home = cut_short(&mut owner(&clinic), &long).remove(0);
    let mut session = owner(&opened(&home));
    assert_eq!(shown(&mut session), []);
    let audit = session.read_audit(None).unwrap();
    assert_eq!(audit.problems, Vec::<String>::new());
    let told = audit.entries.iter().any(|it| {
        it.action == AuditAction::Import && matches!(it.object, AuditObject::Import(_))
    });
    assert!(told, "{:?}", audit.entries);
}
