//! A new clinic on this machine: its paper words, its owner, this machine, the first keys.

use std::{collections::BTreeSet, io, path::Path, sync::Arc};

use zeroize::Zeroizing;

use super::{
    AboutRow, Clinic, Error, ROWS_VERSION, Surroundings,
    endpoint::ENDPOINT_FILE,
    keys::{DeviceKeys, UserKeys},
    own_log::{Draft, OwnLog, Signer, Writing},
    put_row, row,
    sign_in::EnrolledRow,
    stating::device_rows,
    users::check_shown,
};
use crate::{
    chart::who::Role,
    ids::SessionId,
    ledger::Kind,
    members::{self, Enrolling, Joining, found_clinic},
    seal::{self, Entropy, SigningKey, Work, names, words::PaperWords},
    store::{self, Disk, Home, Store},
};

/// What a clinic begins with.
pub struct Founding {
    /// The clinic's name.
    pub clinic: String,
    /// What the machine on which it is founded is called.
    pub machine: String,
    /// Its first owner's name.
    pub user: String,
    /// The owner's passphrase.
    pub passphrase: Zeroizing<String>,
}

impl Clinic {
    /// Makes a clinic in `home`. The paper words are in no file of it: `keep` brings them to
    /// where a person has them, before the clinic is finished. Where it cannot, there is none.
    pub fn create(
        home: &Path,
        founding: Founding,
        around: Surroundings,
        keep: impl FnOnce(&PaperWords) -> io::Result<()>,
    ) -> Result<Arc<Self>, Error> {
        let mut around = around;
        let paper = PaperWords::generate(&mut *around.entropy);
        Self::found((home, None), founding, around, (&paper, keep))
    }

    /// As [`Clinic::create`], with paper words that were drawn, and written down, before.
    pub fn create_with(
        home: &Path,
        founding: Founding,
        paper: &PaperWords,
        around: Surroundings,
    ) -> Result<Arc<Self>, Error> {
        Self::found((home, None), founding, around, (paper, |_| Ok(())))
    }

    /// As [`Clinic::create_with`], with the databases on any disk.
    pub fn create_on(
        home: &Path,
        disk: Arc<dyn Disk>,
        founding: Founding,
        paper: &PaperWords,
        around: Surroundings,
    ) -> Result<Arc<Self>, Error> {
        Self::found((home, Some(disk)), founding, around, (paper, |_| Ok(())))
    }

    fn found(
        (home, disk): (&Path, Option<Arc<dyn Disk>>),
        founding: Founding,
        around: Surroundings,
        (paper, keep): (&PaperWords, impl FnOnce(&PaperWords) -> io::Result<()>),
    ) -> Result<Arc<Self>, Error> {
        if founding.clinic.trim().is_empty() || founding.user.trim().is_empty() {
            return Err(Error::Refused(
                "the clinic and its owner need a name".to_owned(),
            ));
        }
        check_shown(&founding.machine, "a machine")?;
        if around.work.is_none() {
            seal::check_passphrase(&founding.passphrase)
                .map_err(Error::WeakPassphrase)?;
        }
        let mut around = around;
        let made = Made::new(&founding, paper, &mut around)?;
        let home = Arc::new(Home::create(home, around.clock.now())?);
        let disk = disk.unwrap_or_else(|| Arc::new(Arc::clone(&home)));
        let store = Store::create_with(disk)?;
        made.write(&home, &store, (founding, &mut around))?;
        let about = made.about;
        keep(paper).map_err(|source| store::Error::Disk {
            step: "write",
            path: "paper words".into(),
            source,
        })?;
        home.finish()?;
        Self::assemble(home, store, about, around).map(Arc::new)
    }
}

/// Everything secret that a clinic begins with.
struct Made<'a> {
    paper: &'a PaperWords,
    owner: UserKeys,
    device: DeviceKeys,
    endpoint: SigningKey,
    /// The owner's keys, locked with the passphrase.
    file: Vec<u8>,
    about: AboutRow,
}

impl<'a> Made<'a> {
    fn new(
        founding: &Founding,
        paper: &'a PaperWords,
        around: &mut Surroundings,
    ) -> Result<Self, Error> {
        let entropy = &mut *around.entropy;
        let owner = UserKeys::generate(entropy);
        let device = DeviceKeys::generate(entropy);
        let endpoint = SigningKey::generate(entropy);
        let work = around.work.unwrap_or(Work::OWNER);
        let file = lock(&founding.passphrase, work, &owner, entropy)?;
        let about = AboutRow {
            version: ROWS_VERSION,
            clinic: names::clinic_id(&paper.root().public()),
            name: founding.clinic.clone(),
            device: names::device_id(&device.signing.public()),
            log: names::log_id(&device.signing.public()),
        };
        Ok(Self {
            paper,
            owner,
            device,
            endpoint,
            file,
            about,
        })
    }

    fn write(
        &self,
        home: &Home,
        store: &Store,
        (founding, around): (Founding, &mut Surroundings),
    ) -> Result<(), Error> {
        let now = around.clock.now();
        let mut log = OwnLog::read(store, self.about.clinic, self.about.log)?;
        let root = self.paper.root();
        let founded = found_clinic(
            &members::Founding {
                name: &founding.clinic,
                root: &root,
                recovery: self.paper.recovery().public(),
                owner: Joining {
                    key: &self.owner.signing,
                    carry: self.owner.carry.public(),
                    name: &founding.user,
                    file: &self.file,
                },
                device: Enrolling {
                    key: &self.device.signing,
                    carry: self.device.carry.public(),
                    endpoint: &self.endpoint,
                    name: &founding.machine,
                },
            },
            log.tick(now),
            &mut *around.entropy,
        )
        .map_err(|source| Error::damaged("the founding of the clinic", source))?;
        // Nobody has a session yet: the machine itself signs the envelopes of its founding.
        let signer = Signer {
            session: SessionId::ZERO,
            key: &self.device.signing,
        };
        let statements = founded.statements.iter();
        let drafts = statements
            .map(|it| {
                (
                    signer,
                    Draft::Open {
                        kind: Kind::Statement,
                        bytes: it.encode(),
                    },
                )
            })
            .collect();
        let user = names::user_id(&self.owner.signing.public());
        let enrolled = vec![EnrolledRow {
            user,
            name: founding.user,
            role: Role::Owner,
        }];
        let to = BTreeSet::from([self.owner.carry.public()]);
        let mut rows = device_rows(&self.device, &to, &mut *around.entropy)?;
        rows.push(put_row(row::ABOUT, &self.about));
        rows.push(put_row(row::ENROLLED, &enrolled));
        home.write(ENDPOINT_FILE, self.endpoint.secret().as_bytes())?;
        let writing = Writing {
            drafts,
            rows,
            reading: false,
        };
        log.write(store, writing, now, &mut *around.entropy)?;
        Ok(())
    }
}

/// A user's keys locked with a passphrase.
pub(super) fn lock(
    passphrase: &str,
    work: Work,
    keys: &UserKeys,
    entropy: &mut dyn Entropy,
) -> Result<Vec<u8>, Error> {
    let plain = keys.encode();
    let locked = seal::lock_with_passphrase(passphrase, work, &plain, entropy);
    locked.map_err(|source| Error::damaged("the user's key file", source))
}

impl std::fmt::Debug for Founding {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Founding(…)")
    }
}
