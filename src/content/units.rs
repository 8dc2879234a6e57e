//! Units of measure: what may be typed, UCUM codes, and exact conversion.

use std::sync::LazyLock;

use serde::Deserialize;

use super::{Decimal, Vital};

#[derive(Deserialize, Default)]
struct Table {
    unit: Vec<Unit>,
    conversion: Vec<Conversion>,
}

#[derive(Deserialize)]
struct Unit {
    code: String,
    shown: String,
    typed: Vec<String>,
}

#[derive(Deserialize)]
struct Conversion {
    from: String,
    to: String,
    vital: Option<String>,
    #[serde(default)]
    subtract: i32,
    multiply: i64,
    divide: i64,
}

/// Compiled in; a test reads it whole.
static TABLE: LazyLock<Table> = LazyLock::new(|| {
    toml::from_str(include_str!("../../assets/units.toml")).unwrap_or_default()
});

/// The UCUM codes that typed letters can mean, such as `[degF]` for `f`. Case is ignored.
pub fn typed_units(typed: &str) -> impl Iterator<Item = &'static str> {
    let typed = typed.to_lowercase();
    let means = move |unit: &&Unit| unit.typed.contains(&typed) || unit.code == typed;
    TABLE
        .unit
        .iter()
        .filter(means)
        .map(|unit| unit.code.as_str())
}

/// The sign that screens show for a UCUM code, such as `°C` for `Cel`; of an unknown code,
/// the code.
pub fn shown_unit(ucum: &str) -> &str {
    let found = TABLE.unit.iter().find(|unit| unit.code == ucum);
    found.map_or(ucum, |unit| &unit.shown)
}

/// A number of one UCUM unit in the unit that is stored for this vital sign, rounded half
/// away from zero to the sign's places. The same unit leaves the number as written. None
/// when the unit cannot be converted.
pub fn convert(vital: Vital, number: Decimal, from: &str) -> Option<Decimal> {
    let to = vital.unit();
    if from == to {
        return Some(number);
    }
    let fits = |it: &&Conversion| {
        let for_this = it.vital.as_deref().is_none_or(|key| key == vital.key());
        it.from == from && it.to == to && for_this
    };
    let way = TABLE.conversion.iter().find(fits)?;
    number.scaled(way.subtract, (way.multiply, way.divide), vital.places())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(vital: Vital, number: &str, from: &str, expected: &str) {
        let converted = convert(vital, number.parse().unwrap(), from);
        let shown = converted.map(|it| it.to_string()).unwrap_or_default();
        assert_eq!(shown, expected, "for {number} {from}");
    }

    #[test]
    fn the_table_is_read_whole() {
        let table: Table =
            toml::from_str(include_str!("../../assets/units.toml")).unwrap();
        assert_eq!((table.unit.len(), table.conversion.len()), (18, 9));
        for way in &table.conversion {
            for code in [&way.from, &way.to] {
                assert!(table.unit.iter().any(|unit| unit.code == *code), "{code}");
            }
        }
    }

    #[test]
    fn what_is_measured_in_other_units_is_stored_in_one() {
        check(Vital::Temperature, "98.6", "[degF]", "37.0");
        check(Vital::Temperature, "98.8", "[degF]", "37.1");
        check(Vital::Temperature, "104", "[degF]", "40.0");
        check(Vital::Weight, "141", "[lb_av]", "63.96");
        check(Vital::Weight, "3250", "g", "3.25");
        check(Vital::Height, "65", "[in_i]", "165.1");
        check(Vital::Height, "1.65", "m", "165.0");
        check(Vital::Muac, "118", "mm", "11.8");
        check(Vital::Glucose, "126", "mg/dL", "7.0");
        check(Vital::Glucose, "70", "mg/dL", "3.9");
        check(Vital::Glucose, "200", "mg/dL", "11.1");
        check(Vital::Glucose, "1.26", "g/L", "7.0");
    }

    #[test]
    fn the_stored_unit_leaves_the_number_as_written() {
        check(Vital::Weight, "64", "kg", "64");
        check(Vital::Temperature, "37.10", "Cel", "37.10");
    }

    #[test]
    fn a_unit_of_another_kind_is_not_converted() {
        check(Vital::Weight, "64", "cm", "");
        check(Vital::HeartRate, "72", "mg/dL", "");
        check(Vital::Temperature, "5", "%", "");
    }

    #[test]
    fn a_unit_is_known_by_what_people_type() {
        let codes = |typed| typed_units(typed).collect::<Vec<_>>();
        assert_eq!(codes("F"), ["[degF]"]);
        assert_eq!(codes("°c"), ["Cel"]);
        assert_eq!(codes("lbs"), ["[lb_av]"]);
        assert_eq!(codes("parsec"), Vec::<&str>::new());
        assert_eq!(shown_unit("mm[Hg]"), "mmHg");
        assert_eq!(shown_unit("10*9/L"), "10*9/L");
    }
}
