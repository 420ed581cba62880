//! The system's package manager.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use super::{Event, libraries};
use crate::browser::command::{self, RunError, last_lines};
use crate::browser::platform::program_on;

/// How many lines of a failed command are shown.
const SHOWN_LINES: usize = 12;

/// A package manager that can bring a browser.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Manager {
    /// Debian, Ubuntu.
    Apt,
    /// Fedora, RHEL.
    Dnf,
    /// Alpine.
    Apk,
    /// Arch.
    Pacman,
    /// Homebrew, which wants no superuser.
    Brew,
}

impl Manager {
    /// Every manager, in the order of looking.
    pub const ALL: [Manager; 5] = [
        Manager::Apt,
        Manager::Dnf,
        Manager::Apk,
        Manager::Pacman,
        Manager::Brew,
    ];

    /// The name of its command.
    pub fn program(self) -> &'static str {
        match self {
            Manager::Apt => "apt-get",
            Manager::Dnf => "dnf",
            Manager::Apk => "apk",
            Manager::Pacman => "pacman",
            Manager::Brew => "brew",
        }
    }

    /// The packages that are a browser, the preferred first.
    pub fn browsers(self) -> &'static [&'static str] {
        match self {
            Manager::Apt => &["chromium-headless-shell", "chromium"],
            Manager::Dnf => &["chromium-headless", "chromium"],
            Manager::Apk | Manager::Pacman => &["chromium"],
            // Homebrew disables casks that fail macOS's check of their origin, as Chromium's builds do.
            Manager::Brew => &["chromium", "google-chrome"],
        }
    }

    /// A package with fonts for Latin, Greek and Cyrillic; none where the system brings its own.
    pub fn fonts(self) -> Option<&'static str> {
        match self {
            Manager::Apt => Some("fonts-liberation"),
            Manager::Dnf => Some("liberation-fonts"),
            Manager::Apk => Some("font-liberation"),
            Manager::Pacman => Some("ttf-liberation"),
            Manager::Brew => None,
        }
    }

    /// The arguments that come before the packages' names.
    fn install(self) -> &'static [&'static str] {
        match self {
            // Another apt may be at work, as on a machine that has just booted.
            Manager::Apt => &[
                "-o",
                "DPkg::Lock::Timeout=120",
                "install",
                "-y",
                "--no-install-recommends",
            ],
            Manager::Dnf => &["install", "-y"],
            Manager::Apk => &["add", "--no-cache"],
            // A fresh container has no lists, and without them no package.
            Manager::Pacman => &["-Sy", "--noconfirm", "--needed"],
            Manager::Brew => &["install", "--cask"],
        }
    }

    /// The command that fetches the lists of packages, where installing does not.
    fn refresh(self) -> Option<&'static [&'static str]> {
        match self {
            Manager::Apt => Some(&["-o", "DPkg::Lock::Timeout=120", "update"]),
            Manager::Dnf | Manager::Apk | Manager::Pacman | Manager::Brew => None,
        }
    }

    fn wants_superuser(self) -> bool {
        match self {
            Manager::Apt | Manager::Dnf | Manager::Apk | Manager::Pacman => true,
            Manager::Brew => false,
        }
    }

    /// The command that installs a browser, for the user to type.
    pub fn to_type(self) -> String {
        self.command_to_type(self.browsers()[0])
    }

    /// The command that installs packages, for the user to type.
    pub fn command_to_type(self, packages: &str) -> String {
        match self {
            Manager::Apt => format!("sudo apt-get update && sudo apt-get install -y {packages}"),
            Manager::Dnf => format!("sudo dnf install -y {packages}"),
            Manager::Apk => format!("sudo apk add {packages}"),
            Manager::Pacman => format!("sudo pacman -Sy {packages}"),
            Manager::Brew => format!("brew install --cask {packages}"),
        }
    }
}

/// Why the package manager did not help.
#[derive(Debug, thiserror::Error)]
pub enum PackageError {
    /// The system has none that is known here.
    #[error(
        "there is no package manager to ask: none of apt-get, dnf, apk, pacman, brew is on PATH"
    )]
    NoManager,
    /// It may not be used.
    #[error("{} may not be used: this user is not root, and `sudo -n true` was refused", .0.program())]
    NoRights(Manager),
    /// It ended with an error.
    #[error("`{command}` failed ({status}){}", indented(.lines))]
    Failed {
        /// As it was run.
        command: String,
        /// How it ended.
        status: String,
        /// The last lines of its output.
        lines: Vec<String>,
    },
    /// It did not come to an end.
    #[error("`{command}`: {source}")]
    NotRun {
        /// As it was run.
        command: String,
        /// Why.
        source: RunError,
    },
    /// No package is known for what is missing.
    #[error("no package is known that brings {}", .0.join(", "))]
    Unknown(Vec<String>),
}

fn indented(lines: &[String]) -> String {
    lines.iter().map(|line| format!("\n  {line}")).collect()
}

/// How to reach the package manager. Plain data: nothing here reads the environment.
#[derive(Debug, Clone)]
pub struct Packages {
    /// The folders of `$PATH`.
    pub path: Vec<PathBuf>,
    /// Whether this process may do everything: see [`superuser`].
    pub superuser: bool,
    /// Where fonts would be: [`super::fonts::folders`].
    pub fonts: Vec<PathBuf>,
    /// How long one command may take.
    pub deadline: Duration,
}

/// Whether this process runs as root.
pub fn superuser() -> bool {
    #[cfg(unix)]
    return rustix::process::geteuid().is_root();
    #[cfg(not(unix))]
    return false;
}

/// A manager that may be used.
struct Ready<'a> {
    packages: &'a Packages,
    manager: Manager,
    program: PathBuf,
    /// Before the program: `sudo -n env ...`.
    before: Vec<String>,
}

impl Packages {
    /// The package manager as this process may use it.
    pub fn new(path: Vec<PathBuf>, home: Option<&Path>) -> Packages {
        Packages {
            path,
            superuser: superuser(),
            fonts: super::fonts::folders(home),
            deadline: Duration::from_secs(15 * 60),
        }
    }

    /// Installs the first browser that the manager has.
    pub(super) fn browser(
        &self,
        on: &mut dyn FnMut(Event<'_>),
    ) -> Result<(Manager, &'static str), Vec<PackageError>> {
        let ready = self.ready().map_err(|error| vec![error])?;
        let mut errors = Vec::new();
        // Old lists may do: what counts is whether the package arrives.
        errors.extend(ready.refresh(on).err());
        for package in ready.manager.browsers() {
            match ready.install(&[(*package).to_owned()], on) {
                Ok(()) => return Ok((ready.manager, package)),
                Err(error) => errors.push(error),
            }
        }
        Err(errors)
    }

    /// Installs fonts.
    pub(super) fn fonts(&self, on: &mut dyn FnMut(Event<'_>)) -> Result<(), PackageError> {
        let ready = self.ready()?;
        let Some(package) = ready.manager.fonts() else {
            return Ok(());
        };
        let packages = [package.to_owned()];
        ready.install(&packages, on).or_else(|_| {
            ready.refresh(on)?;
            ready.install(&packages, on)
        })
    }

    /// Installs the packages that bring the libraries.
    pub(super) fn libraries(
        &self,
        names: &[String],
        on: &mut dyn FnMut(Event<'_>),
    ) -> Result<(), PackageError> {
        let ready = self.ready()?;
        let refreshed = ready.refresh(on);
        let packages = match ready.manager {
            Manager::Apt => self.debian_packages(names),
            Manager::Dnf => names.iter().map(|name| libraries::rpm(name)).collect(),
            // Builds that are published run on neither by added libraries alone.
            Manager::Apk | Manager::Pacman | Manager::Brew => Vec::new(),
        };
        if packages.is_empty() {
            return Err(PackageError::Unknown(names.to_vec()));
        }
        ready
            .install(&packages, on)
            .map_err(|error| refreshed.err().unwrap_or(error))
    }

    /// Of each library's possible packages the first that this system knows.
    fn debian_packages(&self, names: &[String]) -> Vec<String> {
        let known = |package: &str| {
            program_on(&self.path, "apt-cache").is_some_and(|cache| {
                command::run(
                    Command::new(cache).args(["show", "--no-all-versions", package]),
                    self.deadline,
                )
                .is_ok_and(|ended| ended.success)
            })
        };
        let mut packages: Vec<String> = names
            .iter()
            .filter_map(|name| libraries::debian(name))
            .filter_map(|choices| choices.iter().find(|choice| known(choice)))
            .map(|package| (*package).to_owned())
            .collect();
        packages.sort();
        packages.dedup();
        packages
    }

    /// The system's manager, if this user may use it.
    fn ready(&self) -> Result<Ready<'_>, PackageError> {
        let (manager, program) = Manager::ALL
            .into_iter()
            .find_map(|manager| Some((manager, program_on(&self.path, manager.program())?)))
            .ok_or(PackageError::NoManager)?;
        let before = if self.superuser || !manager.wants_superuser() {
            Vec::new()
        } else {
            self.sudo().ok_or(PackageError::NoRights(manager))?
        };
        Ok(Ready {
            packages: self,
            manager,
            program,
            before,
        })
    }

    /// `sudo`, where it asks for no password.
    fn sudo(&self) -> Option<Vec<String>> {
        let sudo = program_on(&self.path, "sudo")?;
        let ended = command::run(Command::new(&sudo).args(["-n", "true"]), self.deadline).ok()?;
        // Sudo drops the environment.
        let quiet = format!("{}={}", QUIET.0, QUIET.1);
        let words = [sudo.to_str()?, "-n", "env", &quiet];
        ended.success.then(|| words.map(str::to_owned).to_vec())
    }
}

/// Keeps Debian's packages from asking.
const QUIET: (&str, &str) = ("DEBIAN_FRONTEND", "noninteractive");

impl Ready<'_> {
    fn refresh(&self, on: &mut dyn FnMut(Event<'_>)) -> Result<(), PackageError> {
        match self.manager.refresh() {
            Some(arguments) => self.run(
                arguments.iter().map(|word| (*word).to_owned()).collect(),
                on,
            ),
            None => Ok(()),
        }
    }

    fn install(
        &self,
        packages: &[String],
        on: &mut dyn FnMut(Event<'_>),
    ) -> Result<(), PackageError> {
        let words = self.manager.install().iter().map(|word| (*word).to_owned());
        self.run(words.chain(packages.iter().cloned()).collect(), on)
    }

    fn run(
        &self,
        arguments: Vec<String>,
        on: &mut dyn FnMut(Event<'_>),
    ) -> Result<(), PackageError> {
        let mut command = match self.before.split_first() {
            Some((first, rest)) => {
                let mut command = Command::new(first);
                command.args(rest).arg(&self.program);
                command
            }
            None => Command::new(&self.program),
        };
        command.args(&arguments).env(QUIET.0, QUIET.1);
        let sudo = if self.before.is_empty() { "" } else { "sudo " };
        let text = format!("{sudo}{} {}", self.manager.program(), arguments.join(" "));
        on(Event::Running { command: &text });
        match command::run(&mut command, self.packages.deadline) {
            Ok(ended) if ended.success => Ok(()),
            Ok(ended) => Err(PackageError::Failed {
                command: text,
                status: ended.status,
                lines: last_lines(&ended.output, SHOWN_LINES),
            }),
            Err(source) => Err(PackageError::NotRun {
                command: text,
                source,
            }),
        }
    }
}
