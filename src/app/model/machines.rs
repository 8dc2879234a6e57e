//! What the model hears of the clinic's other machines.

use super::{Model, Seat};
use crate::{
    app::{Desk, Effect, Screen, Step, invite, lock, start::join::Clinic, sync},
    chart::Chart,
};

impl Model {
    /// Takes news. How it stands is the frame's to say, on every screen; the rest goes to
    /// the screen that asked.
    pub(super) fn about_machines(&mut self, answer: sync::Answer) -> Vec<Step> {
        match answer {
            sync::Answer::Standing(standing) => {
                let bundle = standing.bundle.or(self.standing.bundle);
                self.standing = sync::Standing {
                    bundle,
                    ..*standing
                };
                if !matches!(self.seat, Seat::In(_)) {
                    self.standing.forget_names();
                }
                Vec::new()
            }
            sync::Answer::Came { membership } => self.take_in(membership),
            sync::Answer::TookIn { more, chart } => self.took_in(more, chart),
            sync::Answer::Details { .. } | sync::Answer::Revoked { .. } => {
                self.with_cx(|seat, cx| {
                    let screens = seat.desk_mut().into_iter().flat_map(Desk::screens_mut);
                    let states = screens.filter_map(Screen::as_sync);
                    let told = states.flat_map(|it| it.answered(&answer, cx));
                    told.collect()
                })
            }
        }
    }

    /// Without a person nothing can be read: the next sign-in catches up.
    fn take_in(&self, membership: bool) -> Vec<Step> {
        let Some(desk) = self.desk() else {
            return Vec::new();
        };
        let open = desk.chart.as_ref().map(|it| it.patient);
        let take_in = sync::Effect::TakeIn { membership, open };
        vec![Step::Ask(Effect::Sync(take_in))]
    }

    /// What came in is marked and moves nothing; a search that found nobody is made again.
    fn took_in(&mut self, more: bool, chart: Option<Box<Chart>>) -> Vec<Step> {
        let mut steps = Vec::new();
        if let (Seat::In(desk), Some(chart)) = (&mut self.seat, chart) {
            desk.came(chart);
        }
        steps.extend(if more {
            self.take_in(false)
        } else {
            self.with_cx(|seat, cx| {
                let find = seat.screen(Screen::as_find);
                find.map_or_else(Vec::new, |it| it.search_anew(cx))
            })
        });
        steps
    }

    /// Takes news of a pairing. What nobody looks at any more is ended.
    pub(super) fn about_invitation(&mut self, answer: invite::Answer) -> Vec<Step> {
        match self.seat.screen(Screen::as_invite) {
            Some(state) => state.answered(answer),
            None if answer.news.is_over() => Vec::new(),
            None => vec![Step::Ask(Effect::Invite(invite::Effect::Close))],
        }
    }

    /// This machine belongs to a clinic now: its people sign in.
    pub(super) fn joined(&mut self, clinic: Clinic) -> Vec<Step> {
        self.clinic = clinic.0;
        let state = lock::State::new(lock::Why::Joined, None);
        self.seat = Seat::Locked(Box::new(state));
        vec![Step::Ask(Effect::Lock(lock::Effect::People))]
    }
}
