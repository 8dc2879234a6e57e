//! Two machines of one clinic on this host, paired and used by keyboard alone.

use super::{CLINICIAN_NAME, Clinic, OWNER, Setting, number_of, pair};

#[test]
fn two_machines_are_paired_and_see_what_the_other_entered() {
    let clinic = Clinic::demo();
    let mut first = clinic.open_as(OWNER, Setting::USUAL);
    first.shows("Saved here");
    first.hides("Saved here -");
    first.keys("zawadi mary<^n>f38y<Enter>kij<Enter>-<Enter><F2>");
    first.shows("Saved with number");
    let (_other, mut second) = pair(&mut first);

    // Everybody signs in there with their own passphrase, and searches at once.
    let number = number_of(CLINICIAN_NAME, &second);
    clinic.sign_in(number, &mut second);
    second.until_shown("Saved here - all shared");
    second.keys("zawadi");
    second.shows("ZAWADI, Mary");

    // What is registered there is there on the first one without anybody asking for it.
    second.keys("<^w>kiprono asha<^n>f20y<Enter>kij<Enter>-<Enter><F2>");
    second.shows("Saved with number");
    second.until_shown("Saved here - all shared");
    first.keys("<F3>kiprono");
    first.until_shown("KIPRONO, Asha");
    first.until_shown("Saved here - all shared");
    first.keys("<F6>8<Esc>");
    first.shows("Hill Post");
    first.shows("in step");
    assert!(second.quit());
    first.until_shown("not in reach");
    assert!(first.quit());
}
