//! A problem: `problems/<id>` in the summary.

use super::Schema;
use crate::{
    chart::{Entry, Problem},
    doc::{cells::Cells, fields::Fields, words},
};

impl Schema for Problem {
    fn write(&self, to: &mut Fields) {
        to.coded("code", &self.code);
        to.word("clin", &words::CLINICAL, self.clinical);
        to.word("ver", &words::VERIFICATION, self.verification);
        to.flag("list", self.on_list);
        to.when("onset", self.onset);
        to.when("abated", self.abated);
        to.text("sev", &self.severity);
        to.text("site", &self.site);
        to.id("visit", self.visit);
    }

    fn read(entry: Entry, from: &mut Cells<'_>) -> Self {
        Self {
            entry,
            code: from.coded("code"),
            clinical: from.word("clin", &words::CLINICAL),
            verification: from.word("ver", &words::VERIFICATION),
            on_list: from.flag("list"),
            onset: from.when("onset"),
            abated: from.when("abated"),
            severity: from.text("sev"),
            site: from.text("site"),
            visit: from.id("visit"),
        }
    }
}
