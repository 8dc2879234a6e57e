//! Illnesses that stay, or take months: how each visit follows from the one before.

use super::{
    dice::Dice,
    household::Member,
    story::{
        CREATININE, Diagnosis, Drug, HBA1C, SPUTUM, Story, tenths, usual_pressure,
        usual_readings,
    },
};
use crate::content::Vital;

/// An illness with a course of visits.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Course {
    Hypertension,
    Diabetes,
    Asthma,
    Tuberculosis,
    /// A leg ulcer, dressed every week for years.
    Ulcer,
}

const HYPERTENSION: Diagnosis =
    Diagnosis("I10", "Essential (primary) hypertension", "Hypertension");
const DIABETES: Diagnosis = Diagnosis(
    "E11.9",
    "Type 2 diabetes mellitus without complications",
    "Type 2 diabetes",
);
const ASTHMA: Diagnosis =
    Diagnosis("J45.909", "Unspecified asthma, uncomplicated", "Asthma");
const ASTHMA_ATTACK: Diagnosis = Diagnosis(
    "J45.901",
    "Unspecified asthma with (acute) exacerbation",
    "Asthma attack",
);
const TUBERCULOSIS: Diagnosis =
    Diagnosis("A15.0", "Tuberculosis of lung", "Lung tuberculosis");
const ULCER: Diagnosis = Diagnosis(
    "L97.909",
    "Non-pressure chronic ulcer of unspecified part of unspecified lower leg with \
     unspecified severity",
    "Leg ulcer",
);

/// Days from the first visit of a tuberculosis treatment.
const TUBERCULOSIS_DAYS: [i32; 8] = [0, 14, 30, 60, 90, 120, 150, 182];

impl Course {
    /// The days of the visits, counted from the first, until `days_max` at most.
    pub(super) fn days(self, days_max: i32, dice: &mut Dice) -> Vec<i32> {
        let (gap, count_max) = match self {
            Self::Tuberculosis => {
                let days = TUBERCULOSIS_DAYS.iter().copied();
                return days.take_while(|it| *it <= days_max).collect();
            }
            Self::Ulcer => ((6, 8), 180),
            Self::Asthma => ((60, 240), 14),
            Self::Hypertension | Self::Diabetes => ((27, 62), 40),
        };
        let stays_away = dice.percent(18);
        let count_max = if stays_away {
            dice.between(1, 4)
        } else {
            count_max
        };
        let mut days = vec![0];
        let mut day = 0;
        for _ in 1..count_max {
            day += dice.between(gap.0, gap.1);
            if day > days_max {
                break;
            }
            days.push(day);
        }
        days
    }

    /// The visit that is the `nth` of the course, from 0 on.
    pub(super) fn story(
        self,
        member: &Member,
        age_days: i32,
        nth: i32,
        dice: &mut Dice,
    ) -> Story {
        let usual = Story {
            pressure: usual_pressure(age_days, dice),
            readings: usual_readings(member, age_days, false, dice),
            ..Story::default()
        };
        match self {
            Self::Hypertension => hypertension(usual, nth, dice),
            Self::Diabetes => diabetes(usual, nth, dice),
            Self::Asthma => asthma(usual, nth, dice),
            Self::Tuberculosis => tuberculosis(usual, nth, dice),
            Self::Ulcer => ulcer(usual, nth, dice),
        }
    }
}

const fn long_term(
    name: &'static str,
    dose: &'static str,
    frequency: &'static str,
    quantity: &'static str,
) -> Drug {
    Drug {
        name,
        dose,
        frequency,
        days: 0,
        quantity,
    }
}

fn hypertension(usual: Story, nth: i32, dice: &mut Dice) -> Story {
    let systolic = (170 - 5 * nth).max(130) + dice.between(-8, 10);
    let diastolic = (systolic * 6 / 10 + dice.between(-3, 6)).min(systolic - 25);
    let high = systolic >= 140;
    let strength = if nth >= 3 && high { "10 mg" } else { "5 mg" };
    let mut drugs = Vec::new();
    if nth < 3 || high {
        drugs.push(match strength {
            "10 mg" => {
                long_term("Amlodipine 10 mg tablet", "1 tablet", "od", "30 tablet")
            }
            _ => long_term("Amlodipine 5 mg tablet", "1 tablet", "od", "30 tablet"),
        });
    }
    if nth == 6 && high {
        let added = long_term(
            "Hydrochlorothiazide 25 mg tablet",
            "1 tablet",
            "od",
            "30 tablet",
        );
        drugs.push(added);
    }
    let creatinine = dice.between(7, 13);
    Story {
        reason: "BP review",
        pressure: Some((systolic, diastolic)),
        told: chosen(
            dice,
            &[
                "Feels well. Takes the tablets daily.",
                "No chest pain, no headache. Missed two days last week.",
                "Some ankle swelling in the evening. No breathlessness.",
                "Came for refill. No complaints.",
            ],
        ),
        found: format!("BP {systolic}/{diastolic}. Heart sounds normal, no oedema."),
        thought: if high {
            "Hypertension, not at goal."
        } else {
            "Hypertension, at goal."
        }
        .to_owned(),
        planned: chosen(
            dice,
            &[
                "Continue. Less salt, walk daily. Review in 1 month.",
                "Refill for one month. Bring the tablets next time.",
                "Explained stroke signs. Review in 6 weeks.",
            ],
        ),
        phrase: Some(".htn"),
        diagnoses: vec![HYPERTENSION],
        problem: Some(HYPERTENSION),
        drugs,
        tests: (nth % 8 == 0)
            .then(|| CREATININE.tenths(creatinine, (6, 12)))
            .into_iter()
            .collect(),
        plan: (nth == 0).then_some((
            "Hypertension care",
            &[
                "Less salt",
                "Walk 30 minutes a day",
                "Review every month until at goal",
            ],
        )),
        ..usual
    }
}

fn diabetes(mut usual: Story, nth: i32, dice: &mut Dice) -> Story {
    let glucose = (150 - 9 * nth).max(68) + dice.between(-10, 18);
    let high = glucose > 90;
    usual.readings.push((Vital::Glucose, tenths(glucose)));
    let metformin = if nth >= 2 && high {
        long_term("Metformin 1000 mg tablet", "1 tablet", "bd", "60 tablet")
    } else {
        long_term("Metformin 500 mg tablet", "1 tablet", "bd", "60 tablet")
    };
    let hba1c = (98 - 4 * nth).max(64) + dice.between(-3, 5);
    Story {
        reason: "refill DM",
        told: chosen(
            dice,
            &[
                "Drinks and passes less urine than before. Takes tablets.",
                "No burning feet. Eats late after market days.",
                "Feels well. Checks feet daily.",
            ],
        ),
        found: "Feet: no ulcer, pulses felt, feels the filament.".to_owned(),
        thought: if high {
            "Type 2 diabetes, glucose high."
        } else {
            "Type 2 diabetes, controlled."
        }
        .to_owned(),
        planned: chosen(
            dice,
            &[
                "Continue metformin. Half plate of vegetables. Review in 1 month.",
                "Foot care explained. Review in 6 weeks.",
            ],
        ),
        phrase: Some(".dm"),
        diagnoses: vec![DIABETES],
        problem: Some(DIABETES),
        drugs: if nth < 3 { vec![metformin] } else { Vec::new() },
        tests: (nth % 3 == 0)
            .then(|| HBA1C.tenths(hba1c, (0, 70)))
            .into_iter()
            .collect(),
        plan: (nth == 0).then_some((
            "Diabetes care",
            &[
                "Foot check at each visit",
                "HbA1c every 3 months",
                "Eye check every year",
            ],
        )),
        ..usual
    }
}

fn asthma(usual: Story, nth: i32, dice: &mut Dice) -> Story {
    let attack = dice.percent(35);
    let inhaler = long_term("Salbutamol 100 mcg inhaler", "2 puffs", "prn", "1 inhaler");
    let preventer = long_term(
        "Beclometasone 100 mcg inhaler",
        "2 puffs",
        "bd",
        "1 inhaler",
    );
    let prednisolone = Drug {
        days: 5,
        ..long_term("Prednisolone 20 mg tablet", "1 tablet", "od", "5 tablet")
    };
    let steps = [
        (true, inhaler),
        (nth >= 2, preventer),
        (attack, prednisolone),
    ];
    let prescribed = steps.into_iter().filter(|(given, _)| *given);
    Story {
        reason: if attack { "wheezing" } else { "asthma, refill" },
        told: if attack {
            "Wheeze and cough since last night, smoke at home."
        } else {
            "Uses the blue inhaler twice a week. Sleeps through."
        }
        .to_owned(),
        found: if attack {
            "Wheeze on both sides, talks in sentences."
        } else {
            "Chest clear, good air entry."
        }
        .to_owned(),
        thought: if attack {
            "Asthma attack, mild."
        } else {
            "Asthma, well controlled."
        }
        .to_owned(),
        planned: "Inhaler technique checked, spacer from a bottle. Review in 3 months."
            .to_owned(),
        diagnoses: vec![if attack { ASTHMA_ATTACK } else { ASTHMA }],
        problem: Some(ASTHMA),
        drugs: prescribed.map(|(_, it)| it).collect(),
        procedure: attack.then_some("Nebulised salbutamol"),
        ..usual
    }
}

fn tuberculosis(usual: Story, nth: i32, dice: &mut Dice) -> Story {
    let first = nth == 0;
    let cured = nth == 7;
    let course = |name, days, quantity| Drug {
        days,
        ..long_term(name, "4 tablets", "od", quantity)
    };
    let drugs = match nth {
        0 => vec![course("RHZE 150/75/400/275 mg tablet", 60, "240 tablet")],
        3 => vec![course("RH 150/75 mg tablet", 122, "488 tablet")],
        _ => Vec::new(),
    };
    let sputum = match nth {
        0 => Some("AFB 2+"),
        3 | 5 | 7 => Some("no AFB seen"),
        _ => None,
    };
    Story {
        reason: if first {
            "cough for weeks"
        } else {
            "TB review"
        },
        told: if first {
            "Cough for 5 weeks, night sweats, lost weight.".to_owned()
        } else {
            chosen(
                dice,
                &[
                    "Cough less, eats better. Takes all tablets, wife watches.",
                    "No fever. Joints ache a little.",
                    "No missed doses. Urine orange, explained.",
                ],
            )
        },
        found: if first {
            "Thin, creps in the right upper zone."
        } else {
            "Chest clear, no jaundice."
        }
        .to_owned(),
        thought: match (first, cured) {
            (true, _) => "Lung tuberculosis, smear positive.",
            (_, true) => "Tuberculosis, cured.",
            _ => "Tuberculosis on treatment.",
        }
        .to_owned(),
        planned: if cured {
            "Treatment ends today. Return if cough comes back."
        } else {
            "Continue. Trace and test the household."
        }
        .to_owned(),
        phrase: Some(".tb"),
        diagnoses: vec![TUBERCULOSIS],
        problem: Some(TUBERCULOSIS),
        resolves: cured.then_some(TUBERCULOSIS.0),
        drugs,
        tests: sputum.map(|it| SPUTUM.words(it)).into_iter().collect(),
        image: first.then_some((
            "Chest X-ray",
            "Infiltrate with a small cavity in the right upper zone.",
        )),
        letter: first.then_some("Referral reply, District Hospital chest clinic"),
        ..usual
    }
}

fn ulcer(usual: Story, nth: i32, dice: &mut Dice) -> Story {
    let centimetres = (60 - nth / 3).max(6) + dice.between(-2, 2);
    Story {
        reason: "dressing",
        told: chosen(
            dice,
            &[
                "Less pain.",
                "Smells less.",
                "Walked to market.",
                "Pain at night.",
            ],
        ),
        found: format!(
            "Ulcer {} cm, clean base, edges growing in.",
            tenths(centimetres)
        ),
        thought: "Leg ulcer, healing slowly.".to_owned(),
        planned: "Dressed, compression. Back in 1 week.".to_owned(),
        diagnoses: vec![ULCER],
        problem: Some(ULCER),
        procedure: (nth % 4 == 0).then_some("Debridement of wound"),
        ..usual
    }
}

fn chosen(dice: &mut Dice, sentences: &[&'static str]) -> String {
    dice.pick(sentences).copied().unwrap_or_default().to_owned()
}
