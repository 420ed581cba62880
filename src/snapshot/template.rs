//! A snapshot as it was read, with the position of every part. Trees are compared with it.

use crate::aria::notation::NodeTest;
use crate::aria::pattern::Pattern;
use crate::aria::tree::PropertyName;
use crate::aria::white_space::normalize_white_space;
use crate::source::{Diagnostic, Span};

/// The content of a snapshot file.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Template {
    /// The whole file, which spans refer to.
    pub source: String,
    /// The part that is YAML: the whole file unless it is Markdown.
    pub yaml: Span,
    /// The top level.
    pub children: Vec<Item>,
    /// `/children` at the top level.
    pub mode: Option<Directive>,
    /// How to compare the top level without a `/children` line: a default for a whole run.
    /// `parse` leaves it empty.
    pub default_children: Option<ChildrenMode>,
    /// Values that may not mean what the author intended: a text between slashes that is not a valid
    /// regular expression is a literal text.
    pub warnings: Vec<Diagnostic>,
}

impl Template {
    /// Whether the file contains nothing but the snapshot.
    pub fn is_whole_file(&self) -> bool {
        self.yaml.start == 0 && self.yaml.end == self.source.len()
    }
}

/// An entry of a template.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Item {
    /// `- text: ...`
    Text(TextItem),
    /// `- role ...`
    Node(Box<NodeItem>),
}

/// A node of a template.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NodeItem {
    /// Role, name and states.
    pub test: NodeTest,
    /// Properties such as `/url`, in the order of writing.
    pub properties: Vec<PropertyTest>,
    /// `/children`
    pub mode: Option<Directive>,
    /// The content, in order. A text on the same line as the key is the only child.
    pub children: Vec<Item>,
    /// The key, `role "name" [state]`, with YAML's quotes.
    pub key: Span,
    /// The text on the same line as the key: `- role: text`.
    pub inline: Option<Span>,
    /// The position in the file.
    pub place: Place,
}

/// A text of a template.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TextItem {
    /// What the text must be.
    pub test: TextTest,
    /// The position in the file.
    pub place: Place,
}

/// A property of a node.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PropertyTest {
    /// The name.
    pub name: PropertyName,
    /// What the value must be.
    pub test: TextTest,
    /// The position in the file.
    pub place: Place,
}

/// The position of an entry in the file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Place {
    /// From the key to the end of the content, without the `- ` before the key.
    pub span: Span,
    /// Whether no other entry is on its lines, unlike in `{a, b}`, `[a, b]` or an item with two keys.
    pub own_lines: bool,
}

/// A text or the value of a property.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TextTest {
    /// The value in the YAML.
    pub raw: String,
    /// The value with normalised white space.
    pub normalized: String,
    /// The regular expression, if the value is one between slashes.
    pub pattern: Option<Pattern>,
    /// The value in the file, with YAML's quotes.
    pub span: Span,
}

impl TextTest {
    pub(crate) fn literal(raw: String, span: Span) -> TextTest {
        TextTest {
            normalized: normalize_white_space(&raw),
            raw,
            pattern: None,
            span,
        }
    }

    /// Returns what is between slashes, which may be a regular expression.
    pub(crate) fn pattern_source(&self) -> Option<&str> {
        self.raw
            .strip_prefix('/')
            .and_then(|rest| rest.strip_suffix('/'))
    }

    /// Whether the text is the written one, apart from white space. A regular expression is compared as a
    /// literal text too.
    pub fn is_literally(&self, text: &str) -> bool {
        text == self.raw
            || text == self.normalized
            || normalize_white_space(text) == self.normalized
    }
}

/// A `/children` line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Directive {
    /// Its value.
    pub mode: ChildrenMode,
    /// The position in the file.
    pub place: Place,
}

/// How to compare the written children with those of the page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ChildrenMode {
    /// The page has the written children, in order, and may have others.
    Contain,
    /// The page has the written children and no others.
    Equal,
    /// As `Equal`, on all levels below too.
    DeepEqual,
}

impl Template {
    /// Returns how to compare the top level, if that is set.
    pub fn children_mode(&self) -> Option<ChildrenMode> {
        self.mode
            .map(|directive| directive.mode)
            .or(self.default_children)
    }
}

impl NodeItem {
    /// Returns how to compare the children, if the node says so.
    pub fn children_mode(&self) -> Option<ChildrenMode> {
        self.mode.map(|directive| directive.mode)
    }
}

impl Item {
    /// Returns the position in the file.
    pub fn place(&self) -> &Place {
        match self {
            Item::Text(text) => &text.place,
            Item::Node(node) => &node.place,
        }
    }
}
