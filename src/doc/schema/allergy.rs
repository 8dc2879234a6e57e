//! An allergy: `allergies/<id>` in the summary.

use super::Schema;
use crate::{
    chart::{Allergy, Entry, Reaction},
    doc::{cells::Cells, fields::Fields, words},
};

impl Schema for Allergy {
    fn write(&self, to: &mut Fields) {
        let reaction = |it: &Reaction| {
            let mut item = Fields::default();
            item.coded("m", &it.manifestation);
            item.word("sev", &words::SEVERITY, it.severity);
            item
        };
        to.coded("code", &self.code);
        to.word("clin", &words::CLINICAL, self.clinical);
        to.word("ver", &words::VERIFICATION, self.verification);
        to.flag("intol", self.intolerance);
        to.text("cat", &self.category);
        to.word("crit", &words::CRITICALITY, self.criticality);
        to.when("onset", self.onset);
        to.list("react", self.reactions.iter().map(reaction));
    }

    fn read(entry: Entry, from: &mut Cells<'_>) -> Self {
        Self {
            entry,
            code: from.coded("code"),
            clinical: from.word("clin", &words::CLINICAL),
            verification: from.word("ver", &words::VERIFICATION),
            intolerance: from.flag("intol"),
            category: from.text("cat"),
            criticality: from.word("crit", &words::CRITICALITY),
            onset: from.when("onset"),
            reactions: from.list("react", |it| Reaction {
                manifestation: it.coded("m"),
                severity: it.word("sev", &words::SEVERITY),
            }),
        }
    }
}
