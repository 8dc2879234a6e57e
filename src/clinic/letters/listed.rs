//! Letters that came, as they are listed.

use std::fmt;

use super::kept::{About, Ended, Head, Kind};
use crate::{
    clinic::CardRow,
    ids::{Hash, PatientId, RecordId},
    members::{Letter, Says, Verified},
    seal::PublicKey,
    time::Timestamp,
};

/// A letter in the list of those that came.
#[derive(Clone, PartialEq, Eq)]
pub struct ReceivedRow {
    /// The hash of it, by which it is named here.
    pub hash: Hash,
    /// `referral`, `answer` or `snapshot`.
    pub kind: &'static str,
    /// Who it is from, and their clinic, as they say.
    pub from: String,
    /// How somebody made sure of their card; none where it is not kept.
    pub sender: Option<Verified>,
    /// When it was written, by their clock.
    pub made: Timestamp,
    /// When it was taken.
    pub taken: Timestamp,
    /// Whether it cannot wait.
    pub urgent: bool,
    /// Why the patient is sent, or what a snapshot holds.
    pub what: String,
    /// Until when a snapshot may be held.
    pub until: Option<Timestamp>,
    /// `waiting`, `held`, `accepted`, `rejected`, `linked`, `replaced`, `expired`, or
    /// `damaged` of a file that cannot be read.
    pub state: &'static str,
    /// Why it was rejected, or changes nothing.
    pub why: String,
    /// Into whose chart it went.
    pub patient: Option<PatientId>,
}

impl About {
    pub(super) fn of(letter: &Letter) -> Self {
        let about = letter.from.about();
        Self {
            id: letter.id,
            hash: letter.hash,
            key: *about.key.as_bytes(),
            name: about.name.clone(),
            clinic_name: about.clinic_name.clone(),
            made: letter.made,
            kind: match &letter.says {
                Says::Referral { urgent, reason, .. } => Kind::Referral {
                    urgent: *urgent,
                    reason: reason.clone(),
                },
                Says::Answer { .. } => Kind::Answer,
                Says::Snapshot {
                    series,
                    until,
                    parts,
                    ..
                } => Kind::Snapshot {
                    series: *series,
                    until: *until,
                    parts: parts.clone(),
                },
            },
        }
    }
}

impl Head {
    pub(super) fn series(&self) -> Option<RecordId> {
        match &self.about.kind {
            Kind::Snapshot { series, .. } => Some(*series),
            Kind::Referral { .. } | Kind::Answer => None,
        }
    }

    fn until(&self) -> Option<Timestamp> {
        match &self.about.kind {
            Kind::Snapshot { until, .. } => Some(*until),
            Kind::Referral { .. } | Kind::Answer => None,
        }
    }

    pub(super) fn is_over(&self, now: Timestamp) -> bool {
        self.end.is_none() && self.until().is_some_and(|it| it <= now)
    }

    pub(super) fn row(&self, cards: &[CardRow]) -> ReceivedRow {
        let about = &self.about;
        let key = PublicKey::from_bytes(about.key);
        let of_key = cards.iter().filter(|it| it.card.about().key == key);
        let (kind, urgent, what) = match &about.kind {
            Kind::Referral { urgent, reason } => ("referral", *urgent, reason.clone()),
            Kind::Answer => ("answer", false, String::new()),
            Kind::Snapshot { parts, .. } => ("snapshot", false, parts.clone()),
        };
        let ended = self.end.as_ref().map(|it| it.what);
        let (state, patient) = match ended {
            None if self.series().is_some() => ("held", None),
            None => ("waiting", None),
            Some(Ended::Accepted(patient)) => ("accepted", Some(patient)),
            Some(Ended::Linked(patient)) => ("linked", Some(patient)),
            Some(Ended::Rejected) => ("rejected", None),
            Some(Ended::Replaced) => ("replaced", None),
            Some(Ended::Expired) => ("expired", None),
        };
        ReceivedRow {
            hash: about.hash,
            kind,
            from: format!("{}, {}", about.name, about.clinic_name),
            sender: of_key.map(|it| it.verified).max(),
            made: about.made,
            taken: self.taken,
            urgent,
            what,
            until: self.until(),
            state,
            why: self
                .end
                .as_ref()
                .map(|it| it.why.clone())
                .unwrap_or_default(),
            patient,
        }
    }
}

impl ReceivedRow {
    /// The row of a file that cannot be read.
    pub(super) fn damaged(file: &str) -> Self {
        Self {
            hash: Hash::ZERO,
            kind: "unknown",
            from: String::new(),
            sender: None,
            made: Timestamp(0),
            taken: Timestamp(0),
            urgent: false,
            what: format!("the file {file}"),
            until: None,
            state: "damaged",
            why: "it cannot be read: take the letter again where it came from".to_owned(),
            patient: None,
        }
    }
}

impl fmt::Debug for ReceivedRow {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "ReceivedRow({:?}, {}, {})",
            self.hash, self.kind, self.state
        )
    }
}
