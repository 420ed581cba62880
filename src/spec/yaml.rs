//! YAML as a tree in which every value knows its place, so that what is wrong with it can be told
//! where it stands.

use std::ops::Range;

use granit_parser::{Event, Parser, ScalarStyle, Span};

use crate::error::{Located, SourceText};

/// A value with its place in the text.
#[derive(Debug, Clone)]
pub(super) struct Node {
    pub(super) span: Range<usize>,
    pub(super) kind: Kind,
}

#[derive(Debug, Clone)]
pub(super) enum Kind {
    Null,
    Scalar(String),
    List(Vec<Node>),
    Map(Vec<Entry>),
    /// An alias, about which a problem was told already.
    Alias,
}

#[derive(Debug, Clone)]
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
            Kind::Scalar(_) => "a single value",
            Kind::List(_) => "a list",
            Kind::Map(_) => "a mapping",
            Kind::Alias => "an alias",
        }
    }
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
    let options = granit_parser::options! {
        emit_comments: false,
        emit_anchor_events: true,
        emit_unresolved_aliases: true,
    };
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
        while let Some(event) = self.events.next_event() {
            let (event, span) = event.map_err(|error| syntax_error(self.file, &error))?;
            match event {
                Event::Anchor(..) => self.refuse("an anchor (`&name`)", bytes(&span)),
                _ => return Ok(Some((event, span))),
            }
        }
        Ok(None)
    }

    /// The node that starts with this event. Depth is bounded by the parser's nesting limits.
    fn node(&mut self, event: Event<'a>, span: &Span) -> Result<Node, Located> {
        let mut range = bytes(span);
        if event.tag().is_some() {
            let tag = span.tag_span().and_then(|tag| tag.byte_range());
            self.refuse("a tag (`!name`)", tag.unwrap_or_else(|| range.clone()));
        }
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
            Event::Alias(_) | Event::UnresolvedAlias(_) => {
                self.refuse("an alias (`*name`)", range.clone());
                Kind::Alias
            }
            // No other event starts a node.
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
            let Kind::Scalar(text) = key.kind else {
                let title = format!("a key must be text, but this is {}", key.describe());
                let problem = Located::new(title, self.file.place(key.span));
                self.problems.push(problem.with_help("put it in quotes"));
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

    /// `defaults` and plain values say the same as anchors, aliases and tags, and more clearly.
    fn refuse(&mut self, what: &str, span: Range<usize>) {
        let problem = Located::new(format!("{what} is not read here"), self.file.place(span));
        self.problems.push(problem.with_help(
            "write the value out; what all specs share can stand in `defaults` of ariasnap.yml",
        ));
    }
}

fn plain_or_text(text: &str, style: ScalarStyle) -> Kind {
    // <https://yaml.org/spec/1.2.2/#1032-tag-resolution>
    let null = matches!(text, "" | "~" | "null" | "Null" | "NULL");
    if null && style == ScalarStyle::Plain {
        Kind::Null
    } else {
        Kind::Scalar(text.to_owned())
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
    let before = &text[line_start..at];
    let help = match text[at..].chars().next() {
        _ if before.ends_with('\t') && before.trim().is_empty() => {
            "YAML is indented with spaces: replace the tab at the start of the line"
        }
        Some(':') => {
            "close the bracket or quote before it, correct the indentation, or put a value that \
             holds `: ` in quotes"
        }
        Some('@' | '`' | '%') => "a value that starts with this character needs quotes",
        _ => return located,
    };
    located.with_help(help)
}

#[cfg(test)]
mod tests {
    use super::{Kind, Node, documents};
    use crate::error::SourceText;
    use serde::Deserialize;
    use serde_yaml::Value;

    /// All single values as text, since that is how the tree keeps them.
    fn value(node: &Node) -> Value {
        match &node.kind {
            Kind::Null | Kind::Alias => Value::Null,
            Kind::Scalar(text) => Value::String(text.clone()),
            Kind::List(items) => Value::Sequence(items.iter().map(value).collect()),
            Kind::Map(entries) => {
                let entry = |entry: &super::Entry| (entry.key.clone().into(), value(&entry.value));
                Value::Mapping(entries.iter().map(entry).collect())
            }
        }
    }

    #[test]
    fn the_tree_is_that_of_another_reader() {
        for text in [
            "url: /about/\nsnapshots:\n  - page\n  - side: navigation \"Docs\"\n",
            "a: |\n  one\n   two\n\n  three\nb: >-\n  folded\n  text\n",
            "{a: [x, \"y\\n\", 'it''s'], b: {}, c: []}\n",
            "- - x\n  - y\n-\n  k: ~\n  l:\n",
            "one: x\n---\ntwo: y\n---\n- z\n",
            "# comment\nk: v # another\n\n",
            "k: plain\n  goes on\nl: \"quoted\n  goes on\"\n",
        ] {
            let mut problems = Vec::new();
            let file = SourceText::new("x.yml", text);
            let ours = documents(&file, &mut problems)
                .map(|documents| documents.iter().map(value).collect::<Vec<_>>());
            assert_eq!(problems, []);
            let theirs: Vec<Value> = serde_yaml::Deserializer::from_str(text)
                .filter_map(|document| Value::deserialize(document).ok())
                .collect();
            assert_eq!(ours, Ok(theirs), "{text}");
        }
    }
}
