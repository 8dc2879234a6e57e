//! A report becomes a `DiagnosticReport`.

use serde_json::json;

use super::{draft::Draft, patient::list, procedure::status};
use crate::{chart::Report, time::When};

/// Writes a `DiagnosticReport`.
pub(super) fn write(it: &Report, to: &mut Draft<'_>) {
    status(to, &it.status);
    to.concept("code", &it.code);
    to.whose("subject");
    to.visit(it.visit);
    to.when("effectiveDateTime", it.when);
    // FHIR has an instant here: a day alone is none.
    let issued = it.issued.filter(|it| matches!(it, When::At(_)));
    to.when("issued", issued);
    to.put("performer", to.author().map(|it| json!([it])));
    let results = it.observations.iter().filter_map(|it| to.link(Some(*it)));
    let results = list(results);
    to.put("result", results);
    to.text("conclusion", &it.conclusion);
}
