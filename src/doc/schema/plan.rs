//! A plan of care: `plans/<id>` in the summary.

use super::Schema;
use crate::{
    chart::{Entry, Plan},
    doc::{cells::Cells, fields::Fields, packed},
};

impl Schema for Plan {
    fn write(&self, to: &mut Fields) {
        to.coded("code", &self.title);
        to.text("status", &self.status);
        to.when("start", self.start);
        to.when("end", self.end);
        to.texts("act", self.activities.iter().map(packed::coded).collect());
        to.id("visit", self.visit);
    }

    fn read(entry: Entry, from: &mut Cells<'_>) -> Self {
        Self {
            entry,
            title: from.coded("code"),
            status: from.text("status"),
            start: from.when("start"),
            end: from.when("end"),
            activities: from.list("act", |it| it.coded("")),
            visit: from.id("visit"),
        }
    }
}
