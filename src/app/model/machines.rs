//! What the model hears of the clinic's other machines.

use super::{Model, Seat};
use crate::{
    app::{
        Desk, Effect, Screen, Step,
        beyond::{self, meet},
        invite, lock,
        notice::{Notice, Said},
        start::join::Clinic,
        sync,
    },
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
            sync::Answer::TookIn { more, chart, by } => {
                let shown = self.show_arrived(chart, by);
                shown.into_iter().chain(self.took_in(more)).collect()
            }
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
        let take_in = sync::Effect::TakeIn {
            membership,
            open: desk.chart.as_ref().map(|it| it.patient),
            writing: desk.written(),
        };
        vec![Step::Ask(Effect::Sync(take_in))]
    }

    /// The open chart is another: it is shown where nothing moves by it, and facts that are
    /// compared are looked up again.
    fn show_arrived(
        &mut self,
        chart: Option<Box<Chart>>,
        by: Option<String>,
    ) -> Vec<Step> {
        let (Seat::In(desk), Some(chart)) = (&mut self.seat, chart) else {
            return Vec::new();
        };
        let changed = desk.came(chart, by.clone());
        let in_note = matches!(desk.front(), Some(Screen::Note(_)));
        let is_held = in_note && desk.newer.is_some();
        let mut steps = self.compare_again();
        if is_held {
            let by = by.unwrap_or_else(|| self.say.line("compare-some-machine"));
            let said = Said::with("note-also", [("machine", by.into())]);
            steps.push(Step::Say(Notice::plain(said)));
        }
        if changed && self.notice.is_none() {
            let said = Said::line("page-came");
            steps.push(Step::Say(Notice::plain(said)));
        }
        steps
    }

    /// Goes on while there is more; those who came in are found without a key.
    fn took_in(&mut self, more: bool) -> Vec<Step> {
        let mut steps = if more {
            self.take_in(false)
        } else {
            Vec::new()
        };
        steps.extend(self.with_cx(|seat, cx| {
            let find = seat.screen(Screen::as_find);
            find.map_or_else(Vec::new, |it| it.refresh(!more, cx))
        }));
        if !more {
            steps.extend(self.with_cx(|seat, cx| {
                let guests = seat.screen(Screen::as_guests);
                guests.map_or_else(Vec::new, |it| it.refresh(cx))
            }));
        }
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

    /// Takes news of a meeting. What nobody looks at any more is ended.
    pub(super) fn about_meeting(&mut self, answer: meet::Answer) -> Vec<Step> {
        match self.seat.screen(Screen::as_meet) {
            Some(state) => state.answered(answer),
            None if answer.met.is_over() => Vec::new(),
            None => vec![Step::Ask(Effect::Beyond(beyond::Effect {
                request: answer.request,
                asks: beyond::Asks::Meet(meet::Wish::Stop),
            }))],
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
