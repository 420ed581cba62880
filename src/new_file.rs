//! Files that are written beside their place, to take it in one step.
//!
//! While one is written, its process holds a lock on it, which goes with the process however it ends:
//! what nobody holds was left by a run that was killed. Process numbers do not tell that, since folders
//! are shared between containers, each with numbers of its own.

use std::fs::File;
use std::io;
use std::path::Path;

use rustix::fs::{FlockOperation, flock};
use tempfile::{NamedTempFile, TempDir};

/// What the name of a file that is being written starts with.
pub const PREFIX: &str = ".ariasnap-";

/// What the name of such a file ends with.
const SUFFIX: &str = ".tmp";

/// How often a new file may be taken for one that was left behind, in the moment before it is held.
const ATTEMPTS: usize = 20;

/// A folder with a name of its own, removed with this value. While it is there, no other process takes
/// it for one that was left behind.
#[derive(Debug)]
pub struct HeldFolder {
    folder: TempDir,
    /// Closing it gives the lock back.
    _lock: File,
}

impl HeldFolder {
    /// The folder.
    pub fn path(&self) -> &Path {
        self.folder.path()
    }
}

/// An empty file in a folder, with the rights that any new file has: those of temporary files are for
/// their owner alone.
///
/// # Errors
/// The folder is missing, or may not be written to.
pub fn new_file_in(folder: &Path) -> io::Result<NamedTempFile> {
    let mut builder = tempfile::Builder::new();
    builder.prefix(PREFIX).suffix(SUFFIX);
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        builder.permissions(std::fs::Permissions::from_mode(0o666));
    }
    for _ in 0..ATTEMPTS {
        let file = builder.tempfile_in(folder)?;
        if is_held(file.as_file())? {
            return Ok(file);
        }
    }
    Err(io::Error::other("every new file is removed at once"))
}

/// Makes an empty folder in a folder, with a name that begins so.
///
/// # Errors
/// The folder is missing, or may not be written to.
pub fn new_folder_in(folder: &Path, prefix: &str) -> io::Result<HeldFolder> {
    for _ in 0..ATTEMPTS {
        let folder = tempfile::Builder::new().prefix(prefix).tempdir_in(folder)?;
        let lock = File::open(folder.path())?;
        if is_held(&lock)? {
            return Ok(HeldFolder {
                folder,
                _lock: lock,
            });
        }
    }
    Err(io::Error::other("every new folder is removed at once"))
}

/// Takes the lock; `false` where another process took the file for one that was left behind, and has
/// removed it. File systems without locks are no reason not to write.
fn is_held(file: &File) -> io::Result<bool> {
    if flock(file, FlockOperation::NonBlockingLockExclusive) == Err(rustix::io::Errno::WOULDBLOCK) {
        return Ok(false);
    }
    is_linked(file)
}

/// Returns whether a file still has a name: a lock on one that was removed keeps nobody out.
pub(crate) fn is_linked(file: &File) -> io::Result<bool> {
    #[cfg(unix)]
    let is_linked = std::os::unix::fs::MetadataExt::nlink(&file.metadata()?) > 0;
    #[cfg(not(unix))]
    let is_linked = file.metadata()?.len() < u64::MAX;
    Ok(is_linked)
}

/// Removes a file or folder where no process holds it. Returns whether it was removed.
pub fn remove_abandoned(path: &Path) -> bool {
    let Ok(found) = path.symlink_metadata() else {
        return false;
    };
    if !(found.is_file() || found.is_dir()) {
        return false;
    }
    let Ok(file) = File::open(path) else {
        return false;
    };
    if flock(&file, FlockOperation::NonBlockingLockExclusive).is_err() {
        return false;
    }
    let removed = match found.is_dir() {
        true => std::fs::remove_dir_all(path),
        false => std::fs::remove_file(path),
    };
    removed.is_ok()
}

/// Removes what killed runs left of new files in a folder, not in those inside it.
pub fn remove_abandoned_in(folder: &Path) {
    for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
        if entry.file_name().to_str().is_some_and(is_new) {
            remove_abandoned(&entry.path());
        }
    }
}

/// Returns whether a name is one of a file that is being written, or of a folder with such files.
pub(crate) fn is_new(name: &str) -> bool {
    // Six characters of chance, and for files the end.
    let rest = name.strip_prefix(PREFIX);
    rest.is_some_and(|rest| rest.strip_suffix(SUFFIX).unwrap_or(rest).len() == 6)
}
