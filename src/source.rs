//! Places in a text that somebody wrote, and what is wrong there.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A stretch of a text file: bytes for tools, line and column for people.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
pub struct Span {
    /// Byte offset of the first byte, from the beginning of the file.
    pub start: usize,
    /// Byte offset behind the last byte.
    pub end: usize,
    /// Line of `start`, from 1.
    pub line: usize,
    /// Column of `start` in characters, from 1.
    pub column: usize,
}

impl Span {
    /// The part of `text`, the file's whole text; empty where the text is another one.
    pub fn slice(self, text: &str) -> &str {
        text.get(self.start..self.end).unwrap_or_default()
    }

    /// The span of `start..end` in `text`, with line and column counted out.
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

/// Something in a text that cannot be read, with what to do about it.
///
/// The renderer of errors adds the file's name and shows the source line.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error, Serialize)]
#[error("{}:{}: {message}", .span.line, .span.column)]
pub struct ParseError {
    /// What the message is about.
    pub span: Span,
    /// What is wrong.
    pub message: String,
    /// What to do.
    pub help: Option<String>,
}

/// The word that was probably meant.
pub(crate) fn nearest<'a>(word: &str, words: &[&'a str]) -> Option<&'a str> {
    // The cost grows with the length of the word, and nobody misspells by more than a few letters.
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
