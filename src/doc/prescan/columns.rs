//! The columns of a change's operations, run by run.

use super::{Bytes, OPERATIONS_MAX, Refusal};

/// Longest key of a map, in bytes. A key may be repeated by every operation.
const KEY_BYTES_MAX: usize = 128;

/// Highest number of an operation that automerge keeps.
const COUNTER_MAX: u64 = u32::MAX as u64;

/// What stands in a column.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Holds {
    Actor,
    Counter,
    CounterSteps,
    Key,
    Insert,
    Action,
    ValueLength,
    Value,
    Preds,
}

/// The columns of a change by their number, in the order in which they come. Marks, links
/// and deflated columns are not among them.
const COLUMNS: &[(u64, Holds)] = &[
    (0x01, Holds::Actor),
    (0x02, Holds::Counter),
    (0x11, Holds::Actor),
    (0x13, Holds::CounterSteps),
    (0x15, Holds::Key),
    (0x34, Holds::Insert),
    (0x42, Holds::Action),
    (0x56, Holds::ValueLength),
    (0x57, Holds::Value),
    (0x70, Holds::Preds),
    (PRED_ACTORS, Holds::Actor),
    (PRED_COUNTERS, Holds::CounterSteps),
];
const PRED_ACTORS: u64 = 0x71;
const PRED_COUNTERS: u64 = 0x73;

/// What an operation may do: make a map (0) or a text (4), set (1), delete (3).
const ACTIONS: &[u64] = &[0, 1, 3, 4];

/// The types of value: null, false, true, unsigned number, text, bytes.
const VALUES: &[u64] = &[0, 1, 2, 3, 6, 7];

/// What the columns add up to.
struct Sums {
    actors: u64,
    counter_max: u64,
    value_bytes: u64,
    preds: u64,
}

/// The number of operations, if all columns agree on it.
pub(super) fn scan(
    bytes: &mut Bytes<'_>,
    start_op: u64,
    actors: u64,
) -> Result<u64, Refusal> {
    let columns = layout(bytes)?;
    let most = OPERATIONS_MAX as u64;
    let mut sums = Sums {
        actors,
        counter_max: start_op.saturating_add(most),
        value_bytes: 0,
        preds: 0,
    };
    if sums.counter_max > COUNTER_MAX {
        return Err(Refusal::Foreign("an operation past the last number"));
    }
    let mut operations = None;
    let mut counts = Vec::with_capacity(columns.len());
    for (number, holds, length) in columns {
        let column = bytes.take(length)?;
        if holds == Holds::Value {
            if sums.value_bytes != column.len() as u64 {
                return Err(Refusal::Malformed);
            }
            continue;
        }
        let count = sums.count(holds, column)?;
        match number {
            0x42 => operations = Some(count),
            PRED_ACTORS | PRED_COUNTERS if count == sums.preds => {}
            PRED_ACTORS | PRED_COUNTERS => return Err(Refusal::Malformed),
            _ => counts.push(count),
        }
    }
    let operations = operations.filter(|it| *it > 0).ok_or(Refusal::Malformed)?;
    // A column of nothing but nulls is left out or empty.
    if counts.iter().all(|it| *it == 0 || *it == operations) {
        Ok(operations)
    } else {
        Err(Refusal::Malformed)
    }
}

fn layout(bytes: &mut Bytes<'_>) -> Result<Vec<(u64, Holds, usize)>, Refusal> {
    let count = bytes.count(COLUMNS.len() as u64, "columns")?;
    let mut known = COLUMNS.iter();
    let mut columns = Vec::with_capacity(COLUMNS.len());
    for _ in 0..count {
        let number = bytes.unsigned()?;
        let holds = known.find(|(it, _)| *it == number);
        let (_, holds) = holds.ok_or(Refusal::Foreign("an unknown column"))?;
        columns.push((number, *holds, bytes.length()?));
    }
    Ok(columns)
}

impl Sums {
    fn count(&mut self, holds: Holds, column: &[u8]) -> Result<u64, Refusal> {
        let mut column = Bytes(column);
        match holds {
            Holds::Insert => booleans(&mut column),
            Holds::Key => runs(&mut column, |column, _| {
                let length = column.length()?;
                if length > KEY_BYTES_MAX {
                    return Err(Refusal::Foreign("a long key"));
                }
                column.take(length).map(|_| ())
            }),
            Holds::CounterSteps => {
                let mut counter = 0_i64;
                runs(&mut column, |column, times| {
                    let step = column.signed()?;
                    let run = i64::try_from(times)
                        .ok()
                        .and_then(|it| it.checked_mul(step));
                    let sum = run.and_then(|it| counter.checked_add(it));
                    counter = sum.ok_or(Refusal::Malformed)?;
                    let number = u64::try_from(counter).or(Err(Refusal::Malformed))?;
                    self.check_counter(number)
                })
            }
            Holds::Actor => runs(&mut column, |column, _| {
                let known = column.unsigned()? < self.actors;
                known.then_some(()).ok_or(Refusal::Malformed)
            }),
            Holds::Counter => runs(&mut column, |column, _| {
                self.check_counter(column.unsigned()?)
            }),
            Holds::Action => runs(&mut column, |column, _| {
                let known = ACTIONS.contains(&column.unsigned()?);
                known.then_some(()).ok_or(Refusal::Foreign("an action"))
            }),
            Holds::ValueLength => runs(&mut column, |column, times| {
                let both = column.unsigned()?;
                if !VALUES.contains(&(both & 0xf)) {
                    return Err(Refusal::Foreign("a type of value"));
                }
                add(&mut self.value_bytes, both >> 4, times)
            }),
            Holds::Preds => runs(&mut column, |column, times| {
                add(&mut self.preds, column.unsigned()?, times)?;
                within_limit(self.preds).map(|_| ())
            }),
            Holds::Value => Ok(0),
        }
    }

    fn check_counter(&self, number: u64) -> Result<(), Refusal> {
        let before = number <= self.counter_max;
        before.then_some(()).ok_or(Refusal::Malformed)
    }
}

/// Counts the items of a run-length column: `n v` is `v` n times, `-n v…` is n different
/// values, `0 n` is n nulls. `value` reads a value that stands so many times.
fn runs(
    column: &mut Bytes<'_>,
    mut value: impl FnMut(&mut Bytes<'_>, u64) -> Result<(), Refusal>,
) -> Result<u64, Refusal> {
    let mut count = 0_u64;
    while !column.0.is_empty() {
        let run = column.signed()?;
        let times = if run == 0 {
            column.unsigned()?
        } else {
            run.unsigned_abs()
        };
        within_limit(times)?;
        if times == 0 {
            return Err(Refusal::Malformed);
        }
        match run {
            1.. => value(column, times)?,
            0 => {}
            _ => (0..times).try_for_each(|_| value(column, 1))?,
        }
        count = within_limit(count + times)?;
    }
    Ok(count)
}

/// Counts the items of a boolean column: how many are false, how many true, and so on.
fn booleans(column: &mut Bytes<'_>) -> Result<u64, Refusal> {
    let mut count = 0_u64;
    while !column.0.is_empty() {
        count = within_limit(count.saturating_add(column.unsigned()?))?;
    }
    Ok(count)
}

fn add(to: &mut u64, value: u64, times: u64) -> Result<(), Refusal> {
    let sum = value.checked_mul(times).and_then(|it| to.checked_add(it));
    *to = sum.ok_or(Refusal::Malformed)?;
    Ok(())
}

fn within_limit(count: u64) -> Result<u64, Refusal> {
    if count > OPERATIONS_MAX as u64 {
        return Err(Refusal::TooMany("operations"));
    }
    Ok(count)
}
