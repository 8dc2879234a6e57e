//! What lies over a screen: help, the palette, the messages, a question.

use super::{
    Frame, Key, Line, Move, Press, Selected, Step,
    keymap::{self, Context, Row},
    notice::Said,
};
use crate::{chart::who::Role, say::Say};

/// What lies over the screen.
#[derive(Debug)]
pub enum Overlay {
    /// What the keys do here; also the palette.
    Commands(Commands),
    /// What was said before, the newest first.
    Messages(Selected),
    /// What can be done with the selected row; the next key does it.
    Menu(&'static [Context]),
    /// Something to decide.
    Question(Box<Question>),
}

/// The commands that can be run here, narrowed by what is typed.
#[derive(Debug)]
pub struct Commands {
    /// Whether it is help, which explains the focused field first, or the palette.
    pub kind: CommandsKind,
    /// What is typed.
    pub line: Line,
    /// The selected command.
    pub selected: Selected,
    /// The sentence of help for the field that has the caret.
    pub about: Option<&'static str>,
    contexts: Vec<Context>,
    role: Option<Role>,
}

/// How the commands are shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CommandsKind {
    /// What the keys do here.
    Help,
    /// Run any command by its name.
    Palette,
}

/// Something hard to reverse, to be decided. Enter chooses the safe line, and so does Esc
/// unless it says otherwise; the screen that asked is told.
#[derive(Debug)]
pub struct Question {
    /// What is asked, naming the thing.
    pub title: Said,
    /// What there is to know.
    pub lines: Vec<Said>,
    /// The safe line.
    pub safe: Said,
    /// The letter of the other line.
    pub letter: char,
    /// The other line.
    pub other: Said,
    /// What Esc does, where it is not the safe line: it decides nothing.
    pub back: Option<Said>,
    /// What the other line does; when there is nothing here, the screen that asked is told.
    pub then: Vec<Step>,
}

/// What a key may ask of an overlay.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Action {
    /// Run the selected command.
    Run,
    /// Choose the safe line.
    Safe,
    /// Leave the question: without deciding, where that is offered.
    Leave,
}

/// The overlays' rows of the key table.
pub const KEYS: &[Row] = &[
    Row::hinted(
        Context::Commands,
        &[Key::Enter],
        keymap::Action::Overlay(Action::Run),
        "commands-run",
        "hint-run",
    ),
    Row::new(
        Context::Commands,
        &[Key::Up],
        keymap::Action::Press(Press::Move(Move::Up)),
        "list-up",
    ),
    Row::new(
        Context::Commands,
        &[Key::Down],
        keymap::Action::Press(Press::Move(Move::Down)),
        "list-down",
    ),
    Row::new(
        Context::Commands,
        &[Key::PageUp],
        keymap::Action::Press(Press::Move(Move::PageUp)),
        "list-page-up",
    ),
    Row::new(
        Context::Commands,
        &[Key::PageDown],
        keymap::Action::Press(Press::Move(Move::PageDown)),
        "list-page-down",
    ),
    Row::hinted(
        Context::Commands,
        &[Key::Esc],
        keymap::Action::Press(Press::Back),
        "overlay-close",
        "hint-close",
    ),
    Row::hinted(
        Context::Menu,
        &[Key::Esc],
        keymap::Action::Press(Press::Back),
        "overlay-close",
        "hint-close",
    ),
    Row::hinted(
        Context::Messages,
        &[Key::Esc],
        keymap::Action::Press(Press::Back),
        "overlay-close",
        "hint-close",
    ),
    quit_row(Context::Commands),
    quit_row(Context::Messages),
    quit_row(Context::Question),
    Row::hinted(
        Context::Question,
        &[Key::Enter],
        keymap::Action::Overlay(Action::Safe),
        "question-safe",
        "hint-safe",
    ),
    Row::new(
        Context::Question,
        &[Key::Esc],
        keymap::Action::Overlay(Action::Leave),
        "question-leave",
    ),
];

/// The program can be left from behind whatever lies over the screen.
const fn quit_row(context: Context) -> Row {
    Row::new(
        context,
        &[Key::Ctrl('q')],
        keymap::Action::Frame(Frame::Quit),
        "frame-quit",
    )
}

impl Overlay {
    /// Where keys mean something while it is in front.
    pub const fn contexts(&self) -> &'static [Context] {
        match self {
            Self::Commands(_) => &[Context::Commands, Context::Text],
            Self::Messages(_) => &[Context::Messages, Context::List],
            Self::Menu(contexts) => contexts,
            Self::Question(_) => &[Context::Question],
        }
    }
}

impl Commands {
    /// Everything that a role can do in these contexts.
    pub fn new(
        kind: CommandsKind,
        (contexts, role): (Vec<Context>, Option<Role>),
        about: Option<&'static str>,
    ) -> Self {
        Self {
            kind,
            line: Line::default(),
            selected: Selected::default(),
            about,
            contexts,
            role,
        }
    }

    /// The commands that fit what is typed, the best first.
    pub fn rows(&self, say: &Say) -> Vec<&'static Row> {
        let typed = self.line.trimmed().to_lowercase();
        let rows = keymap::rows_for(&self.contexts, self.role)
            .filter(|row| row.context != Context::Text);
        let mut found: Vec<(usize, &Row)> = Vec::new();
        for row in rows {
            let known = found.iter().any(|(_, it)| it.says == row.says);
            let keys = row.keys.iter().map(|key| key.said(say)).collect::<Vec<_>>();
            let text = format!("{} {}", say.line(row.says), keys.join(" "));
            let fit = fit(&typed, &text.to_lowercase());
            if let Some(gaps) = fit.filter(|_| !known) {
                found.push((gaps, row));
            }
        }
        found.sort_by_key(|(gaps, _)| *gaps);
        found.into_iter().map(|(_, row)| row).collect()
    }

    /// The selected command.
    pub fn chosen(&self, say: &Say) -> Option<&'static Row> {
        self.rows(say).get(self.selected.0).copied()
    }
}

/// How many characters lie between the letters of `typed` where they follow each other in
/// `text`; none when they do not. Nothing typed fits everything alike.
fn fit(typed: &str, text: &str) -> Option<usize> {
    if let Some(at) = text.find(typed) {
        return Some(if typed.is_empty() { 0 } else { at });
    }
    let mut gaps = text.len();
    let mut rest = text;
    for wanted in typed.chars().filter(|it| !it.is_whitespace()) {
        let at = rest.find(wanted)?;
        gaps += at;
        rest = rest.get(at + wanted.len_utf8()..).unwrap_or_default();
    }
    Some(gaps)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::say::Lang;

    fn found(typed: &str) -> Vec<&'static str> {
        let contexts = vec![Context::Outside, Context::Anywhere];
        let mut commands = Commands::new(CommandsKind::Palette, (contexts, None), None);
        commands.line = Line::of(typed);
        let rows = commands.rows(&Say::new(Lang::English));
        rows.iter().map(|it| it.says).collect()
    }

    #[test]
    fn a_command_is_found_by_its_words_by_its_letters_and_by_its_key() {
        assert_eq!(found("lock").first(), Some(&"frame-lock"));
        assert_eq!(found("f9").first(), Some(&"frame-lock"));
        assert!(found("lkn").contains(&"frame-lock"));
        assert_eq!(found("zzzz"), Vec::<&str>::new());
    }

    #[test]
    fn a_command_with_two_keys_is_listed_once() {
        let all = found("");
        assert_eq!(all.iter().filter(|it| **it == "frame-palette").count(), 1);
    }
}
