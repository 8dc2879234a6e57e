//! Who comes to the door for providers and has no business there, and a provider who lies,
//! floods, stands still, or goes on after a share was taken back.

use std::{net::SocketAddr, sync::Arc, thread};

use cairn::{
    chart::{Coded, Edit, Record, who::Role},
    ids::{DocId, Hash, LogId},
    members::{Card, Endpoint, Provider, Verified},
    net::{ALPN, Net, SHARE_ALPN},
    seal::{CarryKey, SigningKey, derive, names},
    sync::{
        status::{Reach, Term},
        wire::{Frame, Held, Holds, MAX_FRAME_BYTES, Run, Share, Short},
    },
    time::Timestamp,
};
use iroh::{
    EndpointAddr, EndpointId, SecretKey,
    endpoint::{Connection, ConnectionError, RecvStream, SendStream, presets},
};
use tokio::runtime::Runtime;

use crate::{
    cards::key,
    clinic::penicillin,
    devices::joined,
    flaky_disk::Dice,
    net::{started, until, until_equal},
    net_hostile::{attack, key_of},
    net_outside::{Two, begun, there},
};

const NOT_KNOWN_HERE: u64 = 1;
const UNSOUND: u64 = 5;
const CROWDED: u64 = 6;
/// Providers' machines that may be here at once.
const ROOM: usize = 16;

fn code(ended: &ConnectionError) -> Option<u64> {
    if let ConnectionError::ApplicationClosed(closed) = ended {
        return Some(u64::from(closed.error_code));
    }
    None
}

/// What a program of a hostile person's does at the clinic's machine.
fn hostile(key: SecretKey, of: &Net, alpn: &[u8], talk: impl AsyncFnOnce(Connection)) {
    let at = (*of.endpoint().as_bytes(), of.addrs()[0]);
    attack(key, at, alpn, talk);
}

/// A provider's end of the stream that the clinic's machine opened.
struct Guest {
    send: SendStream,
    receive: RecvStream,
}

impl Guest {
    /// Hears whose documents it is about.
    async fn met(connection: &Connection) -> Self {
        let (send, receive) = connection.accept_bi().await.unwrap();
        let mut guest = Self { send, receive };
        assert_eq!(guest.bytes().await.unwrap().len(), 16);
        guest
    }

    /// Takes the papers, and says what the machine holds.
    async fn begun(connection: &Connection, two: &Two, held: Held) -> Self {
        let mut guest = Self::met(connection).await;
        guest.say(&Frame::Known(Hash::ZERO)).await;
        let share = Share {
            clinic: two.here.id(),
            frontier: Hash::ZERO,
        };
        guest.say(&Frame::Share(share)).await;
        guest.say(&Frame::Holds(Holds { took: 0, held })).await;
        guest
    }

    async fn bytes(&mut self) -> Option<Vec<u8>> {
        let mut length = [0; 4];
        self.receive.read_exact(&mut length).await.ok()?;
        let length = usize::try_from(u32::from_be_bytes(length)).unwrap();
        assert!(length <= MAX_FRAME_BYTES);
        let mut frame = vec![0; length];
        self.receive.read_exact(&mut frame).await.ok()?;
        Some(frame)
    }

    async fn frame(&mut self) -> Option<Frame> {
        let bytes = self.bytes().await?;
        Some(Frame::decode(&bytes).unwrap())
    }

    async fn say(&mut self, frame: &Frame) {
        self.write(&framed(&frame.encode())).await;
    }

    /// Whoever is hung up on meanwhile cannot say it any more.
    async fn write(&mut self, bytes: &[u8]) {
        self.send.write_all(bytes).await.unwrap_or_default();
    }
}

fn framed(bytes: &[u8]) -> Vec<u8> {
    let length = u32::try_from(bytes.len()).unwrap().to_be_bytes();
    [&length[..], bytes].concat()
}

#[test]
fn nobody_passes_by_a_protocol_that_is_not_theirs() {
    let mut two = Two::new();
    two.share(7);
    let (_folder, b) = joined(&mut two.okot, 1);
    let of_here = begun(&two.here, Vec::new());
    let stranger = SecretKey::from_bytes(&[3; 32]);
    for (key, alpn) in [
        (stranger.clone(), SHARE_ALPN),
        (stranger, ALPN),
        (key_of(&b), SHARE_ALPN),
        (key_of(&two.there), ALPN),
    ] {
        hostile(key, &of_here, alpn, async |connection| {
            let ended = connection.closed().await;
            assert_eq!(code(&ended), Some(NOT_KNOWN_HERE), "{alpn:?}");
        });
    }
    let mut spoke = false;
    let key = key_of(&two.there);
    hostile(key, &of_here, b"cairn/pair/1", async |_| spoke = true);
    assert!(!spoke, "a protocol is spoken that nobody asked for");
}

#[test]
fn a_provider_who_sends_no_frames_is_left_alone() {
    let bombs = [u32::MAX, u32::try_from(MAX_FRAME_BYTES).unwrap() + 1];
    let mut said = bombs.map(|it| it.to_be_bytes().to_vec()).to_vec();
    said.push(framed(&[&[1][..], &[0xee; 99]].concat()));
    // A frame of the clinic's own protocol, and one that comes before its turn.
    said.push(framed(&Frame::Want(Vec::new()).encode()));
    said.push(framed(&Frame::Parted((DocId::ZERO, LogId::ZERO)).encode()));
    for bytes in said {
        let mut two = Two::new();
        two.share(7);
        let of_here = begun(&two.here, Vec::new());
        let key = key_of(&two.there);
        hostile(key.clone(), &of_here, SHARE_ALPN, async |connection| {
            let mut guest = Guest::met(&connection).await;
            guest.write(&bytes).await;
            assert_eq!(code(&connection.closed().await), Some(UNSOUND));
        });
        until(&of_here, "it is left alone", || {
            there(&of_here, &two.there).state == Reach::Unsound
        });
        hostile(key, &of_here, SHARE_ALPN, async |connection| {
            assert_eq!(code(&connection.closed().await), Some(UNSOUND));
        });
    }
}

#[test]
fn a_provider_who_names_runs_without_end_is_left() {
    let mut two = Two::new();
    two.share(7);
    let of_here = begun(&two.here, Vec::new());
    let held = (0..20_000_u128).map(|it| {
        let run = (DocId::from_bytes(it.to_be_bytes()), LogId::ZERO);
        (run, (1, Short([7; 8])))
    });
    let held: Held = held.collect();
    let key = key_of(&two.there);
    hostile(key, &of_here, SHARE_ALPN, async |connection| {
        let _guest = Guest::begun(&connection, &two, held).await;
        assert_eq!(code(&connection.closed().await), Some(UNSOUND));
    });
}

#[test]
fn a_provider_who_stands_still_keeps_nobody_of_the_clinic_waiting() {
    let mut two = Two::new();
    two.share(7);
    let (_folder, b) = joined(&mut two.okot, 1);
    let of_here = begun(&two.here, Vec::new());
    let (go, went) = tokio::sync::oneshot::channel::<()>();
    thread::scope(|scope| {
        let (of_here, there) = (&of_here, Arc::clone(&two.there));
        scope.spawn(move || {
            hostile(key_of(&there), of_here, SHARE_ALPN, async |connection| {
                let mut guest = Guest::met(&connection).await;
                guest.write(&[0, 0, 1]).await;
                went.await.unwrap_or_default();
            });
        });
        let of_b = started(&b, &[(&two.here, of_here)]);
        until_equal(&of_b, &b, &two.here);
        go.send(()).unwrap();
    });
}

/// Allergies whose names do not compress.
fn long_chart(two: &mut Two) {
    let mut dice = Dice(7);
    for _ in 0..50 {
        let mut allergy = penicillin(&mut two.okot);
        if let Record::Allergy(allergy) = &mut allergy {
            let digit = |_| char::from_digit(u32::try_from(dice.below(36)).unwrap(), 36);
            let text: String = (0..3_000).filter_map(digit).collect();
            allergy.code = Coded::text(text);
        }
        two.write(Edit::add(allergy));
    }
}

#[test]
fn a_provider_whose_share_is_taken_back_in_the_middle_gets_no_more_from_that_moment() {
    let mut two = Two::new();
    long_chart(&mut two);
    let grant = two.share(7);
    let of_here = begun(&two.here, Vec::new());
    let key = key_of(&two.there);
    let okot = &mut two.okot;
    let clinic = two.here.id();
    let (mut chunks, mut envelopes) = (0, 0);
    let mut came = |frame, chunks: &mut u32| {
        if let Frame::Chunk(runs) = frame {
            let runs: Vec<Run> = runs;
            envelopes += runs.iter().map(|it| it.entries().len()).sum::<usize>();
            *chunks += 1;
        }
    };
    hostile(key, &of_here, SHARE_ALPN, async |connection| {
        let mut guest = Guest::met(&connection).await;
        guest.say(&Frame::Known(Hash::ZERO)).await;
        let frontier = Hash::ZERO;
        guest.say(&Frame::Share(Share { clinic, frontier })).await;
        let held = Held::new();
        guest.say(&Frame::Holds(Holds { took: 0, held })).await;
        // What left before one chunk is said to be kept, and no more.
        while chunks == 0 {
            came(guest.frame().await.unwrap(), &mut chunks);
        }
        okot.revoke_share(grant).unwrap();
        let (took, held) = (1, Held::new());
        guest.say(&Frame::Holds(Holds { took, held })).await;
        while let Some(frame) = guest.frame().await {
            came(frame, &mut chunks);
        }
    });
    assert!(
        (1..=4).contains(&chunks) && envelopes < 50,
        "{chunks} {envelopes}"
    );
    let terms = there(&of_here, &two.there).terms;
    assert_eq!(terms.given, Some(Term::Revoked));
}

/// A provider who works at eight machines.
fn provider(number: usize) -> (Card, Vec<SigningKey>) {
    let of = |what: &str| key(&format!("{what} {number}"));
    let clinic = names::clinic_id(&of("crowd root").public());
    let about = Provider {
        clinic,
        clinic_name: format!("Clinic {number}"),
        name: format!("Dr {number}"),
        role: Role::Clinician,
        key: of("crowd bearer").public(),
        carry: CarryKey::from_secret(derive("cairn/test/carry", &[&[7]])).public(),
        made: Timestamp(1_780_000_000_000),
    };
    let endpoints: Vec<_> = (0..8).map(|it| of(&format!("crowd {it}"))).collect();
    let machines = endpoints.iter().map(|it| {
        let device = it.public();
        (device, Endpoint::of(it, clinic, &device))
    });
    let card = Card::make(about, machines.collect(), &of("crowd bearer")).unwrap();
    (card, endpoints)
}

#[test]
fn as_many_providers_as_there_is_room_for_are_here_and_the_clinic_goes_on() {
    let mut two = Two::new();
    let mut endpoints = Vec::new();
    for number in 0..3 {
        let (card, theirs) = provider(number);
        two.okot.keep_card(&card, Verified::Phone).unwrap();
        two.card = two.okot.card_to_share(&card.about().name).unwrap();
        two.share(7);
        endpoints.extend(theirs);
    }
    let (_folder, b) = joined(&mut two.okot, 1);
    let of_here = begun(&two.here, Vec::new());
    let at = (*of_here.endpoint().as_bytes(), of_here.addrs()[0]);
    Runtime::new().unwrap().block_on(async {
        let mut here = Vec::new();
        for key in endpoints.iter().take(ROOM) {
            let (endpoint, connection) = met(key, at).await;
            let guest = Guest::met(&connection).await;
            here.push((endpoint, connection, guest));
        }
        let (_endpoint, connection) = met(&endpoints[ROOM], at).await;
        assert_eq!(code(&connection.closed().await), Some(CROWDED));
    });
    let of_b = started(&b, &[(&two.here, &of_here)]);
    until_equal(&of_b, &b, &two.here);
}

async fn met(
    key: &SigningKey,
    (there, addr): ([u8; 32], SocketAddr),
) -> (iroh::Endpoint, Connection) {
    let endpoint = iroh::Endpoint::builder(presets::Minimal)
        .secret_key(SecretKey::from_bytes(key.secret().as_bytes()))
        .clear_ip_transports()
        .bind_addr("127.0.0.1:0")
        .unwrap()
        .bind()
        .await
        .unwrap();
    let there = EndpointId::from_bytes(&there).unwrap();
    let place = EndpointAddr::new(there).with_ip_addr(addr);
    let connection = endpoint.connect(place, SHARE_ALPN).await.unwrap();
    (endpoint, connection)
}
