//! Temporary files and folders that are renamed to their final names.
//!
//! The process that writes one holds a lock on it, which the system releases when the process ends. So an
//! unlocked one was left by a killed run. Process ids cannot show that, because containers with their own
//! ids share folders.

use std::fs::File;
use std::io;
use std::path::Path;

use rustix::fs::{FlockOperation, flock};
use tempfile::{NamedTempFile, TempDir};

/// The prefix of temporary files and folders.
pub const PREFIX: &str = ".ariasnap-";

/// The suffix of temporary files.
const SUFFIX: &str = ".tmp";

/// How often another process may delete a new file before it is locked.
const ATTEMPTS: usize = 20;

/// A temporary folder, deleted when the value is dropped.
#[derive(Debug)]
pub struct HeldFolder {
    folder: TempDir,
    /// Closing it releases the lock.
    _lock: File,
}

impl HeldFolder {
    /// Returns the folder.
    pub fn path(&self) -> &Path {
        self.folder.path()
    }
}

/// Creates a temporary file with the usual permissions of new files; those of `tempfile` are for the owner only.
///
/// # Errors
/// The folder is missing or not writable.
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
    Err(io::Error::other("another process deletes every new file"))
}

/// Creates a temporary folder with that prefix.
///
/// # Errors
/// The parent folder is missing or not writable.
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
    Err(io::Error::other("another process deletes every new folder"))
}

/// Locks the file; `false` if another process has deleted it. A file system without locks is not an error.
fn is_held(file: &File) -> io::Result<bool> {
    if flock(file, FlockOperation::NonBlockingLockExclusive) == Err(rustix::io::Errno::WOULDBLOCK) {
        return Ok(false);
    }
    is_linked(file)
}

/// Whether a file still has a name: a lock on a deleted file has no effect.
pub(crate) fn is_linked(file: &File) -> io::Result<bool> {
    #[cfg(unix)]
    let is_linked = std::os::unix::fs::MetadataExt::nlink(&file.metadata()?) > 0;
    #[cfg(not(unix))]
    let is_linked = file.metadata()?.len() < u64::MAX;
    Ok(is_linked)
}

/// Deletes a file or folder unless a process holds it. Returns whether it was deleted.
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

/// Deletes the temporary files of killed runs in a folder, but not in its subfolders.
pub fn remove_abandoned_in(folder: &Path) {
    for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
        if entry.file_name().to_str().is_some_and(is_new) {
            remove_abandoned(&entry.path());
        }
    }
}

/// Whether a name is that of a temporary file or folder.
pub(crate) fn is_new(name: &str) -> bool {
    // Six random characters, and the suffix of files.
    let rest = name.strip_prefix(PREFIX);
    rest.is_some_and(|rest| rest.strip_suffix(SUFFIX).unwrap_or(rest).len() == 6)
}
