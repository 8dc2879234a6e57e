//! Pairing, without a network: two machines that talk through a pipe in memory, strangers
//! at the same door, and the bytes that they say.

use std::collections::VecDeque;

use cairn::{
    chart::who::Role,
    ids::{ClinicId, DeviceId, UserId},
    seal::{CarryKey, Entropy as _, PublicKey, SeededEntropy, SigningKey, derive},
    sync::pair::{
        Card, Channel, EnrolledUser, Enrolment, InviteInput, InviteOutput, Inviting,
        JoinInput, JoinOutput, Joining, MESSAGE_BYTES_MAX, Message, PAIRING_MS,
        PairWords, Side, Why, proof,
    },
};

const NOW: i64 = 1_780_000_000_000;
const EXPORTER: [u8; 32] = [7; 32];

pub(crate) fn words(seed: u64) -> PairWords {
    PairWords::generate(&mut SeededEntropy::new(seed))
}

pub(crate) fn meeting(words: &PairWords) -> PublicKey {
    SigningKey::from_secret(&words.meeting_key()).public()
}

fn key(name: &str) -> PublicKey {
    SigningKey::from_secret(&derive("cairn/test/key", &[name.as_bytes()])).public()
}

pub(crate) fn card() -> Card {
    Card {
        key: key("new desk"),
        carry: CarryKey::from_secret(derive("cairn/test/carry", &[b"new desk"])).public(),
        endpoint: key("new endpoint"),
        name: "Ward".to_owned(),
        mailbox: false,
    }
}

pub(crate) fn enrolment(envelopes: Vec<Vec<u8>>) -> Enrolment {
    let users = vec![
        EnrolledUser {
            user: UserId::from_bytes([3; 16]),
            name: "Anna Wéré".to_owned(),
            role: Role::Owner,
        },
        EnrolledUser {
            user: UserId::from_bytes([4; 16]),
            name: "Badu".to_owned(),
            role: Role::Nurse,
        },
    ];
    Enrolment {
        clinic: ClinicId::from_bytes([1; 16]),
        name: "Kibera clinic".to_owned(),
        device: DeviceId::from_bytes([2; 16]),
        users,
        envelopes,
    }
}

/// The two machines and the pipe between them, through which only bytes go.
struct Pair {
    inviting: Inviting,
    joining: Joining,
    to_invite: VecDeque<InviteInput>,
    to_join: VecDeque<JoinInput>,
    given: Vec<Vec<u8>>,
    keeps: bool,
    agrees: bool,
    invited: Option<Result<(), Why>>,
    joined: Option<Result<(), Why>>,
    kept: Option<Enrolment>,
    taken: Vec<Vec<u8>>,
}

impl Pair {
    fn new(shown: u64, typed: u64) -> Self {
        let me = meeting(&words(shown));
        Self {
            inviting: Inviting::new(words(shown), me, NOW),
            joining: Joining::new(words(typed), card(), NOW),
            to_invite: VecDeque::from([InviteInput::Met {
                joining: card().endpoint,
                exporter: EXPORTER,
            }]),
            to_join: VecDeque::from([JoinInput::Met {
                inviting: me,
                exporter: EXPORTER,
            }]),
            given: vec![b"one".to_vec(), b"two".to_vec()],
            keeps: true,
            agrees: true,
            invited: None,
            joined: None,
            kept: None,
            taken: Vec::new(),
        }
    }

    /// Lets both talk until neither has anything left to say.
    fn run(mut self) -> Self {
        loop {
            if let Some(input) = self.to_invite.pop_front() {
                for output in self.inviting.handle(input, NOW) {
                    self.of_inviting(output);
                }
            } else if let Some(input) = self.to_join.pop_front() {
                for output in self.joining.handle(input, NOW) {
                    self.of_joining(output);
                }
            } else {
                return self;
            }
        }
    }

    fn of_inviting(&mut self, output: InviteOutput) {
        match output {
            InviteOutput::Send(message) => {
                let bytes = message.encode();
                assert!(bytes.len() <= MESSAGE_BYTES_MAX);
                let heard = JoinInput::Heard(Message::decode(&bytes));
                self.to_join.push_back(heard);
            }
            InviteOutput::Ask(asked) => {
                assert_eq!(asked, card());
                let answer = if self.agrees {
                    InviteInput::Agreed
                } else {
                    InviteInput::Refused(Why::Declined)
                };
                self.to_invite.push_back(answer);
            }
            InviteOutput::Enrol(_) => {
                let given = Box::new(enrolment(self.given.clone()));
                self.to_invite.push_back(InviteInput::Enrolled(given));
            }
            InviteOutput::Take(envelopes) => self.taken = envelopes,
            InviteOutput::HangUp => self.to_join.push_back(JoinInput::Lost),
            InviteOutput::Ended(how) => {
                self.invited = Some(how);
                self.to_join.push_back(JoinInput::Lost);
            }
        }
    }

    fn of_joining(&mut self, output: JoinOutput) {
        match output {
            JoinOutput::Send(message) => {
                let heard = InviteInput::Heard(Message::decode(&message.encode()));
                self.to_invite.push_back(heard);
            }
            JoinOutput::Keep(enrolment) => {
                self.kept = Some(enrolment);
                let kept = if self.keeps {
                    JoinInput::Kept(vec![vec![5]])
                } else {
                    JoinInput::NotKept
                };
                self.to_join.push_back(kept);
            }
            JoinOutput::Ended(how) => {
                self.joined = Some(how);
                self.to_invite.push_back(InviteInput::Lost);
            }
        }
    }
}

#[test]
fn whoever_types_the_words_that_are_shown_is_let_in_with_all_that_is_given() {
    let pair = Pair::new(1, 1).run();
    assert_eq!((pair.invited, pair.joined), (Some(Ok(())), Some(Ok(()))));
    assert!(pair.kept == Some(enrolment(pair.given)));
    assert_eq!(pair.taken, [[5]], "what it says of itself");
}

#[test]
fn a_membership_lane_of_many_messages_arrives_whole_and_in_order() {
    let mut pair = Pair::new(1, 1);
    let mut entropy = SeededEntropy::new(9);
    let lengths = [
        1,
        1024 * 1024,
        500_000,
        600_000,
        7,
        1024 * 1024,
        1024 * 1024,
        3,
    ];
    pair.given = lengths.map(|it| vec![0; it]).into();
    pair.given.iter_mut().for_each(|it| entropy.fill(it));
    let pair = pair.run();
    assert_eq!((pair.invited, pair.joined), (Some(Ok(())), Some(Ok(()))));
    assert!(pair.kept == Some(enrolment(pair.given)));
}

#[test]
fn who_types_other_words_gets_nothing() {
    let pair = Pair::new(1, 2).run();
    assert_eq!(
        (pair.invited, pair.joined),
        (None, Some(Err(Why::WrongWords)))
    );
    assert!(pair.kept.is_none());
}

#[test]
fn what_the_owner_refuses_is_not_let_in() {
    let mut pair = Pair::new(1, 1);
    pair.agrees = false;
    let pair = pair.run();
    let declined = Some(Err(Why::Declined));
    assert_eq!((pair.invited, pair.joined), (declined, declined));
    assert!(pair.kept.is_none());
}

#[test]
fn a_machine_that_could_not_keep_it_is_not_said_to_be_ready() {
    let mut pair = Pair::new(1, 1);
    pair.keeps = false;
    let pair = pair.run();
    let not_kept = Some(Err(Why::NotKept));
    assert_eq!((pair.invited, pair.joined), (not_kept, not_kept));
}

/// The inviting machine, and somebody at its door.
struct Door(Inviting);

impl Door {
    fn new() -> Self {
        Self(Inviting::new(words(1), meeting(&words(1)), NOW))
    }

    fn say(&mut self, input: InviteInput) -> Vec<InviteOutput> {
        self.0.handle(input, NOW)
    }

    fn hear(&mut self, message: Message) -> Vec<InviteOutput> {
        self.say(InviteInput::Heard(Ok(message)))
    }

    fn meet(&mut self) {
        let met = InviteInput::Met {
            joining: card().endpoint,
            exporter: EXPORTER,
        };
        assert_eq!(self.say(met), []);
    }

    fn prove(&mut self) {
        self.meet();
        let answer = self.hear(Message::Proof(right()));
        assert!(matches!(*answer, [InviteOutput::Send(Message::Proof(_))]));
    }

    fn ask(&mut self) {
        self.prove();
        let answer = self.hear(Message::Card(card()));
        assert_eq!(answer, [InviteOutput::Ask(card())]);
    }

    fn enrol(&mut self) {
        self.ask();
        let answer = self.say(InviteInput::Agreed);
        assert_eq!(answer, [InviteOutput::Enrol(card())]);
    }
}

pub(crate) fn right() -> [u8; 32] {
    let channel = Channel {
        inviting: meeting(&words(1)),
        joining: card().endpoint,
        exporter: EXPORTER,
    };
    *proof(&words(1), Side::Joining, &channel).as_bytes()
}

fn refused(why: Why) -> InviteOutput {
    InviteOutput::Send(Message::Refused(why))
}

fn ended(why: Why) -> InviteOutput {
    InviteOutput::Ended(Err(why))
}

#[test]
fn three_wrong_tries_of_any_kind_end_the_pairing() {
    let mut door = Door::new();
    door.meet();
    let wrong = door.hear(Message::Proof([0; 32]));
    assert_eq!(wrong, [refused(Why::WrongWords), InviteOutput::HangUp]);
    assert_eq!(door.say(InviteInput::Lost), []);
    let wrong = door.say(InviteInput::Missed);
    assert_eq!(wrong, [refused(Why::WrongWords), InviteOutput::HangUp]);
    door.meet();
    let last = door.say(InviteInput::Heard(Err(Why::Nonsense)));
    let end = [refused(Why::TooManyTries), ended(Why::TooManyTries)];
    assert_eq!(last, end);
    door.meet();
    assert_eq!(door.hear(Message::Proof(right())), []);
}

#[test]
fn who_goes_away_before_proving_anything_costs_no_try() {
    let mut door = Door::new();
    for _ in 0..10 {
        door.meet();
        assert_eq!(door.say(InviteInput::Lost), []);
    }
    door.prove();
}

#[test]
fn the_words_are_used_once_they_were_proved() {
    let mut door = Door::new();
    door.prove();
    assert_eq!(door.say(InviteInput::Lost), [ended(Why::Torn)]);
    let mut door = Door::new();
    door.ask();
    assert_eq!(door.say(InviteInput::Lost), [ended(Why::Torn)]);
    assert_eq!(door.say(InviteInput::Agreed), []);
}

#[test]
fn a_card_of_another_endpoint_than_the_one_that_is_here_is_refused() {
    let mut door = Door::new();
    door.prove();
    let mut other = card();
    other.endpoint = key("another endpoint");
    let answer = door.hear(Message::Card(other));
    assert_eq!(answer, [refused(Why::Nonsense), ended(Why::Nonsense)]);
}

#[test]
fn nobody_is_asked_about_or_let_in_without_a_proof() {
    for message in [
        Message::Card(card()),
        Message::Done,
        Message::Envelopes(vec![vec![1]]),
    ] {
        let mut door = Door::new();
        door.meet();
        let answer = door.hear(message);
        assert_eq!(answer, [refused(Why::WrongWords), InviteOutput::HangUp]);
        assert_eq!(door.say(InviteInput::Agreed), []);
    }
}

#[test]
fn words_are_good_for_ten_minutes_and_no_longer() {
    let mut door = Door::new();
    assert_eq!(door.0.until_ms(), NOW + PAIRING_MS);
    let late = door.0.handle(InviteInput::Tick, NOW + PAIRING_MS - 1);
    assert_eq!(late, []);
    let late = door.0.handle(InviteInput::Tick, NOW + PAIRING_MS);
    assert_eq!(late, [ended(Why::Expired)]);
    let mut door = Door::new();
    door.ask();
    let late = door.0.handle(InviteInput::Agreed, NOW + PAIRING_MS);
    assert_eq!(late, [refused(Why::Expired), ended(Why::Expired)]);
}

#[test]
fn a_machine_that_was_let_in_and_says_no_more_is_unconfirmed() {
    let unconfirmed = [ended(Why::Unconfirmed)];
    let mut door = Door::new();
    door.enrol();
    assert_eq!(door.say(InviteInput::Lost), []);
    let given = InviteInput::Enrolled(Box::new(enrolment(vec![vec![1]])));
    assert_eq!(door.say(given).len(), 2);
    assert_eq!(door.say(InviteInput::Lost), unconfirmed);
    let mut door = Door::new();
    door.enrol();
    let until = door.0.until_ms();
    assert_eq!(door.0.handle(InviteInput::Tick, until - 1), []);
    assert_eq!(door.0.handle(InviteInput::Tick, until), unconfirmed);
}

/// A joining machine that has proved itself to somebody who knows the words.
fn proved() -> Joining {
    let mut joining = Joining::new(words(1), card(), NOW);
    let inviting = meeting(&words(1));
    let exporter = EXPORTER;
    joining.handle(JoinInput::Met { inviting, exporter }, NOW);
    let channel = Channel {
        inviting,
        joining: card().endpoint,
        exporter,
    };
    let theirs = proof(&words(1), Side::Inviting, &channel);
    let theirs = Message::Proof(*theirs.as_bytes());
    let sent = joining.handle(JoinInput::Heard(Ok(theirs)), NOW);
    assert_eq!(sent, [JoinOutput::Send(Message::Card(card()))]);
    joining
}

pub(crate) fn announce(given: &Enrolment) -> Message {
    let mut door = Door::new();
    door.enrol();
    let given = InviteInput::Enrolled(Box::new(given.clone()));
    let InviteOutput::Send(message) = door.say(given).swap_remove(0) else {
        panic!("it is announced first");
    };
    message
}

#[test]
fn a_machine_shows_its_card_to_nobody_who_does_not_know_the_words() {
    let mut joining = Joining::new(words(1), card(), NOW);
    let (inviting, exporter) = (meeting(&words(1)), EXPORTER);
    joining.handle(JoinInput::Met { inviting, exporter }, NOW);
    // Its own proof, sent back, proves nothing.
    let answer = joining.handle(JoinInput::Heard(Ok(Message::Proof(right()))), NOW);
    let told = JoinOutput::Send(Message::Refused(Why::WrongWords));
    assert_eq!(answer, [told, JoinOutput::Ended(Err(Why::WrongWords))]);
}

#[test]
fn more_or_other_than_was_announced_is_refused_and_nothing_is_kept() {
    let whole = enrolment(vec![vec![1; 5], vec![2; 5]]);
    for envelopes in [
        vec![vec![1; 5], vec![2; 5], vec![3; 5]],
        vec![vec![1; 11]],
        vec![],
    ] {
        let mut joining = proved();
        let announced = JoinInput::Heard(Ok(announce(&whole)));
        assert_eq!(joining.handle(announced, NOW), []);
        let more = JoinInput::Heard(Ok(Message::Envelopes(envelopes)));
        let told = JoinOutput::Send(Message::Refused(Why::Nonsense));
        let end = [told, JoinOutput::Ended(Err(Why::Nonsense))];
        assert_eq!(joining.handle(more, NOW), end);
    }
}

#[test]
fn a_torn_connection_keeps_nothing_until_all_has_come() {
    let whole = enrolment(vec![vec![1; 5], vec![2; 5]]);
    let first = Message::Envelopes(vec![vec![1; 5]]);
    let second = Message::Envelopes(vec![vec![2; 5]]);
    for count in 0..=2 {
        let mut joining = proved();
        let said = [announce(&whole), first.clone()];
        for message in said.into_iter().take(count) {
            assert_eq!(joining.handle(JoinInput::Heard(Ok(message)), NOW), []);
        }
        let torn = [JoinOutput::Ended(Err(Why::Torn))];
        assert_eq!(joining.handle(JoinInput::Lost, NOW), torn);
        let late = JoinInput::Heard(Ok(second.clone()));
        assert!(
            joining.handle(late, NOW).is_empty(),
            "after {count} messages"
        );
    }
}

#[test]
fn what_came_whole_is_kept_though_the_connection_ended_meanwhile() {
    let mut joining = proved();
    let none = enrolment(Vec::new());
    let keep = joining.handle(JoinInput::Heard(Ok(announce(&none))), NOW);
    assert_eq!(keep, [JoinOutput::Keep(none)]);
    assert_eq!(joining.handle(JoinInput::Lost, NOW), []);
    let first = vec![vec![5]];
    let done = joining.handle(JoinInput::Kept(first.clone()), NOW + 2 * PAIRING_MS);
    let said = [Message::Envelopes(first), Message::Done].map(JoinOutput::Send);
    assert_eq!(done[..2], said);
    assert_eq!(done[2..], [JoinOutput::Ended(Ok(()))]);
}
