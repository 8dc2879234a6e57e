//! The page of a note cut into rows.

use std::ops::Range;

use super::NoteView;
use crate::{
    app::{note::Field, row_of, rows, vitals::label},
    care::rounds,
    tui::{
        pen::Pen,
        theme::Role,
        view::{
            echo::{EchoView, flowing},
            vitals::marked,
        },
    },
};

/// What stands in a row.
pub(super) enum Row {
    /// The line of vital signs.
    Vitals,
    /// What the vital signs mean, or what was measured before.
    Meaning(Vec<(String, Role)>),
    /// A piece of a section.
    Text(Range<usize>),
    /// A chosen diagnosis.
    Chosen(usize),
    /// The line in which a diagnosis is typed.
    DxLine,
    /// A diagnosis that is offered.
    Offered(usize),
    /// A remark under a section.
    Remark(String),
}

/// A row of a part of the page.
pub(super) struct Labelled {
    pub(super) field: Field,
    /// Whether it is the part's first, which has the label.
    pub(super) first: bool,
    /// Whether the caret stands in it.
    pub(super) caret: bool,
    pub(super) row: Row,
}

impl NoteView<'_> {
    /// All rows of the page; `width` is that of the sections.
    pub(super) fn rows(
        &self,
        echo: &EchoView,
        width: usize,
        pen: &Pen<'_>,
    ) -> Vec<Labelled> {
        let mut all = Vec::new();
        for field in self.state.fields() {
            let rows = match field {
                Field::Vitals => self.vitals_rows(echo, width, pen),
                Field::Dx => self.dx_rows(),
                Field::Why | Field::Found | Field::Plan | Field::Added => {
                    self.text_rows(*field, width, pen)
                }
            };
            let here = *field == self.state.at;
            let labelled = rows.into_iter().enumerate();
            all.extend(labelled.map(|(index, (row, caret))| Labelled {
                field: *field,
                first: index == 0,
                caret: here && caret,
                row,
            }));
        }
        all
    }

    fn vitals_rows(
        &self,
        echo: &EchoView,
        width: usize,
        pen: &Pen<'_>,
    ) -> Vec<(Row, bool)> {
        let meaning = if self.state.vitals.is_empty() {
            self.measured(width, pen)
        } else {
            echo.meaning().to_vec()
        };
        let meaning = meaning.into_iter().map(|it| (Row::Meaning(it), false));
        std::iter::once((Row::Vitals, true))
            .chain(meaning)
            .collect()
    }

    /// What was measured today already.
    fn measured(&self, width: usize, pen: &Pen<'_>) -> Vec<Vec<(String, Role)>> {
        let observations = self.chart.visits.as_ref().map(|it| &it.observations);
        let rounds = observations.map_or_else(Vec::new, rounds);
        let today = pen.look.now.day();
        let Some(round) = rounds.first().filter(|it| it.when.date() == today) else {
            return Vec::new();
        };
        let when = pen.look.say.when_seen_from(round.when, today);
        let mut pieces = vec![(when, Role::Plain)];
        pieces.extend(round.taken.iter().map(|it| {
            let (value, role) = marked(it, self.chart);
            (format!("{} {value}", pen.say(label(it.vital))), role)
        }));
        flowing(pieces, width)
    }

    fn text_rows(&self, field: Field, width: usize, pen: &Pen<'_>) -> Vec<(Row, bool)> {
        let Some(section) = self.state.section(field) else {
            return Vec::new();
        };
        let pieces = rows(section.passage.text(), width);
        let (here, _) = row_of(&pieces, section.passage.caret());
        let pieces = pieces.into_iter().enumerate();
        let mut all: Vec<(Row, bool)> = pieces
            .map(|(index, it)| (Row::Text(it), index == here))
            .collect();
        let left = section.blanks_left();
        if left > 0 {
            let args = [("n", left.into())];
            let said = pen.look.say.with("note-blanks", &args);
            all.push((Row::Remark(said), false));
        }
        all
    }

    fn dx_rows(&self) -> Vec<(Row, bool)> {
        let dx = &self.state.dx;
        let focused = self.state.at == Field::Dx;
        let chosen = (0..dx.chosen.len()).map(|it| (Row::Chosen(it), dx.at == Some(it)));
        let mut all: Vec<(Row, bool)> = chosen.collect();
        if focused || all.is_empty() || !dx.line.is_empty() {
            all.push((Row::DxLine, dx.at.is_none()));
        }
        if focused {
            all.extend((0..dx.offers.len()).map(|it| (Row::Offered(it), false)));
        }
        all
    }
}
