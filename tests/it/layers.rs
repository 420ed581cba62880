//! The rooms of the library and the arrows between them: which may know which. A new room or a new
//! arrow is a decision, and is written here.

mod source;

use std::fs;
use std::path::{Path, PathBuf};

use libtest_mimic::Trial;
use source::{Mention, mentions};

pub(crate) fn tests() -> Vec<Trial> {
    tests![
        no_room_knows_what_it_may_not,
        a_broken_arrow_is_found,
        what_is_allowed_is_not_found,
        no_test_is_forgotten,
        printing_is_denied_by_lints,
    ]
}

/// Which other rooms a room may know.
enum Knows {
    /// These and no others.
    Only(&'static [&'static str]),
    /// Every room below the command line but these.
    AllBut(&'static [&'static str]),
}

use Knows::{AllBut, Only};

/// Beside every room, what it may know. Rooms of one layer know each other where the table says so.
const ROOMS: &[(&str, Knows)] = &[
    ("source", Only(&["text"])),
    ("yaml", Only(&["source"])),
    ("dom", Only(&[])),
    ("aria", Only(&["dom", "source"])),
    ("snapshot", Only(&["aria", "dom", "source", "yaml"])),
    ("compare", Only(&["snapshot", "aria", "dom", "source"])),
    // Escaping what others wrote, for everyone who prints it.
    ("text", Only(&[])),
    ("regular_file", Only(&[])),
    ("baseline", Only(&["text"])),
    ("filter", Only(&["baseline"])),
    ("keyboard", Only(&[])),
    ("emulation", Only(&[])),
    ("new_file", Only(&[])),
    (
        "browser",
        Only(&["dom", "emulation", "keyboard", "new_file", "text"]),
    ),
    // Evidence keeps the changes that it shows, and the tree they were found in.
    (
        "store",
        Only(&[
            "baseline",
            "source",
            "compare",
            "aria",
            "new_file",
            "regular_file",
            "snapshot",
        ]),
    ),
    ("init", Only(&["site", "new_file"])),
    (
        "site",
        AllBut(&["run", "report", "review", "store", "assertion", "tab"]),
    ),
    (
        "spec",
        AllBut(&[
            "run",
            "report",
            "review",
            "store",
            "browser",
            "assertion",
            "tab",
        ]),
    ),
    ("run", AllBut(&["report", "review", "assertion", "tab"])),
    (
        "report",
        AllBut(&["review", "browser", "site", "assertion", "tab"]),
    ),
    ("review", AllBut(&["browser", "site", "assertion", "tab"])),
    // What a changed file is to cases.
    ("watch", Only(&["spec", "site", "baseline", "run"])),
    // What users of the library call in their own tests.
    (
        "assertion",
        AllBut(&["review", "store", "site", "browser", "tab"]),
    ),
    ("tab", Only(&["browser", "dom"])),
    // The top: nothing below may know the command line.
    ("cli", AllBut(&["assertion", "tab"])),
    // Names for the project's own tests, and names for users.
    ("internals", AllBut(&[])),
    (
        "json",
        Only(&["baseline", "compare", "report", "run", "store"]),
    ),
];

/// Rooms that are rules alone: the same in gives the same out.
const PURE: [&str; 5] = ["source", "dom", "aria", "snapshot", "compare"];

/// The outer world, as crates and modules have it.
const OUTER_WORLD: [&str; 28] = [
    "std::fs",
    "std::io",
    "std::time",
    "std::env",
    "std::net",
    "std::os",
    "std::process",
    "std::thread",
    "anstream",
    "axum",
    "clap",
    "command_fds",
    "crossterm",
    "etcetera",
    "fs_err",
    "headless_chrome",
    "indicatif",
    "notify",
    "rand",
    "ratatui",
    "reqwest",
    "rustix",
    "tempfile",
    "tokio",
    "tower_http",
    "ureq",
    "walkdir",
    "zip",
];

/// Traits, with which a caller brings the outer world.
const TRAITS: [&str; 4] = [
    "std::io::BufRead",
    "std::io::Read",
    "std::io::Seek",
    "std::io::Write",
];

/// Only the command line ends the program and writes to its streams.
const COMMAND_LINE: [&str; 6] = [
    "std::process::exit",
    "std::process::abort",
    "std::io::stdout",
    "std::io::stderr",
    "anstream::stdout",
    "anstream::stderr",
];

/// What is wrong with a mention, if anything. Items of the root are nobody's.
fn wrong(mention: &Mention) -> Option<String> {
    let Mention { room, path, .. } = mention;
    let Some((_, knows)) = ROOMS.iter().find(|(name, _)| name == room) else {
        return Some(format!("say in tests/it/layers.rs what `{room}` may know"));
    };
    if let Some(inner) = path.strip_prefix("crate::") {
        let other = inner.split("::").next().unwrap_or_default();
        let is_known = match knows {
            Only(rooms) => rooms.contains(&other),
            AllBut(rooms) => other != "*" && other != "cli" && !rooms.contains(&other),
        };
        return (other != room && !is_known).then(|| format!("`{room}` may not know `{other}`"));
    }
    let is_outer = PURE.contains(&room.as_str()) && is_below(path, &OUTER_WORLD);
    if is_outer && !TRAITS.contains(&path.as_str()) {
        return Some(format!("`{room}` is pure"));
    }
    (room != "cli" && is_below(path, &COMMAND_LINE))
        .then(|| "only the command line prints and exits".to_owned())
}

/// Whether a path leads to one of the places, into one, or brings one in with others by a `*`.
fn is_below(path: &str, places: &[&str]) -> bool {
    places.iter().any(|place| {
        let is_inside = |rest: &str| rest.is_empty() || rest.starts_with("::");
        path.strip_prefix(place).is_some_and(is_inside)
            || path
                .strip_suffix('*')
                .is_some_and(|with_others| place.starts_with(with_others))
    })
}

fn manifest() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// Every mention in a file and in the files of its modules.
fn mentions_below(file: &Path, module: &[String], found: &mut Vec<(PathBuf, Mention)>) {
    let text = fs::read_to_string(file).unwrap_or_else(|e| panic!("{}: {e}", file.display()));
    let source = mentions(&text, module).unwrap_or_else(|e| panic!("{}: {e}", file.display()));
    found.extend(
        source
            .mentions
            .into_iter()
            .map(|one| (file.to_owned(), one)),
    );
    for child in source.modules {
        let file = child.file(file).unwrap_or_else(|| {
            panic!(
                "{}: no file of module {}",
                file.display(),
                child.path.join("::")
            )
        });
        mentions_below(&file, &child.path, found);
    }
}

fn no_room_knows_what_it_may_not() {
    let mut found = Vec::new();
    mentions_below(&manifest().join("src/lib.rs"), &[], &mut found);
    let rooms: std::collections::BTreeSet<&str> =
        found.iter().map(|(_, one)| one.room.as_str()).collect();
    for room in ["dom", "aria", "browser", "run", "tab"] {
        assert!(rooms.contains(room), "{room} was not read, but {rooms:?}");
    }
    let broken: Vec<String> = found
        .iter()
        .filter_map(|(file, mention)| {
            let why = wrong(mention)?;
            let file = file.strip_prefix(manifest()).unwrap_or(file);
            Some(format!("{}: {}: {why}", file.display(), mention.path))
        })
        .collect();
    assert!(broken.is_empty(), "\n{}", broken.join("\n"));
}

fn a_broken_arrow_is_found() {
    for (module, text, expected) in [
        (
            "aria::name",
            "use crate::browser::page::Page;",
            "`aria` may not know `browser`",
        ),
        (
            "aria",
            "use crate::{dom::NodeId, snapshot::{self, write}};",
            "`aria` may not know `snapshot`",
        ),
        (
            "aria::name",
            "use super::super::run as elsewhere;",
            "`aria` may not know `run`",
        ),
        (
            "aria",
            "fn f(change: crate::compare::Change) {}",
            "`aria` may not know `compare`",
        ),
        (
            "aria",
            "fn f() { crate::store::Store::new(\"x\"); }",
            "`aria` may not know `store`",
        ),
        (
            "aria",
            "fn f() { assert_eq!(1, { crate::spec::load() }); }",
            "`aria` may not know `spec`",
        ),
        (
            "aria",
            "mod inner { use super::super::site::Site; }",
            "`aria` may not know `site`",
        ),
        ("dom", "use crate::aria::Role;", "`dom` may not know `aria`"),
        ("dom", "use crate::*;", "`dom` may not know `*`"),
        ("run", "use crate::*;", "`run` may not know `*`"),
        (
            "run",
            "use crate::report::terminal;",
            "`run` may not know `report`",
        ),
        (
            "browser",
            "use crate::aria;",
            "`browser` may not know `aria`",
        ),
        (
            "run",
            "use crate::cli::Context;",
            "`run` may not know `cli`",
        ),
        (
            "newcomer",
            "use crate::dom;",
            "say in tests/it/layers.rs what `newcomer` may know",
        ),
        (
            "dom",
            "use std::{collections::HashMap, fs};",
            "`dom` is pure",
        ),
        ("dom", "use std::*;", "`dom` is pure"),
        (
            "compare",
            "fn f() { let now = std::time::Instant::now(); }",
            "`compare` is pure",
        ),
        ("compare", "use ::tokio::sync::mpsc;", "`compare` is pure"),
        (
            "snapshot",
            "use std::io::{Read, stdin};",
            "`snapshot` is pure",
        ),
        (
            "store",
            "fn f() { std::process::exit(1) }",
            "only the command line prints and exits",
        ),
        (
            "report",
            "fn f() { let out = std::io::stdout().lock(); }",
            "only the command line prints and exits",
        ),
    ] {
        let mut found = verdicts(module, text);
        found.dedup();
        assert_eq!(found, [expected], "{module}: {text}");
    }
}

fn what_is_allowed_is_not_found() {
    for (module, text) in [
        (
            "aria::name",
            "use super::role::Role; use crate::dom::NodeId; use std::collections::HashMap;",
        ),
        (
            "snapshot",
            "use std::io::{BufRead, Write}; pub(in crate::snapshot) fn f() {}",
        ),
        (
            "aria",
            "/// As [`crate::run::Outcome`]\nfn f() { let text = \"crate::run\"; }",
        ),
        (
            "aria",
            "#[cfg(test)] mod tests { use std::fs; use crate::browser; }",
        ),
        ("aria", "#[cfg(all(test, unix))] use std::fs;"),
        ("store", "use std::fs; use tokio::sync::mpsc;"),
        ("cli", "use std::io; fn f() { std::process::exit(1) }"),
        (
            "report",
            "use crate::run::{Outcome, RunResult}; use crate::compare::Change;",
        ),
        (
            "run",
            "use crate::{aria, browser, compare, dom, source, site, snapshot, spec, store};",
        ),
    ] {
        assert_eq!(verdicts(module, text), [""; 0], "{module}: {text}");
    }
}

fn verdicts(module: &str, text: &str) -> Vec<String> {
    let module: Vec<String> = module.split("::").map(str::to_owned).collect();
    let source = mentions(text, &module).unwrap();
    source.mentions.iter().filter_map(wrong).collect()
}

fn no_test_is_forgotten() {
    let tests = manifest().join("tests");
    let main = fs::read_to_string(tests.join("it/main.rs")).unwrap();
    let mut forgotten = Vec::new();
    for (name, bytes) in crate::archive::files(&tests) {
        let Some(module) = name.strip_suffix(".rs") else {
            continue;
        };
        let is_known = match module.strip_prefix("it/") {
            // Modules of modules are left to the compiler.
            Some(module) => module.contains('/') || main.contains(&format!("mod {module};")),
            None => false,
        };
        if !is_known && module != "it/main" {
            forgotten.push(format!(
                "{name} is in no program: name it in tests/it/main.rs"
            ));
        }
        let text = String::from_utf8(bytes).unwrap();
        let is_attribute = |line: &str| line == "#[test]" || line.starts_with("#[tokio::test");
        if text.lines().any(|line| is_attribute(line.trim())) {
            forgotten.push(format!(
                "{name}: a function with the attribute `test` never runs: name it in `tests()`"
            ));
        }
    }
    assert!(forgotten.is_empty(), "{}", forgotten.join("\n"));
}

fn printing_is_denied_by_lints() {
    let manifest = fs::read_to_string(manifest().join("Cargo.toml")).unwrap();
    let lints = manifest
        .split("\n[")
        .find(|table| table.starts_with("lints.clippy]"))
        .expect("Cargo.toml has [lints.clippy]");
    for lint in [
        "print_stdout",
        "print_stderr",
        "dbg_macro",
        "unwrap_used",
        "expect_used",
        "panic",
    ] {
        let line = format!("{lint} = \"deny\"");
        assert!(
            lints.lines().any(|one| one == line),
            "Cargo.toml has no `{line}`"
        );
    }
}
