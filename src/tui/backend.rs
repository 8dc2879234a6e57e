//! What the workers do: the clinic behind the screens. One worker holds the session and does
//! everything in the order asked; the other searches the index beside it.

mod answers;
mod lists;
mod seat;

use std::{
    path::PathBuf,
    sync::{
        Arc, Mutex, PoisonError, RwLock,
        mpsc::{self, Receiver, Sender},
    },
};

use self::seat::Seat;
pub(super) use self::seat::entering_first;
use super::{
    effects::{Answers, Backend},
    network::Sharing,
};
use crate::{
    app::{Effect, Msg, find as find_screen, notice::Trouble, register, start},
    clinic::{Clinic, Session, Surroundings},
    find::Index,
    time::PartialDate,
};

/// What the workers need from the program's beginning.
pub(super) struct Bench {
    /// Where a new clinic is made.
    pub(super) home: PathBuf,
    /// Where the demo clinic is made.
    pub(super) demo_home: PathBuf,
    /// The clinic that is open, if there is one.
    pub(super) clinic: Option<Arc<Clinic>>,
    /// Who is signed in already, as in the demo.
    pub(super) session: Option<Session>,
    /// Makes what a clinic takes from outside.
    pub(super) surroundings: fn() -> Surroundings,
    /// How the clinic takes part in the exchange.
    pub(super) sharing: Sharing,
}

/// The index of whoever is signed in, and what today is.
#[derive(Clone, Default)]
struct Shelf(Arc<Mutex<Option<Arc<RwLock<Index>>>>>);

/// Wires the workers to the clinic. The receiver hears when the last session was ended in
/// order.
pub(super) fn backend(bench: Bench) -> (Backend, Receiver<()>) {
    let (ended, done) = mpsc::channel();
    let shelf = Shelf::default();
    let today = (bench.surroundings)().clock;
    let mut worker = Worker {
        seat: Seat::new(bench, shelf.clone()),
        _ended: ended,
    };
    let searching = Box::new(move |effect, answers: &Answers| {
        if let Some(effect) = effect {
            search(effect, &shelf, today.moment().day(), answers);
        }
        false
    });
    let working = Box::new(move |effect: Option<Effect>, answers: &Answers| {
        let asked = effect.is_some();
        let more = match effect {
            Some(effect) => worker.work(effect, answers),
            None => worker.seat.rest(answers),
        };
        if let Some(news) = worker.seat.waiting_news() {
            answers.give(news);
        }
        asked || more
    });
    (Backend { searching, working }, done)
}

/// The worker with the session. Ends the session when the program ends.
struct Worker {
    seat: Seat,
    /// Dropped after the seat, which tells that the session has ended.
    _ended: Sender<()>,
}

impl Worker {
    fn work(&mut self, effect: Effect, answers: &Answers) -> bool {
        for answer in self.seat.answer(effect, answers) {
            answers.give(answer);
        }
        if let Err(trouble) = self.seat.settle() {
            answers.give(Msg::Trouble(trouble));
        }
        true
    }
}

impl Shelf {
    fn put(&self, index: Option<Arc<RwLock<Index>>>) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = index;
    }

    fn read<T>(&self, read: impl FnOnce(&Index) -> T) -> Option<T> {
        let held = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let index = held.as_ref().map(Arc::clone)?;
        drop(held);
        let index = index.read().unwrap_or_else(PoisonError::into_inner);
        Some(read(&index))
    }
}

fn search(effect: Effect, shelf: &Shelf, today: PartialDate, answers: &Answers) {
    let answer = match effect {
        Effect::Find(find_screen::Effect::Search { request, text }) => {
            let found = shelf.read(|index| lists::search(index, &text.0));
            Msg::Find(match found {
                Some((found, total)) => find_screen::Answer::Found {
                    request,
                    found,
                    total,
                },
                None => find_screen::Answer::Failed(Trouble::NotFound),
            })
        }
        Effect::Register(register::Effect::Alike { request, candidate }) => {
            let alike = shelf.read(|index| lists::alike(index, &candidate, today));
            let alike = alike.unwrap_or_default();
            Msg::Register(register::Answer::Alike { request, alike })
        }
        Effect::Start(start::Effect::Judge {
            request,
            passphrase,
            pin,
        }) => {
            let strength = answers::strength(passphrase.as_str(), pin.as_str());
            Msg::Start(start::Answer::Judged { request, strength })
        }
        Effect::Icd(effect) => Msg::Icd(effect.answer()),
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
        | Effect::Quit => return,
    };
    answers.give(answer);
}

impl std::fmt::Debug for Bench {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Bench({:?})", self.clinic)
    }
}
