//! The list of screens: the one place that names them all. A new screen adds a variant to
//! [`Place`] and to [`Screen`], and an arm to each `match`.

mod contexts;

use super::{
    Cx, Page, Place, Press, Sheet, Step, apart, beyond, bundle, details,
    draft::{self, Body},
    find::{self, Text},
    form::Form,
    glass, history, icd, invite,
    keymap::{Action, Context},
    note, notes,
    notice::Trouble,
    records, register, summary, sync, vitals,
};
use crate::time::{Moment, Timestamp};

/// A screen that is open.
#[derive(Debug)]
pub enum Screen {
    /// Find or register.
    Find(find::State),
    /// A new patient.
    Register(Box<register::State>),
    /// Who the open patient is, to be corrected.
    Details(Box<details::State>),
    /// The summary of the open chart.
    Summary(summary::State),
    /// The vital signs of the open chart.
    Vitals(Box<vitals::State>),
    /// A note of the open chart that is written.
    Note(Box<note::State>),
    /// The visits of the open chart as they were.
    Notes(notes::State),
    /// A list of records of the open chart.
    Records(Box<records::State>),
    /// How it stands with the other machines.
    Sync(sync::State),
    /// A new machine is paired.
    Invite(Box<invite::State>),
    /// A USB bundle is made or taken in.
    Bundle(Box<bundle::State>),
    /// Facts that people set apart.
    Apart(apart::State),
    /// What opens with a reason.
    Glass(glass::State),
    /// What leaves the clinic.
    Beyond(beyond::State),
}

impl Screen {
    /// Opens the screen of a place, with what it asks for at once.
    pub fn open(place: &Place, cx: &mut Cx<'_>) -> (Self, Vec<Step>) {
        match place {
            Place::Find => {
                let (state, steps) = find::State::open(cx);
                (Self::Find(state), steps)
            }
            Place::Register(text) => {
                let (state, steps) = register::State::open(text, cx);
                (Self::Register(Box::new(state)), steps)
            }
            Place::Details(tab) => {
                let (state, steps) = details::State::open(*tab, cx);
                (Self::Details(Box::new(state)), steps)
            }
            Place::Summary => {
                let (state, steps) = summary::State::open(cx);
                (Self::Summary(state), steps)
            }
            Place::Vitals(measure) => {
                let (state, steps) = vitals::State::open(*measure, cx);
                (Self::Vitals(Box::new(state)), steps)
            }
            Place::Note(task) => {
                let (state, steps) = note::State::open(*task, cx);
                (Self::Note(Box::new(state)), steps)
            }
            Place::Notes(visit) => {
                let (state, steps) = notes::State::open(*visit, cx);
                (Self::Notes(state), steps)
            }
            Place::Records(list) => {
                let (state, steps) = records::State::open(*list, cx);
                (Self::Records(Box::new(state)), steps)
            }
            Place::Drug(record) => {
                let (state, steps) = records::State::open_drug(*record, cx);
                (Self::Records(Box::new(state)), steps)
            }
            Place::Record(list, record) => {
                let (mut state, steps) = records::State::open(*list, cx);
                state.select(*record, cx);
                (Self::Records(Box::new(state)), steps)
            }
            Place::Sync => (Self::Sync(sync::State::default()), Vec::new()),
            Place::Invite => {
                let (state, steps) = invite::State::open(cx);
                (Self::Invite(Box::new(state)), steps)
            }
            Place::Bundle(work) => {
                let state = bundle::State::open(*work, cx);
                (Self::Bundle(Box::new(state)), Vec::new())
            }
            Place::Compare(of) => {
                let (state, steps) = apart::State::open(*of, cx);
                (Self::Apart(state), steps)
            }
            Place::ToCompare => {
                let (state, steps) = apart::State::open_list(cx);
                (Self::Apart(state), steps)
            }
            Place::Reason(asked) => (Self::Glass(glass::State::open(asked)), Vec::new()),
            Place::Reviews => {
                let (state, steps) = glass::State::open_reviews(cx);
                (Self::Glass(state), steps)
            }
            Place::Beyond(which) => {
                let (state, steps) = beyond::State::open(*which, cx);
                (Self::Beyond(state), steps)
            }
        }
    }

    /// The search, if it is one.
    pub const fn as_find(&mut self) -> Option<&mut find::State> {
        if let Self::Find(state) = self {
            Some(state)
        } else {
            None
        }
    }

    /// The registration, if it is one.
    pub const fn as_register(&mut self) -> Option<&mut register::State> {
        if let Self::Register(state) = self {
            Some(state)
        } else {
            None
        }
    }

    /// How it stands with the other machines, if it is that.
    pub const fn as_sync(&mut self) -> Option<&mut sync::State> {
        if let Self::Sync(state) = self {
            Some(state)
        } else {
            None
        }
    }

    /// The pairing of a new machine, if it is that.
    pub const fn as_invite(&mut self) -> Option<&mut invite::State> {
        if let Self::Invite(state) = self {
            Some(state)
        } else {
            None
        }
    }

    /// A USB bundle that is made or taken in, if it is that.
    pub const fn as_bundle(&mut self) -> Option<&mut bundle::State> {
        if let Self::Bundle(state) = self {
            Some(state)
        } else {
            None
        }
    }

    /// What opens with a reason, if it is that.
    pub const fn as_glass(&mut self) -> Option<&mut glass::State> {
        if let Self::Glass(state) = self {
            Some(state)
        } else {
            None
        }
    }

    /// The page of the chart that it is, if it is one.
    pub const fn page(&self) -> Option<Page> {
        match self {
            Self::Find(_)
            | Self::Register(_)
            | Self::Details(_)
            | Self::Note(_)
            | Self::Sync(_)
            | Self::Invite(_)
            | Self::Bundle(_)
            | Self::Apart(_)
            | Self::Glass(_)
            | Self::Beyond(_) => None,
            Self::Summary(_) => Some(Page::Summary),
            Self::Vitals(_) => Some(Page::Vitals),
            Self::Notes(_) => Some(Page::Notes),
            Self::Records(state) => Some(state.list().page()),
        }
    }

    /// Where it is.
    pub fn place(&self) -> Place {
        match self {
            Self::Find(_) => Place::Find,
            Self::Register(_) => Place::Register(Text(String::new())),
            Self::Details(state) => Place::Details(state.tab),
            Self::Summary(_) => Place::Summary,
            Self::Vitals(_) => Place::Vitals(None),
            Self::Note(state) => Place::Note(state.task),
            Self::Notes(state) => Place::Notes(state.reading.map(|it| it.entry)),
            Self::Records(state) => Place::Records(state.list()),
            Self::Sync(_) => Place::Sync,
            Self::Invite(_) => Place::Invite,
            Self::Bundle(state) => Place::Bundle(state.work),
            Self::Apart(state) => state.place(),
            Self::Glass(state) => state.place(),
            Self::Beyond(state) => Place::Beyond(state.which()),
        }
    }

    /// Where keys mean something, the nearest context first.
    pub fn contexts(&self) -> &'static [Context] {
        match self {
            Self::Find(state) => state.contexts(),
            Self::Register(state) => state.contexts(),
            Self::Details(state) => state.contexts(),
            Self::Summary(_) => summary::State::CONTEXTS,
            Self::Vitals(state) => state.contexts(),
            Self::Note(state) => state.contexts(),
            Self::Notes(state) => state.contexts(),
            Self::Records(state) => state.contexts(),
            Self::Sync(state) => state.contexts(),
            Self::Invite(state) => state.contexts(),
            Self::Bundle(state) => state.contexts(),
            Self::Apart(state) => state.contexts(),
            Self::Glass(state) => state.contexts(),
            Self::Beyond(state) => state.contexts(),
        }
    }

    /// The form that has the caret.
    pub fn form(&self) -> Option<&Form> {
        if let Self::Register(state) = self {
            Some(&state.form)
        } else if let Self::Details(state) = self {
            state.sheet.form()
        } else if let Self::Records(state) = self {
            state.sheet().and_then(Sheet::form)
        } else if let Self::Bundle(state) = self {
            Some(&state.form)
        } else if let Self::Beyond(state) = self {
            state.form()
        } else {
            None
        }
    }

    /// The sentence of help for what has the caret, where that is no form.
    pub const fn about(&self) -> Option<&'static str> {
        if let Self::Note(state) = self {
            Some(state.about())
        } else if let Self::Vitals(_) = self {
            Some("note-vitals-help")
        } else {
            None
        }
    }

    /// What is typed and not saved, and where that draft belongs.
    pub fn draft(&self) -> Option<(draft::Key, Body)> {
        match self {
            Self::Register(state) => Some((register::State::DRAFT, state.draft())),
            Self::Details(state) => Some(state.sheet.draft()),
            Self::Vitals(state) => Some((state.draft_key(), state.draft())),
            Self::Note(state) => Some((state.draft_key(), state.draft())),
            Self::Records(state) => state.draft(),
            Self::Find(_)
            | Self::Summary(_)
            | Self::Notes(_)
            | Self::Sync(_)
            | Self::Invite(_)
            | Self::Bundle(_)
            | Self::Apart(_)
            | Self::Glass(_)
            | Self::Beyond(_) => None,
        }
    }

    /// Does what a key asks of any screen.
    pub fn press(&mut self, press: &Press, cx: &mut Cx<'_>) -> Vec<Step> {
        match self {
            Self::Find(state) => state.press(press, cx),
            Self::Register(state) => state.press(press, cx),
            Self::Details(state) => state.press(press, cx),
            Self::Summary(state) => state.press(press, cx),
            Self::Vitals(state) => state.press(press, cx),
            Self::Note(state) => state.press(press, cx),
            Self::Notes(state) => state.press(press, cx),
            Self::Records(state) => state.press(press, cx),
            Self::Sync(state) => state.press(press, cx),
            Self::Invite(state) => state.press(press),
            Self::Bundle(state) => state.press(press, cx),
            Self::Apart(state) => state.press(press, cx),
            Self::Glass(state) => state.press(press, cx),
            Self::Beyond(state) => state.press(press, cx),
        }
    }

    /// Does what a key of this screen asks.
    pub fn act(&mut self, action: &Action, cx: &mut Cx<'_>) -> Vec<Step> {
        match (self, action) {
            (Self::Find(state), Action::Find(action)) => state.act(*action),
            (Self::Summary(state), Action::Summary(action)) => state.act(*action, cx),
            (Self::Register(state), Action::Register(action)) => state.act(*action),
            (Self::Vitals(state), Action::Vitals(action)) => state.act(*action, cx),
            (Self::Note(state), Action::Note(action)) => state.act(*action, cx),
            (Self::Notes(state), Action::Notes(action)) => state.act(*action, cx),
            (Self::Records(state), Action::Records(action)) => state.act(*action, cx),
            (Self::Sync(state), Action::Sync(action)) => state.act(*action, cx),
            (Self::Invite(state), Action::Invite(action)) => state.act(*action, cx),
            (Self::Apart(state), Action::Compare(action)) => state.act(*action, cx),
            (Self::Glass(state), Action::Glass(action)) => state.act(*action, cx),
            (Self::Beyond(state), Action::Beyond(action)) => state.act(*action, cx),
            _ => Vec::new(),
        }
    }

    /// Is told how a question was decided: by its other line, or by the safe one.
    pub fn decided(&mut self, other: bool, cx: &mut Cx<'_>) -> Vec<Step> {
        if let Self::Register(state) = self {
            state.decided(other, cx)
        } else if let Self::Details(state) = self {
            state.sheet.decided(other, cx)
        } else if let Self::Records(state) = self {
            state.decided(other, cx)
        } else {
            Vec::new()
        }
    }

    /// Is given the draft that it asked for.
    pub fn draft_loaded(
        &mut self,
        request: u32,
        found: (Body, Moment),
        cx: &mut Cx<'_>,
    ) -> Vec<Step> {
        match self {
            Self::Register(state) => state.draft_loaded(request, found, cx),
            Self::Details(state) => state.sheet.draft_loaded(request, found, cx),
            Self::Vitals(state) => state.draft_loaded(request, found, cx),
            Self::Note(state) => state.draft_loaded(request, found, cx),
            Self::Records(state) => state.draft_loaded(request, found, cx),
            Self::Find(_)
            | Self::Summary(_)
            | Self::Notes(_)
            | Self::Sync(_)
            | Self::Invite(_)
            | Self::Bundle(_)
            | Self::Apart(_)
            | Self::Glass(_)
            | Self::Beyond(_) => Vec::new(),
        }
    }

    /// Is told that its draft was kept.
    pub fn draft_kept(&mut self, now: Moment) {
        if let Self::Note(state) = self {
            state.draft_kept(now);
        }
    }

    /// Is told how a save went that a screen of this tab asked for. Trouble is already said.
    pub fn saved(
        &mut self,
        request: u32,
        outcome: Result<(), Trouble>,
        cx: &mut Cx<'_>,
    ) -> Vec<Step> {
        match self {
            Self::Details(state) => state.saved(request, outcome, cx),
            Self::Vitals(state) => state.saved(request, outcome, cx),
            Self::Note(state) => state.saved(request, outcome, cx),
            Self::Records(state) => state.saved(request, outcome, cx),
            Self::Find(_)
            | Self::Register(_)
            | Self::Summary(_)
            | Self::Notes(_)
            | Self::Sync(_)
            | Self::Invite(_)
            | Self::Bundle(_)
            | Self::Apart(_)
            | Self::Glass(_)
            | Self::Beyond(_) => Vec::new(),
        }
    }

    /// Is given diagnoses that some screen asked for.
    pub fn icd_found(&mut self, answer: &icd::Answer, cx: &mut Cx<'_>) -> Vec<Step> {
        if let Self::Note(state) = self {
            state.icd_found(answer, cx)
        } else if let Self::Records(state) = self {
            state.icd_found(answer, cx)
        } else {
            Vec::new()
        }
    }

    /// Is given the past of the chart, where some screen asked for it.
    pub fn past_loaded(
        &mut self,
        answer: &history::Answer,
        cx: &mut Cx<'_>,
    ) -> Vec<Step> {
        if let Self::Records(state) = self {
            state.past_loaded(answer, cx)
        } else {
            Vec::new()
        }
    }

    /// What other clinics share, if it is that.
    pub const fn as_guests(&mut self) -> Option<&mut beyond::Guests> {
        if let Self::Beyond(beyond::State::Guests(state)) = self {
            Some(state)
        } else {
            None
        }
    }

    /// Until when the chart of another clinic may be read that is open here.
    pub fn guest_until(&self) -> Option<Timestamp> {
        if let Self::Beyond(beyond::State::Guests(state)) = self {
            state.until()
        } else {
            None
        }
    }

    /// Forgets a chart of another clinic that is read beyond its time.
    pub fn close_guest(&mut self, now: Timestamp) {
        let is_over = self.guest_until().is_some_and(|it| it <= now);
        if let Some(state) = self.as_guests().filter(|_| is_over) {
            state.close();
        }
    }

    /// A meeting with somebody of another clinic, if it is that.
    pub const fn as_meet(&mut self) -> Option<&mut beyond::Meet> {
        if let Self::Beyond(state) = self {
            state.as_meet()
        } else {
            None
        }
    }

    /// Takes an answer about what leaves the clinic.
    pub fn beyond(&mut self, answer: &beyond::Answer, cx: &mut Cx<'_>) -> Vec<Step> {
        if let Self::Beyond(state) = self {
            state.answered(answer, cx)
        } else if let Self::Records(state) = self {
            state.beyond(answer, cx)
        } else {
            Vec::new()
        }
    }

    /// The facts that people set apart, if it shows them.
    pub const fn as_apart(&mut self) -> Option<&mut apart::State> {
        if let Self::Apart(state) = self {
            Some(state)
        } else {
            None
        }
    }

    /// Comes to the front again, after the screen in front of it was closed.
    pub fn shown_again(&mut self, cx: &mut Cx<'_>) -> Vec<Step> {
        if let Self::Find(state) = self {
            return state.search(cx);
        } else if let Self::Apart(state) = self {
            return state.shown_again(cx);
        } else if let Self::Beyond(state) = self {
            return state.shown_again(cx);
        } else if let Self::Vitals(state) = self {
            state.in_table = false;
        }
        Vec::new()
    }
}
