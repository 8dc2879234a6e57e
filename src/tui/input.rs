//! What the terminal sends, as the model hears it.

use crossterm::event::{
    Event, KeyCode, KeyEvent, KeyEventKind, KeyModifiers, MouseButton, MouseEvent,
    MouseEventKind,
};

use crate::app::{Key, Msg, Size};

/// What a person did at the terminal.
#[derive(Debug)]
pub(super) enum Heard {
    /// Something that the model understands.
    Msg(Msg),
    /// A click at this column and row; what it means depends on what is drawn there.
    Click(u16, u16),
}

/// What a terminal event means; none when it means nothing.
pub(super) fn heard(event: Event) -> Option<Heard> {
    let msg = match event {
        Event::Key(key) => Msg::Key(key_of(key)?),
        Event::Paste(text) => Msg::Paste(text),
        Event::Resize(columns, rows) => Msg::Resized(Size { columns, rows }),
        Event::Mouse(mouse) => return of_mouse(mouse),
        Event::FocusGained | Event::FocusLost => return None,
    };
    Some(Heard::Msg(msg))
}

fn of_mouse(event: MouseEvent) -> Option<Heard> {
    match event.kind {
        MouseEventKind::Down(MouseButton::Left) => {
            Some(Heard::Click(event.column, event.row))
        }
        MouseEventKind::ScrollUp => Some(Heard::Msg(Msg::Key(Key::Up))),
        MouseEventKind::ScrollDown => Some(Heard::Msg(Msg::Key(Key::Down))),
        MouseEventKind::Down(_)
        | MouseEventKind::Up(_)
        | MouseEventKind::Drag(_)
        | MouseEventKind::Moved
        | MouseEventKind::ScrollLeft
        | MouseEventKind::ScrollRight => None,
    }
}

fn key_of(event: KeyEvent) -> Option<Key> {
    if event.kind == KeyEventKind::Release || event.modifiers.contains(KeyModifiers::ALT)
    {
        return None;
    }
    let ctrl = event.modifiers.contains(KeyModifiers::CONTROL);
    let shift = event.modifiers.contains(KeyModifiers::SHIFT);
    Some(match event.code {
        KeyCode::Char(c) if ctrl => Key::Ctrl(c.to_ascii_lowercase()),
        KeyCode::Char(c) => Key::Char(c),
        KeyCode::F(number) if shift => Key::ShiftF(number),
        // What many terminals send for Shift-F6.
        KeyCode::F(18) => Key::ShiftF(6),
        KeyCode::F(number) => Key::F(number),
        KeyCode::Enter => Key::Enter,
        KeyCode::Esc => Key::Esc,
        KeyCode::Tab if shift => Key::BackTab,
        KeyCode::Tab => Key::Tab,
        KeyCode::BackTab => Key::BackTab,
        KeyCode::Backspace => Key::Backspace,
        KeyCode::Delete => Key::Delete,
        KeyCode::Left if ctrl => Key::WordLeft,
        KeyCode::Right if ctrl => Key::WordRight,
        KeyCode::Left => Key::Left,
        KeyCode::Right => Key::Right,
        KeyCode::Up => Key::Up,
        KeyCode::Down => Key::Down,
        KeyCode::Home => Key::Home,
        KeyCode::End => Key::End,
        KeyCode::PageUp => Key::PageUp,
        KeyCode::PageDown => Key::PageDown,
        KeyCode::Insert
        | KeyCode::Null
        | KeyCode::CapsLock
        | KeyCode::ScrollLock
        | KeyCode::NumLock
        | KeyCode::PrintScreen
        | KeyCode::Pause
        | KeyCode::Menu
        | KeyCode::KeypadBegin
        | KeyCode::Media(_)
        | KeyCode::Modifier(_) => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(code: KeyCode, modifiers: KeyModifiers, expected: Option<Key>) {
        let heard = heard(Event::Key(KeyEvent::new(code, modifiers)));
        let key = match heard {
            Some(Heard::Msg(Msg::Key(key))) => Some(key),
            _ => None,
        };
        assert!(key == expected, "for {code:?} with {modifiers:?}");
    }

    #[test]
    fn keys_mean_what_is_printed_on_them() {
        let (none, ctrl) = (KeyModifiers::NONE, KeyModifiers::CONTROL);
        let shift = KeyModifiers::SHIFT;
        check(KeyCode::Char('é'), none, Some(Key::Char('é')));
        check(KeyCode::Char('G'), shift, Some(Key::Char('G')));
        check(KeyCode::Char('P'), ctrl, Some(Key::Ctrl('p')));
        check(KeyCode::F(2), none, Some(Key::F(2)));
        check(KeyCode::F(6), shift, Some(Key::ShiftF(6)));
        check(KeyCode::F(18), none, Some(Key::ShiftF(6)));
        check(KeyCode::Left, ctrl, Some(Key::WordLeft));
        check(KeyCode::Tab, shift, Some(Key::BackTab));
    }

    #[test]
    fn alt_and_releases_mean_nothing() {
        check(KeyCode::Char('q'), KeyModifiers::ALT, None);
        check(KeyCode::Insert, KeyModifiers::NONE, None);
        let mut release = KeyEvent::new(KeyCode::Enter, KeyModifiers::NONE);
        release.kind = KeyEventKind::Release;
        assert!(heard(Event::Key(release)).is_none());
    }
}
