//! May this person do this? The one place that says so: what the role's actions do not hold
//! is denied, and any one reason to deny is enough.

use std::collections::BTreeSet;

use super::Standing;
use crate::chart::who::{Action, Before, Compartment, Denial, Ground, Role};

/// Who acts, as far as it matters for what they may do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Acting {
    /// What they are in the clinic.
    pub role: Role,
    /// Whether they still belong to it.
    pub standing: Standing,
    /// Whether their session runs: neither over nor on a revoked machine.
    pub live: bool,
    /// The compartments whose keys they hold.
    pub keys: BTreeSet<Compartment>,
}

/// Whether `who` may do `action` there; nobody at all stands before a locked screen. Of
/// several reasons to deny the first is given: locked, standing, session, role, key, a closed
/// part, ground.
pub fn authorize(
    who: Option<&Acting>,
    action: Action,
    before: Before,
) -> Result<(), Denial> {
    let who = who.ok_or(Denial::Locked)?;
    if who.standing != Standing::Good {
        return Err(Denial::NotInGoodStanding);
    }
    if !who.live {
        return Err(Denial::SessionOver);
    }
    if !who.role.actions().contains(&action) {
        return Err(Denial::Role(who.role));
    }
    let mut needed = action.needs().iter();
    if let Some(missing) = needed.find(|it| !who.keys.contains(it)) {
        return Err(Denial::NoKey(*missing));
    }
    let ground = match before {
        Before::Clinic => return Ok(()),
        Before::Chart(ground) => ground,
        Before::Closed(..) if !action.can_be_closed() => {
            return Err(Denial::NeverClosed);
        }
        Before::Closed(ground, category) => {
            let key = Compartment::Restricted(category);
            if !who.role.holds(key) {
                return Err(Denial::Role(who.role));
            }
            if !who.keys.contains(&key) {
                return Err(Denial::NoKey(key));
            }
            ground
        }
    };
    if who.role.may_on(action, ground) {
        Ok(())
    } else if who.role.may_on(action, Ground::Glass) {
        Err(Denial::NoReason)
    } else {
        Err(Denial::Role(who.role))
    }
}
