//! A run in one line.

use anstyle::Style;

use super::changes::counted;
use super::style::{BAD, GOOD, WARN};
use crate::run::Tally;

/// Returns `3 snapshots: 1 changed, 2 matched`, the most serious first.
pub(super) fn headline(tally: &Tally) -> String {
    let parts = verdicts(tally).map(|(count, what, _)| format!("{count} {what}"));
    let total = counted(tally.total(), "snapshot");
    format!("{total}: {}", parts.collect::<Vec<_>>().join(", "))
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
