//! However a run ends, it leaves no process, no profile folder and no half-written file.

use std::fs;
use std::path::Path;
use std::process::Command;
use std::time::Duration;

use crate::machine::group::Group;
use crate::machine::process::{Ended, Running};
use crate::server::Faults;
use libtest_mimic::Trial;
use rustix::process::Signal;

pub(crate) fn tests() -> Vec<Trial> {
    tests![
        a_run_that_ends_well_leaves_nothing,
        a_browser_that_is_killed_is_started_again,
        a_page_during_which_the_browser_dies_three_times_gets_an_error,
        an_interrupted_run_takes_the_browser_with_it,
        an_interrupted_run_writes_its_reports,
        an_interrupted_snapshot_takes_the_browser_with_it,
        a_run_that_is_killed_takes_the_browser_with_it,
    ]
}

/// Far longer than anything here takes on a busy machine.
const DEADLINE: Duration = Duration::from_secs(60);

/// A project whose first page answers at once and whose second one never does.
struct Project {
    folder: tempfile::TempDir,
    /// Where profiles are.
    temporary: tempfile::TempDir,
    server: Faults,
}

impl Project {
    fn new() -> Project {
        let project = Project {
            folder: tempfile::tempdir().unwrap(),
            temporary: tempfile::tempdir().unwrap(),
            server: Faults::start(),
        };
        project.write("ariasnap.yml", "jobs: 1\n");
        project.write("specs/first.yml", "html: <h1>First</h1>\n");
        let second = format!("url: {}\n", project.server.url("/hang"));
        project.write("specs/second.yml", &second);
        project.write("specs/third.yml", "html: <h1>Third</h1>\n");
        project
    }

    fn write(&self, file: &str, text: &str) {
        let file = self.folder.path().join(file);
        fs::create_dir_all(file.parent().unwrap()).unwrap();
        fs::write(file, text).unwrap();
    }

    fn start(&self, arguments: &[&str]) -> Running {
        let mut command = Command::new(env!("CARGO_BIN_EXE_ariasnap"));
        command
            .args(arguments)
            .current_dir(self.folder.path())
            .env_remove("CI")
            .env("ARIASNAP_BROWSER", crate::machine::browser())
            .env("TMPDIR", self.temporary.path());
        Running::start(&mut command)
    }

    /// A run in the middle of its second page, and the processes of its browser.
    fn start_test(&self) -> (Running, Group) {
        let run = self.start(&["test"]);
        let _page = self.server.wait_for_hanging(DEADLINE);
        let browser = Group::of_child(run.id);
        assert!(browser.count() > 0, "the browser has a group of its own");
        (run, browser)
    }

    /// What lies in the folder of temporary files.
    fn left_behind(&self) -> Vec<String> {
        names(self.temporary.path())
    }

    fn assert_nothing_is_half_written(&self) {
        let folder = self.folder.path().join("snapshots");
        let ignore = fs::read_to_string(folder.join(".gitignore")).unwrap();
        assert!(ignore.contains("*.aria.yml.new"));
        assert_eq!(names(&folder), [".gitignore", "first"]);
        let kept = names(&folder.join("first"));
        assert_eq!(kept, ["page.aria.yml.evidence", "page.aria.yml.new"]);
        let first = fs::read_to_string(folder.join("first/page.aria.yml.new")).unwrap();
        assert!(
            first.ends_with("- heading \"First\" [level=1]\n"),
            "{first}"
        );
    }
}

fn names(folder: &Path) -> Vec<String> {
    let name = |entry: std::io::Result<fs::DirEntry>| entry.unwrap().file_name();
    let mut names: Vec<String> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| name(entry).to_string_lossy().into_owned())
        .collect();
    names.sort();
    names
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

fn a_run_that_ends_well_leaves_nothing() {
    let project = Project::new();
    let Ended { stdout, code, .. } = project.start(&["test", "first", "third"]).end(DEADLINE);
    assert_eq!(code, Some(1), "{}", text(&stdout));
    assert_eq!(project.left_behind(), [""; 0]);
}

fn a_browser_that_is_killed_is_started_again() {
    let project = Project::new();
    let (run, browser) = project.start_test();
    browser.kill_leader();
    project.server.wait_for_hanging(DEADLINE).answer();
    let Ended { stdout, code, .. } = run.end(DEADLINE);
    let stdout = text(&stdout);
    assert_eq!(code, Some(1), "{stdout}");
    assert!(stdout.contains("3 snapshots: 3 new"), "{stdout}");
    browser.wait_until_gone(DEADLINE);
    assert_eq!(project.left_behind(), [""; 0]);
}

fn a_page_during_which_the_browser_dies_three_times_gets_an_error() {
    let project = Project::new();
    let (run, first) = project.start_test();
    first.kill_leader();
    for _ in 0..2 {
        let _page = project.server.wait_for_hanging(DEADLINE);
        first.wait_until_gone(DEADLINE);
        Group::of_child(run.id).kill_leader();
    }
    let Ended { stdout, code, .. } = run.end(DEADLINE);
    let stdout = text(&stdout);
    assert_eq!(code, Some(3), "{stdout}");
    assert!(
        stdout.contains("the browser crashed 3 times while this page was open"),
        "{stdout}"
    );
    assert!(stdout.contains("1 failed, 2 new"), "{stdout}");
    assert_eq!(project.left_behind(), [""; 0]);
}

fn an_interrupted_run_takes_the_browser_with_it() {
    for signal in [Signal::INT, Signal::TERM, Signal::HUP] {
        let project = Project::new();
        let (run, browser) = project.start_test();
        run.signal(signal);
        let Ended {
            stdout,
            stderr,
            code,
        } = run.end(DEADLINE);
        assert_eq!(code, Some(130), "{signal:?}: {}", text(&stderr));
        assert!(text(&stderr).contains("interrupted"), "{}", text(&stderr));
        let report = text(&stdout);
        assert!(
            report.contains("2 snapshots not tested: the run was interrupted"),
            "{report}"
        );
        browser.wait_until_gone(DEADLINE);
        assert_eq!(project.left_behind(), [""; 0], "{signal:?}");
        project.assert_nothing_is_half_written();
    }
}

fn an_interrupted_run_writes_its_reports() {
    let project = Project::new();
    let formats = ["junit", "json", "sarif", "markdown", "html"];
    let reporters = formats.map(|format| format!("--reporter={format}=out/{format}"));
    let mut arguments = vec!["test"];
    arguments.extend(reporters.iter().map(String::as_str));
    let run = project.start(&arguments);
    let _page = project.server.wait_for_hanging(DEADLINE);
    run.signal(Signal::INT);
    let ended = run.end(DEADLINE);
    assert_eq!(ended.code, Some(130), "{}", text(&ended.stderr));
    for format in formats {
        let file = project.folder.path().join("out").join(format);
        let report = fs::read_to_string(&file).unwrap();
        assert!(report.contains("first"), "{format}: {report}");
    }
    let json = fs::read_to_string(project.folder.path().join("out/json")).unwrap();
    let json: serde_json::Value = serde_json::from_str(&json).unwrap();
    assert_eq!(json["interrupted"], true);
    let untested = json["untested"].as_array().unwrap();
    let untested: Vec<&str> = untested
        .iter()
        .map(|one| one["path"].as_str().unwrap())
        .collect();
    assert_eq!(untested, ["second/page", "third/page"]);
    let junit = fs::read_to_string(project.folder.path().join("out/junit")).unwrap();
    let skipped = "<skipped message=\"not tested: the run was interrupted\"/>";
    assert_eq!(junit.matches(skipped).count(), 2, "{junit}");
}

fn an_interrupted_snapshot_takes_the_browser_with_it() {
    let project = Project::new();
    let run = project.start(&["snapshot", &project.server.url("/hang")]);
    let _page = project.server.wait_for_hanging(DEADLINE);
    let browser = Group::of_child(run.id);
    run.signal(Signal::INT);
    assert_eq!(run.end(DEADLINE).code, Some(130));
    browser.wait_until_gone(DEADLINE);
    assert_eq!(project.left_behind(), [""; 0]);
}

/// Nothing can be done in that moment: the browser notices by itself, and the next run cleans up.
fn a_run_that_is_killed_takes_the_browser_with_it() {
    let project = Project::new();
    let (run, browser) = project.start_test();
    run.signal(Signal::KILL);
    assert_eq!(run.end(DEADLINE).code, None);
    browser.wait_until_gone(DEADLINE);
    project.assert_nothing_is_half_written();
    let next = project.start(&["test", "third"]).end(DEADLINE);
    assert_eq!(next.code, Some(1), "{}", text(&next.stderr));
    assert_eq!(project.left_behind(), [""; 0]);
}
