//! The machine that a browser has to run on.

use std::path::Path;

/// An operating system that browsers are published for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum System {
    /// Linux and whatever else behaves like it (the BSDs).
    Linux,
    /// macOS.
    MacOs,
    /// Windows.
    Windows,
}

/// A processor architecture, as far as browsers are published for it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Architecture {
    /// `x86_64`
    X64,
    /// `aarch64`
    Arm64,
    /// Any other: only the system's own packages can help.
    Other,
}

/// Operating system and architecture together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Platform {
    /// The operating system.
    pub system: System,
    /// The architecture.
    pub architecture: Architecture,
}

impl Platform {
    /// The platform that this program was compiled for.
    pub const fn current() -> Platform {
        let system = if cfg!(windows) {
            System::Windows
        } else if cfg!(target_os = "macos") {
            System::MacOs
        } else {
            System::Linux
        };
        let architecture = if cfg!(target_arch = "x86_64") {
            Architecture::X64
        } else if cfg!(target_arch = "aarch64") {
            Architecture::Arm64
        } else {
            Architecture::Other
        };
        Platform {
            system,
            architecture,
        }
    }

    /// The loader that a published Linux binary names in its header. Without it (musl, NixOS) such a
    /// binary cannot start, whatever else is there.
    pub fn loader(self) -> Option<&'static Path> {
        match (self.system, self.architecture) {
            (System::Linux, Architecture::X64) => Some(Path::new("/lib64/ld-linux-x86-64.so.2")),
            (System::Linux, Architecture::Arm64) => Some(Path::new("/lib/ld-linux-aarch64.so.1")),
            (System::Linux, Architecture::Other) | (System::MacOs | System::Windows, _) => None,
        }
    }

    /// The file name of a program: with `.exe` on Windows.
    pub fn program(self, name: &str) -> String {
        match self.system {
            System::Windows => format!("{name}.exe"),
            System::Linux | System::MacOs => name.to_owned(),
        }
    }
}

/// The first file of this name in the folders that may be executed.
pub(crate) fn program_on(path: &[std::path::PathBuf], name: &str) -> Option<std::path::PathBuf> {
    let name = Platform::current().program(name);
    path.iter()
        .map(|folder| folder.join(&name))
        .find(|file| file.is_file() && may_execute(file))
}

/// Whether the kernel would let this user execute the file.
#[cfg(unix)]
pub(crate) fn may_execute(file: &Path) -> bool {
    rustix::fs::access(file, rustix::fs::Access::EXEC_OK).is_ok()
}

/// Whether the file is of a kind that Windows executes; it has no such permission.
#[cfg(not(unix))]
pub(crate) fn may_execute(file: &Path) -> bool {
    file.extension()
        .is_some_and(|extension| extension.eq_ignore_ascii_case("exe"))
}
