//! From typed text to a ranked list.

use std::cmp::{Ordering, Reverse};

use super::{
    Field, Index, Match, Row, Slot,
    fold::Folded,
    lexicon::{Lexicon, Typed},
    place,
    quality::Quality,
};

/// The typed words that are looked at.
const WORDS_MAX: usize = 16;

/// Points of a mean fit for each point of a single one.
const SCORE_SCALE: u16 = 10;

/// The best fit of one typed word, or of all so far, in one row.
#[derive(Clone, Copy)]
struct Fit {
    /// Sum over the typed words, then their mean; 0 when one of them does not fit.
    score: u16,
    weakest: Quality,
    field: Field,
}

impl Index {
    /// The patients in whom every typed word is found, in any order and any field: the best
    /// fits first, among equals those seen last, then by name. Empty text finds nobody.
    pub fn search(&self, text: &str, limit: usize) -> Vec<Match> {
        let folded = Folded::of(text);
        let mut fits = self.fits(folded.words());
        let joined = folded.joined_words();
        let joined = joined.map(|it| self.fits(it.iter().map(String::as_str)));
        for (fit, other) in fits.iter_mut().zip(joined.unwrap_or_default()) {
            if other.score > fit.score {
                *fit = other;
            }
        }
        self.best(&fits, limit)
    }

    /// How all typed words fit, row by row.
    fn fits<'a>(&self, typed: impl Iterator<Item = &'a str>) -> Vec<Fit> {
        let mut typed = typed.take(WORDS_MAX).map(Typed::new);
        let mut all = typed.next().map(|it| self.fits_of(&it)).unwrap_or_default();
        let mut count = 1;
        for more in typed.map(|it| self.fits_of(&it)) {
            all.iter_mut()
                .zip(more)
                .for_each(|(fit, more)| fit.and(more));
            count += 1;
        }
        for fit in &mut all {
            fit.score = fit.score * SCORE_SCALE / count;
        }
        all
    }

    fn fits_of(&self, typed: &Typed) -> Vec<Fit> {
        let mut fits = vec![Fit::NONE; self.rows.len()];
        let mut note = |quality: Quality, field: Field, slot: Slot| {
            if let Some(fit) = place(slot).and_then(|it| fits.get_mut(it)) {
                fit.or(quality, field);
            }
        };
        let fields: [(&Lexicon, Field); 2] =
            [(&self.names, Field::Name), (&self.villages, Field::Village)];
        for (lexicon, field) in fields {
            lexicon.each_fitting(typed, |quality, slots| {
                let elsewhere = field != Field::Name;
                let quality = if elsewhere { quality.less() } else { quality };
                for slot in slots {
                    note(quality, field, *slot);
                }
            });
        }
        if typed.has_digit() {
            self.codes.each_fitting(&typed.text, note);
        }
        fits
    }

    fn best(&self, fits: &[Fit], limit: usize) -> Vec<Match> {
        let fitting = self.rows.iter().zip(fits).filter(|(_, fit)| fit.score > 0);
        let fitting = fitting.filter_map(|(row, fit)| Some((row.as_ref()?, fit)));
        let mut found: Vec<(&Row, &Fit)> =
            fitting.filter(|(row, _)| !row.hidden).collect();
        if limit < found.len() {
            found.select_nth_unstable_by(limit, rank);
            found.truncate(limit);
        }
        found.sort_unstable_by(rank);
        let matches = found.into_iter().filter_map(|(row, fit)| {
            Some(Match {
                patient: row.patient,
                score: fit.score,
                how: fit.weakest.how()?,
                field: fit.field,
            })
        });
        matches.collect()
    }
}

impl Fit {
    const NONE: Self = Self {
        score: 0,
        weakest: Quality(0),
        field: Field::Name,
    };

    /// The same typed word, found once more.
    fn or(&mut self, quality: Quality, field: Field) {
        if quality > self.weakest {
            *self = Self {
                score: u16::from(quality.0),
                weakest: quality,
                field,
            };
        }
    }

    /// The next typed word.
    fn and(&mut self, next: Self) {
        let both = self.score > 0 && next.score > 0;
        let weaker = next.weakest < self.weakest;
        *self = match (both, weaker) {
            (false, _) => Self::NONE,
            (true, false) => Self {
                score: self.score + next.score,
                ..*self
            },
            (true, true) => Self {
                score: self.score + next.score,
                ..next
            },
        };
    }
}

fn rank((row, fit): &(&Row, &Fit), (other, other_fit): &(&Row, &Fit)) -> Ordering {
    Reverse(fit.score)
        .cmp(&Reverse(other_fit.score))
        .then_with(|| other.last_seen.cmp(&row.last_seen))
        .then_with(|| name(row).cmp(&name(other)))
        .then_with(|| row.patient.cmp(&other.patient))
}

fn name(row: &Row) -> Option<(&str, &str)> {
    let name = row.names.first();
    name.map(|it| (it.family.as_str(), it.given.as_str()))
}
