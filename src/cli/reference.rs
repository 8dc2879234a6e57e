//! The reference of the command line, written from the commands themselves.

use std::fmt::Write as _;

use clap::{Arg, Command, CommandFactory as _};

use super::Cli;

/// How the reference begins.
const HEAD: &str = "\
# The command line

This page is written by the program: `CAIRN_BLESS=1 cargo test docs_fresh` writes it anew.

Results go to stdout, everything else to stderr.
With `--json` a command prints one JSON document on stdout and nothing else.
An error is three lines at most: what, because, and a hint.

| exit code | meaning |
|---|---|
| 0 | done |
| 2 | wrong usage |
| 3 | the input was refused; nothing changed |
| 4 | not permitted, or not unlocked |
| 5 | the home is open in another cairn |
| 6 | another machine, or the network |
| 70 | an inner fault, or the disk |
";

/// The whole reference as Markdown.
pub fn markdown() -> String {
    let mut command = Cli::command();
    command.build();
    let mut page = HEAD.to_owned();
    page.push_str(
        "\n## For all commands\n\nThese work before and after a command's name.\n\n",
    );
    options(&command, Arg::is_global_set, &mut page);
    for command in command.get_subcommands() {
        chapter(command, "cairn", &mut page);
    }
    page
}

fn chapter(command: &Command, above: &str, page: &mut String) {
    if command.get_name() == "help" {
        return;
    }
    let name = format!("{above} {}", command.get_name());
    let inner: Vec<&Command> = command.get_subcommands().collect();
    if !inner.is_empty() {
        for command in inner {
            chapter(command, &name, page);
        }
        return;
    }
    let places = command.get_positionals().map(|it| {
        let value = it.get_id().as_str().to_uppercase();
        let more = if it.get_num_args().is_some_and(|it| it.max_values() > 1) {
            "…"
        } else {
            ""
        };
        format!(" {value}{more}")
    });
    let places: String = places.collect();
    let about = command.get_long_about().or_else(|| command.get_about());
    let about = about.map(ToString::to_string).unwrap_or_default();
    let lines = [
        format!("\n## `{name}{places}`\n"),
        sentences(&about),
        String::new(),
    ];
    page.push_str(&lines.join("\n"));
    page.push('\n');
    options(command, |it| !it.is_global_set(), page);
    if let Some(json) = command.get_after_long_help() {
        result(&json.to_string(), page);
    }
}

/// What a command prints as JSON: its shape, and what is said of that.
fn result(json: &str, page: &mut String) {
    let (first, more) = json.split_once("\n\n").unwrap_or((json, ""));
    let (shape, said) = first.split_once("}. ").unwrap_or((first, ""));
    let close = if said.is_empty() { "" } else { "}" };
    let _written = match shape.strip_prefix("JSON: ") {
        Some(shape) => write!(page, "\nJSON: `{shape}{close}`\n"),
        None => write!(page, "\n{shape}{close}.\n"),
    };
    for rest in [said, more].into_iter().filter(|it| !it.is_empty()) {
        let _written = write!(page, "\n{}\n", sentences(rest));
    }
}

fn options(command: &Command, wanted: impl Fn(&Arg) -> bool, page: &mut String) {
    let hidden = ["help", "version"];
    let arguments = command.get_arguments();
    let arguments: Vec<&Arg> = arguments
        .filter(|it| wanted(it) && !hidden.contains(&it.get_id().as_str()))
        .collect();
    if arguments.is_empty() {
        return;
    }
    page.push_str("| | |\n|---|---|\n");
    for it in arguments {
        let help = it.get_help().map(ToString::to_string).unwrap_or_default();
        let env = it.get_env().map_or_else(String::new, |it| {
            format!(" (or `{}`)", it.to_string_lossy())
        });
        let choices: Vec<String> = it
            .get_possible_values()
            .iter()
            .filter(|_| it.get_action().takes_values())
            .map(|it| format!("`{}`", it.get_name()))
            .collect();
        let choices = choices.join(", ");
        let choices = if choices.is_empty() {
            choices
        } else {
            format!(": {choices}")
        };
        let _written = writeln!(page, "| `{}` | {help}{choices}{env} |", called(it));
    }
}

/// `--name VALUE`, `-v`, or `VALUE`.
fn called(it: &Arg) -> String {
    let value = it.get_value_names().and_then(<[_]>::first);
    let value = value.filter(|_| it.get_action().takes_values());
    match (it.get_long(), it.get_short(), value) {
        (Some(long), _, Some(value)) => format!("--{long} {value}"),
        (Some(long), _, None) => format!("--{long}"),
        (None, Some(short), _) => format!("-{short}"),
        (None, None, _) => it.get_id().as_str().to_uppercase(),
    }
}

/// One sentence a line.
fn sentences(text: &str) -> String {
    let text = text.replace(". ", ".\n");
    if text.trim_end().ends_with(['.', ':', '}']) {
        text
    } else {
        format!("{text}.")
    }
}
