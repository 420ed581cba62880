//! Runs the commands of README.md, in their order, in a copy of `tests/readme/project`, and compares what
//! they print.
//!
//! A block `console` has commands, each after `$ `, and their output; a block `sh` has only commands.
//! `ARIASNAP_RECORD=1` writes the output and the picture.

use std::fs;
use std::path::Path;

use crate::review_in_browser::{Serving, ariasnap};
use crate::server::Faults;
use crate::session::World;
use fancy_regex::Regex;
use libtest_mimic::Trial;

pub(crate) fn tests() -> Vec<Trial> {
    tests![
        commands_do_what_the_readme_says,
        the_table_of_impacts_is_the_programs,
        the_picture_shows_the_review,
    ]
}

/// Commands that cannot run here, by their beginnings, and why.
const NOT_RUN: [(&str, &str); 4] = [
    (
        "cargo run --release -- test",
        "needs the cargo that runs this test; .ci/run runs it",
    ),
    ("cargo test", "is what runs this test"),
    ("cargo install", "installs for the user who runs this test"),
    (
        "ariasnap browser install",
        "downloads; tests/it/browser_install.rs installs from a server of its own",
    ),
];

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// A copy of the project.
fn project() -> tempfile::TempDir {
    let copy = tempfile::tempdir().unwrap();
    let project = root().join("tests/readme/project");
    for entry in walkdir::WalkDir::new(&project) {
        let entry = entry.unwrap();
        let to = copy
            .path()
            .join(entry.path().strip_prefix(&project).unwrap());
        if entry.file_type().is_dir() {
            fs::create_dir_all(to).unwrap();
        } else {
            fs::copy(entry.path(), to).unwrap();
        }
    }
    copy
}

/// Replaces times.
fn steady(text: &str) -> String {
    let time = Regex::new(r"in \d+\.\d s").unwrap();
    time.replace_all(text, "in 0.4 s").into_owned()
}

fn record() -> bool {
    std::env::var_os("ARIASNAP_RECORD").is_some()
}

/// Compares a file with its expected text, or writes it.
fn hold(file: &Path, actual: &str) {
    if record() {
        return fs::write(file, actual).unwrap();
    }
    let expected = fs::read_to_string(file).unwrap_or_default();
    let diff = similar::TextDiff::from_lines(expected.as_str(), actual);
    let diff = diff.unified_diff().context_radius(3).to_string();
    assert!(expected == actual, "{} differs:\n{diff}", file.display());
}

fn commands_do_what_the_readme_says() {
    let file = root().join("README.md");
    let text = fs::read_to_string(&file).unwrap();
    let folder = project();
    let server = Faults::start();
    let world = World::new(folder.path(), &server);
    let run = |command: &str| {
        if NOT_RUN.iter().any(|(start, _)| command.starts_with(start)) {
            return None;
        }
        Some(steady(&world.run_as_shown(command)))
    };
    let mut actual = String::new();
    let mut block = None;
    for line in text.lines() {
        if let Some(name) = line.strip_prefix("```") {
            assert!(block.is_some() || !name.is_empty(), "a block has no name");
            block = block.is_none().then_some(name);
        } else if block == Some("console") {
            // Other lines of the block are what the command before printed then.
            if let Some(command) = line.strip_prefix("$ ") {
                let output = run(command).unwrap_or_else(|| panic!("{command}: only in `sh`"));
                actual += &format!("{line}\n{output}");
            }
            continue;
        } else if block == Some("sh") {
            run(line);
        }
        actual += &format!("{line}\n");
    }
    hold(&file, &actual);
}

/// The table between the marks is that of the program.
fn the_table_of_impacts_is_the_programs() {
    const MARKS: [&str; 2] = ["<!-- impacts -->\n", "<!-- /impacts -->"];
    let text = fs::read_to_string(root().join("README.md")).unwrap();
    let start = text.find(MARKS[0]).expect("the first mark") + MARKS[0].len();
    let end = text.find(MARKS[1]).expect("the last mark");
    let table = ariasnap::internals::compare::impact::markdown_table();
    let actual = format!("{}{table}{}", &text[..start], &text[end..]);
    hold(&root().join("README.md"), &actual);
}

/// The picture is a screenshot that the program takes of its own review. Screenshots differ between
/// machines, so the snapshot of the same page is compared instead.
fn the_picture_shows_the_review() {
    const SPEC: &str = "\
viewport: 1280x800
shape: test
steps:
  - press: [j, Enter]
  - snapshot: review
";
    let folder = project();
    let server = Faults::start();
    let world = World::new(folder.path(), &server);
    for command in [
        "ariasnap init site",
        "ariasnap test --update",
        "cp redesign.html site/sign-in/index.html",
        "ariasnap test",
    ] {
        world.run_as_shown(command);
    }
    let review = Serving::of(folder.path());
    let driver = tempfile::tempdir().unwrap();
    fs::create_dir(driver.path().join("specs")).unwrap();
    let spec = format!("url: {}\n{SPEC}", review.url);
    fs::write(driver.path().join("specs/web.yml"), spec).unwrap();
    let seen = ariasnap(driver.path(), &["test"]);
    assert_eq!(seen.status.code(), Some(1), "{seen:?}");
    let pending = driver.path().join("snapshots/web/review.aria.yml.new");
    let pending = fs::read_to_string(pending).unwrap();
    let (_, snapshot) = pending.split_once('\n').unwrap();
    let address = Regex::new(r"http://127\.0\.0\.1:\d+").unwrap();
    let snapshot = address.replace_all(snapshot, "http://127.0.0.1:8000");
    let browser = Regex::new(r"[A-Za-z]*Chrom[A-Za-z]*/[\d.]+").unwrap();
    let snapshot = browser.replace_all(&snapshot, "Chromium");
    let pictures = root().join("tests/readme");
    hold(&pictures.join("review.aria.yml"), &snapshot);

    let evidence = driver.path().join("snapshots/web/review.aria.yml.evidence");
    let files = fs::read_dir(evidence)
        .unwrap()
        .map(|file| file.unwrap().path());
    let taken = files.filter(|file| file.extension().is_some_and(|end| end == "jpg"));
    let taken = fs::read(taken.last().expect("a screenshot")).unwrap();
    if record() {
        fs::write(pictures.join("review.jpg"), taken).unwrap();
    } else {
        let kept = fs::read(pictures.join("review.jpg")).unwrap();
        assert_eq!(kept[..3], taken[..3], "both are JPEG files");
    }
}
