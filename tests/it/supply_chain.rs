//! What comes in from elsewhere: crates by `deny.toml`, the browser by its checksums.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use libtest_mimic::Trial;
use sha2::{Digest as _, Sha256};

pub(crate) fn tests() -> Vec<Trial> {
    tests![
        every_crate_is_of_the_one_registry,
        every_second_version_of_a_crate_is_known,
        one_command_pins_a_browser_and_checks_it,
    ]
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn read(file: &str) -> String {
    fs::read_to_string(root().join(file)).expect("a file")
}

/// The value of a line such as `name = "x"`.
fn value<'a>(line: &'a str, key: &str) -> Option<&'a str> {
    let rest = line.strip_prefix(key)?.strip_prefix(" = \"")?;
    rest.strip_suffix('"')
}

fn every_crate_is_of_the_one_registry() {
    let lock = read("Cargo.lock");
    let sources: Vec<&str> = lock
        .lines()
        .filter_map(|line| value(line, "source"))
        .collect();
    assert!(sources.len() > 100, "{}", sources.len());
    for source in sources {
        let registry = "registry+https://github.com/rust-lang/crates.io-index";
        assert_eq!(source, registry, "deny.toml allows no other");
    }
}

fn every_second_version_of_a_crate_is_known() {
    let deny = read("deny.toml");
    // Cargo.lock has crates too that no feature asks for, which are not built.
    let tree = Command::new(env!("CARGO"))
        .args(["tree", "--duplicates", "--all-features", "--target=all"])
        .args(["--prefix=none", "--depth=0", "--offline", "--locked"])
        .current_dir(root())
        .output()
        .expect("run");
    assert!(tree.status.success(), "{tree:?}");
    let tree = String::from_utf8(tree.stdout).expect("text");
    let mut versions: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for line in tree.lines() {
        let mut words = line.split(' ');
        if let (Some(name), Some(version)) = (words.next(), words.next()) {
            let version = version.trim_start_matches('v');
            versions.entry(name).or_default().insert(version);
        }
    }
    versions.retain(|_, versions| versions.len() > 1);
    let mut known = 0;
    for (name, versions) in versions {
        let skipped = versions
            .iter()
            .filter(|version| deny.contains(&format!("\"{name}@{version}\"")));
        let skipped = skipped.count();
        known += skipped;
        assert_eq!(
            skipped,
            versions.len() - 1,
            "{name} {versions:?} in deny.toml"
        );
    }
    assert_eq!(
        known,
        deny.matches("{ crate = \"").count() - 3,
        "lines that nothing needs"
    );
}

fn pin(argument: &str, archives: &Path, release: &Path) -> Output {
    Command::new(root().join(".ci/pin-browser"))
        .arg(argument)
        .env(
            "ARIASNAP_ARCHIVES",
            format!("file://{}", archives.display()),
        )
        .env("ARIASNAP_RELEASE", release)
        .output()
        .expect("run")
}

/// An archive without files, of a length of its own: <https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT> 4.3.16.
fn archive(comment: usize) -> Vec<u8> {
    let mut bytes = b"PK\x05\x06".to_vec();
    bytes.extend([0; 16]);
    bytes.extend(u16::try_from(comment).expect("short").to_le_bytes());
    bytes.extend(std::iter::repeat_n(b'x', comment));
    bytes
}

fn one_command_pins_a_browser_and_checks_it() {
    let folder = tempfile::tempdir().expect("a folder");
    let release = folder.path().join("release.rs");
    fs::copy(root().join("src/browser/install/build.rs"), &release).expect("copied");
    let before = fs::read_to_string(&release).expect("read");
    let mut sums = Vec::new();
    let platforms = ["linux64", "linux-arm64", "mac-arm64", "mac-x64"];
    for (at, platform) in platforms.into_iter().enumerate() {
        let place = folder.path().join("200.1.2.3").join(platform);
        fs::create_dir_all(&place).expect("made");
        let bytes = archive(1_000 + at);
        let sum = Sha256::digest(&bytes);
        sums.push(
            sum.iter()
                .map(|byte| format!("{byte:02x}"))
                .collect::<String>(),
        );
        let file = place.join(format!("chrome-headless-shell-{platform}.zip"));
        fs::write(file, bytes).expect("written");
    }
    let done = pin("200.1.2.3", folder.path(), &release);
    assert!(done.status.success(), "{done:?}");
    let after = fs::read_to_string(&release).expect("read");
    assert!(after.contains("VERSION: &str = \"200.1.2.3\""));
    for (at, sum) in sums.iter().enumerate() {
        assert!(after.contains(sum.as_str()), "{after}");
        assert!(after.contains(&format!("1_{:03}", 22 + at)), "{after}");
    }
    assert_eq!(before.lines().count(), after.lines().count());
    assert!(pin("--check", folder.path(), &release).status.success());
    // One byte other than what was pinned.
    let place = folder
        .path()
        .join("200.1.2.3/mac-x64/chrome-headless-shell-mac-x64.zip");
    fs::write(place, archive(999)).expect("written");
    assert_eq!(
        pin("--check", folder.path(), &release).status.code(),
        Some(1)
    );
    // What is missing changes nothing.
    let failed = pin("201.0.0.0", folder.path(), &release);
    assert!(!failed.status.success());
    assert_eq!(fs::read_to_string(&release).expect("read"), after);
    assert_eq!(
        pin("latest; rm", folder.path(), &release).status.code(),
        Some(2)
    );
}
