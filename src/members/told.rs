//! What only a provider may read of what was shared with them: whose charts these are, which
//! document is which part, and what the people are called who wrote in them. It is wrapped to
//! the provider's key, so that a locked machine can hand it on, and a disk tells nobody.

use std::{collections::BTreeMap, fmt};

use zeroize::Zeroizing;

use super::{
    Error, NAME_BYTES_MAX,
    wire::{Reader, Writer},
};
use crate::{
    chart::who::Role,
    ids::{DocId, PatientId, StatementId, UserId},
    seal::{self, CarryKey, CarryPublic, Entropy},
};

/// The longest that is told, wrapped, in bytes: 64 documents of each of 300 patients.
pub const TOLD_BYTES_MAX: usize = 1024 * 1024;
/// The longest name of a part, in bytes.
const PART_BYTES_MAX: usize = 64;
/// The most of each list: what fits into the bytes.
const ENTRIES_MAX: usize = 32 * 1024;

const MAGIC: [u8; 4] = *b"CATO";

/// What a provider is told.
#[derive(Clone, PartialEq, Eq, Default)]
pub struct Told {
    /// By grant, whose chart it opens.
    pub patients: BTreeMap<StatementId, PatientId>,
    /// By document, the name of the part of the chart that it is.
    pub parts: BTreeMap<DocId, String>,
    /// What people are called, and what they are.
    pub people: BTreeMap<UserId, (String, Role)>,
}

impl Told {
    /// Wraps it to the provider.
    pub fn wrap(
        &self,
        to: CarryPublic,
        entropy: &mut dyn Entropy,
    ) -> Result<Vec<u8>, Error> {
        Ok(seal::wrap(&[to], &self.encode(), entropy)?)
    }

    /// What was told to `carry`.
    pub fn unwrap(wrapped: &[u8], carry: &CarryKey) -> Result<Self, Error> {
        Self::decode(&seal::unwrap(carry, wrapped, TOLD_BYTES_MAX)?)
    }

    /// Its bytes, for whoever seals them.
    pub fn encode(&self) -> Zeroizing<Vec<u8>> {
        let mut out = Writer::opening(MAGIC);
        out.list(self.patients.iter(), |out, (grant, patient)| {
            out.put(grant.as_bytes()).put(patient.as_bytes());
        })
        .list(self.parts.iter(), |out, (doc, part)| {
            out.put(doc.as_bytes()).bytes(part.as_bytes());
        })
        .list(self.people.iter(), |out, (user, (name, role))| {
            let role = role.byte();
            out.put(user.as_bytes()).u8(role).bytes(name.as_bytes());
        });
        Zeroizing::new(out.into_bytes())
    }

    /// What these bytes say.
    pub fn decode(bytes: &[u8]) -> Result<Self, Error> {
        let mut from = Reader::new(bytes);
        from.opening(MAGIC)?;
        let told = Self {
            patients: from.map(ENTRIES_MAX, |from| {
                let grant = StatementId::from_bytes(from.array()?);
                Ok((grant, PatientId::from_bytes(from.array()?)))
            })?,
            parts: from.map(ENTRIES_MAX, |from| {
                let doc = DocId::from_bytes(from.array()?);
                Ok((doc, read_text(from, PART_BYTES_MAX)?))
            })?,
            people: from.map(ENTRIES_MAX, |from| {
                let user = UserId::from_bytes(from.array()?);
                let role = Role::from_byte(from.u8()?);
                let role = role.ok_or(Error::Malformed("not a role"))?;
                Ok((user, (read_text(from, NAME_BYTES_MAX)?, role)))
            })?,
        };
        from.end()?;
        Ok(told)
    }
}

impl fmt::Debug for Told {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Told({} {})", self.patients.len(), self.people.len())
    }
}

fn read_text(from: &mut Reader<'_>, max: usize) -> Result<String, Error> {
    let text = str::from_utf8(from.bytes(max)?);
    let text = text.or(Err(Error::Malformed("a name is not text")))?;
    Ok(text.to_owned())
}
