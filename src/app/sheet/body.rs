//! A form as the text of a draft, and back.

use super::{Task, Writing};
use crate::app::{draft::Body, form::Form};

const TASK: &str = "task";
const RECORD: &str = "record";
/// Ends the name of a line that says what a field's text was taken as.
const TAKEN: &str = "=";

/// Everything that is typed, and what it is for.
pub(super) fn of(writing: &Writing) -> Body {
    let mut lines = vec![(TASK.to_owned(), writing.task.title.to_owned())];
    let record = writing.task.record.map(|it| it.to_string());
    lines.extend(record.map(|it| (RECORD.to_owned(), it)));
    for field in &writing.form.fields {
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
