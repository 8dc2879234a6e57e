//! Pairing on the screens: the eight words at the machine of an owner, and the machine that
//! joins, from its first start to the lock screen.

use cairn::{
    app::{
        Effect, Key, Msg, Seat,
        invite::{Answer, Card, Effect as Invited, Name, News, Words},
        lock,
        start::{
            self,
            join::{self, Stage as Joining},
        },
    },
    chart::who::Role,
    say::Lang,
    sync::pair::Why,
};
use insta::assert_snapshot;

use crate::stage::{Stage, people};

const WORDS: &str = "acid canyon violin harvest tunnel museum zoo able";
const MINUTE_MS: i64 = 60_000;

fn tell(stage: &mut Stage, news: News) {
    let request = stage.newest(|effect| {
        if let Effect::Invite(Invited::Open { request }) = effect {
            Some(*request)
        } else {
            None
        }
    });
    stage.send(Msg::Invite(Answer { request, news }));
}

fn card() -> Card {
    Card {
        name: Name("Hill Post".to_owned()),
        id: "3f3f3f3f".to_owned(),
        mailbox: false,
    }
}

fn inviting(lang: Lang) -> Stage {
    let mut stage = Stage::signed_in(lang, "Dr Okot", Role::Owner);
    stage.keys("<F6>8i");
    let words = News::Words(Words {
        words: WORDS.into(),
        addresses: vec!["192.168.1.5:4433".to_owned()],
        until: stage.now.at.plus_ms(10 * MINUTE_MS),
        tries: 3,
    });
    tell(&mut stage, words);
    stage
}

fn asked(lang: Lang) -> Stage {
    let mut stage = inviting(lang);
    tell(&mut stage, News::Asks(card()));
    stage
}

/// What the owner decided.
fn decided(stage: &Stage) -> Vec<bool> {
    let decided = stage.asked.iter().filter_map(|it| {
        if let Effect::Invite(Invited::Answer { yes }) = it {
            Some(*yes)
        } else {
            None
        }
    });
    decided.collect()
}

fn joining(lang: Lang) -> Stage {
    let mut stage = Stage::first_start(lang);
    let place = Lang::ALL.iter().position(|it| *it == lang).unwrap();
    stage.keys(&format!("{}3", place + 1));
    stage
}

fn news(stage: &mut Stage, news: join::News) {
    let request = stage.newest(|effect| {
        let Effect::Start(start::Effect::Join(join::Effect::Join { request, .. })) =
            effect
        else {
            return None;
        };
        Some(*request)
    });
    let answer = join::Answer { request, news };
    stage.send(Msg::Start(start::Answer::Join(answer)));
}

const TYPED: &str =
    "acid cany viol harv tunn muse zoo able<Enter>192.168.1.5:4433<Enter>Hill Post";

#[test]
fn the_words_stand_large_with_what_is_left_of_them() {
    assert_snapshot!("invite", inviting(Lang::English).picture());
    assert_snapshot!("invite-mono", inviting(Lang::English).mono().picture());
    assert_snapshot!("invite-french", inviting(Lang::French).picture());
    let small = inviting(Lang::English).sized(60, 20);
    assert_snapshot!("invite-small", small.picture());
    assert_snapshot!("invite-ask", asked(Lang::English).picture());
    assert_snapshot!("invite-ask-mono", asked(Lang::English).mono().picture());
    assert_snapshot!("invite-ask-french", asked(Lang::French).picture());
    let small = asked(Lang::English).sized(60, 20);
    assert_snapshot!("invite-ask-small", small.picture());
    let mut done = asked(Lang::English);
    done.keys("y");
    tell(&mut done, News::Ended(Ok(())));
    assert_snapshot!("invite-done", done.picture());
}

#[test]
fn only_y_lets_a_machine_in() {
    let mut stage = asked(Lang::English);
    stage.keys("<Enter> <Tab><F2>j");
    assert!(decided(&stage).is_empty());
    stage.keys("n");
    assert_eq!(decided(&stage), [false]);
    tell(&mut stage, News::Ended(Err(Why::Declined)));
    assert!(stage.text().contains("was not let in"), "{}", stage.text());
    let mut stage = asked(Lang::English);
    stage.keys("y");
    assert_eq!(decided(&stage), [true]);
    let mut nurse = Stage::signed_in(Lang::English, "N. Ali", Role::Nurse);
    nurse.keys("<F6>8i");
    assert!(!nurse.text().contains("Pair a new"), "{}", nurse.text());
}

#[test]
fn each_end_of_a_pairing_is_said_and_new_words_are_one_key_away() {
    for why in [
        Why::TooManyTries,
        Why::Expired,
        Why::Torn,
        Why::Nonsense,
        Why::NotKept,
        Why::Unconfirmed,
    ] {
        let mut stage = inviting(Lang::English);
        tell(&mut stage, News::Tries(1));
        assert!(stage.text().contains("1 try left"), "{}", stage.text());
        tell(&mut stage, News::Ended(Err(why)));
        let seen = stage.text();
        assert!(!seen.contains("canyon"), "{why:?}\n{seen}");
        assert!(seen.contains("i new words"), "{why:?}\n{seen}");
        stage.keys("i");
        assert!(stage.text().contains("Drawing"), "{}", stage.text());
    }
}

#[test]
fn the_words_are_not_lost_while_someone_walks_to_the_other_machine() {
    let mut stage = inviting(Lang::English);
    for left in (1..10).rev() {
        stage.now.at = stage.model.next_wake().unwrap();
        stage.send(Msg::Woke);
        let said = format!("for {left} minute");
        assert!(stage.text().contains(&said), "{said}\n{}", stage.text());
    }
    // Then it locks like any other screen, and the words are good no more.
    while stage.model.desk().is_some() {
        stage.now.at = stage
            .model
            .next_wake()
            .unwrap()
            .max(stage.now.at.plus_ms(1));
        stage.send(Msg::Woke);
    }
    let closed = |it: &Effect| matches!(it, Effect::Invite(Invited::Close));
    assert!(stage.asked.iter().any(closed));
    assert!(!stage.text().contains("canyon"));
}

#[test]
fn who_leaves_the_words_takes_them_back() {
    let mut stage = inviting(Lang::English);
    stage.keys("<Esc>");
    let closed = |it: &Effect| matches!(it, Effect::Invite(Invited::Close));
    assert!(stage.asked.iter().any(closed));
    tell(&mut stage, News::Asks(card()));
    assert!(!stage.text().contains("Hill Post"), "{}", stage.text());
    assert!(decided(&stage).is_empty());
}

#[test]
fn a_clinic_is_joined_with_four_letters_of_each_word() {
    let mut stage = joining(Lang::English);
    stage.keys("acid cany viol harv xqzw mu");
    assert_snapshot!("join", stage.picture());
    assert_snapshot!("join-mono", joining(Lang::English).mono().picture());
    assert_snapshot!("join-french", joining(Lang::French).picture());
    assert_snapshot!("join-small", joining(Lang::English).sized(60, 20).picture());
    let mut stage = joining(Lang::English);
    stage.keys(TYPED);
    stage.keys("<F2>");
    let typed = stage.newest(|effect| {
        let Effect::Start(start::Effect::Join(join::Effect::Join {
            words,
            address,
            name,
            ..
        })) = effect
        else {
            return None;
        };
        let words: Result<cairn::sync::pair::PairWords, _> = words.as_str().parse();
        Some((
            words.unwrap().words().join(" "),
            address.clone(),
            name.clone(),
        ))
    });
    assert_eq!(typed.0, WORDS);
    assert_eq!((&*typed.1, &*typed.2), ("192.168.1.5:4433", "Hill Post"));
    for (at, said) in [
        (Joining::Looking, "Looking for"),
        (Joining::Asking, "The words are right"),
        (Joining::Keeping, "in a moment"),
    ] {
        news(&mut stage, join::News::Stage(at));
        assert!(stage.text().contains(said), "{}", stage.text());
    }
    let clinic = join::Clinic("Kijani Health Centre".to_owned());
    news(&mut stage, join::News::Joined(clinic));
    assert!(matches!(stage.model.seat, Seat::Locked(_)));
    stage.send(Msg::Lock(lock::Answer::People(people())));
    assert_snapshot!("join-joined", stage.picture());
}

#[test]
fn what_is_wrong_with_a_joining_is_said_and_the_typing_kept() {
    for (failed, said) in [
        (join::News::NoAnswer, "Nobody answers"),
        (join::News::NoAddress, "That is no address"),
        (join::News::Ended(Why::WrongWords), "not the words"),
        (join::News::Ended(Why::TooManyTries), "three times"),
        (join::News::Ended(Why::Expired), "older than ten minutes"),
        (join::News::Ended(Why::Declined), "said no"),
        (join::News::Ended(Why::Torn), "ended too early"),
        (join::News::Ended(Why::Nonsense), "makes no sense"),
        (join::News::Ended(Why::NotKept), "could not keep"),
    ] {
        let mut stage = joining(Lang::English);
        stage.keys(TYPED);
        stage.keys("<F2>");
        news(&mut stage, failed);
        let seen = stage.text();
        assert!(seen.contains(said), "no {said:?}\n{seen}");
        assert!(
            seen.contains("Hill Post") && seen.contains("8 able"),
            "{seen}"
        );
    }
    let mut stage = joining(Lang::English);
    stage.keys("acid cany viol harv tunn muse zoo<Tab><Tab>Hill Post<F2>");
    assert!(
        stage.text().contains("7 words are typed"),
        "{}",
        stage.text()
    );
    stage.keys("<BackTab><BackTab> xqzw<F2>");
    assert!(stage.text().contains("Word 8 is not"), "{}", stage.text());
}

#[test]
fn a_joining_can_be_given_up_until_it_is_kept() {
    let mut stage = joining(Lang::English);
    stage.keys(TYPED);
    stage.keys("<F2>");
    news(&mut stage, join::News::Stage(Joining::Keeping));
    stage.keys("<Esc>");
    assert!(stage.text().contains("Keeping"), "{}", stage.text());
    let mut stage = joining(Lang::English);
    stage.keys(TYPED);
    stage.keys("<F2>");
    stage.send(Msg::Key(Key::Esc));
    let stopped = |it: &Effect| {
        matches!(it, Effect::Start(start::Effect::Join(join::Effect::Stop)))
    };
    assert!(stage.asked.iter().any(stopped));
    assert!(stage.text().contains("8 able"), "{}", stage.text());
}
