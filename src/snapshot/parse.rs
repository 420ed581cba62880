//! Reading the text of a snapshot as a template.

use std::collections::HashSet;
use std::ops::Range;

use granit_parser::ScalarStyle;

use super::template::{
    ChildrenMode, Directive, Item, NodeItem, Place, PropertyTest, Template, TextItem, TextTest,
};
use super::{markdown, scalar};
use crate::aria::notation;
use crate::aria::pattern::Pattern;
use crate::aria::tree::{DEEPEST, PropertyName};
use crate::source::{Diagnostic, SourceText, Span, nearest};
use crate::yaml::{self, Dialect, Fold, Scalar, Yaml};

/// How many errors to report.
const MOST_ERRORS: usize = 50;
/// How many errors to collect: they come from the innermost level first and are sorted at the end.
const MOST_COLLECTED: usize = 10_000;
/// In bytes. The snapshots of the largest pages have a few megabytes.
const LONGEST_TEXT: usize = 32 << 20;

/// Reads the YAML of a snapshot, from [`write`](super::write) or as Playwright's template.
///
/// # Errors
///
/// The first 50 mistakes, at least one.
pub fn parse(text: impl Into<SourceText>) -> Result<Template, Vec<Diagnostic>> {
    let file = text.into();
    let whole = 0..file.text.len();
    parse_part(&file, whole)
}

/// Reads a snapshot file: Markdown if it starts with a heading or a fence, otherwise YAML.
///
/// # Errors
///
/// As for [`parse`], and Markdown without a snapshot.
pub fn read(text: impl Into<SourceText>) -> Result<Template, Vec<Diagnostic>> {
    let file = text.into();
    if markdown::looks_like(&file.text) {
        from_markdown(&file)
    } else {
        parse(&file)
    }
}

/// Reads the `yaml` fence under the heading `Page snapshot`. Spans are those of the whole file.
///
/// # Errors
///
/// As for [`parse`], and Markdown without a snapshot.
fn from_markdown(file: &SourceText) -> Result<Template, Vec<Diagnostic>> {
    let range = markdown::find_snapshot(file).map_err(|error| vec![error])?;
    parse_part(file, range)
}

const DIALECT: Dialect = Dialect {
    // Each level is a sequence and a mapping, and a node has a few more for its properties.
    deepest: 2 * DEEPEST + 4,
    levels: DEEPEST,
    // Keys hold names of up to 900 units, each of up to six characters when escaped.
    longest_key: 16_384,
    many_documents: false,
    advice: "",
};

fn parse_part(file: &SourceText, range: Range<usize>) -> Result<Template, Vec<Diagnostic>> {
    let source = &*file.text;
    let mut start = range.start;
    let text = source.get(range.clone()).unwrap_or_default();
    if text.starts_with('\u{feff}') {
        start += '\u{feff}'.len_utf8();
    }
    let whole = Span::locate(source, start, range.end);
    if text.len() > LONGEST_TEXT {
        let place = file.part(start..start);
        let message = format!("longer than {} MiB", LONGEST_TEXT >> 20);
        let help = "take snapshots of parts of the page with `root` or with locators";
        return Err(vec![Diagnostic::new(message, place).with_help(help)]);
    }
    let mut reader = Reader {
        file,
        errors: Vec::new(),
        warnings: Vec::new(),
    };
    let roots = yaml::read(file, whole, &DIALECT, &mut reader).map_err(|error| vec![error])?;
    let top = reader.top(roots.into_iter().next());
    if !reader.errors.is_empty() {
        let mut errors = reader.errors;
        errors.sort_by_key(|error| error.place.span.start);
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

/// The content of a node.
#[derive(Default)]
struct Inside {
    children: Vec<Item>,
    properties: Vec<PropertyTest>,
    mode: Option<Directive>,
}

struct Reader<'a> {
    file: &'a SourceText,
    errors: Vec<Diagnostic>,
    warnings: Vec<Diagnostic>,
}

impl Fold for Reader<'_> {
    type Collection = Inside;

    fn sequence(&mut self, items: Vec<Yaml<Inside>>, _: Span, flow: bool) -> Inside {
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
                // It is among the errors already.
                Yaml::Refused(_) => {}
                other => {
                    let help = match &other {
                        Yaml::Scalar(scalar) if scalar.value.is_empty() => {
                            "write a node after the `-`"
                        }
                        Yaml::Scalar(_) => {
                            "write a text as `- text: ...`, with quotes around a number"
                        }
                        _ => "write `- role \"name\":`, and the content two spaces deeper",
                    };
                    self.error(other.span(), "an entry is a node or a text", Some(help));
                }
            }
        }
        inside
    }

    fn mapping(
        &mut self,
        entries: Vec<(Yaml<Inside>, Yaml<Inside>)>,
        _: Span,
        flow: bool,
    ) -> Inside {
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

    fn refuse(&mut self, problem: Diagnostic) {
        self.errors.push(problem);
    }
}

impl Reader<'_> {
    fn top(&mut self, root: Option<Yaml<Inside>>) -> Inside {
        let top = match root {
            Some(Yaml::Sequence(inside, _)) => inside,
            // The text of an empty tree is an empty line.
            None | Some(Yaml::Refused(_)) => Inside::default(),
            Some(Yaml::Scalar(scalar)) if scalar.span.start == scalar.span.end => Inside::default(),
            Some(other) => {
                let help = Some("begin each entry with `- `, such as `- heading \"Title\"`");
                self.error(other.span(), "a snapshot is a list", help);
                Inside::default()
            }
        };
        if let Some(property) = top.properties.first() {
            let help = Some("write it inside the node that it belongs to, two spaces deeper");
            self.error(property.place.span, "a property outside of any node", help);
        }
        top
    }

    fn error(&mut self, span: Span, message: impl Into<String>, help: Option<&str>) {
        if self.errors.len() < MOST_COLLECTED {
            self.errors.push(Diagnostic {
                help: help.map(str::to_owned),
                ..Diagnostic::new(message, self.file.place(span))
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
                if let Some(name) = self.property_name(key, &name[1..])
                    && let Some(test) = self.text(key, value)
                {
                    if inside.properties.iter().any(|other| other.name == name) {
                        let message = format!("`{}` is written twice", key.value);
                        self.error(key.span, message, Some("delete one of them"));
                    }
                    inside.properties.push(PropertyTest { name, test, place });
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

    fn property_name(&mut self, key: &Scalar, name: &str) -> Option<PropertyName> {
        let found = PropertyName::from_text(name);
        if found.is_none() {
            let names = PropertyName::ALL.iter().map(|one| one.as_str());
            let known: Vec<&str> = names.chain(["children"]).collect();
            let help = match nearest(name, &known) {
                Some(known) => format!("did you mean `/{known}`?"),
                None => {
                    "the properties are `/url` and `/placeholder`, and more with `attributes: all`"
                        .to_owned()
                }
            };
            self.error(
                key.span,
                format!("there is no property `/{name}`"),
                Some(&help),
            );
        }
        found
    }

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
                        "nothing follows the colon",
                        Some("remove the colon, or write the content on the next lines, two spaces deeper"),
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
            Yaml::Refused(_) => {}
            Yaml::Mapping(_, span) => self.error(
                span,
                "the content of a node is a list",
                Some("begin each entry with `- `"),
            ),
        }
    }

    fn directive(&mut self, value: &Yaml<Inside>, place: Place, inside: &mut Inside) {
        let text = match value {
            Yaml::Scalar(scalar) => scalar.value.as_str(),
            _ => "",
        };
        let mode = match text {
            "contain" => ChildrenMode::Contain,
            "equal" => ChildrenMode::Equal,
            "deep-equal" => ChildrenMode::DeepEqual,
            _ => {
                let message = "`/children` must be `contain`, `equal` or `deep-equal`";
                return self.error(value.span(), message, None);
            }
        };
        inside.mode = Some(Directive { mode, place });
    }

    /// Reads the value of a text or a property.
    fn text(&mut self, key: &Scalar, value: Yaml<Inside>) -> Option<TextTest> {
        let (span, help) = match value {
            Yaml::Scalar(scalar) if is_text(&scalar) => {
                return self.text_test(scalar.value, scalar.span);
            }
            Yaml::Scalar(scalar) if scalar.span.start == scalar.span.end => {
                (key.span, "put it in double quotes")
            }
            Yaml::Scalar(scalar) => (scalar.span, "put it in double quotes"),
            other => (
                other.span(),
                "write a text that begins with `[` or `{` in double quotes",
            ),
        };
        let message = format!("the value of `{}` must be a text", key.value);
        self.error(span, message, Some(help));
        None
    }

    /// As in Playwright, an invalid regular expression is a literal text, because pages have texts such as
    /// `/a(/`.
    fn text_test(&mut self, value: String, span: Span) -> Option<TextTest> {
        let mut test = TextTest::literal(value, span);
        let pattern = test.pattern_source().map(Pattern::new).transpose();
        match pattern {
            Ok(pattern) => test.pattern = pattern,
            Err(error) => self.warnings.push(
                Diagnostic::new(format!("not a {error}"), self.file.place(span))
                    .with_help("it is compared as a literal text"),
            ),
        }
        if test.pattern.is_none()
            && let Some(warning) = super::suspect::value(self.file, &test)
        {
            self.warnings.push(warning);
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
                let help = super::suspect::key(&self.file.text, key.span).or(error.help);
                self.error(span, error.message, help.as_deref());
                None
            }
        }
    }

    /// Finds a part of a key in the file, where quotes make the key longer.
    fn inside_key(&self, key: &Scalar, part: &Range<usize>) -> Span {
        let written = key.span.slice(&self.file.text);
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

/// Whether YAML's core schema reads the scalar as a text.
fn is_text(scalar: &Scalar) -> bool {
    scalar.style != ScalarStyle::Plain || scalar::kind(&scalar.value) == scalar::Kind::Text
}
