//! Writes to the folder. A file is written under a temporary name, synced, and renamed. Git ignores a
//! temporary file that a crash leaves, and the next run deletes it unless another process holds it.

use std::io::{self, Write};
use std::path::{Path, PathBuf};

use tempfile::NamedTempFile;

use super::{EVIDENCE_SUFFIX, PENDING_SUFFIX, Store, StoreError};
use crate::baseline::{BaselinePath, stays_within};
use crate::new_file::new_file_in;

const GITIGNORE: &str = "\
# Written by ariasnap: do not commit pending snapshots.
*.aria.yml.new
*.aria.yml.evidence/
.ariasnap-*
";

impl Store {
    /// Writes or replaces a file.
    pub(super) fn replace(&self, relative: &Path, text: &str) -> Result<PathBuf, StoreError> {
        self.replace_bytes(relative, text.as_bytes())
    }

    pub(super) fn replace_bytes(
        &self,
        relative: &Path,
        bytes: &[u8],
    ) -> Result<PathBuf, StoreError> {
        let file = self.replace_passing(relative, bytes)?;
        sync_folder(&file);
        Ok(file)
    }

    /// The same for a file that another run can make again: without waiting for the folder to be synced.
    pub(super) fn replace_passing(
        &self,
        relative: &Path,
        bytes: &[u8],
    ) -> Result<PathBuf, StoreError> {
        let file = self.root.join(relative);
        self.temporary(relative, bytes)?
            .persist(&file)
            .map_err(|error| failed(&file, error.error))?;
        Ok(file)
    }

    /// Writes a new file. Fails if the file exists.
    pub(super) fn create(&self, relative: &Path, text: &str) -> Result<(), StoreError> {
        let file = self.root.join(relative);
        self.temporary(relative, text.as_bytes())?
            .persist_noclobber(&file)
            .map_err(|error| failed(&file, error.error))?;
        sync_folder(&file);
        Ok(())
    }

    fn temporary(&self, relative: &Path, bytes: &[u8]) -> Result<NamedTempFile, StoreError> {
        stays_within(&self.root, relative)?;
        let file = self.root.join(relative);
        let folder = file.parent().unwrap_or(&self.root);
        let write = || -> io::Result<NamedTempFile> {
            let mut temporary = temporary_in(folder)?;
            temporary.write_all(bytes)?;
            temporary.as_file().sync_all()?;
            Ok(temporary)
        };
        write().map_err(|error| failed(&file, error))
    }

    /// Deletes a pending snapshot, its evidence, and folders that become empty.
    pub(super) fn discard(&self, path: &BaselinePath) -> Result<bool, StoreError> {
        let relative = path.file(PENDING_SUFFIX);
        stays_within(&self.root, &relative)?;
        let file = self.root.join(&relative);
        let evidence = self.root.join(path.file(EVIDENCE_SUFFIX));
        let removed_evidence = removed(fs_err::remove_dir_all(evidence))?;
        let removed_pending = removed(fs_err::remove_file(&file))?;
        self.remove_empty_folders(&file);
        Ok(removed_pending || removed_evidence)
    }

    /// Deletes a pending snapshot but not its evidence; `false` if there was none.
    ///
    /// # Errors
    /// The file cannot be removed.
    pub fn discard_pending(&self, path: &BaselinePath) -> Result<bool, StoreError> {
        let relative = path.file(PENDING_SUFFIX);
        stays_within(&self.root, &relative)?;
        removed(fs_err::remove_file(self.root.join(&relative)))
    }

    /// Deletes a baseline; `false` if there was none.
    ///
    /// # Errors
    /// The file cannot be removed.
    pub fn remove_baseline(&self, path: &BaselinePath) -> Result<bool, StoreError> {
        let relative = path.file(crate::baseline::SUFFIX);
        stays_within(&self.root, &relative)?;
        let file = self.root.join(&relative);
        let was_there = removed(fs_err::remove_file(&file))?;
        self.remove_empty_folders(&file);
        Ok(was_there)
    }

    pub(super) fn remove_empty_folders(&self, file: &Path) {
        let below_root = file
            .ancestors()
            .skip(1)
            .take_while(|folder| *folder != self.root);
        for folder in below_root {
            // Only empty folders can be removed this way.
            if std::fs::remove_dir(folder).is_err() {
                break;
            }
        }
    }

    pub(super) fn ignore_pending_in_git(&self) -> Result<(), StoreError> {
        let relative = Path::new(".gitignore");
        if self.root.join(relative).symlink_metadata().is_ok() {
            return Ok(());
        }
        match self.create(relative, GITIGNORE) {
            // Another worker created it at the same time.
            Err(StoreError::Write { source }) if source.kind() == io::ErrorKind::AlreadyExists => {
                Ok(())
            }
            other => other,
        }
    }
}

/// Creates a temporary file, and its folder if necessary.
fn temporary_in(folder: &Path) -> io::Result<NamedTempFile> {
    /// Another worker may delete the empty folder before the file is created.
    const ATTEMPTS: usize = 20;
    let make = || {
        fs_err::create_dir_all(folder)?;
        new_file_in(folder)
    };
    let mut made = make();
    for _ in 1..ATTEMPTS {
        match &made {
            Err(error) if error.kind() == io::ErrorKind::NotFound => made = make(),
            Ok(_) | Err(_) => break,
        }
    }
    made
}

pub(super) fn failed(file: &Path, error: io::Error) -> StoreError {
    let message = format!("{}: {error}", file.display());
    StoreError::Write {
        source: io::Error::new(error.kind(), message),
    }
}

fn removed(result: io::Result<()>) -> Result<bool, StoreError> {
    match result {
        Ok(()) => Ok(true),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(false),
        Err(source) => Err(StoreError::Write { source }),
    }
}

/// Syncs the folder, so that the rename survives a power failure. Errors do not matter: the file is complete
/// either way.
fn sync_folder(file: &Path) {
    if let Some(folder) = file.parent()
        && let Ok(folder) = std::fs::File::open(folder)
    {
        let _ = folder.sync_all();
    }
}
