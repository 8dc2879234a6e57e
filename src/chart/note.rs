//! A note: what was told, found, thought and planned (FHIR `Composition`).

use serde::{Deserialize, Serialize};

use super::{Entry, private, private_record};
use crate::{
    ids::{Hash, RecordId, UserId},
    time::{Moment, When},
};

/// A clinical note in sections.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Note {
    /// What every record has.
    pub entry: Entry,
    /// The visit it belongs to.
    pub visit: Option<RecordId>,
    /// What kind of note, such as `visit` or `addendum`.
    pub title: String,
    /// Its sections, in the order of the template.
    pub sections: Vec<Section>,
    /// Names of the phrases that were expanded in it, such as `.htn`.
    pub phrases: Vec<String>,
    /// The signature, once it is signed. A later change to a signed text shows as an
    /// unsigned version.
    pub signed: Option<Signature>,
    /// The signed note that this one adds to.
    pub adds_to: Option<RecordId>,
    /// Who signed it where it was imported from.
    pub attested: Option<Attested>,
}

/// One section of a note.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Section {
    /// Its short name: `S`, `O`, `A`, `P`, or the template's.
    pub name: String,
    /// Its text.
    pub text: String,
}

/// Who vouched for which text, when.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Signature {
    /// The signer.
    pub by: UserId,
    /// When.
    pub at: Moment,
    /// The hash of the text that was signed, as `doc` computes it.
    pub text: Hash,
    /// The document's heads that held the text.
    pub heads: Vec<Hash>,
}

/// Who vouched for a note elsewhere, as its source says. Nobody here can check it.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attested {
    /// Their name.
    pub by: String,
    /// When.
    pub at: Option<When>,
}

private_record!(Note);
private!(Section, Attested);

impl Note {
    /// The text of the section with this name; empty when there is none.
    pub fn section(&self, name: &str) -> &str {
        let mut sections = self.sections.iter();
        sections
            .find(|it| it.name == name)
            .map_or("", |it| it.text.as_str())
    }
}
