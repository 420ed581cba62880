//! A case that does not pass is tried again, as often as `retries` says.

use std::collections::HashMap;
use std::num::NonZeroUsize;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::case::Seen;
use super::verdict::Verdict;
use super::{Failure, Fault, Outcome, RunError, Setting, masking};
use crate::compare::Change;

/// A look at a page that did not bring what the baseline says.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "verdict", rename_all = "lowercase")]
pub enum Try {
    /// It differed.
    Changed {
        /// How.
        changes: Vec<Change>,
    },
    /// There was no verdict.
    Failed(Failure),
}

/// When a run is given up.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Patience {
    /// How often a case that does not pass is tried again.
    pub retries: usize,
    /// After so many snapshots that fail, no further case is begun; `None` for all cases.
    pub max_failures: Option<NonZeroUsize>,
}

/// What became of the snapshots of a case, over all tries, by their indexes.
#[derive(Default)]
pub(super) struct Tries {
    failed: HashMap<usize, Vec<Try>>,
}

impl Tries {
    /// The outcome of the last try, in the light of those before it.
    pub(super) fn judge(&mut self, snapshot: usize, outcome: Outcome) -> Outcome {
        match (outcome, self.failed.remove(&snapshot)) {
            (Outcome::Matched, Some(tries)) => Outcome::Flaky { tries },
            (outcome, _) => outcome,
        }
    }

    /// Notes what did not pass.
    pub(super) fn note(
        &mut self,
        seen: &Seen,
        error: Option<&RunError>,
        count: usize,
        setting: &Setting<'_>,
    ) {
        for (at, verdict) in &seen.verdicts {
            if let Some(one) = as_try(verdict, setting) {
                self.failed.entry(*at).or_default().push(one);
            }
        }
        // An error ends the case: what was not looked at by then failed with it.
        if let Some(error) = error {
            let is_judged = |at: &usize| seen.verdicts.iter().any(|(one, _)| one == at);
            for at in (0..count).filter(|at| !is_judged(at)) {
                let failure = masking::failure(error, setting);
                self.failed
                    .entry(at)
                    .or_default()
                    .push(Try::Failed(failure));
            }
        }
    }
}

/// Returns a verdict that another try may correct, as reports show it.
fn as_try(verdict: &Verdict, setting: &Setting<'_>) -> Option<Try> {
    match verdict {
        Verdict::Differs(difference) if difference.fails(setting) => Some(Try::Changed {
            changes: difference.changes().to_vec(),
        }),
        Verdict::None(error) => Some(Try::Failed(masking::failure(error, setting))),
        Verdict::Differs(_) | Verdict::New { .. } | Verdict::Matched => None,
    }
}

/// Whether another try may have another verdict.
pub(super) fn may_pass(seen: &Seen, error: Option<&RunError>, setting: &Setting<'_>) -> bool {
    let of_error = |error: &RunError| error.fault() != Fault::Files;
    let of_verdict = |verdict: &Verdict| match verdict {
        Verdict::Differs(difference) => {
            difference.fails(setting) && !setting.update.writes_changed()
        }
        Verdict::None(error) => of_error(error),
        // It is unknown what would be right.
        Verdict::New { .. } | Verdict::Matched => false,
    };
    let mut verdicts = seen.verdicts.iter();
    error.is_some_and(of_error) || verdicts.any(|(_, verdict)| of_verdict(verdict))
}
