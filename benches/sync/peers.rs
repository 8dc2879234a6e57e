//! The peers, measured by their own bench on the same workload and links.

use std::{
    fs,
    process::{Command, Stdio},
};

use super::{Asked, Outcome, run::last_json, table::Table};

/// The names of their steps, and of ours.
const STEPS: [(&str, &str); 4] = [
    ("w1", "w1 first copy"),
    ("w2", "w2 a day apart"),
    ("w3", "w3 nothing new"),
    ("w4", "w4"),
];

pub(crate) fn measure(
    peer: &'static str,
    asked: &Asked,
    table: &mut Table,
) -> Outcome<()> {
    eprintln!("{peer}: its own bench");
    fs::create_dir_all(&asked.work)?;
    let mut bench = Command::new("python3");
    bench.arg(asked.peers.join("bench.py"));
    bench.args(["--peer", peer, "--patients", &asked.patients.to_string()]);
    bench.arg("--work").arg(&asked.work);
    bench.args([
        "--links",
        &asked.links.join(","),
        "--reps",
        "1",
        "--w1-reps",
        "1",
    ]);
    let ran = bench.stderr(Stdio::null()).output()?;
    if !ran.status.success() {
        let why = format!("{peer} could not be measured: are its packages installed?");
        return Err(why.into());
    }
    let told = last_json(&ran.stdout);
    for link in asked.links.iter().map(String::as_str) {
        for (step, name) in STEPS {
            let figures = &told[format!("{step}_{link}")];
            let put = |table: &mut Table, what: &str, field: &str, by: f64| {
                if let Some(value) = figures[field].as_f64() {
                    table.put(peer, &format!("{name}: {what}, {link}"), value / by);
                }
            };
            put(table, "s", "seconds_median", 1.0);
            put(table, "bytes", "wire_total_median", 1.0);
            put(table, "MiB", "peak_rss_b_kb", 1024.0);
            for machine in ["a", "b"] {
                let seen = &figures[format!("check_{machine}")];
                if let (Some(edits), Some(visible)) =
                    (seen["edits"].as_f64(), seen["visible"].as_f64())
                {
                    let name = format!("w4 visible of {edits} on {machine}");
                    table.put(peer, &name, visible);
                }
            }
        }
    }
    Ok(())
}
