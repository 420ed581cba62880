//! Pages with every kind of work that a page can have outstanding (`tests/waiting/ends`), and with work
//! that never ends (`tests/waiting/endless`). Each shows the right text, however busy the machine is.

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use libtest_mimic::Trial;
use serde_json::Value;

use crate::harness;
use crate::server::TestServer;
use crate::server::slow::slow;

/// What a page shows that has no text of its own.
const READY: &str = "- heading \"ready\" [level=1]\n";

/// Pages whose scripts work for a while: those that a slow processor makes slow.
const HEAVY: [&str; 12] = [
    "slices",
    "hydration",
    "worker-file",
    "worker-slices",
    "long-task",
    "indexeddb",
    "scheduler",
    "frame-srcdoc",
    "crypto-digest",
    "promise",
    "generator",
    "wasm",
];

/// A way of running pages.
#[derive(Clone, Copy)]
struct Way {
    jobs: u32,
    throttling: u32,
    only: &'static [&'static str],
}

pub(crate) fn tests() -> Vec<Trial> {
    let plain = Way {
        jobs: 2,
        throttling: 1,
        only: &[],
    };
    let many = Way { jobs: 8, ..plain };
    let throttled = Way {
        throttling: 20,
        only: &HEAVY,
        ..plain
    };
    [
        ("ends::two_at_a_time", "ends", plain),
        ("ends::eight_at_a_time", "ends", many),
        ("ends::on_a_processor_20_times_slower", "ends", throttled),
        (
            "endless::four_at_a_time",
            "endless",
            Way { jobs: 4, ..plain },
        ),
    ]
    .into_iter()
    .map(|(name, folder, way)| harness::case(module_path!(), name, move || run(folder, way)))
    .collect()
}

fn waiting() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/waiting")
}

/// The pages of a folder, by name, with what they show.
fn pages(folder: &str, only: &[&str]) -> Vec<(String, String)> {
    let mut pages = Vec::new();
    for entry in fs::read_dir(waiting().join(folder)).expect("there are pages") {
        let path = entry.expect("an entry can be read").path();
        if path.extension().is_none_or(|extension| extension != "html") {
            continue;
        }
        let name = path
            .file_stem()
            .expect("a name")
            .to_string_lossy()
            .into_owned();
        if only.is_empty() || only.iter().any(|start| name.starts_with(start)) {
            let own = fs::read_to_string(path.with_extension("aria.yml"));
            pages.push((name, own.unwrap_or_else(|_| READY.to_owned())));
        }
    }
    pages.sort();
    assert!(!pages.is_empty(), "no pages of {only:?} in {folder}");
    pages
}

/// A project with a case and a baseline for each page.
fn project(folder: &str, pages: &[(String, String)], base: &str, way: Way) -> tempfile::TempDir {
    let project = tempfile::tempdir().expect("a folder");
    let write = |path: String, text: &str| {
        let path = project.path().join(path);
        fs::create_dir_all(path.parent().expect("a folder")).expect("it can be made");
        fs::write(path, text).expect("it can be written");
    };
    let defaults = format!(
        "{{shape: test, frames: true, timeout: 120s, cpu-throttling: {}}}",
        way.throttling
    );
    write(
        "ariasnap.yml".to_owned(),
        &format!("site: {{url: \"{base}\"}}\ndefaults: {defaults}\n"),
    );
    let mut spec = String::new();
    for (name, text) in pages {
        let _ = write!(spec, "---\nname: {name}\nurl: /{folder}/{name}.html\n");
        write(format!("snapshots/pages/{name}/page.aria.yml"), text);
    }
    write("specs/pages.yml".to_owned(), &spec);
    project
}

fn run(folder: &str, way: Way) -> Result<(), String> {
    let server = TestServer::start(slow(&waiting()));
    let pages = pages(folder, way.only);
    let project = project(folder, &pages, server.base().as_str(), way);
    let done = Command::new(env!("CARGO_BIN_EXE_ariasnap"))
        .args([
            "test",
            "--reporter",
            "json",
            "--jobs",
            &way.jobs.to_string(),
        ])
        .current_dir(project.path())
        .env_remove("CI")
        .output()
        .expect("it starts");
    let result: Value = serde_json::from_slice(&done.stdout)
        .map_err(|error| format!("{error}: {}", String::from_utf8_lossy(&done.stderr)))?;
    let cases = result["cases"].as_array().expect("cases");
    let mut wrong = String::new();
    for case in cases {
        let snapshots = case["snapshots"].as_array().expect("snapshots");
        for snapshot in snapshots.iter().filter(|one| one["verdict"] != "matched") {
            let _ = writeln!(wrong, "{}: {}", case["name"], snapshot);
        }
    }
    if cases.len() != pages.len() {
        let _ = writeln!(
            wrong,
            "{} of {} pages have a verdict",
            cases.len(),
            pages.len()
        );
    }
    if wrong.is_empty() { Ok(()) } else { Err(wrong) }
}
