//! `--reporter FORMAT[=FILE]`

use std::collections::HashMap;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::str::FromStr;

use crate::report::{Format, Surroundings, html, terminal};
use crate::run::RunResult;
use crate::store::Store;
use crate::text::Data;

use super::context::Context;
use super::exit::Failure;
use super::{file, output};

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Reporter {
    format: Format,
    file: Option<PathBuf>,
}

impl FromStr for Reporter {
    type Err = String;

    fn from_str(text: &str) -> Result<Reporter, String> {
        let (format, file) = match text.split_once('=') {
            Some((_, "")) => return Err("there is no file after the `=`".to_owned()),
            Some((format, file)) => (format, Some(PathBuf::from(file))),
            None => (text, None),
        };
        let names = Format::ALL.map(Format::as_str).join(", ");
        let format = Format::ALL
            .into_iter()
            .find(|one| one.as_str() == format)
            .ok_or_else(|| format!("unknown format `{format}`; expected one of {names}"))?;
        if format == Format::Html && file.is_none() {
            return Err("an HTML report needs a file: html=report.html".to_owned());
        }
        Ok(Reporter { format, file })
    }
}

impl Reporter {
    /// Where the report goes; `None` for standard output.
    pub(super) fn file(&self) -> Option<&Path> {
        self.file.as_deref()
    }
}

/// Refuses files that cannot be written, before the run.
pub(super) fn check(reporters: &[Reporter], context: &Context) -> Result<(), Failure> {
    for file in reporters.iter().filter_map(|one| one.file.as_deref()) {
        let file = context.folder.join(file);
        if file.is_dir() {
            return Err(Failure::usage(format!(
                "{} is a folder; name a file for the report",
                file.display()
            )));
        }
        let made = std::fs::create_dir_all(file.parent().unwrap_or(Path::new(".")));
        made.and_then(|()| file::check(&file))
            .map_err(|error| unwritable(&file, &error))?;
    }
    Ok(())
}

/// Makes all reports, and one for the terminal unless another report goes to standard output.
pub(super) fn write(
    reporters: &[Reporter],
    result: &RunResult,
    context: &Context,
) -> Result<(), Failure> {
    let relative = result.clone().relative_to(&context.folder);
    let surroundings = Surroundings {
        is_ci: context.is_ci,
    };
    let has_terminal = reporters
        .iter()
        .any(|one| one.file.is_none() && one.format != Format::GitHub);
    if !has_terminal {
        output::result(&terminal::report(&relative, surroundings));
    }
    let mut failed = Vec::new();
    for reporter in reporters {
        let text = match reporter.format {
            // Their readers show files of the repository.
            Format::GitHub | Format::Sarif | Format::Junit => {
                let result = relative.clone().below(&context.folder_in_repository());
                text(reporter.format, &result, surroundings, context)?
            }
            Format::Terminal | Format::Html | Format::Json | Format::Markdown => {
                text(reporter.format, &relative, surroundings, context)?
            }
        };
        match &reporter.file {
            None if reporter.format == Format::Terminal => {
                output::result(&terminal::report(&relative, surroundings));
            }
            None => output::data(&text),
            Some(file) => {
                if let Err(failure) = put(&context.folder.join(file), &text) {
                    failed.push(failure.message.to_string());
                }
            }
        }
        if reporter.format == Format::GitHub
            && let Some(summary) = &context.job_summary
        {
            let text = crate::report::markdown::report(&relative);
            if let Err(failure) = append(summary, &text) {
                failed.push(failure.message.to_string());
            }
        }
    }
    match failed.is_empty() {
        true => Ok(()),
        false => Err(Failure::usage(failed.join("\n"))),
    }
}

fn text(
    format: Format,
    result: &RunResult,
    surroundings: Surroundings,
    context: &Context,
) -> Result<Data, Failure> {
    let pictures = match format {
        Format::Html => pictures(result, context),
        _ => HashMap::new(),
    };
    crate::report::report(format, result, surroundings, &pictures).map_err(Failure::usage)
}

/// Reads the screenshots that a result names.
fn pictures(result: &RunResult, context: &Context) -> html::Pictures {
    let shots = result.snapshots().filter_map(|(_, snapshot)| {
        Some((&snapshot.path, snapshot.evidence()?.screenshot.as_ref()?))
    });
    shots
        .filter_map(|(path, shot)| {
            // Its file is in the evidence folder of its snapshot, below the snapshots folder.
            let depth = path.as_str().split('/').count();
            let root = shot.file.ancestors().nth(depth + 1)?;
            let store = Store::new(context.folder.join(root));
            let bytes = store.picture(path, shot).ok().flatten()?;
            Some((shot.file.clone(), html::data_url(&bytes)))
        })
        .collect()
}

/// Writes a report, creating its folder.
pub(super) fn put(file: &Path, text: &str) -> Result<(), Failure> {
    let made = std::fs::create_dir_all(file.parent().unwrap_or(Path::new(".")));
    made.and_then(|()| file::put(file, text))
        .map_err(|error| unwritable(file, &error))
}

fn unwritable(file: &Path, error: &std::io::Error) -> Failure {
    Failure::usage(format!(
        "cannot write the report {}: {error}; {}",
        file.display(),
        file::help(error)
    ))
}

fn append(file: &Path, text: &str) -> Result<(), Failure> {
    std::fs::OpenOptions::new()
        .create(true)
        .append(true)
        .open(file)
        .and_then(|mut file| file.write_all(text.as_bytes()))
        .map_err(|error| {
            Failure::usage(format!(
                "cannot write the job summary {}: {error}; {}",
                file.display(),
                file::help(&error)
            ))
        })
}
