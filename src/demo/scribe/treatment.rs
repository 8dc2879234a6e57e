//! What a clinician does about it: problems, procedures, plans, drugs.

use super::Scribe;
use crate::{
    chart::{
        Clinical, Coded, Document, Edit, MedKind, MedStatus, Medication, Plan, Problem,
        Procedure, Record, System, Verification, Visit,
    },
    demo::story::{Diagnosis, Drug, Story},
    time::When,
};

impl Scribe<'_> {
    /// Problems, procedures, plans and letters.
    pub(super) fn judged(&mut self, visit: &Visit, story: &Story) {
        if let Some(diagnosis) = story.problem {
            self.list_problem(diagnosis, visit);
        }
        if let Some(code) = story.resolves {
            self.resolve(code, visit);
        }
        let start = visit.start;
        if let Some(done) = story.procedure {
            let procedure = Procedure {
                entry: self.entry(),
                code: Coded::text(done),
                status: "completed".to_owned(),
                start,
                end: None,
                reason: story
                    .diagnoses
                    .first()
                    .map(|it| it.coded())
                    .unwrap_or_default(),
                outcome: String::new(),
                visit: Some(visit.entry.id),
            };
            self.add(Record::Procedure(procedure));
        }
        if let Some((title, activities)) = story.plan {
            let plan = Plan {
                entry: self.entry(),
                title: Coded::text(title),
                status: "active".to_owned(),
                start,
                end: None,
                activities: activities.iter().map(|it| Coded::text(*it)).collect(),
                visit: Some(visit.entry.id),
            };
            self.add(Record::Plan(plan));
        }
        if let Some(title) = story.letter {
            let letter = Document {
                entry: self.entry(),
                code: Coded::text("Letter"),
                title: title.to_owned(),
                when: start,
                media_type: "text/plain".to_owned(),
                bytes: None,
                size: 0,
                visit: Some(visit.entry.id),
            };
            self.add(Record::Document(letter));
        }
    }

    fn list_problem(&mut self, diagnosis: Diagnosis, visit: &Visit) {
        let code = diagnosis.coded();
        let listed = |it: &Problem| it.code == code && it.clinical.is_present();
        if self.problems.iter().any(listed) {
            return;
        }
        let problem = Problem {
            entry: self.entry(),
            code,
            clinical: Clinical::Active,
            verification: Verification::Confirmed,
            on_list: true,
            onset: visit.start.map(|it| When::On(it.date())),
            abated: None,
            severity: String::new(),
            site: String::new(),
            visit: Some(visit.entry.id),
        };
        self.problems.push(problem.clone());
        self.add(Record::Problem(problem));
    }

    fn resolve(&mut self, code: &str, visit: &Visit) {
        let mut present = self.problems.iter_mut();
        let found = present
            .find(|it| it.clinical.is_present() && it.code.has(&System::Icd10cm, code));
        let Some(problem) = found else { return };
        let before = problem.clone();
        problem.clinical = Clinical::Resolved;
        problem.abated = visit.start.map(|it| When::On(it.date()));
        let after = problem.clone();
        self.edit([Edit::change(
            Record::Problem(before),
            Record::Problem(after),
        )]);
    }

    /// New drugs, and the end of those that they replace.
    pub(super) fn prescribed(&mut self, visit: &Visit, story: &Story) {
        if let Some((drug, why)) = story.stops {
            self.stop(drug, why, visit);
        }
        for drug in &story.drugs {
            let drug = self.spared(*drug);
            let active = self
                .drugs
                .iter()
                .filter(|it| it.status == MedStatus::Active);
            if drug.days == 0 && active.clone().any(|it| it.code.text == drug.name) {
                continue;
            }
            if drug.days == 0 {
                self.stop(first_word(drug.name), "dose changed", visit);
            }
            let medication = self.medication(drug, visit, story);
            self.drugs.push(medication.clone());
            self.add(Record::Medication(medication));
        }
    }

    /// The drug, or another one for those who must not have it.
    fn spared(&self, drug: Drug) -> Drug {
        let related = drug.name.contains("oxicillin") || drug.name.contains("oxacillin");
        if !(related && self.no_penicillin) {
            return drug;
        }
        Drug {
            name: "Azithromycin 500 mg tablet",
            dose: "1 tablet",
            frequency: "od",
            days: 3,
            quantity: "3 tablet",
        }
    }

    fn medication(&mut self, drug: Drug, visit: &Visit, story: &Story) -> Medication {
        let entry = self.entry();
        let start = entry.recorded.day();
        let end = (drug.days > 0).then(|| start.plus_days(drug.days));
        let is_over = end.is_some_and(|it| it < self.setting.today.day());
        let route = match drug.name {
            name if name.contains("inhaler") => "inhaled",
            name if name.contains("eye") => "eye",
            name if name.contains("lotion") => "skin",
            _ => "oral",
        };
        Medication {
            entry,
            kind: MedKind::Request,
            code: Coded::text(drug.name),
            status: if is_over {
                MedStatus::Completed
            } else {
                MedStatus::Active
            },
            dose: drug.dose.to_owned(),
            route: route.to_owned(),
            frequency: drug.frequency.to_owned(),
            duration: end.map(|_| format!("{}d", drug.days)).unwrap_or_default(),
            as_needed: drug.frequency == "prn",
            start: Some(When::On(start)),
            end: end.map(When::On),
            quantity: drug.quantity.to_owned(),
            reason: story
                .diagnoses
                .first()
                .map(|it| it.coded())
                .unwrap_or_default(),
            instructions: String::new(),
            overridden: String::new(),
            visit: Some(visit.entry.id),
        }
    }

    fn stop(&mut self, drug: &str, why: &str, visit: &Visit) {
        let mut active = self
            .drugs
            .iter_mut()
            .filter(|it| it.status == MedStatus::Active);
        let found = active.find(|it| first_word(&it.code.text) == drug);
        let Some(taken) = found else { return };
        let before = taken.clone();
        taken.status = MedStatus::Stopped;
        taken.end = visit.start.map(|it| When::On(it.date()));
        why.clone_into(&mut taken.instructions);
        let after = taken.clone();
        self.edit([Edit::change(
            Record::Medication(before),
            Record::Medication(after),
        )]);
    }
}

fn first_word(drug: &str) -> &str {
    drug.split(' ').next().unwrap_or(drug)
}
