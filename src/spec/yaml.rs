//! The YAML of configuration and specs as a tree.

use granit_parser::ScalarStyle;

use crate::source::{Diagnostic, SourceText, Span};
use crate::yaml::{self, Dialect, Fold, Yaml};

/// A value with its place in the text.
#[derive(Debug, Clone)]
pub(super) struct Node {
    pub(super) span: Span,
    pub(super) kind: Kind,
}

#[derive(Debug, Clone)]
pub(super) enum Kind {
    Null,
    Scalar(String),
    List(Vec<Node>),
    Map(Vec<Entry>),
    /// An alias, which is among the problems already.
    Alias,
}

#[derive(Debug, Clone)]
pub(super) struct Entry {
    pub(super) key: String,
    pub(super) key_span: Span,
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

    /// The items of a list, or a single value as the only one.
    pub(super) fn items(&self) -> &[Node] {
        match &self.kind {
            Kind::List(items) => items,
            _ => std::slice::from_ref(self),
        }
    }
}

const DIALECT: Dialect = Dialect {
    deepest: 250,
    levels: 250,
    longest_key: 1_024,
    many_documents: true,
    advice: "; values that specs share go into `defaults` of ariasnap.yml",
};

/// Reads the documents of a text. Everything wrong that does not end the reading is added to
/// `problems`: duplicate keys, keys that are not plain text, anchors, aliases and tags.
///
/// # Errors
/// The place from which the text is not YAML.
pub(super) fn documents(
    file: &SourceText,
    problems: &mut Vec<Diagnostic>,
) -> Result<Vec<Node>, Diagnostic> {
    let whole = Span::locate(&file.text, 0, file.text.len());
    let mut tree = Tree { file, problems };
    let roots = yaml::read(file, whole, &DIALECT, &mut tree)?;
    Ok(roots.into_iter().map(node).collect())
}

struct Tree<'a> {
    file: &'a SourceText,
    problems: &'a mut Vec<Diagnostic>,
}

impl Fold for Tree<'_> {
    type Collection = Kind;

    fn sequence(&mut self, items: Vec<Yaml<Kind>>, _: Span, _: bool) -> Kind {
        Kind::List(items.into_iter().map(node).collect())
    }

    fn mapping(&mut self, written: Vec<yaml::Entry<Kind>>, _: Span, _: bool) -> Kind {
        let mut entries: Vec<Entry> = Vec::with_capacity(written.len());
        for (key, value) in written {
            let (key_span, mut value) = (key.span(), node(value));
            if matches!(value.kind, Kind::Null) && value.span.start == value.span.end {
                // Nothing was written: the key is what can be pointed at.
                value.span = key_span;
            }
            let Yaml::Scalar(key) = key else {
                let what = node(key).describe();
                let message = format!("a key must be text, but this is {what}");
                let problem = Diagnostic::new(message, self.file.place(key_span));
                self.problems.push(problem.with_help("put it in quotes"));
                continue;
            };
            if let Some(first) = entries.iter().find(|entry| entry.key == key.value) {
                let message = format!("the key `{}` appears twice", key.value);
                let problem = Diagnostic::new(message, self.file.place(key_span))
                    .with_related(self.file.place(first.key_span), "first here")
                    .with_help("remove one of the two");
                self.problems.push(problem);
                continue;
            }
            entries.push(Entry {
                key: key.value,
                key_span,
                value,
            });
        }
        Kind::Map(entries)
    }

    fn refuse(&mut self, problem: Diagnostic) {
        self.problems.push(problem);
    }
}

fn node(yaml: Yaml<Kind>) -> Node {
    let span = yaml.span();
    let kind = match yaml {
        Yaml::Sequence(kind, _) | Yaml::Mapping(kind, _) => kind,
        Yaml::Refused(_) => Kind::Alias,
        // <https://yaml.org/spec/1.2.2/#1032-tag-resolution>
        Yaml::Scalar(scalar)
            if scalar.style == ScalarStyle::Plain
                && matches!(scalar.value.as_str(), "" | "~" | "null" | "Null" | "NULL") =>
        {
            Kind::Null
        }
        Yaml::Scalar(scalar) => Kind::Scalar(scalar.value),
    };
    Node { span, kind }
}

#[cfg(test)]
mod tests {
    use super::{Kind, Node, documents};
    use crate::source::SourceText;
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
