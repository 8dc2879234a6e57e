//! The machines of other clinics in `cairn sync`: which are waited for, and what is said of each.

use serde_json::Value;

use super::{in_step, moved};
use crate::{
    cli::reach::{Called, Meant, words_outside},
    net::{Net, Traffic},
    seal::PublicKey,
    sync::status::{Outside, Reach},
    time::Timestamp,
};

/// Tries in vain after which a machine is not waited for, where nobody asked for it.
const TRIES: u32 = 1;
/// The same where somebody did.
const TRIES_ASKED: u32 = 2;

/// Whom somebody wants to meet elsewhere, and since when.
pub(super) struct Elsewhere {
    only: Option<Vec<PublicKey>>,
    tries: u32,
    began: Timestamp,
    /// Whether somebody may yet be heard of on the local network.
    pub(super) listens: bool,
}

/// A machine of another clinic.
pub(super) struct Row {
    outside: Outside,
    traffic: Traffic,
    /// Whether it was spoken with since this began, also where nothing is shared any more.
    pub(super) is_met: bool,
}

impl Elsewhere {
    pub(super) fn new(only: Option<&Meant>, is_placed: bool, began: Timestamp) -> Self {
        let only = only.map(|it| match it {
            Meant::Machine(_) => Vec::new(),
            Meant::Outside(only) => only.clone(),
        });
        let is_asked = is_placed || only.is_some();
        let tries = if is_asked { TRIES_ASKED } else { TRIES };
        let listens = false;
        Self {
            only,
            tries,
            began,
            listens,
        }
    }

    /// The same where somebody may be heard of who is not asked for by name.
    pub(super) fn listening(self, listens: bool) -> Self {
        let listens = listens && self.only.is_none();
        Self { listens, ..self }
    }

    /// Those that may be met: it is known where they may be.
    pub(super) fn rows(&self, net: &Net) -> Vec<Row> {
        let rows = net
            .outside()
            .into_iter()
            .filter(|(it, _)| match &self.only {
                Some(only) => only.contains(&it.endpoint),
                None => it.is_sought,
            });
        let rows = rows.map(|(outside, traffic)| Row {
            outside,
            traffic,
            is_met: outside.last_met.is_some_and(|at| at >= self.began),
        });
        rows.collect()
    }

    /// Whether it is not waited for any longer.
    pub(super) fn is_done(&self, row: &Row) -> bool {
        let is_vain = match row.outside.state {
            Reach::NotKnown | Reach::Disk | Reach::OtherProgram | Reach::Unsound => true,
            Reach::InStep | Reach::Exchanging | Reach::Revoked => false,
            Reach::NotInReach => row.traffic.unreached >= self.tries,
        };
        row.is_done() || is_vain
    }
}

impl Row {
    /// Whether all was said that there is to say.
    pub(super) fn is_done(&self) -> bool {
        let is_live = self.outside.terms.are_live();
        let is_away = self.outside.state == Reach::NotInReach;
        self.traffic.took.is_some() || (self.is_met && is_away && !is_live)
    }

    pub(super) fn shown(&self, called: &Called) -> Value {
        let mut document = called.row_outside(&self.at_rest());
        if let (Some(fields), Value::Object(moved)) =
            (document.as_object_mut(), moved(&self.traffic))
        {
            fields.extend(moved);
        }
        document
    }

    pub(super) fn line(&self, called: &Called) -> String {
        let outside = self.at_rest();
        let name = called.name_outside(outside.endpoint);
        match self.traffic.took {
            Some(took) if outside.state == Reach::InStep => {
                format!("{name}: {}", in_step(took, &self.traffic))
            }
            Some(_) | None => format!("{name}: {}", words_outside(&outside)),
        }
    }

    /// A machine that was met and went since was met.
    fn at_rest(&self) -> Outside {
        let is_live = self.outside.terms.are_live();
        let went = self.outside.state == Reach::NotInReach && is_live;
        let state = if went && self.traffic.took.is_some() {
            Reach::InStep
        } else {
            self.outside.state
        };
        Outside {
            state,
            ..self.outside
        }
    }
}
