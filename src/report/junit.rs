//! JUnit XML: a suite for each case, a test for each snapshot.

use quick_junit::{NonSuccessKind, Report, TestCase, TestCaseStatus, TestRerun, TestSuite};

use super::changes;
use super::{Format, ReportError};
use crate::compare::Change;
use crate::run::{CaseReport, Failure, Fault, Outcome, RunResult, SnapshotReport, Try};
use crate::text::{Data, xml};

/// The schema of Jenkins allows this count for a suite, but not for the whole report.
const NONE_SKIPPED: &str = " skipped=\"0\"";

pub(super) fn report(result: &RunResult) -> Result<Data, ReportError> {
    let mut report = Report::new("ariasnap");
    report.set_time(result.elapsed);
    for case in &result.cases {
        report.add_test_suite(suite(case));
    }
    report
        .to_string()
        .map(|text| Data::xml(&(text.replacen(NONE_SKIPPED, "", 1).trim_end().to_owned() + "\n")))
        .map_err(|error| ReportError::new(Format::Junit, error))
}

fn suite(case: &CaseReport) -> TestSuite {
    let mut suite = TestSuite::new(xml(&case.name));
    suite.set_time(case.elapsed);
    for snapshot in &case.snapshots {
        let mut test = TestCase::new(xml(snapshot.path.as_str()), status(snapshot));
        test.set_classname(xml(&case.name));
        // All snapshots of a case come from one page.
        test.set_time(case.elapsed / u32::try_from(case.snapshots.len()).unwrap_or(1).max(1));
        suite.add_test_case(test);
    }
    let problems: Vec<String> = case.problems.iter().map(ToString::to_string).collect();
    if !problems.is_empty() {
        suite.set_system_out(xml(&problems.join("\n")));
    }
    suite
}

/// The parts of a failure: kind, type, message, description.
type Parts = (NonSuccessKind, &'static str, String, String);

fn status(snapshot: &SnapshotReport) -> TestCaseStatus {
    let (kind, title, message, text) = match &snapshot.outcome {
        Outcome::Matched | Outcome::Updated { .. } | Outcome::Changed { fails: false, .. } => {
            return TestCaseStatus::success();
        }
        Outcome::Flaky { tries } => {
            let mut status = TestCaseStatus::success();
            status.add_reruns(tries.iter().map(rerun));
            return status;
        }
        Outcome::New { pending, text, .. } => (
            NonSuccessKind::Failure,
            "new",
            format!(
                "there is no baseline; the pending snapshot is {}",
                pending.display()
            ),
            text.clone(),
        ),
        Outcome::Changed { changes, .. } => changed(changes),
        Outcome::Failed(failure) => failed(failure),
    };
    let mut status = TestCaseStatus::non_success(kind);
    status
        .set_type(title)
        .set_message(xml(&message))
        .set_description(xml(&text));
    status
}

fn rerun(one: &Try) -> TestRerun {
    let (kind, title, message, text) = match one {
        Try::Changed { changes } => changed(changes),
        Try::Failed(failure) => failed(failure),
    };
    let mut rerun = TestRerun::new(kind);
    rerun
        .set_type(title)
        .set_message(xml(&message))
        .set_description(xml(&text));
    rerun
}

fn changed(changes: &[Change]) -> Parts {
    let headline = changes::headline(changes).plain();
    let list = changes::list(changes).plain();
    (NonSuccessKind::Failure, "changed", headline, list)
}

fn failed(failure: &Failure) -> Parts {
    let fault = match failure.fault {
        Fault::Page => "page",
        Fault::Files => "files",
        Fault::Difference => "difference",
    };
    let first = failure.message.lines().next().unwrap_or_default();
    let text = failure.message.clone();
    (NonSuccessKind::Error, fault, first.to_owned(), text)
}
