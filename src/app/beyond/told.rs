//! What of the open chart was shared, exported, printed, agreed to or opened with a reason,
//! as the patient is told of it; and the same on paper.

use super::{Answer, AskFile, Asks, News, ask, file::Asked};
use crate::{
    app::{
        Cx, Listed, Press, Step, Wish,
        keymap::Context,
        notice::{Notice, Said, Trouble},
    },
    chart::Disclosure,
    ids::PatientId,
};

/// The list of the open chart.
#[derive(Debug)]
pub struct State {
    /// The newest first.
    pub told: Listed<Disclosure>,
    /// Whether nothing of the log is missing or closed.
    pub is_whole: bool,
    /// The file that is asked for.
    pub file: Option<AskFile>,
    patient: Option<PatientId>,
    printing: Option<u32>,
}

impl State {
    /// The list, and the question what stands in it.
    pub fn open(cx: &mut Cx<'_>) -> (Self, Vec<Step>) {
        let mut state = Self {
            told: Listed::default(),
            is_whole: true,
            file: None,
            patient: cx.chart.map(|it| it.patient),
            printing: None,
        };
        let request = state.told.ask(cx);
        let asks = state.patient.map(|it| ask(request, Asks::Told(it)));
        (state, asks.into_iter().collect())
    }

    /// The contexts of the list.
    pub const LIST: &'static [Context] = &[
        Context::Told,
        Context::List,
        Context::Chart,
        Context::Anywhere,
        Context::Outside,
    ];

    /// Where keys mean something.
    pub const fn contexts(&self) -> &'static [Context] {
        if self.file.is_some() {
            AskFile::FORM
        } else {
            Self::LIST
        }
    }

    /// Does what a key asks of any screen.
    pub fn press(&mut self, press: &Press, cx: &mut Cx<'_>) -> Vec<Step> {
        let Some(file) = &mut self.file else {
            return match self.told.press(press, cx) {
                Wish::Back => vec![Step::Back],
                Wish::Open | Wish::New | Wish::Nothing => Vec::new(),
            };
        };
        match (file.press(press, cx), self.patient) {
            (Asked::Given(path), Some(patient)) if self.printing.is_none() => {
                let request = cx.request();
                self.printing = Some(request);
                let asks = Asks::Print(patient, path, cx.say.lang());
                return vec![ask(request, asks)];
            }
            (Asked::Left, _) => self.file = None,
            (Asked::Given(_) | Asked::Waits, _) => {}
        }
        Vec::new()
    }

    /// Asks where to write it.
    pub(super) fn ask_file(&mut self) -> Vec<Step> {
        self.file = Some(AskFile::new("told-print", "told-file-help"));
        Vec::new()
    }

    /// Takes an answer.
    pub(super) fn answered(&mut self, answer: &Answer) -> Vec<Step> {
        match &answer.news {
            News::Told(told) if self.told.is_asked(answer.request) => {
                self.is_whole = told.as_ref().map_or(true, |it| it.is_whole);
                let rows = told.as_ref().map(|it| it.all.clone());
                self.told.answered(rows.map_err(|it| *it), |it| it.at)
            }
            News::Printed(result) if self.printing == Some(answer.request) => {
                self.printing = None;
                self.printed(*result)
            }
            News::Told(_)
            | News::Printed(_)
            | News::Sharing(_)
            | News::Shared(_)
            | News::Revoked(_)
            | News::Providers(_)
            | News::OwnCard(_)
            | News::Kept(_)
            | News::Given(_)
            | News::Proposed(_)
            | News::Beside(_)
            | News::Decided(_)
            | News::Guests(_)
            | News::GuestChart(_)
            | News::Offered(_) => Vec::new(),
        }
    }

    fn printed(&mut self, result: Result<(), Trouble>) -> Vec<Step> {
        match (result, &mut self.file) {
            (Ok(()), _) => {
                self.file = None;
                vec![Step::Say(Notice::done(Said::line("told-printed")))]
            }
            (Err(Trouble::NotTaken), Some(file)) => {
                file.problem = Some(Said::line("beyond-not-written"));
                Vec::new()
            }
            (Err(trouble), _) => vec![Step::Say(Notice::alarm(trouble.said()))],
        }
    }
}
