//! The allergies of the open chart: whether the patient was asked, what was named, and what
//! happened.

mod fields;

use super::{
    Cx, Key, Press, Step, draft,
    keymap::{self, Context, Row},
    notice::{Said, Trouble},
    records::Action,
    sheet::{self, Event, Plan, Sheet, Task},
};
use crate::chart::{
    Allergy, AllergyState, Chart, Edit, Entry, NoKnownAllergies, Record, Summary, who,
};

/// The list, and what is written.
#[derive(Debug)]
pub struct State {
    /// The list and the form over it.
    pub sheet: Sheet,
    none_counts: bool,
}

const ADD: &str = "allergy-add";
const CHANGE: &str = "allergy-change";
const STANDING: &str = "allergy-standing";
const IN_ERROR: &str = "allergy-in-error";

const PLAN: Plan = Plan {
    kind: draft::Kind::Allergy,
    tasks: &[ADD, CHANGE, STANDING, IN_ERROR],
    form: fields::form,
};

const WRITE: who::Action = who::Action::WriteAllergy;

/// The allergies' rows of the key table.
pub const KEYS: &[Row] = &[
    Row::hinted(
        Context::Allergies,
        &[Key::Char('a'), Key::Char('+'), Key::Ctrl('n')],
        keymap::Action::Press(Press::New),
        "allergy-add-key",
        "hint-add",
    )
    .needing(WRITE),
    Row::hinted(
        Context::AllergiesNone,
        &[Key::Char('n')],
        keymap::Action::Records(Action::NoneKnown),
        "allergy-none-key",
        "allergy-hint-none",
    )
    .needing(WRITE),
    Row::hinted(
        Context::Allergies,
        &[Key::Enter],
        keymap::Action::Press(Press::Accept),
        "allergy-change-key",
        "hint-change",
    )
    .needing(WRITE),
    Row::hinted(
        Context::Allergies,
        &[Key::Char('r')],
        keymap::Action::Records(Action::Standing),
        "allergy-standing-key",
        "allergy-hint-standing",
    )
    .needing(WRITE),
    Row::hinted(
        Context::Allergies,
        &[Key::Char('e')],
        keymap::Action::Records(Action::InError),
        "sheet-in-error-key",
        "hint-in-error",
    )
    .needing(WRITE),
];

impl State {
    /// The list, and the question whether a draft is kept.
    pub fn open(cx: &mut Cx<'_>) -> (Self, Vec<Step>) {
        let (sheet, steps) = Sheet::open(&PLAN, cx);
        let none_counts = cx.summary().is_some_and(none_counts);
        (Self { sheet, none_counts }, steps)
    }

    /// The contexts of the list.
    pub const LIST: &'static [Context] = &[
        Context::Allergies,
        Context::List,
        Context::Chart,
        Context::Anywhere,
        Context::Outside,
    ];
    /// The contexts of the list while no allergy counts.
    pub const NONE: &'static [Context] = &[
        Context::AllergiesNone,
        Context::Allergies,
        Context::List,
        Context::Chart,
        Context::Anywhere,
        Context::Outside,
    ];

    /// Where keys mean something.
    pub const fn contexts(&self) -> &'static [Context] {
        match (&self.sheet.writing, self.none_counts) {
            (Some(_), _) => sheet::FORM,
            (None, true) => Self::NONE,
            (None, false) => Self::LIST,
        }
    }

    /// Does what a key asks of any screen.
    pub fn press(&mut self, press: &Press, cx: &mut Cx<'_>) -> Vec<Step> {
        let total = cx.summary().map_or(0, |it| it.allergies.len());
        let event = self.sheet.press(press, total, cx);
        self.none_counts = cx.summary().is_some_and(none_counts);
        match event {
            Event::Steps(steps) => steps,
            Event::New => self.sheet.write(Task::add(ADD), cx),
            Event::Open => self.write_of(CHANGE, cx),
            Event::Changed(name) => {
                if let Some(writing) = &mut self.sheet.writing {
                    fields::offer(&mut writing.form, name);
                }
                vec![Step::DraftChanged]
            }
            Event::Accepted(_) => vec![Step::DraftChanged],
            Event::Finished(task) => self.finish(task, cx),
        }
    }

    /// Does what a key of this screen asks.
    pub fn act(&mut self, action: Action, cx: &mut Cx<'_>) -> Vec<Step> {
        match action {
            Action::NoneKnown => self.none_known(cx),
            Action::Standing => self.write_of(STANDING, cx),
            Action::InError => self.write_of(IN_ERROR, cx),
            Action::Over
            | Action::NotGiven
            | Action::Drug(_)
            | Action::Consent(_)
            | Action::Compare
            | Action::ToList => Vec::new(),
        }
    }

    /// Is told how a save went.
    pub fn saved(
        &mut self,
        request: u32,
        outcome: Result<(), Trouble>,
        cx: &mut Cx<'_>,
    ) -> Vec<Step> {
        let (record, steps) = self.sheet.saved(request, outcome, cx);
        if let Some(chart) = cx.chart {
            let place = rows(chart)
                .iter()
                .position(|it| Some(it.entry.id) == record);
            self.sheet.selected.0 = place.unwrap_or(self.sheet.selected.0);
        }
        self.none_counts = cx.summary().is_some_and(none_counts);
        steps
    }

    /// The allergy on file whose substance is the one typed, while a new one is written.
    pub fn already<'a>(&self, chart: &'a Chart) -> Option<&'a Allergy> {
        let writing = self.sheet.writing.as_ref()?;
        let typed = writing.form.text(fields::SUBSTANCE);
        let same =
            |it: &&Allergy| it.code.text.trim().to_lowercase() == typed.to_lowercase();
        let rows = rows(chart).into_iter().filter(|it| it.counts());
        let found = rows.filter(|_| !typed.is_empty()).find(same);
        found.filter(|it| writing.task.record != Some(it.entry.id))
    }

    fn write_of(&mut self, title: &'static str, cx: &Cx<'_>) -> Vec<Step> {
        let rows = cx.chart.map(rows).unwrap_or_default();
        let entries: Vec<&Entry> = rows.iter().map(|it| &it.entry).collect();
        self.sheet.write_of(title, &entries, cx)
    }

    fn none_known(&mut self, cx: &mut Cx<'_>) -> Vec<Step> {
        if !cx.summary().is_some_and(none_counts) || !cx.may(WRITE) {
            return Vec::new();
        }
        let Some(entry) = cx.entry() else {
            return Vec::new();
        };
        let record = Record::NoKnownAllergies(NoKnownAllergies { entry });
        let said = Said::line("allergy-said-none");
        self.sheet.save(vec![Edit::add(record)], said, cx)
    }

    fn finish(&mut self, task: Task, cx: &mut Cx<'_>) -> Vec<Step> {
        let Some((form, seen)) = self.sheet.made() else {
            return Vec::new();
        };
        let before = seen.as_ref().and_then(fields::read).cloned();
        let (edit, what, says) = match (task.title, before) {
            (ADD, _) => {
                let Some(entry) = cx.entry() else {
                    return Vec::new();
                };
                let new = fields::new(&form, entry, cx);
                let what = new.code.text.clone();
                (Edit::add(Record::Allergy(new)), what, "allergy-said-added")
            }
            (CHANGE, Some(before)) => {
                let after = fields::changed(&form, &before, cx);
                let what = after.code.text.clone();
                (change(before, after), what, "allergy-said-changed")
            }
            (STANDING, Some(before)) => {
                let after = fields::stands(&form, &before);
                let what = before.code.text.clone();
                let says = if after.counts() {
                    "allergy-said-counts"
                } else {
                    "allergy-said-counts-not"
                };
                (change(before, after), what, says)
            }
            (_, Some(before)) => {
                let what = before.code.text.clone();
                let why = form.text(sheet::WHY);
                let edit = Edit::entered_in_error(Record::Allergy(before), why);
                (edit, what, "sheet-said-in-error")
            }
            (_, None) => return sheet::not_there(),
        };
        let said = Said::with(says, [("what", what.into())]);
        self.sheet.save(vec![edit], said, cx)
    }
}

/// The allergies in the order of the list: those that count, the most dangerous first; those
/// that do not; those entered in error.
pub fn rows(chart: &Chart) -> Vec<&Allergy> {
    let all = chart.summary.iter().flat_map(|it| &it.allergies);
    let mut rows: Vec<&Allergy> = all.collect();
    rows.sort_by_key(|it| {
        let worst = std::cmp::Reverse((it.severity(), it.entry.recorded.at));
        (it.entry.in_error, !it.counts(), worst)
    });
    rows
}

fn none_counts(summary: &Summary) -> bool {
    !matches!(summary.allergy_state(), AllergyState::Some(_))
}

fn change(before: Allergy, after: Allergy) -> Edit {
    Edit::change(Record::Allergy(before), Record::Allergy(after))
}
