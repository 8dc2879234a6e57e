//! A report: `reports/<id>` in the results.

use super::Schema;
use crate::{
    chart::{Entry, Report},
    doc::{
        cells::Cells,
        fields::{Fields, Value},
    },
    ids::RecordId,
};

impl Schema for Report {
    fn write(&self, to: &mut Fields) {
        let id = |it: &RecordId| Value::Bytes(it.as_bytes().to_vec());
        to.coded("code", &self.code);
        to.text("status", &self.status);
        to.when("when", self.when);
        to.when("issued", self.issued);
        to.values("obs", self.observations.iter().map(id).collect());
        to.prose("concl", &self.conclusion);
        to.id("visit", self.visit);
    }

    fn read(entry: Entry, from: &mut Cells<'_>) -> Self {
        let observations = from.list("obs", |it| it.id(""));
        Self {
            entry,
            code: from.coded("code"),
            status: from.text("status"),
            when: from.when("when"),
            issued: from.when("issued"),
            observations: observations.into_iter().flatten().collect(),
            conclusion: from.text("concl"),
            visit: from.id("visit"),
        }
    }
}
