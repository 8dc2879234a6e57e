//! An observation: `obs/<id>` in the visits, or in the results where it is the
//! laboratory's.

use super::Schema;
use crate::{
    chart::{Component, Entry, Observation},
    doc::{cells::Cells, fields::Fields, words},
};

impl Schema for Observation {
    fn write(&self, to: &mut Fields) {
        let component = |it: &Component| {
            let mut item = Fields::default();
            item.coded("c", &it.code);
            item.seen("v", it.value.as_ref());
            item
        };
        to.coded("code", &self.code);
        to.word("cat", &words::OBS_CATEGORY, self.category);
        to.when("when", self.when);
        to.seen("v", self.value.as_ref());
        to.text("absent", &self.absent);
        to.list("comp", self.components.iter().map(component));
        to.text("range", &self.range);
        to.text("flag", &self.flag);
        to.text("method", &self.method);
        to.id("visit", self.visit);
        to.id("order", self.order);
    }

    fn read(entry: Entry, from: &mut Cells<'_>) -> Self {
        Self {
            entry,
            code: from.coded("code"),
            category: from.word("cat", &words::OBS_CATEGORY),
            when: from.when("when"),
            value: from.seen("v"),
            absent: from.text("absent"),
            components: from.list("comp", |it| Component {
                code: it.coded("c"),
                value: it.seen("v"),
            }),
            range: from.text("range"),
            flag: from.text("flag"),
            method: from.text("method"),
            visit: from.id("visit"),
            order: from.id("order"),
        }
    }
}
