//! `cairn peers`: how it stands with the clinic's other machines.

use clap::Args;
use serde_json::{Value, json};

use super::{
    Failure, Output, Workplace,
    failure::{Kind, minute},
    reach::Called,
    serve::health,
    sync::words,
};
use crate::{
    clinic::Clinic,
    ledger::Frontier,
    sync::status::{Peer, Reach, beyond},
};

/// Show how it stands with the clinic's other machines
///
/// While `cairn serve` has this home open, it shows what that one sees, with ids for names.
#[derive(Debug, Args)]
#[command(
    after_long_help = "JSON: {peers: [{name, endpoint, last_met, behind, ahead, state}]}. \
                       `behind` counts changes that are there and not here, as far as is \
                       known, `ahead` the other way round. Names need --passphrase-file; \
                       without it they are ids. Of a home that is being served there are \
                       also `endpoint`, `addrs`, `unlocked`, `process` and `at`."
)]
pub(super) struct Peers {}

impl Peers {
    pub(super) fn run(self, place: &Workplace, output: Output) -> Result<(), Failure> {
        let Self {} = self;
        let ended = place.signed_in_or_locked(|clinic, session| {
            let called = Called::by(clinic, session.as_deref());
            let peers = at_rest(clinic, &called)?;
            let shown: Vec<Value> = peers.iter().map(|it| called.row(it)).collect();
            let lines = peers.iter().map(|it| line(&called.name(it.device), it));
            output.result(&json!({ "peers": shown }), &lines.collect::<Vec<_>>())
        });
        match ended {
            Err(busy) if busy.kind == Kind::Busy => match health::read(&place.home) {
                Some(health) => output.result(&health, &[health.to_string()]),
                None => Err(busy),
            },
            ended => ended,
        }
    }
}

/// How it stood when they were last met.
fn at_rest(clinic: &Clinic, called: &Called) -> Result<Vec<Peer>, Failure> {
    let mine = clinic.frontier()?;
    let machines = called.machines().iter();
    let peers = machines.map(|machine| {
        let met = clinic.peer(machine.device)?;
        let theirs = met.as_ref().map(|it| &it.theirs);
        let state = if machine.enrolled {
            Reach::NotInReach
        } else {
            Reach::Revoked
        };
        Ok(Peer {
            device: machine.device,
            name: String::new(),
            last_met: met.as_ref().map(|it| it.at),
            ahead: theirs
                .map_or_else(|| beyond(&mine, &Frontier::new()), |it| beyond(&mine, it)),
            behind: theirs.map_or(0, |it| beyond(it, &mine)),
            state,
            progress: None,
        })
    });
    peers.collect()
}

fn line(name: &str, peer: &Peer) -> String {
    let met = peer.last_met.map(minute);
    let met = met.map_or_else(|| "never met".to_owned(), |it| format!("met {it}"));
    let (ahead, behind) = (peer.ahead, peer.behind);
    let state = words(peer.state);
    format!("{name}: {state}, {met}; it lacks {ahead} changes, this machine {behind}")
}
