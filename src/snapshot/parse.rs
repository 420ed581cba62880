//! From the text of a snapshot to a template.

use std::collections::HashSet;
use std::ops::Range;

use granit_parser::ScalarStyle;

use super::template::{
    ChildrenMode, Directive, Item, NodeItem, Place, PropertyTest, Template, TextItem, TextTest,
};
use super::yaml::{self, Base, Fold, Scalar, Yaml};
use super::{markdown, scalar};
use crate::aria::notation;
use crate::aria::pattern::Pattern;
use crate::aria::tree::PropertyName;
use crate::source::{ParseError, Span, nearest};

/// More errors than anybody reads at once.
const MOST_ERRORS: usize = 50;
/// They come from the inside out and are put in order at the end.
const MOST_COLLECTED: usize = 10_000;
/// In bytes. The largest pages have snapshots of a few megabytes.
const LONGEST_TEXT: usize = 32 << 20;

/// Reads the YAML of a snapshot: what [`write`](super::write) writes, and Playwright's templates.
///
/// # Errors
///
/// Every entry that cannot be read, in order, 50 at most; at least one.
pub fn parse(text: &str) -> Result<Template, Vec<ParseError>> {
    parse_part(text, 0..text.len())
}

/// Reads a snapshot file: Markdown where it begins with a heading or a fence, else YAML.
///
/// # Errors
///
/// As those of [`parse`], and Markdown without a snapshot in it.
pub fn read(text: &str) -> Result<Template, Vec<ParseError>> {
    if markdown::looks_like(text) {
        from_markdown(text)
    } else {
        parse(text)
    }
}

/// Reads the `yaml` fence under the heading `Page snapshot`. Places are those of the whole file.
///
/// # Errors
///
/// As those of [`parse`], and Markdown without a snapshot in it.
pub fn from_markdown(text: &str) -> Result<Template, Vec<ParseError>> {
    let range = markdown::find_snapshot(text).map_err(|error| vec![error])?;
    parse_part(text, range)
}

fn parse_part(source: &str, range: Range<usize>) -> Result<Template, Vec<ParseError>> {
    let mut start = range.start;
    let mut text = source.get(range.clone()).unwrap_or_default();
    if let Some(rest) = text.strip_prefix('\u{feff}') {
        start += text.len() - rest.len();
        text = rest;
    }
    let base = Base {
        offset: start,
        lines: source[..start]
            .bytes()
            .filter(|byte| *byte == b'\n')
            .count(),
    };
    let whole = Span::locate(source, start, range.end);
    if text.len() > LONGEST_TEXT {
        return Err(vec![ParseError {
            span: Span {
                end: whole.start,
                ..whole
            },
            message: format!("longer than {} MiB", LONGEST_TEXT >> 20),
            help: Some(
                "snapshots of parts of a page are taken with `root`, or with locators".to_owned(),
            ),
        }]);
    }
    let mut reader = Reader {
        source,
        errors: Vec::new(),
        warnings: Vec::new(),
    };
    let root = yaml::read(text, base, &mut reader).map_err(|error| vec![error])?;
    let top = match root {
        // An empty tree is written as an empty line.
        None => Inside::default(),
        Some(Yaml::Scalar(scalar)) if scalar.span.start == scalar.span.end => Inside::default(),
        Some(Yaml::Sequence(inside, _)) => inside,
        Some(other) => {
            reader.error(
                other.span(),
                "a snapshot is a list",
                Some("begin each entry with `- `, such as `- heading \"Title\"`"),
            );
            Inside::default()
        }
    };
    if let Some(property) = top.properties.first() {
        reader.error(
            property.place.span,
            "a property outside of any node",
            Some("write it inside the node that it belongs to, two spaces deeper"),
        );
    }
    if !reader.errors.is_empty() {
        let mut errors = reader.errors;
        errors.sort_by_key(|error| error.span.start);
        errors.truncate(MOST_ERRORS);
        return Err(errors);
    }
    Ok(Template {
        source: source.to_owned(),
        yaml: whole,
        children: top.children,
        mode: top.mode,
        default_children: None,
        warnings: reader.warnings,
    })
}

/// What a sequence says about the node that it is in.
#[derive(Default)]
struct Inside {
    children: Vec<Item>,
    properties: Vec<PropertyTest>,
    mode: Option<Directive>,
}

struct Reader<'a> {
    source: &'a str,
    errors: Vec<ParseError>,
    warnings: Vec<ParseError>,
}

impl Fold for Reader<'_> {
    type Collection = Inside;

    fn sequence(&mut self, items: Vec<Yaml<Inside>>, flow: bool) -> Inside {
        let mut inside = Inside::default();
        for item in items {
            match item {
                Yaml::Scalar(key) if is_text(&key) => {
                    let place = Place {
                        span: key.span,
                        own_lines: !flow,
                    };
                    if let Some(node) = self.key(&key, place) {
                        inside.children.push(Item::Node(Box::new(node)));
                    }
                }
                Yaml::Mapping(mut entry, _) => {
                    inside.children.append(&mut entry.children);
                    inside.properties.append(&mut entry.properties);
                    inside.mode = entry.mode.or(inside.mode);
                }
                other => {
                    let help = match &other {
                        Yaml::Scalar(scalar) if scalar.value.is_empty() => {
                            "write a node behind the `-`"
                        }
                        Yaml::Scalar(_) => {
                            "a text is written `- text: ...`, with quotes around a number"
                        }
                        _ => "write `- role \"name\":`, and what is inside two spaces deeper",
                    };
                    self.error(other.span(), "an entry is a node or a text", Some(help));
                }
            }
        }
        inside
    }

    fn mapping(&mut self, entries: Vec<(Yaml<Inside>, Yaml<Inside>)>, flow: bool) -> Inside {
        let own_lines = !flow && entries.len() == 1;
        let mut inside = Inside::default();
        let mut seen = HashSet::new();
        for (key, value) in entries {
            let Yaml::Scalar(key) = key else {
                self.error(key.span(), "a key is `role \"name\" [state]`", None);
                continue;
            };
            if !seen.insert(key.value.clone()) {
                let help = Some("begin the second with `- `");
                self.error(key.span, "the same key twice in one entry", help);
                continue;
            }
            let end = value.span().end.max(key.span.end);
            let place = Place {
                span: Span { end, ..key.span },
                own_lines,
            };
            self.entry(&key, value, place, &mut inside);
        }
        inside
    }
}

impl Reader<'_> {
    fn error(&mut self, span: Span, message: impl Into<String>, help: Option<&str>) {
        if self.errors.len() < MOST_COLLECTED {
            self.errors.push(ParseError {
                span,
                message: message.into(),
                help: help.map(str::to_owned),
            });
        }
    }

    fn entry(&mut self, key: &Scalar, value: Yaml<Inside>, place: Place, inside: &mut Inside) {
        match key.value.as_str() {
            "text" => {
                if let Some(test) = self.text(key, value) {
                    inside.children.push(Item::Text(TextItem { test, place }));
                }
            }
            "/children" => self.directive(&value, place, inside),
            name if name.starts_with('/') => {
                let Some(property) = PropertyName::from_text(&name[1..]) else {
                    let mut known: Vec<&str> =
                        PropertyName::ALL.iter().map(|one| one.as_str()).collect();
                    known.push("children");
                    let help = match nearest(&name[1..], &known) {
                        Some(known) => format!("did you mean `/{known}`?"),
                        None => "the properties are `/url` and `/placeholder`, and more with \
                                 `attributes: all`"
                            .to_owned(),
                    };
                    self.error(
                        key.span,
                        format!("there is no property `{name}`"),
                        Some(&help),
                    );
                    return;
                };
                if let Some(test) = self.text(key, value) {
                    inside.properties.push(PropertyTest {
                        name: property,
                        test,
                        place,
                    });
                }
            }
            _ => {
                if let Some(mut node) = self.key(key, place) {
                    self.content(&mut node, value);
                    inside.children.push(Item::Node(Box::new(node)));
                }
            }
        }
    }

    /// What stands behind the key of a node.
    fn content(&mut self, node: &mut NodeItem, value: Yaml<Inside>) {
        match value {
            Yaml::Sequence(inside, _) => {
                node.children = inside.children;
                node.properties = inside.properties;
                node.mode = inside.mode;
            }
            Yaml::Scalar(text) => {
                let Some(value) = scalar::as_text(&text) else {
                    self.error(
                        node.key,
                        "nothing stands behind the colon",
                        Some("leave the colon out, or write what is inside on the next lines, two spaces deeper"),
                    );
                    return;
                };
                node.inline = Some(text.span);
                if let Some(test) = self.text_test(value, text.span) {
                    node.children = vec![Item::Text(TextItem {
                        test,
                        place: Place {
                            span: text.span,
                            own_lines: false,
                        },
                    })];
                }
            }
            Yaml::Mapping(_, span) => self.error(
                span,
                "what is inside a node is a list",
                Some("begin each entry with `- `"),
            ),
        }
    }

    fn directive(&mut self, value: &Yaml<Inside>, place: Place, inside: &mut Inside) {
        let mode = match value {
            Yaml::Scalar(scalar) => match scalar.value.as_str() {
                "contain" => Some(ChildrenMode::Contain),
                "equal" => Some(ChildrenMode::Equal),
                "deep-equal" => Some(ChildrenMode::DeepEqual),
                _ => None,
            },
            _ => None,
        };
        match mode {
            Some(mode) => inside.mode = Some(Directive { mode, place }),
            None => self.error(
                value.span(),
                "`/children` is `contain`, `equal` or `deep-equal`",
                None,
            ),
        }
    }

    /// The value of a text or a property.
    fn text(&mut self, key: &Scalar, value: Yaml<Inside>) -> Option<TextTest> {
        let Yaml::Scalar(scalar) = value else {
            self.error(
                value.span(),
                format!("the value of `{}` is a text", key.value),
                Some("a text that begins with `[` or `{` is written in double quotes"),
            );
            return None;
        };
        if !is_text(&scalar) {
            let span = if scalar.span.start == scalar.span.end {
                key.span
            } else {
                scalar.span
            };
            self.error(
                span,
                format!("the value of `{}` is a text", key.value),
                Some("put it in double quotes"),
            );
            return None;
        }
        self.text_test(scalar.value, scalar.span)
    }

    /// As in Playwright, what looks like a regular expression and is none stands for itself: pages
    /// do have texts such as `/a(/`, and one that no program can compile may be such a text too.
    fn text_test(&mut self, value: String, span: Span) -> Option<TextTest> {
        let mut test = TextTest::literal(value, span);
        let pattern = test.pattern_source().map(Pattern::new).transpose();
        match pattern {
            Ok(pattern) => test.pattern = pattern,
            Err(error) => self.warnings.push(ParseError {
                span,
                message: format!("not a {error}"),
                help: Some("it is compared as it is written".to_owned()),
            }),
        }
        Some(test)
    }

    fn key(&mut self, key: &Scalar, place: Place) -> Option<NodeItem> {
        match notation::parse(&key.value) {
            Ok(test) => Some(NodeItem {
                test,
                properties: Vec::new(),
                mode: None,
                children: Vec::new(),
                key: key.span,
                inline: None,
                place,
            }),
            Err(error) => {
                let span = self.inside_key(key, &error.at);
                self.error(span, error.message, error.help.as_deref());
                None
            }
        }
    }

    /// The place of a part of a key in the file: quotes make the key longer there.
    fn inside_key(&self, key: &Scalar, part: &Range<usize>) -> Span {
        let written = key.span.slice(self.source);
        let quoted = match key.style {
            ScalarStyle::Plain => false,
            ScalarStyle::SingleQuoted => true,
            _ => return key.span,
        };
        if written.contains('\n') {
            return key.span;
        }
        let offset = |end: usize| {
            let before = key.value.get(..end).unwrap_or(&key.value);
            let doubled = before
                .bytes()
                .filter(|byte| quoted && *byte == b'\'')
                .count();
            (before.len() + doubled + usize::from(quoted)).min(written.len())
        };
        let (start, end) = (offset(part.start), offset(part.end));
        let column = written
            .get(..start)
            .map_or(0, |before| before.chars().count());
        Span {
            start: key.span.start + start,
            end: key.span.start + end.max(start),
            line: key.span.line,
            column: key.span.column + column,
        }
    }
}

/// Whether YAML's core schema takes the scalar for a text, not a number, truth value or nothing.
fn is_text(scalar: &Scalar) -> bool {
    scalar.style != ScalarStyle::Plain || scalar::kind(&scalar.value) == scalar::Kind::Text
}
