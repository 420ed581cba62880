//! The collector's message for a document: flat arrays over a table of strings.
//!
//! `nodes` is a stream of integers in document order, a shadow root with its content before the
//! children of its host. Every node starts with `4 * up + kind`, `up` being how many levels were
//! left since the node before:
//!
//! | kind | node | then |
//! | --- | --- | --- |
//! | 0 | text | string |
//! | 1 | element | tag, [`ElementFlags`], style, number of attributes, as many pairs of strings (name, value) |
//! | 2 | shadow root | |
//! | 3 | text under `display: contents` whose box has an area | string |
//!
//! A lone surrogate, which no Rust text can hold, is sent as a private character: see [`lone_surrogate`].
//!
//! Nodes are numbered as they come, from 1; 0 is the document. The sparse facts beside the stream
//! name nodes by these numbers.

use serde::{Deserialize, Serialize};

/// Returns the half of a surrogate pair that a character of [`Facts::strings`] represents.
pub fn lone_surrogate(c: char) -> Option<u32> {
    const FIRST: u32 = 0x10_f800;
    u32::from(c)
        .checked_sub(FIRST)
        .map(|offset| 0xd800 + offset)
}

/// Returns the character that represents half of a surrogate pair; the inverse of [`lone_surrogate`].
pub fn of_lone_surrogate(half: u32) -> char {
    let offset = half.checked_sub(0xd800).filter(|offset| *offset < 0x800);
    offset
        .and_then(|offset| char::from_u32(0x10_f800 + offset))
        .unwrap_or(char::REPLACEMENT_CHARACTER)
}

/// Joins the halves of pairs that came from two texts.
pub fn join_surrogates(text: String) -> String {
    if !text.contains(|c| lone_surrogate(c).is_some()) {
        return text;
    }
    let mut joined = String::with_capacity(text.len());
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        let high = lone_surrogate(c).filter(|half| *half < 0xdc00);
        let low = chars.peek().and_then(|next| lone_surrogate(*next));
        let whole = match (high, low) {
            (Some(high), Some(low @ 0xdc00..)) => {
                char::from_u32(0x1_0000 + ((high - 0xd800) << 10) + (low - 0xdc00))
            }
            _ => None,
        };
        joined.push(whole.unwrap_or(c));
        if whole.is_some() {
            chars.next();
        }
    }
    joined
}

/// The facts of a document as they are sent and stored.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Facts {
    /// `location.href`
    pub url: String,
    /// `document.hasFocus()`
    pub has_focus: bool,
    /// Whether the document is in quirks mode, in which selectors match identifiers in any case.
    #[serde(default)]
    pub is_quirky: bool,
    /// `document.activeElement`
    pub active: Option<u32>,
    /// The table of strings.
    pub strings: Vec<String>,
    /// `nodeName` and namespace (0 HTML, 1 SVG, 2 MathML, 3 another).
    pub tags: Vec<(String, u8)>,
    /// Computed `display`, `visibility`, and where layout is wanted `cursor`, `pointer-events`.
    pub styles: Vec<(String, String, String, String)>,
    /// The stream of nodes, integers in decimal with commas between.
    pub nodes: String,
    /// Pairs: an `input`, its `type`.
    #[serde(default)]
    pub input_types: Vec<u32>,
    /// Pairs: an `input` or `textarea`, its live value.
    #[serde(default)]
    pub values: Vec<u32>,
    /// Pairs: a `select`, its `size`.
    #[serde(default)]
    pub select_sizes: Vec<u32>,
    /// Lists: a labelable element, how many, its `labels`.
    #[serde(default)]
    pub labels: Vec<u32>,
    /// Lists: a slot, how many, its `assignedNodes()`.
    #[serde(default)]
    pub assigned: Vec<u32>,
    /// Lists: an element, how many, its `ariaLabelledByElements`.
    #[serde(default)]
    pub labelled_by: Vec<u32>,
    /// Pairs: an element, its own computed `content`.
    #[serde(default)]
    pub contents: Vec<u32>,
    /// Texts of kind 3 whose box had an area only when asked a second time: where Chromium skips the layout, it
    /// does it after the first question.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub late_texts: Vec<u32>,
    /// Groups of five: an element, 0 `::before` or 1 `::after`, `content`, `display`, `visibility`.
    #[serde(default)]
    pub pseudos: Vec<u32>,
    /// Groups of five: an element, its rounded x, y, width, height.
    #[serde(default)]
    pub rects: Vec<i64>,
    /// `iframe` and `frame` elements, in document order.
    #[serde(default)]
    pub frames: Vec<u32>,
}

/// The bits of an element's flags.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct ElementFlags(pub u32);

impl ElementFlags {
    /// `checkVisibility()`
    pub const CHECK_VISIBILITY: u32 = 1;
    /// The bounding rectangle has an area.
    pub const HAS_AREA: u32 = 2;
    /// Among the child nodes are others than elements and text.
    pub const OTHER_CHILDREN: u32 = 4;
    /// `checked`
    pub const CHECKED: u32 = 8;
    /// `indeterminate`
    pub const INDETERMINATE: u32 = 16;
    /// `multiple`
    pub const MULTIPLE: u32 = 32;
    /// `selected`
    pub const SELECTED: u32 = 64;
    /// `open`
    pub const OPEN: u32 = 128;
    /// `showModal()` opened the dialog.
    pub const MODAL: u32 = 256;
    /// The bounding rectangle has an area since the style of something inside was read: under
    /// `content-visibility: hidden`, Chromium lays out only then.
    pub const HAS_AREA_LATE: u32 = 512;

    /// Returns whether the bit is set.
    pub fn has(self, bit: u32) -> bool {
        self.0 & bit != 0
    }
}

/// Facts that contradict themselves: truncated, or not from a collector.
#[derive(Debug, Clone, thiserror::Error)]
#[error("the facts of {url} cannot be read: {problem}")]
#[allow(missing_docs, reason = "the message says it")]
pub struct FactsError {
    pub url: String,
    pub problem: &'static str,
}
