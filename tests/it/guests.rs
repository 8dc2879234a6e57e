//! Two clinics that meet about what one shares with somebody of the other: exactly that
//! arrives, and what ends it; what is forged, widened or replayed changes nothing.

use std::{cell::Cell, collections::BTreeSet, sync::Arc};

use cairn::{
    chart::{
        Consent, ConsentState, Decision, Edit, How, Part, Purpose, Record, SharedPart,
        Subject,
    },
    clinic::{
        CardRow, Clinic, Founding, NewMachine, Outside, Session, Share, Side as _,
        Surroundings,
    },
    ids::{DocId, Hash, PatientId, StatementId},
    ledger::{Entry, Kind, open_payload},
    members::{Papers, Term, Verified},
    seal::{Secret, SeededEntropy, SigningKey, Work, derive, hash},
    store::{Home, Store},
    time::{Clock, Moment, Timestamp},
};
use tempfile::TempDir;

use crate::{
    clinic::{PASSPHRASE, amoxicillin, grace, owner, penicillin},
    flaky_disk::Dice,
    meeting::Faults,
    visit::{Visit, endpoint, visit},
};

const DAY_MS: i64 = 24 * 60 * 60 * 1000;
/// 2026-03-02 08:00 UTC.
const BEGINNING: Timestamp = Timestamp(1_772_438_400_000);

thread_local! {
    /// Milliseconds since the beginning, by the clinic's clock and by the guest's.
    static CLOCKS: Cell<[i64; 2]> = const { Cell::new([0; 2]) };
}

fn tell(at: usize) -> (Moment, i64) {
    let ms = CLOCKS.get()[at];
    let at = BEGINNING.plus_ms(ms);
    (
        Moment {
            at,
            offset_minutes: 180,
        },
        ms,
    )
}

pub(crate) fn set_clocks(host_days: i64, guest_days: i64) {
    CLOCKS.set([host_days * DAY_MS, guest_days * DAY_MS]);
}

/// A clinic that stands alone.
pub(crate) struct Place {
    folder: TempDir,
    pub(crate) clinic: Arc<Clinic>,
}

/// What a machine takes from outside, with the clock of one of the two.
fn around(at: usize, seed: u64) -> Surroundings {
    let tell: fn() -> (Moment, i64) = if at == 0 { || tell(0) } else { || tell(1) };
    Surroundings {
        clock: Clock::Told(tell),
        entropy: Box::new(SeededEntropy::new(seed)),
        work: Some(Work::DEMO),
    }
}

fn place(at: usize, clinic: &str, user: &str) -> Place {
    let folder = TempDir::new().unwrap();
    let founding = Founding {
        machine: "1".to_owned(),
        clinic: clinic.to_owned(),
        user: user.to_owned(),
        passphrase: PASSPHRASE.to_owned().into(),
    };
    let around = around(at, 4_000 + at as u64);
    let home = folder.path().join("home");
    let clinic = Clinic::create(&home, founding, around, |_| Ok(())).unwrap();
    Place { folder, clinic }
}

/// Two clinics whose owners keep each other's cards; the first has two patients.
pub(crate) struct Two {
    pub(crate) host: Place,
    pub(crate) guest: Place,
    pub(crate) okot: Session,
    pub(crate) were: Session,
    pub(crate) row: CardRow,
    pub(crate) patients: [PatientId; 2],
}

pub(crate) fn two() -> Two {
    set_clocks(0, 0);
    let (host, guest) = (place(0, "Kijani", "Dr Okot"), place(1, "Mbale", "Dr Were"));
    let (mut okot, mut were) = (owner(&host.clinic), owner(&guest.clinic));
    okot.keep_card(&were.card().unwrap(), Verified::Room)
        .unwrap();
    were.keep_card(&okot.card().unwrap(), Verified::Room)
        .unwrap();
    let row = okot.card_to_share("Dr Were").unwrap();
    let patients = [grace(&mut okot), grace(&mut okot)];
    for patient in patients {
        let records = [penicillin(&mut okot), amoxicillin(&mut okot)];
        for record in records {
            let edit = Edit::add(record);
            okot.save(Subject::Patient(patient), vec![edit]).unwrap();
        }
        let pulse = crate::bad_days::pulse(&mut okot, "72");
        okot.save(Subject::Patient(patient), vec![pulse]).unwrap();
    }
    Two {
        host,
        guest,
        okot,
        were,
        row,
        patients,
    }
}

impl Two {
    /// Another machine of the clinic that shares.
    pub(crate) fn second(&mut self) -> Place {
        let new = NewMachine::draw(false, &mut SeededEntropy::new(4_100));
        let enrolment = self.okot.invite_accept(&new.card("2"), None).unwrap();
        let folder = TempDir::new().unwrap();
        let home = folder.path().join("home");
        let clinic = Clinic::join(&home, &new, enrolment, around(0, 4_200)).unwrap();
        Place { folder, clinic }
    }

    fn agree(&mut self, patient: PatientId) {
        let consent = Consent {
            entry: self.okot.entry(),
            decision: Decision::Given,
            state: ConsentState::Active,
            withdrawal: None,
            to: "Dr Were".to_owned(),
            card: Some(Hash::from_bytes(*self.row.card.id().as_bytes())),
            parts: vec![SharedPart::Summary],
            shared_from: None,
            shared_until: None,
            purpose: Purpose::Treatment,
            from: None,
            until: Some(self.okot.today().plus_days(30)),
            how: How::Written,
            witness: String::new(),
            over: Vec::new(),
        };
        let edit = Edit::add(Record::Consent(consent));
        let subject = Subject::Patient(patient);
        self.okot.save(subject, vec![edit]).unwrap();
    }

    /// Shares the summary of the first patient for so many days.
    pub(crate) fn share(&mut self, days: i64) -> StatementId {
        let patient = self.patients[0];
        self.agree(patient);
        let share = Share {
            parts: [Part::Summary].into(),
            until: self.okot.moment().at.plus_ms(days * DAY_MS),
            purpose: Purpose::Treatment,
        };
        self.okot.share(patient, &self.row, &share).unwrap()
    }

    pub(crate) fn meet(&mut self) -> Visit {
        self.okot.settle().unwrap();
        let both = [&*self.host.clinic, &*self.guest.clinic];
        visit(both, Faults::default(), &mut Dice(1), |_| {})
    }

    pub(crate) fn papers(&self) -> Vec<u8> {
        let guest = endpoint(&self.guest.clinic);
        self.host.clinic.hosting(guest).papers().unwrap()
    }

    /// What was granted, with the inbox.
    fn granted(&self) -> BTreeSet<DocId> {
        let papers = Papers::open(&self.papers()).unwrap();
        let grants = papers.grants(Timestamp(0));
        grants.flat_map(|(_, it, _)| it.scope()).collect()
    }

    fn term(&self) -> Term {
        let papers = Papers::open(&self.papers()).unwrap();
        let now = self.host.clinic.moment().at;
        let mut terms = papers.grants(now).map(|(.., it)| it);
        terms.next().unwrap()
    }

    /// What the guest may have by what it was told.
    pub(crate) fn scope_there(&self) -> BTreeSet<DocId> {
        let host = endpoint(&self.host.clinic);
        let visiting = self.guest.clinic.visiting(self.host.clinic.id(), host);
        visiting.unwrap().scope().unwrap()
    }
}

/// Every document that a clinic ever changed.
fn documents(clinic: &Clinic) -> BTreeSet<DocId> {
    let mut found = BTreeSet::from([DocId::ZERO]);
    for ((log, lane), (last, _)) in clinic.frontier().unwrap() {
        for seq in 1..=last {
            let at = cairn::ledger::Place { log, lane, seq };
            let bytes = clinic.read_run(at, 1).unwrap();
            found.insert(Entry::decode(&bytes[0]).unwrap().header().doc);
        }
    }
    found
}

/// Everything that stands in the guest's home of a clinic, by document.
fn held(guest: Place, clinic: &Clinic, docs: &BTreeSet<DocId>) -> Vec<Entry> {
    let home = guest.folder.path().join("home");
    drop(guest.clinic);
    let home = Arc::new(Home::open(&home, BEGINNING).unwrap());
    let store = Store::open(home).unwrap();
    let shelf = store.shelf(&clinic.id().to_string()).unwrap();
    let mut found = Vec::new();
    for doc in docs {
        shelf
            .each_of(*doc, |_, bytes| {
                found.push(Entry::decode(bytes).unwrap());
                true
            })
            .unwrap();
    }
    assert_eq!(
        shelf.count().unwrap(),
        found.len() as u64,
        "of other documents"
    );
    found
}

#[test]
fn exactly_what_was_granted_arrives_and_opens_with_the_keys_that_were_given() {
    let mut two = two();
    two.share(7);
    let met = two.meet();
    assert!(met.let_in && met.in_step, "{met:?}");
    assert_eq!(met.refused, []);
    let granted = two.granted();
    let sent: BTreeSet<_> = met.left.into_iter().collect();
    // The inbox is empty.
    assert!(sent.is_subset(&granted) && sent.len() == 2, "{sent:?}");
    let again = two.meet();
    assert!(again.in_step && again.taken == 0 && again.frames == 2);
    let docs = documents(&two.host.clinic);
    assert!(docs.len() > granted.len() + 3);
    drop((two.okot, two.were));
    let host = two.host;
    let held = held(two.guest, &host.clinic, &docs);
    let of: BTreeSet<_> = held.iter().map(|it| it.header().doc).collect();
    assert_eq!(of, sent);
    assert!(held.iter().all(|it| it.header().kind == Kind::Change));
}

#[test]
fn a_stranger_and_a_clinic_without_a_card_hear_nothing() {
    let mut two = two();
    let met = two.meet();
    assert!(!met.let_in, "before anything was shared");
    two.share(7);
    let stranger = SigningKey::from_secret(&derive("cairn/test/key", &[b"x"])).public();
    assert_eq!(
        two.host.clinic.outside(stranger).unwrap(),
        Outside::default()
    );
    let hosting = two.host.clinic.hosting(stranger);
    assert!(hosting.scope().unwrap().is_empty());
    assert!(hosting.frontier().unwrap().is_empty());
    let papers = Papers::open(&hosting.papers().unwrap()).unwrap();
    assert!(papers.statements.is_empty() && papers.certificates.is_empty());
    let other = two.host.clinic.id();
    assert!(two.guest.clinic.visiting(other, stranger).is_err());
    let theirs = endpoint(&two.host.clinic);
    assert!(
        two.guest
            .clinic
            .visiting(two.guest.clinic.id(), theirs)
            .is_err()
    );
}

#[test]
fn a_revocation_arrives_and_what_is_written_then_does_not() {
    let mut two = two();
    let grant = two.share(7);
    two.meet();
    assert!(!two.scope_there().is_empty());
    two.okot.revoke_share(grant).unwrap();
    let patient = two.patients[0];
    let edit = Edit::add(penicillin(&mut two.okot));
    two.okot
        .save(Subject::Patient(patient), vec![edit])
        .unwrap();
    let met = two.meet();
    assert!(
        met.let_in && met.left.is_empty() && met.taken == 0,
        "{met:?}"
    );
    assert!(matches!(two.term(), Term::Revoked { .. }));
    assert!(two.scope_there().is_empty());
}

#[test]
fn a_share_ends_by_the_clock_and_no_clock_that_is_set_back_makes_it_longer() {
    let mut two = two();
    two.share(7);
    two.meet();
    set_clocks(3, 8);
    assert!(two.scope_there().is_empty(), "by the guest's own clock");
    set_clocks(3, 3);
    assert!(!two.scope_there().is_empty());
    // Another day: two machines of the clinic agree on it, and the guest hears of that.
    let guest = endpoint(&two.guest.clinic);
    set_clocks(8, 3);
    assert!(two.host.clinic.hosting(guest).scope().unwrap().is_empty());
    let met = two.meet();
    assert!(met.let_in && met.left.is_empty());
    set_clocks(3, 3);
    assert!(matches!(two.term(), Term::Revoked { .. } | Term::Live));
}

/// A change of papers and what it must be refused for; signed by the clinic's machine.
type Change = (&'static str, fn(&mut Papers, &Two));

const CHANGES: [Change; 6] = [
    ("of another clinic", |it, two| {
        it.clinic = two.guest.clinic.id();
    }),
    ("for another machine", |it, two| {
        it.to = endpoint(&two.host.clinic);
    }),
    ("widened", |it, _| {
        it.erased.insert(DocId::from_bytes([7; 16]));
    }),
    ("a key for nobody", |it, two| {
        let other = two.were.card().unwrap().about().carry;
        let theirs = two.okot.card().unwrap().about().carry;
        let told = it.told.remove(&other).unwrap();
        it.told.insert(theirs, told);
    }),
    ("another signer", |it, two| {
        it.by = endpoint(&two.guest.clinic);
    }),
    ("keys without their grant", |it, _| {
        let is_grant = |it: &StatementId, papers: &Papers| {
            papers.grants(Timestamp(0)).any(|(id, ..)| id == *it)
        };
        let papers = it.clone();
        it.statements.retain(|id, _| !is_grant(id, &papers));
    }),
];

#[test]
fn papers_that_are_forged_widened_or_of_others_change_nothing() {
    let mut two = two();
    two.share(7);
    two.meet();
    let visiting = |two: &Two| {
        let host = endpoint(&two.host.clinic);
        let there = two
            .guest
            .clinic
            .visiting(two.host.clinic.id(), host)
            .unwrap();
        there.papers_hash().unwrap()
    };
    let before = visiting(&two);
    assert_eq!(before, hash(&two.papers()));
    let secret: Secret = two.host.clinic.endpoint_secret().unwrap();
    let key = SigningKey::from_secret(&secret);
    let stranger = SigningKey::from_secret(&derive("cairn/test/key", &[b"x"]));
    let host = endpoint(&two.host.clinic);
    let refused = |two: &Two, bytes: &[u8], what: &str| {
        let there = two
            .guest
            .clinic
            .visiting(two.host.clinic.id(), host)
            .unwrap();
        assert!(there.take_papers(bytes).is_err(), "{what}");
        assert_eq!(visiting(two), before, "{what}");
    };
    let papers = Papers::open(&two.papers()).unwrap();
    for (what, change) in CHANGES {
        let mut other = papers.clone();
        change(&mut other, &two);
        refused(&two, &other.sign(&key), what);
    }
    let mut forged = papers.clone();
    forged.by = stranger.public();
    refused(&two, &forged.sign(&stranger), "a stranger's");
    refused(&two, &papers.sign(&stranger), "another's signature");
    let bytes = two.papers();
    for at in [0, 5, 30, 100, bytes.len() / 2, bytes.len() - 1] {
        let mut damaged = bytes.clone();
        damaged[at] ^= 1;
        refused(&two, &damaged, "damaged");
        refused(&two, &bytes[..at], "cut short");
    }
    // Of a machine that has heard less.
    let mut older = papers.clone();
    older.known -= 1;
    older.statements.clear();
    older.told.clear();
    older.writing.clear();
    let there = two
        .guest
        .clinic
        .visiting(two.host.clinic.id(), host)
        .unwrap();
    there.take_papers(&older.sign(&key)).unwrap();
    assert_eq!(visiting(&two), before);
}

#[test]
fn runs_that_nobody_shared_or_signed_are_refused_on_both_sides() {
    let mut two = two();
    two.share(7);
    two.meet();
    let granted = two.granted();
    let host_at = endpoint(&two.host.clinic);
    let guest_at = endpoint(&two.guest.clinic);
    let clinic = two.host.clinic.id();
    let visiting = two.guest.clinic.visiting(clinic, host_at).unwrap();
    let hosting = two.host.clinic.hosting(guest_at);
    let mut all = Vec::new();
    for ((log, lane), (last, _)) in two.host.clinic.frontier().unwrap() {
        for seq in 1..=last {
            let at = cairn::ledger::Place { log, lane, seq };
            let bytes = two.host.clinic.read_run(at, 1).unwrap();
            all.push(Entry::decode(&bytes[0]).unwrap());
        }
    }
    let before = visiting.frontier().unwrap();
    for entry in &all {
        let is_granted = granted.contains(&entry.header().doc);
        let taken = visiting.take(vec![vec![entry.clone()]]).unwrap();
        assert_eq!(taken.refused.is_empty(), is_granted, "{:?}", entry.header());
        let Entry::Whole(mut forged) = entry.clone() else {
            continue;
        };
        forged.header.hlc = forged.header.hlc.next();
        let forged = vec![vec![Entry::Whole(forged)]];
        assert_eq!(visiting.take(forged.clone()).unwrap().new, 0);
        assert_eq!(visiting.take(forged.clone()).unwrap().refused.len(), 1);
        // The clinic takes nothing of its own from a guest, but what it has.
        assert_eq!(hosting.take(forged).unwrap().refused.len(), 1);
        assert_eq!(hosting.take(vec![vec![entry.clone()]]).unwrap().known, 1);
    }
    assert_eq!(visiting.frontier().unwrap(), before);
    let opens = all.iter().filter_map(Entry::whole).filter(|it| {
        let key = derive("cairn/test/key", &[b"none"]);
        open_payload(it, &key).is_ok()
    });
    assert_eq!(opens.count(), 0);
}
