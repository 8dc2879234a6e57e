//! What the parser of arguments says, in our form: help and version as they are, wrong usage
//! as at most three lines.

use std::{
    io::{self, Write},
    process::ExitCode,
};

use clap::error::ErrorKind;

use super::{
    failure::{Failure, Kind},
    output,
};
use crate::text::Shown;

/// Prints what the parser says instead of a command.
pub(super) fn ended(error: &clap::Error) -> ExitCode {
    let text = error.render().to_string();
    let kind = error.kind();
    if matches!(kind, ErrorKind::DisplayHelp | ErrorKind::DisplayVersion) {
        match output::arrived(print(&text, &mut io::stdout())) {
            Ok(()) => ExitCode::SUCCESS,
            Err(lost) => output::failed(&lost),
        }
    } else if kind == ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand {
        print(&text, &mut io::stderr()).unwrap_or_default();
        output::exit(Kind::Usage)
    } else {
        output::failed(&failure(&text))
    }
}

/// `error: what: details`, `tip: …` and `Usage: …` as what and a hint.
fn failure(text: &str) -> Failure {
    let ends = |it: &&str| it.starts_with("Usage:") || it.starts_with("For more");
    let before_usage = text.lines().map(str::trim).take_while(|it| !ends(it));
    let (tips, said): (Vec<&str>, Vec<&str>) = before_usage
        .filter(|it| !it.is_empty())
        .partition(|it| it.starts_with("tip:") || it.starts_with("[possible values"));
    let what = said.join(" ");
    let what = what.strip_prefix("error: ").unwrap_or(&what);
    let failure = Failure::usage(what);
    match tips.first() {
        Some(tip) => {
            failure.hint(tip.trim_start_matches("tip: ").trim_matches(['[', ']']))
        }
        None => failure.hint("see `cairn --help`, and --help behind any command"),
    }
}

fn print(text: &str, out: &mut dyn Write) -> io::Result<()> {
    for line in Shown::lines(text.trim_end()) {
        writeln!(out, "{line}")?;
    }
    out.flush()
}

#[cfg(test)]
mod tests {
    use clap::Parser as _;

    use super::*;
    use crate::cli::Cli;

    #[track_caller]
    fn check(arguments: &[&str], expected: &[&str]) {
        let all = std::iter::once("cairn").chain(arguments.iter().copied());
        let error = Cli::try_parse_from(all).unwrap_err();
        assert_eq!(failure(&error.render().to_string()).lines(), expected);
    }

    #[test]
    fn wrong_usage_is_said_in_two_lines() {
        check(
            &["patient", "add"],
            &[
                "error: the following required arguments were not provided: --sex <SEX>",
                "hint: see `cairn --help`, and --help behind any command",
            ],
        );
        check(
            &["patiend"],
            &[
                "error: unrecognized subcommand 'patiend'",
                "hint: a similar subcommand exists: 'patient'",
            ],
        );
        check(
            &["allergy", "add", "x", "--severity", "odd"],
            &[
                "error: invalid value 'odd' for '--severity <SEVERITY>'",
                "hint: possible values: mild, moderate, severe",
            ],
        );
    }
}
