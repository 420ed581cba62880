//! A tree against its baseline, and what is kept of the difference.

use std::path::PathBuf;

use super::evidence::Seen;
use super::{Outcome, RunError, Setting, masking};
use crate::aria::Tree;
use crate::aria::pattern::PatternTooSlow;
use crate::baseline::BaselinePath;
use crate::compare::recurring::sentence;
use crate::compare::{self, Accept, Change, Match, lines};
use crate::snapshot::{self, Rendering, Template};
use crate::source::{Diagnostic, SourceText};
use crate::spec::SnapshotRequest;
use crate::store::Fingerprint;

/// Equal lines around each difference in reports.
const CONTEXT: usize = 3;

/// What a comparison says, before anything is written.
pub(super) enum Verdict {
    Matched,
    New { tree: Tree, seen: Option<Seen> },
    Differs(Box<Difference>),
    None(RunError),
}

/// A tree that does not match, with all that is needed to keep it.
pub(super) struct Difference {
    changes: Vec<Change>,
    template: Template,
    tree: Tree,
    mode: Match,
    /// The file that it was held against.
    baseline: PathBuf,
    /// Its place, where it is that of the case which the variant is of.
    shared: Option<BaselinePath>,
    /// What is to be replaced.
    against: Fingerprint,
    seen: Option<Seen>,
}

impl Difference {
    /// How it differs.
    pub(super) fn changes(&self) -> &[Change] {
        &self.changes
    }

    /// Whether one of the changes makes the run fail.
    pub(super) fn fails(&self, setting: &Setting<'_>) -> bool {
        let mut changes = self.changes.iter();
        changes.any(|change| setting.fail_on.includes(change))
    }
}

impl Verdict {
    /// Of a tree that may not have been found.
    pub(super) fn of(
        tree: Result<Tree, RunError>,
        request: &SnapshotRequest,
        mode: Match,
        setting: &Setting<'_>,
    ) -> Verdict {
        tree.and_then(|tree| judge(&tree, request, mode, setting))
            .unwrap_or_else(Verdict::None)
    }

    /// What a snapshot says that is not as its baseline.
    pub(super) fn differing(&self) -> Option<String> {
        match self {
            Verdict::New { tree, .. } => Some(snapshot::write(tree, Rendering::default())),
            Verdict::Differs(one) => Some(snapshot::write(&one.tree, Rendering::default())),
            Verdict::Matched | Verdict::None(_) => None,
        }
    }

    /// Whether there is a baseline of just this snapshot, and it says otherwise.
    pub(super) fn differs_from_own(&self) -> bool {
        match self {
            Verdict::Differs(one) => one.shared.is_none(),
            Verdict::Matched | Verdict::New { .. } | Verdict::None(_) => false,
        }
    }

    /// Whether there is no baseline yet.
    pub(super) fn is_new(&self) -> bool {
        match self {
            Verdict::New { .. } => true,
            Verdict::Matched | Verdict::Differs(_) | Verdict::None(_) => false,
        }
    }

    /// Whether another look at the page could tell otherwise.
    pub(super) fn may_change(&self) -> bool {
        match self {
            Verdict::Differs(_) | Verdict::New { .. } => true,
            Verdict::None(error) => matches!(error, RunError::Locate { .. }),
            Verdict::Matched => false,
        }
    }

    /// Writes what is to be kept.
    pub(super) fn keep(self, path: &BaselinePath, setting: &Setting<'_>) -> Outcome {
        self.try_keep(path, setting)
            .unwrap_or_else(|error| Outcome::Failed(masking::told(&error, setting)))
    }

    fn try_keep(self, path: &BaselinePath, setting: &Setting<'_>) -> Result<Outcome, RunError> {
        let store = setting.store;
        let update = |text: &str, against| {
            store.write_pending(path, text, against)?;
            store.accept(path)?;
            Ok(Outcome::Updated {
                baseline: store.baseline_file(path),
            })
        };
        match self {
            Verdict::Matched => {
                store.reject(path)?;
                Ok(Outcome::Matched)
            }
            Verdict::New { tree, seen } => {
                let mode = Match::Exact;
                // A decision of another process is about the old snapshot or about this one.
                let _lock = store.lock()?;
                let text = snapshot::write(&tree, Rendering::default());
                readable(&text, &tree, mode, path)?;
                if setting.update.writes_missing() {
                    return update(&text, Fingerprint::None);
                }
                let evidence = match seen {
                    Some(seen) => Some(seen.keep(store, path, &text, &[], None)?),
                    None => None,
                };
                Ok(Outcome::New {
                    baseline: store.baseline_file(path),
                    pending: store.write_pending(path, &text, Fingerprint::None)?,
                    text,
                    evidence: evidence.map(Box::new),
                })
            }
            Verdict::Differs(difference) => {
                let Difference {
                    changes,
                    template,
                    tree,
                    mode,
                    baseline,
                    shared,
                    against,
                    seen,
                } = *difference;
                let _lock = store.lock()?;
                // What hands wrote into the baseline stays in what becomes the next one.
                let text = if template.is_whole_file() {
                    compare::merge(&template, &tree, mode, Accept::All)
                        .map_err(|error| slow(path, setting, error))?
                } else {
                    // Markdown is read as a baseline, and never written.
                    snapshot::write(&tree, Rendering::default())
                };
                readable(&text, &tree, mode, path)?;
                if setting.update.writes_changed() {
                    return update(&text, against);
                }
                let evidence = match seen {
                    Some(seen) => Some(seen.keep(store, path, &text, &changes, shared)?),
                    None => None,
                };
                let diff = lines::diff(&template.source, &text, &changes, Some(CONTEXT));
                Ok(Outcome::Changed {
                    fails: changes
                        .iter()
                        .any(|change| setting.fail_on.includes(change)),
                    changes,
                    baseline,
                    pending: store.write_pending(path, &text, against)?,
                    diff,
                    evidence: evidence.map(Box::new),
                })
            }
            Verdict::None(error) => Err(error),
        }
    }

    /// The tree and the changes of a verdict that is looked at by people.
    pub(super) fn shown_mut(&mut self) -> Option<(&Tree, &[Change], &mut Option<Seen>)> {
        match self {
            Verdict::New { tree, seen } => Some((tree, &[], seen)),
            Verdict::Differs(difference) => {
                let Difference {
                    tree,
                    changes,
                    seen,
                    ..
                } = difference.as_mut();
                Some((tree, changes, seen))
            }
            Verdict::Matched | Verdict::None(_) => None,
        }
    }
}

/// Makes sure that a text can be a baseline: that the next run reads it, and finds the page to be as it
/// says. Nothing is written otherwise.
fn readable(text: &str, tree: &Tree, mode: Match, path: &BaselinePath) -> Result<(), RunError> {
    let unwritable = |reason: String| RunError::Unwritable {
        path: path.clone(),
        reason,
    };
    let template = snapshot::read(text).map_err(|problems| {
        let first = problems.into_iter().next();
        unwritable(first.map_or_else(String::new, |one| {
            format!("line {}: {}", one.place.span.line, one.message)
        }))
    })?;
    let changes =
        compare::compare(&template, tree, mode).map_err(|error| unwritable(error.to_string()))?;
    match changes.first() {
        None => Ok(()),
        Some(change) => Err(unwritable(sentence(change))),
    }
}

fn slow(path: &BaselinePath, setting: &Setting<'_>, error: PatternTooSlow) -> RunError {
    RunError::Pattern {
        baseline: setting.store.baseline_file(path).display().to_string(),
        error,
    }
}

fn judge(
    tree: &Tree,
    request: &SnapshotRequest,
    mode: Match,
    setting: &Setting<'_>,
) -> Result<Verdict, RunError> {
    let new = || Verdict::New {
        tree: tree.clone(),
        seen: None,
    };
    let own = setting.store.baseline(&request.baseline)?;
    let (baseline, shared) = match (own, &request.shared) {
        (Some(own), _) => (own, None),
        (None, None) => return Ok(new()),
        (None, Some(shared)) => match setting.store.baseline(shared)? {
            Some(baseline) => (baseline, Some(shared.clone())),
            None => return Ok(new()),
        },
    };
    let template = template(&baseline.file).map_err(RunError::Baseline)?;
    let too_slow = |error| RunError::Pattern {
        baseline: baseline.file.path.display().to_string(),
        error,
    };
    let changes = compare::compare(&template, tree, mode).map_err(too_slow)?;
    if changes.is_empty() {
        return Ok(Verdict::Matched);
    }
    Ok(Verdict::Differs(Box::new(Difference {
        changes,
        template,
        tree: tree.clone(),
        mode,
        baseline: baseline.file.path.to_path_buf(),
        // A variant gets a file of its own where it differs from the one that all share.
        against: match shared {
            None => baseline.fingerprint,
            Some(_) => Fingerprint::None,
        },
        shared,
        seen: None,
    })))
}

/// Reads a baseline.
///
/// # Errors
/// Everything that is wrong with it, with its places.
pub fn template(file: &SourceText) -> Result<Template, Vec<Diagnostic>> {
    snapshot::read(file)
}
