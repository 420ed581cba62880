//! What programs read, held against what others say of its form: JSON against the schemas of
//! `schemas/` by a validator, SARIF against its specification, JUnit by a parser, HTML in the browser.

use std::collections::{BTreeSet, HashMap};
use std::fs;
use std::path::Path;
use std::process::Command;
use std::time::Duration;

use crate::machine::process::Running;
use ariasnap::internals::report::{Format, Surroundings, report};
use ariasnap::internals::run::{RunResult, Tally};
use jsonschema::Registry;
use libtest_mimic::Trial;
use quick_junit::{Report, TestCase, TestCaseStatus};
use serde_json::Value;

pub(crate) fn tests() -> Vec<Trial> {
    tests![
        the_schemas_are_schemas,
        the_json_report_is_as_its_schema_says,
        what_commands_print_is_as_the_schemas_say,
        sarif_is_as_its_specification_says,
        junit_counts_what_the_run_counts,
        the_html_report_says_in_the_browser_what_the_run_says,
    ]
}

/// Far longer than any command takes on a busy machine.
const DEADLINE: Duration = Duration::from_secs(60);

const SCHEMAS: [&str; 5] = ["report", "status", "diff", "snapshot", "bench"];

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn schema(name: &str) -> Value {
    let file = root().join(format!("schemas/{name}.schema.json"));
    serde_json::from_str(&fs::read_to_string(file).unwrap()).unwrap()
}

/// What is wrong with a value, each with its place in it.
fn problems(name: &str, value: &Value) -> Vec<String> {
    let base = format!("file:///{name}.schema.json");
    let registry = Registry::new()
        .add("file:///report.schema.json", schema("report"))
        .unwrap()
        .prepare()
        .unwrap();
    let schema = schema(name);
    let validator = jsonschema::options()
        .with_base_uri(base)
        .with_registry(&registry)
        .build(&schema)
        .unwrap();
    validator
        .iter_errors(value)
        .map(|error| format!("{}: {error}", error.instance_path()))
        .collect()
}

fn recorded() -> RunResult {
    let text = fs::read_to_string(root().join("tests/report/result.json")).unwrap();
    serde_json::from_str(&text).unwrap()
}

fn made(format: Format, result: &RunResult) -> String {
    let surroundings = Surroundings { is_ci: true };
    report(format, result, surroundings, &HashMap::new())
        .unwrap()
        .to_string()
}

fn the_schemas_are_schemas() {
    for name in SCHEMAS {
        jsonschema::meta::validate(&schema(name)).unwrap_or_else(|error| panic!("{name}: {error}"));
    }
}

fn the_json_report_is_as_its_schema_says() {
    let report: Value = serde_json::from_str(&made(Format::Json, &recorded())).unwrap();
    assert_eq!(problems("report", &report), [""; 0]);
    // The schema says something: what programs count on cannot be left out or be another thing.
    for (place, value) in [
        ("/schema", Value::Null),
        ("/cases/0/name", Value::from(1)),
        ("/cases/0/snapshots/0/verdict", Value::from("fine")),
        (
            "/cases/1/snapshots/0/changes/0/kind",
            Value::from("unheard-of"),
        ),
        ("/groups/0/snapshots/0", Value::from("one")),
    ] {
        let mut wrong = report.clone();
        *wrong.pointer_mut(place).expect(place) = value;
        assert_ne!(problems("report", &wrong), [""; 0], "{place}");
    }
}

/// What a command prints, and what it says beside that. Its exit code is another test's matter.
fn printed(folder: &Path, arguments: &[&str]) -> (String, String) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_ariasnap"));
    command
        .args(arguments)
        .current_dir(folder)
        .env_remove("CI")
        .env("ARIASNAP_BROWSER", crate::machine::browser());
    let ended = Running::start(&mut command).end(DEADLINE);
    let text = |bytes| String::from_utf8(bytes).unwrap();
    (text(ended.stdout), text(ended.stderr))
}

fn printed_json(folder: &Path, arguments: &[&str]) -> Value {
    let (text, beside) = printed(folder, arguments);
    serde_json::from_str(&text)
        .unwrap_or_else(|error| panic!("{arguments:?}: {error}\n{text}\n{beside}"))
}

fn what_commands_print_is_as_the_schemas_say() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let page = "<title>x</title><main><h1>New</h1><p>Text <a href=/a>link</a>\
        <input type=checkbox checked required aria-invalid=spelling aria-label=Box>\
        <button aria-pressed=mixed aria-expanded=false disabled>Go</button></main>";
    let changed = "- main:\n  - heading \"Old\" [level=1]\n  - button \"Gone\" [expanded]\n";
    for (file, text) in [
        ("specs/changed.yml", format!("html: |\n  {page}\n")),
        ("specs/new.yml", format!("html: |\n  {page}\n")),
        ("specs/missing.yml", "url: http://127.0.0.1:1/\n".to_owned()),
        ("snapshots/changed/page.aria.yml", changed.to_owned()),
        ("snapshots/none/page.aria.yml", changed.to_owned()),
        ("page.html", page.to_owned()),
        ("other.aria.yml", "- main\n".to_owned()),
    ] {
        let file = folder.join(file);
        fs::create_dir_all(file.parent().unwrap()).unwrap();
        fs::write(file, text).unwrap();
    }
    for (name, arguments) in [
        (
            "report",
            &["test", "--retries", "1", "--reporter", "json"][..],
        ),
        ("status", &["status", "--json"]),
        (
            "diff",
            &[
                "diff",
                "snapshots/changed/page.aria.yml",
                "other.aria.yml",
                "--format",
                "json",
            ],
        ),
        ("snapshot", &["snapshot", "page.html", "--json", "--boxes"]),
        (
            "snapshot",
            &[
                "snapshot",
                "page.html",
                "--json",
                "--attributes",
                "all",
                "--shape",
                "test",
            ],
        ),
        ("bench", &["bench", "page.html", "--repeat", "1", "--json"]),
    ] {
        let value = printed_json(folder, arguments);
        assert_eq!(problems(name, &value), [""; 0], "{arguments:?}\n{value:#}");
        let is_empty = |value: &Value| match value {
            Value::Array(items) => items.is_empty(),
            Value::Object(members) => members
                .values()
                .any(|one| one.as_array().is_some_and(Vec::is_empty)),
            _ => true,
        };
        assert!(!is_empty(&value), "{arguments:?} tells nothing:\n{value:#}");
    }
}

fn texts<'a>(value: &'a Value, key: &str) -> Vec<&'a str> {
    let items = value.as_array().unwrap().iter();
    items.map(|one| one[key].as_str().unwrap()).collect()
}

/// <https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html>, and what code scanning on GitHub
/// asks for beyond it.
fn sarif_is_as_its_specification_says() {
    let log: Value = serde_json::from_str(&made(Format::Sarif, &recorded())).unwrap();
    // 3.13.2
    assert_eq!(log["version"], "2.1.0");
    let run = &log["runs"][0];
    let rules = &run["tool"]["driver"]["rules"];
    let ids = texts(rules, "id");
    // 3.49.3
    assert_eq!(
        ids.iter().collect::<BTreeSet<_>>().len(),
        ids.len(),
        "ids are unique"
    );
    for rule in rules.as_array().unwrap() {
        for text in ["shortDescription", "fullDescription", "help"] {
            let text = rule[text]["text"].as_str().unwrap_or_default();
            // 3.11.9
            assert!(text.ends_with('.'), "{rule:#}");
        }
    }
    let results = run["results"].as_array().unwrap();
    assert!(results.len() > 5, "{results:?}");
    for result in results {
        assert!(
            ids.contains(&result["ruleId"].as_str().unwrap()),
            "{result:#}"
        );
        // 3.27.10
        let level = result["level"].as_str().unwrap();
        assert!(["none", "note", "warning", "error"].contains(&level));
        // 3.11.8
        assert!(!result["message"]["text"].as_str().unwrap().is_empty());
        let place = &result["locations"][0]["physicalLocation"];
        let uri = place["artifactLocation"]["uri"]
            .as_str()
            .unwrap_or_default();
        // 3.4.3, RFC 3986: a relative reference with no character that is to be escaped.
        let is_plain = |c: char| c.is_ascii_alphanumeric() || "-._~/%".contains(c);
        assert!(
            !uri.is_empty() && !uri.starts_with('/') && uri.chars().all(is_plain),
            "{result:#}"
        );
        for number in ["startLine", "startColumn"] {
            // 3.30.5, 3.30.6
            let number = &place["region"][number];
            assert!(number.is_null() || number.as_u64().is_some_and(|one| one > 0));
        }
        if let Some(prints) = result.get("partialFingerprints") {
            // 3.27.17
            assert!(prints.as_object().unwrap().values().all(Value::is_string));
        }
    }
}

fn junit_counts_what_the_run_counts() {
    let result = recorded();
    let text = made(Format::Junit, &result);
    let report = Report::deserialize_from_str(&text).unwrap();
    let Tally { failed, .. } = result.tally();
    let failing = result
        .snapshots()
        .filter(|(_, one)| one.outcome.fails())
        .count();
    let untested = result.untested.len();
    assert_eq!(report.tests, result.snapshots().count() + untested);
    assert_eq!(report.errors, failed);
    assert_eq!(report.failures, failing - failed);
    let all = report
        .test_suites
        .iter()
        .flat_map(|suite| &suite.test_cases);
    let is_skipped = |test: &&TestCase| matches!(test.status, TestCaseStatus::Skipped { .. });
    assert_eq!(all.filter(is_skipped).count(), untested);
    for (suite, case) in report.test_suites.iter().zip(&result.cases) {
        assert_eq!(suite.name.as_str(), case.name);
        for (test, snapshot) in suite.test_cases.iter().zip(&case.snapshots) {
            assert_eq!(test.name.as_str(), snapshot.path.as_str());
            let passed = matches!(test.status, TestCaseStatus::Success { .. });
            assert_eq!(passed, !snapshot.outcome.fails(), "{}", snapshot.path);
        }
    }
    // The attributes that the schema of Jenkins gives to all suites together, and no others.
    let (_, root) = text.split_once("<testsuites ").unwrap();
    let (root, _) = root.split_once('>').unwrap();
    let names: Vec<&str> = root
        .split("=\"")
        .filter_map(|one| one.split(' ').next_back())
        .collect();
    assert_eq!(names[..5], ["name", "tests", "failures", "errors", "time"]);
}

/// Its own page, as those who cannot see it have it.
fn the_html_report_says_in_the_browser_what_the_run_says() {
    let result = recorded();
    let folder = tempfile::tempdir().unwrap();
    fs::write(
        folder.path().join("report.html"),
        made(Format::Html, &result),
    )
    .unwrap();
    let (snapshot, beside) = printed(
        folder.path(),
        &["snapshot", "report.html", "--shape", "test"],
    );
    let total = result.snapshots().count();
    let headline = format!("paragraph: \"{total} snapshots: ");
    assert!(snapshot.contains(&headline), "{snapshot}\n{beside}");
    for (_, one) in result.snapshots().filter(|(_, one)| one.outcome.fails()) {
        let heading = format!(" {}\" [level=3]", one.path);
        assert!(snapshot.contains(&heading), "{}\n{snapshot}", one.path);
    }
}
