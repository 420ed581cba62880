//! Namespaces, computed style and pseudo-elements.

/// The namespace of an element.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Namespace {
    /// <http://www.w3.org/1999/xhtml>
    Html,
    /// <http://www.w3.org/2000/svg>
    Svg,
    /// <http://www.w3.org/1998/Math/MathML>
    MathMl,
    /// Another one, or none.
    Other,
}

/// The values of the computed `display` that rules distinguish.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Display {
    /// `none`
    None,
    /// `contents`
    Contents,
    /// `inline`
    Inline,
    /// Any other.
    Other,
}

impl Display {
    pub(super) fn from_css(value: &str) -> Display {
        match value {
            "none" => Display::None,
            "contents" => Display::Contents,
            "inline" => Display::Inline,
            _ => Display::Other,
        }
    }
}

/// The computed style that rules use.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Style {
    /// [`Display::Inline`] for an element that is not rendered, whose value is empty.
    pub display: Display,
    /// `visibility` is `visible`.
    pub visible: bool,
    /// `visibility` is `collapse`.
    pub collapsed: bool,
    /// `cursor` is `pointer`.
    pub pointer: bool,
    /// `pointer-events` is not `none`.
    pub pointer_events: bool,
}

/// `::before` or `::after`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Pseudo {
    /// <https://drafts.csswg.org/css-pseudo/#selectordef-before>
    Before,
    /// <https://drafts.csswg.org/css-pseudo/#selectordef-after>
    After,
}

/// A generated pseudo-element.
#[derive(Debug, Clone)]
pub struct PseudoElement {
    /// Computed `content`.
    pub content: String,
    /// Computed `display`.
    pub display: Display,
    /// `visibility` is `hidden`.
    pub hidden: bool,
}

/// Whether the box of a text directly under `display: contents` has an area.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TextArea {
    /// No, or the text is elsewhere.
    None,
    /// Yes.
    AtOnce,
    /// Only when asked a second time: the browser had skipped its layout.
    Late,
}
