//! A section of a note: text in which dot-phrases become prepared text with blanks to fill.

use std::ops::Range;

use crate::{
    app::{Move, Passage, Selected, Typed},
    care::phrases::{
        Blank, Facts, blanks, blanks_left, dot_word, expanded, literal_dot, matching,
        next_blank, place,
    },
    content::Phrase,
};

/// Stands in a choice for what must still be written.
const OPEN: &str = "___";

/// A section.
#[derive(Debug, Default)]
pub struct Section {
    /// Its text.
    pub passage: Passage,
    /// What is offered at the caret.
    pub offer: Option<Offer>,
    /// The blank that the next letter fills.
    pub blank: Option<Range<usize>>,
    expansions: Vec<Expansion>,
}

/// What is offered at the caret.
#[derive(Debug)]
pub enum Offer {
    /// Phrases whose names begin as typed.
    Phrases(Vec<&'static Phrase>, Selected),
    /// What a blank can be filled with.
    Choices(Vec<String>, Selected),
}

/// What came of a Tab.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tabbed {
    /// The text is another one.
    Changed,
    /// The caret went to a blank.
    Moved,
    /// There is nothing here to go to.
    Leaves,
}

/// A phrase that was expanded. It counts as used while its text was not taken back.
#[derive(Debug)]
struct Expansion {
    name: String,
    before: usize,
    stands: bool,
}

impl Section {
    /// A section with this text, the caret at its end.
    pub fn of(text: &str) -> Self {
        Self {
            passage: Passage::of(text),
            ..Self::default()
        }
    }

    /// The names of the phrases in it, as a note lists them.
    pub fn phrases(&self) -> impl Iterator<Item = String> {
        let standing = self.expansions.iter().filter(|it| it.stands);
        standing.map(|it| format!(".{}", it.name))
    }

    /// The blanks that are not filled.
    pub fn blanks_left(&self) -> usize {
        blanks_left(self.passage.text())
    }

    /// Goes to the first blank.
    pub fn go_to_blank(&mut self) {
        let first = next_blank(self.passage.text(), 0).map(|it| it.span);
        self.enter_blank(first);
    }

    /// Writes or moves; says whether the text is another one now. `facts` is what phrases
    /// are filled with.
    pub fn typed(
        &mut self,
        typed: &Typed,
        width: usize,
        facts: &dyn Fn() -> Facts,
    ) -> bool {
        if *typed == Typed::Char(' ') {
            if let Some(phrase) = self.named_exactly() {
                return self.expand(phrase, facts);
            }
            let (text, caret) = (self.passage.text(), self.passage.caret());
            if let Some(placed) = literal_dot(text, caret) {
                self.passage.put(placed);
            }
        }
        if let Some(blank) = self.blank.take() {
            self.offer = None;
            if let Some(with) = filling(typed) {
                self.passage.replace(blank, &with);
                self.offer_phrases();
                self.expansions.retain(|it| it.stands);
                return true;
            }
        }
        let changed = self.passage.typed(typed, width);
        self.offer = None;
        if matches!(typed, Typed::Undo | Typed::Redo) {
            self.count_expansions();
        } else if changed {
            // What was taken back before this cannot come again.
            self.expansions.retain(|it| it.stands);
            if matches!(typed, Typed::Char(_) | Typed::Backspace) {
                self.offer_phrases();
            }
        }
        changed
    }

    /// Takes what is offered, or goes to the next blank.
    pub fn tab(&mut self, facts: &dyn Fn() -> Facts) -> Tabbed {
        match self.offer.take() {
            Some(Offer::Phrases(found, selected)) => {
                let chosen = found.get(selected.0).copied();
                if chosen.is_some_and(|it| self.expand(it, facts)) {
                    return Tabbed::Changed;
                }
                Tabbed::Moved
            }
            Some(Offer::Choices(choices, selected)) => {
                let chosen = choices.get(selected.0).zip(self.blank.take());
                if let Some((choice, blank)) = chosen {
                    self.choose(choice, blank);
                }
                Tabbed::Changed
            }
            None => self.next_blank(),
        }
    }

    /// Closes what is offered and keeps the text; says whether it was open.
    pub fn close_offer(&mut self) -> bool {
        let open = self.offer.take().is_some();
        if let Some(blank) = self.blank.take().filter(|_| open) {
            self.passage.put_caret(blank.end);
        }
        open
    }

    /// Moves in what is offered, or by rows; says whether there was a way to go.
    pub fn moved(&mut self, to: Move, width: usize) -> bool {
        let (total, selected) = match &mut self.offer {
            Some(Offer::Phrases(found, selected)) => (found.len(), selected),
            Some(Offer::Choices(choices, selected)) => (choices.len(), selected),
            None => {
                self.blank = None;
                return self.passage.moved(to, width);
            }
        };
        selected.moved(to, total, total);
        true
    }

    /// Puts a text in, on lines of its own; one change.
    pub fn insert(&mut self, text: &str) {
        let caret = self.passage.caret();
        let before = self.passage.text().get(..caret).unwrap_or_default();
        let gap = if before.is_empty() || before.ends_with('\n') {
            ""
        } else {
            "\n"
        };
        self.passage.replace(caret..caret, &format!("{gap}{text}"));
        self.offer = None;
        self.blank = None;
    }

    fn named_exactly(&self) -> Option<&'static Phrase> {
        let Some(Offer::Phrases(found, _)) = &self.offer else {
            return None;
        };
        let word = dot_word(self.passage.text(), self.passage.caret())?;
        let first = found.first().copied()?;
        first.name.eq_ignore_ascii_case(word.name).then_some(first)
    }

    fn offer_phrases(&mut self) {
        let word = dot_word(self.passage.text(), self.passage.caret());
        let found = word.map(|it| matching(it.name, Phrase::built_in()));
        let found = found.filter(|it| !it.is_empty());
        self.offer = found.map(|it| Offer::Phrases(it, Selected::default()));
    }

    fn expand(&mut self, phrase: &Phrase, facts: &dyn Fn() -> Facts) -> bool {
        let text = self.passage.text();
        let Some(word) = dot_word(text, self.passage.caret()) else {
            return false;
        };
        let expansion = expanded(&phrase.text, &facts());
        let from = word.span.start;
        let Some(placed) = place(text, word.span, &expansion) else {
            return false;
        };
        self.offer = None;
        self.expansions.retain(|it| it.stands);
        self.expansions.push(Expansion {
            name: phrase.name.clone(),
            before: self.passage.changes(),
            stands: true,
        });
        self.passage.put(placed);
        let put_in = from..from + expansion.len();
        let first =
            blanks(self.passage.text()).find(|it| put_in.contains(&it.span.start));
        let first = first.map(|it| it.span);
        if first.is_some() {
            self.enter_blank(first);
        }
        true
    }

    fn choose(&mut self, choice: &str, blank: Range<usize>) {
        let filling = choice.replace(OPEN, &format!("«{OPEN}»"));
        let from = blank.start;
        self.passage.replace(blank, &filling);
        let (text, caret) = (self.passage.text(), self.passage.caret());
        let open = blanks(text).find(|it| it.span.start >= from && it.span.end <= caret);
        let open = open.or_else(|| blanks(text).find(|it| it.span.start >= caret));
        let next = open.map(|it| it.span);
        self.enter_blank(next);
    }

    /// From a blank to the one behind it; otherwise to the next one, or to the first.
    fn next_blank(&mut self) -> Tabbed {
        let (text, caret) = (self.passage.text(), self.passage.caret());
        let next = match self.blank.take() {
            Some(here) => blanks(text).find(|it| it.span.start >= here.end),
            None => next_blank(text, caret),
        };
        let Some(next) = next.map(|it| it.span) else {
            return Tabbed::Leaves;
        };
        self.enter_blank(Some(next));
        Tabbed::Moved
    }

    fn enter_blank(&mut self, blank: Option<Range<usize>>) {
        let Some(blank) = blank else { return };
        self.passage.put_caret(blank.start);
        let text = self.passage.text();
        let here = blanks(text).find(|it| it.span == blank);
        let choices = here.as_ref().map(Blank::choices).unwrap_or_default();
        let choices: Vec<String> = choices.into_iter().map(str::to_owned).collect();
        self.offer =
            (!choices.is_empty()).then(|| Offer::Choices(choices, Selected::default()));
        self.blank = Some(blank);
    }

    /// After a change was taken back or made again: which expansions stand.
    fn count_expansions(&mut self) {
        let changes = self.passage.changes();
        for expansion in &mut self.expansions {
            expansion.stands = changes > expansion.before;
        }
    }
}

/// What goes in the place of a blank, if this writes.
fn filling(typed: &Typed) -> Option<String> {
    if let Typed::Char(c) = typed {
        Some(c.to_string())
    } else if let Typed::Text(text) = typed {
        Some(text.clone())
    } else {
        matches!(typed, Typed::Backspace | Typed::Delete).then(String::new)
    }
}
