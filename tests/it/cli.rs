//! The command line as a process, on real files and in the real browser. Every archive of `tests/cli/` is
//! a case:
//!
//! - The comment: what is typed, and what comes of it. A line `$ COMMAND` is run by `sh` in a copy of the
//!   project; `1> ` is before what it writes to standard output, `2> ` before standard error, and
//!   `? N` tells an exit code other than 0. Other lines say what the case is about.
//! - `project/`: the files before; none where there is no such folder.
//! - `after/`: files that are new or different afterwards, and in `after/removed.txt` those that are gone.
//!   Without it, nothing may have changed.
//!
//! What no two runs share is a placeholder:
//!
//! - `[DIR]`: the folder of the copy.
//! - `[SITE]`: the address at which the run serves its site.
//! - `[SERVER]`: a server of this test. `/hang` never answers, `/elsewhere` redirects to
//!   `localhost`, another origin, `/moved` to `/page`, `/status/N` answers with that status, `/late/X`
//!   with another heading and `/late-error/X` with an error when it is first asked for,
//!   everything else with a page that has a heading.
//! - `[ENCRYPTED]`: a server with HTTPS, whose certificate is one of the authority in
//!   `tests/cli/certificates.txtar`.
//! - `[REFUSED]`: an address where no server listens.
//! - `[TIME]`: how long a run took.
//! - `[BROWSER]`: the path of the browser.
//!
//! The project's files and the commands can hold `[SERVER]`, `[ENCRYPTED]` and `[REFUSED]` too. That the browser
//! runs without its sandbox depends on the machine, and is left out.
//!
//! `ARIASNAP_RECORD=1` writes what comes out into the cases, to be reviewed with `git diff`.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;

use crate::archive::{self, Archive, files};
use crate::harness::{case, difference, is_recording};
use crate::server::Faults;
use crate::session::{Session, World};
use libtest_mimic::Trial;

const REMOVED: &str = "removed.txt";

pub(crate) fn tests() -> Vec<Trial> {
    let cases = Archive::all(&archive::tests("cli"))
        .into_iter()
        .map(|archive| {
            let name = archive.name().to_owned();
            case(module_path!(), &name, move || run_case(archive))
        });
    cases.collect()
}

fn run_case(mut archive: Archive) -> Result<(), String> {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path().canonicalize().unwrap();
    let server = Faults::start();
    let before = archive.below("project");
    for (name, text) in &before {
        let file = folder.join(name);
        fs::create_dir_all(file.parent().unwrap()).unwrap();
        fs::write(file, server.fill_in(text)).unwrap();
    }
    let expected = Session::parse(&archive.comment);
    let world = World::new(&folder, &server);
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
    if is_recording() {
        archive.comment = actual.to_string();
        archive.replace_below("after", after);
        archive.save();
        return Ok(());
    }
    let mut wrong = Vec::new();
    if actual != expected {
        wrong.push(difference(&expected.to_string(), &actual.to_string()));
    }
    wrong.extend(different_files(&archive.below("after"), &after));
    match wrong.is_empty() {
        true => Ok(()),
        false => Err(wrong.join("\n")),
    }
}

/// Pictures, records and times differ from one run to the next; reports of them are tested elsewhere.
fn is_left_out(name: &str) -> bool {
    [".git/", ".ariasnap/", "parts/"]
        .iter()
        .any(|folder| name.starts_with(folder))
        || name.contains(".evidence/")
        || name.contains("/.ariasnap/")
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
