//! What the model hears of facts that people set apart from each other.

use super::{Model, Saved, Seat};
use crate::app::{
    Desk, Screen, Step, apart,
    notice::Trouble,
    versions::{Answer, Settled},
};

impl Model {
    /// Takes an answer: the chart as a decision left it, and then the screen that asked.
    pub(super) fn about_versions(&mut self, mut answer: Answer) -> Vec<Step> {
        match &mut answer {
            Answer::Settled {
                result: Ok(settled),
                ..
            } => {
                self.saved = Saved::Here;
                self.take_settled(settled);
            }
            Answer::ToldApart { result: Ok(_), .. } => self.saved = Saved::Here,
            Answer::Settled {
                result: Err(Trouble::DiskFull),
                ..
            }
            | Answer::ToldApart {
                result: Err(Trouble::DiskFull),
                ..
            } => self.saved = Saved::DiskFull,
            Answer::Waiting { charts } => {
                if let Seat::In(desk) = &mut self.seat {
                    desk.to_compare = *charts;
                }
                let mut steps = self.compare_again();
                steps.extend(self.with_cx(|seat, cx| {
                    let screens = seat.desk_mut().into_iter().flat_map(Desk::screens_mut);
                    let states = screens.filter_map(Screen::as_apart);
                    let lists = states.filter_map(apart::State::as_list);
                    lists.flat_map(|it| it.shown_again(cx)).collect::<Vec<_>>()
                }));
                return steps;
            }
            Answer::Settled { .. }
            | Answer::ToldApart { .. }
            | Answer::Twins { .. }
            | Answer::Loaded { .. } => {}
        }
        self.with_cx(|seat, cx| {
            let screens = seat.desk_mut().into_iter().flat_map(Desk::screens_mut);
            let states = screens.filter_map(Screen::as_apart);
            states.flat_map(|it| it.answered(&answer, cx)).collect()
        })
    }

    /// What is compared may have been decided elsewhere.
    pub(super) fn compare_again(&mut self) -> Vec<Step> {
        self.with_cx(|seat, cx| {
            let screens = seat.desk_mut().into_iter().flat_map(Desk::screens_mut);
            let states = screens.filter_map(Screen::as_apart);
            states.flat_map(|it| it.refresh(cx)).collect()
        })
    }

    fn take_settled(&mut self, settled: &mut Settled) {
        let Seat::In(desk) = &mut self.seat else {
            return;
        };
        let open = desk.chart.as_ref().map(|it| it.patient);
        let chart = settled.chart.take();
        if let Some(chart) = chart.filter(|it| Some(it.patient) == open) {
            desk.chart = Some(chart);
            desk.newer = None;
        }
    }
}
