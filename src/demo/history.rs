//! A life at the clinic: which visits there were, and why.

use super::{
    DemoPatient, acute, allergies,
    dice::Dice,
    family,
    growth::Build,
    household::{Known, Member, YEAR_DAYS},
    longterm::Course,
    scribe::Scribe,
    setting::{LAST_ARRIVAL_MINUTE, OPENS_MINUTE, Setting},
    story::Story,
};
use crate::{
    chart::{Name, NameUse, Sex},
    time::Moment,
};

/// How far back the clinic's own records go, in days.
const HISTORY_DAYS: i32 = 6 * YEAR_DAYS;
/// The shortest time between the beginnings of two visits of one patient.
const BETWEEN_VISITS_MS: i64 = 6 * 3_600_000;
/// The largest part of a life that a history of a given length may take, in days.
const LONG_HISTORY_DAYS: i32 = 40 * YEAR_DAYS;

/// Why someone comes.
#[derive(Clone, Copy)]
enum Why {
    Acute,
    /// The visit of this number in the course.
    Course(Course, i32),
    /// At this week.
    Pregnancy(i32),
    /// At this place of the schedule.
    Child(usize),
}

/// A visit that is to be written down.
struct Planned {
    day: i32,
    at: Moment,
    why: Why,
}

/// Everything about the person of this number.
pub(super) fn written(setting: &Setting, number: u32, member: &Member) -> DemoPatient {
    let mut dice = Dice::new(setting.seed, u64::from(number) << 1 | 1);
    let visits = planned(setting, member, &mut dice);
    let first = visits.first().map(|it| it.at);
    let registered = first.unwrap_or_else(|| {
        let day = dice.between(-HISTORY_DAYS.min(member.age_days - 2), 0);
        arrival(setting, day, &mut dice).1
    });
    let asked = dice.percent(70);
    let mut scribe = Scribe::register(setting, dice, (number, registered), member);
    for (nth, planned) in visits.iter().enumerate() {
        if nth == 0 && asked {
            allergies::asked(&mut scribe, planned.at);
        }
        visit(&mut scribe, member, planned);
        if nth == 1 {
            scribe.perhaps_new_phone(planned.at);
        }
    }
    scribe.finish()
}

/// A grown patient with hypertension and exactly this many visits.
pub(super) fn of_length(setting: &Setting, visits: u32) -> DemoPatient {
    let mut dice = Dice::new(setting.seed, u64::from(visits) << 32 | 1);
    let member = Member {
        names: vec![Name {
            usage: NameUse::Usual,
            family: "Okello".to_owned(),
            given: "Grace".to_owned(),
        }],
        sex: Sex::Female,
        age_days: LONG_HISTORY_DAYS + 20 * YEAR_DAYS,
        known: Known::Day,
        phone: "0772 123 456".to_owned(),
        village: "Kijani A",
        language: "Luganda",
        payer: "self-pay",
        kin: None,
        build: Build::thrown(&mut dice),
        again: false,
    };
    let count = i32::try_from(visits).unwrap_or(i32::MAX);
    let span = count.saturating_mul(14).min(LONG_HISTORY_DAYS);
    let moment = |nth: i32| {
        let minutes = i64::from(span) * 1440 * i64::from(nth) / i64::from(count.max(1));
        let minutes = i32::try_from(minutes).unwrap_or(0);
        setting.moment(-span - 1, minutes)
    };
    let registered = moment(0);
    let mut scribe = Scribe::register(setting, dice, (9999, registered), &member);
    for nth in 0..count {
        let at = moment(nth);
        let day = i32::try_from(at.at.ms_since(setting.today.at) / 86_400_000);
        let planned = Planned {
            day: day.unwrap_or(0),
            at,
            why: Why::Course(Course::Hypertension, nth),
        };
        visit(&mut scribe, &member, &planned);
    }
    scribe.finish()
}

fn visit(scribe: &mut Scribe<'_>, member: &Member, planned: &Planned) {
    let age_days = member.age_days + planned.day;
    let story = story(planned.why, member, age_days, &mut scribe.dice);
    let waits = planned.day == 0 && scribe.dice.percent(45);
    let mistyped = scribe.dice.permille(8);
    scribe.visit(planned.at, story, waits);
    if mistyped {
        let grams = member.build.grams(member.sex, age_days, &mut scribe.dice);
        scribe.mistyped_weight(planned.at, grams);
    }
}

fn story(why: Why, member: &Member, age_days: i32, dice: &mut Dice) -> Story {
    match why {
        Why::Acute => acute::story(member, age_days, dice),
        Why::Course(course, nth) => course.story(member, age_days, nth, dice),
        Why::Pregnancy(week) => family::pregnancy(member, age_days, week, dice),
        Why::Child(place) => family::child(member, age_days, place, dice),
    }
}

/// The visits of a life in the order of time, none on the heels of another.
fn planned(setting: &Setting, member: &Member, dice: &mut Dice) -> Vec<Planned> {
    let wanted = if member.again {
        vec![(dice.between(-200, 0), Why::Acute)]
    } else {
        wanted(member, dice)
    };
    let mut visits: Vec<Planned> = wanted
        .into_iter()
        .map(|(day, why)| {
            let (day, at) = arrival(setting, day, dice);
            Planned { day, at, why }
        })
        .filter(|it| it.day >= -member.age_days)
        .collect();
    visits.sort_by_key(|it| it.at.at);
    visits.dedup_by(|later, earlier| {
        later.at.at.ms_since(earlier.at.at) < BETWEEN_VISITS_MS
    });
    visits
}

/// A day on which the clinic is open, and when in it someone arrives.
fn arrival(setting: &Setting, day: i32, dice: &mut Dice) -> (i32, Moment) {
    let minute = dice.between(OPENS_MINUTE, LAST_ARRIVAL_MINUTE);
    let open = setting.open_day(day, minute);
    (open, setting.moment(open, minute))
}

fn wanted(member: &Member, dice: &mut Dice) -> Vec<(i32, Why)> {
    let lived = member.age_days.min(HISTORY_DAYS) - 1;
    let since = -dice.between(0, lived.max(0)).max(lived / 3);
    let years = member.age_days / YEAR_DAYS;
    let mut visits = Vec::new();
    if dice.percent(7) {
        return visits;
    }
    acute_visits(since, years, dice, &mut visits);
    for (course, chance) in courses(years) {
        if dice.permille(chance) {
            let latest = if course == Course::Ulcer {
                since / 2
            } else {
                0
            };
            let onset = dice.between(since, latest);
            let days = course.days(-onset, dice).into_iter();
            let numbered = days.zip(0..);
            visits.extend(
                numbered.map(|(day, nth)| (onset + day, Why::Course(course, nth))),
            );
        }
    }
    if years < 6 {
        let born = -member.age_days;
        let days = family::child_days(dice).into_iter();
        let days = days.map(|(age, place)| (born + age, Why::Child(place)));
        visits.extend(days.filter(|(day, _)| (since..=0).contains(day)));
    }
    if member.sex == Sex::Female && (17..46).contains(&years) {
        pregnancies(since.max(-(years - 16) * YEAR_DAYS), dice, &mut visits);
    }
    visits
}

fn acute_visits(since: i32, years: i32, dice: &mut Dice, into: &mut Vec<(i32, Why)>) {
    let per_thousand_years = match years {
        0..5 => 1300,
        5..18 => 500,
        18..60 => 560,
        _ => 760,
    };
    let expected = -since * per_thousand_years / YEAR_DAYS;
    let often = dice.between(40, 160);
    let count = (expected * often / 100 + dice.between(300, 999)) / 1000;
    for _ in 0..count {
        into.push((dice.between(since, 0), Why::Acute));
    }
    if dice.percent(4) {
        into.push((0, Why::Acute));
    }
}

/// The long illnesses of an age, with how many of a thousand people have each.
const fn courses(years: i32) -> [(Course, i32); 5] {
    let (hypertension, diabetes, ulcer) = match years {
        ..30 => (0, 0, 0),
        30..45 => (120, 50, 12),
        45..60 => (260, 110, 14),
        _ => (420, 150, 16),
    };
    let asthma = if years >= 6 { 45 } else { 0 };
    let tuberculosis = if years >= 15 { 28 } else { 0 };
    [
        (Course::Hypertension, hypertension),
        (Course::Diabetes, diabetes),
        (Course::Ulcer, ulcer),
        (Course::Asthma, asthma),
        (Course::Tuberculosis, tuberculosis),
    ]
}

/// Up to two pregnancies, one after the other.
fn pregnancies(since: i32, dice: &mut Dice, into: &mut Vec<(i32, Why)>) {
    let mut begins = dice.between(since.min(-1), 0);
    for chance in [26, 30] {
        if !dice.percent(chance) {
            return;
        }
        let days = family::pregnancy_days(dice).into_iter();
        let days = days.map(|(week, day)| (begins + day, Why::Pregnancy(week)));
        into.extend(days.filter(|(day, _)| *day <= 0));
        begins += dice.between(500, 1100);
    }
}
