//! A whole result in one line.

use super::changes::counted;
use crate::run::Tally;

/// `3 snapshots: 1 differ, 2 match`, the gravest first. `number` writes the counts of the verdicts.
pub(super) fn headline(tally: &Tally, number: impl Fn(usize) -> String) -> String {
    let parts: Vec<String> = [
        (tally.changed, "differ"),
        (tally.tolerated, "differ and are tolerated"),
        (tally.new, "new"),
        (tally.failed, "without a verdict"),
        (tally.flaky, "flaky"),
        (tally.updated, "updated"),
        (tally.matched, "match"),
    ]
    .into_iter()
    .filter(|(count, _)| *count > 0)
    .map(|(count, what)| format!("{} {what}", number(count)))
    .collect();
    let total = counted(tally.total(), "snapshot");
    format!("{total}: {}", parts.join(", "))
}
