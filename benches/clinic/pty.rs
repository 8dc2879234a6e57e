//! The program in a pseudo-terminal: keys go in, frames come out, and each is timed when it
//! has come whole.

use std::{
    env,
    io::{Read as _, Write},
    path::Path,
    sync::mpsc::{self, Receiver},
    thread,
    time::{Duration, Instant},
};

use portable_pty::{Child, CommandBuilder, MasterPty, PtySize, native_pty_system};

use super::{
    Outcome,
    machine::{self, Memory},
};

/// A running program and its screen.
pub(crate) struct Pty {
    child: Box<dyn Child + Send + Sync>,
    keys: Box<dyn Write + Send>,
    heard: Receiver<(Instant, Vec<u8>)>,
    screen: vt100::Parser,
    /// What has come behind the last whole frame.
    rest: Vec<u8>,
    started: Instant,
    _master: Box<dyn MasterPty + Send>,
}

/// A frame that has come whole.
#[derive(Clone, Copy)]
pub(crate) struct Frame {
    /// When its end came.
    pub(crate) at: Instant,
    /// Its bytes, marks and all.
    pub(crate) bytes: usize,
}

/// What a frame begins and ends with.
const BEGIN: &[u8] = b"\x1b[?2026h";
const END: &[u8] = b"\x1b[?2026l";
const COLUMNS: u16 = 80;
const ROWS: u16 = 24;
/// Nothing is waited for longer.
const PATIENCE: Duration = Duration::from_mins(1);

impl Pty {
    /// Starts the program on a home.
    pub(crate) fn start(who: &str, home: &Path) -> Outcome<Self> {
        let size = PtySize {
            rows: ROWS,
            cols: COLUMNS,
            pixel_width: 0,
            pixel_height: 0,
        };
        let pair = native_pty_system().openpty(size)?;
        let mut command = CommandBuilder::new(env::current_exe()?);
        command.args(["--screen", who]);
        command.arg(home);
        command.env("TERM", "xterm-256color");
        command.env("LC_ALL", "C.UTF-8");
        let mut output = pair.master.try_clone_reader()?;
        let keys = pair.master.take_writer()?;
        let (to, heard) = mpsc::channel();
        let started = machine::now();
        let child = pair.slave.spawn_command(command)?;
        drop(pair.slave);
        thread::spawn(move || {
            let mut bytes = vec![0; 64 * 1024];
            while let Ok(length @ 1..) = output.read(&mut bytes) {
                let piece = bytes.get(..length).unwrap_or_default().to_vec();
                if to.send((machine::now(), piece)).is_err() {
                    return;
                }
            }
        });
        Ok(Self {
            child,
            keys,
            heard,
            screen: vt100::Parser::new(ROWS.try_into()?, COLUMNS.try_into()?, 0),
            rest: Vec::new(),
            started,
            _master: pair.master,
        })
    }

    /// When the program was started.
    pub(crate) const fn started(&self) -> Instant {
        self.started
    }

    /// Presses keys; gives the moment before.
    pub(crate) fn press(&mut self, keys: &[u8]) -> Outcome<Instant> {
        let at = machine::now();
        self.keys.write_all(keys)?;
        self.keys.flush()?;
        Ok(at)
    }

    /// The next whole frame.
    pub(crate) fn frame(&mut self) -> Outcome<Frame> {
        let by = machine::now() + PATIENCE;
        let mut at = machine::now();
        loop {
            if let Some(end) = end_of_frame(&self.rest) {
                self.rest.drain(..end);
                return Ok(Frame { at, bytes: end });
            }
            let left = by.saturating_duration_since(machine::now());
            let Ok((heard_at, piece)) = self.heard.recv_timeout(left) else {
                return Err(self.shown("no frame came").into());
            };
            self.take(&piece);
            at = heard_at;
        }
    }

    /// Lets the program do what it does until it was quiet for so long: the frames that
    /// came, and the bytes behind the last of them.
    pub(crate) fn quiet(&mut self, span: Duration) -> (Vec<Frame>, usize) {
        let mut frames = Vec::new();
        while let Ok((at, piece)) = self.heard.recv_timeout(span) {
            self.take(&piece);
            self.cut(at, &mut frames);
        }
        let loose = self.rest.len();
        self.rest.clear();
        (frames, loose)
    }

    /// Waits so long, whatever comes; the frames that came.
    pub(crate) fn wait(&mut self, span: Duration) -> Vec<Frame> {
        let by = machine::now() + span;
        let mut frames = Vec::new();
        loop {
            let left = by.saturating_duration_since(machine::now());
            let Ok((at, piece)) = self.heard.recv_timeout(left) else {
                self.rest.clear();
                return frames;
            };
            self.take(&piece);
            self.cut(at, &mut frames);
        }
    }

    /// Waits until the screen shows this; gives when the last of it came.
    pub(crate) fn until(&mut self, text: &str) -> Outcome<Instant> {
        let mut at = machine::now();
        let by = at + PATIENCE;
        while !self.screen.screen().contents().contains(text) {
            let left = by.saturating_duration_since(machine::now());
            let Ok((heard_at, piece)) = self.heard.recv_timeout(left) else {
                return Err(self.shown(&format!("`{text}` did not come")).into());
            };
            self.take(&piece);
            at = heard_at;
        }
        self.rest.clear();
        Ok(at)
    }

    /// What the program has in memory.
    pub(crate) fn memory(&self) -> Memory {
        machine::memory(self.child.process_id().unwrap_or_default())
    }

    /// Ends the program.
    pub(crate) fn quit(mut self) -> Outcome<()> {
        self.press(b"\x11")?;
        while self.heard.recv_timeout(Duration::from_secs(10)).is_ok() {}
        self.child.kill().unwrap_or_default();
        self.child.wait()?;
        Ok(())
    }

    fn shown(&self, what: &str) -> String {
        format!("{what}; the screen:\n{}", self.screen.screen().contents())
    }

    fn take(&mut self, piece: &[u8]) {
        self.screen.process(piece);
        self.rest.extend_from_slice(piece);
    }

    fn cut(&mut self, at: Instant, frames: &mut Vec<Frame>) {
        while let Some(end) = end_of_frame(&self.rest) {
            self.rest.drain(..end);
            frames.push(Frame { at, bytes: end });
        }
    }
}

/// Where the first frame ends, if it has come whole. One in which only the caret moves has
/// no marks.
fn end_of_frame(bytes: &[u8]) -> Option<usize> {
    let first = |mark: &[u8]| bytes.windows(mark.len()).position(|it| it == mark);
    match first(BEGIN) {
        Some(0) => first(END).map(|at| at + END.len()),
        Some(caret_alone) => Some(caret_alone),
        None => (bytes.ends_with(b"H")).then_some(bytes.len()),
    }
}
