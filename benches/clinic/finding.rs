//! Finding people: what each keystroke takes, and whether the people who are spelt otherwise
//! are found.

use cairn::{
    clinic::Session,
    find::{Index, Row},
};

use super::{
    Outcome,
    homes::SPELT_OTHERWISE,
    machine::{percentile, timed},
    table::Table,
};

/// People whose names are typed, evenly among all.
const PEOPLE: usize = 150;
/// Matches that a list shows.
const SHOWN: usize = 50;
/// Places of a list in which a wanted person counts as found.
const FOUND_PLACES: usize = 10;

/// What is typed, and whom it must find: some by sound, some by a slip, some by the reading
/// of another script.
const WANTED: [(&str, &str); 12] = [
    ("mohamed zuberi", "Muhammad"),
    ("mohammad zubeiri", "Muhammad"),
    ("okelo filomena", "Okello"),
    ("okello philomna", "Okello"),
    ("okllo philomena", "Okello"),
    ("nyirahabimana", "Nyirahabimana"),
    ("nyirahabimna", "Nyirahabimana"),
    ("nirahabimana", "Nyirahabimana"),
    ("wedraogo yakuba", "Ouédraogo"),
    ("ouedraogo yac", "Ouédraogo"),
    ("Okelo", "Okello"),
    ("Mohamed", "Muhammad"),
];

/// Spellings by sound and readings of other scripts that people type.
const BY_SOUND: [&str; 14] = [
    "okelo",
    "mohamed",
    "muhammad",
    "abebe",
    "meena",
    "wanjiko",
    "kulibali",
    "yusuf",
    "aicha",
    "hernandes",
    "محمد",
    "አበበ",
    "शर्मा",
    "nguyen van",
];

pub(crate) fn measure(session: &Session, size: u32, table: &mut Table) -> Outcome<()> {
    let shared = session.index();
    let index = shared.read().map_err(|_poisoned| "the index is poisoned")?;
    let typed = typed(&index);
    let mut times = Vec::new();
    for text in &typed {
        for prefix in prefixes(text) {
            let (found, ms) = timed(|| index.search(prefix, SHOWN));
            std::hint::black_box(found);
            times.push(ms);
        }
    }
    table.set("find: p50 of a keystroke", size, percentile(&times, 50));
    table.set("find: p95 of a keystroke", size, percentile(&times, 95));
    table.set("find: slowest keystroke", size, percentile(&times, 100));
    let count = u32::try_from(times.len())?;
    table.set("find: keystrokes measured", size, f64::from(count));
    let not_found = WANTED
        .iter()
        .filter(|(text, name)| !finds(&index, text, name));
    let mut misses = 0;
    for (text, name) in not_found {
        eprintln!("`{text}` does not find {name}");
        misses += 1;
    }
    table.set("find: wanted people not found", size, f64::from(misses));
    Ok(())
}

/// Whether the name is found. One word alone fits many people: the name is among them. More
/// words find it at the top of the list.
fn finds(index: &Index, text: &str, name: &str) -> bool {
    let alone =
        !text.contains(' ') && text.chars().next().is_some_and(char::is_uppercase);
    let places = if alone { index.len() } else { FOUND_PLACES };
    let found = index.search(text, places);
    let mut rows = found.iter().filter_map(|it| index.row(it.patient));
    rows.any(|row| {
        row.names
            .iter()
            .any(|it| it.family == name || it.given == name)
    })
}

/// What is typed: names as they are on file and with slips, numbers, telephones, villages.
fn typed(index: &Index) -> Vec<String> {
    let every = (index.len() / PEOPLE).max(1);
    let mut typed: Vec<String> = BY_SOUND.map(str::to_owned).to_vec();
    for (nth, row) in index.rows().step_by(every).enumerate() {
        let Some(name) = row.names.first() else {
            continue;
        };
        let family_first = format!("{} {}", name.family, name.given);
        let name = family_first.trim().to_lowercase();
        typed.push(slipped(&name, nth));
        typed.push(name);
        typed.extend(other_field(row, nth));
    }
    let (_, one_name) = SPELT_OTHERWISE[2];
    typed.push(one_name.to_lowercase());
    typed
}

/// The name with one letter forgotten, doubled or changed places with the next.
fn slipped(name: &str, nth: usize) -> String {
    let mut letters: Vec<char> = name.chars().collect();
    let at = 1 + nth % letters.len().saturating_sub(2).max(1);
    if at + 1 < letters.len() {
        match nth % 3 {
            0 => drop(letters.remove(at)),
            1 => letters.insert(at, letters.get(at).copied().unwrap_or('a')),
            _ => letters.swap(at, at + 1),
        }
    }
    letters.into_iter().collect()
}

fn other_field(row: &Row, nth: usize) -> Option<String> {
    match nth % 6 {
        0 => Some(row.number.clone()),
        1 => row.phones.first().cloned(),
        2 => Some(row.village.to_lowercase()),
        3 => Some(format!(
            "{} {}",
            row.names.first()?.given.to_lowercase(),
            row.village.to_lowercase()
        )),
        _ => None,
    }
}

/// What stands in the box after each key.
fn prefixes(text: &str) -> impl Iterator<Item = &str> {
    let ends = text
        .char_indices()
        .map(|(at, letter)| at + letter.len_utf8());
    ends.filter_map(|end| text.get(..end))
}
