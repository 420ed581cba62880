//! Reads files that others wrote. Refuses FIFOs, devices, folders and very large files.

use std::fmt;
use std::fs::{File, FileType, Metadata, OpenOptions};
use std::io::{self, Read as _};
use std::path::Path;

/// The size limit of configurations, specs, baselines and their evidence.
pub const LONGEST: u64 = 256 << 20;

/// Whether to follow a symbolic link.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Links {
    /// Follow it.
    Followed,
    /// Refuse it.
    Refused,
}

/// Kinds of files other than regular ones.
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
    /// Returns the kind; `None` for a regular file.
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
            Kind::Other => "a special file",
        })
    }
}

/// Reads a whole file of at most `longest` bytes.
///
/// # Errors
/// The file is missing, unreadable, too long or not a regular file. The message names it.
pub fn read(path: &Path, longest: u64, links: Links) -> io::Result<Vec<u8>> {
    let named = |error: io::Error| {
        let message = format!("{}: {error}", path.display());
        io::Error::new(error.kind(), message)
    };
    // Check the kind first, because opening a device can have effects.
    let found = match links {
        Links::Followed => path.metadata(),
        Links::Refused => path.symlink_metadata(),
    };
    check(&found.map_err(named)?, path, longest)?;
    let file = open(path, links).map_err(named)?;
    // The file may have been replaced since.
    let found = file.metadata().map_err(named)?;
    check(&found, path, longest)?;
    if is_of_kernel(&file) {
        let message = format!("{} is a file of the kernel", path.display());
        return Err(io::Error::new(io::ErrorKind::InvalidInput, message));
    }
    let mut bytes = Vec::with_capacity(usize::try_from(found.len()).unwrap_or_default());
    let mut file = file.take(longest + 1);
    file.read_to_end(&mut bytes).map_err(named)?;
    if bytes.len() as u64 > longest {
        return Err(too_long(path, longest));
    }
    Ok(bytes)
}

/// Returns whether a file is in `/proc`. If a spec were a link to `/proc/self/environ`, its error would print
/// the environment and its secrets.
fn is_of_kernel(file: &File) -> bool {
    #[cfg(target_os = "linux")]
    {
        let system = rustix::fs::fstatfs(file);
        system.is_ok_and(|system| system.f_type == rustix::fs::PROC_SUPER_MAGIC)
    }
    #[cfg(not(target_os = "linux"))]
    {
        let _ = file;
        false
    }
}

/// Opens the file without waiting for a writer, in case it is a FIFO.
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
