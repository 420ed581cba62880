//! Files that commands write where the user says.

use std::io::{self, Write as _};
use std::path::Path;

/// The whole text, or the file that was there before. What is no file, such as `/dev/stdout` or a
/// named pipe, is written to and stays what it is.
pub(super) fn put(file: &Path, text: &str) -> io::Result<()> {
    if is_special(file) {
        let mut special = std::fs::OpenOptions::new().write(true).open(file)?;
        special.write_all(text.as_bytes())?;
        return special.flush();
    }
    let mut temporary = temporary(file)?;
    temporary.write_all(text.as_bytes())?;
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        let readable = std::fs::Permissions::from_mode(0o644);
        temporary.as_file().set_permissions(readable)?;
    }
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
    let mut builder = tempfile::Builder::new();
    builder.prefix(".ariasnap-");
    #[cfg(unix)]
    {
        // The default is readable for the owner alone; this is as any other new file.
        use std::os::unix::fs::PermissionsExt;
        builder.permissions(std::fs::Permissions::from_mode(0o666));
    }
    let made = builder.tempfile_in(folder);
    // Its own words name the file that is there for a moment only.
    made.map_err(|error| error.kind().into())
}
