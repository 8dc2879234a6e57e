//! What a provider of another clinic proposes that a chart is to take over, and what the clinic
//! decided about it.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::{Disagreement, Entry, Kind, Record, private, private_record};
use crate::{
    ids::{CardId, RecordId, UserId},
    time::Moment,
};

/// The document `inbox/<provider>`: what one provider proposes, and what became of it.
#[derive(Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Inbox {
    /// What is proposed, the newest first.
    pub records: Vec<Record>,
    /// What was decided, the newest first.
    pub outcomes: Vec<Outcome>,
    /// Everybody who wrote in each of these; the user of a session that is not known is zero.
    pub hands: BTreeMap<RecordId, BTreeSet<UserId>>,
    /// Those of them that somebody wrote, or a field of them, whose writing does not count.
    pub void: BTreeSet<RecordId>,
    /// Fields with more than one value.
    pub versions: Vec<Disagreement>,
}

/// What somebody of the clinic decided about a proposal. It is never edited: who decides
/// otherwise later writes another, which names this one.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Outcome {
    /// What every record has: who decided, and when.
    pub entry: Entry,
    /// What was proposed.
    pub proposal: RecordId,
    /// What was decided.
    pub decided: Decided,
    /// Why.
    pub why: String,
    /// The records of the chart that came of it.
    pub made: Vec<RecordId>,
    /// The decisions that whoever decided knew of, and that this one takes the place of.
    pub over: Vec<RecordId>,
}

/// What was decided about a proposal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Decided {
    /// It was taken into the chart.
    Accepted,
    /// It was not.
    Declined,
    /// Something that only a later version of this program knows: the proposal waits.
    Other,
}

/// Who proposed something, by the card that the clinic keeps of them.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Maker {
    /// Whom the clinic knows them as.
    pub provider: UserId,
    /// Their card.
    pub card: CardId,
    /// Their name, as the card says.
    pub name: String,
    /// Their own clinic, as the card says.
    pub organisation: String,
}

/// Where a record came from that was proposed from outside.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Outside {
    /// Who proposed it.
    pub maker: Maker,
    /// What they proposed, in their inbox.
    pub proposal: RecordId,
    /// When they wrote it.
    pub written: Moment,
}

/// A proposal as it stands.
#[derive(Clone, PartialEq, Eq)]
pub struct Proposal {
    /// What is proposed, as its maker wrote it.
    pub record: Record,
    /// Who proposes it.
    pub maker: Maker,
    /// What became of it.
    pub state: ProposalState,
    /// All that was decided about it, the newest first.
    pub outcomes: Vec<Outcome>,
    /// Why nobody should rely on it without a thought.
    pub doubt: Option<ProposalDoubt>,
}

/// What became of a proposal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum ProposalState {
    /// Two people decided apart from each other, and not alike.
    Apart,
    /// Nobody decided yet.
    Waits,
    /// It was taken into the chart.
    Accepted,
    /// It was not.
    Declined,
}

/// Why nobody should rely on a proposal without a thought; the gravest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum ProposalDoubt {
    /// Somebody else than the provider wrote in it.
    NotTheirs,
    /// What the provider wrote does not count: it was written before or after the share, or
    /// beyond what was left of it when that was taken back.
    DoesNotCount,
    /// What was shared with the provider is over.
    ShareOver,
}

private_record!(Outcome);
private!(Inbox, Maker, Outside, Proposal);

impl Inbox {
    /// What is proposed, with what became of it. Nobody decides about what is their own, nor
    /// under another one's name; `decides` knows the people of the clinic.
    pub fn proposals(
        &self,
        maker: &Maker,
        share_over: bool,
        decides: impl Fn(UserId) -> bool,
    ) -> Vec<Proposal> {
        let counts = |it: &&Outcome| {
            let id = it.entry.id;
            let own = BTreeSet::from([it.entry.by]);
            let by_one = self.hands.get(&id) == Some(&own);
            by_one
                && decides(it.entry.by)
                && !self.void.contains(&id)
                && !it.entry.in_error
        };
        let outcomes: Vec<&Outcome> = self.outcomes.iter().filter(counts).collect();
        let each = self.records.iter().map(|record| {
            let entry = record.entry();
            let mut about = outcomes.clone();
            about.retain(|it| it.proposal == entry.id);
            let theirs = BTreeSet::from([maker.provider]);
            let is_theirs =
                self.hands.get(&entry.id) == Some(&theirs) && entry.by == maker.provider;
            let doubt = if !is_theirs {
                Some(ProposalDoubt::NotTheirs)
            } else if self.void.contains(&entry.id) {
                Some(ProposalDoubt::DoesNotCount)
            } else {
                share_over.then_some(ProposalDoubt::ShareOver)
            };
            Proposal {
                record: record.clone(),
                maker: maker.clone(),
                state: state(&about),
                outcomes: about.into_iter().cloned().collect(),
                doubt,
            }
        });
        each.collect()
    }
}

impl Proposal {
    /// Its name.
    pub const fn id(&self) -> RecordId {
        self.record.entry().id
    }

    /// Whether somebody still has to decide.
    pub const fn is_open(&self) -> bool {
        matches!(self.state, ProposalState::Waits | ProposalState::Apart)
            && !self.record.entry().in_error
    }

    /// The decisions that no later one takes the place of.
    pub fn standing(&self) -> impl Iterator<Item = &Outcome> {
        standing(self.outcomes.iter())
    }
}

impl Maker {
    /// Their name and that of their clinic.
    pub fn named(&self) -> String {
        if self.organisation.is_empty() {
            return self.name.clone();
        }
        format!("{}, {}", self.name, self.organisation)
    }
}

impl Decided {
    /// The decision's word, in documents and on the command line.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Accepted => "accepted",
            Self::Declined => "declined",
            Self::Other => "other",
        }
    }
}

impl ProposalState {
    /// The state's word on the command line.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Apart => "apart",
            Self::Waits => "waits",
            Self::Accepted => "accepted",
            Self::Declined => "declined",
        }
    }
}

impl ProposalDoubt {
    /// The doubt's word on the command line.
    pub const fn word(self) -> &'static str {
        match self {
            Self::NotTheirs => "not_theirs",
            Self::DoesNotCount => "does_not_count",
            Self::ShareOver => "share_over",
        }
    }
}

impl Kind {
    /// Whether somebody outside may propose a record of this kind.
    pub const fn can_be_proposed(self) -> bool {
        matches!(
            self,
            Self::Allergy
                | Self::Problem
                | Self::Medication
                | Self::Note
                | Self::Observation
        )
    }
}

/// The outcomes that no other one takes the place of.
fn standing<'a>(
    all: impl Iterator<Item = &'a Outcome> + Clone,
) -> impl Iterator<Item = &'a Outcome> {
    let over: BTreeSet<RecordId> =
        all.clone().flat_map(|it| it.over.iter().copied()).collect();
    all.filter(move |it| !over.contains(&it.entry.id))
}

fn state(outcomes: &[&Outcome]) -> ProposalState {
    let says: BTreeSet<Decided> = standing(outcomes.iter().copied())
        .map(|it| it.decided)
        .filter(|it| *it != Decided::Other)
        .collect();
    let accepted = says.contains(&Decided::Accepted);
    let declined = says.contains(&Decided::Declined);
    match (accepted, declined) {
        (true, true) => ProposalState::Apart,
        (true, false) => ProposalState::Accepted,
        (false, true) => ProposalState::Declined,
        (false, false) => ProposalState::Waits,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{chart::NoKnownAllergies, ids::LogId};

    const PROVIDER: UserId = UserId::from_bytes([7; 16]);
    const OKOT: UserId = UserId::from_bytes([1; 16]);
    const ALI: UserId = UserId::from_bytes([2; 16]);

    fn id(number: u8) -> RecordId {
        RecordId::from_bytes([number; 16])
    }

    fn entry(number: u8, by: UserId) -> Entry {
        Entry::new(id(number), Moment::default(), by, LogId::ZERO)
    }

    fn outcome(number: u8, decided: Decided, over: &[u8]) -> Outcome {
        Outcome {
            entry: entry(number, if number.is_multiple_of(2) { OKOT } else { ALI }),
            proposal: id(1),
            decided,
            why: String::new(),
            made: Vec::new(),
            over: over.iter().map(|it| id(*it)).collect(),
        }
    }

    fn inbox(outcomes: Vec<Outcome>) -> Inbox {
        let entry = entry(1, PROVIDER);
        let record = Record::NoKnownAllergies(NoKnownAllergies { entry });
        let hands = outcomes
            .iter()
            .map(|it| (it.entry.id, [it.entry.by].into()));
        Inbox {
            hands: hands.chain([(id(1), [PROVIDER].into())]).collect(),
            records: vec![record],
            outcomes,
            ..Inbox::default()
        }
    }

    fn only(inbox: &Inbox) -> Proposal {
        let maker = Maker {
            provider: PROVIDER,
            card: CardId::ZERO,
            name: "Dr Abbo".to_owned(),
            organisation: String::new(),
        };
        let decides = |it| it == OKOT || it == ALI;
        inbox.proposals(&maker, false, decides).remove(0)
    }

    #[test]
    fn what_two_decide_apart_is_told_until_a_later_decision_names_both() {
        use Decided::{Accepted, Declined, Other};
        for (outcomes, expected) in [
            (vec![], ProposalState::Waits),
            (vec![outcome(2, Accepted, &[])], ProposalState::Accepted),
            (vec![outcome(2, Other, &[])], ProposalState::Waits),
            (
                vec![outcome(2, Accepted, &[]), outcome(3, Accepted, &[])],
                ProposalState::Accepted,
            ),
            (
                vec![outcome(2, Accepted, &[]), outcome(3, Declined, &[])],
                ProposalState::Apart,
            ),
            (
                vec![outcome(2, Declined, &[]), outcome(3, Accepted, &[2])],
                ProposalState::Accepted,
            ),
            (
                vec![
                    outcome(2, Accepted, &[]),
                    outcome(3, Declined, &[]),
                    outcome(4, Declined, &[2, 3]),
                ],
                ProposalState::Declined,
            ),
        ] {
            let says: Vec<_> = outcomes.iter().map(|it| it.decided).collect();
            let mut turned = outcomes.clone();
            turned.reverse();
            assert_eq!(only(&inbox(outcomes)).state, expected, "{says:?}");
            assert_eq!(only(&inbox(turned)).state, expected, "{says:?} turned");
        }
    }

    #[test]
    fn a_provider_decides_nothing_and_changes_no_decision() {
        let mut own = outcome(2, Decided::Accepted, &[]);
        own.entry.by = PROVIDER;
        assert_eq!(only(&inbox(vec![own])).state, ProposalState::Waits);
        let mut touched = inbox(vec![outcome(2, Decided::Declined, &[])]);
        touched.hands.insert(id(2), [OKOT, PROVIDER].into());
        assert_eq!(only(&touched).state, ProposalState::Waits);
        let mut in_anothers_name = inbox(vec![outcome(2, Decided::Accepted, &[])]);
        in_anothers_name.hands.insert(id(2), [PROVIDER].into());
        assert_eq!(only(&in_anothers_name).state, ProposalState::Waits);
    }

    #[test]
    fn what_is_not_the_providers_alone_or_does_not_count_is_told() {
        let sound = inbox(Vec::new());
        assert_eq!(only(&sound).doubt, None);
        let mut void = sound.clone();
        void.void.insert(id(1));
        assert_eq!(only(&void).doubt, Some(ProposalDoubt::DoesNotCount));
        let mut touched = void;
        touched.hands.insert(id(1), [PROVIDER, OKOT].into());
        assert_eq!(only(&touched).doubt, Some(ProposalDoubt::NotTheirs));
    }
}
