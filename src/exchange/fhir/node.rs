//! The fields of a resource by name. A field of the wrong type is left out and noted with
//! its place; nothing here fails.

use std::{cell::RefCell, collections::BTreeSet};

use serde_json::{Map, Value};

use super::Problem;
use crate::time::{Moment, PartialDate, When};

/// The most bytes of a name, a code or a title. SNOMED's longest descriptions have 255
/// characters.
const TEXT_BYTES_MAX: usize = 1_000;

/// The most bytes of a text that a person wrote, such as a note or a conclusion.
const LONG_TEXT_BYTES_MAX: usize = 32 * 1024;

/// The most elements of a list that are read: more never come from a real chart.
pub(super) const LIST_LEN_MAX: usize = 64;

/// The most bytes of a decimal as written; FHIR asks for 18 digits.
const DECIMAL_BYTES_MAX: usize = 64;

/// What was noticed while a resource was read.
#[derive(Debug)]
pub(super) struct Log {
    place: String,
    problems: RefCell<Vec<Problem>>,
    asked: RefCell<BTreeSet<&'static str>>,
}

/// An object inside a resource, or the resource.
#[derive(Clone)]
pub(super) struct Node<'a> {
    map: &'a Map<String, Value>,
    path: String,
    log: &'a Log,
}

impl Log {
    /// An empty log of the resource at `place`.
    pub(super) const fn new(place: String) -> Self {
        Self {
            place,
            problems: RefCell::new(Vec::new()),
            asked: RefCell::new(BTreeSet::new()),
        }
    }

    /// What was noted, and how many elements of the resource nobody asked for.
    pub(super) fn close(self, resource: &Map<String, Value>) -> (Vec<Problem>, usize) {
        let asked = self.asked.into_inner();
        let known = |key: &str| {
            asked.contains(key)
                || matches!(key, "resourceType" | "id" | "meta" | "text" | "contained")
        };
        let unread = resource.keys().filter(|key| !known(key)).count();
        (self.problems.into_inner(), unread)
    }
}

impl<'a> Node<'a> {
    /// The resource itself.
    pub(super) const fn root(map: &'a Map<String, Value>, log: &'a Log) -> Self {
        Self {
            map,
            path: String::new(),
            log,
        }
    }

    /// Notes that a field breaks a rule.
    pub(super) fn note(&self, key: &str, rule: &'static str) {
        let Log { place, .. } = self.log;
        let place = format!("{place}.{}{key}", self.path);
        self.log.problems.borrow_mut().push(Problem { place, rule });
    }

    /// Whether the field is there, whatever it holds.
    pub(super) fn has(&self, key: &'static str) -> bool {
        self.value(key).is_some()
    }

    /// The one of these fields that is there: FHIR's `value[x]`.
    pub(super) fn which(&self, keys: &[&'static str]) -> Option<&'static str> {
        keys.iter().copied().find(|key| self.has(key))
    }

    /// A short text.
    pub(super) fn text(&self, key: &'static str) -> Option<&'a str> {
        let value = self.value(key)?;
        self.text_in(key, value, TEXT_BYTES_MAX)
    }

    /// A text that a person wrote.
    pub(super) fn long_text(&self, key: &'static str) -> Option<&'a str> {
        let value = self.value(key)?;
        self.text_in(key, value, LONG_TEXT_BYTES_MAX)
    }

    /// A text of any length, such as the bytes of an attachment.
    pub(super) fn raw_text(&self, key: &'static str) -> Option<&'a str> {
        let value = self.value(key)?;
        self.text_in(key, value, usize::MAX)
    }

    /// A text, where an object is expected as a rule.
    pub(super) fn plain_text(&self, key: &'static str) -> Option<&'a str> {
        let text = self.value(key)?.as_str()?;
        (text.len() <= TEXT_BYTES_MAX).then_some(text)
    }

    /// A list of short texts.
    pub(super) fn texts(&self, key: &'static str) -> Vec<&'a str> {
        let items = self.list(key).into_iter();
        items
            .filter_map(|it| self.text_in(key, it, TEXT_BYTES_MAX))
            .collect()
    }

    /// True or false.
    pub(super) fn flag(&self, key: &'static str) -> Option<bool> {
        let flag = self.value(key)?.as_bool();
        self.or_note(flag, key, "not true or false")
    }

    /// A decimal exactly as written.
    pub(super) fn decimal(&self, key: &'static str) -> Option<String> {
        let number = self.value(key)?.as_number().map(ToString::to_string);
        let finite = |it: &String| it.parse().is_ok_and(f64::is_finite);
        let number = number.filter(|it| it.len() <= DECIMAL_BYTES_MAX && finite(it));
        self.or_note(number, key, "not a number of at most 64 digits")
    }

    /// A date, or a date and time. A time without an offset keeps its day.
    pub(super) fn when(&self, key: &'static str) -> Option<When> {
        let text = self.text(key)?;
        let Ok(when) = text.parse() else {
            return self.day_of(key, text).map(When::On);
        };
        Some(when)
    }

    /// A date; of a date and time, the day.
    pub(super) fn date(&self, key: &'static str) -> Option<PartialDate> {
        let text = self.text(key)?;
        text.parse().ok().or_else(|| self.day_of(key, text))
    }

    /// A moment to sort by; of a date, its first.
    pub(super) fn moment(&self, key: &'static str) -> Option<Moment> {
        self.when(key).map(moment)
    }

    /// An object.
    pub(super) fn node(&self, key: &'static str) -> Option<Self> {
        let map = self.value(key)?.as_object();
        let map = self.or_note(map, key, "not an object")?;
        Some(self.inside(map, format!("{}{key}.", self.path)))
    }

    /// A list of objects.
    pub(super) fn nodes(&self, key: &'static str) -> Vec<Self> {
        let mut nodes = Vec::new();
        for (index, item) in self.list(key).into_iter().enumerate() {
            match item.as_object() {
                Some(map) => {
                    let path = format!("{}{key}[{index}].", self.path);
                    nodes.push(self.inside(map, path));
                }
                None => self.note(&format!("{key}[{index}]"), "not an object"),
            }
        }
        nodes
    }

    /// The first object of a list.
    pub(super) fn first(&self, key: &'static str) -> Option<Self> {
        self.nodes(key).into_iter().next()
    }

    /// How many elements a list has; 1 for what is no list.
    pub(super) fn count(&self, key: &'static str) -> usize {
        self.value(key)
            .map_or(0, |it| it.as_array().map_or(1, Vec::len))
    }

    /// Whether the field is a list.
    pub(super) fn is_list(&self, key: &'static str) -> bool {
        self.value(key).is_some_and(Value::is_array)
    }

    /// A resource that stands inside this one.
    pub(super) fn contained(&self, id: &str) -> Option<Self> {
        let mut nodes = self.nodes("contained").into_iter();
        nodes.find(|it| it.text("id") == Some(id))
    }

    fn value(&self, key: &'static str) -> Option<&'a Value> {
        if self.path.is_empty() {
            self.log.asked.borrow_mut().insert(key);
        }
        self.map.get(key).filter(|it| !it.is_null())
    }

    fn list(&self, key: &'static str) -> Vec<&'a Value> {
        match self.value(key) {
            None => Vec::new(),
            Some(Value::Array(items)) => {
                if items.len() > LIST_LEN_MAX {
                    self.note(key, "more than 64 elements: only the first are kept");
                }
                items.iter().take(LIST_LEN_MAX).collect()
            }
            Some(single) => {
                self.note(key, "not a list: read as a list of one");
                vec![single]
            }
        }
    }

    fn inside(&self, map: &'a Map<String, Value>, path: String) -> Self {
        Self {
            map,
            path,
            log: self.log,
        }
    }

    fn text_in(&self, key: &str, value: &'a Value, bytes_max: usize) -> Option<&'a str> {
        let text = self.or_note(value.as_str(), key, "not a text")?.trim();
        if text.len() > bytes_max {
            self.note(key, "longer than such a text may be");
            return None;
        }
        (!text.is_empty()).then_some(text)
    }

    fn day_of(&self, key: &str, text: &str) -> Option<PartialDate> {
        let day = text.split('T').next().and_then(|day| day.parse().ok());
        let rule = match day {
            Some(_) => "not a time with its offset: only the day is kept",
            None => "not a date of the calendar",
        };
        self.note(key, rule);
        day
    }

    fn or_note<T>(&self, value: Option<T>, key: &str, rule: &'static str) -> Option<T> {
        if value.is_none() {
            self.note(key, rule);
        }
        value
    }
}

/// A moment to sort by; of a date, its first.
pub(super) fn moment(when: When) -> Moment {
    match when {
        When::At(moment) => moment,
        When::On(date) => Moment {
            at: date.first_instant(),
            offset_minutes: 0,
        },
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    /// What `read` finds in an object, and the rules that were broken.
    fn read<T>(value: &Value, read: impl Fn(&Node<'_>) -> T) -> (T, Vec<String>) {
        let map = value.as_object().unwrap();
        let log = Log::new("line 1".to_owned());
        let found = read(&Node::root(map, &log));
        let (problems, _) = log.close(map);
        let said = |it: Problem| format!("{}: {}", it.place, it.rule);
        (found, problems.into_iter().map(said).collect())
    }

    #[test]
    fn a_day_that_never_was_is_left_out_and_noted() {
        let value = json!({"a": "2019-02-30", "b": "2019-02-28T10:00", "c": "2019-02"});
        let (found, problems) = read(&value, |it| {
            ["a", "b", "c"].map(|key| it.when(key).map(|it| it.to_string()))
        });
        let expected = [None, Some("2019-02-28"), Some("2019-02")];
        assert_eq!(found, expected.map(|it| it.map(str::to_owned)));
        assert_eq!(
            problems,
            [
                "line 1.a: not a date of the calendar",
                "line 1.b: not a time with its offset: only the day is kept",
            ]
        );
    }

    #[test]
    fn a_field_of_the_wrong_type_is_noted_with_its_path() {
        let value = json!({"name": [{"family": 5}, "x"], "active": "yes", "n": null});
        let ((), problems) = read(&value, |it| {
            let names = it.nodes("name");
            assert_eq!(names.first().unwrap().text("family"), None);
            assert_eq!(it.flag("active"), None);
            assert_eq!(it.text("n"), None);
        });
        assert_eq!(
            problems,
            [
                "line 1.name[1]: not an object",
                "line 1.name[0].family: not a text",
                "line 1.active: not true or false",
            ]
        );
    }

    #[test]
    fn a_decimal_is_kept_as_it_was_written() {
        let value =
            serde_json::from_str(r#"{"a": 72.50, "b": 1.0e+2, "c": "5", "d": 1e400}"#)
                .unwrap();
        let (found, problems) =
            read(&value, |it| ["a", "b", "c", "d"].map(|key| it.decimal(key)));
        let expected = [Some("72.50"), Some("1.0e+2"), None, None];
        assert_eq!(found, expected.map(|it| it.map(str::to_owned)));
        let rule = "not a number of at most 64 digits";
        assert_eq!(
            problems,
            ["c", "d"].map(|it| format!("line 1.{it}: {rule}"))
        );
    }

    #[test]
    fn elements_that_nobody_asked_for_are_counted() {
        let value = json!({"resourceType": "A", "id": "1", "a": 1, "b": 2, "_a": {}});
        let map = value.as_object().unwrap();
        let log = Log::new(String::new());
        assert!(Node::root(map, &log).has("a"));
        assert_eq!(log.close(map).1, 2);
    }
}
