//! The exchange between machines, as decisions and bytes: no socket, no clock, no disk.

pub mod pair;
pub mod status;
