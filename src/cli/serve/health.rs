//! How a machine that serves fares: one line of JSON in a file of its home, for whoever asks
//! while the home is open. Names are sealed, so machines stand there by their ids.

use std::{
    fs,
    io::{self, Read as _, Write as _},
    path::{Path, PathBuf},
};

use serde_json::{Value, json};

use crate::{
    cli::{Failure, reach::Called},
    net::Net,
    platform::{self, Opening},
    sync::status::Terms,
    time::Moment,
};

/// The file in the home.
const FILE: &str = "serving.json";
/// The most that is read of it, in bytes: some thousand machines.
const BYTES_MAX: u64 = 1024 * 1024;

/// How it fares now.
pub(super) fn of(net: &Net, called: &Called, unlocked: bool) -> Value {
    let addrs: Vec<String> = net.addrs().iter().map(ToString::to_string).collect();
    let (peers, outside) = (net.status(), net.outside());
    let outside = outside.iter().map(|(it, _)| it);
    let outside = outside.filter(|it| it.terms != Terms::default());
    let peers = peers.iter().map(|it| called.row(it));
    let peers = peers.chain(outside.map(|it| called.row_outside(it)));
    json!({
        "endpoint": crate::cli::reach::key_text(net.endpoint()),
        "addrs": addrs,
        "unlocked": unlocked,
        "process": std::process::id(),
        "peers": peers.collect::<Vec<_>>(),
    })
}

/// Writes it into the home, with when that was.
pub(super) fn write_stamped(
    home: &Path,
    health: &Value,
    now: Moment,
) -> Result<(), Failure> {
    let mut health = health.clone();
    if let Some(fields) = health.as_object_mut() {
        fields.insert("at".to_owned(), now.to_string().into());
    }
    write(&home.join(FILE), &health)
}

/// Writes a line into a file that is whole whenever somebody reads it.
pub(super) fn write(path: &Path, line: &Value) -> Result<(), Failure> {
    let mut beside = PathBuf::from(path).into_os_string();
    beside.push(".new");
    let written = platform::open_private(Path::new(&beside), Opening::Either).and_then(
        |mut file| {
            file.set_len(0)?;
            writeln!(file, "{line}")?;
            fs::rename(&beside, path)
        },
    );
    written.map_err(|error| {
        Failure::refused(format!("cannot write `{}`", path.display()))
            .because(error.to_string())
            .hint("name a file in a folder that you may write")
    })
}

/// What the cairn that serves this home wrote last, if one does.
pub(in crate::cli) fn read(home: &Path) -> Option<Value> {
    let mut text = String::new();
    let file = fs::File::open(home.join(FILE)).ok()?;
    let read: io::Result<usize> = file.take(BYTES_MAX).read_to_string(&mut text);
    read.ok()?;
    let health: Value = serde_json::from_str(&text).ok()?;
    let process = health.get("process").and_then(Value::as_u64)?;
    let process = u32::try_from(process).ok()?;
    platform::is_running(process).then_some(health)
}

/// It serves no more.
pub(super) fn remove(home: &Path) {
    // Whoever reads it sees that its process is gone.
    fs::remove_file(home.join(FILE)).unwrap_or_default();
}
