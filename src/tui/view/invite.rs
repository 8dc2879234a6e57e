//! Pairing a new machine, at the machine of an owner.

use super::super::{pen::Pen, theme::Role};
use crate::{
    app::{
        invite::{Card, Name, Stage, State, Words},
        sync::Standing,
    },
    sync::status::{Peer, Reach},
    text::Shown,
};

pub(super) struct InviteView<'a> {
    pub(super) state: &'a State,
    pub(super) standing: &'a Standing,
}

/// The column in which everything begins.
const LEFT: u16 = 3;
/// The words stand in two columns of this width.
const COLUMN: u16 = 28;
const MINUTE_MS: i64 = 60_000;

impl InviteView<'_> {
    pub(super) fn draw(&self, pen: &mut Pen<'_>) {
        let top = u16::from(pen.height() > 14);
        pen.put_line(LEFT, top, "invite-title", Role::Heading);
        let y = top + 2;
        pen.caret(LEFT, y);
        match &self.state.stage {
            Stage::Opening => {
                pen.put_line(LEFT, y, "invite-opening", Role::Plain);
            }
            Stage::Waiting(words) => draw_words("invite-how", words, y, pen),
            Stage::Asking(card) => draw_card(card, y, pen),
            Stage::Enrolling(name) => {
                draw_wrapped(&named("invite-enrolling", name, pen), y, pen);
            }
            Stage::Done(name) => self.draw_done(name, y, pen),
            Stage::Over(said) => {
                let said = said.in_words(pen.look.say);
                let y = draw_wrapped(&said, y, pen);
                let again = pen.say("invite-over");
                draw_wrapped(&again, y + 1, pen);
            }
        }
    }

    /// The machine belongs to the clinic; how far its first copy is.
    fn draw_done(&self, name: &Name, y: u16, pen: &mut Pen<'_>) {
        let y = draw_wrapped(&named("invite-done", name, pen), y, pen) + 1;
        let mut peers = self.standing.peers.iter();
        let Some(peer) = peers.find(|it| it.name == name.0) else {
            return;
        };
        draw_wrapped(&copy(peer, pen), y, pen);
    }
}

fn copy(peer: &Peer, pen: &Pen<'_>) -> String {
    let progress = peer.progress.unwrap_or_default();
    match (peer.state, progress.to_send) {
        (Reach::Exchanging, 1..) => {
            let count = |n| crate::say::Arg::Count(i64::try_from(n).unwrap_or(i64::MAX));
            let args = [
                ("n", count(progress.sent)),
                ("left", count(progress.to_send)),
            ];
            pen.look.say.with("invite-copy", &args)
        }
        (Reach::InStep, _) => pen.say("invite-in-step"),
        (
            Reach::Exchanging
            | Reach::NotInReach
            | Reach::Revoked
            | Reach::NotKnown
            | Reach::Disk
            | Reach::OtherProgram
            | Reach::Unsound,
            _,
        ) => pen.say("invite-by-itself"),
    }
}

/// Draws the eight words, and what is to be done with them.
pub(super) fn draw_words(how: &str, words: &Words, y: u16, pen: &mut Pen<'_>) {
    let say = pen.look.say;
    let mut y = draw_wrapped(&say.line(how), y, pen) + 1;
    let all: Vec<&str> = words.words.as_str().split(' ').collect();
    let rows = u16::try_from(all.len().div_ceil(2)).unwrap_or(u16::MAX);
    // A row between the words, where there is room: they are read from afar.
    let step = if pen.height() >= y + 2 * rows + 4 {
        2
    } else {
        1
    };
    for (index, word) in (0_u16..).zip(all) {
        let (x, row) = (LEFT + index / rows * COLUMN, y + index % rows * step);
        let end = pen.put(x, row, format!("{}  ", index + 1), Role::Plain);
        pen.put(end, row, word, Role::Heading);
    }
    y += rows * step + u16::from(step == 1);
    let place = [("where", words.addresses.join("  ").into())];
    y = draw_wrapped(&say.with("invite-address", &place), y, pen);
    let left = words.until.ms_since(pen.look.now.at).max(0);
    let minutes = usize::try_from((left + MINUTE_MS - 1) / MINUTE_MS).unwrap_or(0);
    let minutes = say.with("invite-minutes", &[("n", minutes.into())]);
    let tries = say.with("invite-tries", &[("n", words.tries.into())]);
    pen.put(LEFT, y, format!("{minutes} {tries}"), Role::Plain);
}

fn draw_card(card: &Card, y: u16, pen: &mut Pen<'_>) {
    let say = pen.look.say;
    let y = draw_wrapped(&say.line("invite-card"), y, pen) + 1;
    pen.put(LEFT + 2, y, card.name.0.as_str(), Role::Heading);
    let id = say.with("invite-card-id", &[("id", card.id.clone().into())]);
    pen.put(LEFT + 2, y + 1, id, Role::Plain);
    let what = if card.mailbox {
        "invite-card-mailbox"
    } else {
        "invite-card-machine"
    };
    let y = draw_wrapped(&say.line(what), y + 2, pen) + 1;
    draw_wrapped(&say.line("invite-card-check"), y, pen);
}

fn named(id: &str, name: &Name, pen: &Pen<'_>) -> String {
    pen.look.say.with(id, &[("name", name.0.clone().into())])
}

/// Draws a paragraph; says in which row it ended.
fn draw_wrapped(text: &str, mut y: u16, pen: &mut Pen<'_>) -> u16 {
    let width = usize::from(pen.width().saturating_sub(2 * LEFT));
    for line in Shown::wrapped(text, width) {
        pen.put(LEFT, y, line, Role::Plain);
        y += 1;
    }
    y
}
