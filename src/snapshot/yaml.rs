//! Reading the YAML of snapshots from the events of `granit-parser`, with positions.

use granit_parser::{ErrorKind, Event, Parser, ScalarStyle, StructureStyle};

use crate::aria::tree::DEEPEST;
use crate::source::{ParseError, Span};

/// Each level of a snapshot is a sequence and a mapping, and a node has a few more for its properties.
const DEEPEST_COLLECTION: usize = 2 * DEEPEST + 4;
/// Keys hold names of up to 900 units, each of up to six characters when escaped.
const LONGEST_KEY: usize = 16_384;

/// Converts collections as they close, the innermost first, so that no input is too deep for the stack.
pub(super) trait Fold {
    type Collection;

    fn sequence(&mut self, items: Vec<Yaml<Self::Collection>>, flow: bool) -> Self::Collection;

    fn mapping(&mut self, entries: Vec<Entry<Self::Collection>>, flow: bool) -> Self::Collection;
}

/// A key with its value.
pub(super) type Entry<C> = (Yaml<C>, Yaml<C>);

/// A scalar or a converted collection.
pub(super) enum Yaml<C> {
    Scalar(Scalar),
    Sequence(C, Span),
    Mapping(C, Span),
}

pub(super) struct Scalar {
    pub(super) value: String,
    pub(super) style: ScalarStyle,
    /// With quotes.
    pub(super) span: Span,
}

impl<C> Yaml<C> {
    pub(super) fn span(&self) -> Span {
        match self {
            Yaml::Scalar(scalar) => scalar.span,
            Yaml::Sequence(_, span) | Yaml::Mapping(_, span) => *span,
        }
    }
}

/// Where a text starts in its file.
#[derive(Clone, Copy)]
pub(super) struct Base {
    pub(super) offset: usize,
    /// How many lines are before it.
    pub(super) lines: usize,
}

/// Reads the only document of the text, if there is one.
pub(super) fn read<F: Fold>(
    text: &str,
    base: Base,
    fold: &mut F,
) -> Result<Option<Yaml<F::Collection>>, ParseError> {
    let options = granit_parser::options! {
        emit_comments: false,
        disallow_directives: true,
        emit_unresolved_aliases: true,
        simple_key_max_lookahead: LONGEST_KEY,
        block_nesting_limit: DEEPEST_COLLECTION,
        flow_nesting_limit: DEEPEST,
    };
    let mut builder = Builder {
        text,
        base,
        fold,
        open: Vec::new(),
        root: None,
    };
    for event in Parser::new_from_str_with_options(text, options) {
        let (event, span) = event.map_err(|error| scan_error(&error, text, base))?;
        builder.event(event, span)?;
    }
    Ok(builder.root)
}

enum Open<C> {
    Sequence {
        items: Vec<Yaml<C>>,
        flow: bool,
        span: Span,
    },
    Mapping {
        entries: Vec<Entry<C>>,
        key: Option<Yaml<C>>,
        flow: bool,
        span: Span,
    },
}

struct Builder<'a, F: Fold> {
    text: &'a str,
    base: Base,
    fold: &'a mut F,
    open: Vec<Open<F::Collection>>,
    root: Option<Yaml<F::Collection>>,
}

impl<F: Fold> Builder<'_, F> {
    fn event(&mut self, event: Event<'_>, span: granit_parser::Span) -> Result<(), ParseError> {
        let span = self.span(&span);
        match event {
            Event::Alias(_) | Event::UnresolvedAlias(_) => Err(refused(
                span,
                "a snapshot cannot have aliases",
                "write a text that begins with `*` in quotes",
            )),
            Event::Scalar(_, _, 1.., _)
            | Event::SequenceStart(_, 1.., _)
            | Event::MappingStart(_, 1.., _) => Err(refused(
                span,
                "a snapshot cannot have anchors",
                "write a text that begins with `&` in quotes",
            )),
            Event::Scalar(_, _, _, Some(_))
            | Event::SequenceStart(_, _, Some(_))
            | Event::MappingStart(_, _, Some(_)) => Err(refused(
                span,
                "a snapshot cannot have tags",
                "write a text that begins with `!` in quotes",
            )),
            Event::Scalar(value, style, ..) => {
                self.close(Yaml::Scalar(Scalar {
                    value: value.into_owned(),
                    style,
                    span,
                }));
                Ok(())
            }
            Event::SequenceStart(style, ..) => self.open(Open::Sequence {
                items: Vec::new(),
                flow: matches!(style, StructureStyle::Flow),
                span,
            }),
            Event::MappingStart(style, ..) => self.open(Open::Mapping {
                entries: Vec::new(),
                key: None,
                flow: matches!(style, StructureStyle::Flow),
                span,
            }),
            Event::SequenceEnd | Event::MappingEnd => {
                self.end(span);
                Ok(())
            }
            Event::DocumentStart(..) if self.root.is_some() => Err(refused(
                span,
                "a second YAML document",
                "a snapshot is one document; remove the line `---`",
            )),
            _ => Ok(()),
        }
    }

    fn open(&mut self, open: Open<F::Collection>) -> Result<(), ParseError> {
        if self.open.len() >= DEEPEST_COLLECTION {
            let (Open::Sequence { span, .. } | Open::Mapping { span, .. }) = open;
            return Err(too_deep(span));
        }
        self.open.push(open);
        Ok(())
    }

    fn end(&mut self, end: Span) {
        let Some(open) = self.open.pop() else { return };
        let last_end = |last: Option<Span>, flow: bool, span: Span| Span {
            // A block collection ends with its last entry.
            end: match last {
                Some(last) if !flow => last.end,
                _ => end.end.max(span.start),
            },
            ..span
        };
        let yaml = match open {
            Open::Sequence { items, flow, span } => {
                let span = last_end(items.last().map(Yaml::span), flow, span);
                Yaml::Sequence(self.fold.sequence(items, flow), span)
            }
            Open::Mapping {
                entries,
                flow,
                span,
                ..
            } => {
                let last = entries.last().map(|(key, value)| {
                    let (key, value) = (key.span(), value.span());
                    if value.end > key.end { value } else { key }
                });
                let span = last_end(last, flow, span);
                Yaml::Mapping(self.fold.mapping(entries, flow), span)
            }
        };
        self.close(yaml);
    }

    fn close(&mut self, yaml: Yaml<F::Collection>) {
        match self.open.last_mut() {
            None => self.root = Some(yaml),
            Some(Open::Sequence { items, .. }) => items.push(yaml),
            Some(Open::Mapping { entries, key, .. }) => match key.take() {
                None => *key = Some(yaml),
                Some(key) => entries.push((key, yaml)),
            },
        }
    }

    fn span(&self, span: &granit_parser::Span) -> Span {
        let range = span.byte_range().unwrap_or_default();
        let range = range.start.min(self.text.len())..range.end.min(self.text.len());
        // The span of a block scalar ends at the next token.
        let inside = self.text.get(range.clone()).unwrap_or_default();
        let end = range.start + inside.trim_end_matches(['\n', '\r', ' ', '\t']).len();
        Span {
            start: self.base.offset + range.start,
            end: self.base.offset + end,
            line: self.base.lines + span.start.line().max(1),
            column: span.start.col() + 1,
        }
    }
}

fn refused(span: Span, message: &str, help: &str) -> ParseError {
    ParseError::new(span, message, Some(help))
}

fn too_deep(span: Span) -> ParseError {
    ParseError::new(
        span,
        format!("nested more than {DEEPEST} levels deep"),
        None,
    )
}

fn scan_error(error: &granit_parser::ScanError, text: &str, base: Base) -> ParseError {
    let marker = error.marker();
    let at = marker.byte_offset().unwrap_or_default().min(text.len());
    let length = text
        .get(at..)
        .and_then(|rest| rest.chars().next())
        .filter(|c| *c != '\n' && *c != '\r')
        .map_or(0, char::len_utf8);
    let span = Span {
        start: base.offset + at,
        end: base.offset + at + length,
        line: base.lines + marker.line().max(1),
        column: marker.col() + 1,
    };
    let help = match error.kind() {
        ErrorKind::RecursionLimitExceeded => return too_deep(span),
        ErrorKind::TabNotAllowed
        | ErrorKind::TabInBlockIndentation
        | ErrorKind::TabInIndentation => Some("indent with spaces, two for each level"),
        ErrorKind::MappingValueNotAllowed
        | ErrorKind::InvalidColonPlacement
        | ErrorKind::InvalidMappingValueWhitespace
        | ErrorKind::InvalidSimpleKey
        | ErrorKind::SimpleKeyExpected => {
            Some("write a text with `: ` inside in double quotes, and a whole key in single quotes")
        }
        ErrorKind::ExpectedBlockSequenceEntry
        | ErrorKind::ExpectedBlockMappingKey
        | ErrorKind::BlockSequenceEntryNotAllowed
        | ErrorKind::InvalidIndentation => {
            Some("begin each entry with `- `, two spaces deeper than the node around it")
        }
        ErrorKind::UnclosedQuotedScalar | ErrorKind::UnexpectedEof => {
            Some("a quote was opened and not closed")
        }
        ErrorKind::DirectiveDisallowed => Some("write a text that begins with `%` in quotes"),
        _ => None,
    };
    ParseError::new(span, format!("not valid YAML: {}", error.info()), help)
}
