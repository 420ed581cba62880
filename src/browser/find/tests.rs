//! Searches in folders made for the test.

#![allow(clippy::unwrap_used, reason = "a failure fails the test")]

use std::ffi::OsString;

use super::*;
use crate::browser::platform::{Architecture, System};

const LINUX: Platform = Platform {
    system: System::Linux,
    architecture: Architecture::X64,
};

struct Folder(tempfile::TempDir);

impl Folder {
    fn new() -> Folder {
        Folder(tempfile::tempdir().unwrap())
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    fn file(&self, name: &str, text: &str) -> PathBuf {
        let path = self.path(name);
        fs_err::create_dir_all(path.parent().unwrap()).unwrap();
        fs_err::write(&path, text).unwrap();
        path
    }

    fn program(&self, name: &str) -> PathBuf {
        let path = self.file(name, "\u{7f}ELF");
        make_executable(&path);
        path
    }

    fn script(&self, name: &str, text: &str) -> PathBuf {
        let path = self.file(name, text);
        make_executable(&path);
        path
    }

    /// A search that sees only this folder.
    fn search(&self) -> Search {
        Search {
            configured: None,
            environment: None,
            path: vec![self.path("bin")],
            usual: vec![(Kind::Chrome, self.path("opt/google/chrome/chrome"))],
            own_cache: Some(self.path("own")),
            playwright: Some(self.path("ms-playwright")),
            puppeteer: Some(self.path("puppeteer")),
            platform: LINUX,
        }
    }
}

fn make_executable(path: &Path) {
    use std::os::unix::fs::PermissionsExt;
    fs_err::set_permissions(path, std::fs::Permissions::from_mode(0o755)).unwrap();
}

#[track_caller]
fn found(search: &Search) -> (PathBuf, Kind, Origin) {
    let found = search.find().unwrap();
    (found.path, found.kind, found.origin)
}

#[test]
fn kinds_come_before_places_and_installed_before_cached() {
    let folder = Folder::new();
    let search = folder.search();
    // Each is preferred to all that came before it.
    for (name, kind, origin) in [
        (
            "puppeteer/chrome/linux-150.0.1.2/chrome-linux64/chrome",
            Kind::Chrome,
            Origin::Puppeteer,
        ),
        (
            "puppeteer/chrome-headless-shell/linux-140.0.1.2/chrome-headless-shell-linux64/chrome-headless-shell",
            Kind::HeadlessShell,
            Origin::Puppeteer,
        ),
        (
            "ms-playwright/chromium-1200/chrome-linux64/chrome",
            Kind::Chromium,
            Origin::Playwright,
        ),
        (
            "ms-playwright/chromium_headless_shell-1100/chrome-linux/headless_shell",
            Kind::HeadlessShell,
            Origin::Playwright,
        ),
        (
            "own/chrome-headless-shell-155.0.8059.39/chrome-headless-shell-linux64/chrome-headless-shell",
            Kind::HeadlessShell,
            Origin::OwnCache,
        ),
        ("bin/microsoft-edge", Kind::Edge, Origin::Path),
        ("opt/google/chrome/chrome", Kind::Chrome, Origin::Usual),
        ("bin/google-chrome", Kind::Chrome, Origin::Path),
        ("bin/chromium-browser", Kind::Chromium, Origin::Path),
        ("bin/chromium", Kind::Chromium, Origin::Path),
        (
            "bin/chromium-headless-shell",
            Kind::HeadlessShell,
            Origin::Path,
        ),
        (
            "bin/chrome-headless-shell",
            Kind::HeadlessShell,
            Origin::Path,
        ),
    ] {
        let path = folder.program(name);
        assert_eq!(found(&search), (path, kind, origin));
    }
}

#[test]
fn the_newest_build_is_taken_by_number_and_not_by_letter() {
    let folder = Folder::new();
    let search = folder.search();
    let shell = "chrome-headless-shell-linux64/chrome-headless-shell";
    for version in ["9.0.0.1", "155.0.8059.4", "155.0.8059.39", "99.0.1.1"] {
        folder.program(&format!("own/chrome-headless-shell-{version}/{shell}"));
    }
    assert_eq!(
        found(&search).0,
        folder.path(&format!("own/chrome-headless-shell-155.0.8059.39/{shell}"))
    );
}

#[test]
fn builds_for_other_platforms_and_of_other_series_are_skipped() {
    let folder = Folder::new();
    let search = folder.search();
    for other in [
        "ms-playwright/chromium_headless_shell-1255/chrome-headless-shell-mac-arm64/chrome-headless-shell",
        "ms-playwright/chromium_headless_shell-1254/chrome-headless-shell-linux-arm64/chrome-headless-shell",
        "ms-playwright/chromium-tip-of-tree-1400/chrome-linux64/chrome",
        "ms-playwright/firefox-1500/firefox/firefox",
        "own/.installing-abc/chrome-headless-shell-linux64/chrome-headless-shell",
    ] {
        folder.program(other);
    }
    assert!(matches!(search.find(), Err(FindError::Nothing { .. })));
    let right = folder.program(
        "ms-playwright/chromium_headless_shell-1000/chrome-headless-shell-linux64/chrome-headless-shell",
    );
    assert_eq!(found(&search).0, right);
}

#[test]
fn the_named_browser_comes_first() {
    let folder = Folder::new();
    let mut search = folder.search();
    folder.program("bin/chrome-headless-shell");
    search.environment = Some(folder.program("mine/msedge"));
    assert_eq!(
        found(&search),
        (folder.path("mine/msedge"), Kind::Edge, Origin::Environment)
    );
    search.configured = Some(folder.program("mine/headless_shell"));
    assert_eq!(
        found(&search),
        (
            folder.path("mine/headless_shell"),
            Kind::HeadlessShell,
            Origin::Configured
        )
    );
}

#[test]
fn a_named_browser_that_cannot_be_used_is_an_error() {
    let folder = Folder::new();
    folder.program("bin/chrome-headless-shell");
    for (path, expected) in [
        (folder.path("nowhere/chrome"), "there is no such file"),
        (folder.path("bin"), "it is a folder"),
        (folder.file("plain/chrome", "text"), "it is not executable"),
        (
            folder.path("bin/chrome-headless-shell/chrome"),
            "there is no such file",
        ),
    ] {
        let mut search = folder.search();
        search.configured = Some(path.clone());
        let text = search.find().unwrap_err().to_string();
        assert!(text.contains(expected), "{text}");
        assert!(text.contains(&path.display().to_string()), "{text}");
        assert!(text.contains("`browser.path`"), "{text}");

        let mut search = folder.search();
        search.environment = Some(path);
        let text = search.find().unwrap_err().to_string();
        assert!(text.contains("$ARIASNAP_BROWSER"), "{text}");
    }
}

#[test]
fn a_script_that_stays_is_replaced_by_the_browser_behind_it() {
    let folder = Folder::new();
    let search = folder.search();
    let real = folder.program("lib/chromium-headless-shell");
    folder.script(
        "bin/chromium-headless-shell",
        &format!("#!/bin/sh -e\n\n{} \"$@\"\n", real.display()),
    );
    assert_eq!(found(&search), (real, Kind::HeadlessShell, Origin::Path));
}

#[test]
fn a_script_that_becomes_the_browser_is_kept_while_the_browser_is_there() {
    let folder = Folder::new();
    let search = folder.search();
    let real = folder.path("snap/chromium");
    let script = folder.script(
        "bin/chromium-browser",
        &format!("#!/bin/sh\nexport A=b\nexec {} \"$@\"\n", real.display()),
    );
    let text = search.find().unwrap_err().to_string();
    assert!(
        text.contains(&format!("{} was skipped", script.display())),
        "{text}"
    );
    assert!(text.contains(&real.display().to_string()), "{text}");
    folder.program("snap/chromium");
    assert_eq!(found(&search).0, script);
}

#[test]
fn without_a_browser_the_error_says_how_to_install_one() {
    let folder = Folder::new();
    let text = folder.search().find().unwrap_err().to_string();
    assert!(text.contains("ariasnap browser install"), "{text}");
    assert!(
        text.contains(&folder.path("ms-playwright").display().to_string()),
        "{text}"
    );
}

#[test]
fn the_survey_lists_every_place_in_order() {
    let folder = Folder::new();
    let mut search = folder.search();
    search.environment = Some(folder.path("gone"));
    let chromium = folder.program("bin/chromium");
    let survey = search.survey();
    assert_eq!(survey[0].place.origin, Origin::Environment);
    assert_eq!(survey[0].outcome, Err(Unusable::Missing));
    let usable: Vec<&Searched> = survey
        .iter()
        .filter(|searched| searched.outcome.is_ok())
        .collect();
    assert_eq!(usable.len(), 1);
    assert_eq!(usable[0].place.path, chromium);
    assert!(survey.len() > 10);
}

/// A search by these environment variables.
fn by_variables(system: System, pairs: &[(&str, &str)]) -> Search {
    let platform = Platform {
        system,
        architecture: Architecture::X64,
    };
    let (home, cache) = (Path::new("/home/user"), Path::new("/home/user/.cache"));
    Search::new(platform, Some(home), Some(cache), |name| {
        let found = pairs.iter().find(|(key, _)| *key == name);
        found.map(|(_, value)| OsString::from(value))
    })
}

#[test]
fn variables_decide_where_to_search() {
    let path = |path: &str| Some(PathBuf::from(path));
    let plain = by_variables(
        System::Linux,
        &[("PATH", "/usr/bin:.::/bin"), ("ARIASNAP_BROWSER", "")],
    );
    assert_eq!(plain.path, [Path::new("/usr/bin"), Path::new("/bin")]);
    assert_eq!(plain.environment, None);
    assert_eq!(plain.own_cache, path("/home/user/.cache/ariasnap/browsers"));
    assert_eq!(plain.playwright, path("/home/user/.cache/ms-playwright"));
    assert_eq!(plain.puppeteer, path("/home/user/.cache/puppeteer"));
    let named = by_variables(
        System::Linux,
        &[
            ("ARIASNAP_BROWSER", "/opt/b"),
            ("PLAYWRIGHT_BROWSERS_PATH", "/ms-playwright"),
            ("PUPPETEER_CACHE_DIR", "/pptr"),
            ("XDG_CACHE_HOME", "/xdg"),
        ],
    );
    assert_eq!(named.environment, path("/opt/b"));
    assert_eq!(named.playwright, path("/ms-playwright"));
    assert_eq!(named.puppeteer, path("/pptr"));
    let playwright = |system, pairs: &[(&str, &str)]| by_variables(system, pairs).playwright;
    assert_eq!(
        playwright(System::MacOs, &[]),
        path("/home/user/Library/Caches/ms-playwright")
    );
    let inside_projects = [("PLAYWRIGHT_BROWSERS_PATH", "0")];
    assert_eq!(playwright(System::Linux, &inside_projects), None);
    let cache = [("XDG_CACHE_HOME", "/xdg")];
    assert_eq!(
        playwright(System::Linux, &cache),
        path("/xdg/ms-playwright")
    );
}

#[test]
fn the_browser_of_this_machine_answers() {
    let home = std::env::home_dir();
    let search = Search::new(Platform::current(), home.as_deref(), None, |name| {
        std::env::var_os(name)
    });
    let found = search.find().unwrap();
    let version = std::process::Command::new(&found.path)
        .arg("--version")
        .output()
        .unwrap();
    assert!(version.status.success(), "{found:?}: {version:?}");
}
