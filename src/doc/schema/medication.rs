//! A drug: `meds/<id>` in the summary.

use super::Schema;
use crate::{
    chart::{Entry, Medication},
    doc::{cells::Cells, fields::Fields, words},
};

impl Schema for Medication {
    fn write(&self, to: &mut Fields) {
        to.word("kind", &words::MED_KIND, self.kind);
        to.coded("code", &self.code);
        to.word("status", &words::MED_STATUS, self.status);
        to.text("dose", &self.dose);
        to.text("route", &self.route);
        to.text("freq", &self.frequency);
        to.text("dur", &self.duration);
        to.flag("prn", self.as_needed);
        to.when("start", self.start);
        to.when("end", self.end);
        to.text("qty", &self.quantity);
        to.coded("reason", &self.reason);
        to.prose("instr", &self.instructions);
        to.text("over", &self.overridden);
        to.id("visit", self.visit);
    }

    fn read(entry: Entry, from: &mut Cells<'_>) -> Self {
        Self {
            entry,
            kind: from.word("kind", &words::MED_KIND),
            code: from.coded("code"),
            status: from.word("status", &words::MED_STATUS),
            dose: from.text("dose"),
            route: from.text("route"),
            frequency: from.text("freq"),
            duration: from.text("dur"),
            as_needed: from.flag("prn"),
            start: from.when("start"),
            end: from.when("end"),
            quantity: from.text("qty"),
            reason: from.coded("reason"),
            instructions: from.text("instr"),
            overridden: from.text("over"),
            visit: from.id("visit"),
        }
    }
}
