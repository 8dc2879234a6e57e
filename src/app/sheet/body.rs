//! A form as the text of a draft, and back.

use super::{Task, Writing};
use crate::{
    app::{draft::Body, form::Form},
    chart::Record,
};

const TASK: &str = "task";
const RECORD: &str = "record";
const SEEN: &str = "seen";
/// Ends the name of a line that says what a field's text was taken as.
const TAKEN: &str = "=";

/// Everything that is typed, and what it is for.
pub(super) fn of(writing: &Writing) -> Body {
    let mut lines = vec![(TASK.to_owned(), writing.task.title.to_owned())];
    let record = writing.task.record.map(|it| it.to_string());
    lines.extend(record.map(|it| (RECORD.to_owned(), it)));
    let seen = writing.seen.as_ref();
    let seen = seen.and_then(|it| serde_json::to_string(it).ok());
    lines.extend(seen.map(|it| (SEEN.to_owned(), it)));
    // Of a record that is changed, what nobody typed is read from the chart again.
    let is_new = writing.task.record.is_none();
    let was = |name| writing.was.field(name).map(|it| it.line.text());
    let fields = writing.form.fields.iter();
    let typed = fields.filter(|it| is_new || Some(it.line.text()) != was(it.name));
    for field in typed {
        lines.push((field.name.to_owned(), field.line.text().to_owned()));
        let taken = field.taken.as_ref();
        let taken = taken.and_then(|it| serde_json::to_string(it).ok());
        lines.extend(taken.map(|it| (format!("{}{TAKEN}", field.name), it)));
    }
    Body::of_fields(lines.iter().map(|(name, text)| (&**name, &**text)))
}

/// What the text is for, of these tasks.
pub(super) fn task(body: &Body, tasks: &[&'static str]) -> Option<Task> {
    let line = |name| body.fields().find(|it| it.0 == name).map(|it| it.1);
    let title = tasks.iter().find(|it| Some(**it) == line(TASK))?;
    let record = match line(RECORD) {
        Some(text) => Some(text.parse().ok()?),
        None => None,
    };
    Some(Task { title, record })
}

/// The record as it was seen when the text was begun.
pub(super) fn seen(body: &Body) -> Option<Record> {
    let mut lines = body.fields().filter(|(name, _)| *name == SEEN);
    serde_json::from_str(lines.next()?.1).ok()
}

/// Puts the text back into its form, the caret into the first field that is empty.
pub(super) fn fill(form: &mut Form, body: &Body) {
    for (name, text) in body.fields() {
        let (name, taken) = match name.strip_suffix(TAKEN) {
            Some(name) => (name, serde_json::from_str(text).ok()),
            None => (name, None),
        };
        let Some(field) = form.field_mut(name) else {
            continue;
        };
        match taken {
            Some(taken) => field.taken = Some(taken),
            None => field.line.set(text),
        }
    }
    let empty = form.fields.iter().find(|it| it.line.is_empty());
    if let Some(name) = empty.map(|it| it.name) {
        form.go_to(name);
    }
}
