//! Every sentence that a person reads on a screen, by its id, from the catalogues in
//! `assets/i18n/`. The catalogues are part of the program.

mod calendar;

use std::{fmt, sync::Arc};

use fluent_bundle::{FluentArgs, FluentResource, FluentValue, concurrent::FluentBundle};
use unic_langid::LanguageIdentifier;

/// A language that the screens speak.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub enum Lang {
    /// English.
    #[default]
    English,
    /// French.
    French,
    /// Spanish.
    Spanish,
}

/// What a sentence leaves open.
#[derive(Clone, PartialEq, Eq)]
pub enum Arg {
    /// A count; decides between singular and plural.
    Count(i64),
    /// Text.
    Text(String),
}

/// The sentences of one language. A sentence that it lacks is said in English.
#[derive(Clone)]
pub struct Say {
    lang: Lang,
    months: Arc<[String; 12]>,
    catalogues: Arc<[FluentBundle<FluentResource>]>,
}

impl Lang {
    /// Every language, in the order in which they are offered.
    pub const ALL: [Self; 3] = [Self::English, Self::French, Self::Spanish];

    /// The language's code: `en`, `fr`, `es`.
    pub const fn code(self) -> &'static str {
        match self {
            Self::English => "en",
            Self::French => "fr",
            Self::Spanish => "es",
        }
    }

    /// The language's name in itself.
    pub const fn own_name(self) -> &'static str {
        match self {
            Self::English => "English",
            Self::French => "Français",
            Self::Spanish => "Español",
        }
    }

    /// The language of a code or a locale such as `fr`, `fr_CM.UTF-8` or `es-GT`.
    pub fn named(locale: &str) -> Option<Self> {
        let code = locale
            .split(['_', '-', '.', '@'])
            .next()
            .unwrap_or_default();
        Self::ALL
            .into_iter()
            .find(|it| it.code().eq_ignore_ascii_case(code))
    }

    /// The whole catalogue, as it stands in the file.
    pub const fn catalogue(self) -> &'static str {
        match self {
            Self::English => include_str!("../assets/i18n/en.ftl"),
            Self::French => include_str!("../assets/i18n/fr.ftl"),
            Self::Spanish => include_str!("../assets/i18n/es.ftl"),
        }
    }
}

impl Say {
    /// The sentences of this language.
    pub fn new(lang: Lang) -> Self {
        let langs = match lang {
            Lang::English => vec![Lang::English],
            Lang::French | Lang::Spanish => vec![lang, Lang::English],
        };
        let mut say = Self {
            lang,
            months: Arc::default(),
            catalogues: langs.into_iter().map(read).collect(),
        };
        say.months = Arc::new(calendar::MONTHS.map(|id| say.line(id)));
        say
    }

    /// The language spoken.
    pub const fn lang(&self) -> Lang {
        self.lang
    }

    /// The sentence with this id. An id that no catalogue has is its own sentence.
    pub fn line(&self, id: &str) -> String {
        self.with(id, &[])
    }

    /// The sentence with this id, with what it leaves open.
    pub fn with(&self, id: &str, args: &[(&str, Arg)]) -> String {
        let mut fluent_args = FluentArgs::with_capacity(args.len());
        for (name, arg) in args {
            fluent_args.set(*name, FluentValue::from(arg));
        }
        let said = self.catalogues.iter().find_map(|catalogue| {
            let pattern = catalogue.get_message(id)?.value()?;
            let mut problems = Vec::new();
            let said =
                catalogue.format_pattern(pattern, Some(&fluent_args), &mut problems);
            Some(said.into_owned())
        });
        said.unwrap_or_else(|| id.to_owned())
    }

    /// Whether some catalogue has a sentence with this id.
    pub fn has(&self, id: &str) -> bool {
        self.catalogues.iter().any(|it| it.has_message(id))
    }
}

impl Arg {
    /// A count of things.
    pub fn count(number: usize) -> Self {
        Self::Count(i64::try_from(number).unwrap_or(i64::MAX))
    }

    /// Text.
    pub fn text(text: impl Into<String>) -> Self {
        Self::Text(text.into())
    }
}

impl From<&str> for Arg {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<String> for Arg {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl From<usize> for Arg {
    fn from(number: usize) -> Self {
        Self::count(number)
    }
}

impl From<&Arg> for FluentValue<'_> {
    fn from(arg: &Arg) -> Self {
        match arg {
            Arg::Count(number) => FluentValue::from(*number),
            Arg::Text(text) => FluentValue::from(text.clone()),
        }
    }
}

/// What a sentence is told is often a person's name.
impl fmt::Debug for Arg {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Arg(…)")
    }
}

impl fmt::Debug for Say {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Say({})", self.lang.code())
    }
}

/// Reads a catalogue. What is wrong in one is found by the tests; here the rest is kept.
fn read(lang: Lang) -> FluentBundle<FluentResource> {
    let code: LanguageIdentifier = lang.code().parse().unwrap_or_default();
    let mut bundle = FluentBundle::new_concurrent(vec![code]);
    bundle.set_use_isolating(false);
    let resource = FluentResource::try_new(lang.catalogue().to_owned())
        .unwrap_or_else(|(partly, _)| partly);
    bundle.add_resource_overriding(resource);
    bundle
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_language_is_known_by_its_code_and_by_a_locale() {
        assert_eq!(Lang::named("fr_CM.UTF-8"), Some(Lang::French));
        assert_eq!(Lang::named("es-GT"), Some(Lang::Spanish));
        assert_eq!(Lang::named("EN"), Some(Lang::English));
        assert_eq!(Lang::named("C"), None);
        assert_eq!(Lang::named(""), None);
    }

    #[test]
    fn counts_choose_the_plural_of_the_language() {
        let matches =
            |lang, n: usize| Say::new(lang).with("find-matches", &[("n", n.into())]);
        assert_eq!(matches(Lang::English, 1), "1 match");
        assert_eq!(matches(Lang::English, 4), "4 matches");
        assert_eq!(matches(Lang::French, 0), "0 dossier");
        assert_eq!(matches(Lang::French, 4), "4 dossiers");
        assert_eq!(matches(Lang::Spanish, 1), "1 expediente");
    }

    #[test]
    fn what_is_filled_in_carries_no_direction_marks() {
        let said =
            Say::new(Lang::English).with("find-register", &[("name", "أحمد".into())]);
        assert!(!said.contains(['\u{2068}', '\u{2069}']), "{said:?}");
        assert!(said.contains("أحمد"));
    }

    #[test]
    fn an_unknown_id_is_seen() {
        assert_eq!(Say::new(Lang::French).line("no-such-line"), "no-such-line");
    }
}
