//! The seat at the machine: which clinic is open, who is signed in, who is parked behind a
//! PIN, and the answers to what the screens ask.

mod beyond;
mod bundles;
mod entry;
mod glass;
mod guests;
mod machines;
mod meeting;
mod pairing;
mod proposals;
mod versions;

use std::{collections::BTreeMap, time::Duration};

use self::{
    meeting::Meeting,
    pairing::{Invitation, Joining},
};
use super::{Bench, Shelf, answers::trouble, lists};
use crate::{
    app::{Effect, Msg, draft, find, history, notice::Trouble, patient, register, sync},
    chart::{Chart, Subject},
    clinic::{Error, Parked, Session},
    ids::{PatientId, UserId},
    seal::Pin,
    time::Moment,
    tui::{effects::Answers, network::Network},
};

pub(crate) use self::entry::entering_first;

/// How long is worked at a time while nobody waits. Who presses a key then waits no longer.
const REST: Duration = Duration::from_millis(10);
/// How often it is looked whether it is time to say how far the logs are known to reach.
const HEADS_MS: i64 = 10 * 60 * 1_000;

/// One machine, as the worker has it.
pub(super) struct Seat {
    bench: Bench,
    shelf: Shelf,
    /// Someone whose passphrase was right and who has no PIN yet.
    entering: Option<Session>,
    session: Option<Session>,
    /// The PIN behind which the session will be parked.
    pin: Option<Pin>,
    parked: BTreeMap<UserId, Parked>,
    network: Network,
    /// The way to the model, for what is told without being asked.
    answers: Option<Answers>,
    invitation: Option<Invitation>,
    joining: Option<Joining>,
    meeting: Option<Meeting>,
    /// The charts to compare that were told last.
    waiting: Option<usize>,
    /// Whether there was more to do when nobody waited last.
    is_behind: bool,
    /// Whether something came in from another machine since the heads were signed.
    met: bool,
    /// When it is time to look at the heads again, by a clock that nobody can set.
    heads_due_ms: i64,
    /// Whether to look again what waits for an owner.
    owner_due: bool,
    /// What was told of that last.
    for_owner: Option<crate::app::glass::Waiting>,
}

impl Seat {
    pub(super) fn new(bench: Bench, shelf: Shelf) -> Self {
        let mut bench = bench;
        let session = bench.session.take();
        let network = Network::new(std::mem::take(&mut bench.sharing));
        let mut seat = Self {
            bench,
            shelf,
            entering: None,
            session: None,
            pin: None,
            parked: BTreeMap::new(),
            network,
            answers: None,
            invitation: None,
            joining: None,
            meeting: None,
            waiting: None,
            is_behind: false,
            met: false,
            heads_due_ms: 0,
            owner_due: false,
            for_owner: None,
        };
        if let Some(session) = session {
            seat.sit_down(session, entry::demo_pin());
        }
        seat
    }

    /// Does what is asked.
    pub(super) fn answer(&mut self, effect: Effect, answers: &Answers) -> Vec<Msg> {
        self.answers.get_or_insert_with(|| answers.clone());
        self.take_joined();
        match effect {
            Effect::Start(effect) => self.start(effect),
            Effect::Lock(effect) => self.lock(effect),
            Effect::Register(effect) => self.register(effect),
            Effect::Patient(effect) => self.patient(effect),
            Effect::Draft(effect) => self.draft(effect),
            Effect::Sync(effect) => self.machines(effect),
            Effect::Invite(effect) => self.invite(effect),
            Effect::Bundle(effect) => self.bundle(effect),
            Effect::History(effect) => vec![Msg::History(self.history(effect))],
            Effect::Find(find::Effect::Over { shown }) => {
                let audited = self.with(|session| session.search_audited(shown));
                audited.err().map(Msg::Trouble).into_iter().collect()
            }
            Effect::Versions(effect) => vec![Msg::Versions(self.versions(effect))],
            Effect::Glass(effect) => self.glass(effect),
            Effect::Beyond(effect) => self.beyond(effect),
            Effect::Find(find::Effect::Search { .. })
            | Effect::Icd(_)
            | Effect::Redraw
            | Effect::Quit => Vec::new(),
        }
    }

    /// Brings caches up to what was saved, now that nobody waits.
    pub(super) fn settle(&mut self) -> Result<(), Trouble> {
        let settled = self.rest_for(Duration::ZERO);
        settled.map(drop).map_err(|error| trouble(&error))
    }

    /// Does a little of what came from other machines; true while there is more. When all of
    /// it is done, the lists are looked up again: what was not known of people is now.
    pub(super) fn rest(&mut self, answers: &Answers) -> bool {
        let rested = self.rest_for(REST);
        if let Err(error) = &rested {
            tracing::warn!(%error, "what came is not taken into the lists yet");
        }
        let more = rested.unwrap_or(false);
        for news in self.meeting_news() {
            answers.give(news);
        }
        if !more {
            self.sign_heads();
            if let Some(news) = self.owner_news() {
                answers.give(news);
            }
        }
        if std::mem::replace(&mut self.is_behind, more) && !more {
            answers.give(Msg::Sync(sync::Answer::TookIn {
                more: false,
                chart: None,
                by: None,
            }));
        }
        more || self.owner_due
    }

    /// Says for all, now and then, how far this machine knows the logs to reach.
    fn sign_heads(&mut self) {
        let Some(session) = &mut self.session else {
            return;
        };
        let now = (self.bench.surroundings)().clock.passed_ms();
        if now < self.heads_due_ms {
            return;
        }
        self.heads_due_ms = now.saturating_add(HEADS_MS);
        match session.sign_heads(self.met) {
            Ok(signed) => self.met &= !signed,
            Err(error) => tracing::warn!(%error, "the heads could not be signed"),
        }
    }

    fn rest_for(&mut self, budget: Duration) -> Result<bool, Error> {
        match (&mut self.session, &self.bench.clinic) {
            (Some(session), _) => session.settle_some(budget),
            (None, Some(clinic)) => clinic.index_some(),
            (None, None) => Ok(false),
        }
    }

    fn signed_in(&mut self) -> Result<&mut Session, Trouble> {
        self.session
            .as_mut()
            .ok_or(Trouble::Denied(crate::chart::who::Denial::Locked))
    }

    fn with<T>(
        &mut self,
        act: impl FnOnce(&mut Session) -> Result<T, Error>,
    ) -> Result<T, Trouble> {
        act(self.signed_in()?).map_err(|error| {
            tracing::warn!(%error, "a wish of the screen was not fulfilled");
            trouble(&error)
        })
    }

    fn patient(&mut self, effect: patient::Effect) -> Vec<Msg> {
        let answer = match effect {
            patient::Effect::Open { request, patient } => {
                let opened = self.with(|session| session.open(patient));
                patient::Answer::Opened {
                    request,
                    result: opened.map(Box::new),
                }
            }
            patient::Effect::Save {
                request,
                subject,
                edits,
            } => {
                let patient = match subject {
                    Subject::Patient(patient) => Some(patient),
                    Subject::Clinic | Subject::Inbox { .. } => None,
                };
                let saved = self.with(|session| session.save(subject, edits));
                let (result, unread) = self.with_chart(saved, patient);
                let saved = Msg::Patient(patient::Answer::Saved { request, result });
                return [saved].into_iter().chain(unread).collect();
            }
            patient::Effect::Sign {
                request,
                patient,
                note,
                shown,
            } => {
                let signed =
                    self.with(|session| session.sign_note(patient, note, &shown));
                let (result, unread) = self.with_chart(signed, Some(patient));
                let signed = Msg::Patient(patient::Answer::Signed { request, result });
                return [signed].into_iter().chain(unread).collect();
            }
            patient::Effect::Names(users) => {
                let session = self.session.as_ref();
                let named = users.into_iter().filter_map(|user| {
                    let name = session?.user_name(user);
                    (!name.is_empty()).then_some((user, name))
                });
                patient::Answer::Names(named.collect())
            }
        };
        vec![Msg::Patient(answer)]
    }

    /// What was saved is saved, also when the chart cannot be read after it: that is told
    /// by itself.
    fn with_chart(
        &mut self,
        saved: Result<(), Trouble>,
        patient: Option<PatientId>,
    ) -> (Result<Option<Box<Chart>>, Trouble>, Option<Msg>) {
        let (Ok(()), Some(patient)) = (saved, patient) else {
            return (saved.map(|()| None), None);
        };
        match self.with(|session| session.chart(patient)) {
            Ok(chart) => (Ok(Some(Box::new(chart))), None),
            Err(trouble) => (Ok(None), Some(Msg::Trouble(trouble))),
        }
    }

    fn history(&mut self, effect: history::Effect) -> history::Answer {
        let history::Effect::Load { request, patient } = effect;
        let result = self.with(|session| {
            let past = session.history(patient)?;
            let offset_minutes = session.moment().offset_minutes;
            let mut names = BTreeMap::new();
            for user in past.iter().filter_map(|it| it.by) {
                names.entry(user).or_insert_with(|| session.user_name(user));
            }
            let told = past.into_iter().map(|it| history::Past {
                at: Moment {
                    at: it.at,
                    offset_minutes,
                },
                by: it.by.and_then(|user| names.get(&user).cloned()),
                kind: it.kind,
                record: it.record,
                field: it.field,
                old: it.old,
                new: it.new,
            });
            Ok(told.collect())
        });
        history::Answer::Loaded { request, result }
    }

    fn register(&mut self, effect: register::Effect) -> Vec<Msg> {
        let answer = match effect {
            register::Effect::Alike { .. } => return Vec::new(),
            register::Effect::Lists => {
                let villages = self.shelf.read(lists::villages).unwrap_or_default();
                register::Answer::Lists { villages }
            }
            register::Effect::Save { request, person } => {
                let saved = self.with(|session| session.register(*person));
                let result = saved.map(|it| (it.patient, it.number));
                register::Answer::Saved { request, result }
            }
        };
        vec![Msg::Register(answer)]
    }

    fn draft(&mut self, effect: draft::Effect) -> Vec<Msg> {
        let answer = match effect {
            draft::Effect::Save {
                key: draft::Key { kind, patient },
                body,
            } => {
                let text = body.0.into_bytes();
                match self.with(|session| session.save_draft(kind.name(), patient, &text))
                {
                    Ok(()) => draft::Answer::Saved,
                    Err(trouble) => draft::Answer::NotSaved(trouble),
                }
            }
            draft::Effect::Load {
                request,
                key: draft::Key { kind, patient },
            } => {
                let loaded = self.with(|session| {
                    let found = session.load_draft(kind.name(), patient)?;
                    Ok((found, session.moment().offset_minutes))
                });
                let found = loaded.ok().and_then(|(found, offset_minutes)| {
                    let (text, at) = found?;
                    let text = String::from_utf8(text.to_vec()).ok()?;
                    Some((draft::Body(text), Moment { at, offset_minutes }))
                });
                draft::Answer::Loaded { request, found }
            }
            draft::Effect::Drop(draft::Key { kind, patient }) => {
                match self.with(|session| session.drop_draft(kind.name(), patient)) {
                    Ok(()) => return Vec::new(),
                    Err(trouble) => draft::Answer::NotSaved(trouble),
                }
            }
        };
        vec![Msg::Draft(answer)]
    }
}

impl Drop for Seat {
    /// The program ends: what is open is ended in order. What that cannot write is caught up
    /// with at the next start.
    fn drop(&mut self) {
        for session in [self.session.take(), self.entering.take()]
            .into_iter()
            .flatten()
        {
            if let Err(error) = session.sign_out() {
                tracing::warn!(%error, "the session was not ended in order");
            }
        }
        self.invitation = None;
        self.joining = None;
        self.meeting = None;
        self.network.end();
    }
}
