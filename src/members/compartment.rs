//! Compartments by name, as statements speak of them: also those that this version lacks.

use std::fmt;

use super::Error;
use crate::chart::who::{Compartment, Role};

/// The longest name of a compartment in bytes.
pub(super) const COMPARTMENT_BYTES_MAX: usize = 64;
/// What the names of compartments with a key for named people begin with.
const RESTRICTED: &str = "restricted/";

/// A compartment's name: lower-case letters, digits, `-`, `_` and `/`.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct CompartmentName(String);

impl CompartmentName {
    /// The compartment with this name.
    pub fn new(name: &str) -> Result<Self, Error> {
        let fits = |it: u8| {
            it.is_ascii_lowercase() || it.is_ascii_digit() || b"-_/".contains(&it)
        };
        if name.is_empty()
            || name.len() > COMPARTMENT_BYTES_MAX
            || !name.bytes().all(fits)
        {
            return Err(Error::Malformed("not a compartment's name"));
        }
        Ok(Self(name.to_owned()))
    }

    /// The name.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether its epochs are key pairs, to which anybody can write and which few can read.
    pub fn is_audit(&self) -> bool {
        self.0 == Compartment::Audit.name()
    }

    /// Whether people of this role may hold its key. Of the restricted ones an owner names
    /// who does; of those that this version does not know nobody may.
    pub fn may_be_held_by(&self, role: Role) -> bool {
        match Compartment::named(&self.0) {
            Some(known) => role.holds(known),
            None if self.0.starts_with(RESTRICTED) => {
                matches!(role, Role::Owner | Role::Clinician)
            }
            None => false,
        }
    }

    /// Whether everybody whose role may hold its key is to hold it, unasked.
    pub fn is_for_all(&self) -> bool {
        Compartment::named(&self.0).is_some()
    }
}

impl From<Compartment> for CompartmentName {
    fn from(compartment: Compartment) -> Self {
        Self(compartment.name().to_owned())
    }
}

impl fmt::Debug for CompartmentName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "CompartmentName({})", self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(name: &str, expected: bool) {
        assert_eq!(CompartmentName::new(name).is_ok(), expected, "for {name:?}");
    }

    #[test]
    fn a_name_is_short_and_plain() {
        check("front", true);
        check("restricted/mental-health", true);
        check("", false);
        check("Front", false);
        check("front\n", false);
        check("é", false);
        check(&"a".repeat(64), true);
        check(&"a".repeat(65), false);
    }

    #[test]
    fn a_restricted_part_is_for_owners_and_clinicians_who_are_named() {
        let hiv = CompartmentName::new("restricted/hiv").unwrap();
        assert!(!hiv.is_for_all());
        for role in Role::ALL {
            let expected = [Role::Owner, Role::Clinician].contains(&role);
            assert_eq!(hiv.may_be_held_by(role), expected, "for {role:?}");
            let unknown = CompartmentName::new("vault").unwrap();
            assert!(!unknown.may_be_held_by(role), "for {role:?}");
        }
    }
}
