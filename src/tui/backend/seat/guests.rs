//! What other clinics share with who is at work, and what is proposed to them.

use std::collections::{BTreeMap, BTreeSet};

use super::{Seat, beyond::stands, trouble};
use crate::{
    app::{
        beyond::{Guest, GuestChart},
        notice::Trouble,
    },
    chart::{Chart, Edit, Record, SharedPart},
    clinic::{Error, GuestRow, Session},
    ids::{ClinicId, PatientId, UserId},
    members::Term,
};

impl Seat {
    /// Proposes a record to a clinic, in the name under which it knows who is at work.
    pub(super) fn propose(
        &mut self,
        (clinic, patient): (ClinicId, PatientId),
        mut record: Record,
    ) -> Result<(), Trouble> {
        let session = self.signed_in()?;
        record.entry_mut().by = session.guest_user();
        let proposed = session.propose(clinic, patient, &[Edit::add(record)]);
        proposed.map_err(|error| {
            tracing::warn!(%error, "it was not proposed");
            if matches!(error, Error::Refused(_) | Error::Missing(_)) {
                Trouble::NotTaken
            } else {
                trouble(&error)
            }
        })
    }
}

pub(super) fn guests(session: &mut Session) -> Result<Vec<Guest>, Error> {
    let rows = session.guests()?.into_iter();
    rows.map(|it| guest(it, session)).collect()
}

/// A chart of another clinic, and who wrote in it.
pub(super) fn guest_chart(
    session: &mut Session,
    clinic: ClinicId,
    patient: PatientId,
) -> Result<GuestChart, Error> {
    let chart = session.guest_chart(clinic, patient)?;
    let mut names = BTreeMap::new();
    for user in writers(&chart) {
        let known = session.guest_name(clinic, user)?;
        names.extend(known.map(|(name, _)| (user, name)));
    }
    Ok(GuestChart { chart, names })
}

fn guest(row: GuestRow, session: &Session) -> Result<Guest, Error> {
    let parts = [SharedPart::Summary, SharedPart::Visits, SharedPart::Results];
    let is_shared =
        |it: &SharedPart| it.whole().is_some_and(|it| row.parts.contains(&it));
    let called = match row.patient.filter(|_| row.term == Term::Live) {
        Some(patient) => session.guest_called(row.clinic, patient)?,
        None => None,
    };
    let called = called.map(|(number, name)| format!("{name}  {number}"));
    Ok(Guest {
        grant: row.grant,
        clinic: row.clinic,
        clinic_name: row.name,
        patient: row.patient,
        called: called.unwrap_or_default(),
        parts: parts.into_iter().filter(is_shared).collect(),
        until: row.until,
        day: session.moment().with(row.until).day(),
        stands: stands(row.term),
    })
}

/// Who wrote the visits and the notes of a chart, and who signed them.
fn writers(chart: &Chart) -> BTreeSet<UserId> {
    let visits = chart.visits.iter();
    let of_visits = visits
        .clone()
        .flat_map(|it| &it.visits)
        .map(|it| it.entry.by);
    let notes = || visits.clone().flat_map(|it| &it.notes);
    let signed = notes().filter_map(|it| it.signed.as_ref()).map(|it| it.by);
    let of_notes = notes().map(|it| it.entry.by);
    of_visits.chain(of_notes).chain(signed).collect()
}
