//! A field with several values: which one is shown, and the others beside it.

use std::cmp::Reverse;

use crate::{
    chart::{Disagreement, Kind, Version},
    doc::{careful, cells::Found, keys::Place, schema},
    ids::Hash,
    time::Timestamp,
};

/// One of the values that were set apart from each other.
#[derive(Clone)]
pub(crate) struct Candidate<'a> {
    pub(crate) found: Found<'a>,
    pub(crate) change: Change,
}

/// The change that set a value.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Change {
    pub(crate) at: Timestamp,
    pub(crate) hash: Hash,
    pub(crate) actor: [u8; 16],
}

impl Change {
    pub(crate) fn of(change: &automerge::Change) -> Self {
        Self {
            at: Timestamp(change.timestamp()),
            hash: Hash::from_bytes(change.hash().0),
            actor: actor(change.actor_id()),
        }
    }
}

/// The bytes of a session's id in a document; all that pass the look have 16.
pub(crate) fn actor(id: &automerge::ActorId) -> [u8; 16] {
    id.to_bytes().try_into().unwrap_or_default()
}

/// A disagreement, with who wrote each version of it.
pub(crate) struct Dispute {
    pub(crate) disagreement: Disagreement,
    pub(crate) writers: Vec<[u8; 16]>,
}

/// The value that all machines show, and the disagreement where people may want to settle
/// it. Candidates come in any order; none gives none.
pub(crate) fn settle<'a>(
    place: Place,
    field: &str,
    mut candidates: Vec<Candidate<'a>>,
) -> Option<(Found<'a>, Option<Dispute>)> {
    candidates.sort_by_key(|it| Reverse(it.change));
    let mut distinct: Vec<Candidate<'a>> = Vec::with_capacity(candidates.len());
    for it in candidates {
        if !distinct.iter().any(|other| other.found == it.found) {
            distinct.push(it);
        }
    }
    let careful = careful::order(place.kind, field).unwrap_or_default();
    let rank = |it: &Candidate<'_>| {
        let word = it.found.in_words(field);
        careful
            .iter()
            .position(|it| *it == word)
            .unwrap_or(careful.len())
    };
    let shown = (0..distinct.len()).min_by_key(|at| distinct.get(*at).map(rank))?;
    let shown = distinct.remove(shown);
    distinct.sort_by_key(|it| it.change);
    let value = shown.found.clone();
    if distinct.is_empty() || is_bookkeeping(place.kind, field) {
        return Some((value, None));
    }
    let all = || std::iter::once(&shown).chain(&distinct);
    let version = |it: &Candidate<'_>| Version {
        value: it.found.in_words(field),
        by: None,
        machine: None,
        at: it.change.at,
        change: it.change.hash,
    };
    let disagreement = Disagreement {
        kind: place.kind,
        record: place.id,
        field: field.to_owned(),
        versions: all().map(version).collect(),
        before: None,
    };
    let writers = all().map(|it| it.change.actor).collect();
    Some((
        value,
        Some(Dispute {
            disagreement,
            writers,
        }),
    ))
}

/// What two machines write differently by nature when they take the same record in.
pub(crate) fn is_bookkeeping(kind: Kind, field: &str) -> bool {
    matches!(field, schema::ENTRY | schema::OUTSIDE)
        || (kind == Kind::Person && field == "id")
}

#[cfg(test)]
mod tests {
    use std::borrow::Cow;

    use super::*;
    use crate::ids::RecordId;

    fn candidate(text: &'static str, at: i64) -> Candidate<'static> {
        Candidate {
            found: Found::Text(Cow::Borrowed(text)),
            change: Change {
                at: Timestamp(at),
                hash: Hash::from_bytes([text.len().try_into().unwrap(); 32]),
                actor: [0; 16],
            },
        }
    }

    #[track_caller]
    fn check(kind: Kind, field: &str, of: &[(&'static str, i64)], expected: &[&str]) {
        let id = RecordId::ZERO;
        for turn in 0..of.len() {
            let mut candidates: Vec<_> =
                of.iter().map(|(text, at)| candidate(text, *at)).collect();
            candidates.rotate_left(turn);
            let (shown, dispute) = settle(Place { kind, id }, field, candidates).unwrap();
            assert_eq!(shown.in_words(field), expected[0]);
            let versions = dispute.map(|it| it.disagreement.versions);
            let values: Vec<String> = versions
                .unwrap_or_default()
                .into_iter()
                .map(|it| it.value)
                .collect();
            let expected = if expected.len() == 1 { &[] } else { expected };
            assert_eq!(values, expected);
        }
    }

    #[test]
    fn the_newest_value_is_shown_and_the_others_by_time() {
        let phones = [("0700", 3), ("0711", 9), ("0722", 5)];
        check(Kind::Person, "phone", &phones, &["0711", "0700", "0722"]);
    }

    #[test]
    fn the_more_careful_value_is_shown_whenever_it_was_written() {
        let status = [("active", 9), ("stopped", 1)];
        check(Kind::Medication, "status", &status, &["stopped", "active"]);
        let clinical = [("resolved", 9), ("active", 1)];
        check(Kind::Allergy, "clin", &clinical, &["active", "resolved"]);
        let severity = [("mild", 9), ("severe", 1)];
        check(Kind::Allergy, "react.0.sev", &severity, &["severe", "mild"]);
    }

    #[test]
    fn one_value_written_twice_is_no_disagreement() {
        check(
            Kind::Person,
            "phone",
            &[("0700", 3), ("0700", 5)],
            &["0700"],
        );
    }

    #[test]
    fn bookkeeping_is_settled_without_a_word() {
        check(Kind::Visit, "e", &[("a", 3), ("b", 5)], &["b"]);
    }
}
