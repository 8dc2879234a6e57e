//! Who may do what: every role, action, standing, session and set of keys.

use std::collections::BTreeSet;

use cairn::{
    chart::{
        Category,
        who::{Action, Before, Compartment, Denial, Ground, Role},
    },
    members::{Acting, Standing, authorize},
};

/// What each role may do while it is in good standing, its session runs and all keys are at
/// hand: `x` allowed, `-` denied. The columns are the roles in the order of `Role::ALL`:
/// owner, clinician, nurse, laboratory and pharmacy, front desk, auditor, hub, emergency.
const TABLE: [(Action, &str); 20] = [
    (Action::ReadIdentity, "x x x x x - x x"),
    (Action::WriteIdentity, "x x x x x - - -"),
    (Action::ReadClinical, "x x x x - - x -"),
    (Action::ReadEmergency, "x x x x - - - x"),
    (Action::ReadNote, "x x x - - - - -"),
    (Action::RecordObservation, "x x x x - - - -"),
    (Action::WriteNote, "x x x - - - - -"),
    (Action::WriteProblem, "x x x x - - - -"),
    (Action::WriteAllergy, "x x x x - - - -"),
    (Action::Prescribe, "x x - - - - - -"),
    (Action::Immunize, "x x x x - - - -"),
    (Action::EnterResult, "x x x x - - - -"),
    (Action::Import, "x x x - - - x -"),
    (Action::Export, "x x - - - - - -"),
    (Action::ReadAudit, "x - - - - x - -"),
    (Action::Administer, "x - - - - - - -"),
    (Action::Verify, "x x x x x - x -"),
    (Action::Share, "x x - - - - - -"),
    (Action::ReadConsent, "x x x - - - - -"),
    (Action::WriteConsent, "x x x - - - - -"),
];

/// What each role may do in a patient's chart on each ground: none, the patient is in care,
/// a reason was given. The columns are the roles as above.
const GROUNDS: [(Action, &str); 20] = [
    (Action::ReadIdentity, "xxx xxx xxx xxx xxx --- xxx ---"),
    (Action::WriteIdentity, "xxx xxx xxx xxx xxx --- --- ---"),
    (Action::ReadClinical, "xxx -xx xxx xxx --- --- xxx ---"),
    (Action::ReadEmergency, "--x --x --x --x --- --- --- --x"),
    (Action::ReadNote, "xxx -xx xxx --- --- --- --- ---"),
    (Action::RecordObservation, "xxx -xx xxx xxx --- --- --- ---"),
    (Action::WriteNote, "xxx -xx xxx --- --- --- --- ---"),
    (Action::WriteProblem, "xxx -xx xxx xxx --- --- --- ---"),
    (Action::WriteAllergy, "xxx -xx xxx xxx --- --- --- ---"),
    (Action::Prescribe, "xxx -xx --- --- --- --- --- ---"),
    (Action::Immunize, "xxx -xx xxx xxx --- --- --- ---"),
    (Action::EnterResult, "xxx -xx xxx xxx --- --- --- ---"),
    (Action::Import, "xxx -xx xxx --- --- --- xxx ---"),
    (Action::Export, "xxx -xx --- --- --- --- --- ---"),
    (Action::ReadAudit, "xxx --- --- --- --- xxx --- ---"),
    (Action::Administer, "xxx --- --- --- --- --- --- ---"),
    (Action::Verify, "xxx xxx xxx xxx xxx --- xxx ---"),
    (Action::Share, "xxx -xx --- --- --- --- --- ---"),
    (Action::ReadConsent, "xxx -xx xxx --- --- --- --- ---"),
    (Action::WriteConsent, "xxx -xx xxx --- --- --- --- ---"),
];

/// What each role may do with what is closed under a category, on each ground as above, when
/// named for it and when not: `x` allowed, `-` a reason is asked, `k` the key is not held, `n`
/// it is never closed, `r` the role does not include it.
const CLOSED: [(Action, &str); 20] = [
    (
        Action::ReadIdentity,
        "nnn/nnn nnn/nnn nnn/nnn nnn/nnn nnn/nnn rrr/rrr nnn/nnn nnn/nnn",
    ),
    (
        Action::WriteIdentity,
        "nnn/nnn nnn/nnn nnn/nnn nnn/nnn nnn/nnn rrr/rrr rrr/rrr rrr/rrr",
    ),
    (
        Action::ReadClinical,
        "xxx/kkk -xx/kkk rrr/rrr rrr/rrr rrr/rrr rrr/rrr rrr/rrr rrr/rrr",
    ),
    (
        Action::ReadEmergency,
        "nnn/nnn nnn/nnn nnn/nnn nnn/nnn rrr/rrr rrr/rrr rrr/rrr nnn/nnn",
    ),
    (
        Action::ReadNote,
        "xxx/kkk -xx/kkk rrr/rrr rrr/rrr rrr/rrr rrr/rrr rrr/rrr rrr/rrr",
    ),
    (
        Action::RecordObservation,
        "xxx/kkk -xx/kkk rrr/rrr rrr/rrr rrr/rrr rrr/rrr rrr/rrr rrr/rrr",
    ),
    (
        Action::WriteNote,
        "xxx/kkk -xx/kkk rrr/rrr rrr/rrr rrr/rrr rrr/rrr rrr/rrr rrr/rrr",
    ),
    (
        Action::WriteProblem,
        "xxx/kkk -xx/kkk rrr/rrr rrr/rrr rrr/rrr rrr/rrr rrr/rrr rrr/rrr",
    ),
    (
        Action::WriteAllergy,
        "nnn/nnn nnn/nnn nnn/nnn nnn/nnn rrr/rrr rrr/rrr rrr/rrr rrr/rrr",
    ),
    (
        Action::Prescribe,
        "xxx/kkk -xx/kkk rrr/rrr rrr/rrr rrr/rrr rrr/rrr rrr/rrr rrr/rrr",
    ),
    (
        Action::Immunize,
        "xxx/kkk -xx/kkk rrr/rrr rrr/rrr rrr/rrr rrr/rrr rrr/rrr rrr/rrr",
    ),
    (
        Action::EnterResult,
        "xxx/kkk -xx/kkk rrr/rrr rrr/rrr rrr/rrr rrr/rrr rrr/rrr rrr/rrr",
    ),
    (
        Action::Import,
        "nnn/nnn nnn/nnn nnn/nnn rrr/rrr rrr/rrr rrr/rrr nnn/nnn rrr/rrr",
    ),
    (
        Action::Export,
        "xxx/kkk -xx/kkk rrr/rrr rrr/rrr rrr/rrr rrr/rrr rrr/rrr rrr/rrr",
    ),
    (
        Action::ReadAudit,
        "nnn/nnn rrr/rrr rrr/rrr rrr/rrr rrr/rrr nnn/nnn rrr/rrr rrr/rrr",
    ),
    (
        Action::Administer,
        "nnn/nnn rrr/rrr rrr/rrr rrr/rrr rrr/rrr rrr/rrr rrr/rrr rrr/rrr",
    ),
    (
        Action::Verify,
        "nnn/nnn nnn/nnn nnn/nnn nnn/nnn nnn/nnn rrr/rrr nnn/nnn rrr/rrr",
    ),
    (
        Action::Share,
        "xxx/kkk -xx/kkk rrr/rrr rrr/rrr rrr/rrr rrr/rrr rrr/rrr rrr/rrr",
    ),
    (
        Action::ReadConsent,
        "nnn/nnn nnn/nnn nnn/nnn rrr/rrr rrr/rrr rrr/rrr rrr/rrr rrr/rrr",
    ),
    (
        Action::WriteConsent,
        "nnn/nnn nnn/nnn nnn/nnn rrr/rrr rrr/rrr rrr/rrr rrr/rrr rrr/rrr",
    ),
];

/// The compartments whose keys an action takes: front, clinical, audit.
const KEYS: [(Action, &str); 20] = [
    (Action::ReadIdentity, "x - -"),
    (Action::WriteIdentity, "x - -"),
    (Action::ReadClinical, "- x -"),
    (Action::ReadEmergency, "x x -"),
    (Action::ReadNote, "- x -"),
    (Action::RecordObservation, "- x -"),
    (Action::WriteNote, "- x -"),
    (Action::WriteProblem, "- x -"),
    (Action::WriteAllergy, "- x -"),
    (Action::Prescribe, "- x -"),
    (Action::Immunize, "- x -"),
    (Action::EnterResult, "- x -"),
    (Action::Import, "x x -"),
    (Action::Export, "x x -"),
    (Action::ReadAudit, "- - x"),
    (Action::Administer, "x - -"),
    (Action::Verify, "- - -"),
    (Action::Share, "x x -"),
    (Action::ReadConsent, "- x -"),
    (Action::WriteConsent, "- x -"),
];

/// The compartments whose keys a role holds: front, clinical, audit.
const HELD: [(Role, &str); 8] = [
    (Role::Owner, "x x x"),
    (Role::Clinician, "x x -"),
    (Role::Nurse, "x x -"),
    (Role::LabPharmacy, "x x -"),
    (Role::FrontDesk, "x - -"),
    (Role::Auditor, "- - x"),
    (Role::Hub, "x x -"),
    (Role::Emergency, "x x -"),
];

const STANDINGS: [Standing; 3] = [Standing::Good, Standing::Left, Standing::Compromised];

fn cells(row: &str) -> Vec<bool> {
    row.split(' ').map(|it| it == "x").collect()
}

fn all_keys() -> BTreeSet<Compartment> {
    BTreeSet::from(Compartment::ALL)
}

/// Everything before which somebody can stand.
fn everywhere() -> Vec<Before> {
    let charts = Ground::ALL.into_iter().map(Before::Chart);
    let category = Category::new("hiv").unwrap();
    let closed = Ground::ALL.map(|it| Before::Closed(it, category));
    let all = [Before::Clinic].into_iter().chain(charts);
    all.chain(closed).collect()
}

/// Every set of keys that somebody could hold.
fn key_rings() -> Vec<BTreeSet<Compartment>> {
    let ring = |bits: usize| {
        let held = Compartment::ALL.iter().enumerate();
        held.filter(|(n, _)| bits >> n & 1 == 1)
            .map(|(_, it)| *it)
            .collect()
    };
    (0..8).map(ring).collect()
}

#[test]
fn every_cell_of_the_role_table_is_as_written() {
    assert_eq!(TABLE.map(|(action, _)| action), Action::ALL);
    let mut checked = 0;
    for (action, row) in TABLE {
        for (role, allowed) in Role::ALL.into_iter().zip(cells(row)) {
            for standing in STANDINGS {
                for live in [true, false] {
                    let who = Acting {
                        role,
                        standing,
                        live,
                        keys: all_keys(),
                    };
                    let expected = match (standing, live, allowed) {
                        (Standing::Left | Standing::Compromised, _, _) => {
                            Err(Denial::NotInGoodStanding)
                        }
                        (Standing::Good, false, _) => Err(Denial::SessionOver),
                        (Standing::Good, true, false) => Err(Denial::Role(role)),
                        (Standing::Good, true, true) => Ok(()),
                    };
                    let answer = authorize(Some(&who), action, Before::Clinic);
                    assert_eq!(
                        answer, expected,
                        "{role:?} {action:?} {standing:?} {live}"
                    );
                    checked += 1;
                }
            }
        }
    }
    assert_eq!(checked, 20 * 8 * 3 * 2);
}

#[test]
fn every_cell_of_the_table_of_grounds_is_as_written() {
    assert_eq!(GROUNDS.map(|(action, _)| action), Action::ALL);
    let mut checked = 0;
    for ((action, grounds), (_, general)) in GROUNDS.into_iter().zip(TABLE) {
        let roles = Role::ALL.into_iter().zip(grounds.split(' '));
        for ((role, row), in_general) in roles.zip(cells(general)) {
            for (ground, cell) in Ground::ALL.into_iter().zip(row.chars()) {
                let who = Acting {
                    role,
                    standing: Standing::Good,
                    live: true,
                    keys: all_keys(),
                };
                let expected = match (cell, row) {
                    ('x', _) => Ok(()),
                    (_, row) if in_general && row.ends_with('x') => Err(Denial::NoReason),
                    _ => Err(Denial::Role(role)),
                };
                let answer = authorize(Some(&who), action, Before::Chart(ground));
                assert_eq!(answer, expected, "{role:?} {action:?} {ground:?}");
                checked += 1;
            }
        }
    }
    assert_eq!(checked, 20 * 8 * 3);
}

#[test]
fn every_cell_of_the_table_of_closed_parts_is_as_written() {
    assert_eq!(CLOSED.map(|(action, _)| action), Action::ALL);
    let category = Category::new("hiv").unwrap();
    let key = Compartment::Restricted(category);
    let mut checked = 0;
    for (action, row) in CLOSED {
        for (role, cells) in Role::ALL.into_iter().zip(row.split(' ')) {
            for (named, cells) in [true, false].into_iter().zip(cells.split('/')) {
                let own = named.then_some(key);
                let who = Acting {
                    role,
                    standing: Standing::Good,
                    live: true,
                    keys: all_keys().into_iter().chain(own).collect(),
                };
                for (ground, cell) in Ground::ALL.into_iter().zip(cells.chars()) {
                    let expected = match cell {
                        'x' => Ok(()),
                        '-' => Err(Denial::NoReason),
                        'k' => Err(Denial::NoKey(key)),
                        'n' => Err(Denial::NeverClosed),
                        _ => Err(Denial::Role(role)),
                    };
                    let before = Before::Closed(ground, category);
                    let answer = authorize(Some(&who), action, before);
                    assert_eq!(answer, expected, "{role:?} {action:?} {ground:?}");
                    checked += 1;
                }
            }
        }
    }
    assert_eq!(checked, 20 * 8 * 2 * 3);
    // The key of another category opens none of this one.
    let other = Compartment::Restricted(Category::new("tb").unwrap());
    let who = Acting {
        role: Role::Owner,
        standing: Standing::Good,
        live: true,
        keys: all_keys().into_iter().chain([other]).collect(),
    };
    let before = Before::Closed(Ground::Care, category);
    let answer = authorize(Some(&who), Action::ReadClinical, before);
    assert_eq!(answer, Err(Denial::NoKey(key)));
}

#[test]
fn no_ground_makes_up_for_a_role_a_standing_a_session_or_a_key() {
    for action in Action::ALL {
        for role in Role::ALL {
            let who = Acting {
                role,
                standing: Standing::Good,
                live: true,
                keys: BTreeSet::new(),
            };
            for before in everywhere() {
                let may = |who: &Acting| authorize(Some(who), action, before);
                let in_general = authorize(Some(&who), action, Before::Clinic);
                if in_general.is_err() {
                    assert_eq!(may(&who), in_general, "{role:?} {action:?} {before:?}");
                }
                let left = Acting {
                    standing: Standing::Left,
                    keys: all_keys(),
                    ..who.clone()
                };
                assert_eq!(may(&left), Err(Denial::NotInGoodStanding));
                let over = Acting {
                    live: false,
                    keys: all_keys(),
                    ..who.clone()
                };
                assert_eq!(may(&over), Err(Denial::SessionOver));
            }
        }
    }
}

#[test]
fn what_is_allowed_still_takes_the_keys() {
    assert_eq!(KEYS.map(|(action, _)| action), Action::ALL);
    for ((action, row), (_, needed)) in TABLE.into_iter().zip(KEYS) {
        let needed: Vec<_> = Compartment::ALL
            .into_iter()
            .zip(cells(needed))
            .filter(|(_, it)| *it)
            .map(|(it, _)| it)
            .collect();
        for (role, allowed) in Role::ALL.into_iter().zip(cells(row)) {
            for keys in key_rings() {
                let missing = needed.iter().find(|it| !keys.contains(it));
                let expected = match missing {
                    _ if !allowed => Err(Denial::Role(role)),
                    Some(missing) => Err(Denial::NoKey(*missing)),
                    None => Ok(()),
                };
                let who = Acting {
                    role,
                    standing: Standing::Good,
                    live: true,
                    keys: keys.clone(),
                };
                let answer = authorize(Some(&who), action, Before::Clinic);
                assert_eq!(answer, expected, "{role:?} {action:?} with {keys:?}");
            }
        }
    }
}

#[test]
fn before_a_locked_screen_nobody_may_do_anything() {
    for action in Action::ALL {
        for before in everywhere() {
            let answer = authorize(None, action, before);
            assert_eq!(answer, Err(Denial::Locked), "{action:?} {before:?}");
        }
    }
}

#[test]
fn no_role_is_allowed_what_its_keys_do_not_open() {
    assert_eq!(HELD.map(|(role, _)| role), Role::ALL);
    for (role, row) in HELD {
        for (compartment, held) in Compartment::ALL.into_iter().zip(cells(row)) {
            assert_eq!(role.holds(compartment), held, "{role:?} {compartment:?}");
        }
        let keys = Compartment::ALL.into_iter().filter(|it| role.holds(*it));
        let who = Acting {
            role,
            standing: Standing::Good,
            live: true,
            keys: keys.collect(),
        };
        for action in Action::ALL {
            let answer = authorize(Some(&who), action, Before::Clinic);
            assert!(
                !matches!(answer, Err(Denial::NoKey(_))),
                "{role:?} may {action:?} and lacks the key"
            );
        }
    }
}
