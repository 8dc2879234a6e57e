//! Reads one resource as the tests of this module need it.

use std::ops::ControlFlow;

use serde_json::Value;

use super::{Item, Problem, Setting, Stamp, Survey, Taken, read, resource::Why};
use crate::{
    chart::Record,
    ids::{ImportId, LogId, PatientId, UserId},
};

/// Stands in for the derivation that the caller brings: other parts, other bytes.
pub(super) fn name(source: &str, kind: &str, id: &str) -> [u8; 16] {
    let mut bytes = [0; 16];
    let text = format!("{source}\0{kind}\0{id}");
    let mut state = 0xcbf2_9ce4_8422_2325_u64;
    for (at, byte) in text.bytes().chain(0..16).enumerate() {
        state = (state ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
        bytes[at % 16] ^= state.to_be_bytes()[3];
    }
    bytes
}

/// What reading needs from outside, in tests.
pub(super) fn setting(known_patient: &dyn Fn(PatientId) -> bool) -> Setting<'_> {
    Setting {
        name: &name,
        known_patient,
        stamp: Stamp {
            recorded: "2026-01-01T00:00:00Z".parse().unwrap(),
            by: UserId::ZERO,
            machine: LogId::ZERO,
            import: ImportId::ZERO,
        },
    }
}

/// All items of an input, read without a known patient.
pub(super) fn items(survey: &mut Survey, text: &str) -> Vec<Item> {
    items_with(survey, text, &|_| false)
}

/// All items of an input.
pub(super) fn items_with(
    survey: &mut Survey,
    text: &str,
    known_patient: &dyn Fn(PatientId) -> bool,
) -> Vec<Item> {
    let file = survey.take_in("test.json", text.as_bytes(), &name).unwrap();
    let setting = setting(known_patient);
    let mut items = Vec::new();
    let ended = read(text.as_bytes(), file, survey, &setting, &mut |item| {
        items.push(item);
        ControlFlow::Continue(())
    });
    assert!(ended.unwrap().is_continue());
    items
}

fn last(value: &Value) -> Item {
    let text = format!("{{\"resourceType\":\"Patient\",\"id\":\"p\"}}\n{value}");
    items(&mut Survey::new(None), &text).pop().unwrap()
}

#[track_caller]
pub(super) fn taken(value: &Value) -> Taken {
    match last(value) {
        Item::Taken(it) => *it,
        Item::Named(_) | Item::Skipped(_) => panic!("{:?}", last(value)),
    }
}

/// The record that a resource of the patient `p` becomes.
#[track_caller]
pub(super) fn record(value: &Value) -> Record {
    taken(value).record
}

/// What was noted about it, as `path: rule`.
#[track_caller]
pub(super) fn problems(value: &Value) -> Vec<String> {
    let problems = taken(value).problems.into_iter();
    let said = |it: Problem| {
        let path = it.place.strip_prefix("line 2.").unwrap().to_owned();
        format!("{path}: {}", it.rule)
    };
    problems.map(said).collect()
}

/// Why it is skipped.
#[track_caller]
pub(super) fn skipped(value: &Value) -> Why {
    match last(value) {
        Item::Skipped(it) => it.why,
        Item::Named(_) | Item::Taken(_) => panic!("{:?}", last(value)),
    }
}
