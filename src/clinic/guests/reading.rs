//! Reading as a guest: what other clinics share with who is at work, and charts of theirs.

use std::{collections::BTreeSet, fmt, sync::Arc};

use super::{opening::Visit, read_hosts};
use crate::{
    chart::{
        Category, Chart, Identity, Maker, Part, Purpose,
        who::{Action, Role},
    },
    clinic::{AuditAction, AuditObject, CardRow, Disclosed, Error, Session},
    doc::View,
    ids::{CardId, ClinicId, DocId, PatientId, StatementId, UserId},
    members::{Card, Term, Told},
    time::Timestamp,
};

/// What another clinic shares, or shared, with who is at work.
#[derive(Clone, PartialEq, Eq)]
pub struct GuestRow {
    /// Which clinic.
    pub clinic: ClinicId,
    /// What it is called, by the card of somebody there.
    pub name: String,
    /// Its grant.
    pub grant: StatementId,
    /// Whose chart, once a machine of theirs told it.
    pub patient: Option<PatientId>,
    /// The parts of it, as far as that was told.
    pub parts: BTreeSet<Part>,
    /// From when on.
    pub from: Timestamp,
    /// Until when.
    pub until: Timestamp,
    /// What for, if this program knows it.
    pub purpose: Option<Purpose>,
    /// How it stands now: it can be read while it is live.
    pub term: Term,
}

impl Session {
    /// What other clinics share with who is at work, live or over.
    pub fn guests(&mut self) -> Result<Vec<GuestRow>, Error> {
        self.may(Action::ReadClinical)?;
        let own = self.keys.signing.public();
        let cards = self.cards()?;
        let mut rows = Vec::new();
        for clinic in read_hosts(&self.clinic.store)?.into_keys() {
            let guest = self.clinic.guest(clinic)?;
            let Some(papers) = self.clinic.papers_in_force(&guest)? else {
                continue;
            };
            let carry = &self.keys.carry;
            let told = papers.told.get(&carry.public());
            let told = told.and_then(|it| Told::unwrap(it, carry).ok());
            let told = told.unwrap_or_default();
            let now = self.clinic.now_as_guest(&guest)?;
            for (id, grant, term) in papers.grants(now) {
                if grant.key != own {
                    continue;
                }
                let parts = grant.documents.keys();
                let parts = parts.filter_map(|it| part_of(told.parts.get(it)?));
                rows.push(GuestRow {
                    clinic,
                    name: called(&cards, clinic),
                    grant: id,
                    patient: told.patients.get(&id).copied(),
                    parts: parts.collect(),
                    from: grant.not_before,
                    until: grant.not_after,
                    purpose: grant.purpose.known(),
                    term,
                });
            }
        }
        rows.sort_by_key(|it| (std::cmp::Reverse(it.from), it.grant));
        Ok(rows)
    }

    /// The chart of a patient of another clinic, as far as it is shared now. The reading is
    /// in the audit here before anything is given; the clinic that shares does not hear of
    /// it.
    pub fn guest_chart(
        &mut self,
        clinic: ClinicId,
        patient: PatientId,
    ) -> Result<Chart, Error> {
        self.may(Action::ReadClinical)?;
        let visit = self.visit(clinic)?.ok_or_else(super::writing::over)?;
        visit.grant_of(patient)?;
        let cards = self.cards()?;
        let name = called(&cards, clinic);
        let told = Disclosed::new(patient, "read as a guest", &name, "");
        let object = AuditObject::Disclosed(Box::new(told));
        self.audit(AuditAction::Open, object)?;
        let mut chart = Chart {
            patient,
            identity: Identity::default(),
            summary: None,
            visits: None,
            results: None,
            consents: None,
            proposals: Vec::new(),
            closed: None,
            may_close: Vec::new(),
            unconfirmed: Vec::new(),
            glass_until: None,
            problems: Vec::new(),
        };
        let mut said = Vec::new();
        for (doc, part) in visit.documents_of(patient) {
            let one = visit.said(doc, part)?;
            if let View::Inbox(inbox) = &one.view {
                let maker = self.as_maker();
                let decides = |it| visit.told.people.contains_key(&it);
                chart.proposals = inbox.proposals(&maker, false, decides);
            } else {
                said.push(one);
            }
        }
        self.put_together(said, &mut chart);
        Ok(chart)
    }

    /// The number and the name of a patient of another clinic, as far as that is shared now.
    pub fn guest_called(
        &self,
        clinic: ClinicId,
        patient: PatientId,
    ) -> Result<Option<(String, String)>, Error> {
        self.may(Action::ReadClinical)?;
        let Some(visit) = self.visit(clinic)? else {
            return Ok(None);
        };
        let mut docs = visit.documents_of(patient).into_iter();
        let Some((doc, part)) = docs.find(|(_, part)| *part == Part::Identity) else {
            return Ok(None);
        };
        let View::Identity(identity) = visit.said(doc, part)?.view else {
            return Ok(None);
        };
        Ok(identity.person.map(|it| {
            let number = it.number().unwrap_or_default().to_owned();
            (number, it.shown_name())
        }))
    }

    /// What somebody of another clinic is called and is there, as that clinic told who is at
    /// work.
    pub fn guest_name(
        &self,
        clinic: ClinicId,
        user: UserId,
    ) -> Result<Option<(String, Role)>, Error> {
        let visit = self.visit(clinic)?;
        Ok(visit.and_then(|it| it.told.people.get(&user).cloned()))
    }

    fn as_maker(&self) -> Maker {
        let card = self.card().ok();
        Maker {
            provider: self.guest_user(),
            card: card.as_ref().map_or(CardId::ZERO, Card::id),
            name: self.user_name(self.user),
            organisation: self.clinic.name().to_owned(),
        }
    }
}

impl Visit {
    /// The documents of a patient's chart, by what they are.
    fn documents_of(&self, patient: PatientId) -> Vec<(DocId, Part)> {
        let papers = Arc::clone(&self.papers);
        let mut found = BTreeSet::new();
        for (id, grant, _) in papers.grants(Timestamp(0)) {
            if !self.grants.contains(&id) || self.told.patients.get(&id) != Some(&patient)
            {
                continue;
            }
            for doc in grant.scope() {
                let part = self.told.parts.get(&doc).and_then(|it| part_of(it));
                found.extend(part.map(|it| (doc, it)));
            }
        }
        found.into_iter().collect()
    }
}

fn part_of(name: &str) -> Option<Part> {
    let of_patient = Part::OF_PATIENT.into_iter().chain([Part::Inbox]);
    let mut parts = of_patient.filter(|it| *it != Part::Consents);
    let found = parts.find(|it| it.name() == name);
    found.or_else(|| Category::of_name(name).map(Part::Restricted))
}

/// What a clinic is called, by the newest card of somebody there.
fn called(cards: &[CardRow], clinic: ClinicId) -> String {
    let theirs = cards.iter().filter(|it| it.card.about().clinic == clinic);
    let newest = theirs.max_by_key(|it| it.card.about().made);
    newest.map_or_else(String::new, |it| it.card.about().clinic_name.clone())
}

impl fmt::Debug for GuestRow {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "GuestRow({:?} {:?})", self.clinic, self.grant)
    }
}
