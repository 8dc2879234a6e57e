//! `cairn card meet`: two people of different clinics, in one room, give each other their
//! contact cards.

use std::{
    io::{self, IsTerminal as _},
    net::SocketAddr,
    time::Duration,
};

use clap::Args;
use serde_json::json;

use super::{line, shown, words_line};
use crate::{
    chart::who::Action,
    cli::{
        Failure, Output,
        device::is_yes,
        failure::Kind,
        join::{not_words, place_of},
        reach::{addresses, key_text},
    },
    clinic::Session,
    members::Verified,
    net::{self, CardMeeting, CrossingAsks, CrossingHears, NotPaired, PairingPlace},
    seal::OsEntropy,
    sync::pair::{Given, PairWords, Why},
};

/// How often it is looked whether something is asked.
const LOOK_EVERY: Duration = Duration::from_mins(1);

/// Exchange cards with somebody of another clinic who is in the same room
///
/// Without --words this shows eight words and waits. On the other machine they are typed:
/// `cairn card meet --words "…"`. Each then sees whose card came, and both cards are kept as
/// verified in the room once both said yes.
#[derive(Debug, Args)]
#[command(after_long_help = "\
JSON, a line each: {words, addr, endpoint} at once where words are shown; {card, name, role, \
clinic, clinic_name, made, machines, words, verified, addr} once both cards are kept

The words are good for ten minutes, for one meeting and for three wrong tries.
In one network the machines find each other without the address.")]
pub(in crate::cli) struct Meet {
    /// The eight words that the other machine shows, or the first four letters of each
    #[arg(long, value_name = "WORDS")]
    words: Option<String>,
    /// Where the other machine waits; in one network it is found without
    #[arg(long, value_name = "HOST:PORT", requires = "words")]
    addr: Vec<String>,
    /// Keep the card that comes without asking
    #[arg(long)]
    yes: bool,
    /// Where to wait for the other machine
    #[arg(long, value_name = "ADDR", conflicts_with = "words")]
    bind: Option<SocketAddr>,
}

impl Meet {
    pub(super) fn run(
        self,
        session: &mut Session,
        output: Output,
    ) -> Result<(), Failure> {
        session.may(Action::Share)?;
        if !self.yes && !io::stdin().is_terminal() {
            let what = "nobody can be asked whose card came";
            let hint = "say so before: `cairn card meet --yes`";
            return Err(Failure::usage(what).hint(hint));
        }
        let meeting = match &self.words {
            None => self.show_words(session, output)?,
            Some(words) => self.look(words, session, output)?,
        };
        let given = self.exchange(session, &meeting)?;
        let at = net::usual_places(&given, &meeting.met_at());
        session.take_card(&given, &at)?;
        kept(&given, &at, output)
    }

    fn show_words(
        &self,
        session: &Session,
        output: Output,
    ) -> Result<CardMeeting, Failure> {
        let words = PairWords::generate(&mut OsEntropy);
        let shown = words.words().join(" ");
        let is_here = self.bind.is_some_and(|it| it.ip().is_loopback());
        let place = PairingPlace {
            bind: self.bind,
            mdns: !is_here,
        };
        let meeting = net::show_words(words, session.clinic().id(), place)?;
        let addr = meeting.addrs().first().map(ToString::to_string);
        let addr = addr.unwrap_or_default();
        let endpoint = key_text(meeting.endpoint());
        let document = json!({ "words": shown, "addr": addr, "endpoint": endpoint });
        let lines = [
            format!("Words, for ten minutes and one meeting: {shown}"),
            format!("On the other: cairn card meet --words \"{shown}\" --addr {addr}"),
        ];
        output.result(&document, &lines)?;
        Ok(meeting)
    }

    fn look(
        &self,
        words: &str,
        session: &Session,
        output: Output,
    ) -> Result<CardMeeting, Failure> {
        let words: PairWords = words.parse().map_err(not_words)?;
        let mut addrs = Vec::new();
        for typed in &self.addr {
            addrs.extend(addresses(typed)?);
        }
        let clinic = session.clinic();
        let me = (clinic.endpoint_secret()?, clinic.id());
        let place = place_of(&addrs);
        let meeting = net::meet_by_words(words, me, addrs, place)?;
        output.detail("looking for the other machine");
        Ok(meeting)
    }

    /// Until both have each other's card and both people said yes to it.
    fn exchange(
        &self,
        session: &Session,
        meeting: &CardMeeting,
    ) -> Result<Given, Failure> {
        let mut came = None;
        loop {
            let answer = match meeting.next(LOOK_EVERY)? {
                None => continue,
                Some(CrossingAsks::Give(side, channel)) => {
                    let contact =
                        session.give_card(side, &channel).inspect_err(|_| {
                            meeting.tell(CrossingHears::Refused(Why::NotKept));
                        })?;
                    CrossingHears::Given(Box::new(contact))
                }
                Some(CrossingAsks::Agree(given)) => {
                    let answer = self.answer(&given);
                    came = Some(given);
                    answer
                }
                Some(CrossingAsks::Ended(how)) => {
                    how.map_err(not_met)?;
                    return came.ok_or_else(|| not_met(NotPaired::Said(Why::Torn)));
                }
            };
            meeting.tell(answer);
        }
    }

    /// Whether the card that came is kept.
    fn answer(&self, given: &Given) -> CrossingHears {
        let question = format!("This card came: {}. Keep it? [y/N] ", line(&given.card));
        if self.yes || is_yes(&question) {
            CrossingHears::Agreed
        } else {
            CrossingHears::Refused(Why::Declined)
        }
    }
}

fn kept(given: &Given, at: &[SocketAddr], output: Output) -> Result<(), Failure> {
    let mut document = shown(&given.card);
    if let Some(fields) = document.as_object_mut() {
        fields.insert("verified".to_owned(), json!(Verified::Room.name()));
        let addr = at.first().map(ToString::to_string);
        fields.insert("addr".to_owned(), json!(addr));
    }
    let said = "kept as verified in the room; yours is kept there".to_owned();
    let lines = [line(&given.card), words_line(&given.card), said];
    output.result(&document, &lines)
}

/// Nothing is kept then, on either machine.
fn not_met(why: NotPaired) -> Failure {
    let begin_again = "begin again: `cairn card meet`, without --words on one of the two";
    let (kind, because, hint) = match why {
        NotPaired::Said(Why::Declined) => (
            Kind::NotPermitted,
            "one of the two people said no".to_owned(),
            "ask whose card came there",
        ),
        NotPaired::Said(Why::TooManyTries | Why::Expired | Why::Torn) => {
            (Kind::Network, why.to_string(), begin_again)
        }
        NotPaired::Said(
            Why::WrongWords
            | Why::Nonsense
            | Why::NotKept
            | Why::Unconfirmed
            | Why::Crossed
            | Why::SameClinic,
        )
        | NotPaired::NotReached => return Failure::from(why),
    };
    Failure::new(kind, "no card was kept")
        .because(because)
        .hint(hint)
}
