//! Holding a page against the Markdown that it was made from: what got lost on the way.
//!
//! The source is read as parts (title, headings, paragraphs, list items, table headers, links,
//! images), the page as units of text, and the parts must occur among the units in their order. White
//! space, quotation marks and dashes are not compared, since processors of Markdown set them.

mod align;
mod fold;
mod markdown;
mod page;

use std::fmt;

use crate::aria::Tree;

/// A page held against its source.
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Serialize)]
pub struct SourceComparison {
    /// How many parts the source has.
    pub parts: usize,
    /// What is not on the page as in the source, in the order of the source.
    pub findings: Vec<SourceFinding>,
}

/// A part of the source that is not on the page, or is different there.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct SourceFinding {
    /// The first line of the part, from 1.
    pub first_line: usize,
    /// The last line of the part.
    pub last_line: usize,
    /// What it is.
    pub kind: PartKind,
    /// Its text as the source has it, white space normalised; of the first item for a list.
    pub text: String,
    /// What became of it.
    pub fate: Fate,
}

/// What a part of a source is.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum PartKind {
    /// The title in the front matter.
    Title,
    /// A heading.
    Heading {
        /// From 1 to 6.
        level: u32,
    },
    /// A paragraph.
    Paragraph,
    /// An item of a list, by its first paragraph.
    ListItem,
    /// A whole list.
    List {
        /// How many items it has.
        items: usize,
    },
    /// A cell of the first row of a table.
    TableHeader,
    /// A link.
    Link {
        /// Where it leads, where that is absolute.
        target: Option<String>,
    },
    /// An image, by its alternative.
    Image,
}

/// What became of a part.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Fate {
    /// The page does not have it.
    Missing,
    /// The page has it, but before or after what it follows or precedes in the source.
    Moved,
    /// The page has the element, without text.
    Empty,
    /// The page has something else in its place.
    Changed {
        /// What, with what differs: another text, level, target or role.
        page: String,
    },
}

/// A source that cannot be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("line {line}: the front matter is not YAML: {reason}")]
pub struct SourceError {
    /// From 1.
    pub line: usize,
    /// The reader's words.
    pub reason: String,
}

/// Holds the tree of a page against the Markdown that the page was made from.
///
/// # Errors
/// The front matter cannot be read.
pub fn against_source(markdown: &str, tree: &Tree) -> Result<SourceComparison, SourceError> {
    let parts = markdown::parts(markdown)?;
    let units = page::units(tree);
    Ok(SourceComparison {
        parts: parts.len(),
        findings: align::findings(&parts, &units),
    })
}

impl fmt::Display for PartKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            PartKind::Title => f.write_str("title"),
            PartKind::Heading { level } => write!(f, "heading of level {level}"),
            PartKind::Paragraph => f.write_str("paragraph"),
            PartKind::ListItem => f.write_str("list item"),
            PartKind::List { items } => write!(f, "list of {items} items"),
            PartKind::TableHeader => f.write_str("table header"),
            PartKind::Link { target: None } => f.write_str("link"),
            PartKind::Link {
                target: Some(target),
            } => write!(f, "link to {target}"),
            PartKind::Image => f.write_str("image"),
        }
    }
}

/// One line: ``line 57: paragraph "The module ..." is missing``.
impl fmt::Display for SourceFinding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.first_line == self.last_line {
            write!(f, "line {}", self.first_line)?;
        } else {
            write!(f, "lines {} to {}", self.first_line, self.last_line)?;
        }
        write!(f, ": {} \"{}\" ", self.kind, cut(&self.text))?;
        match &self.fate {
            Fate::Missing => f.write_str("is missing"),
            Fate::Moved => f.write_str("is elsewhere on the page, in another order"),
            Fate::Empty => f.write_str("is empty"),
            Fate::Changed { page } => write!(f, "is changed: {page}"),
        }
    }
}

/// Enough to know the text by.
fn cut(text: &str) -> String {
    const ENOUGH: usize = 80;
    match text.char_indices().nth(ENOUGH) {
        Some((at, _)) => format!("{}...", text[..at].trim_end()),
        None => text.to_owned(),
    }
}
