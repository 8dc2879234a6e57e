//! The vital signs of the summary: what is measured now, what it was before, and where it
//! goes.

use std::fmt;

use super::pane::observations;
use crate::{
    care::{Round, Taken, measures, rounds, steps},
    chart::Chart,
    content::{Decimal, Vital},
    time::PartialDate,
};

/// The vital signs of a chart.
#[derive(Debug)]
pub struct Signs<'a> {
    /// The day of the newest measurement: that is "now".
    pub day: Option<PartialDate>,
    /// Those measured on that day first, each kind in the order of reading.
    pub all: Vec<Sign<'a>>,
}

/// One vital sign.
pub struct Sign<'a> {
    /// Which one.
    pub vital: Vital,
    /// Its value of the newest day.
    pub now: Option<Taken<'a>>,
    /// Its value before.
    pub last: Option<Taken<'a>>,
    /// Its latest values as steps of a small graph, the oldest first, 0 to 7. Fewer than two
    /// are no graph.
    pub trend: Vec<u8>,
}

/// The values of a small graph.
const TREND_LEN: usize = 5;

/// The vital signs of a chart, as far as its newest observations tell.
pub fn signs(chart: &Chart) -> Signs<'_> {
    let rounds = rounds(observations(chart));
    let day = rounds.first().map(|it| it.when.date());
    let mut all: Vec<Sign<'_>> = measures(&rounds)
        .into_iter()
        .map(|vital| sign(vital, &rounds, day))
        .collect();
    all.sort_by_key(|it| it.now.is_none());
    Signs { day, all }
}

fn sign<'a>(vital: Vital, rounds: &[Round<'a>], day: Option<PartialDate>) -> Sign<'a> {
    let taken = || rounds.iter().filter_map(|it| it.of(vital));
    let is_now = |it: &&Taken<'_>| Some(it.when.date()) == day;
    let now = taken().next().filter(is_now).cloned();
    let last = taken().nth(usize::from(now.is_some())).cloned();
    let numbers = taken().filter_map(|it| it.number).take(TREND_LEN);
    let mut numbers: Vec<Decimal> = numbers.collect();
    numbers.reverse();
    let graphed = if vital == Vital::BloodPressure {
        Vital::Systolic
    } else {
        vital
    };
    let trend = if numbers.len() > 1 {
        steps(graphed, &numbers)
    } else {
        Vec::new()
    };
    Sign {
        vital,
        now,
        last,
        trend,
    }
}

impl fmt::Debug for Sign<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Sign({:?})", self.vital)
    }
}
