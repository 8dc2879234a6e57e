//! A new machine made of a backup: all that the file holds, and an owner's or the paper
//! words' statement that lets this incarnation in.

use std::{
    collections::BTreeSet,
    fs::File,
    io::{BufReader, Read},
    path::Path,
    sync::Arc,
};

use super::{BUFFER_BYTES, FromBackup};
use crate::{
    chart::who::{Compartment, Role},
    clinic::{
        AboutRow, AuditAction, Clinic, Error, NewMachine, ROWS_VERSION, Surroundings,
        admitted::Admitted,
        create::lock,
        keys::UserKeys,
        put_row, row,
        session::Shift,
        sign_in::EnrolledRow,
        stating::{device_rows, unsayable},
        users::check_shown,
    },
    ids::UserId,
    members::{
        Author, Body, Membership, NameKey, Named, NewDevice, Newcomer, Series, Standing,
    },
    seal::{self, CarryKey, SigningKey, Work, names, words::PaperWords},
    store::{Home, MetaWrite, Store},
    sync::{
        backup::Front,
        bundle::{self, Bundle},
    },
};

/// With what somebody restores.
pub enum Restorer<'a> {
    /// An owner's passphrase.
    Passphrase(&'a str),
    /// The paper words, and the name and passphrase of an owner who is let in with them.
    Paper(&'a PaperWords, (&'a str, &'a str)),
}

/// What came of a restore.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Restored {
    /// How many envelopes were taken.
    pub envelopes: u64,
    /// How many logs had an envelope that could not be taken.
    pub refused: usize,
}

/// Whose right it is to restore.
enum Authority {
    Owner(UserId, UserKeys),
    Root(SigningKey, Recovered),
}

/// What the paper words bring: the recovery key, and an owner who is let in.
struct Recovered {
    recovery: CarryKey,
    name: String,
    keys: UserKeys,
    /// The owner's keys, locked with the passphrase.
    file: Vec<u8>,
}

/// What the new machine says first, and what it keeps beside.
struct Beginning {
    series: Series,
    rows: Vec<MetaWrite>,
}

impl Clinic {
    /// Makes a machine of the backup `file`, in the empty folder `home`. Where it does not
    /// come to an end, there is no home. `told` hears how many envelopes are taken, of how
    /// many.
    pub fn restore(
        home: &Path,
        file: &Path,
        restorer: &Restorer<'_>,
        around: Surroundings,
        told: &mut dyn FnMut(u64, u64),
    ) -> Result<(Arc<Self>, Restored), Error> {
        let refused =
            |why: String| Error::Refused(format!("`{}`: {why}", file.display()));
        let input = File::open(file).map_err(|error| refused(error.to_string()))?;
        let mut input = BufReader::with_capacity(BUFFER_BYTES, input);
        let front = Front::read(&mut input).map_err(|it| refused(it.to_string()))?;
        let mut around = around;
        let authority = Authority::of(restorer, &front, &mut around)?;
        let bundle = bundle::open(authority.carry(), input);
        let bundle = bundle.map_err(|it| refused(it.to_string()))?;
        if bundle.manifest().clinic != front.clinic {
            return Err(refused("its two parts are of two clinics".to_owned()));
        }
        let home = Arc::new(Home::create(home, around.clock.now())?);
        let begun = Self::begin_restored(&home, bundle, &authority, (around, told));
        let begun = begun.and_then(|(clinic, restored)| {
            let clinic = Arc::new(clinic);
            if let Authority::Root(_, recovered) = &authority {
                clinic.hand_over(recovered)?;
            }
            home.finish()?;
            Ok((clinic, restored))
        });
        begun.inspect_err(|_error| home.discard())
    }

    fn begin_restored<R: Read>(
        home: &Arc<Home>,
        bundle: Bundle<R>,
        authority: &Authority,
        (mut around, told): (Surroundings, &mut dyn FnMut(u64, u64)),
    ) -> Result<(Self, Restored), Error> {
        let machine = NewMachine::draw(false, &mut *around.entropy);
        let store = Store::create_with(Arc::new(Arc::clone(home)))?;
        let about = AboutRow {
            version: ROWS_VERSION,
            clinic: bundle.manifest().clinic,
            name: String::new(),
            device: machine.id(),
            log: machine.log(),
        };
        store.append(&[], &[put_row(row::ABOUT, &about)])?;
        machine.keep_endpoint(home)?;
        let mut clinic = Self::assemble(Arc::clone(home), store, about, around)?;
        let taken = clinic.take_bundle(bundle, told)?;
        if let Some(broken) = taken.broken {
            return Err(Error::Refused(format!("the backup is {broken}")));
        }
        let names = clinic.name_keys(authority)?;
        clinic.about.name = clinic.open_name(&names, Named::Clinic).unwrap_or_default();
        let beginning = clinic.beginning(&machine, authority, &names)?;
        clinic.say_first(&machine, beginning.series, beginning.rows)?;
        let restored = Restored {
            envelopes: taken.new,
            refused: taken.refused.len(),
        };
        Ok((clinic, restored))
    }

    /// The keys of names, newest last.
    fn name_keys(&self, authority: &Authority) -> Result<Vec<NameKey>, Error> {
        let known = self.known();
        let membership = &known.membership;
        authority.check(membership)?;
        let epochs = membership.epochs(&Compartment::Front.into());
        let opened = epochs
            .iter()
            .filter_map(|it| membership.open_epoch(it, authority.carry()));
        let keys: Vec<_> = opened.map(|it| NameKey::of(&it.key)).collect();
        if keys.is_empty() {
            return Err(Error::lost("the keys of the clinic"));
        }
        Ok(keys)
    }

    fn about_row(&self, machine: &NewMachine) -> AboutRow {
        AboutRow {
            version: ROWS_VERSION,
            clinic: self.about.clinic,
            name: self.about.name.clone(),
            device: machine.id(),
            log: machine.log(),
        }
    }

    fn open_name(&self, keys: &[NameKey], what: Named) -> Option<String> {
        let known = self.known();
        let membership = &known.membership;
        let sealed = match what {
            Named::Clinic => membership.clinic_name()?,
            Named::User(user) => &membership.user(user)?.name,
            Named::Device(device) => &membership.device(device)?.name,
        };
        let mut keys = keys.iter();
        keys.find_map(|key| key.open(self.about.clinic, what, sealed).ok())
    }

    fn beginning(
        &self,
        machine: &NewMachine,
        authority: &Authority,
        called: &[NameKey],
    ) -> Result<Beginning, Error> {
        let mut desk = self.desk();
        let desk = &mut *desk;
        let at = desk.log.tick(self.clock.now());
        let heads = self.known().membership.heads();
        let mut series = Series::after(self.about.clinic, heads, at);
        let newest = called
            .last()
            .ok_or_else(|| Error::lost("the keys of names"))?;
        let entropy = &mut *desk.entropy;
        let card = machine.card("");
        let name = self.free_number(called);
        let itself = Named::Device(machine.id());
        let enrolled = Body::DeviceEnrolled(NewDevice {
            key: card.key,
            carry: card.carry,
            name: newest.seal(self.about.clinic, itself, &name, entropy),
        });
        series
            .say(authority.author(), enrolled)
            .map_err(unsayable)?;
        let mut owners = self.owners(called);
        let mut to = {
            let known = self.known();
            known.membership.carriers(owners.iter().map(|it| it.user))
        };
        if let Authority::Root(root, recovered) = authority {
            let user = names::user_id(&recovered.keys.signing.public());
            let name = recovered.name.clone();
            let newcomer = Newcomer {
                user,
                key: recovered.keys.signing.public(),
                carry: recovered.keys.carry.public(),
                name: newest.seal(self.about.clinic, Named::User(user), &name, entropy),
            };
            let added = Body::OwnerAdded(newcomer);
            series.say(Author::root(root), added).map_err(unsayable)?;
            series
                .lock(
                    Author::user(user, &recovered.keys.signing),
                    user,
                    1,
                    &recovered.file,
                )
                .map_err(unsayable)?;
            to.insert(recovered.keys.carry.public());
            let role = Role::Owner;
            owners.push(EnrolledRow { user, name, role });
        }
        let from = FromBackup {
            at: self.clock.now(),
            audited: false,
        };
        let mut rows = device_rows(machine.device_keys(), &to, entropy)?;
        rows.push(put_row(row::ABOUT, &self.about_row(machine)));
        rows.push(put_row(row::ENROLLED, &owners));
        rows.push(put_row(row::ADMITTED, &Admitted::Owners(BTreeSet::new())));
        rows.push(put_row(row::FROM_BACKUP, &from));
        Ok(Beginning { series, rows })
    }

    /// Gives the owner who was let in with the paper words every key that the recovery key
    /// opens.
    fn hand_over(self: &Arc<Self>, recovered: &Recovered) -> Result<(), Error> {
        let user = names::user_id(&recovered.keys.signing.public());
        let keys = recovered.keys.encode();
        let shift = Shift::from_now(self.clock);
        let mut session = self.begin((user, &keys), AuditAction::SignIn, shift)?;
        session.wrap_lacking_with(Some(&recovered.recovery))?;
        session.membership_changed()?;
        session.sign_out()
    }

    fn owners(&self, names: &[NameKey]) -> Vec<EnrolledRow> {
        let owners: Vec<UserId> = {
            let known = self.known();
            let users = known.membership.users().values();
            let owners = users.filter(|it| {
                it.role == Role::Owner
                    && it.standing == Standing::Good
                    && it.file.is_some()
            });
            owners.map(|it| it.user).collect()
        };
        let rows = owners.into_iter().map(|user| EnrolledRow {
            user,
            name: self.open_name(names, Named::User(user)).unwrap_or_default(),
            role: Role::Owner,
        });
        rows.collect()
    }

    /// The first number, after as many machines as there were, that is no machine's name.
    fn free_number(&self, names: &[NameKey]) -> String {
        let devices: Vec<_> = self.known().membership.devices().keys().copied().collect();
        let called = devices
            .iter()
            .filter_map(|it| self.open_name(names, Named::Device(*it)));
        let called: BTreeSet<String> = called.collect();
        let mut numbers = (devices.len() + 1..).map(|it| it.to_string());
        numbers.find(|it| !called.contains(it)).unwrap_or_default()
    }
}

impl Authority {
    fn of(
        restorer: &Restorer<'_>,
        front: &Front,
        around: &mut Surroundings,
    ) -> Result<Self, Error> {
        match restorer {
            Restorer::Passphrase(passphrase) => {
                for (user, file) in &front.owners {
                    let opened = seal::unlock_with_passphrase(passphrase, file);
                    if let Some(keys) = opened.ok().and_then(|it| UserKeys::decode(&it)) {
                        return Ok(Self::Owner(*user, keys));
                    }
                }
                let why = "the passphrase is none of the owners' of that day";
                Err(Error::Refused(why.to_owned()))
            }
            Restorer::Paper(paper, (name, passphrase)) => {
                let root = paper.root();
                if names::clinic_id(&root.public()) != front.clinic {
                    let why = "these are the paper words of another clinic";
                    return Err(Error::Refused(why.to_owned()));
                }
                check_shown(name, "an owner")?;
                if around.work.is_none() {
                    seal::check_passphrase(passphrase).map_err(Error::WeakPassphrase)?;
                }
                let keys = UserKeys::generate(&mut *around.entropy);
                let work = around.work.unwrap_or(Work::OWNER);
                let file = lock(passphrase, work, &keys, &mut *around.entropy)?;
                let recovered = Recovered {
                    recovery: paper.recovery(),
                    name: (*name).to_owned(),
                    keys,
                    file,
                };
                Ok(Self::Root(root, recovered))
            }
        }
    }

    const fn carry(&self) -> &CarryKey {
        match self {
            Self::Owner(_, keys) => &keys.carry,
            Self::Root(_, recovered) => &recovered.recovery,
        }
    }

    fn author(&self) -> Author<'_> {
        match self {
            Self::Owner(user, keys) => Author::user(*user, &keys.signing),
            Self::Root(root, _) => Author::root(root),
        }
    }

    /// That the clinic of the backup lets them.
    fn check(&self, membership: &Membership) -> Result<(), Error> {
        let Self::Owner(user, keys) = self else {
            return Ok(());
        };
        let member = membership.user(*user);
        let is_owner = member.is_some_and(|it| {
            let public = keys.signing.public();
            it.role == Role::Owner
                && it.standing == Standing::Good
                && it.keys.iter().any(|it| it.live && it.key == public)
        });
        if !is_owner {
            let why = "the passphrase is of nobody who owns the clinic of the backup";
            return Err(Error::Refused(why.to_owned()));
        }
        Ok(())
    }
}

impl std::fmt::Debug for Restorer<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Restorer(…)")
    }
}
