//! The input as a stream of entries: one JSON document after another, each a resource or a
//! Bundle whose entries are handed on one by one.

use std::{fmt, io::Read, rc::Rc};

use serde::de::{
    DeserializeSeed, Deserializer, Error, IgnoredAny, MapAccess, SeqAccess, Visitor,
};
use serde_json::{Map, Value, error::Category};

use super::{
    Rule,
    limit::{Gauge, Limited},
    value::{Build, Tally},
};

/// What the stream hands on.
pub(super) enum Piece {
    /// One resource.
    Entry(Entry),
    /// The end of a Bundle, with what it says of itself.
    Bundle {
        /// `Bundle.type`.
        kind: Option<String>,
        /// `Bundle.meta.source`.
        source: Option<String>,
    },
}

/// One resource and where it stands.
pub(super) struct Entry {
    /// `line 34` or `entry[12].resource`.
    pub(super) place: String,
    /// Its number in the file, from 0.
    pub(super) ordinal: u64,
    /// Whether it stands in a Bundle.
    pub(super) in_bundle: bool,
    /// `Bundle.entry.fullUrl`.
    pub(super) full_url: Option<String>,
    /// The resource.
    pub(super) resource: Map<String, Value>,
    /// Why it cannot be read at all, if it cannot.
    pub(super) fault: Option<&'static str>,
}

/// Why the receiver of pieces wants no more.
pub(super) enum Stop {
    /// It has enough.
    Enough,
    /// The file is not to be taken.
    Refuse(Rule),
}

/// Receives the pieces.
pub(super) type Sink<'s> = &'s mut dyn FnMut(Piece) -> Result<(), Stop>;

/// Where a walk ended that was not broken off by an error.
pub(super) type Ended = std::ops::ControlFlow<()>;

/// Hands on every piece of the input. Nothing longer than an entry may be is ever held.
pub(super) fn walk(input: impl Read, sink: Sink<'_>) -> Result<Ended, (String, Rule)> {
    let (mut input, gauge) = Limited::new(input);
    match input.peek() {
        Ok(Some(b'{')) => {}
        Ok(first) => return Err(("line 1".to_owned(), not_fhir(first))),
        Err(_) if gauge.is_over() => return Err(("line 1".to_owned(), Rule::TooLong)),
        Err(error) => return Err(("line 1".to_owned(), Rule::Unreadable(error))),
    }
    let skipped = gauge.line() - 1;
    let mut from = serde_json::Deserializer::from_reader(input);
    let mut walk = Walk {
        gauge,
        sink,
        stop: None,
        place: String::new(),
        first: true,
        given: 0,
    };
    loop {
        walk.gauge.refill();
        if !walk.first && from.end().is_ok() {
            return Ok(Ended::Continue(()));
        }
        if let Err(error) = Document(&mut walk).deserialize(&mut from) {
            return match walk.stop.take() {
                Some(Stop::Enough) => Ok(Ended::Break(())),
                Some(Stop::Refuse(rule)) => Err((walk.place, rule)),
                None => Err(walk.blame(error, skipped)),
            };
        }
        walk.first = false;
    }
}

fn not_fhir(first: Option<u8>) -> Rule {
    match first {
        None => Rule::NotFhir("the file is empty"),
        Some(b'<') => Rule::NotFhir("the file is XML"),
        Some(b'[') => Rule::NotFhir("the file is a list, not a resource or a Bundle"),
        Some(0xff | 0xfe | 0) => Rule::NotFhir("the file is not UTF-8"),
        Some(_) => Rule::NotJson("a resource begins with {".to_owned()),
    }
}

struct Walk<'s> {
    gauge: Rc<Gauge>,
    sink: Sink<'s>,
    stop: Option<Stop>,
    place: String,
    first: bool,
    given: u64,
}

impl Walk<'_> {
    /// Hands on a piece; the error only unwinds the parser, the reason stays in `stop`.
    fn give<E: Error>(&mut self, mut piece: Piece) -> Result<(), E> {
        if let Piece::Entry(entry) = &mut piece {
            entry.ordinal = self.given;
            self.given += 1;
        }
        (self.sink)(piece).map_err(|stop| self.halt(stop))
    }

    fn refuse<E: Error>(&mut self, rule: Rule) -> E {
        self.halt(Stop::Refuse(rule))
    }

    fn halt<E: Error>(&mut self, stop: Stop) -> E {
        self.stop = Some(stop);
        E::custom("stopped")
    }

    fn blame(self, error: serde_json::Error, lines_skipped: u64) -> (String, Rule) {
        if self.gauge.is_over() {
            return (self.place, Rule::TooLong);
        }
        let line = error.line() as u64 + lines_skipped;
        let place = format!("line {line}, column {}", error.column());
        let rule = match error.classify() {
            Category::Io => Rule::Unreadable(error.into()),
            Category::Data => Rule::NotFhir("a list of entries was expected"),
            Category::Eof => Rule::NotJson("the file ends too early".to_owned()),
            Category::Syntax => {
                let said = error.to_string();
                let what = said.split(" at line ").next().unwrap_or_default();
                if what.contains("recursion limit") {
                    Rule::TooDeep
                } else {
                    Rule::NotJson(what.to_owned())
                }
            }
        };
        (place, rule)
    }
}

/// One JSON document: a resource, or a Bundle.
struct Document<'w, 's>(&'w mut Walk<'s>);

impl<'de> DeserializeSeed<'de> for Document<'_, '_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, from: D) -> Result<(), D::Error> {
        from.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for Document<'_, '_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a resource")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut items: A) -> Result<(), A::Error> {
        let walk = self.0;
        let line = format!("line {}", walk.gauge.line());
        walk.place.clone_from(&line);
        let mut fields = Map::new();
        let mut tally = Tally::new();
        let mut entries = 0_u8;
        while let Some(key) = items.next_key::<String>()? {
            let kind = fields.get("resourceType");
            let bundle = entries > 0 || kind.and_then(Value::as_str) == Some("Bundle");
            let in_head = matches!(key.as_str(), "resourceType" | "type" | "meta");
            if key == "entry" && (bundle || kind.is_none()) {
                entries = entries.saturating_add(1);
                let before = if walk.first {
                    String::new()
                } else {
                    format!("{line} ")
                };
                items.next_value_seed(Entries { walk, before })?;
            } else if bundle && !in_head {
                walk.gauge.refill();
                items.next_value::<IgnoredAny>()?;
            } else {
                let value = items.next_value_seed(Build(&mut tally))?;
                if fields.insert(key, value).is_some() {
                    tally.met_twice();
                }
            }
        }
        walk.place.clone_from(&line);
        walk.end(line, fields, &tally, entries)
    }
}

impl Walk<'_> {
    /// A whole document was read: `fields` is all of a resource, or the head of a Bundle.
    fn end<E: Error>(
        &mut self,
        place: String,
        resource: Map<String, Value>,
        tally: &Tally,
        entries: u8,
    ) -> Result<(), E> {
        let kind = resource.get("resourceType").and_then(Value::as_str);
        let text = |it: &Value| it.as_str().map(str::to_owned);
        match (kind, entries) {
            (None, _) => Err(self.refuse(Rule::NotFhir("there is no resourceType"))),
            (Some("Bundle"), 2..) => {
                Err(self.refuse(Rule::NotFhir("a Bundle has its entries twice")))
            }
            (Some("Bundle"), _) if tally.fault().is_some() => {
                Err(self.refuse(Rule::NotFhir("a Bundle says its type or source twice")))
            }
            (Some("Bundle"), _) => self.give(Piece::Bundle {
                kind: resource.get("type").and_then(text),
                source: resource
                    .get("meta")
                    .and_then(|it| it.get("source"))
                    .and_then(text),
            }),
            (Some(_), 1..) => Err(self.refuse(Rule::NotFhir(
                "entries stand before the resourceType of what is no Bundle",
            ))),
            (Some(_), 0) => self.give(Piece::Entry(Entry {
                place,
                ordinal: 0,
                in_bundle: false,
                full_url: None,
                resource,
                fault: tally.fault(),
            })),
        }
    }
}

/// The entries of a Bundle.
struct Entries<'w, 's> {
    walk: &'w mut Walk<'s>,
    before: String,
}

impl<'de> DeserializeSeed<'de> for Entries<'_, '_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, from: D) -> Result<(), D::Error> {
        from.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Entries<'_, '_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list of entries")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<(), A::Error> {
        for index in 0_u64.. {
            self.walk.gauge.refill();
            self.walk.place = format!("{}entry[{index}]", self.before);
            let mut tally = Tally::new();
            let Some(value) = items.next_element_seed(Build(&mut tally))? else {
                break;
            };
            let place = format!("{}.resource", self.walk.place);
            self.walk
                .give(Piece::Entry(unpack(value, place, tally.fault())))?;
        }
        Ok(())
    }
}

/// The resource in an entry of a Bundle.
fn unpack(value: Value, place: String, fault: Option<&'static str>) -> Entry {
    let mut wrapper = if let Value::Object(wrapper) = value {
        wrapper
    } else {
        Map::new()
    };
    let full_url = wrapper.remove("fullUrl");
    let (resource, missing) = match wrapper.remove("resource") {
        Some(Value::Object(resource)) => (resource, None),
        _ => (Map::new(), Some("the entry has no resource")),
    };
    Entry {
        place,
        ordinal: 0,
        in_bundle: true,
        full_url: full_url.as_ref().and_then(Value::as_str).map(str::to_owned),
        resource,
        fault: fault.or(missing),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The places of all entries and the ends of Bundles.
    fn places(text: &str) -> Result<Vec<String>, String> {
        let mut found = Vec::new();
        let ended = walk(text.as_bytes(), &mut |piece| {
            found.push(match piece {
                Piece::Entry(it) => match it.fault {
                    None => it.place,
                    Some(fault) => format!("{}: {fault}", it.place),
                },
                Piece::Bundle { kind, .. } => kind.unwrap_or_default(),
            });
            Ok(())
        });
        let ended = ended.map_err(|(place, rule)| format!("{rule}, at {place}"));
        ended.map(|_| found)
    }

    #[track_caller]
    fn check(text: &str, expected: &[&str]) {
        assert_eq!(places(text).unwrap(), expected, "for {text}");
    }

    #[track_caller]
    fn check_refused(text: &str, expected: &str) {
        assert_eq!(places(text), Err(expected.to_owned()), "for {text}");
    }

    #[test]
    fn a_file_is_told_by_its_content() {
        check(r#"{"resourceType":"Patient"}"#, &["line 1"]);
        check(
            "\u{feff}\n {\"resourceType\":\n\"Patient\"}\n\n",
            &["line 2"],
        );
        check(
            "{\"resourceType\":\"A\"}\n\n{\"resourceType\":\"B\"}\r\n",
            &["line 1", "line 3"],
        );
        check(
            r#"{"resourceType":"Bundle","type":"collection","link":[{}],"entry":[{"resource":{}},{}]}"#,
            &[
                "entry[0].resource",
                "entry[1].resource: the entry has no resource",
                "collection",
            ],
        );
    }

    #[test]
    fn keys_may_stand_in_any_order() {
        check(
            r#"{"entry":[{"resource":{}}],"resourceType":"Bundle","type":"document"}"#,
            &["entry[0].resource", "document"],
        );
        check(r#"{"entry":[],"type":"x","resourceType":"Bundle"}"#, &["x"]);
        check(r#"{"resourceType":"List","entry":[]}"#, &["line 1"]);
        check_refused(
            r#"{"entry":[],"resourceType":"List"}"#,
            "not FHIR R4 in JSON: entries stand before the resourceType of what is no \
             Bundle, at line 1",
        );
    }

    #[test]
    fn what_is_no_json_is_refused_with_its_place() {
        check_refused("", "not FHIR R4 in JSON: the file is empty, at line 1");
        check_refused(
            "<Patient/>",
            "not FHIR R4 in JSON: the file is XML, at line 1",
        );
        check_refused("MSH|^~", "not JSON: a resource begins with {, at line 1");
        check_refused(
            "{\"resourceType\":\"A\"}\n{\"resourceType\":\"B\",}",
            "not JSON: trailing comma, at line 2, column 21",
        );
        check_refused(
            "{\"resourceType\":\"A\" // a comment\n}",
            "not JSON: expected `,` or `}`, at line 1, column 21",
        );
        check_refused(
            r#"{"resourceType":"Bundle","entry":[{"#,
            "not JSON: the file ends too early, at line 1, column 35",
        );
        check_refused(
            r#"{"resourceType":"Bundle","entry":{}}"#,
            "not FHIR R4 in JSON: a list of entries was expected, at line 1, column 35",
        );
        check_refused(
            "{}",
            "not FHIR R4 in JSON: there is no resourceType, at line 1",
        );
    }

    #[test]
    fn a_key_twice_is_a_fault_of_its_entry_alone() {
        check(
            r#"{"resourceType":"Bundle","entry":[{"resource":{"id":"1","id":"2"}},{"resource":{}}]}"#,
            &[
                "entry[0].resource: an object in it has the same key twice",
                "entry[1].resource",
                "",
            ],
        );
        check(
            r#"{"resourceType":"A","id":"1","id":"2"}"#,
            &["line 1: an object in it has the same key twice"],
        );
        check_refused(
            r#"{"resourceType":"Bundle","entry":[],"entry":[]}"#,
            "not FHIR R4 in JSON: a Bundle has its entries twice, at line 1",
        );
    }

    #[test]
    fn nesting_is_refused_before_it_costs_the_stack() {
        for open in ["[", "{\"a\":"] {
            let text = format!("{{\"resourceType\":\"A\",\"x\":{}", open.repeat(10_000));
            let refused = places(&text).unwrap_err();
            assert!(refused.starts_with("nested deeper than 128 levels"));
        }
    }
}
