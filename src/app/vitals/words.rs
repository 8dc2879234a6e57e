//! The vital signs in the words of the catalogues.

use crate::{
    app::notice::Said,
    care::vitals_line::Why,
    content::{Limits, Vital, shown_unit},
    say::Say,
};

/// The sentence that names a vital sign in a table.
pub const fn label(vital: Vital) -> &'static str {
    match vital {
        Vital::BloodPressure => "vital-blood-pressure",
        Vital::Systolic => "vital-systolic",
        Vital::Diastolic => "vital-diastolic",
        Vital::HeartRate => "vital-heart-rate",
        Vital::Temperature => "vital-temperature",
        Vital::RespiratoryRate => "vital-respiratory-rate",
        Vital::Spo2 => "vital-spo2",
        Vital::Weight => "vital-weight",
        Vital::Height => "vital-height",
        Vital::Length => "vital-length",
        Vital::HeadCircumference => "vital-head-circumference",
        Vital::Muac => "vital-muac",
        Vital::Glucose => "vital-glucose",
        Vital::Pain => "vital-pain",
        Vital::FundalHeight => "vital-fundal-height",
        Vital::FetalHeartRate => "vital-fetal-heart-rate",
        Vital::Responsiveness => "vital-responsiveness",
        Vital::Bmi => "vital-bmi",
    }
}

/// Why a piece of the line could not be read.
pub fn why(why: &Why, text: &str, say: &Say) -> Said {
    let about = |id, vital| {
        let name = say.line(label(vital));
        Said::with(id, [("text", text.into()), ("vital", name.into())])
    };
    match why {
        Why::Unknown => Said::with("vitals-not-known", [("text", text.into())]),
        Why::Unfinished(vital) => about("vitals-unfinished", *vital),
        Why::NotAValue(vital) => about("vitals-not-a-value", *vital),
        Why::WrongUnit(vital) => about("vitals-wrong-unit", *vital),
        Why::Outside {
            vital,
            limits: Limits { low, high },
            perhaps,
        } => {
            let unit = shown_unit(vital.unit());
            let range = format!("{low}-{high} {unit}");
            let name = say.line(label(*vital));
            let args = [
                ("text", text.into()),
                ("vital", name.into()),
                ("range", range.trim().into()),
                ("unit", perhaps.map_or("", shown_unit).into()),
            ];
            let id = if perhaps.is_some() {
                "vitals-outside-or-unit"
            } else {
                "vitals-outside"
            };
            Said {
                id,
                args: args.into(),
            }
        }
        Why::Crossed => Said::with("vitals-crossed", [("text", text.into())]),
        Why::Twice(vital) => about("vitals-twice", *vital),
        Why::TooLong => Said::line("vitals-too-long"),
    }
}
