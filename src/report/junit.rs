//! JUnit XML: a suite for each case, a test for each snapshot.

use quick_junit::{NonSuccessKind, Report, TestCase, TestCaseStatus, TestRerun, TestSuite};

use super::changes;
use super::headline::why_untested;
use super::{Format, ReportError};
use crate::compare::Change;
use crate::run::{CaseReport, Failure, Fault, Outcome, RunResult, SnapshotReport, Try, Untested};
use crate::text::{Data, xml};

pub(super) fn report(result: &RunResult) -> Result<Data, ReportError> {
    let mut report = Report::new("ariasnap");
    report.set_time(result.elapsed);
    for case in &result.cases {
        report.add_test_suite(suite(case));
    }
    let why = format!("not tested: {}", why_untested(result));
    for case in result.untested.chunk_by(|one, next| one.case == next.case) {
        report.add_test_suite(untested_suite(case, &why));
    }
    report
        .to_string()
        .map(|text| Data::xml(&(without_skipped(&text).trim_end().to_owned() + "\n")))
        .map_err(|error| ReportError::new(Format::Junit, error))
}

/// The schema of Jenkins allows this count for a suite, but not for the whole report.
fn without_skipped(text: &str) -> String {
    const COUNT: &str = " skipped=\"";
    let root = text.find("<testsuites").unwrap_or_default();
    let end = text[root..].find('>').map_or(root, |end| root + end);
    let Some(start) = text[root..end].find(COUNT).map(|at| root + at) else {
        return text.to_owned();
    };
    let value = start + COUNT.len();
    let rest = text[value..].find('"').map_or(end, |at| value + at + 1);
    format!("{}{}", &text[..start], &text[rest..])
}

fn untested_suite(case: &[Untested], why: &str) -> TestSuite {
    let name = case.first().map_or("", |one| one.case.as_str());
    let mut suite = TestSuite::new(xml(name));
    for one in case {
        let mut status = TestCaseStatus::skipped();
        status.set_message(xml(why));
        let mut test = TestCase::new(xml(one.path.as_str()), status);
        test.set_classname(xml(name));
        suite.add_test_case(test);
    }
    suite
}

fn suite(case: &CaseReport) -> TestSuite {
    let mut suite = TestSuite::new(xml(&case.name));
    suite.set_time(case.elapsed);
    for snapshot in &case.snapshots {
        let mut test = TestCase::new(xml(snapshot.path.as_str()), status(snapshot));
        test.set_classname(xml(&case.name));
        let spec = case.spec.to_string_lossy().replace('\\', "/");
        if !spec.is_empty() {
            test.extra.insert("file".into(), xml(&spec).into());
        }
        if let Outcome::Changed {
            fails: false,
            changes,
            ..
        } = &snapshot.outcome
        {
            let allowed = changes::list(changes).plain();
            test.set_system_out(xml(&format!("allowed by fail-on:\n{allowed}")));
        }
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
