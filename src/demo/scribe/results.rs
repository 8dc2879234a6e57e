//! What the laboratory and the X-ray find.

use super::{Scribe, quantity};
use crate::{
    chart::{Coded, ObsCategory, Observation, Record, Report, Value, Visit},
    demo::story::{Story, Test},
    ids::RecordId,
    time::When,
};

impl Scribe<'_> {
    pub(super) fn results(&mut self, visit: &Visit, story: &Story) {
        let mut observations = Vec::new();
        for test in &story.tests {
            let result = self.result(test, visit);
            observations.push(result.entry.id);
            self.add(Record::Observation(result));
        }
        let Some((pictured, shows)) = story.image else {
            if story.tests.len() > 1 {
                self.report("Laboratory", "", observations, visit);
            }
            return;
        };
        self.report(pictured, shows, observations, visit);
    }

    fn result(&mut self, test: &Test, visit: &Visit) -> Observation {
        let kind = &test.kind;
        let value = match kind.3 {
            "" => Value::Text(test.value.clone()),
            unit => quantity(test.value.clone(), unit),
        };
        Observation {
            category: ObsCategory::Laboratory,
            value: Some(value),
            range: kind.4.to_owned(),
            flag: test.flag.to_owned(),
            ..self.observed(kind.coded(), Some(visit))
        }
    }

    fn report(
        &mut self,
        what: &str,
        conclusion: &str,
        observations: Vec<RecordId>,
        visit: &Visit,
    ) {
        let entry = self.entry();
        let now = Some(When::At(entry.recorded));
        let report = Report {
            entry,
            code: Coded::text(what),
            status: "final".to_owned(),
            when: now,
            issued: now,
            observations,
            conclusion: conclusion.to_owned(),
            visit: Some(visit.entry.id),
        };
        self.add(Record::Report(report));
    }
}
