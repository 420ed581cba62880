//! YAML with the place of every value, for specs, configuration and snapshots.

use granit_parser::{ErrorKind, Event, Parser, ScalarStyle, StructureStyle};

use crate::source::{Diagnostic, SourceText, Span};

/// What a kind of file allows.
pub(crate) struct Dialect {
    /// The greatest number of collections inside each other.
    pub(crate) deepest: usize,
    /// The same in levels of the file, for messages.
    pub(crate) levels: usize,
    /// The greatest number of characters of a key without `? `.
    pub(crate) longest_key: usize,
    /// Whether a file may have several documents.
    pub(crate) many_documents: bool,
    /// What to do in place of anchors, aliases and tags.
    pub(crate) advice: &'static str,
}

/// Makes something of collections as they close, from the inside out: no input is too deep for the
/// stack.
pub(crate) trait Fold {
    type Collection;

    fn sequence(
        &mut self,
        items: Vec<Yaml<Self::Collection>>,
        span: Span,
        flow: bool,
    ) -> Self::Collection;

    fn mapping(
        &mut self,
        entries: Vec<Entry<Self::Collection>>,
        span: Span,
        flow: bool,
    ) -> Self::Collection;

    /// Takes what is wrong and does not end the reading: anchors, aliases and tags.
    fn refuse(&mut self, problem: Diagnostic);
}

/// A key with its value.
pub(crate) type Entry<C> = (Yaml<C>, Yaml<C>);

/// A scalar, or what was made of a collection.
pub(crate) enum Yaml<C> {
    Scalar(Scalar),
    Sequence(C, Span),
    Mapping(C, Span),
    /// An alias, which was refused.
    Refused(Span),
}

pub(crate) struct Scalar {
    pub(crate) value: String,
    pub(crate) style: ScalarStyle,
    /// Quotes included.
    pub(crate) span: Span,
}

impl<C> Yaml<C> {
    pub(crate) fn span(&self) -> Span {
        match self {
            Yaml::Scalar(scalar) => scalar.span,
            Yaml::Sequence(_, span) | Yaml::Mapping(_, span) | Yaml::Refused(span) => *span,
        }
    }
}

/// Reads the documents of a part of a file.
///
/// # Errors
/// The place from which the text is not YAML.
pub(crate) fn read<F: Fold>(
    file: &SourceText,
    part: Span,
    dialect: &Dialect,
    fold: &mut F,
) -> Result<Vec<Yaml<F::Collection>>, Diagnostic> {
    let options = granit_parser::options! {
        emit_comments: false,
        emit_anchor_events: true,
        disallow_directives: !dialect.many_documents,
        emit_unresolved_aliases: true,
        simple_key_max_lookahead: dialect.longest_key,
        block_nesting_limit: dialect.deepest,
        flow_nesting_limit: dialect.levels,
    };
    let text = part.slice(&file.text);
    let mut builder = Builder {
        file,
        part,
        dialect,
        fold,
        open: Vec::new(),
        roots: Vec::new(),
    };
    for event in Parser::new_from_str_with_options(text, options) {
        let (event, span) = event.map_err(|error| builder.syntax_error(&error))?;
        builder.event(event, &span)?;
    }
    Ok(builder.roots)
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
    file: &'a SourceText,
    part: Span,
    dialect: &'a Dialect,
    fold: &'a mut F,
    open: Vec<Open<F::Collection>>,
    roots: Vec<Yaml<F::Collection>>,
}

impl<F: Fold> Builder<'_, F> {
    fn event(&mut self, event: Event<'_>, at: &granit_parser::Span) -> Result<(), Diagnostic> {
        let span = self.span(at);
        if event.tag().is_some() {
            let tag = at.tag_span().map_or(span, |tag| self.span(&tag));
            self.refuse(tag, "tags", '!');
        }
        match event {
            Event::Anchor(..) => self.refuse(span, "anchors", '&'),
            Event::Alias(_) | Event::UnresolvedAlias(_) => {
                self.refuse(span, "aliases", '*');
                self.close(Yaml::Refused(span));
            }
            Event::Scalar(value, style, ..) => self.close(Yaml::Scalar(Scalar {
                value: value.into_owned(),
                style,
                span,
            })),
            Event::SequenceStart(style, ..) => self.open(Open::Sequence {
                items: Vec::new(),
                flow: matches!(style, StructureStyle::Flow),
                span,
            })?,
            Event::MappingStart(style, ..) => self.open(Open::Mapping {
                entries: Vec::new(),
                key: None,
                flow: matches!(style, StructureStyle::Flow),
                span,
            })?,
            Event::SequenceEnd | Event::MappingEnd => self.end(span),
            Event::DocumentStart(..) if !(self.roots.is_empty() || self.dialect.many_documents) => {
                return Err(self
                    .problem(span, "a second YAML document")
                    .with_help("this file is one document: remove the line of `---`"));
            }
            _ => {}
        }
        Ok(())
    }

    fn problem(&self, span: Span, message: impl Into<String>) -> Diagnostic {
        Diagnostic::new(message, self.file.place(span))
    }

    fn refuse(&mut self, span: Span, what: &str, sign: char) {
        let help = format!(
            "a text that begins with `{sign}` needs quotes{}",
            self.dialect.advice
        );
        let problem = self.problem(span, format!("{what} are not supported here"));
        self.fold.refuse(problem.with_help(help));
    }

    fn open(&mut self, open: Open<F::Collection>) -> Result<(), Diagnostic> {
        if self.open.len() >= self.dialect.deepest {
            let (Open::Sequence { span, .. } | Open::Mapping { span, .. }) = open;
            return Err(self.too_deep(span));
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
                Yaml::Sequence(self.fold.sequence(items, span, flow), span)
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
                Yaml::Mapping(self.fold.mapping(entries, span, flow), span)
            }
        };
        self.close(yaml);
    }

    fn close(&mut self, yaml: Yaml<F::Collection>) {
        match self.open.last_mut() {
            None => self.roots.push(yaml),
            Some(Open::Sequence { items, .. }) => items.push(yaml),
            Some(Open::Mapping { entries, key, .. }) => match key.take() {
                None => *key = Some(yaml),
                Some(key) => entries.push((key, yaml)),
            },
        }
    }

    /// The place in the whole file.
    fn span(&self, span: &granit_parser::Span) -> Span {
        let text = self.part.slice(&self.file.text);
        let range = span.byte_range().unwrap_or_default();
        let range = range.start.min(text.len())..range.end.min(text.len());
        // A block scalar's span runs on to the next token.
        let inside = text.get(range.clone()).unwrap_or_default();
        let end = range.start + inside.trim_end_matches(['\n', '\r', ' ', '\t']).len();
        Span {
            start: self.part.start + range.start,
            end: self.part.start + end,
            line: self.part.line - 1 + span.start.line().max(1),
            column: span.start.col() + 1,
        }
    }

    fn too_deep(&self, span: Span) -> Diagnostic {
        let levels = self.dialect.levels;
        self.problem(span, format!("nested more than {levels} levels deep"))
    }

    fn syntax_error(&self, error: &granit_parser::ScanError) -> Diagnostic {
        let text = self.part.slice(&self.file.text);
        let marker = error.marker();
        let at = marker.byte_offset().unwrap_or_default().min(text.len());
        let rest = text.get(at..).unwrap_or_default();
        let first = rest.chars().next().filter(|c| !matches!(c, '\n' | '\r'));
        let span = Span {
            start: self.part.start + at,
            end: self.part.start + at + first.map_or(0, char::len_utf8),
            line: self.part.line - 1 + marker.line().max(1),
            column: marker.col() + 1,
        };
        if *error.kind() == ErrorKind::RecursionLimitExceeded {
            return self.too_deep(span);
        }
        let problem = self.problem(span, format!("not valid YAML: {}", error.info()));
        match help(error.kind(), first) {
            Some(help) => problem.with_help(help),
            None => problem,
        }
    }
}

fn help(kind: &ErrorKind, first: Option<char>) -> Option<&'static str> {
    Some(match kind {
        ErrorKind::TabNotAllowed
        | ErrorKind::TabInBlockIndentation
        | ErrorKind::TabInIndentation => "indent with spaces, two for each level",
        ErrorKind::MappingValueNotAllowed
        | ErrorKind::InvalidColonPlacement
        | ErrorKind::InvalidMappingValueWhitespace
        | ErrorKind::InvalidSimpleKey
        | ErrorKind::SimpleKeyExpected => {
            "put a text that holds `: ` in single quotes; or close the bracket or quote before it, or \
             correct the indentation"
        }
        ErrorKind::ExpectedBlockSequenceEntry
        | ErrorKind::ExpectedBlockMappingKey
        | ErrorKind::BlockSequenceEntryNotAllowed
        | ErrorKind::InvalidIndentation => {
            "entries of a list begin with `- `, keys of a mapping are written below each other"
        }
        ErrorKind::UnclosedQuotedScalar | ErrorKind::UnexpectedEof => {
            "a quote was opened and not closed"
        }
        ErrorKind::UnknownQuotedScalarEscape => {
            "put a text with backslashes in single quotes, where they need no doubling"
        }
        ErrorKind::DirectiveDisallowed => "a text that begins with `%` needs quotes",
        _ if matches!(first, Some('@' | '`' | '%')) => {
            "a text that begins with this character needs quotes"
        }
        _ => return None,
    })
}
