//! Finding the browser: which places, in which order.
//!
//! A browser that the user named (`browser.path`, `$ARIASNAP_BROWSER`) is used or refused, never passed
//! over. Otherwise the first executable one is used: by kind on `PATH` and at the usual places, then the
//! builds that this program, Playwright and Puppeteer keep, newest first.

mod builds;
mod places;
mod script;

use std::ffi::OsString;
use std::fmt;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use super::platform::{Platform, may_execute};

/// A browser's make.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// `chrome-headless-shell`: no window, the old headless mode, the fastest to start.
    HeadlessShell,
    Chromium,
    /// Google Chrome and Chrome for Testing.
    Chrome,
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

    /// Returns the kind that a file name names. An unknown name is [`Kind::Chromium`], whose switches suit
    /// the others too.
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

/// Why a place is searched.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Origin {
    /// `browser.path` in ariasnap.yml.
    Configured,
    /// `$ARIASNAP_BROWSER`.
    Environment,
    /// A folder of `$PATH`.
    Path,
    /// Where packages and installers put browsers.
    Usual,
    /// A build that `ariasnap browser install` downloaded.
    OwnCache,
    Playwright,
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
    /// The file to execute: the binary behind a start script.
    pub path: PathBuf,
    pub kind: Kind,
    pub origin: Origin,
}

/// A file that may be a browser.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    pub path: PathBuf,
    pub kind: Kind,
    pub origin: Origin,
}

/// Why a browser cannot be started from a file.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Unusable {
    #[error("there is no such file")]
    Missing,
    /// On macOS perhaps an application's.
    #[error("it is a folder; name the executable in it")]
    Folder,
    #[error("it is not executable")]
    NotExecutable,
    /// As Ubuntu's `chromium-browser` without the snap.
    #[error("it is a script that starts {}, which cannot be executed", .target.display())]
    Dangling { target: PathBuf },
    #[error("it cannot be read: {reason}")]
    Unreadable { reason: String },
}

/// A place that was searched, and the browser that was found there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Searched {
    pub place: Place,
    pub outcome: Result<Found, Unusable>,
}

/// Why there is no browser.
#[derive(Debug, thiserror::Error)]
pub enum FindError {
    /// The named browser cannot be used. No other is used in its place.
    #[error(
        "the browser {} from {origin} cannot be used: {problem}\n  {}, or remove it to let ariasnap search \
         (`ariasnap browser doctor` lists where)",
        .path.display(),
        if *.origin == Origin::Environment { "correct the variable" } else { "correct `browser.path` in ariasnap.yml" }
    )]
    Named {
        origin: Origin,
        path: PathBuf,
        problem: Unusable,
    },
    #[error("{}", nothing(.caches, .rejected))]
    Nothing {
        /// The folders of builds that were searched.
        caches: Vec<PathBuf>,
        /// Files that exist and cannot be used.
        rejected: Vec<(PathBuf, Unusable)>,
    },
}

fn nothing(caches: &[PathBuf], rejected: &[(PathBuf, Unusable)]) -> String {
    let mut text = String::from(
        "no browser found: no headless shell, Chromium, Chrome or Edge on PATH or at the usual places",
    );
    for cache in caches {
        text += &format!("\n  no build in {}", cache.display());
    }
    for (path, problem) in rejected {
        text += &format!("\n  {} was skipped: {problem}", path.display());
    }
    text += "\n  install one with `ariasnap browser install`, or name an installed one with `browser.path` in ariasnap.yml or with ARIASNAP_BROWSER";
    text
}

/// Where to search. Plain data: nothing here reads the environment.
#[derive(Debug, Clone)]
pub struct Search {
    /// `browser.path` of the configuration, absolute.
    pub configured: Option<PathBuf>,
    /// `$ARIASNAP_BROWSER`.
    pub environment: Option<PathBuf>,
    /// The folders of `$PATH`.
    pub path: Vec<PathBuf>,
    /// Fixed places outside `PATH`.
    pub usual: Vec<(Kind, PathBuf)>,
    /// The folder of the builds that `ariasnap browser install` downloads.
    pub own_cache: Option<PathBuf>,
    /// The folder of Playwright's builds.
    pub playwright: Option<PathBuf>,
    /// The folder of Puppeteer's builds.
    pub puppeteer: Option<PathBuf>,
    pub platform: Platform,
}

impl Search {
    /// Returns a search by the user's environment, without [`Search::configured`].
    ///
    /// `home` and `cache` are the user's folders; `variable` returns the value of an environment variable.
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
            // A relative entry means the current folder, where no browser is to be trusted.
            path: variable("PATH")
                .iter()
                .flat_map(std::env::split_paths)
                .filter(|entry| entry.is_absolute())
                .collect(),
            usual: places::usual(platform.system, home),
            own_cache: cache.map(|cache| cache.join("ariasnap/browsers")),
            playwright: places::playwright(platform.system, home, folder),
            puppeteer: folder("PUPPETEER_CACHE_DIR")
                .or_else(|| home.map(|home| home.join(".cache/puppeteer"))),
            platform,
        }
    }

    /// Returns the browser to use.
    pub fn find(&self) -> Result<Found, FindError> {
        if let Some(place) = self.named() {
            return judge(&place).map_err(|problem| FindError::Named {
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
                Err(problem) => rejected.push((place.path, problem)),
            }
        }
        Err(FindError::Nothing {
            caches: self.caches().map(|(folder, _)| folder.to_owned()).collect(),
            rejected,
        })
    }

    /// Returns every place in the order of the search, the named one first.
    pub fn survey(&self) -> Vec<Searched> {
        self.named()
            .into_iter()
            .chain(self.places())
            .map(|place| Searched {
                outcome: judge(&place),
                place,
            })
            .collect()
    }

    fn named(&self) -> Option<Place> {
        let configured = self.configured.clone().map(|it| (it, Origin::Configured));
        let (path, origin) =
            configured.or_else(|| Some((self.environment.clone()?, Origin::Environment)))?;
        let kind = Kind::of_file(&path);
        Some(Place { path, kind, origin })
    }

    fn places(&self) -> impl Iterator<Item = Place> + '_ {
        let installed = Kind::ALL.into_iter().flat_map(move |kind| {
            let on_path = self.path.iter().flat_map(move |folder| {
                let names = places::names(kind).iter();
                names.map(move |name| (folder.join(name), Origin::Path))
            });
            let usual = self.usual.iter().filter(move |(of, _)| *of == kind);
            on_path
                .chain(usual.map(|(_, path)| (path.clone(), Origin::Usual)))
                .map(move |(path, origin)| Place { path, kind, origin })
        });
        let kept = self
            .caches()
            .flat_map(|(folder, origin)| builds::in_folder(folder, origin, self.platform));
        installed.chain(kept)
    }

    fn caches(&self) -> impl Iterator<Item = (&Path, Origin)> {
        [
            (&self.own_cache, Origin::OwnCache),
            (&self.playwright, Origin::Playwright),
            (&self.puppeteer, Origin::Puppeteer),
        ]
        .into_iter()
        .filter_map(|(folder, origin)| Some((folder.as_deref()?, origin)))
    }
}

/// Returns the browser at a place.
fn judge(place: &Place) -> Result<Found, Unusable> {
    executable(&place.path)?;
    Ok(Found {
        path: script::behind(&place.path)?,
        kind: place.kind,
        origin: place.origin,
    })
}

fn executable(path: &Path) -> Result<(), Unusable> {
    match fs_err::metadata(path) {
        Ok(facts) if facts.is_dir() => Err(Unusable::Folder),
        Ok(_) if may_execute(path) => Ok(()),
        Ok(_) => Err(Unusable::NotExecutable),
        Err(error) => match error.kind() {
            ErrorKind::NotFound | ErrorKind::NotADirectory => Err(Unusable::Missing),
            _ => Err(Unusable::Unreadable {
                reason: error.to_string(),
            }),
        },
    }
}

#[cfg(test)]
#[path = "find/tests.rs"]
mod tests;
