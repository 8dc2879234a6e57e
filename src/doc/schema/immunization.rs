//! A vaccine: `imms/<id>` in the summary.

use super::Schema;
use crate::{
    chart::{Entry, Immunization},
    doc::{cells::Cells, fields::Fields},
};

impl Schema for Immunization {
    fn write(&self, to: &mut Fields) {
        to.coded("code", &self.vaccine);
        to.when("date", self.date);
        to.text("lot", &self.lot);
        to.text("maker", &self.maker);
        to.text("exp", &self.expiry);
        to.text("site", &self.site);
        to.text("route", &self.route);
        to.text("dose", &self.dose_number);
        to.text("not", &self.not_done);
        to.text("react", &self.reaction);
        to.id("visit", self.visit);
    }

    fn read(entry: Entry, from: &mut Cells<'_>) -> Self {
        Self {
            entry,
            vaccine: from.coded("code"),
            date: from.when("date"),
            lot: from.text("lot"),
            maker: from.text("maker"),
            expiry: from.text("exp"),
            site: from.text("site"),
            route: from.text("route"),
            dose_number: from.text("dose"),
            not_done: from.text("not"),
            reaction: from.text("react"),
            visit: from.id("visit"),
        }
    }
}
