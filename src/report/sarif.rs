//! SARIF 2.1.0 for code scanning: what fails a run, at its line of the baseline.
//!
//! <https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html>

use std::path::Path;

use serde_json::{Value, json};

use super::{Format, ReportError, tries};
use crate::compare::recurring::{GroupId, sentence};
use crate::compare::{Change, Impact, Rule};
use crate::run::{CaseReport, Outcome, RunResult};
use crate::text::Data;

const SCHEMA: &str =
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";
const NO_BASELINE: &str = "no-baseline";
const NO_VERDICT: &str = "no-verdict";
const FLAKY: &str = "flaky";

pub(super) fn report(result: &RunResult) -> Result<Data, ReportError> {
    let log = json!({
        "$schema": SCHEMA,
        "version": "2.1.0",
        "runs": [{
            "tool": {"driver": {
                "name": "ariasnap",
                "version": env!("CARGO_PKG_VERSION"),
                "rules": rules(),
            }},
            "columnKind": "unicodeCodePoints",
            "invocations": [{"executionSuccessful": !result.interrupted && result.tally().failed == 0}],
            "results": results(result),
        }],
    });
    Data::json(&log).map_err(|error| ReportError::new(Format::Sarif, error))
}

/// Lists every row of the impact table, so that each rule has the same index in all runs.
fn rules() -> Vec<Value> {
    let rule = |id: &str, what: &str, reason: &str, level: &str| {
        json!({
            "id": id,
            "shortDescription": {"text": what},
            "fullDescription": {"text": reason},
            // GitHub code scanning refuses a rule without it:
            // https://docs.github.com/code-security/reference/code-scanning/sarif-support-for-code-scanning#reportingdescriptor-object
            "help": {"text": format!("{reason} {}", help(id))},
            "defaultConfiguration": {"level": level},
        })
    };
    let changes = Rule::ALL
        .iter()
        .map(|row| rule(row.id(), row.what(), row.reason(), level(row.impact())));
    changes
        .chain([
            rule(
                NO_BASELINE,
                "A snapshot without a baseline.",
                "There is nothing to compare the page with.",
                "warning",
            ),
            rule(
                NO_VERDICT,
                "A snapshot that could not be compared.",
                "The page, the browser or the project's files failed.",
                "error",
            ),
            rule(
                FLAKY,
                "A snapshot that matched only in a later try.",
                "The page varies, or the browser failed.",
                "note",
            ),
        ])
        .collect()
}

/// Returns advice.
fn help(rule: &str) -> &'static str {
    match rule {
        NO_VERDICT => "The message explains the failure.",
        FLAKY => "The message lists what differed between the tries.",
        _ => "`ariasnap review` shows it; `ariasnap accept` makes it the baseline.",
    }
}

fn level(impact: Impact) -> &'static str {
    match impact {
        Impact::Regression => "error",
        Impact::Content => "warning",
        Impact::Improvement | Impact::Structure => "note",
    }
}

fn results(result: &RunResult) -> Vec<Value> {
    let mut results = Vec::new();
    for (case, snapshot) in result.snapshots() {
        match &snapshot.outcome {
            Outcome::Matched | Outcome::Updated { .. } => {}
            Outcome::Flaky { tries } => {
                let tried = tries::list(tries).plain();
                let text = format!("{} {}\n{tried}", snapshot.path, tries::summary(tries));
                results.push(json!({
                    "ruleId": FLAKY,
                    "level": "note",
                    "message": {"text": text.trim_end()},
                    "locations": [location_of(case)],
                }));
            }
            Outcome::Changed {
                changes, baseline, ..
            } => results.extend(changes.iter().map(|change| of_change(change, baseline))),
            Outcome::New { baseline, .. } => results.push(json!({
                "ruleId": NO_BASELINE,
                "level": "warning",
                "message": {"text": format!("{} has no baseline yet", snapshot.path)},
                "locations": [location(baseline, None)],
            })),
            Outcome::Failed(failure) => results.push(json!({
                "ruleId": NO_VERDICT,
                "level": "error",
                "message": {"text": format!("{}: {}", snapshot.path, failure.message)},
                "locations": [location_of(case)],
            })),
        }
    }
    results
}

fn of_change(change: &Change, baseline: &Path) -> Value {
    json!({
        "ruleId": change.rule.id(),
        "level": level(change.impact),
        "message": {"text": format!("{}. {}", sentence(change), change.rule.what())},
        "locations": [location(baseline, Some(change))],
        // So the same change is the same result in the next run, even on another line.
        "partialFingerprints": {"ariasnapGroup/v2": GroupId::of(change).as_str()},
    })
}

/// Returns the spec as the location: code scanning refuses a result without a file.
fn location_of(case: &CaseReport) -> Value {
    let logical = json!([{"fullyQualifiedName": case.name}]);
    if case.spec.as_os_str().is_empty() {
        return json!({"logicalLocations": logical});
    }
    let mut location = location(&case.spec, None);
    location["logicalLocations"] = logical;
    location
}

fn location(file: &Path, change: Option<&Change>) -> Value {
    let region = match change.and_then(|change| change.anchor) {
        Some(span) => json!({"startLine": span.line, "startColumn": span.column}),
        None => json!({"startLine": 1}),
    };
    json!({
        "physicalLocation": {
            "artifactLocation": {"uri": uri(file)},
            "region": region,
        },
    })
}

/// Returns a path as a relative reference: <https://www.rfc-editor.org/rfc/rfc3986#section-4.2>
fn uri(file: &Path) -> String {
    let mut uri = String::new();
    for byte in file.to_string_lossy().replace('\\', "/").bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~/".contains(&byte) {
            uri.push(char::from(byte));
        } else {
            uri.push_str(&format!("%{byte:02X}"));
        }
    }
    uri
}
