//! The names that a snapshot can write in brackets and on lines of their own.

use serde::{Deserialize, Serialize};

use crate::dom::Attribute;

macro_rules! names {
    ($(#[$doc:meta])* $name:ident: $($variant:ident $text:literal $attribute:ident)*) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        #[serde(rename_all = "lowercase")]
        #[allow(missing_docs, reason = "the names are those of HTML and WAI-ARIA")]
        pub enum $name {
            $($variant,)*
        }

        impl $name {
            /// Every name, in the order of writing.
            pub const ALL: &'static [$name] = &[$($name::$variant),*];

            /// Returns the name as it is written.
            pub fn as_str(self) -> &'static str {
                match self { $($name::$variant => $text,)* }
            }

            /// Finds the name that is written so.
            pub fn from_text(text: &str) -> Option<$name> {
                match text { $($text => Some($name::$variant),)* _ => None }
            }

            /// Returns the attribute that mainly gives the value.
            pub(crate) fn attribute(self) -> Attribute {
                match self { $($name::$variant => Attribute::$attribute,)* }
            }
        }
    };
}

names! {
    /// The states that can be false in two ways: because the author does not mention them, and because
    /// the author writes `false`.
    StateName:
    Checked "checked" AriaChecked
    Disabled "disabled" AriaDisabled
    Expanded "expanded" AriaExpanded
    Invalid "invalid" AriaInvalid
    Pressed "pressed" AriaPressed
    Selected "selected" AriaSelected
}

names! {
    /// Attributes whose value is one of a few words, written in brackets:
    /// <https://www.w3.org/TR/wai-aria-1.2/#state_prop_def>
    TokenName:
    Autocomplete "autocomplete" AriaAutocomplete
    Busy "busy" AriaBusy
    Current "current" AriaCurrent
    HasPopup "haspopup" AriaHaspopup
    Modal "modal" AriaModal
    Multiselectable "multiselectable" AriaMultiselectable
    Orientation "orientation" AriaOrientation
    Readonly "readonly" AriaReadonly
    Required "required" AriaRequired
    Sort "sort" AriaSort
}

names! {
    /// The properties that a snapshot can hold, each on a line of its own: `/url: ...`.
    PropertyName:
    Url "url" Href
    Placeholder "placeholder" Placeholder
    Description "description" AriaDescription
    ErrorMessage "errormessage" AriaErrormessage
    KeyShortcuts "keyshortcuts" AriaKeyshortcuts
    Live "live" AriaLive
    PosInSet "posinset" AriaPosinset
    RoleDescription "roledescription" AriaRoledescription
    SetSize "setsize" AriaSetsize
    Value "value" AriaValuetext
    ValueMax "valuemax" AriaValuemax
    ValueMin "valuemin" AriaValuemin
}

/// An attribute with its value, written `[required]` or `[current=page]`.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Token {
    /// The attribute.
    pub name: TokenName,
    /// One of [`TokenName::values`].
    pub value: String,
}

impl TokenName {
    /// Returns the allowed values. `[name]` alone means `true`, where that is allowed.
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
