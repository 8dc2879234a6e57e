//! A provider whose program was changed: with real keys, and no scruples. Sessions are
//! certified for what is over, times are made up, documents written that were granted for
//! reading, and everything is sent again and again.

use std::collections::{BTreeMap, BTreeSet};

use cairn::{
    chart::{Edit, Entry as Recorded, Part, Record},
    clinic::{Clinic, Side as _},
    doc::{Around, Doc, Stamp, thin},
    ids::{ClinicId, DocId, KeyId, RecordId, StatementId},
    ledger::{
        Chain, ClockQuality, Entry, Envelope, Header, Kind, Lane, Payload, Suite,
        runs_of, seal_payload,
    },
    members::{
        Card, Certificate, DocKey, Endpoint, Grant, Granted, Papers, Provider,
        SESSION_MS_MAX,
    },
    seal::{CarryKey, PublicKey, Secret, SeededEntropy, SigningKey, derive, names},
    time::{Hlc, Moment, Timestamp},
};

use super::judge_outside::Wrote;
use crate::flaky_disk::Dice;

const DAY_MS: i64 = 24 * 60 * 60 * 1000;

/// The provider.
#[derive(Default)]
pub(super) struct Raw {
    /// What was heard, of every clinic's machine that was met.
    papers: BTreeMap<StatementId, (Grant, Vec<(DocKey, KeyId)>)>,
    keys: BTreeMap<(DocId, KeyId), Secret>,
    sessions: BTreeMap<StatementId, (Certificate, SigningKey)>,
    chains: BTreeMap<(DocId, Lane), Chain>,
    docs: BTreeMap<(StatementId, DocId), Doc>,
    /// All that was ever written.
    written: Vec<Entry>,
    drawn: u64,
}

fn key(name: &str) -> SigningKey {
    SigningKey::from_secret(&derive("cairn/test/raw", &[name.as_bytes()]))
}

fn carry() -> CarryKey {
    CarryKey::from_secret(derive("cairn/test/raw", &[b"carry"]))
}

/// The key that the provider's machine meets others with.
pub(super) fn endpoint() -> PublicKey {
    key("endpoint").public()
}

/// The provider's card.
pub(super) fn card() -> Card {
    let clinic = names::clinic_id(&key("root").public());
    let device = key("device").public();
    let about = Provider {
        clinic,
        clinic_name: "Elsewhere".to_owned(),
        name: "Dr Raw".to_owned(),
        role: cairn::chart::who::Role::Clinician,
        key: key("user").public(),
        carry: carry().public(),
        made: Timestamp(1_700_000_000_000),
    };
    let met_at = Endpoint::of(&key("endpoint"), clinic, &device);
    Card::make(about, [(device, met_at)].into(), &key("user")).unwrap()
}

impl Raw {
    /// Takes the papers of a machine of the clinic, and remembers all of them for ever.
    pub(super) fn hear(&mut self, host: &Clinic) {
        let papers = host.hosting(endpoint()).papers().unwrap();
        let papers = Papers::open(&papers).unwrap();
        for (id, grant, _) in papers.grants(Timestamp(0)) {
            let given: BTreeSet<_> = papers.given(id).collect();
            let held = self.papers.entry(id);
            let held = held.or_insert_with(|| (grant.clone(), Vec::new()));
            held.1 = given.into_iter().collect();
            self.keys.extend(papers.open_given(id, &carry()));
        }
    }

    /// Asks a machine for everything that there may be. Gives the documents that came.
    pub(super) fn grab(host: &Clinic, docs: &BTreeSet<DocId>) -> BTreeSet<DocId> {
        let hosting = host.hosting(endpoint());
        let mut got = BTreeSet::new();
        let logs: BTreeSet<_> = host
            .frontier()
            .unwrap()
            .into_keys()
            .map(|it| it.0)
            .collect();
        for doc in docs {
            for log in &logs {
                let read = hosting.read_scoped((*doc, *log), 1, 1).unwrap();
                got.extend((!read.is_empty()).then_some(*doc));
            }
        }
        got
    }

    /// Writes something, by some grant that was ever heard of, as badly as the dice say.
    pub(super) fn write(
        &mut self,
        clinic: ClinicId,
        now: Timestamp,
        dice: &mut Dice,
    ) -> Option<(RecordId, Wrote)> {
        let ids: Vec<StatementId> = self.papers.keys().copied().collect();
        let id = *ids.get(dice.below(ids.len().max(1)))?;
        let (grant, given) = self.papers.get(&id)?.clone();
        let mut doc = grant.inbox;
        let mut at = now;
        match dice.below(6) {
            0 => at = grant.not_before.plus_ms(1),
            1 => at = grant.not_after.plus_ms(DAY_MS),
            2 => at = grant.not_before.plus_ms(-DAY_MS),
            3 => doc = *grant.documents.keys().next()?,
            _ => {}
        }
        let of_doc = given.into_iter().filter(|(key, _)| key.doc == doc);
        let (key, secret) = of_doc
            .filter_map(|(key, id)| Some((key, self.keys.get(&(doc, id))?.copy())))
            .next_back()?;
        let certificate = self.certified(clinic, (id, &grant), at, dice);
        let session = self.sessions.get(&id)?.1.secret();
        let session = SigningKey::from_secret(&session);
        let hlc = Hlc::from_parts(at, 0);
        let wall = Moment {
            at,
            offset_minutes: 0,
        };
        let around = Around {
            actor: names::actor_id(&session.public(), doc),
            user: certificate.user(),
            log: certificate.log(),
            wall,
        };
        let (record, body) = self.change((id, doc), (&around, at), dice)?;
        let payload = Payload {
            wall,
            clock: ClockQuality::Alone,
            role: 1,
            body: thin(&body, &around),
        };
        let log = names::guest_log_id(&self::key("device").public(), doc);
        let chain = self
            .chains
            .entry((doc, Lane::Clinical))
            .or_insert(Chain::start(log, Lane::Clinical));
        let header = Header {
            suite: Suite::CHANGES,
            doc,
            kind: Kind::Change,
            lane: Lane::Clinical,
            epoch: key.epoch,
            k: key.k,
            ..Header::unsealed(Kind::Certificate, clinic, certificate.id(), hlc)
        };
        self.drawn += 1;
        let mut entropy = SeededEntropy::new(self.drawn);
        let header = chain.place(header);
        let envelope =
            seal_payload(header, &payload, &secret, &session, &mut entropy).unwrap();
        chain.append(&envelope.stub()).unwrap();
        let wrote = Wrote {
            key: *certificate.user_key(),
            grant: id,
            doc,
            log,
            seq: envelope.header.seq,
            at: hlc.timestamp(),
        };
        self.written.push(Entry::Whole(envelope));
        Some((record, wrote))
    }

    /// Sends all that was ever written, whole and as it is, or a little changed.
    pub(super) fn send(&self, host: &Clinic, dice: &mut Dice) -> usize {
        let hosting = host.hosting(endpoint());
        let mut all = self.written.clone();
        all.sort_by_key(|it| (it.header().lane, it.header().log, it.header().seq));
        if dice.below(3) == 0 && !all.is_empty() {
            let at = dice.below(all.len());
            if let Entry::Whole(it) = &mut all[at] {
                match dice.below(3) {
                    0 => it.header.hlc = it.header.hlc.next(),
                    1 => it.header.doc = DocId::from_bytes([7; 16]),
                    _ => it.content[0] ^= 1,
                }
            }
        }
        hosting.take(runs_of(all)).unwrap().new
    }

    fn change(
        &mut self,
        at: (StatementId, DocId),
        (around, now): (&Around, Timestamp),
        dice: &mut Dice,
    ) -> Option<(RecordId, Vec<u8>)> {
        let grant = &self.papers.get(&at.0)?.0;
        let part = if at.1 == grant.inbox {
            Part::Inbox
        } else {
            Part::Summary
        };
        let mut id = [0; 16];
        id[..8].copy_from_slice(&dice.roll().to_be_bytes());
        id[8..].copy_from_slice(&dice.roll().to_be_bytes());
        let record = RecordId::from_bytes(id);
        let entry = Recorded::new(record, around.wall, around.user, around.log);
        let Record::Allergy(mut allergy) = crate::clinic::penicillin_of(entry) else {
            return None;
        };
        allergy.reactions.clear();
        let edit = Edit::add(Record::Allergy(allergy));
        let doc = self.docs.entry(at).or_insert_with(|| Doc::new(part));
        let stamp = Stamp {
            actor: around.actor,
            at: now,
        };
        Some((record, doc.write(&[edit], stamp).unwrap()?))
    }

    /// The session by which a grant is used; now and then one of somebody else.
    fn certified(
        &mut self,
        clinic: ClinicId,
        (id, grant): (StatementId, &Grant),
        at: Timestamp,
        dice: &mut Dice,
    ) -> Certificate {
        if let Some((certificate, _)) = self.sessions.get(&id) {
            return certificate.clone();
        }
        let session =
            SigningKey::from_secret(&derive("cairn/test/raw", &[id.as_bytes()]));
        let user = key(if dice.below(6) == 0 { "other" } else { "user" });
        let hlc = Hlc::from_parts(at, 0);
        let granted = Granted {
            clinic,
            session: session.public(),
            user: grant.user(),
            at: hlc,
            not_after: hlc.timestamp().plus_ms(SESSION_MS_MAX),
            heads: [id].into(),
        };
        let device = key("device");
        let certificate = Certificate::issue(granted, &user, &device).unwrap();
        let lane = Lane::Membership;
        let chain = self
            .chains
            .entry((DocId::ZERO, lane))
            .or_insert(Chain::start(certificate.log(), lane));
        let header = Header::unsealed(Kind::Certificate, clinic, certificate.id(), hlc);
        let header = chain.place(header);
        let envelope = Envelope::sign(header, certificate.encode(), &session).unwrap();
        chain.append(&envelope.stub()).unwrap();
        self.written.push(Entry::Whole(envelope));
        self.sessions.insert(id, (certificate.clone(), session));
        certificate
    }
}
