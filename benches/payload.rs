//! How many bytes a saved change takes, with and without the dictionary of suite 1, for
//! people whom the dictionary has not seen.
//!
//! `cargo bench --bench payload` prints the table; `-- --make` trains the dictionary anew
//! and writes it to `assets/payload-1.dict`: the same bytes each time, from chance alone.

#![expect(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a bench speaks to who runs it"
)]

use std::{collections::BTreeMap, env, error::Error, fs, path::Path, process::ExitCode};

use cairn::{
    chart::{Edit, Kind as RecordKind, Part},
    content::{Icd10, Phrase},
    demo::{Demo, Staff, Step},
    doc::{Around, Doc, Stamp, thin},
    ids::{ClinicId, DocId, EpochId, LogId, SessionId, UserId},
    ledger::{
        Chain, ClockQuality, Envelope, Header, Kind, Lane, Payload, Suite, seal_payload,
    },
    seal::{Entropy as _, Secret, SeededEntropy, SigningKey},
    time::{Hlc, Moment, Timestamp},
};
use zstd::zstd_safe::CParameter;

/// What a measurement gives: nothing is measured half.
type Outcome<T> = Result<T, Box<dyn Error>>;

/// A change of a document, and the kinds of records in it.
struct Sample {
    kinds: String,
    payload: Payload,
}

/// What the changes of one kind take, in bytes.
#[derive(Default)]
struct Sizes {
    count: usize,
    plain: usize,
    bare: usize,
    dictionary: usize,
    bare_envelopes: usize,
    envelopes: usize,
}

const DICTIONARY: &str = "assets/payload-1.dict";
/// The largest dictionary, in bytes.
const DICTIONARY_BYTES_MAX: usize = 64 * 1024;
/// Small clinics, each with people, machine and days of its own, so that no id is learnt.
const CLINICS: u64 = 240;
const PATIENTS_EACH: u32 = 6;
/// Clinics that are measured and were not learnt from.
const MEASURED_FROM: u64 = 1_000_000;
const CLINICS_MEASURED: u64 = 40;
/// The day on which the first of them stands: 1 March 2026.
const FIRST_DAY_MS: i64 = 1_772_323_200_000;
const DAY_MS: i64 = 24 * 60 * 60 * 1000;
/// How often the dictionary is shown what is picked in any clinic: what it sees once it does
/// not learn.
const SAID_TIMES: usize = 6;
/// What the program compresses with: without a dictionary, and with it.
const LEVELS: (i32, i32) = (3, 19);

fn main() -> ExitCode {
    let make = env::args().any(|it| it == "--make");
    let done = if make { make_dictionary() } else { measure() };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

fn make_dictionary() -> Outcome<()> {
    let samples = samples(0..CLINICS)?;
    let mut plain: Vec<Vec<u8>> = samples.iter().map(|it| plain(&it.payload)).collect();
    let said = said_in_clinics()?;
    plain.extend(
        said.iter()
            .flat_map(|it| vec![it.clone().into_bytes(); SAID_TIMES]),
    );
    let dictionary = zstd::dict::from_samples(&plain, DICTIONARY_BYTES_MAX)?;
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(DICTIONARY);
    fs::write(&path, &dictionary)?;
    println!("{} bytes from {} changes", dictionary.len(), plain.len());
    Ok(())
}

/// What is picked or begun with in any clinic, as it stands in a change: the dictionary
/// knows more diagnoses, medicines and phrases than the invented people happen to have.
fn said_in_clinics() -> Outcome<Vec<String>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("assets");
    let icd10 = Icd10::load();
    let listed = fs::read_to_string(folder.join("icd10-clinic.tsv"))?;
    let first = listed.lines().filter_map(|it| it.split('\t').next());
    let diagnoses = first.filter_map(|it| icd10.get(it)).map(|it| {
        let (display, code) = (it.display, it.code);
        format!("{display}\u{1f}{code}\u{1f}icd10\u{1f}\u{1e}\0")
    });
    let listed = fs::read_to_string(folder.join("medicines.tsv"))?;
    let medicines = listed.lines().filter(|it| !it.starts_with('#'));
    let medicines = medicines.flat_map(|it| {
        let cells: Vec<&str> = it.split('\t').collect();
        let cell = |at: usize| cells.get(at).copied().unwrap_or_default();
        let (name, form) = (cell(0), cell(1));
        let strengths = cell(4)
            .split("; ")
            .map(|it| format!("{name} {it} {form}\0"));
        strengths.collect::<Vec<String>>()
    });
    let phrases = Phrase::built_in().iter().map(|it| it.text.clone());
    Ok(diagnoses.chain(medicines).chain(phrases).collect())
}

fn measure() -> Outcome<()> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(DICTIONARY);
    let dictionary = fs::read(path)?;
    let mut rows: BTreeMap<String, Sizes> = BTreeMap::new();
    for sample in samples(MEASURED_FROM..MEASURED_FROM + CLINICS_MEASURED)? {
        let plain = plain(&sample.payload);
        let bare = zstd::bulk::compress(&plain, LEVELS.0)?.len();
        let mut with = zstd::bulk::Compressor::with_dictionary(LEVELS.1, &dictionary)?;
        with.set_parameter(CParameter::DictIdFlag(false))?;
        let with = with.compress(&plain)?.len();
        let envelope = |suite| sealed(suite, &sample.payload).map(|it| it.encode().len());
        let envelopes = (envelope(Suite::BARE)?, envelope(Suite::CHANGES)?);
        for kinds in [sample.kinds.clone(), "all".to_owned()] {
            let row = rows.entry(kinds).or_default();
            row.count += 1;
            row.plain += plain.len();
            row.bare += bare;
            row.dictionary += with;
            row.bare_envelopes += envelopes.0;
            row.envelopes += envelopes.1;
        }
    }
    println!("Bytes of a change on average: as written, compressed, and as an envelope");
    println!(
        "{:34} {:>6} {:>7} {:>7} {:>7} {:>9} {:>9}",
        "records", "count", "written", "suite 0", "suite 1", "envelope 0", "envelope 1"
    );
    for (kinds, row) in rows.iter().filter(|it| it.1.count > 20) {
        let each = |sum: usize| sum / row.count;
        println!(
            "{kinds:34} {:6} {:7} {:7} {:7} {:10} {:10}",
            row.count,
            each(row.plain),
            each(row.bare),
            each(row.dictionary),
            each(row.bare_envelopes),
            each(row.envelopes),
        );
    }
    Ok(())
}

/// All changes that were written in these clinics.
fn samples(seeds: impl Iterator<Item = u64>) -> Outcome<Vec<Sample>> {
    let mut samples = Vec::new();
    for seed in seeds {
        let mut entropy = SeededEntropy::new(seed);
        let mut staff = Staff::invented();
        for user in &mut staff.users {
            *user = UserId::from_bytes(drawn(&mut entropy));
        }
        staff.machine = LogId::from_bytes(drawn(&mut entropy));
        let [day] = drawn(&mut entropy);
        let today = Moment {
            at: Timestamp(FIRST_DAY_MS + i64::from(day) * 9 * DAY_MS),
            offset_minutes: match day % 4 {
                0 => 0,
                1 => 60,
                2 => 180,
                _ => 330,
            },
        };
        for patient in Demo::new(seed, PATIENTS_EACH, today).written_by(staff) {
            changes((&patient.steps, &staff), &mut entropy, &mut samples)?;
        }
    }
    Ok(samples)
}

/// What is saved of one patient, a change for each step and document.
fn changes(
    (steps, staff): (&[Step], &Staff),
    entropy: &mut SeededEntropy,
    samples: &mut Vec<Sample>,
) -> Outcome<()> {
    let mut docs: BTreeMap<Part, Doc> = BTreeMap::new();
    for step in steps {
        let mut parts: BTreeMap<Part, Vec<Edit>> = BTreeMap::new();
        for edit in &step.edits {
            parts.entry(edit.part()).or_default().push(edit.clone());
        }
        for (part, edits) in parts {
            let doc = docs.entry(part).or_insert_with(|| Doc::new(part));
            let stamp = Stamp {
                actor: drawn(entropy),
                at: step.at.at,
            };
            let mut kinds: Vec<RecordKind> =
                edits.iter().map(|it| it.record().kind()).collect();
            kinds.sort_unstable();
            kinds.dedup();
            let keys: Vec<&str> = kinds.iter().map(|it| it.key()).collect();
            if let Some(body) = doc.write(&edits, stamp)? {
                let around = Around {
                    actor: stamp.actor,
                    user: staff.users.get(step.who).copied().unwrap_or(UserId::ZERO),
                    log: staff.machine,
                    wall: step.at,
                };
                let body = thin(&body, &around);
                let payload = Payload {
                    wall: step.at,
                    clock: ClockQuality::Alone,
                    role: u8::try_from(step.who % 6)?,
                    body,
                };
                let kinds = keys.join(" ");
                samples.push(Sample { kinds, payload });
            }
        }
    }
    Ok(())
}

/// What is compressed: as `docs/design/envelope.md` draws it.
fn plain(payload: &Payload) -> Vec<u8> {
    let zone: &[u8] = match payload.wall.offset_minutes {
        0 => &[0],
        60 => &[120],
        180 => &[0xe8, 2],
        _ => &[0x94, 5],
    };
    let by = [payload.clock as u8, payload.role];
    [&[0], zone, &by, &payload.body].concat()
}

fn sealed(suite: Suite, payload: &Payload) -> Outcome<Envelope> {
    let mut entropy = SeededEntropy::new(1);
    let clinic = ClinicId::from_bytes([1; 16]);
    let session = SessionId::from_bytes([2; 32]);
    let header = Header {
        suite,
        doc: DocId::from_bytes([3; 16]),
        epoch: EpochId::from_bytes([4; 8]),
        ..Header::unsealed(Kind::Change, clinic, session, Hlc(1))
    };
    let header = Chain::start(LogId::from_bytes([5; 16]), Lane::Clinical).place(header);
    let key = Secret::generate(&mut entropy);
    let signing = SigningKey::generate(&mut entropy);
    Ok(seal_payload(header, payload, &key, &signing, &mut entropy)?)
}

fn drawn<const N: usize>(entropy: &mut SeededEntropy) -> [u8; N] {
    let mut bytes = [0; N];
    entropy.fill(&mut bytes);
    bytes
}
