//! How it stands with the clinic's other machines (S7): which there are, what they have and
//! lack, in words. What one enters is saved here first; the rest goes by itself.

mod keys;
mod standing;

use std::fmt;

pub use keys::KEYS;
pub use standing::{Bundle, Copying, Here, Standing, Word};

use super::{
    Cx, Effect as Ask, Press, Selected, Step,
    keymap::Context,
    notice::{Notice, Said, Trouble},
    overlay::Question,
};
use crate::{
    chart::Chart,
    ids::{DeviceId, PatientId, RecordId},
    sync::status::{Peer, Reach},
};

/// The table of machines.
#[derive(Debug, Default)]
pub struct State {
    /// The selected row: this machine first, then the others.
    pub selected: Selected,
    /// The machine that is looked at.
    pub open: Option<Open>,
    asked: u32,
}

/// A machine that is looked at.
#[derive(Debug)]
pub struct Open {
    /// Which.
    pub device: DeviceId,
    /// What is known of it, once the shell has told.
    pub details: Option<Details>,
}

/// What is known of a machine besides its row.
#[derive(Clone, PartialEq, Eq)]
pub struct Details {
    /// Where it was met last, or, of this machine, where it is met.
    pub addresses: Vec<String>,
}

/// What a key may ask among the machines.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Action {
    /// Exchange now with every machine in reach.
    ShareNow,
    /// The machine that is looked at belongs to the clinic no more.
    Revoke,
}

/// What is asked of the shell.
#[derive(Debug)]
pub enum Effect {
    /// Take part in the exchange, for the clinic that is open.
    Begin,
    /// Something came in: do a portion of what follows from it.
    TakeIn {
        /// Whether who belongs may be others than before.
        membership: bool,
        /// Whose chart is open.
        open: Option<PatientId>,
        /// The record of it that is being written.
        writing: Option<RecordId>,
    },
    /// Exchange now with every machine in reach.
    ShareNow,
    /// What is known of this machine?
    Details {
        /// The request's number.
        request: u32,
        /// Which.
        device: DeviceId,
    },
    /// This machine belongs to the clinic no more.
    Revoke {
        /// The request's number.
        request: u32,
        /// Which.
        device: DeviceId,
    },
}

/// What the shell tells.
#[derive(Debug)]
pub enum Answer {
    /// How it stands now; told whenever it is another than before.
    Standing(Box<Standing>),
    /// Something came in from another machine, or more of it waits.
    Came {
        /// Whether who belongs may be others than before.
        membership: bool,
    },
    /// A portion of it was done.
    TookIn {
        /// Whether more waits.
        more: bool,
        /// The open chart as it is now, where it may be another than before.
        chart: Option<Box<Chart>>,
        /// The machine that changed the record which is being written, if one did.
        by: Option<String>,
    },
    /// What is known of a machine.
    Details {
        /// The request's number.
        request: u32,
        /// What is known.
        details: Details,
    },
    /// How the revoking went.
    Revoked {
        /// The request's number.
        request: u32,
        /// Whether it is done.
        result: Result<(), Trouble>,
    },
}

impl State {
    /// The contexts of the table.
    pub const LIST: &'static [Context] = &[
        Context::Sync,
        Context::List,
        Context::Anywhere,
        Context::Outside,
    ];
    /// The contexts while a machine is looked at.
    pub const DETAILS: &'static [Context] = &[
        Context::SyncPlace,
        Context::Sync,
        Context::List,
        Context::Anywhere,
        Context::Outside,
    ];

    /// Where keys mean something.
    pub const fn contexts(&self) -> &'static [Context] {
        if self.open.is_some() {
            Self::DETAILS
        } else {
            Self::LIST
        }
    }

    /// Does what a key asks of any screen.
    pub fn press(&mut self, press: &Press, cx: &mut Cx<'_>) -> Vec<Step> {
        if let Press::Move(to) = press {
            let total = cx.standing.peers.len() + 1;
            self.selected.moved(*to, total, cx.page());
            if self.open.is_some() {
                return self.look(cx);
            }
        } else if *press == Press::Accept {
            return self.look(cx);
        } else if *press == Press::Back && self.open.take().is_none() {
            return vec![Step::Back];
        }
        Vec::new()
    }

    /// Does what a key of this screen asks.
    pub fn act(&mut self, action: Action, cx: &mut Cx<'_>) -> Vec<Step> {
        match action {
            Action::ShareNow => share_now(cx.standing),
            Action::Revoke => self.ask_revoke(cx),
        }
    }

    /// Takes an answer.
    pub fn answered(&mut self, answer: &Answer, cx: &Cx<'_>) -> Vec<Step> {
        match answer {
            Answer::Details { request, details } if *request == self.asked => {
                if let Some(open) = &mut self.open {
                    open.details = Some(details.clone());
                }
            }
            Answer::Revoked { request, result } if *request == self.asked => {
                return vec![Step::Say(match result {
                    Ok(()) => Notice::done(self.said("sync-revoked", cx)),
                    Err(trouble) => Notice::alarm(trouble.said()),
                })];
            }
            Answer::Standing(_)
            | Answer::Came { .. }
            | Answer::TookIn { .. }
            | Answer::Details { .. }
            | Answer::Revoked { .. } => {}
        }
        Vec::new()
    }

    /// The selected machine; none for this one.
    fn chosen<'a>(&self, standing: &'a Standing) -> Option<&'a Peer> {
        standing.peers.get(self.selected.0.checked_sub(1)?)
    }

    fn look(&mut self, cx: &mut Cx<'_>) -> Vec<Step> {
        let here = cx.standing.here.as_ref().map(|it| it.device);
        let device = self.chosen(cx.standing).map(|it| it.device).or(here);
        let Some(device) = device else {
            return Vec::new();
        };
        let known = self.open.take().filter(|it| it.device == device);
        self.open = Some(Open {
            device,
            details: known.and_then(|it| it.details),
        });
        self.asked = cx.request();
        let request = self.asked;
        vec![Step::Ask(Ask::Sync(Effect::Details { request, device }))]
    }

    /// Names the machine; the safe line keeps it.
    fn ask_revoke(&mut self, cx: &mut Cx<'_>) -> Vec<Step> {
        let open = self.open.as_ref().map(|it| it.device);
        let mut peers = cx.standing.belonging();
        let Some(peer) = peers.find(|it| Some(it.device) == open) else {
            let said = Said::line("sync-revoke-not-this");
            return vec![Step::Say(Notice::plain(said))];
        };
        self.asked = cx.request();
        let revoke = Effect::Revoke {
            request: self.asked,
            device: peer.device,
        };
        vec![Step::Question(Box::new(Question {
            title: self.said("sync-revoke-title", cx),
            lines: vec![
                Said::line("sync-revoke-what"),
                Said::line("sync-revoke-holds"),
            ],
            safe: Said::line("sync-revoke-keep"),
            letter: 'r',
            other: Said::line("sync-revoke-do"),
            back: None,
            then: vec![Step::Ask(Ask::Sync(revoke))],
        }))]
    }

    /// A sentence that names the machine that is looked at.
    fn said(&self, id: &'static str, cx: &Cx<'_>) -> Said {
        let open = self.open.as_ref().map(|it| it.device);
        let mut peers = cx.standing.peers.iter();
        let name = peers.find(|it| Some(it.device) == open).map(shown_name);
        Said::with(id, [("name", name.unwrap_or_default().into())])
    }
}

/// What a machine is called; without a name that can be read, how its id begins.
pub fn shown_name(peer: &Peer) -> String {
    if peer.name.is_empty() {
        short_id(peer.device)
    } else {
        peer.name.clone()
    }
}

/// How the id of a machine begins.
pub fn short_id(device: DeviceId) -> String {
    device.to_string().chars().take(8).collect()
}

fn share_now(standing: &Standing) -> Vec<Step> {
    let mut states = standing.belonging().map(|it| it.state);
    let said = if states.all(|it| it == Reach::InStep) {
        "sync-all-in-step"
    } else if standing.is_in_reach() {
        "sync-sharing"
    } else {
        "sync-nobody-in-reach"
    };
    vec![
        Step::Ask(Ask::Sync(Effect::ShareNow)),
        Step::Say(Notice::plain(Said::line(said))),
    ]
}

impl fmt::Debug for Details {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Details(…)")
    }
}
