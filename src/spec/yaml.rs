//! YAML as a tree in which every value knows its place. What the tree holds becomes typed values
//! through `serde_yaml`; what is wrong with it is told at the place where it stands.

use std::ops::Range;

use granit_parser::{Event, Parser, ScalarStyle, Span};
use serde_yaml::Value;

use crate::error::{Located, SourceText};

/// A value with its place in the text.
#[derive(Debug)]
pub(super) struct Node {
    pub(super) span: Range<usize>,
    pub(super) kind: Kind,
}

#[derive(Debug)]
pub(super) enum Kind {
    Null,
    Scalar { text: String, plain: bool },
    List(Vec<Node>),
    Map(Vec<Entry>),
}

#[derive(Debug)]
pub(super) struct Entry {
    pub(super) key: String,
    pub(super) key_span: Range<usize>,
    pub(super) value: Node,
}

impl Node {
    /// What the value is, for messages.
    pub(super) fn describe(&self) -> &'static str {
        match &self.kind {
            Kind::Null => "nothing",
            Kind::Scalar { .. } => "a single value",
            Kind::List(_) => "a list",
            Kind::Map(_) => "a mapping",
        }
    }

    /// The same as a value of `serde_yaml`, for deserializing.
    pub(super) fn to_value(&self) -> Value {
        match &self.kind {
            Kind::Null => Value::Null,
            Kind::Scalar { text, plain } => scalar(text, *plain),
            Kind::List(items) => Value::Sequence(items.iter().map(Node::to_value).collect()),
            Kind::Map(entries) => Value::Mapping(
                entries
                    .iter()
                    .map(|entry| (Value::String(entry.key.clone()), entry.value.to_value()))
                    .collect(),
            ),
        }
    }
}

/// A plain scalar is a number or a boolean where the core schema says so
/// (<https://yaml.org/spec/1.2.2/#103-core-schema>); all others are strings.
fn scalar(text: &str, plain: bool) -> Value {
    if plain
        && let Ok(value @ (Value::Null | Value::Bool(_) | Value::Number(_))) =
            serde_yaml::from_str(text)
    {
        return value;
    }
    Value::String(text.to_owned())
}

/// The documents of a text. Everything wrong that does not end the reading is added to `problems`:
/// duplicate keys, keys that are not plain text, anchors, aliases and tags.
///
/// # Errors
/// The place from which the text is not YAML.
pub(super) fn documents(
    file: &SourceText,
    problems: &mut Vec<Located>,
) -> Result<Vec<Node>, Located> {
    let options = granit_parser::options! { emit_comments: false };
    let mut builder = Builder {
        file,
        events: Parser::new_from_str_with_options(&file.text, options),
        problems,
    };
    let mut documents = Vec::new();
    while let Some((event, _)) = builder.next()? {
        match event {
            Event::DocumentStart(..) => {
                if let Some((event, span)) = builder.next()? {
                    documents.push(builder.node(event, &span)?);
                }
            }
            Event::StreamEnd => break,
            _ => {}
        }
    }
    Ok(documents)
}

struct Builder<'a> {
    file: &'a SourceText,
    events: Parser<'a, granit_parser::StrInput<'a>>,
    problems: &'a mut Vec<Located>,
}

impl<'a> Builder<'a> {
    fn next(&mut self) -> Result<Option<(Event<'a>, Span)>, Located> {
        self.events
            .next_event()
            .transpose()
            .map_err(|error| syntax_error(self.file, &error))
    }

    /// The node that starts with this event. Depth is bounded by the parser's nesting limits.
    fn node(&mut self, event: Event<'a>, span: &Span) -> Result<Node, Located> {
        let mut range = bytes(span);
        self.refuse_decoration(&event, span);
        let kind = match event {
            Event::Scalar(text, style, ..) => plain_or_text(&text, style),
            Event::SequenceStart(..) => {
                let mut items = Vec::new();
                loop {
                    match self.next()? {
                        Some((Event::SequenceEnd, end)) => {
                            range.end = bytes(&end).end;
                            break;
                        }
                        Some((event, span)) => items.push(self.node(event, &span)?),
                        None => break,
                    }
                }
                Kind::List(items)
            }
            Event::MappingStart(..) => Kind::Map(self.entries(&mut range)?),
            _ => Kind::Null,
        };
        Ok(Node { span: range, kind })
    }

    fn entries(&mut self, range: &mut Range<usize>) -> Result<Vec<Entry>, Located> {
        let mut entries: Vec<Entry> = Vec::new();
        loop {
            let key = match self.next()? {
                Some((Event::MappingEnd, end)) => {
                    range.end = bytes(&end).end;
                    return Ok(entries);
                }
                Some((event, span)) => self.node(event, &span)?,
                None => return Ok(entries),
            };
            let Some((event, span)) = self.next()? else {
                return Ok(entries);
            };
            let mut value = self.node(event, &span)?;
            if matches!(value.kind, Kind::Null) && value.span.is_empty() {
                // Nothing was written: the key is what can be pointed at.
                value.span = key.span.clone();
            }
            let Kind::Scalar { text, .. } = key.kind else {
                let title = format!("a key must be text, but this is {}", key.describe());
                self.problems
                    .push(Located::new(title, self.file.place(key.span)));
                continue;
            };
            if let Some(first) = entries.iter().find(|entry| entry.key == text) {
                let problem = Located::new(
                    format!("the key `{text}` stands here twice"),
                    self.file.place(key.span),
                )
                .with_related(self.file.place(first.key_span.clone()), "first here")
                .with_help("remove one of the two");
                self.problems.push(problem);
                continue;
            }
            entries.push(Entry {
                key: text,
                key_span: key.span,
                value,
            });
        }
    }

    /// Anchors, aliases and tags: `defaults` and plain values say the same more clearly.
    fn refuse_decoration(&mut self, event: &Event<'a>, span: &Span) {
        let (what, range) = if event.is_alias() {
            ("an alias (`*name`)", bytes(span))
        } else if event.anchor_id().is_some_and(|id| id != 0) {
            ("an anchor (`&name`)", bytes(span))
        } else if event.tag().is_some() {
            let tag = span.tag_span().and_then(|tag| tag.byte_range());
            ("a tag (`!name`)", tag.unwrap_or_else(|| bytes(span)))
        } else {
            return;
        };
        self.problems.push(
            Located::new(format!("{what} is not read here"), self.file.place(range)).with_help(
                "write the value out; what all specs share can stand in `defaults` of ariasnap.yml",
            ),
        );
    }
}

fn plain_or_text(text: &str, style: ScalarStyle) -> Kind {
    let plain = style == ScalarStyle::Plain;
    if plain && matches!(text, "" | "~" | "null" | "Null" | "NULL") {
        return Kind::Null;
    }
    Kind::Scalar {
        text: text.to_owned(),
        plain,
    }
}

fn bytes(span: &Span) -> Range<usize> {
    span.byte_range().unwrap_or_default()
}

fn syntax_error(file: &SourceText, error: &granit_parser::ScanError) -> Located {
    let text = &file.text;
    let marked = error.marker().byte_offset().unwrap_or_default();
    let at = file.boundary(marked);
    let end = at + text[at..].chars().next().map_or(0, char::len_utf8);
    let located = Located::new(
        format!("this is not YAML: {}", error.info()),
        file.place(at..end),
    );
    let line_start = text[..at].rfind('\n').map_or(0, |newline| newline + 1);
    let line = text[line_start..].lines().next().unwrap_or_default();
    let indentation = &line[..line.len() - line.trim_start().len()];
    if indentation.contains('\t') {
        located.with_help("YAML is indented with spaces: replace the tab at the start of the line")
    } else {
        located
            .with_help("a value with `: `, ` #` or a special character at its start needs quotes")
    }
}
