//! A visit: `encs/<id>` in the visits.

use super::Schema;
use crate::{
    chart::{Entry, Visit},
    doc::{cells::Cells, fields::Fields, packed, words},
};

impl Schema for Visit {
    fn write(&self, to: &mut Fields) {
        to.word("class", &words::VISIT_CLASS, self.class);
        to.word("status", &words::VISIT_STATUS, self.status);
        to.when("start", self.start);
        to.when("end", self.end);
        to.coded("reason", &self.reason);
        to.texts("dx", self.diagnoses.iter().map(packed::coded).collect());
        to.text("who", &self.practitioner);
        to.text("place", &self.place);
    }

    fn read(entry: Entry, from: &mut Cells<'_>) -> Self {
        Self {
            entry,
            class: from.word("class", &words::VISIT_CLASS),
            status: from.word("status", &words::VISIT_STATUS),
            start: from.when("start"),
            end: from.when("end"),
            reason: from.coded("reason"),
            diagnoses: from.list("dx", |it| it.coded("")),
            practitioner: from.text("who"),
            place: from.text("place"),
        }
    }
}
