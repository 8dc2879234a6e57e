//! The list of drugs, by its keys.

use cairn::{
    app::{
        Effect, Msg,
        history::{Answer, Effect as Asked, Past},
        patient,
    },
    chart::{
        Coded, Entry, MedKind, MedStatus, Medication, Remark, Severity, System, who::Role,
    },
    content::Medicine,
    ids::RecordId,
    say::Lang,
    time::When,
};
use insta::assert_snapshot;

use crate::{
    stage::{allergy, hostile_rows, now, who},
    ward::Ward,
};

pub(crate) const AMOXICILLIN: &str = "Amoxicillin 500 mg capsule";

pub(crate) fn drug(number: u8, text: &str, line: &str) -> Medication {
    let who = who("Dr Okot", Role::Clinician);
    let id = RecordId::from_bytes([number; 16]);
    let listed = Medicine::named(text);
    let mut drug = Medication {
        entry: Entry::new(id, now(), who.user, who.machine),
        kind: MedKind::Request,
        code: listed.map_or_else(|| Coded::text(text), Medicine::coded),
        status: MedStatus::Active,
        dose: String::new(),
        route: String::new(),
        frequency: String::new(),
        duration: String::new(),
        as_needed: false,
        start: "2025-10-12".parse().ok(),
        end: None,
        quantity: String::new(),
        reason: Coded::default(),
        instructions: String::new(),
        overridden: String::new(),
        visit: None,
    };
    let piece = listed.map(cairn::care::dose_line::Piece::from);
    cairn::care::dose_line::parse(line)
        .dose
        .write(piece, &mut drug);
    drug
}

fn filled(lang: Lang, role: Role) -> Ward {
    Ward::open(lang, role, |summary| {
        let mut stopped = drug(2, "Enalapril 5 mg tablet", "1 od ongoing");
        stopped.status = MedStatus::Stopped;
        stopped.end = "2025-09-03".parse().ok();
        stopped.entry.remark = Remark("cough".to_owned());
        let mut told = drug(3, "Metformin 500 mg tablet", "1 bd ongoing");
        told.kind = MedKind::Statement;
        told.entry.remark = Remark("hospital letter".to_owned());
        let mut wrong = drug(4, "Furosemide 40 mg tablet", "1 od ongoing");
        wrong.entry.in_error = true;
        wrong.entry.remark = Remark("other patient".to_owned());
        let mut paused = drug(5, "Simvastatin 20 mg tablet", "1 nocte ongoing");
        paused.status = MedStatus::OnHold;
        summary.medications = vec![
            wrong,
            stopped,
            told,
            paused,
            drug(1, "Amlodipine 5 mg tablet", "1 od ongoing"),
        ];
    })
}

/// Tells who wrote the records.
pub(crate) fn named(ward: &mut Ward) {
    let users = (1..=3).map(|it| cairn::ids::UserId::from_bytes([it; 16]));
    let names = users.map(|it| (it, "Dr Abbo".to_owned())).collect();
    ward.stage.send(Msg::Patient(patient::Answer::Names(names)));
}

/// Answers the newest question for the past: the first drug and another record.
fn past(ward: &mut Ward) {
    let request = ward.stage.newest(|effect| {
        if let Effect::History(Asked::Load { request, .. }) = effect {
            Some(*request)
        } else {
            None
        }
    });
    let change = |record: u8, field: &str, new: &str| Past {
        at: now(),
        by: Some("Dr Abbo".to_owned()),
        kind: cairn::chart::Kind::Medication,
        record: RecordId::from_bytes([record; 16]),
        field: field.to_owned(),
        old: None,
        new: Some(new.to_owned()),
    };
    let result = Ok(vec![
        change(1, "", ""),
        change(1, "dose", "1 tablet"),
        change(1, "freq", "od"),
        change(2, "", ""),
        change(2, "dose", "9 tablets"),
    ]);
    let answer = Answer::Loaded { request, result };
    ward.stage.send(Msg::History(answer));
}

#[test]
fn a_drug_takes_twenty_keys_and_its_dose_is_said_in_words() {
    let mut ward = Ward::new();
    ward.keys("pamox<Enter>1 tds x 5d");
    ward.shows("-> 1 capsule 3 times a day, 5 days, total 15");
    ward.keys("<F2>");
    assert!(ward.typed <= 20, "{} keys", ward.typed);
    ward.shows("Amoxicillin 500 mg capsule: prescribed. u undoes");
    let saved = &ward.summary().medications[0];
    assert_eq!(saved.code.text, AMOXICILLIN);
    assert_eq!(saved.kind, MedKind::Request);
    assert_eq!(
        [
            &*saved.dose,
            &*saved.frequency,
            &*saved.duration,
            &*saved.quantity
        ],
        ["1 capsule", "tds", "5d", "15 capsule"]
    );
    assert_eq!(saved.route, "by mouth");
    assert_eq!(saved.start, Some(When::On(now().day())));
    assert_eq!(saved.end, "2025-11-23".parse().ok());
    assert_eq!(saved.overridden, "");
    ward.keys("s");
    ward.shows("Drugs now (1)");
    ward.keys("u");
    assert!(ward.summary().medications[0].entry.in_error);
}

#[test]
fn a_drug_with_a_code_keeps_it_and_a_problem_is_the_reason() {
    let mut ward = Ward::open(Lang::English, Role::Clinician, |summary| {
        summary.problems = vec![crate::problems::problem(7, "Hypertension", "2021")];
    });
    ward.keys("dpamlo<Enter>1 od ongoing<Tab>hyp<Enter><F2>");
    let saved = &ward.summary().medications[0];
    assert!(saved.code.has(&System::Rxnorm, "329528"));
    assert_eq!(saved.reason.text, "Hypertension");
    assert_eq!(saved.end, None);
}

#[test]
fn what_is_no_dose_is_kept_marked_and_not_saved() {
    for (line, said) in [
        ("xyz tds", "xyz: not part of a dose"),
        ("1", "how often?"),
        ("tds", "how much at a time?"),
        ("", "needed"),
        ("1 x 3", "days or times a day?"),
    ] {
        let mut ward = Ward::new();
        ward.keys(&format!("pamox<Enter>{line}<F2>"));
        ward.shows(said);
        ward.shows(line);
        assert_eq!(ward.edits(), [], "{line}");
        ward.shows("Something is missing");
    }
}

#[test]
fn the_same_drug_twice_warns() {
    let mut ward = Ward::open(Lang::English, Role::Clinician, |summary| {
        let text = "Amoxicillin 250 mg capsule";
        summary.medications = vec![drug(1, text, "1 tds x 5d")];
    });
    ward.keys("pamox<Enter>");
    ward.shows("! Taken already since 12-Oct-2025: Amoxicillin 250 mg capsule");
    ward.keys("1 tds x 5d<F2>");
    assert_eq!(ward.summary().medications.len(), 2);
}

#[test]
fn a_drug_is_stopped_or_paused_with_a_reason() {
    for (keys, status, end) in [
        ("x", MedStatus::Stopped, Some(When::On(now().day()))),
        ("x<BackTab>h", MedStatus::OnHold, None),
        (
            "x<BackTab>o",
            MedStatus::Completed,
            Some(When::On(now().day())),
        ),
        (
            "x<BackTab>n",
            MedStatus::Cancelled,
            Some(When::On(now().day())),
        ),
    ] {
        let mut ward = filled(Lang::English, Role::Clinician);
        ward.keys("d");
        ward.keys(keys);
        ward.keys("<F2>");
        ward.shows("Something is missing");
        assert_eq!(ward.edits(), []);
        ward.keys("swollen ankles<F2>");
        ward.shows("Amlodipine 5 mg tablet: ");
        let saved = &ward.summary().medications[4];
        assert_eq!((saved.status, saved.end), (status, end));
        assert_eq!(saved.entry.remark.0, "swollen ankles");
        ward.shows("swollen ankles");
        ward.keys("u");
        assert_eq!(ward.summary().medications[4].status, MedStatus::Active);
    }
}

#[test]
fn a_dose_is_changed_with_a_reason_and_what_was_not_touched_stays() {
    let mut ward = filled(Lang::English, Role::Clinician);
    ward.chart.summary.as_mut().unwrap().medications[4].route = "oral".to_owned();
    let chart = ward.summary().clone();
    let mut ward = Ward::open(Lang::English, Role::Clinician, |it| *it = chart);
    ward.keys("dm");
    ward.shows("1 tablet od ongoing");
    ward.keys("<^w><^w><^w><^w>2 od ongoing<F2>");
    ward.shows("Something is missing");
    ward.keys("BP 160/100<F2>");
    let saved = &ward.summary().medications[4];
    assert_eq!(saved.dose, "2 tablets");
    assert_eq!(saved.route, "oral");
    assert_eq!(saved.entry.remark.0, "BP 160/100");
    assert_eq!(saved.start, "2025-10-12".parse().ok());
}

#[test]
fn a_dose_that_no_line_wrote_stays_while_another_thing_changes() {
    let mut ward = Ward::open(Lang::English, Role::Clinician, |summary| {
        let mut imported = drug(1, "Warfarin", "");
        "as the INR clinic says".clone_into(&mut imported.dose);
        summary.medications = vec![imported];
    });
    ward.keys("dm<Tab>AF<Tab>new paper<F2>");
    let saved = &ward.summary().medications[0];
    assert_eq!(saved.dose, "as the INR clinic says");
    assert_eq!(saved.reason.text, "AF");
}

#[test]
fn the_patient_is_asked_and_takes_it_or_not() {
    let mut ward = filled(Lang::English, Role::Clinician);
    ward.keys("drt<F2>");
    ward.shows("Amlodipine 5 mg tablet: the patient takes it.");
    let saved = ward.summary().medications[4].clone();
    assert_eq!(saved.status, MedStatus::Active);
    assert_eq!(saved.entry.remark.0, "takes it, asked 18-Nov-2025");
    ward.keys("rn<F2>");
    ward.shows("Something is missing");
    ward.keys("too dear<F2>");
    let saved = &ward.summary().medications[4];
    assert_eq!(saved.status, MedStatus::Stopped);
    assert_eq!(saved.end, Some(When::On(now().day())));
    let remark = "does not take it, asked 18-Nov-2025: too dear";
    assert_eq!(saved.entry.remark.0, remark);
}

#[test]
fn what_is_taken_from_elsewhere_needs_no_dose_and_warns_only() {
    let mut ward = Ward::open(Lang::English, Role::Nurse, |summary| {
        let severe = allergy(9, "Penicillin", "anaphylaxis", Severity::Severe);
        summary.allergies = vec![severe];
    });
    ward.keys("dtamox<Enter>a few now and then<Tab>");
    ward.shows("It is kept in these words.");
    ward.keys("told<Enter><Tab>mar 2025<F2>");
    ward.hides("STOP");
    let saved = &ward.summary().medications[0];
    assert_eq!(saved.kind, MedKind::Statement);
    assert_eq!(saved.dose, "a few now and then");
    assert_eq!(saved.entry.remark.0, "told by the patient");
    assert_eq!(saved.start, "2025-03".parse().ok());
    ward.shows("from elsewhere: 1");
    ward.keys("dt<Esc>rnno more left<F2>");
    assert_eq!(ward.summary().medications[0].status, MedStatus::Stopped);
}

#[test]
fn who_may_not_prescribe_goes_on_with_what_was_left() {
    let mut ward = filled(Lang::English, Role::Nurse);
    ward.keys("dtamox<Enter><Esc>");
    ward.shows("A form was left unfinished: + goes on with it.");
    ward.keys("+");
    ward.shows("An unfinished form is kept");
    ward.keys("<Enter>");
    ward.shows("Amoxicillin 500 mg capsule");
    ward.shows("The draft for OKELLO, Grace is taken up where it was left.");
}

#[test]
fn who_may_not_prescribe_is_told_why_and_saves_nothing() {
    for role in [Role::Nurse, Role::LabPharmacy, Role::Hub] {
        for keys in ["p", "dp", "d+", "d<^n>", "dm", "dx", "dr", "de"] {
            let mut ward = filled(Lang::English, role);
            ward.keys(keys);
            ward.shows("Your role does not include this.");
            ward.hides("caps");
            ward.keys("amox<Enter>1 tds x 5d<F2>");
            assert_eq!(ward.edits(), [], "{role:?} {keys}");
        }
    }
    let mut ward = filled(Lang::English, Role::Nurse);
    ward.hides("p prescribe");
    ward.keys("d");
    ward.hides("p prescribe");
    ward.shows("Your role does not prescribe");
}

#[test]
fn one_drug_opens_with_its_history_from_the_list_and_from_the_summary() {
    let mut ward = filled(Lang::English, Role::Clinician);
    named(&mut ward);
    ward.keys("d<Enter>");
    past(&mut ward);
    ward.shows("1 tablet once a day, ongoing");
    ward.shows("Prescribed 18-Nov-2025 by Dr Abbo");
    ward.shows("Dose");
    ward.hides("9 tablets");
    ward.hides("Enalapril");
    ward.keys("x");
    ward.shows("Stop or pause: Amlodipine 5 mg tablet");
    ward.keys("swollen<F2><Esc>");
    ward.shows("Enalapril");
    let mut ward = filled(Lang::English, Role::Clinician);
    ward.keys("<Enter>");
    ward.shows("1 tablet once a day, ongoing");
}

#[test]
fn drugs_look_so() {
    let mut ward = filled(Lang::English, Role::Clinician);
    ward.keys("d");
    assert_snapshot!("drugs", ward.stage.picture());
    let mut nurse = filled(Lang::English, Role::Nurse);
    nurse.keys("d");
    assert_snapshot!("drugs-nurse", nurse.stage.picture());
    ward.keys("<Enter>");
    past(&mut ward);
    assert_snapshot!("drugs-entry", ward.stage.picture());
    let mut small = filled(Lang::English, Role::Clinician);
    small.stage = small.stage.sized(60, 20);
    small.keys("d");
    assert_snapshot!("drugs-small", small.stage.picture());
    let mut french = filled(Lang::French, Role::Clinician);
    french.keys("d");
    assert_snapshot!("drugs-french", french.stage.picture());
    french.keys("pamox<Enter>1 tds x 5d po prn");
    assert_snapshot!("drugs-add-french", french.stage.picture());
}

#[test]
fn hostile_words_are_safe() {
    for row in hostile_rows() {
        let name = row.names[0].family.clone();
        let mut ward = Ward::open(Lang::English, Role::Clinician, |summary| {
            let mut hostile = drug(1, &name, "");
            hostile.dose.clone_from(&name);
            hostile.overridden.clone_from(&name);
            hostile.entry.remark = Remark(name.clone());
            summary.medications = vec![hostile];
            summary.allergies = vec![allergy(9, &name, &name, Severity::Severe)];
        });
        for keys in ["d", "<Enter>", "m", "<Esc>", "rtx<F2>"] {
            ward.keys(keys);
            crate::screens::check_safe(&ward.stage);
        }
    }
}
