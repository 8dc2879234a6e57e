//! The routing of what the model hears: the overlay first, then the frame, then the screen
//! in front.

use super::{Model, Seat};
use crate::{
    app::{
        Cx, Desk, Effect, Frame, Key, Msg, Press, Screen, Selected, Step, Typed,
        form::Form,
        keymap::{self, Action, Context},
        lock,
        notice::{Notice, Said, Trouble},
        overlay::{self, Commands, CommandsKind, Overlay},
    },
    chart::who::Denial,
    say::Say,
    time::Moment,
};

impl Model {
    pub(in crate::app) fn heard(&mut self, msg: Msg, now: Moment) -> Vec<Effect> {
        self.clock_moved(now);
        let steps = match msg {
            Msg::Key(key) => {
                let offered = self.touched();
                if offered && key == Key::Enter && self.overlay.is_none() {
                    self.go_on()
                } else {
                    self.key(key)
                }
            }
            Msg::Paste(text) => {
                self.touched();
                self.press(&Press::Type(Typed::Text(text)))
            }
            Msg::Clicked(action) => {
                self.touched();
                self.clicked(&action)
            }
            Msg::Resized(size) => {
                self.size = size;
                Vec::new()
            }
            Msg::Woke => return self.woke(),
            Msg::Ending => vec![Step::Quit],
            Msg::Trouble(trouble) => vec![Step::Say(Notice::alarm(trouble.said()))],
            Msg::Start(answer) => match &mut self.seat {
                Seat::Start(state) => state.answered(answer),
                Seat::Locked(_) | Seat::In(_) => Vec::new(),
            },
            Msg::Lock(answer) => match &mut self.seat {
                Seat::Locked(state) => state.answered(answer),
                Seat::Start(_) | Seat::In(_) => Vec::new(),
            },
            Msg::Find(answer) => {
                let find = self.seat.screen(Screen::as_find);
                find.map_or_else(Vec::new, |it| it.answered(answer))
            }
            Msg::Register(answer) => self.with_cx(|seat, cx| {
                let register = seat.screen(Screen::as_register);
                register.map_or_else(Vec::new, |it| it.answered(answer, cx))
            }),
            Msg::History(answer) => self.with_cx(|seat, cx| {
                let screens = seat.desk_mut().into_iter().flat_map(Desk::screens_mut);
                screens.flat_map(|it| it.past_loaded(&answer, cx)).collect()
            }),
            Msg::Icd(answer) => self.with_cx(|seat, cx| {
                let screens = seat.desk_mut().into_iter().flat_map(Desk::screens_mut);
                screens.flat_map(|it| it.icd_found(&answer, cx)).collect()
            }),
            Msg::Draft(answer) => self.about_draft(answer),
            Msg::Patient(answer) => self.about_patient(answer),
            Msg::Sync(answer) => self.about_machines(answer),
            Msg::Invite(answer) => self.about_invitation(answer),
            Msg::Meet(answer) => self.about_meeting(answer),
            Msg::Bundle(answer) => {
                let bundle = self.seat.screen(Screen::as_bundle);
                let made = bundle.and_then(|it| it.answered(answer));
                self.standing.bundle = made.or(self.standing.bundle);
                Vec::new()
            }
            Msg::Versions(answer) => self.about_versions(answer),
            Msg::Glass(answer) => self.about_glass(&answer),
            Msg::Beyond(answer) => self.with_cx(|seat, cx| {
                let screens = seat.desk_mut().into_iter().flat_map(Desk::screens_mut);
                screens.flat_map(|it| it.beyond(&answer, cx)).collect()
            }),
        };
        self.carry_out(steps)
    }

    fn clicked(&mut self, action: &Action) -> Vec<Step> {
        if let Some(Overlay::Menu(_)) = self.overlay {
            self.overlay = None;
            if *action == Action::Press(Press::Back) {
                return Vec::new();
            }
        }
        self.act(action)
    }

    fn key(&mut self, key: Key) -> Vec<Step> {
        if let (Some(Overlay::Question(question)), Key::Char(c)) = (&self.overlay, key) {
            return if c == question.letter {
                self.decide(true)
            } else {
                Vec::new()
            };
        }
        let contexts = self.contexts();
        if let Some(Overlay::Menu(_)) = self.overlay {
            // Whatever the next key is, the menu has done its work.
            self.overlay = None;
            let row = keymap::row(contexts, key, self.role());
            let chosen = row.filter(|it| it.context != Context::Menu);
            return chosen.map_or_else(Vec::new, |row| self.act(&row.action));
        }
        let takes_text = contexts.contains(&Context::Text);
        match (keymap::row(contexts, key, self.role()), key) {
            (Some(row), _) => self.act(&row.action),
            (None, Key::Char(c)) if takes_text => {
                self.press(&Press::Type(Typed::Char(c)))
            }
            (None, _) if keymap::is_for_others(contexts, key, self.role()) => {
                let denial = self.role().map_or(Denial::Locked, Denial::Role);
                let trouble = Trouble::Denied(denial);
                vec![Step::Say(Notice::alarm(trouble.said()))]
            }
            (None, _) => Vec::new(),
        }
    }

    /// Does what a row of the key table says.
    pub(super) fn act(&mut self, action: &Action) -> Vec<Step> {
        match action {
            Action::Frame(frame) => self.frame(*frame),
            Action::Press(press) => self.press(press),
            Action::Overlay(action) => self.in_overlay(*action),
            Action::Start(action) => self.with_cx(|seat, cx| match seat {
                Seat::Start(state) => state.act(*action, cx),
                Seat::Locked(_) | Seat::In(_) => Vec::new(),
            }),
            Action::Lock(action) => {
                if let Seat::Locked(state) = &mut self.seat {
                    state.act(*action);
                }
                Vec::new()
            }
            Action::Go(place) => self.go(place),
            Action::Find(_)
            | Action::Register(_)
            | Action::Summary(_)
            | Action::Vitals(_)
            | Action::Note(_)
            | Action::Notes(_)
            | Action::Records(_)
            | Action::Sync(_)
            | Action::Invite(_)
            | Action::Compare(_)
            | Action::Glass(_)
            | Action::Beyond(_) => self.with_cx(|seat, cx| {
                let front = seat.desk_mut().and_then(Desk::front_mut);
                front.map_or_else(Vec::new, |it| it.act(action, cx))
            }),
        }
    }

    fn press(&mut self, press: &Press) -> Vec<Step> {
        if self.overlay.is_some() {
            self.press_overlay(press);
            return Vec::new();
        }
        if *press == Press::Undo {
            let undo = self.notice.as_mut().map(|it| std::mem::take(&mut it.undo));
            if let Some(undo) = undo.filter(|it| !it.is_empty()) {
                self.notice = None;
                return undo;
            }
        }
        if *press == Press::Accept
            && let Some(desk) = self.seat.desk_mut().filter(|it| it.has_newer())
        {
            desk.show_newer();
            return Vec::new();
        }
        let mut steps = Vec::new();
        if self.leaves_field(press) {
            steps.extend(self.keep_draft());
        }
        steps.extend(self.with_cx(|seat, cx| {
            match seat {
                Seat::Start(state) => state.press(press, cx),
                Seat::Locked(state) => state.press(press, cx),
                Seat::In(desk) => desk
                    .front_mut()
                    .map_or_else(Vec::new, |it| it.press(press, cx)),
            }
        }));
        steps
    }

    /// Whether a field is left: what stands in it is kept, so that a power cut costs no more
    /// than the next one.
    fn leaves_field(&self, press: &Press) -> bool {
        let to_another = matches!(press, Press::Next | Press::Previous | Press::Field(_));
        let accepts = *press == Press::Accept && self.contexts().contains(&Context::Form);
        to_another || accepts
    }

    fn frame(&mut self, frame: Frame) -> Vec<Step> {
        match frame {
            Frame::Help => self.open_commands(CommandsKind::Help),
            Frame::Palette => self.open_commands(CommandsKind::Palette),
            Frame::Messages => {
                self.overlay = Some(Overlay::Messages(Selected::default()));
            }
            Frame::Lock => return vec![Step::Lock(lock::Why::Asked)],
            Frame::To(tab) => return self.go_to_tab(tab),
            Frame::GoOn => return self.go_on(),
            Frame::ShowNewer => {
                self.seat
                    .desk_mut()
                    .map(Desk::show_newer)
                    .unwrap_or_default();
            }
            Frame::Page(page) => return self.go_to_page(page),
            Frame::Close => {
                let said = self.seat.desk_mut().and_then(Desk::close_next);
                let said = said.unwrap_or_else(|| Said::line("closed-cannot"));
                let mut steps = vec![Step::Say(Notice::plain(said))];
                // What is typed is kept with its category.
                let typed = self.desk().and_then(Desk::draft_in_front);
                steps.extend(typed.map(|_| Step::DraftChanged));
                return steps;
            }
            Frame::Speak(lang) => {
                self.say = Say::new(lang);
                return vec![Step::Ask(Effect::Lock(lock::Effect::Speak(lang)))];
            }
            Frame::Redraw => return vec![Step::Ask(Effect::Redraw)],
            Frame::Interrupt => {
                return vec![Step::Say(Notice::plain(Said::line("frame-how-to-quit")))];
            }
            Frame::Quit => return self.quit(),
        }
        Vec::new()
    }

    fn open_commands(&mut self, kind: CommandsKind) {
        let contexts = self.contexts_below().to_vec();
        let role = self.role();
        let form = match &self.seat {
            Seat::Start(state) => Some(state.front_form()),
            Seat::In(desk) => desk.front().and_then(Screen::form),
            Seat::Locked(_) => None,
        };
        let about = form.and_then(Form::focused).map(|it| it.help);
        let about = about.or_else(|| self.desk()?.front()?.about());
        self.overlay = Some(Overlay::Commands(Commands::new(
            kind,
            (contexts, role),
            about,
        )));
    }

    fn in_overlay(&mut self, action: overlay::Action) -> Vec<Step> {
        match action {
            overlay::Action::Safe => self.decide(false),
            overlay::Action::Leave => {
                let leaves = match &self.overlay {
                    Some(Overlay::Question(question)) => question.back.is_some(),
                    Some(
                        Overlay::Commands(_) | Overlay::Messages(_) | Overlay::Menu(_),
                    )
                    | None => false,
                };
                if !leaves {
                    return self.decide(false);
                }
                self.overlay = None;
                Vec::new()
            }
            overlay::Action::Run => {
                let chosen = match &self.overlay {
                    Some(Overlay::Commands(commands)) => commands.chosen(&self.say),
                    Some(
                        Overlay::Messages(_) | Overlay::Menu(_) | Overlay::Question(_),
                    )
                    | None => None,
                };
                self.overlay = None;
                chosen.map_or_else(Vec::new, |row| self.act(&row.action))
            }
        }
    }

    fn decide(&mut self, other: bool) -> Vec<Step> {
        if let Some(Overlay::Question(question)) = self.overlay.take()
            && !question.then.is_empty()
        {
            return if other { question.then } else { Vec::new() };
        }
        self.with_cx(|seat, cx| match seat {
            Seat::In(desk) => desk
                .front_mut()
                .map_or_else(Vec::new, |it| it.decided(other, cx)),
            Seat::Start(_) | Seat::Locked(_) => Vec::new(),
        })
    }

    fn press_overlay(&mut self, press: &Press) {
        let say = &self.say;
        match (&mut self.overlay, press) {
            (Some(_), Press::Back) => self.overlay = None,
            (Some(Overlay::Commands(commands)), Press::Type(typed)) => {
                commands.line.typed(typed);
                commands.selected = Selected::default();
            }
            (Some(Overlay::Commands(commands)), Press::Move(to)) => {
                let total = commands.rows(say).len();
                commands.selected.moved(*to, total, 10);
            }
            (Some(Overlay::Messages(selected)), Press::Move(to)) => {
                selected.moved(*to, self.log.len(), 10);
            }
            _ => {}
        }
    }

    /// Runs `inside` with the seat and its surroundings.
    pub(super) fn with_cx<T>(
        &mut self,
        inside: impl FnOnce(&mut Seat, &mut Cx<'_>) -> T,
    ) -> T {
        let closing = self.desk().and_then(Desk::closing);
        // The desk lends its facts to the screens that it holds.
        let (who, chart, newer, household) = match &mut self.seat {
            Seat::In(desk) => (
                Some(desk.who.clone()),
                desk.chart.take(),
                desk.newer.take(),
                desk.household.take(),
            ),
            Seat::Start(_) | Seat::Locked(_) => (None, None, None, None),
        };
        let user = who.as_ref().map(|it| it.user);
        let recent = user.and_then(|it| self.recent.get(&it));
        let mut cx = Cx {
            now: self.now,
            say: &self.say,
            who: who.as_ref(),
            chart: chart.as_deref(),
            newest: newer.as_deref().or(chart.as_deref()),
            closing,
            household: household.as_ref(),
            recent: recent.map_or(&[], Vec::as_slice),
            standing: &self.standing,
            size: self.size,
            ids: &mut self.ids,
        };
        let done = inside(&mut self.seat, &mut cx);
        if let Seat::In(desk) = &mut self.seat {
            desk.chart = chart;
            desk.newer = newer;
            desk.household = household;
        }
        done
    }
}
