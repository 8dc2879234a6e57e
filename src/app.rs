//! The screens' logic: what a person does goes in as a [`Msg`], the [`Model`] changes, and
//! what must be done outside comes out as [`Effect`]s. No clock, file or terminal here.

pub mod allergies;
pub mod apart;
mod arriving;
pub mod beyond;
pub mod bundle;
pub mod compare;
pub mod consents;
mod cx;
pub mod desk;
pub mod details;
pub mod draft;
pub mod drugs;
pub mod find;
pub mod form;
mod frame;
pub mod glass;
pub mod history;
pub mod icd;
pub mod immunizations;
pub mod invite;
mod key;
pub mod keymap;
mod line;
mod list;
pub mod lock;
mod model;
pub mod note;
pub mod notes;
pub mod notice;
pub mod overlay;
pub mod page;
mod passage;
pub mod patient;
mod place;
pub mod problems;
pub mod records;
pub mod register;
mod screen;
pub mod sheet;
pub mod start;
pub mod summary;
pub mod sync;
pub mod to_compare;
pub mod twins;
pub mod versions;
mod visit;
pub mod vitals;

pub use cx::{Cx, Household, Ids, Who};
pub use desk::{Desk, Entering, Kept};
pub use frame::Frame;
pub use key::{Key, Move, Press, Typed};
pub use line::{Line, Secret};
pub use list::{Listed, Selected, Wish, window};
pub use model::{Model, Saved, Seat, Setting, Size};
pub use page::Page;
pub use passage::{Passage, cells, row_of, rows};
pub use place::{Place, Tab};
pub use screen::Screen;
pub use sheet::{Sheet, Writing};

use crate::{
    app::{
        notice::{Notice, Trouble},
        overlay::Question,
    },
    chart::Coded,
    ids::PatientId,
    say::Lang,
    time::Moment,
};

/// What the model hears.
#[derive(Debug)]
pub enum Msg {
    /// A key.
    Key(Key),
    /// Pasted text.
    Paste(String),
    /// Something on the screen was clicked that does this.
    Clicked(keymap::Action),
    /// The terminal has this size now.
    Resized(Size),
    /// Time has passed: [`Model::next_wake`] asked for it.
    Woke,
    /// The system asks the program to end.
    Ending,
    /// The shell could not do what was asked.
    Trouble(Trouble),
    /// Answers to the first start.
    Start(start::Answer),
    /// Answers to the lock screen.
    Lock(lock::Answer),
    /// Answers to searches.
    Find(find::Answer),
    /// Answers to registering.
    Register(register::Answer),
    /// Answers about the past of a chart.
    History(history::Answer),
    /// Answers about diagnoses.
    Icd(icd::Answer),
    /// Answers about charts.
    Patient(patient::Answer),
    /// Answers about drafts.
    Draft(draft::Answer),
    /// News of the other machines.
    Sync(sync::Answer),
    /// News of a pairing.
    Invite(invite::Answer),
    /// News of a bundle.
    Bundle(bundle::Answer),
    /// Answers about facts that people set apart.
    Versions(versions::Answer),
    /// Answers about what opens with a reason.
    Glass(glass::Answer),
    /// Answers about what leaves the clinic.
    Beyond(beyond::Answer),
    /// News of a meeting with somebody of another clinic.
    Meet(beyond::meet::Answer),
}

/// What the model asks of the shell.
#[derive(Debug)]
pub enum Effect {
    /// Of the first start.
    Start(start::Effect),
    /// Of the lock screen.
    Lock(lock::Effect),
    /// Of the search.
    Find(find::Effect),
    /// Of registering.
    Register(register::Effect),
    /// Of the past of a chart.
    History(history::Effect),
    /// Of diagnoses.
    Icd(icd::Effect),
    /// Of charts: open, save.
    Patient(patient::Effect),
    /// Of drafts.
    Draft(draft::Effect),
    /// Of the other machines.
    Sync(sync::Effect),
    /// Of a pairing.
    Invite(invite::Effect),
    /// Of bundles.
    Bundle(bundle::Effect),
    /// Of facts that people set apart.
    Versions(versions::Effect),
    /// Of what opens with a reason.
    Glass(glass::Effect),
    /// Of what leaves the clinic.
    Beyond(beyond::Effect),
    /// Draw the whole screen anew.
    Redraw,
    /// End the program.
    Quit,
}

/// What a screen wants done, in order. The frame does it.
#[derive(Debug)]
pub enum Step {
    /// Ask the shell.
    Ask(Effect),
    /// Open a screen in front of this one.
    Open(Place),
    /// Open a patient's chart, then this screen.
    OpenChart(PatientId, Place),
    /// Open what an emergency needs of a chart, once a reason is given.
    EmergencyView(PatientId),
    /// The same after the lock; `behind` another tab that stays in front.
    OpenAgain {
        /// Whose chart.
        patient: PatientId,
        /// Which screen.
        place: Place,
        /// Whether the tab in front stays there.
        behind: bool,
    },
    /// Turn to a tab as it was left.
    Turn(Tab),
    /// Close this screen.
    Back,
    /// Say something in the message row and in the log.
    Say(Notice),
    /// Show the actions of a row: the rows of the key table in these contexts.
    Menu(&'static [keymap::Context]),
    /// Ask before doing it.
    Question(Box<Question>),
    /// What is typed here is another draft now; keep it soon.
    DraftChanged,
    /// This diagnosis was picked; it comes first the next time.
    Picked(Box<Coded>),
    /// Keep what the next patient may share.
    Remember(Box<Household>),
    /// Someone is signed in.
    Enter(Box<Entering>),
    /// This machine belongs to a clinic now, and its people may sign in.
    Joined(start::join::Clinic),
    /// Speak this language from now on.
    Speak(Lang),
    /// Lock the machine.
    Lock(lock::Why),
    /// End the program; what is typed is kept as a draft.
    Quit,
}

/// Does what `msg` means to `model` at the moment `now`.
pub fn update(model: &mut Model, msg: Msg, now: Moment) -> Vec<Effect> {
    model.heard(msg, now)
}
