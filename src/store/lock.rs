//! A lock, so that one process decides at a time. Its file exists only while a process decides, because not
//! every repository ignores it.

use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};

use super::StoreError;
use crate::new_file::is_linked;

/// Starts with the prefix that `.gitignore` names.
pub(super) const LOCK_NAME: &str = ".ariasnap-lock";

/// Held during a decision; the system releases it when the process ends.
#[derive(Debug)]
pub struct Lock {
    path: PathBuf,
    /// Closing it releases the lock.
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
                // The previous owner deleted the file, so the others must lock a new one.
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
    /// Deletes the file before the lock is released; waiting processes notice that and try again.
    fn drop(&mut self) {
        // A killed process leaves the file; the next decision deletes it.
        let _ = std::fs::remove_file(&self.path);
    }
}
