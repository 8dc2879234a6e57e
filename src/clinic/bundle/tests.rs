//! Two machines that no network joins, and a stick between them.

use std::{fs, sync::Arc};

use tempfile::TempDir;

use super::*;
use crate::{
    clinic::{
        Clinic, NewMachine,
        intake::testing::{Desktop, PASSPHRASE, founded, meet, register, surroundings},
    },
    ids::PatientId,
    ledger::Entry,
    seal::{CarryKey, SeededEntropy},
    sync::bundle,
};

/// Two machines that know each other, and an empty stick.
struct Outpost {
    here: Desktop,
    there: Desktop,
    stick: TempDir,
}

/// A machine that an owner lets in on this one.
fn joined(by: &Desktop, seed: u64) -> Desktop {
    let machine = NewMachine::draw(false, &mut SeededEntropy::new(seed));
    let mut owner = by.owner();
    let enrolment = owner.invite_accept(&machine.card(""), None).unwrap();
    owner.sign_out().unwrap();
    let folder = TempDir::new().unwrap();
    let home = folder.path().join("home");
    let around = surroundings(seed + 1);
    let clinic = Clinic::join(&home, &machine, enrolment, around).unwrap();
    Desktop { folder, clinic }
}

fn outpost() -> Outpost {
    let here = founded(1);
    let there = joined(&here, 10);
    there.owner().sign_out().unwrap();
    meet(&here.clinic, &there.clinic);
    let stick = TempDir::new().unwrap();
    Outpost { here, there, stick }
}

const NEW: BundleOrder = BundleOrder::ALL;
const FULL: BundleOrder = BundleOrder { full: true, ..NEW };

fn make(at: &Desktop, order: BundleOrder, stick: &TempDir) -> BundleMade {
    let mut session = at.owner();
    let made = session.bundle_make(&order, stick.path(), &mut |_, _| ());
    session.sign_out().unwrap();
    made.unwrap()
}

fn take(at: &Desktop, file: &Path) -> Result<BundleTaken, Error> {
    let mut session = at.owner();
    let taken = session.bundle_take(file, &mut |_, _| ());
    session.sign_out().unwrap();
    taken
}

/// As [`take`], signed in nowhere: nothing of the taking itself is written.
fn take_quietly(at: &Desktop, carrier: &CarryKey, bytes: &[u8]) -> BundleTaken {
    let bundle = bundle::open(carrier, bytes).unwrap();
    at.clinic.take_bundle(bundle, &mut |_, _| ()).unwrap()
}

fn carrier(at: &Desktop) -> CarryKey {
    let session = at.owner();
    let key = CarryKey::from_secret(session.device.carry.secret().copy());
    session.sign_out().unwrap();
    key
}

/// Who is on file, found by a shared name.
fn on_file(at: &Desktop) -> Vec<PatientId> {
    let mut session = at.owner();
    let mut found: Vec<_> = session
        .find("Okello", 100)
        .unwrap()
        .iter()
        .map(|it| it.patient)
        .collect();
    session.sign_out().unwrap();
    found.sort_unstable();
    found
}

fn is_held(by: &Clinic, reaches: &Frontier) -> bool {
    let theirs = by.frontier().unwrap();
    reaches
        .iter()
        .all(|(run, (seq, _))| theirs.get(run).is_some_and(|it| it.0 >= *seq))
}

#[test]
fn what_two_machines_wrote_apart_is_on_both_after_a_stick_went_there_and_back() {
    let Outpost { here, there, stick } = outpost();
    let mut expected = Vec::new();
    for (at, names) in [(&here, ["Amina", "Badu"]), (&there, ["Chidi", "Dalia"])] {
        let mut session = at.owner();
        expected.extend(names.map(|it| register(&mut session, it)));
        session.sign_out().unwrap();
    }
    expected.sort_unstable();
    let out = make(&here, NEW, &stick);
    let taken = take(&there, &out.files[0]).unwrap();
    assert!(taken.new > 2 && taken.refused.is_empty() && taken.broken.is_none());
    assert_eq!(taken.manifest.maker(), here.clinic.device());
    assert!(!taken.revoked);
    let back = make(&there, NEW, &stick);
    assert!(!back.full && back.envelopes < 40, "{back:?}");
    take(&here, &back.files[0]).unwrap();
    assert_eq!(on_file(&here), expected);
    assert_eq!(on_file(&there), expected);
}

#[test]
fn a_bundle_taken_twice_is_taken_once() {
    let Outpost { here, there, stick } = outpost();
    let made = make(&here, FULL, &stick);
    let bytes = fs::read(&made.files[0]).unwrap();
    let key = carrier(&there);
    let once = take_quietly(&there, &key, &bytes);
    let before = there.clinic.frontier().unwrap();
    let twice = take_quietly(&there, &key, &bytes);
    assert_eq!((twice.new, twice.known), (0, once.new + once.known));
    assert_eq!(there.clinic.frontier().unwrap(), before);
    assert_eq!(made.envelopes, twice.known);
}

#[test]
fn the_second_bundle_holds_only_what_is_new() {
    let Outpost { here, there, stick } = outpost();
    let first = make(&here, NEW, &stick);
    assert!(first.full);
    assert_eq!(first.unheard, [there.clinic.device()]);
    take(&there, &first.files[0]).unwrap();
    // What they hold is known here only once something of theirs came.
    take(&here, &make(&there, NEW, &stick).files[0]).unwrap();
    let mut session = here.owner();
    register(&mut session, "Esi");
    session.sign_out().unwrap();
    let second = make(&here, NEW, &stick);
    assert!(
        !second.full && second.envelopes < first.envelopes,
        "{second:?}"
    );
    let taken = take(&there, &second.files[0]).unwrap();
    assert!(taken.known <= 1 && taken.refused.is_empty(), "{taken:?}");
    assert_eq!(on_file(&here), on_file(&there));
}

#[test]
fn a_machine_that_has_nothing_takes_all_from_one_bundle() {
    let here = founded(1);
    let mut session = here.owner();
    let expected = vec![register(&mut session, "Amina")];
    session.sign_out().unwrap();
    let there = joined(&here, 10);
    let stick = TempDir::new().unwrap();
    let order = BundleOrder {
        to: Some(there.clinic.device()),
        ..NEW
    };
    let made = make(&here, order, &stick);
    let taken = take(&there, &made.files[0]).unwrap();
    assert!(taken.refused.is_empty(), "{taken:?}");
    assert_eq!(on_file(&there), expected);
    assert!(is_held(&there.clinic, &taken.manifest.reaches));
}

#[test]
fn statements_stand_before_what_leans_on_them_whoever_wrote_them() {
    let Outpost { here, there, stick } = outpost();
    // Each machine certifies sessions that lean on what the other stated.
    for _ in 0..3 {
        for at in [&here, &there] {
            at.owner().sign_out().unwrap();
        }
        meet(&here.clinic, &there.clinic);
    }
    let third = joined(&here, 30);
    meet(&here.clinic, &there.clinic);
    let made = make(&there, FULL, &stick);
    let bundle = opened(&third, &made.files[0]);
    let membership = bundle
        .iter()
        .take_while(|it| it.header().lane == Lane::Membership);
    let times: Vec<_> = membership.map(|it| it.header().hlc).collect();
    assert!(times.is_sorted() && times.len() > 8, "{times:?}");
    let lanes: Vec<_> = bundle.iter().map(|it| it.header().lane).collect();
    assert!(lanes.is_sorted());
    let taken = take(&third, &made.files[0]).unwrap();
    assert!(taken.refused.is_empty(), "{taken:?}");
}

fn open_by(at: &Desktop, file: &Path) -> Manifest {
    let session = at.owner();
    let manifest = session.bundle_manifest(file);
    session.sign_out().unwrap();
    manifest.unwrap().unwrap()
}

fn opened(at: &Desktop, file: &Path) -> Vec<Entry> {
    let bytes = fs::read(file).unwrap();
    let mut bundle = bundle::open(&carrier(at), &*bytes).unwrap();
    std::iter::from_fn(|| bundle.next_envelope().unwrap()).collect()
}

#[test]
fn a_stick_that_was_pulled_anywhere_loses_nothing_and_the_rest_follows() {
    let Outpost { here, there, stick } = outpost();
    let mut session = here.owner();
    for n in 0..250 {
        register(&mut session, &format!("Kofi {n}"));
    }
    session.sign_out().unwrap();
    let made = make(&here, FULL, &stick);
    let bytes = fs::read(&made.files[0]).unwrap();
    let key = carrier(&there);
    let mut read = 0;
    for length in (0..bytes.len()).step_by(bytes.len() / 40) {
        let Ok(bundle) = bundle::open(&key, &bytes[..length]) else {
            assert!(length < 66_000, "its first piece at {length}");
            continue;
        };
        let taken = there.clinic.take_bundle(bundle, &mut |_, _| ()).unwrap();
        assert!(taken.broken.is_some(), "cut at {length}");
        assert!(taken.refused.is_empty(), "{taken:?}");
        assert!(taken.new + taken.known >= read, "cut at {length}");
        read = taken.new + taken.known;
    }
    let taken = take_quietly(&there, &key, &bytes);
    assert!(taken.broken.is_none());
    // What this machine wrote itself, and the stick holds too, it knew before.
    let own = taken.manifest.reaches.iter();
    let own = own.filter(|((log, _), _)| *log == there.clinic.log());
    let own: u64 = own.map(|(_, (seq, _))| *seq).sum();
    let known = read..=read + own;
    assert!(
        taken.new > 0 && known.contains(&taken.known),
        "{read} {taken:?}"
    );
    assert!(is_held(&there.clinic, &taken.manifest.reaches));
    assert!(read > 50, "{read} envelopes before the last cut");
    assert_eq!(on_file(&there).len(), 100, "as many as are asked for");
}

#[test]
fn parts_are_numbered_and_may_come_one_by_one() {
    let Outpost { here, there, stick } = outpost();
    let mut session = here.owner();
    let mut noise = 1_u64;
    for n in 0..60 {
        // Names that do not compress, so that there is something to cut.
        let name: String = (0..40_000)
            .map(|_| {
                noise = noise
                    .wrapping_mul(6_364_136_223_846_793_005)
                    .wrapping_add(99);
                char::from(b'a' + u8::try_from((noise >> 33) % 26).unwrap())
            })
            .collect();
        register(&mut session, &format!("{n} {name}"));
    }
    session.sign_out().unwrap();
    let order = BundleOrder {
        full: true,
        file_bytes_max: 1_300_000,
        ..NEW
    };
    let made = make(&here, order, &stick);
    assert!(made.files.len() > 1, "{made:?}");
    for (file, number) in made.files.iter().zip(1..) {
        assert!(fs::metadata(file).unwrap().len() <= order.file_bytes_max);
        let taken = take(&there, file).unwrap();
        let part = taken.manifest.part;
        assert_eq!((part.number, part.of as usize), (number, made.files.len()));
        assert!(taken.refused.is_empty(), "{taken:?}");
    }
    assert_eq!(on_file(&there).len(), 60);
    // The last before the others is refused where it begins, and taken afterwards.
    let third = joined(&here, 30);
    let last = made.files.last().unwrap();
    let taken = take(&third, last);
    assert!(taken.is_err(), "made for two machines");
}

#[test]
fn a_bundle_after_a_hole_is_told_and_taken_when_the_hole_is_filled() {
    let Outpost { here, there, stick } = outpost();
    let full = make(&here, FULL, &stick);
    let reaches = open_by(&there, &full.files[0]).reaches;
    let mut session = here.owner();
    register(&mut session, "Amina");
    session.sign_out().unwrap();
    // They are believed to hold what they do not.
    let met = crate::clinic::Met {
        at: here.clinic.moment().at,
        addrs: Vec::new(),
        theirs: reaches,
    };
    here.clinic.met(there.clinic.device(), &met).unwrap();
    let tail = make(&here, NEW, &stick);
    let refused = take(&there, &tail.files[0]).unwrap().refused;
    let gap = refused
        .iter()
        .find(|it| it.why.to_string().contains("is expected"));
    assert!(gap.is_some(), "{refused:?}");
    take(&there, &full.files[0]).unwrap();
    let taken = take(&there, &tail.files[0]).unwrap();
    assert!(taken.refused.is_empty(), "{taken:?}");
    assert_eq!(on_file(&here), on_file(&there));
}

#[test]
fn both_branches_of_a_cloned_log_travel() {
    let Outpost { here, there, stick } = outpost();
    let copied = here.copy();
    for (clinic, name) in [(copied.open(), "Amina"), (Arc::clone(&here.clinic), "Badu")] {
        let user = clinic.users().unwrap()[0].user;
        let mut session = clinic.sign_in(user, PASSPHRASE).unwrap();
        for n in 0..3 {
            register(&mut session, &format!("{name} {n}"));
        }
        session.sign_out().unwrap();
        meet(&clinic, &there.clinic);
    }
    assert_eq!(on_file(&there).len(), 6);
    let third = joined(&there, 30);
    let made = make(&there, FULL, &stick);
    let taken = take(&third, &made.files[0]).unwrap();
    assert!(taken.refused.is_empty(), "{taken:?}");
    assert_eq!(on_file(&third), on_file(&there));
}

#[test]
fn a_stranger_learns_neither_names_nor_ids_from_the_stick() {
    let Outpost { here, there, stick } = outpost();
    let mut session = here.owner();
    register(&mut session, "Amina");
    session.sign_out().unwrap();
    let made = make(&here, FULL, &stick);
    let file = &made.files[0];
    let bytes = fs::read(file).unwrap();
    let (clinic, device) = (here.clinic.id(), there.clinic.device());
    let secrets: [&[u8]; 6] = [
        b"Amina",
        b"Okello",
        b"Kijani",
        b"CAIR",
        clinic.as_bytes(),
        device.as_bytes(),
    ];
    for secret in secrets {
        assert!(!bytes.windows(secret.len()).any(|it| it == secret));
    }
    let name = file.file_name().unwrap().to_str().unwrap();
    let digits = name.strip_suffix(".cairn").unwrap();
    assert!(digits.len() == 32 && digits.bytes().all(|it| it.is_ascii_hexdigit()));
    let stranger = founded(50);
    let refused = take(&stranger, file).unwrap_err().to_string();
    assert!(refused.ends_with("not made for this machine"), "{refused}");
}

#[test]
fn what_no_machine_of_the_clinic_made_goes_no_further_than_its_statements() {
    let Outpost { here, there, stick } = outpost();
    let made = make(&here, FULL, &stick);
    let envelopes = opened(&there, &made.files[0]);
    let stranger = founded(50);
    let session = stranger.owner();
    let mut manifest = session.manifest(&Receivers {
        to: BTreeMap::new(),
        since: Frontier::new(),
        unheard: Vec::new(),
    });
    let manifest = manifest.as_mut().unwrap();
    manifest.clinic = here.clinic.id();
    let fresh = joined(&here, 30);
    let mut body = BodyWriter::new(std::io::sink());
    for envelope in &envelopes {
        body.put(&envelope.encode()).unwrap();
    }
    manifest.contents = body.finish().1;
    let to = [carrier(&fresh).public()];
    let device = &session.device.signing;
    let mut packing = Packing::begin(
        Vec::new(),
        &to,
        manifest,
        device,
        &mut SeededEntropy::new(9),
    )
    .unwrap();
    for envelope in &envelopes {
        packing.put(&envelope.encode()).unwrap();
    }
    let file = stick.path().join("forged.cairn");
    fs::write(&file, packing.finish().unwrap()).unwrap();
    session.sign_out().unwrap();
    let refused = take(&fresh, &file).unwrap_err().to_string();
    assert!(refused.contains("never one of this clinic"), "{refused}");
    let held = fresh.clinic.frontier().unwrap().into_keys();
    let theirs = here.clinic.log();
    assert!(
        held.into_iter()
            .all(|(log, lane)| log != theirs || lane == Lane::Membership)
    );
}

#[test]
fn nothing_is_left_where_there_is_no_room_or_no_folder_or_nobody_to_make_it_for() {
    let Outpost { here, stick, .. } = outpost();
    let mut session = here.owner();
    let mut refusal = |order: &BundleOrder, folder: &Path| {
        let made = session.bundle_make(order, folder, &mut |_, _| ());
        made.unwrap_err().to_string()
    };
    let missing = stick.path().join("nowhere");
    assert!(refusal(&NEW, &missing).starts_with("there is no folder"));
    let small = BundleOrder {
        file_bytes_max: 1000,
        ..NEW
    };
    assert_eq!(
        refusal(&small, stick.path()),
        "nothing fits a file of 1000 bytes"
    );
    let nobody = BundleOrder {
        to: Some(DeviceId::ZERO),
        ..NEW
    };
    assert!(refusal(&nobody, stick.path()).starts_with("there is no such other machine"));
    assert_eq!(fs::read_dir(stick.path()).unwrap().count(), 0);
}
