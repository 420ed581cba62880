//! A whole result in one line.

use super::changes::counted;
use crate::run::Tally;

/// Returns `3 snapshots: 1 differ, 2 match`, the gravest first.
pub(super) fn headline(tally: &Tally) -> String {
    let parts = verdicts(tally).map(|(count, what)| format!("{count} {what}"));
    let total = counted(tally.total(), "snapshot");
    format!("{total}: {}", parts.collect::<Vec<_>>().join(", "))
}

/// Returns how many snapshots have which verdict, the gravest first, without those that none has.
pub(super) fn verdicts(tally: &Tally) -> impl Iterator<Item = (usize, &'static str)> {
    [
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
}
