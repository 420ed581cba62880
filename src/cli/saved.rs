//! A folder that keeps a result: `result.json`, and below `snapshots/` what is pending.

use std::path::{Path, PathBuf};

use crate::report::json::{self, Report};
use crate::report::{Format, Surroundings};
use crate::run::RunResult;
use crate::run::shard::Piece;
use crate::store::Store;

use super::context::Context;
use super::exit::{Failure, chain};
use super::reporter;

const RESULT: &str = "result.json";
const SNAPSHOTS: &str = "snapshots";

/// Where the pending snapshots of such a folder are.
pub(super) fn store(folder: &Path) -> Store {
    Store::new(folder.join(SNAPSHOTS))
}

/// Refuses a folder that holds something else, before a run is spent on it.
pub(super) fn check(folder: &Path, context: &Context) -> Result<(), Failure> {
    let path = context.folder.join(folder);
    let is_other = match std::fs::read_dir(&path) {
        Ok(mut entries) => entries.next().is_some() && !path.join(RESULT).is_file(),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => false,
        Err(error) => return Err(cannot(folder, error)),
    };
    if is_other {
        return Err(Failure::usage(format!(
            "{} holds other files; name a folder for --save that is new or empty",
            folder.display()
        )));
    }
    std::fs::create_dir_all(&path).map_err(|error| cannot(folder, error))
}

fn cannot(folder: &Path, error: impl std::fmt::Display) -> Failure {
    Failure::usage(format!(
        "the result cannot be saved in {}: {error}",
        folder.display()
    ))
}

/// Writes the folder. The result comes last: with it, the rest is there.
pub(super) fn write(
    folder: &Path,
    result: &RunResult,
    from: &Store,
    context: &Context,
) -> Result<(), Failure> {
    let path = context.folder.join(folder);
    let file = path.join(RESULT);
    match std::fs::remove_file(&file) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
            return Err(cannot(folder, error));
        }
        Ok(()) | Err(_) => {}
    }
    let to = store(&path);
    for (_, snapshot) in result.snapshots() {
        to.adopt(from, &snapshot.path)
            .map_err(|error| cannot(folder, chain(&error)))?;
    }
    let relative = result.clone().relative_to(&context.folder);
    let surroundings = Surroundings {
        is_ci: context.is_ci,
    };
    let pictures = std::collections::HashMap::new();
    let text = crate::report::report(Format::Json, &relative, surroundings, &pictures)
        .map_err(Failure::usage)?;
    reporter::put(&file, &text)
}

/// Reads the folders, and those in them.
pub(super) fn read(folders: &[PathBuf], context: &Context) -> Result<Vec<Piece>, Failure> {
    let mut pieces = Vec::new();
    for folder in folders {
        for folder in with_result(folder, context)? {
            let result = result(&folder, context)?;
            pieces.push(Piece { folder, result });
        }
    }
    Ok(pieces)
}

/// The folder itself or, as artifacts of CI are downloaded, the folders in it.
fn with_result(folder: &Path, context: &Context) -> Result<Vec<PathBuf>, Failure> {
    let has_result = |folder: &Path| context.folder.join(folder).join(RESULT).is_file();
    if has_result(folder) {
        return Ok(vec![folder.to_owned()]);
    }
    let entries = std::fs::read_dir(context.folder.join(folder))
        .map_err(|error| Failure::usage(format!("cannot read {}: {error}", folder.display())))?;
    let inner = entries
        .flatten()
        .map(|entry| folder.join(entry.file_name()));
    let mut inner: Vec<PathBuf> = inner.filter(|folder| has_result(folder)).collect();
    inner.sort();
    if inner.is_empty() {
        return Err(Failure::usage(format!(
            "{} has no {RESULT}, nor has a folder in it: `ariasnap test --shard 1/4 --save DIR` \
             writes one",
            folder.display()
        )));
    }
    Ok(inner)
}

fn result(folder: &Path, context: &Context) -> Result<RunResult, Failure> {
    let shown = folder.join(RESULT);
    let file = context.folder.join(&shown);
    let failed = |why: &dyn std::fmt::Display| {
        Failure::usage(format!(
            "{} is not the result of a run: {why}; let this version of ariasnap make it again",
            shown.display()
        ))
    };
    let text = crate::report::json::read(&file).map_err(|error| failed(&error))?;
    let report: Report = serde_json::from_slice(&text).map_err(|error| failed(&error))?;
    if report.schema != json::SCHEMA_VERSION {
        return Err(failed(&format!("its schema is {}", report.schema)));
    }
    if let Some(problem) = report.problem() {
        return Err(failed(&problem));
    }
    Ok(report.result)
}
