//! A list with one selected row.

use std::ops::Range;

use super::{
    Cx, Move, Press, Step,
    notice::{Notice, Trouble},
};

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

/// A list of what the shell tells, with one selected row.
#[derive(Debug)]
pub struct Listed<T> {
    /// What it holds, in the order of the screen.
    pub rows: Vec<T>,
    /// The selected row.
    pub selected: Selected,
    /// Whether the shell has told.
    pub loaded: bool,
    asked: u32,
}

/// What a key asks of a list besides moving in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wish {
    /// Nothing.
    Nothing,
    /// To leave it.
    Back,
    /// To open the selected row.
    Open,
    /// A new row.
    New,
}

impl<T> Listed<T> {
    /// The number of a question about the rows; only the newest answer counts.
    pub const fn ask(&mut self, cx: &mut Cx<'_>) -> u32 {
        self.asked = cx.request();
        self.asked
    }

    /// Whether this is the answer that is waited for.
    pub const fn is_asked(&self, request: u32) -> bool {
        self.asked == request
    }

    /// The selected row.
    pub fn chosen(&self) -> Option<&T> {
        self.rows.get(self.selected.0)
    }

    /// Moves, and says what else a key asks.
    pub fn press(&mut self, press: &Press, cx: &Cx<'_>) -> Wish {
        if let Press::Move(to) = press {
            self.selected.moved(*to, self.rows.len(), cx.page());
            Wish::Nothing
        } else if *press == Press::Back {
            Wish::Back
        } else if *press == Press::Accept {
            Wish::Open
        } else if *press == Press::New {
            Wish::New
        } else {
            Wish::Nothing
        }
    }

    /// Takes what the shell told, or says why it could not.
    pub fn answered<K: PartialEq>(
        &mut self,
        told: Result<Vec<T>, Trouble>,
        name: impl Fn(&T) -> K,
    ) -> Vec<Step> {
        match told {
            Ok(rows) => {
                self.loaded = true;
                self.change(|it| *it = rows, name);
                Vec::new()
            }
            Err(trouble) => vec![Step::Say(Notice::alarm(trouble.said()))],
        }
    }

    /// Changes the rows; what was selected stays so, where it is still there.
    pub fn change<K: PartialEq>(
        &mut self,
        change: impl FnOnce(&mut Vec<T>),
        name: impl Fn(&T) -> K,
    ) {
        let selected = self.chosen().map(&name);
        change(&mut self.rows);
        let last = self.rows.len().saturating_sub(1);
        let mut names = self.rows.iter().map(name);
        let place = names.position(|it| Some(it) == selected);
        self.selected = Selected(place.unwrap_or(self.selected.0).min(last));
    }
}

impl<T> Default for Listed<T> {
    fn default() -> Self {
        Self {
            rows: Vec::new(),
            selected: Selected::default(),
            loaded: false,
            asked: 0,
        }
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
