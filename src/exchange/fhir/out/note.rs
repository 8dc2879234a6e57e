//! A note becomes a `Composition`.

use serde_json::{Map, Value, json};

use super::{
    super::composition::REMARK,
    draft::{Draft, absent, named, words},
    patient::list,
};
use crate::chart::{Attested, Note, Section};

/// Writes a `Composition`.
pub(super) fn write(it: &Note, to: &mut Draft<'_>) {
    let status = match (&it.signed, &it.attested) {
        _ if it.entry.in_error => "entered-in-error",
        (None, None) => "preliminary",
        (Some(_), _) | (None, Some(_)) => "final",
    };
    to.put("status", Some(json!(status)));
    let kind = json!({ "coding": [{
        "system": "http://loinc.org", "code": "34109-9", "display": "Note",
    }] });
    to.put("type", Some(kind));
    to.whose("subject");
    to.visit(it.visit);
    to.recorded("date");
    let author = to.author().unwrap_or_else(absent);
    to.put("author", Some(json!([author])));
    let title = words(&it.title).unwrap_or_else(|| "note".to_owned());
    to.put("title", Some(json!(title)));
    let signed = it.signed.as_ref().map(|it| {
        let party = to.scene.directory.user(it.by).unwrap_or_else(absent);
        json!([{ "mode": "legal", "time": it.at.to_string(), "party": party }])
    });
    let attested = || it.attested.as_ref().map(attester);
    to.put("attester", signed.or_else(attested));
    let appends = to.link(it.adds_to).map(|it| ("appends", it));
    let replaces = to.link(it.entry.replaces).map(|it| ("replaces", it));
    let relates = appends.into_iter().chain(replaces);
    let relates = relates.map(|(how, it)| json!({ "code": how, "targetReference": it }));
    to.put("relatesTo", list(relates));
    let remark = Section {
        name: REMARK.to_owned(),
        text: it.entry.remark.0.clone(),
    };
    let sections = it.sections.iter().chain([&remark]);
    to.put("section", list(sections.filter_map(section)));
}

fn attester(it: &Attested) -> Value {
    let mut attester = Map::new();
    attester.insert("mode".to_owned(), json!("legal"));
    attester.extend(it.at.map(|at| ("time".to_owned(), json!(at.to_string()))));
    attester.extend(named(&it.by).map(|it| ("party".to_owned(), it)));
    json!([attester])
}

/// XHTML of a plain text, its lines kept.
pub(super) fn narrative(text: &str) -> Option<Value> {
    let text = words(text)?;
    let lines: Vec<String> = text.lines().map(escaped).collect();
    let div = format!(
        r#"<div xmlns="http://www.w3.org/1999/xhtml">{}</div>"#,
        lines.join("<br/>")
    );
    Some(json!({ "status": "generated", "div": div }))
}

/// A text in which nothing is markup.
pub(super) fn escaped(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '"' => safe.push_str("&quot;"),
            c if c.is_control() => safe.push(' '),
            c => safe.push(c),
        }
    }
    safe
}

/// A section without a text is none (cmp-1).
fn section(it: &Section) -> Option<Value> {
    let text = narrative(&it.text)?;
    Some(match words(&it.name) {
        Some(name) => json!({ "title": name, "text": text }),
        None => json!({ "text": text }),
    })
}
