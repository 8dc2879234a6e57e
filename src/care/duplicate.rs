//! Whether a drug is taken already.

use crate::chart::{Coded, Medication};

/// The drug with the same substance among those that are taken, in whatever strength and
/// form.
pub fn taken_already<'a>(
    drug: &Coded,
    taken: impl IntoIterator<Item = &'a Medication>,
) -> Option<&'a Medication> {
    let name = substance(&drug.text);
    taken.into_iter().find(|it| {
        let codings = it.code.coding.iter().zip(&drug.coding);
        let one_code = codings
            .clone()
            .any(|(a, b)| a.system == b.system && a.code == b.code);
        one_code || (!name.is_empty() && substance(&it.code.text) == name)
    })
}

/// The words before the strength, in lower case: `amoxicillin` of `Amoxicillin 500 mg capsule`.
fn substance(text: &str) -> String {
    let words = text.split_whitespace();
    let name = words.take_while(|it| !it.starts_with(|c: char| c.is_ascii_digit()));
    name.collect::<Vec<_>>().join(" ").to_lowercase()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        chart::{Entry, MedStatus},
        ids::{LogId, RecordId, UserId},
        time::Moment,
    };

    #[track_caller]
    fn check(drug: &str, on_file: &str, status: MedStatus, expected: bool) {
        let entry =
            Entry::new(RecordId::ZERO, Moment::default(), UserId::ZERO, LogId::ZERO);
        let taken = Medication {
            entry,
            kind: crate::chart::MedKind::Request,
            code: Coded::text(on_file),
            status,
            dose: String::new(),
            route: String::new(),
            frequency: String::new(),
            duration: String::new(),
            as_needed: false,
            start: None,
            end: None,
            quantity: String::new(),
            reason: Coded::default(),
            instructions: String::new(),
            overridden: String::new(),
            visit: None,
        };
        let taken = Some(&taken).filter(|it| it.is_taken());
        let found = taken_already(&Coded::text(drug), taken);
        assert_eq!(found.is_some(), expected, "{drug} and {on_file}");
    }

    #[test]
    fn a_drug_is_a_duplicate_in_any_strength_while_it_is_taken() {
        use MedStatus::{Active, OnHold, Stopped};
        check(
            "Amoxicillin 500 mg capsule",
            "amoxicillin 250 mg capsule",
            Active,
            true,
        );
        check("amoxicillin", "Amoxicillin 500 mg capsule", OnHold, true);
        check(
            "Amoxicillin 500 mg capsule",
            "Amoxicillin 500 mg capsule",
            Stopped,
            false,
        );
        check(
            "Amoxicillin + clavulanic acid 500 mg",
            "Amoxicillin 500 mg",
            Active,
            false,
        );
        check("500 mg", "250 mg", Active, false);
    }
}
