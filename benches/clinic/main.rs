//! How fast the program is, and how much room it takes, with 1,000, 10,000 and 50,000
//! patients. Prints a table and writes it to `target/bench.json`.
//!
//! `just bench` measures all; `just bench --sizes 1000,200 --only find,save` a part of it;
//! `--fresh` makes the clinics anew, which are kept in `target/bench-homes` otherwise.

#![expect(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a bench speaks to who runs it"
)]

mod charts;
mod copy;
mod disk;
mod export;
mod finding;
mod homes;
mod import;
mod machine;
mod pty;
mod saving;
mod screens;
mod table;

use std::{env, error::Error, path::PathBuf, process::ExitCode};

use self::{homes::Ready, table::Table};

/// What a measurement gives: nothing is measured half.
type Outcome<T> = Result<T, Box<dyn Error>>;

/// What is measured when nothing is said.
const SIZES: [u32; 3] = [1_000, 10_000, 50_000];
/// What can be named behind `--only`.
const PARTS: [&str; 8] = [
    "find", "charts", "save", "sign-in", "screens", "copy", "import", "export",
];

/// What the command line asks for.
struct Asked {
    sizes: Vec<u32>,
    only: Vec<String>,
    fresh: bool,
}

fn main() -> ExitCode {
    let args: Vec<String> = env::args().skip(1).filter(|it| it != "--bench").collect();
    let words: Vec<&str> = args.iter().map(String::as_str).collect();
    let done = match words.as_slice() {
        ["--make", patients, home] => homes::make(patients, &PathBuf::from(home)),
        ["--export", long, home] => export::show(long, &PathBuf::from(home)),
        ["--screen", who, home] => screens::show(who, &PathBuf::from(home)),
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
        let mut asked = Self {
            sizes: SIZES.to_vec(),
            only: PARTS.map(str::to_owned).to_vec(),
            fresh: false,
        };
        let mut words = words.iter();
        while let Some(word) = words.next() {
            match *word {
                "--fresh" => asked.fresh = true,
                "--sizes" => {
                    let sizes = words.next().ok_or("--sizes needs numbers")?.split(',');
                    asked.sizes = sizes.map(str::parse).collect::<Result<_, _>>()?;
                }
                "--only" => {
                    let parts = words.next().ok_or("--only needs names")?.split(',');
                    asked.only = parts.map(str::to_owned).collect();
                    if let Some(it) = asked.only.iter().find(|it| !is_part(it)) {
                        return Err(format!("nothing is called {it}: {PARTS:?}").into());
                    }
                }
                other => return Err(format!("what is {other}?").into()),
            }
        }
        Ok(asked)
    }

    fn wants(&self, part: &str) -> bool {
        self.only.iter().any(|it| it == part)
    }
}

fn is_part(name: &str) -> bool {
    PARTS.contains(&name)
}

fn measure(asked: &Asked) -> Outcome<()> {
    let mut table = Table::begin();
    for size in asked.sizes.iter().copied() {
        let home = homes::ready(size, asked.fresh)?;
        home.tell(&mut table);
        measure_one(asked, &home, &mut table)?;
    }
    if asked.wants("screens") {
        let demo = homes::ready(homes::DEMO_PATIENTS, asked.fresh)?;
        demo.tell_making(&mut table);
        screens::demo(&demo, &mut table)?;
    }
    if asked.wants("import") {
        import::measure(&mut table)?;
    }
    table.print();
    table.write()
}

fn measure_one(asked: &Asked, home: &Ready, table: &mut Table) -> Outcome<()> {
    eprintln!("measuring {} patients", home.size);
    if ["find", "charts", "save", "sign-in"]
        .iter()
        .any(|it| asked.wants(it))
    {
        let clinic = home.open(table)?;
        if asked.wants("sign-in") {
            home.sign_ins(&clinic, table)?;
        }
        let mut session = home.sign_in(&clinic)?;
        if asked.wants("find") {
            finding::measure(&session, home.size, table)?;
        }
        if asked.wants("charts") {
            charts::measure(&mut session, home, table)?;
        }
        if asked.wants("save") {
            saving::measure(&mut session, home, table)?;
        }
        session.sign_out()?;
    }
    if asked.wants("screens") {
        screens::measure(home, table)?;
    }
    if asked.wants("export") {
        export::measure(home, table)?;
    }
    if asked.wants("copy") {
        copy::measure(home, table)?;
    }
    Ok(())
}
