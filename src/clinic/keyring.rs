//! The compartment keys that a user holds, and what is derived from them.

use std::collections::{BTreeMap, BTreeSet};

use crate::{
    chart::{
        Category, Part, Subject,
        who::{Compartment, Denial},
    },
    ids::{DocId, EpochId, PatientId, UserId},
    ledger::Lane,
    members::EpochSecrets,
    seal::{CarryKey, CarryPublic, Secret, names},
};

/// The keys of every compartment that the user's role holds.
#[derive(Debug, Default)]
pub(super) struct Keyring {
    held: BTreeMap<Compartment, Held>,
    audit: Option<AuditKeys>,
}

/// One compartment's keys.
#[derive(Debug)]
pub(super) struct Held {
    epochs: BTreeMap<EpochId, EpochSecrets>,
    current: EpochId,
    /// The epoch that brought what documents are named by.
    naming: EpochId,
    cache: Secret,
}

/// To whom audit rows are wrapped, and what opens them for those who may read.
#[derive(Debug)]
struct AuditKeys {
    epoch: EpochId,
    public: CarryPublic,
    secrets: BTreeMap<EpochId, CarryKey>,
}

impl Keyring {
    /// Takes in one compartment: its epochs' keys, which of them is written with, and which
    /// of them brought the naming secret. `local` is the machine's own secret for its caches.
    pub(super) fn hold(
        &mut self,
        compartment: Compartment,
        epochs: BTreeMap<EpochId, EpochSecrets>,
        (current, naming): (EpochId, EpochId),
        local: &Secret,
    ) {
        let names = |it: &EpochSecrets| it.naming.is_some();
        let Some(secrets) = epochs.get(&current) else {
            return;
        };
        if !epochs.get(&naming).is_some_and(names) {
            return;
        }
        let cache = names::cache_key(&secrets.key, local);
        self.held.insert(
            compartment,
            Held {
                epochs,
                current,
                naming,
                cache,
            },
        );
    }

    /// Takes in the audit's keys; `secrets` is empty for those who only write it.
    pub(super) fn hold_audit(
        &mut self,
        (epoch, public): (EpochId, CarryPublic),
        secrets: BTreeMap<EpochId, CarryKey>,
    ) {
        self.audit = Some(AuditKeys {
            epoch,
            public,
            secrets,
        });
    }

    /// An epoch's keys, taken out of what is held of a compartment.
    pub(super) fn take(
        &mut self,
        compartment: Compartment,
        epoch: EpochId,
    ) -> Option<EpochSecrets> {
        self.held.get_mut(&compartment)?.epochs.remove(&epoch)
    }

    /// What opens the audit rows of an epoch, taken out.
    pub(super) fn take_audit(&mut self, epoch: EpochId) -> Option<CarryKey> {
        self.audit.as_mut()?.secrets.remove(&epoch)
    }

    /// The compartments that are open.
    pub(super) fn compartments(&self) -> BTreeSet<Compartment> {
        let reads_audit = self.audit.as_ref().is_some_and(|it| !it.secrets.is_empty());
        let audit = reads_audit.then_some(Compartment::Audit);
        self.held.keys().copied().chain(audit).collect()
    }

    /// The categories that are open.
    pub(super) fn categories(&self) -> impl Iterator<Item = Category> {
        self.held.keys().filter_map(|it| match it {
            Compartment::Restricted(category) => Some(*category),
            Compartment::Front | Compartment::Clinical | Compartment::Audit => None,
        })
    }

    /// The keys of the closed compartment that has this epoch.
    pub(super) fn closed_at(&self, epoch: EpochId) -> Option<&Held> {
        let mut closed = self.categories().map(Compartment::Restricted);
        closed.find_map(|it| self.held.get(&it).filter(|it| it.has(epoch)))
    }

    /// The epoch and key that audit rows are wrapped to.
    pub(super) fn audit_public(&self) -> Result<(EpochId, CarryPublic), Denial> {
        let keys = self
            .audit
            .as_ref()
            .ok_or(Denial::NoKey(Compartment::Audit))?;
        Ok((keys.epoch, keys.public))
    }

    /// What opens the audit rows of an epoch.
    pub(super) fn audit_secret(&self, epoch: EpochId) -> Option<&CarryKey> {
        self.audit.as_ref()?.secrets.get(&epoch)
    }

    /// The keys of a compartment.
    pub(super) fn of(&self, compartment: Compartment) -> Result<&Held, Denial> {
        self.held
            .get(&compartment)
            .ok_or(Denial::NoKey(compartment))
    }

    /// The name of a document.
    pub(super) fn doc_id(&self, subject: Subject, part: Part) -> Result<DocId, Denial> {
        let naming = self.of(part.compartment())?.naming()?;
        let patient = match subject {
            Subject::Patient(patient) => Some(patient),
            Subject::Clinic => None,
            Subject::Inbox { patient, provider } => {
                return self.inbox_id(patient, provider);
            }
        };
        Ok(names::doc_id(naming, patient, part.name()))
    }

    /// The name of the document in which a provider of another clinic proposes what a
    /// patient's chart is to take over. Each has one of their own, so that none reads what
    /// another proposes.
    pub(super) fn inbox_id(
        &self,
        patient: PatientId,
        provider: UserId,
    ) -> Result<DocId, Denial> {
        let naming = self.of(Compartment::Clinical)?.naming()?;
        let name = format!("inbox/{provider}");
        Ok(names::doc_id(naming, Some(patient), &name))
    }
}

impl Held {
    /// The epoch that is written with, and the document's `k`-th key in it.
    pub(super) fn writing_key(&self, doc: DocId, k: u16) -> Option<(EpochId, Secret)> {
        Some((self.current, self.doc_key(self.current, doc, k)?))
    }

    /// The epochs whose keys are held.
    pub(super) fn epochs(&self) -> impl Iterator<Item = EpochId> {
        self.epochs.keys().copied()
    }

    fn has(&self, epoch: EpochId) -> bool {
        self.epochs.contains_key(&epoch)
    }

    /// The document's key in an epoch.
    pub(super) fn doc_key(&self, epoch: EpochId, doc: DocId, k: u16) -> Option<Secret> {
        let secrets = self.epochs.get(&epoch)?;
        Some(names::doc_key(&secrets.key, doc, k))
    }

    /// The compartment's key of the epoch that is written in.
    pub(super) fn current_key(&self) -> Result<&Secret, Denial> {
        let secrets = self.epochs.get(&self.current);
        let secrets = secrets.ok_or(Denial::NoKey(Compartment::Front))?;
        Ok(&secrets.key)
    }

    /// The compartment's keys, those of past epochs too.
    pub(super) fn keys(&self) -> impl Iterator<Item = &Secret> {
        self.epochs.values().map(|it| &it.key)
    }

    /// The key of this machine's cached rows.
    pub(super) const fn cache(&self) -> &Secret {
        &self.cache
    }

    fn naming(&self) -> Result<&Secret, Denial> {
        let secrets = self.epochs.get(&self.naming);
        let naming = secrets.and_then(|it| it.naming.as_ref());
        naming.ok_or(Denial::NoKey(Compartment::Front))
    }
}

/// The lane that changes of a part travel in.
pub(super) const fn lane_of(part: Part) -> Lane {
    match part.compartment() {
        Compartment::Front => Lane::Desk,
        Compartment::Clinical | Compartment::Audit => Lane::Clinical,
        Compartment::Restricted(_) => Lane::Restricted,
    }
}
