//! People who live together: a family name, a village, a telephone, someone to call.

use super::{
    dice::Dice,
    growth::Build,
    names::{Region, Spelling, region},
};
use crate::chart::{Contact, Name, NameUse, Sex};

/// A person before the first visit.
#[derive(Clone)]
pub(super) struct Member {
    pub(super) names: Vec<Name>,
    pub(super) sex: Sex,
    /// Age today, known to us if not to the clinic.
    pub(super) age_days: i32,
    pub(super) known: Known,
    pub(super) phone: String,
    pub(super) village: &'static str,
    pub(super) language: &'static str,
    pub(super) payer: &'static str,
    pub(super) kin: Option<Contact>,
    pub(super) build: Build,
    /// The same person, registered a second time by someone who did not look.
    pub(super) again: bool,
}

/// What the person at the desk could say of the birth.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Known {
    Day,
    Month,
    /// An age, so that the year is estimated.
    Age,
    Nothing,
}

/// The district of all villages.
pub(super) const DISTRICT: &str = "Kijani";

const VILLAGES: &str = "Kijani A,Kijani A,Kijani A,Kijani B,Kijani B,Upper Kijani,Bulima,\
    Bulima,Hill Post,Nyakasura,Mto Chini,Lakeside,Kibanda,Old Market,Mission,Simba Hill,\
    Njia Panda,Mwembeni,Kisiwa,Bujumba,Kaptagat,Ndege,Sokoni,Camp 4,Brickfields,Ziwa";
const PAYERS: &str =
    "self-pay,self-pay,self-pay,self-pay,community scheme,national insurance";
/// Near enough for an invented life.
pub(super) const YEAR_DAYS: i32 = 365;
/// The youngest patient; one born today could not have come in yet.
const AGE_DAYS_MIN: i32 = 3;

/// The household of this number.
pub(super) fn household(seed: u64, number: u64) -> Vec<Member> {
    let mut dice = Dice::new(seed, number << 1);
    let home = Home::thrown(&mut dice);
    let head_age = dice.between(20, 72) * YEAR_DAYS + dice.between(0, 364);
    let head_sex = if dice.percent(62) {
        Sex::Male
    } else {
        Sex::Female
    };
    let mut members = vec![home.member(head_sex, head_age, &mut dice)];
    let mut youngest_parent = head_age;
    if dice.percent(68) {
        let age = (head_age + dice.between(-7, 4) * YEAR_DAYS).max(19 * YEAR_DAYS);
        let sex = if head_sex == Sex::Male {
            Sex::Female
        } else {
            Sex::Male
        };
        members.push(home.member(sex, age, &mut dice));
        youngest_parent = youngest_parent.min(age);
    }
    let mut child_age = youngest_parent - dice.between(18, 24) * YEAR_DAYS;
    for _ in 0..dice.between(0, 6) {
        if child_age > 19 * YEAR_DAYS {
            child_age -= dice.between(1, 5) * YEAR_DAYS;
        }
        if !(AGE_DAYS_MIN..19 * YEAR_DAYS).contains(&child_age) {
            continue;
        }
        let sex = if dice.percent(50) {
            Sex::Male
        } else {
            Sex::Female
        };
        members.push(home.member(sex, child_age, &mut dice));
        child_age -= dice.between(420, 1400);
    }
    if dice.percent(9) {
        let age = (head_age + dice.between(19, 26) * YEAR_DAYS).min(96 * YEAR_DAYS);
        members.push(home.member(Sex::Female, age, &mut dice));
    }
    introduce(&mut members);
    register_one_again(&mut members, &mut dice);
    members
}

/// What a household shares.
struct Home {
    region: Region,
    family: Spelling,
    village: &'static str,
    phone: String,
    payer: &'static str,
}

impl Home {
    fn thrown(dice: &mut Dice) -> Self {
        let region = region(dice);
        Self {
            family: region.family(dice),
            region,
            village: dice.word(VILLAGES),
            phone: if dice.percent(88) {
                phone(dice)
            } else {
                String::new()
            },
            payer: dice.word(PAYERS),
        }
    }

    fn member(&self, sex: Sex, age_days: i32, dice: &mut Dice) -> Member {
        let years = age_days / YEAR_DAYS;
        let keeps_own = years >= 18 && sex == Sex::Female && dice.percent(35);
        let family = if keeps_own {
            self.region.family(dice)
        } else {
            self.family
        };
        let given = self.region.given(sex, dice);
        let own_phone = years >= 18 && dice.percent(45);
        Member {
            names: names(family, given, dice),
            sex,
            age_days,
            known: known(years, dice),
            phone: if own_phone {
                phone(dice)
            } else {
                self.phone.clone()
            },
            village: self.village,
            language: self.region.language,
            payer: if years < 5 {
                "exempt, under 5"
            } else {
                self.payer
            },
            kin: None,
            build: Build::thrown(dice),
            again: false,
        }
    }
}

/// The name in its own script; for half of those in other scripts also in Latin letters, and
/// a few are only written in Latin letters.
fn names(family: Spelling, given: Spelling, dice: &mut Dice) -> Vec<Name> {
    let name = |usage, family: &str, given: &str| Name {
        usage,
        family: family.to_owned(),
        given: given.to_owned(),
    };
    let own = name(NameUse::Usual, family.own, given.own);
    let Some(given_latin) = given.latin else {
        return vec![own];
    };
    let family_latin = family.latin.unwrap_or(family.own);
    match dice.between(1, 10) {
        1..=4 => vec![own],
        5..=8 => vec![own, name(NameUse::Nickname, family_latin, given_latin)],
        _ => vec![name(NameUse::Usual, family_latin, given_latin)],
    }
}

fn known(years: i32, dice: &mut Dice) -> Known {
    let age_only = (years / 2 + 4).min(45);
    match dice.between(1, 100) {
        thrown if thrown <= age_only => Known::Age,
        thrown if thrown <= age_only + 6 => Known::Month,
        100 => Known::Nothing,
        _ => Known::Day,
    }
}

fn phone(dice: &mut Dice) -> String {
    let operator = dice.between(0, 9);
    let (middle, end) = (dice.between(100, 999), dice.between(0, 999));
    match dice.between(1, 12) {
        1 => format!("+254 7{operator}2 {middle} {end:03}"),
        2 => format!("07{operator}2{middle}{end:03}"),
        _ => format!("07{operator}2 {middle} {end:03}"),
    }
}

/// Everyone can be reached by someone else of the household.
fn introduce(members: &mut [Member]) {
    let known: Vec<(String, String, Sex, bool)> = members
        .iter()
        .map(|it| {
            let name = it.names.first().map(Name::shown).unwrap_or_default();
            (
                name,
                it.phone.clone(),
                it.sex,
                it.age_days >= 18 * YEAR_DAYS,
            )
        })
        .collect();
    for (place, member) in members.iter_mut().enumerate() {
        let grown = member.age_days >= 18 * YEAR_DAYS;
        let mut others = known.iter().enumerate().filter(|(it, _)| *it != place);
        let kin = others.find(|(_, (.., kin_grown))| *kin_grown);
        member.kin = kin.map(|(_, (name, phone, sex, _))| Contact {
            name: name.clone(),
            relation: match (grown, *sex) {
                (true, _) => "spouse",
                (false, Sex::Female) => "mother",
                (false, _) => "father",
            }
            .to_owned(),
            phone: phone.clone(),
        });
    }
}

/// One person of a hundred stands in the register twice, spelt otherwise.
fn register_one_again(members: &mut Vec<Member>, dice: &mut Dice) {
    let twice = members.first().filter(|_| dice.percent(4)).cloned();
    if let Some(mut second) = twice {
        for name in &mut second.names {
            name.family = respelt(&name.family);
            name.given = respelt(&name.given);
        }
        second.known = Known::Age;
        second.again = true;
        members.push(second);
    }
}

fn respelt(name: &str) -> String {
    const OTHERWISE: [(&str, &str); 8] = [
        ("ll", "l"),
        ("ss", "s"),
        ("Mohamed", "Muhammad"),
        ("Ou", "W"),
        ("ph", "f"),
        ("iu", "u"),
        ("w", "u"),
        ("é", "e"),
    ];
    let found = OTHERWISE.iter().find(|(usual, _)| name.contains(usual));
    found.map_or_else(
        || name.to_owned(),
        |(usual, other)| name.replacen(usual, other, 1),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_household_shares_village_name_and_telephone() {
        let mut shared = (0, 0, 0);
        for number in 0..300 {
            let members = household(5, number);
            let [head, rest @ ..] = members.as_slice() else {
                panic!("nobody lives in {number}");
            };
            for member in rest {
                assert_eq!(member.village, head.village);
                assert!((0..97 * YEAR_DAYS).contains(&member.age_days));
                assert!(!member.names.is_empty());
                shared.0 += 1;
                shared.1 += u32::from(member.phone == head.phone);
                shared.2 += u32::from(member.names[0].family == head.names[0].family);
            }
        }
        assert!(shared.1 * 10 > shared.0 * 4, "{shared:?}");
        assert!(shared.2 * 10 > shared.0 * 7, "{shared:?}");
    }

    #[test]
    fn someone_is_registered_twice_under_another_spelling() {
        let all = (0..600).flat_map(|number| household(5, number));
        let again: Vec<Member> = all.filter(|it| it.again).collect();
        assert!((10..60).contains(&again.len()));
        assert_eq!(respelt("Okello"), "Okelo");
        assert_eq!(respelt("Deng"), "Deng");
    }
}
