//! The shared libraries that a browser needs, and the packages that bring them.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use super::packages::Manager;
use crate::browser::command;
use crate::browser::platform::program_on;

/// The libraries that the loader does not find, by file name; none where `ldd` cannot tell.
pub fn missing(path: &[PathBuf], executable: &Path) -> Vec<String> {
    let Some(ldd) = program_on(path, "ldd") else {
        return Vec::new();
    };
    command::run(Command::new(ldd).arg(executable), Duration::from_secs(20))
        .map(|ended| not_found(&ended.output))
        .unwrap_or_default()
}

/// The names in lines such as `libnss3.so => not found`.
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

/// The names that the library's package may have on Debian and Ubuntu, the present one first: the
/// change to 64-bit time (<https://wiki.debian.org/ReleaseGoals/64bit-time>) renamed some.
pub fn debian(library: &str) -> Option<&'static [&'static str]> {
    DEBIAN
        .iter()
        .find(|(name, _)| *name == library)
        .map(|(_, packages)| *packages)
}

/// Commands that install the libraries, for the user to type.
pub fn advice(libraries: &[String]) -> Vec<String> {
    let mut packages: Vec<&str> = libraries
        .iter()
        .filter_map(|library| debian(library)?.first().copied())
        .collect();
    packages.sort_unstable();
    packages.dedup();
    let rpm: Vec<String> = libraries
        .iter()
        .map(|library| format!("'{}'", rpm(library)))
        .collect();
    let mut lines = vec!["install the missing libraries:".to_owned()];
    if !packages.is_empty() {
        let command = Manager::Apt.command_to_type(&packages.join(" "));
        lines.push(format!(
            "  {command} (before Debian 13 and Ubuntu 24.04 without `t64`)"
        ));
    }
    lines.push(format!(
        "  {}",
        Manager::Dnf.command_to_type(&rpm.join(" "))
    ));
    lines
}

/// The name under which RPM packages say that they bring the library.
pub(super) fn rpm(library: &str) -> String {
    let bits = if cfg!(target_pointer_width = "64") {
        "(64bit)"
    } else {
        ""
    };
    format!("{library}(){bits}")
}

const DEBIAN: [(&str, &[&str]); 30] = [
    ("libX11.so.6", &["libx11-6"]),
    ("libXcomposite.so.1", &["libxcomposite1"]),
    ("libXdamage.so.1", &["libxdamage1"]),
    ("libXext.so.6", &["libxext6"]),
    ("libXfixes.so.3", &["libxfixes3"]),
    ("libXi.so.6", &["libxi6"]),
    ("libXrandr.so.2", &["libxrandr2"]),
    ("libXrender.so.1", &["libxrender1"]),
    ("libasound.so.2", &["libasound2t64", "libasound2"]),
    ("libatk-1.0.so.0", &["libatk1.0-0t64", "libatk1.0-0"]),
    (
        "libatk-bridge-2.0.so.0",
        &["libatk-bridge2.0-0t64", "libatk-bridge2.0-0"],
    ),
    ("libatspi.so.0", &["libatspi2.0-0t64", "libatspi2.0-0"]),
    ("libcairo.so.2", &["libcairo2"]),
    ("libcups.so.2", &["libcups2t64", "libcups2"]),
    ("libdbus-1.so.3", &["libdbus-1-3"]),
    ("libdrm.so.2", &["libdrm2"]),
    ("libexpat.so.1", &["libexpat1"]),
    ("libgbm.so.1", &["libgbm1"]),
    ("libgio-2.0.so.0", &["libglib2.0-0t64", "libglib2.0-0"]),
    ("libglib-2.0.so.0", &["libglib2.0-0t64", "libglib2.0-0"]),
    ("libgobject-2.0.so.0", &["libglib2.0-0t64", "libglib2.0-0"]),
    ("libnspr4.so", &["libnspr4"]),
    ("libnss3.so", &["libnss3"]),
    ("libnssutil3.so", &["libnss3"]),
    ("libsmime3.so", &["libnss3"]),
    ("libpango-1.0.so.0", &["libpango-1.0-0"]),
    ("libudev.so.1", &["libudev1"]),
    ("libxcb.so.1", &["libxcb1"]),
    ("libxkbcommon.so.0", &["libxkbcommon0"]),
    ("libgcc_s.so.1", &["libgcc-s1"]),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_lines_that_say_not_found_count() {
        let output = "\tlinux-vdso.so.1 (0x00007ffd)\n\tlibnss3.so => not found\n\tlibc.so.6 => /lib/libc.so.6 (0x7f)\n\tlibgbm.so.1 => not found\n\tlibnss3.so => not found\n";
        assert_eq!(not_found(output), ["libgbm.so.1", "libnss3.so"]);
        assert!(not_found("\tnot a dynamic executable\n").is_empty());
    }

    #[test]
    fn advice_names_each_package_once() {
        let lines = advice(&[
            "libnss3.so".into(),
            "libnssutil3.so".into(),
            "libnew.so.1".into(),
        ])
        .join("\n");
        assert_eq!(lines.matches("install -y libnss3 ").count(), 1, "{lines}");
        assert!(lines.contains("'libnew.so.1()(64bit)'"), "{lines}");
    }
}
