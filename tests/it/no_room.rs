//! A machine whose disk is full meets another one, with the real binary: it is told so, loses
//! nothing, harms nobody, and gets the rest once there is room.

use std::{fs, io::Write as _, path::Path};

use crate::{
    command::{Home, Ran},
    command_sync::{HERE, Serving, joined},
    hostile_store::{Mounted, NO_MOUNT},
};

#[test]
fn a_machine_with_a_full_disk_says_so_and_gets_the_rest_when_there_is_room() {
    let home = Home::new();
    let (folder, ward) = joined(&home, false);
    let disk = folder.path().join("disk");
    let Some(disk) = Mounted::new(&disk, "size=80m") else {
        return println!("{NO_MOUNT}");
    };
    let there = disk.0.join("home");
    fs::create_dir(&there).unwrap();
    for file in fs::read_dir(&ward).unwrap() {
        let file = file.unwrap();
        if file.path().is_file() {
            fs::copy(file.path(), there.join(file.file_name())).unwrap();
        }
    }
    let serving = Serving::begun(home.command("Okot", &["serve"]));
    let sync = |at: &Path| {
        let args = ["sync", "--addr", serving.addr(), "--timeout", "20"];
        let mut sync = home.command("", &[&args[..], &HERE].concat());
        sync.env("CAIRN_HOME", at)
            .env_remove("CAIRN_PASSPHRASE_FILE");
        Ran::of(sync.env_remove("CAIRN_USER").output().unwrap())
    };
    let filler = disk.0.join("filler");
    let mut filling = fs::File::create(&filler).unwrap();
    for bytes in [1 << 16, 1 << 12, 1] {
        while filling.write_all(&vec![7; bytes]).is_ok() {}
    }
    let full = sync(&there);
    assert_eq!(full.code, Some(6), "{}{}", full.out, full.err);
    full.is_told();
    for words in ["this machine's disk is full", "make room"] {
        assert!(full.err.contains(words), "{}", full.err);
    }
    drop(filling);
    fs::remove_file(filler).unwrap();
    let met = sync(&there);
    assert_eq!(met.code, Some(0), "{}", met.err);
    assert_eq!(serving.ended("-TERM"), Some(0));
    let mut find = home.command("Okot", &["patient", "find", "okello"]);
    let found = Ran::of(find.env("CAIRN_HOME", &there).output().unwrap());
    assert!(found.out.contains("OKELLO"), "{}{}", found.out, found.err);
}
