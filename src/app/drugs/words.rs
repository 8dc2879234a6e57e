//! Doses in the words of the screen's language.

use crate::{
    care::dose_line::{Amount, Dose, Duration, Frequency, Piece, Why},
    content::Decimal,
    say::{Arg, Say},
};

/// What is counted when a drug is taken. Measures such as `ml` are the same everywhere.
const NOUNS: &[(&str, &str)] = &[
    ("ampoule", "noun-ampoule"),
    ("application", "noun-application"),
    ("capsule", "noun-capsule"),
    ("drop", "noun-drop"),
    ("implant", "noun-implant"),
    ("patch", "noun-patch"),
    ("pessary", "noun-pessary"),
    ("puff", "noun-puff"),
    ("sachet", "noun-sachet"),
    ("spray", "noun-spray"),
    ("suppository", "noun-suppository"),
    ("tablet", "noun-tablet"),
    ("teaspoon", "noun-teaspoon"),
    ("unit", "noun-unit"),
    ("vial", "noun-vial"),
];

/// By which way, in the words of charts and of the formulary.
const ROUTES: &[(&str, &str)] = &[
    ("by mouth", "route-mouth"),
    ("into the muscle", "route-muscle"),
    ("into the vein", "route-vein"),
    ("under the skin", "route-under-skin"),
    ("under the tongue", "route-tongue"),
    ("into the rectum", "route-rectum"),
    ("into the vagina", "route-vagina"),
    ("inhaled", "route-inhaled"),
    ("on the skin", "route-skin"),
    ("into the eye", "route-eye"),
    ("into the ear", "route-ear"),
    ("into the nose", "route-nose"),
];

/// `1 capsule 3 times a day, 5 days, total 15`.
pub fn dose_in_words(dose: &Dose, piece: Option<Piece<'_>>, say: &Say) -> String {
    let own = piece.map_or("", |it| it.noun);
    let amount = dose.amount.as_ref().map(|it| amount(it, own, say));
    let route = route_in_words(dose.route, say);
    let how = [
        amount,
        Some(route),
        dose.frequency.map(|it| frequency(it, say)),
        dose.as_needed.then(|| say.line("dose-when-needed")),
    ];
    let how: Vec<String> = how
        .into_iter()
        .flatten()
        .filter(|it| !it.is_empty())
        .collect();
    let total = dose.total(piece).map(|(total, of)| {
        // The drug's own pieces go without saying.
        let of = if of == own {
            String::new()
        } else {
            noun(total, of, say)
        };
        let all = format!("{total} {of}").trim_end().to_owned();
        say.with("dose-total", &[("n", all.into())])
    });
    let parts = [
        Some(how.join(" ")),
        dose.duration.map(|it| duration(it, say)),
        Some(dose.instructions.clone()),
        total,
    ];
    let parts = parts.into_iter().flatten().filter(|it| !it.is_empty());
    parts.collect::<Vec<_>>().join(", ")
}

/// The way; words that are none of ours as they are.
pub fn route_in_words(route: &str, say: &Say) -> String {
    let ours = ROUTES.iter().find(|(words, _)| *words == route);
    ours.map_or_else(|| route.to_owned(), |(_, id)| say.line(id))
}

/// Why a part of the line could not be read.
pub const fn dose_why(why: Why) -> &'static str {
    match why {
        Why::Unknown => "dose-unknown",
        Why::Twice => "dose-twice",
        Why::Ambiguous => "dose-ambiguous",
        Why::Outside => "dose-outside",
        Why::TooLong => "dose-too-long",
    }
}

fn amount(amount: &Amount, own: &str, say: &Say) -> String {
    match amount {
        Amount::Apply => say.line("dose-apply"),
        Amount::Number { from, to, unit } => {
            let upper = to.map_or(String::new(), |it| format!("-{it}"));
            let noun = noun(to.unwrap_or(*from), unit.unwrap_or(own), say);
            format!("{from}{upper} {noun}").trim_end().to_owned()
        }
    }
}

fn noun(number: Decimal, of: &str, say: &Say) -> String {
    let count = Arg::count(if number > Decimal::whole(1) { 2 } else { 1 });
    let ours = NOUNS.iter().find(|(noun, _)| *noun == of);
    ours.map_or_else(|| of.to_owned(), |(_, id)| say.with(id, &[("n", count)]))
}

fn frequency(frequency: Frequency, say: &Say) -> String {
    let counted = |id, n: u8| say.with(id, &[("n", usize::from(n).into())]);
    match frequency {
        Frequency::Daily(times) => counted("dose-daily", times),
        Frequency::Hourly(hours) => counted("dose-hourly", hours),
        Frequency::EveryDays(days) => counted("dose-every-days", days),
        Frequency::Morning => say.line("dose-morning"),
        Frequency::Night => say.line("dose-night"),
        Frequency::Weekly => say.line("dose-weekly"),
        Frequency::Monthly => say.line("dose-monthly"),
        Frequency::Stat => say.line("dose-stat"),
    }
}

fn duration(duration: Duration, say: &Say) -> String {
    let counted = |id, n: u16| say.with(id, &[("n", usize::from(n).into())]);
    match duration {
        Duration::Days(days) => counted("dose-days", days),
        Duration::Weeks(weeks) => counted("dose-weeks", weeks),
        Duration::Months(months) => counted("dose-months", months),
        Duration::Ongoing => say.line("dose-ongoing"),
    }
}
