//! Registering a patient and opening a chart.

use std::sync::Arc;

use super::{
    AuditAction, AuditObject, Disclosed, Error, Session, documents::Said, number,
    put_row, reading::Of, row,
};
use crate::{
    chart::{
        Chart, Edit, Identifier, Identity, Kind, Part, Person, Record, Site, Subject,
        who::Action,
    },
    doc::View,
    ids::{PatientId, RecordId},
};

/// A patient who was registered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Registered {
    /// Whose chart.
    pub patient: PatientId,
    /// The clinic's number for the patient.
    pub number: String,
}

impl Session {
    /// Registers a person: draws the chart's id and gives the clinic's next number.
    pub fn register(&mut self, person: Person) -> Result<Registered, Error> {
        let patient = PatientId::from_bytes(*self.record_id().as_bytes());
        let clinic = Arc::clone(&self.clinic);
        let _alone = clinic.number_alone();
        let serial: u32 = clinic.read_row(row::SERIAL)?.unwrap_or_default();
        let (serial, number) = number::next(self.machine(), serial);
        let mut person = person;
        person.entry.id = RecordId::from_bytes(*patient.as_bytes());
        person
            .identifiers
            .retain(|it| it.system != Identifier::NUMBER);
        let own = Identifier {
            system: Identifier::NUMBER.to_owned(),
            value: number.clone(),
        };
        person.identifiers.insert(0, own);
        let edit = Edit::add(Record::Person(person));
        let rows = vec![put_row(row::SERIAL, &serial)];
        self.save_with(Subject::Patient(patient), vec![edit], rows)?;
        Ok(Registered { patient, number })
    }

    /// Opens a chart, as far as the role may see it. The reading is in the audit before
    /// anything is given.
    pub fn open(&mut self, patient: PatientId) -> Result<Chart, Error> {
        self.may(Action::ReadIdentity)?;
        self.is_shown(patient)?;
        self.may_look(patient)?;
        self.audit(AuditAction::Open, AuditObject::Patient(patient))?;
        self.opened.insert(patient);
        self.chart(patient)
    }

    /// Writes down that something of a patient's chart goes onto paper; to be called before
    /// it is given.
    pub fn printed(&mut self, patient: PatientId, what: &str) -> Result<(), Error> {
        self.may_look(patient)?;
        let told = Disclosed::new(patient, what, "", "");
        self.audit(AuditAction::Print, AuditObject::Disclosed(Box::new(told)))
    }

    /// The chart of a patient that this session has opened, as it stands now.
    pub fn chart(&mut self, patient: PatientId) -> Result<Chart, Error> {
        self.may(Action::ReadIdentity)?;
        if !self.opened.contains(&patient) {
            return self.open(patient);
        }
        self.may_look(patient)?;
        let mut parts = self.parts_of_patient();
        parts.retain(|it| self.may_read(*it).is_ok());
        self.read_chart(patient, &parts)
    }

    /// These parts of a chart, as they stand now.
    pub(super) fn read_chart(
        &mut self,
        patient: PatientId,
        parts: &[Part],
    ) -> Result<Chart, Error> {
        let mut chart = Chart {
            patient,
            identity: Identity::default(),
            summary: None,
            visits: None,
            results: None,
            consents: None,
            proposals: Vec::new(),
            closed: self.is_closed(),
            may_close: self.open_categories(),
            unconfirmed: Vec::new(),
            glass_until: self.opened_until(patient)?,
            problems: Vec::new(),
        };
        let subject = Subject::Patient(patient);
        let of: Vec<Of> = parts.iter().map(|it| (subject, *it)).collect();
        let said = self.renewing(|session| {
            session.freshen(&of)?;
            let said = parts.iter().map(|it| session.said_last(subject, *it));
            said.collect::<Result<Vec<_>, Error>>()
        })?;
        let said = parts.iter().zip(said);
        let said = said.map(|(it, said)| said.unwrap_or_else(|| Said::nothing(*it)));
        self.put_together(said.collect(), &mut chart);
        if parts.contains(&Part::Summary) {
            self.fill_proposed(&mut chart)?;
        }
        Ok(chart)
    }

    /// Fills a chart with what its documents say, those that are closed to others merged in.
    pub(super) fn put_together(&self, said: Vec<Said>, chart: &mut Chart) {
        let mut closed = Vec::new();
        let mut open = Vec::new();
        for said in said {
            let view = self.shown(said, chart);
            if let View::Restricted(it) = view {
                closed.push(it);
            } else {
                open.push(view);
            }
        }
        for mut view in open {
            for it in &mut closed {
                view.take_closed(it);
            }
            fill(chart, view);
        }
        // Of a chart of which only closed parts are given.
        for part in [Part::Summary, Part::Visits, Part::Results] {
            let mut left = closed.iter().flat_map(|it| &it.records);
            if left.any(|it| it.open_part() == part) {
                let mut view = View::empty(part);
                for it in &mut closed {
                    view.take_closed(it);
                }
                fill(chart, view);
            }
        }
    }

    /// What the clinic's own lists say.
    pub fn site(&mut self) -> Result<Site, Error> {
        self.may_look_somewhere()?;
        match self.said(Subject::Clinic, Part::Site)?.map(|it| it.view) {
            Some(View::Site(site)) => Ok(site),
            _ => Ok(Site::default()),
        }
    }

    /// That a patient is on file here, and not of an import that was not finished.
    pub(super) fn is_shown(&mut self, patient: PatientId) -> Result<(), Error> {
        let is_shown = !self.is_awaited_person(patient)? && self.is_on_file(patient);
        let missing = || Error::Missing(format!("patient {patient} on this machine"));
        is_shown.then_some(()).ok_or_else(missing)
    }

    fn is_awaited_person(&mut self, patient: PatientId) -> Result<bool, Error> {
        let said = self.said(Subject::Patient(patient), Part::Identity)?;
        let Some(View::Identity(identity)) = said.map(|it| it.view) else {
            return Ok(false);
        };
        Ok(identity.person.is_some_and(|it| self.is_awaited(&it.entry)))
    }

    /// What this user may see of what a document says; what it says of itself goes into the
    /// chart.
    fn shown(&self, said: Said, chart: &mut Chart) -> View {
        let Said {
            mut view,
            problems,
            unconfirmed,
            ..
        } = said;
        chart.problems.extend(problems);
        let notes_too = self.may(Action::ReadNote).is_ok();
        let told = unconfirmed.into_iter();
        let told = told.filter(|it| notes_too || it.kind != Kind::Note);
        chart.unconfirmed.extend(told);
        view.retain(|kind, entry| {
            (notes_too || kind != Kind::Note) && !self.is_awaited(entry)
        });
        view
    }
}

fn fill(chart: &mut Chart, view: View) {
    match view {
        View::Identity(it) => chart.identity = *it,
        View::Summary(it) => chart.summary = Some(it),
        View::Visits(it) => chart.visits = Some(it),
        View::Results(it) => chart.results = Some(it),
        View::Consents(it) => chart.consents = Some(it),
        View::Site(_) | View::Inbox(_) | View::Restricted(_) => {}
    }
}
