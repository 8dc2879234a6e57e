//! What the model does for its screens: it opens and closes them, opens charts, lets people
//! in, locks, and says what happened.

use std::collections::VecDeque;

use super::{Model, Opening, Saved, Seat};
use crate::{
    app::{
        Cx, Desk, Effect, Entering, Kept, Page, Place, Screen, Step, Tab, draft, find,
        glass::Wants,
        lock,
        notice::{Notice, Said, Tone, Trouble},
        overlay::Overlay,
        patient,
    },
    chart::{
        Coded,
        who::{Denial, Role},
    },
    ids::PatientId,
    say::Say,
};

/// The diagnoses that are remembered as picked lately.
const RECENT_MAX: usize = 12;
/// The messages that the log keeps.
const LOG_LEN: usize = 200;

impl Model {
    /// Does what screens want done, and gathers what only the shell can do.
    pub(super) fn carry_out(&mut self, steps: Vec<Step>) -> Vec<Effect> {
        let mut effects = Vec::new();
        let mut steps = VecDeque::from(steps);
        while let Some(step) = steps.pop_front() {
            for more in self.done(step, &mut effects).into_iter().rev() {
                steps.push_front(more);
            }
        }
        effects
    }

    fn done(&mut self, step: Step, effects: &mut Vec<Effect>) -> Vec<Step> {
        match step {
            Step::Ask(effect) => {
                if let Effect::Draft(draft::Effect::Drop(key)) = &effect {
                    self.forget_draft(*key);
                }
                effects.push(effect);
            }
            Step::Open(place) => return self.open(&place),
            Step::OpenChart(patient, place) => {
                return self.ask_chart(patient, place, false);
            }
            Step::EmergencyView(patient) => {
                return self.ask_reason(patient, Wants::View);
            }
            Step::OpenAgain {
                patient,
                place,
                behind,
            } => return self.ask_chart(patient, place, behind),
            Step::Back => return self.back(),
            Step::Say(notice) => self.tell(notice),
            Step::Menu(contexts) => self.overlay = Some(Overlay::Menu(contexts)),
            Step::Question(question) => {
                self.overlay = Some(Overlay::Question(question));
            }
            Step::DraftChanged => self.draft_changed(),
            Step::Remember(household) => {
                if let Seat::In(desk) = &mut self.seat {
                    desk.household = Some(*household);
                }
            }
            Step::Picked(code) => self.picked(*code),
            Step::Enter(entering) => return self.enter(*entering),
            Step::Joined(clinic) => return self.joined(clinic),
            Step::Speak(lang) => {
                self.say = Say::new(lang);
                self.started_in = lang;
            }
            Step::Turn(tab) => {
                if let Seat::In(desk) = &mut self.seat {
                    desk.at = tab;
                }
            }
            Step::Lock(why) => return self.lock(why),
            Step::Quit => {
                let mut steps: Vec<Step> = self.keep_draft().into_iter().collect();
                steps.extend(self.seat.desk_mut().map_or(Vec::new(), Desk::search_left));
                steps.push(Step::Ask(Effect::Quit));
                return steps;
            }
        }
        Vec::new()
    }

    /// Goes to a tab; when it is in front already, to the screen at its bottom.
    pub(super) fn go_to_tab(&mut self, tab: Tab) -> Vec<Step> {
        let mut steps: Vec<Step> = self.keep_draft().into_iter().collect();
        let Seat::In(desk) = &mut self.seat else {
            return steps;
        };
        if !desk.has(tab) {
            return steps;
        }
        if desk.at == tab
            && let Some(screens) = desk.tabs.get_mut(&tab)
        {
            screens.truncate(1);
        }
        desk.at = tab;
        if desk.tabs.get(&tab).is_none_or(Vec::is_empty) {
            steps.push(Step::Open(tab.bottom()));
        } else {
            if let Some(find) = desk.front_mut().and_then(Screen::as_find) {
                find.keys = find::Keys::Anew;
                steps.extend(find.over());
            }
            steps.extend(self.shown_again());
        }
        steps
    }

    /// Goes to a page of the open chart.
    pub(super) fn go_to_page(&mut self, page: Page) -> Vec<Step> {
        let mut steps: Vec<Step> = self.keep_draft().into_iter().collect();
        let Seat::In(desk) = &mut self.seat else {
            return steps;
        };
        desk.show_newer();
        if let Some(screens) = desk.tabs.get_mut(&Tab::Chart) {
            screens.truncate(1);
        }
        if page == Page::Summary {
            steps.extend(self.shown_again());
        } else {
            steps.push(Step::Open(page.place()));
        }
        steps
    }

    fn open(&mut self, place: &Place) -> Vec<Step> {
        let mut steps: Vec<Step> = self.keep_draft().into_iter().collect();
        let tab = place.tab();
        let mut places = vec![place.clone()];
        match &mut self.seat {
            Seat::In(desk) if desk.has(tab) => {
                desk.at = tab;
                let screens = desk.tabs.entry(tab).or_default();
                let same = |it: &Screen| it.place().is_of(place);
                if let Some(open) = screens.iter().position(same) {
                    screens.truncate(open + 1);
                    steps.extend(self.shown_again());
                    return steps;
                }
                let empty = screens.is_empty();
                if empty && *place != tab.bottom() {
                    places.insert(0, tab.bottom());
                }
            }
            Seat::In(_) | Seat::Start(_) | Seat::Locked(_) => return steps,
        }
        for place in places {
            steps.extend(self.with_cx(|seat, cx| push(seat, &place, cx)));
        }
        steps
    }

    /// Puts a diagnosis before those that this person picked earlier.
    fn picked(&mut self, code: Coded) {
        let Some(user) = self.desk().map(|it| it.who.user) else {
            return;
        };
        let recent = self.recent.entry(user).or_default();
        recent.retain(|it| it.coding != code.coding);
        recent.insert(0, code);
        recent.truncate(RECENT_MAX);
    }

    fn back(&mut self) -> Vec<Step> {
        let mut steps: Vec<Step> = self.keep_draft().into_iter().collect();
        // What was said of the screen that is left holds no longer.
        self.notice.take_if(|it| it.tone == Tone::Plain);
        let left = self.desk().and_then(Desk::written_in_front);
        steps.extend(left.and_then(|it| self.say_left(it)));
        let Seat::In(desk) = &mut self.seat else {
            return steps;
        };
        let screens = desk.tabs.entry(desk.at).or_default();
        if screens.len() > 1 {
            screens.pop();
        } else {
            desk.at = Tab::Find;
        }
        steps.extend(self.shown_again());
        steps
    }

    fn shown_again(&mut self) -> Vec<Step> {
        self.with_cx(|seat, cx| {
            let front = seat.desk_mut().and_then(Desk::front_mut);
            front.map_or_else(Vec::new, |it| it.shown_again(cx))
        })
    }

    fn ask_chart(&mut self, patient: PatientId, place: Place, behind: bool) -> Vec<Step> {
        if self.role() == Some(Role::Emergency) {
            return self.ask_reason(patient, Wants::View);
        }
        let request = self.with_cx(|_, cx| cx.request());
        self.opening = Some(Opening {
            request,
            patient,
            place,
            behind,
        });
        vec![Step::Ask(Effect::Patient(patient::Effect::Open {
            request,
            patient,
        }))]
    }

    pub(super) fn about_patient(&mut self, answer: patient::Answer) -> Vec<Step> {
        match answer {
            patient::Answer::Opened { request, result } => {
                let asked = self.opening.take_if(|it| it.request == request);
                match (asked, result) {
                    (Some(opening), Ok(chart)) if chart.patient == opening.patient => {
                        self.opened(opening, chart)
                    }
                    (Some(_), Ok(_)) => vec![alarm(Trouble::Internal)],
                    (Some(opening), Err(Trouble::Denied(Denial::NoReason))) => {
                        self.ask_reason(opening.patient, Wants::Chart(opening.place))
                    }
                    (Some(_), Err(trouble)) => vec![alarm(trouble)],
                    (None, _) => Vec::new(),
                }
            }
            patient::Answer::Saved { request, result }
            | patient::Answer::Signed { request, result } => self.saved(request, result),
            patient::Answer::Names(names) => {
                if let Seat::In(desk) = &mut self.seat {
                    desk.names.extend(names);
                }
                Vec::new()
            }
        }
    }

    fn opened(&mut self, opening: Opening, chart: Box<crate::chart::Chart>) -> Vec<Step> {
        let mut steps: Vec<Step> = self.keep_draft().into_iter().collect();
        let Seat::In(desk) = &mut self.seat else {
            return steps;
        };
        // What was open of the patient before is not this patient's.
        desk.tabs.remove(&Tab::Chart);
        desk.search_used();
        // What can be taken back in one chart is not offered over another's.
        let other = desk
            .chart
            .as_ref()
            .is_some_and(|it| it.patient != chart.patient);
        self.notice.take_if(|it| other && !it.undo.is_empty());
        desk.chart = Some(chart);
        desk.newer = None;
        let at = desk.at;
        steps.push(Step::Open(opening.place));
        if opening.behind {
            steps.push(Step::Turn(at));
        }
        steps
    }

    fn saved(
        &mut self,
        request: u32,
        result: Result<Option<Box<crate::chart::Chart>>, Trouble>,
    ) -> Vec<Step> {
        let mut steps = Vec::new();
        let outcome = match result {
            Ok(chart) => {
                self.saved = Saved::Here;
                if let (Seat::In(desk), Some(chart)) = (&mut self.seat, chart) {
                    let open = desk.chart.as_ref().map(|it| it.patient);
                    if open == Some(chart.patient) {
                        desk.chart = Some(chart);
                        desk.newer = None;
                    }
                }
                Ok(())
            }
            Err(trouble) => {
                if trouble == Trouble::DiskFull {
                    self.saved = Saved::DiskFull;
                }
                steps.push(alarm(trouble));
                Err(trouble)
            }
        };
        steps.extend(self.with_cx(|seat, cx| {
            let screens = seat.desk_mut().into_iter().flat_map(Desk::screens_mut);
            let told = screens.flat_map(|it| it.saved(request, outcome, cx));
            told.collect::<Vec<_>>()
        }));
        steps
    }

    fn enter(&mut self, entering: Entering) -> Vec<Step> {
        let user = entering.who.user;
        self.clinic = entering.clinic;
        self.say = Say::new(entering.lang.unwrap_or(self.started_in));
        self.last_key = self.now.at;
        let mut steps = Vec::new();
        if let Some(last) = entering.unfinished.first() {
            let args = [
                ("n", entering.unfinished.len().into()),
                ("what", last.what(&self.say).into()),
                ("time", self.say.clock(last.kept).into()),
            ];
            let said = Said::with("draft-unfinished", args);
            steps.push(Step::Say(Notice::going_on(said)));
        }
        let kept = self.kept.remove(&user);
        let mut desk = Desk::new(entering.who, entering.unfinished);
        desk.closing = kept.as_ref().and_then(|it| it.closing);
        self.seat = Seat::In(Box::new(desk));
        steps.extend(kept.map_or_else(|| vec![Step::Open(Place::Find)], reopen));
        steps
    }

    fn lock(&mut self, why: lock::Why) -> Vec<Step> {
        let mut steps: Vec<Step> = self.keep_draft().into_iter().collect();
        let Seat::In(desk) = &mut self.seat else {
            return steps;
        };
        steps.extend(desk.search_left());
        steps.extend(desk.pairing_left());
        let user = desk.who.user;
        self.kept.insert(user, desk.kept());
        self.seat = Seat::Locked(Box::new(lock::State::new(why, Some(user))));
        self.say = Say::new(self.started_in);
        self.overlay = None;
        self.notice = None;
        self.opening = None;
        self.standing.forget_names();
        self.log.clear();
        steps.push(Step::Ask(Effect::Lock(lock::Effect::Lock)));
        steps.push(Step::Ask(Effect::Lock(lock::Effect::People)));
        steps
    }

    fn tell(&mut self, notice: Notice) {
        self.log.push_front((self.now, notice.said.clone()));
        self.log.truncate(LOG_LEN);
        self.told_at = self.now.at;
        self.notice = Some(notice);
    }
}

pub(super) fn alarm(trouble: Trouble) -> Step {
    Step::Say(Notice::alarm(trouble.said()))
}

fn push(seat: &mut Seat, place: &Place, cx: &mut Cx<'_>) -> Vec<Step> {
    let (screen, steps) = Screen::open(place, cx);
    if let Some(desk) = seat.desk_mut() {
        desk.tabs.entry(place.tab()).or_default().push(screen);
    }
    steps
}

/// The steps that open again what was open before the lock.
fn reopen(kept: Kept) -> Vec<Step> {
    let mut steps = Vec::new();
    let mut charts = Vec::new();
    for (tab, places) in kept.tabs {
        if tab.needs_patient() {
            charts = places;
        } else {
            steps.extend(places.into_iter().map(Step::Open));
        }
    }
    let behind = kept.at != Tab::Chart;
    if behind {
        steps.push(Step::Turn(kept.at));
    }
    if let (Some(patient), Some(place)) = (kept.patient, charts.pop()) {
        steps.push(Step::OpenAgain {
            patient,
            place,
            behind,
        });
    }
    steps
}
