//! What the chart says of a drug in words where FHIR wants amounts: told among the
//! instructions for everybody, and once more field by field for another Cairn.

use serde_json::{Value, json};

use super::node::Node;
use crate::chart::Medication;

/// What begins the name of each extension; the field's name follows.
const DRUG: &str = "urn:cairn:drug:";

/// The fields, with those that take up what the others cannot say.
const FIELDS: [&str; 6] = [
    "dose",
    "duration",
    "quantity",
    "override",
    "instructions",
    "remark",
];

/// The extension of a drug of which these fields did not fit; none where all did.
pub(super) fn extension(it: &Medication, unfit: &[&str]) -> Option<Value> {
    if unfit.is_empty() {
        return None;
    }
    let mut it = it.clone();
    let each = FIELDS.into_iter().filter_map(|name| {
        let text = field(&mut it, name)?.trim();
        let said = unfit.contains(&name) || matches!(name, "instructions" | "remark");
        let said = said && !text.is_empty();
        said.then(|| json!({ "url": format!("{DRUG}{name}"), "valueString": text }))
    });
    Some(Value::Array(each.collect()))
}

/// Puts the fields that were told exactly where they belong.
pub(super) fn read(node: &Node<'_>, into: &mut Medication) {
    let said: Vec<(&str, &str)> = node
        .nodes("extension")
        .iter()
        .filter_map(|it| {
            let name = it.text("url")?.strip_prefix(DRUG)?;
            Some((name, it.long_text("valueString")?))
        })
        .collect();
    if said.is_empty() {
        return;
    }
    into.instructions.clear();
    into.entry.remark.0.clear();
    for (name, text) in said {
        if let Some(field) = field(into, name) {
            text.clone_into(field);
        }
    }
}

fn field<'m>(of: &'m mut Medication, name: &str) -> Option<&'m mut String> {
    Some(match name {
        "dose" => &mut of.dose,
        "duration" => &mut of.duration,
        "quantity" => &mut of.quantity,
        "override" => &mut of.overridden,
        "instructions" => &mut of.instructions,
        "remark" => &mut of.entry.remark.0,
        _ => return None,
    })
}
