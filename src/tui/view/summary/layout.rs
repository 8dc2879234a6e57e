//! Which pane gets how many rows.

use std::ops::Range;

/// The rows of panes that want so many, below each other in `height`. Each gets `least` of
/// what it wants, in turn, while there are rows; then each one more, in turn.
pub(super) fn share(height: usize, wanted: &[usize], least: usize) -> Vec<usize> {
    let mut left = height;
    let mut shares = Vec::with_capacity(wanted.len());
    for wanted in wanted {
        let first = (*wanted).min(least).min(left);
        left -= first;
        shares.push(first);
    }
    while left > 0 {
        let before = left;
        for (share, wanted) in shares.iter_mut().zip(wanted) {
            let one = usize::from(*share < *wanted && left > 0);
            *share += one;
            left -= one;
        }
        if left == before {
            break;
        }
    }
    shares
}

/// Where these rows stand: with an empty row between panes, where there is room for it.
pub(super) fn spread(height: usize, shares: &[usize]) -> Vec<Range<usize>> {
    let gaps = shares.len().saturating_sub(1);
    let gap = usize::from(shares.iter().sum::<usize>() + gaps <= height);
    let mut start = 0;
    let places = shares.iter().map(|rows| {
        let place = start..start + rows;
        start = place.end + gap;
        place
    });
    places.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(height: usize, wanted: &[usize], expected: &[usize]) {
        assert_eq!(share(height, wanted, 2), expected, "{wanted:?} in {height}");
    }

    #[test]
    fn everyone_gets_what_they_want_where_there_is_room() {
        check(17, &[3, 6, 5], &[3, 6, 5]);
    }

    #[test]
    fn where_there_is_little_room_every_pane_shows_something() {
        check(9, &[10, 10, 10], &[3, 3, 3]);
        check(6, &[10, 10, 10], &[2, 2, 2]);
        check(8, &[1, 10, 3], &[1, 4, 3]);
    }

    #[test]
    fn the_first_come_first_where_there_is_too_little() {
        check(3, &[10, 10, 10], &[2, 1, 0]);
        check(0, &[1, 1], &[0, 0]);
    }

    #[test]
    fn no_row_is_given_twice_and_none_is_wasted() {
        for height in 0..30 {
            for first in 0..12 {
                for second in 0..12 {
                    let wanted = [first, second, 5];
                    let shares = share(height, &wanted, 2);
                    let sum: usize = shares.iter().sum();
                    assert_eq!(sum, height.min(first + second + 5));
                    let last = spread(height, &shares).pop().unwrap();
                    assert!(last.end <= height, "{last:?} of {height}");
                }
            }
        }
    }
}
