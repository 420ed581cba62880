//! One process decides at a time.
//!
//! The lock is a file of the folder, there only while a process decides: it must not lie about in
//! repositories whose `.gitignore` does not name it.

use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};

use super::StoreError;
use crate::new_file::is_linked;

/// Starts like all files that git ignores and that are no snapshots.
pub(super) const LOCK_NAME: &str = ".ariasnap-lock";

/// Held while baselines are decided; gone with the process, however it ends.
#[derive(Debug)]
pub struct Lock {
    path: PathBuf,
    /// Closing it gives the lock back.
    _file: File,
}

impl Lock {
    pub(super) fn wait(root: &Path) -> Result<Lock, StoreError> {
        let path = root.join(LOCK_NAME);
        let wait = || -> io::Result<File> {
            fs_err::create_dir_all(root)?;
            loop {
                let file = fs_err::OpenOptions::new()
                    .create(true)
                    .append(true)
                    .open(&path)?
                    .into_parts()
                    .0;
                rustix::fs::flock(&file, rustix::fs::FlockOperation::LockExclusive)?;
                // Who held it before removed it: others wait for a new one.
                if is_linked(&file)? {
                    return Ok(file);
                }
            }
        };
        let file = wait().map_err(|source| StoreError::Write { source })?;
        Ok(Lock { path, _file: file })
    }
}

impl Drop for Lock {
    /// Removes the file while it is still held: whoever waits for it finds that it has no name.
    fn drop(&mut self) {
        // A killed process leaves it too, and the next one that decides removes it.
        let _ = std::fs::remove_file(&self.path);
    }
}
