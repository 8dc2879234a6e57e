//! What a changed list means for the slots that its items hold in a document.
//!
//! An item keeps its slot for life. A removed item leaves its slot empty, an added one takes
//! a slot that nobody else took, so that two people may change one list at once.

use crate::doc::{cells::Found, fields::Field};

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
    use crate::doc::fields::Value;

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
