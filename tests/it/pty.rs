//! The real program in a real terminal, read through `vt100`. A test waits for the mark that
//! the program sets when every key was heard and every worker is idle, never for a time.

use std::{
    io::{Read as _, Write as _},
    path::Path,
    sync::{Arc, Condvar, Mutex},
    thread,
    time::Duration,
};

use portable_pty::{
    Child, CommandBuilder, MasterPty, NativePtySystem, PtySize, PtySystem as _,
};

/// Longer than anything takes, a passphrase on a busy machine included.
const PATIENCE: Duration = Duration::from_mins(1);
/// What begins the program's mark; `heard;frames;drafted` and a bell follow.
const MARK: &[u8] = b"\x1b]7770;";

pub(crate) struct Pty {
    writer: Box<dyn std::io::Write + Send>,
    master: Box<dyn MasterPty + Send>,
    pub(crate) child: Box<dyn Child + Send + Sync>,
    seen: Arc<(Mutex<Seen>, Condvar)>,
    /// Keys and other things sent.
    sent: u64,
}

struct Seen {
    terminal: vt100::Parser,
    /// What the last mark said: events heard and frames written.
    mark: Option<(u64, u64)>,
    /// Whether it said that no draft waits to be kept.
    drafted: bool,
    bytes: Vec<u8>,
    over: bool,
}

fn size(columns: u16, rows: u16) -> PtySize {
    PtySize {
        rows,
        cols: columns,
        pixel_width: 0,
        pixel_height: 0,
    }
}

fn terminal(columns: u16, rows: u16) -> vt100::Parser {
    vt100::Parser::new(rows.try_into().unwrap(), columns.try_into().unwrap(), 0)
}

impl Pty {
    /// Starts `cairn` with these arguments on this home, and waits until it is idle.
    pub(crate) fn start(args: &[&str], home: &Path, (columns, rows): (u16, u16)) -> Self {
        Self::start_in(args, home, (columns, rows), &[])
    }

    /// The same, with more of an environment.
    pub(crate) fn start_in(
        args: &[&str],
        home: &Path,
        (columns, rows): (u16, u16),
        env: &[(&str, &str)],
    ) -> Self {
        let pair = NativePtySystem::default()
            .openpty(size(columns, rows))
            .unwrap();
        let mut command = CommandBuilder::new(env!("CARGO_BIN_EXE_cairn"));
        command.args(args);
        #[cfg(unix)]
        command.umask(Some(0o022));
        for unset in [
            "NO_COLOR",
            "SSH_CONNECTION",
            "LC_ALL",
            "LC_CTYPE",
            "LC_MESSAGES",
        ] {
            command.env_remove(unset);
        }
        command.env("TERM", "xterm-256color");
        command.env("LANG", "en_US.UTF-8");
        command.env("CAIRN_TEST", "1");
        command.env("CAIRN_HOME", home);
        // Nothing of a test is heard beyond this machine.
        command.env("CAIRN_BIND", "127.0.0.1:0");
        command.env("CAIRN_NO_MDNS", "1");
        for (name, value) in env {
            command.env(name, value);
        }
        let child = pair.slave.spawn_command(command).unwrap();
        drop(pair.slave);
        let seen = Arc::new((
            Mutex::new(Seen {
                terminal: terminal(columns, rows),
                mark: None,
                drafted: false,
                bytes: Vec::new(),
                over: false,
            }),
            Condvar::new(),
        ));
        let reader = pair.master.try_clone_reader().unwrap();
        let to = Arc::clone(&seen);
        thread::spawn(move || read(reader, &to));
        let mut pty = Self {
            writer: pair.master.take_writer().unwrap(),
            master: pair.master,
            child,
            seen,
            sent: 0,
        };
        pty.settle();
        pty
    }

    /// Types: characters, and names in angle brackets as in `<Enter>`; waits until all of it
    /// was heard and done. Says how many keys that were.
    pub(crate) fn keys(&mut self, script: &str) -> usize {
        let keys = split(script);
        let mut waiting = Vec::new();
        for key in &keys {
            let bytes = bytes(key);
            let alone = bytes == b"\x1b";
            if alone {
                // An Esc with a key right behind it would be another key.
                self.send(&std::mem::take(&mut waiting));
                self.settle();
            }
            waiting.extend_from_slice(&bytes);
            self.sent += 1;
            if alone {
                self.send(&std::mem::take(&mut waiting));
                self.settle();
            }
        }
        self.send(&waiting);
        self.settle();
        keys.len()
    }

    /// The same, by someone who looks at what each key has done.
    pub(crate) fn slowly(&mut self, script: &str) -> usize {
        split(script).into_iter().map(|key| self.keys(key)).sum()
    }

    /// Pastes, as a terminal does.
    pub(crate) fn paste(&mut self, text: &str) {
        self.send(format!("\x1b[200~{text}\x1b[201~").as_bytes());
        self.sent += 1;
        self.settle();
    }

    /// Clicks at the first place where the screen shows `what`.
    pub(crate) fn click(&mut self, what: &str) {
        let text = self.text();
        let mut lines = text.lines().zip(1..);
        let (line, row) = lines.find(|(line, _)| line.contains(what)).unwrap();
        let column = line.split(what).next().unwrap().chars().count() + 1;
        self.sent += 1;
        self.send(format!("\x1b[<0;{column};{row}M\x1b[<0;{column};{row}m").as_bytes());
        self.settle();
    }

    /// Types all of a script at once and does not wait.
    pub(crate) fn burst(&mut self, script: &str) {
        let keys = split(script);
        self.sent += u64::try_from(keys.len()).unwrap();
        let bytes: Vec<u8> = keys.into_iter().flat_map(bytes).collect();
        self.send(&bytes);
    }

    fn send(&mut self, bytes: &[u8]) {
        self.writer.write_all(bytes).unwrap();
        self.writer.flush().unwrap();
    }

    /// Waits until everything that was sent is heard, done and drawn.
    pub(crate) fn settle(&mut self) {
        let sent = self.sent;
        self.wait("idle", |seen| {
            seen.mark.is_some_and(|(heard, _)| heard >= sent)
        });
    }

    /// Waits until the screen shows something that comes by itself, such as what another
    /// machine sends.
    pub(crate) fn until_shown(&self, what: &str) {
        self.wait(what, |seen| {
            seen.terminal.screen().contents().contains(what)
        });
    }

    /// Waits until the draft of what was typed is on the disk.
    pub(crate) fn until_drafted(&self) {
        let sent = self.sent;
        self.wait("drafted", |seen| {
            seen.drafted && seen.mark.is_some_and(|(heard, _)| heard >= sent)
        });
    }

    /// Waits until so many bytes more are written, or all is done.
    pub(crate) fn until_written(&self, bytes: usize) {
        let (wanted, sent) = (self.bytes().len() + bytes, self.sent);
        self.wait("written", |seen| {
            let is_idle = seen.mark.is_some_and(|(heard, _)| heard >= sent);
            is_idle || seen.bytes.len() >= wanted
        });
    }

    /// Ends the program as a power cut does.
    pub(crate) fn kill(mut self) {
        let pid = self.child.process_id().unwrap().to_string();
        let killed = std::process::Command::new("kill")
            .args(["-9", &pid])
            .status();
        assert!(killed.unwrap().success());
        self.child.wait().unwrap();
    }

    /// Waits until the program has ended; says whether in order.
    pub(crate) fn ended(&mut self) -> bool {
        self.wait("ended", |seen| seen.over);
        self.child.wait().unwrap().success()
    }

    /// Quits; says whether the program ended in order.
    pub(crate) fn quit(&mut self) -> bool {
        self.send(&bytes("<^q>"));
        self.wait("asked or ended", |seen| {
            seen.over || seen.terminal.screen().contents().contains("Quit with")
        });
        if self.has("Quit with") {
            self.send(b"q");
        }
        self.ended()
    }

    pub(crate) fn resize(&mut self, columns: u16, rows: u16) {
        self.seen.0.lock().unwrap().terminal = terminal(columns, rows);
        self.sent += 1;
        self.master.resize(size(columns, rows)).unwrap();
        self.settle();
        // The program draws all of it anew for its new size.
        self.keys("<^l>");
    }

    pub(crate) fn text(&self) -> String {
        self.seen.0.lock().unwrap().terminal.screen().contents()
    }

    pub(crate) fn caret(&self) -> (u16, u16) {
        self.seen
            .0
            .lock()
            .unwrap()
            .terminal
            .screen()
            .cursor_position()
    }

    pub(crate) fn bytes(&self) -> Vec<u8> {
        self.seen.0.lock().unwrap().bytes.clone()
    }

    pub(crate) fn frames(&self) -> u64 {
        self.seen
            .0
            .lock()
            .unwrap()
            .mark
            .map_or(0, |(_, frames)| frames)
    }

    pub(crate) fn has(&self, what: &str) -> bool {
        self.text().contains(what)
    }

    /// A row of the screen, a cell's text after the other.
    pub(crate) fn row(&self, row: u16) -> Vec<String> {
        let seen = self.seen.0.lock().unwrap();
        let screen = seen.terminal.screen();
        let columns = screen.size().1.get();
        let cells = (0..columns).map(|x| screen.cell(row, x).unwrap().contents());
        cells.map(str::to_owned).collect()
    }

    /// Where a text stands first: its row and column.
    pub(crate) fn place(&self, what: &str) -> Option<(u16, u16)> {
        let rows = self.text().lines().count();
        (0..u16::try_from(rows).ok()?).find_map(|y| {
            let cells = self.row(y);
            let mut starts = 0..cells.len();
            let filled =
                |cell: &String| if cell.is_empty() { " " } else { cell }.to_owned();
            let x = starts.find(|x| {
                let rest: String = cells[*x..].iter().map(filled).collect();
                rest.starts_with(what)
            })?;
            Some((y, u16::try_from(x).ok()?))
        })
    }

    /// Whether any cell has a colour of its own.
    pub(crate) fn is_coloured(&self) -> bool {
        let seen = self.seen.0.lock().unwrap();
        let screen = seen.terminal.screen();
        let (rows, columns) = screen.size();
        let own = |cell: &vt100::Cell| {
            [cell.fgcolor(), cell.bgcolor()] != [vt100::Color::Default; 2]
        };
        (0..rows.get())
            .any(|y| (0..columns.get()).any(|x| own(screen.cell(y, x).unwrap())))
    }

    #[track_caller]
    pub(crate) fn shows(&self, what: &str) {
        let text = self.text();
        assert!(text.contains(what), "no {what:?} on\n{text}");
    }

    #[track_caller]
    pub(crate) fn hides(&self, what: &str) {
        let text = self.text();
        assert!(!text.contains(what), "{what:?} on\n{text}");
    }

    fn wait(&self, what: &str, done: impl Fn(&Seen) -> bool) {
        let (seen, changed) = &*self.seen;
        let seen = seen.lock().unwrap();
        let (seen, waited) = changed
            .wait_timeout_while(seen, PATIENCE, |seen| !done(seen) && !seen.over)
            .unwrap();
        assert!(
            done(&seen) && !waited.timed_out(),
            "not {what}, mark {:?} of {} sent:\n{}",
            seen.mark,
            self.sent,
            seen.terminal.screen().contents()
        );
    }
}

impl Drop for Pty {
    fn drop(&mut self) {
        // A program that has ended already cannot be ended again.
        drop(self.child.kill());
    }
}

fn read(mut reader: Box<dyn std::io::Read + Send>, to: &(Mutex<Seen>, Condvar)) {
    let mut buffer = [0; 8_192];
    loop {
        let read = reader.read(&mut buffer).unwrap_or(0);
        let mut seen = to.0.lock().unwrap();
        if read == 0 {
            seen.over = true;
            to.1.notify_all();
            return;
        }
        let new = &buffer[..read];
        seen.terminal.process(new);
        seen.bytes.extend_from_slice(new);
        if let Some((heard, frames, drafted)) = last_mark(&seen.bytes) {
            seen.mark = Some((heard, frames));
            seen.drafted = drafted;
        }
        to.1.notify_all();
    }
}

fn last_mark(bytes: &[u8]) -> Option<(u64, u64, bool)> {
    let starts = bytes.windows(MARK.len()).rposition(|it| it == MARK)?;
    let rest = &bytes[starts + MARK.len()..];
    let end = rest.iter().position(|it| *it == 7)?;
    let mark = std::str::from_utf8(&rest[..end]).ok()?;
    let (heard, rest) = mark.split_once(';')?;
    let (frames, drafted) = rest.split_once(';')?;
    Some((heard.parse().ok()?, frames.parse().ok()?, drafted == "1"))
}

/// The keys of a script, each a character or a name in angle brackets.
fn split(script: &str) -> Vec<&str> {
    let mut keys = Vec::new();
    let mut rest = script;
    while let Some(c) = rest.chars().next() {
        let end = if c == '<' {
            rest.find('>').map(|it| it + 1)
        } else {
            None
        };
        let (key, after) = rest.split_at(end.unwrap_or(c.len_utf8()));
        keys.push(key);
        rest = after;
    }
    keys
}

fn bytes(key: &str) -> Vec<u8> {
    let name = key.strip_prefix('<').and_then(|it| it.strip_suffix('>'));
    let Some(name) = name else {
        return key.as_bytes().to_vec();
    };
    let sequence = match name {
        "Enter" => "\r",
        "Esc" => "\x1b",
        "Tab" => "\t",
        "BackTab" => "\x1b[Z",
        "Backspace" => "\x7f",
        "Up" => "\x1b[A",
        "Down" => "\x1b[B",
        "Left" => "\x1b[D",
        "Right" => "\x1b[C",
        "PgUp" => "\x1b[5~",
        "PgDn" => "\x1b[6~",
        "F1" => "\x1bOP",
        "F2" => "\x1bOQ",
        "F3" => "\x1bOR",
        "F4" => "\x1bOS",
        "F5" => "\x1b[15~",
        "F6" => "\x1b[17~",
        "F7" => "\x1b[18~",
        "F8" => "\x1b[19~",
        "F9" => "\x1b[20~",
        _ => {
            let letter = name.strip_prefix('^').unwrap().as_bytes()[0];
            return vec![letter & 0x1f];
        }
    };
    sequence.as_bytes().to_vec()
}
