//! What leaves the program: results on stdout, everything else on stderr, and nothing that a
//! terminal could take for a command.

use std::{
    fmt::Write as _,
    io::{self, IsTerminal as _, Write as _},
    process::ExitCode,
};

use serde_json::Value;

use super::{
    Global,
    failure::{Failure, Kind},
};
use crate::text::{Shown, is_invisible};

/// The cells of a line of progress: every terminal has so many.
const PROGRESS_CELLS: usize = 78;

/// Where a command writes.
#[derive(Debug, Clone, Copy)]
pub(super) struct Output {
    json: bool,
    quiet: bool,
    verbose: bool,
}

impl Output {
    pub(super) const fn new(global: &Global) -> Self {
        Self {
            json: global.json,
            quiet: global.quiet,
            verbose: global.verbose > 0,
        }
    }

    pub(super) const fn is_json(self) -> bool {
        self.json
    }

    /// The result: the document with `--json`, the lines otherwise.
    pub(super) fn result(
        self,
        document: &Value,
        lines: &[String],
    ) -> Result<(), Failure> {
        if self.json {
            return print(document);
        }
        let mut out = io::stdout().lock();
        let shown = lines.iter().flat_map(|it| Shown::lines(it));
        let mut shown = shown.map(|line| writeln!(out, "{}", line.as_str().trim_end()));
        let written = shown.try_for_each(|it| it);
        arrived(written.and_then(|()| out.flush()))
    }

    /// What is good to know, on stderr.
    pub(super) fn note(self, text: &str) {
        if !self.quiet {
            insist(text);
        }
    }

    /// What only `-v` tells.
    pub(super) fn detail(self, text: &str) {
        if self.verbose {
            insist(text);
        }
    }

    /// Progress on stderr, only where a person watches. Replaces the line before it; an empty
    /// text ends it.
    pub(super) fn progress(self, text: &str) {
        let mut err = io::stderr();
        if !self.quiet && err.is_terminal() {
            let line = Shown::line(text).fit(PROGRESS_CELLS);
            write!(err, "\r\x1b[K{line}")
                .and_then(|()| err.flush())
                .unwrap_or_default();
        }
    }

    /// Why the command did not do its work: at most three lines, and the exit code.
    pub(super) fn failed(self, failure: &Failure) -> ExitCode {
        let document = failure.document.as_ref().filter(|_| self.json);
        let printed = document.map_or(Ok(()), |it| print(it));
        let code = failed(failure);
        printed.map_or_else(|lost| failed(&lost), |()| code)
    }
}

/// A document on a line of its own, on its way when this returns.
pub(super) fn print(document: &Value) -> Result<(), Failure> {
    let mut out = io::stdout().lock();
    let written = writeln!(out, "{}", escaped(&document.to_string()));
    arrived(written.and_then(|()| out.flush()))
}

/// Whether what was written to stdout went where it was to go. A reader that went away is no
/// failure: it has seen enough.
pub(super) fn arrived(written: io::Result<()>) -> Result<(), Failure> {
    match written {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => {
            let what = "the result could not be written to stdout";
            Err(Failure::new(Kind::Internal, what)
                .because(error.to_string())
                .hint("the work itself is done: look at it with `cairn patient show`"))
        }
        Ok(()) | Err(_) => Ok(()),
    }
}

/// What must be seen on stderr, also with `--quiet`.
pub(super) fn insist(text: &str) {
    writeln!(io::stderr(), "{}", Shown::line(text)).unwrap_or_default();
}

/// The lines of a failure on stderr, and its exit code.
pub(super) fn failed(failure: &Failure) -> ExitCode {
    let mut err = io::stderr();
    for line in failure.lines() {
        writeln!(err, "{}", Shown::line(&line)).unwrap_or_default();
    }
    exit(failure.kind)
}

pub(super) fn exit(kind: Kind) -> ExitCode {
    ExitCode::from(kind.exit_code())
}

/// JSON in which every character that a terminal might obey is written as its code. It means
/// the same: such characters stand in strings only.
pub(super) fn escaped(json: &str) -> String {
    let mut safe = String::with_capacity(json.len());
    for c in json.chars() {
        if is_invisible(c) {
            for unit in c.encode_utf16(&mut [0; 2]) {
                write!(safe, "\\u{unit:04x}").unwrap_or_default();
            }
        } else {
            safe.push(c);
        }
    }
    safe
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn json_keeps_what_was_said_and_holds_nothing_that_a_terminal_obeys() {
        let name = "a\u{1b}[31m\u{9b}2J\u{202e}\u{200d}\u{e0041}\u{7f}é\n";
        let document = json!({ "name": name });
        let text = escaped(&document.to_string());
        assert!(!text.chars().any(is_invisible), "{text}");
        assert_eq!(serde_json::from_str::<Value>(&text).unwrap(), document);
    }
}
