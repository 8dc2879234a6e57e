//! What all are measured with: a clinic and what is written in it, as lines of JSON that
//! nobody here wrote.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use super::{Asked, Outcome, table::Table};

/// The files of a workload.
pub(crate) struct Workload {
    /// One patient with visits a line.
    pub(crate) base: PathBuf,
    /// Visits written on each side while apart.
    pub(crate) delta: [PathBuf; 2],
    /// Edits of other fields of the same people on each side.
    pub(crate) edits: [PathBuf; 2],
}

/// How hard the base of comparison is compressed.
const LEVEL: i32 = 19;

impl Workload {
    pub(crate) fn make(asked: &Asked) -> Outcome<Self> {
        let folder = asked.work.join("data");
        fs::create_dir_all(&folder)?;
        let size = format!("{}-{}", asked.patients, asked.visits);
        let file = |name: &str| folder.join(format!("{name}-{size}.ndjson"));
        let made = Self {
            base: file("base"),
            delta: ["A", "B"].map(|it| file(&format!("delta-{it}"))),
            edits: ["A", "B"].map(|it| file(&format!("edits-{it}"))),
        };
        let patients = asked.patients.to_string();
        let visits = asked.visits.to_string();
        let generate = |path: &Path, args: &[&str]| -> Outcome<()> {
            if path.exists() {
                return Ok(());
            }
            let mut command = Command::new("python3");
            command.arg(asked.peers.join("gen.py")).args(args);
            command.arg("--patients").arg(&patients).arg("-o").arg(path);
            if !command.output()?.status.success() {
                return Err("the workload cannot be generated: python3 is needed".into());
            }
            Ok(())
        };
        generate(&made.base, &["base", "--visits", &visits])?;
        for (side, count, at) in [("A", "60", 0), ("B", "20", 1)] {
            generate(
                &made.delta[at],
                &["delta", "--side", side, "--count", count],
            )?;
            generate(
                &made.edits[at],
                &["edits", "--side", side, "--count", "100"],
            )?;
        }
        Ok(made)
    }

    /// The base of comparison: what each edit's own JSON takes, compressed by itself.
    pub(crate) fn tell(&self, table: &mut Table) -> Outcome<()> {
        let mut bytes = 0.0;
        for path in &self.delta {
            for line in fs::read_to_string(path)?.lines() {
                let packed = zstd::bulk::compress(line.as_bytes(), LEVEL)?;
                bytes += f64::from(u32::try_from(packed.len())?);
            }
        }
        table.put("base", "w2 bytes of the edits' JSON, zstd -19 each", bytes);
        Ok(())
    }
}
