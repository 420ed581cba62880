//! Files that commands write where the user says.

use std::io::{self, Write as _};
use std::path::Path;

use crate::new_file::{new_file_in, remove_abandoned_in};

/// The whole text, or the file that was there before. What is no file, such as `/dev/stdout` or a
/// named pipe, is written to and stays what it is.
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

/// Whether the file could be written, as far as that can be told without writing it.
pub(super) fn check(file: &Path) -> io::Result<()> {
    if is_special(file) {
        return Ok(());
    }
    temporary(file).map(|_| ())
}

/// What to do where a file cannot be written.
pub(super) fn help(error: &io::Error) -> &'static str {
    match error.kind() {
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => {
            "make room, or name a place that has some"
        }
        io::ErrorKind::NotFound => "make its folder first",
        io::ErrorKind::AlreadyExists | io::ErrorKind::NotADirectory => {
            "what is to be its folder is a file: name another one"
        }
        _ => "name a file in a folder that you may write to",
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
    // Its own words name the file that is there for a moment only.
    new_file_in(folder).map_err(|error| error.kind().into())
}
