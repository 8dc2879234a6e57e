//! `DiagnosticReport` becomes a report with its conclusion; the attached form stays in the
//! kept source.

use super::{
    resource::{Resource, Why, Written},
    types::{ANY, TESTS, lines},
};
use crate::chart::{Record, Report};

/// FHIR's `diagnostic-report-status`.
const STATUSES: &[(&str, ())] = &[
    ("registered", ()),
    ("partial", ()),
    ("preliminary", ()),
    ("final", ()),
    ("amended", ()),
    ("corrected", ()),
    ("appended", ()),
    ("cancelled", ()),
    ("entered-in-error", ()),
    ("unknown", ()),
];

/// Reads a `DiagnosticReport`.
pub(super) fn read(from: &Resource<'_>) -> Result<Record, Why> {
    let node = &from.node;
    let code = node.coded("code", TESTS);
    let code = code.ok_or("it does not say what was examined")?;
    let status = node.text("status");
    let known = node.meaning("status", status, STATUSES);
    if node.has("presentedForm") {
        node.note(
            "presentedForm",
            "the attached form is kept in the source only",
        );
    }
    let conclusion = node.long_text("conclusion").map(str::to_owned);
    let codes = node.joined("conclusionCode", ANY).map(|it| it.text);
    let first = node.first("resultsInterpreter");
    let first = first.or_else(|| node.first("performer"));
    let results = node.nodes("result");
    let results = results
        .iter()
        .filter_map(|it| from.linked(it, "Observation"));
    Ok(Record::Report(Report {
        entry: from.entry(Written {
            in_error: status == Some("entered-in-error"),
            recorded: node.moment("issued"),
            author: first.map(|it| from.name_in(&it)).unwrap_or_default(),
            remark: String::new(),
        }),
        code,
        status: status
            .filter(|_| known.is_some())
            .unwrap_or("unknown")
            .to_owned(),
        when: node
            .when("effectiveDateTime")
            .or_else(|| node.period("effectivePeriod").0),
        issued: node.when("issued"),
        observations: results.collect(),
        conclusion: from.within("conclusion", lines(conclusion.into_iter().chain(codes))),
        visit: from.visit(),
    }))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::exchange::fhir::testing::{problems, record};

    #[test]
    fn a_report_keeps_its_conclusion_and_its_results() {
        let value = json!({
            "resourceType": "DiagnosticReport", "id": "r", "status": "final",
            "code": {"text": "Lipid panel"}, "subject": {"reference": "Patient/p"},
            "effectiveDateTime": "2020-01-02", "issued": "2020-01-03T08:00:00Z",
            "result": [{"reference": "Observation/1"}, {"reference": "urn:oid:5"}],
            "conclusion": "High.", "conclusionCode": [{"text": "Hyperlipidaemia"}],
            "presentedForm": [{"contentType": "application/pdf", "data": "AAAA"}],
        });
        let Record::Report(found) = record(&value) else {
            panic!()
        };
        assert_eq!(found.status, "final");
        assert_eq!(found.conclusion, "High.\nHyperlipidaemia");
        assert_eq!(found.observations.len(), 1);
        assert_eq!(found.issued.unwrap().to_string(), "2020-01-03T08:00:00Z");
        assert_eq!(
            problems(&value),
            [
                "presentedForm: the attached form is kept in the source only",
                "result[0].reference: what it names is not in the input",
                "result[1].reference: what it names is not in the input",
            ]
        );
    }
}
