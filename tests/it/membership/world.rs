//! A clinic with two owners, a nurse, a clinician and two machines, in which a test says
//! things under names, and delivers them in every order.

use std::collections::{BTreeMap, BTreeSet};

use cairn::{
    chart::who::{Compartment, Role},
    ids::{ClinicId, DeviceId, DocId, Hash, LogId, StatementId, UserId},
    ledger::Lane,
    members::{
        Author, Body, Certificate, CompartmentName, Draft, Endpoint, EpochKey,
        EpochSecrets, Granted, Judgement, Membership, NewDevice, Newcomer, Reach,
        SealedName, Statement, Void, Written,
    },
    seal::{CarryKey, SeededEntropy, SigningKey, derive, hash, names},
    time::{Hlc, Timestamp},
};

pub(crate) const MORNING: Timestamp = Timestamp(1_780_000_000_000);

/// Who says something.
#[derive(Debug, Clone, Copy)]
pub(crate) enum By {
    Root,
    /// A user, with the key of the same name.
    User(&'static str),
    /// A user, with another key.
    Rekeyed(&'static str, &'static str),
    Device(&'static str),
    /// A user's session, at a machine.
    Session(&'static str, &'static str),
}

pub(crate) struct World {
    clinic: ClinicId,
    at: Hlc,
    base: Vec<Statement>,
    pub(crate) said: BTreeMap<&'static str, Statement>,
    certificates: Vec<Certificate>,
}

pub(crate) fn key(name: &str) -> SigningKey {
    SigningKey::from_secret(&derive("cairn/test/key", &[name.as_bytes()]))
}

pub(crate) fn carry(name: &str) -> CarryKey {
    CarryKey::from_secret(derive("cairn/test/carry", &[name.as_bytes()]))
}

pub(crate) fn user(name: &str) -> UserId {
    names::user_id(&key(name).public())
}

pub(crate) fn device(name: &str) -> DeviceId {
    names::device_id(&key(name).public())
}

pub(crate) fn log(device: &str) -> LogId {
    names::log_id(&key(device).public())
}

/// The user `name` with this pair of keys.
pub(crate) fn rekeyed(name: &str, keys: &str) -> Newcomer {
    Newcomer {
        user: user(name),
        key: key(keys).public(),
        carry: carry(keys).public(),
        name: SealedName::from_slice(name.as_bytes()).unwrap(),
    }
}

pub(crate) fn newcomer(name: &str) -> Newcomer {
    rekeyed(name, name)
}

pub(crate) fn new_device(name: &str) -> NewDevice {
    NewDevice {
        key: key(name).public(),
        carry: carry(name).public(),
        name: SealedName::from_slice(name.as_bytes()).unwrap(),
    }
}

/// That the machine meets others with the key of that name.
pub(crate) fn meets_with(endpoint: &str, device: &str) -> Body {
    let clinic = names::clinic_id(&key("root").public());
    Body::Endpoint(Endpoint::of(&key(endpoint), clinic, &key(device).public()))
}

pub(crate) fn compartment(name: &str) -> CompartmentName {
    CompartmentName::new(name).unwrap()
}

pub(crate) fn secrets(name: &str, number: u32) -> EpochSecrets {
    let seed = hash(name.as_bytes()).as_bytes()[0];
    let mut entropy = SeededEntropy::new(u64::from(seed) << 32 | u64::from(number));
    EpochSecrets::generate(&compartment(name), number, &mut entropy)
}

/// An epoch wrapped to these people and the recovery key.
pub(crate) fn epoch(name: &str, number: u32, to: &[&str]) -> Body {
    let secrets = secrets(name, number);
    let to: BTreeSet<_> = to.iter().map(|it| carry(it).public()).collect();
    let mut receivers = to.clone();
    receivers.insert(carry("recovery").public());
    let compartment = compartment(name);
    let audit = CarryKey::from_secret(secrets.key.copy()).public();
    Body::Epoch(EpochKey {
        audit: compartment.is_audit().then_some(audit),
        compartment,
        number,
        commit: secrets.commit(),
        wrapped: secrets
            .wrap(&receivers, &mut SeededEntropy::new(9))
            .unwrap(),
        to,
    })
}

/// What a device wrote in the clinical lane up to this number.
pub(crate) fn reach(chains: &[(&str, u64)]) -> Reach {
    let chains = chains
        .iter()
        .map(|(device, seq)| ((log(device), Lane::Clinical), (*seq, hash_at(*seq))));
    chains.collect()
}

/// The hash of the entry with this number, on every log.
pub(crate) fn hash_at(seq: u64) -> Hash {
    hash(&seq.to_be_bytes())
}

impl World {
    /// Owners `anna` and `badu`, `carl` the nurse, `dora` the clinician, machines `desk` and
    /// `ward`, and the first epochs, wrapped to everybody whose role may hold them.
    pub(crate) fn new() -> Self {
        let mut world = Self {
            clinic: names::clinic_id(&key("root").public()),
            at: Hlc::from_parts(MORNING, 0),
            base: Vec::new(),
            said: BTreeMap::new(),
            certificates: Vec::new(),
        };
        let founding = Body::Founding {
            recovery: carry("recovery").public(),
            name: SealedName::from_slice(b"clinic").unwrap(),
        };
        let everybody = ["anna", "badu", "carl", "dora"];
        for (by, body) in [
            (By::Root, founding),
            (By::Root, Body::OwnerAdded(newcomer("anna"))),
            (By::Root, Body::OwnerAdded(newcomer("badu"))),
            (
                By::User("anna"),
                Body::UserAdded(newcomer("carl"), Role::Nurse),
            ),
            (
                By::User("badu"),
                Body::UserAdded(newcomer("dora"), Role::Clinician),
            ),
            (By::User("anna"), Body::DeviceEnrolled(new_device("desk"))),
            (By::User("badu"), Body::DeviceEnrolled(new_device("ward"))),
            (By::User("anna"), epoch("front", 1, &everybody)),
            (By::User("anna"), epoch("clinical", 1, &everybody)),
            (By::User("anna"), epoch("audit", 1, &["anna", "badu"])),
        ] {
            let last = world.base.last().map(Statement::id);
            let statement = world.sign(by, BTreeSet::from_iter(last), body);
            world.base.push(statement);
        }
        world
    }

    /// Says something that follows these, or the base where there are none, and a
    /// millisecond later than what was said before.
    pub(crate) fn say(
        &mut self,
        name: &'static str,
        by: By,
        after: &[&'static str],
        body: Body,
    ) -> StatementId {
        let mut parents: BTreeSet<_> = after.iter().map(|it| self.id(it)).collect();
        if parents.is_empty() {
            parents = self.base_heads();
        }
        let statement = self.sign(by, parents, body);
        let id = statement.id();
        assert!(self.said.insert(name, statement).is_none(), "{name} is new");
        id
    }

    /// Two users erase two documents.
    pub(crate) fn say_both(
        &mut self,
        name: &'static str,
        (owner, second): (&str, &str),
        after: &[&'static str],
    ) {
        self.pass_ms(1);
        let draft = Draft {
            clinic: self.clinic,
            at: self.at,
            parents: after.iter().map(|it| self.id(it)).collect(),
            body: Body::Erase([1, 2].map(|it| DocId::from_bytes([it; 16])).into()),
        };
        let keys = [key(owner), key(second)];
        let [owner, second] = [(owner, &keys[0]), (second, &keys[1])]
            .map(|(name, key)| Author::user(user(name), key));
        let statement = Statement::sign_both(draft, owner, second).unwrap();
        self.said.insert(name, statement);
    }

    /// Lets the clock run.
    pub(crate) fn pass_ms(&mut self, ms: i64) {
        self.at = Hlc::from_parts(self.at.timestamp().plus_ms(ms), 0);
    }

    pub(crate) fn id(&self, name: &str) -> StatementId {
        self.said[name].id()
    }

    pub(crate) fn base_heads(&self) -> BTreeSet<StatementId> {
        BTreeSet::from([self.base.last().unwrap().id()])
    }

    /// The certificate of a session in which these statements, or the base, were known.
    pub(crate) fn certificate(
        &self,
        (user, keys): (&str, &str),
        device: &str,
        after: &[&str],
    ) -> Certificate {
        let mut heads: BTreeSet<_> = after.iter().map(|it| self.id(it)).collect();
        if heads.is_empty() {
            heads = self.base_heads();
        }
        let granted = Granted {
            clinic: self.clinic,
            session: session_key(user, device).public(),
            user: self::user(user),
            at: self.at,
            not_after: self.at.timestamp().plus_ms(3_600_000),
            heads,
        };
        Certificate::issue(granted, &key(keys), &key(device)).unwrap()
    }

    /// The base and what was said.
    pub(crate) fn everything(&self) -> Vec<Statement> {
        self.base
            .iter()
            .chain(self.said.values())
            .cloned()
            .collect()
    }

    /// The certificates of the sessions that said something.
    pub(crate) fn certificates(&self) -> &[Certificate] {
        &self.certificates
    }

    /// Everything that was said, folded.
    pub(crate) fn membership(&self) -> Membership {
        let certificates = self.certificates.clone();
        Membership::fold(self.clinic, self.everything(), certificates).unwrap()
    }

    /// Delivers what was said in every order, with the base at every place among it, one
    /// after the other, and expects the same in the end. Returns it.
    pub(crate) fn deliver(&self) -> Membership {
        let whole = self.membership();
        let said: Vec<_> = self.said.values().collect();
        assert!(said.len() <= 6, "at most 720 orders");
        let mut order: Vec<usize> = (0..said.len()).collect();
        for n in 0.. {
            let mut membership = Membership::new(self.clinic);
            let place = n % (said.len() + 1);
            for step in 0..=said.len() {
                if step == place {
                    let certificates = self.certificates.clone();
                    membership.add(self.base.clone(), certificates).unwrap();
                }
                if let Some(next) = order.get(step) {
                    membership.add([said[*next].clone()], []).unwrap();
                }
            }
            assert!(membership == whole, "order {order:?}, base at {place}");
            if !next_order(&mut order) {
                break;
            }
        }
        whole
    }

    /// Delivers in every order and expects these judgements, and that all else counts.
    #[track_caller]
    pub(crate) fn check(&self, void: &[(&str, Void)]) -> Membership {
        let membership = self.deliver();
        for statement in &self.base {
            let judgement = membership.judgement(statement.id());
            assert_eq!(judgement, Some(Judgement::Counts), "{statement:?}");
        }
        for (name, statement) in &self.said {
            let expected = void.iter().find(|(it, _)| it == name);
            let expected =
                expected.map_or(Judgement::Counts, |(_, why)| Judgement::Void(*why));
            let judgement = membership.judgement(statement.id());
            assert_eq!(judgement, Some(expected), "{name}");
        }
        membership
    }

    pub(crate) fn removed_by(&self, name: &str) -> Void {
        Void::Removed { by: self.id(name) }
    }

    pub(crate) fn cut_off_by(&self, name: &str) -> Judgement {
        Judgement::Void(Void::CutOff { by: self.id(name) })
    }

    fn sign(&mut self, by: By, parents: BTreeSet<StatementId>, body: Body) -> Statement {
        self.pass_ms(1);
        let draft = Draft {
            clinic: self.clinic,
            at: self.at,
            parents,
            body,
        };
        match by {
            By::Root => Statement::sign(draft, Author::root(&key("root"))),
            By::User(name) => {
                Statement::sign(draft, Author::user(user(name), &key(name)))
            }
            By::Rekeyed(name, keys) => {
                Statement::sign(draft, Author::user(user(name), &key(keys)))
            }
            By::Device(name) => Statement::sign(draft, Author::device(&key(name))),
            By::Session(name, device) => {
                let certificate = self.certificate((name, name), device, &[]);
                let key = session_key(name, device);
                let author = Author::session(certificate.id(), &key);
                self.certificates.push(certificate);
                Statement::sign(draft, author)
            }
        }
        .unwrap()
    }
}

/// What stands at this number of a machine's clinical lane.
pub(crate) fn judge(
    membership: &Membership,
    certificate: &Certificate,
    seq: u64,
) -> Judgement {
    let written = Written {
        log: certificate.log(),
        lane: Lane::Clinical,
        seq,
        reached_by: &|_, seq, hash| (hash_at(seq) != hash).then_some(false),
    };
    membership.judge(certificate, &written)
}

pub(crate) fn named(compartment: Compartment) -> CompartmentName {
    CompartmentName::from(compartment)
}

fn session_key(user: &str, device: &str) -> SigningKey {
    key(&format!("{user} at {device}"))
}

/// The next permutation in lexical order, if there is one.
fn next_order(order: &mut [usize]) -> bool {
    let Some(turn) = order.windows(2).rposition(|pair| pair[0] < pair[1]) else {
        return false;
    };
    let swap = order.iter().rposition(|it| *it > order[turn]).unwrap();
    order.swap(turn, swap);
    order[turn + 1..].reverse();
    true
}
