//! The store on real files: what is kept is found, in order, by its key alone, and the
//! folder is the user's own.

use std::{fs, path::Path, sync::Arc};

use cairn::{
    ids::{DocId, LogId},
    ledger::{Lane, Place},
    seal::{Secret, SeededEntropy, hash},
    store::{
        CacheBatch, Counts, Error, Home, Indexed, MetaWrite, NewEnvelope, Opened, Part,
        Store, Table,
    },
    time::Timestamp,
};

use crate::flaky_disk::{FlakyDisk, Image};

const LOG: LogId = LogId::from_bytes([1; 16]);
const BRANCH: LogId = LogId::from_bytes([2; 16]);
const NOW: Timestamp = Timestamp(1_700_000_000_000);

fn new_clinic(path: &Path) -> (Arc<Home>, Store) {
    let home = Arc::new(Home::create(path, NOW).unwrap());
    let store = Store::create(Arc::clone(&home)).unwrap();
    home.finish().unwrap();
    (home, store)
}

fn reopened(path: &Path) -> Store {
    Store::open(Arc::new(Home::open(path, NOW).unwrap())).unwrap()
}

const fn place(lane: Lane, seq: u64) -> Place {
    let log = LOG;
    Place { log, lane, seq }
}

fn envelope(place: Place, bytes: &[u8]) -> NewEnvelope<'_> {
    let hash = hash(bytes);
    NewEnvelope { place, hash, bytes }
}

fn keep(store: &Store, lane: Lane, seqs: impl Iterator<Item = u64>) -> Result<(), Error> {
    let bytes: Vec<(Place, Vec<u8>)> = seqs
        .map(|seq| (place(lane, seq), seq.to_be_bytes().repeat(50)))
        .collect();
    let envelopes: Vec<_> = bytes.iter().map(|(at, it)| envelope(*at, it)).collect();
    store.append(&envelopes, &[])
}

fn put(name: &str, bytes: &[u8]) -> MetaWrite {
    MetaWrite::Put {
        name: name.to_owned(),
        bytes: bytes.to_vec(),
    }
}

#[test]
fn what_was_kept_is_there_after_the_clinic_was_closed() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("home");
    let (home, store) = new_clinic(&path);
    keep(&store, Lane::Clinical, 1..=700).unwrap();
    keep(&store, Lane::Membership, 1..=2).unwrap();
    store.append(&[], &[put("users/a", b"Amina")]).unwrap();
    drop((home, store));

    let store = reopened(&path);
    let frontier = store.frontier().unwrap();
    let end = 700_u64.to_be_bytes().repeat(50);
    assert_eq!(frontier[&(LOG, Lane::Clinical)], (700, hash(&end)));
    assert_eq!(
        store.envelope(place(Lane::Clinical, 700)).unwrap(),
        Some(end)
    );
    assert_eq!(store.envelope(place(Lane::Clinical, 701)).unwrap(), None);
    assert_eq!(store.envelope(place(Lane::Desk, 1)).unwrap(), None);
    let (mut from, mut seqs) = (place(Lane::Clinical, 600), Vec::new());
    loop {
        let some = store.envelopes(from).unwrap();
        let Some((last, _)) = some.last() else { break };
        from.seq = last + 1;
        seqs.extend(some.into_iter().map(|(seq, _)| seq));
    }
    assert_eq!(seqs, (600..=700).collect::<Vec<u64>>());
    assert_eq!(store.meta("users/a").unwrap().unwrap(), b"Amina");
    let counts = Counts {
        envelopes: 702,
        open_audit: 0,
    };
    assert_eq!(store.counts().unwrap(), counts);
    assert_eq!(store.opened(), Opened::default());
}

#[test]
fn an_envelope_that_does_not_follow_is_refused_and_nothing_with_it_is_kept() {
    let folder = tempfile::tempdir().unwrap();
    let (_home, store) = new_clinic(&folder.path().join("home"));
    keep(&store, Lane::Desk, 1..=3).unwrap();
    for seqs in [vec![5], vec![0], vec![4, 6], vec![4, 4]] {
        let refused = keep(&store, Lane::Desk, seqs.clone().into_iter());
        assert!(
            matches!(refused, Err(Error::Misplaced { .. })),
            "for {seqs:?}"
        );
    }
    let other = [9; 8];
    let second = envelope(place(Lane::Desk, 2), &other);
    let next_bytes = [1; 8];
    let next = envelope(place(Lane::Desk, 4), &next_bytes);
    let refused = store.append(&[next, second], &[put("half", b"way")]);
    assert!(matches!(refused, Err(Error::Misplaced { place }) if place.seq == 2));
    assert_eq!(store.meta("half").unwrap(), None);
    keep(&store, Lane::Desk, 1..=5).unwrap();
    assert_eq!(store.counts().unwrap().envelopes, 5);
}

#[test]
fn small_rows_are_set_replaced_removed_and_listed() {
    let folder = tempfile::tempdir().unwrap();
    let (_home, store) = new_clinic(&folder.path().join("home"));
    let rows = [
        put("users/b", b"1"),
        put("users/a", b"2"),
        put("usher", b"3"),
        put("users/b", b"4"),
    ];
    store.append(&[], &rows).unwrap();
    assert_eq!(store.meta_names("users/").unwrap(), ["users/a", "users/b"]);
    assert_eq!(store.meta("users/b").unwrap().unwrap(), b"4");
    let name = "users/b".to_owned();
    store.append(&[], &[MetaWrite::Remove { name }]).unwrap();
    assert_eq!(store.meta_names("users/").unwrap(), ["users/a"]);
    assert_eq!(store.meta("users/b").unwrap(), None);
}

#[test]
fn audit_entries_wait_until_an_envelope_holds_them() {
    let folder = tempfile::tempdir().unwrap();
    let (_home, store) = new_clinic(&folder.path().join("home"));
    let other = LogId::from_bytes([2; 16]);
    let row = |n| vec![u8::try_from(n).unwrap(); 80];
    for n in 1..=5 {
        let entry = |log| MetaWrite::OpenAudit {
            log,
            n,
            row: row(n),
        };
        store
            .append_audit(&[], &[entry(LOG), entry(other)])
            .unwrap();
    }
    let shipped = MetaWrite::ShippedAudit {
        log: LOG,
        through: 3,
    };
    let bytes = [8; 300];
    let audit = envelope(place(Lane::Audit, 1), &bytes);
    store.append(&[audit], &[shipped]).unwrap();
    let left = store.open_audit(LOG).unwrap();
    assert_eq!(left, [(4, row(4)), (5, row(5))]);
    assert_eq!(store.open_audit(other).unwrap().len(), 5);
    assert_eq!(store.counts().unwrap().open_audit, 7);
}

#[test]
fn a_cache_row_opens_with_its_own_key_in_its_own_table_only() {
    let folder = tempfile::tempdir().unwrap();
    let (_home, store) = new_clinic(&folder.path().join("home"));
    let (mine, other) = (Secret::from_bytes(&[1; 32]), Secret::from_bytes(&[2; 32]));
    let mut entropy = SeededEntropy::new(1);
    let mut batch = CacheBatch::new(&mut entropy);
    batch.put(Table::Drafts, b"one", &mine, b"cough since");
    batch.put(Table::Drafts, b"two", &mine, b"x");
    batch.remove(Table::Drafts, b"two");
    store.cache_write(&batch).unwrap();
    let get = |table, key: &[u8], secret| store.cache_get(table, key, secret);
    let found = get(Table::Drafts, b"one", &mine).unwrap().unwrap();
    assert_eq!(found.as_slice(), b"cough since");
    assert!(get(Table::Drafts, b"two", &mine).unwrap().is_none());
    assert!(get(Table::State, b"one", &mine).unwrap().is_none());
    let lost = get(Table::Drafts, b"one", &other).unwrap_err();
    assert!(lost.is_cache_lost(), "{lost}");
}

#[test]
fn a_scan_gives_every_row_of_a_prefix_in_order() {
    let folder = tempfile::tempdir().unwrap();
    let (_home, store) = new_clinic(&folder.path().join("home"));
    let key = Secret::from_bytes(&[1; 32]);
    let mut entropy = SeededEntropy::new(1);
    let mut batch = CacheBatch::new(&mut entropy);
    for n in (0..3_000_u32).rev() {
        batch.put(Table::Roster, &n.to_be_bytes(), &key, &n.to_le_bytes());
    }
    store.cache_write(&batch).unwrap();
    let check = |prefix: &[u8], expected: std::ops::Range<u32>| {
        let mut found = Vec::new();
        let each = |key: &[u8], plain: &[u8]| {
            let n = u32::from_be_bytes(key.try_into().unwrap());
            assert_eq!(plain, n.to_le_bytes());
            found.push(n);
        };
        store.cache_scan(Table::Roster, prefix, &key, each).unwrap();
        assert_eq!(found, expected.collect::<Vec<u32>>());
    };
    check(&[], 0..3_000);
    check(&[0, 0, 1], 256..512);
    check(&[0, 0, 1, 7], 263..264);
    check(&[1], 0..0);
}

#[test]
fn the_cache_says_how_far_it_has_come_and_which_envelopes_a_document_has() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("home");
    let (home, store) = new_clinic(&path);
    keep(&store, Lane::Clinical, 1..=4).unwrap();
    let doc = DocId::from_bytes([5; 16]);
    let apply = |store: &Store, seqs: &[u64]| {
        let mut entropy = SeededEntropy::new(1);
        let mut batch = CacheBatch::new(&mut entropy);
        for seq in seqs {
            let doc = (*seq != 2).then_some(doc);
            batch.applied(place(Lane::Clinical, *seq), doc);
        }
        store.cache_write(&batch)
    };
    apply(&store, &[1, 2]).unwrap();
    apply(&store, &[1, 2, 3]).unwrap();
    assert!(matches!(apply(&store, &[5]), Err(Error::Misplaced { .. })));
    drop((home, store));
    let store = reopened(&path);
    assert_eq!(store.applied().unwrap()[&(LOG, Lane::Clinical)], 3);
    let places = [1, 3].map(|seq| Indexed::from(place(Lane::Clinical, seq)));
    assert_eq!(store.of_doc(doc).unwrap(), places);
    assert!(store.of_doc(DocId::from_bytes([4; 16])).unwrap().is_empty());

    store.reset_cache().unwrap();
    assert!(matches!(apply(&store, &[3]), Err(Error::Misplaced { .. })));
    assert!(store.applied().unwrap().is_empty());
    assert!(store.of_doc(doc).unwrap().is_empty());
    assert_eq!(store.counts().unwrap().envelopes, 4);
    apply(&store, &[1]).unwrap();
    assert!(store.verify_file(Part::Cache).unwrap());
    assert!(store.verify_file(Part::Ledger).unwrap());
    assert_eq!(store.of_doc(doc).unwrap().len(), 1);
}

#[test]
fn a_document_is_stale_until_all_that_came_of_it_is_made() {
    let folder = tempfile::tempdir().unwrap();
    let (_home, store) = new_clinic(&folder.path().join("home"));
    let [doc, other] = [5, 6].map(|it| DocId::from_bytes([it; 16]));
    let write = |fill: &dyn Fn(&mut CacheBatch<'_>)| {
        let mut entropy = SeededEntropy::new(1);
        let mut batch = CacheBatch::new(&mut entropy);
        fill(&mut batch);
        store.cache_write(&batch).unwrap();
    };
    let stale = || store.stale(Lane::Clinical, None, 9).unwrap();
    write(&|batch| {
        for (seq, doc) in [(1, doc), (2, other), (3, doc)] {
            batch.applied(place(Lane::Clinical, seq), Some(doc));
        }
    });
    assert_eq!(store.len_of(doc).unwrap(), 2);
    assert_eq!(stale(), [doc, other]);
    assert_eq!(store.stale(Lane::Clinical, Some(doc), 9).unwrap(), [other]);
    assert!(store.stale(Lane::Desk, None, 9).unwrap().is_empty());
    write(&|batch| batch.made(doc, 1, false));
    assert!(store.is_stale(doc).unwrap(), "one more has come");
    write(&|batch| batch.made(doc, 2, false));
    assert!(!store.is_stale(doc).unwrap());
    // One that waits is stale again when it is offered, the other is not.
    write(&|batch| batch.made(other, 1, true));
    assert!(stale().is_empty());
    write(&|batch| batch.offer_again(doc));
    assert!(stale().is_empty());
    write(&|batch| batch.offer_again(other));
    assert_eq!(stale(), [other]);
    write(&|batch| batch.made(other, 1, true));
    write(&|batch| batch.offer_all_again());
    assert_eq!(stale(), [other]);
    write(&|batch| batch.made(other, 1, false));
    write(&|batch| batch.offer_all_again());
    assert!(stale().is_empty());
}

#[test]
fn a_lane_goes_on_behind_places_that_are_not_held() {
    let folder = tempfile::tempdir().unwrap();
    let (_home, store) = new_clinic(&folder.path().join("home"));
    let mut entropy = SeededEntropy::new(1);
    let mut batch = CacheBatch::new(&mut entropy);
    let doc = DocId::from_bytes([5; 16]);
    let verified = Indexed {
        place: place(Lane::Clinical, 7),
        verified: true,
    };
    batch.applied_after_gap(verified, Some(doc));
    batch.applied(place(Lane::Clinical, 8), Some(doc));
    store.cache_write(&batch).unwrap();
    assert_eq!(store.applied().unwrap()[&(LOG, Lane::Clinical)], 8);
    let after = Indexed::from(place(Lane::Clinical, 8));
    assert_eq!(store.of_doc(doc).unwrap(), [verified, after]);
}

#[test]
fn a_cache_that_knows_more_than_the_ledger_is_thrown_away() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("home");
    let (home, store) = new_clinic(&path);
    let mut entropy = SeededEntropy::new(1);
    let mut batch = CacheBatch::new(&mut entropy);
    batch.applied(place(Lane::Clinical, 1), None);
    store.cache_write(&batch).unwrap();
    drop((home, store));
    let store = reopened(&path);
    assert!(store.opened().cache_lost);
    assert!(store.applied().unwrap().is_empty());
}

#[test]
fn small_files_are_replaced_whole_and_kept_inside_the_folder() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("home");
    let (home, _store) = new_clinic(&path);
    home.write("amina.user", b"one").unwrap();
    home.write("amina.user", b"two").unwrap();
    home.write("zawadi.user", b"three").unwrap();
    assert_eq!(home.read("amina.user", 10).unwrap().unwrap(), b"two");
    assert!(home.read("amina.user", 2).is_err());
    assert_eq!(home.read("nobody.user", 10).unwrap(), None);
    assert_eq!(home.names(".user").unwrap(), ["amina.user", "zawadi.user"]);
    home.remove("amina.user").unwrap();
    home.remove("amina.user").unwrap();
    assert_eq!(home.names(".user").unwrap(), ["zawadi.user"]);
    for name in ["", "../x", "/etc/x", ".hidden", "a b", "a/b", "é"] {
        assert!(home.write(name, b"x").is_err(), "for {name:?}");
    }
    assert!(!fs::exists(folder.path().join("x")).unwrap());
}

#[test]
fn compacting_gives_space_back_and_keeps_everything() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("home");
    let (home, store) = new_clinic(&path);
    for first in (1..4_000).step_by(100) {
        keep(&store, Lane::Clinical, first..first + 100).unwrap();
    }
    let size = || fs::metadata(path.join("ledger.redb")).unwrap().len();
    let before = size();
    store.compact().unwrap();
    assert!(size() < before, "{before} bytes, then {}", size());
    keep(&store, Lane::Clinical, 4_001..=4_001).unwrap();
    drop((home, store));
    assert_eq!(reopened(&path).counts().unwrap().envelopes, 4_001);
}

/// The databases of the first release, as they were made once.
fn golden() -> Image {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden");
    [Part::Ledger, Part::Cache]
        .map(|part| {
            let packed = fs::read(folder.join(format!("{}.zst", part.file_name())));
            let bytes = zstd::decode_all(packed.unwrap().as_slice()).unwrap();
            (part, bytes)
        })
        .into()
}

#[test]
fn the_databases_of_the_first_release_open() {
    let disk = Arc::new(FlakyDisk::with(golden()));
    let store = Store::open_with(disk).unwrap();
    // A cache of the first release is worked out anew.
    let opened = Opened {
        checked: false,
        cache_lost: true,
    };
    assert_eq!(store.opened(), opened);
    for (lane, seqs) in [(Lane::Membership, 1..=2), (Lane::Clinical, 1..=3)] {
        for seq in seqs {
            let kept = store.envelope(place(lane, seq)).unwrap();
            assert_eq!(kept, Some(seq.to_be_bytes().repeat(50)));
        }
    }
    let tip = (3, hash(&3_u64.to_be_bytes().repeat(50)));
    assert_eq!(store.frontier().unwrap()[&(LOG, Lane::Clinical)], tip);
    // A branch that begins at 7, of which 8 is known to be missing.
    let branch = |seq| Place {
        log: BRANCH,
        ..place(Lane::Clinical, seq)
    };
    let kept = |seq: u64| (seq, seq.to_be_bytes().repeat(50));
    assert_eq!(store.envelopes(branch(1)).unwrap(), [kept(7), kept(9)]);
    assert_eq!(store.envelopes(branch(8)).unwrap(), [kept(9)]);
    assert_eq!(store.envelope(branch(8)).unwrap(), None);
    assert_eq!(
        store.frontier().unwrap()[&branch(9).run()],
        (9, hash(&kept(9).1))
    );
    assert_eq!(store.counts().unwrap().envelopes, 7);
    assert_eq!(store.meta("users/a").unwrap().unwrap(), b"Amina");
    assert_eq!(store.open_audit(LOG).unwrap(), [(2, vec![2; 80])]);
    assert!(store.applied().unwrap().is_empty());
    keep(&store, Lane::Clinical, 4..=4).unwrap();
}
