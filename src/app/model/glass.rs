//! What the model does where a chart opens with a reason: it asks for one, and closes the
//! chart when the hour is over.

use super::{Model, Seat};
use crate::{
    app::{
        Desk, Place, Screen, Step, Tab,
        find::Text,
        glass::{Answer, Asked, State, Waiting, Wants},
        notice::{Notice, Said},
    },
    ids::PatientId,
    time::Timestamp,
};

impl Model {
    /// Asks why this chart, or the emergency view of it, is to be opened.
    pub(super) fn ask_reason(&mut self, patient: PatientId, wants: Wants) -> Vec<Step> {
        let Seat::In(desk) = &mut self.seat else {
            return Vec::new();
        };
        let called = {
            let searches = desk.screens_mut().filter_map(Screen::as_find);
            let mut found = searches.flat_map(|it| &it.found);
            let row = found.find(|it| it.row.patient == patient);
            row.map(|it| format!("{}  {}", it.row.shown_name(), it.row.number))
        };
        if let Some(screens) = desk.tabs.get_mut(&Tab::Find) {
            screens.retain(|it| !matches!(it, Screen::Glass(State::Ask(_))));
        }
        let asked = Asked {
            patient,
            called: Text(called.unwrap_or_default()),
            wants,
        };
        vec![Step::Open(Place::Reason(Box::new(asked)))]
    }

    /// Takes an answer.
    pub(super) fn about_glass(&mut self, answer: &Answer) -> Vec<Step> {
        if let Answer::Waiting(waiting) = answer {
            return self.wait_for_owner(*waiting);
        }
        let screens = self.seat.desk_mut().into_iter().flat_map(Desk::screens_mut);
        let states = screens.filter_map(Screen::as_glass);
        states.flat_map(|it| it.answered(answer)).collect()
    }

    /// When the next thing closes that a reason opened.
    pub(super) fn glass_ends(&self) -> Option<Timestamp> {
        let desk = self.desk()?;
        let chart = desk.chart.iter().filter_map(|it| it.glass_until);
        let screens = desk.tabs.values().flatten();
        let views = screens.filter_map(|it| {
            if let Screen::Glass(State::Ask(state)) = it {
                state.until()
            } else {
                None
            }
        });
        let guests = desk.tabs.values().flatten().filter_map(Screen::guest_until);
        chart.chain(views).chain(guests).min()
    }

    /// Closes what a reason opened and does not any more. What is typed there is kept.
    pub(super) fn close_glass(&mut self) -> Vec<Step> {
        let now = self.now.at;
        if self.glass_ends().is_none_or(|it| it > now) {
            return Vec::new();
        }
        let mut steps: Vec<Step> = self.keep_draft().into_iter().collect();
        let Seat::In(desk) = &mut self.seat else {
            return steps;
        };
        for state in desk.screens_mut().filter_map(Screen::as_glass) {
            if let State::Ask(state) = state
                && state.until().is_some_and(|it| it <= now)
            {
                state.close();
            }
        }
        let is_over = |it: &Screen| it.guest_until().is_some_and(|end| end <= now);
        let said = if desk.screens_mut().any(|it| is_over(it)) {
            "guests-over"
        } else {
            "glass-over"
        };
        desk.screens_mut().for_each(|it| it.close_guest(now));
        let until = desk.chart.as_ref().and_then(|it| it.glass_until);
        if until.is_some_and(|it| it <= now) {
            desk.chart = None;
            desk.newer = None;
            desk.tabs.remove(&Tab::Chart);
            if desk.at == Tab::Chart {
                desk.at = Tab::Find;
            }
        }
        steps.push(Step::Say(Notice::alarm(Said::line(said))));
        steps
    }

    fn wait_for_owner(&mut self, waiting: Waiting) -> Vec<Step> {
        let Seat::In(desk) = &mut self.seat else {
            return Vec::new();
        };
        let before = std::mem::replace(&mut desk.for_owner, waiting);
        if self.notice.is_some() || waiting.uses <= before.uses {
            return Vec::new();
        }
        let said = Said::with("reviews-wait", [("n", waiting.uses.into())]);
        vec![Step::Say(Notice::plain(said))]
    }
}
