//! Linux, macOS and the BSDs.

mod hidden_line;

use std::{
    fs::{self, DirBuilder, File, OpenOptions, Permissions},
    io,
    os::unix::fs::{
        DirBuilderExt as _, MetadataExt as _, OpenOptionsExt as _, PermissionsExt as _,
    },
    path::Path,
};

use rustix::{
    fs::{Mode, OFlags},
    process::{Pid, Resource, Rlimit},
};
use signal_hook::{
    consts::{SIGHUP, SIGINT, SIGTERM},
    iterator::Signals,
};

pub(super) use hidden_line::read_hidden_line;

use super::End;

/// Read and write for the owner alone.
const FILE_MODE: u32 = 0o600;
/// Everything for the owner alone.
const FOLDER_MODE: u32 = 0o700;
/// The bits of a mode that say who may do what.
const MODE_BITS: u32 = 0o7777;

pub(super) fn harden_process() -> io::Result<()> {
    rustix::process::umask(Mode::RWXG | Mode::RWXO);
    let none = Rlimit {
        current: Some(0),
        maximum: Some(0),
    };
    rustix::process::setrlimit(Resource::Core, none)?;
    #[cfg(any(target_os = "linux", target_os = "android"))]
    rustix::process::set_dumpable_behavior(
        rustix::process::DumpableBehavior::NotDumpable,
    )?;
    Ok(())
}

pub(super) fn open_private(path: &Path, mut options: OpenOptions) -> io::Result<File> {
    let no_links = (OFlags::NOFOLLOW | OFlags::CLOEXEC).bits();
    let file = options
        .mode(FILE_MODE)
        .custom_flags(no_links.cast_signed())
        .open(path)?;
    if file.metadata()?.mode() & MODE_BITS != FILE_MODE {
        file.set_permissions(Permissions::from_mode(FILE_MODE))?;
    }
    Ok(file)
}

pub(super) fn create_private_folder(path: &Path) -> io::Result<()> {
    DirBuilder::new()
        .recursive(true)
        .mode(FOLDER_MODE)
        .create(path)?;
    if fs::metadata(path)?.mode() & MODE_BITS != FOLDER_MODE {
        fs::set_permissions(path, Permissions::from_mode(FOLDER_MODE))?;
    }
    Ok(())
}

pub(super) fn sync_folder(path: &Path) -> io::Result<()> {
    File::open(path)?.sync_all()
}

pub(super) fn free_bytes(path: &Path) -> Option<u64> {
    let disk = rustix::fs::statvfs(path).ok()?;
    Some(disk.f_bavail.saturating_mul(disk.f_frsize))
}

#[cfg(any(target_os = "linux", target_os = "android"))]
pub(super) fn allocate(file: &File, bytes: u64) -> io::Result<()> {
    use rustix::{
        fs::{FallocateFlags, fallocate},
        io::Errno,
    };
    match fallocate(file, FallocateFlags::empty(), 0, bytes) {
        Err(Errno::OPNOTSUPP | Errno::NOSYS) => super::write_zeros(file, bytes),
        done => done.map_err(io::Error::from),
    }
}

#[cfg(not(any(target_os = "linux", target_os = "android")))]
pub(super) fn allocate(file: &File, bytes: u64) -> io::Result<()> {
    super::write_zeros(file, bytes)
}

pub(super) fn is_running(pid: u32) -> bool {
    let pid = i32::try_from(pid).ok().and_then(Pid::from_raw);
    pid.is_some_and(|it| {
        rustix::process::test_kill_process(it) != Err(rustix::io::Errno::SRCH)
    })
}

pub(super) fn ends() -> io::Result<Option<impl Iterator<Item = End> + Send + 'static>> {
    let mut signals = Signals::new([SIGHUP, SIGINT, SIGTERM])?;
    let next = move || {
        let signal = signals.forever().next()?;
        Some(if signal == SIGHUP {
            End::TerminalGone
        } else {
            End::Terminated
        })
    };
    Ok(Some(std::iter::from_fn(next)))
}

#[cfg(test)]
pub(super) fn raise_end() -> bool {
    signal_hook::low_level::raise(SIGTERM).is_ok()
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::symlink;

    use super::*;
    use crate::platform::{self, Opening};

    fn mode(path: &Path) -> u32 {
        fs::metadata(path).unwrap().mode() & MODE_BITS
    }

    #[test]
    fn files_and_folders_are_for_their_owner_alone() {
        let root = tempfile::tempdir().unwrap();
        let folder = root.path().join("clinic/home");
        platform::create_private_folder(&folder).unwrap();
        let file = folder.join("ledger");
        platform::open_private(&file, Opening::New).unwrap();
        assert_eq!((mode(&folder), mode(&file)), (0o700, 0o600));
    }

    #[test]
    fn what_others_could_read_is_made_private() {
        let root = tempfile::tempdir().unwrap();
        let file = root.path().join("ledger");
        fs::write(&file, "x").unwrap();
        fs::set_permissions(&file, Permissions::from_mode(0o644)).unwrap();
        fs::set_permissions(root.path(), Permissions::from_mode(0o755)).unwrap();
        platform::open_private(&file, Opening::Existing).unwrap();
        platform::create_private_folder(root.path()).unwrap();
        assert_eq!((mode(root.path()), mode(&file)), (0o700, 0o600));
    }

    #[test]
    fn a_link_in_place_of_a_file_is_refused() {
        let root = tempfile::tempdir().unwrap();
        let (target, link) = (root.path().join("target"), root.path().join("link"));
        fs::write(&target, "x").unwrap();
        symlink(&target, &link).unwrap();
        for opening in [Opening::Existing, Opening::New, Opening::Either] {
            assert!(platform::open_private(&link, opening).is_err());
        }
    }

    #[test]
    fn a_process_that_ended_does_not_run() {
        let mut child = std::process::Command::new("true").spawn().unwrap();
        child.wait().unwrap();
        assert!(!is_running(child.id()));
        assert!(is_running(1));
    }
}
