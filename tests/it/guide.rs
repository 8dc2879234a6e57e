//! The guide to the command line, run as it stands: every example does what it says.
//! `CAIRN_BLESS=1` writes into it what the commands say.

#![cfg(unix)]

use std::{
    fs,
    io::{BufRead as _, BufReader, Lines, Write as _},
    path::Path,
    process::{Child, ChildStdin, ChildStdout, Command, Stdio},
};

use tempfile::TempDir;

use crate::docs_fresh;

const GUIDE: &str = "docs/guide/command-line.md";
/// The number of the patient in the guide; each clinic gives its own.
const NUMBER: &str = "N4NJ-0001-3";
/// The day in the guide.
const DAY: &str = "2026-11-22";
/// Stands in the guide for what is different each time.
const ANYTHING: char = '…';
/// What the shell says when a command is over.
const OVER: &str = "@@@@";

/// A shell in a folder of its own.
pub(crate) struct Shell {
    _folder: TempDir,
    child: Child,
    stdin: Option<ChildStdin>,
    lines: Lines<BufReader<ChildStdout>>,
    number: String,
    day: String,
}

impl Shell {
    pub(crate) fn new() -> Self {
        let folder = TempDir::new().unwrap();
        let binary = Path::new(env!("CARGO_BIN_EXE_cairn"));
        let mut path = binary.parent().unwrap().as_os_str().to_owned();
        path.push(":");
        path.push(std::env::var_os("PATH").unwrap());
        let mut child = Command::new("sh")
            .current_dir(folder.path())
            .env("PATH", path)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let stdin = child.stdin.take();
        let lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let mut shell = Self {
            _folder: folder,
            child,
            stdin,
            lines,
            number: NUMBER.to_owned(),
            day: DAY.to_owned(),
        };
        // It leaves what the last command ended with as it is.
        shell.run(&format!(
            "exec 2>&1; over() {{ ended=$?; echo {OVER}; return $ended; }}; \
             trap 'kill $! 2> /dev/null' EXIT"
        ));
        shell.day = shell.run("date +%F").concat();
        shell
    }

    /// Runs a command of the guide; gives what it says, in the words of the guide.
    pub(crate) fn run(&mut self, command: &str) -> Vec<String> {
        let command = command.replace(NUMBER, &self.number);
        let stdin = self.stdin.as_mut().unwrap();
        writeln!(stdin, "{command}\nover").unwrap();
        let lines = self.lines.by_ref().map(Result::unwrap);
        let said: Vec<String> = lines.take_while(|it| it != OVER).collect();
        if let Some(number) = said.iter().find_map(|it| it.strip_prefix("registered as "))
        {
            number.clone_into(&mut self.number);
        }
        let in_guide =
            |it: String| it.replace(&self.number, NUMBER).replace(&self.day, DAY);
        said.into_iter().map(in_guide).collect()
    }
}

impl Drop for Shell {
    fn drop(&mut self) {
        drop(self.stdin.take());
        // A shell that has ended already cannot be waited for again.
        drop(self.child.wait());
    }
}

/// Whether a line of the guide, with something for each `…`, is what was said.
fn fits(guide: &str, said: &str) -> bool {
    let mut pieces = guide.split(ANYTHING);
    let Some(mut rest) = pieces.next().and_then(|it| said.strip_prefix(it)) else {
        return false;
    };
    let pieces: Vec<&str> = pieces.collect();
    let Some((last, between)) = pieces.split_last() else {
        return rest.is_empty();
    };
    for piece in between {
        let Some((_, after)) = rest.split_once(piece) else {
            return false;
        };
        rest = after;
    }
    rest.ends_with(last)
}

/// The guide with what its commands say now.
fn fresh(guide: &str) -> String {
    let mut shell = Shell::new();
    let mut fresh = String::new();
    let mut lines = guide.lines().peekable();
    let mut is_example = false;
    while let Some(line) = lines.next() {
        fresh.push_str(line);
        fresh.push('\n');
        if line.starts_with("```") {
            is_example = line == "```console";
        }
        let Some(command) = line.strip_prefix("$ ").filter(|_| is_example) else {
            continue;
        };
        let is_said = |it: &&str| !it.starts_with("$ ") && !it.starts_with("```");
        let mut expected = Vec::new();
        while let Some(line) = lines.next_if(|it| is_said(it)) {
            expected.push(line);
        }
        for (at, said) in shell.run(command).into_iter().enumerate() {
            let kept = expected.get(at).filter(|it| fits(it, &said));
            fresh.push_str(kept.unwrap_or(&said.as_str()));
            fresh.push('\n');
        }
    }
    fresh
}

#[test]
fn the_guide_to_the_command_line_does_what_it_says() {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join(GUIDE);
    let guide = fs::read_to_string(file).unwrap().replace("\r\n", "\n");
    docs_fresh::check(GUIDE, &fresh(&guide));
}

#[test]
fn a_line_with_a_gap_fits_anything_there_and_nothing_else() {
    for (said, expected) in [
        ("made in /tmp/x today", true),
        ("made in  today", true),
        ("made in /tmp/x", false),
        ("was made in /tmp/x today", false),
    ] {
        assert_eq!(fits("made in … today", said), expected, "{said}");
    }
    assert!(fits("a…b…c", "a1b2c") && !fits("a…b…c", "a1c") && !fits("ab", "abc"));
}
