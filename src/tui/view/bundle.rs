//! Making and taking USB bundles.

use super::{
    super::{pen::Pen, theme::Role},
    compare::named,
    form::{Columns, draw_fields},
    sync::{count, size, when},
};
use crate::{
    app::bundle::{Stage, State, Work},
    text::Shown,
};

pub(super) struct BundleView<'a> {
    pub(super) state: &'a State,
}

/// The column in which everything begins.
const LEFT: u16 = 3;

impl BundleView<'_> {
    pub(super) fn draw(&self, pen: &mut Pen<'_>) {
        let say = pen.look.say;
        let (title, what) = match self.state.work {
            Work::Make => ("bundle-title-make", "bundle-what-make"),
            Work::Take => ("bundle-title-take", "bundle-what-take"),
        };
        let top = u16::from(pen.height() > 14);
        pen.put_line(LEFT, top, title, Role::Heading);
        let y = draw_wrapped(&say.line(what), (top + 2, Role::Plain), pen) + 1;
        pen.caret(LEFT, y);
        match &self.state.stage {
            Stage::Typing => self.draw_form(y, pen),
            Stage::Running(done, all) => {
                let args = [
                    ("n", size(*done, pen).into()),
                    ("all", size(*all, pen).into()),
                ];
                let said = match (self.state.work, *all) {
                    (_, 0) => say.line("bundle-begins"),
                    (Work::Make, _) => say.with("bundle-running", &args),
                    (Work::Take, _) => {
                        let args = [("n", count(*done)), ("all", count(*all))];
                        say.with("bundle-taking", &args)
                    }
                };
                draw_wrapped(&said, (y, Role::Plain), pen);
            }
            Stage::Made(made) => {
                let args = [
                    ("n", count(made.changes)),
                    ("size", size(made.bytes, pen).into()),
                    ("files", made.files.into()),
                ];
                let y =
                    draw_wrapped(&say.with("bundle-made", &args), (y, Role::Plain), pen);
                draw_wrapped(&say.line("bundle-pull-made"), (y + 1, Role::Done), pen);
            }
            Stage::Took(took) => {
                let args = [
                    ("from", named(&took.from, pen).into()),
                    ("when", when(took.made, pen).into()),
                    ("n", count(took.new)),
                    ("known", count(took.known)),
                ];
                let y =
                    draw_wrapped(&say.with("bundle-took", &args), (y, Role::Plain), pen);
                let (end, role) = if took.broken {
                    ("bundle-broken", Role::Abnormal)
                } else {
                    ("bundle-pull", Role::Done)
                };
                draw_wrapped(&say.line(end), (y + 1, role), pen);
            }
        }
    }

    fn draw_form(&self, y: u16, pen: &mut Pen<'_>) {
        let columns = Columns {
            label: LEFT,
            field: 24,
            width: pen.width().saturating_sub(24 + LEFT).min(50),
        };
        let y = draw_fields(&self.state.form, 0..2, columns, y, pen);
        if let Some(problem) = &self.state.problem {
            let said = problem.in_words(pen.look.say);
            draw_wrapped(&said, (y + 1, Role::Abnormal), pen);
        }
    }
}

/// Draws a paragraph; says in which row it ended.
fn draw_wrapped(text: &str, (mut y, role): (u16, Role), pen: &mut Pen<'_>) -> u16 {
    let width = usize::from(pen.width().saturating_sub(2 * LEFT));
    for line in Shown::wrapped(text, width) {
        pen.put(LEFT, y, line, role);
        y += 1;
    }
    y
}
