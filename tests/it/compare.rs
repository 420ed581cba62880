//! Cases of comparing under `tests/compare/`: a folder each, with `before.aria.yml`, `after.aria.yml`
//! and `expected.json`; `mode` says `contain` where it is not exact. A new case is a new folder.
//!
//! `expected.json`: the changes in the order of the page, each with what the case is about: `kind`,
//! `impact`, `rule`, `path`, `at` (the first line of the old text, or of the new where there is no
//! old), `to` (that of the new). `\"some\"` asks for any changes at all. Where there is a `merged.aria.yml`, it is the baseline with all
//! changes taken; without one, taking them all still makes the baseline match.

#![allow(
    clippy::expect_used,
    clippy::panic,
    reason = "a test says so by failing"
)]

use std::fs;
use std::path::{Path, PathBuf};

use ariasnap::compare::{Accept, Change, Match, Rule, compare, merge};
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

/// Whether what was found says all that is expected.
fn has(found: &Value, expected: &Value) -> bool {
    let expected = expected.as_object().expect("an object");
    expected
        .iter()
        .all(|(key, value)| found.get(key) == Some(value))
}

#[test]
fn every_row_of_the_table_is_in_some_case() {
    let mut missing: Vec<&str> = Rule::ALL.iter().map(|rule| rule.id()).collect();
    for case in cases() {
        let text = fs::read_to_string(case.join("expected.json")).expect("expected.json");
        missing.retain(|id| !text.contains(&format!("\"{id}\"")));
    }
    assert!(missing.is_empty(), "{missing:?}");
}

#[test]
fn taking_all_changes_makes_every_case_match() {
    let mut wrong = Vec::new();
    for case in cases() {
        let before = read(&case.join("before.aria.yml"));
        let after = read(&case.join("after.aria.yml")).to_tree();
        let merged = merge(&before, &after, mode(&case), Accept::All).expect("bounded patterns");
        let again =
            snapshot::read(&merged).unwrap_or_else(|errors| panic!("{errors:#?}\n{merged}"));
        let left = compare(&again, &after, mode(&case)).expect("bounded patterns");
        let expected = fs::read_to_string(case.join("merged.aria.yml"));
        if !left.is_empty() || expected.is_ok_and(|expected| expected != merged) {
            wrong.push(format!("{}:\n{merged}", case.display()));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
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
        let text =
            fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        let expected: Value = serde_json::from_str(&text).expect("JSON");
        let Some(expected) = expected.as_array() else {
            assert!(
                !found.is_empty(),
                "{}: there should be changes",
                case.display()
            );
            continue;
        };
        let is_as_expected = found.len() == expected.len()
            && found
                .iter()
                .zip(expected)
                .all(|(found, expected)| has(found, expected));
        if !is_as_expected {
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
