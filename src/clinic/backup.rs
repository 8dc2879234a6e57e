//! Backups: everything that the machine holds of the clinic in one sealed file, and a new
//! machine made of such a file. Keys of machines, endpoints and sessions are in none.

mod restoring;

use std::{
    collections::BTreeSet,
    fs::{self, File},
    io::{self, BufWriter, Write as _},
    path::{Path, PathBuf},
    sync::Arc,
};

use serde::{Deserialize, Serialize};

pub use self::restoring::{Restored, Restorer};
use super::{
    AuditAction, AuditObject, Clinic, Error, Session, admitted::Admitted,
    bundle::Outgoing, put_row, row,
};
use crate::{
    chart::who::{Action, Role},
    ids::{Hash, UserId},
    ledger::Frontier,
    members::Standing,
    platform::{self, Opening},
    seal::CarryPublic,
    store::{self, Part},
    sync::{
        backup::Front,
        bundle::{self, BodyWriter, Contents, Manifest, Packing},
    },
    time::Timestamp,
};

/// What the file is called until all of it is written.
const NEW_SUFFIX: &str = ".new";
/// What is gathered before it is written, in bytes.
const BUFFER_BYTES: usize = 256 * 1024;

/// A backup that was made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BackupMade {
    /// How many envelopes it holds.
    pub envelopes: u64,
    /// How long it is.
    pub bytes: u64,
}

/// That this machine was made of a backup.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
struct FromBackup {
    /// When.
    at: Timestamp,
    /// Whether it stands in the audit.
    audited: bool,
}

impl Session {
    /// Writes all that is held of the clinic into a new file, for the owners and whoever has
    /// the paper words. It is there whole, or not at all. `told` hears how many envelopes
    /// are written, of how many.
    pub fn backup_make(
        &mut self,
        path: &Path,
        told: &mut dyn FnMut(u64, u64),
    ) -> Result<BackupMade, Error> {
        self.may(Action::Administer)?;
        if path.exists() {
            let why = format!("`{}` is there already", path.display());
            return Err(Error::Refused(why));
        }
        let clinic = Arc::clone(&self.clinic);
        if !clinic.store.verify_file(Part::Ledger)? {
            return Err(Error::lost("a sound ledger"));
        }
        // What is audited so far goes with it.
        self.audit(AuditAction::Backup, AuditObject::Nothing)?;
        self.checkpoint()?;
        let (front, to) = self.front();
        let mut manifest = self.backup_manifest()?;
        manifest.contents = clinic.contents(&manifest.reaches)?;
        let part = PathBuf::from(format!("{}{NEW_SUFFIX}", path.display()));
        let written = self.write_backup((&part, path), (&front, &to), &manifest, told);
        if written.is_err() {
            drop(fs::remove_file(&part));
        }
        written
    }

    fn write_backup(
        &self,
        (part, path): (&Path, &Path),
        (front, to): (&Front, &[CarryPublic]),
        manifest: &Manifest,
        told: &mut dyn FnMut(u64, u64),
    ) -> Result<BackupMade, Error> {
        let failed = |source: io::Error| store::Error::disk("write", part.into(), source);
        drop(fs::remove_file(part));
        let file = platform::open_private(part, Opening::New).map_err(failed)?;
        let mut file = BufWriter::with_capacity(BUFFER_BYTES, file);
        front.write(&mut file).map_err(failed)?;
        let unpacked = |error: bundle::Error| {
            if let bundle::Error::Write(source) = error {
                return Error::from(failed(source));
            }
            Error::damaged("the ledger", error)
        };
        let mut packing = Packing::begin(
            file,
            to,
            manifest,
            &self.device.signing,
            &mut self.clinic.chance(),
        )
        .map_err(unpacked)?;
        let mut outgoing =
            Outgoing::new(&self.clinic, &Frontier::new(), &manifest.reaches)?;
        let of = manifest.contents.envelopes;
        for done in 1..=of {
            let Some(envelope) = outgoing.next()? else {
                break;
            };
            packing.put(&envelope).map_err(unpacked)?;
            told(done, of);
        }
        let mut file = packing.finish().map_err(unpacked)?;
        let mut durable = || -> io::Result<u64> {
            file.flush()?;
            let file: &File = file.get_ref();
            file.sync_all()?;
            let bytes = file.metadata()?.len();
            fs::rename(part, path)?;
            let folder = path.parent().filter(|it| !it.as_os_str().is_empty());
            platform::sync_folder(folder.unwrap_or(Path::new(".")))?;
            Ok(bytes)
        };
        let bytes = durable().map_err(failed)?;
        Ok(BackupMade {
            envelopes: of,
            bytes,
        })
    }

    /// The owners' locked keys, and to whom the rest is sealed.
    fn front(&self) -> (Front, Vec<CarryPublic>) {
        let known = self.clinic.known();
        let membership = &known.membership;
        let owners = membership.users().values();
        let owners =
            owners.filter(|it| it.role == Role::Owner && it.standing == Standing::Good);
        let owners: Vec<_> = owners.collect();
        let mut to = membership.carriers(owners.iter().map(|it| it.user));
        to.extend(membership.recovery());
        let files = owners
            .iter()
            .filter_map(|it| Some((it.user, it.file.as_ref()?.1.clone())));
        let front = Front {
            clinic: self.clinic.about.clinic,
            owners: files.collect(),
        };
        (front, to.into_iter().collect())
    }

    fn backup_manifest(&self) -> Result<Manifest, Error> {
        Ok(Manifest {
            clinic: self.clinic.about.clinic,
            from: self.device.signing.public(),
            to: BTreeSet::new(),
            made: self.clinic.clock.now(),
            part: bundle::Part {
                bundle: self.clinic.draw(),
                number: 1,
                of: 1,
            },
            since: Frontier::new(),
            reaches: self.clinic.frontier()?,
            contents: Contents {
                envelopes: 0,
                bytes: 0,
                hash: Hash::ZERO,
            },
        })
    }

    /// Lets a user sign in on this machine, which was made of a backup and admits owners
    /// only until then.
    pub fn admit_user(&mut self, user: UserId) -> Result<(), Error> {
        self.may(Action::Administer)?;
        self.clinic.in_standing(user)?;
        let mut admitted = self.clinic.admitted()?;
        if let Admitted::Owners(named) = &mut admitted {
            named.insert(user);
        }
        self.admit(&admitted)
    }

    /// Lets everybody sign in on this machine who belongs to the clinic.
    pub fn admit_everybody(&mut self) -> Result<(), Error> {
        self.may(Action::Administer)?;
        self.admit(&Admitted::All)
    }

    fn admit(&mut self, admitted: &Admitted) -> Result<(), Error> {
        let row = put_row(row::ADMITTED, admitted);
        self.clinic.store.append(&[], &[row])?;
        self.admit_members()
    }

    /// Puts into the audit that this machine was made of a backup.
    pub(super) fn audit_restore(&mut self) -> Result<(), Error> {
        let from: Option<FromBackup> = self.clinic.read_row(row::FROM_BACKUP)?;
        let Some(from) = from.filter(|it| !it.audited) else {
            return Ok(());
        };
        self.audit(AuditAction::Restore, AuditObject::Nothing)?;
        let audited = FromBackup {
            audited: true,
            ..from
        };
        let row = put_row(row::FROM_BACKUP, &audited);
        Ok(self.clinic.store.append(&[], &[row])?)
    }
}

impl Clinic {
    /// Whether this machine has what the clinic has, as far as it can know: one that was
    /// made of a backup has not until it met another one.
    pub fn is_caught_up(&self) -> Result<bool, Error> {
        let from: Option<FromBackup> = self.read_row(row::FROM_BACKUP)?;
        let Some(from) = from else { return Ok(true) };
        for machine in self.machines() {
            let met = self.peer(machine.device)?;
            if met.is_some_and(|it| it.at > from.at) {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// What a body up to this frontier holds: a first reading of all that goes.
    fn contents(&self, reaches: &Frontier) -> Result<Contents, Error> {
        let mut outgoing = Outgoing::new(self, &Frontier::new(), reaches)?;
        let mut body = BodyWriter::new(io::sink());
        while let Some(envelope) = outgoing.next()? {
            body.put(&envelope).unwrap_or_default();
        }
        Ok(body.finish().1)
    }
}
