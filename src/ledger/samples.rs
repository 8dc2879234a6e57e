//! Envelopes for the tests of this layer: always the same ones.

use crate::{
    ids::{ClinicId, DocId, EpochId, LogId, SessionId},
    ledger::{Chain, ClockQuality, Envelope, Header, Kind, Lane, Payload, seal_payload},
    seal::{Secret, SeededEntropy, SigningKey},
    time::{Hlc, Moment, Timestamp},
};

pub(super) const LOG: LogId = LogId::from_bytes([3; 16]);

pub(super) fn entropy() -> SeededEntropy {
    SeededEntropy::new(100)
}

pub(super) fn session() -> SigningKey {
    SigningKey::from_secret(&Secret::from_bytes(&[1; 32]))
}

pub(super) fn doc_key() -> Secret {
    Secret::from_bytes(&[2; 32])
}

pub(super) fn payload() -> Payload {
    Payload {
        wall: Moment {
            at: Timestamp(1_700_000_000_000),
            offset_minutes: -90,
        },
        clock: ClockQuality::Agreed,
        role: 2,
        body: b"pulse 72".to_vec(),
    }
}

pub(super) fn envelope() -> Envelope {
    run(1).remove(0)
}

/// The first `count` envelopes of a chart's chain.
pub(super) fn run(count: usize) -> Vec<Envelope> {
    let mut entropy = entropy();
    let mut chain = Chain::start(LOG, Lane::Clinical);
    let mut run = Vec::new();
    for hlc in (0..).take(count) {
        let session = SessionId::from_bytes([4; 32]);
        let clinic = ClinicId::from_bytes([5; 16]);
        let header = Header {
            doc: DocId::from_bytes([6; 16]),
            epoch: EpochId::from_bytes([7; 8]),
            ..Header::unsealed(Kind::Change, clinic, session, Hlc(hlc))
        };
        let envelope = seal_payload(
            chain.place(header),
            &payload(),
            &doc_key(),
            &self::session(),
            &mut entropy,
        )
        .unwrap();
        chain.append(&envelope.stub()).unwrap();
        run.push(envelope);
    }
    run
}
