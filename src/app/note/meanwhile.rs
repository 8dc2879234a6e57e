//! What others wrote in the note while this was written: it comes behind what is typed here,
//! to be read before it is signed.

use super::{Passage, State, Written, keeping::notes};
use crate::{
    app::{
        Step,
        notice::{Notice, Said},
    },
    chart::Chart,
};

/// The section that names the diagnoses.
pub(super) const DIAGNOSES: &str = "A";

impl State {
    /// Takes over what others wrote in the note since the person saw it, and says so; nothing
    /// when nobody did.
    pub(super) fn catch_up(&mut self, chart: &Chart) -> Option<Vec<Step>> {
        let note = notes(chart).find(|it| it.entry.id == self.note)?;
        let mut came = false;
        for (field, section) in &mut self.sections {
            let name = field.section().unwrap_or_default();
            let seen = text_of(&self.seen, name);
            let typed = section.passage.text().trim_end();
            let both = both(typed, seen, text_of(&note.sections, name));
            if both != typed {
                section.passage = Passage::of(&both);
                came = true;
            }
        }
        if text_of(&self.seen, DIAGNOSES) != text_of(&note.sections, DIAGNOSES) {
            let visit = self.visit(chart);
            let codes = visit.map(|it| it.diagnoses.clone()).unwrap_or_default();
            came |= self.dx.go_on_with(codes);
        }
        self.seen.clone_from(&note.sections);
        let said = Notice::plain(Said::line("note-came"));
        came.then(|| vec![Step::DraftChanged, Step::Say(said)])
    }

    /// The text of a part as the person saw it last, taken up from a draft.
    pub(super) fn was_seen(&mut self, name: &str, text: &str) {
        self.seen.push(Written {
            name: name.to_owned(),
            text: text.to_owned(),
        });
    }
}

/// What a person made of what was seen, and behind it what others made of it meanwhile.
fn both(typed: &str, seen: &str, now: &str) -> String {
    if now == seen {
        return typed.to_owned();
    }
    if typed == seen {
        return now.to_owned();
    }
    let new = now.strip_prefix(seen).or_else(|| now.strip_suffix(seen));
    let new = new.unwrap_or(now).trim();
    if typed.contains(new) {
        return typed.to_owned();
    }
    format!("{typed}\n{new}").trim_start().to_owned()
}

fn text_of<'a>(sections: &'a [Written], name: &str) -> &'a str {
    let mut sections = sections.iter();
    let section = sections.find(|it| it.name == name);
    section.map_or("", |it| it.text.trim_end())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(typed: &str, seen: &str, now: &str, expected: &str) {
        assert_eq!(both(typed, seen, now), expected);
    }

    #[test]
    fn nothing_that_somebody_typed_is_left_out() {
        check("Cough and fever", "Cough", "Cough", "Cough and fever");
        check("Cough", "Cough", "Dry cough", "Dry cough");
        check("Cough", "Cough", "", "");
        check("Rest", "", "Fluids", "Rest\nFluids");
        check("", "", "Fluids", "Fluids");
        check("", "Rest", "Rest, fluids", ", fluids");
        check("Rest, tea", "Rest", "Rest, fluids", "Rest, tea\n, fluids");
        check("Rest, tea", "Rest", "Sleep", "Rest, tea\nSleep");
        check("Rest, fluids", "Rest", "Rest, fluids", "Rest, fluids");
        check("Rest, fluids", "", "Rest", "Rest, fluids");
    }
}
