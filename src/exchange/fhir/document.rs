//! `DocumentReference` becomes a document; bytes that stand inside it are handed on.

use super::{
    ATTACHMENT_BYTES_MAX,
    node::Node,
    resource::{Resource, Written},
    types::{TESTS, lines},
};
use crate::{
    chart::{Coded, Document, Record},
    text::base64,
};

/// FHIR's `document-reference-status`.
const STATUSES: &[(&str, ())] = &[
    ("current", ()),
    ("superseded", ()),
    ("entered-in-error", ()),
];

/// Reads a `DocumentReference`.
pub(super) fn read(from: &Resource<'_>) -> Record {
    let node = &from.node;
    let status = node.text("status");
    node.meaning("status", status, STATUSES);
    let contents = node.nodes("content");
    if contents.len() > 1 {
        node.note("content", "more than one form: the first is kept");
    }
    let first = contents.first().and_then(|it| it.node("attachment"));
    let first = first.as_ref();
    let text = |key| first.and_then(|it| it.text(key)).map(str::to_owned);
    let bytes = first.and_then(bytes);
    let stated = first.and_then(|it| it.decimal("size"));
    let stated = stated.and_then(|it| it.parse().ok());
    let size = bytes.as_ref().map(|it| it.len() as u64).or(stated);
    let title = text("title").or_else(|| node.text("description").map(str::to_owned));
    let code = node.coded("type", TESTS);
    let code = code.or_else(|| node.joined("category", TESTS));
    let shown = title.clone().unwrap_or_else(|| "document".to_owned());
    let superseded = (status == Some("superseded")).then(|| "superseded".to_owned());
    let author = node.first("author");
    let visits = node.node("context").map(|it| it.nodes("encounter"));
    let visit = visits.into_iter().flatten().next();
    let created = first.and_then(|it| it.when("creation"));
    let record = Record::Document(Document {
        entry: from.entry(Written {
            in_error: status == Some("entered-in-error"),
            recorded: node.moment("date"),
            author: author.map(|it| from.name_in(&it)).unwrap_or_default(),
            remark: lines(superseded),
        }),
        code: code.unwrap_or_else(|| Coded::text(shown)),
        title: title.unwrap_or_default(),
        when: node.when("date").or(created),
        media_type: text("contentType").unwrap_or_default(),
        bytes: None,
        size: size.unwrap_or_default(),
        visit: visit.and_then(|it| from.linked(&it, "Encounter")),
    });
    *from.attachment.borrow_mut() = bytes;
    record
}

fn bytes(attachment: &Node<'_>) -> Option<Vec<u8>> {
    if attachment.has("url") && !attachment.has("data") {
        attachment.note("url", "only the address of the document is in the input");
    }
    let text = attachment.raw_text("data")?;
    if text.len() / 4 * 3 > ATTACHMENT_BYTES_MAX {
        attachment.note("data", "longer than 8 MiB: kept in the source only");
        return None;
    }
    let bytes = base64::decode(text);
    if bytes.is_none() {
        attachment.note("data", "not base64");
    }
    bytes
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;
    use crate::exchange::fhir::{
        Taken,
        testing::{problems, taken},
    };

    fn document_json(attachment: Value) -> Value {
        json!({
            "resourceType": "DocumentReference", "id": "d", "status": "superseded",
            "subject": {"reference": "Patient/p"}, "date": "2020-01-02T08:00:00Z",
            "type": {"text": "Discharge letter"}, "description": "From the ward",
            "content": [{"attachment": attachment}],
        })
    }

    fn document(value: &Value) -> (Document, Option<Vec<u8>>) {
        let Taken {
            record, attachment, ..
        } = taken(value);
        let Record::Document(it) = record else {
            panic!()
        };
        (it, attachment)
    }

    #[test]
    fn the_bytes_of_a_document_are_handed_on() {
        let value = document_json(json!({"contentType": "text/plain", "data": "Zm9v"}));
        let (found, bytes) = document(&value);
        assert_eq!(bytes.unwrap(), b"foo");
        assert_eq!((found.size, found.media_type.as_str()), (3, "text/plain"));
        assert_eq!(
            (found.code.text.as_str(), found.title.as_str()),
            ("Discharge letter", "From the ward")
        );
        assert_eq!(found.entry.remark.0, "superseded");
    }

    #[test]
    fn a_document_without_bytes_says_so() {
        let value = document_json(json!({"url": "http://a/b.pdf", "size": 512}));
        assert_eq!(document(&value).0.size, 512);
        let place = "content[0].attachment";
        assert_eq!(
            problems(&value),
            [format!(
                "{place}.url: only the address of the document is in the input"
            )]
        );
        let value = document_json(json!({"data": "%"}));
        assert_eq!(problems(&value), [format!("{place}.data: not base64")]);
    }

    #[test]
    fn a_very_long_document_stays_in_the_source() {
        let long = "A".repeat(ATTACHMENT_BYTES_MAX / 3 * 4 + 8);
        let found = taken(&document_json(json!({ "data": long })));
        assert!(found.attachment.is_none());
        let rules: Vec<_> = found.problems.iter().map(|it| it.rule).collect();
        assert_eq!(rules, ["longer than 8 MiB: kept in the source only"]);
    }
}
