//! Whether a patient is in care: what opens a chart to a clinician without a reason given.

use crate::{
    chart::{Person, Visit, VisitStatus},
    time::{Moment, When},
};

/// For so many days before and after a visit a patient is in care.
pub const IN_CARE_DAYS: i64 = 30;

/// Whether somebody is in care now: registered or seen lately, or expected soon.
pub fn is_in_care(person: Option<&Person>, visits: &[Visit], now: Moment) -> bool {
    let is_near = |ms: i64| ms.abs() <= IN_CARE_DAYS * 24 * 60 * 60 * 1_000;
    let visits = visits
        .iter()
        .filter(|it| !it.entry.in_error && it.status != VisitStatus::Cancelled);
    let mut seen = visits.filter_map(|it| it.start).map(When::sort_key);
    person.is_some_and(|it| is_near(it.entry.recorded.at.ms_since(now.at)))
        || seen.any(|it| is_near(it.ms_since(now.at)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        chart::{Coded, Entry, VisitClass},
        ids::{LogId, RecordId, UserId},
    };

    fn at(day: &str) -> Moment {
        format!("{day}T10:00:00+03:00").parse().unwrap()
    }

    fn entry(day: &str) -> Entry {
        Entry::new(RecordId::ZERO, at(day), UserId::ZERO, LogId::ZERO)
    }

    fn visit(day: &str) -> Visit {
        Visit {
            entry: entry(day),
            class: VisitClass::default(),
            status: VisitStatus::Finished,
            start: Some(When::At(at(day))),
            end: None,
            reason: Coded::default(),
            diagnoses: Vec::new(),
            practitioner: String::new(),
            place: String::new(),
        }
    }

    #[track_caller]
    fn check(visits: &[Visit], expected: bool) {
        let person = Person::new(entry("2020-01-01"));
        let found = is_in_care(Some(&person), visits, at("2026-03-31"));
        assert_eq!(found, expected);
    }

    #[test]
    fn who_was_seen_within_thirty_days_is_in_care() {
        check(&[], false);
        check(&[visit("2026-03-01")], true);
        check(&[visit("2026-02-28")], false);
        check(&[visit("2026-04-30")], true);
        check(&[visit("2026-05-01")], false);
        check(&[visit("2025-01-01"), visit("2026-03-31")], true);
    }

    #[test]
    fn a_visit_that_did_not_happen_is_none() {
        let mut visit = visit("2026-03-30");
        visit.status = VisitStatus::Cancelled;
        check(std::slice::from_ref(&visit), false);
        visit.status = VisitStatus::Finished;
        visit.entry.in_error = true;
        check(&[visit], false);
    }

    #[test]
    fn who_was_registered_lately_is_in_care() {
        let now = at("2026-03-31");
        let person = Person::new(entry("2026-03-02"));
        assert!(is_in_care(Some(&person), &[], now));
        assert!(!is_in_care(None, &[], now));
    }
}
