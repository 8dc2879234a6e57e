//! The visit of today: what is written at the bedside belongs to it.

use crate::{
    chart::{Chart, Visit, VisitStatus},
    time::{PartialDate, When},
};

/// The visit that began today and is not over; of several, the newest.
pub(super) fn of_today(chart: &Chart, today: PartialDate) -> Option<&Visit> {
    let visits = chart.visits.as_ref()?;
    let mut standing = visits.visits.iter().filter(|it| !it.entry.in_error);
    standing.find(|it| {
        it.start.map(When::date) == Some(today)
            && matches!(it.status, VisitStatus::Planned | VisitStatus::InProgress)
    })
}
