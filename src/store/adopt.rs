//! Copies pending snapshots from another machine.

use std::path::Path;

use super::evidence::{FILES, Record, Screenshot};
use super::{EVIDENCE_SUFFIX, Store, StoreError};
use crate::baseline::BaselinePath;
use crate::regular_file::LONGEST;

impl Store {
    /// Replaces the pending snapshot and its evidence with those of another folder, if it has any. Reads and
    /// checks all files before it changes anything.
    ///
    /// # Errors
    /// A file cannot be read, is invalid, or cannot be written.
    pub fn adopt(&self, from: &Store, path: &BaselinePath) -> Result<(), StoreError> {
        let pending = from.pending(path)?;
        let mut files = Vec::new();
        if let Some(pending) = &pending {
            let record = from.record(path, &pending.text)?;
            if let Some(record) = &record {
                files = from.evidence_files(path, record)?;
            }
        }
        for name in FILES {
            let file = path.file(EVIDENCE_SUFFIX).join(name);
            if let Some(bytes) = from.read_evidence(&file, LONGEST)? {
                files.push((file, bytes));
            }
        }
        self.discard(path)?;
        for (file, bytes) in files {
            self.ignore_pending_in_git()?;
            self.replace_bytes(&file, &bytes)?;
        }
        if let Some(pending) = pending {
            self.write_pending(path, &pending.text, pending.against)?;
        }
        Ok(())
    }

    /// Reads the evidence files of a record.
    fn evidence_files(
        &self,
        path: &BaselinePath,
        record: &Record,
    ) -> Result<Vec<(std::path::PathBuf, Vec<u8>)>, StoreError> {
        let folder = path.file(EVIDENCE_SUFFIX);
        let mut files = Vec::new();
        for name in [super::evidence::RECORD, super::evidence::TREE] {
            let file = folder.join(name);
            if let Some(bytes) = self.read_evidence(&file, LONGEST)? {
                files.push((file, bytes));
            }
        }
        let screenshot: Option<&Screenshot> = record.evidence.screenshot.as_ref();
        if let Some(screenshot) = screenshot
            && let Some(bytes) = self.picture(path, screenshot)?
        {
            files.push((folder.join(Path::new(&screenshot.file)), bytes));
        }
        Ok(files)
    }
}
