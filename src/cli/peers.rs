//! `cairn peers`: how it stands with the clinic's other machines, and with those of providers
//! elsewhere.

use clap::Args;
use serde_json::{Value, json};

use super::{
    Failure, Output, Workplace,
    failure::{Kind, minute},
    reach::{Called, words_outside},
    serve::health,
    sync::words,
};
use crate::{
    clinic::Clinic,
    ledger::Frontier,
    sync::status::{Outside, Peer, Reach, Terms, beyond},
};

/// Show how it stands with the clinic's other machines, and with those of providers elsewhere
///
/// While `cairn serve` has this home open, it shows what that one sees, with ids for names.
#[derive(Debug, Args)]
#[command(
    after_long_help = "JSON: {peers: [{kind, name, endpoint, last_met, behind, ahead, \
                       state}]}. Of `kind` `outside`, a machine of another clinic, `given` \
                       and `taken` stand in the place of counts: what this clinic shares \
                       there, and what theirs shares here, `live`, `early`, `expired`, `revoked` or `not_fresh`. \
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
            let outside = outside_at_rest(&called);
            let shown = peers.iter().map(|it| called.row(it));
            let shown = shown.chain(outside.iter().map(|it| called.row_outside(it)));
            let shown: Vec<Value> = shown.collect();
            let lines = peers.iter().map(|it| line(&called.name(it.device), it));
            let theirs = outside.iter();
            let theirs =
                theirs.map(|it| line_outside(&called.name_outside(it.endpoint), it));
            let lines: Vec<String> = lines.chain(theirs).collect();
            output.result(&json!({ "peers": shown }), &lines)
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

/// The same with machines of other clinics with which something is, or was, shared.
fn outside_at_rest(called: &Called) -> Vec<Outside> {
    let known = called.outside().iter();
    let known = known.filter(|it| it.terms != Terms::default());
    let rows = known.map(|it| Outside {
        endpoint: it.endpoint,
        last_met: it.met.as_ref().map(|it| it.at),
        terms: it.terms,
        is_sought: it.met.as_ref().is_some_and(|it| !it.addrs.is_empty()),
        state: Reach::NotInReach,
    });
    rows.collect()
}

fn line_outside(name: &str, it: &Outside) -> String {
    let met = it.last_met.map(minute);
    let met = met.map_or_else(|| "never met".to_owned(), |it| format!("met {it}"));
    format!("{name}: {}, {met}", words_outside(it))
}

fn line(name: &str, peer: &Peer) -> String {
    let met = peer.last_met.map(minute);
    let met = met.map_or_else(|| "never met".to_owned(), |it| format!("met {it}"));
    let (ahead, behind) = (peer.ahead, peer.behind);
    let state = words(peer.state);
    format!("{name}: {state}, {met}; it lacks {ahead} changes, this machine {behind}")
}
