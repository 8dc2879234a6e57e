//! The exchange between machines, as decisions and bytes: no socket, no clock, no disk.

pub mod backup;
pub mod bundle;
pub mod pair;
pub mod proto;
pub mod status;
pub mod wire;
