//! A tree against its baseline, and what is kept of the difference.

use std::path::PathBuf;

use super::evidence::Seen;
use super::{Outcome, RunError, Setting, masking};
use crate::aria::Tree;
use crate::aria::pattern::PatternTooSlow;
use crate::baseline::BaselinePath;
use crate::compare::conflict::{Conflict, Version};
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

    /// Whether another look at the page may have another verdict.
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
            .unwrap_or_else(|error| Outcome::Failed(masking::failure(&error, setting)))
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
    if let Some(conflict) = Conflict::find(&baseline.file.text) {
        let problem = conflicting(&baseline.file, &conflict, tree, mode);
        return Err(RunError::Baseline(vec![problem]));
    }
    let template = template(&baseline.file).map_err(RunError::Baseline)?;
    let too_slow = |error| RunError::Pattern {
        baseline: baseline.file.path.display().to_string(),
        error,
    };
    let changes = compare::compare(&template, tree, mode).map_err(too_slow)?;
    if changes.is_empty() {
        return Ok(Verdict::Matched);
    }
    if let Some(problem) = cut_off(&baseline.file, &template, tree) {
        return Err(RunError::Baseline(vec![problem]));
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

/// A baseline with git's markers, and which of its sides the page is.
fn conflicting(file: &SourceText, conflict: &Conflict, tree: &Tree, mode: Match) -> Diagnostic {
    let differing = |version: &Version| {
        let template = snapshot::read(&version.text).ok()?;
        let changes = compare::compare(&template, tree, mode).ok()?;
        Some(changes.len())
    };
    let path = file.path.display();
    let (ours, theirs) = (&conflict.ours, &conflict.theirs);
    let take = |side: &str| format!("`git checkout --{side} -- {path}`, then `git add {path}`");
    let count = |changes: Option<usize>| match changes {
        None => "cannot be read".to_owned(),
        Some(1) => "differs in 1 change".to_owned(),
        Some(changes) => format!("differs in {changes} changes"),
    };
    let help = match (differing(ours), differing(theirs)) {
        (Some(0), Some(0)) => format!("both sides match the page: {}", take("ours")),
        (Some(0), _) => format!("`{}` matches the page: {}", ours.label, take("ours")),
        (_, Some(0)) => format!("`{}` matches the page: {}", theirs.label, take("theirs")),
        (before, after) => format!(
            "neither side matches the page: `{}` {}, `{}` {}; take one with {}, or the other with \
             `--theirs`, then run `ariasnap test` and `ariasnap review`",
            ours.label,
            count(before),
            theirs.label,
            count(after),
            take("ours"),
        ),
    };
    let place = file.part(conflict.range.clone());
    Diagnostic::new("git left a conflict in this baseline", place).with_help(help)
}

/// A baseline that ends in the middle of a line that the page has whole.
fn cut_off(file: &SourceText, template: &Template, tree: &Tree) -> Option<Diagnostic> {
    let text: &str = &file.text;
    if text.ends_with('\n') || !template.is_whole_file() {
        return None;
    }
    let start = text.rfind('\n').map_or(0, |at| at + 1);
    let last = &text[start..];
    let page = snapshot::write(tree, Rendering::default());
    let is_cut = |line: &str| line.len() > last.len() && line.starts_with(last);
    if last.trim().is_empty() || !page.lines().any(is_cut) {
        return None;
    }
    let help = format!(
        "`git checkout -- {}` restores it; if it is whole, end its last line with a line break",
        file.path.display()
    );
    let place = file.part(start..text.len());
    let title = "the baseline ends in the middle of a line: it may have been cut off";
    Some(Diagnostic::new(title, place).with_help(help))
}

/// What a baseline's author may not have meant: values that look like regular expressions and are
/// none. A line each.
pub fn warnings(file: &SourceText, template: &Template) -> Vec<String> {
    let warning = |warning: &Diagnostic| {
        let place = file.place(warning.place.span);
        let help = warning.help.as_ref().map(|help| format!("; {help}"));
        format!("{place}: {}{}", warning.message, help.unwrap_or_default())
    };
    template.warnings.iter().map(warning).collect()
}

/// Reads a baseline.
///
/// # Errors
/// Everything that is wrong with it, with its places.
pub fn template(file: &SourceText) -> Result<Template, Vec<Diagnostic>> {
    let problem = |title: &str, range: std::ops::Range<usize>, help: String| {
        vec![Diagnostic::new(title, file.part(range)).with_help(help)]
    };
    let path = file.path.display();
    // The snapshot of nothing is one empty line.
    if file.text.trim().is_empty() && &*file.text != "\n" {
        let help = format!(
            "`git checkout -- {path}` restores it; without the file, the next run proposes a new one"
        );
        return Err(problem("the baseline is empty", 0..0, help));
    }
    if let Some(conflict) = Conflict::find(&file.text) {
        let help = format!(
            "`ariasnap test` says which side matches the page; take one with `git checkout --ours -- \
             {path}` or `--theirs`"
        );
        return Err(problem(
            "git left a conflict in this baseline",
            conflict.range,
            help,
        ));
    }
    snapshot::read(file)
}
