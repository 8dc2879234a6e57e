//! Golden files of every frame between machines, and the page that draws them.

use std::{collections::BTreeMap, fs, path::Path};

use cairn::{
    ids::{ClinicId, DocId, EpochId, Hash, KeyId, LogId, SessionId},
    ledger::{Chain, Entry, Envelope, Header, Kind, Lane, Place, SALT_LEN, Suite},
    seal::{Secret, SigningKey, hash, names},
    sync::wire::{Bye, Frame, Hello, Holds, Piece, Run, Share, Short, Told, VERSION},
    time::Hlc,
};

const LOG: LogId = LogId::from_bytes([0x44; 16]);

/// Each frame by the name that the page gives it.
fn frames() -> [(&'static str, Frame); 14] {
    let reached = BTreeMap::from([
        ((LOG, Lane::Membership), (3, Short([1; 8]))),
        ((LOG, Lane::Clinical), (1_000, Short([2; 8]))),
        (
            (LogId::from_bytes([0x55; 16]), Lane::Audit),
            (1, Short([3; 8])),
        ),
    ]);
    let base = Some([0xba; 16]);
    let hello = Hello {
        clinic: ClinicId::from_bytes([0x11; 16]),
        frontier: hash(b"a frontier"),
        base,
    };
    let share = Share {
        clinic: hello.clinic,
        frontier: hash(b"of some documents"),
    };
    let doc = |it| DocId::from_bytes([it; 16]);
    let held = BTreeMap::from([
        ((doc(3), LOG), (9, Short([6; 8]))),
        (
            (doc(3), LogId::from_bytes([0x55; 16])),
            (300, Short([7; 8])),
        ),
        ((doc(5), LOG), (1, Short([8; 8]))),
    ]);
    let run = (LOG, Lane::Clinical);
    let place = |seq| Place {
        log: LOG,
        lane: Lane::Clinical,
        seq,
    };
    let told = Told {
        base,
        reached: reached.clone(),
    };
    [
        ("hello", Frame::Hello(hello)),
        ("frontier", Frame::Frontier(told)),
        ("have", Frame::Have { took: 1, reached }),
        ("chunk", Frame::Chunk(runs())),
        (
            "probe",
            Frame::Probe {
                run,
                samples: vec![(8, Short([4; 8])), (12, Short([5; 8]))],
            },
        ),
        ("agreed", Frame::Agreed { run, upto: 8 }),
        ("fork", Frame::Fork(place(9))),
        ("want", Frame::Want(vec![place(7), place(300)])),
        ("bye", Frame::Bye(Bye::Stalled)),
        ("share", Frame::Share(share)),
        ("holds", Frame::Holds(Holds { took: 2, held })),
        ("parted", Frame::Parted((doc(5), LOG))),
        (
            "papers",
            Frame::Papers(Piece {
                left: 300,
                bytes: b"a piece of papers".to_vec(),
            }),
        ),
        ("known", Frame::Known(hash(b"papers"))),
    ]
}

/// Statements; changes of a branch, of which one stands apart; and an audit.
fn runs() -> Vec<Run> {
    let blank = |lane, kind, hlc| {
        let clinic = ClinicId::from_bytes([0x11; 16]);
        let session = SessionId::from_bytes([0x77; 32]);
        let header = Header::unsealed(kind, clinic, session, Hlc(hlc));
        Header { lane, ..header }
    };
    let key = SigningKey::from_secret(&Secret::from_bytes(&[9; 32]));
    let sign =
        |header, content: &[u8]| Envelope::sign(header, content.to_vec(), &key).unwrap();
    let mut chain = Chain::start(LOG, Lane::Membership);
    let statements = [1_u64, 2].map(|it| {
        let header = blank(Lane::Membership, Kind::Statement, it << 16);
        let envelope = sign(chain.place(header), b"what an owner states");
        chain.append(&envelope.stub()).unwrap();
        envelope
    });
    let mut chain = Chain::known(LOG, Lane::Clinical, 6, hash(b"the one before"));
    let mut changes: Vec<_> = [5_u8, 3, 3]
        .map(|it| {
            let header = Header {
                doc: DocId::from_bytes([it; 16]),
                epoch: EpochId::from_bytes([0x88; 8]),
                k: 300,
                key_id: KeyId::from_bytes([it ^ 0xff; 16]),
                nonce: [it; 24],
                ..blank(Lane::Clinical, Kind::Change, u64::from(it) << 40 | 7)
            };
            let envelope = sign(chain.place(header), &[it; 40]);
            chain.append(&envelope.stub()).unwrap();
            envelope
        })
        .to_vec();
    let apart = Header {
        seq: 20,
        prev: Hash::from_bytes([6; 32]),
        ..changes[2].header
    };
    changes.push(sign(apart, b"of the same document"));
    let audit = Header {
        epoch: EpochId::from_bytes([0x99; 8]),
        ..blank(Lane::Audit, Kind::Audit, 0x0123_4567_89ab_cdef)
    };
    let audit = sign(Chain::start(LOG, Lane::Audit).place(audit), b"rows");
    let branch = names::fork_log_id(LOG, changes[0].hash());
    [
        Run::new(LOG, statements.to_vec()),
        Run::new(branch, changes),
        Run::new(LOG, vec![audit]),
    ]
    .map(Option::unwrap)
    .into()
}

/// The same run twice: whole, and with what erasure left of its second envelope.
fn erased() -> Frame {
    let branch = runs().remove(1);
    let (name, mut entries) = (branch.name(), branch.clone().into_entries());
    entries[1] = entries[1].clone().erased();
    Frame::Chunk(vec![branch, Run::new(name, entries).unwrap()])
}

/// A change whose nonce is told by its salt, packed with the dictionary of changes.
fn salted() -> Frame {
    let run = runs().remove(1);
    let Some(Entry::Whole(change)) = run.entries().first() else {
        panic!("no change");
    };
    let header = Header {
        suite: Suite::from_number(1),
        nonce: change.header.nonce_of([0xa5; SALT_LEN]),
        ..change.header
    };
    let key = SigningKey::from_secret(&Secret::from_bytes(&[9; 32]));
    let change = Envelope::sign(header, change.content.clone(), &key).unwrap();
    Frame::Chunk(vec![Run::new(LOG, vec![change]).unwrap()])
}

#[test]
fn the_frames_of_the_first_release_read_and_are_written_the_same() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden");
    let chunks = [("erased", erased()), ("salted", salted())];
    for (name, frame) in frames().into_iter().chain(chunks) {
        let bytes = fs::read(folder.join(format!("{name}.frame"))).unwrap();
        assert_eq!(Frame::decode(&bytes).as_ref(), Ok(&frame), "{name}");
        assert_eq!(frame.encode(), bytes, "{name}");
    }
}

#[test]
fn what_was_erased_takes_its_length_and_its_hash() {
    let Frame::Chunk(runs) = erased() else {
        panic!("no chunk");
    };
    let Entry::Erased(stub) = &runs[1].entries()[1] else {
        panic!("no stub");
    };
    assert_eq!(stub.hash(), runs[0].entries()[1].hash());
    let bytes = erased().encode();
    let held = |part: &[u8]| bytes.windows(part.len()).filter(|it| *it == part).count();
    assert_eq!(held(stub.content_hash.as_bytes()), 1);
    assert_eq!(held(&[3; 40]), 3, "of four contents");
}

#[test]
fn a_nonce_of_its_place_takes_its_salt_alone() {
    let bytes = salted().encode();
    let held = |part: &[u8]| bytes.windows(part.len()).filter(|it| *it == part).count();
    assert_eq!(held(&[0xa5; SALT_LEN]), 1);
    assert_eq!(
        held(&[&[0xa5; SALT_LEN][..], &7_u64.to_be_bytes()].concat()),
        0
    );
}

#[test]
fn the_frames_have_the_numbers_that_the_page_draws() {
    let drawn = include_str!("../../docs/design/sync.md");
    for (name, frame) in frames() {
        let [version, kind, ..] = *frame.encode() else {
            panic!("{name} has no kind");
        };
        assert_eq!(version, VERSION);
        let row = format!("| {kind} | {name} |");
        assert!(drawn.contains(&row), "{row}");
    }
    for (number, bye) in [
        Bye::Version,
        Bye::Clinic,
        Bye::Malformed,
        Bye::OutOfTurn,
        Bye::TooMuch,
        Bye::Stalled,
    ]
    .into_iter()
    .enumerate()
    {
        let number = u8::try_from(number).unwrap();
        assert_eq!(Frame::Bye(bye).encode(), [VERSION, 9, number]);
    }
}
