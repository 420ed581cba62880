//! The pending snapshots in the snapshots folder.

use std::collections::HashSet;
use std::time::Duration;

use super::decide::truthful;
use crate::baseline::BaselinePath;
use crate::compare::lines::{self, DiffLine};
use crate::compare::recurring::{Ambiguous, GroupId, GroupPrefix};
use crate::compare::{self, Change, Match};
use crate::run::{CaseReport, Failure, Fault, Outcome, RunResult, SnapshotReport};
use crate::snapshot;
use crate::store::evidence::Evidence;
use crate::store::{Fingerprint, Store, StoreError};

/// A pending snapshot.
#[derive(Debug, Clone, PartialEq)]
pub struct Item {
    /// Its place.
    pub path: BaselinePath,
    /// Whether there is no baseline yet.
    pub is_new: bool,
    /// The baseline of the case, where it is a variant's that has none of its own yet.
    pub shared: Option<BaselinePath>,
    /// What differs from the baseline and is not yet decided; nothing of a new one.
    pub changes: Vec<Change>,
    /// The group of each change.
    pub ids: Vec<GroupId>,
    /// Where it comes from, if that was kept.
    pub evidence: Option<Evidence>,
    /// Why it cannot be decided.
    pub problem: Option<String>,
    /// The pending file that all of this was read from; `None` where it cannot be read.
    pub shown: Option<Fingerprint>,
}

impl Item {
    /// The groups of its changes, each once.
    pub fn groups(&self) -> Vec<GroupId> {
        let mut seen = HashSet::new();
        let ids = self.ids.iter();
        ids.filter(|id| seen.insert(id.as_str())).cloned().collect()
    }
}

/// The pending snapshots of places that are wanted, in the order of their places.
///
/// # Errors
/// The folder cannot be read. What is wrong with a single snapshot is its problem.
pub fn load(
    store: &Store,
    is_wanted: impl Fn(&BaselinePath) -> bool,
) -> Result<Vec<Item>, StoreError> {
    let pending = store.list()?.pending;
    let wanted = pending.into_iter().filter(is_wanted);
    Ok(wanted.filter_map(|path| item(store, path)).collect())
}

/// The pending snapshot of a place, if any.
pub fn item(store: &Store, path: BaselinePath) -> Option<Item> {
    match read(store, &path) {
        Ok(item) => item,
        Err(error) => Some(Item {
            path,
            is_new: false,
            shared: None,
            changes: Vec::new(),
            ids: Vec::new(),
            evidence: None,
            problem: Some(error.to_string()),
            shown: None,
        }),
    }
}

fn read(store: &Store, path: &BaselinePath) -> Result<Option<Item>, StoreError> {
    let Some(pending) = store.pending(path)? else {
        return Ok(None);
    };
    let baseline = store.baseline(path)?;
    let now = baseline
        .as_ref()
        .map_or(Fingerprint::None, |baseline| baseline.fingerprint);
    let mut item = Item {
        path: path.clone(),
        is_new: pending.against == Fingerprint::None,
        shared: None,
        changes: Vec::new(),
        ids: Vec::new(),
        evidence: None,
        problem: None,
        shown: Some(pending.fingerprint()),
    };
    let is_taken = now == Fingerprint::of(pending.text.as_bytes());
    if now != pending.against && !is_taken {
        let error = StoreError::BaselineChanged { path: path.clone() };
        item.problem = Some(error.to_string());
    }
    if let Some(record) = truthful(store, &pending)? {
        item.changes = record.changes;
        // Otherwise it says what differs from a baseline that no longer exists.
        item.shared = record.shared.filter(|_| item.is_new);
        item.is_new &= item.shared.is_none();
        let mut evidence = record.evidence;
        if let Some(screenshot) = &mut evidence.screenshot {
            screenshot.file = store.evidence_folder(path).join(&screenshot.file);
        }
        item.evidence = Some(evidence);
    } else if let (Some(baseline), Ok(new)) = (&baseline, snapshot::read(&pending.text)) {
        // Without evidence the two texts still say what differs.
        if let Ok(old) = snapshot::read(&baseline.file) {
            item.changes = compare::compare(&old, &new.to_tree(), Match::Exact).unwrap_or_default();
        }
    }
    item.ids = item.changes.iter().map(GroupId::of).collect();
    Ok(Some(item))
}

/// Returns the groups among the changes of items whose first digits were typed.
///
/// # Errors
/// Several groups begin with the same digits.
pub fn meant(typed: &[GroupPrefix], items: &[Item]) -> Result<Vec<GroupId>, Ambiguous> {
    let find = |prefix: &GroupPrefix| prefix.find(items.iter().flat_map(|item| &item.ids));
    let found: Result<Vec<Option<GroupId>>, Ambiguous> = typed.iter().map(find).collect();
    Ok(found?.into_iter().flatten().collect())
}

/// Returns the pending text of an item, as long as it is the one that the item was read from.
///
/// # Errors
/// It is another one, is gone, or cannot be read.
fn text(store: &Store, item: &Item) -> Result<String, StoreError> {
    let path = &item.path;
    match store.pending(path)? {
        None => Err(StoreError::NothingPending { path: path.clone() }),
        Some(pending) if Some(pending.fingerprint()) == item.shown => Ok(pending.text),
        Some(_) => Err(StoreError::PendingChanged { path: path.clone() }),
    }
}

/// The lines of an item: those of its baseline and its pending text.
///
/// # Errors
/// A file cannot be read.
pub fn diff(
    store: &Store,
    item: &Item,
    context: Option<usize>,
) -> Result<Vec<DiffLine>, StoreError> {
    let old = store.baseline(item.shared.as_ref().unwrap_or(&item.path))?;
    let old = old.as_ref().map_or("", |baseline| &*baseline.file.text);
    let new = text(store, item)?;
    Ok(lines::diff(old, &new, &item.changes, context))
}

/// The items as a result that reports are made from.
pub fn as_result(store: &Store, items: &[Item]) -> RunResult {
    const CONTEXT: usize = 3;
    let case = |item: &Item| {
        let evidence = item.evidence.as_ref();
        CaseReport {
            name: evidence.map_or_else(|| item.path.to_string(), |one| one.case.clone()),
            spec: std::path::PathBuf::new(),
            url: evidence.map_or_else(String::new, |one| one.url.clone()),
            snapshots: vec![SnapshotReport {
                path: item.path.clone(),
                outcome: outcome(store, item, CONTEXT),
            }],
            problems: Vec::new(),
            waited: std::time::Duration::ZERO,
            notes: Vec::new(),
            elapsed: Duration::ZERO,
        }
    };
    let browser = items.iter().find_map(|item| item.evidence.as_ref());
    RunResult {
        cases: items.iter().map(case).collect(),
        browser: browser.map_or_else(String::new, |one| one.browser.clone()),
        elapsed: Duration::ZERO,
        interrupted: false,
        untested: Vec::new(),
        part: None,
    }
}

fn outcome(store: &Store, item: &Item, context: usize) -> Outcome {
    let failed = |message: String| {
        Outcome::Failed(Failure {
            message,
            fault: Fault::Files,
        })
    };
    if let Some(problem) = &item.problem {
        return failed(problem.clone());
    }
    let evidence = item.evidence.clone().map(Box::new);
    let (baseline, pending) = (
        store.baseline_file(item.shared.as_ref().unwrap_or(&item.path)),
        store.pending_file(&item.path),
    );
    if item.is_new {
        return match text(store, item) {
            Ok(text) => Outcome::New {
                baseline,
                pending,
                text,
                evidence,
            },
            Err(error) => failed(error.to_string()),
        };
    }
    match diff(store, item, Some(context)) {
        Ok(diff) => Outcome::Changed {
            changes: item.changes.clone(),
            baseline,
            pending,
            fails: true,
            diff,
            evidence,
        },
        Err(error) => failed(error.to_string()),
    }
}
