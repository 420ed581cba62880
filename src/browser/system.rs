//! What a browser needs of the system: shared libraries and fonts, and the command that installs them.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use super::command;
use super::platform::program_on;

/// How long `ldd` and `fc-list` may take.
const DEADLINE: Duration = Duration::from_secs(20);

/// The commands of a package manager, for the user to type.
#[derive(Clone, Copy)]
struct PackageManager {
    program: &'static str,
    install: &'static str,
    browser: &'static str,
    /// Packages that depend on every library that a published build needs.
    libraries: &'static str,
    /// A package with fonts for Latin, Greek and Cyrillic; empty where the system has its own.
    fonts: &'static str,
}

const PACKAGE_MANAGERS: [PackageManager; 5] = [
    PackageManager {
        program: "apt-get",
        install: "sudo apt-get update && sudo apt-get install -y",
        browser: "chromium-headless-shell",
        // Before Debian 13 and Ubuntu 24.04 `libasound2`, which the pattern finds as well.
        libraries: "libnss3 libgbm1 libgtk-3-0 '^libasound2(t64)?$'",
        fonts: "fonts-liberation",
    },
    PackageManager {
        program: "dnf",
        install: "sudo dnf install -y",
        browser: "chromium-headless",
        libraries: "nss mesa-libgbm gtk3 alsa-lib",
        fonts: "liberation-fonts",
    },
    // Published builds do not run on Alpine: its own browser brings its libraries.
    PackageManager {
        program: "apk",
        install: "sudo apk add",
        browser: "chromium",
        libraries: "chromium",
        fonts: "font-liberation",
    },
    PackageManager {
        program: "pacman",
        install: "sudo pacman -Sy",
        browser: "chromium",
        libraries: "nss mesa gtk3 alsa-lib",
        fonts: "ttf-liberation",
    },
    PackageManager {
        program: "brew",
        install: "brew install --cask",
        browser: "chromium",
        libraries: "chromium",
        fonts: "",
    },
];

/// Returns a line that says how to install a browser by hand.
pub fn how_to_install_a_browser(path: &[PathBuf]) -> String {
    how_to_install("Chromium or Chrome", path, |manager| manager.browser)
}

/// Returns a line that says how to install the libraries that browsers need.
pub fn how_to_install_libraries(path: &[PathBuf]) -> String {
    how_to_install("the missing libraries", path, |manager| manager.libraries)
}

/// Returns a line that says how to install fonts.
pub fn how_to_install_fonts(path: &[PathBuf]) -> String {
    how_to_install("fonts", path, |manager| manager.fonts)
}

fn how_to_install(
    what: &str,
    path: &[PathBuf],
    packages: impl Fn(PackageManager) -> &'static str,
) -> String {
    let mut managers = PACKAGE_MANAGERS.into_iter();
    match managers.find(|manager| program_on(path, manager.program).is_some()) {
        Some(manager) => format!("install {what}: {} {}", manager.install, packages(manager)),
        None => format!("install {what} with the system's package manager"),
    }
}

/// Returns the libraries that the loader does not find, by file name; none where there is no `ldd`.
pub fn missing_libraries(path: &[PathBuf], executable: &Path) -> Vec<String> {
    let Some(ldd) = program_on(path, "ldd") else {
        return Vec::new();
    };
    command::run(Command::new(ldd).arg(executable), DEADLINE)
        .map(|ended| not_found(&ended.output))
        .unwrap_or_default()
}

/// Returns the names in lines such as `libnss3.so => not found`.
fn not_found(output: &str) -> Vec<String> {
    let mut names: Vec<String> = output
        .lines()
        .filter_map(|line| line.trim().strip_suffix("=> not found"))
        .map(|name| name.trim().to_owned())
        .collect();
    names.sort();
    names.dedup();
    names
}

/// Returns the folders of fonts on Linux.
pub fn font_folders(home: Option<&Path>) -> Vec<PathBuf> {
    let user = [".local/share/fonts", ".fonts"];
    ["/usr/share/fonts", "/usr/local/share/fonts"]
        .map(PathBuf::from)
        .into_iter()
        .chain(
            home.into_iter()
                .flat_map(|home| user.map(|it| home.join(it))),
        )
        .collect()
}

/// Returns whether there is a font: `fc-list` names one, or, without `fc-list`, a folder holds one.
/// Without fonts text has no size.
pub fn has_fonts(path: &[PathBuf], folders: &[PathBuf]) -> bool {
    if cfg!(target_os = "macos") {
        return true;
    }
    if let Some(list) = program_on(path, "fc-list")
        && let Ok(ended) = command::run(&mut Command::new(list), DEADLINE)
        && ended.success
    {
        return !ended.output.trim().is_empty();
    }
    let is_font = |entry: walkdir::DirEntry| {
        entry.path().extension().is_some_and(|extension| {
            ["ttf", "otf", "ttc", "pfb", "woff2"]
                .iter()
                .any(|font| extension.eq_ignore_ascii_case(font))
        })
    };
    let files = folders.iter().flat_map(walkdir::WalkDir::new);
    files.flatten().any(is_font)
}

/// Returns the room in `/dev/shm` in bytes; the browser's processes share pictures and pages there.
pub fn shared_memory() -> Option<u64> {
    let facts = rustix::fs::statvfs("/dev/shm").ok()?;
    Some(facts.f_blocks.saturating_mul(facts.f_frsize))
}

#[cfg(test)]
mod tests {
    use super::not_found;

    #[test]
    fn only_lines_that_say_not_found_count() {
        let output = "\tlinux-vdso.so.1 (0x00007ffd)\n\tlibnss3.so => not found\n\tlibc.so.6 => /lib/libc.so.6 (0x7f)\n\tlibgbm.so.1 => not found\n\tlibnss3.so => not found\n";
        assert_eq!(not_found(output), ["libgbm.so.1", "libnss3.so"]);
        assert!(not_found("\tnot a dynamic executable\n").is_empty());
    }
}
