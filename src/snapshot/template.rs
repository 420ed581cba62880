//! A snapshot as it was read: what a tree is held against, with the place of every part.

use crate::aria::notation::NodeTest;
use crate::aria::pattern::Pattern;
use crate::aria::white_space::normalize_white_space;
use crate::source::{ParseError, Span};

/// A snapshot file's content.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Template {
    /// The text that spans refer to: the whole file.
    pub source: String,
    /// The part of it that is YAML; all of it unless the file is Markdown.
    pub yaml: Span,
    /// What stands at the top level.
    pub children: Vec<Item>,
    /// `/children` at the top level.
    pub mode: Option<Directive>,
    /// How the top level is held against the page where no `/children` line says so: a default for
    /// a whole run, which no file says and [`parse`](super::parse) leaves empty.
    pub default_children: Option<ChildrenMode>,
    /// What is read in a way that its author may not have meant: values between slashes that are
    /// no regular expressions stand for themselves.
    pub warnings: Vec<ParseError>,
}

impl Template {
    /// Whether the file holds nothing but the snapshot; not so in Markdown.
    pub fn is_whole_file(&self) -> bool {
        self.yaml.start == 0 && self.yaml.end == self.source.len()
    }
}

/// One entry of a template.
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
    /// `/url` and its like, in the order of writing.
    pub properties: Vec<PropertyTest>,
    /// `/children`
    pub mode: Option<Directive>,
    /// Texts and nodes inside, in order. Text written behind the key is the only child.
    pub children: Vec<Item>,
    /// The key, `role "name" [state]`, with the quotes that YAML needs around it.
    pub key: Span,
    /// The text behind the key, where the node has one: `- role: text`.
    pub inline: Option<Span>,
    /// How the entry stands in the file.
    pub place: Place,
}

/// A text of a template.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TextItem {
    /// What the text must be.
    pub test: TextTest,
    /// How the entry stands in the file.
    pub place: Place,
}

/// A property of a node.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PropertyTest {
    /// Which one.
    pub name: crate::aria::tree::PropertyName,
    /// What its value must be.
    pub test: TextTest,
    /// How the entry stands in the file.
    pub place: Place,
}

/// How an entry stands in the file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Place {
    /// From the key to the end of everything inside, without the `- ` before it.
    pub span: Span,
    /// Alone in its own item of a block sequence, as snapshots are written. Otherwise its lines
    /// hold others too: `{a, b}`, `[a, b]`, two keys in one item.
    pub own_lines: bool,
}

/// A text or the value of a property.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TextTest {
    /// As YAML gives it.
    pub raw: String,
    /// White space normalised.
    pub normalized: String,
    /// The regular expression between slashes, where there is one.
    pub pattern: Option<Pattern>,
    /// The value, with the quotes that YAML needs around it.
    pub span: Span,
}

impl TextTest {
    /// A value as it is written.
    pub(crate) fn literal(raw: String, span: Span) -> TextTest {
        TextTest {
            normalized: normalize_white_space(&raw),
            raw,
            pattern: None,
            span,
        }
    }

    /// The source of the regular expression that the value may be: what stands between slashes.
    pub(crate) fn pattern_source(&self) -> Option<&str> {
        self.raw
            .strip_prefix('/')
            .and_then(|rest| rest.strip_suffix('/'))
    }

    /// Whether the text is the one that is written, white space aside, or, between slashes,
    /// itself.
    pub fn is_literally(&self, text: &str) -> bool {
        text == self.raw
            || text == self.normalized
            || normalize_white_space(text) == self.normalized
    }
}

/// A `/children` line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Directive {
    /// What it says.
    pub mode: ChildrenMode,
    /// How the entry stands in the file.
    pub place: Place,
}

/// How the written children are held against those of the page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ChildrenMode {
    /// They occur among the page's, in order.
    Contain,
    /// They are the page's, one to one.
    Equal,
    /// Likewise all the way down.
    DeepEqual,
}

impl Template {
    /// How the top level is held against the page, if anybody says.
    pub fn children_mode(&self) -> Option<ChildrenMode> {
        self.mode
            .map(|directive| directive.mode)
            .or(self.default_children)
    }
}

impl NodeItem {
    /// How the children are held against those of the page, if the node says.
    pub fn children_mode(&self) -> Option<ChildrenMode> {
        self.mode.map(|directive| directive.mode)
    }
}

impl Item {
    /// How the entry stands in the file.
    pub fn place(&self) -> &Place {
        match self {
            Item::Text(text) => &text.place,
            Item::Node(node) => &node.place,
        }
    }
}
