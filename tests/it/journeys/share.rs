//! Consent and share on the real screen, and what the patient is told of it.

use std::{fs, process::Command};

use super::{CLINICIAN, CLINICIAN_NAME, Clinic, OWNER, Setting, address, words};

const OWNER_NAME: &str = "Dr James Okot";

/// The card of somebody of another clinic, in a file.
fn card_of_another(folder: &std::path::Path) -> String {
    let run = |args: &[&str]| {
        let mut cairn = Command::new(env!("CARGO_BIN_EXE_cairn"));
        cairn.arg("--home").arg(folder.join("other")).args(args);
        let ran = cairn.output().unwrap();
        let complaint = String::from_utf8_lossy(&ran.stderr).into_owned();
        assert!(ran.status.success(), "{args:?}: {complaint}");
    };
    run(&["demo", "--patients", "1", "--no-open", "--quiet"]);
    let file = folder.join("other.card").display().to_string();
    let passphrase = folder.join("other/passphrase").display().to_string();
    run(&[
        "card",
        "show",
        "--out",
        &file,
        "--user",
        CLINICIAN_NAME,
        "--passphrase-file",
        &passphrase,
    ]);
    file
}

#[test]
fn consent_and_share_in_twelve_keys_and_the_patient_is_told() {
    let folder = tempfile::TempDir::new().unwrap();
    let file = card_of_another(folder.path());
    let clinic = Clinic::demo();
    let mut terminal = clinic.open_as(OWNER, Setting::USUAL);
    terminal.keys("<F6>8p");
    terminal.until_shown("No card is kept");
    terminal.keys(&format!("a{file}<F2>"));
    terminal.until_shown("Nobody made sure of it");
    terminal.keys("my");
    terminal.until_shown("compared the words in the room");
    terminal.keys("2ok");
    terminal.until_shown(" match");
    terminal.keys("<Enter>");
    terminal.until_shown("s Summary");
    let mut keys = terminal.keys("c");
    terminal.shows("Nothing was agreed to");
    keys += terminal.keys("cle<Enter><F2>");
    terminal.until_shown("o shares it");
    keys += terminal.keys("o");
    terminal.until_shown("Shared with one");
    println!("consent and share: {keys} keys");
    assert!(keys <= 12, "{keys} keys");
    terminal.keys("t");
    terminal.until_shown("Shared: ");
    let paper = folder.path().join("told.txt");
    terminal.keys(&format!("p{}<F2>", paper.display()));
    terminal.until_shown("Print the file");
    assert!(terminal.quit());
    let paper = fs::read_to_string(paper).unwrap();
    assert!(
        paper.contains(CLINICIAN_NAME) && paper.contains("Shared: "),
        "{paper}"
    );
    assert!(paper.lines().all(|it| it.chars().count() <= 80), "{paper}");
    let shares = clinic.asked(OWNER_NAME, &["share", "list"]);
    assert_eq!(shares["shares"][0]["state"], "live");
    let patient = shares["shares"][0]["patient"].as_str().unwrap();
    let told = clinic.asked(OWNER_NAME, &["disclosures", patient]);
    let last = told["disclosures"].as_array().unwrap().last().unwrap();
    assert_eq!(last["action"], "print");
}

#[test]
fn two_people_in_one_room_have_each_others_card_after_eight_words() {
    let (here, there) = (Clinic::demo(), Clinic::demo());
    let mut first = here.open_as(OWNER, Setting::USUAL);
    let mut second = there.open_as(CLINICIAN, Setting::USUAL);
    first.keys("<F6>8pmw");
    first.until_shown("Good for 10 minutes");
    let (words, address) = (words(&first), address(&first));
    second.keys("<F6>8pmt");
    second.keys(&format!("{words}<Enter>{address}<F2>"));
    for terminal in [&mut first, &mut second] {
        terminal.until_shown("Press y only if");
    }
    first.shows(CLINICIAN_NAME);
    second.shows(OWNER_NAME);
    first.keys("y");
    first.until_shown("Waiting for the other person");
    second.keys("y");
    for terminal in [&mut first, &mut second] {
        terminal.until_shown("Kept on both sides");
        terminal.keys("<Esc>");
        terminal.until_shown("Providers of other clinics: 1");
        terminal.shows("in the room");
    }
    // What is shared then is there without a word, and what is written comes back.
    first.keys("2ok");
    first.until_shown(" match");
    first.keys("<Enter>");
    first.until_shown("s Summary");
    first.keys("c");
    first.shows("Nothing was agreed to");
    first.keys("cle<Enter><F2>");
    first.until_shown("o shares it");
    first.keys("o");
    first.until_shown("Shared with one");
    second.keys("<Esc>g");
    second.until_shown("Kijani Health Centre: summary, visits");
    second.until_shown("OKELLO, Florence");
    second.keys("<Enter>");
    second.until_shown("Read only, until");
    second.until_shown("OKELLO");
    second.keys("n");
    second.shows("A consult note for that clinic");
    second.keys("wheeze on both sides<Tab><Tab>double the inhaler<F2>");
    second.until_shown("It goes to that clinic");
    second.until_shown("What you proposed");
    second.shows("waits: wheeze on both sides");
    first.keys("rr");
    first.until_shown("Taken back.");
    second.keys("<Esc>");
    second.until_shown("taken back");
    second.keys("<Enter>");
    second.until_shown("took this share back");
    assert!(first.quit() && second.quit());
}
