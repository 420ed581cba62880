//! What a comparison found.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::impact::{Impact, Rule};
use crate::aria::tree::Source;
use crate::source::Span;

/// One difference between a template and a tree.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[non_exhaustive]
pub struct Change {
    /// What kind of difference.
    pub kind: Kind,
    /// What else changed on the same line, where that would be more than two changes.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub also: Vec<Kind>,
    /// What it means for people who use assistive technology.
    pub impact: Impact,
    /// The row of the table that says so.
    pub rule: Rule,
    /// The nodes that the changed one is in, outermost first: `main > list > listitem 3`. Empty at
    /// the top level.
    pub path: String,
    /// The nearest node around it that has a name or is a landmark: `navigation "Docs sidebar"`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub within: Option<String>,
    /// The place in the baseline's file that it belongs to: the old side's own, or that of the node
    /// before or around an added node. `None` where the baseline says nothing there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub anchor: Option<Span>,
    /// The element on the page to look at: the node's own, or the nearest around it that is there.
    #[serde(skip)]
    pub element: Option<Source>,
    /// What the change is about where it is more than one node: `column "Stock"`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub about: Option<String>,
    /// Where a moved node was: `before link "Products"`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<String>,
    /// Where a moved node is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to: Option<String>,
    /// The template is a partial one: it lists what the page must have, and this was not found.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub missing: bool,
    /// The most similar node of the page, where one was not found.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub nearest: Option<String>,
    /// The baseline's side; `None` for what was added.
    pub old: Option<Side>,
    /// The page's side; `None` for what was removed.
    pub new: Option<Side>,
}

/// One end of a change.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[non_exhaustive]
pub struct Side {
    /// The line of a snapshot, without indentation and `- `; of added, removed and
    /// moved nodes all their lines.
    pub text: String,
    /// The part that changed: the name, the states in brackets, the value.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub value: Option<String>,
    /// Its place in the baseline's file; `None` on the page's side.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub span: Option<Span>,
    /// The element on the page; `None` on the baseline's side, and where the tree knows none.
    #[serde(skip)]
    pub source: Option<Source>,
}

/// The kinds of difference.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum Kind {
    /// The node has another name.
    Name,
    /// The node has another role.
    Role,
    /// The node has other states.
    State,
    /// The node has another `/url`, or another such line.
    Property,
    /// A text has changed.
    Text,
    /// A node or text that the baseline has not.
    Added,
    /// A node or text that the page has not.
    Removed,
    /// A node or text that moved.
    Moved,
    /// A node that was put around others.
    Wrapped,
    /// A node that was taken away from around others.
    Unwrapped,
}

impl Kind {
    /// Every kind.
    pub const ALL: [Kind; 10] = [
        Kind::Name,
        Kind::Role,
        Kind::State,
        Kind::Property,
        Kind::Text,
        Kind::Added,
        Kind::Removed,
        Kind::Moved,
        Kind::Wrapped,
        Kind::Unwrapped,
    ];

    /// The kind as configuration and reports write it.
    pub fn as_str(self) -> &'static str {
        match self {
            Kind::Name => "name",
            Kind::Role => "role",
            Kind::State => "state",
            Kind::Property => "property",
            Kind::Text => "text",
            Kind::Added => "added",
            Kind::Removed => "removed",
            Kind::Moved => "moved",
            Kind::Wrapped => "wrapped",
            Kind::Unwrapped => "unwrapped",
        }
    }
}
