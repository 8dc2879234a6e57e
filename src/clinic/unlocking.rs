//! From a user's own key to the keys of the compartments that were wrapped to it.

use std::collections::BTreeMap;

use super::{Session, keyring::Keyring};
use crate::{
    chart::who::Compartment,
    ids::{EpochId, UserId},
    members::{Epoch, Membership, NameKey, Named},
    seal::{CarryKey, Secret},
};

impl Keyring {
    /// All that was wrapped to a member's key, of every epoch, and that their role holds now:
    /// what a former role was given stays unopened.
    pub(super) fn unwrap(
        membership: &Membership,
        (user, carry): (UserId, &CarryKey),
        local: &Secret,
    ) -> Self {
        let mut keyring = Self::default();
        let role = membership.user(user).map(|it| it.role);
        let held = |it: &Compartment| role.is_some_and(|role| role.holds(*it));
        let documents = [Compartment::Front, Compartment::Clinical];
        for compartment in documents.into_iter().filter(held) {
            let name = compartment.into();
            let epochs: BTreeMap<EpochId, Secret> = membership
                .epochs(&name)
                .iter()
                .filter_map(|it| Some((it.id(), membership.open_epoch(it, carry)?.key)))
                .collect();
            let naming = membership.naming_epoch(&name);
            let naming = naming.and_then(|it| membership.open_epoch(&it, carry)?.naming);
            let newest = |it: &Epoch<'_>| epochs.contains_key(&it.id());
            let current = membership.current_epoch(&name).map(|it| it.epoch);
            let current = current
                .filter(newest)
                .or_else(|| membership.epochs(&name).into_iter().rfind(newest));
            if let (Some(current), Some(naming)) = (current.map(|it| it.id()), naming) {
                keyring.hold(compartment, epochs, (current, naming), local);
            }
        }
        let name = Compartment::Audit.into();
        let current = membership.current_epoch(&name).map(|it| it.epoch);
        if let Some((id, public)) = current.and_then(|it| Some((it.id(), it.key.audit?)))
        {
            let readable = membership.epochs(&name);
            let readable = readable.iter().filter(|_| held(&Compartment::Audit));
            let secrets = readable
                .filter_map(|it| Some((it.id(), membership.open_epoch(it, carry)?.key)))
                .map(|(id, key)| (id, CarryKey::from_secret(key)))
                .collect();
            keyring.hold_audit((id, public), secrets);
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
