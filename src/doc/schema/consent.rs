//! A consent: `consents/<id>` in the consents.

use super::Schema;
use crate::{
    chart::{Consent, Entry, SharedPart},
    doc::{
        cells::Cells,
        fields::{Fields, Value},
        packed, words,
    },
    ids::RecordId,
};

/// What the patient decided.
pub(crate) const DECISION: &str = "dec";

impl Schema for Consent {
    fn write(&self, to: &mut Fields) {
        let id = |it: &RecordId| Value::Bytes(it.as_bytes().to_vec());
        let withdrawal = self.withdrawal.as_ref().map(packed::withdrawal);
        to.word(DECISION, &words::DECISION, self.decision);
        to.word("state", &words::CONSENT_STATE, self.state);
        to.text("off", &withdrawal.unwrap_or_default());
        to.text("to", &self.to);
        to.hash("card", self.card);
        to.texts("parts", self.parts.iter().map(SharedPart::word).collect());
        to.day("since", self.shared_from);
        to.day("upto", self.shared_until);
        to.word("purp", &words::PURPOSE, self.purpose);
        to.day("start", self.from);
        to.day("end", self.until);
        to.word("how", &words::HOW, self.how);
        to.text("wit", &self.witness);
        to.values("over", self.over.iter().map(id).collect());
    }

    fn read(entry: Entry, from: &mut Cells<'_>) -> Self {
        let over: Vec<Option<RecordId>> = from.list("over", |it| it.id(""));
        Self {
            entry,
            decision: from.word(DECISION, &words::DECISION),
            state: from.word("state", &words::CONSENT_STATE),
            withdrawal: from.read_text("off", packed::read_withdrawal),
            to: from.text("to"),
            card: from.hash("card"),
            parts: from.list("parts", |it| SharedPart::named(&it.text(""))),
            shared_from: from.day("since"),
            shared_until: from.day("upto"),
            purpose: from.word("purp", &words::PURPOSE),
            from: from.day("start"),
            until: from.day("end"),
            how: from.word("how", &words::HOW),
            witness: from.text("wit"),
            over: over.into_iter().flatten().collect(),
        }
    }
}
