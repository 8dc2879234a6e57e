//! A paper, picture or file about a person (FHIR `DocumentReference`).

use serde::{Deserialize, Serialize};

use super::{Coded, Entry, private_record};
use crate::{
    ids::{Hash, RecordId},
    time::When,
};

/// A received or scanned document; its bytes are kept sealed beside the chart.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Document {
    /// What every record has.
    pub entry: Entry,
    /// What kind of document.
    pub code: Coded,
    /// Its title.
    pub title: String,
    /// When it was made.
    pub when: Option<When>,
    /// Media type of the bytes, such as `text/plain`.
    pub media_type: String,
    /// Hash of the kept bytes; none when only the reference was received.
    pub bytes: Option<Hash>,
    /// Length of the bytes.
    pub size: u64,
    /// The visit it belongs to.
    pub visit: Option<RecordId>,
}

private_record!(Document);
