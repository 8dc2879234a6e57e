//! Cairn: an offline-first electronic medical record for rural clinics.

pub mod app;
pub mod care;
pub mod chart;
pub mod cli;
pub mod clinic;
pub mod content;
pub mod demo;
pub mod doc;
pub mod exchange;
pub mod find;
pub mod ids;
pub mod ledger;
pub mod members;
pub mod net;
pub mod platform;
pub mod say;
pub mod seal;
pub mod store;
pub mod sync;
pub mod text;
pub mod time;
pub mod tui;
