//! Mothers and small children: antenatal visits, births, growth and vaccines.

use super::{
    dice::Dice,
    household::Member,
    story::{
        Diagnosis, Drug, HEMOGLOBIN, Shot, Story, URINE_PROTEIN, tenths, usual_pressure,
        usual_readings,
    },
};
use crate::content::Vital;

const PREGNANCY: Diagnosis = Diagnosis(
    "Z34.90",
    "Encounter for supervision of normal pregnancy, unspecified, unspecified trimester",
    "Pregnancy",
);
const BIRTH: Diagnosis = Diagnosis(
    "O80",
    "Encounter for full-term uncomplicated delivery",
    "Normal birth",
);
const AFTER_BIRTH: Diagnosis = Diagnosis(
    "Z39.2",
    "Encounter for routine postpartum follow-up",
    "Six weeks after birth",
);
const WELL_CHILD: Diagnosis = Diagnosis(
    "Z00.129",
    "Encounter for routine child health examination without abnormal findings",
    "Child growth check",
);

/// Weeks of pregnancy at which a woman comes; 40 is the birth, 46 the visit after it.
const WEEKS: [i32; 9] = [12, 20, 26, 30, 34, 36, 38, 40, 46];

/// Visits of a small child: age in days, vaccines as `CVX:dose` (WHO's routine schedule as
/// used in East Africa, shortened).
const CHILD_VISITS: [(i32, &str); 10] = [
    (1, "19:1 178:0"),
    (42, "198:1 178:1 177:1 119:1"),
    (70, "198:2 178:2 177:2 119:2"),
    (98, "198:3 178:3 177:3 10:1"),
    (183, ""),
    (274, "04:1 37:1"),
    (365, ""),
    (548, "04:2"),
    (730, ""),
    (1095, ""),
];

/// Short names of the CVX codes above.
const VACCINES: [(&str, &str); 9] = [
    ("19", "BCG"),
    ("178", "OPV bivalent"),
    ("198", "DTP-hepB-Hib Pentavalent Non-US"),
    ("177", "PCV10"),
    ("119", "rotavirus, monovalent"),
    ("10", "IPV"),
    ("04", "M/R"),
    ("37", "yellow fever live"),
    (
        "09",
        "Td (adult), 2 Lf tetanus toxoid, preservative free, adsorbed",
    ),
];

/// Days after conception, by the last period, on which a woman comes.
pub(super) fn pregnancy_days(dice: &mut Dice) -> Vec<(i32, i32)> {
    let comes_from = dice.between(0, 3);
    let weeks = WEEKS.iter().zip(0..).filter(|(_, nth)| *nth >= comes_from);
    let days = weeks.map(|(week, _)| (*week, week * 7 + dice.between(-4, 4)));
    days.collect()
}

/// Ages in days at which a child comes, some late and some not at all, with the visit's
/// place in the schedule.
pub(super) fn child_days(dice: &mut Dice) -> Vec<(i32, usize)> {
    let visits = CHILD_VISITS.iter().enumerate();
    let mut days = Vec::new();
    for (place, (age, _)) in visits {
        let late = if dice.percent(35) {
            dice.between(1, 30)
        } else {
            dice.between(0, 3)
        };
        if dice.percent(86) {
            days.push((age + late, place));
        }
    }
    days
}

/// A visit in a pregnancy, at a birth, or after it.
pub(super) fn pregnancy(
    member: &Member,
    age_days: i32,
    week: i32,
    dice: &mut Dice,
) -> Story {
    let usual = Story {
        pressure: usual_pressure(age_days, dice),
        readings: usual_readings(member, age_days, false, dice),
        problem: Some(PREGNANCY),
        diagnoses: vec![PREGNANCY],
        phrase: Some(".anc"),
        ..Story::default()
    };
    match week {
        40 => birth(usual, dice),
        46 => after_birth(usual),
        _ => antenatal(usual, week, dice),
    }
}

/// A visit of a small child, seen by a nurse.
pub(super) fn child(
    member: &Member,
    age_days: i32,
    place: usize,
    dice: &mut Dice,
) -> Story {
    let mut readings = usual_readings(member, age_days, false, dice);
    readings.retain(|(vital, _)| *vital != Vital::Length && *vital != Vital::Height);
    let millimetres = member.build.millimetres(member.sex, age_days, dice);
    let lying = if age_days < 730 {
        Vital::Length
    } else {
        Vital::Height
    };
    readings.push((lying, tenths(millimetres)));
    if age_days >= 180 {
        readings.push((Vital::Muac, tenths(dice.between(122, 165))));
    }
    if age_days < 730 {
        let around = 345 + (age_days / 8).min(90) + (age_days / 20).min(30);
        readings.push((
            Vital::HeadCircumference,
            tenths(around + dice.between(-8, 8)),
        ));
    }
    let listed = CHILD_VISITS.get(place).map_or("", |(_, shots)| *shots);
    let shots = listed.split_whitespace().map(|it| shot(it, dice));
    Story {
        reason: if listed.is_empty() {
            "growth check"
        } else {
            "vaccines"
        },
        nurse_only: true,
        readings,
        diagnoses: vec![WELL_CHILD],
        shots: shots.collect(),
        ..Story::default()
    }
}

fn antenatal(mut usual: Story, week: i32, dice: &mut Dice) -> Story {
    let first = week <= 20;
    if week >= 20 {
        let fundus = (week + dice.between(-2, 1)).max(12);
        let beats = dice.between(124, 156);
        usual
            .readings
            .push((Vital::FundalHeight, fundus.to_string()));
        usual
            .readings
            .push((Vital::FetalHeartRate, beats.to_string()));
    }
    let hemoglobin = dice.between(92, 128);
    let iron = Drug {
        name: "Ferrous sulfate 200 mg with folic acid 0.4 mg tablet",
        dose: "1 tablet",
        frequency: "od",
        days: 0,
        quantity: "30 tablet",
    };
    let mut tests = Vec::new();
    if first || week == 34 {
        tests.push(HEMOGLOBIN.tenths(hemoglobin, (110, 160)));
        tests.push(URINE_PROTEIN.words(if dice.percent(94) { "negative" } else { "1+" }));
    }
    Story {
        reason: "antenatal visit",
        told: if week < 20 {
            "Missed periods, some nausea."
        } else {
            "Baby moves. No bleeding, no headache, no fits."
        }
        .to_owned(),
        found: format!("{week} weeks. Lie longitudinal, no oedema."),
        thought: format!("Pregnancy, {week} weeks, normal."),
        planned: "Iron and folate, net, birth plan. Return at once if bleeding or fits."
            .to_owned(),
        drugs: vec![iron],
        tests,
        shots: (week == 20 || week == 26)
            .then(|| shot(if week == 20 { "09:1" } else { "09:2" }, dice))
            .into_iter()
            .collect(),
        ..usual
    }
}

fn birth(usual: Story, dice: &mut Dice) -> Story {
    let grams = 3_150 + dice.bell() * 4 / 10;
    Story {
        reason: "labour",
        class: crate::chart::VisitClass::Inpatient,
        told: "Pains since last night, waters broke.".to_owned(),
        found: format!("Cried at once. Weight {grams} g. Placenta complete."),
        thought: "Normal birth at term.".to_owned(),
        planned: "Stay 24 hours. Breastfeed at once. Vaccines before going home."
            .to_owned(),
        phrase: None,
        diagnoses: vec![BIRTH],
        resolves: Some(PREGNANCY.0),
        procedure: Some("Normal vaginal delivery"),
        ..usual
    }
}

fn after_birth(usual: Story) -> Story {
    Story {
        reason: "six weeks after birth",
        told: "Well, breastfeeds. Bleeding has stopped.".to_owned(),
        found: "Uterus not felt, breasts soft.".to_owned(),
        thought: "Well after birth.".to_owned(),
        planned: "Family planning offered.".to_owned(),
        phrase: None,
        diagnoses: vec![AFTER_BIRTH],
        problem: None,
        stops: Some(("Ferrous", "pregnancy is over")),
        ..usual
    }
}

/// A dose written as `CVX:dose`.
fn shot(listed: &'static str, dice: &mut Dice) -> Shot {
    let (cvx, dose) = listed.split_once(':').unwrap_or((listed, ""));
    let name = VACCINES.iter().find(|(code, _)| *code == cvx);
    let missing = dice.permille(15);
    Shot {
        cvx,
        name: name.map_or("", |(_, name)| *name),
        dose,
        not_done: if missing { "out of stock" } else { "" },
    }
}
