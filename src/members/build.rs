//! Saying things: the statements that found a clinic, let people and machines in, and begin
//! epochs, one after the other.

use std::{collections::BTreeSet, fmt};

use super::{
    Author, Body, CompartmentName, Draft, Endpoint, EpochKey, EpochSecrets, Error,
    NameKey, Named, NewDevice, Newcomer, Statement,
};
use crate::{
    chart::who::{Compartment, Role},
    ids::{ClinicId, StatementId, UserId},
    seal::{CarryKey, CarryPublic, Entropy, SigningKey, names},
    time::Hlc,
};

/// Statements said one after the other, each knowing the one before.
#[derive(Debug)]
pub struct Series {
    clinic: ClinicId,
    at: Hlc,
    heads: BTreeSet<StatementId>,
    said: Vec<Statement>,
}

/// A person as their own machine makes them up.
#[derive(Clone, Copy)]
pub struct Joining<'a> {
    /// Signs what the person says.
    pub key: &'a SigningKey,
    /// What is for the person is wrapped to it.
    pub carry: CarryPublic,
    /// What the person is called.
    pub name: &'a str,
    /// The person's keys, locked with the passphrase.
    pub file: &'a [u8],
}

/// A machine as it makes itself up.
#[derive(Clone, Copy)]
pub struct Enrolling<'a> {
    /// Signs for the machine.
    pub key: &'a SigningKey,
    /// What is for the machine is wrapped to it.
    pub carry: CarryPublic,
    /// The key with which it meets others.
    pub endpoint: &'a SigningKey,
    /// What the machine is called.
    pub name: &'a str,
}

/// What a clinic is founded with.
#[derive(Clone, Copy)]
pub struct Founding<'a> {
    /// What it is called.
    pub name: &'a str,
    /// The root, from the paper words.
    pub root: &'a SigningKey,
    /// The recovery key, from the same words.
    pub recovery: CarryPublic,
    /// The first owner.
    pub owner: Joining<'a>,
    /// The first machine.
    pub device: Enrolling<'a>,
}

/// A founded clinic.
#[derive(Debug)]
pub struct Founded {
    /// What was said.
    pub statements: Vec<Statement>,
    /// The first epoch of `front`.
    pub front: EpochSecrets,
    /// The first epoch of `clinical`.
    pub clinical: EpochSecrets,
    /// The first epoch of `audit`.
    pub audit: EpochSecrets,
}

/// The epoch that is to begin.
#[derive(Debug, Clone)]
pub struct NewEpoch {
    /// The compartment.
    pub compartment: CompartmentName,
    /// Its number: one more than the last that is known.
    pub number: u32,
    /// To whom its keys are wrapped.
    pub to: BTreeSet<CarryPublic>,
    /// To whom beside them.
    pub recovery: CarryPublic,
}

/// Founds a clinic at this time: its root, its first owner and machine, and the first epochs
/// of its compartments.
pub fn found_clinic(
    new: &Founding<'_>,
    at: Hlc,
    entropy: &mut dyn Entropy,
) -> Result<Founded, Error> {
    let clinic = names::clinic_id(&new.root.public());
    let root = Author::root(new.root);
    let user = names::user_id(&new.owner.key.public());
    let owner = Author::user(user, new.owner.key);
    let [front, clinical, audit] = Compartment::ALL
        .map(|compartment| EpochSecrets::generate(&compartment.into(), 1, &mut *entropy));
    let names = NameKey::of(&front.key);
    let mut series = Series::after(clinic, BTreeSet::new(), at);
    series.say(
        root,
        Body::Founding {
            recovery: new.recovery,
            name: names.seal(clinic, Named::Clinic, new.name, entropy),
        },
    )?;
    let newcomer = series.newcomer(user, &new.owner, &names, entropy);
    series.say(root, Body::OwnerAdded(newcomer))?;
    series.enrol(owner, &new.device, &names, entropy)?;
    for (compartment, secrets) in Compartment::ALL
        .into_iter()
        .zip([&front, &clinical, &audit])
    {
        let epoch = NewEpoch {
            compartment: compartment.into(),
            number: 1,
            to: BTreeSet::from([new.owner.carry]),
            recovery: new.recovery,
        };
        series.begin_epoch(owner, epoch, secrets, entropy)?;
    }
    series.lock(owner, user, 1, new.owner.file)?;
    Ok(Founded {
        statements: series.into_statements(),
        front,
        clinical,
        audit,
    })
}

impl Series {
    /// What is said after these statements, from this time on.
    pub const fn after(clinic: ClinicId, heads: BTreeSet<StatementId>, at: Hlc) -> Self {
        Self {
            clinic,
            at,
            heads,
            said: Vec::new(),
        }
    }

    /// Says one thing.
    pub fn say(&mut self, author: Author<'_>, body: Body) -> Result<StatementId, Error> {
        let draft = Draft {
            clinic: self.clinic,
            at: self.at,
            parents: self.heads.clone(),
            body,
        };
        let statement = Statement::sign(draft, author)?;
        let id = statement.id();
        self.heads = BTreeSet::from([id]);
        self.at = self.at.next();
        self.said.push(statement);
        Ok(id)
    }

    /// Lets a user in, whose locked keys go with it.
    pub fn admit(
        &mut self,
        owner: Author<'_>,
        (new, role): (&Joining<'_>, Role),
        names: &NameKey,
        entropy: &mut dyn Entropy,
    ) -> Result<UserId, Error> {
        let user = names::user_id(&new.key.public());
        let newcomer = self.newcomer(user, new, names, entropy);
        self.say(owner, Body::UserAdded(newcomer, role))?;
        self.lock(Author::user(user, new.key), user, 1, new.file)?;
        Ok(user)
    }

    /// Lets a machine in, which says how it meets others.
    pub fn enrol(
        &mut self,
        owner: Author<'_>,
        new: &Enrolling<'_>,
        names: &NameKey,
        entropy: &mut dyn Entropy,
    ) -> Result<(), Error> {
        let device = names::device_id(&new.key.public());
        let name = names.seal(self.clinic, Named::Device(device), new.name, entropy);
        let body = Body::DeviceEnrolled(NewDevice {
            key: new.key.public(),
            carry: new.carry,
            name,
        });
        self.say(owner, body)?;
        self.meet_with(new.endpoint, new.key)?;
        Ok(())
    }

    /// Says with which key a machine meets others.
    pub fn meet_with(
        &mut self,
        endpoint: &SigningKey,
        device: &SigningKey,
    ) -> Result<StatementId, Error> {
        let endpoint = Endpoint::of(endpoint, self.clinic, &device.public());
        self.say(Author::device(device), Body::Endpoint(endpoint))
    }

    /// Begins an epoch with these keys.
    pub fn begin_epoch(
        &mut self,
        owner: Author<'_>,
        new: NewEpoch,
        secrets: &EpochSecrets,
        entropy: &mut dyn Entropy,
    ) -> Result<StatementId, Error> {
        let audit = new.compartment.is_audit();
        let audit = audit.then(|| CarryKey::from_secret(secrets.key.copy()).public());
        let mut receivers = new.to.clone();
        receivers.insert(new.recovery);
        let body = Body::Epoch(EpochKey {
            wrapped: secrets.wrap(&receivers, entropy)?,
            compartment: new.compartment,
            number: new.number,
            audit,
            commit: secrets.commit(),
            to: new.to,
        });
        self.say(owner, body)
    }

    /// Wraps an epoch's keys to more people.
    pub fn wrap(
        &mut self,
        session: Author<'_>,
        (epoch, secrets): (StatementId, &EpochSecrets),
        to: BTreeSet<CarryPublic>,
        entropy: &mut dyn Entropy,
    ) -> Result<StatementId, Error> {
        let wrapped = secrets.wrap(&to, entropy)?;
        self.say(session, Body::Wrap { epoch, to, wrapped })
    }

    /// Gives all machines a user's locked keys.
    pub fn lock(
        &mut self,
        author: Author<'_>,
        user: UserId,
        version: u32,
        file: &[u8],
    ) -> Result<StatementId, Error> {
        let body = Body::UserFile {
            user,
            version,
            file: file.to_vec(),
        };
        self.say(author, body)
    }

    /// The heads after all that was said.
    pub const fn heads(&self) -> &BTreeSet<StatementId> {
        &self.heads
    }

    /// The time after all that was said.
    pub const fn at(&self) -> Hlc {
        self.at
    }

    /// What was said.
    pub fn into_statements(self) -> Vec<Statement> {
        self.said
    }

    fn newcomer(
        &self,
        user: UserId,
        new: &Joining<'_>,
        names: &NameKey,
        entropy: &mut dyn Entropy,
    ) -> Newcomer {
        Newcomer {
            user,
            key: new.key.public(),
            carry: new.carry,
            name: names.seal(self.clinic, Named::User(user), new.name, entropy),
        }
    }
}

impl fmt::Debug for Joining<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Joining({:?})", names::user_id(&self.key.public()))
    }
}

impl fmt::Debug for Enrolling<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Enrolling({:?})", names::device_id(&self.key.public()))
    }
}

impl fmt::Debug for Founding<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Founding({:?})", names::clinic_id(&self.root.public()))
    }
}
