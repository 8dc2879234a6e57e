//! A referral: `refs/<id>` in the visits.

use super::Schema;
use crate::{
    chart::{Entry, Referral},
    doc::{cells::Cells, fields::Fields, words},
};

impl Schema for Referral {
    fn write(&self, to: &mut Fields) {
        to.word("kind", &words::WAY, self.way);
        to.id("letter", self.letter);
        to.id("theirs", self.theirs);
        to.text("to", &self.with);
        to.hash("card", self.card);
        to.text("reason", &self.reason);
        to.prose("quest", &self.question);
        to.flag("urg", self.urgent);
        to.word("status", &words::REFERRAL, self.status);
        to.text("reply", &self.reply);
        to.when("when", self.replied);
        to.id("visit", self.visit);
    }

    fn read(entry: Entry, from: &mut Cells<'_>) -> Self {
        Self {
            entry,
            way: from.word("kind", &words::WAY),
            letter: from.id("letter"),
            theirs: from.id("theirs"),
            with: from.text("to"),
            card: from.hash("card"),
            reason: from.text("reason"),
            question: from.text("quest"),
            urgent: from.flag("urg"),
            status: from.word("status", &words::REFERRAL),
            reply: from.text("reply"),
            replied: from.when("when"),
            visit: from.id("visit"),
        }
    }
}
