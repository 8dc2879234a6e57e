//! A form that is being filled in, and the record that it was begun from: what is saved is
//! what the person typed, over what the person saw.

use super::{Plan, Task};
use crate::{
    app::{Cx, form::Form},
    chart::Record,
};

/// A form that is being filled in.
#[derive(Debug)]
pub struct Writing {
    /// What it is for.
    pub task: Task,
    /// What is typed.
    pub form: Form,
    pub(super) changed: bool,
    /// The form as it was opened.
    pub(super) was: Form,
    /// The record as the person saw it.
    pub(super) seen: Option<Record>,
    /// The form of that record.
    of_seen: Form,
}

impl Writing {
    /// The form of a task, of what the chart says; none when it cannot be done.
    pub(super) fn begin(plan: &Plan, task: Task, cx: &Cx<'_>) -> Option<Self> {
        let seen = match task.record {
            Some(id) => Some(cx.chart?.record(id)?),
            None => None,
        };
        let form = (plan.form)(task, seen.as_ref(), cx)?;
        Some(Self {
            task,
            form: form.clone(),
            changed: false,
            was: form.clone(),
            seen,
            of_seen: form,
        })
    }

    /// What is typed is about this record: the same, as it was when that was begun.
    pub(super) fn is_about(&mut self, seen: Record, plan: &Plan, cx: &Cx<'_>) {
        if let Some(form) = (plan.form)(self.task, Some(&seen), cx) {
            self.of_seen = form;
            self.seen = Some(seen);
        }
    }

    /// The fields that the person changed, in the form of what was seen: what others wrote
    /// since then is theirs to say.
    pub(super) fn made(&self) -> Form {
        let mut form = self.of_seen.clone();
        for field in &mut form.fields {
            let typed = self.form.field(field.name);
            let was = self.was.field(field.name);
            let Some((typed, was)) = typed.zip(was) else {
                continue;
            };
            if typed.coded() != was.coded() {
                field.clone_from(typed);
            }
        }
        form
    }
}
