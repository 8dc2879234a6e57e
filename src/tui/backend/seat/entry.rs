//! Coming in and going out: the first start, signing in, PINs, locking.

use std::sync::{Arc, PoisonError};

use super::Seat;
use crate::{
    app::{
        Entering, Msg, Secret, Who,
        draft::{self, Unfinished},
        lock::{self, Named, Person},
        notice::Trouble,
        start,
    },
    chart::who::Role,
    clinic::{
        Clinic, DemoPlan, Enrolled, Error, Founding, PinError, Session, demo_passphrase,
        make_demo,
    },
    ids::UserId,
    say::Lang,
    seal::{Entropy as _, OsEntropy, Pin, suggest_passphrase, words::PaperWords},
    time::Moment,
    tui::backend::answers::{strength, trouble},
};

/// The PIN of whoever works in the demo. The lock screen says it.
const DEMO_PIN: &str = "246813";

/// Paper words that must be typed back.
const WORDS_ASKED: usize = 3;

pub(super) fn demo_pin() -> Option<Pin> {
    DEMO_PIN.parse().ok()
}

/// The clinic's name as the frame shows it; the demo's tells its PIN too, to whom has it.
fn shown_name(clinic: &Clinic, pin: Option<&Pin>) -> String {
    let name = clinic.name();
    let told = pin.is_some() && pin == demo_pin().as_ref();
    match demo_passphrase(clinic.home()).filter(|_| told) {
        Some(_) => format!("{name} · PIN {DEMO_PIN}"),
        None => name.to_owned(),
    }
}

/// Someone comes in as the program starts; in the demo, behind its PIN.
pub(crate) fn entering_first(session: &Session) -> Entering {
    entering(session, demo_pin().as_ref())
}

/// Someone comes in, as the screens hear of it.
fn entering(session: &Session, pin: Option<&Pin>) -> Entering {
    let offset_minutes = session.moment().offset_minutes;
    let drafts = session.drafts().unwrap_or_default();
    let index = session.index();
    let index = index.read().unwrap_or_else(PoisonError::into_inner);
    let unfinished = drafts.into_iter().filter_map(|(mark, patient)| {
        let key = draft::Key {
            kind: draft::Kind::named(&mark.kind)?,
            patient,
        };
        Some(Unfinished {
            key,
            kept: Moment {
                at: mark.at,
                offset_minutes,
            },
            whose: patient.and_then(|it| Some(index.row(it)?.shown_name())),
        })
    });
    Entering {
        who: Who {
            user: session.user(),
            machine: session.machine(),
            name: session.user_name(session.user()),
            role: session.role(),
        },
        clinic: shown_name(session.clinic(), pin),
        lang: session.language().and_then(|code| Lang::named(&code)),
        unfinished: unfinished.collect(),
    }
}

impl Seat {
    pub(super) fn start(&mut self, effect: start::Effect) -> Vec<Msg> {
        let answer = match effect {
            start::Effect::Suggest => {
                let suggestion = suggest_passphrase(&mut OsEntropy);
                start::Answer::Suggested(Secret::from(suggestion.as_str()))
            }
            start::Effect::Judge {
                request,
                passphrase,
                pin,
            } => {
                let strength = strength(passphrase.as_str(), pin.as_str());
                start::Answer::Judged { request, strength }
            }
            start::Effect::DrawWords => start::Answer::Words(draw_words()),
            start::Effect::Create {
                clinic,
                machine,
                owner,
                passphrase,
                pin,
                words,
            } => {
                let founding = Founding {
                    machine,
                    clinic,
                    user: owner,
                    passphrase: passphrase.as_str().to_owned().into(),
                };
                self.begin(
                    |seat| seat.found(founding, words.as_str()),
                    pin.as_str().parse().ok(),
                )
            }
            start::Effect::Demo => self.begin(Self::found_demo, demo_pin()),
            start::Effect::Join(effect) => return self.join(effect),
        };
        vec![Msg::Start(answer)]
    }

    pub(super) fn lock(&mut self, effect: lock::Effect) -> Vec<Msg> {
        let answer = match effect {
            lock::Effect::People => self.people(),
            lock::Effect::SignIn {
                request,
                user,
                passphrase,
            } => self.sign_in(request, user, passphrase.as_str()),
            lock::Effect::Unlock { request, user, pin } => {
                self.unlock(request, user, pin.as_str())
            }
            lock::Effect::SetPin { request, pin } => match pin.as_str().parse() {
                Ok(pin) => match self.entering.take() {
                    Some(session) => self.let_in(request, session, Some(pin)),
                    None => lock::Answer::Failed(Trouble::NotFound),
                },
                Err(_) => lock::Answer::PinTooPlain { request },
            },
            lock::Effect::Leave => match self.entering.take().map(Session::sign_out) {
                Some(Err(error)) => lock::Answer::Failed(trouble(&error)),
                Some(Ok(())) | None => return Vec::new(),
            },
            lock::Effect::Speak(lang) => {
                let kept = self.session.as_ref().map(|it| it.set_language(lang.code()));
                match kept {
                    Some(Err(error)) => lock::Answer::Failed(trouble(&error)),
                    Some(Ok(())) | None => return Vec::new(),
                }
            }
            lock::Effect::Lock => match self.park() {
                Ok(()) => return Vec::new(),
                Err(trouble) => lock::Answer::Failed(trouble),
            },
        };
        vec![Msg::Lock(answer)]
    }

    /// Puts someone at the machine: the searches find, the lock parks behind this PIN.
    pub(super) fn sit_down(&mut self, session: Session, pin: Option<Pin>) {
        self.shelf.put(Some(session.index()));
        self.session = Some(session);
        self.waiting = None;
        self.for_owner = None;
        self.look_for_owner();
        self.pin = pin;
        self.name_machines();
    }

    fn begin(
        &mut self,
        found: impl FnOnce(&mut Self) -> Result<Session, Error>,
        pin: Option<Pin>,
    ) -> start::Answer {
        match found(self) {
            Ok(session) => {
                let entering = entering(&session, pin.as_ref());
                self.sit_down(session, pin);
                self.begin_network(&[]);
                start::Answer::Made(Box::new(entering))
            }
            Err(error) => start::Answer::Failed(trouble(&error)),
        }
    }

    fn found(&mut self, founding: Founding, words: &str) -> Result<Session, Error> {
        let paper: PaperWords = words
            .parse()
            .map_err(|_words| Error::Refused("these are no paper words".to_owned()))?;
        let passphrase = founding.passphrase.clone();
        let around = (self.bench.surroundings)();
        let clinic = Clinic::create_with(&self.bench.home, founding, &paper, around)?;
        let users = clinic.users()?;
        let owner = users.first().map_or(UserId::ZERO, |it| it.user);
        let session = clinic.sign_in(owner, &passphrase)?;
        self.bench.clinic = Some(clinic);
        Ok(session)
    }

    fn found_demo(&mut self) -> Result<Session, Error> {
        // An invented clinic is not announced to the neighbours.
        self.network.stay_quiet();
        let around = (self.bench.surroundings)();
        let made = make_demo(&self.bench.demo_home, DemoPlan::USUAL, around, |_| {})?;
        let session = made.clinic.sign_in(made.owner, &made.passphrase)?;
        self.bench.clinic = Some(made.clinic);
        Ok(session)
    }

    fn people(&self) -> lock::Answer {
        let users = self.clinic().and_then(|it| it.users());
        match users {
            Ok(users) => lock::Answer::People(
                users.into_iter().map(|it| self.person(it)).collect(),
            ),
            Err(error) => lock::Answer::Failed(trouble(&error)),
        }
    }

    fn person(&self, it: Enrolled) -> Person {
        let parked = self.parked.get(&it.user);
        let offset_minutes = (self.bench.surroundings)().clock.moment().offset_minutes;
        let unfinished = it.unfinished.first().and_then(|mark| {
            let kind = draft::Kind::named(&mark.kind)?;
            let key = draft::Key {
                kind,
                patient: None,
            };
            Some(Unfinished {
                key,
                kept: Moment {
                    at: mark.at,
                    offset_minutes,
                },
                whose: None,
            })
        });
        Person {
            user: it.user,
            name: it.name,
            role: it.role,
            pin_is_enough: parked.is_some_and(|it| it.tries_left() > 0),
            unfinished,
        }
    }

    fn sign_in(&mut self, request: u32, named: Named, passphrase: &str) -> lock::Answer {
        let tried = self.clinic().and_then(|clinic| {
            let user = match named {
                Named::Listed(user) => user,
                Named::Typed(name) => {
                    let users = clinic.users()?;
                    let found = users.iter().find(|it| it.name == name).map(|it| it.user);
                    found.ok_or_else(|| Error::Missing("user of this name".to_owned()))?
                }
            };
            clinic.sign_in(user, passphrase)
        });
        match tried {
            Ok(session) => {
                drop(self.parked.remove(&session.user()));
                if session.role() == Role::Emergency {
                    // Whoever opened the envelope has no PIN, and keeps none here.
                    return self.let_in(request, session, None);
                }
                self.entering = Some(session);
                lock::Answer::PinNeeded { request }
            }
            Err(
                Error::WrongPassphrase { wait_seconds }
                | Error::Wait {
                    seconds: wait_seconds,
                },
            ) => {
                let wait_s = usize::try_from(wait_seconds).unwrap_or(usize::MAX);
                lock::Answer::Missed {
                    request,
                    left: None,
                    wait_s,
                }
            }
            Err(error) => lock::Answer::Failed(trouble(&error)),
        }
    }

    fn unlock(&mut self, request: u32, user: UserId, pin: &str) -> lock::Answer {
        let missed = |left: u8| lock::Answer::Missed {
            request,
            left: Some(usize::from(left)),
            wait_s: 0,
        };
        let Some(parked) = self.parked.get_mut(&user) else {
            return missed(0);
        };
        match parked.resume_typed(pin) {
            Ok(session) => {
                drop(self.parked.remove(&user));
                self.let_in(request, session, pin.parse().ok())
            }
            Err(PinError::Missed(it)) => missed(it.left),
            Err(PinError::Over) => missed(0),
            Err(PinError::Clinic(error)) => lock::Answer::Failed(trouble(&error)),
        }
    }

    fn let_in(
        &mut self,
        request: u32,
        session: Session,
        pin: Option<Pin>,
    ) -> lock::Answer {
        let entering = Box::new(entering(&session, pin.as_ref()));
        self.sit_down(session, pin);
        lock::Answer::SignedIn { request, entering }
    }

    /// Locks: the index is dropped, the session parked behind its PIN or ended.
    fn park(&mut self) -> Result<(), Trouble> {
        self.shelf.put(None);
        self.invitation = None;
        self.meeting = None;
        let leaving = (self.session.take(), self.pin.take());
        self.name_machines();
        let parked = match leaving {
            (None, _) => return Ok(()),
            (Some(session), None) => {
                return session.sign_out().map_err(|it| trouble(&it));
            }
            (Some(session), Some(pin)) => {
                session.park(&pin).map_err(|it| trouble(&it))?
            }
        };
        self.parked.insert(parked.user(), parked);
        Ok(())
    }

    fn clinic(&self) -> Result<&Arc<Clinic>, Error> {
        let open = self.bench.clinic.as_ref();
        open.ok_or_else(|| Error::Missing("clinic in this home".to_owned()))
    }
}

/// Draws the paper words, and which three must be typed back.
fn draw_words() -> start::Words {
    let paper = PaperWords::generate(&mut OsEntropy);
    let words = paper.words();
    let mut ask = [0; WORDS_ASKED];
    let mut filled = 0;
    while filled < WORDS_ASKED {
        let mut byte = [0];
        OsEntropy.fill(&mut byte);
        let place = usize::from(byte[0]) % words.len() + 1;
        if !ask.contains(&place) {
            if let Some(next) = ask.get_mut(filled) {
                *next = place;
            }
            filled += 1;
        }
    }
    ask.sort_unstable();
    start::Words {
        all: Secret::from(words.join(" ").as_str()),
        ask,
    }
}
