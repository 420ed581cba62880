//! Examinations of machines made for the test.

#![allow(clippy::unwrap_used, reason = "a failure fails the test")]

use super::*;
use crate::browser::platform::Platform;

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

    fn script(&self, name: &str, text: &str) -> PathBuf {
        use std::os::unix::fs::PermissionsExt;
        let path = self.file(name, &format!("#!/bin/sh\n{text}\n"));
        fs_err::set_permissions(&path, std::fs::Permissions::from_mode(0o755)).unwrap();
        path
    }

    fn search(&self) -> Search {
        let mut search = Search::new(Platform::current(), None, None, |_| None);
        search.path = vec![self.path("bin")];
        search.usual.clear();
        search
    }

    fn examine(&self, start: Start) -> Report {
        examine(&self.search(), &[self.path("fonts")], |_| start)
    }
}

fn check(report: &Report, subject: Subject) -> &Check {
    let mut checks = report.checks.iter();
    checks.find(|check| check.subject == subject).unwrap()
}

fn started() -> Start {
    Ok(("Chrome/1".into(), Sandbox::On))
}

#[test]
fn without_a_browser_the_report_says_how_to_install_one() {
    let report = Folder::new().examine(started());
    assert_eq!(report.verdict(), Verdict::Problem);
    let browser = check(&report, Subject::Browser);
    assert_eq!(browser.verdict, Verdict::Problem);
    let advice = browser.advice.join("\n");
    assert!(advice.contains("ariasnap browser install"), "{browser:?}");
    let text = report.to_string();
    assert!(
        text.contains("problem: browser: no browser found"),
        "{text}"
    );
}

#[test]
fn a_browser_that_starts_is_good() {
    let folder = Folder::new();
    folder.script("bin/chromium", "echo Chromium 156.0.1.2");
    folder.script("bin/fc-list", "echo /usr/share/fonts/A.ttf");
    let report = folder.examine(started());
    assert!(report.verdict() < Verdict::Problem, "{report}");
    assert_eq!(check(&report, Subject::Version).fact, "Chromium 156.0.1.2");
    assert_eq!(check(&report, Subject::Start).fact, "Chrome/1");
    assert_eq!(check(&report, Subject::Sandbox).verdict, Verdict::Good);
}

#[test]
fn missing_libraries_are_named_with_the_command_that_installs_them() {
    let folder = Folder::new();
    folder.script(
        "bin/chromium",
        "echo 'error while loading shared libraries: libnss3.so' >&2\nexit 127",
    );
    folder.script("bin/ldd", "echo '\tlibnss3.so => not found'");
    folder.script("bin/apt-get", "");
    let report = folder.examine(Err("it exited with 127".into()));
    let version = check(&report, Subject::Version);
    assert_eq!(version.verdict, Verdict::Problem);
    assert!(
        version.fact.contains("127") && version.fact.contains("libnss3.so"),
        "{version:?}"
    );
    let libraries = check(&report, Subject::Libraries);
    assert_eq!(libraries.fact, "missing: libnss3.so");
    assert!(
        libraries.advice[0].contains("sudo apt-get install -y libnss3 "),
        "{libraries:?}"
    );
    assert_eq!(check(&report, Subject::Start).fact, "it exited with 127");
}

#[test]
fn fonts_are_found_with_fc_list_or_in_their_folders() {
    let folder = Folder::new();
    let verdict = || check(&folder.examine(started()), Subject::Fonts).verdict;
    assert_eq!(verdict(), Verdict::Problem);
    folder.file("fonts/readme.txt", "");
    assert_eq!(verdict(), Verdict::Problem);
    folder.file("fonts/truetype/Liberation.TTF", "");
    assert_eq!(verdict(), Verdict::Good);
    folder.script("bin/fc-list", "true");
    assert_eq!(verdict(), Verdict::Problem);
}

#[test]
fn a_missing_sandbox_is_a_warning_with_its_reason() {
    let folder = Folder::new();
    folder.script("bin/chromium", "echo Chromium 1.2.3.4");
    let report = folder.examine(Ok(("Chrome/1".into(), Sandbox::Refused)));
    let sandbox = check(&report, Subject::Sandbox);
    assert_eq!(sandbox.verdict, Verdict::Warning);
    assert!(sandbox.fact.contains("user namespaces"), "{sandbox:?}");
    assert!(sandbox.advice[0].contains("seccomp"), "{sandbox:?}");
}

#[test]
fn the_shared_memory_of_docker_is_too_little() {
    assert_eq!(check_memory(64 << 20).verdict, Verdict::Warning);
    assert_eq!(check_memory(1 << 30).verdict, Verdict::Good);
}

#[test]
fn only_places_with_a_file_are_listed() {
    let folder = Folder::new();
    let real = folder.script("lib/chromium", "echo 'Chromium 1.2.3.4'; true");
    let script = folder.script("bin/chromium", &format!("{} \"$@\"", real.display()));
    let mut search = folder.search();
    search.environment = Some(folder.path("gone"));
    let text = examine(&search, &[], |_| started()).to_string();
    for expected in [
        format!(
            "{} ($ARIASNAP_BROWSER): there is no such file",
            folder.path("gone").display()
        ),
        format!(
            "{} (PATH): Chromium, a script for {}",
            script.display(),
            real.display()
        ),
    ] {
        assert!(text.contains(&expected), "{text}");
    }
    assert!(!text.contains("bin/google-chrome"), "{text}");
}
