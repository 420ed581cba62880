//! Files that are written beside their place, to take it in one step.

use std::io;
use std::path::Path;

use tempfile::NamedTempFile;

/// What the name of a file that is being written starts with.
pub const PREFIX: &str = ".ariasnap-";

/// An empty file in a folder, with the rights that any new file has: those of temporary files are for
/// their owner alone.
///
/// # Errors
/// The folder is missing, or may not be written to.
pub fn new_file_in(folder: &Path) -> io::Result<NamedTempFile> {
    let mut builder = tempfile::Builder::new();
    builder.prefix(PREFIX).suffix(".tmp");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        builder.permissions(std::fs::Permissions::from_mode(0o666));
    }
    builder.tempfile_in(folder)
}
