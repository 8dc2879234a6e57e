//! A visit's note (S5), from the vital signs to the plan, in rows of which the one with the
//! caret is always in view.

mod offer;
mod rows;

use std::ops::Range;

use ratatui::layout::Rect;

use self::rows::{Labelled, Row};
use super::{
    super::{pen::Pen, theme::Role},
    echo::EchoView,
    line::draw_line,
};
use crate::{
    app::{
        Press, Who, cells,
        keymap::Action,
        note::{Field, List, Section, Stage, State, Task, text_width, words},
        window,
    },
    care::phrases::blanks,
    chart::Chart,
    text::Shown,
    time::When,
};

pub(super) struct NoteView<'a> {
    pub(super) state: &'a State,
    pub(super) chart: &'a Chart,
    pub(super) who: &'a Who,
}

/// The column in which the sections stand, behind their labels.
const TEXT: u16 = 9;

impl NoteView<'_> {
    pub(super) fn draw(&self, pen: &mut Pen<'_>) {
        self.draw_title(pen);
        let width = text_width(pen.width());
        let across = u16::try_from(width).unwrap_or(u16::MAX);
        let echo = EchoView::new(&self.state.vitals, self.chart, across, pen);
        let rows = self.rows(&echo, width, pen);
        let asks = u16::from(self.state.stage == Stage::Confirming);
        let height = pen.height().saturating_sub(1 + asks);
        let here = rows.iter().position(|it| it.caret).unwrap_or(0);
        let selected = rows.iter().position(|it| self.is_selected(it));
        let middle = selected.unwrap_or(here);
        let shown = window(middle, rows.len(), usize::from(height));
        let mut caret_row = 1;
        for (y, index) in (1..).zip(shown) {
            if let Some(row) = rows.get(index) {
                self.draw_row(row, &echo, y, pen);
                caret_row = if index == here { y } else { caret_row };
            }
        }
        if asks == 1 {
            let args = [("name", self.who.name.clone().into())];
            let said = pen.look.say.with("note-sign-as", &args);
            let y = pen.height() - 1;
            pen.put(1, y, said, Role::Plain);
            pen.tint(y, Role::Selected);
            pen.caret(1, y);
        } else if let Some(section) = self.state.section(self.state.at) {
            let column = rows.get(here).map_or(0, |it| caret_column(it, section));
            offer::draw(section, (TEXT + column, caret_row), pen);
        }
    }

    /// Whether it is the selected one of the diagnoses that are offered.
    fn is_selected(&self, row: &Labelled) -> bool {
        matches!(row.row, Row::Offered(index) if index == self.state.dx.selected.0)
    }

    fn draw_title(&self, pen: &mut Pen<'_>) {
        let (say, state) = (pen.look.say, self.state);
        let begun = When::At(state.begun);
        let begun = say.when_seen_from(begun, pen.look.now.day());
        let id = match state.task {
            Task::Today | Task::Continue(_) => "note-title",
            Task::AddTo(_) => "note-title-addendum",
        };
        pen.rule(0, say.with(id, &[("time", begun.into())]));
        let told = match (state.stage, state.kept) {
            (Stage::Saving(_), _) => say.line("note-saving"),
            (Stage::Signing(_), _) => say.line("note-signing"),
            (Stage::Writing | Stage::Confirming, Some(kept)) => {
                say.with("note-draft-kept", &[("time", say.clock(kept).into())])
            }
            (Stage::Writing | Stage::Confirming, None) => return,
        };
        let told = Shown::from(format!(" {told} "));
        let across = u16::try_from(told.width()).unwrap_or(0);
        let x = pen.width().saturating_sub(across + 2);
        pen.put(x, 0, told.as_str(), Role::Plain);
    }

    fn draw_row(&self, row: &Labelled, echo: &EchoView, y: u16, pen: &mut Pen<'_>) {
        if row.first {
            let here = row.field == self.state.at;
            let role = if here { Role::Heading } else { Role::Plain };
            pen.put(0, y, if here { ">" } else { " " }, role);
            let name = pen.say(field_label(row.field));
            pen.cell((1, y), TEXT - 2, name, role);
        }
        let here = self.state.fields().iter().position(|it| *it == row.field);
        if let Some(field) = here {
            pen.target((0, y), pen.width(), Action::Press(Press::Field(field)));
        }
        let width = pen.width().saturating_sub(TEXT + 1);
        let mut inside = pen.within(Rect::new(TEXT, y, width, 1));
        match &row.row {
            Row::Vitals => {
                echo.draw_line(&self.state.vitals, row.caret, &mut inside);
            }
            Row::Meaning(pieces) => {
                let mut x = 0;
                for (text, role) in pieces {
                    x = inside.put(x, 0, text.as_str(), *role) + 2;
                }
            }
            Row::Text(piece) => {
                if let Some(section) = self.state.section(row.field) {
                    draw_piece(section, piece.clone(), row.caret, &mut inside);
                }
            }
            Row::Chosen(index) => self.draw_chosen(*index, &mut inside),
            Row::DxLine => {
                draw_line(&self.state.dx.line, row.caret, &mut inside);
            }
            Row::Offered(index) => self.draw_offered(*index, &mut inside),
            Row::Remark(text) => {
                inside.put(0, 0, text.as_str(), Role::Ask);
            }
        }
    }

    fn draw_chosen(&self, index: usize, pen: &mut Pen<'_>) {
        let dx = &self.state.dx;
        let Some(diagnosis) = dx.chosen.get(index) else {
            return;
        };
        let beside = match diagnosis.list {
            List::Not if diagnosis.code.coding.is_none() => "note-not-coded",
            List::Not => "",
            List::Put => "note-to-list",
            List::From => "note-from-list",
        };
        draw_diagnosis(&words(&diagnosis.code), beside, pen);
        if dx.at == Some(index) {
            pen.tint(0, Role::Selected);
            pen.caret(0, 0);
        }
    }

    fn draw_offered(&self, index: usize, pen: &mut Pen<'_>) {
        let dx = &self.state.dx;
        let Some(offered) = dx.offers.get(index) else {
            return;
        };
        let beside = if offered.from_list {
            "note-from-list"
        } else if offered.code.coding.is_none() {
            "note-not-coded"
        } else {
            ""
        };
        let selected = dx.selected.0 == index;
        let mark = if selected { ">" } else { " " };
        pen.target_row(0, index, selected);
        draw_diagnosis(&format!("{mark} {}", words(&offered.code)), beside, pen);
        if selected {
            pen.tint(0, Role::Selected);
        }
    }
}

fn draw_diagnosis(text: &str, beside: &str, pen: &mut Pen<'_>) {
    let room = pen.width();
    let beside = if beside.is_empty() {
        Shown::default()
    } else {
        Shown::from(format!(" {}", pen.say(beside)))
    };
    let across = u16::try_from(beside.width()).unwrap_or(room);
    pen.cell((0, 0), room.saturating_sub(across), text, Role::Plain);
    if !beside.is_empty() {
        pen.put(room.saturating_sub(across), 0, beside.as_str(), Role::Plain);
    }
}

/// Draws a row of a section, its blanks marked, and the caret when it stands there.
fn draw_piece(section: &Section, piece: Range<usize>, caret: bool, pen: &mut Pen<'_>) {
    let text = section.passage.text();
    // The space at which a row is broken need not fit.
    let seen = text.get(piece.clone()).unwrap_or_default().trim_end();
    let piece = piece.start..piece.start + seen.len();
    let mut x = 0;
    let mut from = piece.start;
    let mut put = |range: Range<usize>, role| {
        let part = text.get(range).unwrap_or_default();
        x = pen.put(x, 0, part, role);
    };
    for blank in blanks(text) {
        let start = blank.span.start.max(piece.start);
        let end = blank.span.end.min(piece.end);
        if start < end {
            put(from..start, Role::Plain);
            let active = section.blank.as_ref() == Some(&blank.span);
            put(start..end, if active { Role::Selected } else { Role::Ask });
            from = end;
        }
    }
    put(from..piece.end, Role::Plain);
    if caret {
        let before = text.get(piece.start..section.passage.caret());
        let column = before.map_or(0, cells);
        pen.caret(u16::try_from(column).unwrap_or(u16::MAX), 0);
    }
}

/// The column of the caret in its row.
fn caret_column(row: &Labelled, section: &Section) -> u16 {
    let Row::Text(piece) = &row.row else { return 0 };
    let text = section.passage.text();
    let before = text.get(piece.start..section.passage.caret());
    u16::try_from(before.map_or(0, cells)).unwrap_or(0)
}

const fn field_label(field: Field) -> &'static str {
    match field {
        Field::Vitals => "vitals-label",
        Field::Why => "note-why",
        Field::Found => "note-found",
        Field::Dx => "note-dx",
        Field::Plan => "note-plan",
        Field::Added => "note-added",
    }
}
