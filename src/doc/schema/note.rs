//! A note: `notes/<id>` in the visits. The text of a section is free text.

use super::Schema;
use crate::{
    chart::{Entry, Note, Section},
    doc::{cells::Cells, fields::Fields, packed},
};

/// The field of a note's signature.
pub(crate) const SIGNED: &str = "sign";
/// The list of its sections, and the name under which a later text is a version of the
/// signed one.
pub(crate) const SECTIONS: &str = "sec";

impl Schema for Note {
    fn write(&self, to: &mut Fields) {
        let section = |it: &Section| {
            let mut item = Fields::default();
            item.text("n", &it.name);
            item.open_prose("t", &it.text);
            item
        };
        to.id("visit", self.visit);
        to.text("title", &self.title);
        to.list(SECTIONS, self.sections.iter().map(section));
        to.texts("phr", self.phrases.clone());
        let signed = self.signed.as_ref().map(packed::signature);
        to.bytes(SIGNED, signed.unwrap_or_default());
        to.id("adds", self.adds_to);
        let attested = self.attested.as_ref().map(packed::attested);
        to.text("att", &attested.unwrap_or_default());
    }

    fn read(entry: Entry, from: &mut Cells<'_>) -> Self {
        Self {
            entry,
            visit: from.id("visit"),
            title: from.text("title"),
            sections: from.list(SECTIONS, |it| Section {
                name: it.text("n"),
                text: it.text("t"),
            }),
            phrases: from.list("phr", |it| it.text("")),
            signed: from.read_bytes(SIGNED, packed::read_signature),
            adds_to: from.id("adds"),
            attested: from.read_text("att", packed::read_attested),
        }
    }
}
