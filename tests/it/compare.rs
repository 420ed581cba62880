//! Cases of comparing under `tests/compare/`, by subjects. A case is a folder of an archive:
//!
//! - `before.aria.yml` and `after.aria.yml`: the baseline and the page.
//! - `mode`: `contain`, where it is not exact.
//! - `changes`: every change in the order of the page. Its impact, its kind (and what else changed on the
//!   line) and its rule are a line, its path another; then come the old text behind `- ` and the new text
//!   behind `+ `. Without `changes` there are none. `ARIASNAP_RECORD=1` writes it.
//! - `sentences`: the changes in words, where they are part of the case.
//! - `merged.aria.yml`: the baseline with all changes taken. Without it, taking them all still makes the
//!   baseline match.
//! - `page.html`: a page for Playwright's verdict on the template; see `tests/compare/reference`.

use std::fmt::Write as _;

use ariasnap::internals::compare::recurring::sentence;
use ariasnap::internals::compare::{Accept, Change, Match, Rule, compare, merge};
use ariasnap::internals::snapshot::{self, Template};
use libtest_mimic::Trial;

use crate::archive::{self, Archive};
use crate::harness::{self, difference, is_recording};

pub(crate) fn tests() -> Vec<Trial> {
    let mut list = tests![every_row_of_the_table_is_in_some_case,];
    for subject in subjects() {
        for case in subject.cases() {
            let name = format!("{}::{}", subject.name(), case.name());
            let one = Case(case);
            list.push(harness::case(module_path!(), &name, move || one.check()));
        }
    }
    list
}

fn subjects() -> Vec<Archive> {
    Archive::all(&archive::tests("compare"))
}

struct Case(Archive);

impl Case {
    fn text(&self, file: &str) -> Option<&str> {
        self.0.text(file)
    }

    fn template(&self, file: &str) -> Template {
        let text = self.text(file).unwrap_or_else(|| panic!("no {file}"));
        snapshot::read(text).unwrap_or_else(|errors| panic!("{file}: {errors:#?}"))
    }

    fn mode(&self) -> Match {
        match self.text("mode").map(str::trim) {
            Some("contain") => Match::Contain,
            Some(other) => panic!("mode {other}"),
            None => Match::Exact,
        }
    }

    fn check(&self) -> Result<(), String> {
        let before = self.template("before.aria.yml");
        let after = self.template("after.aria.yml").to_tree();
        let changes = compare(&before, &after, self.mode()).expect("bounded patterns");
        let actual: String = changes.iter().map(described).collect();

        let merged = merge(&before, &after, self.mode(), Accept::All).expect("bounded patterns");
        let again = snapshot::read(&merged);
        let again = again.unwrap_or_else(|errors| panic!("{errors:#?}\n{merged}"));
        let left = compare(&again, &after, self.mode()).expect("bounded patterns");
        if !left.is_empty() {
            return Err(format!("it does not match after merging:\n{merged}"));
        }
        if let Some(expected) = self.text("merged.aria.yml")
            && expected != merged
        {
            return Err(format!("merged\n{}", difference(expected, &merged)));
        }
        let sentences: String = changes
            .iter()
            .map(|change| format!("{}\n", sentence(change)))
            .collect();
        if let Some(expected) = self.text("sentences")
            && expected != sentences
        {
            if !is_recording() {
                return Err(format!("sentences\n{}", difference(expected, &sentences)));
            }
            self.record("sentences", sentences);
        }
        let expected = self.text("changes").unwrap_or_default();
        if is_recording() && expected != actual {
            self.record("changes", actual);
            return Ok(());
        }
        match expected == actual {
            true => Ok(()),
            false => Err(format!("changes\n{}", difference(expected, &actual))),
        }
    }

    /// Writes the changes into the archive as it is by now.
    fn record(&self, file: &str, text: String) {
        let mut subject = Archive::read(self.0.path());
        let path = |file: &str| format!("{}/{file}", self.0.name());
        let behind = path("after.aria.yml");
        subject.put(&path(file), text.into_bytes(), &behind);
        subject.save();
    }
}

fn described(change: &Change) -> String {
    let kinds = std::iter::once(&change.kind).chain(&change.also);
    let kinds: Vec<&str> = kinds.map(|kind| kind.as_str()).collect();
    let mut text = format!(
        "{} {} {}\n",
        change.impact.as_str(),
        kinds.join("+"),
        change.rule.id()
    );
    if !change.path.is_empty() {
        let _ = writeln!(text, "in {}", change.path);
    }
    for (mark, side) in [("-", &change.old), ("+", &change.new)] {
        for line in side.iter().flat_map(|side| side.text.lines()) {
            let _ = writeln!(text, "{mark} {line}");
        }
    }
    text
}

fn every_row_of_the_table_is_in_some_case() {
    let subjects = subjects();
    let cases: Vec<Archive> = subjects.iter().flat_map(Archive::cases).collect();
    let expected: Vec<&str> = cases
        .iter()
        .filter_map(|case| case.text("changes"))
        .collect();
    let is_expected = |rule: &&str| {
        let mut lines = expected.iter().flat_map(|changes| changes.lines());
        lines.any(|line| line.rsplit(' ').next() == Some(rule))
    };
    let rules = Rule::ALL.iter().map(|rule| rule.id());
    let missing: Vec<&str> = rules.filter(|rule| !is_expected(rule)).collect();
    assert!(missing.is_empty(), "{missing:?}");
}
