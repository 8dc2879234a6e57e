//! What a changed list means for the slots that its items hold in a document.
//!
//! An item keeps its slot for life. A removed item leaves its slot empty, an added one takes
//! a slot that nobody else took, so that two people may change one list at once.

use std::collections::BTreeSet;

use crate::doc::{Stamp, cells::Found, fields::Field};

/// A slot is a time in milliseconds, and below it so many bits of who took it.
const SLOT_WHO_BITS: u32 = 16;
/// The latest time that the slots after it are reckoned from, in milliseconds: the year
/// 6429. What stands later was never written by a clock, and new items stand before it.
const SLOT_MS_MAX: u64 = 1 << 47;

/// An item as it stands in the document.
pub(crate) struct Present<'a> {
    pub(crate) slot: u64,
    pub(crate) cells: Vec<(String, Found<'a>)>,
}

/// What to do to the document's list.
#[derive(PartialEq, Eq)]
pub(crate) enum Step<'f> {
    /// The fields that differ are written.
    Update {
        slot: u64,
        before: &'f [Field],
        after: &'f [Field],
    },
    /// The item's fields are deleted.
    Remove { slot: u64 },
    /// An item is written to a new slot, after all others.
    Append { item: &'f [Field] },
}

/// The slots for new items of a list, each after all that are there.
pub(crate) struct Slots {
    taken: BTreeSet<u64>,
    ms: u64,
    who: u64,
}

impl Slots {
    /// Two sessions that add at once, apart, differ in the time or in who they are: two
    /// people's items do not meet in one slot.
    pub(crate) fn after(present: &[Present<'_>], stamp: Stamp) -> Self {
        let taken: BTreeSet<u64> = present.iter().map(|it| it.slot).collect();
        let times = taken.iter().map(|slot| slot >> SLOT_WHO_BITS);
        let last = times.filter(|it| *it < SLOT_MS_MAX).max();
        let now = u64::try_from(stamp.at.0).unwrap_or(0).min(SLOT_MS_MAX);
        let [high, low, ..] = stamp.actor;
        Self {
            ms: now.max(last.map_or(0, |it| it + 1)),
            who: u64::from(u16::from_be_bytes([high, low])),
            taken,
        }
    }

    pub(crate) fn next_free(&mut self) -> u64 {
        loop {
            let slot = self.ms << SLOT_WHO_BITS | self.who;
            self.ms += 1;
            if self.taken.insert(slot) {
                return slot;
            }
        }
    }
}

/// The steps from the list that a person saw to the one that it should be, on the document
/// as others may have left it meanwhile.
pub(crate) fn steps<'f>(
    before: &'f [Vec<Field>],
    after: &'f [Vec<Field>],
    present: &[Present<'_>],
) -> Vec<Step<'f>> {
    let slots = align(before, present);
    let same = before.iter().zip(after).take_while(|(old, new)| old == new);
    let first = same.count();
    let (_, old) = before.split_at(first);
    let (_, new) = after.split_at(first);
    let (_, slots) = slots.split_at(first);
    let ends = old.iter().rev().zip(new.iter().rev());
    let last = ends.take_while(|(old, new)| old == new).count();
    // An item put before others moves them all by one.
    let last = if new.len() > old.len() { 0 } else { last };
    let old_len = old.len() - last;
    let new_len = new.len() - last;
    let changed = old.iter().zip(slots).take(old_len);
    let mut wanted = new.iter().take(new_len);
    let mut steps = Vec::new();
    for (before, slot) in changed {
        match (slot, wanted.next()) {
            (Some(slot), Some(after)) if before != after => steps.push(Step::Update {
                slot: *slot,
                before,
                after,
            }),
            (Some(_), Some(_)) | (None, None) => {}
            (Some(slot), None) => steps.push(Step::Remove { slot: *slot }),
            (None, Some(item)) => steps.push(Step::Append { item }),
        }
    }
    steps.extend(wanted.map(|item| Step::Append { item }));
    steps
}

/// The slot of each item that the person saw: the one that still says the same, otherwise
/// the one in the same place of the list; none when it is gone.
fn align(before: &[Vec<Field>], present: &[Present<'_>]) -> Vec<Option<u64>> {
    let mut free: Vec<Option<&Present<'_>>> = present.iter().map(Some).collect();
    let mut slots: Vec<Option<u64>> = Vec::with_capacity(before.len());
    for item in before {
        let same = free
            .iter_mut()
            .find(|it| it.is_some_and(|it| it.says(item)));
        slots.push(same.and_then(Option::take).map(|it| it.slot));
    }
    for (slot, place) in slots.iter_mut().zip(&mut free) {
        if slot.is_none() {
            *slot = place.take().map(|it| it.slot);
        }
    }
    slots
}

impl Present<'_> {
    fn says(&self, item: &[Field]) -> bool {
        item.iter().all(|field| {
            let cell = self.cells.iter().find(|(name, _)| name == field.name);
            cell.map_or(field.usual, |(_, found)| found.is(&field.value))
        })
    }
}

#[cfg(test)]
mod tests {
    use std::borrow::Cow;

    use super::*;
    use crate::{doc::fields::Value, time::Timestamp};

    fn items(of: &str) -> Vec<Vec<Field>> {
        let item = |c: char| {
            vec![Field {
                name: "",
                value: Value::Text(c.to_string()),
                usual: false,
            }]
        };
        of.chars().map(item).collect()
    }

    fn word(item: &[Field]) -> String {
        item[0].value.in_words()
    }

    /// Steps from `before` to `after` where the document holds `present` in slots 0, 10, 20…
    #[track_caller]
    fn check(before: &str, after: &str, present: &str, expected: &str) {
        let present: Vec<Present<'_>> = present
            .chars()
            .zip((0..).step_by(10))
            .map(|(c, slot)| Present {
                slot,
                cells: vec![(String::new(), Found::Text(Cow::Owned(c.to_string())))],
            })
            .collect();
        let (before, after) = (items(before), items(after));
        let steps = steps(&before, &after, &present);
        let said: Vec<String> = steps
            .iter()
            .map(|step| match step {
                Step::Update { slot, after, .. } => format!("{slot}={}", word(after)),
                Step::Remove { slot } => format!("-{slot}"),
                Step::Append { item } => format!("+{}", word(item)),
            })
            .collect();
        assert_eq!(said.join(" "), expected);
    }

    fn slots(present: &[u64], at: i64, actor: u8) -> Slots {
        let item = |slot: &u64| Present {
            slot: *slot,
            cells: Vec::new(),
        };
        let present: Vec<Present<'_>> = present.iter().map(item).collect();
        let stamp = Stamp {
            actor: [actor; 16],
            at: Timestamp(at),
        };
        Slots::after(&present, stamp)
    }

    #[test]
    fn two_who_add_in_the_same_millisecond_take_two_slots() {
        // Also beside an item that a clock which was ahead wrote.
        for present in [&[0, 1][..], &[9_000 << 16]] {
            let [mut one, mut other] = [1, 2].map(|actor| slots(present, 1_000, actor));
            let one = [one.next_free(), one.next_free()];
            let other = [other.next_free(), other.next_free()];
            assert!(
                one.iter().all(|it| !other.contains(it)),
                "{one:?} {other:?}"
            );
            assert!(one > [*present.last().unwrap(), 0] && one[0] < one[1]);
        }
    }

    #[test]
    fn a_slot_that_no_clock_gave_leaves_room_for_new_ones() {
        let last = SLOT_MS_MAX << SLOT_WHO_BITS | 0x0101;
        let present = [0, last, u64::MAX];
        for at in [0, 1_000, i64::MAX, i64::MIN] {
            let mut slots = slots(&present, at, 1);
            let next = [slots.next_free(), slots.next_free()];
            assert!(next[0] < next[1] && next.iter().all(|it| !present.contains(it)));
        }
    }

    #[test]
    fn a_changed_item_touches_its_slot_alone() {
        check("abc", "abc", "abc", "");
        check("abc", "axc", "abc", "10=x");
        check("abc", "bc", "abc", "-0");
        check("abc", "ac", "abc", "-10");
        check("abc", "", "abc", "-0 -10 -20");
        check("ab", "abcd", "ab", "+c +d");
    }

    #[test]
    fn an_item_put_first_moves_the_others() {
        check("ab", "xab", "ab", "0=x 10=a +b");
    }

    #[test]
    fn what_others_did_to_the_list_meanwhile_stays() {
        check("ab", "abx", "abo", "+x");
        check("ab", "ax", "aob", "20=x");
        check("ab", "b", "oab", "-10");
        check("ab", "xb", "b", "+x");
        check("ab", "xb", "ob", "0=x");
        check("ab", "b", "b", "");
    }
}
