//! Finding the browser: which places, in which order.
//!
//! A browser that somebody named (`browser.path`, `$ARIASNAP_BROWSER`) is taken or refused, never
//! passed over. Otherwise the first that can be executed: by kind on `PATH` and at the usual places,
//! then the builds that this program, Playwright and Puppeteer keep, newest first.

mod builds;
mod places;
mod wrapper;

use std::ffi::OsString;
use std::fmt;
use std::path::{Path, PathBuf};

use super::platform::{Platform, may_execute};

/// A browser's make, as far as it decides how the browser is started.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// `chrome-headless-shell`, `chromium-headless-shell`: no window, the old headless mode, the fastest to start.
    HeadlessShell,
    /// Chromium.
    Chromium,
    /// Google Chrome, Chrome for Testing included.
    Chrome,
    /// Microsoft Edge.
    Edge,
}

impl Kind {
    /// Every kind, the preferred first.
    pub const ALL: [Kind; 4] = [
        Kind::HeadlessShell,
        Kind::Chromium,
        Kind::Chrome,
        Kind::Edge,
    ];

    /// The kind that a file name speaks of; [`Kind::Chromium`] where it speaks of none, because what
    /// Chromium is started with suits the others too.
    pub fn of_file(path: &Path) -> Kind {
        let name = path
            .file_name()
            .map(|name| name.to_string_lossy().to_lowercase())
            .unwrap_or_default();
        if name.contains("headless-shell") || name.contains("headless_shell") {
            Kind::HeadlessShell
        } else if name.contains("edge") {
            Kind::Edge
        } else if name.contains("chrome") {
            Kind::Chrome
        } else {
            Kind::Chromium
        }
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Kind::HeadlessShell => "headless shell",
            Kind::Chromium => "Chromium",
            Kind::Chrome => "Chrome",
            Kind::Edge => "Edge",
        })
    }
}

/// Why a place was looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Origin {
    /// `browser.path` of the configuration.
    Configured,
    /// `$ARIASNAP_BROWSER`.
    Environment,
    /// A folder of `$PATH`.
    Path,
    /// Where packages and installers put it.
    Usual,
    /// A build that `ariasnap browser install` downloaded.
    OwnCache,
    /// A build that Playwright keeps.
    Playwright,
    /// A build that Puppeteer keeps.
    Puppeteer,
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Origin::Configured => "`browser.path`",
            Origin::Environment => "$ARIASNAP_BROWSER",
            Origin::Path => "PATH",
            Origin::Usual => "usual place",
            Origin::OwnCache => "cache of ariasnap",
            Origin::Playwright => "cache of Playwright",
            Origin::Puppeteer => "cache of Puppeteer",
        })
    }
}

/// A browser that can be executed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// The file to execute: behind a script that would stay between caller and browser, the binary itself.
    pub path: PathBuf,
    /// Its make.
    pub kind: Kind,
    /// Why it was looked at.
    pub origin: Origin,
}

/// A file that may be a browser.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// Where.
    pub path: PathBuf,
    /// What it would be.
    pub kind: Kind,
    /// Why there.
    pub origin: Origin,
}

/// Why a file is no browser to be started.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Unusable {
    /// There is nothing.
    #[error("there is no such file")]
    Missing,
    /// It is a folder, on macOS perhaps an application's.
    #[error("it is a folder; name the executable in it")]
    Folder,
    /// The permission is missing, or it is no program.
    #[error("it is not executable")]
    NotExecutable,
    /// A script whose browser is not there, as Ubuntu's `chromium-browser` without the snap.
    #[error("it is a script that starts {}, which cannot be executed", .target.display())]
    Dangling {
        /// What the script starts.
        target: PathBuf,
    },
    /// The system refused to look.
    #[error("it cannot be read: {reason}")]
    Unreadable {
        /// The system's own words.
        reason: String,
    },
}

/// A place and what was found there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Looked {
    /// The place.
    pub place: Place,
    /// The browser, or why there is none.
    pub outcome: Result<Found, Unusable>,
}

/// Why there is no browser.
#[derive(Debug, thiserror::Error)]
pub enum FindError {
    /// The browser that was asked for cannot be used; no other is taken in its place.
    #[error("the browser {} that {origin} names cannot be used: {problem}\n  {}", .path.display(), given_advice(*.origin))]
    Given {
        /// Who named it.
        origin: Origin,
        /// The path as it was given.
        path: PathBuf,
        /// What is wrong with it.
        problem: Unusable,
    },
    /// Nothing anywhere.
    #[error("{}", nothing(.caches, .rejected))]
    Nothing {
        /// The folders of builds that were looked into.
        caches: Vec<PathBuf>,
        /// Files that were there and could not be used.
        rejected: Vec<Looked>,
    },
}

fn given_advice(origin: Origin) -> &'static str {
    match origin {
        Origin::Environment => {
            "correct the variable, or unset it so that a browser is looked for (`ariasnap browser doctor` lists where)"
        }
        _ => {
            "correct `browser.path` in ariasnap.yml, or remove it so that a browser is looked for (`ariasnap browser doctor` lists where)"
        }
    }
}

fn nothing(caches: &[PathBuf], rejected: &[Looked]) -> String {
    let mut text = String::from(
        "no browser found: no headless shell, Chromium, Chrome or Edge on PATH or at the usual places",
    );
    for cache in caches {
        text += &format!("\n  nor a build in {}", cache.display());
    }
    for looked in rejected {
        if let Err(problem) = &looked.outcome {
            text += &format!(
                "\n  {} was passed over: {problem}",
                looked.place.path.display()
            );
        }
    }
    text += "\n  `ariasnap browser install` installs one; an installed one is named with `browser.path` in ariasnap.yml or with ARIASNAP_BROWSER";
    text
}

/// Where to look. Plain data: nothing here reads the environment.
#[derive(Debug, Clone)]
pub struct Search {
    /// `browser.path` of the configuration, made absolute by who read it.
    pub configured: Option<PathBuf>,
    /// `$ARIASNAP_BROWSER`.
    pub environment: Option<PathBuf>,
    /// The folders of `$PATH`, in their order.
    pub path: Vec<PathBuf>,
    /// Fixed places outside `PATH`.
    pub usual: Vec<(Kind, PathBuf)>,
    /// The folder of the builds that `ariasnap browser install` downloads.
    pub own_cache: Option<PathBuf>,
    /// The folder of Playwright's builds.
    pub playwright: Option<PathBuf>,
    /// The folder of Puppeteer's builds.
    pub puppeteer: Option<PathBuf>,
    /// Which builds run here.
    pub platform: Platform,
}

impl Search {
    /// A search as the user's environment asks for it, without [`Search::configured`].
    ///
    /// `home` and `cache` are the user's folders; `variable` gives an environment variable's value.
    pub fn new(
        platform: Platform,
        home: Option<&Path>,
        cache: Option<&Path>,
        variable: impl Fn(&str) -> Option<OsString>,
    ) -> Search {
        let folder = |name: &str| {
            variable(name)
                .filter(|value| !value.is_empty())
                .map(PathBuf::from)
        };
        Search {
            configured: None,
            environment: folder("ARIASNAP_BROWSER"),
            // An entry that is relative means the current folder, where no browser is to be trusted.
            path: variable("PATH")
                .map(|value| {
                    std::env::split_paths(&value)
                        .filter(|entry| entry.is_absolute())
                        .collect()
                })
                .unwrap_or_default(),
            usual: places::usual(platform.system, home, folder),
            own_cache: cache.map(|cache| cache.join("ariasnap").join("browsers")),
            playwright: places::playwright(platform.system, home, folder),
            puppeteer: folder("PUPPETEER_CACHE_DIR")
                .or_else(|| home.map(|home| home.join(".cache").join("puppeteer"))),
            platform,
        }
    }

    /// The browser to use.
    ///
    /// # Errors
    /// A browser that was named and cannot be used, or none at all.
    pub fn find(&self) -> Result<Found, FindError> {
        if let Some(place) = self.given() {
            return judge(&place).map_err(|problem| FindError::Given {
                origin: place.origin,
                path: place.path,
                problem,
            });
        }
        let mut rejected = Vec::new();
        for place in self.places() {
            match judge(&place) {
                Ok(found) => return Ok(found),
                Err(Unusable::Missing) => {}
                Err(problem) => rejected.push(Looked {
                    place,
                    outcome: Err(problem),
                }),
            }
        }
        Err(FindError::Nothing {
            caches: [&self.own_cache, &self.playwright, &self.puppeteer]
                .into_iter()
                .flatten()
                .cloned()
                .collect(),
            rejected,
        })
    }

    /// Every place in the order of looking, with what is there; what was named comes first.
    pub fn survey(&self) -> Vec<Looked> {
        self.given()
            .into_iter()
            .chain(self.places())
            .map(|place| Looked {
                outcome: judge(&place),
                place,
            })
            .collect()
    }

    fn given(&self) -> Option<Place> {
        let (path, origin) = match (&self.configured, &self.environment) {
            (Some(path), _) => (path, Origin::Configured),
            (None, Some(path)) => (path, Origin::Environment),
            (None, None) => return None,
        };
        Some(Place {
            path: path.clone(),
            kind: Kind::of_file(path),
            origin,
        })
    }

    fn places(&self) -> impl Iterator<Item = Place> + '_ {
        let installed = Kind::ALL.into_iter().flat_map(move |kind| {
            let on_path = self.path.iter().flat_map(move |folder| {
                places::names(self.platform.system, kind)
                    .iter()
                    .map(move |name| (folder.join(self.platform.program(name)), Origin::Path))
            });
            let usual = self
                .usual
                .iter()
                .filter(move |(of, _)| *of == kind)
                .map(|(_, path)| (path.clone(), Origin::Usual));
            on_path
                .chain(usual)
                .map(move |(path, origin)| Place { path, kind, origin })
        });
        let kept = [
            (&self.own_cache, Origin::OwnCache),
            (&self.playwright, Origin::Playwright),
            (&self.puppeteer, Origin::Puppeteer),
        ]
        .into_iter()
        .filter_map(|(folder, origin)| Some((folder.as_deref()?, origin)))
        .flat_map(|(folder, origin)| builds::in_folder(folder, origin, self.platform));
        installed.chain(kept)
    }
}

/// Whether the place holds a browser, and which file of it to execute.
fn judge(place: &Place) -> Result<Found, Unusable> {
    executable(&place.path)?;
    Ok(Found {
        path: wrapper::behind(&place.path)?,
        kind: place.kind,
        origin: place.origin,
    })
}

fn executable(path: &Path) -> Result<(), Unusable> {
    match fs_err::metadata(path) {
        Ok(facts) if facts.is_dir() => Err(Unusable::Folder),
        Ok(_) if may_execute(path) => Ok(()),
        Ok(_) => Err(Unusable::NotExecutable),
        Err(error)
            if matches!(
                error.kind(),
                std::io::ErrorKind::NotFound | std::io::ErrorKind::NotADirectory
            ) =>
        {
            Err(Unusable::Missing)
        }
        Err(error) => Err(Unusable::Unreadable {
            reason: error.to_string(),
        }),
    }
}

#[cfg(all(test, unix))]
#[path = "find/tests.rs"]
mod tests;
