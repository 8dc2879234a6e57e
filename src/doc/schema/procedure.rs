//! A procedure: `procs/<id>` in the summary.

use super::Schema;
use crate::{
    chart::{Entry, Procedure},
    doc::{cells::Cells, fields::Fields},
};

impl Schema for Procedure {
    fn write(&self, to: &mut Fields) {
        to.coded("code", &self.code);
        to.text("status", &self.status);
        to.when("start", self.start);
        to.when("end", self.end);
        to.coded("reason", &self.reason);
        to.prose("outcome", &self.outcome);
        to.id("visit", self.visit);
    }

    fn read(entry: Entry, from: &mut Cells<'_>) -> Self {
        Self {
            entry,
            code: from.coded("code"),
            status: from.text("status"),
            start: from.when("start"),
            end: from.when("end"),
            reason: from.coded("reason"),
            outcome: from.text("outcome"),
            visit: from.id("visit"),
        }
    }
}
