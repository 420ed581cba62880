//! Pending snapshots on their way from one machine to another.

use std::io;

use super::{EVIDENCE_SUFFIX, Store, StoreError};
use crate::baseline::BaselinePath;

impl Store {
    /// Takes over what is pending in another folder, with its evidence; what is pending here goes
    /// where nothing is there.
    ///
    /// # Errors
    /// A file cannot be read, is no pending snapshot, or cannot be written.
    pub fn adopt(&self, from: &Store, path: &BaselinePath) -> Result<(), StoreError> {
        let pending = from.pending(path)?;
        self.discard(path)?;
        let relative = path.file(EVIDENCE_SUFFIX);
        for name in from.evidence_files(path)? {
            let file = relative.join(name);
            if let Some(bytes) = from.read(&file)? {
                self.ignore_pending_in_git()?;
                self.replace_bytes(&file, &bytes)?;
            }
        }
        if let Some(pending) = pending {
            self.write_pending(path, &pending.text, pending.against)?;
        }
        Ok(())
    }

    fn evidence_files(&self, path: &BaselinePath) -> Result<Vec<std::ffi::OsString>, StoreError> {
        let entries = match fs_err::read_dir(self.root.join(path.file(EVIDENCE_SUFFIX))) {
            Ok(entries) => entries,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
            Err(source) => return Err(StoreError::Read { source }),
        };
        let mut names = Vec::new();
        for entry in entries {
            let entry = entry.map_err(|source| StoreError::Read { source })?;
            let kind = entry
                .file_type()
                .map_err(|source| StoreError::Read { source })?;
            if kind.is_file() {
                names.push(entry.file_name());
            }
        }
        names.sort();
        Ok(names)
    }
}
