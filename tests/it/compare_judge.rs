//! What waits in the list to compare besides two versions: what was written by somebody who
//! had been removed, and telephone numbers of which both can be kept.

use cairn::{
    app::Effect,
    app::versions::{Effect as Asked, Fact},
    chart::{Choice, Unconfirmed, who::Role},
    ids::Hash,
    say::Lang,
};
use insta::assert_snapshot;

use crate::{
    compare::{apart, hash, opened, phone, settled, shows, stopped, told},
    stage::{Stage, rows},
};

/// The drug went on, written by a machine that had been removed.
fn doubted() -> Fact {
    let mut fact = stopped(apart().patient);
    fact.values.remove(1);
    "active".clone_into(&mut fact.values[0].value);
    fact.before = Some("stopped".to_owned());
    fact.unconfirmed = Some(Box::new(unconfirmed(&fact, "status")));
    fact
}

/// A whole entry of such a machine.
fn entry() -> Fact {
    let mut fact = doubted();
    fact.field.clear();
    fact.values[0].value.clear();
    fact.before = None;
    fact.unconfirmed = Some(Box::new(unconfirmed(&fact, "")));
    fact
}

fn unconfirmed(fact: &Fact, field: &str) -> Unconfirmed {
    Unconfirmed {
        kind: fact.kind,
        record: fact.record,
        field: field.to_owned(),
        value: fact.values[0].value.clone(),
        counts: fact.before.clone(),
        counting: Some(hash(5)),
        by: None,
        machine: None,
        at: fact.values[0].at.at,
        change: hash(1),
    }
}

fn judged(stage: &Stage) -> (Unconfirmed, bool) {
    stage.newest(|effect| {
        if let Effect::Versions(Asked::Judge {
            unconfirmed, adopt, ..
        }) = effect
        {
            Some(((**unconfirmed).clone(), *adopt))
        } else {
            None
        }
    })
}

/// The newest wish to decide answered.
fn decided(stage: &mut Stage, value: &str) {
    let request = stage.newest(|effect| {
        if let Effect::Versions(
            Asked::Judge { request, .. }
            | Asked::KeepBoth { request, .. }
            | Asked::Settle { request, .. },
        ) = effect
        {
            Some(*request)
        } else {
            None
        }
    });
    let done = cairn::app::versions::Settled {
        change: hash(9),
        value: value.to_owned(),
        chart: None,
    };
    let result = Ok(Box::new(done));
    let answer = cairn::app::versions::Answer::Settled { request, result };
    stage.send(cairn::app::Msg::Versions(answer));
}

fn comparing(facts: Vec<Fact>) -> Stage {
    let mut stage = opened(Lang::English, Role::Owner);
    stage.keys("r");
    told(&mut stage, facts);
    stage
}

#[test]
fn what_does_not_count_stands_in_the_list_and_is_adopted_there() {
    let mut stage = opened(Lang::English, Role::Owner);
    stage.keys("8r");
    told(
        &mut stage,
        vec![doubted(), entry(), phone(rows()[1].patient)],
    );
    shows(&stage, "To compare (3)");
    assert_snapshot!("to-compare-unconfirmed", stage.picture());
    let mut stage = comparing(vec![doubted(), entry()]);
    assert_snapshot!("compare-unconfirmed", stage.picture());
    // Nothing else is written there.
    let asked = stage.asked.len();
    stage.keys("be");
    assert_eq!(stage.asked.len(), asked);
    stage.keys("a");
    assert!(judged(&stage) == (unconfirmed(&doubted(), "status"), true));
    decided(&mut stage, "active");
    shows(&stage, "Adopted: it counts from now on.");
    // Once is enough.
    let asked = stage.asked.len();
    stage.keys("ar");
    assert_eq!(stage.asked.len(), asked);
    stage.keys("nr");
    assert!(judged(&stage) == (unconfirmed(&entry(), ""), false));
    decided(&mut stage, "");
    shows(&stage, "Rejected: what stood there before counts.");
}

#[test]
fn who_may_not_decide_adopts_nothing() {
    let mut fact = doubted();
    fact.may_settle = false;
    let mut stage = comparing(vec![fact]);
    let asked = stage.asked.len();
    stage.keys("ar");
    assert_eq!(stage.asked.len(), asked);
    shows(&stage, "A clinician will decide.");
}

#[test]
fn both_numbers_are_kept_by_one_letter_and_the_second_is_taken_back_by_u() {
    let patient = apart().patient;
    let mut both = phone(patient);
    both.may_keep_both = true;
    let mut stage = comparing(vec![both]);
    shows(&stage, "k keep both");
    stage.keys("k");
    let seen: Vec<Hash> = stage.newest(|effect| {
        if let Effect::Versions(Asked::KeepBoth { fact, .. }) = effect {
            Some(fact.changes.clone())
        } else {
            None
        }
    });
    assert_eq!(seen, [hash(3), hash(4)]);
    decided(&mut stage, "0772 999 000");
    shows(&stage, "Kept both: 0772 999 000 is the first.");
    stage.keys("u");
    let undo = stage.newest(|effect| {
        if let Effect::Versions(Asked::Settle { fact, choice, .. }) = effect {
            Some((fact.field.clone(), choice.clone()))
        } else {
            None
        }
    });
    assert!(undo == ("phone2".to_owned(), Choice::Write(String::new())));
    settled(&mut stage, 10, "");
    shows(&stage, "Taken back. The chart shows: 0772 999 000");
    // Where there is no room for a second one, nothing offers it.
    let mut stage = comparing(vec![phone(patient)]);
    let asked = stage.asked.len();
    stage.keys("k");
    assert_eq!(stage.asked.len(), asked);
}
