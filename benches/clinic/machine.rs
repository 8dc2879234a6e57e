//! The machine that is measured on, and the one clock of the benches.

use std::{
    fs::{self, File, OpenOptions},
    io::{Seek as _, SeekFrom, Write as _},
    path::Path,
    time::Instant,
};

use super::Outcome;

/// What a process has in memory, in kB, as the kernel counts it.
#[derive(Clone, Copy, Default)]
pub(crate) struct Memory {
    /// The most that it ever had.
    pub(crate) most: f64,
    /// What it has.
    pub(crate) now: f64,
}

/// Writes of 4 kB into a file that is there already, each brought to the disk.
pub(crate) struct Probe {
    file: File,
    next: u64,
}

/// How long writing and syncing 4 kB takes is what a save is compared with.
const BLOCK_LEN: usize = 4096;
const BLOCKS: u64 = 4096;

#[expect(
    clippy::disallowed_methods,
    reason = "a bench measures with the machine's clock"
)]
pub(crate) fn now() -> Instant {
    Instant::now()
}

/// Milliseconds since.
pub(crate) fn ms_since(begun: Instant) -> f64 {
    now().duration_since(begun).as_secs_f64() * 1e3
}

/// What the work gives, and how many milliseconds it took.
pub(crate) fn timed<T>(work: impl FnOnce() -> T) -> (T, f64) {
    let begun = now();
    let done = work();
    (done, ms_since(begun))
}

/// The value that this part of the others, of 100, does not exceed.
pub(crate) fn percentile(values: &[f64], part: usize) -> f64 {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    let last = sorted.len().saturating_sub(1);
    let at = (sorted.len() * part).div_ceil(100).saturating_sub(1);
    sorted.get(at.min(last)).copied().unwrap_or(f64::NAN)
}

/// What a process has in memory.
pub(crate) fn memory(pid: u32) -> Memory {
    let status = fs::read_to_string(format!("/proc/{pid}/status")).unwrap_or_default();
    let field = |name: &str| {
        let line = status.lines().find_map(|it| it.strip_prefix(name));
        let number = line.and_then(|it| it.split_whitespace().next()?.parse().ok());
        number.unwrap_or(f64::NAN)
    };
    Memory {
        most: field("VmHWM:"),
        now: field("VmRSS:"),
    }
}

/// The machine in words: processor, cores, kernel.
pub(crate) fn described() -> String {
    let cpus = fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let models = cpus.lines().filter_map(|it| it.strip_prefix("model name"));
    let models: Vec<&str> = models
        .map(|it| it.trim_start_matches(['\t', ' ', ':']))
        .collect();
    let kernel = fs::read_to_string("/proc/sys/kernel/osrelease").unwrap_or_default();
    let model = models.first().copied().unwrap_or("unknown processor");
    format!("{model}, {} cores, Linux {}", models.len(), kernel.trim())
}

/// How many processes wanted a core in the last minute.
pub(crate) fn load() -> f64 {
    let load = fs::read_to_string("/proc/loadavg").unwrap_or_default();
    let first = load.split_whitespace().next();
    first.and_then(|it| it.parse().ok()).unwrap_or(f64::NAN)
}

/// Milliseconds that this thread had a core for.
pub(crate) fn processor_ms() -> f64 {
    let stat = fs::read_to_string("/proc/thread-self/schedstat").unwrap_or_default();
    let nanoseconds = stat
        .split_whitespace()
        .next()
        .and_then(|it| it.parse::<f64>().ok());
    nanoseconds.unwrap_or(f64::NAN) / 1e6
}

impl Probe {
    /// A probe of the disk that holds this folder.
    pub(crate) fn new(folder: &Path) -> Outcome<Self> {
        let path = folder.join("probe");
        let mut options = OpenOptions::new();
        let mut file = options
            .create(true)
            .truncate(true)
            .write(true)
            .open(&path)?;
        for _ in 0..BLOCKS {
            file.write_all(&[1; BLOCK_LEN])?;
        }
        file.sync_all()?;
        // It goes with the last handle.
        fs::remove_file(path)?;
        Ok(Self { file, next: 0 })
    }

    /// One write, somewhere in the file, and its way to the disk; in milliseconds.
    pub(crate) fn write(&mut self) -> Outcome<f64> {
        self.next = (self.next + 1117) % BLOCKS;
        let at = self.next * u64::try_from(BLOCK_LEN)?;
        let begun = now();
        self.file.seek(SeekFrom::Start(at))?;
        self.file.write_all(&[2; BLOCK_LEN])?;
        self.file.sync_data()?;
        Ok(ms_since(begun))
    }
}
