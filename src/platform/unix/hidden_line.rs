//! A line typed on the terminal without being shown.

use std::{
    fs::{File, OpenOptions},
    io::{self, BufRead as _, BufReader, Read as _, Write as _},
    sync::{Mutex, Once, PoisonError},
    thread,
};

use rustix::termios::{
    LocalModes, OptionalActions, SpecialCodeIndex, Termios, tcgetattr, tcsetattr,
};
use signal_hook::{
    consts::{SIGHUP, SIGINT, SIGQUIT, SIGTERM},
    iterator::Signals,
    low_level::emulate_default_handler,
};
use zeroize::Zeroizing;

/// The longest line that a terminal hands over, in bytes (`MAX_CANON` of Linux).
const LINE_BYTES_MAX: usize = 4096;

/// The terminal that hides what is typed at the moment, and how it was before.
static HIDING: Mutex<Option<(File, Termios)>> = Mutex::new(None);

pub(in crate::platform) fn read_hidden_line(
    prompt: &str,
) -> io::Result<Zeroizing<String>> {
    let terminal = OpenOptions::new().read(true).write(true).open("/dev/tty");
    let mut terminal =
        terminal.map_err(|_error| io::Error::other("there is no terminal to type on"))?;
    show_again_when_ended();
    hide(&terminal)?;
    let line = terminal
        .write_all(prompt.as_bytes())
        .and_then(|()| read_line(&terminal));
    show_again();
    terminal.write_all(b"\n")?;
    line
}

fn read_line(terminal: &File) -> io::Result<Zeroizing<String>> {
    let mut line = Zeroizing::new(String::with_capacity(LINE_BYTES_MAX));
    let mut input = BufReader::with_capacity(1, terminal.take(LINE_BYTES_MAX as u64));
    if input.read_line(&mut line)? == 0 {
        return Err(io::ErrorKind::UnexpectedEof.into());
    }
    let typed = line.trim_end_matches(['\n', '\r']).len();
    line.truncate(typed);
    Ok(line)
}

/// Nothing that is typed is shown, and Ctrl-Z does not leave a terminal behind that hides.
fn hide(terminal: &File) -> io::Result<()> {
    let before = tcgetattr(terminal)?;
    let mut hiding = before.clone();
    hiding.local_modes.remove(LocalModes::ECHO);
    hiding.special_codes[SpecialCodeIndex::VSUSP] = 0;
    let kept = (terminal.try_clone()?, before);
    *HIDING.lock().unwrap_or_else(PoisonError::into_inner) = Some(kept);
    Ok(tcsetattr(terminal, OptionalActions::Flush, &hiding)?)
}

fn show_again() {
    let hiding = HIDING.lock().unwrap_or_else(PoisonError::into_inner).take();
    if let Some((terminal, before)) = hiding {
        tcsetattr(terminal, OptionalActions::Now, &before).unwrap_or_default();
    }
}

/// A signal that ends the program shows first what is typed on the terminal again.
fn show_again_when_ended() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        let Ok(mut signals) = Signals::new([SIGHUP, SIGINT, SIGQUIT, SIGTERM]) else {
            return;
        };
        let wait = move || {
            for signal in signals.forever() {
                show_again();
                emulate_default_handler(signal).unwrap_or_default();
            }
        };
        let waiting = thread::Builder::new().name("hidden line".to_owned());
        waiting.spawn(wait).map(drop).unwrap_or_default();
    });
}
