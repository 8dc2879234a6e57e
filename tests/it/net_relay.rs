//! What one machine wrote unsoundly and others pass on in good faith: it is nobody else's
//! fault, and stops nothing else.

use std::{collections::BTreeSet, sync::Arc};

use cairn::{
    clinic::{Clinic, Session},
    ids::{DocId, LogId, StatementId},
    ledger::{Chain, Entry, Envelope, Header, Kind, Lane},
    members::{Certificate, Granted},
    seal::{CarryKey, SeededEntropy, Signature, SigningKey, names},
    sync::{pair::Card, status::Reach},
    time::{Hlc, now},
};

use crate::{
    clinic::{founded, grace, owner},
    devices::joined,
    net::{peer, started, until},
};

/// Changes in a row that nobody signed, and one after them that somebody did: as long a
/// stretch as one signature vouches for.
const UNSIGNED: usize = 20;

/// A machine that an owner lets in, whose program its user wrote.
struct Altered {
    device: SigningKey,
    session: SigningKey,
}

impl Altered {
    fn let_in(okot: &mut Session) -> Self {
        let mut entropy = SeededEntropy::new(77);
        let device = SigningKey::generate(&mut entropy);
        let card = Card {
            key: device.public(),
            carry: CarryKey::generate(&mut entropy).public(),
            endpoint: SigningKey::generate(&mut entropy).public(),
            name: "altered".to_owned(),
            mailbox: false,
        };
        okot.invite_accept(&card, None).unwrap();
        let session = SigningKey::generate(&mut entropy);
        Self { device, session }
    }

    fn log(&self) -> LogId {
        names::log_id(&self.device.public())
    }

    /// Its session's certificate; and changes, of which only the last is signed, which
    /// vouches for all of them where they come together.
    fn written(&self, clinic: &Clinic) -> [Vec<Entry>; 2] {
        let at = Hlc::from_parts(now(), 0);
        let user = SigningKey::generate(&mut SeededEntropy::new(78));
        let granted = Granted {
            clinic: clinic.id(),
            session: self.session.public(),
            user: names::user_id(&user.public()),
            at,
            not_after: now().plus_ms(3_600_000),
            heads: BTreeSet::from([StatementId::from_bytes([1; 32])]),
        };
        let certificate = Certificate::issue(granted, &user, &self.device).unwrap();
        let id = certificate.id();
        let begun = Header::unsealed(Kind::Certificate, clinic.id(), id, at);
        let begun = Chain::start(self.log(), Lane::Membership).place(begun);
        let begun = Envelope::sign(begun, certificate.encode(), &self.session).unwrap();
        let mut chain = Chain::start(self.log(), Lane::Desk);
        let mut changes = Vec::new();
        for n in 0..=UNSIGNED {
            let header = chain.place(Header {
                kind: Kind::Change,
                lane: Lane::Desk,
                doc: DocId::from_bytes([2; 16]),
                ..Header::unsealed(Kind::Change, clinic.id(), id, at)
            });
            let mut change = Envelope::sign(header, vec![0; 80], &self.session).unwrap();
            if n < UNSIGNED {
                change.signature = Signature::from_bytes([7; 64]);
            }
            chain.append(&change.stub()).unwrap();
            changes.push(change.into());
        }
        [vec![begun.into()], changes]
    }
}

#[test]
fn what_another_machine_left_unsigned_stops_nothing_else() {
    let (_here, a) = founded();
    let mut okot = owner(&a);
    let (_there, b): (_, Arc<Clinic>) = joined(&mut okot, 1);
    let altered = Altered::let_in(&mut okot);
    for run in altered.written(&a) {
        let count = run.len();
        assert_eq!(a.take(vec![run]).unwrap().new, count);
    }
    grace(&mut okot);
    okot.sign_out().unwrap();
    let of_a = started(&a, &[]);
    let of_b = started(&b, &[(&a, &of_a)]);
    until(&of_b, "the same is on both, unsigned or not", || {
        let (a, b) = (a.frontier().unwrap(), b.frontier().unwrap());
        a == b && b.contains_key(&(altered.log(), Lane::Desk))
    });
    assert_ne!(peer(&of_b, &a).state, Reach::Unsound);
}
