//! One drug that is read whole, with who changed what in it.

use super::Step;
use crate::{
    app::{
        Cx, Effect as Ask, Move, Selected,
        history::{self, Answer, Effect, Said},
        notice::Notice,
    },
    ids::RecordId,
};

/// An entry that is open.
#[derive(Debug)]
pub struct Reading {
    /// Which.
    pub record: RecordId,
    /// Who changed what in it, the newest first.
    pub past: Vec<Said>,
    /// The line of it that is selected.
    pub selected: Selected,
    /// Whether the past has come.
    pub loaded: bool,
    asked: u32,
}

impl Reading {
    /// Opens an entry, and asks for its past.
    pub(super) fn open(record: RecordId, cx: &mut Cx<'_>) -> (Self, Option<Step>) {
        let request = cx.request();
        let step = cx.chart.map(|chart| {
            let patient = chart.patient;
            Step::Ask(Ask::History(Effect::Load { request, patient }))
        });
        let reading = Self {
            record,
            past: Vec::new(),
            selected: Selected::default(),
            loaded: false,
            asked: request,
        };
        (reading, step)
    }

    pub(super) fn moved(&mut self, to: Move, cx: &Cx<'_>) {
        self.selected.moved(to, self.past.len(), cx.page());
    }

    /// Takes the past.
    pub(super) fn answered(&mut self, answer: &Answer, cx: &Cx<'_>) -> Vec<Step> {
        let Answer::Loaded { request, result } = answer;
        if *request != self.asked {
            return Vec::new();
        }
        match result {
            Ok(past) => {
                let own: Vec<_> = past
                    .iter()
                    .filter(|it| it.record == self.record)
                    .cloned()
                    .collect();
                self.past = history::said(&own, cx.chart, cx.say);
                self.loaded = true;
                Vec::new()
            }
            Err(trouble) => vec![Step::Say(Notice::alarm(trouble.said()))],
        }
    }
}
