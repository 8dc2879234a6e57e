//! Machines on networks of their own, made of namespaces: found by mDNS alone, reached over
//! a relay alone, and cut off in between. Without root they say so and do nothing.

use std::{
    io::{BufRead as _, BufReader, Read as _, Write as _},
    net::SocketAddr,
    path::Path,
    process::{Child, Command, Stdio},
};

use cairn::{clinic::Clinic, ledger::Lane};
use iroh_relay::server::{RelayConfig, Server, ServerConfig};
use serde_json::Value;

use crate::{
    command::{Home, Ran},
    devices::around,
};

/// Says to the test that stands in for a relay where it listens.
const RELAY_AT: &str = "CAIRN_TEST_RELAY_AT";
const RELAY: &str = "10.78.0.1:3340";

/// Networks of this process, taken down at the end.
struct Links {
    names: Vec<String>,
}

fn ip(args: &str) -> bool {
    let mut command = Command::new("ip");
    command.args(args.split(' ')).stderr(Stdio::null());
    command.status().is_ok_and(|it| it.success())
}

impl Links {
    /// So many namespaces; none where this user may not make them.
    fn new(test: &str, count: usize) -> Option<Self> {
        let pid = std::process::id();
        let mut links = Self { names: Vec::new() };
        for number in 0..count {
            let name = format!("cairn{pid}{test}{number}");
            if !ip(&format!("netns add {name}")) {
                println!("skipped: no network namespaces for this user");
                return None;
            }
            links.names.push(name);
            assert!(links.ip(number, "link set lo up"));
        }
        Some(links)
    }

    fn ip(&self, number: usize, args: &str) -> bool {
        ip(&format!("-n {} {args}", self.names[number]))
    }

    /// A cable between two of them, each with its address.
    fn cable(&self, ends: [(usize, &str); 2]) {
        let [(one, _), (other, _)] = ends;
        let (near, far) = (format!("v{other}"), format!("v{one}"));
        assert!(self.ip(
            one,
            &format!(
                "link add {near} type veth peer name {far} netns {}",
                self.names[other]
            )
        ));
        for ((number, addr), link) in ends.into_iter().zip([near, far]) {
            assert!(self.ip(number, &format!("addr add {addr} dev {link}")));
            assert!(self.ip(number, &format!("link set {link} up")));
        }
    }

    /// The binary in one of them.
    fn command(
        &self,
        number: usize,
        (home, at): (&Home, &Path),
        args: &[&str],
    ) -> Command {
        let inner = home.command("Okot", args);
        let mut command = Command::new("ip");
        command
            .args(["netns", "exec", &self.names[number]])
            .arg(inner.get_program())
            .args(args)
            .envs(inner.get_envs().filter_map(|(key, it)| Some((key, it?))))
            .env("CAIRN_HOME", at)
            .stdin(Stdio::null());
        command
    }
}

impl Drop for Links {
    fn drop(&mut self) {
        for name in &self.names {
            ip(&format!("netns del {name}"));
        }
    }
}

/// A child that ends with the test.
struct Running(Child);

impl Running {
    /// What it says first.
    fn begun(mut command: Command) -> (Self, String) {
        let mut child = command.stdout(Stdio::piped()).spawn().unwrap();
        let mut out = BufReader::new(child.stdout.take().unwrap());
        let mut line = String::new();
        while !line.starts_with('{') {
            line.clear();
            assert!(out.read_line(&mut line).unwrap() > 0, "it said nothing");
        }
        (Self(child), line)
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.0.kill().unwrap_or_default();
        self.0.wait().unwrap();
    }
}

fn synced(mut command: Command) -> Value {
    let ran = Ran::of(command.output().unwrap());
    assert_eq!(ran.code, Some(0), "{}{}", ran.out, ran.err);
    let document = ran.document();
    document["peers"][0].clone()
}

#[test]
fn two_machines_on_one_network_find_each_other_without_being_told() {
    let Some(links) = Links::new("m", 2) else {
        return;
    };
    links.cable([(0, "10.77.0.1/24"), (1, "10.77.0.2/24")]);
    for (number, link) in [(0, "v1"), (1, "v0")] {
        // As the router of a real network would say.
        assert!(links.ip(number, &format!("route add default dev {link}")));
    }
    let home = Home::new();
    let (_folder, b) = crate::command_sync::joined(&home, false);
    let a = home.path();
    let (_serving, _ready) = Running::begun(links.command(0, (&home, &a), &["serve"]));
    let args = ["sync", "--json", "--timeout", "20"];
    let peer = synced(links.command(1, (&home, &b), &args));
    assert_eq!(peer["state"], "in_step", "{peer}");
    // Both may dial at once, and either connection may have carried it.
    let held = Clinic::open(&b, around(1)).unwrap().frontier().unwrap();
    let came = held.keys().any(|(_, lane)| *lane != Lane::Membership);
    assert!(came, "nothing came: {peer}");

    // The cable is pulled, and put in again.
    assert!(links.ip(1, "link set v0 down"));
    let args = ["sync", "--json", "--timeout", "3"];
    let cut = Ran::of(links.command(1, (&home, &b), &args).output().unwrap());
    assert_eq!(cut.code, Some(6), "{}{}", cut.out, cut.err);
    assert!(links.ip(1, "link set v0 up"));
    assert!(links.ip(1, "route add default dev v0"));
    let args = ["sync", "--json", "--timeout", "20"];
    let peer = synced(links.command(1, (&home, &b), &args));
    assert_eq!(peer["state"], "in_step", "{peer}");
}

#[test]
fn two_machines_that_cannot_reach_each_other_meet_at_their_own_relay() {
    let Some(links) = Links::new("r", 3) else {
        return;
    };
    links.cable([(2, "10.78.1.1/24"), (0, "10.78.1.2/24")]);
    links.cable([(2, "10.78.2.1/24"), (1, "10.78.2.2/24")]);
    assert!(links.ip(2, "addr add 10.78.0.1/32 dev lo"));
    assert!(links.ip(0, "route add 10.78.0.1/32 via 10.78.1.1"));
    assert!(links.ip(1, "route add 10.78.0.1/32 via 10.78.2.1"));
    let mut relay = Command::new("ip");
    relay
        .args(["netns", "exec", &links.names[2]])
        .arg(std::env::current_exe().unwrap())
        .args([
            "--exact",
            "net_links::a_relay_for_the_test_beside",
            "--nocapture",
        ])
        .env(RELAY_AT, RELAY)
        .stdin(Stdio::piped());
    let (_relay, _ready) = Running::begun(relay);

    let home = Home::new();
    let (_folder, b) = crate::command_sync::joined(&home, false);
    let a = home.path();
    let url = format!("http://{RELAY}");
    let serve = ["serve", "--no-mdns", "--relay", &url];
    let (_serving, _ready) = Running::begun(links.command(0, (&home, &a), &serve));
    let args = [
        "sync",
        "--json",
        "--no-mdns",
        "--timeout",
        "30",
        "--relay",
        &url,
    ];
    let peer = synced(links.command(1, (&home, &b), &args));
    assert_eq!(peer["state"], "in_step", "{peer}");
    // Both may dial at once, and either connection may have carried it.
    let held = Clinic::open(&b, around(1)).unwrap().frontier().unwrap();
    let came = held.keys().any(|(_, lane)| *lane != Lane::Membership);
    assert!(came, "nothing came: {peer}");
}

/// Stands in for a relay when the test above starts it in a namespace of its own; otherwise
/// there is nothing to do.
#[test]
fn a_relay_for_the_test_beside() {
    let Some(at) = std::env::var_os(RELAY_AT) else {
        return;
    };
    let at: SocketAddr = at.to_str().unwrap().parse().unwrap();
    tokio::runtime::Runtime::new().unwrap().block_on(async {
        let mut config = ServerConfig::default();
        config.relay = Some(RelayConfig::new(at));
        let server = Server::spawn(config).await.unwrap();
        let mut out = std::io::stdout();
        writeln!(out, "\n{{}}").and_then(|()| out.flush()).unwrap();
        let ended =
            tokio::task::spawn_blocking(|| std::io::stdin().read_to_end(&mut Vec::new()));
        ended.await.unwrap().unwrap();
        drop(server);
    });
}
