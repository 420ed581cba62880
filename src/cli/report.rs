//! `ariasnap report merge`

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use crate::baseline::{BaselinePath, SUFFIX};
use crate::run::RunResult;
use crate::run::shard;
use crate::store::{History, Store, StoreError};

use super::args::{MergeOptions, ReportCommand};
use super::context::Context;
use super::exit::{self, Exit, Failure};
use super::{choose, reporter, saved};

pub(super) fn run(command: &ReportCommand, context: &Context) -> Result<Exit, Failure> {
    match command {
        ReportCommand::Merge(options) => merge(options, context),
    }
}

fn merge(options: &MergeOptions, context: &Context) -> Result<Exit, Failure> {
    reporter::check(&options.reporters, context)?;
    let config = context.load_config()?;
    let pieces = saved::read(&options.folders, context)?;
    let mut folders: HashMap<BaselinePath, PathBuf> = HashMap::new();
    for piece in &pieces {
        let paths = piece.result.snapshots().map(|(_, one)| one.path.clone());
        folders.extend(paths.map(|path| (path, context.folder.join(&piece.folder))));
    }
    let mut result = shard::join(pieces).map_err(Failure::usage)?;
    let store = Store::new(&config.snapshots);
    take_over(&mut result, &folders, &store)?;
    // The next run is split by the times of all parts of this one.
    let mut history = History::read(&config.root)?;
    history.learn(choose::runs(&result));
    history.write(&config.root)?;
    reporter::write(&options.reporters, &result, context)?;
    Ok(exit::of_run(&result))
}

/// Returns the baseline file on this machine that a part was compared with: its own, or that of its case if it
/// is a variant without one. A part cannot name any other file.
fn baseline_of(path: &BaselinePath, named: &Path, store: &Store) -> PathBuf {
    let case = path
        .as_str()
        .rsplit_once('@')
        .map(|(case, _)| case.to_owned());
    let case = case.and_then(|case| BaselinePath::try_from(case).ok());
    match case {
        Some(case) if named.ends_with(case.file(SUFFIX)) => store.baseline_file(&case),
        Some(_) | None => store.baseline_file(path),
    }
}

/// Copies the pending snapshots of the folders here.
fn take_over(
    result: &mut RunResult,
    folders: &HashMap<BaselinePath, PathBuf>,
    store: &Store,
) -> Result<(), StoreError> {
    let _lock = store.lock()?;
    let snapshots = result.cases.iter_mut().flat_map(|case| &mut case.snapshots);
    for snapshot in snapshots {
        let path = &snapshot.path;
        if let Some(folder) = folders.get(path) {
            store.adopt(&saved::store(folder), path)?;
        }
        if let Some(files) = snapshot.outcome.pending_files() {
            *files.pending = store.pending_file(path);
            *files.baseline = baseline_of(path, files.baseline, store);
            if let Some(screenshot) = files.screenshot
                && let Some(name) = screenshot.file_name()
            {
                *screenshot = store.evidence_folder(path).join(name);
            }
        }
    }
    Ok(())
}
