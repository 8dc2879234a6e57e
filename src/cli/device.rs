//! `cairn device`: the clinic's machines.

use std::{
    io::{self, BufRead as _, BufReader, IsTerminal as _, Read as _, Write as _},
    net::SocketAddr,
    time::Duration,
};

use clap::{Args, Subcommand};
use serde_json::{Value, json};

use super::{Failure, Output, Workplace, failure::minute, reach::key_text};
use crate::{
    chart::who::Action,
    clinic::{MachineRow, Session},
    net::{self, InvitingAsks, InvitingHears, NotPaired, PairingPlace},
    seal::{OsEntropy, PublicKey},
    sync::pair::{Card, PairWords, Why},
    text::Shown,
};

/// How often it is looked whether something is asked.
const LOOK_EVERY: Duration = Duration::from_mins(1);
/// The longest answer that is read, in bytes.
const ANSWER_BYTES_MAX: u64 = 64;

/// The clinic's machines.
#[derive(Debug, Subcommand)]
pub(super) enum Device {
    Invite(Invite),
    /// List every machine that belongs, or belonged, to the clinic
    #[command(after_long_help = "JSON: {machines: [{device, name, since, standing, \
                                 here, heads, says_too_much, copied}]}")]
    List,
    Revoke(Revoke),
    Rename(Rename),
}

/// Let a new machine in: shows eight words and waits until it has joined with them
#[derive(Debug, Args)]
#[command(after_long_help = "\
JSON, a line each: {words, addr, endpoint} at once, {device, name} once the machine is in

The words are good for ten minutes, for one machine and for three wrong tries.
On the new machine: `cairn join --words \"…\" --addr …`; in one network it finds this one \
without the address.")]
pub(super) struct Invite {
    /// What the new machine is called; otherwise as it asks, or the next number
    #[arg(long, value_name = "NAME")]
    name: Option<String>,
    /// Let the first machine in that knows the words, without asking
    #[arg(long)]
    yes: bool,
    /// Where to wait for it
    #[arg(long, value_name = "ADDR")]
    bind: Option<SocketAddr>,
}

/// Shut a machine out: others do not talk to it any more, and new keys begin
#[derive(Debug, Args)]
#[command(after_long_help = "\
JSON: {device, name, standing}

Of what it wrote, what has reached this machine counts; what others bring later is shown \
as unconfirmed.")]
pub(super) struct Revoke {
    /// What the machine is called
    name: String,
}

/// Give a machine another name
#[derive(Debug, Args)]
#[command(after_long_help = "JSON: {device, name}")]
pub(super) struct Rename {
    /// What the machine is called
    name: String,
    /// What it is called from now on
    new: String,
}

impl Device {
    pub(super) fn run(self, place: &Workplace, output: Output) -> Result<(), Failure> {
        place.signed_in(|session| match self {
            Self::Invite(it) => it.run(session, output),
            Self::List => list(session, output),
            Self::Revoke(it) => it.run(session, output),
            Self::Rename(it) => it.run(session, output),
        })
    }
}

impl Invite {
    fn run(self, session: &mut Session, output: Output) -> Result<(), Failure> {
        session.may(Action::Administer)?;
        if !self.yes && !io::stdin().is_terminal() {
            let what = "nobody can be asked whether the machine is let in";
            let hint = "say so before: `cairn device invite --yes`";
            return Err(Failure::usage(what).hint(hint));
        }
        if let Some(name) = &self.name {
            session.check_machine_name(name, None)?;
        }
        let words = PairWords::generate(&mut OsEntropy);
        let shown = words.words().join(" ");
        let here = |it: SocketAddr| it.ip().is_loopback();
        let place = PairingPlace {
            bind: self.bind,
            mdns: !self.bind.is_some_and(here),
        };
        let pairing = net::invite(words, place)?;
        show(&shown, (pairing.endpoint(), pairing.addrs()), output)?;
        let mut came = None;
        loop {
            let Some(asks) = pairing.next(LOOK_EVERY)? else {
                continue;
            };
            match asks {
                InvitingAsks::Agree(card) => {
                    pairing.tell(self.answer(&card));
                }
                InvitingAsks::Enrol(card) => {
                    let enrolment = session.invite_accept(&card, self.name.as_deref());
                    match enrolment {
                        Ok(enrolment) => {
                            came = Some(enrolment.device);
                            pairing.tell(InvitingHears::Enrolled(Box::new(enrolment)));
                        }
                        Err(error) => {
                            pairing.tell(InvitingHears::Refused(Why::NotKept));
                            return Err(error.into());
                        }
                    }
                }
                InvitingAsks::Take(envelopes) => {
                    // Otherwise it says so again when the two meet.
                    let taken = session.clinic().introduced(envelopes);
                    taken.unwrap_or_else(|error| {
                        tracing::warn!(%error, "a new machine's own words");
                    });
                }
                InvitingAsks::Ended(how) => {
                    let machines = session.machines()?;
                    let machine = machines.into_iter().find(|it| Some(it.device) == came);
                    return match (how, machine) {
                        (Ok(()), Some(machine)) => ready(&machine, output),
                        (Ok(()), None) => Err(NotPaired::Said(Why::Torn).into()),
                        (Err(why), None) => Err(why.into()),
                        (Err(why), Some(machine)) => Err(unready(&machine, why.into())),
                    };
                }
            }
        }
    }

    /// Whether the machine of this card is let in.
    fn answer(&self, card: &Card) -> InvitingHears {
        if self.yes {
            return InvitingHears::Agreed;
        }
        let called = match card.name.as_str() {
            "" => "without a name".to_owned(),
            name => format!("\u{201c}{name}\u{201d}"),
        };
        let what = if card.mailbox {
            "A mailbox, which keeps only what is sealed"
        } else {
            "A machine on which everybody can sign in"
        };
        let question = format!("{what}, {called}, knows the words. Let it in? [y/N] ");
        if is_yes(&question) {
            InvitingHears::Agreed
        } else {
            InvitingHears::Refused(Why::Declined)
        }
    }
}

/// Says where the new machine finds this one, before anything else.
fn show(
    words: &str,
    (endpoint, addrs): (PublicKey, &[SocketAddr]),
    output: Output,
) -> Result<(), Failure> {
    let addr = addrs.first().map(ToString::to_string).unwrap_or_default();
    let document =
        json!({ "words": words, "addr": addr, "endpoint": key_text(endpoint) });
    let lines = [
        format!("Words, for ten minutes and one machine: {words}"),
        format!("On the new machine: cairn join --words \"{words}\" --addr {addr}"),
    ];
    output.result(&document, &lines)
}

fn ready(machine: &MachineRow, output: Output) -> Result<(), Failure> {
    let document = json!({ "device": machine.device.to_string(), "name": machine.name });
    let line = format!("machine {} is in", machine.name);
    output.result(&document, &[line])
}

/// The machine was let in and may not have become one.
fn unready(machine: &MachineRow, failure: Failure) -> Failure {
    let name = &machine.name;
    let hint = format!(
        "look there; if it did not join, shut it out: `cairn device revoke \"{name}\"`"
    );
    failure.hint(hint)
}

pub(super) fn is_yes(question: &str) -> bool {
    let mut err = io::stderr();
    write!(err, "{}", Shown::line(question))
        .and_then(|()| err.flush())
        .unwrap_or_default();
    let mut answer = String::new();
    let typed = io::stdin().lock().take(ANSWER_BYTES_MAX);
    let read = BufReader::new(typed).read_line(&mut answer);
    read.is_ok() && ["y", "yes"].contains(&answer.trim().to_lowercase().as_str())
}

fn list(session: &Session, output: Output) -> Result<(), Failure> {
    let machines = session.machines()?;
    let shown: Vec<Value> = machines.iter().map(shown).collect();
    let lines: Vec<String> = machines.iter().map(line).collect();
    output.result(&json!({ "machines": shown }), &lines)
}

impl Revoke {
    fn run(self, session: &mut Session, output: Output) -> Result<(), Failure> {
        session.may(Action::Administer)?;
        let device = session.machine_named(&self.name)?;
        session.revoke_machine(device)?;
        let document = json!({
            "device": device.to_string(),
            "name": self.name,
            "standing": "revoked",
        });
        let line = format!("machine {} is shut out, and new keys began", self.name);
        output.result(&document, &[line])
    }
}

impl Rename {
    fn run(self, session: &mut Session, output: Output) -> Result<(), Failure> {
        session.may(Action::Administer)?;
        let device = session.machine_named(&self.name)?;
        session.rename_machine(device, &self.new)?;
        let document = json!({ "device": device.to_string(), "name": self.new });
        output.result(&document, &[format!("it is machine {} now", self.new)])
    }
}

/// What is said of a machine that fills what all others keep.
const SAYS_TOO_MUCH: &str = ", says more of who belongs than a machine needs, and is not \
                             heard on that any more: shut it out";

/// What is said of a machine whose disk was copied.
const COPIED: &str =
    ", two computers wrote in its name (a copied disk): all of it is kept";

const fn standing(it: &MachineRow) -> &'static str {
    if it.enrolled { "good" } else { "revoked" }
}

fn shown(it: &MachineRow) -> Value {
    json!({
        "device": it.device.to_string(),
        "name": it.name,
        "since": minute(it.since),
        "standing": standing(it),
        "here": it.here,
        "heads": it.heads.map(minute),
        "says_too_much": it.remarks.says_too_much,
        "copied": it.remarks.copied,
    })
}

fn line(it: &MachineRow) -> String {
    let here = if it.here { ", this machine" } else { "" };
    let since = minute(it.since);
    let heads = it.heads.map(minute);
    let heads = heads.map_or_else(String::new, |it| format!(", last heard of {it}"));
    let flood = if it.remarks.says_too_much {
        SAYS_TOO_MUCH
    } else {
        ""
    };
    let copied = if it.remarks.copied { COPIED } else { "" };
    format!(
        "{}: {}, since {since}{here}{heads}{flood}{copied}",
        it.name,
        standing(it)
    )
}
