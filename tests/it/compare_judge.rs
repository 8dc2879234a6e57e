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
            | Asked::WaitAgain { request, .. }
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

/// The newest fact that was asked to be settled: what was seen, and what is right.
fn settles(stage: &Stage) -> (Vec<Hash>, Choice) {
    stage.newest(|effect| {
        if let Effect::Versions(Asked::Settle { fact, choice, .. }) = effect {
            Some((fact.changes.clone(), choice.clone()))
        } else {
            None
        }
    })
}

#[test]
fn what_was_adopted_is_taken_back_by_u_and_what_was_rejected_is_adopted_after_all() {
    // A value: what counted before stands there again.
    let mut stage = comparing(vec![doubted()]);
    stage.keys("a");
    decided(&mut stage, "active");
    shows(&stage, "u undoes");
    stage.keys("u");
    assert!(settles(&stage) == (vec![hash(9)], Choice::Keep(hash(5))));
    settled(&mut stage, 10, "stopped");
    shows(&stage, "Set back: stopped.");
    stage.keys("a");
    assert!(settles(&stage) == (vec![hash(10)], Choice::Keep(hash(1))));
    decided(&mut stage, "active");
    shows(&stage, "Adopted: it counts from now on.");
    // Rejected, the chart shows what it showed.
    let mut stage = comparing(vec![doubted()]);
    stage.keys("r");
    decided(&mut stage, "stopped");
    let asked = stage.asked.len();
    stage.keys("ur");
    assert_eq!(stage.asked.len(), asked);
    stage.keys("a");
    assert!(settles(&stage) == (vec![hash(9)], Choice::Keep(hash(1))));
}

#[test]
fn a_record_that_was_judged_waits_again_by_u() {
    for letter in ["a", "r"] {
        let mut stage = comparing(vec![entry()]);
        stage.keys(letter);
        decided(&mut stage, "");
        shows(&stage, "u undoes");
        stage.keys("u");
        let waits = stage.newest(|effect| {
            if let Effect::Versions(Asked::WaitAgain { unconfirmed, .. }) = effect {
                Some((**unconfirmed).clone())
            } else {
                None
            }
        });
        assert!(waits == unconfirmed(&entry(), ""));
        decided(&mut stage, "");
        shows(&stage, "Taken back: it waits to be decided again.");
        let asked = stage.asked.len();
        stage.keys("a");
        assert_eq!(stage.asked.len(), asked + 1);
    }
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
