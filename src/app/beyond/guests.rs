//! What other clinics share with who is at work: the list, one of their charts to be read
//! until the share ends, and what is proposed into it.

use std::{collections::BTreeMap, fmt};

use super::{Answer, Asks, News, Stands, ask};
use crate::{
    app::{
        Cx, Listed, Move, Press, Step, Wish, drugs,
        form::{Event, Field, Form, Kind},
        keymap::Context,
        notice::{Notice, Said, Trouble},
    },
    chart::{Chart, Note, Record, Section, SharedPart},
    ids::{ClinicId, PatientId, StatementId, UserId},
    time::{PartialDate, Timestamp},
};

/// One share of another clinic with who is at work.
#[derive(Clone, PartialEq, Eq)]
pub struct Guest {
    /// The grant's statement.
    pub grant: StatementId,
    /// Whose chart it is: the clinic.
    pub clinic: ClinicId,
    /// What that clinic is called.
    pub clinic_name: String,
    /// The patient; none while that is not known here.
    pub patient: Option<PatientId>,
    /// What the patient is called; empty where that is not known or must not be told.
    pub called: String,
    /// Which parts.
    pub parts: Vec<SharedPart>,
    /// The end.
    pub until: Timestamp,
    /// The day of it.
    pub day: PartialDate,
    /// How it stands.
    pub stands: Stands,
}

/// A chart of another clinic, as far as it is shared.
#[derive(Clone, PartialEq, Eq)]
pub struct GuestChart {
    /// What it says.
    pub chart: Chart,
    /// Who wrote in it.
    pub names: BTreeMap<UserId, String>,
}

/// The list, or a chart of it.
#[derive(Debug, Default)]
pub struct State {
    /// What is shared, and was, the newest first.
    pub guests: Listed<Guest>,
    /// The chart that is read.
    pub reading: Option<Reading>,
    doing: Option<u32>,
}

/// A chart that is read.
#[derive(Debug)]
pub struct Reading {
    /// The share that it is read by.
    pub guest: Guest,
    /// What it says, once the shell has told.
    pub chart: Option<Box<GuestChart>>,
    /// How many rows are passed over, from the beginning or from the end.
    pub passed: usize,
    /// Whether they are counted from the end.
    pub from_end: bool,
    /// What is being proposed. It stays while the chart is open, whatever is looked at.
    pub writing: Option<Writing>,
    /// Whether that is in front.
    pub writes: bool,
}

/// What is being proposed.
#[derive(Debug)]
pub struct Writing {
    /// What kind of thing.
    pub what: Proposing,
    /// What is typed.
    pub form: Form,
    /// What is wrong.
    pub problem: Option<Said>,
}

/// What can be proposed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Proposing {
    /// What the specialist found, thinks and advises.
    Note,
    /// A drug.
    Drug,
}

/// The kind of note that a specialist writes for another clinic.
const CONSULT: &str = "consult";
/// The sections of it: the field, and its short name in the note.
const SECTIONS: [(&str, &str); 3] =
    [("note-found", "O"), ("note-dx", "A"), ("note-plan", "P")];

impl State {
    /// The list, and the question what stands in it.
    pub fn open(cx: &mut Cx<'_>) -> (Self, Vec<Step>) {
        let mut state = Self::default();
        let steps = state.refresh(cx);
        (state, steps)
    }

    /// The contexts of the list.
    pub const LIST: &'static [Context] = &[
        Context::Guests,
        Context::List,
        Context::Anywhere,
        Context::Outside,
    ];
    /// The contexts of a chart.
    pub const READ: &'static [Context] = &[
        Context::GuestsRead,
        Context::List,
        Context::Anywhere,
        Context::Outside,
    ];

    /// Where keys mean something.
    pub const fn contexts(&self) -> &'static [Context] {
        match &self.reading {
            None => Self::LIST,
            Some(it) if it.writes => super::AskFile::FORM,
            Some(_) => Self::READ,
        }
    }

    /// The form that has the caret.
    pub(super) fn form(&self) -> Option<&Form> {
        let reading = self.reading.as_ref().filter(|it| it.writes)?;
        reading.writing.as_ref().map(|it| &it.form)
    }

    /// Until when the open chart may be read.
    pub fn until(&self) -> Option<Timestamp> {
        self.reading.as_ref().map(|it| it.guest.until)
    }

    /// The share is over: what was read is forgotten.
    pub fn close(&mut self) {
        self.reading = None;
    }

    /// Something came: what is listed may be more, or less. A chart that is read stays as it
    /// is, as long as its share is live.
    pub fn refresh(&mut self, cx: &mut Cx<'_>) -> Vec<Step> {
        vec![ask(self.guests.ask(cx), Asks::Guests)]
    }

    /// Does what a key asks of any screen.
    pub(super) fn press(&mut self, press: &Press, cx: &mut Cx<'_>) -> Vec<Step> {
        let Some(reading) = &mut self.reading else {
            return match self.guests.press(press, cx) {
                Wish::Back => vec![Step::Back],
                Wish::Open => self.read(cx),
                Wish::New | Wish::Nothing => Vec::new(),
            };
        };
        if !reading.writes {
            if let Press::Move(to) = press {
                reading.scroll(*to, cx.page());
            } else if *press == Press::Back {
                self.reading = None;
                return self.refresh(cx);
            }
            return Vec::new();
        }
        let Some(writing) = &mut reading.writing else {
            return Vec::new();
        };
        let name = writing.form.focused().map_or("", |it| it.name);
        match writing.form.press(press, cx.today(), cx.now.at) {
            Event::Finished => return self.propose(cx),
            Event::Back => reading.writes = false,
            Event::Missing(_) => writing.problem = Some(Said::line("form-missing")),
            Event::Changed(_) => {
                writing.problem = None;
                if writing.what == Proposing::Drug {
                    drugs::offer(&mut writing.form, name);
                }
            }
            Event::Left(_) | Event::Repeat(_) | Event::Nothing => {}
        }
        Vec::new()
    }

    /// Opens the form of what is proposed, or the one that was left.
    pub(super) fn write(&mut self, what: Proposing, cx: &mut Cx<'_>) -> Vec<Step> {
        let Some(reading) = &mut self.reading else {
            return Vec::new();
        };
        let Some(shown) = &reading.chart else {
            return Vec::new();
        };
        reading.writes = true;
        if reading.writing.as_ref().is_none_or(|it| it.what != what) {
            let form = match what {
                Proposing::Note => note_form(),
                Proposing::Drug => drugs::form_to_propose(&cx.about(&shown.chart)),
            };
            let problem = None;
            reading.writing = Some(Writing {
                what,
                form,
                problem,
            });
        }
        Vec::new()
    }

    /// Takes an answer.
    pub(super) fn answered(&mut self, answer: &Answer, cx: &mut Cx<'_>) -> Vec<Step> {
        let ours = self.doing == Some(answer.request);
        if let News::Guests(all) = &answer.news
            && self.guests.is_asked(answer.request)
        {
            let mut steps = self.guests.answered(all.clone(), |it| it.grant);
            steps.extend(self.close_what_ended());
            return steps;
        }
        if let News::GuestChart(chart) = &answer.news
            && ours
        {
            return self.shown(chart.clone());
        }
        if let News::Offered(result) = &answer.news
            && ours
        {
            return self.proposed(*result, cx);
        }
        Vec::new()
    }

    /// Forgets the chart that is read, once its share is live no more.
    fn close_what_ended(&mut self) -> Option<Step> {
        let grant = self.reading.as_ref()?.guest.grant;
        let row = self.guests.rows.iter().find(|it| it.grant == grant)?;
        let why = why_closed(row.stands)?;
        self.close();
        Some(Step::Say(Notice::alarm(Said::line(why))))
    }

    /// Opens the selected chart, or says why it cannot be read.
    fn read(&mut self, cx: &mut Cx<'_>) -> Vec<Step> {
        let Some(guest) = self.guests.chosen() else {
            return Vec::new();
        };
        let why = match (why_closed(guest.stands), guest.patient) {
            (Some(why), _) => why,
            (None, Some(_)) => {
                let guest = guest.clone();
                return self.ask_chart(guest, cx);
            }
            (None, None) => "guests-not-here-yet",
        };
        vec![Step::Say(Notice::plain(Said::line(why)))]
    }

    fn ask_chart(&mut self, guest: Guest, cx: &mut Cx<'_>) -> Vec<Step> {
        let Some(patient) = guest.patient else {
            return Vec::new();
        };
        let request = cx.request();
        self.doing = Some(request);
        let asks = Asks::GuestChart(guest.clinic, patient);
        let old = self.reading.take();
        let same = old.filter(|it| it.guest.grant == guest.grant);
        self.reading = Some(same.unwrap_or(Reading {
            guest,
            chart: None,
            passed: 0,
            from_end: false,
            writing: None,
            writes: false,
        }));
        vec![ask(request, asks)]
    }

    fn shown(&mut self, chart: Result<Box<GuestChart>, Trouble>) -> Vec<Step> {
        match (chart, &mut self.reading) {
            (Ok(chart), Some(reading)) => reading.chart = Some(chart),
            (Ok(_), None) => {}
            (Err(trouble), _) => {
                self.reading = None;
                return vec![Step::Say(Notice::alarm(trouble.said()))];
            }
        }
        Vec::new()
    }

    fn propose(&mut self, cx: &mut Cx<'_>) -> Vec<Step> {
        let Some(reading) = &mut self.reading else {
            return Vec::new();
        };
        let (Some(writing), Some(shown)) = (&mut reading.writing, &reading.chart) else {
            return Vec::new();
        };
        let record = match writing.what {
            Proposing::Note => note(&writing.form, cx),
            Proposing::Drug => {
                let drug = drugs::proposed(&writing.form, &mut cx.about(&shown.chart));
                drug.map(Record::Medication)
            }
        };
        let record = match record {
            Ok(record) => Box::new(record),
            Err((field, problem)) => {
                writing.form.go_to(field);
                writing.problem = Some(Said::line(problem));
                return Vec::new();
            }
        };
        let (clinic, patient) = (reading.guest.clinic, shown.chart.patient);
        let request = cx.request();
        self.doing = Some(request);
        let asks = Asks::Propose {
            clinic,
            patient,
            record,
        };
        vec![ask(request, asks)]
    }

    fn proposed(&mut self, result: Result<(), Trouble>, cx: &mut Cx<'_>) -> Vec<Step> {
        let Some(reading) = &mut self.reading else {
            return Vec::new();
        };
        if let Err(trouble) = result {
            let said = if trouble == Trouble::NotTaken {
                Said::line("guests-not-proposed")
            } else {
                trouble.said()
            };
            return vec![Step::Say(Notice::alarm(said))];
        }
        reading.writing = None;
        reading.writes = false;
        let guest = reading.guest.clone();
        let mut steps = self.ask_chart(guest, cx);
        steps.push(Step::Say(Notice::done(Said::line("guests-said"))));
        steps
    }
}

impl Reading {
    fn scroll(&mut self, to: Move, page: usize) {
        let (rows, down) = match to {
            Move::Up => (1, false),
            Move::Down => (1, true),
            Move::PageUp => (page, false),
            Move::PageDown => (page, true),
            Move::First | Move::Last | Move::To(_) => {
                self.passed = 0;
                self.from_end = to == Move::Last;
                return;
            }
        };
        self.passed = if down == self.from_end {
            self.passed.saturating_sub(rows)
        } else {
            self.passed.saturating_add(rows)
        };
    }
}

/// Why a chart cannot be read by a share that stands so.
const fn why_closed(stands: Stands) -> Option<&'static str> {
    match stands {
        Stands::Live => None,
        Stands::Early => Some("guests-not-yet"),
        Stands::Expired => Some("guests-over"),
        Stands::Revoked => Some("guests-taken-back"),
    }
}

fn note_form() -> Form {
    let field = |(name, _)| Field::optional(name, "guests-note-help", Kind::Text);
    Form::new(SECTIONS.map(field).into())
}

/// The note that the form makes.
fn note(form: &Form, cx: &mut Cx<'_>) -> Result<Record, (&'static str, &'static str)> {
    let written = SECTIONS
        .iter()
        .filter(|(field, _)| !form.text(field).is_empty());
    let sections: Vec<Section> = written
        .map(|(field, name)| Section {
            name: (*name).to_owned(),
            text: form.text(field).to_owned(),
        })
        .collect();
    let entry = cx.entry().filter(|_| !sections.is_empty());
    let entry = entry.ok_or(("note-found", "guests-note-empty"))?;
    Ok(Record::Note(Note {
        entry,
        visit: None,
        title: CONSULT.to_owned(),
        sections,
        phrases: Vec::new(),
        signed: None,
        adds_to: None,
        attested: None,
    }))
}

impl fmt::Debug for Guest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Guest({:?})", self.grant)
    }
}

impl fmt::Debug for GuestChart {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "GuestChart({:?})", self.chart.patient)
    }
}
