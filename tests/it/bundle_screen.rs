//! Making and taking USB bundles on the screen.

use cairn::{
    app::{
        Effect, Msg,
        bundle::{Answer, Effect as Asked, Made, News, Took},
        notice::Trouble,
        sync,
    },
    chart::who::Role,
    ids::DeviceId,
    say::Lang,
};
use insta::assert_snapshot;

use crate::{
    stage::{Stage, now},
    sync_screen::standing,
};

fn at(keys: &str, lang: Lang) -> Stage {
    let mut stage = Stage::signed_in(lang, "N. Ali", Role::Nurse);
    let standing = Box::new(standing());
    stage.send(Msg::Sync(sync::Answer::Standing(standing)));
    stage.keys("<F6>8");
    stage.keys(keys);
    stage
}

fn tell(stage: &mut Stage, news: News) {
    let request = stage.newest(|effect| {
        if let Effect::Bundle(Asked::Make { request, .. } | Asked::Take { request, .. }) =
            effect
        {
            Some(*request)
        } else {
            None
        }
    });
    stage.send(Msg::Bundle(Answer { request, news }));
}

fn made() -> Made {
    Made {
        files: 1,
        changes: 420,
        bytes: 412_000,
        at: now().at,
    }
}

#[test]
fn a_bundle_is_made_for_all_or_for_one_and_says_when_the_stick_may_go() {
    assert_snapshot!("bundle-make", at("b", Lang::English).picture());
    assert_snapshot!("bundle-make-mono", at("b", Lang::English).mono().picture());
    assert_snapshot!("bundle-make-french", at("b", Lang::French).picture());
    let small = at("b", Lang::English).sized(60, 20);
    assert_snapshot!("bundle-make-small", small.picture());
    for (whom, to) in [
        ("", None),
        ("Hill Post", Some(DeviceId::from_bytes([2; 16]))),
    ] {
        let mut stage = at("b/media/stick<Enter>", Lang::English);
        stage.keys(whom);
        stage.keys("<F2>");
        let asked = stage.newest(|effect| {
            if let Effect::Bundle(Asked::Make { to, folder, .. }) = effect {
                Some((*to, folder.0.clone()))
            } else {
                None
            }
        });
        assert_eq!(asked, (to, "/media/stick".to_owned()));
        tell(&mut stage, News::Progress(200_000, 412_000));
        assert!(
            stage.text().contains("200 kB of 412 kB"),
            "{}",
            stage.text()
        );
        tell(&mut stage, News::Made(made()));
        assert!(stage.text().contains("You may pull the stick out now"));
        stage.keys("<Esc>");
        let seen = stage.text();
        assert!(seen.contains("USB bundle: last made 10:42"), "{seen}");
    }
    let mut stage = at("b/media/stick<Enter>Nowhere<F2>", Lang::English);
    assert!(
        stage
            .text()
            .contains("No machine of the clinic has this name")
    );
    stage.keys("<^q>");
}

#[test]
fn a_bundle_is_taken_in_and_says_how_old_it_is() {
    assert_snapshot!("bundle-take", at("t", Lang::English).picture());
    let mut stage = at("t/media/stick<F2>", Lang::English);
    let mut took = Took {
        from: "Hill Post".to_owned(),
        made: now().at.plus_ms(-3 * 24 * 60 * 60 * 1_000),
        new: 120,
        known: 3,
        broken: false,
    };
    tell(&mut stage, News::Took(took.clone()));
    assert_snapshot!("bundle-took", stage.picture());
    took.broken = true;
    tell(&mut stage, News::Took(took));
    assert!(stage.text().contains("What came before is kept"));
    assert!(!stage.text().contains("You may pull"), "{}", stage.text());
}

#[test]
fn what_is_wrong_with_a_stick_is_said_and_the_typing_kept() {
    for (keys, news, said) in [
        (
            "b/x<F2>",
            News::Failed(Trouble::Internal),
            "could not be written",
        ),
        ("b/x<F2>", News::Failed(Trouble::DiskFull), "full"),
        (
            "t/x<F2>",
            News::Failed(Trouble::NotTaken),
            "could not be read",
        ),
        ("t/x<F2>", News::Nothing, "no bundle for this machine"),
    ] {
        let mut stage = at(keys, Lang::English);
        tell(&mut stage, news);
        let seen = stage.text();
        assert!(seen.contains(said) && seen.contains("/x"), "{said}\n{seen}");
    }
}
