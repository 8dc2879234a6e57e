//! Providers of other clinics by their cards, and what is shared with them.

use std::fmt;

use crate::{
    app::bundle::Path,
    chart::{Purpose, SharedPart, who::Role},
    ids::{CardId, StatementId},
    time::{Moment, PartialDate},
};

/// A provider of another clinic, by a card that this clinic keeps.
#[derive(Clone, PartialEq, Eq)]
pub struct Provider {
    /// The card's name.
    pub card: CardId,
    /// What the provider is called, as they say.
    pub name: String,
    /// What they are in their clinic, as they say.
    pub role: Role,
    /// What that clinic is called, as they say.
    pub clinic: String,
    /// Eight words that no other card has.
    pub words: Vec<String>,
    /// How many machines they meet others with.
    pub machines: usize,
    /// When the card was made, by their clock.
    pub made: Moment,
    /// How somebody made sure that it is theirs.
    pub sure: Sure,
    /// Who did, or kept it.
    pub by: String,
    /// When.
    pub at: Moment,
    /// Whether they made a newer one, which is kept too.
    pub replaced: bool,
}

/// Where a card is taken from.
#[derive(Clone, PartialEq, Eq)]
pub enum Source {
    /// A file.
    File(Path),
    /// A text with the card in it.
    Text(String),
}

/// How somebody made sure that a card is the person's whose name it bears.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Sure {
    /// Nobody did.
    Not,
    /// The words were compared by telephone.
    Phone,
    /// In the same room.
    Room,
}

/// Parts of the open chart that are, or were, shared with a provider.
#[derive(Clone, PartialEq, Eq)]
pub struct Shared {
    /// The grant's statement.
    pub grant: StatementId,
    /// The card that it was granted to.
    pub card: CardId,
    /// The bearer's name; empty where the card is not kept.
    pub to: String,
    /// Which parts.
    pub parts: Vec<SharedPart>,
    /// The last day.
    pub until: PartialDate,
    /// What for, where that is known.
    pub purpose: Option<Purpose>,
    /// How it stands.
    pub stands: Stands,
    /// Who shared.
    pub by: String,
    /// When.
    pub at: Moment,
}

/// How a share stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Stands {
    /// It has not begun.
    Early,
    /// They may have it.
    Live,
    /// Its time is over.
    Expired,
    /// It was taken back.
    Revoked,
}

/// What is known of sharing a chart: who could be shared with, and what is.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Sharing {
    /// Every card that is kept, by the names of their bearers.
    pub providers: Vec<Provider>,
    /// What of the chart is shared or was, the newest first.
    pub shares: Vec<Shared>,
}

impl Source {
    /// What stands in every text that holds a card.
    pub const MARK: &str = "BEGIN CAIRN CARD";
}

impl Provider {
    /// Whether something may be shared with them: somebody made sure of the card, and there
    /// is no newer one.
    pub const fn is_sure(&self) -> bool {
        !matches!(self.sure, Sure::Not) && !self.replaced
    }
}

impl Shared {
    /// Whether it can still be taken back.
    pub const fn is_open(&self) -> bool {
        matches!(self.stands, Stands::Live | Stands::Early)
    }
}

impl fmt::Debug for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Source(…)")
    }
}

impl fmt::Debug for Provider {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Provider({:?})", self.card)
    }
}

impl fmt::Debug for Shared {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Shared({:?})", self.grant)
    }
}
