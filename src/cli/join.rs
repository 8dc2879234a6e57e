//! `cairn join`: this machine begins as one of a clinic that is there already.

use std::{
    net::{Ipv4Addr, SocketAddr},
    sync::Arc,
    time::Duration,
};

use clap::Args;
use serde_json::json;

use super::{Failure, Output, Workplace, reach::addresses, workplace::surroundings};
use crate::{
    clinic::{Clinic, NewMachine},
    net::{self, JoiningAsks, JoiningHears, NotPaired, PairingPlace},
    seal::OsEntropy,
    store::Home,
    sync::pair::{Enrolment, NotWords, PairWords, Why},
};

/// How often it is looked whether something is asked.
const LOOK_EVERY: Duration = Duration::from_mins(1);

/// Make this machine one of a clinic's, with the words that another of its machines shows
#[derive(Debug, Args)]
#[command(after_long_help = "\
JSON: {clinic, device, users: [NAME]}

The clinic's users sign in here with their own passphrases as soon as this is done; the \
charts follow with `cairn sync` or `cairn serve`.
What went wrong leaves nothing behind.")]
pub(super) struct Join {
    /// The eight words, or the first four letters of each
    #[arg(long, value_name = "WORDS")]
    words: String,
    /// Where the other machine waits; in one network it is found without
    #[arg(long, value_name = "HOST:PORT")]
    addr: Vec<String>,
    /// What this machine asks to be called
    #[arg(
        long,
        value_name = "NAME",
        default_value = "",
        hide_default_value = true
    )]
    name: String,
    /// Keep only what is sealed: nobody signs in on this machine
    #[arg(long)]
    mailbox: bool,
}

impl Join {
    pub(super) fn run(self, place: &Workplace, output: Output) -> Result<(), Failure> {
        let words: PairWords = self.words.parse().map_err(not_words)?;
        if Home::is_one(&place.home) {
            let what = format!("there is a clinic in `{}`", place.home.display());
            return Err(Failure::refused(what)
                .hint("name a folder that is empty, or not there yet, with --home"));
        }
        let mut addrs = Vec::new();
        for typed in &self.addr {
            addrs.extend(addresses(typed)?);
        }
        let machine = NewMachine::draw(self.mailbox, &mut OsEntropy);
        let card = (machine.card(&self.name), machine.endpoint_secret());
        let pairing = net::join(words, card, addrs.clone(), place_of(&addrs))?;
        output.detail("looking for the other machine, then waiting for its owner");
        let mut joined: Option<Result<Arc<Clinic>, Failure>> = None;
        loop {
            let Some(asks) = pairing.next(LOOK_EVERY)? else {
                continue;
            };
            match asks {
                JoiningAsks::Keep(enrolment) => {
                    let kept = keep(place, &machine, *enrolment);
                    let first = kept.as_ref().ok().map(|it| it.introduction());
                    pairing.tell(match first {
                        Some(first) => JoiningHears::Kept(first.unwrap_or_default()),
                        None => JoiningHears::NotKept,
                    });
                    joined = Some(kept);
                }
                JoiningAsks::Ended(how) => {
                    let clinic = match (how, joined) {
                        (_, Some(kept)) => kept?,
                        (Err(why), None) => return Err(why.into()),
                        (Ok(()), None) => return Err(NotPaired::Said(Why::Torn).into()),
                    };
                    return done(&clinic, place, output);
                }
            }
        }
    }
}

fn keep(
    place: &Workplace,
    machine: &NewMachine,
    enrolment: Enrolment,
) -> Result<Arc<Clinic>, Failure> {
    Ok(Clinic::join(
        &place.home,
        machine,
        enrolment,
        surroundings(),
    )?)
}

fn done(clinic: &Clinic, place: &Workplace, output: Output) -> Result<(), Failure> {
    place.begin_log();
    let users: Vec<String> = clinic.users()?.into_iter().map(|it| it.name).collect();
    let home = place.home.display();
    let line = if users.is_empty() {
        format!("this machine is a mailbox of the clinic, in {home}")
    } else {
        let users = users.join(", ");
        format!(
            "{} is here, in {home}; who can sign in: {users}",
            clinic.name()
        )
    };
    let document = json!({
        "clinic": clinic.id().to_string(),
        "device": clinic.device().to_string(),
        "users": users,
    });
    output.result(&document, &[line])
}

pub(super) fn not_words(error: NotWords) -> Failure {
    Failure::refused("these are not the words of a pairing")
        .because(error.to_string())
        .hint("type the eight words that the other machine shows")
}

/// On this machine alone where the other one is on it too; otherwise on every network card.
pub(super) fn place_of(addrs: &[SocketAddr]) -> PairingPlace {
    let is_here = !addrs.is_empty() && addrs.iter().all(|it| it.ip().is_loopback());
    PairingPlace {
        bind: is_here.then(|| (Ipv4Addr::LOCALHOST, 0).into()),
        mdns: !is_here,
    }
}
