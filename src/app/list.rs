//! A list with one selected row.

use std::ops::Range;

use super::Move;

/// The selected row of a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Selected(pub usize);

impl Selected {
    /// Moves within `total` rows, `page` rows at a time.
    pub fn moved(&mut self, to: Move, total: usize, page: usize) {
        let last = total.saturating_sub(1);
        self.0 = match to {
            Move::Up => self.0.saturating_sub(1),
            Move::Down => self.0 + 1,
            Move::PageUp => self.0.saturating_sub(page.max(1)),
            Move::PageDown => self.0 + page.max(1),
            Move::First => 0,
            Move::Last => last,
            Move::To(row) => row,
        }
        .min(last);
    }
}

/// The rows of a long list that fit, with the selected one among them. They stay while the
/// selection moves within them, since a list that moves costs a whole screen of bytes; where
/// it leaves them, two rows are seen again.
pub fn window(selected: usize, total: usize, height: usize) -> Range<usize> {
    let last_start = total.saturating_sub(height);
    let step = height.saturating_sub(2).max(1);
    let start = (selected / step * step).min(last_start);
    start..(start + height).min(total)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_selected_row_is_always_in_view() {
        for height in 1..8 {
            for total in 1..20 {
                for selected in 0..total {
                    let rows = window(selected, total, height);
                    assert!(
                        rows.contains(&selected),
                        "{selected} of {total} in {height}"
                    );
                    assert!(rows.len() == height.min(total));
                }
            }
        }
    }

    #[test]
    fn a_move_stays_within_the_list() {
        let mut selected = Selected(0);
        for (to, expected) in [
            (Move::Up, 0),
            (Move::Down, 1),
            (Move::PageDown, 4),
            (Move::Down, 4),
            (Move::First, 0),
            (Move::Last, 4),
            (Move::PageUp, 1),
        ] {
            selected.moved(to, 5, 3);
            assert_eq!(selected.0, expected, "after {to:?}");
        }
        selected.moved(Move::Last, 0, 3);
        assert_eq!(selected.0, 0);
    }
}
