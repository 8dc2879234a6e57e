//! `cairn settle`: which value of a fact is right.

use clap::Args;
use serde_json::json;

use super::{
    Failure, Output, Workplace,
    patient::patient,
    versions::{fact, letter},
};
use crate::{
    chart::{Choice, Disagreement, Kind},
    clinic::{Fact, Session},
    ids::{Hash, PatientId, RecordId},
};

/// Decide which value of a fact is right
///
/// The decision is signed and shared like any change; the other values stay in the history.
/// Who may change the record may decide. To take it back, settle the same fact once more.
#[derive(Debug, Args)]
#[command(
    after_long_help = "JSON: {patient, fact, kind, record, field, value, was: [the values \
                       that stood there, the shown one first], undo: [what to pass to \
                       `cairn settle` to set it back]}"
)]
pub(super) struct Settle {
    /// The patient's id or number
    id: String,
    /// The fact, as `cairn versions` names it, such as phone or meds/ID/status; of a fact
    /// that is told apart by its field alone, the field is enough
    field: String,
    /// The letter of a value in `cairn versions`, or another value
    #[arg(long, value_name = "a|b|VALUE", allow_hyphen_values = true)]
    keep: String,
}

/// A fact that somebody means.
struct Meant {
    fact: Fact,
    /// What the command line calls it.
    named: String,
    /// Its values, with the changes that set them; the shown one first.
    values: Vec<(Hash, String)>,
}

impl Settle {
    pub(super) fn run(self, place: &Workplace, output: Output) -> Result<(), Failure> {
        place.signed_in(|session| self.settle(session, output))
    }

    fn settle(&self, session: &mut Session, output: Output) -> Result<(), Failure> {
        let patient = patient(session, &self.id)?;
        let Meant {
            fact,
            named,
            values: was,
        } = self.found(session, patient)?;
        let kept = (0..was.len()).find(|at| letter(*at) == self.keep);
        let kept = kept.filter(|_| was.len() > 1).and_then(|at| was.get(at));
        let choice = match kept {
            Some((change, _)) => Choice::Keep(*change),
            None => Choice::Write(self.keep.clone()),
        };
        session.settle_version(&fact, choice)?;
        let now = session.values(&fact)?.into_iter().next();
        let value = now.map(|(_, it)| it).unwrap_or_default();
        let was: Vec<String> = was.into_iter().map(|(_, it)| it).collect();
        let before = was.first().cloned().unwrap_or_default();
        let undo = ["settle", &self.id, &named, "--keep", &before];
        let document = json!({
            "patient": patient.to_string(),
            "fact": named,
            "kind": fact.kind.key(),
            "record": fact.record.to_string(),
            "field": fact.field,
            "value": value,
            "was": was,
            "undo": undo,
        });
        let lines = [
            format!("{named} is {value}"),
            format!(
                "to set it back: cairn settle {} {named} --keep '{before}'",
                self.id
            ),
        ];
        output.result(&document, &lines)
    }

    fn found(&self, session: &mut Session, patient: PatientId) -> Result<Meant, Failure> {
        let all = session.versions(Some(patient))?;
        let all: Vec<Disagreement> = all.into_iter().map(|it| it.disagreement).collect();
        let meant = |it: &&Disagreement| fact(it) == self.field;
        let by_field = |it: &&Disagreement| it.field == self.field;
        let mut alike = all.iter().filter(by_field);
        let alone = alike.next().filter(|_| alike.next().is_none());
        if let Some(it) = all.iter().find(meant).or(alone) {
            let of = Fact {
                patient,
                kind: it.kind,
                record: it.record,
                field: it.field.clone(),
                seen: it.seen(),
            };
            let values = it.versions.iter().map(|it| (it.change, it.value.clone()));
            return Ok(Meant {
                fact: of,
                named: fact(it),
                values: values.collect(),
            });
        }
        // What was decided before can be set back.
        let standing = self.standing(session, patient)?;
        standing.ok_or_else(|| {
            Failure::refused("there is no such fact in this chart")
                .hint("`cairn versions` lists what there is to decide")
        })
    }

    fn standing(
        &self,
        session: &mut Session,
        patient: PatientId,
    ) -> Result<Option<Meant>, Failure> {
        let mut parts = self.field.splitn(3, '/');
        let (kind, record, field) = match (parts.next(), parts.next(), parts.next()) {
            (Some(field), None, None) => (Kind::Person, RecordId::ZERO, field),
            (Some(kind), Some(record), Some(field)) => {
                let kind = Kind::ALL.into_iter().find(|it| it.key() == kind);
                let (Some(kind), Ok(record)) = (kind, record.parse()) else {
                    return Ok(None);
                };
                (kind, record, field)
            }
            _ => return Ok(None),
        };
        let record = if kind == Kind::Person {
            RecordId::from_bytes(*patient.as_bytes())
        } else {
            record
        };
        let mut fact = Fact {
            patient,
            kind,
            record,
            field: field.to_owned(),
            seen: Vec::new(),
        };
        let values = session.values(&fact)?;
        fact.seen = values.iter().map(|(change, _)| *change).collect();
        let named = self.field.clone();
        let meant = Meant {
            fact,
            named,
            values,
        };
        Ok(Some(meant).filter(|it| !it.values.is_empty()))
    }
}
