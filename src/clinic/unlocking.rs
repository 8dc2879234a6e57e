//! From a user's own key to the keys of the compartments that were wrapped to it.

use std::collections::BTreeMap;

use super::{Session, keyring::Keyring};
use crate::{
    chart::who::Compartment,
    ids::{EpochId, UserId},
    members::{CompartmentName, Epoch, EpochSecrets, Membership, NameKey, Named},
    seal::{CarryKey, Secret},
};

impl Keyring {
    /// All that was wrapped to a member's key, of every epoch, and that their role holds now:
    /// what a former role was given stays unopened. What was opened `before` is not opened
    /// again.
    pub(super) fn unwrap(
        membership: &Membership,
        (user, carry): (UserId, &CarryKey),
        local: &Secret,
        mut before: Self,
    ) -> Self {
        let mut keyring = Self::default();
        let role = membership.user(user).map(|it| it.role);
        let held = |it: &Compartment| role.is_some_and(|role| role.holds(*it));
        for compartment in membership.compartments().into_iter().filter(held) {
            let name = CompartmentName::from(compartment);
            // Whose naming was taken back opens nothing of it, also not what was given before.
            let is_named = || membership.holders(&name).contains(&carry.public());
            if name.is_audit() || name.category().is_some() && !is_named() {
                continue;
            }
            let all = membership.epochs(&name);
            let open = |it: &Epoch<'_>| {
                let opened = before.take(compartment, it.id());
                let opened = opened.or_else(|| membership.open_epoch(it, carry));
                Some((it.id(), opened?))
            };
            let epochs: BTreeMap<EpochId, EpochSecrets> =
                all.iter().filter_map(open).collect();
            let newest = |it: &Epoch<'_>| epochs.contains_key(&it.id());
            let current = membership.current_epoch(&name).map(|it| it.epoch);
            let current = current
                .filter(newest)
                .or_else(|| all.iter().copied().rfind(newest));
            let naming = membership.naming_epoch(&name);
            if let (Some(current), Some(naming)) = (current, naming) {
                keyring.hold(compartment, epochs, (current.id(), naming.id()), local);
            }
        }
        let name = Compartment::Audit.into();
        let current = membership.current_epoch(&name).map(|it| it.epoch);
        if let Some((id, public)) = current.and_then(|it| Some((it.id(), it.key.audit?)))
        {
            let readable = membership.epochs(&name);
            let readable = readable.iter().filter(|_| held(&Compartment::Audit));
            let open = |it: &Epoch<'_>| {
                let opened = before.take_audit(it.id());
                let secrets = || membership.open_epoch(it, carry);
                let opened =
                    opened.or_else(|| Some(CarryKey::from_secret(secrets()?.key)));
                Some((it.id(), opened?))
            };
            keyring.hold_audit((id, public), readable.filter_map(open).collect());
        }
        keyring
    }
}

impl Session {
    /// A user's name as sealed under the key of `front`.
    pub(super) fn sealed_name(&self, user: UserId) -> Option<String> {
        let known = self.clinic.known();
        let sealed = &known.membership.user(user)?.name;
        let front = self.keyring.of(Compartment::Front).ok()?;
        let mut keys = front.keys().map(NameKey::of);
        let clinic = self.clinic.about.clinic;
        keys.find_map(|key| key.open(clinic, Named::User(user), sealed).ok())
    }
}
