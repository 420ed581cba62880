//! The machine that a browser has to run on.

use std::path::{Path, PathBuf};

/// An operating system that browsers are published for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum System {
    /// Linux, and the BSDs, which behave like it.
    Linux,
    /// macOS.
    MacOs,
}

/// A processor architecture.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Architecture {
    /// `x86_64`
    X64,
    /// `aarch64`
    Arm64,
    /// Any other: no build is published for it.
    Other,
}

/// Operating system and architecture together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs, reason = "the types say it")]
pub struct Platform {
    pub system: System,
    pub architecture: Architecture,
}

impl Platform {
    /// Returns the platform that this program was compiled for.
    pub const fn current() -> Platform {
        Platform {
            system: if cfg!(target_os = "macos") {
                System::MacOs
            } else {
                System::Linux
            },
            architecture: if cfg!(target_arch = "x86_64") {
                Architecture::X64
            } else if cfg!(target_arch = "aarch64") {
                Architecture::Arm64
            } else {
                Architecture::Other
            },
        }
    }

    /// Returns the loader that a published Linux binary names in its header. Without it (musl, NixOS) the
    /// binary cannot start.
    pub fn loader(self) -> Option<&'static Path> {
        match (self.system, self.architecture) {
            (System::Linux, Architecture::X64) => Some(Path::new("/lib64/ld-linux-x86-64.so.2")),
            (System::Linux, Architecture::Arm64) => Some(Path::new("/lib/ld-linux-aarch64.so.1")),
            (System::Linux, Architecture::Other) | (System::MacOs, _) => None,
        }
    }
}

/// Returns the first executable file of this name in the folders.
pub(crate) fn program_on(path: &[PathBuf], name: &str) -> Option<PathBuf> {
    path.iter()
        .map(|folder| folder.join(name))
        .find(|file| file.is_file() && may_execute(file))
}

/// Returns whether the kernel would let this user execute the file.
pub(crate) fn may_execute(file: &Path) -> bool {
    rustix::fs::access(file, rustix::fs::Access::EXEC_OK).is_ok()
}
