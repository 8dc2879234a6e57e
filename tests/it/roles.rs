//! What each role can read with a hostile program: all the keys that its user can reach are
//! tried on every row of every table of both databases. What opens is exactly the role
//! table, here written a second time.

#![expect(
    clippy::wildcard_enum_match_arm,
    reason = "few kinds of envelope and statement hold a key"
)]

mod plain;

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::Path,
};

use cairn::{
    chart::{Category, Kind as Of, Part, who::Role},
    ids::{DocId, Hash, LogId, PatientId, SessionId, UserId},
    ledger::{Envelope, Header, Kind, Lane, open_payload},
    members::{Body, Certificate, Membership, NameKey, Named, SealedName, Statement},
    seal::{self, CarryKey, Secret, derive, names},
    time::Moment,
};

use crate::{
    closed_parts::{add, closed_record},
    raw::{self, Tables},
    staff::{ROLES, Staff, fill, passphrase, register, wear},
};

/// Which compartments each role reads: front, clinical, audit.
const TABLE: [(Role, &str); 7] = [
    (Role::Owner, "x x x"),
    (Role::Clinician, "x x -"),
    (Role::Nurse, "x x -"),
    (Role::LabPharmacy, "x x -"),
    (Role::FrontDesk, "x - -"),
    (Role::Auditor, "- - x"),
    (Role::Emergency, "x x -"),
];

/// Which categories each role is named for: one that the owner kept, and one that she named
/// the clinician for and herself no longer.
const NAMED: [(&str, &[Role]); 2] = [
    ("hiv", &[Role::Owner, Role::Clinician]),
    ("violence", &[Role::Clinician]),
];

/// Who is to be able to open a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum For {
    Front,
    Clinical,
    Audit,
    Closed(Category),
    Author(UserId),
}

/// The files of a clinic, and what is public in them.
struct Disk {
    ledger: Tables,
    cache: Tables,
    membership: Membership,
    statements: Vec<Statement>,
}

/// Everything secret that a user can get at.
#[derive(Default)]
struct Loot {
    user: Option<UserId>,
    carry: Vec<CarryKey>,
    secrets: Vec<Secret>,
}

impl Disk {
    fn read(home: &Path) -> Self {
        let ledger = raw::tables(&home.join("ledger.redb"));
        let cache = raw::tables(&home.join("cache.redb"));
        let mut statements = Vec::new();
        let mut certificates = Vec::new();
        for (_, bytes) in &ledger["envelopes"] {
            let envelope = Envelope::decode(bytes).unwrap();
            match envelope.header.kind {
                Kind::Statement => {
                    statements.push(Statement::open(&envelope.content).unwrap());
                }
                Kind::Certificate => {
                    certificates.push(Certificate::open(&envelope.content).unwrap());
                }
                _ => {}
            }
        }
        let clinic = statements[0].clinic();
        let membership = Membership::fold(clinic, statements.clone(), certificates);
        Self {
            ledger,
            cache,
            membership: membership.unwrap(),
            statements,
        }
    }

    fn meta(&self, name: &str) -> &[u8] {
        let rows = &self.ledger["meta"];
        let row = rows.iter().find(|(key, _)| key == name.as_bytes());
        &row.unwrap().1
    }

    /// Unlocks the user's own file, and with each key that turns up all that was wrapped to
    /// it, until nothing more turns up.
    fn loot(&self, user: UserId, passphrase: &str, remembered: &[Vec<u8>]) -> Loot {
        let (_, file) = self.membership.user(user).unwrap().file.clone().unwrap();
        let own = seal::unlock_with_passphrase(passphrase, &file).unwrap();
        let mut loot = Loot {
            user: Some(user),
            ..Loot::default()
        };
        loot.take(&own[1..]);
        let device: Vec<u8> = postcard::from_bytes(self.meta("device")).unwrap();
        let mut locked: Vec<Vec<u8>> = vec![device];
        locked.extend_from_slice(remembered);
        for statement in &self.statements {
            match statement.body() {
                Body::Epoch(epoch) => locked.push(epoch.wrapped.clone()),
                Body::Wrap { wrapped, .. } => locked.push(wrapped.clone()),
                Body::UserFile { file, .. } => locked.push(file.clone()),
                _ => {}
            }
        }
        loop {
            let before = locked.len();
            let keys: Vec<CarryKey> = loot
                .carry
                .iter()
                .map(|it| CarryKey::from_secret(it.secret().copy()))
                .collect();
            locked.retain(|file| {
                let opened = keys.iter().find_map(|it| seal::unwrap(it, file, 1024).ok());
                let Some(opened) = opened else { return true };
                let version = usize::from(opened.len() % 32 == 1);
                loot.take(&opened[version..]);
                false
            });
            if locked.len() == before {
                return loot;
            }
        }
    }
}

/// Whose a key of the audit is, and since when.
type AuditSealer = (SessionId, Option<UserId>, Moment);
/// The key, whose it is, the number of the first row, the hash of the row before it, and
/// the rows.
type AuditBatch = (Vec<u8>, AuditSealer, u64, Hash, Vec<Vec<u8>>);

impl Loot {
    fn take(&mut self, bytes: &[u8]) {
        for secret in bytes.chunks_exact(32).filter_map(Secret::from_slice) {
            self.carry.push(CarryKey::from_secret(secret.copy()));
            self.secrets.push(secret);
        }
    }

    /// Every key that two secrets, or one, make by the ways in which keys are made here.
    fn pairs(&self, make: impl Fn(&Secret, &Secret) -> Secret) -> Vec<Secret> {
        let pairs = self
            .secrets
            .iter()
            .flat_map(|a| self.secrets.iter().map(move |b| (a, b)));
        pairs.map(|(a, b)| make(a, b)).collect()
    }

    fn opens_envelope(&self, bytes: &[u8]) -> bool {
        let envelope = Envelope::decode(bytes).unwrap();
        let Header { doc, k, kind, .. } = envelope.header;
        if kind == Kind::Audit {
            let batch = envelope.content.strip_prefix(&[1, 0]).unwrap();
            return self
                .opens_audit(envelope.header.log, postcard::from_bytes(batch).unwrap());
        }
        let mut keys = self.secrets.iter().map(|it| names::doc_key(it, doc, k));
        keys.any(|it| open_payload(&envelope, &it).is_ok())
    }

    fn opens_audit(&self, log: LogId, batch: AuditBatch) -> bool {
        let (key, (session, user, _since), first, mut prev, rows) = batch;
        let unwrapped = self
            .carry
            .iter()
            .filter_map(|it| seal::unwrap(it, &key, 1024).ok());
        let keys: Vec<Secret> =
            unwrapped.filter_map(|it| Secret::from_slice(&it)).collect();
        let user = user.unwrap_or(UserId::ZERO);
        rows.iter().zip(first..).any(|(row, n)| {
            let place: [&[u8]; 6] = [
                b"audit\0\x01\0",
                log.as_bytes(),
                &n.to_be_bytes(),
                prev.as_bytes(),
                session.as_bytes(),
                user.as_bytes(),
            ];
            let place = place.concat();
            let (salt, sealed) = row.split_at(4);
            let nonce = [salt, &n.to_be_bytes(), &[0; 12]]
                .concat()
                .try_into()
                .unwrap();
            prev = seal::hash(row);
            let mut keys = keys.iter();
            keys.any(|it| seal::open(it, &nonce, &place, sealed).is_ok())
        })
    }

    fn opens_sealed(&self, keys: &[Secret], ad: &[u8], row: &[u8]) -> bool {
        let all = keys.iter().chain(&self.secrets);
        all.into_iter()
            .any(|it| seal::open_row(it, ad, row).is_ok())
    }

    fn opens_name(&self, disk: &Disk, named: Named, name: &SealedName) -> bool {
        let clinic = disk.membership.clinic();
        let mut keys = self.secrets.iter().map(NameKey::of);
        keys.any(|it| it.open(clinic, named, name).is_ok())
    }
}

/// Whose each sealed row is, by what its writer meant: the document that its id is of.
struct Meant {
    parts: BTreeMap<DocId, For>,
}

impl Meant {
    fn by(owner: &Loot, patients: &[PatientId]) -> Self {
        let mut parts = BTreeMap::new();
        for naming in &owner.secrets {
            for part in Part::OF_PATIENT {
                for patient in patients {
                    let id = names::doc_id(naming, Some(*patient), part.name());
                    let whose = if part == Part::Identity {
                        For::Front
                    } else {
                        For::Clinical
                    };
                    parts.insert(id, whose);
                }
            }
            for category in categories() {
                let part = Part::Restricted(category);
                let id = names::doc_id(naming, Some(patients[0]), part.name());
                parts.insert(id, For::Closed(category));
            }
            let site = names::doc_id(naming, None, Part::Site.name());
            parts.insert(site, For::Front);
        }
        Self { parts }
    }

    fn envelope(&self, bytes: &[u8]) -> Option<For> {
        let (header, _) = Header::decode(bytes).unwrap();
        match header.lane {
            Lane::Membership => None,
            Lane::Desk => Some(For::Front),
            Lane::Clinical => Some(For::Clinical),
            Lane::Attachments | Lane::Restricted => Some(self.parts[&header.doc]),
            Lane::Audit => Some(For::Audit),
        }
    }

    fn cached(&self, table: &str, key: &[u8]) -> For {
        match table {
            "roster" => For::Front,
            "marks" => For::Clinical,
            "snapshots" | "projections" => self.parts[&DocId::from_slice(key).unwrap()],
            other => panic!("a row in the table {other}"),
        }
    }
}

/// How many rows of each sort a user opens, and how many there are.
type Counts = BTreeMap<(&'static str, For), (usize, usize)>;

/// Tries everything on everything.
fn try_all(disk: &Disk, meant: &Meant, loot: &Loot) -> Counts {
    let mut counts = Counts::new();
    let mut count = |what, whose, opens: bool| {
        let (opened, all) = counts.entry((what, whose)).or_default();
        *opened += usize::from(opens);
        *all += 1;
    };
    for (_, bytes) in &disk.ledger["envelopes"] {
        match meant.envelope(bytes) {
            Some(whose) => count("envelope", whose, loot.opens_envelope(bytes)),
            None => assert!(!loot.opens_envelope(bytes)),
        }
    }
    let (_, wrapped, by): ([u8; 8], Vec<u8>, AuditSealer) =
        postcard::from_bytes(disk.meta("audit/key")).unwrap();
    for (key, row) in &disk.ledger["open_audit"] {
        let (log, n) = key.split_at(16);
        let log = LogId::from_slice(log).unwrap();
        let (prev, row) = row.split_at(32);
        let (prev, row) = (Hash::from_slice(prev).unwrap(), row.to_vec());
        let n = u64::from_be_bytes(n.try_into().unwrap());
        count(
            "open audit",
            For::Audit,
            loot.opens_audit(log, (wrapped.clone(), by, n, prev, vec![row])),
        );
    }
    let drafts = loot.pairs(|carry, local| {
        derive("cairn/draft/v1", &[carry.as_bytes(), local.as_bytes()])
    });
    for (name, row) in &disk.ledger["meta"] {
        let text = String::from_utf8(name.clone()).unwrap();
        let Some(rest) = text.strip_prefix("unfinished/") else {
            continue;
        };
        let author: UserId = rest.split('/').next().unwrap().parse().unwrap();
        // The mark, then the sealed text with its length before it.
        let (_, sealed): ((String, i64), Vec<u8>) = postcard::from_bytes(row).unwrap();
        let opens = loot.opens_sealed(&drafts, name, &sealed);
        count("draft", For::Author(author), opens);
    }
    let caches = loot.pairs(names::cache_key);
    for table in [
        "snapshots",
        "projections",
        "roster",
        "marks",
        "drafts",
        "state",
    ] {
        for (key, row) in &disk.cache[table] {
            let ad = [table.as_bytes(), &[0], key.as_slice()].concat();
            let whose = meant.cached(table, key);
            count("cached", whose, loot.opens_sealed(&caches, &ad, row));
        }
    }
    for member in disk.membership.users().values() {
        let opens = loot.opens_name(disk, Named::User(member.user), &member.name);
        count("name", For::Front, opens);
    }
    counts
}

fn categories() -> impl Iterator<Item = Category> {
    NAMED.iter().map(|(it, _)| Category::new(it).unwrap())
}

/// Closes a problem of the first patient under each category, in the clinician's name.
fn close(staff: &Staff, patient: PatientId) {
    let mut owner = staff.sign_in(Role::Owner);
    for (category, (word, named)) in categories().zip(NAMED) {
        owner.begin_category(word).unwrap();
        let okot = staff.user(Role::Clinician);
        owner.allow_category(category, okot, None).unwrap();
        if !named.contains(&Role::Owner) {
            owner
                .deny_category(category, staff.user(Role::Owner))
                .unwrap();
        }
    }
    owner.sign_out().unwrap();
    let mut okot = staff.sign_in(Role::Clinician);
    for category in categories() {
        let problem = closed_record(&mut okot, Of::Problem, category);
        add(&mut okot, patient, problem).unwrap();
    }
    okot.open(patient).unwrap();
    okot.sign_out().unwrap();
}

/// A worked-in clinic: every kind of record, a snapshot, drafts of two people, an import,
/// two epochs, an auditor's and open rows. Gives the patients and the one who left.
fn worked_in(staff: &Staff) -> (Vec<PatientId>, UserId, Vec<u8>) {
    let mut session = staff.sign_in(Role::Owner);
    let gone = session
        .add_user(
            "gone",
            Role::Clinician,
            "somebody who will be gone soon enough",
        )
        .unwrap();
    let mut patients = vec![register(&mut session)];
    fill(&mut session, patients[0]);
    session.settle().unwrap();
    let store = raw_meta(staff, session, "device");
    let mut session = staff.sign_in(Role::Owner);
    session.remove_user(gone, false).unwrap();
    patients.push(register(&mut session));
    fill(&mut session, patients[1]);
    wear(&mut session, patients[1]);
    staff.import(&mut session);
    patients.push(session.find("achieng", 5).unwrap()[0].patient);
    let text = b"haemoptysis, not yet saved";
    session.save_draft("note", Some(patients[0]), text).unwrap();
    session.sign_out().unwrap();
    close(staff, patients[0]);
    let mut nurse = staff.sign_in(Role::Nurse);
    nurse.save_draft("note", Some(patients[1]), text).unwrap();
    nurse.save_draft("registration", None, b"Wanjiru").unwrap();
    nurse.sign_out().unwrap();
    let mut desk = staff.sign_in(Role::FrontDesk);
    desk.open(patients[0]).unwrap();
    // It goes away without a word, and leaves its rows open.
    desk.settle().unwrap();
    drop(desk);
    (patients, gone, store)
}

/// A small row as it stands when this session has ended.
fn raw_meta(staff: &Staff, session: cairn::clinic::Session, name: &str) -> Vec<u8> {
    session.sign_out().unwrap();
    let copy = tempfile::TempDir::new().unwrap();
    let file = copy.path().join("ledger.redb");
    fs::copy(staff.home().join("ledger.redb"), &file).unwrap();
    let tables = raw::tables(&file);
    let row = tables["meta"]
        .iter()
        .find(|(key, _)| key == name.as_bytes());
    postcard::from_bytes(&row.unwrap().1).unwrap()
}

fn holds(role: Role, whose: For, user: UserId) -> bool {
    let (_, row) = TABLE.iter().find(|(it, _)| *it == role).unwrap();
    let cells: Vec<bool> = row.split(' ').map(|it| it == "x").collect();
    match whose {
        For::Front => cells[0],
        For::Clinical => cells[1],
        For::Audit => cells[2],
        For::Closed(category) => {
            let mut named = NAMED.iter().filter(|(it, _)| *it == category.word());
            named.any(|(_, roles)| roles.contains(&role))
        }
        For::Author(author) => author == user,
    }
}

#[test]
fn all_keys_of_each_role_open_exactly_what_the_role_table_says() {
    let staff = Staff::hired();
    let (patients, gone, device) = worked_in(&staff);
    let users: Vec<UserId> = ROLES.iter().map(|it| staff.user(*it)).collect();
    let home = staff.home();
    let Staff { folder, clinic, .. } = staff;
    drop(clinic);
    let disk = Disk::read(&home);
    let owner = disk.loot(users[0], &passphrase(Role::Owner), &[]);
    let meant = Meant::by(&owner, &patients);
    let mut sorts = BTreeSet::new();
    for (role, user) in ROLES.into_iter().zip(users) {
        let loot = disk.loot(user, &passphrase(role), &[]);
        assert_eq!(loot.user, Some(user));
        for ((what, whose), (opened, all)) in try_all(&disk, &meant, &loot) {
            let expected = if holds(role, whose, user) { all } else { 0 };
            assert_eq!(
                opened, expected,
                "{role:?} opens of {all}: {what} of {whose:?}"
            );
            sorts.insert((what, matches!(whose, For::Author(_)).then_some(()), all > 0));
        }
    }
    // There was something of every sort to be opened.
    assert_eq!(sorts.len(), 5, "{sorts:?}");

    // Who has left knows the keys of her time and this machine's secret, and no later one.
    let loot = disk.loot(gone, "somebody who will be gone soon enough", &[device]);
    let counts = try_all(&disk, &meant, &loot);
    for whose in [For::Front, For::Clinical] {
        let (opened, all) = counts[&("envelope", whose)];
        assert!(0 < opened && opened < all, "{opened} of {all} of {whose:?}");
        assert_eq!(counts[&("cached", whose)].0, 0, "cached {whose:?}");
    }
    for (_, bytes) in &disk.ledger["envelopes"] {
        let (header, _) = Header::decode(bytes).unwrap();
        let current = disk
            .membership
            .epoch(header.epoch)
            .filter(|it| it.key.number > 1);
        assert!(current.is_none() || !loot.opens_envelope(bytes));
    }
    drop(folder);
}
