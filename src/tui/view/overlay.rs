//! Help, the palette, the messages and questions, over whatever is below.

use std::collections::VecDeque;

use ratatui::layout::Rect;

use super::super::{pen::Pen, theme::Role};
use crate::{
    app::{
        Key, Move, Press,
        keymap::{self, Action, Context},
        notice::Said,
        overlay::{self, Commands, CommandsKind, Overlay, Question},
        window,
    },
    chart::who,
    text::Shown,
    time::Moment,
};

pub(super) struct OverlayView<'a> {
    pub(super) overlay: &'a Overlay,
    pub(super) log: &'a VecDeque<(Moment, Said)>,
    /// The role of the person who is signed in.
    pub(super) role: Option<who::Role>,
}

/// The widest that a box over the screen is.
const BOX: u16 = 76;

impl OverlayView<'_> {
    pub(super) fn draw(&self, pen: &mut Pen<'_>) {
        match self.overlay {
            Overlay::Commands(commands) => draw_commands(commands, pen),
            Overlay::Messages(selected) => self.draw_messages(selected.0, pen),
            Overlay::Menu(contexts) => self.draw_menu(contexts, pen),
            Overlay::Question(question) => draw_question(question, pen),
        }
    }

    /// What can be done with the selected row, each with its letter.
    fn draw_menu(&self, contexts: &[Context], pen: &mut Pen<'_>) {
        let rows: Vec<_> = keymap::rows_for(contexts, self.role).collect();
        let height = u16::try_from(rows.len()).unwrap_or(u16::MAX);
        let title = pen.say("menu-title");
        let mut inside = open(height.saturating_add(2), title, pen);
        for (y, row) in (0..).zip(rows) {
            let key = row.keys.first().map(|it| it.said(inside.look.say));
            inside.cell((1, y), 6, key.unwrap_or_default(), Role::Heading);
            inside.put_line(8, y, row.says, Role::Plain);
            inside.target((0, y), BOX, row.action.clone());
        }
        inside.caret(1, 0);
    }

    fn draw_messages(&self, selected: usize, pen: &mut Pen<'_>) {
        let rows = pen.height().saturating_sub(6);
        let title = pen.say("messages-title");
        let mut inside = open(rows, title, pen);
        let height = usize::from(inside.height());
        if self.log.is_empty() {
            inside.put_line(1, 0, "messages-none", Role::Plain);
            inside.caret(1, 0);
        }
        let shown = window(selected, self.log.len(), height);
        for (y, index) in (0..).zip(shown) {
            if let Some((at, said)) = self.log.get(index) {
                let time = inside.look.say.clock(*at);
                let text = format!("  {time}  {}", said.in_words(inside.look.say));
                inside.put(0, y, text, Role::Plain);
            }
            if index == selected {
                mark(y, &mut inside);
            }
        }
    }
}

fn draw_commands(commands: &Commands, pen: &mut Pen<'_>) {
    let (title, prompt) = match commands.kind {
        CommandsKind::Help => ("help-title", "help-prompt"),
        CommandsKind::Palette => ("palette-title", "palette-prompt"),
    };
    let rows = pen.height().saturating_sub(6);
    let title = pen.say(title);
    let mut inside = open(rows, title, pen);
    let prompt = format!("{} ", inside.say(prompt));
    let x = inside.put(1, 0, prompt, Role::Plain);
    let (before, after) = commands.line.halves();
    let before = Shown::from(before);
    let caret = x + u16::try_from(before.width()).unwrap_or(0);
    let width = inside.width().saturating_sub(x + 1);
    inside.cell((x, 0), width, format!("{before}{after}"), Role::Focus);
    let mut y = 2;
    if let (CommandsKind::Help, Some(about)) = (commands.kind, commands.about) {
        let width = usize::from(inside.width().saturating_sub(2));
        for line in Shown::wrapped(&inside.say(about), width) {
            inside.put(1, y, line, Role::Plain);
            y += 1;
        }
        y += 1;
    }
    let found = commands.rows(inside.look.say);
    let height = usize::from(inside.height().saturating_sub(y));
    let shown = window(commands.selected.0, found.len(), height);
    for (row, index) in (y..).zip(shown) {
        let Some(command) = found.get(index) else {
            continue;
        };
        let keys: Vec<String> = command
            .keys
            .iter()
            .map(|key| key.said(inside.look.say))
            .collect();
        inside.cell((2, row), 16, keys.join(" "), Role::Heading);
        inside.put_line(19, row, command.says, Role::Plain);
        let chosen = index == commands.selected.0;
        let action = if chosen {
            Action::Overlay(overlay::Action::Run)
        } else {
            Action::Press(Press::Move(Move::To(index)))
        };
        inside.target((0, row), BOX, action);
        if chosen {
            mark(row, &mut inside);
        }
    }
    inside.caret(caret, 0);
}

fn draw_question(question: &Question, pen: &mut Pen<'_>) {
    let say = pen.look.say;
    let width = usize::from(pen.width().min(BOX).saturating_sub(6));
    let lines: Vec<Shown> = question
        .lines
        .iter()
        .flat_map(|it| Shown::wrapped(&it.in_words(say), width))
        .collect();
    let back = question.back.as_ref().map(|it| it.in_words(say));
    let rows = u16::try_from(lines.len()).unwrap_or(0) + 5 + u16::from(back.is_some());
    let mut inside = open(rows + 2, question.title.in_words(say), pen);
    let mut y = 1;
    for line in lines {
        inside.put(2, y, line, Role::Plain);
        y += 1;
    }
    y += 1;
    let [enter, esc] = [Key::Enter, Key::Esc].map(|it| it.said(say));
    let key = if back.is_some() { enter } else { esc.clone() };
    let safe = format!("  {key:<6} {}", question.safe.in_words(say));
    inside.put(0, y, safe, Role::Plain);
    mark(y, &mut inside);
    let choose = Action::Overlay(overlay::Action::Safe);
    inside.target((0, y), BOX, choose);
    let other = format!("  {:<6} {}", question.letter, question.other.in_words(say));
    inside.put(0, y + 1, other, Role::Plain);
    if let Some(back) = back {
        inside.put(0, y + 2, format!("  {esc:<6} {back}"), Role::Plain);
    }
}

/// Opens an empty box in the middle of the screen.
fn open<'p>(rows: u16, title: String, pen: &'p mut Pen<'_>) -> Pen<'p> {
    let width = pen.width().min(BOX);
    let rows = rows.min(pen.height().saturating_sub(3)).max(5);
    let x = pen.width().saturating_sub(width) / 2;
    let y = pen.height().saturating_sub(rows + 3) / 2 + 1;
    let part = Rect::new(x, y, width, rows);
    pen.within(part).clear();
    pen.boxed(part, title)
}

fn mark(y: u16, pen: &mut Pen<'_>) {
    pen.put(0, y, ">", Role::Plain);
    pen.tint(y, Role::Selected);
    pen.caret(0, y);
}
