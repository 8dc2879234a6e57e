//! The screen while a whole clinic comes in from another machine: somebody signs in on a new
//! machine and searches, while it takes everything in and works it out. Afterwards people are
//! registered on the other machine, one by one, until each is on this screen.

use std::{
    fs,
    net::SocketAddr,
    path::{Path, PathBuf},
    sync::Arc,
    time::Duration,
};

use cairn::{
    chart::{Name, NameUse, Person},
    clinic::{Clinic, Met, NewMachine, demo_passphrase_file},
    ids::DeviceId,
    ledger::Frontier,
    net::{Net, Options, Relay},
    seal::OsEntropy,
    sync::status::Reach,
    time::Clock,
};

use super::{
    Outcome,
    homes::{self, Ready},
    machine::{ms_since, now, percentile},
    pty::Pty,
    screens::TYPED,
    table::Table,
};

/// Keys that are timed, at most: what is typed when all came long ago is no part of it.
const KEYS_MAX: usize = 5_000;
/// People who are registered on the other machine once it all came.
const ARRIVING: usize = 10;
/// The family name that they all have, and nobody else.
const FAMILY: &str = "Zyqarriving";
/// Empties the search.
const EMPTY: &[u8] = b"\x17\x17";

pub(crate) fn measure(home: &Ready, table: &mut Table) -> Outcome<()> {
    let there = Clinic::open(&home.path, homes::surroundings())?;
    let (folder, device) = joined(home, &there)?;
    let net = Net::start(Arc::clone(&there), here_only())?;
    remember(&folder, &there, &net)?;
    let begun = now();
    let mut pty = Pty::start("signed-in", &folder)?;
    pty.until("Find:")?;
    let (mut times, mut copied) = (Vec::new(), None);
    for text in TYPED.iter().cycle() {
        for end in 1..=text.len() {
            let gap = 10 + (times.len() * 37) % 81;
            pty.wait(Duration::from_millis(u64::try_from(gap)?));
            let typed = text.get(..end).unwrap_or(text);
            let key = typed.as_bytes().last().copied().unwrap_or(b' ');
            let pressed = pty.press(&[key])?;
            let shown = pty.until(&format!("Find: {}", typed.trim_end()))?;
            times.push(shown.duration_since(pressed).as_secs_f64() * 1e3);
        }
        pty.press(EMPTY)?;
        pty.wait(Duration::from_millis(50));
        let mut peers = net.status().into_iter();
        let is_there = |it: &cairn::sync::status::Peer| {
            it.device == device && it.state == Reach::InStep && it.ahead == 0
        };
        if peers.any(|it| is_there(&it)) {
            copied = Some(ms_since(begun) / 1e3);
        }
        if copied.is_some() || times.len() >= KEYS_MAX {
            break;
        }
    }
    for (name, part) in [
        ("key to frame, while a full copy runs: p50", 50),
        ("key to frame, while a full copy runs: p95", 95),
        ("key to frame, while a full copy runs: p99", 99),
        ("key to frame, while a full copy runs: slowest", 100),
    ] {
        table.set(name, home.size, percentile(&times, part));
    }
    let samples = f64::from(u32::try_from(times.len())?);
    let name = "key to frame, while a full copy runs: samples";
    table.set(name, home.size, samples);
    let name = "full copy to a machine that is worked at";
    table.set(name, home.size, copied.ok_or("the copy did not end")?);
    arriving(home, &there, &mut pty, table)?;
    pty.quit()?;
    net.stop();
    Ok(fs::remove_dir_all(folder)?)
}

/// From a save on the other machine, durable there, to this screen, with nothing typed here.
fn arriving(
    home: &Ready,
    there: &Arc<Clinic>,
    pty: &mut Pty,
    table: &mut Table,
) -> Outcome<()> {
    let mut session = home.sign_in(there)?;
    pty.press(FAMILY.as_bytes())?;
    pty.until(&format!("Find: {FAMILY}"))?;
    let mut times = Vec::new();
    for number in 0..ARRIVING {
        // One after the other by chance, as people come.
        pty.wait(Duration::from_millis(
            300 + (u64::try_from(number)? * 137) % 700,
        ));
        let mut person = Person::new(session.entry());
        let given = format!("Number{number:02}");
        person.names = vec![Name {
            usage: NameUse::Usual,
            family: FAMILY.to_owned(),
            given: given.clone(),
        }];
        session.register(person)?;
        let saved = now();
        let shown = pty.until(&given)?;
        times.push(shown.duration_since(saved).as_secs_f64());
    }
    session.sign_out()?;
    let name = "a save elsewhere, until it is shown: median";
    table.set(name, home.size, percentile(&times, 50));
    let name = "a save elsewhere, until it is shown: slowest of 10";
    table.set(name, home.size, percentile(&times, 100));
    Ok(())
}

/// A new machine of the clinic that holds nothing yet.
fn joined(home: &Ready, there: &Arc<Clinic>) -> Outcome<(PathBuf, DeviceId)> {
    let mut session = home.sign_in(there)?;
    let machine = NewMachine::draw(false, &mut OsEntropy);
    let enrolment = session.invite_accept(&machine.card(""), None)?;
    session.sign_out()?;
    let folder = home.path.with_extension("joined");
    if folder.exists() {
        fs::remove_dir_all(&folder)?;
    }
    let here = Clinic::join(&folder, &machine, enrolment, homes::surroundings())?;
    let device = here.device();
    drop(here);
    let passphrase = demo_passphrase_file(&folder);
    fs::copy(demo_passphrase_file(&home.path), passphrase)?;
    Ok((folder, device))
}

/// The new machine knows where the other one is met.
fn remember(folder: &Path, there: &Clinic, net: &Net) -> Outcome<()> {
    let here = Clinic::open(folder, homes::surroundings())?;
    let met = Met {
        at: Clock::Machine.now(),
        addrs: net.addrs().iter().map(SocketAddr::to_string).collect(),
        theirs: Frontier::new(),
    };
    Ok(here.met(there.device(), &met)?)
}

fn here_only() -> Options {
    Options {
        bind: Some(SocketAddr::from(([127, 0, 0, 1], 0))),
        mdns: false,
        relay: Relay::None,
        known: Vec::new(),
        ..Options::default()
    }
}
