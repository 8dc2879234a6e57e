//! A new patient (S3): one page, the needed things first, with the people who may be the
//! same beside it.

pub(super) mod fields;

use super::{
    Cx, Effect as Ask, Household, Key, Place, Press, Step, draft,
    find::{Found, Text},
    form::{Event, Form, Origin},
    keymap::{self, Context, Row},
    notice::{Notice, Said, Trouble},
    overlay::Question,
};
use crate::{
    chart::Person,
    find::{Candidate, Reason},
    ids::PatientId,
    time::Moment,
};

/// A patient who is being registered.
#[derive(Debug)]
pub struct State {
    /// What is typed.
    pub form: Form,
    /// People who may be the same, the likeliest first.
    pub alike: Vec<Alike>,
    /// Whether the keys go to those people rather than to the form.
    pub in_alike: bool,
    /// Whether the patient is being saved.
    pub saving: bool,
    asked: u32,
    draft_asked: u32,
    asking: Asking,
}

/// What the person is being asked.
#[derive(Debug)]
enum Asking {
    Nothing,
    Near(PatientId),
    Draft(draft::Body),
}

/// A person who may be the same.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Alike {
    /// The person.
    pub found: Found,
    /// What is alike.
    pub why: Vec<Reason>,
}

/// What a key may ask of registering.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Action {
    /// Open this person in place of a new one.
    Use(u8),
    /// Back to the form.
    ToForm,
}

/// What registering asks of the shell.
#[derive(Debug)]
pub enum Effect {
    /// Who may be the same? Of several questions, the newest counts.
    Alike {
        /// The request's number.
        request: u32,
        /// What is typed so far.
        candidate: Box<Candidate>,
    },
    /// The places that this clinic knows, the most frequent first.
    Lists,
    /// Save the new patient.
    Save {
        /// The request's number.
        request: u32,
        /// The patient.
        person: Box<Person>,
    },
}

/// What the shell answers.
#[derive(Debug)]
pub enum Answer {
    /// People who may be the same.
    Alike {
        /// The request's number.
        request: u32,
        /// The people, the likeliest first.
        alike: Vec<Alike>,
    },
    /// What the lists offer.
    Lists {
        /// Villages, each with how many people of it are on file.
        villages: Vec<(String, usize)>,
    },
    /// The patient is on file, with the clinic's number; or why not.
    Saved {
        /// The request's number.
        request: u32,
        /// Whose chart, and the number.
        result: Result<(PatientId, String), Trouble>,
    },
}

/// Registering's rows of the key table.
pub const KEYS: &[Row] = &[
    Row::hinted(
        Context::Register,
        &[Key::F(2), Key::Ctrl('s')],
        keymap::Action::Press(Press::Finish),
        "register-save",
        "hint-save",
    ),
    Row::hinted(
        Context::Register,
        &[Key::F(6)],
        keymap::Action::Press(Press::NextPane),
        "register-to-alike",
        "hint-alike",
    ),
    Row::hinted(
        Context::Register,
        &[Key::Ctrl('r')],
        keymap::Action::Press(Press::Repeat),
        "form-repeat",
        "hint-repeat",
    ),
    use_row(&[Key::Char('1')], 1),
    use_row(&[Key::Char('2')], 2),
    use_row(&[Key::Char('3')], 3),
    use_row(&[Key::Char('4')], 4),
    Row::hinted(
        Context::RegisterAlike,
        &[Key::F(6), Key::ShiftF(6), Key::Tab, Key::Esc],
        keymap::Action::Register(Action::ToForm),
        "register-to-form",
        "hint-to-form",
    ),
];

/// The people who may be the same that are shown and can be chosen by a digit.
pub const ALIKE_MAX: usize = 4;
/// Younger patients are taken for children, whose household is repeated at once.
const CHILD_YEARS: u16 = 15;

const fn use_row(keys: &'static [Key], number: u8) -> Row {
    Row {
        context: Context::RegisterAlike,
        keys,
        action: keymap::Action::Register(Action::Use(number)),
        says: "register-use",
        hint: if number == 1 { Some("hint-use") } else { None },
        needs: None,
    }
}

impl State {
    /// The form, with the name or number that was searched for, and what belongs into it.
    pub fn open(typed: &Text, cx: &mut Cx<'_>) -> (Self, Vec<Step>) {
        let mut state = Self {
            form: Form::new(fields::all()),
            alike: Vec::new(),
            in_alike: false,
            saving: false,
            asked: 0,
            draft_asked: cx.request(),
            asking: Asking::Nothing,
        };
        fields::carry_over(&mut state.form, &typed.0);
        let mut steps = vec![
            Step::Ask(Ask::Register(Effect::Lists)),
            Step::Ask(Ask::Draft(draft::Effect::Load {
                request: state.draft_asked,
                key: Self::DRAFT,
            })),
        ];
        steps.extend(state.ask_alike(cx));
        (state, steps)
    }

    /// Where its draft belongs.
    pub const DRAFT: draft::Key = draft::Key {
        kind: draft::Kind::Registration,
        patient: None,
    };
    /// The contexts of the form.
    pub const FORM: &'static [Context] = &[
        Context::Register,
        Context::Form,
        Context::Text,
        Context::Anywhere,
    ];
    /// The contexts of the people who may be the same.
    pub const ALIKE: &'static [Context] = &[Context::RegisterAlike, Context::Anywhere];

    /// Where keys mean something.
    pub const fn contexts(&self) -> &'static [Context] {
        if self.in_alike {
            Self::ALIKE
        } else {
            Self::FORM
        }
    }

    /// What is typed, to be kept.
    pub fn draft(&self) -> draft::Body {
        let fields = self.form.fields.iter();
        let typed = fields.filter(|it| !it.line.is_empty());
        draft::Body::of_fields(typed.map(|it| (it.name, it.line.text())))
    }

    /// Does what a key asks of any screen.
    pub fn press(&mut self, press: &Press, cx: &mut Cx<'_>) -> Vec<Step> {
        if *press == Press::NextPane || *press == Press::PreviousPane {
            self.in_alike = !self.in_alike && !self.alike.is_empty();
            return Vec::new();
        }
        if matches!(press, Press::Field(_)) {
            self.in_alike = false;
        }
        if self.saving || self.in_alike {
            return Vec::new();
        }
        match self.form.press(press, cx.today(), cx.now.at) {
            Event::Changed(_) => {
                let mut steps = vec![Step::DraftChanged];
                steps.extend(self.ask_alike(cx));
                steps
            }
            Event::Left(_) => self.ask_alike(cx),
            Event::Repeat(at) => self.repeat(at, cx),
            Event::Finished => self.finish(cx),
            Event::Missing(_) => {
                vec![Step::Say(Notice::plain(Said::line("form-missing")))]
            }
            Event::Back => vec![Step::Back],
            Event::Nothing => Vec::new(),
        }
    }

    /// Does what a key of this screen asks.
    pub fn act(&mut self, action: Action) -> Vec<Step> {
        match action {
            Action::ToForm => {
                self.in_alike = false;
                Vec::new()
            }
            Action::Use(_) if self.saving => Vec::new(),
            Action::Use(number) => {
                let index = usize::from(number).saturating_sub(1);
                let chosen = self.alike.get(index);
                chosen.map_or_else(Vec::new, |it| use_instead(it.found.row.patient))
            }
        }
    }

    /// Takes up a kept draft in an empty form; asks when something else was begun.
    pub fn draft_loaded(
        &mut self,
        request: u32,
        (body, kept): (draft::Body, Moment),
        cx: &mut Cx<'_>,
    ) -> Vec<Step> {
        if request != self.draft_asked {
            return Vec::new();
        }
        let mut fields = self.form.fields.iter();
        if fields.all(|it| it.line.is_empty()) {
            return self.take_up(&body, cx);
        }
        self.asking = Asking::Draft(body);
        let kept = cx.say.clock(kept);
        vec![Step::Question(Box::new(ask_about_draft(kept)))]
    }

    /// Takes the decision: the other line, or the safe one.
    pub fn decided(&mut self, other: bool, cx: &mut Cx<'_>) -> Vec<Step> {
        match (std::mem::replace(&mut self.asking, Asking::Nothing), other) {
            (Asking::Near(_), true) => self.save(cx),
            (Asking::Near(patient), false) => use_instead(patient),
            (Asking::Draft(body), false) => self.take_up(&body, cx),
            (Asking::Draft(_), true) => vec![Step::DraftChanged],
            (Asking::Nothing, _) => Vec::new(),
        }
    }

    fn take_up(&mut self, body: &draft::Body, cx: &mut Cx<'_>) -> Vec<Step> {
        for field in &mut self.form.fields {
            field.line.set("");
        }
        for (name, text) in body.fields() {
            self.form.fill(name, text, Origin::Draft);
        }
        let mut steps = self.ask_alike(cx);
        steps.push(Step::Say(Notice::plain(Said::line("draft-taken-up"))));
        steps
    }

    /// Takes an answer.
    pub fn answered(&mut self, answer: Answer, cx: &Cx<'_>) -> Vec<Step> {
        match answer {
            Answer::Alike { request, alike } => {
                if request == self.asked {
                    self.alike = alike;
                    self.alike.truncate(ALIKE_MAX);
                    self.in_alike &= !self.alike.is_empty();
                }
                Vec::new()
            }
            Answer::Lists { villages } => {
                fields::offer(&mut self.form, "register-village", villages);
                Vec::new()
            }
            Answer::Saved { result, .. } => self.saved(result, cx),
        }
    }

    fn save(&mut self, cx: &mut Cx<'_>) -> Vec<Step> {
        let Some(entry) = cx.entry() else {
            return Vec::new();
        };
        self.saving = true;
        let mut person = fields::person(&self.form, entry, cx.today());
        // Whoever saves beside them has been asked.
        person.others = self.alike.iter().map(|it| it.found.row.patient).collect();
        vec![Step::Ask(Ask::Register(Effect::Save {
            request: cx.request(),
            person: Box::new(person),
        }))]
    }

    fn finish(&mut self, cx: &mut Cx<'_>) -> Vec<Step> {
        if self.form.text("register-family").is_empty()
            && self.form.text("register-given").is_empty()
        {
            self.form.go_to("register-family");
            if let Some(field) = self.form.field_mut("register-family") {
                field.problem = Some("register-needs-a-name");
            }
            return vec![Step::Say(Notice::plain(Said::line("form-missing")))];
        }
        let Some(near) = self.alike.first() else {
            return self.save(cx);
        };
        self.asking = Asking::Near(near.found.row.patient);
        vec![Step::Question(Box::new(ask_about(&near.found)))]
    }

    fn saved(
        &mut self,
        result: Result<(PatientId, String), Trouble>,
        cx: &Cx<'_>,
    ) -> Vec<Step> {
        self.saving = false;
        let (patient, number) = match result {
            Ok(saved) => saved,
            Err(trouble) => return vec![Step::Say(Notice::alarm(trouble.said()))],
        };
        let birth = fields::birth(&self.form, cx.today());
        let age = birth.and_then(|it| it.date.age_on(cx.today()));
        let said = Said::with("register-saved", [("number", number.into())]);
        vec![
            Step::Ask(Ask::Draft(draft::Effect::Drop(Self::DRAFT))),
            Step::Remember(Box::new(Household {
                fields: fields::shared(&self.form),
                child: age.is_some_and(|it| it.years < CHILD_YEARS),
            })),
            Step::Back,
            Step::Say(Notice::done(said)),
            Step::OpenChart(patient, Place::Summary),
        ]
    }

    fn repeat(&mut self, at: usize, cx: &mut Cx<'_>) -> Vec<Step> {
        let Some(household) = cx.household else {
            return vec![Step::Say(Notice::plain(Said::line("register-no-last")))];
        };
        let here = self.form.fields.get(at).map(|it| it.name);
        let mut filled = false;
        for (name, text) in &household.fields {
            if household.child || Some(*name) == here {
                filled |= self.form.fill(name, text, Origin::LastPatient);
            }
        }
        if !filled {
            return Vec::new();
        }
        let mut steps = vec![Step::DraftChanged];
        steps.extend(self.ask_alike(cx));
        steps
    }

    fn ask_alike(&mut self, cx: &mut Cx<'_>) -> Vec<Step> {
        let candidate = fields::candidate(&self.form, cx.today());
        if candidate.name.shown().is_empty() {
            self.alike.clear();
            return Vec::new();
        }
        self.asked = cx.request();
        vec![Step::Ask(Ask::Register(Effect::Alike {
            request: self.asked,
            candidate: Box::new(candidate),
        }))]
    }
}

fn use_instead(patient: PatientId) -> Vec<Step> {
    vec![
        Step::Ask(Ask::Draft(draft::Effect::Drop(State::DRAFT))),
        Step::Back,
        Step::OpenChart(patient, Place::Summary),
    ]
}

fn ask_about(near: &Found) -> Question {
    let name = || near.row.shown_name().into();
    let number = near.row.number.clone().into();
    Question {
        title: Said::line("register-near-title"),
        lines: vec![Said::with(
            "register-near",
            [("name", name()), ("number", number)],
        )],
        safe: Said::with("register-near-open", [("name", name())]),
        letter: 'n',
        other: Said::line("register-near-new"),
        back: Some(Said::line("register-near-back")),
        then: Vec::new(),
    }
}

fn ask_about_draft(kept: String) -> Question {
    Question {
        title: Said::with("register-draft-title", [("time", kept.into())]),
        lines: Vec::new(),
        safe: Said::line("register-draft-take"),
        letter: 'n',
        other: Said::line("register-draft-new"),
        back: None,
        then: Vec::new(),
    }
}

#[cfg(test)]
mod tests;
