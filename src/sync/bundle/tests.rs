//! Bundles read and refused.

use std::{collections::BTreeSet, io::Cursor};

use super::*;
use crate::{
    ids::{ClinicId, DeviceId, DocId, EpochId, Hash, LogId, SessionId},
    ledger::{Chain, ENVELOPE_BYTES_MAX, Envelope, Header, Kind, Lane},
    seal::{SeededEntropy, Signature},
    time::{Hlc, Timestamp},
};

const CLINIC: ClinicId = ClinicId::from_bytes([5; 16]);

fn carrier(seed: u64) -> CarryKey {
    CarryKey::generate(&mut SeededEntropy::new(seed))
}

fn device() -> SigningKey {
    SigningKey::generate(&mut SeededEntropy::new(1))
}

/// So many envelopes of each of these lanes.
fn envelopes(lanes: &[Lane], each: usize) -> Vec<Entry> {
    let mut envelopes = Vec::new();
    for lane in lanes {
        let mut chain = Chain::start(LogId::from_bytes([3; 16]), *lane);
        for n in 0..each {
            let session = SessionId::from_bytes([4; 32]);
            let kind = match lane {
                Lane::Membership => Kind::Statement,
                Lane::Audit => Kind::Audit,
                Lane::Attachments => Kind::Attachment,
                Lane::Desk | Lane::Clinical | Lane::Restricted => Kind::Change,
            };
            let open = Header::unsealed(kind, CLINIC, session, Hlc(9));
            let header = if kind.is_sealed() {
                Header {
                    lane: *lane,
                    doc: DocId::from_bytes([6; 16]),
                    epoch: EpochId::from_bytes([7; 8]),
                    ..open
                }
            } else {
                open
            };
            let content = vec![u8::try_from(n % 256).unwrap(); 40];
            let envelope = Envelope::sign(chain.place(header), content, &device());
            let envelope = envelope.unwrap();
            chain.append(&envelope.stub()).unwrap();
            envelopes.push(envelope.into());
        }
    }
    envelopes
}

fn contents(envelopes: &[Entry]) -> Contents {
    let mut body = BodyWriter::new(io::sink());
    for envelope in envelopes {
        body.put(&envelope.encode()).unwrap();
    }
    body.finish().1
}

fn manifest(contents: Contents) -> Manifest {
    let log = LogId::from_bytes([3; 16]);
    Manifest {
        clinic: CLINIC,
        from: device().public(),
        to: BTreeSet::from([DeviceId::from_bytes([8; 16])]),
        made: Timestamp(1_780_000_000_000),
        part: Part {
            bundle: [9; 16],
            number: 1,
            of: 1,
        },
        since: [((log, Lane::Desk), (3, Hash::from_bytes([1; 32])))].into(),
        reaches: [((log, Lane::Desk), (7, Hash::from_bytes([2; 32])))].into(),
        contents,
    }
}

fn packed_as(manifest: &Manifest, envelopes: &[Entry]) -> Result<Vec<u8>, Error> {
    let to = [carrier(20).public(), carrier(21).public()];
    let mut packing = Packing::begin(
        Vec::new(),
        &to,
        manifest,
        &device(),
        &mut SeededEntropy::new(9),
    )?;
    for envelope in envelopes {
        packing.put(&envelope.encode())?;
    }
    packing.finish()
}

fn packed(envelopes: &[Entry]) -> Vec<u8> {
    packed_as(&manifest(contents(envelopes)), envelopes).unwrap()
}

fn read_all(bytes: &[u8]) -> (Vec<Entry>, Result<(), Error>) {
    let mut read = Vec::new();
    let mut bundle = match open(&carrier(21), bytes) {
        Ok(bundle) => bundle,
        Err(error) => return (read, Err(error)),
    };
    loop {
        match bundle.next_envelope() {
            Ok(Some(envelope)) => read.push(envelope),
            Ok(None) => return (read, Ok(())),
            Err(error) => return (read, Err(error)),
        }
    }
}

/// What a reader says to bytes that stand where a bundle's plain bytes should.
fn refusal_of(plain: &[u8]) -> String {
    let wrapped =
        seal::wrap(&[carrier(21).public()], plain, &mut SeededEntropy::new(9)).unwrap();
    read_all(&wrapped).1.unwrap_err().to_string()
}

/// The plain bytes of a bundle.
fn plain(manifest: &Manifest, body: &[u8]) -> Vec<u8> {
    let mut bytes = Vec::new();
    manifest.write(&mut bytes, &device()).unwrap();
    bytes.extend_from_slice(body);
    bytes
}

#[test]
fn each_receiver_reads_what_was_packed_and_nobody_else() {
    let mut sent = envelopes(&[Lane::Membership, Lane::Desk, Lane::Audit], 3);
    sent[4] = sent[4].clone().erased();
    let bytes = packed(&sent);
    for key in [carrier(20), carrier(21)] {
        let mut bundle = open(&key, &*bytes).unwrap();
        assert_eq!(bundle.manifest(), &manifest(contents(&sent)));
        for envelope in &sent {
            assert_eq!(bundle.next_envelope().unwrap().as_ref(), Some(envelope));
        }
        assert_eq!(bundle.next_envelope().unwrap(), None);
    }
    let stranger = open(&carrier(22), &*bytes).map(drop);
    assert!(matches!(stranger, Err(Error::NotForThisMachine)));
}

#[test]
fn an_empty_bundle_is_whole() {
    assert!(matches!(read_all(&packed(&[])), (read, Ok(())) if read.is_empty()));
}

#[test]
fn a_bundle_cut_anywhere_gives_what_came_before_and_says_so() {
    let sent = envelopes(&[Lane::Desk, Lane::Clinical], 500);
    let bytes = packed(&sent);
    assert!(bytes.len() > 3 * 65_536, "several pieces");
    let mut most = 0;
    for length in (0..bytes.len()).step_by(997).chain([bytes.len() - 1]) {
        let (read, end) = read_all(&bytes[..length]);
        assert!(end.is_err(), "cut at {length}");
        assert_eq!(read, sent[..read.len()]);
        most = most.max(read.len());
    }
    assert!(most > 800, "{most} envelopes before the last cut");
    let (read, end) = read_all(&bytes[..200_000]);
    let said = end.unwrap_err().to_string();
    let expected = format!(
        "broken off or damaged after {} of 1000 envelopes",
        read.len()
    );
    assert_eq!(said, expected);
}

#[test]
fn every_changed_bit_of_a_small_bundle_is_noticed() {
    let bytes = packed(&envelopes(&[Lane::Desk], 1));
    for bit in 0..bytes.len() * 8 {
        let mut changed = bytes.clone();
        changed[bit / 8] ^= 1 << (bit % 8);
        assert!(read_all(&changed).1.is_err(), "bit {bit}");
    }
}

#[test]
fn every_changed_bit_of_what_age_opened_is_noticed() {
    let sent = envelopes(&[Lane::Desk], 1);
    let whole = plain(&manifest(contents(&sent)), &body(&sent));
    for bit in 0..whole.len() * 8 {
        let mut changed = whole.clone();
        changed[bit / 8] ^= 1 << (bit % 8);
        assert!(!refusal_of(&changed).is_empty(), "bit {bit}");
    }
}

fn body(envelopes: &[Entry]) -> Vec<u8> {
    let mut body = BodyWriter::new(Vec::new());
    for envelope in envelopes {
        body.put(&envelope.encode()).unwrap();
    }
    body.finish().0
}

#[test]
fn what_is_wrong_is_named_with_its_place() {
    let sent = envelopes(&[Lane::Desk, Lane::Clinical], 2);
    let sound = manifest(contents(&sent));
    let of =
        |manifest: &Manifest, sent: &[Entry]| refusal_of(&plain(manifest, &body(sent)));
    assert_eq!(
        refusal_of(b"CAIR"),
        "not a bundle, or damaged where it begins"
    );
    assert_eq!(refusal_of(b""), "not a bundle, or damaged where it begins");
    assert_eq!(
        refusal_of(b"CAIB\x02and what nobody knows"),
        "made by a newer Cairn: version 2 is not known to this one"
    );
    assert_eq!(
        refusal_of(&[b"CAIB\x01".as_slice(), &[0xff; 200]].concat()),
        "what it says of itself is not whole or not signed by who made it"
    );
    let other = Manifest {
        clinic: ClinicId::from_bytes([1; 16]),
        ..sound.clone()
    };
    assert_eq!(of(&other, &sent), "envelope 1 of 4 cannot be taken");
    let mut wrong_order = sent.clone();
    wrong_order.rotate_left(2);
    assert_eq!(of(&sound, &wrong_order), "envelope 3 of 4 cannot be taken");
    assert_eq!(
        of(&sound, &sent[..3]),
        "after 3 of 4 envelopes it is not what it says of itself"
    );
    let more = envelopes(&[Lane::Desk, Lane::Clinical], 3);
    assert_eq!(
        of(&sound, &more),
        "after 4 of 4 envelopes it is not what it says of itself"
    );
    let long = u32::try_from(ENVELOPE_BYTES_MAX + 1).unwrap().to_be_bytes();
    assert_eq!(
        refusal_of(&plain(&sound, &long)),
        "envelope 1 of 4 cannot be taken"
    );
    let half = &body(&sent)[..100];
    assert_eq!(
        refusal_of(&plain(&sound, half)),
        "broken off or damaged after 0 of 4 envelopes"
    );
}

#[test]
fn a_manifest_in_the_name_of_another_machine_is_refused() {
    let mine = manifest(contents(&[]));
    let theirs = SigningKey::generate(&mut SeededEntropy::new(2));
    let written = mine.write(&mut Vec::new(), &theirs);
    assert!(matches!(written, Err(Error::Manifest)));
    // Its key in the place of mine, with my signature.
    let swapped = Manifest {
        from: theirs.public(),
        ..mine.clone()
    };
    let mut bytes = Vec::new();
    swapped.write(&mut bytes, &theirs).unwrap();
    let mut own = Vec::new();
    mine.write(&mut own, &device()).unwrap();
    let at = bytes.len() - Signature::LEN;
    bytes[at..].copy_from_slice(&own[at..]);
    let refused = Manifest::read(&mut Cursor::new(bytes));
    assert!(matches!(refused, Err(Error::Manifest)));
}

#[test]
fn a_bundle_that_holds_other_than_it_says_is_not_finished() {
    let sent = envelopes(&[Lane::Desk], 3);
    let ended = packed_as(&manifest(contents(&sent)), &sent[..2]);
    assert!(matches!(ended, Err(Error::Contents { read: 2, of: 3 })));
}

#[test]
fn a_part_is_never_larger_than_its_file_may_be() {
    let sent = envelopes(&[Lane::Clinical], 900);
    let sound = manifest(contents(&sent));
    let record = body(&sent[..1]).len() as u64;
    for file_bytes_max in [1_200_000, 1_300_001, 2_000_000] {
        let most = body_bytes_max(file_bytes_max, 2, sound.encoded_len()).unwrap();
        let fitting = usize::try_from(most / record).unwrap();
        let sent = envelopes(&[Lane::Clinical], fitting);
        let length = packed(&sent).len() as u64;
        assert!(length <= file_bytes_max, "{length} of {file_bytes_max}");
        assert!(
            length + 2000 > file_bytes_max,
            "{length} of {file_bytes_max}"
        );
    }
    assert_eq!(body_bytes_max(1_000_000, 2, 400), None);
    assert_eq!(body_bytes_max(0, 2, 400), None);
    assert!(body_bytes_max(FILE_BYTES_MAX, 1000, MANIFEST_BYTES_MAX).is_some());
}

proptest::proptest! {
    #[test]
    fn any_bytes_are_a_bundle_or_an_error(
        head in proptest::bool::ANY,
        bytes in proptest::collection::vec(proptest::prelude::any::<u8>(), 0..400),
    ) {
        let sound = plain(&manifest(contents(&[])), b"");
        let whole = if head { [&*sound, &bytes].concat() } else { bytes };
        let wrapped = seal::wrap(&[carrier(21).public()], &whole, &mut SeededEntropy::new(9)).unwrap();
        drop(read_all(&wrapped));
    }
}
