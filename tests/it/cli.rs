//! The command line as a process, on real files and in the real browser. Every folder of `tests/cli/`
//! is a case:
//!
//! - `project/`: the files before; none where there is no such folder.
//! - `session.txt`: what is typed, and what comes of it. A line `$ COMMAND` is run by `sh` in a copy of
//!   the project; `1> ` stands before what it writes to standard output, `2> ` before standard error,
//!   and `? N` tells an exit code other than 0. Other lines say what the case is about.
//! - `after/`: files that are new or different afterwards, and in `removed.txt` those that are gone.
//!   Without it, nothing may have changed.
//!
//! What no two runs share stands as a placeholder:
//!
//! - `[DIR]`: the folder of the copy.
//! - `[SITE]`: the address at which the run serves its site.
//! - `[SERVER]`: a server of this test. `/hang` never answers, `/elsewhere` redirects to
//!   `localhost`, another origin, `/moved` to `/page`, `/status/N` answers with that status, `/late/X`
//!   with another heading and `/late-error/X` with an error when it is first asked for,
//!   everything else with a page that has a heading.
//! - `[REFUSED]`: an address where nobody listens.
//! - `[TIME]`: how long a run took.
//! - `[BROWSER]`: the path of the browser.
//!
//! `[SERVER]` and `[REFUSED]` may stand in the project's files and in commands too. That the browser
//! runs without its sandbox depends on the machine, and is left out.
//!
//! `ARIASNAP_CASE=text` runs the cases that have that in their names; `ARIASNAP_RECORD=1` writes what
//! comes out into the cases, to be reviewed with `git diff`.
#![allow(
    clippy::expect_used,
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test says so by failing"
)]

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Mutex;

use crate::machine::server::Server;
use crate::session::{Session, World};

const REMOVED: &str = "removed.txt";

#[test]
fn sessions() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cli");
    let wanted = std::env::var("ARIASNAP_CASE").unwrap_or_default();
    let mut cases: Vec<PathBuf> = fs::read_dir(&root)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.is_dir() && path.to_string_lossy().contains(&wanted))
        .collect();
    assert!(!cases.is_empty(), "no case in {}", root.display());
    cases.sort();
    let server = Server::start();
    let record = std::env::var_os("ARIASNAP_RECORD").is_some();
    let queue = Mutex::new(cases.iter());
    let failures = Mutex::new(Vec::new());
    let workers = std::thread::available_parallelism().map_or(2, usize::from);
    std::thread::scope(|scope| {
        for _ in 0..workers {
            scope.spawn(|| {
                while let Some(case) = { queue.lock().unwrap().next() } {
                    let found = run_case(case, &server, record);
                    failures.lock().unwrap().extend(found);
                }
            });
        }
    });
    let failures = failures.into_inner().unwrap();
    assert!(failures.is_empty(), "{}", failures.join("\n\n"));
}

/// What is not as the case expects.
fn run_case(case: &Path, server: &Server, record: bool) -> Option<String> {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path().canonicalize().unwrap();
    let before = files(&case.join("project"));
    for (name, text) in &before {
        let file = folder.join(name);
        fs::create_dir_all(file.parent().unwrap()).unwrap();
        fs::write(file, server.fill_in(text)).unwrap();
    }
    let file = case.join("session.txt");
    let text = fs::read_to_string(&file).unwrap_or_else(|e| panic!("{}: {e}", file.display()));
    let expected = Session::parse(&text);
    let world = World::new(&folder, server);
    let actual = expected.run(&world);

    let left: BTreeMap<String, Vec<u8>> = files(&folder)
        .into_iter()
        .filter(|(name, _)| !is_left_out(name))
        .map(|(name, text)| (name, world.placeholders(&text)))
        .collect();
    let mut after: BTreeMap<String, Vec<u8>> = left
        .iter()
        .filter(|(name, text)| before.get(*name) != Some(text))
        .map(|(name, text)| (name.clone(), text.clone()))
        .collect();
    let removed: BTreeSet<&str> = before
        .keys()
        .filter(|name| !left.contains_key(*name))
        .map(String::as_str)
        .collect();
    if !removed.is_empty() {
        let list: String = removed.iter().map(|name| format!("{name}\n")).collect();
        after.insert(REMOVED.to_owned(), list.into_bytes());
    }
    if record {
        fs::write(&file, actual.to_string()).unwrap();
        record_files(&case.join("after"), &after);
        return None;
    }
    let name = case.file_name().unwrap().to_string_lossy();
    let mut wrong = Vec::new();
    if actual != expected {
        wrong.push(difference(&expected.to_string(), &actual.to_string()));
    }
    wrong.extend(different_files(&files(&case.join("after")), &after));
    (!wrong.is_empty()).then(|| format!("==== tests/cli/{name}\n{}", wrong.join("\n")))
}

/// Pictures, records and times differ from one run to the next; reports of them are tested elsewhere.
fn is_left_out(name: &str) -> bool {
    [".git/", ".ariasnap/", "parts/"]
        .iter()
        .any(|folder| name.starts_with(folder))
        || name.contains(".evidence/")
        || name.contains("/.ariasnap-")
}

fn different_files(
    expected: &BTreeMap<String, Vec<u8>>,
    actual: &BTreeMap<String, Vec<u8>>,
) -> Vec<String> {
    let names: BTreeSet<&String> = expected.keys().chain(actual.keys()).collect();
    let text = |files: &BTreeMap<String, Vec<u8>>, name: &String| {
        let bytes = files.get(name)?;
        Some(String::from_utf8_lossy(bytes).into_owned())
    };
    names
        .into_iter()
        .filter(|name| expected.get(*name) != actual.get(*name))
        .map(|name| match (text(expected, name), text(actual, name)) {
            (Some(expected), Some(actual)) => {
                format!("after/{name}:\n{}", difference(&expected, &actual))
            }
            (Some(_), None) => format!("after/{name}: is expected, and is not there or unchanged"),
            (None, actual) => format!(
                "{name}: is new or different, and not in after/:\n{}",
                actual.unwrap_or_default()
            ),
        })
        .collect()
}

fn difference(expected: &str, actual: &str) -> String {
    similar::TextDiff::from_lines(expected, actual)
        .unified_diff()
        .context_radius(3)
        .header("expected", "is")
        .to_string()
}

fn record_files(folder: &Path, files: &BTreeMap<String, Vec<u8>>) {
    if folder.exists() {
        fs::remove_dir_all(folder).unwrap();
    }
    for (name, text) in files {
        let file = folder.join(name);
        fs::create_dir_all(file.parent().unwrap()).unwrap();
        fs::write(file, text).unwrap();
    }
}

/// The files below a folder by their paths; none where there is no folder.
fn files(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    walkdir::WalkDir::new(folder)
        .into_iter()
        .filter_map(Result::ok)
        .filter(|entry| entry.file_type().is_file())
        .map(|entry| {
            let name = entry.path().strip_prefix(folder).unwrap();
            let text = fs::read(entry.path()).unwrap();
            (name.to_string_lossy().into_owned(), text)
        })
        .collect()
}
