//! Cairn's integration tests: one binary, so that it is linked once.

#![expect(
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    clippy::string_slice,
    reason = "a test may fail loudly"
)]

mod bit_flips;
mod catalogues;
mod docs_fresh;
mod fhir_hostile;
mod fhir_in;
mod flaky_disk;
mod formats;
mod formats_members;
mod hostile_store;
mod membership;
mod merge;
mod merge_any_order;
mod permissions;
mod poison;
mod power_cut;
mod samples;
mod screens;
mod stage;
mod store;
mod tidy;
