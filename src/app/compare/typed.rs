//! The right answer as typed, in the words of the document: a day as people write it, a word
//! of the screen's language.

use crate::{
    app::{Cx, history, versions::Fact},
    chart::Choice,
    time::{When, parse_birth, parse_day},
};

/// The field of a birth date, which may be reckoned from an age.
const BIRTH: &str = "birth";

/// What was typed; none where the fact is a date and this is none.
pub(super) fn choice(fact: &Fact, text: &str, cx: &Cx<'_>) -> Option<Choice> {
    if fact.field == BIRTH {
        let born = parse_birth(text, cx.today()).ok()?;
        let about = if born.estimated { "~" } else { "" };
        return Some(Choice::Write(format!("{about}{}", born.date)));
    }
    let is_date = |text: &str| text.len() >= 4 && text.parse::<When>().is_ok();
    let values = fact.values.iter().map(|it| it.value.as_str());
    let mut said = values.filter(|it| !it.is_empty()).peekable();
    if said.peek().is_some() && said.all(is_date) && !text.is_empty() {
        let day = parse_day(text, cx.today()).ok()?;
        return Some(Choice::Write(day.to_string()));
    }
    let word = history::word(text, cx.say);
    Some(Choice::Write(word.unwrap_or(text).to_owned()))
}
