//! Files that the user names for output.

use std::io::{self, Write as _};
use std::path::Path;

use crate::new_file::{new_file_in, remove_abandoned_in};

/// Writes a file atomically. A device or a named pipe, such as `/dev/stdout`, is written to directly.
pub(super) fn put(file: &Path, text: &str) -> io::Result<()> {
    if is_special(file) {
        let mut special = std::fs::OpenOptions::new().write(true).open(file)?;
        special.write_all(text.as_bytes())?;
        return special.flush();
    }
    if let Some(folder) = file.parent() {
        remove_abandoned_in(folder);
    }
    let mut temporary = temporary(file)?;
    temporary.write_all(text.as_bytes())?;
    temporary.persist(file).map_err(|error| error.error)?;
    Ok(())
}

/// Checks that the file can be written, without writing it.
pub(super) fn check(file: &Path) -> io::Result<()> {
    if is_special(file) {
        return Ok(());
    }
    temporary(file).map(|_| ())
}

/// Returns advice for a file that cannot be written.
pub(super) fn help(error: &io::Error) -> &'static str {
    match error.kind() {
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => {
            "free some space, or name another file"
        }
        io::ErrorKind::NotFound => "create its folder first",
        io::ErrorKind::AlreadyExists | io::ErrorKind::NotADirectory => {
            "its folder is a file; name another one"
        }
        _ => "name a file in a folder where you may write",
    }
}

fn is_special(file: &Path) -> bool {
    std::fs::metadata(file).is_ok_and(|entry| !entry.is_file() && !entry.is_dir())
}

fn temporary(file: &Path) -> io::Result<tempfile::NamedTempFile> {
    let folder = match file.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    };
    // The error itself names the temporary file.
    new_file_in(folder).map_err(|error| error.kind().into())
}
