//! USB bundles: what other machines lack, written onto a stick; and what came on one, taken
//! in.

use std::fmt;

use super::{
    Cx, Effect as Ask, Key, Place, Press, Step,
    form::{Event, Field, Form, Kind, Pick},
    keymap::{self, Context, Row},
    notice::{Said, Trouble},
    sync::{Bundle, shown_name},
};
use crate::{ids::DeviceId, time::Timestamp};

/// What is done with a bundle.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Work {
    /// It is made.
    Make,
    /// It is taken in.
    Take,
}

/// Making or taking a bundle.
#[derive(Debug)]
pub struct State {
    /// Which of the two.
    pub work: Work,
    /// For whom and where to; or where from.
    pub form: Form,
    /// How far it is.
    pub stage: Stage,
    /// What is wrong.
    pub problem: Option<Said>,
    asked: u32,
}

/// How far it is.
#[derive(Debug)]
pub enum Stage {
    /// It is typed.
    Typing,
    /// So much of so much is done.
    Running(u64, u64),
    /// It is made.
    Made(Made),
    /// It is taken in.
    Took(Took),
}

/// A bundle that was made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Made {
    /// In how many files.
    pub files: usize,
    /// How many changes.
    pub changes: u64,
    /// Its size.
    pub bytes: u64,
    /// When.
    pub at: Timestamp,
}

/// A bundle that was taken in.
#[derive(Clone, PartialEq, Eq)]
pub struct Took {
    /// Who made it.
    pub from: String,
    /// When.
    pub made: Timestamp,
    /// Changes that were new here.
    pub new: u64,
    /// Changes that were here already.
    pub known: u64,
    /// Whether it ended too early or was damaged: what came before that is kept.
    pub broken: bool,
}

/// What is asked of the shell.
#[derive(Debug)]
pub enum Effect {
    /// Make a bundle.
    Make {
        /// The request's number.
        request: u32,
        /// For which machine; none for all.
        to: Option<DeviceId>,
        /// Into which folder.
        folder: Path,
    },
    /// Take in a bundle, or those of a folder.
    Take {
        /// The request's number.
        request: u32,
        /// The file or the folder.
        path: Path,
    },
}

/// A place on the disk, as typed.
#[derive(Clone, PartialEq, Eq)]
pub struct Path(pub String);

/// What the shell tells.
#[derive(Debug)]
pub struct Answer {
    /// The request's number.
    pub request: u32,
    /// What happened.
    pub news: News,
}

/// What happened to a bundle.
#[derive(Debug)]
pub enum News {
    /// So much of so much is done.
    Progress(u64, u64),
    /// It is made.
    Made(Made),
    /// It is taken in.
    Took(Took),
    /// There is no bundle for this machine there.
    Nothing,
    /// It could not be done.
    Failed(Trouble),
}

/// The rows of the key table for bundles.
pub const KEYS: &[Row] = &[
    Row::hinted(
        Context::Sync,
        &[Key::Char('b')],
        keymap::Action::Go(Place::Bundle(Work::Make)),
        "bundle-make",
        "bundle-hint-make",
    ),
    Row::hinted(
        Context::Sync,
        &[Key::Char('t')],
        keymap::Action::Go(Place::Bundle(Work::Take)),
        "bundle-take",
        "bundle-hint-take",
    ),
    Row::hinted(
        Context::Bundle,
        &[Key::F(2), Key::Ctrl('s')],
        keymap::Action::Press(Press::Finish),
        "bundle-go",
        "bundle-hint-go",
    ),
];

impl State {
    /// Asks for whom and where.
    pub fn open(work: Work, cx: &Cx<'_>) -> Self {
        let fields = match work {
            Work::Make => {
                let mut whom =
                    Field::optional("bundle-for", "bundle-for-help", Kind::Listed);
                let names = cx.standing.belonging().map(shown_name);
                whom.offer(names.map(Pick::plain).collect());
                vec![
                    Field::needed("bundle-folder", "bundle-folder-help", Kind::Text),
                    whom,
                ]
            }
            Work::Take => {
                vec![Field::needed("bundle-file", "bundle-file-help", Kind::Text)]
            }
        };
        Self {
            work,
            form: Form::new(fields),
            stage: Stage::Typing,
            problem: None,
            asked: 0,
        }
    }

    /// The contexts of the form.
    pub const FORM: &'static [Context] = &[
        Context::Bundle,
        Context::Form,
        Context::Text,
        Context::Anywhere,
    ];
    /// The contexts after it.
    pub const AFTER: &'static [Context] = &[Context::Anywhere, Context::Outside];

    /// Where keys mean something.
    pub const fn contexts(&self) -> &'static [Context] {
        match self.stage {
            Stage::Typing => Self::FORM,
            Stage::Running(..) | Stage::Made(_) | Stage::Took(_) => Self::AFTER,
        }
    }

    /// Does what a key asks of any screen.
    pub fn press(&mut self, press: &Press, cx: &mut Cx<'_>) -> Vec<Step> {
        if !matches!(self.stage, Stage::Typing) {
            let back = *press == Press::Back;
            return back.then_some(Step::Back).into_iter().collect();
        }
        match self.form.press(press, cx.today(), cx.now.at) {
            Event::Finished => self.begin(cx),
            Event::Missing(_) => {
                self.problem = Some(Said::line("form-missing"));
                Vec::new()
            }
            Event::Back => vec![Step::Back],
            Event::Changed(_) => {
                self.problem = None;
                Vec::new()
            }
            Event::Left(_) | Event::Repeat(_) | Event::Nothing => Vec::new(),
        }
    }

    /// Takes news. What was made is told of in the table of machines.
    pub fn answered(&mut self, answer: Answer) -> Option<Bundle> {
        if answer.request != self.asked {
            return None;
        }
        match answer.news {
            News::Progress(done, all) => self.stage = Stage::Running(done, all),
            News::Made(made) => {
                self.stage = Stage::Made(made);
                return Some(Bundle {
                    made: made.at,
                    bytes: made.bytes,
                });
            }
            News::Took(took) => self.stage = Stage::Took(took),
            News::Nothing => self.failed(Said::line("bundle-nothing")),
            News::Failed(Trouble::Internal | Trouble::NotTaken | Trouble::Damaged) => {
                self.failed(Said::line(match self.work {
                    Work::Make => "bundle-not-made",
                    Work::Take => "bundle-not-taken",
                }));
            }
            News::Failed(trouble) => self.failed(trouble.said()),
        }
        None
    }

    fn failed(&mut self, said: Said) {
        self.stage = Stage::Typing;
        self.problem = Some(said);
    }

    fn begin(&mut self, cx: &mut Cx<'_>) -> Vec<Step> {
        self.asked = cx.request();
        let request = self.asked;
        let effect = match self.work {
            Work::Take => Effect::Take {
                request,
                path: Path(self.form.text("bundle-file").to_owned()),
            },
            Work::Make => {
                let name = self.form.text("bundle-for");
                let mut peers = cx.standing.belonging();
                let to = peers.find(|it| shown_name(it) == name);
                if to.is_none() && !name.is_empty() {
                    self.form.go_to("bundle-for");
                    self.problem = Some(Said::line("bundle-no-such"));
                    return Vec::new();
                }
                Effect::Make {
                    request,
                    to: to.map(|it| it.device),
                    folder: Path(self.form.text("bundle-folder").to_owned()),
                }
            }
        };
        self.stage = Stage::Running(0, 0);
        vec![Step::Ask(Ask::Bundle(effect))]
    }
}

impl fmt::Debug for Took {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Took({} new)", self.new)
    }
}

impl fmt::Debug for Path {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Path(…)")
    }
}
