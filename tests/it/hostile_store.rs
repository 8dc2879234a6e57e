//! Bad days of the store: a full disk, a folder that cannot be written, a second Cairn, a
//! newer format. Each is an error that says what it is; nothing that was kept is lost.

use std::{
    fs::{self, Permissions},
    os::unix::fs::{MetadataExt as _, PermissionsExt as _},
    path::{Path, PathBuf},
    process::Command,
    sync::Arc,
};

use cairn::{
    ids::LogId,
    ledger::{Lane, Place},
    seal::hash,
    store::{Disk as _, Error, Home, MetaWrite, NewEnvelope, Part, RESERVE_BYTES, Store},
    time::Timestamp,
};

use crate::flaky_disk::FlakyDisk;

const LOG: LogId = LogId::from_bytes([1; 16]);
pub(crate) const NO_MOUNT: &str = "skipped: no right to mount";
const NOW: Timestamp = Timestamp(1_700_000_000_000);

fn keep(store: &Store, seq: u64, len: usize) -> Result<(), Error> {
    let bytes = vec![u8::try_from(seq % 251).unwrap(); len];
    let place = Place {
        log: LOG,
        lane: Lane::Clinical,
        seq,
    };
    let envelope = NewEnvelope {
        place,
        hash: hash(&bytes),
        bytes: &bytes,
    };
    store.append(&[envelope], &[])
}

fn note_reading(store: &Store, n: u64, len: usize) -> Result<(), Error> {
    let row = vec![3; len];
    store.append_audit(&[], &[MetaWrite::OpenAudit { log: LOG, n, row }])
}

/// Keeps envelopes until the disk is full; how many were kept.
fn keep_until_full(store: &Store) -> u64 {
    for seq in 1..10_000 {
        match keep(store, seq, 50_000) {
            Ok(()) => {}
            Err(Error::Full) => return seq - 1,
            Err(other) => panic!("envelope {seq}: {other}"),
        }
    }
    panic!("never full");
}

fn new_clinic(path: &Path) -> (Arc<Home>, Store) {
    let home = Arc::new(Home::create(path, NOW).unwrap());
    let store = Store::create(Arc::clone(&home)).unwrap();
    home.finish().unwrap();
    (home, store)
}

fn open(path: &Path) -> Result<Store, Error> {
    Store::open(Arc::new(Home::open(path, NOW)?))
}

/// A folder on a file system of its own; nothing where the system does not allow that.
pub(crate) struct Mounted(pub(crate) PathBuf);

impl Mounted {
    pub(crate) fn new(path: &Path, options: &str) -> Option<Self> {
        fs::create_dir_all(path).unwrap();
        let mut mount = Command::new("mount");
        mount.args(["-t", "tmpfs", "-o", options, "cairn-test"]);
        let done = mount.arg(path).output();
        done.is_ok_and(|it| it.status.success())
            .then(|| Self(path.to_owned()))
    }

    fn make_read_only(&self) {
        let mut mount = Command::new("mount");
        mount.args(["-o", "remount,ro"]).arg(&self.0);
        assert!(mount.status().unwrap().success());
    }
}

impl Drop for Mounted {
    fn drop(&mut self) {
        let unmounted = Command::new("umount").arg(&self.0).status();
        assert!(unmounted.unwrap().success());
    }
}

#[test]
fn on_a_full_disk_saving_stops_reading_goes_on_and_nothing_is_lost() {
    for disk in [FlakyDisk::default(), FlakyDisk::large([].into())] {
        let store = Store::create_with(Arc::new(disk.clone())).unwrap();
        disk.fill_up(2_000_000, 4_000_000);
        let kept = keep_until_full(&store);
        assert!(kept > 10, "{kept} kept");
        for n in 1..=200 {
            note_reading(&store, n, 120).unwrap();
        }
        assert!(matches!(keep(&store, kept + 1, 50_000), Err(Error::Full)));
        assert_eq!(store.open_audit(LOG).unwrap().len(), 200);
        assert_eq!(store.counts().unwrap().envelopes, kept);
        drop(store);

        let store = Store::open_with(Arc::new(disk.clone())).unwrap();
        assert!(matches!(keep(&store, kept + 1, 50_000), Err(Error::Full)));
        note_reading(&store, 201, 120).unwrap();
        disk.empty_out();
        keep(&store, kept + 1, 50_000).unwrap();
        drop(store);
        let store = Store::open_with(Arc::new(disk)).unwrap();
        assert_eq!(store.counts().unwrap().envelopes, kept + 1);
    }
}

#[test]
fn a_real_disk_that_is_full_gives_its_reserve_to_the_audit_of_reading() {
    let folder = tempfile::tempdir().unwrap();
    let Some(disk) = Mounted::new(&folder.path().join("disk"), "size=80m") else {
        return println!("{NO_MOUNT}");
    };
    let path = disk.0.join("home");
    let (home, store) = new_clinic(&path);
    let kept = keep_until_full(&store);
    assert!(kept > 10, "{kept} kept");
    let reserve = path.join("reserve");
    assert!(fs::exists(&reserve).unwrap());
    for n in 1..=150 {
        note_reading(&store, n, 20_000).unwrap();
    }
    assert!(!fs::exists(&reserve).unwrap());
    fs::write(disk.0.join("filler"), vec![1; 50_000_000]).unwrap();
    assert!(matches!(keep(&store, kept + 1, 50_000), Err(Error::Full)));
    drop((home, store));

    let store = open(&path).unwrap();
    assert_eq!(store.counts().unwrap().envelopes, kept);
    assert_eq!(store.open_audit(LOG).unwrap().len(), 150);
    assert!(matches!(keep(&store, kept + 1, 50_000), Err(Error::Full)));
}

#[test]
fn a_disk_that_is_full_to_the_last_block_can_still_be_opened_and_read() {
    let folder = tempfile::tempdir().unwrap();
    let Some(disk) = Mounted::new(&folder.path().join("disk"), "size=80m") else {
        return println!("{NO_MOUNT}");
    };
    let path = disk.0.join("home");
    let (home, store) = new_clinic(&path);
    keep(&store, 1, 50_000).unwrap();
    drop((home, store));
    let mut filler = fs::File::create(disk.0.join("filler")).unwrap();
    let full = std::io::copy(&mut std::io::repeat(1), &mut filler).unwrap_err();
    assert_eq!(full.kind(), std::io::ErrorKind::StorageFull);

    let store = open(&path).unwrap();
    assert_eq!(store.counts().unwrap().envelopes, 1);
    note_reading(&store, 1, 120).unwrap();
}

#[test]
fn a_new_clinic_needs_room_for_its_reserve() {
    let folder = tempfile::tempdir().unwrap();
    let Some(disk) = Mounted::new(&folder.path().join("disk"), "size=20m") else {
        return println!("{NO_MOUNT}");
    };
    let path = disk.0.join("home");
    assert!(matches!(Home::create(&path, NOW), Err(Error::Full)));
    assert!(!Home::is_one(&path));
}

#[test]
fn a_folder_that_cannot_be_written_says_so() {
    let folder = tempfile::tempdir().unwrap();
    let Some(disk) = Mounted::new(&folder.path().join("disk"), "size=100m") else {
        return println!("{NO_MOUNT}");
    };
    let path = disk.0.join("home");
    drop(new_clinic(&path));
    disk.make_read_only();
    let refused = open(&path).unwrap_err();
    assert!(matches!(refused, Error::ReadOnly { .. }), "{refused}");
    let refused = Home::create(&disk.0.join("other"), NOW).unwrap_err();
    assert!(matches!(refused, Error::ReadOnly { .. }), "{refused}");
}

#[test]
fn a_second_cairn_is_told_who_has_the_clinic_and_since_when() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("home");
    let (home, store) = new_clinic(&path);
    let Err(Error::Busy { pid, since }) = Home::open(&path, NOW.plus_ms(5)) else {
        panic!("opened twice");
    };
    assert_eq!((pid, since), (Some(std::process::id()), Some(NOW)));
    assert!(Home::create(&path, NOW).is_err());
    drop((home, store));
    assert!(!Home::open(&path, NOW).unwrap().ended_badly());
}

#[test]
fn a_cairn_that_was_killed_leaves_the_folder_open_to_the_next_which_knows() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("home");
    let (home, store) = new_clinic(&path);
    keep(&store, 1, 100).unwrap();
    drop((home, store));
    for left in ["4194000 1700000000000\n", "4194000", "\u{fffd}?"] {
        fs::write(path.join("lock"), left).unwrap();
        let home = Home::open(&path, NOW).unwrap();
        assert!(home.ended_badly(), "after {left:?}");
        let store = Store::open(Arc::new(home)).unwrap();
        assert_eq!(store.counts().unwrap().envelopes, 1);
    }
    assert!(!Home::open(&path, NOW).unwrap().ended_badly());
}

#[test]
fn a_format_of_tomorrow_is_named_and_a_damaged_one_is_not_believed() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("home");
    drop(new_clinic(&path));
    let check = |text: &[u8], expected: &str| {
        fs::write(path.join("format"), text).unwrap();
        let refused = Home::open(&path, NOW).unwrap_err();
        assert_eq!(refused.to_string(), expected);
        assert!(Home::create(&path, NOW).is_err());
    };
    check(
        b"cairn-home 2\n",
        "the format file has format 2, which this version does not know",
    );
    check(
        b"cairn-home x\n",
        "the format file is damaged: not a version",
    );
    check(b"", "the format file is damaged: not a version");
    check(&[0xff; 9], "the format file is damaged: not text");
    fs::remove_file(path.join("format")).unwrap();
    let lost = Home::open(&path, NOW).unwrap_err();
    assert_eq!(
        lost.to_string(),
        "the format file is damaged: it is not there, and the ledger is"
    );
    assert!(Home::create(&path, NOW).is_err());
    fs::write(path.join("format"), b"cairn-home 1\n").unwrap();
    open(&path).unwrap();
}

#[test]
fn a_set_up_that_did_not_finish_begins_again_and_nothing_else_does() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("home");
    for _ in 0..2 {
        let home = Arc::new(Home::create(&path, NOW).unwrap());
        let store = Store::create(Arc::clone(&home)).unwrap();
        keep(&store, 1, 100).unwrap();
        assert!(!Home::is_one(&path));
    }
    let missing = Home::open(&path, NOW).unwrap_err();
    assert!(matches!(missing, Error::NotAHome { .. }), "{missing}");
    drop(new_clinic(&path));
    assert!(Home::is_one(&path));
    let twice = Home::create(&path, NOW).unwrap_err();
    assert!(matches!(twice, Error::Disk { .. }), "{twice}");
    let other = folder.path().join("photos");
    fs::create_dir(&other).unwrap();
    fs::write(other.join("goat.jpg"), "x").unwrap();
    fs::set_permissions(&other, Permissions::from_mode(0o755)).unwrap();
    assert!(Home::create(&other, NOW).is_err());
    assert_eq!(fs::metadata(&other).unwrap().mode() & 0o7777, 0o755);
    assert_eq!(fs::read_dir(&other).unwrap().count(), 1);
    assert!(matches!(
        Home::open(&other, NOW),
        Err(Error::NotAHome { .. })
    ));
    fs::remove_file(other.join("goat.jpg")).unwrap();
    fs::write(other.join("lock"), "4194000 1\n").unwrap();
    fs::write(other.join("format.new"), "cairn-ho").unwrap();
    Home::create(&other, NOW).unwrap();
    let nowhere = folder.path().join("nowhere");
    assert!(matches!(
        Home::open(&nowhere, NOW),
        Err(Error::NotAHome { .. })
    ));
}

#[test]
fn a_ledger_that_is_gone_or_empty_is_never_begun_anew() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("home");
    drop(new_clinic(&path));
    let ledger = path.join("ledger.redb");
    let check = || {
        let refused = open(&path).unwrap_err();
        let is_damaged =
            matches!(refused, Error::Damaged { part, .. } if part == Part::Ledger);
        assert!(is_damaged, "{refused}");
    };
    fs::write(&ledger, b"").unwrap();
    check();
    fs::remove_file(&ledger).unwrap();
    check();
    assert!(!fs::exists(&ledger).unwrap());
}

#[test]
fn a_cache_that_is_gone_is_begun_anew() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("home");
    drop(new_clinic(&path));
    fs::remove_file(path.join("cache.redb")).unwrap();
    assert!(open(&path).unwrap().opened().cache_lost);
    assert!(!open(&path).unwrap().opened().cache_lost);
}

#[test]
fn everything_in_the_folder_is_for_its_owner_alone() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("deep/home");
    let (home, store) = new_clinic(&path);
    keep(&store, 1, 100).unwrap();
    home.write("amina.user", b"x").unwrap();
    home.folder("log").unwrap();
    fs::set_permissions(&path, Permissions::from_mode(0o755)).unwrap();
    fs::set_permissions(path.join("ledger.redb"), Permissions::from_mode(0o644)).unwrap();
    drop((home, store));
    let _store = open(&path).unwrap();
    let mode = |path: &Path| fs::metadata(path).unwrap().mode() & 0o7777;
    assert_eq!(mode(&path), 0o700);
    let mut seen = 0;
    for entry in fs::read_dir(&path).unwrap() {
        let entry = entry.unwrap().path();
        let expected = if entry.is_dir() { 0o700 } else { 0o600 };
        assert_eq!(mode(&entry), expected, "{}", entry.display());
        seen += 1;
    }
    assert_eq!(seen, 7, "files and folders");
    let reserve = fs::metadata(path.join("reserve")).unwrap();
    assert_eq!(reserve.len(), RESERVE_BYTES);
}

#[test]
fn small_files_on_disk_are_soon_checked() {
    let folder = tempfile::tempdir().unwrap();
    let (home, _store) = new_clinic(&folder.path().join("home"));
    assert!(home.is_soon_checked(Part::Ledger) && home.is_soon_checked(Part::Cache));
    let ledger = home.path().join("ledger.redb");
    let file = fs::OpenOptions::new().write(true).open(ledger).unwrap();
    file.set_len(40 * 1024 * 1024).unwrap();
    assert!(!home.is_soon_checked(Part::Ledger));
}
