//! Getting a browser: a pinned build of chrome-headless-shell, else the system's own package.
//!
//! Everything here blocks; nothing is printed. What happens is told through [`Event`]s as it happens.
//!
//! What arrives is checked: its size and SHA-256 where they are pinned, the archive's own checksums
//! always, and at last that the unpacked binary gives the pinned version as its own. Then it is renamed
//! into place, so that a folder of this name is a whole build, whoever else installs at the same time.

mod archive;
mod download;
pub mod fonts;
pub mod libraries;
pub mod packages;
mod release;

use std::fmt;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

pub use download::{DownloadError, Limits};
pub use release::{BASE_URL, Build};

use super::command::{self, last_lines};
use super::platform::Platform;
use packages::{Manager, PackageError, Packages};

/// How long a browser may take to say its version; the first start on a cold disk is slow.
const VERSION_DEADLINE: Duration = Duration::from_secs(60);

/// Folders of installs that were broken off.
const UNFINISHED: &str = ".installing-";

/// Something that happened on the way, in the order of happening.
#[derive(Debug)]
pub enum Event<'a> {
    /// The server answered, and the body follows.
    Downloading {
        /// From where.
        url: &'a str,
        /// The whole length, where the server tells it.
        bytes: Option<u64>,
    },
    /// So much of it is here.
    Received {
        /// Bytes from the start.
        bytes: u64,
    },
    /// The archive is whole and is being unpacked.
    Unpacking,
    /// The unpacked browser is asked for its version.
    Checking {
        /// The browser.
        executable: &'a Path,
    },
    /// No build by download; the reason is in the last error too, should all fail.
    DownloadFailed {
        /// Why.
        error: &'a DownloadError,
    },
    /// The downloaded browser needs libraries that the system does not have.
    MissingLibraries {
        /// Their file names.
        names: &'a [String],
    },
    /// The system has no fonts, without which pages have no text to lay out.
    NoFonts,
    /// A command of the system's package manager starts.
    Running {
        /// As it would be typed.
        command: &'a str,
    },
    /// Fonts could not be installed: the browser is there all the same.
    FontsFailed {
        /// Why.
        error: &'a PackageError,
    },
}

/// What there is now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Installed {
    /// A downloaded build.
    Build {
        /// The browser.
        executable: PathBuf,
        /// Its version.
        version: String,
        /// Whether it was there before.
        before: bool,
    },
    /// A package of the system; [`super::find::Search::find`] tells where.
    Package {
        /// Who installed it.
        manager: Manager,
        /// Its name.
        package: &'static str,
    },
}

/// One way that was tried.
#[derive(Debug, thiserror::Error)]
pub enum Attempt {
    /// Downloading.
    #[error("{0}")]
    Download(DownloadError),
    /// Chrome for Testing has nothing for this system.
    #[error(
        "Chrome for Testing publishes no chrome-headless-shell that runs on this system ({})",
        std::env::consts::ARCH
    )]
    NoBuild,
    /// The package manager.
    #[error("{0}")]
    Package(PackageError),
    /// The caller did not want the package manager to be used.
    #[error("the system's package manager was not to be used")]
    PackagesRefused,
}

/// No browser: what was tried, why each failed, and what the user can do.
#[derive(Debug)]
pub struct InstallError {
    /// In the order of trying.
    pub attempts: Vec<Attempt>,
    /// Sentences and commands, one a line.
    pub advice: Vec<String>,
}

impl std::error::Error for InstallError {}

impl fmt::Display for InstallError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("no browser could be installed")?;
        for attempt in &self.attempts {
            write!(f, "\n- {}", attempt.to_string().replace('\n', "\n  "))?;
        }
        f.write_str("\nwhat you can do:")?;
        for line in &self.advice {
            write!(f, "\n  {line}")?;
        }
        Ok(())
    }
}

/// An order to install.
#[derive(Debug, Clone)]
pub struct Installer {
    /// What to download; none where nothing published runs here.
    pub build: Option<Build>,
    /// Where builds are kept: [`super::find::Search::own_cache`].
    pub folder: PathBuf,
    /// The server, without a slash at the end: [`BASE_URL`].
    pub base_url: String,
    /// A proxy's URL.
    pub proxy: Option<String>,
    /// How long things may take.
    pub limits: Limits,
    /// The folders of `$PATH`, for `ldd`.
    pub path: Vec<PathBuf>,
    /// How to reach the package manager; none where it is not to be used for browsers and libraries.
    pub packages: Option<Packages>,
}

impl Installer {
    /// The pinned build for this machine into `folder`, without the package manager.
    pub fn new(folder: PathBuf, path: Vec<PathBuf>) -> Installer {
        Installer {
            build: Build::pinned(Platform::current()).filter(|_| {
                Platform::current()
                    .loader()
                    .is_none_or(|loader| loader.exists())
            }),
            folder,
            base_url: BASE_URL.to_owned(),
            proxy: None,
            limits: Limits::default(),
            path,
            packages: None,
        }
    }

    /// Installs, by download if that can be, else by the package manager.
    ///
    /// # Errors
    /// Every way failed.
    pub fn install(&self, on: &mut dyn FnMut(Event<'_>)) -> Result<Installed, InstallError> {
        let mut attempts = Vec::new();
        match &self.build {
            None => attempts.push(Attempt::NoBuild),
            Some(build) => match self.build(build, on) {
                Ok(installed) => {
                    self.fonts(on);
                    return Ok(installed);
                }
                Err(error) => {
                    on(Event::DownloadFailed { error: &error });
                    attempts.push(Attempt::Download(error));
                }
            },
        }
        match &self.packages {
            None => attempts.push(Attempt::PackagesRefused),
            Some(packages) => match packages.browser(on) {
                Ok((manager, package)) => {
                    self.fonts(on);
                    return Ok(Installed::Package { manager, package });
                }
                Err(errors) => attempts.extend(errors.into_iter().map(Attempt::Package)),
            },
        }
        let advice = self.advice(&attempts);
        Err(InstallError { attempts, advice })
    }

    /// The build, downloaded unless it is there.
    fn build(
        &self,
        build: &Build,
        on: &mut dyn FnMut(Event<'_>),
    ) -> Result<Installed, DownloadError> {
        let place = self.folder.join(build.folder());
        let executable = place.join(build.executable());
        let installed = |before| Installed::Build {
            executable: executable.clone(),
            version: build.version.clone(),
            before,
        };
        if executable.exists() && self.answers(build, &executable, on).is_ok() {
            return Ok(installed(true));
        }

        let file = |path: &Path| {
            let path = path.to_owned();
            move |source| DownloadError::File { path, source }
        };
        fs_err::create_dir_all(&self.folder).map_err(file(&self.folder))?;
        remove_unfinished(&self.folder);
        let work = tempfile::Builder::new()
            .prefix(UNFINISHED)
            .tempdir_in(&self.folder)
            .map_err(file(&self.folder))?;

        let zip = work.path().join("archive.zip");
        let url = build.url(&self.base_url);
        download::fetch(&url, build, self.proxy.as_deref(), &self.limits, &zip, on)?;
        on(Event::Unpacking);
        let unpacked = work.path().join("unpacked");
        archive::unpack(&zip, &unpacked)?;
        self.answers(build, &unpacked.join(build.executable()), on)?;

        if let Err(source) = self.put(&unpacked, &place, work.path()) {
            // Another install may have been faster; its build is as good.
            if self.answers(build, &executable, on).is_err() {
                return Err(DownloadError::File {
                    path: place,
                    source,
                });
            }
        }
        Ok(installed(false))
    }

    /// Renames the build to its place; what is there and does not work goes with the working folder.
    fn put(&self, unpacked: &Path, place: &Path, work: &Path) -> std::io::Result<()> {
        match fs_err::rename(unpacked, place) {
            Ok(()) => Ok(()),
            Err(error) if !place.exists() => Err(error),
            Err(_) if self.works(place) => Ok(()),
            Err(_) => {
                fs_err::rename(place, work.join("replaced"))?;
                fs_err::rename(unpacked, place)
            }
        }
    }

    fn works(&self, place: &Path) -> bool {
        self.build.as_ref().is_some_and(|build| {
            version(&place.join(build.executable())).is_ok_and(|text| gives(&text, &build.version))
        })
    }

    /// Whether the browser starts and is of the version it should be; missing libraries are
    /// installed where the package manager may be used.
    fn answers(
        &self,
        build: &Build,
        executable: &Path,
        on: &mut dyn FnMut(Event<'_>),
    ) -> Result<(), DownloadError> {
        if !executable.exists() {
            return Err(DownloadError::NoExecutable {
                name: build.executable(),
            });
        }
        on(Event::Checking { executable });
        let answer = version(executable).or_else(|error| {
            let names = libraries::missing(&self.path, executable);
            if names.is_empty() {
                return Err(error);
            }
            on(Event::MissingLibraries { names: &names });
            let lacks = |names| DownloadError::Libraries { names };
            match &self.packages {
                Some(packages) if packages.libraries(&names, on).is_ok() => {
                    version(executable).map_err(|_| lacks(names))
                }
                _ => Err(lacks(names)),
            }
        })?;
        // A Windows program without a console gives no answer.
        if gives(&answer, &build.version) || (cfg!(windows) && answer.trim().is_empty()) {
            Ok(())
        } else {
            Err(DownloadError::Version {
                expected: build.version.clone(),
                answer: answer.trim().to_owned(),
            })
        }
    }

    fn fonts(&self, on: &mut dyn FnMut(Event<'_>)) {
        let Some(packages) = &self.packages else {
            return;
        };
        if fonts::present(&packages.path, &packages.fonts) {
            return;
        }
        on(Event::NoFonts);
        if let Err(error) = packages.fonts(on) {
            on(Event::FontsFailed { error: &error });
        }
    }

    fn advice(&self, attempts: &[Attempt]) -> Vec<String> {
        let mut advice = Vec::new();
        for attempt in attempts {
            if let Attempt::Download(DownloadError::Libraries { names }) = attempt {
                advice.extend(libraries::advice(names));
            }
        }
        advice.push("install Chromium or Chrome with the system's package manager, one of:".into());
        advice.extend(Manager::ALL.map(|manager| format!("  {}", manager.to_type())));
        if let Some(build) = &self.build {
            advice.push(format!(
                "or unpack {} and name its executable with `browser.path` in ariasnap.yml or with ARIASNAP_BROWSER",
                build.url(&self.base_url)
            ));
        }
        advice
    }
}

/// What a browser says when asked for its version, such as `Chromium 156.0.8078.79`.
///
/// # Errors
/// It does not start, or ends with an error.
pub fn version(executable: &Path) -> Result<String, DownloadError> {
    let silent = |reason: String| DownloadError::DoesNotStart {
        executable: executable.to_owned(),
        reason,
    };
    let ended = command::run(
        std::process::Command::new(executable).arg("--version"),
        VERSION_DEADLINE,
    )
    .map_err(|error| silent(error.to_string()))?;
    if ended.success {
        return Ok(ended.output);
    }
    let lines = last_lines(&ended.output, 10).join("\n");
    Err(silent(format!("{}\n{lines}", ended.status)))
}

fn gives(answer: &str, version: &str) -> bool {
    answer.split_whitespace().any(|word| word == version)
}

/// Removes what installs left that were killed, a day after they began.
fn remove_unfinished(folder: &Path) {
    let day = Duration::from_secs(24 * 60 * 60);
    for entry in fs_err::read_dir(folder).into_iter().flatten().flatten() {
        let old = entry
            .metadata()
            .and_then(|facts| facts.modified())
            .ok()
            .and_then(|then| SystemTime::now().duration_since(then).ok())
            .is_some_and(|age| age > day);
        if old && entry.file_name().to_string_lossy().starts_with(UNFINISHED) {
            // Another install may be removing it too; what stays is tried again next time.
            let _ = fs_err::remove_dir_all(entry.path());
        }
    }
}
