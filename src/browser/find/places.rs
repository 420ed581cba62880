//! The names and fixed places of installed browsers.

use std::path::{Path, PathBuf};

use super::Kind;
use crate::browser::platform::System;

/// Returns the names that a kind of browser has on `PATH`.
pub(super) fn names(kind: Kind) -> &'static [&'static str] {
    match kind {
        Kind::HeadlessShell => &[
            "chrome-headless-shell",
            "chromium-headless-shell",
            "headless_shell",
        ],
        Kind::Chromium => &["chromium", "chromium-browser"],
        Kind::Chrome => &["google-chrome-stable", "google-chrome", "chrome"],
        Kind::Edge => &["microsoft-edge-stable", "microsoft-edge", "msedge"],
    }
}

/// Returns where packages and installers put browsers, whether or not `PATH` leads there.
pub(super) fn usual(system: System, home: Option<&Path>) -> Vec<(Kind, PathBuf)> {
    let folders = match system {
        System::Linux => vec![PathBuf::from("/")],
        System::MacOs => {
            let user = home.map(|home| home.join("Applications"));
            let folders = [Some("/Applications".into()), user];
            folders.into_iter().flatten().collect()
        }
    };
    let mut places = Vec::new();
    for kind in Kind::ALL {
        for file in files(system, kind) {
            places.extend(folders.iter().map(|folder| (kind, folder.join(file))));
        }
    }
    places
}

fn files(system: System, kind: Kind) -> &'static [&'static str] {
    match (system, kind) {
        (System::Linux, Kind::HeadlessShell) => &[
            // Debian, Fedora, the image `chromedp/headless-shell`.
            "usr/lib/chromium/chromium-headless-shell",
            "usr/lib64/chromium-browser/headless_shell",
            "headless-shell/headless-shell",
        ],
        (System::Linux, Kind::Chromium) => &[
            "usr/bin/chromium",
            "usr/bin/chromium-browser",
            "snap/bin/chromium",
        ],
        (System::Linux, Kind::Chrome) => {
            &["usr/bin/google-chrome-stable", "opt/google/chrome/chrome"]
        }
        (System::Linux, Kind::Edge) => &[
            "usr/bin/microsoft-edge-stable",
            "opt/microsoft/msedge/msedge",
        ],
        (System::MacOs, Kind::HeadlessShell) => &[],
        (System::MacOs, Kind::Chromium) => &["Chromium.app/Contents/MacOS/Chromium"],
        (System::MacOs, Kind::Chrome) => &[
            "Google Chrome.app/Contents/MacOS/Google Chrome",
            "Google Chrome for Testing.app/Contents/MacOS/Google Chrome for Testing",
        ],
        (System::MacOs, Kind::Edge) => &["Microsoft Edge.app/Contents/MacOS/Microsoft Edge"],
    }
}

/// Returns `$PLAYWRIGHT_BROWSERS_PATH`, else Playwright's folder in the user's cache.
/// <https://playwright.dev/docs/browsers#managing-browser-binaries>
pub(super) fn playwright(
    system: System,
    home: Option<&Path>,
    folder: impl Fn(&str) -> Option<PathBuf>,
) -> Option<PathBuf> {
    if let Some(named) = folder("PLAYWRIGHT_BROWSERS_PATH") {
        // `0` means a folder inside each project's own copy of Playwright.
        return (named != Path::new("0")).then_some(named);
    }
    let cache = match system {
        System::Linux => folder("XDG_CACHE_HOME").or_else(|| Some(home?.join(".cache"))),
        System::MacOs => Some(home?.join("Library/Caches")),
    };
    Some(cache?.join("ms-playwright"))
}
