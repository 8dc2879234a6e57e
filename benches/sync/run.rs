//! Cairn, measured as a person uses it: the real program, `serve` on one machine and `sync` on
//! the other.

use std::{
    fs,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    thread,
    time::{Duration, Instant},
};

use serde_json::Value as Json;

use super::{
    Asked, Outcome,
    homes::{PASSPHRASE_FILE, USER, home},
    table::Table,
    workload::Workload,
};

const PROGRAM: &str = env!("CARGO_BIN_EXE_cairn");
const PORT: u16 = 21_500;
/// The longest that one meeting may take.
const LONGEST_S: &str = "900";
const LOOK_EVERY: Duration = Duration::from_millis(10);

/// What one meeting of two machines took.
pub(crate) struct Meeting {
    seconds: f64,
    /// The same with the start of the program, the handshake and the good-byes; on links.
    whole: f64,
    /// Bytes on the wire: on loopback those of the connection, on other links whole packets.
    bytes: f64,
    /// Bytes of the datagrams of the connection, until it is made and from then on, both
    /// ways.
    handshake: f64,
    after: f64,
    round_trips: f64,
    /// Until somebody can search on the machine that connected.
    searchable: f64,
    memory_mib: [f64; 2],
}

#[expect(
    clippy::disallowed_methods,
    reason = "a bench measures with the machine's clock"
)]
fn now() -> Instant {
    Instant::now()
}

pub(crate) fn measure(
    asked: &Asked,
    workload: &Workload,
    table: &mut Table,
) -> Outcome<()> {
    let root = asked
        .work
        .join(format!("cairn-{}-{}", asked.patients, asked.visits));
    let full = root.join("full");
    if !full.join("b").exists() {
        eprintln!("cairn: making a clinic of {} patients", asked.patients);
        let begun = now();
        this(&["load", path(&workload.base)?, path(&full)?])?;
        table.put("cairn", "load s", begun.elapsed().as_secs_f64());
    }
    let synced = root.join("synced");
    fresh(&full, &synced)?;
    eprintln!("cairn: first copy");
    let first = meet(asked, &synced, "lo", true)?;
    first.put(table, "w1 first copy", "lo");
    table.put("cairn", "w1 first copy: searchable s, lo", first.searchable);
    // Both sides say at once what they did meanwhile, so that the rest measures nothing else.
    meet(asked, &synced, "lo", false)?;
    table.put("cairn", "disk MB, a", disk(&home(&synced, "a"))? / 1e6);
    table.put("cairn", "disk MB, b", disk(&home(&synced, "b"))? / 1e6);

    let apart = root.join("apart");
    fresh(&synced, &apart)?;
    for (machine, delta) in ["a", "b"].iter().zip(&workload.delta) {
        this(&["write", path(delta)?, path(&home(&apart, machine))?])?;
    }
    for link in &asked.links {
        eprintln!("cairn: {link}");
        let work = root.join("work");
        fresh(&apart, &work)?;
        meet(asked, &work, link, false)?.put(table, "w2 a day apart", link);
        fresh(&synced, &work)?;
        meet(asked, &work, link, false)?.put(table, "w3 nothing new", link);
    }

    let work = root.join("work");
    fresh(&synced, &work)?;
    for (machine, edits) in ["a", "b"].iter().zip(&workload.edits) {
        this(&["write", path(edits)?, path(&home(&work, machine))?])?;
    }
    meet(asked, &work, "lo", false)?;
    for machine in ["a", "b"] {
        let home = home(&work, machine);
        let [one, two] = &workload.edits;
        let seen = this(&["check", path(&home)?, path(one)?, path(two)?])?;
        let name = format!("w4 visible of {} on {machine}", seen["edits"]);
        table.put("cairn", &name, seen["visible"].as_f64().unwrap_or(f64::NAN));
    }
    fs::remove_dir_all(root.join("work"))?;
    Ok(())
}

impl Meeting {
    fn put(&self, table: &mut Table, what: &str, link: &str) {
        table.put("cairn", &format!("{what}: s, {link}"), self.seconds);
        table.put("cairn", &format!("{what}: bytes, {link}"), self.bytes);
        let mut put = |name, value| {
            table.put("cairn", &format!("{what}: {name}, {link}"), value);
        };
        put("s of the whole command", self.whole);
        put("handshake bytes", self.handshake);
        put("bytes after the handshake", self.after);
        put("round trips", self.round_trips);
        let most = self.memory_mib[0].max(self.memory_mib[1]);
        table.put("cairn", &format!("{what}: MiB, {link}"), most);
    }
}

/// Runs another job of this bench, in a process of its own.
fn this(args: &[&str]) -> Outcome<Json> {
    let ran = Command::new(std::env::current_exe()?).args(args).output()?;
    if !ran.status.success() {
        return Err(String::from_utf8_lossy(&ran.stderr).into());
    }
    Ok(last_json(&ran.stdout))
}

/// A copy of both machines, as they are on the disk.
fn fresh(from: &Path, to: &Path) -> Outcome<()> {
    if to.exists() {
        fs::remove_dir_all(to)?;
    }
    let copied = Command::new("cp").arg("-a").arg(from).arg(to).status()?;
    copied
        .success()
        .then_some(())
        .ok_or_else(|| "cp failed".into())
}

/// Lets `b` connect to `a` over a link; then somebody searches on `b`, if asked.
fn meet(asked: &Asked, root: &Path, link: &str, searches: bool) -> Outcome<Meeting> {
    let begun = now();
    let mut meeting = if link == "lo" {
        on_loopback(root)?
    } else {
        on_link(asked, root, link)?
    };
    if searches {
        let mut find = Command::new(PROGRAM);
        find.args(["patient", "find", "okelo", "--json", "--user", USER]);
        find.arg("--passphrase-file")
            .arg(root.join(PASSPHRASE_FILE));
        let found = find.arg("--home").arg(home(root, "b")).output()?;
        let found = last_json(&found.stdout);
        let count = found["matches"].as_array().map_or(0, Vec::len);
        if count == 0 {
            return Err("nobody is found after the first copy".into());
        }
        meeting.searchable = begun.elapsed().as_secs_f64();
    }
    Ok(meeting)
}

fn serve(root: &Path, bind: &str, ready: &Path) -> String {
    format!(
        "exec {PROGRAM} serve --home {} --no-mdns --bind {bind} --ready-file {}",
        home(root, "a").display(),
        ready.display()
    )
}

fn sync(root: &Path, addr: &str, ready: &Path) -> String {
    format!(
        "while [ ! -s {} ]; do sleep 0.01; done; exec {PROGRAM} sync --json --once \
         --no-mdns --timeout {LONGEST_S} --home {} --bind {} --addr {addr}",
        ready.display(),
        home(root, "b").display(),
        if addr.starts_with("127") {
            "127.0.0.1:0"
        } else {
            "$LINK_SELF:0"
        },
    )
}

fn on_loopback(root: &Path) -> Outcome<Meeting> {
    let ready = ready_file(root)?;
    let addr = format!("127.0.0.1:{PORT}");
    let mut server = shell(&serve(root, &addr, &ready))
        .stdout(Stdio::null())
        .spawn()?;
    let server_id = server.id();
    while !ready.exists() {
        thread_sleep();
    }
    let client = shell(&sync(root, &addr, &ready))
        .stdout(Stdio::piped())
        .spawn()?;
    let client_id = client.id();
    let watch = thread::spawn(move || watch(client_id));
    let ran = client.wait_with_output()?;
    let client_mib = watch.join().unwrap_or(f64::NAN);
    let server_mib = most_mib(server_id).unwrap_or(f64::NAN);
    end(&mut server)?;
    let told = last_json(&ran.stdout);
    if !ran.status.success() {
        return Err(format!("sync failed: {told}").into());
    }
    Meeting::of(&told, None, [server_mib, client_mib])
}

fn on_link(asked: &Asked, root: &Path, link: &str) -> Outcome<Meeting> {
    let ready = ready_file(root)?;
    let mut emulator = Command::new("python3");
    emulator.arg(asked.peers.join("linkemu.py"));
    emulator.args([
        "--profile",
        link,
        "--timeout",
        LONGEST_S,
        "--grace",
        "20",
        "--",
    ]);
    emulator.args([
        "sh",
        "-c",
        &serve(root, &format!("$LINK_SELF:{PORT}"), &ready),
    ]);
    emulator.args([
        ":::",
        "sh",
        "-c",
        &sync(root, &format!("$LINK_PEER:{PORT}"), &ready),
    ]);
    let ran = emulator.stderr(Stdio::null()).output()?;
    let told = last_json(&ran.stdout);
    let bytes =
        ["a_to_b", "b_to_a"].map(|it| told[it]["bytes"].as_f64().unwrap_or(f64::NAN));
    let meeting = Meeting::of(&told["b"], Some(bytes.iter().sum()), [f64::NAN; 2])?;
    Ok(Meeting {
        whole: told["seconds_b"].as_f64().unwrap_or(f64::NAN),
        ..meeting
    })
}

impl Meeting {
    fn of(told: &Json, bytes: Option<f64>, memory_mib: [f64; 2]) -> Outcome<Self> {
        let met = &told["peers"][0];
        let number = |name: &str| met[name].as_f64().unwrap_or(f64::NAN);
        let seconds = met["seconds"]
            .as_f64()
            .ok_or_else(|| format!("not met: {told}"))?;
        let datagrams = number("bytes_in") + number("bytes_out");
        let handshake = number("handshake_bytes_in") + number("handshake_bytes_out");
        Ok(Self {
            seconds,
            whole: f64::NAN,
            bytes: bytes.unwrap_or(datagrams),
            handshake,
            after: datagrams - handshake,
            round_trips: number("round_trips"),
            searchable: f64::NAN,
            memory_mib,
        })
    }
}

fn ready_file(root: &Path) -> Outcome<PathBuf> {
    let ready = root.join("ready");
    if ready.exists() {
        fs::remove_file(&ready)?;
    }
    Ok(ready)
}

fn shell(line: &str) -> Command {
    let mut command = Command::new("sh");
    command.arg("-c").arg(line);
    command
}

fn end(server: &mut Child) -> Outcome<()> {
    Command::new("kill").arg(server.id().to_string()).status()?;
    server.wait()?;
    Ok(())
}

/// The most memory that a process had by the time it ended.
fn watch(id: u32) -> f64 {
    let mut most = f64::NAN;
    while let Some(now) = most_mib(id) {
        most = now;
        thread_sleep();
    }
    most
}

fn most_mib(id: u32) -> Option<f64> {
    let status = fs::read_to_string(format!("/proc/{id}/status")).ok()?;
    let line = status.lines().find_map(|it| it.strip_prefix("VmHWM:"))?;
    let kb: f64 = line.split_whitespace().next()?.parse().ok()?;
    Some(kb / 1024.0)
}

#[expect(clippy::disallowed_methods, reason = "other processes are waited for")]
fn thread_sleep() {
    thread::sleep(LOOK_EVERY);
}

fn disk(home: &Path) -> Outcome<f64> {
    let mut bytes = 0.0;
    for name in ["ledger.redb", "cache.redb"] {
        let len = fs::metadata(home.join(name))?.len();
        bytes += f64::from(u32::try_from(len / 1024)?) * 1024.0;
    }
    Ok(bytes)
}

fn path(path: &Path) -> Outcome<&str> {
    path.to_str().ok_or_else(|| "a path is not text".into())
}

/// The last line of JSON that a program printed.
pub(crate) fn last_json(printed: &[u8]) -> Json {
    let text = String::from_utf8_lossy(printed);
    let mut lines = text.lines().rev().filter(|it| it.starts_with('{'));
    lines
        .next()
        .and_then(|it| serde_json::from_str(it).ok())
        .unwrap_or_default()
}
