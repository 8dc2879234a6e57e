//! Opening charts: with the audit that goes before, and without.

use cairn::{clinic::Session, ids::PatientId};

use super::{
    Outcome,
    homes::Ready,
    machine::{percentile, timed},
    table::Table,
};

const OPENINGS: usize = 60;

pub(crate) fn measure(
    session: &mut Session,
    home: &Ready,
    table: &mut Table,
) -> Outcome<()> {
    let others = others(session)?;
    let [short, long] = [home.made.short, home.made.long];
    let short = open(session, short, &others)?;
    let long = open(session, long, &others)?;
    for (name, times, part) in [
        (
            "open a chart of 25 visits, audited: median",
            &short.audited,
            50,
        ),
        (
            "open a chart of 25 visits, audited: p95",
            &short.audited,
            95,
        ),
        (
            "open a chart of 25 visits, without audit: median",
            &short.bare,
            50,
        ),
        (
            "open a chart of 500 visits, audited: median",
            &long.audited,
            50,
        ),
        (
            "open a chart of 500 visits, audited: p95",
            &long.audited,
            95,
        ),
        (
            "open a chart of 500 visits, without audit: median",
            &long.bare,
            50,
        ),
    ] {
        table.set(name, home.size, percentile(times, part));
    }
    Ok(())
}

struct Times {
    audited: Vec<f64>,
    bare: Vec<f64>,
}

/// Opens one chart again and again, another one in between.
fn open(
    session: &mut Session,
    patient: PatientId,
    others: &[PatientId],
) -> Outcome<Times> {
    let mut times = Times {
        audited: Vec::new(),
        bare: Vec::new(),
    };
    for other in others {
        let (chart, ms) = timed(|| session.open(patient));
        drop(chart?);
        times.audited.push(ms);
        let (chart, ms) = timed(|| session.chart(patient));
        drop(chart?);
        times.bare.push(ms);
        session.open(*other)?;
        session.settle()?;
    }
    Ok(times)
}

fn others(session: &Session) -> Outcome<Vec<PatientId>> {
    let shared = session.index();
    let index = shared.read().map_err(|_poisoned| "the index is poisoned")?;
    let every = (index.len() / OPENINGS).max(1);
    let some = index.rows().step_by(every).take(OPENINGS);
    Ok(some.map(|it| it.patient).collect())
}
