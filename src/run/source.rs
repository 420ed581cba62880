//! A page against the Markdown of its case.

use super::RunError;
use crate::aria::Tree;
use crate::compare::source::against_source;
use crate::regular_file::{self, Links};
use crate::source::SourceText;
use crate::spec::Case;

/// Holds the page against the case's source, where it has one.
pub(super) fn check(case: &Case, tree: &Tree) -> Result<(), RunError> {
    let Some(source) = &case.source else {
        return Ok(());
    };
    let unreadable = |reason: String| RunError::SourceFile {
        place: source.place.to_string(),
        file: source.value.clone(),
        reason,
    };
    let bytes = regular_file::read(&source.value, regular_file::LONGEST, Links::Followed)
        .map_err(|error| unreadable(error.to_string()))?;
    let text = SourceText::from_bytes(&source.value, &bytes)
        .map_err(|error| unreadable(error.to_string()))?;
    let compared =
        against_source(&text.text, tree).map_err(|error| unreadable(error.to_string()))?;
    if compared.findings.is_empty() {
        return Ok(());
    }
    Err(RunError::Source {
        file: source.value.clone(),
        findings: compared.findings,
    })
}
