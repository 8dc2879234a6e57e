//! The screens: from the start to the first frame, from a key to its frame, bytes, memory.

use std::{net::SocketAddr, path::Path, time::Duration};

use cairn::{
    clinic::{Clinic, demo_passphrase},
    demo::CLINIC,
    ids::UserId,
    say::Lang,
    tui::{Program, Sharing},
};

use super::{
    Outcome,
    homes::{self, Ready},
    machine::{ms_since, percentile},
    pty::Pty,
    table::Table,
};

const STARTS: usize = 15;
/// Keys that are timed, at least.
const KEYS_MIN: usize = 600;
/// How long nothing comes before a screen counts as settled.
const SETTLED: Duration = Duration::from_millis(300);
const IDLE: Duration = Duration::from_secs(10);
const BACKSPACE: u8 = 0x7f;
const DOWN: &[u8] = b"\x1b[B";
const UP: &[u8] = b"\x1b[A";
const REDRAW: &[u8] = b"\x0c";
const NEW: &[u8] = b"\x0e";
/// What is typed into the search, one after the other.
pub(crate) const TYPED: [&str; 8] = [
    "okello grace",
    "mohamed",
    "wanjiku ja",
    "aissata",
    "0772",
    "kamau pet",
    "nyirah",
    "abebe",
];
/// What is typed into the form.
const WRITTEN: &str = "nakatoabirungibusinge";

/// Runs the program in this process, as `cairn` does.
pub(crate) fn show(who: &str, home: &Path) -> Outcome<()> {
    let program = Program {
        home: home.to_owned(),
        demo_home: home.with_extension("demo"),
        lang: Lang::named("en"),
        mono: false,
        ascii: false,
        mouse: false,
        surroundings: homes::surroundings,
        sharing: Sharing {
            bind: Some(SocketAddr::from(([127, 0, 0, 1], 0))),
            ..Sharing::default()
        },
    };
    if who == "locked" {
        return Ok(program.open()?);
    }
    Ok(program.open_signed_in(|| {
        let clinic = Clinic::open(home, homes::surroundings())?;
        let users = clinic.users()?;
        let owner = users.first().map_or(UserId::ZERO, |it| it.user);
        let passphrase = demo_passphrase(home).unwrap_or_default();
        clinic.sign_in(owner, &passphrase)
    })?)
}

pub(crate) fn measure(home: &Ready, table: &mut Table) -> Outcome<()> {
    let locked = starts("locked", home)?;
    let demo = starts("signed-in", home)?;
    for (name, times, part) in [
        ("first frame, locked: median", &locked.frames, 50),
        ("first frame, locked: slowest of 15", &locked.frames, 100),
        ("first frame, demo signed in: median", &demo.frames, 50),
        ("lock screen, from the start: median", &locked.screens, 50),
        ("list, from the start, signed in: median", &demo.screens, 50),
    ] {
        table.set(name, home.size, percentile(times, part));
    }
    let mut pty = Pty::start("signed-in", &home.path)?;
    pty.until("Find:")?;
    pty.quiet(SETTLED);
    keys(&mut pty, home.size, table)?;
    bytes(&mut pty, home.size, table)?;
    let memory = pty.memory();
    table.set("memory, most (VmHWM)", home.size, memory.most / 1e3);
    table.set("memory, at rest (VmRSS)", home.size, memory.now / 1e3);
    pty.quit()
}

/// The first frame of the usual demo.
pub(crate) fn demo(home: &Ready, table: &mut Table) -> Outcome<()> {
    let times = starts("signed-in", home)?;
    let name = "first frame, demo of 200 signed in: median";
    table.set(name, 0, percentile(&times.frames, 50));
    Ok(())
}

/// Milliseconds from the start of the program.
#[derive(Default)]
struct Starts {
    /// To the first frame.
    frames: Vec<f64>,
    /// To the screen with which work begins.
    screens: Vec<f64>,
}

fn starts(who: &str, home: &Ready) -> Outcome<Starts> {
    let mut times = Starts::default();
    let begun_with = if who == "locked" { CLINIC } else { "Find:" };
    for _ in 0..STARTS {
        let mut pty = Pty::start(who, &home.path)?;
        let frame = pty.frame()?;
        let since = frame.at.duration_since(pty.started());
        times.frames.push(since.as_secs_f64() * 1e3);
        pty.until(begun_with)?;
        times.screens.push(ms_since(pty.started()));
        pty.quiet(SETTLED);
        pty.quit()?;
    }
    Ok(times)
}

/// Types names and takes them back, at the pace of people, 10 to 90 ms between two keys.
fn keys(pty: &mut Pty, size: u32, table: &mut Table) -> Outcome<()> {
    let (mut times, mut lists) = (Vec::new(), Vec::new());
    let texts = TYPED.iter().cycle();
    for text in texts {
        let letters = text.bytes();
        let back = std::iter::repeat_n(BACKSPACE, text.len());
        for key in letters.chain(back) {
            let gap = 10 + (times.len() * 37) % 81;
            pty.wait(Duration::from_millis(u64::try_from(gap)?));
            let pressed = pty.press(&[key])?;
            let frame = pty.frame()?;
            times.push(frame.at.duration_since(pressed).as_secs_f64() * 1e3);
        }
        // The list that follows the last key of a name.
        pty.quiet(SETTLED);
        let pressed = pty.press(text.get(..1).unwrap_or("a").as_bytes())?;
        let frames = pty.quiet(SETTLED).0;
        let last = frames.last().map(|it| it.at.duration_since(pressed));
        lists.extend(last.map(|it| it.as_secs_f64() * 1e3));
        pty.press(&[BACKSPACE])?;
        pty.quiet(SETTLED);
        if times.len() >= KEYS_MIN {
            break;
        }
    }
    for (name, part) in [
        ("key to frame: p50", 50),
        ("key to frame: p95", 95),
        ("key to frame: p99", 99),
        ("key to frame: slowest", 100),
    ] {
        table.set(name, size, percentile(&times, part));
    }
    let samples = u32::try_from(times.len())?;
    table.set("key to frame: samples", size, f64::from(samples));
    table.set("key to list: p95", size, percentile(&lists, 95));
    Ok(())
}

fn bytes(pty: &mut Pty, size: u32, table: &mut Table) -> Outcome<()> {
    let typed = first_frames_of(pty, "okello g".bytes().map(|it| vec![it]))?;
    let name = "bytes of a typed character, in the search: most";
    table.set(name, size, percentile(&typed, 100));
    let moves = [DOWN, DOWN, DOWN, DOWN, DOWN, UP, UP, UP];
    let moves = all_frames_of(pty, moves.iter().map(|it| it.to_vec()))?;
    table.set(
        "bytes of a move of the selection: median",
        size,
        percentile(&moves, 50),
    );
    table.set(
        "bytes of a move of the selection: most",
        size,
        percentile(&moves, 100),
    );
    let whole = all_frames_of(pty, [REDRAW.to_vec()].into_iter())?;
    table.set("bytes of a whole screen", size, percentile(&whole, 100));
    let begun = super::machine::now();
    let mut idle = 0;
    while ms_since(begun) < IDLE.as_secs_f64() * 1e3 {
        let (frames, loose) = pty.quiet(Duration::from_millis(500));
        idle += loose + frames.iter().map(|it| it.bytes).sum::<usize>();
    }
    table.set(
        "bytes while idle for 10 s",
        size,
        f64::from(u32::try_from(idle)?),
    );
    pty.press(&[b'a'; 300])?;
    let burst = pty.quiet(Duration::from_secs(1)).0.len();
    table.set(
        "frames for a burst of 300 keys",
        size,
        f64::from(u32::try_from(burst)?),
    );
    pty.press(&[BACKSPACE; 320])?;
    pty.quiet(SETTLED);
    pty.press(NEW)?;
    pty.quiet(SETTLED);
    // What a run before this one typed was kept as a draft.
    pty.press(&[BACKSPACE; 80])?;
    pty.quiet(SETTLED);
    let written = first_frames_of(pty, WRITTEN.bytes().map(|it| vec![it]))?;
    let name = "bytes of a typed character, in a form: most";
    table.set(name, size, percentile(&written, 100));
    Ok(())
}

/// The bytes of the first frame after each key: what the key itself costs.
fn first_frames_of(
    pty: &mut Pty,
    keys: impl Iterator<Item = Vec<u8>>,
) -> Outcome<Vec<f64>> {
    let mut bytes = Vec::new();
    for key in keys {
        pty.press(&key)?;
        let frame = pty.frame()?;
        bytes.push(f64::from(u32::try_from(frame.bytes)?));
        pty.quiet(SETTLED);
    }
    Ok(bytes)
}

/// The bytes of all that follows each key.
fn all_frames_of(
    pty: &mut Pty,
    keys: impl Iterator<Item = Vec<u8>>,
) -> Outcome<Vec<f64>> {
    let mut bytes = Vec::new();
    for key in keys {
        pty.press(&key)?;
        let (frames, loose) = pty.quiet(SETTLED);
        let all = loose + frames.iter().map(|it| it.bytes).sum::<usize>();
        bytes.push(f64::from(u32::try_from(all)?));
    }
    Ok(bytes)
}
