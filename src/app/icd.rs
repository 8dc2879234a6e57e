//! Diagnoses of ICD-10 for every screen that picks one. The table takes a moment to unpack,
//! so the search is an effect that a worker answers.

use super::find::Text;
use crate::content::{Hit, Icd10};

/// The diagnoses that a list offers at once.
const HITS_MAX: usize = 8;

/// What the screens ask of the shell about diagnoses.
#[derive(Debug)]
pub enum Effect {
    /// Search. Of several, the newest counts.
    Search {
        /// The request's number.
        request: u32,
        /// What was typed: words, or a code or its beginning.
        text: Text,
        /// Codes that come first where they fit, the likeliest first.
        prefer: Vec<String>,
    },
}

/// What the shell answers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Answer {
    /// The diagnoses found.
    Found {
        /// The request's number.
        request: u32,
        /// The likeliest first.
        hits: Vec<Hit>,
    },
}

impl Effect {
    /// A search for nothing, which unpacks the table while the person types.
    pub fn ready(request: u32) -> Self {
        Self::Search {
            request,
            text: Text(String::new()),
            prefer: Vec::new(),
        }
    }

    /// Searches. The first search takes about a quarter of a second: for a worker.
    pub fn answer(&self) -> Answer {
        let Self::Search {
            request,
            text,
            prefer,
        } = self;
        Answer::Found {
            request: *request,
            hits: Icd10::load().search(&text.0, HITS_MAX, prefer),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_preferred_comes_first() {
        let search = Effect::Search {
            request: 3,
            text: Text("asthma".to_owned()),
            prefer: vec!["J45.40".to_owned()],
        };
        let Answer::Found { request, hits } = search.answer();
        assert_eq!(request, 3);
        assert_eq!(hits.first().map(|it| it.code), Some("J45.40"));
        assert_eq!(hits.len(), HITS_MAX);
    }
}
