//! A tree against its baseline, and what is kept of the difference.

use super::{Outcome, RunError, Setting};
use crate::aria::Tree;
use crate::baseline::BaselinePath;
use crate::compare::{self, Accept, Change, Match};
use crate::error::{Located, SourceText};
use crate::snapshot::{self, Rendering, Template};
use crate::spec::SnapshotRequest;
use crate::store::Fingerprint;

/// What a comparison says, before anything is written.
pub(super) enum Verdict {
    Matched,
    New {
        text: String,
    },
    Differs {
        changes: Vec<Change>,
        text: String,
        against: Fingerprint,
    },
    None(RunError),
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

    /// The text of a snapshot that is not as its baseline.
    pub(super) fn differing(&self) -> Option<&str> {
        match self {
            Verdict::Differs { text, .. } | Verdict::New { text } => Some(text),
            Verdict::Matched | Verdict::None(_) => None,
        }
    }

    /// Whether another look at the page could tell otherwise.
    pub(super) fn may_change(&self) -> bool {
        match self {
            Verdict::Differs { .. } | Verdict::New { .. } => true,
            Verdict::None(error) => matches!(error, RunError::Locate { .. }),
            Verdict::Matched => false,
        }
    }

    /// Writes what is to be kept.
    pub(super) fn keep(self, path: &BaselinePath, setting: &Setting<'_>) -> Outcome {
        self.try_keep(path, setting).unwrap_or_else(Outcome::Failed)
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
            Verdict::New { text } if setting.update.writes_missing() => {
                update(&text, Fingerprint::None)
            }
            Verdict::New { text } => Ok(Outcome::New {
                pending: store.write_pending(path, &text, Fingerprint::None)?,
            }),
            Verdict::Differs { text, against, .. } if setting.update.writes_changed() => {
                update(&text, against)
            }
            Verdict::Differs {
                changes,
                text,
                against,
            } => Ok(Outcome::Changed {
                fails: changes
                    .iter()
                    .any(|change| setting.fail_on.includes(change)),
                changes,
                baseline: store.baseline_file(path),
                pending: store.write_pending(path, &text, against)?,
            }),
            Verdict::None(error) => Err(error),
        }
    }
}

fn judge(
    tree: &Tree,
    request: &SnapshotRequest,
    mode: Match,
    setting: &Setting<'_>,
) -> Result<Verdict, RunError> {
    let afresh = || snapshot::write(tree, Rendering::default());
    let own = setting.store.baseline(&request.baseline)?;
    let (baseline, is_own) = match (own, &request.shared) {
        (Some(own), _) => (own, true),
        (None, None) => return Ok(Verdict::New { text: afresh() }),
        (None, Some(shared)) => match setting.store.baseline(shared)? {
            Some(shared) => (shared, false),
            None => return Ok(Verdict::New { text: afresh() }),
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
    // A snapshot in Markdown is a report of another tool: its baseline starts afresh.
    let is_plain = template.yaml.end - template.yaml.start == template.source.len();
    let text = if is_plain {
        compare::merge(&template, tree, mode, Accept::All).map_err(too_slow)?
    } else {
        afresh()
    };
    Ok(Verdict::Differs {
        changes,
        text,
        // A variant gets a file of its own where it differs from the one that all share.
        against: if is_own {
            baseline.fingerprint
        } else {
            Fingerprint::None
        },
    })
}

/// Reads a baseline.
///
/// # Errors
/// Everything that is wrong with it, with its places.
pub fn template(file: &SourceText) -> Result<Template, Vec<Located>> {
    snapshot::read(&file.text).map_err(|errors| {
        let located = |error: crate::source::ParseError| Located {
            title: error.message,
            place: file.place(error.span.start..error.span.end),
            related: None,
            help: error.help,
        };
        errors.into_iter().map(located).collect()
    })
}
