//! What providers of other clinics propose for charts: the inboxes that there are, and what
//! stands in them.

mod deciding;
#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, BTreeSet};

pub use deciding::Accepting;

use super::{Error, Session, making::DocNames};
use crate::{
    chart::{
        Chart, Inbox, Maker, Part, Proposal, ProposalState, Record, Subject, Summary,
        who::Action,
    },
    doc::View,
    ids::{CardId, PatientId, UserId},
    members::{Grant, Term},
    seal::names,
};

/// A provider who may propose for a patient.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Proposer {
    provider: UserId,
    card: CardId,
    /// Whether nothing is shared with them any more.
    over: bool,
}

impl Session {
    /// What providers of other clinics propose for a patient's chart, or for all charts; the
    /// newest first. Reading one chart's is opening it; reading all is a search.
    pub fn proposals(
        &mut self,
        patient: Option<PatientId>,
    ) -> Result<Vec<(PatientId, Proposal)>, Error> {
        self.may(Action::ReadClinical)?;
        if let Some(patient) = patient {
            let chart = if self.opened.contains(&patient) {
                self.chart(patient)?
            } else {
                self.open(patient)?
            };
            let all = chart.proposals.into_iter();
            return Ok(all.map(|it| (patient, it)).collect());
        }
        self.settle()?;
        let mut all = Vec::new();
        let mut providers = BTreeSet::new();
        for patient in self.proposed_for() {
            let proposers = self.proposers(patient).into_iter();
            providers.extend(proposers.map(|it| it.provider));
            let some = self.proposed(patient)?.into_iter();
            all.extend(some.map(|it| (patient, it)));
        }
        for provider in providers {
            self.seen_of_guest(provider)?;
        }
        all.sort_by_key(|(_, it)| std::cmp::Reverse(it.record.entry().recorded.at));
        self.search_audited(all.len())?;
        Ok(all)
    }

    /// How many proposals wait for somebody to decide, of all charts.
    pub fn proposals_waiting(&mut self) -> Result<usize, Error> {
        self.may(Action::ReadClinical)?;
        let mut waiting = 0;
        for patient in self.proposed_for() {
            let some = self.proposed(patient)?;
            waiting += some.iter().filter(|it| it.is_open()).count();
        }
        Ok(waiting)
    }

    /// What is proposed for a patient, as far as the role reads it.
    pub(super) fn proposed(
        &mut self,
        patient: PatientId,
    ) -> Result<Vec<Proposal>, Error> {
        if self.may(Action::ReadClinical).is_err() {
            return Ok(Vec::new());
        }
        let mut all = self.in_inboxes(patient)?;
        let notes_too = self.may(Action::ReadNote).is_ok();
        all.retain(|it| notes_too || !matches!(it.record, Record::Note(_)));
        Ok(all)
    }

    /// All that is proposed for a patient, whatever the role reads.
    fn in_inboxes(&mut self, patient: PatientId) -> Result<Vec<Proposal>, Error> {
        let proposers = self.proposers(patient);
        if proposers.is_empty() {
            return Ok(Vec::new());
        }
        let makers = self.makers(&proposers);
        let mut all = Vec::new();
        for (proposer, maker) in proposers.into_iter().zip(makers) {
            let provider = proposer.provider;
            let said = self.said(Subject::Inbox { patient, provider }, Part::Inbox)?;
            let Some(View::Inbox(inbox)) = said.map(|it| it.view) else {
                continue;
            };
            all.extend(self.as_proposals(&inbox, &maker, proposer.over));
        }
        all.sort_by_key(|it| std::cmp::Reverse(it.record.entry().recorded.at));
        Ok(all)
    }

    /// Puts what is proposed into a chart, beside what stands there; and what nobody declined
    /// of it before the safety checks.
    pub(super) fn fill_proposed(&mut self, chart: &mut Chart) -> Result<(), Error> {
        chart.proposals = self.proposed(chart.patient)?;
        let Some(summary) = &mut chart.summary else {
            return Ok(());
        };
        // Who reads an emergency view alone is warned of the same, and sees no proposal.
        let warned_alone = self.may(Action::ReadClinical).is_err()
            && self.may(Action::ReadEmergency).is_ok();
        let warned_of = warned_alone.then(|| self.in_inboxes(chart.patient));
        let warned_of = warned_of.transpose()?;
        for proposal in warned_of.as_ref().unwrap_or(&chart.proposals) {
            fear(summary, proposal);
        }
        Ok(())
    }

    /// The inboxes of everybody who may propose for this patient, with whose they are.
    pub(super) fn name_inboxes(&self, patient: PatientId, names: &mut DocNames) {
        let inboxes = self.proposers(patient).into_iter().filter_map(|it| {
            let provider = it.provider;
            let inbox = self.keyring.inbox_id(patient, provider).ok()?;
            Some((inbox, (Subject::Inbox { patient, provider }, Part::Inbox)))
        });
        names.extend(inboxes);
    }

    /// The patients for whom somebody may propose, or once might.
    fn proposed_for(&self) -> BTreeSet<PatientId> {
        let known = self.clinic.known();
        let granted = known.membership.ever_granted();
        let grants: Vec<Grant> = granted.map(|(_, it)| it.clone()).collect();
        drop(known);
        self.patients_of(grants.iter()).into_values().collect()
    }

    /// Who may propose for a patient, or once might.
    fn proposers(&self, patient: PatientId) -> Vec<Proposer> {
        let subject = Subject::Patient(patient);
        let Ok(identity) = self.keyring.doc_id(subject, Part::Identity) else {
            return Vec::new();
        };
        let now = self.now_at_least();
        let known = self.clinic.known();
        let membership = &known.membership;
        let mut all: BTreeMap<UserId, Proposer> = BTreeMap::new();
        for (id, grant) in membership.ever_granted_of(identity) {
            let provider = grant.user();
            if self.keyring.inbox_id(patient, provider).ok() != Some(grant.inbox) {
                continue;
            }
            let term = membership.granting(id, now).map(|it| it.term);
            let one = all.entry(provider).or_insert(Proposer {
                provider,
                card: grant.card,
                over: true,
            });
            if term == Some(Term::Live) {
                one.over = false;
                one.card = grant.card;
            }
        }
        all.into_values().collect()
    }

    fn makers(&self, proposers: &[Proposer]) -> Vec<Maker> {
        let cards = self.kept_cards().unwrap_or_default();
        let makers = proposers.iter().map(|it| {
            let kept = cards.iter().find(|row| row.card.id() == it.card);
            let about = kept.map(|row| row.card.about());
            Maker {
                provider: it.provider,
                card: it.card,
                name: about.map_or_else(|| it.provider.to_string(), |it| it.name.clone()),
                organisation: about.map_or_else(String::new, |it| it.clinic_name.clone()),
            }
        });
        makers.collect()
    }

    fn as_proposals(&self, inbox: &Inbox, maker: &Maker, over: bool) -> Vec<Proposal> {
        let known = self.clinic.known();
        inbox.proposals(maker, over, |it| known.membership.user(it).is_some())
    }
}

/// Shows a proposed allergy or drug to the safety checks, unless it was declined or stands in
/// the chart.
fn fear(summary: &mut Summary, proposal: &Proposal) {
    let made = names::accepted(proposal.maker.provider, proposal.id());
    let entry = proposal.record.entry();
    if proposal.state == ProposalState::Declined || entry.in_error {
        return;
    }
    let feared = &mut summary.feared;
    if let Record::Allergy(it) = &proposal.record {
        if summary.allergies.iter().all(|it| it.entry.id != made) {
            feared.allergies.push(it.clone());
            feared.proposed.insert(entry.id, proposal.maker.named());
        }
    } else if let Record::Medication(it) = &proposal.record
        && summary.medications.iter().all(|it| it.entry.id != made)
    {
        feared.medications.push(it.clone());
        feared.proposed.insert(entry.id, proposal.maker.named());
    }
}
