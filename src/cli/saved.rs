//! The folder of `--save`: `result.json`, and pending snapshots in `snapshots/`.

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

/// Returns the pending snapshots of such a folder.
pub(super) fn store(folder: &Path) -> Store {
    Store::new(folder.join(SNAPSHOTS))
}

/// Refuses a folder with other files, before the run.
pub(super) fn check(folder: &Path, context: &Context) -> Result<(), Failure> {
    let path = context.folder.join(folder);
    let is_other = match std::fs::read_dir(&path) {
        Ok(mut entries) => entries.next().is_some() && !path.join(RESULT).is_file(),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => false,
        Err(error) => return Err(cannot(folder, error)),
    };
    if is_other {
        return Err(Failure::usage(format!(
            "{} has other files; name a new or empty folder for --save",
            folder.display()
        )));
    }
    std::fs::create_dir_all(&path).map_err(|error| cannot(folder, error))
}

fn cannot(folder: &Path, error: impl std::fmt::Display) -> Failure {
    Failure::usage(format!(
        "cannot save the result to {}: {error}",
        folder.display()
    ))
}

/// Writes the folder, the result last: if it exists, the folder is complete.
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

/// Reads the folders and their subfolders.
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

/// Returns the folder itself or its subfolders, as CI systems download artifacts.
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
            "neither {} nor a folder in it has a {RESULT}; `ariasnap test --shard 1/4 --save DIR` \
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
            "cannot read {} as the result of a run: {why}; create it again with this version of ariasnap",
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
