//! The keys with which machines meet others: each is said by a machine and signed by the key
//! itself, so that no machine claims another's; and where two hold one all the same, as after
//! a copy, it stays with the one that said it first.

use std::{collections::BTreeMap, fmt};

use super::{Body, Error, Statement, ground::Ground};
use crate::{
    ids::{ClinicId, DeviceId},
    seal::{PublicKey, Signature, SigningKey, names},
};

const CONTEXT: &str = "cairn/endpoint/v1";

/// The key with which a machine meets others, and that key's own word for it.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Endpoint {
    /// The key.
    pub key: PublicKey,
    pub(super) proof: Signature,
}

impl Endpoint {
    /// That this machine of the clinic meets others with this key.
    pub fn of(key: &SigningKey, clinic: ClinicId, device: &PublicKey) -> Self {
        Self {
            key: key.public(),
            proof: key.sign(CONTEXT, &signed_bytes(clinic, device)),
        }
    }

    /// That the key itself says so of this machine.
    pub(super) fn check(
        &self,
        clinic: ClinicId,
        device: &PublicKey,
    ) -> Result<(), Error> {
        let signed = signed_bytes(clinic, device);
        Ok(self.key.verify(CONTEXT, &signed, &self.proof)?)
    }
}

impl Ground {
    /// With which key each machine meets others: the last that it said and that no other
    /// said before it, whether that one still belongs or not.
    pub(super) fn endpoints(&self) -> BTreeMap<DeviceId, PublicKey> {
        let said = self.standing().filter_map(|it| {
            let Body::Endpoint(endpoint) = it.body() else {
                return None;
            };
            Some((it, endpoint.key))
        });
        let mut said: Vec<_> = said.collect();
        said.sort_by_cached_key(|(statement, _)| self.dag.rank(statement));
        let (mut holders, mut last) = (BTreeMap::new(), BTreeMap::new());
        for (statement, key) in said {
            let device = device_of(statement);
            if *holders.entry(key).or_insert(device) == device {
                last.insert(device, key);
            }
        }
        last
    }
}

impl fmt::Debug for Endpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Endpoint({:?})", self.key)
    }
}

fn device_of(statement: &Statement) -> DeviceId {
    names::device_id(statement.signer().key())
}

fn signed_bytes(clinic: ClinicId, device: &PublicKey) -> Vec<u8> {
    [clinic.as_bytes().as_slice(), device.as_bytes()].concat()
}
