//! Charts written out: a summary of a long one, and everybody, in a process of its own whose
//! memory is its own.

use std::{
    env, io,
    path::Path,
    process::{self, Command},
};

use cairn::clinic::{Clinic, ExportTo};
use serde::{Deserialize, Serialize};

use super::{
    Outcome,
    homes::{self, Ready},
    machine::{self, percentile, timed},
    table::Table,
};

const SUMMARIES: usize = 20;

#[derive(Serialize, Deserialize)]
struct Written {
    summary_ms: f64,
    seconds: f64,
    memory_kb: f64,
}

pub(crate) fn measure(home: &Ready, table: &mut Table) -> Outcome<()> {
    let mut command = Command::new(env::current_exe()?);
    let long = serde_json::to_string(&home.made.long)?;
    let done = command.arg("--export").arg(long).arg(&home.path).output()?;
    if !done.status.success() {
        return Err(String::from_utf8_lossy(&done.stderr).into());
    }
    let written: Written = serde_json::from_slice(&done.stdout)?;
    let size = home.size;
    table.set("summary of 500 visits: median", size, written.summary_ms);
    table.set("export everybody", size, written.seconds);
    table.set("export everybody: memory", size, written.memory_kb / 1e3);
    Ok(())
}

/// What the process of its own does.
pub(crate) fn show(long: &str, path: &Path) -> Outcome<()> {
    let long = serde_json::from_str(long)?;
    let clinic = Clinic::open(path, homes::surroundings())?;
    let mut session = homes::sign_in(path, &clinic)?;
    let mut times = Vec::new();
    for _ in 0..SUMMARIES {
        let mut sink = io::sink();
        let (done, ms) = timed(|| session.export_ips(long, ExportTo::Stream(&mut sink)));
        done?;
        times.push(ms);
    }
    let everybody = session.everybody()?;
    let mut sink = io::sink();
    let to = ExportTo::Stream(&mut sink);
    let (done, ms) = timed(|| session.export_fhir(&everybody, to, &mut |_| {}));
    done?;
    let written = Written {
        summary_ms: percentile(&times, 50),
        seconds: ms / 1e3,
        memory_kb: machine::memory(process::id()).most,
    };
    println!("{}", serde_json::to_string(&written)?);
    Ok(())
}
