//! Reports from a recorded result, `tests/report/result.json`, held against expected files.
//! `ARIASNAP_RECORD=1` writes them.

use std::collections::HashMap;
use std::fs;
use std::path::{Path, PathBuf};

use ariasnap::internals::report::{Format, Surroundings, json, report};
use ariasnap::internals::run::RunResult;
use libtest_mimic::Trial;

use crate::harness::{difference, is_recording, test};

pub(crate) fn tests() -> Vec<Trial> {
    let mut list = tests![
        the_json_report_reads_back_as_the_same_result,
        the_schema_is_the_documented_one,
        all_well_is_one_line,
        a_comment_fits_however_much_differs,
        an_html_report_holds_nothing_that_runs_but_its_own_script,
    ];
    list.extend(formats());
    list
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/report")
}

fn recorded() -> RunResult {
    let text = fs::read_to_string(folder().join("result.json")).expect("the recorded result");
    serde_json::from_str(&text).expect("a result")
}

fn made(format: Format, result: &RunResult) -> String {
    let surroundings = Surroundings { is_ci: true };
    let text = report(format, result, surroundings, &HashMap::new()).expect("a report");
    anstream::adapter::strip_str(&text)
        .to_string()
        .replace(env!("CARGO_PKG_VERSION"), "[version]")
}

fn assert_file(file: &Path, text: &str) {
    if is_recording() {
        fs::write(file, text).expect("written");
    }
    let expected = fs::read_to_string(file).unwrap_or_default();
    assert!(
        expected == text,
        "{} differs:\n{}",
        file.display(),
        difference(&expected, text)
    );
}

/// What each format makes of the recorded result.
fn formats() -> Vec<Trial> {
    let formats = [
        (Format::Terminal, "terminal.txt"),
        (Format::Junit, "junit.xml"),
        (Format::Json, "report.json"),
        (Format::Sarif, "report.sarif"),
        (Format::GitHub, "github.txt"),
        (Format::Markdown, "report.md"),
        (Format::Html, "report.html"),
    ];
    let formats = formats.into_iter().map(|(format, file)| {
        test(module_path!(), file, move || {
            assert_file(&folder().join(file), &made(format, &recorded()));
        })
    });
    formats.collect()
}

fn the_json_report_reads_back_as_the_same_result() {
    let result = recorded();
    let text = made(Format::Json, &result);
    let read: json::Report = serde_json::from_str(&text).expect("a report");
    assert_eq!(read.result, result);
    assert_eq!(read.schema, json::SCHEMA_VERSION);
    assert_eq!(read.groups, result.groups());
}

fn the_schema_is_the_documented_one() {
    let text = serde_json::to_string_pretty(&json::schema()).expect("a schema") + "\n";
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("schemas/report.schema.json");
    assert_file(&file, &text);
}

fn all_well_is_one_line() {
    let mut result = recorded();
    result.untested.clear();
    result.cases.retain(|case| case.name == "fine");
    result.cases[0].snapshots.truncate(2);
    let text = made(Format::Terminal, &result);
    assert_eq!(text, "2 snapshots: 2 matched in 2.5 s\n");
    assert_eq!(made(Format::GitHub, &result), "");
}

fn a_comment_fits_however_much_differs() {
    let mut result = recorded();
    let case = result.cases.iter().find(|case| case.name == "p0");
    let case = case.expect("a case with changes").clone();
    for number in 0..2_000 {
        let mut case = case.clone();
        for change in case
            .snapshots
            .iter_mut()
            .flat_map(|one| match &mut one.outcome {
                ariasnap::internals::run::Outcome::Changed { changes, .. } => {
                    changes.as_mut_slice()
                }
                _ => &mut [],
            })
        {
            change.within = Some(format!("region \"{number} {}\"", "x".repeat(500)));
        }
        result.cases.push(case);
    }
    let text = made(Format::Markdown, &result);
    assert!(text.len() < 65_536, "{}", text.len());
    assert!(
        text.contains("… and ") && text.contains("groups more"),
        "the count of what is left out"
    );
}

fn an_html_report_holds_nothing_that_runs_but_its_own_script() {
    let text = made(Format::Html, &recorded());
    assert_eq!(text.matches("<script").count(), 1);
    assert_eq!(text.matches("</script>").count(), 1);
    assert!(
        !text.contains("javascript:"),
        "an address that does something"
    );
    assert!(!text.contains("<img src=x"));
    for outside in ["src=\"http", "href=\"//", "@import", "url(http"] {
        assert!(!text.contains(outside), "{outside}");
    }
}
