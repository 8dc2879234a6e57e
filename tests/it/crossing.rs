//! Two people of different clinics who give each other their cards: both sides in memory,
//! through which only bytes go.

use std::collections::VecDeque;

use cairn::{
    ids::ClinicId,
    seal::{PublicKey, SeededEntropy},
    sync::pair::{
        Channel, Contact, CrossInput, CrossOutput, Crossing, Given, InviteInput,
        InviteOutput, Inviting, Message, PAIRING_MS, PairWords, Side, Why, proof,
    },
};

use crate::{
    cards::{card, key},
    pairing,
};

const NOW: i64 = 1_780_000_000_000;
const HERE: ClinicId = ClinicId::from_bytes([1; 16]);

fn words(seed: u64) -> PairWords {
    PairWords::generate(&mut SeededEntropy::new(seed))
}

/// The connection of the golden card's bearer, who typed the words.
fn channel() -> Channel {
    Channel {
        inviting: pairing::meeting(&words(1)),
        joining: key("endpoint 1").public(),
        exporter: [7; 32],
    }
}

fn given(machine: &str) -> Given {
    Given {
        card: card(),
        machine: key(machine).public(),
    }
}

/// The golden card, given on that connection.
pub(crate) fn contact() -> Contact {
    let who = (Side::Joining, &channel());
    Contact::new(&given("endpoint 1"), who, &key("were"))
}

/// Both sides, each of which gives the golden card.
struct Room {
    sides: [Crossing; 2],
    inboxes: [VecDeque<CrossInput>; 2],
    answers: [Result<(), Why>; 2],
    asked: [Option<Given>; 2],
    ended: [Option<Result<(), Why>>; 2],
}

impl Room {
    fn new(typed: u64, clinics: [ClinicId; 2]) -> Self {
        let at = channel();
        let exporter = at.exporter;
        let side =
            |seed, side, me, clinic| Crossing::new(words(seed), side, (me, clinic), NOW);
        let met = |other| VecDeque::from([CrossInput::Met { other, exporter }]);
        Self {
            sides: [
                side(1, Side::Inviting, at.inviting, clinics[0]),
                side(typed, Side::Joining, at.joining, clinics[1]),
            ],
            inboxes: [met(at.joining), met(at.inviting)],
            answers: [Ok(()); 2],
            asked: [None, None],
            ended: [None, None],
        }
    }

    fn run(mut self) -> Self {
        while let Some(at) = (0..2).find(|at| !self.inboxes[*at].is_empty()) {
            let input = self.inboxes[at].pop_front().unwrap();
            for output in self.sides[at].handle(input, NOW) {
                self.does(at, output);
            }
        }
        self
    }

    fn does(&mut self, at: usize, output: CrossOutput) {
        match output {
            CrossOutput::Send(message) => {
                let heard = CrossInput::Heard(Message::decode(&message.encode()));
                self.inboxes[1 - at].push_back(heard);
            }
            CrossOutput::Give(side, channel) => {
                let who = (side, &channel);
                let contact = Contact::new(&given("endpoint 1"), who, &key("were"));
                self.inboxes[at].push_back(CrossInput::Given(Box::new(contact)));
            }
            CrossOutput::Ask(given) => {
                self.asked[at] = Some(given);
                self.inboxes[at].push_back(match self.answers[at] {
                    Ok(()) => CrossInput::Agreed,
                    Err(why) => CrossInput::Refused(why),
                });
            }
            CrossOutput::HangUp => self.inboxes[1 - at].push_back(CrossInput::Lost),
            CrossOutput::Ended(how) => self.ended[at] = Some(how),
        }
    }
}

#[test]
fn both_have_the_others_card_once_both_said_yes() {
    let room = Room::new(1, [HERE; 2]).run();
    assert_eq!(room.ended, [Some(Ok(())); 2]);
    assert_eq!(room.asked, [(); 2].map(|()| Some(given("endpoint 1"))));
}

#[test]
fn a_no_on_either_side_is_heard_on_both_and_keeps_nothing() {
    for at in 0..2 {
        let mut room = Room::new(1, [HERE; 2]);
        room.answers[at] = Err(Why::Declined);
        let room = room.run();
        assert_eq!(room.ended, [Some(Err(Why::Declined)); 2], "{at}");
    }
}

#[test]
fn colleagues_are_told_that_they_need_no_cards() {
    let own = card().about().clinic;
    for clinics in [[own, HERE], [HERE, own], [own, own]] {
        let room = Room::new(1, clinics).run();
        assert_eq!(room.ended, [Some(Err(Why::SameClinic)); 2]);
    }
}

#[test]
fn wrong_words_cost_a_try_and_the_third_ends_it_before_any_card_is_given() {
    let Room { sides, .. } = Room::new(2, [HERE; 2]);
    let [mut shows, _] = sides;
    for left in [2, 1, 0] {
        let typed =
            Crossing::new(words(2), Side::Joining, (channel().joining, HERE), NOW);
        let mut room = Room::new(2, [HERE; 2]);
        room.sides = [shows, typed];
        let room = room.run();
        assert_eq!(room.asked, [None, None]);
        let why = if left == 0 {
            Why::TooManyTries
        } else {
            Why::WrongWords
        };
        assert_eq!(room.ended[1], Some(Err(why)));
        assert_eq!(room.ended[0].is_some(), left == 0);
        [shows, _] = room.sides;
        assert_eq!(shows.tries_left(), left);
    }
}

#[test]
fn old_words_and_a_lost_connection_keep_nothing() {
    let late = NOW + PAIRING_MS;
    let [mut shows, mut typed] = Room::new(1, [HERE; 2]).sides;
    let ended = |why| vec![CrossOutput::Ended(Err(why))];
    assert_eq!(shows.handle(CrossInput::Tick, late), ended(Why::Expired));
    assert_eq!(typed.handle(CrossInput::Lost, NOW), ended(Why::Torn));
}

#[test]
fn who_lets_a_machine_in_and_who_exchanges_cards_are_told_of_each_other() {
    let proof = Message::Proof(*proof(&words(1), Side::Joining, &channel()).as_bytes());
    let [mut shows, _] = Room::new(1, [HERE; 2]).sides;
    let met = CrossInput::Met {
        other: channel().joining,
        exporter: channel().exporter,
    };
    shows.handle(met, NOW);
    shows.handle(CrossInput::Heard(Ok(proof.clone())), NOW);
    let wants = Message::Card(pairing::card());
    let said = shows.handle(CrossInput::Heard(Ok(wants)), NOW);
    let refused = Message::Refused(Why::Crossed);
    let expected = [
        CrossOutput::Send(refused.clone()),
        CrossOutput::Ended(Err(Why::Crossed)),
    ];
    assert_eq!(said, expected);

    let mut invites = Inviting::new(words(1), channel().inviting, NOW);
    let met = InviteInput::Met {
        joining: channel().joining,
        exporter: channel().exporter,
    };
    invites.handle(met, NOW);
    invites.handle(InviteInput::Heard(Ok(proof)), NOW);
    let gives = Message::Contact(contact());
    let said = invites.handle(InviteInput::Heard(Ok(gives)), NOW);
    let expected = [
        InviteOutput::Send(refused),
        InviteOutput::Ended(Err(Why::Crossed)),
    ];
    assert_eq!(said, expected);
}

#[test]
fn a_card_is_taken_on_its_own_connection_from_its_bearer_at_a_machine_of_theirs() {
    let channel = channel();
    assert_eq!(
        contact().open(Side::Joining, &channel),
        Ok(given("endpoint 1"))
    );
    let elsewhere = Channel {
        exporter: [8; 32],
        ..channel
    };
    let other_end = Channel {
        joining: key("endpoint 0").public(),
        ..channel
    };
    let by = |given: &Given, name: &str| {
        Contact::new(given, (Side::Joining, &channel), &key(name))
    };
    let stranger: PublicKey = key("somebody else").public();
    let off_the_card = Channel {
        joining: stranger,
        ..channel
    };
    let at_a_stranger = Contact::new(
        &given("somebody else"),
        (Side::Joining, &off_the_card),
        &key("were"),
    );
    for (what, contact, side, channel) in [
        ("another connection", contact(), Side::Joining, elsewhere),
        ("another endpoint", contact(), Side::Joining, other_end),
        ("the other side", contact(), Side::Inviting, channel),
        (
            "somebody who has the card, and not its key",
            by(&given("endpoint 1"), "somebody else"),
            Side::Joining,
            channel,
        ),
        (
            "a machine that is not this one",
            by(&given("endpoint 0"), "were"),
            Side::Joining,
            channel,
        ),
        (
            "a machine that is not on the card",
            at_a_stranger,
            Side::Joining,
            off_the_card,
        ),
    ] {
        assert_eq!(contact.open(side, &channel), Err(Why::Nonsense), "{what}");
    }
}
