//! The dialog that stops a prescription which an allergy forbids, by its keys.

use cairn::{
    chart::{MedStatus, Severity, who::Role},
    say::Lang,
};
use insta::assert_snapshot;

use crate::{
    drugs::{AMOXICILLIN, drug, named},
    stage::allergy,
    ward::Ward,
};

/// Someone to whom a penicillin did this.
fn allergic(reaction: &str, severity: Severity) -> Ward {
    Ward::open(Lang::English, Role::Clinician, |summary| {
        summary.allergies = vec![allergy(9, "Penicillin", reaction, severity)];
    })
}

fn severe() -> Ward {
    allergic("anaphylaxis", Severity::Severe)
}

/// To the dialog that stops amoxicillin.
fn stopped() -> Ward {
    let mut ward = severe();
    ward.keys("pamox<Enter>1 tds x 5d<F2>");
    ward.shows("STOP: allergy on file");
    assert_eq!(ward.edits(), []);
    ward
}

#[test]
fn an_allergy_on_file_stops_and_names_itself_and_its_entry() {
    let mut ward = stopped();
    named(&mut ward);
    for told in [
        "Amoxicillin 500 mg capsule is of the group PENICILLIN.",
        "Recorded: Penicillin - anaphylaxis, 2019; by Dr Abbo, 18-Nov-2025.",
        "> Esc  Do not prescribe",
        "To go ahead, type OVERRIDE and a reason, then F2:",
        "1 capsule 3 times a day, 5 days, total 15",
    ] {
        ward.shows(told);
    }
}

#[test]
fn allergies_that_have_no_room_are_counted() {
    let mut ward = Ward::open(Lang::English, Role::Clinician, |summary| {
        let to = ["Penicillin", "Amoxicillin", "Ampicillin", "Cloxacillin"];
        let all = (9..).zip(to);
        summary.allergies = all
            .map(|(number, to)| allergy(number, to, "anaphylaxis", Severity::Severe))
            .collect();
    });
    ward.stage = ward.stage.sized(60, 16);
    ward.keys("pamox<Enter>1 tds x 5d<F2>");
    ward.shows("STOP: allergy on file");
    ward.shows("The patient is allergic to AMOXICILLIN.");
    ward.shows("Do not prescribe");
    ward.shows("OVERRIDE");
    ward.stage = ward.stage.sized(60, 20);
    ward.shows("more on file");
}

#[test]
fn enter_and_esc_both_prescribe_nothing_and_keep_the_form() {
    for key in ["<Enter>", "<Esc>"] {
        for typed in ["", "OVERRIDE no other drug here"] {
            let mut ward = stopped();
            ward.keys(typed);
            ward.keys(key);
            ward.hides("STOP");
            ward.shows("Not prescribed.");
            ward.shows("1 tds x 5d");
            assert_eq!(ward.edits(), [], "{typed} {key}");
        }
    }
}

#[test]
fn an_override_typed_wrongly_saves_nothing_and_says_why() {
    for (typed, said) in [
        ("", "begin with OVERRIDE in capitals"),
        ("override no other drug", "begin with OVERRIDE in capitals"),
        ("OVERIDE no other drug", "begin with OVERRIDE in capitals"),
        ("OVERRIDEno other drug", "begin with OVERRIDE in capitals"),
        ("no other drug", "begin with OVERRIDE in capitals"),
        ("OVERRIDE", "say why behind OVERRIDE"),
        ("OVERRIDE  .", "say why behind OVERRIDE"),
    ] {
        let mut ward = stopped();
        ward.keys(typed);
        ward.keys("<F2>");
        ward.shows("STOP: allergy on file");
        ward.shows(said);
        ward.shows(typed.trim_end());
        assert_eq!(ward.edits(), [], "{typed}");
    }
}

#[test]
fn the_word_and_a_reason_prescribe_and_the_reason_stays_in_the_entry() {
    let mut ward = stopped();
    ward.keys("OVERRIDE no other drug here<F2>");
    ward.hides("STOP");
    ward.shows("prescribed. u undoes");
    let saved = &ward.summary().medications[0];
    assert_eq!(saved.overridden, "no other drug here");
    ward.shows("! Amoxicillin");
    ward.shows("Override: no other drug here");
    ward.keys("s");
    ward.shows("! 1 capsule");
}

#[test]
fn a_reason_is_kept_without_the_word_which_is_typed_anew_each_time() {
    let mut ward = stopped();
    ward.keys("OVERRIDE no other drug here<Esc><F2>");
    ward.shows("STOP: allergy on file");
    ward.shows("no other drug here");
    ward.keys("<F2>");
    ward.shows("begin with OVERRIDE in capitals");
    assert_eq!(ward.edits(), []);
    ward.keys("OVERRIDE <F2>");
    let saved = &ward.summary().medications[0];
    assert_eq!(saved.overridden, "no other drug here");
}

#[test]
fn a_reason_for_one_drug_is_none_for_another() {
    let mut ward = stopped();
    ward.keys("OVERRIDE no other drug here<Esc><BackTab>");
    for _ in 0..AMOXICILLIN.len() {
        ward.keys("<Backspace>");
    }
    ward.keys("ampicillin<Enter><F2>");
    ward.shows("STOP: allergy on file");
    ward.hides("no other drug here");
}

#[test]
fn another_drug_goes_through() {
    let mut ward = stopped();
    ward.keys("<Esc><BackTab><^w><^w><^w><^w>azithro<Enter><F2>");
    ward.hides("STOP");
    let saved = &ward.summary().medications[0];
    assert!(saved.code.text.starts_with("Azithromycin"));
    assert_eq!(saved.overridden, "");
}

#[test]
fn an_allergy_that_was_mild_warns_and_does_not_stop() {
    let mut ward = allergic("rash", Severity::Mild);
    ward.keys("pamox<Enter>1 tds x 5d");
    ward.shows("! Amoxicillin 500 mg capsule is of the group PENICILLIN.");
    ward.keys("<F2>");
    ward.hides("STOP");
    assert_eq!(ward.summary().medications.len(), 1);
}

#[test]
fn a_drug_that_is_taken_again_is_stopped_by_an_allergy_as_well() {
    let mut ward = Ward::open(Lang::English, Role::Clinician, |summary| {
        let mut old = drug(1, AMOXICILLIN, "1 tds x 5d");
        old.status = MedStatus::Stopped;
        "long ago".clone_into(&mut old.overridden);
        summary.medications = vec![old];
        let severe = allergy(9, "Penicillin", "anaphylaxis", Severity::Severe);
        summary.allergies = vec![severe];
    });
    ward.keys("drt<F2>");
    ward.shows("STOP: allergy on file");
    assert_eq!(ward.edits(), []);
    ward.keys("OVERRIDE desensitised<F2>");
    let saved = &ward.summary().medications[0];
    assert_eq!(saved.status, MedStatus::Active);
    assert_eq!(saved.overridden, "desensitised");
}

#[test]
fn what_is_typed_survives_esc_and_a_crash() {
    let mut ward = Ward::new();
    ward.keys("pamox<Enter>1 tds");
    let body = ward.draft().unwrap();
    let mut again = severe();
    again.keys("d");
    again.load(body);
    again.shows("The draft for OKELLO, Grace is taken up where it was left.");
    again.keys("<F2>");
    again.shows("STOP: allergy on file");
    assert_eq!(again.edits(), []);
}

#[test]
fn the_dialog_looks_so() {
    let mut ward = stopped();
    named(&mut ward);
    assert_snapshot!("drugs-stop", ward.stage.picture());
    ward.keys("no other drug<F2>");
    ward.stage = ward.stage.mono();
    assert_snapshot!("drugs-stop-mono", ward.stage.picture());
    let mut small = stopped();
    named(&mut small);
    small.stage = small.stage.sized(60, 16);
    small.keys("OVERRIDE<F2>");
    assert_snapshot!("drugs-stop-small", small.stage.picture());
    let mut french = Ward::open(Lang::French, Role::Clinician, |summary| {
        let severe = allergy(9, "Penicillin", "anaphylaxis", Severity::Severe);
        summary.allergies = vec![severe];
    });
    french.keys("pamox<Enter>1 tds x 5d<F2>OVERRIDE x<F2>");
    assert_snapshot!("drugs-stop-french", french.stage.picture());
}
