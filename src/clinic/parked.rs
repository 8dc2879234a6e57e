//! A locked session: its secrets sealed under a PIN, everything else dropped.

use std::{collections::BTreeMap, sync::Arc};

use zeroize::Zeroizing;

use super::{AuditAction, Clinic, Error, Session, session::Shift};
use crate::{
    ids::{PatientId, UserId},
    seal::{Missed, Pin, PinBox},
};

/// A user who locked the screen and will be back. Four wrong PINs wipe it.
#[derive(Debug)]
pub struct Parked {
    clinic: Arc<Clinic>,
    user: UserId,
    shift: Shift,
    secrets: PinBox,
    /// Charts that a reason opened, and until when.
    glass: BTreeMap<PatientId, Shift>,
}

/// Why a PIN did not open a parked session.
#[derive(Debug, thiserror::Error)]
pub enum PinError {
    /// It was the wrong PIN; so many tries are left.
    #[error(transparent)]
    Missed(#[from] Missed),
    /// The PIN is no use any more: the passphrase is asked for.
    #[error("the passphrase is needed")]
    Over,
    /// The session could not go on.
    #[error(transparent)]
    Clinic(#[from] Error),
}

impl Session {
    /// Locks: writes down what must not be lost, seals the user's keys under the PIN and
    /// drops all else.
    pub fn park(mut self, pin: &Pin) -> Result<Parked, Error> {
        self.end(AuditAction::Lock)?;
        let secrets: Zeroizing<Vec<u8>> = self.keys.encode();
        let clinic = Arc::clone(&self.clinic);
        let shift = self.shift();
        let mut desk = clinic.desk();
        let secrets = PinBox::new(pin, &secrets, &mut *desk.entropy);
        drop(desk);
        Ok(Parked {
            clinic,
            user: self.user,
            shift,
            secrets,
            glass: std::mem::take(&mut self.glass),
        })
    }
}

impl Parked {
    /// Who is parked.
    pub const fn user(&self) -> UserId {
        self.user
    }

    /// Wrong PINs that are still allowed.
    pub const fn tries_left(&self) -> u8 {
        self.secrets.left()
    }

    /// Goes on with what was typed for the PIN. What can be no PIN is a miss like any other.
    pub fn resume_typed(&mut self, typed: &str) -> Result<Session, PinError> {
        self.resume_if(typed.parse::<Pin>().ok().as_ref())
    }

    /// Goes on with the PIN, until 12 hours after the sign-in with the passphrase.
    pub fn resume(&mut self, pin: &Pin) -> Result<Session, PinError> {
        self.resume_if(Some(pin))
    }

    fn resume_if(&mut self, pin: Option<&Pin>) -> Result<Session, PinError> {
        if self.shift.is_over(self.clinic.clock) || self.secrets.left() == 0 {
            return Err(PinError::Over);
        }
        let tried = match pin {
            Some(pin) => self.secrets.open(pin),
            None => Err(self.secrets.miss()),
        };
        let keys = match tried {
            Ok(keys) => keys,
            Err(missed) => {
                self.clinic.audit_unattended(
                    AuditAction::SignInFailed,
                    super::AuditObject::User(self.user),
                )?;
                return Err(missed.into());
            }
        };
        let begun = (self.user, keys.as_slice());
        let mut session = self.clinic.begin(begun, AuditAction::Unlock, self.shift)?;
        session.glass = std::mem::take(&mut self.glass);
        Ok(session)
    }
}
