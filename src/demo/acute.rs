//! Short illnesses: what brings most people in on most days.

use super::{
    dice::Dice,
    household::Member,
    story::{
        Diagnosis, Drug, HEMOGLOBIN, MALARIA, Story, usual_pressure, usual_readings,
    },
};

/// An illness that comes and goes.
struct Illness {
    diagnosis: Diagnosis,
    reason: &'static str,
    /// Ages in years between which it is seen here.
    years: (i32, i32),
    /// How often, against the others.
    weight: i32,
    fever: bool,
    /// Sentences to choose from; `#` is a number of days.
    told: &'static str,
    found: &'static str,
    planned: &'static str,
    /// For those under twelve, and for all others.
    drugs: [&'static [Drug]; 2],
}

const fn drug(
    name: &'static str,
    dose: &'static str,
    frequency: &'static str,
    days: i32,
    quantity: &'static str,
) -> Drug {
    Drug {
        name,
        dose,
        frequency,
        days,
        quantity,
    }
}

const PARACETAMOL: [Drug; 2] = [
    drug("Paracetamol 120 mg/5 ml syrup", "5 ml", "tds", 3, "45 ml"),
    drug(
        "Paracetamol 500 mg tablet",
        "2 tablets",
        "tds",
        3,
        "18 tablet",
    ),
];
const AMOXICILLIN: [Drug; 2] = [
    drug(
        "Amoxicillin 250 mg dispersible tablet",
        "1 tablet",
        "bd",
        5,
        "10 tablet",
    ),
    drug(
        "Amoxicillin 500 mg capsule",
        "1 capsule",
        "tds",
        5,
        "15 capsule",
    ),
];
const LUMEFANTRINE: [Drug; 2] = [
    drug(
        "Artemether/lumefantrine 20/120 mg tablet",
        "1 tablet",
        "bd",
        3,
        "6 tablet",
    ),
    drug(
        "Artemether/lumefantrine 20/120 mg tablet",
        "4 tablets",
        "bd",
        3,
        "24 tablet",
    ),
];
const ALBENDAZOLE: Drug = drug(
    "Albendazole 400 mg tablet",
    "1 tablet",
    "stat",
    1,
    "1 tablet",
);
const ZINC: Drug = drug("Zinc 20 mg tablet", "1 tablet", "od", 10, "10 tablet");
const ORS: Drug = drug(
    "Oral rehydration salts sachet",
    "1 sachet",
    "prn",
    3,
    "6 sachet",
);
const IBUPROFEN: Drug =
    drug("Ibuprofen 400 mg tablet", "1 tablet", "tds", 5, "15 tablet");
const OMEPRAZOLE: Drug = drug(
    "Omeprazole 20 mg capsule",
    "1 capsule",
    "od",
    14,
    "14 capsule",
);
const NITROFURANTOIN: Drug = drug(
    "Nitrofurantoin 100 mg capsule",
    "1 capsule",
    "bd",
    5,
    "10 capsule",
);
const CIPROFLOXACIN: Drug = drug(
    "Ciprofloxacin 500 mg tablet",
    "1 tablet",
    "bd",
    7,
    "14 tablet",
);
const CLOXACILLIN: Drug = drug(
    "Cloxacillin 500 mg capsule",
    "1 capsule",
    "qds",
    5,
    "20 capsule",
);
const CHLORAMPHENICOL: Drug = drug(
    "Chloramphenicol 1% eye ointment",
    "1 cm",
    "tds",
    5,
    "1 tube",
);
const BENZYL_BENZOATE: Drug = drug(
    "Benzyl benzoate 25% lotion",
    "whole body",
    "od",
    3,
    "1 bottle",
);

const ILLNESSES: [Illness; 16] = [
    Illness {
        diagnosis: Diagnosis(
            "J06.9",
            "Acute upper respiratory infection, unspecified",
            "Common cold",
        ),
        reason: "cough",
        years: (0, 99),
        weight: 22,
        fever: false,
        told: "Cough and runny nose for # days.|Blocked nose, sore throat, # days. Eats well.|\
            Cough # days, worse at night, no blood.",
        found: "Throat red, chest clear.|Chest clear, no wheeze, no indrawing.|Ears and throat normal.",
        planned: "Warm fluids. Come back if breathing is hard or fever lasts.|Reassured. Return if not better in # days.",
        drugs: [&[PARACETAMOL[0]], &[PARACETAMOL[1]]],
    },
    Illness {
        diagnosis: Diagnosis(
            "B50.9",
            "Plasmodium falciparum malaria, unspecified",
            "Malaria",
        ),
        reason: "fever",
        years: (0, 99),
        weight: 20,
        fever: true,
        told: "Fever and chills for # days, headache.|Hot body at night for # days, vomited once.|Fever # days, joints ache, poor appetite.",
        found: "Looks ill, neck soft, no pallor.|Spleen not felt. No signs of severe malaria.|Alert, drinks well, mild pallor.",
        planned: "Treat today, first dose seen. Bed net. Return at once if worse.|Finish all tablets. Review in 3 days if fever lasts.",
        drugs: [
            &[LUMEFANTRINE[0], PARACETAMOL[0]],
            &[LUMEFANTRINE[1], PARACETAMOL[1]],
        ],
    },
    Illness {
        diagnosis: Diagnosis(
            "A09",
            "Infectious gastroenteritis and colitis, unspecified",
            "Diarrhoea",
        ),
        reason: "diarrhoea",
        years: (0, 99),
        weight: 13,
        fever: false,
        told: "Loose stools # times since yesterday, no blood.|Diarrhoea for # days, vomits after food.|Watery stools, # days, still drinks.",
        found: "Skin pinch returns at once, eyes not sunken.|Some dehydration, drinks eagerly.|Abdomen soft, bowel sounds active.",
        planned: "Fluids after each stool, keep feeding. Return if blood or not drinking.|Safe water explained. Review in 2 days.",
        drugs: [&[ORS, ZINC], &[ORS]],
    },
    Illness {
        diagnosis: Diagnosis("J18.9", "Pneumonia, unspecified organism", "Pneumonia"),
        reason: "cough, fast breathing",
        years: (0, 99),
        weight: 6,
        fever: true,
        told: "Cough # days, fast breathing since last night.|Fever and cough with yellow sputum, # days.",
        found: "Fast breathing, creps right base, no indrawing.|Creps left base, talks in full sentences.",
        planned: "Oral antibiotics, review in 2 days. Danger signs explained.",
        drugs: [
            &[AMOXICILLIN[0], PARACETAMOL[0]],
            &[AMOXICILLIN[1], PARACETAMOL[1]],
        ],
    },
    Illness {
        diagnosis: Diagnosis(
            "H66.90",
            "Otitis media, unspecified, unspecified ear",
            "Middle ear infection",
        ),
        reason: "ear pain",
        years: (0, 12),
        weight: 4,
        fever: true,
        told: "Pulls at the ear and cries at night, # days.|Ear pain # days, no discharge.",
        found: "Drum red and bulging on the right.|Left drum red, no pus.",
        planned: "Dry wicking. Review in 5 days.",
        drugs: [&[AMOXICILLIN[0], PARACETAMOL[0]], &[AMOXICILLIN[1]]],
    },
    Illness {
        diagnosis: Diagnosis("J03.90", "Acute tonsillitis, unspecified", "Tonsillitis"),
        reason: "sore throat",
        years: (3, 40),
        weight: 4,
        fever: true,
        told: "Sore throat # days, hurts to swallow.",
        found: "Tonsils large with pus, tender neck glands.",
        planned: "Finish the antibiotic. Salt water gargle.",
        drugs: [&[AMOXICILLIN[0]], &[AMOXICILLIN[1], PARACETAMOL[1]]],
    },
    Illness {
        diagnosis: Diagnosis("B82.0", "Intestinal helminthiasis, unspecified", "Worms"),
        reason: "belly pain",
        years: (1, 15),
        weight: 5,
        fever: false,
        told: "Belly pain on and off for # weeks, passed a worm.|Poor appetite, itchy bottom.",
        found: "Abdomen soft, no mass.",
        planned: "Wash hands, wear shoes. Treat the family.",
        drugs: [&[ALBENDAZOLE], &[ALBENDAZOLE]],
    },
    Illness {
        diagnosis: Diagnosis("B86", "Scabies", "Scabies"),
        reason: "itching",
        years: (0, 60),
        weight: 4,
        fever: false,
        told: "Itching at night for # weeks, others at home too.",
        found: "Burrows between fingers, scratch marks on belly.",
        planned: "Treat everyone at home on one day. Boil clothes and bedding.",
        drugs: [&[BENZYL_BENZOATE], &[BENZYL_BENZOATE]],
    },
    Illness {
        diagnosis: Diagnosis(
            "L08.9",
            "Local infection of the skin and subcutaneous tissue, unspecified",
            "Skin infection",
        ),
        reason: "boil",
        years: (0, 99),
        weight: 5,
        fever: false,
        told: "Painful swelling on the leg for # days.|Boil on the back, # days, growing.",
        found: "Abscess of 2 cm, fluctuant.|Red, warm, tender area, no pus yet.",
        planned: "Drained and dressed. Dressing daily for 3 days.|Warm compress, review in 2 days.",
        drugs: [&[AMOXICILLIN[0]], &[CLOXACILLIN]],
    },
    Illness {
        diagnosis: Diagnosis(
            "N39.0",
            "Urinary tract infection, site not specified",
            "Urinary infection",
        ),
        reason: "pain passing urine",
        years: (15, 85),
        weight: 6,
        fever: false,
        told: "Burning when passing urine, # days. No discharge.|Goes often, lower belly pain, # days.",
        found: "Suprapubic tenderness, no loin pain.",
        planned: "Drink plenty. Return if fever or back pain.",
        drugs: [&[], &[NITROFURANTOIN]],
    },
    Illness {
        diagnosis: Diagnosis(
            "K29.70",
            "Gastritis, unspecified, without bleeding",
            "Gastritis",
        ),
        reason: "stomach pain",
        years: (15, 90),
        weight: 7,
        fever: false,
        told: "Burning pain above the navel for # days, worse when hungry.|Heartburn at night, # weeks. No black stools.",
        found: "Mild epigastric tenderness, no guarding.",
        planned: "Small meals, no painkillers like ibuprofen. Review in 2 weeks.",
        drugs: [&[], &[OMEPRAZOLE]],
    },
    Illness {
        diagnosis: Diagnosis("M54.50", "Low back pain, unspecified", "Low back pain"),
        reason: "back pain",
        years: (18, 95),
        weight: 7,
        fever: false,
        told: "Back pain for # days after digging. No numbness.|Low back pain # weeks, worse on bending.",
        found: "Muscle spasm, straight leg raising normal, walks well.",
        planned: "Keep moving. Lift with the knees. Return if legs go weak.",
        drugs: [&[], &[IBUPROFEN]],
    },
    Illness {
        diagnosis: Diagnosis("R51.9", "Headache, unspecified", "Headache"),
        reason: "headache",
        years: (10, 95),
        weight: 4,
        fever: false,
        told: "Headache # days, no vomiting, sees well.",
        found: "Neck soft, pupils equal, no weakness.",
        planned: "Rest and fluids. Return if worst ever or with fever.",
        drugs: [&[PARACETAMOL[0]], &[PARACETAMOL[1]]],
    },
    Illness {
        diagnosis: Diagnosis(
            "S61.409A",
            "Unspecified open wound of unspecified hand, initial encounter",
            "Cut on the hand",
        ),
        reason: "injury",
        years: (3, 80),
        weight: 5,
        fever: false,
        told: "Cut by a panga # hours ago.|Fell on glass today.",
        found: "Clean cut of 3 cm, no tendon injury, feeling normal.",
        planned: "Cleaned and stitched. Stitches out in # days.",
        drugs: [&[PARACETAMOL[0]], &[PARACETAMOL[1]]],
    },
    Illness {
        diagnosis: Diagnosis("H10.9", "Unspecified conjunctivitis", "Red eye"),
        reason: "red eye",
        years: (0, 70),
        weight: 3,
        fever: false,
        told: "Red, sticky eye for # days. Sees well.",
        found: "Conjunctiva red, pus in the corner, cornea clear.",
        planned: "Wash the eye, own towel. Return if it hurts or sight blurs.",
        drugs: [&[CHLORAMPHENICOL], &[CHLORAMPHENICOL]],
    },
    Illness {
        diagnosis: Diagnosis("A01.00", "Typhoid fever, unspecified", "Typhoid"),
        reason: "fever",
        years: (5, 70),
        weight: 2,
        fever: true,
        told: "Fever climbing for # days, belly pain, constipated.",
        found: "Looks toxic, abdomen soft, spleen tip felt.",
        planned: "Treat as typhoid. Boil water. Review in 3 days.",
        drugs: [&[AMOXICILLIN[0]], &[CIPROFLOXACIN, PARACETAMOL[1]]],
    },
];

/// A visit for one of the illnesses of this age.
pub(super) fn story(member: &Member, age_days: i32, dice: &mut Dice) -> Story {
    let years = age_days / 365;
    let fitting = |it: &&Illness| (it.years.0..=it.years.1).contains(&years);
    let total: i32 = ILLNESSES.iter().filter(fitting).map(|it| it.weight).sum();
    let mut thrown = dice.between(1, total.max(1));
    let mut fitting = ILLNESSES.iter().filter(fitting);
    let chosen = fitting.find(|it| {
        thrown -= it.weight;
        thrown <= 0
    });
    chosen
        .map(|it| it.story(member, age_days, dice))
        .unwrap_or_default()
}

impl Illness {
    fn story(&self, member: &Member, age_days: i32, dice: &mut Dice) -> Story {
        let [child, grown] = self.drugs;
        let drugs = if age_days < 12 * 365 { child } else { grown };
        let malaria = self.diagnosis.0 == "B50.9";
        let mut tests = Vec::new();
        if malaria {
            tests.push(MALARIA.words("positive, P. falciparum"));
            if dice.percent(30) {
                let hemoglobin = dice.between(78, 128);
                tests.push(HEMOGLOBIN.tenths(hemoglobin, (110, 160)));
            }
        } else if self.fever && dice.percent(70) {
            tests.push(MALARIA.words("negative"));
        }
        let wounded = self.reason == "injury";
        let severe = self.diagnosis.0 == "J18.9" && dice.percent(35);
        Story {
            reason: self.reason,
            pressure: usual_pressure(age_days, dice),
            readings: usual_readings(member, age_days, self.fever, dice),
            told: say(self.told, dice),
            found: say(self.found, dice),
            thought: format!("{}.", self.diagnosis.2),
            planned: say(self.planned, dice),
            diagnoses: vec![self.diagnosis],
            drugs: drugs.to_vec(),
            procedure: wounded.then_some("Suture of wound"),
            image: severe.then_some((
                "Chest X-ray",
                "Patchy shadowing of the right lower zone. No effusion.",
            )),
            tests,
            ..Story::default()
        }
    }
}

/// One of the sentences, with a number for `#`.
fn say(sentences: &'static str, dice: &mut Dice) -> String {
    let choices: Vec<&str> = sentences.split('|').collect();
    let number = dice.between(2, 6).to_string();
    let chosen = dice.pick(&choices).copied().unwrap_or_default();
    chosen.replace('#', &number)
}
