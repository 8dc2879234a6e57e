//! The loop: it waits for keys and answers, lets the model change, and draws at most once in
//! 16 ms what was typed, and at most once what was answered, and only when something is
//! different.

use std::{
    io::{self, Write},
    sync::mpsc::{self, Receiver, RecvTimeoutError, SyncSender},
    thread,
    time::{Duration, Instant},
};

use ratatui::{buffer::Buffer, layout::Rect};

use super::{
    effects::{Answers, Backend, Workers},
    frames::Frames,
    input::{self, Heard},
    pen::{Drawn, Look},
    terminal::{self, Terminal},
    theme::Theme,
    view::{OpeningView, ScreenView},
};
use crate::{
    app::{Effect, Key, Model, Msg, Setting, Size, lock, update},
    platform,
    say::Say,
    time::{Clock, Timestamp},
};

/// Events that wait for the loop. When full, who sends waits; nothing is dropped.
const EVENTS_MAX: usize = 256;
/// The time between two frames.
const FRAME: Duration = Duration::from_millis(16);
/// At the end, what was asked for last is waited for so long.
const ENDING: Duration = Duration::from_secs(3);

/// How the terminal program runs.
#[derive(Debug, Clone)]
pub struct Options {
    /// The colours.
    pub theme: Theme,
    /// Where the time comes from.
    pub clock: Clock,
    /// Whether the terminal has a second screen to draw on.
    pub second_screen: bool,
    /// Whether clicks are heard. The terminal's own way to copy text then needs Shift.
    pub mouse: bool,
    /// Whether to mark each settled frame, for tests that wait on it.
    pub marks: bool,
}

/// Why the terminal program ended before its time.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The terminal cannot be read or written.
    #[error("cannot use the terminal")]
    Terminal(#[from] io::Error),
    /// A worker met a fault of the program.
    #[error("stopped by a fault of the program")]
    Crashed,
}

/// What reaches the loop.
pub(super) enum Event {
    /// A person did something, at that instant.
    Heard(Heard, Timestamp),
    /// A worker answers.
    Answer(Msg),
    /// A worker has done so many effects.
    Finished(usize),
    /// A worker met a fault.
    Crashed,
    /// The system asks the program to end.
    Ending,
}

/// The terminal, taken over and listened to, with a first frame on it.
#[derive(Debug)]
pub(super) struct Stage {
    options: Options,
    frames: Frames<io::Stdout>,
    to: SyncSender<Event>,
    events: Receiver<Event>,
    entered: Terminal,
}

impl Stage {
    /// Takes the terminal over and shows that the program is there. What is typed from now on
    /// waits for [`Stage::run`].
    pub(super) fn enter(options: Options, setting: &Setting) -> Result<Self, Error> {
        let (to, events) = mpsc::sync_channel(EVENTS_MAX);
        terminal::leave_on_faults(options.second_screen);
        let entered = Terminal::enter(options.second_screen, options.mouse)?;
        let look = Look {
            say: &Say::new(setting.lang),
            theme: options.theme,
            now: setting.now,
        };
        let mut frames = Frames::new(io::stdout());
        frames.draw(OpeningView { look }.picture(area(setting.size)), None)?;
        listen(&to, options.clock)?;
        Ok(Self {
            options,
            frames,
            to,
            events,
            entered,
        })
    }

    /// Runs the terminal program until the person quits. `first` is what the model asked for
    /// at its start.
    pub(super) fn run(
        self,
        model: Model,
        first: Vec<Effect>,
        backend: Backend,
    ) -> Result<(), Error> {
        let Self { to, events, .. } = self;
        let workers = Workers::start(backend, &Answers::new(to))?;
        let mut shell = Shell {
            model,
            frames: self.frames,
            workers,
            options: self.options,
            drawn: Drawn::default(),
            pending: 0,
            heard: 0,
            marked: None,
            locked_at: Timestamp(i64::MIN),
            ends_by: None,
            held: None,
        };
        shell.resize()?;
        shell.ask(first);
        let ended = shell.turn(&events);
        drop(self.entered);
        ended
    }
}

/// The size of the terminal in cells.
pub fn terminal_size() -> Size {
    let (columns, rows) = crossterm::terminal::size().unwrap_or((80, 24));
    Size { columns, rows }
}

struct Shell<W> {
    model: Model,
    frames: Frames<W>,
    workers: Workers,
    options: Options,
    /// What the person sees and may click.
    drawn: Drawn,
    /// Effects handed over and not finished.
    pending: usize,
    /// Keys and other things that a person did.
    heard: u64,
    marked: Option<(u64, u64, bool)>,
    /// When the machine was locked: what was typed before is dropped.
    locked_at: Timestamp,
    ends_by: Option<Instant>,
    /// An answer that waits until what was typed is on the screen.
    held: Option<Event>,
}

impl<W: Write> Shell<W> {
    fn turn(&mut self, events: &Receiver<Event>) -> Result<(), Error> {
        let mut drawn = self.draw()?;
        let mut echoed = drawn;
        loop {
            let first = match self.held.take() {
                Some(held) => Ok(held),
                None => events.recv_timeout(self.patience()),
            };
            let heard = matches!(first, Ok(Event::Heard(..)));
            match first {
                Ok(event) => self.take(event)?,
                Err(RecvTimeoutError::Timeout) => self.hear(Msg::Woke),
                Err(RecvTimeoutError::Disconnected) => return Ok(()),
            }
            let heard = self.gather(events, heard, (drawn, echoed))?;
            if let Some(by) = self.ends_by
                && (self.pending == 0 || monotonic() >= by)
            {
                return Ok(());
            }
            drawn = self.draw()?;
            if heard {
                echoed = drawn;
            }
        }
    }

    /// Takes what waits, and what comes before the next frame may be drawn; says whether a
    /// person did some of it. What was typed is drawn before any answer to it: a list is many
    /// bytes, and over a slow line the letter would come after them. Nor does it wait because
    /// a list was `drawn` a moment ago, only because another letter was `echoed`.
    fn gather(
        &mut self,
        events: &Receiver<Event>,
        mut heard: bool,
        (drawn, echoed): (Instant, Instant),
    ) -> Result<bool, Error> {
        loop {
            let before = if heard { echoed } else { drawn };
            let left = FRAME.saturating_sub(before.elapsed());
            let Ok(event) = events.recv_timeout(left) else {
                return Ok(heard);
            };
            if heard && left.is_zero() && matches!(event, Event::Answer(_)) {
                self.held = Some(event);
                return Ok(true);
            }
            heard |= matches!(event, Event::Heard(..));
            self.take(event)?;
        }
    }

    fn take(&mut self, event: Event) -> Result<(), Error> {
        match event {
            Event::Heard(heard, at) => {
                self.heard += 1;
                let msg = match heard {
                    Heard::Msg(msg) => msg,
                    Heard::Click(column, row) => match self.drawn.at(column, row) {
                        Some(action) => Msg::Clicked(action.clone()),
                        None => return Ok(()),
                    },
                };
                let typed = matches!(msg, Msg::Key(_) | Msg::Paste(_) | Msg::Clicked(_));
                let quits = matches!(msg, Msg::Key(Key::Ctrl('q')));
                if !typed || quits || at > self.locked_at {
                    self.hear(msg);
                }
            }
            Event::Answer(msg) => self.hear(msg),
            Event::Finished(effects) => {
                self.pending = self.pending.saturating_sub(effects);
            }
            Event::Crashed => return Err(Error::Crashed),
            Event::Ending => self.hear(Msg::Ending),
        }
        Ok(())
    }

    fn hear(&mut self, msg: Msg) {
        // What changes is drawn before it can be clicked.
        self.drawn = Drawn::default();
        let now = self.options.clock.moment();
        let effects = update(&mut self.model, msg, now);
        self.ask(effects);
    }

    fn ask(&mut self, effects: Vec<Effect>) {
        for effect in effects {
            if matches!(effect, Effect::Redraw) {
                self.frames.draw_anew();
            } else if matches!(effect, Effect::Quit) {
                self.ends_by = Some(monotonic() + ENDING);
            } else {
                if matches!(effect, Effect::Lock(lock::Effect::Lock)) {
                    self.locked_at = self.options.clock.now();
                    self.frames.draw_anew();
                }
                self.pending += 1;
                self.workers.hand_over(effect);
            }
        }
    }

    /// How long nothing need happen.
    fn patience(&self) -> Duration {
        if let Some(by) = self.ends_by {
            return by.saturating_duration_since(monotonic());
        }
        let Some(wake) = self.model.next_wake() else {
            return Duration::from_hours(1);
        };
        let ms = wake.ms_since(self.options.clock.now());
        Duration::from_millis(u64::try_from(ms).unwrap_or(0))
    }

    fn resize(&mut self) -> io::Result<()> {
        let (columns, rows) = crossterm::terminal::size()?;
        self.hear(Msg::Resized(Size { columns, rows }));
        Ok(())
    }

    fn draw(&mut self) -> io::Result<Instant> {
        let area = area(self.model.size);
        let mut picture = Buffer::empty(area);
        let view = ScreenView {
            model: &self.model,
            theme: self.options.theme,
        };
        self.drawn = view.draw_on(area, &mut picture);
        let drawn = monotonic();
        self.frames.draw(picture, self.drawn.caret)?;
        if self.options.marks && self.pending == 0 {
            let (frames, _) = self.frames.written();
            let mark = (self.heard, frames, self.model.is_drafted());
            if self.marked != Some(mark) {
                self.marked = Some(mark);
                let (heard, _, drafted) = mark;
                let drafted = u8::from(drafted);
                let mark = format!("\x1b]7770;{heard};{frames};{drafted}\x07");
                self.frames.write_aside(mark.as_bytes())?;
            }
        }
        Ok(drawn)
    }
}

const fn area(size: Size) -> Rect {
    Rect::new(0, 0, size.columns, size.rows)
}

/// Starts the threads that hear the terminal and the system.
fn listen(to: &SyncSender<Event>, clock: Clock) -> io::Result<()> {
    let keys = to.clone();
    let read = move || {
        let mut at = clock.now();
        let mut waited = false;
        while let Ok(event) = crossterm::event::read() {
            // What was there already came no later than what was read before it.
            if !waited {
                at = clock.now();
            }
            let heard = input::heard(event);
            let sent = heard.map(|it| keys.send(Event::Heard(it, at)));
            if sent.is_some_and(|it| it.is_err()) {
                return;
            }
            waited = crossterm::event::poll(Duration::ZERO).unwrap_or(false);
        }
        // The terminal went away.
        drop(keys.send(Event::Ending));
    };
    thread::Builder::new().name("keys".to_owned()).spawn(read)?;
    let ends = to.clone();
    platform::on_end(move |_| {
        drop(ends.send(Event::Ending));
    })
}

#[expect(
    clippy::disallowed_methods,
    reason = "the driver paces frames by the machine's own clock"
)]
fn monotonic() -> Instant {
    Instant::now()
}
