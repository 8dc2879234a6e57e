//! What holds of every screen of a signed-in person: it fits any window, and nothing of it
//! is left when the machine locks by itself.

use cairn::{
    app::{
        Effect, Model, Msg, Seat, Size, Tab, draft,
        history::{Answer, Effect as Asked},
        lock,
    },
    say::Lang,
};

use crate::{
    bedside::{answer_icd, at_bedside},
    past::past,
    stage::Stage,
};

/// The keys that lead to a screen from the open chart, and what matters most there.
const SCREENS: &[(&str, &str)] = &[
    ("", "Hypertension"),
    ("2", "> ! OKELLO, Grace"),
    ("<F3><^n>f38y", "Okello"),
    ("<F7>", "Vitals"),
    ("<F7>bp 148/92 hr 84", "bp 148/92 hr 84"),
    ("<F7><Down>", "> today"),
    ("<F7><Down><Down><Down>", "> 19-Jun"),
    ("<F7><Down> ", "The marked value was entered"),
    ("<F8>", "Why"),
    ("<F8><Tab>cough at night", "cough at night"),
    ("<F8><Tab><Tab>.chest", "> .chest"),
    ("<F8><Tab><Tab><Tab>malaria", "> B54"),
    ("<F8><Tab>cough<F2>", "Sign"),
    ("a", "penicillin"),
    ("aapean", "Peanut"),
    ("ae", "entered in error"),
    ("b", "> "),
    ("b+diab", "> "),
    ("i", "No vaccine"),
    ("iibcg", "> BCG"),
    ("ix", "not given"),
    ("c", "Nothing was agreed to"),
    ("cc", "To whom"),
    ("h", "> 18-Nov-2025"),
    ("h/severe", "Filter: severe"),
    ("8", "> This computer"),
    ("8<Enter>", "> This computer"),
    ("<F1>", "Help"),
    ("<^p>lock", "Lock now"),
];

fn at(keys: &str) -> Stage {
    let mut stage = at_bedside(Lang::English);
    stage.keys(keys);
    if keys.starts_with('h') {
        answer_history(&mut stage);
    }
    if keys.contains("malaria") || keys.contains("diab") {
        answer_icd(&mut stage);
    }
    stage
}

fn answer_history(stage: &mut Stage) {
    let request = stage.newest(|effect| {
        if let Effect::History(Asked::Load { request, .. }) = effect {
            Some(*request)
        } else {
            None
        }
    });
    let result = Ok(past());
    stage.send(Msg::History(Answer::Loaded { request, result }));
}

#[test]
fn the_lowest_window_shows_the_patient_the_allergy_and_what_matters_most() {
    for (keys, matters) in SCREENS {
        let stage = at(keys).sized(60, 16);
        let seen = stage.text();
        assert!(seen.contains(matters), "{keys}: no {matters:?}\n{seen}");
        assert!(seen.contains("Saved here"), "{keys}\n{seen}");
        // What is said above a list of people must not seem to be of one of them.
        let elsewhere = stage.model.desk().unwrap().at != Tab::Chart;
        if stage.model.overlay.is_none() {
            let banner = seen.contains("OKELLO, Grace  Born");
            assert_eq!(banner, !elsewhere, "{keys}\n{seen}");
            assert_eq!(seen.contains("PENICILLIN"), !elsewhere, "{keys}\n{seen}");
        }
    }
}

#[test]
fn a_window_can_be_made_any_size_and_back() {
    for (keys, _) in SCREENS {
        let mut stage = at(keys);
        let before = stage.picture();
        for (columns, rows) in (0..70).map(|it| (it * 3, it)).chain([(300, 90), (60, 16)])
        {
            stage.send(Msg::Resized(Size { columns, rows }));
            let (buf, caret) = stage.draw();
            let inside = caret.is_none_or(|it| buf.area.contains(it));
            assert!(inside || buf.area.is_empty(), "{keys}: {columns}×{rows}");
        }
        let stage = stage.sized(80, 24);
        assert_eq!(stage.picture(), before, "after {keys}");
    }
}

#[test]
fn two_minutes_without_a_key_lock_every_screen_and_leave_nothing_of_it() {
    for (keys, _) in SCREENS {
        let mut stage = at(keys);
        let begun = stage.now.at;
        let typed = stage.model.desk().unwrap().front().unwrap().draft();
        while !is_locked(&stage.model) {
            wake(&mut stage);
        }
        assert_eq!(stage.now.at.ms_since(begun), 120_000, "{keys}");
        let seen = stage.text();
        for secret in [
            "kello", "KELLO", "Grace", "K2F7", "enicill", "PENIC", "Asthma",
        ] {
            assert!(!seen.contains(secret), "{keys}: {secret}\n{seen}");
        }
        if let Some((key, body)) = typed.filter(|(_, body)| !body.0.is_empty()) {
            let kept = place(&stage, |it| {
                let Effect::Draft(draft::Effect::Save { key: k, body: b }) = it else {
                    return false;
                };
                *k == key && *b == body
            });
            let locks = |it: &Effect| matches!(it, Effect::Lock(lock::Effect::Lock));
            assert!(kept.unwrap() < place(&stage, locks).unwrap(), "{keys}");
            assert!(!seen.contains(body.0.trim()), "{keys}\n{seen}");
        }
    }
}

#[test]
fn a_locked_machine_stays_locked_whatever_the_time() {
    let mut stage = at("<F8><Tab>cough");
    for _ in 0..600 {
        wake(&mut stage);
    }
    assert!(is_locked(&stage.model));
    assert!(!stage.text().contains("cough"));
}

/// Lets the time pass to when the model wants to be woken.
fn wake(stage: &mut Stage) {
    stage.now.at = stage.model.next_wake().unwrap().max(stage.now.at);
    stage.send(Msg::Woke);
}

fn is_locked(model: &Model) -> bool {
    matches!(model.seat, Seat::Locked(_))
}

fn place(stage: &Stage, is: impl Fn(&Effect) -> bool) -> Option<usize> {
    stage.asked.iter().rposition(is)
}
