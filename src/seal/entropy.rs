//! Randomness as an argument: the system's, or a seeded stream for demos and tests.

use std::fmt;

/// Where random bytes come from.
pub trait Entropy {
    /// Fills `into` with random bytes.
    fn fill(&mut self, into: &mut [u8]);
}

/// The operating system's random bytes.
#[derive(Debug, Clone, Copy, Default)]
pub struct OsEntropy;

impl Entropy for OsEntropy {
    #[expect(
        clippy::expect_used,
        reason = "a machine without random bytes must not make a single key"
    )]
    fn fill(&mut self, into: &mut [u8]) {
        getrandom::fill(into).expect("the system gives random bytes");
    }
}

/// The same bytes for the same seed: BLAKE3's extendable output. Never for a real clinic.
pub struct SeededEntropy(blake3::OutputReader);

impl SeededEntropy {
    /// The stream of this seed.
    pub fn new(seed: u64) -> Self {
        let mut hasher = blake3::Hasher::new_derive_key("cairn/seeded-entropy/v1");
        hasher.update(&seed.to_be_bytes());
        Self(hasher.finalize_xof())
    }
}

impl Entropy for SeededEntropy {
    fn fill(&mut self, into: &mut [u8]) {
        self.0.fill(into);
    }
}

impl fmt::Debug for SeededEntropy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SeededEntropy(at {})", self.0.position())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sixteen(entropy: &mut dyn Entropy) -> [u8; 16] {
        let mut bytes = [0; 16];
        entropy.fill(&mut bytes);
        bytes
    }

    #[test]
    fn a_seed_gives_its_own_stream_again_and_again() {
        let mut one = SeededEntropy::new(7);
        let first = sixteen(&mut one);
        assert_ne!(first, sixteen(&mut one));
        assert_eq!(first, sixteen(&mut SeededEntropy::new(7)));
        assert_ne!(first, sixteen(&mut SeededEntropy::new(8)));
    }

    #[test]
    fn the_system_does_not_repeat_itself() {
        assert_ne!(sixteen(&mut OsEntropy), sixteen(&mut OsEntropy));
    }
}
