//! Who belongs now: users and machines, their keys and what they are called.

use std::{
    collections::{BTreeMap, BTreeSet, btree_map::Entry},
    fmt,
};

use super::{
    Body, Membership, Named, SealedName, Statement,
    ground::{Ground, of},
};
use crate::{
    chart::who::Role,
    ids::{DeviceId, DocId, StatementId, UserId},
    seal::{CarryPublic, PublicKey, names},
    time::Timestamp,
};

/// Everybody and everything that belongs to the clinic, or once did.
#[derive(Clone, PartialEq, Eq, Default)]
pub(super) struct Roster {
    clinic: Option<SealedName>,
    recovery: Option<CarryPublic>,
    pub(super) users: BTreeMap<UserId, Member>,
    pub(super) devices: BTreeMap<DeviceId, Device>,
}

/// Whether somebody belongs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Standing {
    /// They do.
    Good,
    /// They left.
    Left,
    /// Their key was compromised, and they have no new one.
    Compromised,
}

/// A user.
#[derive(Clone, PartialEq, Eq)]
pub struct Member {
    /// Who.
    pub user: UserId,
    /// What they are in the clinic.
    pub role: Role,
    /// Whether they belong.
    pub standing: Standing,
    /// Their keys, those of before among them.
    pub keys: Vec<UserKeys>,
    /// What they are called.
    pub name: SealedName,
    /// Their locked keys, and which version of them.
    pub file: Option<(u32, Vec<u8>)>,
}

/// One pair of a user's keys.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UserKeys {
    /// Signs.
    pub key: PublicKey,
    /// Is wrapped to.
    pub carry: CarryPublic,
    /// Whether they are in use: no removal took them.
    pub live: bool,
}

/// A machine.
#[derive(Clone, PartialEq, Eq)]
pub struct Device {
    /// Which incarnation.
    pub device: DeviceId,
    /// Signs for it.
    pub key: PublicKey,
    /// Is wrapped to.
    pub carry: CarryPublic,
    /// Whether it belongs: it was not revoked.
    pub enrolled: bool,
    /// When it was let in, by the clock of the machine that did.
    pub since: Timestamp,
    /// What it is called.
    pub name: SealedName,
    /// The key with which it meets others.
    pub endpoint: Option<PublicKey>,
}

/// Documents that are to be erased, and who has done so.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Erasure {
    /// The statement that asks for it.
    pub erase: StatementId,
    /// What is erased.
    pub docs: Vec<DocId>,
    /// The machines that have done it.
    pub done: Vec<DeviceId>,
}

impl Membership {
    /// Users by id, those who left among them.
    pub const fn users(&self) -> &BTreeMap<UserId, Member> {
        &self.roster.users
    }

    /// The user with this id.
    pub fn user(&self, user: UserId) -> Option<&Member> {
        self.roster.users.get(&user)
    }

    /// Machines by id, revoked ones among them.
    pub const fn devices(&self) -> &BTreeMap<DeviceId, Device> {
        &self.roster.devices
    }

    /// The machine with this id.
    pub fn device(&self, device: DeviceId) -> Option<&Device> {
        self.roster.devices.get(&device)
    }

    /// To whom is wrapped what is for those of these users who belong.
    pub fn carriers(
        &self,
        users: impl IntoIterator<Item = UserId>,
    ) -> BTreeSet<CarryPublic> {
        let members = users.into_iter().filter_map(|it| self.user(it));
        let members = members.filter(|it| it.standing == Standing::Good);
        members
            .flat_map(|it| it.keys.iter().filter(|it| it.live))
            .map(|it| it.carry)
            .collect()
    }

    /// What the clinic is called.
    pub const fn clinic_name(&self) -> Option<&SealedName> {
        self.roster.clinic.as_ref()
    }

    /// To whom every epoch is wrapped beside the members.
    pub const fn recovery(&self) -> Option<CarryPublic> {
        self.roster.recovery
    }

    /// The documents that are to be erased.
    pub fn erased(&self) -> BTreeSet<DocId> {
        let mut erased = BTreeSet::new();
        for statement in self.ground.standing() {
            if let Body::Erase(docs) = statement.body() {
                erased.extend(docs);
            }
        }
        erased
    }

    /// What is to be erased.
    pub fn erasures(&self) -> Vec<Erasure> {
        let mut erasures = BTreeMap::new();
        for statement in self.ground.standing() {
            if let Body::Erase(docs) = statement.body() {
                let erasure = Erasure {
                    erase: statement.id(),
                    docs: docs.iter().copied().collect(),
                    done: Vec::new(),
                };
                erasures.insert(statement.id(), erasure);
            }
        }
        for statement in self.ground.standing() {
            if let Body::EraseReceipt(erase) = statement.body()
                && let Some(erasure) = erasures.get_mut(erase)
            {
                let device = names::device_id(statement.signer().key());
                erasure.done.push(device);
            }
        }
        erasures.into_values().collect()
    }
}

impl Roster {
    pub(super) fn of(ground: &Ground) -> Self {
        let called = ground.last(|it| {
            let (what, name) = it.body().naming()?;
            Some((what, (), name))
        });
        let files = ground.last(|it| {
            let Body::UserFile {
                user,
                version,
                file,
            } = it.body()
            else {
                return None;
            };
            Some((*user, *version, (*version, file)))
        });
        let endpoints = ground.endpoints();
        let recovery = ground.last(|it| {
            let Body::Founding { recovery, .. } = it.body() else {
                return None;
            };
            Some(((), (), *recovery))
        });
        let mut roster = Self {
            recovery: recovery.into_values().next(),
            ..Self::default()
        };
        for (what, name) in called {
            match what {
                Named::Clinic => roster.clinic = Some(name.clone()),
                Named::User(user) => {
                    let member = ground.member(user, name).map(|it| Member {
                        file: files.get(&user).map(|(n, file)| (*n, (*file).clone())),
                        ..it
                    });
                    roster.users.extend(member.map(|it| (user, it)));
                }
                Named::Device(device) => {
                    let found = ground.device(device, name).map(|it| Device {
                        endpoint: endpoints.get(&device).copied(),
                        ..it
                    });
                    roster.devices.extend(found.map(|it| (device, it)));
                }
            }
        }
        roster
    }
}

impl Ground {
    /// The statements that stand.
    pub(super) fn standing(&self) -> impl Iterator<Item = &Statement> {
        let standing = self.statements.values();
        standing.filter(|it| self.stands(it.id()))
    }

    /// Of what statements say about each thing, what was said last: by an order of their
    /// own, then by rank.
    fn last<'a, K: Ord, O: Ord, V>(
        &'a self,
        pick: impl Fn(&'a Statement) -> Option<(K, O, V)>,
    ) -> BTreeMap<K, V> {
        let mut last = BTreeMap::new();
        for statement in self.standing() {
            if let Some((thing, order, value)) = pick(statement) {
                let order = (order, self.dag.rank(statement));
                match last.entry(thing) {
                    Entry::Vacant(entry) => {
                        entry.insert((order, value));
                    }
                    Entry::Occupied(mut entry) if entry.get().0 < order => {
                        entry.insert((order, value));
                    }
                    Entry::Occupied(_) => {}
                }
            }
        }
        last.into_iter()
            .map(|(thing, (_, value))| (thing, value))
            .collect()
    }

    fn member(&self, user: UserId, name: &SealedName) -> Option<Member> {
        let removals: Vec<_> = of(&self.about.removals, &user)
            .filter(|it| self.stands(*it))
            .collect();
        let admissions = of(&self.about.admissions, &user).filter(|it| self.stands(*it));
        let mut keys = BTreeMap::new();
        for admission in admissions {
            let live = removals.iter().all(|it| self.reopens(admission, *it));
            if let Some(newcomer) = self.newcomer(admission) {
                *keys.entry((newcomer.key, newcomer.carry)).or_default() |= live;
            }
        }
        let keys = keys.into_iter();
        let keys: Vec<_> = keys
            .map(|((key, carry), live)| UserKeys { key, carry, live })
            .collect();
        let compromised =
            |it: &StatementId| matches!(self.body(*it), Some(Body::KeyCompromised(..)));
        let standing = if keys.iter().any(|it| it.live) {
            Standing::Good
        } else if removals.iter().any(compromised) {
            Standing::Compromised
        } else {
            Standing::Left
        };
        Some(Member {
            user,
            role: self.role_at(user, &self.dag.everything())?,
            standing,
            keys,
            name: name.clone(),
            file: None,
        })
    }

    fn device(&self, device: DeviceId, name: &SealedName) -> Option<Device> {
        let mut enrolments = of(&self.about.enrolments, &device);
        let enrolment = enrolments.find(|it| self.stands(*it))?;
        let statement = self.statements.get(&enrolment)?;
        let Body::DeviceEnrolled(new) = statement.body() else {
            return None;
        };
        let mut revocations = of(&self.about.revocations, &device);
        Some(Device {
            device,
            key: new.key,
            carry: new.carry,
            enrolled: !revocations.any(|it| self.stands(it)),
            since: statement.at().timestamp(),
            name: name.clone(),
            endpoint: None,
        })
    }
}

impl fmt::Debug for Member {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { user, role, .. } = self;
        write!(f, "Member({user:?} {role:?} {:?})", self.standing)
    }
}

impl fmt::Debug for Device {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Device({:?})", self.device)
    }
}
