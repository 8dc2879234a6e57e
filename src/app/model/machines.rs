//! What the model hears of the clinic's other machines.

use super::{Model, Seat};
use crate::app::{Desk, Screen, Step, sync};

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
}
