//! The diagnoses of a visit: picked from ICD-10 or the problem list, or kept as typed.

use crate::{
    app::{Cx, Effect as Ask, Line, Move, Selected, Step, Typed, find::Text, icd},
    chart::{Coded, Problem},
};

/// The entries of the problem list that are offered beside what the search finds.
const PROBLEMS_MAX: usize = 4;

/// The diagnoses, and the line in which one is typed.
#[derive(Debug, Default)]
pub struct Diagnoses {
    /// Those that were chosen, the main one first.
    pub chosen: Vec<Diagnosis>,
    /// What is typed.
    pub line: Line,
    /// What is offered for it.
    pub offers: Vec<Offered>,
    /// The selected offer.
    pub selected: Selected,
    /// The chosen diagnosis that is selected instead of the line.
    pub at: Option<usize>,
    /// The last one taken out, with its place.
    removed: Option<(usize, Diagnosis)>,
    asked: u32,
    answered: u32,
    /// Whether the top line is to be taken when the answer comes.
    take_top: bool,
}

/// A chosen diagnosis.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Diagnosis {
    /// What it is.
    pub code: Coded,
    /// How it stands to the problem list.
    pub list: List,
}

/// How a diagnosis stands to the problem list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum List {
    /// It is of this visit alone.
    Not,
    /// It is to be put on the list.
    Put,
    /// It is from the list.
    From,
}

/// A line of the list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Offered {
    /// What is taken.
    pub code: Coded,
    /// Whether it is on the problem list already.
    pub from_list: bool,
}

impl Diagnoses {
    /// Whether nothing was chosen and nothing is typed.
    pub fn is_empty(&self) -> bool {
        self.chosen.is_empty() && self.line.is_empty()
    }

    /// The diagnoses in words, one to a line.
    pub fn text(&self) -> String {
        let lines = self.chosen.iter().map(|it| words(&it.code));
        lines.collect::<Vec<_>>().join("\n")
    }

    /// Writes in the line and searches; says whether something is different.
    pub fn typed(&mut self, typed: &Typed, cx: &mut Cx<'_>) -> (bool, Vec<Step>) {
        if let Some(at) = self.at.take() {
            if matches!(typed, Typed::Delete | Typed::Backspace) {
                self.take_out(at);
                return (true, Vec::new());
            }
        } else if *typed == Typed::Backspace && self.line.text().is_empty() {
            self.at = self.chosen.len().checked_sub(1);
            return (false, Vec::new());
        }
        if *typed == Typed::Undo && self.line.text().is_empty() {
            return (self.put_back(), Vec::new());
        }
        if !self.line.typed(typed) {
            return (false, Vec::new());
        }
        self.selected = Selected::default();
        self.take_top = false;
        (true, self.search(cx))
    }

    /// Takes the selected offer, or waits for it; says whether there was something to take.
    pub fn accept(&mut self, cx: &mut Cx<'_>) -> (bool, Vec<Step>) {
        if self.offers.is_empty() && self.line.is_empty() {
            return (false, Vec::new());
        }
        if self.asked != self.answered {
            self.take_top = true;
            return (true, Vec::new());
        }
        (true, self.take(cx))
    }

    /// Offers what is on the problem list and what was picked lately.
    pub fn open_list(&mut self, cx: &mut Cx<'_>) -> Vec<Step> {
        if !self.line.is_empty() {
            return self.search(cx);
        }
        let problems = problems(cx);
        let listed = problems.map(|it| Offered {
            code: it.code.clone(),
            from_list: true,
        });
        let recent = cx.recent.iter().map(|code| Offered {
            code: code.clone(),
            from_list: false,
        });
        let mut offers: Vec<Offered> = Vec::new();
        for offer in listed.chain(recent) {
            if !offers.iter().any(|it| same(&it.code, &offer.code))
                && !self.has(&offer.code)
            {
                offers.push(offer);
            }
        }
        self.offers = offers;
        self.selected = Selected::default();
        self.at = None;
        Vec::new()
    }

    /// Closes the list; says whether it was open.
    pub fn close_list(&mut self) -> bool {
        let open = !self.offers.is_empty() && self.line.is_empty();
        if open {
            self.offers.clear();
        }
        open || self.at.take().is_some()
    }

    /// Moves in the list, or among the chosen ones; says whether there was a way to go.
    pub fn moved(&mut self, to: Move) -> bool {
        if !self.offers.is_empty() {
            self.selected
                .moved(to, self.offers.len(), self.offers.len());
            return true;
        }
        let last = self.chosen.len().checked_sub(1);
        let (at, moved) = match (to, self.at) {
            (Move::Up, None) => (last, last.is_some()),
            (Move::Up, Some(0)) => (None, false),
            (Move::Up, Some(at)) => (Some(at - 1), true),
            (Move::Down, Some(at)) if Some(at) == last => (None, true),
            (Move::Down, Some(at)) => (Some(at + 1), true),
            (_, at) => (at, false),
        };
        self.at = at;
        moved
    }

    /// Marks the selected diagnosis, or the last one, for the problem list or not.
    pub fn toggle_list(&mut self) -> bool {
        let last = self.chosen.len().saturating_sub(1);
        let at = self.at.unwrap_or(last);
        let Some(diagnosis) = self.chosen.get_mut(at) else {
            return false;
        };
        diagnosis.list = match diagnosis.list {
            List::Not => List::Put,
            List::Put => List::Not,
            List::From => return false,
        };
        true
    }

    /// Takes an answer of the search.
    pub fn found(&mut self, answer: &icd::Answer, cx: &mut Cx<'_>) -> Vec<Step> {
        let icd::Answer::Found { request, hits } = answer;
        if *request != self.asked {
            return Vec::new();
        }
        self.answered = *request;
        let typed = self.line.trimmed().to_owned();
        let problems = problems(cx);
        let fitting = problems.filter(|it| fits(&it.code, &typed));
        let mut offers: Vec<Offered> = fitting
            .take(PROBLEMS_MAX)
            .map(|it| Offered {
                code: it.code.clone(),
                from_list: true,
            })
            .collect();
        for hit in hits {
            let code = hit.coded();
            if !offers.iter().any(|it| same(&it.code, &code)) {
                offers.push(Offered {
                    code,
                    from_list: false,
                });
            }
        }
        if !typed.is_empty() {
            offers.push(Offered {
                code: Coded::text(typed),
                from_list: false,
            });
        }
        self.offers = offers;
        let last = self.offers.len().saturating_sub(1);
        self.selected = Selected(self.selected.0.min(last));
        if std::mem::take(&mut self.take_top) {
            return self.take(cx);
        }
        Vec::new()
    }

    /// Puts a diagnosis behind those chosen, unless it is there.
    pub fn choose(&mut self, code: Coded, list: List) -> bool {
        if code.is_empty() || self.has(&code) {
            return false;
        }
        self.chosen.push(Diagnosis { code, list });
        true
    }

    /// Adds what the visit names already; whether any of it is new here.
    pub(super) fn go_on_with(&mut self, codes: Vec<Coded>) -> bool {
        let new = codes.into_iter().map(|it| self.choose(it, List::Not));
        // Every one of them, not the first that is new.
        new.filter(|it| *it).count() > 0
    }

    fn take(&mut self, cx: &Cx<'_>) -> Vec<Step> {
        let offered = self.offers.get(self.selected.0).cloned();
        let typed = Offered {
            code: Coded::text(self.line.trimmed()),
            from_list: false,
        };
        let offered = offered.unwrap_or(typed);
        let on_list = |it: &&Problem| same(&it.code, &offered.code);
        let listed = problems(cx).any(|it| on_list(&it));
        let list = if listed { List::From } else { List::Not };
        self.line.clear();
        self.offers.clear();
        self.selected = Selected::default();
        self.asked = self.answered;
        if !self.choose(offered.code.clone(), list) {
            return Vec::new();
        }
        let mut steps = vec![Step::DraftChanged];
        if offered.code.coding.is_some() {
            steps.push(Step::Picked(Box::new(offered.code)));
        }
        steps
    }

    fn search(&mut self, cx: &mut Cx<'_>) -> Vec<Step> {
        if self.line.is_empty() {
            self.offers.clear();
            self.asked = self.answered;
            return Vec::new();
        }
        self.asked = cx.request();
        let problems = problems(cx).map(|it| &it.code);
        let codes = problems
            .chain(cx.recent)
            .filter_map(|it| it.coding.as_ref());
        vec![Step::Ask(Ask::Icd(icd::Effect::Search {
            request: self.asked,
            text: Text(self.line.trimmed().to_owned()),
            prefer: codes.map(|it| it.code.clone()).collect(),
        }))]
    }

    fn has(&self, code: &Coded) -> bool {
        self.chosen.iter().any(|it| same(&it.code, code))
    }

    fn take_out(&mut self, at: usize) {
        if at < self.chosen.len() {
            self.removed = Some((at, self.chosen.remove(at)));
        }
    }

    fn put_back(&mut self) -> bool {
        let Some((at, diagnosis)) = self.removed.take() else {
            return false;
        };
        let at = at.min(self.chosen.len());
        self.chosen.insert(at, diagnosis);
        true
    }
}

/// `J45.909 Asthma`, or the words alone.
pub fn words(code: &Coded) -> String {
    match &code.coding {
        Some(coding) => format!("{} {}", coding.code, code.text),
        None => code.text.clone(),
    }
}

/// The problems that hold now and that may be named in what is written.
fn problems<'c>(cx: &Cx<'c>) -> impl Iterator<Item = &'c Problem> + use<'c> {
    let (summary, closing) = (cx.chart.and_then(|it| it.summary.as_ref()), cx.closing);
    let all = summary.into_iter().flat_map(|it| &it.problems);
    let all = all.filter(move |it| it.entry.may_stand_in(closing));
    all.filter(|it| it.on_list && !it.entry.in_error && it.clinical.is_present())
}

fn same(one: &Coded, other: &Coded) -> bool {
    match (&one.coding, &other.coding) {
        (Some(one), Some(other)) => one.system == other.system && one.code == other.code,
        (None, None) => one.text.eq_ignore_ascii_case(&other.text),
        (Some(_), None) | (None, Some(_)) => false,
    }
}

/// Whether every word typed begins a word of the diagnosis or its code.
fn fits(code: &Coded, typed: &str) -> bool {
    let text = words(code).to_lowercase();
    let typed = typed.to_lowercase();
    let mut wanted = typed.split_whitespace();
    wanted.all(|word| {
        text.split(|it: char| !it.is_alphanumeric() && it != '.')
            .any(|it| it.starts_with(word))
    })
}
