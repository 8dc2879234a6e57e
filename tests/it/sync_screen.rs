//! How it stands with the other machines (S7), and what every screen's last row says of it.

use cairn::{
    app::{
        Effect, Msg, Saved, lock,
        sync::{Answer, Bundle, Details, Effect as Asked, Here, Standing},
    },
    chart::who::Role,
    ids::DeviceId,
    say::Lang,
    sync::status::{Peer, Progress, Reach, SharedWith},
    time::Timestamp,
};
use insta::assert_snapshot;

use crate::stage::{Stage, entering, now, people, rows, who};

fn ago(hours: i64) -> Timestamp {
    now().at.plus_ms(-hours * 60 * 60 * 1_000)
}

fn peer(number: u8, name: &str, met: Timestamp, state: Reach) -> Peer {
    Peer {
        device: DeviceId::from_bytes([number; 16]),
        name: name.to_owned(),
        last_met: Some(met),
        ahead: 0,
        behind: 0,
        state,
        progress: None,
    }
}

/// The machines of a clinic on a usual day.
pub(crate) fn standing() -> Standing {
    let mut away = peer(2, "Hill Post", ago(50), Reach::NotInReach);
    (away.ahead, away.behind) = (3, 1);
    let mut store = peer(3, "District store", ago(18), Reach::NotInReach);
    store.ahead = 3;
    let mut busy = peer(5, "Pharmacy", ago(0), Reach::Exchanging);
    busy.progress = Some(Progress {
        received: 2,
        to_receive: 3,
        sent: 4,
        to_send: 1,
        ..Progress::default()
    });
    Standing {
        here: Some(Here {
            device: DeviceId::from_bytes([1; 16]),
            name: "Desk 2".to_owned(),
        }),
        peers: vec![
            away,
            store,
            peer(4, "Dr Okot laptop", ago(0), Reach::InStep),
            busy,
            peer(6, "Old tablet", ago(24 * 40), Reach::OtherProgram),
            peer(7, "Lost laptop", ago(24 * 400), Reach::Revoked),
            Peer {
                last_met: None,
                ..peer(8, "Spare", ago(0), Reach::NotInReach)
            },
        ],
        copied: [7, 8].map(|it| DeviceId::from_bytes([it; 16])).into(),
        bundle: Some(Bundle {
            made: now().at.plus_ms(-90 * 60 * 60 * 1_000),
            bytes: 412_000,
        }),
        shared: vec![SharedWith {
            name: "Dr Abbo".to_owned(),
            clinic: "District Hospital".to_owned(),
            patients: 12,
        }],
        off: false,
    }
}

fn told(stage: &mut Stage, standing: Standing) {
    stage.send(Msg::Sync(Answer::Standing(Box::new(standing))));
}

fn machines(lang: Lang, role: Role) -> Stage {
    let mut stage = Stage::signed_in(lang, "Dr Okot", role);
    stage.find(rows());
    let mut usual = standing();
    usual.peers.retain(|it| it.name != "Old tablet");
    told(&mut stage, usual);
    // The search box takes digits, its list does not.
    stage.keys("<F6>8");
    stage
}

fn at_machines(lang: Lang) -> Stage {
    machines(lang, Role::Owner)
}

fn details(stage: &mut Stage) {
    let request = stage.newest(|effect| {
        if let Effect::Sync(Asked::Details { request, .. }) = effect {
            Some(*request)
        } else {
            None
        }
    });
    let details = Details {
        addresses: vec!["192.168.1.7:4433".to_owned()],
    };
    stage.send(Msg::Sync(Answer::Details { request, details }));
}

#[test]
fn the_machines_stand_in_words() {
    assert_snapshot!("sync", at_machines(Lang::English).picture());
    assert_snapshot!("sync-mono", at_machines(Lang::English).mono().picture());
    assert_snapshot!("sync-french", at_machines(Lang::French).picture());
    let small = at_machines(Lang::English).sized(60, 20);
    assert_snapshot!("sync-small", small.picture());
    let mut alone = at_machines(Lang::English);
    told(&mut alone, Standing::default());
    assert_snapshot!("sync-alone", alone.picture());
}

#[test]
fn a_machine_is_looked_at_and_only_an_owner_removes_it() {
    let mut stage = at_machines(Lang::English);
    stage.keys("<Down><Enter>");
    details(&mut stage);
    assert_snapshot!("sync-details", stage.picture());
    stage.keys("x");
    assert_snapshot!("sync-revoke", stage.picture());
    let asked = |stage: &Stage| {
        let revokes = |it: &&Effect| matches!(it, Effect::Sync(Asked::Revoke { .. }));
        stage.asked.iter().filter(revokes).count()
    };
    stage.keys("<Enter>");
    assert_eq!(asked(&stage), 0, "Enter removed it");
    stage.keys("xr");
    assert_eq!(asked(&stage), 1);
    let mut nurse = machines(Lang::English, Role::Nurse);
    nurse.keys("<Down><Enter>xr");
    assert_eq!(asked(&nurse), 0);
    assert!(!nurse.text().contains("x remove"), "{}", nurse.text());
}

#[test]
fn a_machine_whose_disk_was_copied_is_shown_as_such() {
    for (down, state) in [
        ("<Down>".repeat(6), "removed"),
        ("<Down>".repeat(7), "was copied"),
    ] {
        let mut stage = at_machines(Lang::English);
        stage.keys(&format!("{down}<Enter>"));
        details(&mut stage);
        assert!(stage.text().contains(state), "{}", stage.text());
        let said = "Two computers wrote in its name";
        assert!(stage.text().contains(said), "{}", stage.text());
    }
    let mut stage = at_machines(Lang::English);
    stage.keys("<Down><Enter>");
    details(&mut stage);
    assert!(!stage.text().contains("Two computers wrote"));
}

#[test]
fn a_first_copy_says_how_far_it_is_and_that_one_can_search() {
    let mut stage = at_machines(Lang::English);
    let mut copying = standing();
    copying.peers.truncate(1);
    copying.peers[0].state = Reach::Exchanging;
    copying.peers[0].progress = Some(Progress {
        received: 12_000,
        to_receive: 48_000,
        bytes_in: 6_300_000,
        ..Progress::default()
    });
    told(&mut stage, copying);
    assert_snapshot!("sync-copying", stage.picture());
}

#[test]
fn every_last_row_says_what_waits() {
    let mut stage = Stage::signed_in(Lang::English, "Amina N", Role::FrontDesk);
    let last = |stage: &Stage| stage.text().lines().last().unwrap().to_owned();
    assert!(last(&stage).ends_with("Saved here"), "{}", last(&stage));
    let mut all = standing();
    all.peers.truncate(3);
    let mut shared = all.clone();
    shared.peers.iter_mut().for_each(|it| it.ahead = 0);
    told(&mut stage, shared);
    assert!(last(&stage).ends_with("Saved here - all shared"));
    told(&mut stage, all.clone());
    assert!(last(&stage).ends_with("Saved here - 3 to send to peers"));
    all.peers[0].last_met = Some(ago(4 * 24));
    told(&mut stage, all.clone());
    assert!(last(&stage).ends_with("Saved here - Hill Post not met since Fri"));
    stage.model.saved = Saved::DiskFull;
    assert!(last(&stage).ends_with("NOT SAVED - disk full, F1"));
    // Names are sealed: the lock screen has none.
    stage.model.saved = Saved::Here;
    stage.keys("<F9>");
    told(&mut stage, all);
    assert!(last(&stage).ends_with("Saved here - 3 to send to peers"));
}

#[test]
fn sharing_now_says_what_comes_of_it() {
    let mut stage = at_machines(Lang::English);
    stage.keys("s");
    assert!(stage.text().contains("Sharing now"), "{}", stage.text());
    let mut away = standing();
    away.peers.truncate(2);
    told(&mut stage, away);
    stage.keys("s");
    assert!(stage.text().contains("No other machine is in reach now"));
}

#[test]
fn a_tab_comes_back_as_it_was_left_after_the_lock() {
    let mut stage = at_machines(Lang::English);
    stage.keys("<F3>");
    let find = stage.text();
    assert!(find.contains("[2 "), "{find}");
    stage.keys("<F9>");
    stage.send(Msg::Lock(lock::Answer::People(people())));
    stage.keys("4x<Enter>");
    let request = stage.newest(|effect| {
        if let Effect::Lock(lock::Effect::SignIn { request, .. }) = effect {
            Some(*request)
        } else {
            None
        }
    });
    let entering = Box::new(entering(who("Dr Okot", Role::Owner)));
    stage.send(Msg::Lock(lock::Answer::SignedIn { request, entering }));
    assert!(stage.text().contains("[2 "), "{}", stage.text());
}
