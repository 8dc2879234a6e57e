//! Body mass index: weight by height squared.

use crate::content::{Body, Decimal, Level, Vital};

/// What weight and height together say.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Build {
    /// The body mass index of a grown person, kg/m², and how it stands.
    Bmi(Decimal, Option<Level>),
    /// A child or adolescent: judged against others of the same age, by z-score.
    ByAge,
}

/// From this age on the body mass index is judged by itself (WHO growth references end at
/// 19 years).
const GROWN_YEARS: u16 = 20;

/// Body mass index in kg/m² to one place, of a weight in kg and a height in cm. None when
/// the height is 0 or the result is no number of this world.
pub fn bmi(weight: Decimal, height: Decimal) -> Option<Decimal> {
    let square = height.times(height)?;
    let scaled = weight.times(Decimal::whole(10_000))?;
    scaled.divided(square, 1)
}

/// What a weight in kg and a height in cm say of this person. Someone of unknown age gets the
/// index without a mark. In pregnancy the index is not judged.
pub fn build(weight: Decimal, height: Decimal, body: &Body) -> Option<Build> {
    let index = bmi(weight, height)?;
    match body.age {
        Some(age) if age.years < GROWN_YEARS => Some(Build::ByAge),
        Some(_) if !body.pregnant => {
            Some(Build::Bmi(index, Vital::Bmi.judge(index, body, "")))
        }
        _ => Some(Build::Bmi(index, None)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::time::Age;

    fn number(text: &str) -> Decimal {
        text.parse().unwrap()
    }

    fn aged(years: u16) -> Body {
        let age = Age {
            years,
            months: 0,
            days: 0,
            total_days: u32::from(years) * 365,
        };
        Body {
            age: Some(age),
            ..Body::default()
        }
    }

    #[test]
    fn the_index_is_weight_by_height_squared_to_one_place() {
        #[track_caller]
        fn check(weight: &str, height: &str, expected: &str) {
            let found = bmi(number(weight), number(height)).unwrap();
            assert_eq!(found.to_string(), expected);
        }
        check("64", "162", "24.4");
        check("64.0", "162.0", "24.4");
        check("72.50", "170.5", "24.9");
        assert_eq!(bmi(number("64"), number("0")), None);
    }

    #[test]
    fn a_grown_person_is_judged_and_a_child_waits_for_the_growth_curve() {
        #[track_caller]
        fn check(weight: &str, body: &Body, expected: Option<Level>) {
            let found = build(number(weight), number("170"), body).unwrap();
            assert!(matches!(found, Build::Bmi(_, level) if level == expected));
        }
        check("64", &aged(38), Some(Level::Normal));
        check("75", &aged(38), Some(Level::High));
        check("120", &aged(38), Some(Level::DangerHigh));
        check("50", &aged(38), Some(Level::Low));
        check("45", &aged(38), Some(Level::DangerLow));
        check("75", &Body::default(), None);
        let mother = Body {
            pregnant: true,
            ..aged(24)
        };
        check("75", &mother, None);
        let child = build(number("14"), number("95"), &aged(3));
        assert_eq!(child, Some(Build::ByAge));
    }
}
