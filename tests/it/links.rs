//! Networks of a test's own, made of namespaces, with cables between them and a relay on one.
//! Without root they say so and the test does nothing.

use std::{
    io::{BufRead as _, BufReader, Read as _, Write as _},
    net::SocketAddr,
    process::{Child, ChildStdout, Command, Stdio},
};

use iroh_relay::server::{RelayConfig, Server, ServerConfig};

/// Says to the test that stands in for a relay where it listens.
const RELAY_AT: &str = "CAIRN_TEST_RELAY_AT";
/// Where it does.
const RELAY: &str = "10.78.0.1:3340";

/// Networks of this process, taken down at the end.
pub(crate) struct Links {
    names: Vec<String>,
}

fn ip(args: &str) -> bool {
    let mut command = Command::new("ip");
    command.args(args.split(' ')).stderr(Stdio::null());
    command.status().is_ok_and(|it| it.success())
}

impl Links {
    /// So many namespaces; none where this user may not make them.
    pub(crate) fn new(test: &str, count: usize) -> Option<Self> {
        let pid = std::process::id();
        let mut links = Self { names: Vec::new() };
        for number in 0..count {
            let name = format!("cairn{pid}{test}{number}");
            if !ip(&format!("netns add {name}")) {
                println!("skipped: no network namespaces");
                return None;
            }
            links.names.push(name);
            links.ip(number, "link set lo up");
        }
        Some(links)
    }

    #[track_caller]
    pub(crate) fn ip(&self, number: usize, args: &str) {
        assert!(ip(&format!("-n {} {args}", self.names[number])), "{args}");
    }

    /// Whether a machine knows a way to an address.
    pub(crate) fn has_way(&self, number: usize, addr: &str) -> bool {
        ip(&format!("-n {} route get {addr}", self.names[number]))
    }

    /// A cable between two of them, each with its address.
    pub(crate) fn cable(&self, ends: [(usize, &str); 2]) {
        let [(one, _), (other, _)] = ends;
        let (near, far) = (format!("v{other}"), format!("v{one}"));
        let to = &self.names[other];
        self.ip(
            one,
            &format!("link add {near} type veth peer name {far} netns {to}"),
        );
        for ((number, addr), link) in ends.into_iter().zip([near, far]) {
            self.ip(number, &format!("addr add {addr} dev {link}"));
            self.ip(number, &format!("link set {link} up"));
        }
    }

    /// A program in one of them.
    pub(crate) fn within(&self, number: usize, inner: &Command) -> Command {
        let mut command = Command::new("ip");
        command
            .args(["netns", "exec", &self.names[number]])
            .arg(inner.get_program())
            .args(inner.get_args())
            .envs(inner.get_envs().filter_map(|(key, it)| Some((key, it?))))
            .stdin(Stdio::null());
        command
    }

    /// A relay on the third, to which the first two have a way and no further.
    pub(crate) fn relay(&self) -> (Running, String) {
        self.cable([(2, "10.78.1.1/24"), (0, "10.78.1.2/24")]);
        self.cable([(2, "10.78.2.1/24"), (1, "10.78.2.2/24")]);
        self.ip(2, "addr add 10.78.0.1/32 dev lo");
        self.ip(0, "route add 10.78.0.1/32 via 10.78.1.1");
        self.ip(1, "route add 10.78.0.1/32 via 10.78.2.1");
        assert!(!self.has_way(0, "10.78.2.2") && !self.has_way(1, "10.78.1.2"));
        let mut relay = Command::new(std::env::current_exe().unwrap());
        relay
            .args(["--exact", "links::a_relay_for_the_tests_that_start_one"])
            .arg("--nocapture")
            .env(RELAY_AT, RELAY);
        let mut relay = self.within(2, &relay);
        relay.stdin(Stdio::piped());
        (Running::begun(relay).0, format!("http://{RELAY}"))
    }
}

impl Drop for Links {
    fn drop(&mut self) {
        for name in &self.names {
            ip(&format!("netns del {name}"));
        }
    }
}

/// A child that ends with the test, and what it goes on to say.
pub(crate) struct Running(Child, BufReader<ChildStdout>);

impl Running {
    /// What it says first.
    pub(crate) fn begun(mut command: Command) -> (Self, String) {
        let mut child = command.stdout(Stdio::piped()).spawn().unwrap();
        let out = BufReader::new(child.stdout.take().unwrap());
        let mut running = Self(child, out);
        let mut line = String::new();
        while !line.starts_with('{') {
            line.clear();
            let read = running.1.read_line(&mut line).unwrap();
            assert!(read > 0, "it said nothing");
        }
        (running, line)
    }

    /// Waits until it ends by itself; its exit code.
    pub(crate) fn ended(mut self) -> Option<i32> {
        self.0.wait().unwrap().code()
    }

    /// Ends it by a signal; its exit code.
    pub(crate) fn ended_by(self, signal: &str) -> Option<i32> {
        let pid = self.0.id().to_string();
        let told = Command::new("kill").args([signal, &pid]).status();
        assert!(told.unwrap().success());
        self.ended()
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.0.kill().unwrap_or_default();
        self.0.wait().unwrap();
    }
}

/// Stands in for a relay when a test starts it in a namespace of its own; otherwise there is
/// nothing to do.
#[test]
fn a_relay_for_the_tests_that_start_one() {
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
