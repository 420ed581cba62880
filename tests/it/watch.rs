//! `ariasnap test --watch`: what a change of a file makes it run again, and that it does.

use std::fs;
use std::path::Path;
use std::process::Command;
use std::time::Duration;

use crate::machine::dialogue::Dialogue;
use crate::machine::group::Group;
use crate::server::Faults;
use ariasnap::internals::spec::{self, Case};
use ariasnap::internals::watch::Project as Watched;
use libtest_mimic::Trial;
use rustix::process::Signal;

pub(crate) fn tests() -> Vec<Trial> {
    tests![
        what_changes_is_run_again,
        baselines_that_it_writes_itself_do_not_start_it_again,
        only_what_is_asked_for_is_run_again,
        a_browser_that_dies_meanwhile_is_started_again,
        it_can_be_ended_in_the_middle_of_a_run,
        a_file_touches_what_depends_on_it,
    ]
}

/// Far longer than anything here takes on a busy machine.
const DEADLINE: Duration = Duration::from_secs(60);

struct Project {
    folder: tempfile::TempDir,
    /// Where profiles are.
    temporary: tempfile::TempDir,
}

impl Project {
    fn new(files: &[(&str, &str)]) -> Project {
        let project = Project {
            folder: tempfile::tempdir().unwrap(),
            temporary: tempfile::tempdir().unwrap(),
        };
        for (file, text) in files {
            project.write(file, text);
        }
        project
    }

    fn path(&self, file: &str) -> std::path::PathBuf {
        self.folder.path().join(file)
    }

    fn write(&self, file: &str, text: &str) {
        let file = self.path(file);
        fs::create_dir_all(file.parent().unwrap()).unwrap();
        fs::write(file, text).unwrap();
    }

    fn watch(&self, arguments: &[&str]) -> Dialogue {
        let mut command = Command::new(env!("CARGO_BIN_EXE_ariasnap"));
        command
            .args(["test", "--watch"])
            .args(arguments)
            .current_dir(self.folder.path())
            .env_remove("CI")
            .env("ARIASNAP_BROWSER", crate::machine::browser())
            .env("TMPDIR", self.temporary.path());
        Dialogue::start(&mut command, DEADLINE)
    }
}

fn a_site() -> Project {
    Project::new(&[
        ("ariasnap.yml", "site: {dir: site}\n"),
        ("site/a.html", "<title>A</title><h1>A</h1>"),
        ("site/b/index.html", "<title>B</title><h1>B</h1>"),
        ("site/style.css", "h1 { color: red }"),
        ("specs/a.yml", "url: /a\n"),
        ("specs/b.yml", "url: /b/\n"),
        ("specs/c.yml", "html: <h1>C</h1>\n"),
    ])
}

/// What it says once it rests again.
fn next_round(run: &Dialogue) -> String {
    let said = run.until("watching ");
    // The report is on standard output, which comes as it likes beside standard error.
    let is_told = |line: &String| line.contains(" snapshot") && line.contains(" in ");
    if said.iter().any(is_told) {
        return said.join("\n");
    }
    let rest = run.until(" in ");
    [said, rest].concat().join("\n")
}

#[track_caller]
fn assert_round(run: &Dialogue, changed: &str, verdicts: &str) {
    let said = next_round(run);
    let told: Vec<&str> = said
        .lines()
        .filter_map(|line| line.strip_prefix("changed: "))
        .collect();
    // All that made it run: had its own files done so, they would be told here.
    assert_eq!(told.join(""), changed, "{said}");
    assert!(said.contains(verdicts), "{said}");
}

fn what_changes_is_run_again() {
    let project = a_site();
    let mut run = project.watch(&["--reporter", "terminal", "--reporter", "html=site/own.html"]);
    assert_round(&run, "", "3 snapshots: 3 new in");
    let browser = Group::of_child(run.id);

    let baseline = "snapshots/a/page.aria.yml";
    project.write(baseline, "- heading \"A\" [level=1]\n");
    assert_round(&run, baseline, "1 snapshot: 1 matched in");
    project.write("site/a.html", "<title>A</title><h1>New</h1>");
    assert_round(&run, "site/a.html", "1 snapshot: 1 changed in");
    project.write("site/style.css", "h1 { color: blue }");
    assert_round(&run, "site/style.css", "3 snapshots: 1 changed, 2 new in");
    fs::remove_file(project.path(baseline)).unwrap();
    assert_round(&run, baseline, "1 snapshot: 1 new in");

    project.write("specs/c.yml", "html: <h1>C\nurl: 3\n");
    let said = run.until("watching 3 snapshots").join("\n");
    assert!(said.contains("specs/c.yml:"), "{said}");
    project.write("specs/c.yml", "html: <h2>C</h2>\n");
    assert_round(&run, "specs/c.yml", "1 snapshot: 1 new in");
    project.write("specs/d.yml", "html: <h1>D</h1>\n");
    assert_round(&run, "specs/d.yml", "1 snapshot: 1 new in");

    // As a build does that makes its folder anew.
    project.write("built/a.html", "<title>A</title><h1>A</h1>");
    project.write("built/b/index.html", "<title>B</title><h1>B</h1>");
    fs::rename(project.path("site"), project.path("old")).unwrap();
    fs::rename(project.path("built"), project.path("site")).unwrap();
    let said = next_round(&run);
    assert!(said.contains("2 snapshots: 2 new in"), "{said}");
    project.write("site/b/index.html", "<title>B</title><h1>Late</h1>");
    assert_round(&run, "site/b/index.html", "1 snapshot: 1 new in");

    project.write("ariasnap.yml", "site: {dir: site}\njobs: 1\n");
    assert_round(&run, "ariasnap.yml", "4 snapshots: 4 new in");
    run.press_enter();
    assert_round(&run, "", "4 snapshots: 4 new in");

    assert_eq!(Group::of_child(run.id), browser, "the browser stays");
    run.signal(Signal::INT);
    let (said, code) = run.end();
    assert_eq!(code, Some(130), "{said:?}");
    browser.wait_until_gone(DEADLINE);
    assert_eq!(fs::read_dir(project.temporary.path()).unwrap().count(), 0);
}

fn baselines_that_it_writes_itself_do_not_start_it_again() {
    let project = a_site();
    let run = project.watch(&["--update"]);
    assert_round(&run, "", "3 snapshots: 3 updated in");
    project.write("specs/c.yml", "html: <h1>D</h1>\n");
    assert_round(&run, "specs/c.yml", "1 snapshot: 1 updated in");
    project.write("snapshots/a/page.aria.yml", "- heading \"X\" [level=1]\n");
    assert_round(
        &run,
        "snapshots/a/page.aria.yml",
        "1 snapshot: 1 updated in",
    );
}

fn only_what_is_asked_for_is_run_again() {
    let project = a_site();
    let run = project.watch(&["a/", "c/"]);
    assert_round(&run, "", "2 snapshots: 2 new in");
    project.write("specs/b.yml", "url: /b\n");
    project.write("site/style.css", "h1 { color: blue }");
    assert_round(&run, "site/style.css, specs/b.yml", "2 snapshots: 2 new in");
}

fn a_browser_that_dies_meanwhile_is_started_again() {
    let project = a_site();
    let run = project.watch(&[]);
    assert_round(&run, "", "3 snapshots: 3 new in");
    let browser = Group::of_child(run.id);
    browser.kill_leader();
    browser.wait_until_gone(DEADLINE);
    project.write("specs/c.yml", "html: <h2>C</h2>\n");
    assert_round(&run, "specs/c.yml", "1 snapshot: 1 new in");
}

fn it_can_be_ended_in_the_middle_of_a_run() {
    let server = Faults::start();
    let project = Project::new(&[("specs/a.yml", "html: <h1>A</h1>\n")]);
    let run = project.watch(&[]);
    assert_round(&run, "", "1 snapshot: 1 new in");
    project.write("specs/b.yml", &format!("url: {}\n", server.url("/hang")));
    let _page = server.wait_for_hanging(DEADLINE);
    let browser = Group::of_child(run.id);
    run.signal(Signal::INT);
    let (said, code) = run.end();
    assert_eq!(code, Some(130), "{said:?}");
    assert!(said.iter().any(|line| line.contains("interrupted")));
    browser.wait_until_gone(DEADLINE);
    assert_eq!(fs::read_dir(project.temporary.path()).unwrap().count(), 0);
}

/// The titles of the cases that a file touches, in their order.
fn touched(project: &Project, file: &str) -> Vec<String> {
    let folder = project.folder.path();
    let config = spec::load_config(folder, None, &spec::Variables::default()).unwrap();
    let cases = spec::load_cases(&config, folder).unwrap();
    let watched = Watched {
        configuration: spec::configurations(folder, None),
        reports: vec![project.path("site/report.html")],
        ..Watched::new(&config, &cases)
    };
    let site = "http://127.0.0.1:1/".parse().unwrap();
    let Some(rerun) = watched.rerun(Path::new(&project.path(file))) else {
        return Vec::new();
    };
    let all = rerun.chosen(&cases, Some(&site));
    let touched = cases.iter().zip(all).filter(|(_, is_touched)| *is_touched);
    touched.map(|(case, _)| Case::title(case)).collect()
}

fn a_file_touches_what_depends_on_it() {
    let project = Project::new(&[
        ("ariasnap.yml", "site: {dir: site}\n"),
        ("site/index.html", ""),
        ("docs/about.md", "# About"),
        (
            "specs/home.yml",
            "url: /\nvariants: {dark: {color-scheme: dark}}\n",
        ),
        (
            "specs/about.yml",
            "url: /about?x=1#y\nsource: docs/about.md\n",
        ),
        (
            "specs/in/guide.yml",
            "name: one\nurl: guide/\n---\nname: two\nurl: /guide\n",
        ),
        (
            "specs/in/stepped.yml",
            "url: /\nsteps: [{goto: /about.html}]\n",
        ),
        ("specs/elsewhere.yml", "url: https://example.com/about\n"),
        (
            "specs/markup.yml",
            "html: <input type=file>\nsteps: [{upload: {css=input: data.txt}}]\n",
        ),
        ("specs/data.txt", ""),
        ("specs/account.yml", "url: /account/\nsession: user\n"),
        ("specs/sessions/user.yml", "url: /login/\n"),
    ]);
    let all = vec![
        "about",
        "account",
        "elsewhere",
        "home",
        "home@dark",
        "in/guide/one",
        "in/guide/two",
        "in/stepped",
        "markup",
    ];
    let far = ["account", "in/stepped", "markup"];
    let and_far = |own: &[&'static str]| {
        let mut all = [own, &far].concat();
        all.sort_unstable();
        all
    };
    for (file, expected) in [
        ("ariasnap.yml", all.clone()),
        ("specs/home.yml", vec!["home", "home@dark"]),
        ("specs/in/guide.yml", vec!["in/guide/one", "in/guide/two"]),
        // A folder that was removed.
        (
            "specs/in",
            vec!["in/guide/one", "in/guide/two", "in/stepped"],
        ),
        ("specs/data.txt", all.clone()),
        ("specs/notes.txt", vec![]),
        ("specs/.home.yml.swp", vec![]),
        ("specs/sessions/user.yml", all.clone()),
        ("docs/about.md", all.clone()),
        ("docs/other.md", vec![]),
        ("snapshots/home/page.aria.yml", vec!["home", "home@dark"]),
        (
            "snapshots/home/page@dark.aria.yml",
            vec!["home", "home@dark"],
        ),
        ("snapshots/in/guide/two/page.md", vec!["in/guide/two"]),
        (
            "snapshots/in",
            vec!["in/guide/one", "in/guide/two", "in/stepped"],
        ),
        ("snapshots/home/page.aria.yml.new", vec![]),
        ("snapshots/home/page.aria.yml.evidence/page.png", vec![]),
        ("snapshots/.gitignore", vec![]),
        ("site/index.html", and_far(&["home", "home@dark"])),
        ("site/about.html", and_far(&["about"])),
        (
            "site/guide/index.html",
            and_far(&["in/guide/one", "in/guide/two"]),
        ),
        // What no case opens may be in a frame of any.
        ("site/part.html", all.clone()),
        ("site/404.html", all.clone()),
        ("site/app.js", all.clone()),
        ("site/guide", all.clone()),
        ("site/.git/index", vec![]),
        ("site/index.html~", vec![]),
        ("site/report.html", vec![]),
        ("README.md", vec![]),
    ] {
        assert_eq!(touched(&project, file), expected, "{file}");
    }
}
