//! Meeting somebody of another clinic in one room, on the screen.

use cairn::{
    app::{
        Msg,
        beyond::{
            Asks, Sure,
            meet::{Answer, Met, Wish},
        },
        invite::Words,
    },
    chart::who::Role,
    say::Lang,
    sync::pair::Why,
};
use insta::assert_snapshot;

use crate::{share_screen::provider, stage::Stage, stage::now};

#[track_caller]
fn shows(stage: &Stage, text: &str) {
    assert!(stage.text().contains(text), "{text}\n{}", stage.text());
}

fn opened(lang: Lang) -> Stage {
    let mut stage = Stage::signed_in(lang, "Leila", Role::Clinician);
    stage.keys("<F6>8pm");
    stage
}

/// What was wished last of the meeting, and its request.
fn wished(stage: &Stage) -> Option<(u32, &Wish)> {
    stage.beyond().find_map(|it| {
        if let Asks::Meet(wish) = &it.asks {
            Some((it.request, wish))
        } else {
            None
        }
    })
}

fn met(stage: &mut Stage, met: Met) {
    let request = wished(stage).unwrap().0;
    stage.send(Msg::Meet(Answer { request, met }));
}

fn words() -> Met {
    Met::Words(Words {
        words: "acid canyon violin harvest tunnel museum orbit lemon".into(),
        addresses: vec!["192.168.1.7:4433".to_owned()],
        until: now().at.plus_ms(600_000),
        tries: 3,
    })
}

fn came() -> Met {
    Met::Came(Box::new(provider(1, "Dr Were", Sure::Not)))
}

#[test]
fn words_are_shown_and_the_card_that_came_is_kept_when_both_say_yes() {
    let mut stage = opened(Lang::English);
    assert_snapshot!("meet", stage.picture());
    stage.keys("w");
    met(&mut stage, words());
    shows(&stage, "3 tries");
    assert_snapshot!("meet-words", stage.picture());
    assert_snapshot!("meet-words-small", {
        let mut small = opened(Lang::French).sized(60, 20);
        small.keys("w");
        met(&mut small, words());
        small.picture()
    });
    met(&mut stage, Met::Tries(2));
    shows(&stage, "2 tries");
    met(&mut stage, came());
    shows(&stage, "Dr Were");
    assert_snapshot!("meet-card", stage.picture());
    stage.keys("<Enter>");
    shows(&stage, "Press y only if");
    stage.keys("y");
    assert!(matches!(wished(&stage), Some((_, Wish::Answer(true)))));
    shows(&stage, "Waiting for the other person");
    met(&mut stage, Met::Kept);
    shows(&stage, "Kept on both sides");
}

#[test]
fn the_words_of_the_other_computer_are_typed_and_a_wrong_one_is_named() {
    let mut stage = opened(Lang::English);
    stage.keys("tacid cany xqzw harv tunn muse orbi lemo<F2>");
    shows(&stage, "Word 3 is not in the list");
    assert_snapshot!("meet-type", stage.picture());
    let mut stage = opened(Lang::English);
    stage.keys("tacid cany viol harv tunn muse orbi lemo<Enter>192.168.1.7:4433<F2>");
    let Some((_, Wish::Look { words, address })) = wished(&stage) else {
        panic!("nobody is looked for");
    };
    assert_eq!(words.as_str(), "acid cany viol harv tunn muse orbi lemo");
    assert_eq!(address, "192.168.1.7:4433");
    shows(&stage, "Looking for the other machine");
    met(&mut stage, Met::NoAnswer);
    shows(&stage, "Nobody answers to these words.");
}

#[test]
fn what_came_of_it_is_said_and_nothing_goes_on_behind_a_screen_that_was_left() {
    for (why, says) in [
        (Why::SameClinic, "a colleague needs no card"),
        (Why::Crossed, "pairs a new machine"),
        (Why::Declined, "No card was kept."),
        (Why::TooManyTries, "three times"),
    ] {
        let mut stage = opened(Lang::English);
        stage.keys("w");
        met(&mut stage, words());
        met(&mut stage, Met::Ended(why));
        shows(&stage, says);
        stage.keys("w");
        assert!(matches!(wished(&stage), Some((_, Wish::Show))));
    }
    let mut left = opened(Lang::English);
    left.keys("w");
    met(&mut left, words());
    left.keys("<Esc>");
    assert!(matches!(wished(&left), Some((_, Wish::Stop))));
    let mut no = opened(Lang::English);
    no.keys("w");
    met(&mut no, words());
    met(&mut no, came());
    no.keys("n");
    assert!(matches!(wished(&no), Some((_, Wish::Answer(false)))));
    shows(&no, "One of you said no.");
    let mut locked = opened(Lang::English);
    locked.keys("w");
    met(&mut locked, words());
    locked.keys("<F9>");
    assert!(matches!(wished(&locked), Some((_, Wish::Stop))));
    assert!(!locked.text().contains("canyon"));
}
