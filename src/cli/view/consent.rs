//! Consents as JSON.

use serde_json::{Value, json};

use super::{common, with};
use crate::{
    care::consent::{State, state},
    chart::{Consent, Consents, Decision, SharedPart},
    ids::UserId,
    time::PartialDate,
};

/// All of a chart, the newest first.
pub(in crate::cli) fn list(
    consents: &Consents,
    today: PartialDate,
    who: &dyn Fn(UserId) -> String,
) -> Value {
    let all = consents.consents.iter();
    let shown = all.map(|it| consent(it, state(it, consents, today), who));
    Value::Array(shown.collect())
}

/// How a consent stands, in one word.
pub(in crate::cli) const fn word(state: State) -> &'static str {
    match state {
        State::Given => "given",
        State::NotYet => "not-yet",
        State::Expired => "expired",
        State::Withdrawn => "withdrawn",
        State::Refused => "refused",
        State::SetAside => "set-aside",
        State::Overruled => "overruled",
        State::InError => "in-error",
    }
}

fn consent(it: &Consent, state: State, who: &dyn Fn(UserId) -> String) -> Value {
    let day = |it: Option<PartialDate>| json!(it.map(|it| it.to_string()));
    let decision = match it.decision {
        Decision::Given => "given",
        Decision::Refused => "refused",
    };
    let withdrawal = it.withdrawal.as_ref().map(|it| {
        json!({ "by": it.by.to_string(), "by_name": who(it.by),
                "at": it.at.to_string(), "reason": it.reason })
    });
    let parts: Vec<String> = it.parts.iter().map(SharedPart::word).collect();
    let over: Vec<String> = it.over.iter().map(ToString::to_string).collect();
    with(
        common("consent", &it.entry),
        [
            ("decision", json!(decision)),
            ("state", json!(word(state))),
            ("to", json!(it.to)),
            ("card", json!(it.card.map(|it| it.to_string()))),
            ("parts", json!(parts)),
            ("shared_from", day(it.shared_from)),
            ("shared_until", day(it.shared_until)),
            ("purpose", json!(it.purpose.code())),
            ("from", day(it.from)),
            ("until", day(it.until)),
            ("how", json!(it.how.word())),
            ("witness", json!(it.witness)),
            ("withdrawal", json!(withdrawal)),
            ("sets_aside", json!(over)),
        ],
    )
}
