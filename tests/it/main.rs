//! Cairn's integration tests: one binary, so that it is linked once.

#![expect(
    clippy::unwrap_used,
    clippy::string_slice,
    reason = "a test may fail loudly"
)]

mod catalogues;
mod formats;
mod tidy;
