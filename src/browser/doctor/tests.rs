//! Examinations of machines made for the test.

#![allow(clippy::unwrap_used, reason = "what fails here fails the test")]

use std::path::Path;

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

    fn machine(&self) -> Machine {
        Machine {
            root: self.path(""),
            superuser: false,
            fonts: vec![self.path("fonts")],
        }
    }

    fn search(&self) -> Search {
        let mut search = Search::new(Platform::current(), None, None, |_| None);
        search.path = vec![self.path("bin")];
        search.usual.clear();
        search
    }

    fn sandbox(&self) -> Sandbox {
        Sandbox::examine(
            &self.machine(),
            &[self.path("bin")],
            Some(Path::new("/no/browser")),
        )
    }
}

fn check(report: &Report, subject: Subject) -> &Check {
    report
        .checks
        .iter()
        .find(|check| check.subject == subject)
        .unwrap()
}

#[test]
fn a_machine_without_a_browser_has_a_problem_and_is_told_what_to_do() {
    let folder = Folder::new();
    let report = examine(&folder.search(), &folder.machine(), |_| unreachable!());
    assert_eq!(report.verdict(), Verdict::Problem);
    let browser = check(&report, Subject::Browser);
    assert_eq!(browser.verdict, Verdict::Problem);
    assert!(
        browser
            .advice
            .join("\n")
            .contains("ariasnap browser install"),
        "{browser:?}"
    );
    assert!(
        report
            .to_string()
            .contains("problem: browser: no browser found"),
        "{report}"
    );
}

#[test]
fn a_browser_that_answers_and_starts_is_well() {
    let folder = Folder::new();
    folder.script("bin/chromium", "echo Chromium 156.0.1.2");
    folder.script("bin/fc-list", "echo /usr/share/fonts/A.ttf");
    let report = examine(&folder.search(), &folder.machine(), |found| {
        Ok(format!("{} started", found.kind))
    });
    assert_eq!(report.verdict(), Verdict::Good, "{report}");
    assert_eq!(check(&report, Subject::Version).fact, "Chromium 156.0.1.2");
    assert_eq!(check(&report, Subject::Start).fact, "Chromium started");
}

#[test]
fn a_browser_that_lacks_libraries_is_told_of_with_their_packages() {
    let folder = Folder::new();
    folder.script(
        "bin/chromium",
        "echo 'error while loading shared libraries: libnss3.so' >&2\nexit 127",
    );
    folder.script("bin/ldd", "echo '\tlibnss3.so => not found'");
    let report = examine(&folder.search(), &folder.machine(), |_| {
        Err("it exited with 127".into())
    });
    let version = check(&report, Subject::Version);
    assert_eq!(version.verdict, Verdict::Problem);
    assert!(
        version.fact.contains("127") && version.fact.contains("libnss3.so"),
        "{version:?}"
    );
    let libraries = check(&report, Subject::Libraries);
    assert_eq!(libraries.fact, "missing: libnss3.so");
    assert!(
        libraries.advice.join("\n").contains("install -y libnss3"),
        "{libraries:?}"
    );
    assert_eq!(check(&report, Subject::Start).fact, "it exited with 127");
}

#[test]
fn fonts_are_found_with_fc_list_or_in_their_folders() {
    let folder = Folder::new();
    let verdict = || {
        let report = examine(&folder.search(), &folder.machine(), |_| Ok(String::new()));
        check(&report, Subject::Fonts).verdict
    };
    assert_eq!(verdict(), Verdict::Problem);
    folder.file("fonts/readme.txt", "");
    assert_eq!(verdict(), Verdict::Problem);
    folder.file("fonts/truetype/Liberation.TTF", "");
    assert_eq!(verdict(), Verdict::Good);
    folder.script("bin/fc-list", "true");
    assert_eq!(verdict(), Verdict::Problem);
}

#[test]
fn the_sandbox_is_judged_by_user_kernel_and_trial() {
    let folder = Folder::new();
    assert_eq!(folder.sandbox(), Sandbox::Possible);
    folder.script("bin/unshare", "exit 1");
    assert_eq!(folder.sandbox(), Sandbox::Refused);
    folder.file(
        "proc/sys/kernel/apparmor_restrict_unprivileged_userns",
        "1\n",
    );
    assert_eq!(folder.sandbox(), Sandbox::AppArmor);
    folder.file("proc/sys/user/max_user_namespaces", "0\n");
    assert_eq!(
        folder.sandbox(),
        Sandbox::NamespacesOff("user.max_user_namespaces")
    );
    folder.file("proc/sys/kernel/unprivileged_userns_clone", "0\n");
    assert_eq!(
        folder.sandbox(),
        Sandbox::NamespacesOff("kernel.unprivileged_userns_clone")
    );
    let machine = Machine {
        superuser: true,
        ..folder.machine()
    };
    assert_eq!(Sandbox::examine(&machine, &[], None), Sandbox::Superuser);
}

#[test]
fn the_places_that_hold_something_are_listed_and_the_others_counted() {
    let folder = Folder::new();
    let real = folder.script("lib/chromium", "echo 'Chromium 1.2.3.4'; true");
    let script = folder.script("bin/chromium", &format!("{} \"$@\"", real.display()));
    let mut search = folder.search();
    search.environment = Some(folder.path("gone"));
    let text = examine(&search, &folder.machine(), |_| unreachable!()).to_string();
    assert!(
        text.contains(&format!(
            "{} ($ARIASNAP_BROWSER): there is no such file",
            folder.path("gone").display()
        )),
        "{text}"
    );
    assert!(
        text.contains(&format!(
            "{} (PATH): Chromium, a script that starts {}",
            script.display(),
            real.display()
        )),
        "{text}"
    );
    assert!(!text.contains("bin/google-chrome"), "{text}");
}
