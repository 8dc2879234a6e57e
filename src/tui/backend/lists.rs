//! Lists from the index: who was found, who may be the same, which villages there are.

use std::{cmp::Reverse, collections::BTreeMap};

use uuid::Uuid;

use crate::{
    app::{find::Found, register},
    find::{Candidate, Field, How, Index, Row},
    time::{PartialDate, Timestamp},
};

/// People that a search shows. More than fit on a screen; who is not among them is found by
/// another letter.
const FOUND_MAX: usize = 50;
/// Villages that a list offers.
const VILLAGES_MAX: usize = 200;

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
    let key = |row: &&Row| (Reverse(there_last(row)), Reverse(row.patient));
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

/// When a person was last at the clinic: seen, or at the desk to be registered.
fn there_last(row: &Row) -> Option<Timestamp> {
    // The ids that are drawn here begin with the time.
    let made = Uuid::from_bytes(*row.patient.as_bytes()).get_timestamp();
    let made = made.and_then(|it| i64::try_from(it.to_unix().0).ok());
    row.last_seen.max(made.map(|it| Timestamp(it * 1_000)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        chart::{Entry, Name, Person},
        ids::{LogId, PatientId, RecordId, UserId},
        time::Moment,
    };

    /// A row of someone who was registered at a moment, and seen at another, in seconds.
    fn row(family: &str, registered: u64, seen: Option<i64>) -> Row {
        let mut random = [0; 10];
        random[9] = u8::try_from(family.len()).unwrap();
        let id = uuid::Builder::from_unix_timestamp_millis(registered * 1_000, &random);
        let patient = PatientId::from_bytes(id.into_uuid().into_bytes());
        let name = Name {
            family: family.to_owned(),
            ..Name::default()
        };
        Row {
            names: vec![name],
            last_seen: seen.map(|it| Timestamp(it * 1_000)),
            ..Row::of(patient, &nobody())
        }
    }

    fn nobody() -> Person {
        let at = Moment {
            at: Timestamp(0),
            offset_minutes: 0,
        };
        let (id, by) = (RecordId::ZERO, UserId::ZERO);
        Person::new(Entry::new(id, at, by, LogId::ZERO))
    }

    fn listed(rows: Vec<Row>) -> Vec<String> {
        let (found, _) = search(&Index::new(rows), "");
        found.iter().map(|it| it.row.shown_name()).collect()
    }

    #[test]
    fn who_was_just_registered_is_among_those_seen_last() {
        let rows = vec![
            row("Akello", 1_000, Some(9_000)),
            row("Okello", 9_500, None),
            row("Mugisha", 2_000, Some(8_000)),
            row("Were", 3_000, None),
        ];
        assert_eq!(listed(rows), ["OKELLO", "AKELLO", "MUGISHA", "WERE"]);
    }

    #[test]
    fn the_newest_registration_is_listed_however_many_were_seen() {
        let seen = (0..2 * FOUND_MAX).map(|it| {
            let second = u64::try_from(it).unwrap();
            row("Akello", second, Some(i64::try_from(it).unwrap()))
        });
        let rows = seen.chain([row("Okello", 500, None)]).collect();
        let listed = listed(rows);
        assert_eq!((listed.len(), listed[0].as_str()), (FOUND_MAX, "OKELLO"));
    }
}
