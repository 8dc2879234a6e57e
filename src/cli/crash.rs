//! Faults of the program itself. What a panic says may hold a person's data: it goes nowhere.
//! Where it happened goes into a report in the home's log folder.

use std::{
    backtrace::Backtrace,
    io::{self, Write as _},
    panic::{self, PanicHookInfo},
    path::{Path, PathBuf},
    sync::{Mutex, OnceLock, PoisonError},
};

use super::failure::{Failure, Kind};
use crate::{
    doc,
    platform::{self, Opening, quiet},
    time,
};

/// The folder for reports, once the home is known.
static REPORTS: OnceLock<PathBuf> = OnceLock::new();
/// Where the last fault was, and the report of it.
static LAST: Mutex<Option<(String, Option<PathBuf>)>> = Mutex::new(None);

/// From now on a fault prints nothing and leaves a report, if there is a folder for it.
/// Faults that are caught on purpose leave none.
pub(super) fn report_faults() {
    panic::set_hook(Box::new(|fault| {
        if quiet::is_guarded() || doc::guard::is_guarded() {
            return;
        }
        let place = fault
            .location()
            .map(ToString::to_string)
            .unwrap_or_default();
        let report = REPORTS.get().and_then(|folder| write(folder, fault).ok());
        *LAST.lock().unwrap_or_else(PoisonError::into_inner) = Some((place, report));
    }));
}

/// Reports go to this folder.
pub(super) fn reports_to(folder: PathBuf) {
    // The first home of a process is its only one.
    REPORTS.set(folder).unwrap_or_default();
}

/// What is said of a fault that stopped a command.
pub(super) fn failure() -> Failure {
    let last = LAST.lock().unwrap_or_else(PoisonError::into_inner).take();
    let failure = Failure::new(Kind::Internal, "cairn stopped by a fault of its own");
    match last {
        Some((place, Some(path))) => failure.because(place).hint(format!(
            "what was saved is safe; a report without patient data is in `{}`",
            path.display()
        )),
        Some((place, None)) => failure
            .because(place)
            .hint("what was saved is safe; tell the makers the line above"),
        None => failure.hint("what was saved is safe; start cairn again"),
    }
}

fn write(folder: &Path, fault: &PanicHookInfo<'_>) -> io::Result<PathBuf> {
    let at = time::now();
    let path = folder.join(format!("fault-{}.txt", at.0));
    let mut file = platform::open_private(&path, Opening::New)?;
    let version = env!("CARGO_PKG_VERSION");
    let place = fault
        .location()
        .map(ToString::to_string)
        .unwrap_or_default();
    let trace = Backtrace::force_capture();
    writeln!(file, "cairn {version} at {} ms\n{place}\n{trace}", at.0)?;
    Ok(path)
}

#[cfg(test)]
mod tests {
    use std::{fs, thread};

    use super::*;

    #[test]
    fn a_report_says_where_and_nothing_of_what_was_said() {
        let folder = tempfile::tempdir().unwrap();
        let into = folder.path().to_owned();
        let here = thread::current().id();
        let others = panic::take_hook();
        panic::set_hook(Box::new(move |fault| {
            if thread::current().id() == here {
                drop(write(&into, fault));
            } else {
                others(fault);
            }
        }));
        let stopped = panic::catch_unwind(|| panic!("chart of Grace Okello"));
        assert!(stopped.is_err());
        let report = fs::read_dir(folder.path()).unwrap().next().unwrap();
        let text = fs::read_to_string(report.unwrap().path()).unwrap();
        assert!(
            text.contains("crash.rs:") && !text.contains("Okello"),
            "{text}"
        );
    }
}
