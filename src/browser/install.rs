//! Downloads a pinned build of chrome-headless-shell.
//!
//! Everything here blocks and prints nothing; [`Event`]s report the progress.
//!
//! The archive is checked: its size and SHA-256 where they are pinned, its own checksums always, and last
//! that the unpacked binary reports the pinned version. Then it is renamed into place: a folder of this
//! name is a whole build, even if several installs run at the same time.

mod archive;
mod build;
mod download;

use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

pub use build::{BASE_URL, Build};
pub use download::Limits;

use super::command::{self, last_lines};
use super::platform::Platform;
use super::system;

/// How long a browser may take to report its version; the first start on a cold disk is slow.
const VERSION_DEADLINE: Duration = Duration::from_secs(60);

/// The prefix of the folders of unfinished installs.
const UNFINISHED: &str = ".installing-";

/// Progress of an install.
#[derive(Debug)]
pub enum Event<'a> {
    /// The server answered.
    Downloading {
        url: &'a str,
        /// The length of the archive, where the server reports it.
        bytes: Option<u64>,
    },
    /// The number of bytes received so far.
    Received {
        bytes: u64,
    },
    Unpacking,
    /// The unpacked browser is asked for its version.
    Checking {
        executable: &'a Path,
    },
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Installed {
    pub executable: PathBuf,
    pub version: String,
    /// Whether it was there before.
    pub is_old: bool,
}

/// Why the pinned build cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum BuildError {
    #[error(
        "Chrome for Testing publishes no chrome-headless-shell that runs on this system ({})",
        std::env::consts::ARCH
    )]
    NotPublished,
    #[error("{url} cannot be reached: {source}")]
    Unreachable {
        url: String,
        source: Box<ureq::Error>,
    },
    #[error("{url} cannot be downloaded: the server answered with status {status}")]
    Status { url: String, status: u16 },
    #[error(
        "the download of {url} broke off after {received} bytes{}: {reason}",
        announced.map_or_else(String::new, |bytes| format!(" of {bytes}"))
    )]
    Truncated {
        url: String,
        received: u64,
        announced: Option<u64>,
        reason: String,
    },
    #[error(
        "{url} is not the expected archive: it has {} bytes instead of {expected}; a proxy or a sign-in \
         page may have answered",
        if *.got == expected + 1 { format!("more than {expected}") } else { got.to_string() }
    )]
    Size {
        url: String,
        expected: u64,
        /// One more than expected where the server was still sending.
        got: u64,
    },
    #[error("{url} is not the expected archive: its SHA-256 is {got} instead of {expected}")]
    Checksum {
        url: String,
        expected: String,
        got: String,
    },
    #[error("the archive cannot be unpacked: {0}")]
    Archive(#[source] zip::result::ZipError),
    #[error("the archive is refused: its entry `{entry}` is outside of the target folder")]
    Outside { entry: String },
    #[error("the archive has no `{name}`")]
    NoExecutable { name: String },
    #[error("the downloaded browser should have version {expected}, but reports `{answer}`")]
    Version { expected: String, answer: String },
    #[error("{} does not start: {reason}", .executable.display())]
    DoesNotStart { executable: PathBuf, reason: String },
    #[error("the downloaded browser needs libraries that this system does not have: {}", .names.join(", "))]
    Libraries { names: Vec<String> },
    #[error("{}: {source}", .path.display())]
    File {
        path: PathBuf,
        source: std::io::Error,
    },
}

/// Why no browser was installed, and what the user can do.
#[derive(Debug, thiserror::Error)]
#[error("no browser was installed: {reason}\n  {}", .advice.join("\n  "))]
pub struct InstallError {
    pub reason: BuildError,
    pub advice: Vec<String>,
}

/// What to install, and where.
#[derive(Debug, Clone)]
pub struct Installer {
    /// `None` where no published build runs.
    pub build: Option<Build>,
    /// The folder of builds: [`super::find::Search::own_cache`].
    pub folder: PathBuf,
    /// The server, without a slash at the end: `BASE_URL`.
    pub base_url: String,
    /// A proxy's URL.
    pub proxy: Option<String>,
    pub limits: Limits,
    /// The folders of `$PATH`.
    pub path: Vec<PathBuf>,
}

impl Installer {
    /// Returns an installer of the pinned build for this machine.
    pub fn new(folder: PathBuf, path: Vec<PathBuf>) -> Installer {
        let platform = Platform::current();
        let has_loader = platform.loader().is_none_or(Path::exists);
        Installer {
            build: Build::pinned(platform).filter(|_| has_loader),
            folder,
            base_url: BASE_URL.to_owned(),
            proxy: None,
            limits: Limits::default(),
            path,
        }
    }

    /// Installs the build, unless it is installed already.
    pub fn install(&self, on: &mut dyn FnMut(Event<'_>)) -> Result<Installed, InstallError> {
        let installed = match &self.build {
            Some(build) => self.install_build(build, on),
            None => Err(BuildError::NotPublished),
        };
        installed.map_err(|reason| InstallError {
            advice: self.advice(&reason),
            reason,
        })
    }

    fn install_build(
        &self,
        build: &Build,
        on: &mut dyn FnMut(Event<'_>),
    ) -> Result<Installed, BuildError> {
        let place = self.folder.join(build.folder());
        let executable = place.join(build.executable());
        let installed = |is_old| Installed {
            executable: executable.clone(),
            version: build.version.clone(),
            is_old,
        };
        if executable.exists() && self.check(build, &executable, on).is_ok() {
            return Ok(installed(true));
        }

        let file = |path: &Path| {
            let path = path.to_owned();
            move |source| BuildError::File { path, source }
        };
        fs_err::create_dir_all(&self.folder).map_err(file(&self.folder))?;
        remove_unfinished(&self.folder);
        let work = tempfile::Builder::new()
            .prefix(UNFINISHED)
            .tempdir_in(&self.folder)
            .map_err(file(&self.folder))?;

        let zip = work.path().join("archive.zip");
        self.download(build, &zip, on)?;
        on(Event::Unpacking);
        let unpacked = work.path().join("unpacked");
        archive::unpack(&zip, &unpacked)?;
        self.check(build, &unpacked.join(build.executable()), on)?;

        if let Err(source) = put(build, &unpacked, &place, work.path()) {
            // Another install may have been faster; its build is as good.
            if self.check(build, &executable, on).is_err() {
                return Err(file(&place)(source));
            }
        }
        Ok(installed(false))
    }

    /// Checks that a browser starts and has the version of the build.
    fn check(
        &self,
        build: &Build,
        executable: &Path,
        on: &mut dyn FnMut(Event<'_>),
    ) -> Result<(), BuildError> {
        if !executable.exists() {
            return Err(BuildError::NoExecutable {
                name: build.executable(),
            });
        }
        on(Event::Checking { executable });
        let answer = version(executable).map_err(|error| {
            let names = system::missing_libraries(&self.path, executable);
            if names.is_empty() {
                error
            } else {
                BuildError::Libraries { names }
            }
        })?;
        if is_version(&answer, &build.version) {
            Ok(())
        } else {
            Err(BuildError::Version {
                expected: build.version.clone(),
                answer: answer.trim().to_owned(),
            })
        }
    }

    fn advice(&self, reason: &BuildError) -> Vec<String> {
        if let BuildError::Libraries { .. } = reason {
            let install = system::how_to_install_libraries(&self.path);
            return vec![install, "then run `ariasnap browser install` again".into()];
        }
        let mut advice = vec![system::how_to_install_a_browser(&self.path)];
        advice.extend(self.build.as_ref().map(|build| {
            format!(
                "or unpack {} and name its executable with `browser.path` in ariasnap.yml or with ARIASNAP_BROWSER",
                build.url(&self.base_url)
            )
        }));
        advice
    }
}

/// Renames the build to its place. A build that does not work is replaced.
fn put(build: &Build, unpacked: &Path, place: &Path, work: &Path) -> std::io::Result<()> {
    let works = || {
        let answer = version(&place.join(build.executable()));
        answer.is_ok_and(|text| is_version(&text, &build.version))
    };
    match fs_err::rename(unpacked, place) {
        Err(error) if !place.exists() => Err(error),
        Err(_) if !works() => {
            fs_err::rename(place, work.join("replaced"))?;
            fs_err::rename(unpacked, place)
        }
        _ => Ok(()),
    }
}

/// Returns what a browser prints as its version, such as `Chromium 156.0.8078.79`.
pub fn version(executable: &Path) -> Result<String, BuildError> {
    let failed = |reason: String| BuildError::DoesNotStart {
        executable: executable.to_owned(),
        reason,
    };
    let mut command = std::process::Command::new(executable);
    let ended = command::run(command.arg("--version"), VERSION_DEADLINE)
        .map_err(|error| failed(error.to_string()))?;
    if ended.success {
        return Ok(ended.output);
    }
    let lines = last_lines(&ended.output, 10).join("\n");
    Err(failed(format!("{}\n{lines}", ended.status)))
}

fn is_version(answer: &str, version: &str) -> bool {
    answer.split_whitespace().any(|word| word == version)
}

/// Removes the folders of killed installs, a day after they began.
fn remove_unfinished(folder: &Path) {
    const DAY: Duration = Duration::from_secs(24 * 60 * 60);
    for entry in fs_err::read_dir(folder).into_iter().flatten().flatten() {
        let modified = entry.metadata().and_then(|facts| facts.modified());
        let age = modified.map(|then| SystemTime::now().duration_since(then));
        let is_old = matches!(age, Ok(Ok(age)) if age > DAY);
        if is_old && entry.file_name().to_string_lossy().starts_with(UNFINISHED) {
            // Another install may be removing it too. The next install tries again.
            let _ = fs_err::remove_dir_all(entry.path());
        }
    }
}
