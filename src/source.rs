//! Positions in text files, and errors about them.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A range of a text file: bytes for tools, line and column for people.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
pub struct Span {
    /// The offset of the first byte.
    pub start: usize,
    /// The offset after the last byte.
    pub end: usize,
    /// The line of `start`, from 1.
    pub line: usize,
    /// The column of `start` in characters, from 1.
    pub column: usize,
}

impl Span {
    /// Returns this range of the file's text, or nothing if the text is too short.
    pub fn slice(self, text: &str) -> &str {
        text.get(self.start..self.end).unwrap_or_default()
    }

    /// Makes the span of `start..end` in `text`, and counts line and column.
    pub fn locate(text: &str, start: usize, end: usize) -> Span {
        let before = text.get(..start).unwrap_or(text);
        let line_start = before.rfind('\n').map_or(0, |at| at + 1);
        Span {
            start,
            end,
            line: before.bytes().filter(|byte| *byte == b'\n').count() + 1,
            column: before[line_start..].chars().count() + 1,
        }
    }
}

/// A mistake in a text file.
///
/// The renderer of errors adds the file's name and the source line.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error, Serialize)]
#[error("{}:{}: {message}", .span.line, .span.column)]
pub struct ParseError {
    /// The part of the file that is wrong.
    pub span: Span,
    /// What is wrong.
    pub message: String,
    /// What to write instead.
    pub help: Option<String>,
}

impl ParseError {
    pub(crate) fn new(span: Span, message: impl Into<String>, help: Option<&str>) -> ParseError {
        ParseError {
            span,
            message: message.into(),
            help: help.map(str::to_owned),
        }
    }
}

/// Returns the word that the user probably meant.
pub(crate) fn nearest<'a>(word: &str, words: &[&'a str]) -> Option<&'a str> {
    // The cost grows with the length of the word.
    if word.len() > 40 {
        return None;
    }
    let word = word.to_ascii_lowercase();
    if let Some(exact) = words.iter().find(|candidate| **candidate == word) {
        return Some(exact);
    }
    similar::get_close_matches(word.as_str(), words, 1, 0.6)
        .first()
        .copied()
}
