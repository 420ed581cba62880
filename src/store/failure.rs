//! The screenshot and snapshot that a failed step leaves.

use std::path::PathBuf;

use super::{EVIDENCE_SUFFIX, Store, StoreError};
use crate::baseline::BaselinePath;

/// The page at the moment of a failure.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failure {
    /// The screenshot, JPEG.
    pub screenshot: Option<PathBuf>,
    /// The snapshot.
    pub snapshot: PathBuf,
}

impl Store {
    /// Writes them into the evidence folder of the snapshot that was not taken.
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
        let write = |name: &str, bytes: &[u8]| self.replace_bytes(&folder.join(name), bytes);
        let screenshot = screenshot
            .map(|bytes| write("failure.jpg", bytes))
            .transpose()?;
        Ok(Failure {
            screenshot,
            snapshot: write("failure.aria.yml", snapshot.as_bytes())?,
        })
    }
}
