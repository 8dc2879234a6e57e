//! How well a typed word fits a word on file, as a number that sorts.

use super::How;

/// How well a typed word fits; more is better, 0 is not at all.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub(super) struct Quality(pub(super) u8);

impl Quality {
    /// Letter for letter.
    pub(super) const EXACT: Self = Self(100);
    /// The typed word is the beginning.
    pub(super) const STARTS: Self = Self(80);
    /// The same sounds, spelt much alike, or read alike in another script.
    pub(super) const SOUNDS: Self = Self(60);
    /// The same sounds, spelt otherwise.
    pub(super) const SOUNDS_SOMEWHAT: Self = Self(55);
    /// The typed word has the sounds of the beginning.
    pub(super) const SOUNDS_SO_FAR: Self = Self(50);
    /// One slip of the finger.
    pub(super) const SLIP: Self = Self(40);
    /// Two slips of the finger.
    pub(super) const TWO_SLIPS: Self = Self(35);
    /// One slip in the beginning.
    pub(super) const SLIP_SO_FAR: Self = Self(30);

    /// The same fit in a field that people ask for less often than names.
    pub(super) const fn less(self) -> Self {
        Self(self.0.saturating_sub(4))
    }

    /// The fit in words; none when it does not fit.
    pub(super) const fn how(self) -> Option<How> {
        match self.0 {
            0 => None,
            1..=40 => Some(How::Misspelt),
            41..=60 => Some(How::SoundsLike),
            61..=80 => Some(How::Starts),
            81.. => Some(How::Exact),
        }
    }
}
