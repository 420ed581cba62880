//! Reports: one file per format, each from a plain value to text.

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

/// The formats.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// For people at a terminal.
    Terminal,
    /// One file to open in a browser.
    Html,
    /// For test reports of CI systems.
    Junit,
    /// For programs.
    Json,
    /// For code scanning.
    Sarif,
    /// Annotations of GitHub Actions.
    GitHub,
    /// For a comment on a pull request.
    Markdown,
}

impl Format {
    /// Every format.
    pub const ALL: [Format; 7] = [
        Format::Terminal,
        Format::Html,
        Format::Junit,
        Format::Json,
        Format::Sarif,
        Format::GitHub,
        Format::Markdown,
    ];

    /// As it is asked for.
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

/// What a report says depends on where it is made.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Surroundings {
    /// Whether a new snapshot makes the run fail.
    pub is_ci: bool,
}

/// Why a report could not be made.
#[derive(Debug, thiserror::Error)]
#[error("the {format} report cannot be made: {reason}")]
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

/// A report of that format. Paths stand in it as they stand in the result; `pictures` are those
/// that an HTML report shows.
///
/// # Errors
/// The result holds what the format cannot say.
pub fn report(
    format: Format,
    result: &RunResult,
    surroundings: Surroundings,
    pictures: &html::Pictures,
) -> Result<String, ReportError> {
    match format {
        Format::Terminal => Ok(terminal::report(result, surroundings).printed()),
        Format::Html => html::report(result, pictures),
        Format::Junit => junit::report(result),
        Format::Json => json::report(result),
        Format::Sarif => sarif::report(result),
        Format::GitHub => Ok(github::report(result)),
        Format::Markdown => Ok(markdown::report(result).to_string()),
    }
}
