//! A practitioner or organisation: `providers/<id>/<field>` in the clinic's own document.

use super::Schema;
use crate::{
    chart::{Entry, Provider},
    doc::{cells::Cells, fields::Fields, words},
};

impl Schema for Provider {
    fn write(&self, to: &mut Fields) {
        to.word("kind", &words::PROVIDER, self.kind);
        to.text("name", &self.name);
        to.text("phone", &self.phone);
    }

    fn read(entry: Entry, from: &mut Cells<'_>) -> Self {
        Self {
            entry,
            kind: from.word("kind", &words::PROVIDER),
            name: from.text("name"),
            phone: from.text("phone"),
        }
    }
}
