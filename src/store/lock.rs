//! One process decides at a time.

use std::fs::File;
use std::io;
use std::path::Path;

use super::StoreError;

/// Starts like all files that git ignores and that are no snapshots.
pub(super) const LOCK_NAME: &str = ".ariasnap-lock";

/// Held while baselines are decided; gone with the process, however it ends.
#[derive(Debug)]
pub struct Lock {
    /// Closing it gives the lock back.
    _file: File,
}

impl Lock {
    pub(super) fn wait(root: &Path) -> Result<Lock, StoreError> {
        let wait = || -> io::Result<File> {
            fs_err::create_dir_all(root)?;
            let file = fs_err::OpenOptions::new()
                .create(true)
                .append(true)
                .open(root.join(LOCK_NAME))?
                .into_parts()
                .0;
            rustix::fs::flock(&file, rustix::fs::FlockOperation::LockExclusive)?;
            Ok(file)
        };
        wait()
            .map(|file| Lock { _file: file })
            .map_err(|source| StoreError::Write { source })
    }
}
