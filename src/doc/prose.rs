//! Free text: a change to it keeps what others wrote in it meanwhile.

use automerge::{
    ActorId, Automerge, AutomergeError, ObjId, ObjType, ROOT, ReadDoc as _,
    transaction::{Transactable as _, Transaction},
};

/// The longest text that is kept letter by letter, in characters. A longer one is kept as
/// one value, of which each concurrent version is shown whole.
pub(crate) const CHARS_MAX: usize = 10_000;

/// Above this product of the lengths of what differs, a difference is taken as one piece:
/// the time to find a smaller one grows with it.
const DIFFERENCE_MAX: usize = 4_000_000;

/// Makes of the text, which a person saw as `before`, what the person made of it.
pub(crate) fn update(
    tx: &mut Transaction<'_>,
    text: &ObjId,
    before: &str,
    after: &str,
) -> Result<(), AutomergeError> {
    let now = tx.text(text)?;
    if now == before {
        rewrite(tx, text, before, after)
    } else {
        let both = merge(before, &now, after)?;
        rewrite(tx, text, &now, &both)
    }
}

/// What `before` becomes when one person makes `one` of it and another makes `two`.
fn merge(before: &str, one: &str, two: &str) -> Result<String, AutomergeError> {
    let mut base = Automerge::new().with_actor(ActorId::from([0; 16]));
    let mut tx = base.transaction();
    let text = tx.put_object(ROOT, "t", ObjType::Text)?;
    tx.splice_text(&text, 0, 0, before)?;
    tx.commit();
    let branch = |actor: u8, after: &str| {
        let mut doc = base.clone().with_actor(ActorId::from([actor; 16]));
        let mut tx = doc.transaction();
        rewrite(&mut tx, &text, before, after)?;
        tx.commit();
        Ok::<_, AutomergeError>(doc)
    };
    let mut whole = branch(1, one)?;
    whole.merge(&mut branch(2, two)?)?;
    whole.text(&text)
}

fn rewrite(
    tx: &mut Transaction<'_>,
    text: &ObjId,
    before: &str,
    after: &str,
) -> Result<(), AutomergeError> {
    let old: Vec<char> = before.chars().collect();
    let new: Vec<char> = after.chars().collect();
    let alike = |(a, b): &(&char, &char)| a == b;
    let first = old.iter().zip(&new).take_while(alike).count();
    let rest = old
        .iter()
        .skip(first)
        .rev()
        .zip(new.iter().skip(first).rev());
    let last = rest.take_while(alike).count();
    let gone = old.len() - first - last;
    let come = new.len() - first - last;
    if gone.saturating_mul(come) <= DIFFERENCE_MAX {
        return tx.update_text(text, after);
    }
    let come: String = new.into_iter().skip(first).take(come).collect();
    tx.splice_text(text, first, isize::try_from(gone).unwrap_or(0), &come)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(before: &str, one: &str, two: &str, expected: &str) {
        assert_eq!(merge(before, one, two).unwrap(), expected);
    }

    #[test]
    fn two_changes_of_one_text_both_stay() {
        check("fever", "fever 3 days", "high fever", "high fever 3 days");
        check("a b c", "a c", "a b c d", "a c d");
        check("", "one", "", "one");
        check("ስም", "ስም ታማሚ", "ስም", "ስም ታማሚ");
    }

    #[test]
    fn a_long_text_of_which_all_changed_is_replaced_in_one_piece() {
        let (old, new) = ("x".repeat(9_000), "y".repeat(9_000));
        check(&old, &new, &old, &new);
    }
}
