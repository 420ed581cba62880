//! The folders of builds that this program, Playwright and Puppeteer keep.
//!
//! All three are alike: a folder for each version, in it one folder for the platform, in it the files.
//!
//! ```text
//! <own>/chrome-headless-shell-155.0.8059.39/chrome-headless-shell-linux64/chrome-headless-shell
//! <ms-playwright>/chromium_headless_shell-1255/chrome-headless-shell-linux64/chrome-headless-shell
//! <ms-playwright>/chromium-1255/chrome-linux64/chrome
//! <puppeteer>/chrome-headless-shell/linux-131.0.6778.204/chrome-headless-shell-linux64/chrome-headless-shell
//! <puppeteer>/chrome/mac_arm-131.0.6778.204/chrome-mac-arm64/Google Chrome for Testing.app/...
//! ```

use std::cmp::Reverse;
use std::path::{Path, PathBuf};

use super::{Kind, Origin, Place};
use crate::browser::platform::{Architecture, Platform, System};

/// Returns the files of every build that could run here: headless shells before browsers, the newest
/// first.
pub(super) fn in_folder(root: &Path, origin: Origin, platform: Platform) -> Vec<Place> {
    let series = match origin {
        Origin::Playwright => vec![
            (
                Kind::HeadlessShell,
                newest_first(root, "chromium_headless_shell-"),
            ),
            (Kind::Chromium, newest_first(root, "chromium-")),
        ],
        Origin::Puppeteer => vec![
            (
                Kind::HeadlessShell,
                newest_by_platform(&root.join("chrome-headless-shell")),
            ),
            (Kind::Chrome, newest_by_platform(&root.join("chrome"))),
        ],
        Origin::OwnCache
        | Origin::Configured
        | Origin::Environment
        | Origin::Path
        | Origin::Usual => vec![(
            Kind::HeadlessShell,
            newest_first(root, "chrome-headless-shell-"),
        )],
    };
    let mut places = Vec::new();
    for (kind, builds) in series {
        for build in builds {
            let files = executables(&build, kind, platform);
            places.extend(files.map(|path| Place { path, kind, origin }));
        }
    }
    places
}

/// Returns the folders `<prefix><version>`.
fn newest_first(root: &Path, prefix: &str) -> Vec<PathBuf> {
    sorted(root, |name| version(name.strip_prefix(prefix)?))
}

/// Returns the folders `<platform>-<version>`.
fn newest_by_platform(root: &Path) -> Vec<PathBuf> {
    sorted(root, |name| version(name.rsplit_once('-')?.1))
}

fn sorted(root: &Path, version_of: impl Fn(&str) -> Option<Vec<u64>>) -> Vec<PathBuf> {
    let mut builds: Vec<(Vec<u64>, PathBuf)> = folders(root)
        .filter_map(|(name, path)| Some((version_of(&name)?, path)))
        .collect();
    builds.sort_by_key(|build| Reverse(build.clone()));
    builds.into_iter().map(|(_, path)| path).collect()
}

/// `131.0.6778.204` or `1255`.
fn version(text: &str) -> Option<Vec<u64>> {
    text.split('.').map(|part| part.parse().ok()).collect()
}

fn executables(
    build: &Path,
    kind: Kind,
    platform: Platform,
) -> impl Iterator<Item = PathBuf> + use<> {
    folders(build)
        .filter(move |(name, _)| runs_on(name, platform))
        .flat_map(move |(_, folder)| {
            let files = files(kind, platform.system).iter();
            files.map(move |file| folder.join(file))
        })
        .filter(|file| file.exists())
}

fn files(kind: Kind, system: System) -> &'static [&'static str] {
    match (kind, system) {
        // The second is the name before builds came from Chrome for Testing.
        (Kind::HeadlessShell, _) => &["chrome-headless-shell", "headless_shell"],
        (_, System::MacOs) => &[
            "Google Chrome for Testing.app/Contents/MacOS/Google Chrome for Testing",
            "Chromium.app/Contents/MacOS/Chromium",
        ],
        (_, System::Linux) => &["chrome"],
    }
}

/// Returns whether a folder such as `chrome-linux64` is for this platform: caches are shared with
/// containers and over networks. macOS runs `x86_64` programs on arm too.
fn runs_on(folder: &str, platform: Platform) -> bool {
    let system = match platform.system {
        System::Linux => "linux",
        System::MacOs => "mac",
    };
    folder.contains(system)
        && match platform.architecture {
            Architecture::Arm64 => !folder.contains("linux64"),
            Architecture::X64 | Architecture::Other => !folder.contains("arm"),
        }
}

/// Returns the folders in a folder with their names; none where it cannot be read.
fn folders(root: &Path) -> impl Iterator<Item = (String, PathBuf)> + use<> {
    fs_err::read_dir(root)
        .into_iter()
        .flatten()
        .filter_map(|entry| {
            let path = entry.ok()?.path();
            let name = path.file_name()?.to_str()?.to_owned();
            path.is_dir().then_some((name, path))
        })
}
