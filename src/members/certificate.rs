//! A session's certificate: a user, at a machine, gives a fresh key the right to write for
//! up to twelve hours, and says which statements about membership were known there.

use std::{collections::BTreeSet, fmt};

use super::{
    Error,
    statement::PARENTS_MAX,
    wire::{Reader, Writer},
};
use crate::{
    ids::{ClinicId, DeviceId, LogId, SessionId, StatementId, UserId},
    seal::{self, PublicKey, Signature, SigningKey, names},
    time::{Hlc, Timestamp},
};

/// How long a session lasts at most, in milliseconds: twelve hours.
pub const SESSION_MS_MAX: i64 = 12 * 60 * 60 * 1000;
/// The largest certificate in bytes.
pub const CERTIFICATE_BYTES_MAX: usize = 16 * 1024;

const MAGIC: [u8; 4] = *b"CASC";
const USER_CONTEXT: &str = "cairn/certificate/user/v1";
const DEVICE_CONTEXT: &str = "cairn/certificate/device/v1";

/// A certificate that is signed by the user's and the machine's key in it. Whether these are
/// the keys of somebody who belongs is for [`Membership`](super::Membership) to say.
#[derive(Clone, PartialEq, Eq)]
pub struct Certificate {
    id: SessionId,
    granted: Granted,
    user_key: PublicKey,
    device_key: PublicKey,
    signatures: [Signature; 2],
}

/// What is certified.
#[derive(Clone, PartialEq, Eq)]
pub struct Granted {
    /// The clinic.
    pub clinic: ClinicId,
    /// The session's key.
    pub session: PublicKey,
    /// Who writes.
    pub user: UserId,
    /// When the session began, by the hybrid logical clock.
    pub at: Hlc,
    /// When it ends at the latest, at most [`SESSION_MS_MAX`] after it began.
    pub not_after: Timestamp,
    /// The statements known there, as far as no other of them follows.
    pub heads: BTreeSet<StatementId>,
}

impl Certificate {
    /// Certifies a session.
    pub fn issue(
        granted: Granted,
        user: &SigningKey,
        device: &SigningKey,
    ) -> Result<Self, Error> {
        let mut bytes = signed_bytes(&granted, &user.public(), &device.public());
        let by_user = user.sign(USER_CONTEXT, &bytes);
        let by_device = device.sign(DEVICE_CONTEXT, &bytes);
        bytes.extend_from_slice(by_user.as_bytes());
        bytes.extend_from_slice(by_device.as_bytes());
        Self::open(&bytes)
    }

    /// The certificate in these bytes, if all of it is well-formed and both signatures fit.
    pub fn open(bytes: &[u8]) -> Result<Self, Error> {
        if bytes.len() > CERTIFICATE_BYTES_MAX {
            return Err(Error::TooLarge {
                max: CERTIFICATE_BYTES_MAX,
            });
        }
        let certificate = Self::read(bytes)?;
        let signed = bytes.len() - 2 * Signature::LEN;
        let signed = bytes.get(..signed).unwrap_or_default();
        let [by_user, by_device] = &certificate.signatures;
        let Self {
            user_key,
            device_key,
            ..
        } = &certificate;
        user_key.verify(USER_CONTEXT, signed, by_user)?;
        device_key.verify(DEVICE_CONTEXT, signed, by_device)?;
        Ok(certificate)
    }

    /// The certificate in these bytes, whose signatures were checked before: [`open`] gave it
    /// this id, which the caller kept where nobody else writes. Ten times as fast.
    ///
    /// [`open`]: Self::open
    pub fn reopen(bytes: &[u8], id: SessionId) -> Result<Self, Error> {
        let same = seal::hash(bytes).as_bytes() == id.as_bytes();
        let checked = same.then_some(bytes);
        Self::read(checked.ok_or(Error::Malformed("other bytes than were checked"))?)
    }

    /// The certificate's bytes.
    pub fn encode(&self) -> Vec<u8> {
        let mut bytes = signed_bytes(&self.granted, &self.user_key, &self.device_key);
        for signature in &self.signatures {
            bytes.extend_from_slice(signature.as_bytes());
        }
        bytes
    }

    /// The hash of its bytes.
    pub const fn id(&self) -> SessionId {
        self.id
    }

    /// What is certified.
    pub const fn granted(&self) -> &Granted {
        &self.granted
    }

    /// The key that the session signs with.
    pub const fn session_key(&self) -> &PublicKey {
        &self.granted.session
    }

    /// Who writes.
    pub const fn user(&self) -> UserId {
        self.granted.user
    }

    /// The user's key that certifies the session.
    pub const fn user_key(&self) -> &PublicKey {
        &self.user_key
    }

    /// The machine's key that certifies the session.
    pub const fn device_key(&self) -> &PublicKey {
        &self.device_key
    }

    /// The machine.
    pub fn device(&self) -> DeviceId {
        names::device_id(&self.device_key)
    }

    /// The log that the session writes.
    pub fn log(&self) -> LogId {
        names::log_id(&self.device_key)
    }

    /// Whether the session is over by this time.
    pub fn is_over(&self, now: Timestamp) -> bool {
        now > self.granted.not_after
    }

    fn read(bytes: &[u8]) -> Result<Self, Error> {
        let mut from = Reader::new(bytes);
        from.opening(MAGIC)?;
        let clinic = ClinicId::from_bytes(from.array()?);
        let session = PublicKey::from_bytes(from.array()?);
        let user = UserId::from_bytes(from.array()?);
        let user_key = PublicKey::from_bytes(from.array()?);
        let device_key = PublicKey::from_bytes(from.array()?);
        let at = Hlc(from.u64()?);
        let not_after = from.time()?;
        if not_after.ms_since(at.timestamp()) > SESSION_MS_MAX {
            return Err(Error::Malformed("a session of more than twelve hours"));
        }
        let heads = from.ascending(PARENTS_MAX, |from| {
            from.array().map(StatementId::from_bytes)
        })?;
        if heads.is_empty() {
            return Err(Error::Malformed("a session that knows of no clinic"));
        }
        let signatures = [
            Signature::from_bytes(from.array()?),
            Signature::from_bytes(from.array()?),
        ];
        from.end()?;
        let granted = Granted {
            clinic,
            session,
            user,
            at,
            not_after,
            heads: BTreeSet::from_iter(heads),
        };
        Ok(Self {
            id: SessionId::from_bytes(*seal::hash(bytes).as_bytes()),
            granted,
            user_key,
            device_key,
            signatures,
        })
    }
}

impl fmt::Debug for Certificate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Certificate({:?} {:?})", self.id, self.granted)
    }
}

impl fmt::Debug for Granted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Granted({:?})", self.user)
    }
}

/// Everything but the signatures.
fn signed_bytes(granted: &Granted, user: &PublicKey, device: &PublicKey) -> Vec<u8> {
    let mut out = Writer::opening(MAGIC);
    out.put(granted.clinic.as_bytes())
        .put(granted.session.as_bytes())
        .put(granted.user.as_bytes())
        .put(user.as_bytes())
        .put(device.as_bytes())
        .u64(granted.at.0)
        .time(granted.not_after)
        .list(granted.heads.iter(), |out, head| {
            out.put(head.as_bytes());
        });
    out.into_bytes()
}
