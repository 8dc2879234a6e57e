//! Referrals as JSON.

use serde_json::{Value, json};

use super::{common, time, with};
use crate::chart::Referral;

/// A referral.
pub(in crate::cli) fn document(it: &Referral) -> Value {
    let with_whom = match it.way {
        crate::chart::Way::Sent => "to",
        crate::chart::Way::Received => "from",
    };
    with(
        common("referral", &it.entry),
        [
            ("way", json!(it.way.name())),
            (with_whom, json!(it.with)),
            ("card", json!(it.card.map(|it| it.to_string()))),
            ("letter", json!(it.letter.map(|it| it.to_string()))),
            ("reason", json!(it.reason)),
            ("question", json!(it.question)),
            ("urgent", json!(it.urgent)),
            ("status", json!(it.status.name())),
            ("reply", json!(it.reply)),
            ("replied", time(it.replied)),
            ("visit", json!(it.visit.map(|id| id.to_string()))),
        ],
    )
}
