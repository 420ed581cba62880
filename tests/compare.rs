//! Cases of comparing under `tests/compare/`: a folder each, with `before.aria.yml`, `after.aria.yml`
//! and `expected.json`; `mode` says `contain` where it is not exact. A new case is a new folder.
//!
//! `expected.json`: the changes in order, each `kind`, `impact`, `rule`, and `at`, the old or new
//! text's first line. `ARIASNAP_WRITE=1` writes what is found into cases that have none yet.

#![allow(
    clippy::expect_used,
    clippy::panic,
    reason = "a test says so by failing"
)]

use std::fs;
use std::path::{Path, PathBuf};

use ariasnap::compare::{Change, Match, compare};
use ariasnap::snapshot::{self, Template};
use serde_json::{Value, json};

fn cases() -> Vec<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/compare");
    let mut cases: Vec<PathBuf> = fs::read_dir(&root)
        .expect("tests/compare")
        .map(|entry| entry.expect("an entry").path())
        .filter(|path| path.join("before.aria.yml").exists())
        .collect();
    cases.sort();
    cases
}

fn read(path: &Path) -> Template {
    let text =
        fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    snapshot::read(&text).unwrap_or_else(|errors| panic!("{}: {errors:#?}", path.display()))
}

fn mode(case: &Path) -> Match {
    match fs::read_to_string(case.join("mode"))
        .as_deref()
        .map(str::trim)
    {
        Ok("contain") => Match::Contain,
        Ok(other) => panic!("{}: mode {other}", case.display()),
        Err(_) => Match::Exact,
    }
}

fn told(change: &Change) -> Value {
    let side = change.old.as_ref().or(change.new.as_ref()).expect("a side");
    let mut told = json!({
        "kind": change.kind.as_str(),
        "impact": change.impact.as_str(),
        "rule": change.rule.id(),
        "path": change.path,
        "at": side.text.lines().next().unwrap_or_default(),
    });
    if let (Some(_), Some(new)) = (&change.old, &change.new) {
        told["to"] = json!(new.text.lines().next().unwrap_or_default());
    }
    told
}

#[test]
fn every_case_tells_the_expected_changes() {
    let mut wrong = Vec::new();
    let cases = cases();
    for case in &cases {
        let before = read(&case.join("before.aria.yml"));
        let after = read(&case.join("after.aria.yml")).to_tree();
        let changes = compare(&before, &after, mode(case)).expect("bounded patterns");
        let found: Vec<Value> = changes.iter().map(told).collect();
        let path = case.join("expected.json");
        if !path.exists() && std::env::var_os("ARIASNAP_WRITE").is_some() {
            let text = serde_json::to_string_pretty(&found).expect("JSON");
            fs::write(&path, text + "\n").expect("written");
        }
        let text =
            fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        let expected: Vec<Value> = serde_json::from_str(&text).expect("JSON");
        if found != expected {
            let found = serde_json::to_string_pretty(&found).expect("JSON");
            wrong.push(format!("{}:\n{found}", case.display()));
        }
    }
    assert!(
        wrong.is_empty(),
        "{} of {} cases:\n{}",
        wrong.len(),
        cases.len(),
        wrong.join("\n")
    );
}
