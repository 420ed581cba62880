//! The result for programs. Its form is `schemas/report.schema.json`, a JSON Schema.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Format, ReportError};
use crate::compare::recurring::Group;
use crate::run::RunResult;

/// The version of the report's form. It grows when something in it changes its meaning or goes;
/// what is added leaves it.
pub const SCHEMA_VERSION: u32 = 1;

/// The report.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Report {
    /// The version of this form: 1.
    pub schema: u32,
    /// The version of ariasnap.
    pub ariasnap: String,
    /// The run.
    #[serde(flatten)]
    pub result: RunResult,
    /// The same change, wherever it occurs. `snapshots` are numbers of the snapshots of all
    /// cases, in order, from 0.
    pub groups: Vec<Group>,
}

pub(super) fn report(result: &RunResult) -> Result<String, ReportError> {
    let report = Report {
        schema: SCHEMA_VERSION,
        ariasnap: env!("CARGO_PKG_VERSION").to_owned(),
        result: result.clone(),
        groups: result.groups(),
    };
    let text = serde_json::to_string_pretty(&report);
    text.map(|text| text + "\n")
        .map_err(|error| ReportError::new(Format::Json, error))
}

/// The JSON Schema of the report.
pub fn schema() -> serde_json::Value {
    schemars::schema_for!(Report).into()
}
