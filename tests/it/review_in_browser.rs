//! The review in the browser, driven by ariasnap itself: see `tests/review/README.md`.
//! `ARIASNAP_RECORD=1` writes the snapshots of the review's page.

use libtest_mimic::Trial;
use std::fs;
use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};

pub(crate) fn tests() -> Vec<Trial> {
    tests![
        looking_decides_nothing,
        groups_are_decided_from_the_keyboard,
    ]
}

pub(crate) fn ariasnap(folder: &Path, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_ariasnap"))
        .args(arguments)
        .current_dir(folder)
        .env("ARIASNAP_BROWSER", crate::machine::browser())
        .env_remove("CI")
        .stdin(Stdio::null())
        .output()
        .expect("the program starts")
}

fn said(output: &Output) -> String {
    let text = [&output.stdout[..], &output.stderr[..]].concat();
    String::from_utf8_lossy(&text).into_owned()
}

/// Twelve pages that changed in three ways: all lost the name of a button, six gained a link, three have
/// another heading.
fn project(folder: &Path) {
    fs::create_dir_all(folder.join("site")).expect("a folder");
    fs::create_dir_all(folder.join("specs")).expect("a folder");
    fs::write(
        folder.join("ariasnap.yml"),
        "site: {dir: site}\ndefaults: {shape: test}\n",
    )
    .expect("written");
    let write = |is_changed: bool| {
        for page in 0..12 {
            let name = if is_changed { "" } else { "Search" };
            let link = if is_changed && page < 6 {
                "<li><a href=/new>News</a>"
            } else {
                ""
            };
            let heading = if is_changed && page >= 9 {
                "Guide"
            } else {
                "Manual"
            };
            let html = format!(
                "<!doctype html><html lang=en><title>Page</title><nav aria-label=Main><ul><li><a href=/>Home</a>{link}</ul></nav>\
                 <main><h1>{heading}</h1><button aria-label='{name}'></button></main>"
            );
            fs::write(folder.join(format!("site/p{page}.html")), html).expect("written");
            fs::write(
                folder.join(format!("specs/p{page}.yml")),
                format!("url: /p{page}.html\n"),
            )
            .expect("written");
        }
    };
    write(false);
    let first = ariasnap(folder, &["test", "--update"]);
    assert!(first.status.success(), "{}", said(&first));
    write(true);
    let second = ariasnap(folder, &["test"]);
    assert_eq!(second.status.code(), Some(1), "{}", said(&second));
}

/// The review's server; ended with the test.
pub(crate) struct Serving {
    child: Child,
    pub(crate) url: String,
}

impl Serving {
    pub(crate) fn of(folder: &Path) -> Serving {
        let mut child = Command::new(env!("CARGO_BIN_EXE_ariasnap"))
            .args(["review", "--web", "--no-open"])
            .current_dir(folder)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("the program starts");
        let mut url = String::new();
        let stdout = child.stdout.take().expect("a pipe");
        BufReader::new(stdout)
            .read_line(&mut url)
            .expect("an address");
        let url = url.trim().to_owned();
        Serving { child, url }
    }
}

impl Drop for Serving {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Runs one of the specs of `tests/review/` against a review of a fresh project, and gives the folder of
/// that project when it is done.
fn drive(spec: &str) -> tempfile::TempDir {
    let project_folder = tempfile::tempdir().expect("a folder");
    project(project_folder.path());
    let review = Serving::of(project_folder.path());
    let own = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/review");
    let driver = tempfile::tempdir().expect("a folder");
    fs::create_dir(driver.path().join("specs")).expect("a folder");
    let text = fs::read_to_string(own.join("specs").join(spec)).expect("a spec");
    // The review stands at a path of its own, which nobody can guess.
    let text = text.replace("url: /\n", &format!("url: {}\n", review.url));
    fs::write(driver.path().join("specs").join(spec), text).expect("written");
    let config = format!(
        "snapshots: {}\ndefaults: {{shape: test, attributes: all}}\njobs: 1\n",
        own.join("snapshots").display()
    );
    fs::write(driver.path().join("ariasnap.yml"), config).expect("written");
    let record = std::env::var_os("ARIASNAP_RECORD").is_some();
    let arguments: &[&str] = if record {
        &["test", "--update"]
    } else {
        &["test"]
    };
    let seen = ariasnap(driver.path(), arguments);
    assert!(seen.status.success(), "{}", said(&seen));
    drop(review);
    project_folder
}

fn baseline(project: &Path, page: u32) -> String {
    let file = project.join(format!("snapshots/p{page}/page.aria.yml"));
    fs::read_to_string(&file).unwrap_or_else(|error| panic!("{}: {error}", file.display()))
}

fn looking_decides_nothing() {
    let project = drive("start.yml");
    for page in 0..12 {
        assert!(baseline(project.path(), page).contains("button \"Search\""));
    }
    let status = ariasnap(project.path(), &["status"]);
    assert!(said(&status).contains("p11/page"), "{}", said(&status));
}

/// The nameless button is accepted, the link rejected, the heading accepted with the rest.
fn groups_are_decided_from_the_keyboard() {
    let project = drive("deciding.yml");
    for page in 0..12 {
        let text = baseline(project.path(), page);
        assert!(!text.contains("button \"Search\""), "page {page}: {text}");
        assert!(!text.contains("News"), "page {page}: {text}");
        assert_eq!(text.contains("Guide"), page >= 9, "page {page}: {text}");
    }
    let status = ariasnap(project.path(), &["status"]);
    assert!(
        said(&status).contains("nothing is pending"),
        "{}",
        said(&status)
    );
}
