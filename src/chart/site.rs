//! The clinic's own lists: who works here or elsewhere (FHIR `Practitioner`, `Organization`).

use serde::{Deserialize, Serialize};

use super::{Entry, private_record};

/// A practitioner or an organisation, by name.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Provider {
    /// What every record has.
    pub entry: Entry,
    /// A person or an organisation.
    pub kind: ProviderKind,
    /// The name as written.
    pub name: String,
    /// Telephone, if one is known.
    pub phone: String,
}

/// A person or an organisation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub enum ProviderKind {
    /// FHIR `Practitioner`.
    #[default]
    Practitioner,
    /// FHIR `Organization`.
    Organization,
}

private_record!(Provider);
