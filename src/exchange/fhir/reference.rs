//! The forms of a reference to another resource.

/// What a reference says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Reference<'a> {
    /// `#id`: a resource that stands inside the one that refers to it.
    Contained(&'a str),
    /// `Type/id`, or the same after the base of a server.
    Typed {
        /// The base of an absolute URL, without the slash at its end.
        base: Option<&'a str>,
        /// The resource's type.
        kind: &'a str,
        /// Its id.
        id: &'a str,
    },
    /// `Type?identifier=system|value`.
    Conditional {
        /// The resource's type.
        kind: &'a str,
        /// `system|value`.
        identifier: String,
    },
    /// `urn:uuid:…` and any other URI.
    Uri(&'a str),
}

impl<'a> Reference<'a> {
    /// Reads a reference; every text is one.
    pub(super) fn read(text: &'a str) -> Self {
        if let Some(id) = text.strip_prefix('#') {
            return Self::Contained(id);
        }
        if let Some((path, identifier)) = text.split_once("?identifier=") {
            let kind = path.rsplit('/').next().unwrap_or(path);
            let identifier = identifier.replace("%7C", "|").replace("%7c", "|");
            return Self::Conditional { kind, identifier };
        }
        let unversioned = text.split_once("/_history/").map_or(text, |(it, _)| it);
        typed(unversioned).unwrap_or(Self::Uri(text))
    }

    /// The UUID in `urn:uuid:…`.
    pub(super) fn uuid(text: &str) -> Option<&str> {
        text.strip_prefix("urn:uuid:")
    }
}

fn typed(text: &str) -> Option<Reference<'_>> {
    let (rest, id) = text.rsplit_once('/')?;
    let (base, kind) = match rest.rsplit_once('/') {
        Some((base, kind)) => (Some(base), kind),
        None => (None, rest),
    };
    let web =
        base.is_none_or(|it| it.starts_with("http://") || it.starts_with("https://"));
    let named = kind.starts_with(|it: char| it.is_ascii_uppercase())
        && kind.bytes().all(|it| it.is_ascii_alphabetic());
    let whole = web && named && !id.is_empty();
    whole.then_some(Reference::Typed { base, kind, id })
}

/// The id as all write it: UUIDs in small letters.
pub(super) fn spelled(id: &str) -> String {
    if is_uuid(id) {
        id.to_ascii_lowercase()
    } else {
        id.to_owned()
    }
}

/// Whether an id is a UUID, and so means one thing everywhere.
pub(super) fn is_uuid(id: &str) -> bool {
    let dash = |at: usize| matches!(at, 8 | 13 | 18 | 23);
    let fits = |(at, byte): (usize, u8)| {
        if dash(at) {
            byte == b'-'
        } else {
            byte.is_ascii_hexdigit()
        }
    };
    id.len() == 36 && id.bytes().enumerate().all(fits)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_form_of_reference_is_told_apart() {
        let typed = |base, kind, id| Reference::Typed { base, kind, id };
        for (text, expected) in [
            ("#med", Reference::Contained("med")),
            ("Patient/1", typed(None, "Patient", "1")),
            ("Patient/1/_history/2", typed(None, "Patient", "1")),
            (
                "https://a.org/fhir/Patient/1",
                typed(Some("https://a.org/fhir"), "Patient", "1"),
            ),
            ("urn:uuid:1-2", Reference::Uri("urn:uuid:1-2")),
            ("urn:oid:1.2", Reference::Uri("urn:oid:1.2")),
            ("http://a.org/x", Reference::Uri("http://a.org/x")),
            ("patient/1", Reference::Uri("patient/1")),
            ("Patient/", Reference::Uri("Patient/")),
            ("", Reference::Uri("")),
            (
                "Practitioner?identifier=http://a|7",
                Reference::Conditional {
                    kind: "Practitioner",
                    identifier: "http://a|7".to_owned(),
                },
            ),
        ] {
            assert_eq!(Reference::read(text), expected, "for {text:?}");
        }
    }

    #[test]
    fn a_uuid_is_36_characters_of_the_right_kind() {
        assert!(is_uuid("829bb06a-42b9-433d-a8f6-560727c63da9"));
        assert!(is_uuid("829BB06A-42B9-433D-A8F6-560727C63DA9"));
        for text in [
            "",
            "1",
            "829bb06a-42b9-433d-a8f6-560727c63da",
            "829bb06a+42b9-433d-a8f6-560727c63da9",
        ] {
            assert!(!is_uuid(text), "for {text:?}");
        }
    }
}
