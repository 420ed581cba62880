//! Errors in text files: configuration, specs, baselines.

use std::fmt;
use std::ops::Range;
use std::path::Path;
use std::sync::Arc;

use crate::text::one_line;
use annotate_snippets::{AnnotationKind, Group, Level, Renderer, Snippet};

/// A text file. Cloning is cheap.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SourceText {
    /// The path for messages.
    pub path: Arc<Path>,
    pub text: Arc<str>,
}

impl SourceText {
    /// Makes a file of a path and a text.
    pub fn new(path: impl AsRef<Path>, text: impl AsRef<str>) -> SourceText {
        SourceText {
            path: Arc::from(path.as_ref()),
            text: Arc::from(text.as_ref()),
        }
    }

    /// Decodes a file, without the byte order mark that some editors write.
    ///
    /// # Errors
    /// The bytes are not UTF-8.
    pub fn from_bytes(path: impl AsRef<Path>, bytes: &[u8]) -> Result<SourceText, Located> {
        match std::str::from_utf8(bytes) {
            Ok(text) => {
                let text = text.strip_prefix('\u{feff}').unwrap_or(text);
                Ok(SourceText::new(path, text))
            }
            Err(error) => {
                let at = error.valid_up_to();
                // The replacement character is at the first invalid byte.
                let shown = SourceText::new(path, String::from_utf8_lossy(bytes));
                let end = at + char::REPLACEMENT_CHARACTER.len_utf8();
                let byte = bytes.get(at).copied().unwrap_or_default();
                Err(Located::new(
                    format!("the file is not UTF-8: byte {byte:#04x}"),
                    shown.place(at..end),
                )
                .with_help("save the file as UTF-8"))
            }
        }
    }

    /// Returns the last character boundary up to `at`.
    pub(crate) fn boundary(&self, at: usize) -> usize {
        let mut at = at.min(self.text.len());
        while !self.text.is_char_boundary(at) {
            at -= 1;
        }
        at
    }

    /// Returns a part of the text, in bytes.
    pub fn place(&self, span: Range<usize>) -> Place {
        Place {
            file: self.clone(),
            span,
        }
    }
}

/// A part of a text file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    pub file: SourceText,
    pub span: Range<usize>,
}

impl Place {
    /// Returns line and column of the first character, both from 1; columns count characters.
    pub fn line_column(&self) -> (usize, usize) {
        let text = &self.file.text;
        let before = &text[..self.file.boundary(self.span.start)];
        let line = before.bytes().filter(|byte| *byte == b'\n').count() + 1;
        let start_of_line = before.rfind('\n').map_or(0, |at| at + 1);
        (line, before[start_of_line..].chars().count() + 1)
    }

    /// Returns the part of the span to underline: inside the text, whole characters, one line.
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
        let (line, column) = self.line_column();
        write!(f, "{}:{line}:{column}", self.file.path.display())
    }
}

/// A value and its place in a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Spanned<T> {
    pub value: T,
    pub place: Place,
}

/// An error at a place in a text file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Located {
    /// What is wrong, on one line.
    pub title: String,
    pub place: Place,
    /// A second place, with a label.
    pub related: Option<Box<(Place, String)>>,
    /// What to do.
    pub help: Option<String>,
}

/// Whether a text has colours.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Colour {
    /// Plain text.
    #[default]
    Plain,
    /// ANSI escape sequences.
    Ansi,
}

impl Located {
    /// Makes an error without help.
    pub fn new(title: impl Into<String>, place: Place) -> Located {
        Located {
            title: title.into(),
            place,
            related: None,
            help: None,
        }
    }

    /// Adds help.
    #[must_use]
    pub fn with_help(mut self, help: impl Into<String>) -> Located {
        self.help = Some(help.into());
        self
    }

    /// Adds a second place.
    #[must_use]
    pub fn with_related(mut self, place: Place, label: impl Into<String>) -> Located {
        self.related = Some(Box::new((place, label.into())));
        self
    }

    /// Renders the message with the source line and the help, without a newline at the end.
    pub fn render(&self, colour: Colour) -> String {
        let mut report = Level::ERROR
            .primary_title(self.title.as_str())
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

impl fmt::Display for Located {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.place, self.title)
    }
}

impl std::error::Error for Located {}

/// Renders several errors with empty lines between them and a newline at the end.
pub fn render_all(errors: &[Located], colour: Colour) -> String {
    errors
        .iter()
        .map(|error| error.render(colour) + "\n")
        .collect::<Vec<_>>()
        .join("\n")
}

#[cfg(test)]
mod tests {
    use super::{Colour, Located, SourceText};

    #[test]
    fn shows_line_carets_and_help() {
        let file = SourceText::new("specs/a.yml", "url: /\nviewprot: 1x1\n");
        let error = Located::new("unknown key `viewprot`", file.place(7..15))
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
        let error =
            Located::new("twice", second.place(6..7)).with_related(first.place(6..7), "first here");
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
                    let error = Located::new("t", file.place(start..end));
                    assert!(error.render(Colour::Plain).starts_with("error: t\n"));
                    assert!(error.place.line_column() >= (1, 1));
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
