//! `cairn verify`: everything that this machine holds, checked.

use clap::Args;
use serde_json::json;

use super::{Failure, Output, Workplace};
use crate::clinic::Verified;

/// Check everything that this machine holds
///
/// Files, chains, signatures, seals and documents, as far as the acting user's keys reach.
/// On a mailbox, where nobody signs in, what needs no keys: files, chains, signatures and
/// certificates. Ends with 3 where something is wrong.
#[derive(Debug, Args)]
#[command(
    after_long_help = "JSON: {envelopes, documents, damaged, waiting, void, refused, \
                       chains_ok, sealed, problems: [text]}. `sealed` is true where \
                       nothing was opened."
)]
pub(super) struct Verify {}

/// Checks, and says what was found.
pub(super) fn run(place: &Workplace, output: Output) -> Result<(), Failure> {
    let told = |done| output.progress(&format!("{done} envelopes checked"));
    let clinic = place.clinic()?;
    if clinic.is_mailbox()? {
        let found = clinic.verify_sealed(told)?;
        return say(found, true, output);
    }
    drop(clinic);
    place.signed_in(|session| say(session.verify(told)?, false, output))
}

fn say(found: Verified, sealed: bool, output: Output) -> Result<(), Failure> {
    output.progress("");
    let document = json!({
        "envelopes": found.envelopes,
        "documents": found.documents,
        "damaged": found.damaged,
        "waiting": found.waiting,
        "void": found.void,
        "refused": found.refused,
        "chains_ok": found.chains_ok,
        "sealed": sealed,
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
    let Verified {
        envelopes,
        documents,
        waiting,
        ..
    } = found;
    let mut lines = vec![if sealed {
        format!(
            "sound as far as it can be seen without keys: {envelopes} envelopes, \
             {documents} documents, none of them opened; their contents are checked \
             where somebody signs in"
        )
    } else {
        format!(
            "sound: {envelopes} envelopes, {documents} documents, {waiting} not opened by \
             this role's keys"
        )
    }];
    lines.extend(found.problems);
    output.result(&document, &lines)
}
