//! A paper becomes a `DocumentReference`, its bytes inside it.

use serde_json::{Map, Value, json};

use super::draft::{Draft, absent, words};
use crate::{chart::Document, text::base64, time::When};

/// What bytes are of which nobody says it (RFC 2046).
const ANY_BYTES: &str = "application/octet-stream";

/// Writes a `DocumentReference`.
pub(super) fn write(it: &Document, bytes: Option<&[u8]>, to: &mut Draft<'_>) {
    let is_superseded = it.entry.remark.0 == "superseded";
    let status = if it.entry.in_error {
        "entered-in-error"
    } else if is_superseded {
        "superseded"
    } else {
        "current"
    };
    to.put("status", Some(json!(status)));
    to.concept("type", &it.code);
    to.whose("subject");
    // FHIR has an instant here; a day alone stands beside the bytes.
    let at = it.when.filter(|it| matches!(it, When::At(_)));
    to.when("date", at);
    to.put("author", to.author().map(|it| json!([it])));
    if !is_superseded {
        to.text("description", &it.entry.remark.0);
    }
    let mut attachment = Map::new();
    let mut put = |key: &str, value: Option<Value>| {
        attachment.extend(value.map(|it| (key.to_owned(), it)));
    };
    let unnamed = bytes.map(|_| ANY_BYTES.to_owned());
    let media_type = words(&it.media_type).or(unnamed);
    put("contentType", media_type.map(|it| json!(it)));
    put("data", bytes.map(|it| json!(padded(base64::encode(it)))));
    put("size", (it.size > 0).then(|| json!(it.size)));
    put("title", words(&it.title).map(|it| json!(it)));
    let day = it.when.filter(|_| at.is_none());
    put("creation", day.map(|it| json!(it.to_string())));
    let attachment = if attachment.is_empty() {
        absent()
    } else {
        Value::Object(attachment)
    };
    to.put("content", Some(json!([{ "attachment": attachment }])));
    let visit = to.link(it.visit).map(|it| json!({ "encounter": [it] }));
    to.put("context", visit);
}

/// Base64 in whole groups of four, as FHIR has it.
fn padded(mut text: String) -> String {
    let missing = text.len().wrapping_neg() % 4;
    text.extend(std::iter::repeat_n('=', missing));
    text
}
