//! What every screen may look at while it decides.

use std::fmt;

use super::{
    Size, Step,
    notice::{Notice, Said},
    sync::Standing,
};
use crate::{
    chart::{
        Category, Chart, Coded, Entry, Summary,
        who::{Action, Role},
    },
    ids::{LogId, RecordId, UserId},
    say::Say,
    time::{Moment, PartialDate, Timestamp},
};

/// The surroundings of a screen.
#[derive(Debug)]
pub struct Cx<'a> {
    /// The present moment.
    pub now: Moment,
    /// The sentences of the person's language.
    pub say: &'a Say,
    /// Who is signed in.
    pub who: Option<&'a Who>,
    /// The chart of the open patient.
    pub chart: Option<&'a Chart>,
    /// The same with all that came in from other machines, for the safety checks.
    pub newest: Option<&'a Chart>,
    /// The category under which what is written in the chart now is closed.
    pub closing: Option<Category>,
    /// What the next patient may share with the one registered before.
    pub household: Option<&'a Household>,
    /// The diagnoses that this person picked lately, the latest first.
    pub recent: &'a [Coded],
    /// How it stands with the clinic's other machines.
    pub standing: &'a Standing,
    /// The terminal's size.
    pub size: Size,
    /// Where new ids and request numbers come from.
    pub ids: &'a mut Ids,
}

/// Who is signed in, and on which machine.
#[derive(Clone, PartialEq, Eq)]
pub struct Who {
    /// The user.
    pub user: UserId,
    /// The machine's log.
    pub machine: LogId,
    /// The user's name.
    pub name: String,
    /// The user's role.
    pub role: Role,
}

/// What people of one household share.
#[derive(Clone, PartialEq, Eq)]
pub struct Household {
    /// Field name and text.
    pub fields: Vec<(&'static str, String)>,
    /// Whether the patient before was a child: then the whole household is repeated at once.
    pub child: bool,
}

/// New ids, from the time and from randomness that the shell gave once.
pub struct Ids {
    random: u64,
    drawn: u64,
    requests: u32,
}

impl Cx<'_> {
    /// The same surroundings with this chart open.
    pub(super) fn about<'b>(&'b mut self, chart: &'b Chart) -> Cx<'b> {
        Cx {
            now: self.now,
            say: self.say,
            who: self.who,
            chart: Some(chart),
            newest: Some(chart),
            closing: None,
            household: self.household,
            recent: self.recent,
            standing: self.standing,
            size: self.size,
            ids: self.ids,
        }
    }

    /// The same surroundings, in which what is written is closed so.
    pub(super) fn closed_as(&mut self, closing: Option<Category>) -> Cx<'_> {
        Cx {
            now: self.now,
            say: self.say,
            who: self.who,
            chart: self.chart,
            newest: self.newest,
            closing,
            household: self.household,
            recent: self.recent,
            standing: self.standing,
            size: self.size,
            ids: self.ids,
        }
    }

    /// The present day.
    pub fn today(&self) -> PartialDate {
        self.now.day()
    }

    /// Whether the person's role includes this.
    pub fn may(&self, action: Action) -> bool {
        self.who
            .is_some_and(|it| it.role.actions().contains(&action))
    }

    /// The summary of the open chart, where the role may read it.
    pub fn summary(&self) -> Option<&Summary> {
        self.chart.and_then(|it| it.summary.as_ref())
    }

    /// A number for a request; its answer carries it back.
    pub const fn request(&mut self) -> u32 {
        self.ids.requests += 1;
        self.ids.requests
    }

    /// An id for a new record.
    pub fn record_id(&mut self) -> RecordId {
        self.ids.record(self.now.at)
    }

    /// The common part of a record that is made now; none when nobody is signed in.
    pub fn entry(&mut self) -> Option<Entry> {
        let who = self.who?;
        let id = self.ids.record(self.now.at);
        Some(Entry::new(id, self.now, who.user, who.machine))
    }

    /// The same of what can be closed: it is, while the person closes what they write.
    pub fn entry_of_care(&mut self) -> Option<Entry> {
        let mut entry = self.entry()?;
        entry.restricted = self.closing;
        Some(entry)
    }

    /// Says that a draft is taken up, and whose.
    pub(super) fn taken_up(&self) -> Step {
        let person = self.chart.and_then(|it| it.identity.person.as_ref());
        let said = match person {
            Some(person) => {
                let whose = person.shown_name().into();
                Said::with("draft-taken-up-of", [("whose", whose)])
            }
            None => Said::line("draft-taken-up"),
        };
        Step::Say(Notice::plain(said))
    }

    /// The rows of a list that fill a page.
    pub fn page(&self) -> usize {
        usize::from(self.size.rows.saturating_sub(14)).max(3)
    }
}

impl Ids {
    /// Ids that no other start of the program draws: `random` is new at each start.
    pub const fn new(random: u64) -> Self {
        Self {
            random,
            drawn: 0,
            requests: 0,
        }
    }

    /// A `UUIDv7`: 48 bits of milliseconds, then 74 bits that no other draw has.
    fn record(&mut self, now: Timestamp) -> RecordId {
        self.drawn = self.drawn.wrapping_add(1);
        let ms = u128::try_from(now.0).unwrap_or(0) & 0xffff_ffff_ffff;
        let count = u128::from(self.drawn & 0xfff);
        let unique = self.random.wrapping_add(self.drawn >> 12);
        let low = u128::from(unique) & 0x3fff_ffff_ffff_ffff;
        let bits = ms << 80 | 0x7 << 76 | count << 64 | 0b10 << 62 | low;
        RecordId::from_bytes(bits.to_be_bytes())
    }
}

impl fmt::Debug for Ids {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Ids(…)")
    }
}

impl fmt::Debug for Who {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Who({:?})", self.user)
    }
}

impl fmt::Debug for Household {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Household(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_uuids_of_version_seven_and_never_the_same() {
        let mut ids = Ids::new(u64::MAX);
        let mut seen = std::collections::BTreeSet::new();
        for ms in 0..10_000 {
            let id = ids.record(Timestamp(1_700_000_000_000 + ms / 100));
            let uuid = uuid::Uuid::from_bytes(*id.as_bytes());
            assert_eq!(uuid.get_version_num(), 7);
            assert!(seen.insert(id));
        }
    }
}
