//! Unconscious, nobody with the role is there: the sealed words open what is needed for an
//! hour, and every owner hears of it wherever they sit.

use std::sync::Arc;

use cairn::{
    chart::{Edit, Subject, who::Role},
    clinic::{AuditAction, Clinic, Error, GLASS_MS},
};

use super::{Three, okot};
use crate::{
    clinic::{PASSPHRASE, amoxicillin, penicillin},
    devices::joined,
    meeting::in_step,
};

const SEALED: &str = "six sealed words for the worst night";
const WHY: &str = "not conscious, brought by neighbours";

fn open_uses(clinic: &Arc<Clinic>) -> Vec<(String, String)> {
    let mut owner = okot(clinic);
    let open = owner.glass_uses(true).unwrap();
    let told = open.iter().map(|it| (it.name(), it.why.clone()));
    let told = told.collect();
    owner.sign_out().unwrap();
    told
}

#[test]
fn break_glass() {
    let three = Three::new();
    let patient = three.patient;
    three.save(0, |session| Edit::add(penicillin(session)));
    let mut owner = okot(&three.machines[0]);
    let user = owner.add_user("envelope", Role::Emergency, SEALED).unwrap();
    let amoxicillin = amoxicillin(&mut owner);
    let edit = vec![Edit::add(amoxicillin)];
    owner.save(Subject::Patient(patient), edit).unwrap();
    owner.sign_out().unwrap();
    three.meet();
    // The words open any machine that somebody of the clinic worked at since.
    let triage = &three.machines[1];
    okot(triage).sign_out().unwrap();

    // The cable is out, and at night nobody is here.
    let mut night = triage.sign_in(user, SEALED).unwrap();
    let found = night.find("okello", 5).unwrap();
    assert_eq!(found[0].patient, patient);
    assert!(matches!(night.open(patient), Err(Error::Denied(_))));
    let view = night.emergency(patient, WHY).unwrap();
    assert_eq!((view.allergies.len(), view.drugs.len()), (1, 1));
    let left = night.glass_until(patient).unwrap();
    let left = left.ms_since(night.moment().at);
    assert!((0..=GLASS_MS).contains(&left), "{left} ms");
    night.sign_out().unwrap();

    for at in [0, 2] {
        assert_eq!(open_uses(&three.machines[at]), []);
    }
    three.meet();
    let open = open_uses(&three.machines[0]);
    assert_eq!(open.len(), 1);
    assert_eq!(open[0].1, WHY);
    for clinic in &three.machines {
        assert_eq!(open_uses(clinic), open);
        let mut owner = okot(clinic);
        assert_eq!(owner.words_used().unwrap()[0].user, user);
        let told = owner.disclosures(patient).unwrap();
        assert_eq!(told.problems, Vec::<String>::new());
        let told: Vec<AuditAction> = told.entries.iter().map(|it| it.action).collect();
        assert_eq!(told, [AuditAction::BreakGlass]);
        owner.sign_out().unwrap();
    }

    // One owner looks at it, on one machine: it is off the list on all.
    let mut owner = okot(&three.machines[2]);
    let it = owner.glass_uses(true).unwrap().remove(0);
    owner.review(it.session, it.seq).unwrap();
    owner.sign_out().unwrap();
    three.meet();
    for clinic in &three.machines {
        assert_eq!(open_uses(clinic), []);
    }
    // Also on one that joins later.
    let mut owner = okot(&three.machines[0]);
    let (_folder, new) = joined(&mut owner, 7);
    owner.sign_out().unwrap();
    in_step(&three.machines[0], &new);
    assert_eq!(open_uses(&new), []);
    let mut owner = okot(&new);
    assert_eq!(owner.glass_uses(false).unwrap().len(), 1);
    assert_ne!(PASSPHRASE, SEALED);
}
