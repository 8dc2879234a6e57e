//! The workers that do what the model asks, off the thread that draws. One does the searches,
//! of which only the newest counts; the other does everything else, in the order asked, and
//! when nothing is asked what was left for then.

use std::{
    fmt,
    panic::{AssertUnwindSafe, catch_unwind},
    sync::mpsc::{self, Receiver, RecvTimeoutError, Sender, SyncSender, TryRecvError},
    thread,
    time::Duration,
};

use super::run::Event;
use crate::app::{Effect, Msg, find, icd, register, start};

/// What a worker does for the model: it runs one effect and gives its answers. With no effect
/// nobody waits: it does a little of what was left for then, and says whether there is more.
pub type Runner = Box<dyn FnMut(Option<Effect>, &Answers) -> bool + Send>;

/// After so long a worker looks whether something is to be done that nobody asked for: what
/// another machine wrote is shown within two seconds.
const LOOK_AFTER: Duration = Duration::from_millis(500);

/// The two workers' jobs, which the program's beginning wires to the clinic.
pub struct Backend {
    /// Searches. Must not wait for the disk or for a save.
    pub searching: Runner,
    /// Everything else.
    pub working: Runner,
}

/// The way back to the model.
#[derive(Debug, Clone)]
pub struct Answers {
    to: SyncSender<Event>,
}

/// The workers at work.
#[derive(Debug)]
pub(super) struct Workers {
    searching: Sender<Effect>,
    working: Sender<Effect>,
}

impl Answers {
    pub(super) const fn new(to: SyncSender<Event>) -> Self {
        Self { to }
    }

    /// Gives the model an answer. When the program is ending, it is dropped.
    pub fn give(&self, msg: Msg) {
        drop(self.to.send(Event::Answer(msg)));
    }
}

impl Workers {
    pub(super) fn start(backend: Backend, answers: &Answers) -> std::io::Result<Self> {
        Ok(Self {
            searching: spawn("searching", backend.searching, answers, newest)?,
            working: spawn("working", backend.working, answers, |first, _| {
                (1, vec![first])
            })?,
        })
    }

    /// Hands an effect over. Nothing waits.
    pub(super) fn hand_over(&self, effect: Effect) {
        let lane = if search_kind(&effect).is_some() {
            &self.searching
        } else {
            &self.working
        };
        // A worker that has ended has said so.
        drop(lane.send(effect));
    }
}

impl fmt::Debug for Backend {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Backend")
    }
}

/// Takes effects that wait besides the first: how many in all, and which of them to run.
type Choose = fn(Effect, &Receiver<Effect>) -> (usize, Vec<Effect>);

fn spawn(
    name: &str,
    mut runner: Runner,
    answers: &Answers,
    choose: Choose,
) -> std::io::Result<Sender<Effect>> {
    let (to, effects) = mpsc::channel();
    let answers = answers.clone();
    let work = move || {
        let mut more = false;
        loop {
            let next = match next(&effects, more) {
                Ok(first) => first.map(|it| choose(it, &effects)),
                Err(Gone) => return,
            };
            let (taken, chosen) = next.unwrap_or_default();
            let ran = catch_unwind(AssertUnwindSafe(|| {
                if chosen.is_empty() {
                    return runner(None, &answers);
                }
                for effect in chosen {
                    runner(Some(effect), &answers);
                }
                true
            }));
            more = ran.as_ref().is_ok_and(|it| *it);
            let event = match ran {
                Ok(_) if taken == 0 => continue,
                Ok(_) => Event::Finished(taken),
                Err(_) => Event::Crashed,
            };
            let is_over = matches!(event, Event::Crashed);
            if answers.to.send(event).is_err() || is_over {
                return;
            }
        }
    };
    thread::Builder::new().name(name.to_owned()).spawn(work)?;
    Ok(to)
}

/// Nobody asks for anything any more.
struct Gone;

/// The next effect; none where nothing was asked for, now or for a while.
fn next(effects: &Receiver<Effect>, at_once: bool) -> Result<Option<Effect>, Gone> {
    if at_once {
        return match effects.try_recv() {
            Ok(effect) => Ok(Some(effect)),
            Err(TryRecvError::Empty) => Ok(None),
            Err(TryRecvError::Disconnected) => Err(Gone),
        };
    }
    match effects.recv_timeout(LOOK_AFTER) {
        Ok(effect) => Ok(Some(effect)),
        Err(RecvTimeoutError::Timeout) => Ok(None),
        Err(RecvTimeoutError::Disconnected) => Err(Gone),
    }
}

/// The newest search of each kind among those that wait.
fn newest(first: Effect, waiting: &Receiver<Effect>) -> (usize, Vec<Effect>) {
    let mut taken = 1;
    let mut chosen = vec![first];
    for effect in waiting.try_iter() {
        taken += 1;
        chosen.retain(|it| search_kind(it) != search_kind(&effect));
        chosen.push(effect);
    }
    (taken, chosen)
}

/// The kind of a search; none for everything else.
const fn search_kind(effect: &Effect) -> Option<u8> {
    match effect {
        Effect::Find(find::Effect::Search { .. }) => Some(0),
        Effect::Register(register::Effect::Alike { .. }) => Some(1),
        Effect::Start(start::Effect::Judge { .. }) => Some(2),
        Effect::Icd(icd::Effect::Search { .. }) => Some(3),
        Effect::Start(_)
        | Effect::Lock(_)
        | Effect::Find(_)
        | Effect::Register(_)
        | Effect::History(_)
        | Effect::Patient(_)
        | Effect::Draft(_)
        | Effect::Sync(_)
        | Effect::Invite(_)
        | Effect::Bundle(_)
        | Effect::Versions(_)
        | Effect::Glass(_)
        | Effect::Beyond(_)
        | Effect::Redraw
        | Effect::Quit => None,
    }
}
