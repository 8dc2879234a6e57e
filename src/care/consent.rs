//! What a patient's consents stand for: whether somebody may have a part of the chart on a
//! day. Withdrawn beats given and refused beats given, also where each was written on another
//! machine that knew nothing of the other.

use std::{collections::BTreeSet, fmt};

use crate::{
    chart::{Consent, ConsentState, Consents, Decision, SharedPart},
    ids::{Hash, RecordId},
    time::PartialDate,
};

/// Somebody outside of the clinic.
#[derive(Clone, Copy)]
pub struct Recipient<'a> {
    /// Their name.
    pub name: &'a str,
    /// The hash of their contact card, if they gave one.
    pub card: Option<Hash>,
}

/// What consents say of a recipient, a part and a day, and the one that says so.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Answer<'a> {
    /// The patient agreed.
    Given(&'a Consent),
    /// Nobody asked, or what was said is set aside.
    NotAsked,
    /// The patient said no.
    Refused(&'a Consent),
    /// The patient agreed, and no longer does.
    Withdrawn(&'a Consent),
    /// The patient agreed for later.
    NotYet(&'a Consent),
    /// The patient agreed for a time that is over.
    Expired(&'a Consent),
}

/// How one consent stands on a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum State {
    /// It says yes.
    Given,
    /// It will say yes.
    NotYet,
    /// It said yes until a day that is past.
    Expired,
    /// It said yes and was withdrawn.
    Withdrawn,
    /// It says no.
    Refused,
    /// A later one was given in its place.
    SetAside,
    /// It says yes, and what was refused or withdrawn stands against all of it.
    Overruled,
    /// It was entered in error.
    InError,
}

/// How one of a chart's consents stands on a day, for all that it is about.
pub fn state(consent: &Consent, among: &Consents, day: PartialDate) -> State {
    let to = Recipient {
        name: &consent.to,
        card: consent.card,
    };
    let all = |by: &Consent| {
        is_to(by, to)
            && !consent.parts.is_empty()
            && consent.parts.iter().all(|it| by.covers(it))
    };
    let own = state_where(consent, among, (day, &all));
    let denied = |part: &SharedPart| {
        let answer = answer(among, (to, part), day);
        matches!(answer, Answer::Refused(_) | Answer::Withdrawn(_))
    };
    if own == State::Given && consent.parts.iter().all(denied) {
        return State::Overruled;
    }
    own
}

/// How it stands where it is set aside by those that are so.
fn state_where(
    consent: &Consent,
    among: &Consents,
    (day, aside): (PartialDate, &dyn Fn(&Consent) -> bool),
) -> State {
    let id = consent.entry.id;
    let refuses = consent.decision == Decision::Refused;
    // Of a refusal that somebody says was an error and somebody else not, no is meant.
    let unsure = || {
        among
            .versions
            .iter()
            .any(|it| it.record == id && it.field == "err")
    };
    if consent.entry.in_error && !(refuses && unsure()) {
        return State::InError;
    }
    let counting = among.consents.iter().filter(|it| !it.entry.in_error);
    let mut over_it = counting.filter(|it| it.over.contains(&id));
    let set_aside = over_it.any(aside);
    let begins = consent.from.is_some_and(|from| day.is_before(from));
    let ended = consent.until.is_some_and(|until| until.is_before(day));
    if set_aside {
        State::SetAside
    } else if refuses {
        if ended {
            State::Expired
        } else {
            State::Refused
        }
    } else if is_withdrawn(consent, among) {
        State::Withdrawn
    } else if ended || consent.until.is_none() {
        State::Expired
    } else if begins {
        State::NotYet
    } else {
        State::Given
    }
}

/// Whether somebody may have a part of the chart on a day.
pub fn answer<'a>(
    among: &'a Consents,
    (to, part): (Recipient<'_>, &SharedPart),
    day: PartialDate,
) -> Answer<'a> {
    let about = among.consents.iter().filter(|it| it.covers(part));
    let about = about.filter(|it| is_to(it, to));
    let mut answer = Answer::NotAsked;
    for consent in about {
        let aside = |by: &Consent| is_to(by, to) && by.covers(part);
        let said = match state_where(consent, among, (day, &aside)) {
            State::Given => Answer::Given(consent),
            State::NotYet => Answer::NotYet(consent),
            State::Expired if consent.decision == Decision::Refused => continue,
            State::Expired => Answer::Expired(consent),
            State::Withdrawn => Answer::Withdrawn(consent),
            State::Refused => Answer::Refused(consent),
            State::SetAside | State::Overruled | State::InError => continue,
        };
        if said.weight() > answer.weight() {
            answer = said;
        }
    }
    answer
}

/// What keeps parts of a chart from somebody, for all of its days.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lacks<'a> {
    /// The patient did not agree to this part.
    NotAgreed(&'a SharedPart),
    /// The patient agreed to what is from some days only.
    SomeDays,
    /// The patient agreed for a shorter time: until this day.
    Shorter(PartialDate),
    /// The patient refused.
    Refused,
    /// The patient agreed, and no longer does.
    Withdrawn,
}

/// What keeps these parts of a chart from a recipient on a day; nothing where the patient
/// agreed to each. `lasts` says of a consent's last day whether that is long enough.
pub fn lacks<'a>(
    among: &Consents,
    (to, parts): (Recipient<'_>, &'a [SharedPart]),
    day: PartialDate,
    lasts: impl Fn(PartialDate) -> bool,
) -> Option<Lacks<'a>> {
    parts
        .iter()
        .find_map(|part| match answer(among, (to, part), day) {
            Answer::Given(it) if it.shared_from.or(it.shared_until).is_some() => {
                Some(Lacks::SomeDays)
            }
            Answer::Given(it) => it.until.filter(|it| !lasts(*it)).map(Lacks::Shorter),
            Answer::Refused(_) => Some(Lacks::Refused),
            Answer::Withdrawn(_) => Some(Lacks::Withdrawn),
            Answer::NotAsked | Answer::NotYet(_) | Answer::Expired(_) => {
                Some(Lacks::NotAgreed(part))
            }
        })
}

/// The refusals and withdrawals that a new consent sets aside: those that stand in the chart
/// as it is seen, and those that the one did which it corrects.
pub fn set_aside_by(
    consent: &Consent,
    corrected: Option<&Consent>,
    (among, day): (&Consents, PartialDate),
) -> Vec<RecordId> {
    if consent.decision == Decision::Refused {
        return Vec::new();
    }
    let to = Recipient {
        name: &consent.to,
        card: consent.card,
    };
    let stands = |it: &&Consent| {
        let state = state(it, among, day);
        matches!(state, State::Refused | State::Withdrawn)
    };
    let standing = among.consents.iter().filter(stands);
    let about = standing.filter(|it| is_to(it, to));
    let before = corrected.into_iter().flat_map(|it| &it.over);
    let all = about.map(|it| it.entry.id).chain(before.copied());
    all.collect::<BTreeSet<_>>().into_iter().collect()
}

/// Whether it was withdrawn, or one was that it corrects: who withdrew that one may not have
/// known of the correction.
fn is_withdrawn(consent: &Consent, among: &Consents) -> bool {
    let mut seen = BTreeSet::new();
    let mut next = Some(consent);
    while let Some(it) = next.filter(|it| seen.insert(it.entry.id)) {
        if it.state == ConsentState::Withdrawn || among.feared.contains(&it.entry.id) {
            return true;
        }
        let corrected = it.entry.replaces;
        let mut all = among.consents.iter();
        next = corrected.and_then(|id| all.find(|it| it.entry.id == id));
    }
    false
}

/// Whether a consent is about this recipient. A yes to a card is to that card alone; a no is
/// to everybody of that name, too.
fn is_to(consent: &Consent, to: Recipient<'_>) -> bool {
    let named = folded(&consent.to) == folded(to.name);
    match (consent.decision, consent.card, to.card) {
        (Decision::Given, Some(card), Some(theirs)) => card == theirs,
        (Decision::Given, _, _) => named,
        (Decision::Refused, card, theirs) => {
            let same = card.is_some() && card == theirs;
            consent.to.is_empty() || named || same
        }
    }
}

/// A name without what people write now so, now otherwise.
pub fn folded(name: &str) -> String {
    let words = name.split(|c: char| !c.is_alphanumeric());
    let words = words.filter(|it| !it.is_empty());
    words.collect::<Vec<_>>().join(" ").to_lowercase()
}

impl fmt::Debug for Recipient<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Recipient({:?})", self.card)
    }
}

impl Answer<'_> {
    /// What beats what.
    const fn weight(self) -> u8 {
        match self {
            Self::NotAsked => 0,
            Self::Expired(_) => 1,
            Self::NotYet(_) => 2,
            Self::Given(_) => 3,
            Self::Withdrawn(_) => 4,
            Self::Refused(_) => 5,
        }
    }
}

#[cfg(test)]
mod tests;
