//! Providers of other clinics, by their contact cards: which are kept and who made sure of
//! them, one looked at with its eight words, another taken in, and one's own to be given.

use super::{
    Action, Answer, AskFile, Asks, News, Provider, Source, Sure, ask, file::Asked,
};
use crate::{
    app::{
        Cx, Listed, Press, Step, Typed, Wish,
        keymap::Context,
        notice::{Notice, Said, Trouble},
        overlay::Question,
    },
    ids::CardId,
};

/// The cards.
#[derive(Debug)]
pub struct State {
    /// Every card that is kept, by the names of their bearers.
    pub cards: Listed<Provider>,
    /// What is looked at.
    pub view: View,
    doing: Option<u32>,
    /// The card that is to be looked at when the list is told anew.
    next: Option<CardId>,
}

/// What is looked at.
#[derive(Debug)]
pub enum View {
    /// All of them.
    All,
    /// The selected one.
    One,
    /// The card of who is at work, once the shell has told.
    Own(Option<Box<Own>>),
    /// A file or a text is asked for, with a card in it.
    Taking(AskFile),
    /// A file is asked for, to write the own card into.
    Giving(Box<Own>, AskFile),
}

/// The card of who is at work, to be given to providers elsewhere. It is no secret.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Own {
    /// What stands on it.
    pub card: Provider,
    /// All of it as lines of text.
    pub lines: Vec<String>,
}

/// Why no card was kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NoCard {
    /// There is none that could be read.
    NotRead,
    /// It is one of this clinic's own.
    OwnClinic,
    /// Something else is wrong.
    Trouble(Trouble),
}

impl State {
    /// The list, and the question what stands in it.
    pub fn open(cx: &mut Cx<'_>) -> (Self, Vec<Step>) {
        let mut state = Self {
            cards: Listed::default(),
            view: View::All,
            doing: None,
            next: None,
        };
        let steps = state.load(cx);
        (state, steps)
    }

    /// The contexts of the list.
    pub const LIST: &'static [Context] = &[
        Context::Providers,
        Context::List,
        Context::Anywhere,
        Context::Outside,
    ];
    /// The contexts while one card is looked at.
    pub const ONE: &'static [Context] = &[
        Context::ProvidersOne,
        Context::List,
        Context::Anywhere,
        Context::Outside,
    ];
    /// The contexts of the own card.
    pub const OWN: &'static [Context] =
        &[Context::ProvidersOwn, Context::Anywhere, Context::Outside];

    /// Where keys mean something.
    pub const fn contexts(&self) -> &'static [Context] {
        match self.view {
            View::All => Self::LIST,
            View::One => Self::ONE,
            View::Own(_) => Self::OWN,
            View::Taking(_) | View::Giving(..) => AskFile::FORM,
        }
    }

    /// The question for a file, if one is asked for.
    pub const fn file(&self) -> Option<&AskFile> {
        match &self.view {
            View::Taking(file) | View::Giving(_, file) => Some(file),
            View::All | View::One | View::Own(_) => None,
        }
    }

    /// Does what a key asks of any screen.
    pub fn press(&mut self, press: &Press, cx: &mut Cx<'_>) -> Vec<Step> {
        match &mut self.view {
            View::All => match self.cards.press(press, cx) {
                Wish::Back => return vec![Step::Back],
                Wish::Open if self.cards.chosen().is_some() => self.view = View::One,
                Wish::Open | Wish::New | Wish::Nothing => {}
            },
            View::One => {
                if self.cards.press(press, cx) == Wish::Back {
                    self.view = View::All;
                }
            }
            View::Own(_) if *press == Press::Back => self.view = View::All,
            View::Own(_) => {}
            View::Taking(_) | View::Giving(..) => return self.in_file(press, cx),
        }
        Vec::new()
    }

    /// Does what a key of this screen asks.
    pub(super) fn act(&mut self, action: Action, cx: &mut Cx<'_>) -> Vec<Step> {
        match action {
            Action::Take => {
                let file = AskFile::new("providers-take", "providers-take-help");
                self.view = View::Taking(file);
            }
            Action::Sure(sure) => return self.ask_sure(sure, cx),
            Action::Own => {
                self.view = View::Own(None);
                return self.ask(Asks::OwnCard, cx);
            }
            Action::Write => {
                if let View::Own(Some(own)) = &self.view {
                    let file = AskFile::new("providers-give", "providers-give-help");
                    self.view = View::Giving(own.clone(), file);
                }
            }
            Action::Print
            | Action::Meet(_)
            | Action::ShowAll
            | Action::Accept
            | Action::Decline
            | Action::Propose(_) => {}
        }
        Vec::new()
    }

    /// Takes an answer.
    pub(super) fn answered(&mut self, answer: &Answer, cx: &mut Cx<'_>) -> Vec<Step> {
        let ours = self.doing == Some(answer.request);
        match &answer.news {
            News::Providers(all) if self.cards.is_asked(answer.request) => {
                let steps = self.cards.answered(all.clone(), |it| it.card);
                if let Some(next) = self.next.take() {
                    let place = self.cards.rows.iter().position(|it| it.card == next);
                    self.cards.selected.0 = place.unwrap_or(self.cards.selected.0);
                }
                steps
            }
            News::OwnCard(own) if ours => match (own, &mut self.view) {
                (Ok(own), View::Own(shown)) => {
                    *shown = Some(own.clone());
                    Vec::new()
                }
                (Ok(_), _) => Vec::new(),
                (Err(trouble), _) => vec![Step::Say(Notice::alarm(trouble.said()))],
            },
            News::Kept(result) if ours => self.kept(result, cx),
            News::Given(result) if ours => self.given(*result),
            News::Providers(_)
            | News::OwnCard(_)
            | News::Kept(_)
            | News::Given(_)
            | News::Told(_)
            | News::Printed(_)
            | News::Sharing(_)
            | News::Shared(_)
            | News::Revoked(_)
            | News::Proposed(_)
            | News::Beside(_)
            | News::Decided(_)
            | News::Guests(_)
            | News::GuestChart(_)
            | News::Offered(_) => Vec::new(),
        }
    }

    /// Comes to the front again: a card may have come meanwhile.
    pub(super) fn shown_again(&mut self, cx: &mut Cx<'_>) -> Vec<Step> {
        self.load(cx)
    }

    fn load(&mut self, cx: &mut Cx<'_>) -> Vec<Step> {
        vec![ask(self.cards.ask(cx), Asks::Providers)]
    }

    fn ask(&mut self, asks: Asks, cx: &mut Cx<'_>) -> Vec<Step> {
        let request = cx.request();
        self.doing = Some(request);
        vec![ask(request, asks)]
    }

    fn in_file(&mut self, press: &Press, cx: &mut Cx<'_>) -> Vec<Step> {
        let taking = matches!(self.view, View::Taking(_));
        // A card that is pasted has many lines, and no file is called so.
        if let Press::Type(Typed::Text(text)) = press
            && taking
            && text.contains(Source::MARK)
        {
            return self.ask(Asks::Keep(Source::Text(text.clone())), cx);
        }
        let (View::Taking(file) | View::Giving(_, file)) = &mut self.view else {
            return Vec::new();
        };
        match file.press(press, cx) {
            Asked::Given(path) if taking => self.ask(Asks::Keep(Source::File(path)), cx),
            Asked::Given(path) => self.ask(Asks::Give(path), cx),
            Asked::Left => {
                self.view = View::All;
                Vec::new()
            }
            Asked::Waits => Vec::new(),
        }
    }

    /// Asks whether the words were compared. The safe line leaves it open.
    fn ask_sure(&mut self, sure: Sure, cx: &mut Cx<'_>) -> Vec<Step> {
        let Some(it) = self.cards.chosen() else {
            return Vec::new();
        };
        if it.sure >= sure {
            return vec![Step::Say(Notice::plain(Said::line(
                "providers-sure-already",
            )))];
        }
        let (title, other) = match sure {
            Sure::Room => ("providers-sure-room-title", "providers-sure-room"),
            Sure::Phone | Sure::Not => {
                ("providers-sure-phone-title", "providers-sure-phone")
            }
        };
        let (card, name) = (it.card, it.name.clone());
        let mut lines = vec![Said::line("providers-sure-what")];
        lines.extend(it.words.chunks(4).map(|words| {
            Said::with("providers-sure-words", [("words", words.join("  ").into())])
        }));
        let then = self.ask(Asks::MakeSure(card, sure), cx);
        vec![Step::Question(Box::new(Question {
            title: Said::with(title, [("name", name.into())]),
            lines,
            safe: Said::line("providers-sure-not"),
            letter: 'y',
            other: Said::line(other),
            back: None,
            then,
        }))]
    }

    fn kept(&mut self, result: &Result<CardId, NoCard>, cx: &mut Cx<'_>) -> Vec<Step> {
        let card = match result {
            Ok(card) => *card,
            Err(NoCard::Trouble(trouble)) => {
                return vec![Step::Say(Notice::alarm(trouble.said()))];
            }
            Err(why) => {
                let said = Said::line(match why {
                    NoCard::OwnClinic => "providers-own-clinic",
                    NoCard::NotRead | NoCard::Trouble(_) => "providers-not-read",
                });
                let (View::Taking(file) | View::Giving(_, file)) = &mut self.view else {
                    return vec![Step::Say(Notice::plain(said))];
                };
                file.problem = Some(said);
                return Vec::new();
            }
        };
        let said = if matches!(self.view, View::Taking(_)) {
            "providers-said-kept"
        } else {
            "providers-said-sure"
        };
        self.view = View::One;
        self.next = Some(card);
        let mut steps = self.load(cx);
        steps.push(Step::Say(Notice::done(Said::line(said))));
        steps
    }

    fn given(&mut self, result: Result<(), Trouble>) -> Vec<Step> {
        let View::Giving(own, file) = &mut self.view else {
            return Vec::new();
        };
        match result {
            Ok(()) => {
                self.view = View::Own(Some(own.clone()));
                vec![Step::Say(Notice::done(Said::line("providers-said-given")))]
            }
            Err(Trouble::NotTaken) => {
                file.problem = Some(Said::line("beyond-not-written"));
                Vec::new()
            }
            Err(trouble) => vec![Step::Say(Notice::alarm(trouble.said()))],
        }
    }
}
