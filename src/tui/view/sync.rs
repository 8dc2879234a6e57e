//! How it stands with the clinic's other machines (S7).

use ratatui::layout::Rect;

use super::{
    super::{pen::Pen, theme::Role},
    compare::named,
};
use crate::{
    app::{
        Saved,
        glass::Waiting,
        sync::{Copying, Open, Standing, State, short_id},
        window,
    },
    say::Arg,
    sync::status::{Peer, Reach, SharedWith},
    text::Shown,
    time::{Moment, Timestamp},
};

pub(super) struct SyncView<'a> {
    pub(super) state: &'a State,
    pub(super) standing: &'a Standing,
    pub(super) saved: Saved,
    /// The charts that hold facts to compare.
    pub(super) to_compare: usize,
    /// What waits for an owner.
    pub(super) for_owner: Waiting,
}

/// Below this width it is not said what this machine lacks.
const WIDE: u16 = 80;
/// The rows that a machine that is looked at takes.
const OPEN_ROWS: u16 = 4;
/// Providers of other clinics that are named.
const SHARED_ROWS: usize = 3;
/// Changes to come in a day's work are said one by one; megabytes have one place.
const MEGABYTE: u64 = 1_000_000;

impl SyncView<'_> {
    pub(super) fn draw(&self, pen: &mut Pen<'_>) {
        let mut y = 0;
        for (said, role) in self.first_lines(pen) {
            for line in Shown::wrapped(&said, usize::from(pen.width().saturating_sub(2)))
            {
                pen.put(1, y, line, role);
                y += 1;
            }
        }
        pen.rule(y, "");
        let below = if self.state.open.is_some() {
            OPEN_ROWS
        } else {
            0
        };
        let bundle = self.bundle(pen);
        let shared = self.shared(pen);
        let lines = u16::try_from(shared.len()).unwrap_or(u16::MAX);
        let last = u16::from(bundle.is_some()) + 1;
        let end = pen.height().saturating_sub(below + lines + last);
        let rows = end.saturating_sub(y + 1);
        let part = Rect::new(0, y + 1, pen.width(), rows);
        let used = self.draw_table(&mut pen.within(part));
        if let Some(open) = &self.state.open {
            let part = Rect::new(0, y + 2 + used, pen.width(), OPEN_ROWS);
            self.draw_open(open, &mut pen.within(part));
        }
        let first = pen.height().saturating_sub(lines + last - 1);
        for (y, said) in (first..).zip(shared) {
            pen.put(1, y, said, Role::Plain);
        }
        if let Some(said) = bundle {
            pen.put(1, pen.height().saturating_sub(1), said, Role::Plain);
        }
    }

    /// What is saved, what waits, and what is on its way here.
    fn first_lines(&self, pen: &Pen<'_>) -> Vec<(String, Role)> {
        let say = pen.look.say;
        let mut lines = vec![match self.saved {
            Saved::Here => (say.line("sync-saved"), Role::Plain),
            Saved::DiskFull => (say.line("saved-not"), Role::Stop),
        }];
        let waits = match (self.standing.belonging().next(), self.standing.to_send()) {
            (None, _) => say.line("sync-alone"),
            (Some(_), 0) => say.line("sync-shared"),
            (Some(_), n) => say.with("sync-waiting", &[("n", n.into())]),
        };
        lines.push((waits, Role::Plain));
        if self.standing.off {
            lines.push((say.line("sync-off"), Role::Abnormal));
        }
        if self.to_compare > 0 {
            let args = [("n", self.to_compare.into())];
            let said = say.with("sync-to-compare", &args);
            lines.push((said, Role::Versions));
        }
        if self.for_owner.uses > 0 {
            let args = [("n", self.for_owner.uses.into())];
            lines.push((say.with("reviews-wait", &args), Role::Abnormal));
        }
        if let Some(due) = self.for_owner.words_due {
            let day = format!("{} {}", say.day(due.day()), say.clock(due));
            let said = say.with("reviews-words", &[("day", day.into())]);
            lines.push((said, Role::Abnormal));
        }
        let copying = self.standing.copying().map(|it| copying(it, pen));
        lines.extend(copying.map(|it| (it, Role::Plain)));
        lines
    }

    /// Draws the table; says how many rows it took.
    fn draw_table(&self, pen: &mut Pen<'_>) -> u16 {
        let columns = Columns::of(pen.width());
        for (x, width, heading) in columns.headings() {
            let heading = pen.say(heading);
            pen.cell((x, 0), width, heading, Role::Plain);
        }
        let total = self.standing.peers.len() + 1;
        let room = usize::from(pen.height().saturating_sub(1));
        let selected = self.state.selected.0.min(total - 1);
        let mut end = 1;
        for (y, index) in (1..).zip(window(selected, total, room)) {
            match index
                .checked_sub(1)
                .and_then(|it| self.standing.peers.get(it))
            {
                Some(peer) => self.draw_peer(peer, columns, y, pen),
                None => self.draw_here(columns, y, pen),
            }
            pen.target_row(y, index, index == selected);
            if index == selected {
                pen.put(1, y, ">", Role::Plain);
                pen.tint_part((1, y), columns.name.1 + 2, Role::Selected);
                pen.caret(1, y);
            }
            end = y + 1;
        }
        end
    }

    fn draw_here(&self, columns: Columns, y: u16, pen: &mut Pen<'_>) {
        let here = self.standing.here.as_ref();
        let name = here.map_or("", |it| &it.name);
        let said = if name.is_empty() {
            pen.say("sync-this")
        } else {
            pen.look
                .say
                .with("sync-here-name", &[("name", named(name, pen).into())])
        };
        pen.cell((3, y), columns.name.1, said, Role::Plain);
        pen.put_line(columns.state, y, "sync-here", Role::Plain);
    }

    fn draw_peer(&self, peer: &Peer, columns: Columns, y: u16, pen: &mut Pen<'_>) {
        let name = Shown::from(called(peer, pen)).fit(usize::from(columns.name.1));
        pen.cell((columns.name.0, y), columns.name.1, name, Role::Plain);
        let is_near = matches!(peer.state, Reach::InStep | Reach::Exchanging);
        let met = match peer.last_met {
            _ if is_near => pen.say("sync-met-now"),
            None => pen.say("sync-met-never"),
            Some(at) => when(at, pen),
        };
        pen.cell((columns.met.0, y), columns.met.1, met, Role::Plain);
        if peer.state != Reach::Revoked {
            let they = they_have(peer, pen);
            pen.cell((columns.they.0, y), columns.they.1, they, Role::Plain);
            if let Some((x, width)) = columns.we {
                let we = we_have(peer, pen);
                pen.cell((x, y), width, we, Role::Plain);
            }
        }
        let room = usize::from(pen.width().saturating_sub(columns.state));
        let is_away = peer.state == Reach::NotInReach;
        let state = if is_away && self.is_copied(peer) {
            pen.say("sync-copied")
        } else {
            state(peer, room, pen)
        };
        pen.put(columns.state, y, state, Role::Plain);
    }

    /// Whether two machines wrote in its name.
    fn is_copied(&self, peer: &Peer) -> bool {
        self.standing.copied.contains(&peer.device)
    }

    fn draw_open(&self, open: &Open, pen: &mut Pen<'_>) {
        let say = pen.look.say;
        let here = self.standing.here.as_ref();
        let mut peers = self.standing.peers.iter();
        let peer = peers.find(|it| it.device == open.device);
        let name = match peer {
            Some(peer) => called(peer, pen),
            None => here.map_or_else(String::new, |it| named(&it.name, pen)),
        };
        pen.rule(0, name);
        let id = say.with("sync-machine-id", &[("id", open.device.to_string().into())]);
        pen.put(3, 1, id, Role::Plain);
        let Some(details) = &open.details else {
            return;
        };
        let said = match (details.addresses.is_empty(), peer) {
            (true, _) => say.line("sync-no-address"),
            (false, Some(_)) => addresses("sync-last-address", &details.addresses, pen),
            (false, None) => addresses("sync-own-address", &details.addresses, pen),
        };
        pen.put(3, 2, said, Role::Plain);
        if peer.is_some_and(|it| self.is_copied(it)) {
            pen.put_line(3, 3, "sync-copied-what", Role::Plain);
        } else if let Some(peer) = peer.filter(|it| it.state != Reach::Revoked) {
            let (they, we) = (they_have(peer, pen), we_have(peer, pen));
            let both = [("they", they.into()), ("we", we.into())];
            pen.put(3, 3, say.with("sync-both", &both), Role::Plain);
        }
    }

    /// With whom of other clinics something is shared: as many as there is room for.
    fn shared(&self, pen: &Pen<'_>) -> Vec<String> {
        let say = pen.look.say;
        let all = &self.standing.shared;
        let with = |it: &SharedWith| {
            let args = [
                ("name", it.name.as_str().into()),
                ("clinic", it.clinic.as_str().into()),
                ("n", it.patients.into()),
            ];
            format!("  {}", say.with("sync-consented", &args))
        };
        let heading = (!all.is_empty()).then(|| say.line("sync-consent"));
        let mut lines: Vec<String> = heading.into_iter().collect();
        lines.extend(all.iter().take(SHARED_ROWS).map(with));
        if let Some(more) = all.len().checked_sub(SHARED_ROWS).filter(|it| *it > 0) {
            let more = say.with("sync-consented-more", &[("n", more.into())]);
            lines.push(format!("  {more}"));
        }
        lines
    }

    fn bundle(&self, pen: &Pen<'_>) -> Option<String> {
        let bundle = self.standing.bundle?;
        let at = when(bundle.made, pen);
        let args = [
            ("when", at.into()),
            ("size", size(bundle.bytes, pen).into()),
        ];
        Some(pen.look.say.with("sync-last-bundle", &args))
    }
}

/// Where the columns of the table stand: first cell and width.
#[derive(Clone, Copy)]
struct Columns {
    name: (u16, u16),
    met: (u16, u16),
    they: (u16, u16),
    we: Option<(u16, u16)>,
    state: u16,
}

impl Columns {
    const fn of(width: u16) -> Self {
        if width < WIDE {
            return Self {
                name: (3, 18),
                met: (22, 11),
                they: (34, 11),
                we: None,
                state: 46,
            };
        }
        Self {
            name: (3, 19),
            met: (23, 11),
            they: (35, 12),
            we: Some((48, 12)),
            state: 61,
        }
    }

    fn headings(self) -> Vec<(u16, u16, &'static str)> {
        let mut all = vec![
            (self.name.0, self.name.1, "sync-place"),
            (self.met.0, self.met.1, "sync-met"),
            (self.they.0, self.they.1, "sync-they-have"),
        ];
        all.extend(self.we.map(|(x, width)| (x, width, "sync-we-have")));
        all.push((self.state, u16::MAX, "sync-state"));
        all
    }
}

fn called(peer: &Peer, pen: &Pen<'_>) -> String {
    if peer.name.is_empty() {
        return short_id(peer.device);
    }
    named(&peer.name, pen)
}

fn they_have(peer: &Peer, pen: &Pen<'_>) -> String {
    match peer.ahead {
        _ if peer.last_met.is_none() => pen.say("sync-not-known"),
        0 => pen.say("sync-all-ours"),
        n => pen.look.say.with("sync-behind", &[("n", count(n))]),
    }
}

fn we_have(peer: &Peer, pen: &Pen<'_>) -> String {
    match peer.behind {
        _ if peer.last_met.is_none() => pen.say("sync-not-known"),
        0 => pen.say("sync-all-theirs"),
        n => pen.look.say.with("sync-behind", &[("n", count(n))]),
    }
}

/// What goes on, in so many cells.
fn state(peer: &Peer, room: usize, pen: &Pen<'_>) -> String {
    let says = match peer.state {
        Reach::InStep => "sync-in-step",
        Reach::NotInReach => "sync-not-in-reach",
        Reach::Revoked => "sync-removed",
        Reach::NotKnown => "sync-not-known-there",
        Reach::Disk => "sync-disk",
        Reach::OtherProgram => "sync-other-program",
        Reach::Unsound => "sync-unsound",
        Reach::Exchanging => {
            let progress = peer.progress.unwrap_or_default();
            let done = progress.received + progress.sent;
            let all = done + progress.to_receive + progress.to_send;
            let args = [("n", count(done)), ("all", count(all))];
            if all == 0 {
                return pen.say("sync-exchanging");
            }
            let long = pen.look.say.with("sync-exchanging-of", &args);
            let fits = Shown::from(&long).width() <= room;
            let short = || pen.look.say.with("sync-so-many-of", &args);
            return if fits { long } else { short() };
        }
    };
    pen.say(says)
}

fn copying(it: Copying, pen: &Pen<'_>) -> String {
    let args = [
        ("n", count(it.received)),
        ("size", size(it.bytes, pen).into()),
        ("left", count(it.left)),
        ("more", size(it.bytes_left, pen).into()),
    ];
    pen.look.say.with("sync-copying", &args)
}

/// The same for a narrow place: how many have come of how many.
pub(super) fn copying_shortly(it: Copying, pen: &Pen<'_>) -> String {
    let args = [
        ("n", count(it.received)),
        ("all", count(it.received + it.left)),
    ];
    pen.look.say.with("sync-copying-shortly", &args)
}

fn addresses(id: &str, all: &[String], pen: &Pen<'_>) -> String {
    pen.look.say.with(id, &[("where", all.join(", ").into())])
}

pub(super) fn count(n: u64) -> Arg {
    Arg::Count(i64::try_from(n).unwrap_or(i64::MAX))
}

/// The time of day, the weekday of the last days, or the date.
pub(super) fn when(at: Timestamp, pen: &Pen<'_>) -> String {
    let say = pen.look.say;
    let now = pen.look.now;
    say.lately(Moment { at, ..now }, now)
}

/// Bytes as people say them: kB, from a megabyte on with one place.
pub(super) fn size(bytes: u64, pen: &Pen<'_>) -> String {
    let say = pen.look.say;
    if bytes < MEGABYTE {
        return say.with("size-kb", &[("n", count(bytes.div_ceil(1_000)))]);
    }
    let tenths = bytes / (MEGABYTE / 10);
    let number = format!("{}.{}", tenths / 10, tenths % 10);
    say.with("size-mb", &[("n", number.into())])
}
