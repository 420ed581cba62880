//! The names and fixed places of installed browsers.

use std::path::{Path, PathBuf};

use super::Kind;
use crate::browser::platform::System;

/// The names that a kind of browser has on `PATH`, without `.exe`.
pub(super) fn names(system: System, kind: Kind) -> &'static [&'static str] {
    match (system, kind) {
        (_, Kind::HeadlessShell) => &[
            "chrome-headless-shell",
            "chromium-headless-shell",
            "headless_shell",
        ],
        (System::Windows, Kind::Chromium) => &["chromium"],
        (System::Windows, Kind::Chrome) => &["chrome"],
        (System::Windows, Kind::Edge) => &["msedge"],
        (System::Linux | System::MacOs, Kind::Chromium) => &["chromium", "chromium-browser"],
        (System::Linux | System::MacOs, Kind::Chrome) => {
            &["google-chrome-stable", "google-chrome", "chrome"]
        }
        (System::Linux | System::MacOs, Kind::Edge) => {
            &["microsoft-edge-stable", "microsoft-edge", "msedge"]
        }
    }
}

/// Where packages and installers put browsers, whether or not `PATH` leads there.
pub(super) fn usual(
    system: System,
    home: Option<&Path>,
    folder: impl Fn(&str) -> Option<PathBuf>,
) -> Vec<(Kind, PathBuf)> {
    match system {
        System::Linux => LINUX
            .iter()
            .map(|(kind, path)| (*kind, PathBuf::from(path)))
            .collect(),
        System::MacOs => {
            let user = home.map(|home| home.join("Applications"));
            let roots = [Some(PathBuf::from("/Applications")), user];
            below(&MACOS, roots)
        }
        System::Windows => {
            let roots = ["ProgramFiles", "ProgramFiles(x86)", "LOCALAPPDATA"].map(folder);
            below(&WINDOWS, roots)
        }
    }
}

/// `$PLAYWRIGHT_BROWSERS_PATH`, else its folder in the user's cache.
/// <https://playwright.dev/docs/browsers#managing-browser-binaries>
pub(super) fn playwright(
    system: System,
    home: Option<&Path>,
    folder: impl Fn(&str) -> Option<PathBuf>,
) -> Option<PathBuf> {
    if let Some(named) = folder("PLAYWRIGHT_BROWSERS_PATH") {
        // `0` stands for a folder inside each project's own copy of Playwright.
        return (named != Path::new("0")).then_some(named);
    }
    let cache = match system {
        System::Linux => folder("XDG_CACHE_HOME").or_else(|| Some(home?.join(".cache"))),
        System::MacOs => Some(home?.join("Library").join("Caches")),
        System::Windows => {
            folder("LOCALAPPDATA").or_else(|| Some(home?.join("AppData").join("Local")))
        }
    };
    Some(cache?.join("ms-playwright"))
}

fn below<const N: usize>(
    files: &[(Kind, &str)],
    roots: [Option<PathBuf>; N],
) -> Vec<(Kind, PathBuf)> {
    let roots: Vec<PathBuf> = roots.into_iter().flatten().collect();
    files
        .iter()
        .flat_map(|(kind, file)| roots.iter().map(move |root| (*kind, root.join(file))))
        .collect()
}

const LINUX: [(Kind, &str); 10] = [
    // Debian, Fedora, the image `chromedp/headless-shell`.
    (
        Kind::HeadlessShell,
        "/usr/lib/chromium/chromium-headless-shell",
    ),
    (
        Kind::HeadlessShell,
        "/usr/lib64/chromium-browser/headless_shell",
    ),
    (Kind::HeadlessShell, "/headless-shell/headless-shell"),
    (Kind::Chromium, "/usr/bin/chromium"),
    (Kind::Chromium, "/usr/bin/chromium-browser"),
    (Kind::Chromium, "/snap/bin/chromium"),
    (Kind::Chrome, "/usr/bin/google-chrome-stable"),
    (Kind::Chrome, "/opt/google/chrome/chrome"),
    (Kind::Edge, "/usr/bin/microsoft-edge-stable"),
    (Kind::Edge, "/opt/microsoft/msedge/msedge"),
];

const MACOS: [(Kind, &str); 4] = [
    (Kind::Chromium, "Chromium.app/Contents/MacOS/Chromium"),
    (
        Kind::Chrome,
        "Google Chrome.app/Contents/MacOS/Google Chrome",
    ),
    (
        Kind::Chrome,
        "Google Chrome for Testing.app/Contents/MacOS/Google Chrome for Testing",
    ),
    (
        Kind::Edge,
        "Microsoft Edge.app/Contents/MacOS/Microsoft Edge",
    ),
];

const WINDOWS: [(Kind, &str); 3] = [
    (Kind::Chromium, "Chromium/Application/chrome.exe"),
    (Kind::Chrome, "Google/Chrome/Application/chrome.exe"),
    (Kind::Edge, "Microsoft/Edge/Application/msedge.exe"),
];
