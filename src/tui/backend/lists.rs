//! Lists from the index: who was found, who may be the same, which villages there are.

use std::{cmp::Reverse, collections::BTreeMap};

use crate::{
    app::{find::Found, register},
    find::{Candidate, Field, How, Index, Row},
    time::PartialDate,
};

/// People that a search shows. More than fit on a screen; who is not among them is found by
/// another letter.
const FOUND_MAX: usize = 50;
/// Villages that a list offers.
const VILLAGES_MAX: usize = 200;
/// From here on a likeness is so near that saving asks first.
const NEAR_SCORE: u8 = 80;

/// Who fits what was typed, and how many do. Nothing typed lists who was seen last.
pub(super) fn search(index: &Index, text: &str) -> (Vec<Found>, usize) {
    if text.trim().is_empty() {
        return seen_last(index);
    }
    let matches = index.search(text, FOUND_MAX);
    let total = matches.len();
    let found = matches.into_iter().filter_map(|it| {
        let row = index.row(it.patient)?.clone();
        Some(Found {
            row,
            how: it.how,
            field: it.field,
        })
    });
    (found.collect(), total)
}

/// Who on file may be the same person.
pub(super) fn alike(
    index: &Index,
    candidate: &Candidate,
    today: PartialDate,
) -> Vec<register::Alike> {
    let alike = index.alike(candidate, today, register::ALIKE_MAX);
    let shown = alike.into_iter().filter_map(|it| {
        let row = index.row(it.patient)?.clone();
        Some(register::Alike {
            found: Found {
                row,
                how: How::Exact,
                field: Field::Name,
            },
            near: it.score >= NEAR_SCORE,
            why: it.why,
        })
    });
    shown.collect()
}

/// The villages that people come from, the most frequent first.
pub(super) fn villages(index: &Index) -> Vec<(String, usize)> {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for row in index.rows().filter(|it| !it.village.is_empty()) {
        *counts.entry(&row.village).or_default() += 1;
    }
    let mut villages: Vec<_> = counts
        .into_iter()
        .map(|(name, n)| (name.to_owned(), n))
        .collect();
    villages.sort_by_key(|(_, n)| Reverse(*n));
    villages.truncate(VILLAGES_MAX);
    villages
}

fn seen_last(index: &Index) -> (Vec<Found>, usize) {
    let mut rows: Vec<&Row> = index.rows().filter(|it| !it.hidden).collect();
    let total = rows.len();
    let key = |row: &&Row| (Reverse(row.last_seen), Reverse(row.patient));
    if rows.len() > FOUND_MAX {
        rows.select_nth_unstable_by_key(FOUND_MAX, key);
        rows.truncate(FOUND_MAX);
    }
    rows.sort_by_key(key);
    let found = rows.into_iter().map(|row| Found {
        row: row.clone(),
        how: How::Exact,
        field: Field::Name,
    });
    (found.collect(), total)
}
