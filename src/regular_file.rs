//! Reading files that others wrote: a FIFO, a device or a folder in their place is refused instead of
//! waited for, and no file fills the memory.

use std::fmt;
use std::fs::{File, FileType, Metadata, OpenOptions};
use std::io::{self, Read as _};
use std::path::Path;

/// What may be read at most of a configuration, a spec, a baseline, and of what belongs to them.
pub const LONGEST: u64 = 256 << 20;

/// Whether a symbolic link at the place of the file is followed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Links {
    /// The file may be a link to one.
    Followed,
    /// A link is refused.
    Refused,
}

/// What something is that is no regular file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Folder,
    Link,
    Fifo,
    Socket,
    Device,
    Other,
}

impl Kind {
    /// Returns the kind; `None` of a regular file.
    fn of(file: FileType) -> Option<Kind> {
        #[cfg(unix)]
        {
            use std::os::unix::fs::FileTypeExt as _;
            if file.is_fifo() {
                return Some(Kind::Fifo);
            }
            if file.is_socket() {
                return Some(Kind::Socket);
            }
            if file.is_block_device() || file.is_char_device() {
                return Some(Kind::Device);
            }
        }
        if file.is_file() {
            None
        } else if file.is_dir() {
            Some(Kind::Folder)
        } else if file.is_symlink() {
            Some(Kind::Link)
        } else {
            Some(Kind::Other)
        }
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Kind::Folder => "a folder",
            Kind::Link => "a symbolic link",
            Kind::Fifo => "a FIFO",
            Kind::Socket => "a socket",
            Kind::Device => "a device",
            Kind::Other => "no regular file",
        })
    }
}

/// Reads a whole file of at most so many bytes.
///
/// # Errors
/// The file is missing, cannot be read, is longer, or is no regular file. The message names it.
pub fn read(path: &Path, longest: u64, links: Links) -> io::Result<Vec<u8>> {
    let named = |error: io::Error| {
        let message = format!("{}: {error}", path.display());
        io::Error::new(error.kind(), message)
    };
    // Opening a device can already do something, so it is looked at first.
    let found = match links {
        Links::Followed => path.metadata(),
        Links::Refused => path.symlink_metadata(),
    };
    check(&found.map_err(named)?, path, longest)?;
    let file = open(path, links).map_err(named)?;
    // Another one may be there by now.
    let found = file.metadata().map_err(named)?;
    check(&found, path, longest)?;
    let mut bytes = Vec::with_capacity(usize::try_from(found.len()).unwrap_or_default());
    let mut file = file.take(longest + 1);
    file.read_to_end(&mut bytes).map_err(named)?;
    if bytes.len() as u64 > longest {
        return Err(too_long(path, longest));
    }
    Ok(bytes)
}

/// Opens without waiting for a writer, should it be a FIFO all the same.
fn open(path: &Path, links: Links) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.read(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt as _;
        let mut flags = rustix::fs::OFlags::NONBLOCK;
        if links == Links::Refused {
            flags |= rustix::fs::OFlags::NOFOLLOW;
        }
        options.custom_flags(flags.bits().cast_signed());
    }
    options.open(path)
}

fn check(found: &Metadata, path: &Path, longest: u64) -> io::Result<()> {
    if let Some(kind) = Kind::of(found.file_type()) {
        let message = format!("{} is {kind}, not a file", path.display());
        return Err(io::Error::new(io::ErrorKind::InvalidInput, message));
    }
    if found.len() > longest {
        return Err(too_long(path, longest));
    }
    Ok(())
}

fn too_long(path: &Path, longest: u64) -> io::Error {
    let message = format!("{} is longer than {} MiB", path.display(), longest >> 20);
    io::Error::new(io::ErrorKind::FileTooLarge, message)
}
