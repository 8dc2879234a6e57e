//! What a clinic keeps closed: who begins, names and takes back, and what each can open.

use cairn::{
    chart::who::{Denial, Role},
    clinic::{AuditAction, Error},
    ids::UserId,
};

use crate::staff::Staff;

/// Who may open the category.
fn named(session: &cairn::clinic::Session) -> Vec<UserId> {
    let rows = session.categories().unwrap();
    let mut named = rows[0].named.clone();
    named.sort();
    named
}

fn both(one: UserId, other: UserId) -> Vec<UserId> {
    let mut both = vec![one, other];
    both.sort();
    both
}

#[test]
fn an_owner_begins_a_category_names_people_and_takes_that_back() {
    let staff = Staff::hired();
    let (owner, okot) = (staff.user(Role::Owner), staff.user(Role::Clinician));
    let mut session = staff.sign_in(Role::Owner);
    assert_eq!(session.categories().unwrap(), []);
    let category = session.begin_category("Mental health").unwrap();
    assert_eq!(category.word(), "mental-health");
    assert_eq!(named(&session), [owner]);

    session.allow_category(category, okot, None).unwrap();
    assert_eq!(named(&session), both(owner, okot));
    // Naming twice says nothing new.
    session.allow_category(category, okot, None).unwrap();
    session.sign_out().unwrap();
    let clinician = staff.sign_in(Role::Clinician);
    assert_eq!(named(&clinician), both(owner, okot));
    drop(clinician);

    let mut session = staff.sign_in(Role::Owner);
    session.deny_category(category, okot).unwrap();
    assert_eq!(named(&session), [owner]);
    let last = session.deny_category(category, owner);
    assert!(matches!(last, Err(Error::Refused(_))), "{last:?}");
    session.allow_category(category, okot, None).unwrap();
    assert_eq!(named(&session), both(owner, okot));
    let entries = session.read_audit(None).unwrap().entries;
    let count = |action| entries.iter().filter(|it| it.action == action).count();
    assert_eq!(count(AuditAction::CategoryBegun), 1);
    assert_eq!(count(AuditAction::CategoryAllowed), 2);
    assert_eq!(count(AuditAction::CategoryDenied), 1);
}

#[test]
fn only_owners_name_and_only_clinicians_and_owners_are_named() {
    let staff = Staff::hired();
    let mut session = staff.sign_in(Role::Owner);
    let category = session.begin_category("hiv").unwrap();
    for role in Role::ALL {
        if role == Role::Hub {
            continue;
        }
        let named = session.allow_category(category, staff.user(role), None);
        let may = matches!(role, Role::Owner | Role::Clinician);
        assert_eq!(named.is_ok(), may, "{role:?}");
    }
    for refused in ["allergies", "Allergy", "", "ኤችአይቪ", "HIV"] {
        let begun = session.begin_category(refused);
        assert!(
            matches!(begun, Err(Error::Refused(_))),
            "{refused}: {begun:?}"
        );
    }
    session.sign_out().unwrap();
    let mut clinician = staff.sign_in(Role::Clinician);
    let begun = clinician.begin_category("tb");
    assert!(matches!(begun, Err(Error::Denied(Denial::Role(_)))));
    let user = staff.user(Role::Owner);
    let denied = clinician.deny_category(category, user);
    assert!(matches!(denied, Err(Error::Denied(Denial::Role(_)))));
}
