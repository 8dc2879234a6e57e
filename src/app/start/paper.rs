//! The paper words, typed back: the clinic is made when they are right.

use super::{Effect, Page, State};
use crate::app::{Cx, Effect as Ask, Secret, Step, form::Event, notice::Said};

impl State {
    pub(super) fn in_back(&mut self, event: Event, cx: &Cx<'_>) -> Vec<Step> {
        match event {
            Event::Finished => self.make(cx),
            Event::Missing(_) => {
                self.problem = Some(Said::line("form-missing"));
                Vec::new()
            }
            Event::Back => {
                self.turn_to(Page::Words);
                Vec::new()
            }
            Event::Changed(_) => {
                self.problem = None;
                Vec::new()
            }
            Event::Left(_) | Event::Repeat(_) | Event::Nothing => Vec::new(),
        }
    }

    /// Makes the clinic when the three words are the ones on the paper.
    fn make(&mut self, cx: &Cx<'_>) -> Vec<Step> {
        let Some(words) = &self.words else {
            return Vec::new();
        };
        let all: Vec<&str> = words.all.as_str().split(' ').collect();
        let wanted = words
            .ask
            .map(|place| all.get(place.saturating_sub(1)).copied());
        let typed = self
            .back
            .fields
            .iter()
            .map(|it| it.line.trimmed().to_lowercase());
        let wrong = typed
            .zip(wanted)
            .position(|(typed, word)| Some(&*typed) != word);
        if let Some(wrong) = wrong {
            self.back.at = wrong;
            self.problem = Some(Said::line("start-wrong-word"));
            return Vec::new();
        }
        let secret = |name| {
            let field = self.form.field(name);
            field.map_or_else(|| Secret::from(""), |it| it.line.secret())
        };
        let create = Effect::Create {
            clinic: self.form.text("start-clinic").to_owned(),
            machine: cx.say.with("machine-number", &[("n", "1".into())]),
            owner: self.form.text("start-name").to_owned(),
            passphrase: secret("start-passphrase"),
            pin: secret("start-pin"),
            words: Secret::from(words.all.as_str()),
        };
        self.turn_to(Page::Making);
        vec![Step::Ask(Ask::Start(create))]
    }
}
