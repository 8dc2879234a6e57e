//! Who belongs to a clinic: signed statements, in any order, folded into users, machines and
//! keys; whether what a session wrote counts; and what a person may do.
//!
//! Statements name those that were known when they were made, so that all of them form a
//! graph that every machine holds. Everything here is a pure function of the statements and
//! certificates at hand. `docs/design/membership.md` draws the bytes and states the rules.

mod authorize;
mod body;
mod build;
mod card;
mod certificate;
mod codec;
mod compartment;
mod dag;
mod endpoint;
mod epoch;
mod fold;
mod freshness;
mod grant;
mod ground;
mod judge;
mod kept_card;
mod letter;
mod name;
mod papers;
mod removal;
mod roster;
mod sharing;
mod statement;
mod told;
mod verdict;
mod wire;

pub use authorize::{Acting, authorize};
pub use body::{Body, EpochKey, NewDevice, Newcomer, Reach};
pub use build::{Enrolling, Founded, Founding, Joining, NewEpoch, Series, found_clinic};
pub use card::{
    CARD_BYTES_MAX, CARD_FILE_BYTES_MAX, CARD_MACHINES_MAX, Card, Provider, Verified,
};
pub use certificate::{CERTIFICATE_BYTES_MAX, Certificate, Granted, SESSION_MS_MAX};
pub use codec::REACH_MAX;
pub use compartment::CompartmentName;
pub use endpoint::Endpoint;
pub use epoch::{Current, Epoch, EpochSecrets};
pub use fold::Membership;
pub use freshness::FRESH_MS;
pub use grant::{
    Access, DocKey, GIVEN_KEYS_MAX, GRANTED_MAX, Grant, GrantKeys, PurposeCode,
};
pub use judge::Written;
pub use kept_card::{KeptCard, SealedCard};
pub use letter::{
    LETTER_FILE_BYTES_MAX, LETTER_SUMMARY_BYTES_MAX, LETTER_TEXT_BYTES_MAX, Letter, Says,
    Writing,
};
pub use name::{NAME_BYTES_MAX, NameKey, Named, SealedName};
pub use papers::{PAPERS_BYTES_MAX, Papers};
pub use roster::{Device, Erasure, Member, Standing, UserKeys};
pub use sharing::{Granting, Term, WrittenOutside};
pub use statement::{Author, Draft, PARENTS_MAX, STATEMENT_BYTES_MAX, Signer, Statement};
pub use told::{TOLD_BYTES_MAX, Told};
pub use verdict::{Judgement, Missing, Void};

/// Why bytes are no statement or certificate, or something could not be said.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// The bytes break a rule of the format.
    #[error("not a statement or certificate: {0}")]
    Malformed(&'static str),
    /// Written by a newer program.
    #[error("version {version} with suite {suite} is not known to this program")]
    Unknown {
        /// The version byte.
        version: u8,
        /// The suite byte.
        suite: u8,
    },
    /// Something in it is larger than is accepted.
    #[error("larger than {max}")]
    TooLarge {
        /// The most that is accepted.
        max: usize,
    },
    /// It speaks of another clinic.
    #[error("of another clinic")]
    OtherClinic,
    /// A key or a signature does not fit.
    #[error(transparent)]
    Seal(#[from] crate::seal::Error),
}
