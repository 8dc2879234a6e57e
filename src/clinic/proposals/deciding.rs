//! Deciding about what a provider of another clinic proposes: it is taken into the chart with
//! its maker named for good, or declined; the proposal stays in either case.

use std::fmt;

use crate::{
    care::clashes,
    chart::{
        Attested, Decided, Edit, Entry, Origin, Outcome, Outside, Part, Proposal,
        ProposalState, Record, Subject, Summary, who::Action,
    },
    clinic::{AuditAction, AuditObject, Error, Session, reading::Of, rights},
    ids::{PatientId, RecordId},
    seal::names,
    time::When,
};

/// What somebody says who accepts a proposal.
#[derive(Clone, PartialEq, Eq, Default)]
pub struct Accepting {
    /// Why, in a word; it may be left out.
    pub why: String,
    /// Why a drug is taken into the chart although an allergy stops it.
    pub overridden: String,
    /// That they know of the doubt that there is about it.
    pub anyway: bool,
}

impl Session {
    /// Takes what is proposed into the chart, in the name of who is at work and with its maker
    /// named for good. `seen` is the proposal as the person saw it. Gives the record that
    /// came of it.
    pub fn accept_proposal(
        &mut self,
        patient: PatientId,
        seen: &Proposal,
        accepting: &Accepting,
    ) -> Result<RecordId, Error> {
        let proposal = self.undecided(patient, seen)?;
        self.may_in(patient, rights::action_on(&proposal.record))?;
        if proposal.state == ProposalState::Accepted {
            return Err(refused("this was accepted already"));
        }
        if proposal.doubt.is_some() && !accepting.anyway {
            let why =
                "there is a doubt about this proposal: say that you accept it anyway";
            return Err(refused(why));
        }
        let chart = self.chart(patient)?;
        let summary = chart.summary.unwrap_or_default();
        if stops(&proposal, &summary) && accepting.overridden.trim().is_empty() {
            return Err(refused("an allergy stops this drug: say why to go on"));
        }
        let record = self.taken_over(&proposal, accepting);
        let id = record.entry().id;
        let part = record.part();
        let subject = Subject::Patient(patient);
        let held = self.document(subject, part)?.doc.record(record.kind(), id);
        let edit = match held {
            None => Edit::add(record),
            Some(held) => in_place_of(held, record)?,
        };
        let outcome =
            self.outcome(&proposal, (Decided::Accepted, &accepting.why), vec![id]);
        let changes = vec![
            ((subject, part), vec![edit]),
            (inbox_of(patient, &proposal), vec![outcome]),
        ];
        let audited = (AuditAction::ProposalAccepted, AuditObject::Patient(patient));
        self.write_all(changes, &mut Vec::new(), audited)?;
        Ok(id)
    }

    /// Declines what is proposed, with a reason that its maker reads. Where somebody else
    /// accepted it meanwhile, what came of that is marked as entered in error.
    pub fn decline_proposal(
        &mut self,
        patient: PatientId,
        seen: &Proposal,
        why: &str,
    ) -> Result<(), Error> {
        let proposal = self.undecided(patient, seen)?;
        if why.trim().is_empty() {
            return Err(refused("say why this is declined"));
        }
        match proposal.state {
            ProposalState::Waits | ProposalState::Apart => {}
            ProposalState::Declined => {
                return Err(refused("this was declined already"));
            }
            ProposalState::Accepted => {
                let why = "this was accepted: mark what came of it as entered in error";
                return Err(refused(why));
            }
        }
        let outcome = self.outcome(&proposal, (Decided::Declined, why), Vec::new());
        let mut changes = vec![(inbox_of(patient, &proposal), vec![outcome])];
        let made = names::accepted(proposal.maker.provider, proposal.id());
        let (subject, part) = (Subject::Patient(patient), proposal.record.part());
        let kind = proposal.record.kind();
        let held = self.document(subject, part)?.doc.record(kind, made);
        if let Some(held) = held.filter(|it| !it.entry().in_error) {
            self.may_in(patient, rights::action_on(&held))?;
            let edit = Edit::entered_in_error(held, why.trim());
            changes.push(((subject, part), vec![edit]));
        }
        let audited = (AuditAction::ProposalDeclined, AuditObject::Patient(patient));
        self.write_all(changes, &mut Vec::new(), audited)
    }

    /// The proposal as it stands, if that is what the person saw and may decide about.
    fn undecided(
        &mut self,
        patient: PatientId,
        seen: &Proposal,
    ) -> Result<Proposal, Error> {
        self.may_in(patient, Action::Share)?;
        let chart = self.chart(patient)?;
        let found = chart.proposal(seen.id());
        let found = found.filter(|it| it.maker.provider == seen.maker.provider);
        let found =
            found.ok_or_else(|| Error::Missing("proposal of this id".to_owned()))?;
        if found.record.entry().in_error {
            return Err(refused("its maker took this back"));
        }
        if found.record != seen.record || found.state != seen.state {
            return Err(refused("this was changed meanwhile; look at it again"));
        }
        Ok(found.clone())
    }

    /// The record of the chart that comes of a proposal.
    fn taken_over(&mut self, proposal: &Proposal, accepting: &Accepting) -> Record {
        let maker = proposal.maker.clone();
        let mut record = proposal.record.clone();
        let proposed = record.entry().clone();
        let outside = Outside {
            proposal: proposed.id,
            written: proposed.recorded,
            maker,
        };
        if let Record::Note(note) = &mut record {
            // What was signed is the proposal, which stays where it is.
            let signed = note.signed.take().map(|it| Attested {
                by: outside.maker.named(),
                at: Some(When::At(it.at)),
            });
            note.attested = signed.or(note.attested.take());
        }
        if let Record::Medication(drug) = &mut record {
            accepting.overridden.trim().clone_into(&mut drug.overridden);
        }
        *record.entry_mut() = Entry {
            id: names::accepted(outside.maker.provider, proposed.id),
            origin: Origin::Outside(Box::new(outside)),
            remark: proposed.remark,
            ..self.entry()
        };
        record
    }

    fn outcome(
        &mut self,
        proposal: &Proposal,
        (decided, why): (Decided, &str),
        made: Vec<RecordId>,
    ) -> Edit {
        let over = proposal.standing().map(|it| it.entry.id).collect();
        Edit::add(Record::Outcome(Outcome {
            entry: self.entry(),
            proposal: proposal.id(),
            decided,
            why: why.trim().to_owned(),
            made,
            over,
        }))
    }
}

/// Whether an allergy stops the drug that is proposed.
fn stops(proposal: &Proposal, summary: &Summary) -> bool {
    let Record::Medication(drug) = &proposal.record else {
        return false;
    };
    let met = clashes(&drug.code, summary.allergies_to_check());
    drug.is_taken() && met.iter().any(|it| it.stops)
}

fn inbox_of(patient: PatientId, proposal: &Proposal) -> Of {
    let provider = proposal.maker.provider;
    (Subject::Inbox { patient, provider }, Part::Inbox)
}

/// What was seen and checked in the place of what came of the same proposal before, which its
/// maker may have changed since.
fn in_place_of(held: Record, mut seen: Record) -> Result<Edit, Error> {
    let entry = seen.entry_mut();
    *entry = Entry {
        origin: entry.origin.clone(),
        remark: entry.remark.clone(),
        in_error: false,
        ..held.entry().clone()
    };
    if let (Record::Note(before), Record::Note(after)) = (&held, &mut seen)
        && before.signed.is_some()
    {
        after.signed.clone_from(&before.signed);
        if before.title != after.title || before.sections != after.sections {
            return Err(refused("what came of this is signed here: write beside it"));
        }
    }
    Ok(Edit::change(held, seen))
}

fn refused(why: &str) -> Error {
    Error::Refused(why.to_owned())
}

impl fmt::Debug for Accepting {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Accepting(…)")
    }
}
