//! How heavy and how tall an invented body is at an age.

use super::dice::{BELL, Dice};
use crate::chart::Sex;

/// Median weight in grams and height in millimetres, boys then girls, by age in months.
/// Rounded from the WHO child growth standards (2006) and reference (2007); weights above
/// ten years are our own.
const MEDIANS: [(i32, [i32; 2], [i32; 2]); 21] = [
    (0, [3300, 3200], [499, 491]),
    (1, [4500, 4200], [547, 537]),
    (2, [5600, 5100], [584, 571]),
    (3, [6400, 5800], [614, 598]),
    (4, [7000, 6400], [639, 621]),
    (6, [7900, 7300], [676, 657]),
    (9, [8900, 8200], [720, 701]),
    (12, [9600, 8900], [757, 740]),
    (18, [10_900, 10_200], [823, 807]),
    (24, [12_200, 11_500], [871, 857]),
    (36, [14_300, 13_900], [961, 951]),
    (48, [16_300, 16_100], [1033, 1027]),
    (60, [18_300, 18_200], [1100, 1094]),
    (84, [22_900, 22_400], [1217, 1208]),
    (108, [28_100, 28_200], [1327, 1325]),
    (120, [31_200, 31_900], [1378, 1386]),
    (144, [40_000, 41_500], [1491, 1512]),
    (168, [50_500, 49_500], [1632, 1598]),
    (192, [60_500, 53_500], [1729, 1625]),
    (216, [66_000, 55_500], [1761, 1631]),
    (240, [67_000, 56_500], [1765, 1632]),
];

/// One standard deviation of weight and of height, in thousandths of the median.
const WEIGHT_SPREAD: i32 = 110;
const HEIGHT_SPREAD: i32 = 37;
/// How far a body here lies below the median on average, in thousandths of a deviation.
const BELOW_MEDIAN: i32 = 400;

/// What a person keeps through life: how far from the median.
#[derive(Clone, Copy)]
pub(super) struct Build {
    weight: i32,
    height: i32,
    /// Grams that a grown person gains in a year.
    gain: i32,
}

impl Build {
    pub(super) fn thrown(dice: &mut Dice) -> Self {
        let height = (dice.bell() - BELOW_MEDIAN).clamp(-2 * BELL, 2 * BELL);
        let own = dice.bell();
        Self {
            weight: ((height + own) * 2 / 3).clamp(-5 * BELL / 2, 5 * BELL / 2),
            height,
            gain: dice.between(-100, 500),
        }
    }

    /// Weight in grams at an age, as a scale shows it that day.
    pub(super) fn grams(self, sex: Sex, age_days: i32, dice: &mut Dice) -> i32 {
        let median = median(sex, age_days, |(_, weight, _)| *weight);
        let own = spread(median, self.weight, WEIGHT_SPREAD);
        let grown_years = (age_days / 365 - 20).clamp(0, 30);
        let grown = own + self.gain * grown_years;
        spread(grown, dice.bell(), 8)
    }

    /// Height in millimetres at an age, as it is measured that day.
    pub(super) fn millimetres(self, sex: Sex, age_days: i32, dice: &mut Dice) -> i32 {
        let median = median(sex, age_days, |(.., height)| *height);
        spread(median, self.height, HEIGHT_SPREAD) + dice.between(-3, 3)
    }
}

fn spread(median: i32, deviations: i32, permille: i32) -> i32 {
    let apart = i64::from(median) * i64::from(deviations) * i64::from(permille);
    median + i32::try_from(apart / 1_000_000).unwrap_or(0)
}

fn median(
    sex: Sex,
    age_days: i32,
    of: impl Fn(&(i32, [i32; 2], [i32; 2])) -> [i32; 2],
) -> i32 {
    let column = |row: &(i32, [i32; 2], [i32; 2])| {
        let [boys, girls] = of(row);
        if sex == Sex::Male { boys } else { girls }
    };
    let month_in_days = |months: i32| months * 3044 / 100;
    let later = MEDIANS
        .iter()
        .find(|(months, ..)| month_in_days(*months) > age_days);
    let earlier = MEDIANS.iter().rev();
    let earlier = earlier
        .clone()
        .find(|(months, ..)| month_in_days(*months) <= age_days);
    match (earlier, later) {
        (Some(from), Some(to)) => {
            let (start, end) = (month_in_days(from.0), month_in_days(to.0));
            let (low, high) = (column(from), column(to));
            low + (high - low) * (age_days - start) / (end - start)
        }
        (Some(row), None) | (None, Some(row)) => column(row),
        (None, None) => 0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_child_grows_and_stays_near_its_own_line() {
        for seed in 0..200 {
            let mut dice = Dice::new(seed, 1);
            let build = Build::thrown(&mut dice);
            let sex = if seed % 2 == 0 {
                Sex::Male
            } else {
                Sex::Female
            };
            let mut before = (0, 0);
            for age_days in (0..7300).step_by(120) {
                let grams = build.grams(sex, age_days, &mut dice);
                let tall = build.millimetres(sex, age_days, &mut dice);
                assert!(
                    (2_000..130_000).contains(&grams),
                    "{seed} {age_days} {grams}"
                );
                assert!((420..2_050).contains(&tall), "{seed} {age_days} {tall}");
                assert!(grams * 100 > before.0 * 90 && tall + 12 > before.1);
                before = (grams, tall);
            }
        }
    }

    #[test]
    fn the_medians_are_met_where_they_are_known() {
        let weight = |(_, weight, _): &(i32, [i32; 2], [i32; 2])| *weight;
        assert_eq!(median(Sex::Male, 0, weight), 3300);
        assert_eq!(median(Sex::Female, 366, weight), 8907);
        assert_eq!(median(Sex::Male, 30_000, weight), 67_000);
    }
}
