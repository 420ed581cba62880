//! Positions in text files, and errors about them.

use std::fmt;
use std::ops::Range;
use std::path::Path;
use std::sync::Arc;

use annotate_snippets::{AnnotationKind, Group, Level, Renderer, Snippet};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::text::one_line;

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
        let mut at = start.min(text.len());
        while !text.is_char_boundary(at) {
            at -= 1;
        }
        let before = &text[..at];
        let line_start = before.rfind('\n').map_or(0, |at| at + 1);
        Span {
            start,
            end,
            line: before.bytes().filter(|byte| *byte == b'\n').count() + 1,
            column: before[line_start..].chars().count() + 1,
        }
    }
}

/// A text with the path under which messages show it. Cloning it is cheap.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SourceText {
    /// The path as the user is to read it.
    pub path: Arc<Path>,
    /// The whole text.
    pub text: Arc<str>,
}

impl SourceText {
    /// A text of that path.
    pub fn new(path: impl AsRef<Path>, text: impl AsRef<str>) -> SourceText {
        SourceText {
            path: Arc::from(path.as_ref()),
            text: Arc::from(text.as_ref()),
        }
    }

    /// The text of a file's bytes, without the byte order mark that some editors put before it.
    ///
    /// # Errors
    /// At the first byte that is not UTF-8.
    pub fn from_bytes(path: impl AsRef<Path>, bytes: &[u8]) -> Result<SourceText, Diagnostic> {
        match std::str::from_utf8(bytes) {
            Ok(text) => {
                let text = text.strip_prefix('\u{feff}').unwrap_or(text);
                Ok(SourceText::new(path, text))
            }
            Err(error) => {
                let at = error.valid_up_to();
                // The replacement character is where the first wrong byte was.
                let shown = SourceText::new(path, String::from_utf8_lossy(bytes));
                let end = at + char::REPLACEMENT_CHARACTER.len_utf8();
                let byte = bytes.get(at).copied().unwrap_or_default();
                Err(Diagnostic::new(
                    format!("the file is not UTF-8: byte {byte:#04x}"),
                    shown.part(at..end),
                )
                .with_help("save the file as UTF-8"))
            }
        }
    }

    /// The nearest place between two characters that is not behind `at`.
    pub(crate) fn boundary(&self, at: usize) -> usize {
        let mut at = at.min(self.text.len());
        while !self.text.is_char_boundary(at) {
            at -= 1;
        }
        at
    }

    /// Returns a part of the text.
    pub fn place(&self, span: Span) -> Place {
        Place {
            file: self.clone(),
            span,
        }
    }

    /// Returns the part of the text that is these bytes.
    pub fn part(&self, bytes: Range<usize>) -> Place {
        self.place(Span::locate(&self.text, bytes.start, bytes.end))
    }
}

/// A part of a text file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// The file.
    pub file: SourceText,
    /// Where in it.
    pub span: Span,
}

impl Place {
    /// The part of the span that can be drawn: within the text, whole characters, one line.
    fn shown(&self) -> Range<usize> {
        let text = &self.file.text;
        let start = self.file.boundary(self.span.start);
        let end = self.file.boundary(self.span.end).max(start);
        let line = text[start..end].lines().next().unwrap_or_default();
        start..start + line.trim_end().len()
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Span { line, column, .. } = self.span;
        match self.file.path.as_os_str().is_empty() {
            true => write!(f, "{line}:{column}"),
            false => write!(f, "{}:{line}:{column}", self.file.path.display()),
        }
    }
}

impl From<&str> for SourceText {
    /// A text that is in no file.
    fn from(text: &str) -> SourceText {
        SourceText::new("", text)
    }
}

impl From<&String> for SourceText {
    fn from(text: &String) -> SourceText {
        SourceText::from(text.as_str())
    }
}

impl From<&SourceText> for SourceText {
    fn from(file: &SourceText) -> SourceText {
        file.clone()
    }
}

/// A value with the place where it was written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Spanned<T> {
    /// The value.
    pub value: T,
    /// Where it was written.
    pub place: Place,
}

/// What is wrong at a place in a text file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Diagnostic {
    /// What is wrong, in one line.
    pub message: String,
    /// Where.
    pub place: Place,
    /// A second place that belongs to it, with what it is.
    pub related: Option<Box<(Place, String)>>,
    /// What to do.
    pub help: Option<String>,
}

/// Whether a text for people carries colours.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Colour {
    /// Plain text.
    #[default]
    Plain,
    /// ANSI escape sequences.
    Ansi,
}

impl Diagnostic {
    /// An error without advice.
    pub fn new(message: impl Into<String>, place: Place) -> Diagnostic {
        Diagnostic {
            message: message.into(),
            place,
            related: None,
            help: None,
        }
    }

    /// The same with advice.
    #[must_use]
    pub fn with_help(mut self, help: impl Into<String>) -> Diagnostic {
        self.help = Some(help.into());
        self
    }

    /// The same with a second place.
    #[must_use]
    pub fn with_related(mut self, place: Place, label: impl Into<String>) -> Diagnostic {
        self.related = Some(Box::new((place, label.into())));
        self
    }

    /// The message with the source line, the part of it that is wrong, and the advice. Ends without
    /// a newline.
    pub fn render(&self, colour: Colour) -> String {
        let mut report = Level::ERROR
            .primary_title(self.message.as_str())
            .element(snippet(&self.place, AnnotationKind::Primary, None));
        if let Some(related) = &self.related {
            let (place, label) = related.as_ref();
            report = report.element(snippet(place, AnnotationKind::Context, Some(label)));
        }
        if let Some(help) = &self.help {
            report = report.element(Level::HELP.message(help.as_str()));
        }
        renderer(colour).render(&[report as Group<'_>])
    }
}

fn snippet<'a>(
    place: &'a Place,
    kind: AnnotationKind,
    label: Option<&'a String>,
) -> Snippet<'a, annotate_snippets::Annotation<'a>> {
    let annotation = kind.span(place.shown()).label(label.map(String::as_str));
    Snippet::source(&*place.file.text)
        .path(one_line(&place.file.path.to_string_lossy()).into_owned())
        .annotation(annotation)
}

fn renderer(colour: Colour) -> Renderer {
    match colour {
        Colour::Plain => Renderer::plain(),
        Colour::Ansi => Renderer::styled(),
    }
}

impl fmt::Display for Diagnostic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.place, self.message)
    }
}

impl std::error::Error for Diagnostic {}

/// Renders several errors, an empty line between them, a newline at the end.
pub fn render_all(errors: &[Diagnostic], colour: Colour) -> String {
    errors
        .iter()
        .map(|error| error.render(colour) + "\n")
        .collect::<Vec<_>>()
        .join("\n")
}

/// The word that was probably meant.
pub(crate) fn nearest<'a>(word: &str, words: &[&'a str]) -> Option<&'a str> {
    // The cost grows with the length of the word, and typing errors change a few letters only.
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

#[cfg(test)]
mod tests {
    use super::{Colour, Diagnostic, SourceText, Span};

    #[test]
    fn shows_line_carets_and_help() {
        let file = SourceText::new("specs/a.yml", "url: /\nviewprot: 1x1\n");
        let error = Diagnostic::new("unknown key `viewprot`", file.part(7..15))
            .with_help("did you mean `viewport`?");
        assert_eq!(
            error.render(Colour::Plain),
            "\
error: unknown key `viewprot`
 --> specs/a.yml:2:1
  |
2 | viewprot: 1x1
  | ^^^^^^^^
  |
  = help: did you mean `viewport`?"
        );
        assert!(error.render(Colour::Ansi).contains("\u{1b}["));
        assert_eq!(error.to_string(), "specs/a.yml:2:1: unknown key `viewprot`");
    }

    #[test]
    fn a_second_place_is_shown_with_its_file() {
        let first = SourceText::new("a.yml", "name: x\n");
        let second = SourceText::new("b.yml", "name: x\n");
        let error = Diagnostic::new("twice", second.part(6..7))
            .with_related(first.part(6..7), "first here");
        assert_eq!(
            error.render(Colour::Plain),
            "\
error: twice
 --> b.yml:1:7
  |
1 | name: x
  |       ^
  |
 ::: a.yml:1:7
  |
1 | name: x
  |       - first here"
        );
    }

    #[test]
    fn any_span_can_be_drawn() {
        for text in ["", "\n", "é", "a\nb\n", "\t\u{202e}x\r\ny", "日本語: x"] {
            for start in 0..=text.len() + 2 {
                for end in 0..=text.len() + 2 {
                    let file = SourceText::new("f", text);
                    let error = Diagnostic::new("t", file.part(start..end));
                    assert!(error.render(Colour::Plain).starts_with("error: t\n"));
                    let Span { line, column, .. } = error.place.span;
                    assert!((line, column) >= (1, 1));
                }
            }
        }
    }

    #[test]
    fn bytes_that_are_no_text_are_pointed_at() {
        let read = SourceText::from_bytes("f.yml", b"url: /\nname: caf\xe9\n");
        assert_eq!(
            read.map_err(|error| error.to_string()),
            Err("f.yml:2:10: the file is not UTF-8: byte 0xe9".to_owned())
        );
    }
}
