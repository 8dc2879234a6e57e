//! On what ground somebody stands before a chart, and breaking the glass: opening one for
//! a while with a reason that the owners will read.

use super::{
    AuditAction, AuditObject, Disclosed, Error, Session, audit::cut, session::Shift,
};
use crate::{
    care::{EmergencyView, is_in_care},
    chart::{
        Part, Proposal, Record, Subject,
        who::{Action, Before, Denial, Ground, Role},
    },
    doc::View,
    ids::PatientId,
    time::Timestamp,
};

/// For so long a reason opens a chart, in milliseconds: an hour.
pub const GLASS_MS: i64 = 60 * 60 * 1_000;

/// What of a chart a reason opened, as the audit tells it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Opened {
    /// What an emergency needs.
    EmergencyView,
    /// All that the role may see.
    Chart,
}

impl Opened {
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::EmergencyView => "emergency view",
            Self::Chart => "chart",
        }
    }
}

impl Session {
    /// The reason for which charts are opened of patients who are not in care, until the
    /// session ends. Each such chart is in the audit with it.
    pub fn give_reason(&mut self, why: &str) {
        self.because = Some(cut(why)).filter(|it| !it.is_empty());
    }

    /// Whether the user may do this in a patient's chart, now.
    pub fn may_in(&mut self, patient: PatientId, action: Action) -> Result<(), Error> {
        let denied = match self.may_before(action, Before::Chart(Ground::None)) {
            Ok(()) => return Ok(()),
            Err(denied) => denied,
        };
        if denied != Denial::NoReason {
            return Err(denied.into());
        }
        let ground = self.ground(patient)?;
        let judged = self.may_before(action, Before::Chart(ground));
        match (judged, self.because.clone()) {
            (Err(Denial::NoReason), Some(why)) => {
                self.break_glass(patient, &why)?;
                Ok(self.may_before(action, Before::Chart(Ground::Glass))?)
            }
            (judged, _) => Ok(judged?),
        }
    }

    /// That the user may look into a patient's chart, as far as the role sees it.
    pub(super) fn may_look(&mut self, patient: PatientId) -> Result<(), Error> {
        self.may_in(patient, Action::ReadIdentity)?;
        if self.may(Action::ReadClinical).is_ok() {
            self.may_in(patient, Action::ReadClinical)?;
        }
        Ok(())
    }

    /// That the user may look into charts at all, as far as they are of people in care.
    pub(super) fn may_look_somewhere(&self) -> Result<(), Denial> {
        self.may_before(Action::ReadIdentity, Before::Chart(Ground::Care))
    }

    /// Opens a chart for an hour to who has no care reason. That it was opened, by whom and
    /// why, is in the audit before anything is shown, and on the owners' review list.
    pub fn break_glass(&mut self, patient: PatientId, why: &str) -> Result<(), Error> {
        self.may(Action::ReadEmergency)?;
        self.may(Action::ReadClinical)?;
        self.open_for(patient, Opened::Chart, why)
    }

    /// What an emergency needs of a chart, for an hour and with a reason. It is in the audit
    /// before it is read.
    pub fn emergency(
        &mut self,
        patient: PatientId,
        why: &str,
    ) -> Result<EmergencyView, Error> {
        self.may(Action::ReadEmergency)?;
        self.open_for(patient, Opened::EmergencyView, why)?;
        self.emergency_again(patient)
    }

    /// The same as it stands now, while the reason holds.
    pub fn emergency_again(
        &mut self,
        patient: PatientId,
    ) -> Result<EmergencyView, Error> {
        let ground = self
            .glass_until(patient)
            .map_or(Ground::None, |_| Ground::Glass);
        self.may_before(Action::ReadEmergency, Before::Chart(ground))?;
        let chart = self.read_chart(patient, &[Part::Identity, Part::Summary])?;
        Ok(EmergencyView::of(&chart, self.today()))
    }

    /// Until when a reason holds that was given for this chart.
    pub fn glass_until(&self, patient: PatientId) -> Option<Timestamp> {
        let glass = self.glass.get(&patient)?;
        (!glass.is_over(self.clinic.clock)).then_some(glass.until)
    }

    /// Until when a chart is open that opened by a reason alone: not before who need not say
    /// one.
    pub(super) fn opened_until(
        &mut self,
        patient: PatientId,
    ) -> Result<Option<Timestamp>, Error> {
        let until = self.glass_until(patient);
        let unasked = Before::Chart(Ground::None);
        let is_asked = self.may_before(Action::ReadClinical, unasked).is_err();
        if until.is_none() || !is_asked || self.ground(patient)? == Ground::Care {
            return Ok(None);
        }
        Ok(until)
    }

    fn open_for(
        &mut self,
        patient: PatientId,
        what: Opened,
        why: &str,
    ) -> Result<(), Error> {
        let why = cut(why);
        if why.is_empty() {
            return Err(Error::Refused("say why the chart is opened".to_owned()));
        }
        self.is_shown(patient)?;
        let who = self.user_name(self.user);
        let told = Disclosed::new(patient, what.name(), &who, &why);
        let object = AuditObject::Disclosed(Box::new(told));
        self.audit(AuditAction::BreakGlass, object)?;
        // The owners hear of it as soon as any machine is met.
        self.checkpoint()?;
        if self.role() == Role::Emergency {
            self.glass.clear();
        }
        let glass = Shift::of(GLASS_MS, self.clinic.clock);
        self.glass.insert(patient, glass);
        Ok(())
    }

    /// On what ground the user stands before a chart.
    fn ground(&mut self, patient: PatientId) -> Result<Ground, Error> {
        if self.in_care.contains(&patient) || self.is_cared_for(patient)? {
            self.in_care.insert(patient);
            return Ok(Ground::Care);
        }
        let glass = self.glass_until(patient);
        Ok(glass.map_or(Ground::None, |_| Ground::Glass))
    }

    /// Whether a care reason stands in the records: a visit or a registration lately, or a
    /// fact or a proposal that waits for somebody to decide it.
    fn is_cared_for(&mut self, patient: PatientId) -> Result<bool, Error> {
        let mut waiting = self.apart.iter();
        if waiting.any(|(it, _)| *it == patient) {
            return Ok(true);
        }
        if self.proposed(patient)?.iter().any(Proposal::is_open) {
            return Ok(true);
        }
        let subject = Subject::Patient(patient);
        let person = match self.said(subject, Part::Identity)?.map(|it| it.view) {
            Some(View::Identity(it)) => it.person,
            _ => None,
        };
        let mut visits = match self.said(subject, Part::Visits)?.map(|it| it.view) {
            Some(View::Visits(it)) => it.visits,
            _ => Vec::new(),
        };
        for category in self.open_categories() {
            let said = self.said(subject, Part::Restricted(category))?;
            let records = said.into_iter().flat_map(|it| it.view.into_records());
            for record in records {
                if let Record::Visit(visit) = record {
                    visits.push(visit);
                }
            }
        }
        Ok(is_in_care(person.as_ref(), &visits, self.moment()))
    }
}
