//! README.md says what the program does: its commands are run, in their order, in a copy of
//! `tests/readme/project`, and its picture is drawn from what the program shows.
//!
//! A block marked `console` holds commands, each behind `$ `, and all that they print; a block marked
//! `sh` holds commands alone. `ARIASNAP_RECORD=1` writes what comes out into README.md and the picture.

use std::fs;
use std::path::{Path, PathBuf};

use crate::server::Faults;
use crate::session::World;
use fancy_regex::Regex;
use libtest_mimic::Trial;

pub(crate) fn tests() -> Vec<Trial> {
    tests![
        commands_do_what_the_readme_says,
        the_table_of_impacts_is_the_programs,
        the_picture_shows_what_the_program_shows,
    ]
}

/// What cannot be run here, by how it begins, and why.
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

/// How long it took is different every time, and which browser on every machine.
fn steady(text: &str) -> String {
    let time = Regex::new(r"in \d+\.\d s").unwrap();
    time.replace_all(text, "in 0.4 s").into_owned()
}

fn record() -> bool {
    std::env::var_os("ARIASNAP_RECORD").is_some()
}

/// Holds a file against what it should be, or writes it.
fn hold(file: &Path, actual: &str) {
    if record() {
        return fs::write(file, actual).unwrap();
    }
    let expected = fs::read_to_string(file).unwrap_or_default();
    let diff = similar::TextDiff::from_lines(expected.as_str(), actual);
    let diff = diff.unified_diff().context_radius(3).to_string();
    assert!(
        expected == actual,
        "{} says otherwise:\n{diff}",
        file.display()
    );
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

/// Between the marks stands the table that the program judges by.
fn the_table_of_impacts_is_the_programs() {
    const MARKS: [&str; 2] = ["<!-- impacts -->\n", "<!-- /impacts -->"];
    let text = fs::read_to_string(root().join("README.md")).unwrap();
    let start = text.find(MARKS[0]).expect("the first mark") + MARKS[0].len();
    let end = text.find(MARKS[1]).expect("the last mark");
    let table = ariasnap::internals::compare::impact::markdown_table();
    assert!(
        text[start..end].trim() == table.trim(),
        "README.md, between the marks, should have:\n{table}"
    );
}

fn the_picture_shows_what_the_program_shows() {
    let folder = project();
    let server = Faults::start();
    let world = World::new(folder.path(), &server);
    for command in [
        "ariasnap test --update",
        "cp redesign.html site/sign-in/index.html",
    ] {
        world.run_as_shown(command);
    }
    let shown = steady(&world.run_as_shown("ariasnap test --color always"));
    assert!(shown.contains("\u{1b}["), "{shown}");
    let text = format!("\u{1b}[1m$ ariasnap test\u{1b}[0m\n{shown}");
    let picture = anstyle_svg::Term::new().render_svg(&text);
    let file: PathBuf = root().join("tests/readme/diff.svg");
    hold(&file, &picture);
}
