//! Saving one visit so that it is on the disk, beside the least that a disk can be asked for.

use cairn::{
    chart::{Edit, Name, NameUse, Person, Subject},
    clinic::Session,
};

use super::{
    Outcome, homes,
    homes::Ready,
    machine::{Probe, percentile, processor_ms, timed},
    table::Table,
};

const VISITS: u32 = 60;
/// Visits that are added to the chart of 500: few, so that it stays one.
const VISITS_TO_LONG: usize = 5;

pub(crate) fn measure(
    session: &mut Session,
    home: &Ready,
    table: &mut Table,
) -> Outcome<()> {
    let mut probe = Probe::new(&home.path)?;
    let mut person = Person::new(session.entry());
    person.names = vec![Name {
        usage: NameUse::Usual,
        family: "Okot".to_owned(),
        given: "Measured".to_owned(),
    }];
    let patient = session.register(person)?.patient;
    session.settle()?;
    session.open(patient)?;
    let subject = Subject::Patient(patient);
    let (mut writes, mut saves, mut settles) = (Vec::new(), Vec::new(), Vec::new());
    let mut processor = Vec::new();
    for visit in homes::visits(VISITS) {
        let visit = homes::signed_by(session, visit);
        writes.push(probe.write()?);
        let before = processor_ms();
        let (done, ms) = timed(|| session.save(subject, visit));
        done?;
        processor.push(processor_ms() - before);
        saves.push(ms);
        writes.push(probe.write()?);
        let (done, ms) = timed(|| session.settle());
        done?;
        settles.push(ms);
    }
    let (write, save) = (percentile(&writes, 50), percentile(&saves, 50));
    table.set("4 kB write + fdatasync: median", home.size, write);
    table.set("save one visit: median", home.size, save);
    let ratio = "save one visit / 4 kB write: ratio of medians";
    table.set(ratio, home.size, save / write);
    let own = "save one visit, processor time: median";
    table.set(own, home.size, percentile(&processor, 50));
    let settle = "bring the caches up to one saved visit: median";
    table.set(settle, home.size, percentile(&settles, 50));
    to_long(session, home, table)
}

fn to_long(session: &mut Session, home: &Ready, table: &mut Table) -> Outcome<()> {
    let long = home.made.long;
    session.open(long)?;
    let subject = Subject::Patient(long);
    let (mut saves, mut charts) = (Vec::new(), Vec::new());
    for visit in homes::visits(VISITS).into_iter().take(VISITS_TO_LONG) {
        let visit = homes::signed_by(session, visit);
        let fresh: Vec<Edit> = anew(session, visit);
        let (done, ms) = timed(|| session.save(subject, fresh));
        done?;
        saves.push(ms);
        let (chart, chart_ms) = timed(|| session.chart(long));
        drop(chart?);
        charts.push(ms + chart_ms);
        session.settle()?;
    }
    let name = "save one visit into a chart of 500: median";
    table.set(name, home.size, percentile(&saves, 50));
    let name = "the same, and the chart anew: median";
    table.set(name, home.size, percentile(&charts, 50));
    Ok(())
}

/// The new records of a visit under new names: the chart has those of the last run.
fn anew(session: &mut Session, visit: Vec<Edit>) -> Vec<Edit> {
    let new = visit.into_iter().filter_map(|it| match it {
        Edit::Add(record) => Some(*record),
        Edit::Change { .. } | Edit::Settle { .. } => None,
    });
    let renamed = new.map(|mut record| {
        record.entry_mut().id = session.record_id();
        Edit::add(record)
    });
    renamed.collect()
}
