//! The terminal itself: taken over at the start, given back at the end whatever happens, and
//! what its surroundings say of it.

use std::{env, io, panic};

use crossterm::{
    cursor::{MoveTo, Show},
    event::{DisableBracketedPaste, EnableBracketedPaste},
    execute, queue,
    style::{Attribute, Print, SetAttribute, force_color_output},
    terminal::{
        Clear, ClearType, EndSynchronizedUpdate, EnterAlternateScreen,
        LeaveAlternateScreen, SetTitle, disable_raw_mode, enable_raw_mode,
    },
};

use super::theme::{Scheme, Theme};
use crate::{doc, platform::quiet, say::Lang};

/// Asks for clicks and the wheel, with places beyond column 223, and for nothing else:
/// crossterm's own command also asks for every move of the pointer.
const MOUSE_ON: &str = "\x1b[?1000h\x1b[?1006h";
const MOUSE_OFF: &str = "\x1b[?1006l\x1b[?1000l";

/// A terminal that was taken over; dropping it gives it back.
#[derive(Debug)]
pub(super) struct Terminal {
    second_screen: bool,
}

impl Terminal {
    pub(super) fn enter(second_screen: bool, mouse: bool) -> io::Result<Self> {
        force_color_output(true);
        enable_raw_mode()?;
        let entered = Self { second_screen };
        let mut out = io::stdout();
        if second_screen {
            queue!(out, EnterAlternateScreen)?;
        }
        if mouse {
            queue!(out, Print(MOUSE_ON))?;
        }
        execute!(out, EnableBracketedPaste, SetTitle("Cairn"), Show)?;
        Ok(entered)
    }
}

impl Drop for Terminal {
    fn drop(&mut self) {
        leave(self.second_screen);
    }
}

/// Gives the terminal back as it was found. What cannot be written any more is let go.
fn leave(second_screen: bool) {
    let mut out = io::stdout();
    drop(queue!(
        out,
        Print(MOUSE_OFF),
        EndSynchronizedUpdate,
        SetAttribute(Attribute::Reset)
    ));
    drop(if second_screen {
        execute!(out, DisableBracketedPaste, LeaveAlternateScreen, Show)
    } else {
        // Nothing of the chart may stay on a screen that has no other to go back to.
        let clear = (Clear(ClearType::All), Clear(ClearType::Purge));
        execute!(
            out,
            DisableBracketedPaste,
            clear.0,
            clear.1,
            MoveTo(0, 0),
            Show
        )
    });
    drop(disable_raw_mode());
}

/// From now on, a fault gives the terminal back before it is reported, by whatever reports
/// faults already. Faults that are caught on purpose leave the screen alone.
pub(super) fn leave_on_faults(second_screen: bool) {
    before_reports(move || leave(second_screen));
}

fn before_reports(act: impl Fn() + Send + Sync + 'static) {
    let report = panic::take_hook();
    panic::set_hook(Box::new(move |fault| {
        if !quiet::is_guarded() && !doc::guard::is_guarded() {
            act();
        }
        report(fault);
    }));
}

/// What the environment says of the terminal and of the person at it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Surroundings {
    /// `TERM`.
    pub term: String,
    /// The locale, by `LC_ALL`, `LC_CTYPE` and `LANG`.
    pub locale: String,
    /// The language of messages, by `LC_ALL`, `LC_MESSAGES` and `LANG`.
    pub messages: String,
    /// Whether `NO_COLOR` is set.
    pub no_color: bool,
    /// Whether the terminal is on another machine.
    pub over_ssh: bool,
    /// Whether tests wait on marks.
    pub marks: bool,
}

impl Surroundings {
    /// Reads the environment.
    pub fn read() -> Self {
        let first = |names: [&str; 3]| {
            let mut values = names.into_iter().map(variable);
            values.find(|it| !it.is_empty()).unwrap_or_default()
        };
        Self {
            term: variable("TERM"),
            locale: first(["LC_ALL", "LC_CTYPE", "LANG"]),
            messages: first(["LC_ALL", "LC_MESSAGES", "LANG"]),
            no_color: !variable("NO_COLOR").is_empty(),
            over_ssh: !variable("SSH_CONNECTION").is_empty(),
            marks: variable("CAIRN_TEST") == "1",
        }
    }

    /// The language to begin with.
    pub fn lang(&self) -> Lang {
        Lang::named(&self.messages).unwrap_or_default()
    }

    /// The colours and marks that this terminal can show, unless others are asked for.
    pub fn theme(&self, scheme: Option<Scheme>, ascii: bool) -> Theme {
        let poor = ["dumb", "vt100", "vt102", "vt52"].contains(&self.term.as_str());
        let own = if self.no_color || poor {
            Scheme::Mono
        } else {
            Scheme::Terminal
        };
        let locale = self.locale.to_lowercase();
        let utf8 = cfg!(windows) || locale.contains("utf-8") || locale.contains("utf8");
        Theme {
            scheme: scheme.unwrap_or(own),
            ascii: ascii || poor || !utf8 || self.term == "linux",
        }
    }

    /// Whether clicks are worth hearing: over SSH they make copying text hard.
    pub fn has_mouse(&self) -> bool {
        cfg!(unix) && !self.over_ssh && self.has_second_screen()
    }

    /// Whether the terminal has a second screen to draw on.
    pub fn has_second_screen(&self) -> bool {
        self.term != "linux"
    }
}

#[expect(
    clippy::disallowed_methods,
    reason = "the one place that asks the environment about the terminal"
)]
fn variable(name: &str) -> String {
    env::var(name).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use std::{
        sync::atomic::{AtomicUsize, Ordering},
        thread,
    };

    use super::*;

    fn theme(term: &str, locale: &str, no_color: bool) -> Theme {
        let surroundings = Surroundings {
            term: term.to_owned(),
            locale: locale.to_owned(),
            no_color,
            ..Surroundings::default()
        };
        surroundings.theme(None, false)
    }

    #[test]
    fn a_terminal_gets_what_it_can_show() {
        let utf8 = "en_UG.UTF-8";
        assert_eq!(theme("xterm-256color", utf8, false), Theme::default());
        assert_eq!(theme("xterm", utf8, true).scheme, Scheme::Mono);
        assert_eq!(theme("vt100", utf8, false).scheme, Scheme::Mono);
        assert!(theme("linux", utf8, false).ascii);
        assert!(theme("xterm", "C", false).ascii || cfg!(windows));
        assert!(!theme("xterm", utf8, true).ascii);
    }

    #[test]
    fn the_person_may_ask_for_another_look() {
        let plain = Surroundings {
            locale: "fr_FR.utf8".to_owned(),
            ..Surroundings::default()
        };
        let theme = plain.theme(Some(Scheme::Contrast), true);
        assert_eq!((theme.scheme, theme.ascii), (Scheme::Contrast, true));
    }

    #[test]
    fn a_fault_gives_the_terminal_back_and_is_then_reported_once() {
        static LEFT: AtomicUsize = AtomicUsize::new(0);
        static REPORTS: AtomicUsize = AtomicUsize::new(0);
        let here = thread::current().id();
        let others = panic::take_hook();
        panic::set_hook(Box::new(move |fault| {
            if thread::current().id() == here {
                REPORTS.fetch_add(LEFT.load(Ordering::SeqCst), Ordering::SeqCst);
            } else {
                others(fault);
            }
        }));
        before_reports(move || {
            if thread::current().id() == here {
                LEFT.fetch_add(1, Ordering::SeqCst);
            }
        });
        let stopped = panic::catch_unwind(|| panic!("a fault"));
        assert!(stopped.is_err());
        assert_eq!(REPORTS.load(Ordering::SeqCst), 1);
    }
}
