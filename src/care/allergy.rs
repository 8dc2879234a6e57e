//! Whether a drug meets an allergy on file.

use std::fmt;

use crate::{
    chart::{Allergy, Coded, Criticality, Severity},
    content::{Allergen, DrugsNamed, ReactionSign},
};

/// An allergy that a drug meets.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Clash<'a> {
    /// The allergy on file.
    pub allergy: &'a Allergy,
    /// How the drug is like what is on file.
    pub likeness: Likeness,
    /// Whether prescribing must stop: the drug is what is on file or of its group, and what
    /// happened was severe, or nobody knows what happened.
    pub stops: bool,
}

/// How a drug is like a substance on file, the most alike first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Likeness {
    /// The same substance.
    Same,
    /// Of the same group, such as `penicillin`.
    Group(&'static str),
    /// Of a group to which some of those react as well, such as cephalosporins after a
    /// penicillin.
    Related(&'static str),
    /// Nobody here can tell: a person must compare them.
    NotKnown(NotKnown),
}

/// What is not recognised.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum NotKnown {
    /// The drug; said once, with the first allergy that may be about a drug.
    Drug,
    /// What is on file.
    Allergy,
}

/// Groups of which some people who react to one react to the other: of those allergic to a
/// penicillin about 2 in 100 react to a cephalosporin and 1 in 100 to a carbapenem (Picard M
/// et al., J Allergy Clin Immunol Pract 2019;7:2722).
const RELATED: &[(&str, &str)] = &[
    ("penicillin", "cephalosporin"),
    ("penicillin", "carbapenem"),
];
/// The categories of what is no drug.
const NO_DRUGS: [&str; 2] = ["food", "environment"];

/// The allergies that this drug meets, those that stop first, and last those of which nobody
/// can tell. Allergies that do not count (refuted, resolved, in error) are left out.
pub fn clashes<'a>(
    drug: &Coded,
    allergies: impl IntoIterator<Item = &'a Allergy>,
) -> Vec<Clash<'a>> {
    let named = named(drug);
    let mut drug_said = false;
    let counting = allergies.into_iter().filter(|it| it.counts());
    let met = counting.filter_map(|allergy| {
        let likeness = likeness(drug, &named, allergy)?;
        let repeated = likeness == Likeness::NotKnown(NotKnown::Drug)
            && std::mem::replace(&mut drug_said, true);
        let clash = Clash {
            allergy,
            likeness,
            stops: likeness.is_close() && is_grave(allergy),
        };
        (!repeated).then_some(clash)
    });
    let mut met: Vec<_> = met.collect();
    met.sort_by_key(|it| (!it.stops, it.likeness));
    met
}

impl Clash<'_> {
    /// Whether the drug is known to be like what is on file.
    pub fn is_known(&self) -> bool {
        !matches!(self.likeness, Likeness::NotKnown(_))
    }
}

impl Likeness {
    fn is_close(self) -> bool {
        matches!(self, Self::Same | Self::Group(_))
    }
}

impl fmt::Debug for Clash<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            allergy, likeness, ..
        } = self;
        write!(f, "Clash({allergy:?}, {likeness:?})")
    }
}

fn likeness(drug: &Coded, named: &DrugsNamed, allergy: &Allergy) -> Option<Likeness> {
    if same(drug, &allergy.code) {
        return Some(Likeness::Same);
    }
    let on_file = self::named(&allergy.code);
    let shared = |it: &&&str| on_file.groups.contains(*it);
    if let Some(group) = named.groups.iter().find(shared) {
        return Some(Likeness::Group(group));
    }
    let related = |own: &str, other: &str| {
        named.groups.contains(&own) && on_file.groups.contains(&other)
    };
    let pair = RELATED.iter().find(|(a, b)| related(a, b) || related(b, a));
    if let Some((a, b)) = pair {
        let of = if on_file.groups.contains(a) { a } else { b };
        return Some(Likeness::Related(of));
    }
    let may_be_a_drug = !NO_DRUGS.contains(&allergy.category.as_str());
    let not_known = if !named.known {
        NotKnown::Drug
    } else if !on_file.known {
        NotKnown::Allergy
    } else {
        return None;
    };
    may_be_a_drug.then_some(Likeness::NotKnown(not_known))
}

/// What a drug, or a substance on file, is. What is on the list of allergens is known, also
/// where it is no drug.
fn named(code: &Coded) -> DrugsNamed {
    let display = code.coding.iter().map(|it| it.display.as_str());
    let words = display.chain([code.text.as_str()]);
    let mut all = DrugsNamed::default();
    for words in words {
        let named = DrugsNamed::of(words);
        let listed = Allergen::named(words);
        all.known |= named.known || listed.is_some();
        all.groups.extend(named.groups);
        all.groups
            .extend(listed.into_iter().flat_map(|it| it.groups.iter().copied()));
    }
    all.groups.sort_unstable();
    all.groups.dedup();
    all
}

/// Whether both have one code, or the name of one stands in the words of the other.
fn same(drug: &Coded, substance: &Coded) -> bool {
    let mut codings = drug.coding.iter().chain(&drug.also);
    if codings.any(|it| substance.has(&it.system, &it.code)) {
        return true;
    }
    let (drug, substance) = (words(&drug.text), words(&substance.text));
    let holds = |whole: &[String], part: &[String]| {
        !part.is_empty() && whole.windows(part.len()).any(|it| it == part)
    };
    holds(&drug, &substance)
}

fn words(text: &str) -> Vec<String> {
    let parts = text.split(|it: char| !it.is_alphanumeric());
    let parts = parts.filter(|it| !it.is_empty());
    parts.map(str::to_lowercase).collect()
}

/// Whether what happened was severe, or is not known at all.
fn is_grave(allergy: &Allergy) -> bool {
    let signs = allergy
        .reactions
        .iter()
        .map(|it| it.manifestation.text.as_str());
    let mut signs = signs.filter(|it| !it.is_empty());
    let severe_sign = |text: &str| {
        let found = ReactionSign::search(text, 1);
        found.first().is_some_and(|it| it.severe)
    };
    let unknown = allergy.reactions.is_empty() && allergy.criticality != Criticality::Low;
    allergy.severity() == Some(Severity::Severe)
        || allergy.criticality == Criticality::High
        || unknown
        || signs.any(severe_sign)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        chart::{Clinical, Entry, Reaction, Verification},
        ids::{LogId, RecordId, UserId},
        time::{Moment, Timestamp},
    };

    fn allergy(substance: &str, reaction: &str, severity: Option<Severity>) -> Allergy {
        let moment = Moment {
            at: Timestamp(0),
            offset_minutes: 0,
        };
        let reaction = (!reaction.is_empty()).then(|| Reaction {
            manifestation: Coded::text(reaction),
            severity,
        });
        Allergy {
            entry: Entry::new(RecordId::ZERO, moment, UserId::ZERO, LogId::ZERO),
            code: Coded::text(substance),
            clinical: Clinical::Active,
            verification: Verification::Confirmed,
            intolerance: false,
            category: "medication".to_owned(),
            criticality: Criticality::Unknown,
            onset: None,
            reactions: reaction.into_iter().collect(),
        }
    }

    #[track_caller]
    fn check(drug: &str, on_file: &Allergy, expected: Option<(Likeness, bool)>) {
        let found = clashes(&Coded::text(drug), [on_file]);
        let found = found.first().map(|it| (it.likeness, it.stops));
        assert_eq!(found, expected, "for {drug:?}");
    }

    #[test]
    fn a_drug_of_the_group_on_file_stops_when_it_was_severe() {
        let severe = allergy("Penicillin", "Anaphylaxis", None);
        let group = Likeness::Group("penicillin");
        check("Amoxicillin 500 mg capsule", &severe, Some((group, true)));
        check("amoxicillin syrup", &severe, Some((group, true)));
        let rash = allergy("Penicillin", "Rash", Some(Severity::Mild));
        check("Amoxicillin 500 mg capsule", &rash, Some((group, false)));
        check("Azithromycin 500 mg tablet", &severe, None);
    }

    #[test]
    fn an_allergy_of_which_nothing_is_known_stops() {
        let unknown = allergy("sulfa", "", None);
        let group = Likeness::Group("sulfonamide");
        let drug = "Sulfamethoxazole + trimethoprim 800 mg/160 mg tablet";
        check(drug, &unknown, Some((group, true)));
        check("Furosemide 40 mg tablet", &unknown, None);
    }

    #[test]
    fn the_same_substance_is_known_by_its_name_or_its_code() {
        let rash = allergy("Paracetamol", "Rash", Some(Severity::Mild));
        check(
            "paracetamol 500 mg tablet",
            &rash,
            Some((Likeness::Same, false)),
        );
        let local = allergy("Neem leaf", "Hives", None);
        check("neem leaf tea", &local, Some((Likeness::Same, false)));
        let empty = allergy("", "Rash", None);
        let unknown = Likeness::NotKnown(NotKnown::Allergy);
        check("paracetamol", &empty, Some((unknown, false)));
    }

    #[test]
    fn a_trade_name_and_a_slip_of_the_finger_stop_as_the_substance_does() {
        let group = Some((Likeness::Group("penicillin"), true));
        for written in ["Penicillin", "penicilin", "PCN", "Pénicilline"] {
            let severe = allergy(written, "Anaphylaxis", None);
            for drug in [
                "augmentin",
                "Ampiclox 500",
                "X-pen",
                "amoxycillin 250mg/5ml",
            ] {
                check(drug, &severe, group);
            }
        }
    }

    #[test]
    fn what_nobody_here_knows_is_said_and_does_not_stop() {
        let penicillin = allergy("Penicillin", "Anaphylaxis", None);
        let mut nut = allergy("nut from the market", "Anaphylaxis", None);
        nut.category = "food".to_owned();
        let local = allergy("dawa ya kifua", "Rash", None);
        let unknown = |what| Some((Likeness::NotKnown(what), false));
        check("Zebrazol forte", &penicillin, unknown(NotKnown::Drug));
        check("Zebrazol forte", &nut, None);
        check(
            "Paracetamol 500 mg tablet",
            &local,
            unknown(NotKnown::Allergy),
        );
        check("Paracetamol 500 mg tablet", &nut, None);
        let drug = Coded::text("Zebrazol forte");
        assert_eq!(clashes(&drug, [&penicillin, &local]).len(), 1, "said once");
    }

    #[test]
    fn a_related_group_is_said_and_does_not_stop() {
        let severe = allergy("Penicillin", "Anaphylaxis", Some(Severity::Severe));
        let related = Likeness::Related("penicillin");
        check(
            "Ceftriaxone 1 g powder for injection",
            &severe,
            Some((related, false)),
        );
        check("Meropenem 1 g", &severe, Some((related, false)));
    }

    #[test]
    fn an_allergy_that_does_not_count_is_left_out() {
        let mut refuted = allergy("Penicillin", "Anaphylaxis", None);
        refuted.verification = Verification::Refuted;
        check("Amoxicillin 500 mg capsule", &refuted, None);
        let mut wrong = allergy("Penicillin", "Anaphylaxis", None);
        wrong.entry.in_error = true;
        check("Amoxicillin 500 mg capsule", &wrong, None);
    }

    #[test]
    fn those_that_stop_come_first() {
        let mild = allergy("Amoxicillin", "Rash", Some(Severity::Mild));
        let severe = allergy("Penicillin", "Anaphylaxis", None);
        let drug = Coded::text("Amoxicillin 500 mg capsule");
        let stops: Vec<_> = clashes(&drug, [&mild, &severe])
            .iter()
            .map(|it| it.stops)
            .collect();
        assert_eq!(stops, [true, false]);
    }
}
