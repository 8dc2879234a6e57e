//! Why bytes could not be kept or found again.

use std::{fmt, io, path::PathBuf};

use crate::ledger::Place;
use crate::time::Timestamp;

/// A part of what is on disk.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Part {
    /// The file that names the format's version.
    Format,
    /// A small file beside the databases.
    File,
    /// The truth: envelopes.
    Ledger,
    /// What can be rebuilt from the ledger.
    Cache,
}

/// Why bytes could not be kept or found again.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// There is no clinic in this folder, or its set-up was not finished.
    #[error("no clinic in `{}`", path.display())]
    NotAHome {
        /// The folder.
        path: PathBuf,
    },
    /// A newer Cairn wrote this.
    #[error("the {part} has format {found}, which this version does not know")]
    UnknownVersion {
        /// What has that version.
        part: Part,
        /// The version.
        found: u32,
    },
    /// Another Cairn has this clinic open.
    #[error("another cairn {}has this clinic open", process(*pid))]
    Busy {
        /// Its process number, where it is known.
        pid: Option<u32>,
        /// When it opened the clinic, where that is known.
        since: Option<Timestamp>,
    },
    /// The disk or the folder may be read only.
    #[error("`{}` cannot be written to", path.display())]
    ReadOnly {
        /// The folder or file.
        path: PathBuf,
    },
    /// The disk is full.
    #[error("no space left on the disk")]
    Full,
    /// The bytes on disk are not those that were written. A damaged cache is thrown away
    /// with [`super::Store::reset_cache`] and rebuilt.
    #[error("the {part} is damaged: {what}")]
    Damaged {
        /// What is damaged.
        part: Part,
        /// How that showed.
        what: &'static str,
    },
    /// An envelope does not follow the last one of its lane, or another one stands in its
    /// place.
    #[error("envelope {} does not follow the last one of log {}", place.seq, place.log)]
    Misplaced {
        /// Where the envelope claims to stand.
        place: Place,
    },
    /// The system refused.
    #[error("cannot {step} `{}`", path.display())]
    Disk {
        /// What was tried, as a verb.
        step: &'static str,
        /// With which file or folder.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
}

impl Error {
    /// The error for what the system said when `step` was tried with `path`.
    pub fn disk(step: &'static str, path: PathBuf, source: io::Error) -> Self {
        use io::ErrorKind;
        let kind = source.kind();
        if [ErrorKind::StorageFull, ErrorKind::QuotaExceeded].contains(&kind) {
            Self::Full
        } else if [ErrorKind::ReadOnlyFilesystem, ErrorKind::PermissionDenied]
            .contains(&kind)
        {
            Self::ReadOnly { path }
        } else {
            Self::Disk { step, path, source }
        }
    }

    /// Whether the cache is to be thrown away and rebuilt.
    pub const fn is_cache_lost(&self) -> bool {
        matches!(
            self,
            Self::Damaged {
                part: Part::Cache,
                ..
            }
        )
    }
}

impl Part {
    /// The name of its file in the home folder.
    pub const fn file_name(self) -> &'static str {
        match self {
            Self::Format => "format",
            Self::File => "file",
            Self::Ledger => "ledger.redb",
            Self::Cache => "cache.redb",
        }
    }

    pub(super) const fn damaged(self, what: &'static str) -> Error {
        Error::Damaged { part: self, what }
    }
}

impl fmt::Display for Part {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Format => "format file",
            Self::File => "file",
            Self::Ledger => "ledger",
            Self::Cache => "cache",
        })
    }
}

fn process(pid: Option<u32>) -> String {
    pid.map_or_else(String::new, |it| format!("(process {it}) "))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(source: io::ErrorKind, expected: &str) {
        let error = Error::disk("flush", PathBuf::from("/srv/cairn"), source.into());
        assert_eq!(error.to_string(), expected);
    }

    #[test]
    fn what_the_system_said_becomes_something_to_act_on() {
        check(io::ErrorKind::StorageFull, "no space left on the disk");
        check(io::ErrorKind::QuotaExceeded, "no space left on the disk");
        check(
            io::ErrorKind::PermissionDenied,
            "`/srv/cairn` cannot be written to",
        );
        check(
            io::ErrorKind::ReadOnlyFilesystem,
            "`/srv/cairn` cannot be written to",
        );
        check(io::ErrorKind::TimedOut, "cannot flush `/srv/cairn`");
    }

    #[test]
    fn a_second_cairn_is_named_where_it_is_known() {
        let busy = |pid| Error::Busy { pid, since: None }.to_string();
        assert_eq!(
            busy(Some(42)),
            "another cairn (process 42) has this clinic open"
        );
        assert_eq!(busy(None), "another cairn has this clinic open");
    }
}
