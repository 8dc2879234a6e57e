//! Pairing over real sockets on this machine: right words, wrong ones, and whoever else
//! comes by.

use std::{net::SocketAddr, time::Duration};

use cairn::{
    ids::{ClinicId, DeviceId},
    net::{
        self, InvitingAsks, InvitingHears, JoiningAsks, JoiningHears, NotPaired,
        PAIR_ALPN, Pairing, PairingPlace,
    },
    seal::{CarryKey, PublicKey, Secret, SeededEntropy, SigningKey},
    sync::pair::{Card, Enrolment, PairWords, Why},
};
use iroh::{Endpoint, EndpointAddr, SecretKey, endpoint::presets};

const LONG: Duration = Duration::from_mins(1);

type Inviting = Pairing<InvitingAsks, InvitingHears>;
type Joining = Pairing<JoiningAsks, JoiningHears>;

fn here() -> PairingPlace {
    PairingPlace {
        bind: Some(SocketAddr::from(([127, 0, 0, 1], 0))),
        mdns: false,
    }
}

fn words(seed: u64) -> PairWords {
    PairWords::generate(&mut SeededEntropy::new(seed))
}

fn machine(seed: u64) -> (Card, Secret) {
    let mut entropy = SeededEntropy::new(seed);
    let endpoint = SigningKey::generate(&mut entropy);
    let card = Card {
        key: SigningKey::generate(&mut entropy).public(),
        carry: CarryKey::generate(&mut entropy).public(),
        endpoint: endpoint.public(),
        name: "Hill Post".to_owned(),
        mailbox: false,
    };
    (card, endpoint.secret())
}

/// An enrolment of several messages.
fn enrolment(card: &Card) -> Enrolment {
    Enrolment {
        clinic: ClinicId::from_bytes([1; 16]),
        name: "Kijani".to_owned(),
        device: DeviceId::from_slice(&card.key.as_bytes()[..16]).unwrap(),
        users: Vec::new(),
        envelopes: vec![vec![7; 300_000]; 12],
    }
}

fn invited(seed: u64) -> Inviting {
    net::invite(words(seed), here()).unwrap()
}

fn joining(seed: u64, at: &Inviting) -> Joining {
    net::join(words(seed), machine(50), at.addrs().to_vec(), here()).unwrap()
}

fn asked<A: Send + 'static, H: Send + 'static>(side: &Pairing<A, H>) -> A {
    side.next(LONG).unwrap().unwrap()
}

fn joined_as(joining: &Joining) -> Result<(), NotPaired> {
    match asked(joining) {
        JoiningAsks::Ended(how) => how,
        JoiningAsks::Keep(_) => panic!("it was let in"),
    }
}

fn invited_as(inviting: &Inviting) -> Result<(), NotPaired> {
    match asked(inviting) {
        InvitingAsks::Ended(how) => how,
        InvitingAsks::Agree(_) | InvitingAsks::Enrol(_) | InvitingAsks::Take(_) => {
            panic!("it was asked more")
        }
    }
}

#[test]
fn two_machines_that_know_the_words_pair_and_the_enrolment_arrives_whole() {
    let inviting = invited(1);
    let joining = joining(1, &inviting);
    let InvitingAsks::Agree(card) = asked(&inviting) else {
        panic!("the owner was not asked");
    };
    assert!(card == machine(50).0);
    inviting.tell(InvitingHears::Agreed);
    let InvitingAsks::Enrol(card) = asked(&inviting) else {
        panic!("nobody was to be let in");
    };
    inviting.tell(InvitingHears::Enrolled(Box::new(enrolment(&card))));
    let JoiningAsks::Keep(kept) = asked(&joining) else {
        panic!("nothing came");
    };
    assert!(*kept == enrolment(&card));
    joining.tell(JoiningHears::Kept(vec![vec![5]]));
    assert_eq!(joined_as(&joining), Ok(()));
    let InvitingAsks::Take(first) = asked(&inviting) else {
        panic!("it did not say how it is met");
    };
    assert_eq!(first, [[5]]);
    assert_eq!(invited_as(&inviting), Ok(()));
}

#[test]
fn the_owner_who_says_no_is_heard_on_the_other_machine() {
    let inviting = invited(2);
    let joining = joining(2, &inviting);
    assert!(matches!(asked(&inviting), InvitingAsks::Agree(_)));
    inviting.tell(InvitingHears::Refused(Why::Declined));
    assert_eq!(joined_as(&joining), Err(Why::Declined.into()));
    assert_eq!(invited_as(&inviting), Err(Why::Declined.into()));
}

#[test]
fn wrong_words_are_told_at_once_and_the_third_time_ends_it() {
    let inviting = invited(3);
    for _ in 0..3 {
        let joining = joining(4, &inviting);
        assert_eq!(joined_as(&joining), Err(Why::WrongWords.into()));
    }
    assert_eq!(invited_as(&inviting), Err(Why::TooManyTries.into()));
}

#[test]
fn a_wrong_try_does_not_keep_the_right_one_out() {
    let inviting = invited(5);
    assert_eq!(
        joined_as(&joining(6, &inviting)),
        Err(Why::WrongWords.into())
    );
    let joining = joining(5, &inviting);
    assert!(matches!(asked(&inviting), InvitingAsks::Agree(_)));
    drop(inviting);
    assert_eq!(joined_as(&joining), Err(Why::Declined.into()));
}

/// A stranger who saw the key go by, and knows no words.
fn stranger(inviting: &Inviting, talk: impl AsyncFnOnce(iroh::endpoint::Connection)) {
    let key = inviting.endpoint();
    let runtime = tokio::runtime::Runtime::new().unwrap();
    runtime.block_on(async {
        let endpoint = Endpoint::builder(presets::Minimal)
            .secret_key(SecretKey::from_bytes(&[9; 32]))
            .clear_ip_transports()
            .bind_addr("127.0.0.1:0")
            .unwrap()
            .bind()
            .await
            .unwrap();
        talk(connect(&endpoint, key, inviting.addrs()[0]).await).await;
        endpoint.close().await;
    });
}

async fn connect(
    endpoint: &Endpoint,
    key: PublicKey,
    addr: SocketAddr,
) -> iroh::endpoint::Connection {
    let key = iroh::EndpointId::from_bytes(key.as_bytes()).unwrap();
    let place = EndpointAddr::new(key).with_ip_addr(addr);
    endpoint.connect(place, PAIR_ALPN).await.unwrap()
}

#[test]
fn a_stranger_with_the_key_and_no_words_costs_a_try_and_learns_nothing() {
    let inviting = invited(7);
    for _ in 0..3 {
        stranger(&inviting, async |connection| {
            let (mut send, mut receive) = connection.open_bi().await.unwrap();
            // A proof of nothing, with its version and kind.
            let proof = [&[0, 0, 0, 34, 1, 0][..], &[5; 32]].concat();
            send.write_all(&proof).await.unwrap();
            let answer = receive.read_to_end(100).await.unwrap_or_default();
            assert!(answer.len() < 16, "{answer:?}");
        });
    }
    assert_eq!(invited_as(&inviting), Err(Why::TooManyTries.into()));
}
