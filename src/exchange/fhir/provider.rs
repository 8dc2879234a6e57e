//! `Practitioner` and `Organization` become names in the clinic's own list.

use super::resource::{Resource, Why, Written};
use crate::chart::{Provider, ProviderKind, Record};

/// Reads a `Practitioner`.
pub(super) fn read_practitioner(from: &Resource<'_>) -> Result<Record, Why> {
    let name = from.node.first("name").map(|it| it.human_name());
    provider(from, ProviderKind::Practitioner, name.unwrap_or_default())
}

/// Reads an `Organization`.
pub(super) fn read_organization(from: &Resource<'_>) -> Result<Record, Why> {
    let name = from.node.text("name").unwrap_or_default().to_owned();
    provider(from, ProviderKind::Organization, name)
}

fn provider(
    from: &Resource<'_>,
    kind: ProviderKind,
    name: String,
) -> Result<Record, Why> {
    if name.is_empty() {
        return Err("it has no name");
    }
    Ok(Record::Provider(Provider {
        entry: from.entry(Written::default()),
        kind,
        name,
        phone: from
            .node
            .phones("telecom")
            .into_iter()
            .next()
            .unwrap_or_default(),
    }))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::{
        chart::Subject,
        exchange::fhir::testing::{skipped, taken},
    };

    #[test]
    fn practitioners_and_organisations_are_names_of_the_clinic() {
        let found = taken(&json!({
            "resourceType": "Practitioner", "id": "1",
            "name": [{"prefix": ["Dr."], "given": ["Cecil", "B"], "family": "Wisozk"}],
            "telecom": [{"system": "email", "value": "a@b"}, {"system": "phone", "value": "07"}],
        }));
        assert_eq!(found.subject, Subject::Clinic);
        let Record::Provider(provider) = found.record else {
            panic!()
        };
        assert_eq!(
            (provider.name.as_str(), provider.phone.as_str()),
            ("Dr. Cecil B Wisozk", "07")
        );
        let place = json!({"resourceType": "Organization", "id": "1", "name": "NOBLE"});
        let Record::Provider(provider) = taken(&place).record else {
            panic!()
        };
        assert_eq!(provider.kind, ProviderKind::Organization);
        assert_eq!(
            skipped(&json!({"resourceType": "Organization"})),
            "it has no name"
        );
    }
}
