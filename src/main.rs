//! The program `cairn`: everything is in the library.

use std::process::ExitCode;

fn main() -> ExitCode {
    cairn::cli::main()
}
