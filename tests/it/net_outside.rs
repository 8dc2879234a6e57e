//! Machines of two clinics over real sockets on this machine: what one shares with somebody of
//! the other is there within seconds, nothing else is, and what ends it is heard.

use std::{collections::BTreeSet, net::SocketAddr, sync::Arc};

use cairn::{
    chart::{
        Consent, ConsentState, Decision, Edit, How, Part, Purpose, SharedPart, Subject,
    },
    clinic::{CardRow, Clinic, Session, Share, Side as _},
    ids::{DocId, Hash, PatientId, StatementId},
    ledger::ScopedFrontier,
    members::Verified,
    net::{Net, Options},
    seal::PublicKey,
    sync::status::{Outside, Reach, Term},
};
use tempfile::TempDir;

use crate::{
    bad_days::pulse,
    cards::elsewhere,
    clinic::{founded, grace, owner, penicillin},
    net::{options, until},
    visit::endpoint,
};

/// Two clinics whose owners keep each other's cards; the first has a patient.
pub(crate) struct Two {
    _folders: [TempDir; 2],
    pub(crate) here: Arc<Clinic>,
    pub(crate) there: Arc<Clinic>,
    pub(crate) okot: Session,
    pub(crate) were: Session,
    pub(crate) patient: PatientId,
    pub(crate) card: CardRow,
}

impl Two {
    pub(crate) fn new() -> Self {
        let ((one, here), (other, were)) = (founded(), elsewhere());
        let okot = owner(&here);
        Self::of([one, other], okot, were)
    }

    pub(crate) fn of(
        folders: [TempDir; 2],
        mut okot: Session,
        mut were: Session,
    ) -> Self {
        let (mine, other) = (okot.card().unwrap(), were.card().unwrap());
        okot.keep_card(&other, Verified::Room).unwrap();
        were.keep_card(&mine, Verified::Room).unwrap();
        let patient = grace(&mut okot);
        Self {
            _folders: folders,
            here: Arc::clone(okot.clinic()),
            there: Arc::clone(were.clinic()),
            card: okot.card_to_share(&other.about().name).unwrap(),
            okot,
            were,
            patient,
        }
    }

    /// The patient agrees for a month, and the summary is shared for so many days.
    pub(crate) fn share(&mut self, days: i32) -> StatementId {
        let consent = Consent {
            entry: self.okot.entry(),
            decision: Decision::Given,
            state: ConsentState::Active,
            withdrawal: None,
            to: self.card.card.about().name.clone(),
            card: Some(Hash::from_bytes(*self.card.card.id().as_bytes())),
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
        let consent = cairn::chart::Record::Consent(consent);
        self.write(Edit::add(consent));
        let share = Share {
            parts: [Part::Summary].into(),
            until: self.okot.end_of(self.okot.today().plus_days(days)),
            purpose: Purpose::Treatment,
        };
        self.okot.share(self.patient, &self.card, &share).unwrap()
    }

    pub(crate) fn write(&mut self, edit: Edit) {
        let subject = Subject::Patient(self.patient);
        self.okot.save(subject, vec![edit]).unwrap();
        self.okot.settle().unwrap();
    }

    /// Writes an allergy into the summary.
    pub(crate) fn warn(&mut self) {
        let allergy = penicillin(&mut self.okot);
        self.write(Edit::add(allergy));
    }

    /// Both take part; the provider's machine knows where the clinic's is.
    pub(crate) fn start(&self) -> [Net; 2] {
        let ours = begun(&self.here, Vec::new());
        let known = vec![(ours.endpoint(), ours.addrs()[0])];
        let theirs = begun(&self.there, known);
        [ours, theirs]
    }

    /// What the clinic's machine gives the provider's.
    pub(crate) fn given(&self) -> ScopedFrontier {
        let hosting = self.here.hosting(endpoint(&self.there));
        hosting.frontier().unwrap()
    }

    /// What the provider's machine has of it.
    pub(crate) fn held(&self) -> ScopedFrontier {
        let visiting = self.there.visiting(self.here.id(), endpoint(&self.here));
        visiting.unwrap().frontier().unwrap()
    }

    pub(crate) fn documents_held(&self) -> BTreeSet<DocId> {
        self.held().into_keys().map(|(doc, _)| doc).collect()
    }

    pub(crate) fn until_same(&self, [ours, theirs]: &[Net; 2]) {
        until(theirs, "both hold the same", || {
            let held = self.held();
            !held.is_empty()
                && held == self.given()
                && there(theirs, &self.here).state == Reach::InStep
                && there(ours, &self.there).state == Reach::InStep
        });
    }
}

pub(crate) fn begun(clinic: &Arc<Clinic>, known: Vec<(PublicKey, SocketAddr)>) -> Net {
    let options = Options {
        known_outside: known,
        ..options(&[])
    };
    Net::start(Arc::clone(clinic), options).unwrap()
}

/// How it stands with the machine of another clinic.
#[track_caller]
pub(crate) fn there(net: &Net, clinic: &Clinic) -> Outside {
    let mut all = net.outside().into_iter().map(|(it, _)| it);
    let key = endpoint(clinic);
    all.find(|it| it.endpoint == key).unwrap()
}

#[test]
fn what_is_shared_is_there_within_seconds_and_nothing_else_is() {
    let mut two = Two::new();
    two.warn();
    let other = grace(&mut two.okot);
    two.share(7);
    let nets = two.start();
    two.until_same(&nets);
    let scope = two.here.shared_with(endpoint(&two.there));
    assert!(two.documents_held().is_subset(&scope));
    assert_eq!(two.documents_held().len(), 2, "identity and summary");
    let whom = two.okot.shared_with_whom().unwrap();
    let whom: Vec<_> = whom.iter().map(|it| (&*it.name, it.patients)).collect();
    assert_eq!(whom, [("Dr Were", 1)]);
    let met = there(&nets[0], &two.there);
    assert_eq!((met.terms.given, met.terms.taken), (Some(Term::Live), None));
    let met = there(&nets[1], &two.here);
    assert_eq!((met.terms.given, met.terms.taken), (None, Some(Term::Live)));

    // The connection stays: what is written is there without anybody asking.
    let before = two.held();
    let unshared = pulse(&mut two.okot, "72");
    two.okot
        .save(Subject::Patient(other), vec![unshared])
        .unwrap();
    two.warn();
    until(&nets[1], "the allergy arrives", || two.held() != before);
    two.until_same(&nets);
    assert_eq!(two.documents_held().len(), 2);
    // And each knows where the other was met.
    let [ours, theirs] = nets;
    theirs.stop();
    until(&ours, "it is seen that the other went", || {
        there(&ours, &two.there).state == Reach::NotInReach
    });
    for (one, of) in [(&two.here, &two.there), (&two.there, &two.here)] {
        let met = one.outside_met(endpoint(of)).unwrap().unwrap();
        assert!(met.addrs.iter().all(|it| it.ip().is_loopback()));
        assert!(!met.addrs.is_empty());
    }
}

#[test]
fn a_grant_made_while_both_are_on_is_dialled_and_one_taken_back_is_told() {
    let mut two = Two::new();
    let theirs = begun(&two.there, Vec::new());
    let known = vec![(theirs.endpoint(), theirs.addrs()[0])];
    let ours = begun(&two.here, known);
    let grant = two.share(7);
    let nets = [ours, theirs];
    two.until_same(&nets);

    two.okot.revoke_share(grant).unwrap();
    let is_over = |net: &Net, of: &Clinic| {
        let terms = there(net, of).terms;
        [terms.given, terms.taken].contains(&Some(Term::Revoked))
    };
    let before = two.held();
    until(&nets[1], "the provider hears that it is over", || {
        is_over(&nets[1], &two.here)
    });
    assert!(is_over(&nets[0], &two.there));
    two.warn();
    until(&nets[0], "all is said", || {
        there(&nets[0], &two.there).state == Reach::NotInReach
    });
    assert!(two.held().is_empty() || two.held() == before);
    assert!(two.given().is_empty());

    // Granted again, it goes on.
    two.share(7);
    nets[0].sync_now();
    two.until_same(&nets);
}

#[test]
fn two_clinics_that_share_with_each_other_do_so_on_one_connection() {
    let mut two = Two::new();
    two.share(7);
    let mut back = Two {
        _folders: [TempDir::new().unwrap(), TempDir::new().unwrap()],
        here: Arc::clone(&two.there),
        there: Arc::clone(&two.here),
        patient: grace(&mut two.were),
        card: two.were.card_to_share("Dr Okot").unwrap(),
        okot: owner(&two.there),
        were: owner(&two.here),
    };
    back.share(7);
    let nets = two.start();
    two.until_same(&nets);
    let [ours, theirs] = nets;
    let nets = [theirs, ours];
    back.until_same(&nets);
    let terms = there(&nets[0], &two.here).terms;
    assert_eq!(terms.given, Some(Term::Live));
    assert_eq!(terms.taken, Some(Term::Live));
}
