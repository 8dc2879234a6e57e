//! A link that dies under two machines, at any moment, and comes back: the transfer goes on
//! where it stopped.

use std::{
    net::{SocketAddr, UdpSocket},
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
    thread,
    time::{Duration, Instant},
};

use cairn::{
    clinic::Clinic,
    net::{Net, Options},
    sync::status::Reach,
};

use crate::{
    clinic::{founded, grace, owner},
    devices::joined,
    net::{options, peer, traffic, until, until_equal},
};

/// Patients of the clinic: more than 50 kB on the wire.
const PATIENTS: usize = 120;
/// Envelopes that may be sent ahead although the other side has them: of 32 KiB, the
/// smallest that there are.
const AHEAD_MAX: u64 = 32 * 1024 / 300;
/// Machines part at the latest so long after their link died.
const NOTICED_WITHIN: Duration = Duration::from_secs(30);

/// A link between a machine that has IPv6 alone and one that has IPv4 alone, so that nothing
/// goes around it. After so many bytes it carries nothing more.
struct Link {
    at: SocketAddr,
    left: AtomicU64,
    is_dead: AtomicBool,
    is_over: AtomicBool,
    dialler: Mutex<Option<SocketAddr>>,
}

impl Link {
    /// None where there is no IPv6.
    fn to(there: SocketAddr, bytes: u64) -> Option<Arc<Self>> {
        let near = UdpSocket::bind("127.0.0.1:0").unwrap();
        let far = UdpSocket::bind("[::1]:0").ok()?;
        far.connect(there).unwrap();
        let link = Arc::new(Self {
            at: near.local_addr().unwrap(),
            left: AtomicU64::new(bytes),
            is_dead: AtomicBool::new(false),
            is_over: AtomicBool::new(false),
            dialler: Mutex::new(None),
        });
        for socket in [&near, &far] {
            let often = Some(Duration::from_millis(100));
            socket.set_read_timeout(often).unwrap();
        }
        let (from_near, to_near) = (near.try_clone().unwrap(), near);
        let (from_far, to_far) = (far.try_clone().unwrap(), far);
        let (there_and, back) = (Arc::clone(&link), Arc::clone(&link));
        thread::spawn(move || {
            there_and.carry(&from_near, |packet, from| {
                *there_and.dialler.lock().unwrap() = Some(from);
                to_far.send(packet).ok();
            });
        });
        thread::spawn(move || {
            back.carry(&from_far, |packet, _from| {
                let dialler = *back.dialler.lock().unwrap();
                to_near.send_to(packet, dialler.unwrap()).ok();
            });
        });
        Some(link)
    }

    fn carry(&self, from: &UdpSocket, to: impl Fn(&[u8], SocketAddr)) {
        let mut packet = [0; 2048];
        while !self.is_over.load(Ordering::Relaxed) {
            let Ok((length, sender)) = from.recv_from(&mut packet) else {
                continue;
            };
            let carried =
                self.left
                    .fetch_update(Ordering::Relaxed, Ordering::Relaxed, |it| {
                        it.checked_sub(length as u64)
                    });
            if carried.is_ok() && !self.is_dead.load(Ordering::Relaxed) {
                to(&packet[..length], sender);
            } else {
                self.is_dead.store(true, Ordering::Relaxed);
            }
        }
    }

    fn is_dead(&self) -> bool {
        self.is_dead.load(Ordering::Relaxed)
    }

    fn mend(&self) {
        self.left.store(u64::MAX, Ordering::Relaxed);
        self.is_dead.store(false, Ordering::Relaxed);
    }
}

/// How many envelopes a machine holds.
fn held(clinic: &Clinic) -> u64 {
    let frontier = clinic.frontier().unwrap();
    frontier.values().map(|(seq, _)| seq).sum()
}

fn started(clinic: &Arc<Clinic>, bind: &str, known: &[(&Clinic, SocketAddr)]) -> Net {
    let known: Vec<_> = known.iter().map(|(it, at)| (it.device(), *at)).collect();
    let options = Options {
        bind: Some(bind.parse().unwrap()),
        ..options(&known)
    };
    Net::start(Arc::clone(clinic), options).unwrap()
}

#[test]
fn a_transfer_goes_on_where_it_stopped_whenever_the_link_dies() {
    thread::scope(|all| {
        for (bytes, what_came) in [
            // The handshake alone takes 4 kB, and what belongs to it 4 kB more.
            (2_000, "nothing"),
            (7_000, "nothing"),
            (30_000, "a part"),
        ] {
            all.spawn(move || dies_after(bytes, what_came));
        }
    });
}

#[expect(clippy::disallowed_methods, reason = "measures when it is noticed")]
fn dies_after(bytes: u64, what_came: &str) {
    let (_here, a) = founded();
    let mut okot = owner(&a);
    let (_there, b) = joined(&mut okot, 1);
    for _ in 0..PATIENTS {
        grace(&mut okot);
    }
    let before = held(&b);
    let of_a = started(&a, "[::1]:0", &[]);
    let Some(link) = Link::to(of_a.addrs()[0], bytes) else {
        println!("skipped: no IPv6 here");
        return;
    };
    let of_b = started(&b, "127.0.0.1:0", &[(&a, link.at)]);
    until(&of_b, "the link dies", || link.is_dead());
    let begun = Instant::now();
    for (net, other) in [(&of_a, &b), (&of_b, &a)] {
        until(net, "it is noticed", || {
            peer(net, other).state == Reach::NotInReach
        });
    }
    assert!(begun.elapsed() < NOTICED_WITHIN, "{:?}", begun.elapsed());
    let came = held(&b) - before;
    assert_eq!(came > 0, what_came == "a part", "{came} after {bytes}");
    let (all, sent) = (held(&a), traffic(&of_a, &b).sent);
    let lacks = all - held(&b);

    link.mend();
    of_b.sync_now();
    until_equal(&of_b, &b, &a);
    until_equal(&of_a, &a, &b);
    let again = traffic(&of_a, &b).sent - sent;
    assert!(
        (lacks..=lacks + AHEAD_MAX).contains(&again),
        "{again} of {all} were sent although {lacks} were lacking"
    );
    let found = owner(&b).find("okello", 2 * PATIENTS).unwrap();
    assert_eq!(found.len(), PATIENTS);
    link.is_over.store(true, Ordering::Relaxed);
}
