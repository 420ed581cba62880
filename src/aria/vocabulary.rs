//! What can stand in a node's brackets and on its own lines, beyond the states of the plain format.

use serde::{Deserialize, Serialize};

macro_rules! names {
    ($(#[$doc:meta])* $name:ident: $($variant:ident $text:literal $what:literal)*) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        #[serde(rename_all = "lowercase")]
        pub enum $name {
            $(#[doc = $what] $variant,)*
        }

        impl $name {
            /// Every one, in the order of writing.
            pub const ALL: &'static [$name] = &[$($name::$variant),*];

            /// As it is written.
            pub fn as_str(self) -> &'static str {
                match self { $($name::$variant => $text,)* }
            }

            /// The one that is written so.
            pub fn from_text(text: &str) -> Option<$name> {
                match text { $($text => Some($name::$variant),)* _ => None }
            }
        }
    };
}

names! {
    /// The states that can be false in two ways: because nobody says anything, and because the
    /// author says so.
    StateName:
    Checked "checked" "`aria-checked`"
    Disabled "disabled" "`aria-disabled`"
    Expanded "expanded" "`aria-expanded`"
    Invalid "invalid" "`aria-invalid`"
    Pressed "pressed" "`aria-pressed`"
    Selected "selected" "`aria-selected`"
}

names! {
    /// Attributes whose value is one of a few words, written in brackets:
    /// <https://www.w3.org/TR/wai-aria-1.2/#state_prop_def>
    TokenName:
    Autocomplete "autocomplete" "`aria-autocomplete`"
    Busy "busy" "`aria-busy`"
    Current "current" "`aria-current`"
    HasPopup "haspopup" "`aria-haspopup`"
    Modal "modal" "`aria-modal`, or a dialog shown as one"
    Multiselectable "multiselectable" "`aria-multiselectable`, `multiple`"
    Orientation "orientation" "`aria-orientation`"
    Readonly "readonly" "`aria-readonly`, `readonly`"
    Required "required" "`aria-required`, `required`"
    Sort "sort" "`aria-sort`"
}

names! {
    /// The properties that a snapshot can hold, each on a line of its own: `/url: ...`.
    PropertyName:
    Url "url" "Where a link leads, as its author wrote it."
    Placeholder "placeholder" "The hint in an empty text field."
    Description "description" "The accessible description."
    ErrorMessage "errormessage" "The text of `aria-errormessage`, where the node is invalid."
    KeyShortcuts "keyshortcuts" "`aria-keyshortcuts`"
    Live "live" "`aria-live`"
    PosInSet "posinset" "`aria-posinset`"
    RoleDescription "roledescription" "`aria-roledescription`"
    SetSize "setsize" "`aria-setsize`"
    Value "value" "`aria-valuetext`, else `aria-valuenow` or the value of a meter or progress bar."
    ValueMax "valuemax" "`aria-valuemax`, `max`"
    ValueMin "valuemin" "`aria-valuemin`, `min`"
}

/// An attribute with the word that is its value, written `[required]` or `[current=page]`.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Token {
    /// Which one.
    pub name: TokenName,
    /// One of [`TokenName::values`].
    pub value: String,
}

impl TokenName {
    /// What the value can be. The first is the one that `[name]` alone stands for, where it is `true`.
    pub fn values(self) -> &'static [&'static str] {
        match self {
            TokenName::Autocomplete => &["inline", "list", "both"],
            TokenName::Busy
            | TokenName::Modal
            | TokenName::Multiselectable
            | TokenName::Readonly
            | TokenName::Required => &["true"],
            TokenName::Current => &["true", "page", "step", "location", "date", "time"],
            TokenName::HasPopup => &["true", "menu", "listbox", "tree", "grid", "dialog"],
            TokenName::Orientation => &["horizontal", "vertical"],
            TokenName::Sort => &["ascending", "descending", "other"],
        }
    }
}

impl std::fmt::Display for Token {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self.value.as_str() {
            "true" => write!(f, "[{}]", self.name.as_str()),
            value => write!(f, "[{}={value}]", self.name.as_str()),
        }
    }
}
