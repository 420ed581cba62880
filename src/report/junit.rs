//! JUnit XML: a suite for each case, a test for each snapshot.

use quick_junit::{NonSuccessKind, Report, TestCase, TestCaseStatus, TestRerun, TestSuite};

use super::changes;
use super::{Format, ReportError};
use crate::run::{CaseReport, Failure, Fault, Outcome, RunResult, SnapshotReport, Try};
use crate::text::xml;

/// Suites have that count, but the schema of Jenkins knows it not of all suites together.
const NONE_SKIPPED: &str = " skipped=\"0\"";

pub(super) fn report(result: &RunResult) -> Result<String, ReportError> {
    let mut report = Report::new("ariasnap");
    report.set_time(result.elapsed);
    for case in &result.cases {
        report.add_test_suite(suite(case));
    }
    report
        .to_string()
        .map(|text| xml(text.replacen(NONE_SKIPPED, "", 1).trim_end()) + "\n")
        .map_err(|error| ReportError::new(Format::Junit, error))
}

fn suite(case: &CaseReport) -> TestSuite {
    let mut suite = TestSuite::new(xml(&case.name));
    suite.set_time(case.elapsed);
    for snapshot in &case.snapshots {
        let mut test = TestCase::new(xml(snapshot.path.as_str()), status(snapshot));
        test.set_classname(xml(&case.name));
        // A case is opened once for all of its snapshots.
        test.set_time(case.elapsed / u32::try_from(case.snapshots.len()).unwrap_or(1).max(1));
        suite.add_test_case(test);
    }
    let problems: Vec<String> = case.problems.iter().map(ToString::to_string).collect();
    if !problems.is_empty() {
        suite.set_system_out(xml(&problems.join("\n")));
    }
    suite
}

fn status(snapshot: &SnapshotReport) -> TestCaseStatus {
    let failed = |kind, title: &'static str, message: String, text: String| {
        let mut status = TestCaseStatus::non_success(kind);
        status
            .set_type(title)
            .set_message(xml(&message))
            .set_description(xml(&text));
        status
    };
    match &snapshot.outcome {
        Outcome::Matched | Outcome::Updated { .. } => TestCaseStatus::success(),
        Outcome::Flaky { tries } => {
            let mut status = TestCaseStatus::success();
            status.add_reruns(tries.iter().map(rerun));
            status
        }
        Outcome::Changed { fails: false, .. } => TestCaseStatus::success(),
        Outcome::New { pending, text, .. } => failed(
            NonSuccessKind::Failure,
            "new",
            format!("there is no baseline; pending is {}", pending.display()),
            text.clone(),
        ),
        Outcome::Changed { changes, .. } => failed(
            NonSuccessKind::Failure,
            "changed",
            changes::headline(changes).plain(),
            changes::list(changes).plain(),
        ),
        Outcome::Failed(failure) => failed(
            NonSuccessKind::Error,
            fault(failure),
            first_line(failure),
            failure.message.clone(),
        ),
    }
}

fn rerun(one: &Try) -> TestRerun {
    let (kind, title, message, text) = match one {
        Try::Changed { changes } => (
            NonSuccessKind::Failure,
            "changed",
            changes::headline(changes).plain(),
            changes::list(changes).plain(),
        ),
        Try::Failed(failure) => (
            NonSuccessKind::Error,
            fault(failure),
            first_line(failure),
            failure.message.clone(),
        ),
    };
    let mut rerun = TestRerun::new(kind);
    rerun
        .set_type(title)
        .set_message(xml(&message))
        .set_description(xml(&text));
    rerun
}

fn fault(failure: &Failure) -> &'static str {
    match failure.fault {
        Fault::Page => "page",
        Fault::Files => "files",
        Fault::Difference => "difference",
    }
}

fn first_line(failure: &Failure) -> String {
    let first = failure.message.lines().next();
    first.unwrap_or_default().to_owned()
}
