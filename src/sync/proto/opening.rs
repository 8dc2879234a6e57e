//! The first words of both sides: whether all is the same already, and if not, how far the
//! runs of each reach, told against what both know of their last meeting if they can.

use super::{
    Exchange, Output, Why,
    theirs::{Theirs, base_hash, changed, frontier_hash},
};
use crate::{
    ids::{ClinicId, Hash},
    ledger::Frontier,
    sync::wire::{BaseHash, Frame, Hello, Told},
};

/// What was said first here, until it is known how far the other side's runs reach.
pub(super) struct Opening {
    mine: Frontier,
    hash: Hash,
    base: Option<BaseHash>,
    told_whole: bool,
    heard: Option<Hello>,
}

impl Opening {
    /// Says hello; and how far the runs here reach, unless that is what the other side knows
    /// already.
    pub(super) fn new(
        clinic: ClinicId,
        mine: &Frontier,
        base: Option<&Frontier>,
    ) -> (Self, Vec<Frame>) {
        // What is lost here, by a restored backup, cannot be told as a change.
        let base = base.filter(|it| it.keys().all(|run| mine.contains_key(run)));
        let opening = Self {
            mine: mine.clone(),
            hash: frontier_hash(mine),
            base: base.map(base_hash),
            told_whole: base.is_none(),
            heard: None,
        };
        let mut frames = vec![Frame::Hello(Hello {
            clinic,
            frontier: opening.hash,
            base: opening.base,
        })];
        let nothing = Frontier::new();
        let reached = changed(base.unwrap_or(&nothing), mine, opening.hash);
        if base.is_none() || !reached.is_empty() {
            let base = opening.base;
            frames.push(Frame::Frontier(Told { base, reached }));
        }
        (opening, frames)
    }

    /// The hash of the frontier that was said hello with.
    pub(super) const fn hash(&self) -> Hash {
        self.hash
    }

    /// Whether the other side has not yet said hello.
    pub(super) const fn is_unheard(&self) -> bool {
        self.heard.is_none()
    }
}

impl Exchange {
    /// The other side says hello.
    pub(super) fn greeted(
        &mut self,
        hello: Hello,
        outputs: &mut Vec<Output>,
    ) -> Result<(), Why> {
        let Some(opening) = &mut self.opening else {
            return Err(Why::OutOfTurn);
        };
        if opening.heard.replace(hello).is_some() {
            return Err(Why::OutOfTurn);
        }
        if hello.clinic != self.clinic {
            return Err(Why::Clinic);
        }
        if hello.frontier == opening.hash {
            let same = std::mem::take(&mut opening.mine);
            self.know(Theirs::known(hello.frontier, same));
            return Ok(());
        }
        let shared = opening.base.is_some() && opening.base == hello.base;
        if shared {
            let unmoved = self.base.take_if(|it| frontier_hash(it) == hello.frontier);
            if let Some(base) = unmoved {
                self.know(Theirs::known(hello.frontier, base));
            }
            return Ok(());
        }
        if !opening.told_whole {
            opening.told_whole = true;
            let reached = changed(&Frontier::new(), &self.mine, self.salt);
            self.told.clone_from(&self.mine);
            let told = Told {
                base: None,
                reached,
            };
            outputs.push(Output::Send(Frame::Frontier(told)));
        }
        Ok(())
    }

    /// The other side tells how far its runs reach.
    pub(super) fn learn_frontier(&mut self, told: Told) -> Result<(), Why> {
        let (Some(opening), None) = (&self.opening, &self.theirs) else {
            return Ok(());
        };
        let Some(hello) = opening.heard else {
            return Err(Why::OutOfTurn);
        };
        let mut theirs = match told.base {
            None => Theirs::untold(hello.frontier),
            Some(base) if opening.base == Some(base) && hello.base == Some(base) => {
                let known = self.base.clone().unwrap_or_default();
                Theirs::known(hello.frontier, known)
            }
            // Told against another base than the one known here: the whole follows.
            Some(_) => return Ok(()),
        };
        let (mine, base) = (&self.mine, self.base.as_ref());
        let room = theirs.tell(told.reached, |run, seq| {
            [mine.get(&run), base.and_then(|it| it.get(&run))]
                .into_iter()
                .flatten()
                .filter(|it| it.0 == seq)
                .map(|it| it.1)
                .collect()
        });
        self.know(theirs);
        room.then_some(()).ok_or(Why::TooMuch)
    }

    fn know(&mut self, theirs: Theirs) {
        // What was sent ahead from beyond where they are did not help them.
        if let Some(base) = &self.base {
            let reached = |run| base.get(&run).map_or(0, |it| it.0);
            self.sent.retain(|run, _| theirs.seq(*run) >= reached(*run));
        }
        self.base = None;
        self.stuck.clear();
        self.theirs = Some(theirs);
    }
}
