//! What a step that failed leaves: how the page looked, and what it said.

use std::path::{Path, PathBuf};

use super::{EVIDENCE_SUFFIX, Store, StoreError};
use crate::baseline::{BaselinePath, stays_within};

/// The page at the moment of a failure.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failure {
    /// The screenshot, PNG.
    pub screenshot: Option<PathBuf>,
    /// The snapshot.
    pub snapshot: PathBuf,
}

impl Store {
    /// Keeps the moment of a failure with the evidence of a snapshot that was not taken.
    ///
    /// # Errors
    /// The files cannot be written.
    pub fn write_failure(
        &self,
        path: &BaselinePath,
        screenshot: Option<&[u8]>,
        snapshot: &str,
    ) -> Result<Failure, StoreError> {
        self.ignore_pending_in_git()?;
        let folder = path.file(EVIDENCE_SUFFIX);
        stays_within(self.root(), &folder)?;
        let folder = self.root().join(folder);
        let write = |name: &str, bytes: &[u8]| write(&folder, name, bytes);
        fs_err::create_dir_all(&folder).map_err(|source| StoreError::Write { source })?;
        let screenshot = screenshot
            .map(|bytes| write("failure.png", bytes))
            .transpose()?;
        Ok(Failure {
            screenshot,
            snapshot: write("failure.aria.yml", snapshot.as_bytes())?,
        })
    }
}

fn write(folder: &Path, name: &str, bytes: &[u8]) -> Result<PathBuf, StoreError> {
    let file = folder.join(name);
    fs_err::write(&file, bytes).map_err(|source| StoreError::Write { source })?;
    Ok(file)
}
