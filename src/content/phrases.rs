//! The dot-phrases that come with the program (`assets/phrases.toml`).

use std::sync::LazyLock;

use serde::Deserialize;

/// A phrase: a short name and the text that it becomes.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Phrase {
    /// What is typed behind the dot.
    pub name: String,
    /// What it is for.
    pub title: String,
    /// The text, with `«blanks»`, `«a|b»` choices and `@fills@`.
    pub text: String,
}

#[derive(Deserialize, Default)]
struct Table {
    phrase: Vec<Phrase>,
}

/// Compiled in; a test reads it whole.
static TABLE: LazyLock<Table> = LazyLock::new(|| {
    toml::from_str(include_str!("../../assets/phrases.toml")).unwrap_or_default()
});

impl Phrase {
    /// The phrases that come with the program.
    pub fn built_in() -> &'static [Self] {
        &TABLE.phrase
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn the_table_is_read_whole_and_no_name_stands_twice() {
        let table: Table =
            toml::from_str(include_str!("../../assets/phrases.toml")).unwrap();
        let names: BTreeSet<_> = table.phrase.iter().map(|it| &it.name).collect();
        assert_eq!(names.len(), table.phrase.len());
        for wanted in [
            "htn", "dm", "urti", "malaria", "anc", "chest", "well", "refill",
        ] {
            assert!(Phrase::built_in().iter().any(|it| it.name == wanted));
        }
        for name in names {
            assert!(name.bytes().all(|it| it.is_ascii_lowercase()), "{name}");
        }
    }
}
