//! What the model hears of the clinic's other machines.

use super::{Model, Seat};
use crate::app::{Desk, Effect, Screen, Step, invite, lock, start::join::Clinic, sync};

impl Model {
    /// Takes news. How it stands is the frame's to say, on every screen; the rest goes to
    /// the screen that asked.
    pub(super) fn about_machines(&mut self, answer: sync::Answer) -> Vec<Step> {
        if let sync::Answer::Standing(standing) = answer {
            self.standing = *standing;
            if !matches!(self.seat, Seat::In(_)) {
                self.standing.forget_names();
            }
            return Vec::new();
        }
        self.with_cx(|seat, cx| {
            let screens = seat.desk_mut().into_iter().flat_map(Desk::screens_mut);
            let states = screens.filter_map(Screen::as_sync);
            let told = states.flat_map(|it| it.answered(&answer, cx));
            told.collect()
        })
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
