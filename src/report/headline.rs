//! A run in one line.

use anstyle::Style;

use super::changes::counted;
use super::style::{BAD, GOOD, WARN};
use crate::run::{RunResult, Tally};

/// Returns `3 snapshots: 1 changed, 2 matched`, the most serious first.
pub(super) fn headline(tally: &Tally) -> String {
    let parts = verdicts(tally).map(|(count, what, _)| format!("{count} {what}"));
    let total = counted(tally.total(), "snapshot");
    format!("{total}: {}", parts.collect::<Vec<_>>().join(", "))
}

/// Returns how many snapshots were not tested, and why; `None` if all were.
pub(super) fn untested(result: &RunResult) -> Option<String> {
    match result.untested.len() {
        0 => result.interrupted.then(|| why_untested(result).to_owned()),
        count => Some(format!(
            "{} not tested: {}",
            counted(count, "snapshot"),
            why_untested(result)
        )),
    }
}

/// Returns why snapshots were not tested.
pub(super) fn why_untested(result: &RunResult) -> &'static str {
    if result.interrupted {
        "the run was interrupted"
    } else {
        "too many had failed"
    }
}

/// Counts snapshots by verdict, the most serious first, without verdicts that do not occur.
pub(super) fn verdicts(tally: &Tally) -> impl Iterator<Item = (usize, &'static str, Style)> {
    [
        (tally.failed, "failed", BAD),
        (tally.changed, "changed", BAD),
        (tally.tolerated, "changed (allowed by fail-on)", WARN),
        (tally.new, "new", WARN),
        (tally.flaky, "flaky", WARN),
        (tally.updated, "updated", GOOD),
        (tally.matched, "matched", GOOD),
    ]
    .into_iter()
    .filter(|(count, ..)| *count > 0)
}
