//! How long a key takes while someone is being looked for, in invented clinics of several
//! sizes: `cargo bench --bench find -- 1000 10000 50000`.
//!
//! The invented clinic has a few hundred names; a second line of each size has as many
//! different names as people come from many places, three words for every five patients.

#![expect(
    clippy::print_stdout,
    clippy::unwrap_used,
    clippy::string_slice,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a bench prints, and may fail loudly"
)]

use std::{
    env, fs,
    time::{Duration, Instant},
};

use cairn::{
    chart::{Edit, Kind, Record},
    demo::{Demo, DemoPatient},
    find::{Candidate, Index, Row},
    time::Moment,
};

const SIZES: [u32; 3] = [1_000, 10_000, 50_000];
/// Patients who are looked for in each clinic, each in several ways.
const LOOKED_FOR: usize = 150;
/// An index is built so many times; the fastest counts, as others use the machine too.
const BUILDS: usize = 5;
/// Rows that a screen asks for.
const LIMIT: usize = 50;

fn main() {
    let asked: Vec<u32> = env::args().filter_map(|it| it.parse().ok()).collect();
    let sizes = if asked.is_empty() {
        SIZES.to_vec()
    } else {
        asked
    };
    println!(
        "{:>9} {:>10} {:>8} {:>7} {:>9} {:>9} {:>9} {:>9} {:>9}",
        "patients",
        "invented",
        "built",
        "memory",
        "key p50",
        "key p95",
        "key p99",
        "key max",
        "alike p95"
    );
    for size in sizes {
        measure(size, false);
        measure(size, true);
    }
}

fn measure(size: u32, varied: bool) {
    let today: Moment = "2025-06-03T12:30:00+03:00".parse().unwrap();
    let before = resident_kb();
    let (mut rows, invented) = timed(|| {
        let demo = Demo::new(1, size, today);
        demo.map(|it| row(&it)).collect::<Vec<Row>>()
    });
    if varied {
        vary(&mut rows);
    }
    let step = (rows.len() / LOOKED_FOR).max(1);
    let sample: Vec<Row> = rows.iter().step_by(step).cloned().collect();
    let index = Index::new(rows);
    let memory_mb = resident_kb().saturating_sub(before) / 1024;
    let built = (0..BUILDS).map(|_| {
        let rows: Vec<Row> = index.rows().cloned().collect();
        timed(|| Index::new(rows)).1
    });
    let built = built.min().unwrap_or_default();

    let mut keys: Vec<Duration> = sample
        .iter()
        .flat_map(ways_to_type)
        .flat_map(|typed| each_key(&index, &typed))
        .collect();
    let mut alike: Vec<Duration> = sample
        .iter()
        .map(|it| timed(|| index.alike(&candidate(it), today.day(), 8)).1)
        .collect();
    keys.sort_unstable();
    alike.sort_unstable();
    println!(
        "{:>9} {:>10} {:>8} {:>7} {:>9} {:>9} {:>9} {:>9} {:>9}",
        format!("{size}{}", if varied { "+" } else { " " }),
        ms(invented),
        ms(built),
        format!("{memory_mb} MB"),
        ms(part(&keys, 50)),
        ms(part(&keys, 95)),
        ms(part(&keys, 99)),
        ms(part(&keys, 100)),
        ms(part(&alike, 95)),
    );
}

fn row(patient: &DemoPatient) -> Row {
    let edits = patient.steps.iter().flat_map(|it| &it.edits);
    let mut records = edits.rev().map(Edit::record);
    let Some(Record::Person(person)) = records.find(|it| it.kind() == Kind::Person)
    else {
        panic!("{patient:?} is not registered");
    };
    let mut row = Row::of(patient.patient, person);
    row.last_seen = patient.steps.last().map(|it| it.at.at);
    row
}

/// Gives most people a name of their own, made of syllables.
fn vary(rows: &mut [Row]) {
    const SYLLABLES: [&str; 24] = [
        "ka", "mu", "ndi", "wa", "chi", "ro", "be", "lo", "nya", "to", "sse", "gi", "ma",
        "fu", "ki", "ra", "zo", "she", "ngo", "ti", "la", "ou", "ve", "ju",
    ];
    let mut count = 7_usize;
    let mut word = |pieces: usize| {
        let mut made = String::new();
        for _ in 0..pieces {
            count = count
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1_442_695);
            made.push_str(SYLLABLES[(count >> 33) % SYLLABLES.len()]);
        }
        made
    };
    for (place, row) in rows.iter_mut().enumerate() {
        let name = row.names.first_mut().unwrap();
        match place % 5 {
            0 | 1 => name.family = word(3 + place % 2),
            2 => name.given = word(3),
            _ => {}
        }
    }
}

/// The name, the name with a doubled letter and with two letters swapped, a part of name and
/// village, the number, the telephone.
fn ways_to_type(row: &Row) -> Vec<String> {
    let name = row.names.first().unwrap();
    let name = format!("{} {}", name.given, name.family).to_lowercase();
    let doubled = name.replacen('l', "ll", 1).replacen('a', "aa", 1);
    let mut swapped: Vec<char> = name.chars().collect();
    if swapped.len() > 4 {
        swapped.swap(2, 3);
    }
    let start: String = name.chars().take(3).collect();
    vec![
        name,
        doubled,
        swapped.into_iter().collect(),
        format!("{start} {}", row.village.to_lowercase()),
        row.number.clone(),
        row.phones.first().cloned().unwrap_or_default(),
    ]
}

fn each_key(index: &Index, typed: &str) -> Vec<Duration> {
    let ends = typed
        .char_indices()
        .map(|(at, letter)| at + letter.len_utf8());
    let search = |end| timed(|| index.search(&typed[..end], LIMIT)).1;
    ends.map(search).collect()
}

fn candidate(row: &Row) -> Candidate {
    Candidate {
        name: row.names.first().unwrap().clone(),
        sex: row.sex,
        birth: row.birth,
        phones: row.phones.clone(),
        village: row.village.clone(),
        except: Some(row.patient),
    }
}

#[expect(clippy::disallowed_methods, reason = "a bench looks at the clock")]
fn timed<T>(work: impl FnOnce() -> T) -> (T, Duration) {
    let start = Instant::now();
    let done = work();
    (done, start.elapsed())
}

fn part(sorted: &[Duration], percent: usize) -> Duration {
    let place = (sorted.len() * percent / 100).min(sorted.len().saturating_sub(1));
    sorted.get(place).copied().unwrap_or_default()
}

fn ms(time: Duration) -> String {
    format!("{:.2} ms", time.as_secs_f64() * 1000.0)
}

/// Memory of this process that is in use, where the system tells.
fn resident_kb() -> u64 {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|it| it.strip_prefix("VmRSS:"));
    let number = line.and_then(|it| it.split_whitespace().next());
    number.and_then(|it| it.parse().ok()).unwrap_or(0)
}
