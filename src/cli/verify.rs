//! `cairn verify`: everything that this machine holds, checked.

use clap::Args;
use serde_json::json;

use super::{Failure, Output, Workplace};

/// Check everything that this machine holds
///
/// Files, chains, signatures, seals and documents, as far as the acting user's keys reach.
/// Ends with 3 where something is wrong.
#[derive(Debug, Args)]
#[command(
    after_long_help = "JSON: {envelopes, documents, damaged, waiting, void, refused, \
                       chains_ok, problems: [text]}"
)]
pub(super) struct Verify {}

/// Checks, and says what was found.
pub(super) fn run(place: &Workplace, output: Output) -> Result<(), Failure> {
    place.signed_in(|session| {
        let found = session.verify(|done| {
            output.progress(&format!("{done} envelopes checked"));
        })?;
        output.progress("");
        let document = json!({
            "envelopes": found.envelopes,
            "documents": found.documents,
            "damaged": found.damaged,
            "waiting": found.waiting,
            "void": found.void,
            "refused": found.refused,
            "chains_ok": found.chains_ok,
            "problems": found.problems,
        });
        if !found.is_sound() {
            let what = format!(
                "something is wrong: {} damaged, {} refused, chains {}",
                found.damaged,
                found.refused,
                if found.chains_ok { "whole" } else { "broken" },
            );
            return Err(Failure::refused(what)
                .because(found.problems.join("; "))
                .hint("keep this folder as it is; work from a backup")
                .document(document));
        }
        let mut lines = vec![format!(
            "sound: {} envelopes, {} documents, {} not opened by this role's keys",
            found.envelopes, found.documents, found.waiting
        )];
        lines.extend(found.problems);
        output.result(&document, &lines)
    })
}
