//! Names of things: one type per kind of thing, so that two ids never mix.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

/// Text that is not an id of the wanted length in hexadecimal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not an id: {digits} hexadecimal digits expected")]
pub struct NotAnId {
    digits: usize,
}

macro_rules! id {
    ($(#[$doc:meta])* $name:ident, $len:literal) => {
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        pub struct $name([u8; $len]);

        impl $name {
            /// The id's length in bytes.
            pub const LEN: usize = $len;
            /// The id of nothing: what stands where no such thing is meant.
            pub const ZERO: Self = Self([0; $len]);

            /// The id with these bytes.
            pub const fn from_bytes(bytes: [u8; $len]) -> Self {
                Self(bytes)
            }

            /// The id's bytes.
            pub const fn as_bytes(&self) -> &[u8; $len] {
                &self.0
            }

            /// The id in these bytes, if their length is right.
            pub fn from_slice(bytes: &[u8]) -> Option<Self> {
                bytes.try_into().ok().map(Self)
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "{}(", stringify!($name))?;
                for byte in self.0.iter().take(4) {
                    write!(f, "{byte:02x}")?;
                }
                f.write_str(")")
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
            }
        }

        impl FromStr for $name {
            type Err = NotAnId;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                let mut bytes = [0; $len];
                read_hex(text, &mut bytes)
                    .then_some(Self(bytes))
                    .ok_or(NotAnId { digits: 2 * $len })
            }
        }
    };
}

id! {
    /// Names one person's chart, on every machine.
    PatientId, 16
}
id! {
    /// Names one record (a visit, an allergy …) inside a chart. A `UUIDv7` for records made
    /// here, derived from their source for imported ones.
    RecordId, 16
}
id! {
    /// Names a clinic: the hash of its root key, shortened.
    ClinicId, 16
}
id! {
    /// Names a document. Computed from a compartment's naming secret, never drawn.
    DocId, 16
}
id! {
    /// Names the append-only log that one incarnation of a machine writes.
    LogId, 16
}
id! {
    /// Names a user: the hash of the user's first public signing key, shortened.
    UserId, 16
}
id! {
    /// Names a machine's incarnation: the hash of its public device key, shortened.
    DeviceId, 16
}
id! {
    /// Names a session: the hash of its certificate.
    SessionId, 32
}
id! {
    /// Names a statement about membership: its hash.
    StatementId, 32
}
id! {
    /// Names a provider's contact card: its hash.
    CardId, 32
}
id! {
    /// Names a compartment's epoch: the hash of its statement, shortened.
    EpochId, 8
}
id! {
    /// Names a document's key in an envelope's header.
    KeyId, 16
}
id! {
    /// A BLAKE3 hash of an envelope, a text or a blob.
    Hash, 32
}
id! {
    /// Names one run of an import: derived from its input, so that the same input taken
    /// again, or taken up after a crash, is the same import.
    ImportId, 16
}

fn read_hex(text: &str, into: &mut [u8]) -> bool {
    let digits: Option<Vec<u8>> = text
        .bytes()
        .filter(|byte| *byte != b'-')
        .map(|byte| char::from(byte).to_digit(16))
        .map(|digit| digit.and_then(|it| u8::try_from(it).ok()))
        .collect();
    let Some(digits) = digits else { return false };
    if digits.len() != 2 * into.len() {
        return false;
    }
    for (byte, pair) in into.iter_mut().zip(digits.chunks_exact(2)) {
        if let [high, low] = pair {
            *byte = high << 4 | low;
        }
    }
    true
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_log_line_shows_eight_digits_and_no_more() {
        let id = PatientId::from_bytes([0x3f; 16]);
        assert_eq!(format!("{id:?}"), "PatientId(3f3f3f3f)");
    }

    #[test]
    fn an_id_reads_back_from_its_text_with_and_without_hyphens() {
        let id = RecordId::from_bytes(*b"0123456789abcdef");
        assert_eq!(id.to_string().parse(), Ok(id));
        assert_eq!("30313233-3435-3637-3839-616263646566".parse(), Ok(id));
    }

    #[test]
    fn text_that_is_no_id_is_refused() {
        for text in ["", "30", "zz313233343536373839616263646566", "é"] {
            assert!(text.parse::<RecordId>().is_err(), "for {text:?}");
        }
    }
}
