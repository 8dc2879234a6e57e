//! Golden files of what people carry: a bundle and a backup, byte by byte as their pages draw
//! them.

use std::{collections::BTreeSet, fs, io::Read as _, path::Path};

use cairn::{
    ids::{ClinicId, DeviceId, Hash, LogId, SessionId, UserId},
    ledger::{Chain, Entry, Envelope, Frontier, Header, Kind, Lane},
    seal::{
        CarryKey, PublicKey, SeededEntropy, Signature, SigningKey, hash, unwrap_from,
    },
    sync::{
        backup::Front,
        bundle::{self, BodyWriter, Contents, Manifest, Packing, Part},
    },
    time::{Hlc, Timestamp},
};

const CLINIC: ClinicId = ClinicId::from_bytes([0x11; 16]);
const LOG: LogId = LogId::from_bytes([0x44; 16]);
const SINCE: Hash = Hash::from_bytes([0x55; 32]);
const REACHES: Hash = Hash::from_bytes([0x66; 32]);

fn golden(name: &str) -> Vec<u8> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden");
    fs::read(folder.join(name)).unwrap()
}

fn device() -> SigningKey {
    SigningKey::generate(&mut SeededEntropy::new(1))
}

fn carrier(seed: u64) -> CarryKey {
    CarryKey::generate(&mut SeededEntropy::new(seed))
}

/// A statement, and what erasure left of the next one.
fn envelopes() -> [Entry; 2] {
    let mut chain = Chain::start(LOG, Lane::Membership);
    let session = SessionId::from_bytes([0x77; 32]);
    let header = Header::unsealed(Kind::Statement, CLINIC, session, Hlc(9 << 16));
    let mut next = || {
        let content = b"what an owner states".to_vec();
        let envelope = Envelope::sign(chain.place(header), content, &device()).unwrap();
        chain.append(&envelope.stub()).unwrap();
        envelope
    };
    [Entry::Whole(next()), Entry::Whole(next()).erased()]
}

fn contents() -> Contents {
    let mut body = BodyWriter::new(std::io::sink());
    for envelope in envelopes() {
        body.put(&envelope.encode()).unwrap();
    }
    body.finish().1
}

/// What a bundle, or with no machines a backup, says of itself.
fn manifest(to: BTreeSet<DeviceId>, since: Frontier) -> Manifest {
    Manifest {
        clinic: CLINIC,
        from: device().public(),
        to,
        made: Timestamp(1_780_000_000_123),
        part: Part {
            bundle: [0x99; 16],
            number: 2,
            of: 300,
        },
        since,
        reaches: Frontier::from([((LOG, Lane::Clinical), (1_000, REACHES))]),
        contents: contents(),
    }
}

fn of_bundle() -> Manifest {
    let to = BTreeSet::from([DeviceId::from_bytes([0x88; 16])]);
    manifest(to, Frontier::from([((LOG, Lane::Desk), (3, SINCE))]))
}

fn of_backup() -> Manifest {
    manifest(BTreeSet::new(), Frontier::new())
}

fn packed(manifest: &Manifest) -> Vec<u8> {
    let to = [carrier(20).public(), carrier(21).public()];
    let mut entropy = SeededEntropy::new(9);
    let packing = Packing::begin(Vec::new(), &to, manifest, &device(), &mut entropy);
    let mut packing = packing.unwrap();
    for envelope in envelopes() {
        packing.put(&envelope.encode()).unwrap();
    }
    packing.finish().unwrap()
}

fn front() -> Front {
    let user = |it| UserId::from_bytes([it; 16]);
    Front {
        clinic: CLINIC,
        owners: vec![
            (user(1), b"a locked file".to_vec()),
            (user(2), b"another".to_vec()),
        ],
    }
}

#[track_caller]
fn check_sealed(sealed: &[u8], expected: &Manifest) {
    for key in [carrier(20), carrier(21)] {
        let mut bundle = bundle::open(&key, sealed).unwrap();
        assert_eq!(bundle.manifest(), expected);
        for envelope in envelopes() {
            assert_eq!(bundle.next_envelope().unwrap(), Some(envelope));
        }
        assert_eq!(bundle.next_envelope().unwrap(), None);
    }
    assert_eq!(packed(expected), sealed);
}

#[test]
fn a_bundle_of_the_first_release_is_read_and_is_written_the_same() {
    check_sealed(&golden("bundle.cairn"), &of_bundle());
}

#[test]
fn a_backup_of_the_first_release_is_read_and_is_written_the_same() {
    let bytes = golden("backup.cairn-backup");
    let mut rest = &*bytes;
    assert_eq!(Front::read(&mut rest).unwrap(), front());
    check_sealed(rest, &of_backup());
    let mut again = Vec::new();
    front().write(&mut again).unwrap();
    assert_eq!([&*again, rest].concat(), bytes);
}

#[test]
fn a_bundle_stands_inside_age_as_the_page_draws_it() {
    let mut plain = Vec::new();
    let sealed = golden("bundle.cairn");
    let mut opened = unwrap_from(&carrier(20), &*sealed).unwrap();
    opened.read_to_end(&mut plain).unwrap();
    let manifest = [
        CLINIC.as_bytes().as_slice(),
        device().public().as_bytes(),
        &[1],
        &[0x88; 16],
        // Zigzag, and seven bits to a byte.
        &[0xf6, 0xa1, 0xa4, 0x84, 0xce, 0x67],
        &[0x99; 16],
        &[2],
        &[0xac, 0x02],
        &[1],
        LOG.as_bytes(),
        &[1, 3],
        SINCE.as_bytes(),
        &[1],
        LOG.as_bytes(),
        &[2, 0xe8, 0x07],
        REACHES.as_bytes(),
        &[2],
        &[0xb8, 0x04],
        contents().hash.as_bytes(),
    ]
    .concat();
    let body = envelopes().map(|it| {
        let bytes = it.encode();
        let length = u32::try_from(bytes.len()).unwrap();
        [&length.to_be_bytes(), &*bytes].concat()
    });
    let body = body.concat();
    assert_eq!(hash(&body), contents().hash);
    assert_eq!(body.len() as u64, contents().bytes);
    let length = u32::try_from(manifest.len()).unwrap();
    let front = [b"CAIB\x01".as_slice(), &length.to_be_bytes(), &manifest].concat();
    let (head, rest) = plain.split_at(front.len());
    let (signature, rest) = rest.split_at(Signature::LEN);
    assert_eq!(head, front);
    assert_eq!(rest, body);
    let signature = Signature::from_bytes(signature.try_into().unwrap());
    let key: PublicKey = device().public();
    assert_eq!(key.verify("cairn/bundle/v1", &manifest, &signature), Ok(()));
}

#[test]
fn a_backup_begins_as_the_page_draws_it() {
    let bytes = golden("backup.cairn-backup");
    let drawn = [
        b"CABK\x01".as_slice(),
        CLINIC.as_bytes(),
        &[0, 2],
        &[1; 16],
        &[0, 0, 0, 13],
        b"a locked file",
        &[2; 16],
        &[0, 0, 0, 7],
        b"another",
    ]
    .concat();
    let drawn = [&*drawn, hash(&drawn).as_bytes()].concat();
    assert_eq!(bytes[..drawn.len()], drawn);
    assert!(bytes[drawn.len()..].starts_with(b"age-encryption.org/v1\n"));
}
