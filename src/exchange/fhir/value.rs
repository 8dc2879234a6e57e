//! One JSON value, built within limits and with the same key twice noticed.

use std::fmt;

use serde::de::{
    DeserializeSeed, Deserializer, Error, IgnoredAny, MapAccess, SeqAccess, Visitor,
};
use serde_json::{Map, Number, Value};

/// The most JSON values in one entry: each costs memory many times its text. The largest
/// entries of the sample data have some hundreds.
const VALUES_MAX: usize = 200_000;

/// The key under which `serde_json` hands on a number as it was written.
const NUMBER_KEY: &str = "$serde_json::private::Number";

/// What was noticed while a value was built.
#[derive(Debug)]
pub(super) struct Tally {
    left: usize,
    twice: bool,
}

/// Builds a value; of an object with a key twice, the first is kept.
pub(super) struct Build<'t>(pub(super) &'t mut Tally);

impl Tally {
    /// Nothing yet.
    pub(super) const fn new() -> Self {
        Self {
            left: VALUES_MAX,
            twice: false,
        }
    }

    /// A key of an object was met a second time.
    pub(super) const fn met_twice(&mut self) {
        self.twice = true;
    }

    /// Why the value must not be used, if it must not.
    pub(super) const fn fault(&self) -> Option<&'static str> {
        if self.twice {
            Some("an object in it has the same key twice")
        } else if self.left == 0 {
            Some("it has more than 200,000 JSON values")
        } else {
            None
        }
    }
}

impl<'de> DeserializeSeed<'de> for Build<'_> {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, from: D) -> Result<Value, D::Error> {
        self.0.left = self.0.left.saturating_sub(1);
        from.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Build<'_> {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON value")
    }

    fn visit_bool<E: Error>(self, it: bool) -> Result<Value, E> {
        Ok(Value::Bool(it))
    }

    fn visit_unit<E: Error>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_u64<E: Error>(self, it: u64) -> Result<Value, E> {
        Ok(Value::Number(it.into()))
    }

    fn visit_i64<E: Error>(self, it: i64) -> Result<Value, E> {
        Ok(Value::Number(it.into()))
    }

    fn visit_str<E: Error>(self, it: &str) -> Result<Value, E> {
        Ok(Value::String(it.to_owned()))
    }

    fn visit_string<E: Error>(self, it: String) -> Result<Value, E> {
        Ok(Value::String(it))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Value, A::Error> {
        let mut list = Vec::new();
        while self.0.left > 0 {
            let Some(item) = items.next_element_seed(Build(&mut *self.0))? else {
                return Ok(Value::Array(list));
            };
            list.push(item);
        }
        while items.next_element::<IgnoredAny>()?.is_some() {}
        Ok(Value::Null)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut items: A) -> Result<Value, A::Error> {
        let mut object = Map::new();
        while let Some(key) = items.next_key::<String>()? {
            if self.0.left == 0 {
                items.next_value::<IgnoredAny>()?;
                continue;
            }
            if key == NUMBER_KEY && object.is_empty() {
                let written: String = items.next_value()?;
                let number = written.parse::<Number>().map_err(Error::custom)?;
                return Ok(Value::Number(number));
            }
            let value = items.next_value_seed(Build(&mut *self.0))?;
            if object.contains_key(&key) {
                self.0.met_twice();
            } else {
                object.insert(key, value);
            }
        }
        Ok(Value::Object(object))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn build(text: &str) -> (Value, Option<&'static str>) {
        let mut tally = Tally::new();
        let mut from = serde_json::Deserializer::from_str(text);
        let value = Build(&mut tally).deserialize(&mut from).unwrap();
        (value, tally.fault())
    }

    #[test]
    fn a_value_is_the_same_as_it_was_written() {
        for text in [
            r#"{"a":[72.50,-0,1e+400,true,null,"x"],"b":{"c":0.10}}"#,
            "[]",
            "123456789012345678901234567890.0",
        ] {
            let (value, fault) = build(text);
            assert_eq!(value.to_string(), text);
            assert_eq!(fault, None);
        }
    }

    #[test]
    fn the_same_key_twice_is_noticed_at_any_depth() {
        let (value, fault) = build(r#"{"a":[{"b":1,"b":2}]}"#);
        assert_eq!(value.to_string(), r#"{"a":[{"b":1}]}"#);
        assert_eq!(fault, Some("an object in it has the same key twice"));
    }

    #[test]
    fn too_many_values_are_passed_over() {
        let many = format!("[{}0]", "0,".repeat(VALUES_MAX));
        let (_, fault) = build(&many);
        assert_eq!(fault, Some("it has more than 200,000 JSON values"));
    }
}
