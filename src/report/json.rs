//! The JSON report, described by `schemas/report.schema.json`.

use std::io;
use std::path::{Path, PathBuf};

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Format, ReportError};
use crate::compare::recurring::Group;
use crate::regular_file::{self, Links};
use crate::run::RunResult;
use crate::store::EVIDENCE_SUFFIX;
use crate::store::evidence::is_web_address;
use crate::text::Data;

/// The version of the report's schema. It grows when something is removed or changes its meaning, but not
/// when something is added.
pub const SCHEMA_VERSION: u32 = 1;

/// The JSON report of a run.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[non_exhaustive]
pub struct Report {
    /// The version of this schema: 1.
    pub schema: u32,
    /// The version of ariasnap that wrote the report.
    pub ariasnap: String,
    /// The run.
    #[serde(flatten)]
    pub result: RunResult,
    /// Changes that occur in several snapshots, each once. `snapshots` are indexes into the snapshots of
    /// all cases, in order, from 0.
    pub groups: Vec<Group>,
}

/// Reads the report file of another machine.
///
/// # Errors
/// The file cannot be read, is too long, or is not a regular file.
pub fn read(file: &Path) -> io::Result<Vec<u8>> {
    regular_file::read(file, regular_file::LONGEST, Links::Refused)
}

impl Report {
    /// Returns what is wrong with the report of another machine: its files are read and its addresses
    /// are linked, so both are checked.
    pub fn problem(&self) -> Option<String> {
        for case in &self.result.cases {
            if !is_web_address(&case.url) {
                return Some(format!("the address of {} is `{}`", case.name, case.url));
            }
            for snapshot in &case.snapshots {
                let mut evidence = snapshot.evidence().cloned();
                // A report names the picture with its folder.
                if let Some(shot) = evidence.as_mut().and_then(|one| one.screenshot.as_mut()) {
                    let folder = snapshot.path.file(EVIDENCE_SUFFIX);
                    let inside = shot.file.parent().is_some_and(|at| at.ends_with(&folder));
                    let name = shot.file.file_name().map(PathBuf::from);
                    let (true, Some(name)) = (inside, name) else {
                        let (path, file) = (&snapshot.path, shot.file.display());
                        return Some(format!("the picture of {path} is `{file}`"));
                    };
                    shot.file = name;
                }
                if let Some(problem) = evidence.and_then(|evidence| evidence.problem()) {
                    return Some(format!("the evidence of {}: {problem}", snapshot.path));
                }
            }
        }
        None
    }
}

pub(super) fn report(result: &RunResult) -> Result<Data, ReportError> {
    let report = Report {
        schema: SCHEMA_VERSION,
        ariasnap: env!("CARGO_PKG_VERSION").to_owned(),
        result: result.clone(),
        groups: result.groups(),
    };
    Data::json(&report).map_err(|error| ReportError::new(Format::Json, error))
}

/// Returns the JSON Schema of the report.
pub fn schema() -> serde_json::Value {
    schemars::schema_for!(Report).into()
}
