//! The envelope: what every machine keeps, sends and trusts by its bytes alone.
//!
//! An envelope is a header that everybody can read, a sealed content and a signature. Each
//! (log, lane) is a chain of them by hash. `docs/design/envelope.md` draws the bytes.

mod chain;
mod envelope;
mod frame;
mod header;
mod payload;
mod place;
#[cfg(test)]
mod samples;
mod state;

pub use chain::{Break, Chain, runs_of, verify_run};
pub use envelope::{Entry, Envelope, STUB_LEN, Stub};
pub use header::{HEADER_LEN, Header, Kind, Lane, SALT_LEN, Suite};
pub use payload::{
    BODY_BYTES_MAX, ClockQuality, PACKED_BYTES_MAX, Payload, open_payload, padded_len,
    seal_payload,
};
pub use place::{DocRun, Frontier, Place, ScopedFrontier};
pub use state::{Awaited, Refusal, State, Voided};

/// The largest envelope, in bytes. A day's typing is a hundredth of this; a scan travels in
/// chunks.
pub const ENVELOPE_BYTES_MAX: usize = 1024 * 1024;
/// The largest content, in bytes: what header and signature leave.
pub const CONTENT_BYTES_MAX: usize =
    ENVELOPE_BYTES_MAX - HEADER_LEN - crate::seal::Signature::LEN;

/// Why bytes are not an envelope to count on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// Torn, or longer than an envelope may be.
    #[error("{length} bytes are torn, or more than fit into an envelope")]
    Length {
        /// How many bytes there are.
        length: usize,
    },
    /// Not an envelope, or one whose header contradicts itself.
    #[error("not an envelope")]
    Malformed,
    /// Written by a newer program.
    #[error("version {version} with suite {suite} is not known to this program")]
    Unknown {
        /// The version byte.
        version: u8,
        /// The suite byte.
        suite: u8,
    },
    /// The signature is not that of the session over these bytes.
    #[error("the signature does not fit")]
    Signature,
    /// It does not continue the chain that is held.
    #[error(transparent)]
    Chain(#[from] Break),
    /// Sealed under another key than the one at hand.
    #[error("sealed under another key")]
    OtherKey,
    /// The key is right and the seal does not fit.
    #[error("the seal does not fit")]
    Unsealed,
    /// The seal fits and what is inside is not a payload.
    #[error("not a payload")]
    Payload,
}
