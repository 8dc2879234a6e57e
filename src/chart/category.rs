//! What a clinic keeps closed but to those whom it names: mental health, violence. Never
//! allergies.

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

/// What the names of their compartments and documents begin with.
const PREFIX: &str = "restricted/";
/// The longest word of a category in bytes.
const WORD_BYTES_MAX: usize = 32;
/// The longest name in bytes.
const NAME_BYTES_MAX: usize = PREFIX.len() + WORD_BYTES_MAX;

/// A category of records that a clinic keeps closed, by its word, such as `mental-health`:
/// lower-case letters and digits, with `-` between them.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Category {
    /// Its name, and zeros up to the end.
    name: [u8; NAME_BYTES_MAX],
}

impl Category {
    /// The category of this word.
    pub fn new(word: &str) -> Option<Self> {
        let fits = |it: u8| it.is_ascii_lowercase() || it.is_ascii_digit() || it == b'-';
        let is_word = !word.is_empty()
            && word.bytes().all(fits)
            && word.split('-').all(|it| !it.is_empty());
        if !is_word || word.len() > WORD_BYTES_MAX {
            return None;
        }
        let mut name = [0; NAME_BYTES_MAX];
        let bytes = PREFIX.bytes().chain(word.bytes());
        name.iter_mut().zip(bytes).for_each(|(to, it)| *to = it);
        Some(Self { name })
    }

    /// The category whose compartment and documents are called so.
    pub fn of_name(name: &str) -> Option<Self> {
        Self::new(name.strip_prefix(PREFIX)?)
    }

    /// The category that people call so: case and what stands between words tell none apart.
    pub fn called(text: &str) -> Option<Self> {
        if !text.is_ascii() {
            return None;
        }
        let words = text.split(|it: char| !it.is_ascii_alphanumeric());
        let words: Vec<_> = words.filter(|it| !it.is_empty()).collect();
        Self::new(&words.join("-").to_ascii_lowercase())
    }

    /// What its compartment and its document in each chart are called.
    pub fn name(&self) -> &str {
        let text = str::from_utf8(&self.name).unwrap_or_default();
        text.trim_end_matches('\0')
    }

    /// Its word.
    pub fn word(&self) -> &str {
        self.name().strip_prefix(PREFIX).unwrap_or_default()
    }

    /// Its word as people read it.
    pub fn shown(&self) -> String {
        self.word().replace('-', " ")
    }
}

impl fmt::Debug for Category {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Category({})", self.word())
    }
}

impl Serialize for Category {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_str(self.word())
    }
}

impl<'de> Deserialize<'de> for Category {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let word = String::deserialize(from)?;
        Self::new(&word).ok_or_else(|| de::Error::custom("not a category"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: Option<&str>) {
        let category = Category::called(text);
        assert_eq!(category.as_ref().map(Category::word), expected, "{text:?}");
    }

    #[test]
    fn people_call_a_category_as_they_like() {
        check("HIV", Some("hiv"));
        check("Mental health", Some("mental-health"));
        check(" mental-health! ", Some("mental-health"));
        check(
            "Sexual & reproductive health",
            Some("sexual-reproductive-health"),
        );
        check("", None);
        check("--", None);
        check("santé mentale", None);
        check(&"a".repeat(32), Some(&"a".repeat(32)));
        check(&"a".repeat(33), None);
    }

    #[test]
    fn a_category_is_known_by_the_name_of_its_compartment() {
        let hiv = Category::of_name("restricted/hiv").unwrap();
        assert_eq!(hiv.name(), "restricted/hiv");
        assert_eq!(hiv.shown(), "hiv");
        for other in [
            "hiv",
            "restricted/",
            "restricted/a/b",
            "restricted/-a",
            "front",
        ] {
            assert_eq!(Category::of_name(other), None, "for {other:?}");
        }
    }

    #[test]
    fn a_category_comes_back_from_its_bytes() {
        let kept = Category::new("sexual-and-reproductive-health").unwrap();
        let bytes = postcard::to_allocvec(&kept).unwrap();
        assert_eq!(postcard::from_bytes::<Category>(&bytes), Ok(kept));
        assert!(postcard::from_bytes::<Category>(b"\x02A-").is_err());
    }
}
