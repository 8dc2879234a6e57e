//! The lock screen (S9).

use super::super::{pen::Pen, theme::Role};
use crate::{
    app::{
        keymap,
        lock::{Action, Person, Stage, State, Why},
        sync::Standing,
    },
    chart::who::Role as Post,
    text::Shown,
};

pub(super) struct LockView<'a> {
    pub(super) state: &'a State,
    pub(super) clinic: &'a str,
    pub(super) standing: &'a Standing,
}

/// The widest that the block in the middle is.
const BLOCK: u16 = 70;

impl LockView<'_> {
    pub(super) fn draw(&self, pen: &mut Pen<'_>) {
        let people = u16::try_from(self.state.people.len()).unwrap_or(0);
        let rows = people + 11;
        let top = pen.height().saturating_sub(rows + 3) / 2;
        let left = pen.width().saturating_sub(BLOCK) / 2 + 1;
        let block = BLOCK.min(pen.width().saturating_sub(2));
        let clock = Shown::from(pen.look.say.weekday_clock(pen.look.now));
        let room = block.saturating_sub(u16::try_from(clock.width()).unwrap_or(0) + 3);
        pen.cell((left, top), room, self.clinic, Role::Heading);
        pen.put(left + room + 1, top, clock, Role::Plain);
        let why = match self.state.why {
            Why::Started => pen.say("lock-started"),
            Why::Asked => pen.say("lock-asked"),
            Why::Joined => pen.say("lock-joined"),
            Why::Idle(minutes) => {
                pen.look.say.with("lock-idle", &[("n", minutes.into())])
            }
        };
        pen.put(left, top + 2, why, Role::Plain);
        if let Some(copying) = self.standing.copying() {
            let said = super::sync::copying_shortly(copying, pen);
            pen.put(left, top + 3, said, Role::Plain);
        }
        let mut y = top + 4;
        for (index, person) in self.state.people.iter().enumerate() {
            self.draw_person((index, person), left, y, pen);
            y += 1;
        }
        self.draw_someone(left, y, pen);
        self.draw_secret(left, y + 2, pen);
    }

    fn draw_person(
        &self,
        (index, person): (usize, &Person),
        left: u16,
        y: u16,
        pen: &mut Pen<'_>,
    ) {
        let chosen = index == self.state.chosen.0;
        let mark = if chosen { '>' } else { ' ' };
        let digit = if index < 9 {
            (index + 1).to_string()
        } else {
            String::new()
        };
        let role = if chosen { Role::Selected } else { Role::Plain };
        let post = pen.say(post(person.role));
        let unfinished = person.unfinished.as_ref().map(|it| {
            let what = pen.say(it.key.kind.says());
            let time = pen.look.say.clock(it.kept);
            let args = [("what", what.into()), ("time", time.into())];
            pen.look.say.with("lock-unfinished", &args)
        });
        let row = format!(
            "{mark} {} {} {} {}",
            Shown::from(digit).pad(1),
            Shown::from(&person.name).pad(18),
            Shown::from(post).pad(12),
            unfinished.unwrap_or_default(),
        );
        pen.cell((left, y), BLOCK, row, role);
        if let Ok(number) = u8::try_from(index + 1) {
            let action = keymap::Action::Lock(Action::Choose(number));
            pen.target((left, y), BLOCK, action);
        }
        if chosen && self.state.stage == Stage::Who {
            pen.caret(left, y);
        }
    }

    fn draw_someone(&self, left: u16, y: u16, pen: &mut Pen<'_>) {
        let chosen = self.state.person().is_none();
        let (mark, role) = if chosen {
            ('>', Role::Selected)
        } else {
            (' ', Role::Plain)
        };
        let row = format!("{mark} o {}", pen.say("lock-someone"));
        pen.cell((left, y), BLOCK, row, role);
        let action = keymap::Action::Lock(Action::SomeoneElse);
        pen.target((left, y), BLOCK, action);
        if chosen && self.state.stage == Stage::Who {
            pen.caret(left, y);
        }
    }

    fn draw_secret(&self, left: u16, y: u16, pen: &mut Pen<'_>) {
        let state = self.state;
        let name = state.person().map_or(&state.someone, |it| &it.name);
        let args = [("name", name.clone().into())];
        let say = pen.look.say;
        let label = match state.stage {
            Stage::Who => None,
            Stage::Name => Some(say.line("lock-name")),
            Stage::Pin => Some(say.with("lock-pin", &args)),
            Stage::Passphrase => Some(say.with("lock-passphrase", &args)),
            Stage::NewPin => Some(say.line("lock-new-pin")),
            Stage::NewPinAgain => Some(say.line("lock-new-pin-again")),
        };
        if let Some(label) = label {
            let x = pen.put(left + 2, y, format!("{label} "), Role::Plain);
            let (before, after) = state.line.halves();
            let hide = state.stage != Stage::Name;
            let drawn = |text: &str| {
                Shown::from(if hide {
                    "●".repeat(text.chars().count())
                } else {
                    text.into()
                })
            };
            let width = (left + BLOCK).saturating_sub(x).max(10);
            let before = drawn(before).tail(usize::from(width.saturating_sub(1)));
            let caret = u16::try_from(before.width()).unwrap_or(0);
            pen.cell(
                (x, y),
                width,
                format!("{before}{}", drawn(after)),
                Role::Focus,
            );
            pen.caret(x + caret, y);
        }
        if state.waiting {
            pen.put_line(left + 2, y + 2, "lock-waiting", Role::Plain);
        } else if let Some(problem) = &state.problem {
            pen.put(left + 2, y + 2, problem.in_words(say), Role::Abnormal);
        } else if state.stage == Stage::Passphrase {
            pen.put_line(left + 2, y + 2, "lock-passphrase-first", Role::Plain);
        } else if matches!(state.stage, Stage::NewPin | Stage::NewPinAgain) {
            pen.put_line(left + 2, y + 2, "lock-new-pin-what-for", Role::Plain);
        } else if state.why != Why::Joined {
            pen.put_line(left + 2, y + 2, "lock-kept", Role::Plain);
        }
    }
}

/// The sentence that names a role.
pub(super) const fn post(role: Post) -> &'static str {
    match role {
        Post::Owner => "role-owner",
        Post::Clinician => "role-clinician",
        Post::Nurse => "role-nurse",
        Post::LabPharmacy => "role-lab-pharmacy",
        Post::FrontDesk => "role-front-desk",
        Post::Auditor => "role-auditor",
        Post::Hub => "role-hub",
        Post::Emergency => "role-emergency",
    }
}
