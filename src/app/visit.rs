//! The visit of today: what is written at the bedside belongs to it.

use super::Cx;
use crate::{
    chart::{Chart, Visit, VisitStatus},
    time::When,
};

/// The visit that began today and is not over, among those that are closed as what is
/// written now is, or open as that; of several, the newest.
pub(super) fn of_today<'c>(chart: &'c Chart, cx: &Cx<'_>) -> Option<&'c Visit> {
    let (today, closing) = (cx.today(), cx.closing);
    let visits = chart.visits.as_ref()?;
    let standing = visits.visits.iter().filter(|it| !it.entry.in_error);
    let mut standing = standing.filter(|it| it.entry.restricted == closing);
    standing.find(|it| {
        it.start.map(When::date) == Some(today)
            && matches!(it.status, VisitStatus::Planned | VisitStatus::InProgress)
    })
}
