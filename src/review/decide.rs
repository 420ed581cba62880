//! Carrying out a decision: all of a pending snapshot, or some of its changes.

use crate::aria::Tree;
use std::collections::HashMap;

use crate::baseline::BaselinePath;
use crate::compare::recurring::GroupId;
use crate::compare::{self, Accept, Change, Match};
use crate::snapshot::{self, Rendering, Template};
use crate::store::evidence::{Record, fingerprint};
use crate::store::{Fingerprint, Pending, Saved, Store, StoreError};

/// What is to become of changes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Choice {
    /// They come into the baseline.
    Accept,
    /// They are dropped; the next run finds them again.
    Reject,
}

/// Which changes of a snapshot.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Part {
    /// Whatever is not decided yet.
    All,
    /// Those of these groups.
    Groups(Vec<GroupId>),
}

/// What a decision is about: changes of a pending snapshot as it was shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Target {
    /// The place of the snapshot.
    pub path: BaselinePath,
    /// Which of its changes.
    pub part: Part,
    /// The pending snapshot that was shown; `None` where none was.
    pub shown: Option<Fingerprint>,
}

/// Why a decision was not carried out. Nothing has changed then.
#[derive(Debug, thiserror::Error)]
pub enum DecideError {
    /// Reading or writing files, and what they say.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The pending snapshot has no evidence of this version, or a text that cannot be read.
    #[error(
        "{path} can only be decided as a whole; run `ariasnap test` again to decide single changes"
    )]
    OnlyWhole {
        /// The place.
        path: BaselinePath,
    },
}

/// Decides about what was shown. The files before it are the answer, for undoing. Evidence stays
/// until [`Store::remove_evidence`].
///
/// # Errors
/// `DecideError`
pub fn decide(store: &Store, target: &Target, choice: Choice) -> Result<Saved, DecideError> {
    let Target { path, part, shown } = target;
    let shown = shown.ok_or_else(|| StoreError::NotShown { path: path.clone() })?;
    let _lock = store.lock()?;
    let pending = store.pending_as_shown(path, shown)?;
    let saved = store.save(path)?;
    let record = truthful(store, &pending)?;
    match (part, record) {
        (Part::Groups(groups), Some(record)) if !covers(groups, &record.changes) => {
            some(store, path, groups, choice, pending.against, record)?;
        }
        (Part::Groups(groups), None) if !is_all(store, &pending, groups)? => {
            return Err(DecideError::OnlyWhole { path: path.clone() });
        }
        _ => match choice {
            Choice::Accept => {
                store.accept_for_now(&pending)?;
            }
            Choice::Reject => {
                store.discard_pending(path)?;
            }
        },
    }
    Ok(store.decided(saved)?)
}

/// Returns the record of a pending snapshot; `None` without one, and where it says something
/// else than the texts do: the record is what people read, the text is what becomes the baseline.
///
/// # Errors
/// A file cannot be read.
pub(super) fn truthful(store: &Store, pending: &Pending) -> Result<Option<Record>, StoreError> {
    let path = &pending.path;
    let Some(record) = store.record(path, &pending.text)? else {
        return Ok(None);
    };
    let Some(tree) = store.tree(path)? else {
        return Ok(None);
    };
    // A variant shares the baseline of its case alone, and only as long as it has none of its own.
    if let Some(shared) = &record.shared
        && (pending.against != Fingerprint::None || !path.is_variant_of(shared))
    {
        return Ok(None);
    }
    let held = record.shared.as_ref().unwrap_or(path);
    let says = match store.baseline(held)? {
        // Nothing is decided against another baseline than the one it was compared with.
        Some(baseline) if record.shared.is_none() && baseline.fingerprint != pending.against => {
            return Ok(Some(record));
        }
        Some(baseline) => left(&baseline.file.text, &tree, &record),
        None => Some((snapshot::write(&tree, Rendering::default()), Vec::new())),
    };
    let is_true = says.is_some_and(|(text, changes)| {
        // It may say more than there is: a shared baseline has some of it by now.
        let mut recorded: HashMap<GroupId, Vec<&Change>> = HashMap::new();
        for change in &record.changes {
            recorded
                .entry(GroupId::of(change))
                .or_default()
                .push(change);
        }
        // What a change means for people is read as well, and may not be said to be better than it is.
        let is_as_bad = |recorded: &Change, one: &Change| {
            recorded.impact < one.impact
                || (recorded.impact, recorded.rule) == (one.impact, one.rule)
        };
        let is_recorded = |one: &Change| {
            let recorded = recorded.get(&GroupId::of(one)).into_iter().flatten();
            recorded.copied().any(|recorded| is_as_bad(recorded, one))
        };
        text == pending.text && changes.iter().all(is_recorded)
    });
    Ok(is_true.then_some(record))
}

/// Returns the text that a baseline becomes by all changes that are not rejected, and these changes;
/// `None` where the baseline cannot be read.
fn left(baseline: &str, tree: &Tree, record: &Record) -> Option<(String, Vec<Change>)> {
    let mode = record.evidence.matching;
    let template = snapshot::read(baseline).ok()?;
    let mut changes = compare::compare(&template, tree, mode).ok()?;
    let left = indexes(&changes, |id| !record.rejected.contains(id));
    let text = match (template.is_whole_file(), mode) {
        (true, _) => compare::merge(&template, tree, mode, Accept::Only(&left)).ok()?,
        (false, Match::Exact) => snapshot::write(tree, Rendering::default()),
        // The whole page replaces a part of it, and the changes do not say all of that.
        (false, Match::Contain) => return None,
    };
    changes.retain(|change| !record.rejected.contains(&GroupId::of(change)));
    Some((text, changes))
}

fn covers(groups: &[GroupId], changes: &[Change]) -> bool {
    changes
        .iter()
        .all(|change| groups.contains(&GroupId::of(change)))
}

/// Returns whether groups are all that a pending text without a record changes: its changes, and nothing
/// beside them, such as an instruction to compare less.
fn is_all(store: &Store, pending: &Pending, groups: &[GroupId]) -> Result<bool, StoreError> {
    let Some(baseline) = store.baseline(&pending.path)? else {
        return Ok(false);
    };
    let (Ok(old), Ok(new)) = (
        snapshot::read(&baseline.file),
        snapshot::read(&pending.text),
    ) else {
        return Ok(false);
    };
    let (tree, mode) = (new.to_tree(), Match::Exact);
    let Ok(changes) = compare::compare(&old, &tree, mode) else {
        return Ok(false);
    };
    let all: Vec<usize> = (0..changes.len()).collect();
    let merged = compare::merge(&old, &tree, mode, Accept::Only(&all));
    Ok(covers(groups, &changes) && merged.is_ok_and(|text| text == pending.text))
}

/// Takes or drops some of the changes; the others stay pending.
fn some(
    store: &Store,
    path: &BaselinePath,
    groups: &[GroupId],
    choice: Choice,
    against: Fingerprint,
    mut record: Record,
) -> Result<(), DecideError> {
    let only_whole = || DecideError::OnlyWhole { path: path.clone() };
    // A variant without a baseline of its own gets one, made from that of its case.
    let held = match &record.shared {
        Some(shared) if against == Fingerprint::None => store.baseline(shared)?,
        Some(_) | None => store
            .baseline(path)?
            .filter(|baseline| baseline.fingerprint == against),
    };
    let baseline = held.ok_or_else(|| StoreError::BaselineChanged { path: path.clone() })?;
    let tree = store.tree(path)?.ok_or_else(only_whole)?;
    let mode = record.evidence.matching;
    let read = |text: &str| -> Result<(Template, Vec<Change>), DecideError> {
        let template = snapshot::read(text).map_err(|_| only_whole())?;
        let changes = compare::compare(&template, &tree, mode).map_err(|_| only_whole())?;
        Ok((template, changes))
    };
    let merge = |template: &Template, only: &[usize]| {
        compare::merge(template, &tree, mode, Accept::Only(only)).map_err(|_| only_whole())
    };
    let (mut template, mut changes) = read(&baseline.file.text)?;
    if !template.is_whole_file() {
        return Err(only_whole());
    }
    let text = match choice {
        Choice::Accept => {
            let taken = indexes(&changes, |id| groups.contains(id));
            let text = merge(&template, &taken)?;
            (template, changes) = read(&text)?;
            text
        }
        Choice::Reject => {
            record.rejected.extend_from_slice(groups);
            baseline.file.text.to_string()
        }
    };
    let left = indexes(&changes, |id| !record.rejected.contains(id));
    let next = merge(&template, &left)?;
    let is_shared = record.shared.is_some() && text == *baseline.file.text;
    let against = match choice {
        // The case has it by now, and the variant shares it again.
        Choice::Accept if is_shared => against,
        Choice::Accept => {
            store.write_baseline(path, &text, against)?;
            record.shared = None;
            Fingerprint::of(text.as_bytes())
        }
        Choice::Reject => against,
    };
    if left.is_empty() {
        store.discard_pending(path)?;
        return Ok(());
    }
    keep(
        &mut record,
        &left
            .iter()
            .map(|at| changes[*at].clone())
            .collect::<Vec<_>>(),
    );
    record.pending = fingerprint(&next);
    store.write_pending(path, &next, against)?;
    store.write_record(path, &record)?;
    Ok(())
}

fn indexes(changes: &[Change], is_wanted: impl Fn(&GroupId) -> bool) -> Vec<usize> {
    (0..changes.len())
        .filter(|at| is_wanted(&GroupId::of(&changes[*at])))
        .collect()
}

/// What is left keeps the elements that it had.
fn keep(record: &mut Record, left: &[Change]) {
    let mut known: Vec<(GroupId, Option<_>)> = record
        .changes
        .iter()
        .map(GroupId::of)
        .zip(record.evidence.nodes.drain(..))
        .collect();
    record.evidence.nodes = left
        .iter()
        .map(|change| {
            let id = GroupId::of(change);
            let at = known.iter().position(|(known, _)| *known == id)?;
            known.remove(at).1
        })
        .collect();
    record.changes = left.to_vec();
}
