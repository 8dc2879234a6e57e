//! Compartments by name, as statements speak of them: also those that this version lacks.

use std::fmt;

use super::Error;
use crate::chart::{
    Category,
    who::{Compartment, Role},
};

/// The longest name of a compartment in bytes.
pub(super) const COMPARTMENT_BYTES_MAX: usize = 64;

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
        Compartment::named(&self.0).is_some_and(|it| role.holds(it))
    }

    /// The category of which it holds the records, if it is a restricted one.
    pub fn category(&self) -> Option<Category> {
        Category::of_name(&self.0)
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
        assert_eq!(hiv.category(), Category::new("hiv"));
        for role in Role::ALL {
            let expected = [Role::Owner, Role::Clinician].contains(&role);
            assert_eq!(hiv.may_be_held_by(role), expected, "for {role:?}");
            for unknown in ["vault", "restricted/a/b"] {
                let unknown = CompartmentName::new(unknown).unwrap();
                assert!(!unknown.may_be_held_by(role), "{unknown:?} for {role:?}");
            }
        }
    }
}
