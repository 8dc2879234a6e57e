//! The open patient: identity and allergies. It never scrolls, and what does not fit is
//! counted.

use ratatui::layout::Rect;

use super::{
    super::{pen::Pen, theme::Role},
    glass::warning,
    person,
};
use crate::{
    chart::{
        Allergy, AllergyState, Chart, Disagreement, Identity, Observation, Severity,
        Summary, System, Value,
    },
    content::Decimal,
    say::Say,
    text::Shown,
};

pub(super) struct BannerView<'a> {
    pub(super) chart: &'a Chart,
}

/// From this width on, identity and allergies take one row each.
const WIDE: u16 = 80;
/// The rows of allergies where the banner is narrow, at most.
const NARROW_ROWS_MAX: u16 = 2;
/// LOINC's code for body weight.
const WEIGHT: &str = "29463-7";

impl BannerView<'_> {
    /// The rows that the banner takes: identity and allergies; where it is narrow, one more
    /// for what had no room beside the name, and one more where the allergies need it.
    pub(super) fn rows(&self, pen: &Pen<'_>) -> u16 {
        let warned = u16::from(self.chart.glass_until.is_some());
        warned + self.allergy_rows(pen) + if pen.width() < WIDE { 2 } else { 1 }
    }

    pub(super) fn draw(&self, pen: &mut Pen<'_>) {
        let Some(until) = self.chart.glass_until else {
            self.draw_person(pen);
            return;
        };
        let said = warning("glass-chart", until, pen);
        pen.put(1, 0, said, Role::Stop);
        let (width, rows) = (pen.width(), pen.height().saturating_sub(1));
        self.draw_person(&mut pen.within(Rect::new(0, 1, width, rows)));
    }

    fn draw_person(&self, pen: &mut Pen<'_>) {
        draw_identity(&self.chart.identity, pen);
        let allergies = self.allergy_rows(pen);
        let weight = self.weight(pen);
        let mut room = pen.width().saturating_sub(2);
        if pen.width() < WIDE {
            self.draw_below(allergies + 1, &weight, pen);
        } else if allergies > 0 && !weight.is_empty() {
            let x = pen.right(1, weight, Role::Plain);
            room = x.saturating_sub(3);
        }
        let Some(summary) = &self.chart.summary else {
            return;
        };
        let alarming = alarming(summary);
        match summary.allergy_state() {
            AllergyState::Some(_)
            | AllergyState::NoneKnown { .. }
            | AllergyState::NotAsked
            | AllergyState::NotReceived
                if !alarming.is_empty() =>
            {
                let lines = allergy_lines(&alarming, room, allergies, pen.look.say);
                for (y, line) in (1..).zip(lines) {
                    pen.put(1, y, line, Role::Stop);
                }
            }
            AllergyState::Some(_) => {}
            AllergyState::NoneKnown { asked } => {
                let day = pen.look.say.seen_from(asked.day(), pen.look.now.day());
                let args = [("day", day.into())];
                let said = pen.look.say.with("banner-none-known", &args);
                pen.put(1, 1, said, Role::Plain);
            }
            AllergyState::NotAsked => {
                pen.put_line(1, 1, "banner-not-asked", Role::Ask);
            }
            AllergyState::NotReceived => {
                pen.put_line(1, 1, "banner-not-received", Role::Ask);
            }
        }
    }

    fn allergy_rows(&self, pen: &Pen<'_>) -> u16 {
        let alarming = self.chart.summary.as_ref().map(alarming);
        match alarming {
            None => 0,
            Some(allergies) if pen.width() < WIDE && !allergies.is_empty() => {
                let room = pen.width().saturating_sub(2);
                let say = pen.look.say;
                let lines = allergy_lines(&allergies, room, NARROW_ROWS_MAX, say);
                u16::try_from(lines.len()).unwrap_or(NARROW_ROWS_MAX)
            }
            Some(_) => 1,
        }
    }

    /// The number, the weight and the village, in a row of their own.
    fn draw_below(&self, y: u16, weight: &str, pen: &mut Pen<'_>) {
        let Some(person) = &self.chart.identity.person else {
            return;
        };
        let mut facts = Vec::new();
        if let Some(number) = person.number() {
            let args = [("number", number.into())];
            facts.push(pen.look.say.with("banner-number", &args));
        }
        facts.extend([weight.to_owned(), person.address.village.clone()]);
        facts.retain(|it| !it.is_empty());
        pen.put(1, y, facts.join("  "), Role::Plain);
    }

    fn weight(&self, pen: &Pen<'_>) -> String {
        let visits = self.chart.visits.as_ref();
        let observations = visits.map_or(&[][..], |it| &it.observations);
        let mut weights = observations.iter().filter(|it| is_weight(it));
        let Some(Value::Quantity(quantity)) = weights.find_map(|it| it.value.as_ref())
        else {
            return String::new();
        };
        let number = Decimal::cut(&quantity.value);
        let number = number.map(|it| it.short().to_string());
        let number = number.unwrap_or_else(|_odd| quantity.value.clone());
        let value = format!("{number} {}", quantity.unit);
        pen.look
            .say
            .with("banner-weight", &[("value", value.into())])
    }
}

/// An allergy of the banner, and whether it is proposed only.
type Alarming<'a> = (&'a Allergy, bool);

/// The allergies on file and those that are proposed, the worst first.
fn alarming(summary: &Summary) -> Vec<Alarming<'_>> {
    let on_file = match summary.allergy_state() {
        AllergyState::Some(them) => them,
        AllergyState::NoneKnown { .. }
        | AllergyState::NotAsked
        | AllergyState::NotReceived => Vec::new(),
    };
    let proposed = summary.proposed_allergies().into_iter();
    let on_file = on_file.into_iter().map(|it| (it, false));
    let mut all: Vec<_> = on_file.chain(proposed.map(|it| (it, true))).collect();
    all.sort_by_key(|(it, _)| std::cmp::Reverse(it.severity()));
    all
}

fn is_weight(observation: &Observation) -> bool {
    !observation.entry.in_error && observation.code.has(&System::Loinc, WEIGHT)
}

fn draw_identity(identity: &Identity, pen: &mut Pen<'_>) {
    let Some(person) = &identity.person else {
        pen.put_line(1, 0, "banner-no-identity", Role::Ask);
        return;
    };
    let say = pen.look.say;
    let mut facts = Vec::new();
    if let Some(birth) = person.birth {
        let born = person::born(pen, birth);
        facts.push(say.with("banner-born", &[("date", born.into())]));
    }
    facts.push(person.sex.letter().to_string());
    if pen.width() >= WIDE {
        if let Some(number) = person.number() {
            facts.push(say.with("banner-number", &[("number", number.into())]));
        }
        facts.push(person.address.village.clone());
    }
    let facts = Shown::from(facts.join("  "));
    let width = usize::from(pen.width());
    let name_room = width.saturating_sub(facts.width() + 4).max(width / 3);
    let name = Shown::from(person.shown_name());
    let mut x = pen.put(1, 0, name.fit(name_room), Role::Heading) + 2;
    if identity.versions.iter().any(Disagreement::can_be_settled) {
        x = pen.put(x - 1, 0, "~", Role::Versions) + 1;
    }
    let column = if pen.width() >= WIDE { 20 } else { 0 };
    x = x.max(column);
    pen.put(x, 0, facts, Role::Plain);
}

/// `! ALLERGY: PENICILLIN anaphylaxis 2019 | sulfa rash | +1 more (a)`, in the rows there are.
fn allergy_lines(
    allergies: &[Alarming<'_>],
    room: u16,
    rows: u16,
    say: &Say,
) -> Vec<Shown> {
    let room = usize::from(room);
    let mut line = Shown::from(format!("! {}", say.line("banner-allergy")));
    let mut full = Vec::new();
    let mut left = allergies.len();
    for (allergy, proposed) in allergies {
        let last_row = full.len() + 1 >= usize::from(rows);
        let more = more(left - 1, say);
        let room = if last_row {
            room.saturating_sub(more.width())
        } else {
            room
        };
        let first = left == allergies.len();
        let join = if first { " " } else { " | " };
        let mut text = allergy_words(allergy);
        if *proposed {
            text = format!("{text} {}", say.line("banner-proposed"));
        }
        let longer = Shown::from(format!("{line}{join}{text}"));
        if longer.width() <= room || first {
            line = longer.fit(room);
        } else if last_row {
            break;
        } else {
            full.push(line);
            line = Shown::from(format!("  {text}")).fit(room);
        }
        left -= 1;
    }
    full.push(Shown::from(format!("{line}{}", more(left, say))));
    full
}

fn more(left: usize, say: &Say) -> Shown {
    if left == 0 {
        return Shown::default();
    }
    Shown::from(format!(
        " | {}",
        say.with("banner-more", &[("n", left.into())])
    ))
}

pub(super) fn allergy_words(allergy: &Allergy) -> String {
    let severe = allergy.severity() == Some(Severity::Severe);
    let what = if severe {
        allergy.code.text.to_uppercase()
    } else {
        allergy.code.text.clone()
    };
    let reactions = allergy
        .reactions
        .iter()
        .map(|it| it.manifestation.text.as_str());
    let mut words: Vec<String> = vec![what];
    words.extend(reactions.take(1).map(str::to_owned));
    words.extend(allergy.onset.map(|it| it.date().year().to_string()));
    words.join(" ")
}
