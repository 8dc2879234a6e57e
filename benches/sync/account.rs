//! What the day's visits cost on the wire, by their parts: what no figure may take away, and
//! what is left to save.

use std::{
    collections::BTreeMap,
    fs,
    io::{BufRead as _, BufReader},
    path::Path,
    sync::Arc,
    time::Instant,
};

use cairn::{
    clinic::Clinic,
    ids::PatientId,
    ledger::{Envelope, Lane, Place},
    seal::{NONCE_LEN, Signature, TAG_LEN},
    sync::wire::{Frame, Run},
};
use serde_json::Value as Json;

use super::{Asked, Outcome, homes, table::Table, workload::Workload};

/// The most bytes of one run that are read at once.
const RUN_BYTES_MAX: usize = 1 << 20;

/// What stands in one lane.
#[derive(Default)]
struct Sum {
    envelopes: usize,
    kept: usize,
    wire: usize,
    signatures: usize,
    nonces: usize,
    tags: usize,
    contents: usize,
}

/// Saves the visits of both sides on one machine, in one sitting each, and tells what they
/// take.
pub(crate) fn tell(asked: &Asked, workload: &Workload, table: &mut Table) -> Outcome<()> {
    let home = asked.work.join("account");
    if home.exists() {
        fs::remove_dir_all(&home)?;
    }
    let clinic = homes::found(&home)?;
    let people = people(&clinic, workload)?;
    let before = clinic.frontier()?;
    let mut visits = 0;
    let mut saving_s = 0.0;
    for delta in &workload.delta {
        let mut session = homes::sign_in(&clinic)?;
        for line in fs::read_to_string(delta)?.lines() {
            let line: Json = serde_json::from_str(line)?;
            let patient = people[&homes::text(&line["patient"])];
            let begun = now();
            homes::save_visit(&mut session, patient, &line["visit"])?;
            saving_s += begun.elapsed().as_secs_f64();
            visits += 1;
        }
        session.sign_out()?;
    }
    let mut lanes: BTreeMap<Lane, Sum> = BTreeMap::new();
    let mut runs = Vec::new();
    for ((log, lane), _) in clinic.frontier()? {
        let seq = before.get(&(log, lane)).map_or(1, |it| it.0 + 1);
        let read = clinic.read_run(Place { log, lane, seq }, RUN_BYTES_MAX)?;
        let read: Result<Vec<Envelope>, _> =
            read.iter().map(|it| Envelope::decode(it)).collect();
        if let Some(run) = Run::new(log, read?) {
            lanes.entry(lane).or_default().add(&run);
            runs.push(run);
        }
    }
    let wire = Frame::Chunk(runs).encode().len();
    let each = |bytes: usize| {
        Ok::<_, Box<dyn std::error::Error>>(
            f64::from(u32::try_from(bytes)?) / f64::from(visits),
        )
    };
    table.put("cairn", "a visit: bytes on the wire", each(wire)?);
    table.put(
        "cairn",
        "a visit: ms to save",
        saving_s * 1000.0 / f64::from(visits),
    );
    for (lane, sum) in lanes {
        let mut put = |what: &str, bytes| {
            table.put("cairn", &format!("a visit, {lane:?}: {what}"), each(bytes)?);
            Ok::<_, Box<dyn std::error::Error>>(())
        };
        put("envelopes", sum.envelopes)?;
        put("bytes kept", sum.kept)?;
        put("bytes on the wire", sum.wire)?;
        put("signatures", sum.signatures)?;
        put("nonces", sum.nonces)?;
        put("tags", sum.tags)?;
        put("contents but tags", sum.contents)?;
    }
    Ok(())
}

impl Sum {
    fn add(&mut self, run: &Run) {
        for entry in run.entries() {
            let Some(envelope) = entry.whole() else {
                continue;
            };
            let sealed = envelope.header.nonce != [0; NONCE_LEN];
            let tag = usize::from(sealed) * TAG_LEN;
            self.envelopes += 1;
            self.kept += entry.len_bytes();
            self.signatures += Signature::LEN;
            self.nonces += usize::from(sealed) * NONCE_LEN;
            self.tags += tag;
            self.contents += envelope.content.len() - tag;
        }
        self.wire += Frame::Chunk(vec![run.clone()]).encode().len();
    }
}

/// The people of the day's visits, with what was known of them before.
fn people(
    clinic: &Arc<Clinic>,
    workload: &Workload,
) -> Outcome<BTreeMap<String, PatientId>> {
    let mut people = BTreeMap::new();
    for delta in &workload.delta {
        for line in fs::read_to_string(delta)?.lines() {
            let line: Json = serde_json::from_str(line)?;
            people.insert(homes::text(&line["patient"]), PatientId::ZERO);
        }
    }
    let mut session = homes::sign_in(clinic)?;
    for line in lines(&workload.base)? {
        let line: Json = serde_json::from_str(&line?)?;
        if let Some(patient) = people.get_mut(&homes::text(&line["id"])) {
            *patient = homes::register(&mut session, &line["demographics"])?;
            for visit in line["visits"].as_array().into_iter().flatten() {
                homes::save_visit(&mut session, *patient, visit)?;
            }
        }
    }
    session.sign_out()?;
    Ok(people)
}

fn lines(path: &Path) -> Outcome<impl Iterator<Item = std::io::Result<String>>> {
    Ok(BufReader::new(fs::File::open(path)?).lines())
}

#[expect(
    clippy::disallowed_methods,
    reason = "a bench measures with the machine's clock"
)]
fn now() -> Instant {
    Instant::now()
}
