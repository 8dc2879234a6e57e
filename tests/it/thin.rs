//! Changes as they stand in payloads: whole ones come back byte by byte, and whatever else
//! comes is refused.

use std::collections::BTreeMap;

use cairn::{
    chart::{Edit, Part},
    demo::{Demo, Staff},
    doc::{Around, Doc, Stamp, prescan, thin, whole},
    ids::{LogId, UserId},
    time::{Moment, Timestamp},
};
use proptest::prelude::*;

/// What was written of some invented people, and what the envelopes say of it.
fn changes() -> Vec<(Vec<u8>, Around)> {
    let today = Moment {
        at: Timestamp(1_772_323_200_000),
        offset_minutes: 180,
    };
    let mut staff = Staff::invented();
    staff.machine = LogId::from_bytes([7; 16]);
    let mut changes = Vec::new();
    for patient in Demo::new(5, 12, today).written_by(staff) {
        let mut docs: BTreeMap<Part, Doc> = BTreeMap::new();
        for (number, step) in (0_u8..).zip(patient.steps) {
            let mut parts: BTreeMap<Part, Vec<Edit>> = BTreeMap::new();
            for edit in step.edits {
                parts.entry(edit.part()).or_default().push(edit);
            }
            for (part, edits) in parts {
                let doc = docs.entry(part).or_insert_with(|| Doc::new(part));
                let actor = [number; 16];
                let at = step.at.at;
                if let Some(change) = doc.write(&edits, Stamp { actor, at }).unwrap() {
                    let around = Around {
                        actor,
                        user: staff.users[step.who],
                        log: staff.machine,
                        wall: step.at,
                    };
                    changes.push((change, around));
                }
            }
        }
    }
    changes
}

#[test]
fn a_change_comes_back_byte_by_byte_and_takes_half_the_room() {
    let (mut before, mut after) = (0, 0);
    for (change, around) in changes() {
        let body = thin(&change, &around);
        assert_eq!(whole(&body, &around).as_deref(), Ok(change.as_slice()));
        assert_ne!(body, change, "it is told as automerge tells it");
        before += change.len();
        after += body.len();
    }
    assert!(after * 2 < before, "{after} of {before} bytes");
}

#[test]
fn a_change_of_another_session_or_log_does_not_come_back_as_this_ones() {
    let mut refused = 0;
    for (change, around) in changes().into_iter().take(40) {
        let body = thin(&change, &around);
        let actor = [99; 16];
        assert!(whole(&body, &Around { actor, ..around }).is_err());
        let others = [
            Around {
                log: LogId::ZERO,
                ..around
            },
            Around {
                user: UserId::ZERO,
                ..around
            },
        ];
        for other in others {
            match whole(&body, &other) {
                // It tells of no record that was made here.
                Ok(read) => assert_eq!(read, change),
                Err(_) => refused += 1,
            }
        }
    }
    assert!(refused > 40, "{refused}");
}

#[test]
fn what_no_session_of_its_own_wrote_stands_as_automerge_tells_it() {
    let (change, around) = changes().swap_remove(0);
    let other = Around {
        actor: [99; 16],
        ..around
    };
    assert_eq!(thin(&change, &other), change);
    assert_eq!(whole(&change, &other), Ok(change));
}

proptest! {
    #[test]
    fn any_bytes_are_a_change_or_a_refusal(
        of in any::<prop::sample::Index>(),
        turns in proptest::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 0..8),
        cut in any::<prop::sample::Index>(),
    ) {
        thread_local! {
            static CHANGES: Vec<(Vec<u8>, Around)> = changes();
        }
        let (change, around) = CHANGES.with(|all| of.get(all).clone());
        let mut body = thin(&change, &around);
        body.truncate(cut.index(body.len() * 4).max(1));
        for (at, byte) in turns {
            let at = at.index(body.len());
            body[at] = byte;
        }
        if let Ok(read) = whole(&body, &around) {
            drop(prescan(&read));
        }
    }
}
