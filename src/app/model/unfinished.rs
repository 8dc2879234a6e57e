//! What lies unfinished: drafts are kept, taken up, gone on with and forgotten, and the desk
//! knows of each.

use super::{Model, Seat, doing::alarm};
use crate::{
    app::{
        Desk, Effect, Place, Screen, Step,
        draft::{self, Unfinished},
        notice::{Notice, Said, Trouble},
        overlay::Question,
    },
    chart::who::Denial,
};

impl Model {
    /// Gives a draft to the screen that asked for it.
    pub(super) fn about_draft(&mut self, answer: draft::Answer) -> Vec<Step> {
        match answer {
            draft::Answer::Saved => {
                let now = self.now;
                if let Some(front) = self.seat.desk_mut().and_then(Desk::front_mut) {
                    front.draft_kept(now);
                }
                Vec::new()
            }
            draft::Answer::Loaded { found: None, .. } => Vec::new(),
            draft::Answer::NotSaved(trouble) => vec![alarm(trouble)],
            draft::Answer::Loaded {
                request,
                found: Some((body, kept)),
            } => {
                let (body, closed) = body.opened();
                if let Some((desk, category)) = self.seat.desk_mut().zip(closed) {
                    desk.close_as(category);
                }
                let found = (body, kept);
                self.with_cx(|seat, cx| {
                    let screens = seat.desk_mut().into_iter().flat_map(Desk::screens_mut);
                    let mut steps = Vec::new();
                    for screen in screens {
                        steps.extend(screen.draft_loaded(request, found.clone(), cx));
                    }
                    steps
                })
            }
        }
    }

    /// Keeps what is typed on the screen in front and not kept yet.
    pub(super) fn keep_draft(&mut self) -> Option<Step> {
        self.draft_due.take()?;
        let kept = self.now;
        let desk = self.seat.desk_mut()?;
        let (key, body) = desk.front().and_then(Screen::draft)?;
        if body.0.is_empty() {
            return Some(Step::Ask(Effect::Draft(draft::Effect::Drop(key))));
        }
        let closed = key.patient.and_then(|it| desk.closing_of(it));
        let body = match closed {
            Some(category) => body.closed(category),
            None => body,
        };
        let whose = desk.name_of(key.patient);
        desk.unfinished.retain(|it| it.key != key);
        desk.unfinished.insert(0, Unfinished { key, kept, whose });
        Some(Step::Ask(Effect::Draft(draft::Effect::Save { key, body })))
    }

    /// A draft is not needed any more.
    pub(super) fn forget_draft(&mut self, key: draft::Key) {
        self.draft_due = None;
        if let Seat::In(desk) = &mut self.seat {
            desk.unfinished.retain(|it| it.key != key);
        }
    }

    /// Opens a screen for a key. What needs a patient, while none is open, is the draft of
    /// its kind that lies unfinished.
    pub(super) fn go(&mut self, place: &Place) -> Vec<Step> {
        let Seat::In(desk) = &self.seat else {
            return Vec::new();
        };
        let tab = place.tab();
        if desk.has(tab) {
            return vec![Step::Open(place.clone())];
        }
        if !tab.is_for(desk.who.role) {
            return vec![alarm(Trouble::Denied(Denial::Role(desk.who.role)))];
        }
        let mut unfinished = desk.unfinished.iter();
        let kept = unfinished.find(|it| Some(it.key.kind) == place.drafts());
        match kept.and_then(|it| it.key.patient) {
            Some(patient) => vec![Step::OpenChart(patient, place.clone())],
            None => vec![Step::Say(Notice::plain(Said::line("go-no-patient")))],
        }
    }

    /// Goes on with the draft that was kept last; from there, with the one before.
    pub(super) fn go_on(&mut self) -> Vec<Step> {
        let mut steps: Vec<Step> = self.keep_draft().into_iter().collect();
        let Seat::In(desk) = &self.seat else {
            return steps;
        };
        let here = desk.written_in_front();
        let mut unfinished = desk.unfinished.iter();
        let Some(other) = unfinished.find(|it| Some(it.key) != here) else {
            let said = if here.is_some() && !desk.unfinished.is_empty() {
                "frame-unfinished-here"
            } else {
                "frame-nothing-unfinished"
            };
            steps.push(Step::Say(Notice::plain(Said::line(said))));
            return steps;
        };
        let args = [("what", other.what(&self.say).into())];
        steps.push(Step::Say(Notice::plain(Said::with("draft-goes-on", args))));
        let place = other.key.kind.place();
        let open = desk.chart.as_ref().map(|it| it.patient);
        steps.push(match other.key.patient {
            Some(patient) if open != Some(patient) => Step::OpenChart(patient, place),
            _ => Step::Open(place),
        });
        steps
    }

    /// Says what was left on the screen that is closed.
    pub(super) fn say_left(&self, left: draft::Key) -> Option<Step> {
        let mut unfinished = self.desk()?.unfinished.iter();
        let left = unfinished.find(|it| it.key == left)?;
        let args = [("what", left.what(&self.say).into())];
        Some(Step::Say(Notice::plain(Said::with("draft-left", args))))
    }

    /// Ends the program; asks once when that leaves something unfinished.
    pub(super) fn quit(&mut self) -> Vec<Step> {
        let asked = self.overlay.is_some();
        let desk = self.desk().filter(|_| !asked);
        let Some((key, _)) = desk.and_then(Desk::draft_in_front) else {
            return vec![Step::Quit];
        };
        let whose = desk.and_then(|it| it.name_of(key.patient));
        let kept = self.now;
        let left = Unfinished { key, kept, whose };
        let args = [("what", left.what(&self.say).into())];
        vec![Step::Question(Box::new(Question {
            title: Said::line("quit-title"),
            lines: vec![Said::with("quit-draft", args)],
            safe: Said::line("quit-stay"),
            letter: 'q',
            other: Said::line("quit-now"),
            back: None,
            then: vec![Step::Quit],
        }))]
    }
}
