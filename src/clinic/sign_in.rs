//! Signing in: from a passphrase to a session that a user and this machine vouch for.

use std::sync::Arc;

use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use super::{
    AuditAction, AuditObject, Clinic, Error, Session,
    audit::AuditKey,
    delay::Failures,
    drafts::Unfinished,
    keyring::Keyring,
    keys::{DeviceKeys, UserKeys},
    own_log::{Draft, Writing},
    put_row, row,
    session::Shift,
    stating::Renewal,
};
use crate::{
    chart::who::{Action, Denial, Role},
    ids::UserId,
    ledger::Kind,
    members::{Certificate, Granted, Member, Standing},
    seal::{self, SigningKey},
    time::Timestamp,
};

/// A user who may sign in on this machine.
#[derive(Clone, PartialEq, Eq)]
pub struct Enrolled {
    /// Who.
    pub user: UserId,
    /// The name.
    pub name: String,
    /// The role.
    pub role: Role,
    /// What they left unfinished here.
    pub unfinished: Vec<Unfinished>,
}

/// The same as kept on the disk, readable while locked.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct EnrolledRow {
    pub(super) user: UserId,
    pub(super) name: String,
    pub(super) role: Role,
}

/// The longest key file of a machine that is opened, in bytes.
const DEVICE_BYTES_MAX: usize = 256;

impl Clinic {
    /// Who may sign in on this machine, in the order of enrolment.
    pub fn users(&self) -> Result<Vec<Enrolled>, Error> {
        let rows = self.enrolled()?;
        let known = self.known();
        let mut users = Vec::with_capacity(rows.len());
        for EnrolledRow { user, name, role } in rows {
            let member = known.membership.user(user);
            if member.is_some_and(|it| it.standing != Standing::Good) {
                continue;
            }
            let role = member.map_or(role, |it| it.role);
            users.push(Enrolled {
                user,
                name,
                role,
                unfinished: self.unfinished(user)?,
            });
        }
        Ok(users)
    }

    /// Signs a user in with the passphrase. After a wrong one the next try must wait, longer
    /// each time, and the failure is in the audit.
    pub fn sign_in(
        self: &Arc<Self>,
        user: UserId,
        passphrase: &str,
    ) -> Result<Session, Error> {
        let now = self.clock.now();
        let row = format!("{}{user}", row::FAILURES);
        let mut failures: Failures = self.read_row(&row)?.unwrap_or_default();
        if failures.begin_again(now) {
            let begun = [put_row(row.clone(), &failures)];
            self.store.append_audit(&[], &begun)?;
        }
        match failures.wait_seconds(now) {
            0 => {}
            seconds => return Err(Error::Wait { seconds }),
        }
        let file = self.user_file(user)?;
        match seal::unlock_with_passphrase(passphrase, &file) {
            Ok(keys) => {
                let session = self.begin(
                    (user, &keys),
                    AuditAction::SignIn,
                    Shift::from_now(self.clock),
                )?;
                if !failures.is_none() {
                    let reset = [put_row(row, &Failures::default())];
                    // Who is in is in; the failures only make a later try wait.
                    if let Err(error) = self.store.append_audit(&[], &reset) {
                        tracing::warn!(%error, "failed sign-ins stay counted");
                    }
                }
                Ok(session)
            }
            Err(seal::Error::Passphrase) => {
                let failures = failures.and_one(now);
                self.audit_unattended_with(
                    AuditAction::SignInFailed,
                    AuditObject::User(user),
                    vec![put_row(row, &failures)],
                )?;
                Err(Error::WrongPassphrase {
                    wait_seconds: failures.wait_seconds(now),
                })
            }
            Err(source) => {
                self.audit_unattended(AuditAction::Integrity, AuditObject::User(user))?;
                Err(Error::damaged("the user's key file", source))
            }
        }
    }

    /// Begins a session of a user whose keys are open.
    pub(super) fn begin(
        self: &Arc<Self>,
        (user, keys): (UserId, &[u8]),
        action: AuditAction,
        shift: Shift,
    ) -> Result<Session, Error> {
        let keys = UserKeys::decode(keys).ok_or_else(|| {
            Error::damaged("the user's key file", seal::Error::Malformed)
        })?;
        self.in_standing(user)?;
        let device = self.device_keys(&keys)?;
        let (certificate, signing) = self.certify((user, &keys), &device, shift.until)?;
        let keyring = {
            let known = self.known();
            let keys = (user, &keys.carry);
            let none = Keyring::default();
            Keyring::unwrap(&known.membership, keys, &device.local, none)
        };
        let sealer = self.sealer(&certificate);
        let audit = keyring.audit_public()?;
        let audit_key = AuditKey::generate(audit, sealer, &mut *self.desk().entropy)?;
        let bytes = certificate.encode();
        let mut session = Session::new(
            Arc::clone(self),
            (certificate, signing, shift),
            (keys, device, keyring, audit_key),
        );
        session.may_begin()?;
        session.write_beginning(bytes, action)?;
        session.come_in()?;
        session.audit_restore()?;
        session.admit_members()?;
        session.wrap_lacking()?;
        if session.may(Action::Administer).is_ok() {
            // A removal may have been cut short before its new keys.
            session.renew_keys(Renewal::Exposed)?;
            if self.has_twin() {
                let keys = session.keys.encode();
                session.begin_incarnation()?;
                return self.begin((user, &keys), action, shift);
            }
        }
        // What is shared, and what others are told of once a day, keeps nobody from working.
        if let Err(error) = session.heed_shares() {
            tracing::warn!(%error, "what is shared was not looked after");
        }
        if let Err(error) = session.sign_heads(false) {
            tracing::warn!(%error, "how far the logs reach was not said");
        }
        Ok(session)
    }

    fn certify(
        &self,
        (user, keys): (UserId, &UserKeys),
        device: &DeviceKeys,
        until: Timestamp,
    ) -> Result<(Certificate, SigningKey), Error> {
        let mut desk = self.desk();
        let now = self.clock.now();
        let signing = SigningKey::generate(&mut *desk.entropy);
        let granted = Granted {
            clinic: self.about.clinic,
            session: signing.public(),
            user,
            at: desk.log.tick(now),
            not_after: until,
            heads: self.known().membership.heads(),
        };
        let certificate = Certificate::issue(granted, &keys.signing, &device.signing)
            .map_err(|source| Error::damaged("the session's certificate", source))?;
        Ok((certificate, signing))
    }

    pub(super) fn device_keys(&self, keys: &UserKeys) -> Result<DeviceKeys, Error> {
        let wrapped: Vec<u8> = self
            .read_row(row::DEVICE)?
            .ok_or_else(|| Error::lost("the machine's key file"))?;
        let opened = match seal::unwrap(&keys.carry, &wrapped, DEVICE_BYTES_MAX) {
            // Who was let in again elsewhere has new keys: somebody here gives them this
            // machine's.
            Err(seal::Error::NotForThisKey) => {
                let how = "this machine does not know your new keys yet: \
                           somebody else must sign in on it first";
                return Err(Error::Refused(how.to_owned()));
            }
            opened => opened
                .map_err(|source| Error::damaged("the machine's key file", source))?,
        };
        DeviceKeys::decode(&opened).ok_or_else(|| {
            Error::damaged("the machine's key file", seal::Error::Malformed)
        })
    }

    pub(super) fn enrolled(&self) -> Result<Vec<EnrolledRow>, Error> {
        Ok(self.read_row(row::ENROLLED)?.unwrap_or_default())
    }

    fn user_file(&self, user: UserId) -> Result<Zeroizing<Vec<u8>>, Error> {
        let file = self.in_standing(user)?.file;
        let file = file.map(|(_, file)| Zeroizing::new(file));
        file.ok_or_else(|| Error::lost("the user's key file"))
    }

    /// A user who belongs to the clinic.
    pub(super) fn in_standing(&self, user: UserId) -> Result<Member, Error> {
        let member = self.known().membership.user(user).cloned();
        let member =
            member.ok_or_else(|| Error::Missing("user of this id".to_owned()))?;
        if member.standing != Standing::Good {
            return Err(Denial::NotInGoodStanding.into());
        }
        Ok(member)
    }
}

impl Session {
    /// Writes the certificate, ships the rows that an ended session left open, and opens the
    /// audit of this one: all of it or nothing.
    fn write_beginning(
        &mut self,
        certificate: Vec<u8>,
        action: AuditAction,
    ) -> Result<(), Error> {
        let clinic = Arc::clone(&self.clinic);
        let mut desk = clinic.desk();
        let audited = self.audit_row(&mut desk, action, AuditObject::Nothing)?;
        let beginning = Draft::Open {
            kind: Kind::Certificate,
            bytes: certificate,
        };
        let writing = Writing {
            drafts: self.signed(std::iter::once(beginning).chain(audited.drafts)),
            rows: audited.rows,
            reading: true,
        };
        let written = desk.write(&clinic, self.id, writing)?;
        self.audited(&mut desk, audited.tail);
        if let Some(first) = written.first() {
            clinic.known().certified(self.id, first.place);
        }
        Ok(())
    }
}

impl std::fmt::Debug for Enrolled {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Enrolled({:?})", self.user)
    }
}
