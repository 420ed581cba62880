//! Reports: a file for each format, each a function from the result to text.

pub mod against_browser;
pub mod changes;
pub mod github;
mod headline;
pub mod html;
pub mod json;
pub mod junit;
pub mod markdown;
pub mod sarif;
pub mod style;
pub mod terminal;
mod tries;

use crate::run::RunResult;
use crate::text::Data;

/// A report's format.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// For the terminal.
    Terminal,
    /// A page for the browser, in one file.
    Html,
    /// For the test results of CI systems.
    Junit,
    /// For programs.
    Json,
    /// For code scanning.
    Sarif,
    /// GitHub Actions annotations.
    GitHub,
    /// For pull request comments.
    Markdown,
}

impl Format {
    /// All formats.
    pub const ALL: [Format; 7] = [
        Format::Terminal,
        Format::Html,
        Format::Junit,
        Format::Json,
        Format::Sarif,
        Format::GitHub,
        Format::Markdown,
    ];

    /// Returns the name that `--reporter` takes.
    pub fn as_str(self) -> &'static str {
        match self {
            Format::Terminal => "terminal",
            Format::Html => "html",
            Format::Junit => "junit",
            Format::Json => "json",
            Format::Sarif => "sarif",
            Format::GitHub => "github",
            Format::Markdown => "markdown",
        }
    }
}

/// Where a report is made.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Surroundings {
    /// Whether a new snapshot makes the run fail.
    pub is_ci: bool,
}

/// A report that could not be made.
#[derive(Debug, thiserror::Error)]
#[error("cannot make the {format} report: {reason}")]
pub struct ReportError {
    format: &'static str,
    reason: String,
}

impl ReportError {
    fn new(format: Format, reason: impl ToString) -> ReportError {
        ReportError {
            format: format.as_str(),
            reason: reason.to_string(),
        }
    }
}

/// Makes a report. Its paths are those of the result; `pictures` are for the HTML report.
///
/// # Errors
/// The format cannot express the result.
pub fn report(
    format: Format,
    result: &RunResult,
    surroundings: Surroundings,
    pictures: &html::Pictures,
) -> Result<Data, ReportError> {
    match format {
        Format::Terminal => Ok(Data::from(&terminal::report(result, surroundings))),
        Format::Html => html::report(result, pictures),
        Format::Junit => junit::report(result),
        Format::Json => json::report(result),
        Format::Sarif => sarif::report(result),
        Format::GitHub => Ok(github::report(result).into()),
        Format::Markdown => Ok(markdown::report(result).into()),
    }
}
