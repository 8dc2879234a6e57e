//! Providers of other clinics on the screen: their cards, and one's own.

use cairn::{
    app::{
        Msg,
        beyond::{Asks, News, NoCard, Own, Provider, Source, Sure},
        notice::Trouble,
    },
    chart::who::Role,
    ids::CardId,
    say::Lang,
};
use insta::assert_snapshot;

use crate::{
    share_screen::provider,
    stage::{Stage, hostile_rows},
};

#[track_caller]
fn shows(stage: &Stage, text: &str) {
    assert!(stage.text().contains(text), "{text}\n{}", stage.text());
}

/// The newest question of this kind to the shell.
fn newest(stage: &Stage, wanted: impl Fn(&Asks) -> bool) -> Option<&Asks> {
    stage.beyond().map(|it| &it.asks).find(|it| wanted(it))
}

fn tell(stage: &mut Stage, all: Vec<Provider>) {
    let news = News::Providers(Ok(all));
    stage.tell(|it| matches!(it, Asks::Providers), news);
}

fn cards() -> Vec<Provider> {
    vec![
        provider(2, "Dr Abbo", Sure::Not),
        provider(1, "Dr Were", Sure::Phone),
        Provider {
            replaced: true,
            ..provider(3, "Dr Were", Sure::Room)
        },
    ]
}

fn opened(lang: Lang, role: Role, all: Vec<Provider>) -> Stage {
    let mut stage = Stage::signed_in(lang, "Leila", role);
    stage.keys("<F6>8p");
    tell(&mut stage, all);
    stage
}

#[test]
fn the_cards_are_listed_and_looked_at_with_their_words() {
    let mut stage = opened(Lang::English, Role::Owner, cards());
    assert_snapshot!("providers", stage.picture());
    stage.keys("<Enter>");
    shows(&stage, "Nobody made sure of it");
    shows(&stage, "8  lemon");
    assert_snapshot!("provider", stage.picture());
    stage.keys("<Down>");
    shows(&stage, "compared the words by telephone");
    stage.keys("<Down>");
    shows(&stage, "They made a newer card");
    stage.keys("<Esc>");
    shows(&stage, "Providers of other clinics: 3");
    let small = opened(Lang::English, Role::Owner, cards()).sized(60, 20);
    assert_snapshot!("providers-small", small.picture());
    let mut french = opened(Lang::French, Role::Owner, cards());
    assert_snapshot!("providers-french", french.picture());
    french.keys("<Enter>t");
    assert_snapshot!("provider-sure-french", french.picture());
    shows(
        &opened(Lang::English, Role::Owner, Vec::new()),
        "No card is kept",
    );
}

#[test]
fn a_card_counts_as_its_bearers_once_somebody_says_that_the_words_were_the_same() {
    for (key, sure) in [("t", Sure::Phone), ("m", Sure::Room)] {
        let mut stage = opened(Lang::English, Role::Clinician, cards());
        stage.keys("<Enter>");
        let made = |it: &Asks| matches!(it, Asks::MakeSure(..));
        stage.keys(key);
        shows(&stage, "Did Dr Abbo read these words to you");
        stage.keys("<Enter>");
        assert!(newest(&stage, made).is_none());
        stage.keys(key);
        stage.keys("y");
        let Some(Asks::MakeSure(card, how)) = newest(&stage, made) else {
            panic!("nothing was asked");
        };
        assert_eq!((*card, *how), (CardId::from_bytes([2; 32]), sure));
        stage.tell(made, News::Kept(Ok(CardId::from_bytes([2; 32]))));
        tell(&mut stage, vec![provider(2, "Dr Abbo", sure)]);
        shows(&stage, "Kept that the words were compared.");
        stage.keys("t");
        shows(&stage, "Somebody made sure of it already.");
    }
}

#[test]
fn a_card_is_taken_from_a_file_or_from_its_text() {
    let mut stage = opened(Lang::English, Role::Clinician, cards());
    let kept = |it: &Asks| matches!(it, Asks::Keep(_));
    stage.keys("a/media/stick/abbo.card<F2>");
    let Some(Asks::Keep(Source::File(path))) = newest(&stage, kept) else {
        panic!("no file");
    };
    assert_eq!(path.0, "/media/stick/abbo.card");
    for (why, says) in [
        (NoCard::NotRead, "No card could be read there."),
        (NoCard::OwnClinic, "This is a card of this clinic"),
    ] {
        stage.tell(kept, News::Kept(Err(why)));
        shows(&stage, says);
    }
    assert_snapshot!("provider-take", stage.picture());
    let text = "See:\n-----BEGIN CAIRN CARD-----\nQUJD\n-----END CAIRN CARD-----\n";
    stage.send(Msg::Paste(text.to_owned()));
    let Some(Asks::Keep(Source::Text(pasted))) = newest(&stage, kept) else {
        panic!("no text");
    };
    assert_eq!(pasted, text);
    stage.tell(kept, News::Kept(Ok(CardId::from_bytes([3; 32]))));
    tell(&mut stage, cards());
    shows(&stage, "Have them read the words to you now.");
    shows(&stage, "They made a newer card");
}

#[test]
fn the_own_card_is_shown_and_written_into_a_file() {
    let mut stage = opened(Lang::English, Role::Clinician, Vec::new());
    stage.keys("o");
    let own = Own {
        card: provider(7, "Leila", Sure::Room),
        lines: vec![
            "-----BEGIN CAIRN CARD-----".to_owned(),
            "Q0FDRAEA".repeat(8),
            "-----END CAIRN CARD-----".to_owned(),
        ],
    };
    let wanted = |it: &Asks| matches!(it, Asks::OwnCard);
    stage.tell(wanted, News::OwnCard(Ok(Box::new(own))));
    assert_snapshot!("provider-own", stage.picture());
    stage.keys("w/media/stick/mine.card<F2>");
    let given = |it: &Asks| matches!(it, Asks::Give(_));
    stage.tell(given, News::Given(Err(Trouble::NotTaken)));
    shows(&stage, "It cannot be written there.");
    stage.keys("<F2>");
    stage.tell(given, News::Given(Ok(())));
    shows(&stage, "It is no secret: send it");
    shows(&stage, "BEGIN CAIRN CARD");
}

#[test]
fn a_nurse_looks_and_keeps_no_card_and_the_front_desk_has_no_list() {
    let mut nurse = opened(Lang::English, Role::Nurse, cards());
    nurse.keys("a");
    shows(&nurse, "Providers of other clinics: 3");
    nurse.keys("<Enter>t");
    shows(&nurse, "Nobody made sure of it");
    let mut desk = Stage::signed_in(Lang::English, "Amina", Role::FrontDesk);
    desk.keys("<F6>8p");
    assert!(newest(&desk, |it| matches!(it, Asks::Providers)).is_none());
}

#[test]
fn hostile_words_are_safe() {
    for row in hostile_rows() {
        let name = row.names[0].family.as_str();
        let hostile = Provider {
            clinic: name.to_owned(),
            by: name.to_owned(),
            ..provider(1, name, Sure::Not)
        };
        let mut stage = opened(Lang::English, Role::Owner, vec![hostile]);
        crate::screens::check_safe(&stage);
        stage.keys("<Enter>");
        crate::screens::check_safe(&stage);
        stage.keys("m");
        crate::screens::check_safe(&stage);
    }
}
