//! The bytes of a pairing: golden files of the first release, and hostile messages.

use std::{fs, path::Path};

use cairn::{
    ids::Hash,
    seal::{Entropy as _, SeededEntropy},
    sync::pair::{Message, PairWords, Why},
};

use crate::crossing::contact;
use crate::pairing::{announce, card, enrolment, meeting, right, words};

fn one_of_each() -> [(&'static str, Message); 7] {
    [
        ("proof", Message::Proof(right())),
        ("card", Message::Card(card())),
        ("enrolled", announce(&enrolment(vec![vec![1], vec![2, 3]]))),
        ("envelopes", Message::Envelopes(vec![vec![1], vec![2, 3]])),
        ("refused", Message::Refused(Why::Declined)),
        ("done", Message::Done),
        ("contact", Message::Contact(contact())),
    ]
}

fn golden(name: &str) -> Vec<u8> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden");
    fs::read(folder.join(format!("pair-{name}.bin"))).unwrap()
}

#[test]
fn a_message_of_each_kind_of_the_first_release_is_understood() {
    for (name, message) in one_of_each() {
        let bytes = golden(name);
        assert!(Message::decode(&bytes) == Ok(message.clone()), "{name}");
        assert_eq!(message.encode(), bytes, "{name}");
    }
}

#[test]
fn the_words_and_the_meeting_of_the_first_release_are_the_same() {
    let golden = String::from_utf8(golden("words")).unwrap();
    let lines: Vec<&str> = golden.lines().collect();
    let typed: PairWords = lines[0].parse().unwrap();
    assert_eq!(words(1).words().join(" "), lines[0]);
    let meeting = Hash::from_bytes(*meeting(&typed).as_bytes());
    assert_eq!(meeting.to_string(), lines[1]);
    assert_eq!(Hash::from_bytes(right()).to_string(), lines[2]);
}

#[test]
fn cut_changed_and_longer_messages_are_read_or_refused_and_never_more() {
    let mut entropy = SeededEntropy::new(17);
    let mut tried = 0;
    for (name, message) in one_of_each() {
        let bytes = message.encode();
        for length in 0..bytes.len() {
            assert!(
                Message::decode(&bytes[..length]).is_err(),
                "{name}: {length}"
            );
        }
        assert!(
            Message::decode(&[&*bytes, &[0]].concat()).is_err(),
            "{name}"
        );
        for bit in 0..bytes.len() * 8 {
            let mut changed = bytes.clone();
            changed[bit / 8] ^= 1 << (bit % 8);
            if let Ok(other) = Message::decode(&changed) {
                assert!(other != message, "{name}: bit {bit}");
            }
            tried += 1;
        }
        for _ in 0..500 {
            let mut junk = bytes.clone();
            let mut at = [0; 2];
            entropy.fill(&mut at);
            let from = usize::from(u16::from_be_bytes(at)) % junk.len();
            entropy.fill(&mut junk[from..]);
            junk[0] = 1;
            drop(Message::decode(&junk));
            tried += 1;
        }
    }
    println!("{tried} changed messages");
    let huge = Message::Envelopes(vec![vec![0; 1024 * 1024], vec![0; 1024 * 1024]]);
    assert!(Message::decode(&huge.encode()).is_err());
    let mut named = card();
    named.name = "é".repeat(200);
    assert!(Message::decode(&Message::Card(named).encode()).is_err());
}
