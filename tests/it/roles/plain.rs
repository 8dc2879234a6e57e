//! No file of a worked-in clinic says anything of a patient in plain.

use std::fs;

use cairn::chart::who::Role;

use super::{Disk, worked_in};
use crate::staff::{PATIENT_WORDS, Staff};

/// Whether these words stand in the bytes, as UTF-8 or as UTF-16 of either order. In
/// UTF-16 every second byte of plain letters is zero.
fn holds_text(bytes: &[u8], text: &str) -> bool {
    let dense: Vec<u8> = bytes.iter().copied().filter(|it| *it != 0).collect();
    String::from_utf8_lossy(&dense).contains(text)
}

#[test]
fn no_file_and_no_row_holds_a_patients_words_in_plain() {
    let staff = Staff::hired();
    let (_, _, _) = worked_in(&staff);
    let home = staff.home();
    let Staff { folder, clinic, .. } = staff;
    drop(clinic);
    let mut searched = 0;
    for file in fs::read_dir(&home).unwrap() {
        let path = file.unwrap().path();
        let bytes = fs::read(&path).unwrap();
        for word in PATIENT_WORDS {
            assert!(!holds_text(&bytes, word), "{word} in {}", path.display());
        }
        searched += bytes.len();
    }
    assert!(searched > 100_000, "{searched} bytes");
    let disk = Disk::read(&home);
    for (table, rows) in disk.ledger.iter().chain(&disk.cache) {
        for row in rows.iter().flat_map(|(key, value)| [key, value]) {
            for word in PATIENT_WORDS {
                assert!(!holds_text(row, word), "{word} in {table}");
            }
        }
    }
    assert!(holds_text("…Njeri…".as_bytes(), "Njeri"));
    assert!(holds_text(b"\x01\0N\0j\0e\0r\0i\0", "Njeri"));
    // The search finds what is there: who may sign in is readable while locked.
    let enrolled = disk.meta("enrolled");
    assert!(holds_text(enrolled, Role::LabPharmacy.name()));
    drop(folder);
}
