//! Cairn's exchange between two machines beside `PouchDB`'s and automerge-repo's: the same
//! generated clinic, the same links, one run. Prints a table and writes it to
//! `target/bench-sync.json`.
//!
//! `cargo bench --bench sync -- --patients 10000 --peers FOLDER` measures all; `--only
//! cairn,pouch`, `--links lo,2g` and `--work FOLDER` a part of it. FOLDER holds the peers'
//! programs with their packages installed, their generator of the clinic, which Cairn is
//! measured with too, and the link emulator. Links other than `lo` need root.

#![expect(
    clippy::print_stdout,
    clippy::print_stderr,
    clippy::indexing_slicing,
    reason = "a bench speaks to who runs it, and fails loudly"
)]

mod account;
mod homes;
mod peers;
mod run;
mod table;
mod workload;

use std::{env, error::Error, path::PathBuf, process::ExitCode};

use self::{table::Table, workload::Workload};

/// What a measurement gives: nothing is measured half.
type Outcome<T> = Result<T, Box<dyn Error>>;

/// What the command line asks for.
struct Asked {
    patients: u32,
    visits: u32,
    peers: PathBuf,
    work: PathBuf,
    only: Vec<String>,
    links: Vec<String>,
}

fn main() -> ExitCode {
    let args: Vec<String> = env::args().skip(1).filter(|it| it != "--bench").collect();
    let words: Vec<&str> = args.iter().map(String::as_str).collect();
    let done = match words.as_slice() {
        ["load", base, root] => homes::load(&PathBuf::from(base), &PathBuf::from(root)),
        ["write", delta, root] => {
            homes::write(&PathBuf::from(delta), &PathBuf::from(root))
        }
        ["check", root, edits @ ..] => homes::check(&PathBuf::from(root), edits),
        _ => Asked::read(&words).and_then(|asked| measure(&asked)),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

impl Asked {
    fn read(words: &[&str]) -> Outcome<Self> {
        let here = PathBuf::from(env!("CARGO_MANIFEST_DIR"));
        let shared =
            env::var_os("CAIRN_SHARED").map_or(here.join("../shared"), Into::into);
        let mut asked = Self {
            patients: 10_000,
            visits: 5,
            peers: shared.join("peers"),
            work: here.join("target/bench-sync"),
            only: ["cairn", "pouch"].map(str::to_owned).to_vec(),
            links: ["lo", "2g", "3g", "lan"].map(str::to_owned).to_vec(),
        };
        let mut words = words.iter();
        while let Some(word) = words.next() {
            let value = words
                .next()
                .ok_or_else(|| format!("{word} needs a value"))?;
            let list = || value.split(',').map(str::to_owned).collect();
            match *word {
                "--patients" => asked.patients = value.parse()?,
                "--visits" => asked.visits = value.parse()?,
                "--peers" => asked.peers = value.into(),
                "--work" => asked.work = value.into(),
                "--only" => asked.only = list(),
                "--links" => asked.links = list(),
                _ => return Err(format!("{word} is not known").into()),
            }
        }
        Ok(asked)
    }

    fn measures(&self, what: &str) -> bool {
        self.only.iter().any(|it| it == what)
    }
}

fn measure(asked: &Asked) -> Outcome<()> {
    let mut table = Table::default();
    let workload = Workload::make(asked)?;
    workload.tell(&mut table)?;
    if asked.measures("cairn") || asked.measures("account") {
        account::tell(asked, &workload, &mut table)?;
    }
    if asked.measures("cairn") {
        run::measure(asked, &workload, &mut table)?;
    }
    for peer in ["pouch", "automerge"] {
        if asked.measures(peer) {
            peers::measure(peer, asked, &mut table)?;
        }
    }
    table.compare();
    println!("{table}");
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("target");
    std::fs::create_dir_all(&folder)?;
    let path = folder.join("bench-sync.json");
    std::fs::write(&path, serde_json::to_vec_pretty(&table.json())?)?;
    println!("written to {}", path.display());
    Ok(())
}
