//! Correcting who a patient is: the form of registration, with what is on file.

use super::{
    Cx, Press, Step, Tab, draft,
    form::Form,
    keymap::Context,
    notice::{Said, Trouble},
    register::fields,
    sheet::{self, Event, Plan, Sheet, Task},
};
use crate::chart::{Edit, Person, Record, who};

/// What is corrected.
#[derive(Debug)]
pub struct State {
    /// The form.
    pub sheet: Sheet,
    /// The tab in which it stands.
    pub tab: Tab,
}

const CHANGE: &str = "details-change";

const PLAN: Plan = Plan {
    kind: draft::Kind::Details,
    tasks: &[CHANGE],
    form,
};

impl State {
    /// The form of the open patient.
    pub fn open(tab: Tab, cx: &mut Cx<'_>) -> (Self, Vec<Step>) {
        let (mut sheet, mut steps) = Sheet::open(&PLAN, cx);
        if let Some(person) = person(cx) {
            steps.extend(sheet.write(Task::of(CHANGE, person.entry.id), cx));
        }
        (Self { sheet, tab }, steps)
    }

    /// Where keys mean something.
    pub const fn contexts(&self) -> &'static [Context] {
        sheet::FORM
    }

    /// Does what a key asks of any screen.
    pub fn press(&mut self, press: &Press, cx: &mut Cx<'_>) -> Vec<Step> {
        match self.sheet.press(press, 0, cx) {
            Event::Steps(mut steps) => {
                if self.sheet.writing.is_none() {
                    steps.insert(0, Step::Back);
                }
                steps
            }
            Event::Changed(_) | Event::Accepted(_) => vec![Step::DraftChanged],
            Event::Finished(_) => self.finish(cx),
            Event::New | Event::Open => vec![Step::Back],
        }
    }

    /// Is told how a save went.
    pub fn saved(
        &mut self,
        request: u32,
        outcome: Result<(), Trouble>,
        cx: &mut Cx<'_>,
    ) -> Vec<Step> {
        let (record, mut steps) = self.sheet.saved(request, outcome, cx);
        if record.is_some() {
            steps.insert(0, Step::Back);
        }
        steps
    }

    fn finish(&mut self, cx: &mut Cx<'_>) -> Vec<Step> {
        let Some((form, Some(Record::Person(before)))) = self.sheet.made() else {
            return sheet::not_there();
        };
        let after = fields::changed(&form, &before, cx.today());
        let said = Said::with("details-said", [("who", after.shown_name().into())]);
        let edit = Edit::change(Record::Person(before), Record::Person(after));
        self.sheet.save(vec![edit], said, cx)
    }
}

fn form(_: Task, of: Option<&Record>, cx: &Cx<'_>) -> Option<Form> {
    let Some(Record::Person(person)) = of else {
        return None;
    };
    cx.may(who::Action::WriteIdentity)
        .then(|| fields::filled(person))
}

fn person<'a>(cx: &Cx<'a>) -> Option<&'a Person> {
    cx.chart.and_then(|it| it.identity.person.as_ref())
}
