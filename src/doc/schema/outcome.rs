//! What was decided about a proposal: `outcomes/<id>` in a provider's inbox.

use super::Schema;
use crate::{
    chart::{Entry, Outcome},
    doc::{
        cells::Cells,
        fields::{Fields, Value},
        words,
    },
    ids::RecordId,
};

impl Schema for Outcome {
    fn write(&self, to: &mut Fields) {
        let id = |it: &RecordId| Value::Bytes(it.as_bytes().to_vec());
        to.id("prop", Some(self.proposal));
        to.word("done", &words::DECIDED, self.decided);
        to.text("why", &self.why);
        to.values("made", self.made.iter().map(id).collect());
        to.values("over", self.over.iter().map(id).collect());
    }

    fn read(entry: Entry, from: &mut Cells<'_>) -> Self {
        let made: Vec<Option<RecordId>> = from.list("made", |it| it.id(""));
        let over: Vec<Option<RecordId>> = from.list("over", |it| it.id(""));
        Self {
            entry,
            proposal: from.id("prop").unwrap_or(RecordId::ZERO),
            decided: from.word("done", &words::DECIDED),
            why: from.text("why"),
            made: made.into_iter().flatten().collect(),
            over: over.into_iter().flatten().collect(),
        }
    }
}
