//! What the safety checks say, in the command line's words.

use serde_json::{Value, json};

use super::failure::Failure;
use crate::chart::Chart;

/// Something to know before it is done.
#[derive(Debug)]
pub(super) struct Alert {
    pub(super) kind: &'static str,
    pub(super) weight: Weight,
    pub(super) text: String,
    pub(super) because: String,
}

/// How much it weighs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Weight {
    Info,
    Warn,
    /// Nothing is done without a reason.
    Stop,
}

impl Weight {
    const fn name(self) -> &'static str {
        match self {
            Self::Info => "info",
            Self::Warn => "warn",
            Self::Stop => "stop",
        }
    }
}

/// That a check could not read all of a chart; the same for every patient.
pub(super) fn incomplete(chart: &Chart) -> Option<Alert> {
    (chart.closed == Some(true)).then(|| Alert {
        kind: "incomplete",
        weight: Weight::Info,
        text: "checks incomplete: a part of this record is closed to you".to_owned(),
        because: "this clinic keeps parts of records closed".to_owned(),
    })
}

/// The alerts as `{alerts: […]}` has them.
pub(super) fn shown(alerts: &[Alert]) -> Value {
    let each = alerts.iter().map(|it| {
        json!({
            "kind": it.kind,
            "severity": it.weight.name(),
            "text": it.text,
            "because": it.because,
        })
    });
    Value::Array(each.collect())
}

/// The alerts in words, for those who read no JSON.
pub(super) fn lines(alerts: &[Alert]) -> Vec<String> {
    let each = alerts
        .iter()
        .map(|it| format!("{}: {} ({})", it.weight.name(), it.text, it.because));
    each.collect()
}

/// Refuses where an alert stops and no reason was given to go on.
pub(super) fn check(
    alerts: &[Alert],
    override_reason: Option<&str>,
) -> Result<(), Failure> {
    let reason = override_reason.is_some_and(|it| !it.trim().is_empty());
    match alerts.iter().find(|it| it.weight == Weight::Stop) {
        Some(stop) if !reason => Err(Failure::refused(stop.text.clone())
            .because(stop.because.clone())
            .hint("choose another, or repeat with --override and the reason")
            .document(json!({ "alerts": shown(alerts) }))),
        _ => Ok(()),
    }
}
