//! What envelopes of the membership lane say, before they are kept: statements, and the
//! certificates of sessions.

use std::collections::BTreeMap;

use super::{Run, Why};
use crate::{
    clinic::actor::Signing,
    ids::{ClinicId, SessionId},
    ledger::{Entry, Kind, Lane, Place},
    members::{self, Certificate, Statement},
};

/// Statements and certificates that came together.
#[derive(Default)]
pub(super) struct Said {
    statements: BTreeMap<Place, Statement>,
    certificates: BTreeMap<SessionId, (Place, Certificate)>,
}

impl Said {
    /// Hears what a run says, and cuts it where it does not read.
    pub(super) fn hear(&mut self, run: &mut Run, clinic: ClinicId) {
        if run.place().is_some_and(|it| it.lane == Lane::Membership) {
            run.cut_where(|it| self.hear_one(it, clinic));
        }
    }

    /// What a session signs with, by a certificate that just came.
    pub(super) fn signing(&self, session: SessionId) -> Option<Signing> {
        let (_, certificate) = self.certificates.get(&session)?;
        Some(Signing::of(certificate))
    }

    /// What was said in envelopes that are kept, by where they say that they stand and where
    /// they do.
    pub(super) fn into_kept(
        self,
        places: &BTreeMap<Place, Place>,
    ) -> (Vec<Statement>, Vec<(Place, Certificate)>) {
        let statements = self.statements.into_iter();
        let statements = statements.filter(|(at, _)| places.contains_key(at));
        let certificates = self.certificates.into_values();
        let certificates =
            certificates.filter_map(|(at, it)| Some((*places.get(&at)?, it)));
        (
            statements.map(|(_, it)| it).collect(),
            certificates.collect(),
        )
    }

    fn hear_one(&mut self, entry: &Entry, clinic: ClinicId) -> Result<(), Why> {
        let envelope = entry.whole().ok_or(Why::Erased)?;
        let (header, content) = (&envelope.header, &envelope.content);
        let place = Place::of(header);
        // What a newer program wrote waits for this one to be renewed.
        if header.kind.is_sealed() || header.suite.known().is_err() {
            return Ok(());
        }
        if header.kind == Kind::Certificate {
            let certificate = Certificate::open(content)?;
            if certificate.granted().clinic != clinic {
                return Err(Why::OtherClinic);
            }
            if certificate.id() != header.session || certificate.log() != header.log {
                return Err(Why::OtherLog);
            }
            self.certificates
                .insert(certificate.id(), (place, certificate));
            return Ok(());
        }
        match Statement::open(content) {
            Ok(statement) if statement.clinic() != clinic => Err(Why::OtherClinic),
            Ok(statement) => {
                self.statements.insert(place, statement);
                Ok(())
            }
            Err(members::Error::Unknown { .. }) => Ok(()),
            Err(unread) => Err(unread.into()),
        }
    }
}
