//! A paper, picture or file: `docs/<id>` in the visits. Its bytes are kept elsewhere.

use super::Schema;
use crate::{
    chart::{Document, Entry},
    doc::{cells::Cells, fields::Fields},
};

impl Schema for Document {
    fn write(&self, to: &mut Fields) {
        to.coded("code", &self.code);
        to.text("title", &self.title);
        to.when("when", self.when);
        to.text("media", &self.media_type);
        to.hash("bytes", self.bytes);
        to.number("size", self.size);
        to.id("visit", self.visit);
    }

    fn read(entry: Entry, from: &mut Cells<'_>) -> Self {
        Self {
            entry,
            code: from.coded("code"),
            title: from.text("title"),
            when: from.when("when"),
            media_type: from.text("media"),
            bytes: from.hash("bytes"),
            size: from.number("size"),
            visit: from.id("visit"),
        }
    }
}
