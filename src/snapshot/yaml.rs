//! YAML as a tree with places: what `granit-parser`'s events say, without what snapshots have no use for.

use granit_parser::{ErrorKind, Event, Parser, ScalarStyle, StructureStyle};

use crate::source::{ParseError, Span};

/// Two YAML collections make a level of a snapshot, a sequence and a mapping.
pub(super) const DEEPEST: usize = 1_000;
/// The whole snapshot's nodes stand in collections of their own; keys hold names of up to 900 units,
/// each of up to six characters when escaped.
const LONGEST_KEY: usize = 16_384;

/// Makes something of collections as they close, from the inside out: no input is too deep for the
/// stack.
pub(super) trait Fold {
    type Collection;

    fn sequence(&mut self, items: Vec<Yaml<Self::Collection>>, flow: bool) -> Self::Collection;

    fn mapping(&mut self, entries: Vec<Entry<Self::Collection>>, flow: bool) -> Self::Collection;
}

/// A key with its value.
pub(super) type Entry<C> = (Yaml<C>, Yaml<C>);

/// A scalar, or what was made of a collection.
pub(super) enum Yaml<C> {
    Scalar(Scalar),
    Sequence(C, Span),
    Mapping(C, Span),
}

pub(super) struct Scalar {
    pub(super) value: String,
    pub(super) style: ScalarStyle,
    /// Quotes included.
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

/// Where a text begins in its file.
#[derive(Clone, Copy)]
pub(super) struct Base {
    pub(super) offset: usize,
    /// Lines before it.
    pub(super) lines: usize,
}

/// The one document of the text; `None` where there is none.
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
        block_nesting_limit: 2 * DEEPEST,
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
                "aliases have no meaning in a snapshot",
                "a text that begins with `*` is written in quotes",
            )),
            Event::Scalar(_, _, 1.., _)
            | Event::SequenceStart(_, 1.., _)
            | Event::MappingStart(_, 1.., _) => Err(refused(
                span,
                "anchors have no meaning in a snapshot",
                "a text that begins with `&` is written in quotes",
            )),
            Event::Scalar(_, _, _, Some(_))
            | Event::SequenceStart(_, _, Some(_))
            | Event::MappingStart(_, _, Some(_)) => Err(refused(
                span,
                "tags have no meaning in a snapshot",
                "a text that begins with `!` is written in quotes",
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
                "a snapshot is one document; a line of `---` begins another",
            )),
            _ => Ok(()),
        }
    }

    fn open(&mut self, open: Open<F::Collection>) -> Result<(), ParseError> {
        if self.open.len() >= 2 * DEEPEST {
            let (Open::Sequence { span, .. } | Open::Mapping { span, .. }) = open;
            return Err(too_deep(span));
        }
        self.open.push(open);
        Ok(())
    }

    fn end(&mut self, end: Span) {
        let Some(open) = self.open.pop() else { return };
        let last_end = |last: Option<Span>, flow: bool, span: Span| Span {
            // A block collection has no end of its own: it ends with the last thing inside.
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
        // A block scalar's span runs on to the next token.
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
    ParseError {
        span,
        message: message.to_owned(),
        help: Some(help.to_owned()),
    }
}

fn too_deep(span: Span) -> ParseError {
    ParseError {
        span,
        message: format!("nested more than {DEEPEST} levels deep"),
        help: None,
    }
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
        | ErrorKind::SimpleKeyExpected => Some(
            "a text with `: ` inside is written in double quotes, a whole key in single quotes",
        ),
        ErrorKind::ExpectedBlockSequenceEntry
        | ErrorKind::ExpectedBlockMappingKey
        | ErrorKind::BlockSequenceEntryNotAllowed
        | ErrorKind::InvalidIndentation => {
            Some("each entry begins with `- `, two spaces deeper than the node that it is in")
        }
        ErrorKind::UnclosedQuotedScalar | ErrorKind::UnexpectedEof => {
            Some("a quote was opened and not closed")
        }
        ErrorKind::DirectiveDisallowed => Some("a text that begins with `%` is written in quotes"),
        _ => None,
    };
    ParseError {
        span,
        message: format!("not valid YAML: {}", error.info()),
        help: help.map(str::to_owned),
    }
}
