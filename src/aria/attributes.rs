//! What assistive technology is told of attributes and the plain format leaves out:
//! <https://www.w3.org/TR/wai-aria-1.2/#state_prop_def>

use super::Role;
use super::computed::Computed;
use super::tree::{Invalid, Property, PropertyName, StateName, States, Token, TokenName, Tristate};
use super::white_space::normalize_white_space;
use crate::dom::{Attribute, ElementFlags, NodeId, Tag};

impl Computed<'_> {
    /// The states that are false because the author wrote so.
    pub(super) fn false_states(&self, element: NodeId, states: &States) -> Vec<StateName> {
        let is_false = |state| match state {
            StateName::Checked => states.checked == Some(Tristate::False),
            StateName::Disabled => states.disabled == Some(false),
            StateName::Expanded => states.expanded == Some(false),
            StateName::Invalid => states.invalid == Some(Invalid::False),
            StateName::Pressed => states.pressed == Some(Tristate::False),
            StateName::Selected => states.selected == Some(false),
        };
        let is_written = |state| {
            self.word(element, attribute_of(state))
                .is_some_and(|value| value == "false")
        };
        let all = StateName::ALL.iter().copied();
        all.filter(|state| is_false(*state) && is_written(*state))
            .collect()
    }

    /// The words in brackets.
    pub(super) fn tokens(&self, element: NodeId, role: Role) -> Vec<Token> {
        let token = |name: &TokenName| {
            let value = self.token(element, role, *name)?;
            Some(Token { name: *name, value })
        };
        TokenName::ALL.iter().filter_map(token).collect()
    }

    fn token(&self, element: NodeId, role: Role, name: TokenName) -> Option<String> {
        if !is_supported(role, name) {
            return None;
        }
        let document = self.document;
        let native = match name {
            TokenName::Required => self.is_field(element) && self.has(element, Attribute::Required),
            TokenName::Readonly => {
                matches!(document.tag(element), Tag::Input | Tag::TextArea)
                    && self.has(element, Attribute::Readonly)
            }
            TokenName::Multiselectable => document.flags(element).has(ElementFlags::MULTIPLE),
            TokenName::Modal => document.flags(element).has(ElementFlags::MODAL),
            TokenName::Autocomplete
            | TokenName::Busy
            | TokenName::Current
            | TokenName::HasPopup
            | TokenName::Orientation
            | TokenName::Sort => false,
        };
        if native {
            return Some("true".to_owned());
        }
        let written = self.word(element, attribute_of_token(name))?;
        let values = name.values();
        if values.contains(&written.as_str()) {
            return Some(written);
        }
        // https://www.w3.org/TR/wai-aria-1.2/#aria-current: a value that is none of the list is true.
        let is_other = name == TokenName::Current && !matches!(written.as_str(), "" | "false");
        is_other.then(|| "true".to_owned())
    }

    /// The properties whose values are attributes' values.
    pub(super) fn values(&self, element: NodeId, role: Role) -> Vec<Property> {
        let property = |name: &PropertyName| {
            let value = normalize_white_space(self.attribute_value(element, role, *name)?);
            let property = Property { name: *name, value };
            (!property.value.is_empty()).then_some(property)
        };
        PropertyName::ALL.iter().filter_map(property).collect()
    }

    fn attribute_value(&self, element: NodeId, role: Role, name: PropertyName) -> Option<&str> {
        let get = |attribute| self.document.attribute(element, attribute);
        let native = |attribute| self.has_native_range(element).then(|| get(attribute))?;
        match name {
            PropertyName::Value if is_range(role) => get(Attribute::AriaValuetext)
                .or_else(|| get(Attribute::AriaValuenow))
                .or_else(|| native(Attribute::Value)),
            PropertyName::ValueMin if is_range(role) => {
                get(Attribute::AriaValuemin).or_else(|| native(Attribute::Min))
            }
            PropertyName::ValueMax if is_range(role) => {
                get(Attribute::AriaValuemax).or_else(|| native(Attribute::Max))
            }
            PropertyName::Live => get(Attribute::AriaLive),
            PropertyName::KeyShortcuts => get(Attribute::AriaKeyshortcuts),
            PropertyName::RoleDescription => get(Attribute::AriaRoledescription),
            PropertyName::PosInSet if is_in_set(role) => get(Attribute::AriaPosinset),
            PropertyName::SetSize if is_in_set(role) => get(Attribute::AriaSetsize),
            _ => None,
        }
    }

    fn has(&self, element: NodeId, attribute: Attribute) -> bool {
        self.document.attribute(element, attribute).is_some()
    }

    fn word(&self, element: NodeId, attribute: Attribute) -> Option<String> {
        let value = self.document.attribute(element, attribute)?;
        Some(value.trim().to_ascii_lowercase())
    }

    fn is_field(&self, element: NodeId) -> bool {
        matches!(
            self.document.tag(element),
            Tag::Input | Tag::Select | Tag::TextArea
        )
    }

    /// A range slider shows its value as its content.
    fn has_native_range(&self, element: NodeId) -> bool {
        match self.document.tag(element) {
            Tag::Meter | Tag::Progress => true,
            Tag::Input => matches!(self.document.input_type(element), "number" | "range"),
            _ => false,
        }
    }
}

fn attribute_of(state: StateName) -> Attribute {
    match state {
        StateName::Checked => Attribute::AriaChecked,
        StateName::Disabled => Attribute::AriaDisabled,
        StateName::Expanded => Attribute::AriaExpanded,
        StateName::Invalid => Attribute::AriaInvalid,
        StateName::Pressed => Attribute::AriaPressed,
        StateName::Selected => Attribute::AriaSelected,
    }
}

fn attribute_of_token(name: TokenName) -> Attribute {
    match name {
        TokenName::Autocomplete => Attribute::AriaAutocomplete,
        TokenName::Busy => Attribute::AriaBusy,
        TokenName::Current => Attribute::AriaCurrent,
        TokenName::HasPopup => Attribute::AriaHaspopup,
        TokenName::Modal => Attribute::AriaModal,
        TokenName::Multiselectable => Attribute::AriaMultiselectable,
        TokenName::Orientation => Attribute::AriaOrientation,
        TokenName::Readonly => Attribute::AriaReadonly,
        TokenName::Required => Attribute::AriaRequired,
        TokenName::Sort => Attribute::AriaSort,
    }
}

/// The "used in roles" of each attribute, and the roles that inherit from them.
fn is_supported(role: Role, name: TokenName) -> bool {
    match name {
        // Global.
        TokenName::Busy | TokenName::Current => true,
        TokenName::Autocomplete => {
            matches!(role, Role::ComboBox | Role::SearchBox | Role::TextBox)
        }
        TokenName::HasPopup => has_popup(role),
        TokenName::Modal => matches!(role, Role::AlertDialog | Role::Dialog),
        TokenName::Multiselectable => matches!(
            role,
            Role::Grid | Role::ListBox | Role::TabList | Role::Tree | Role::TreeGrid
        ),
        TokenName::Orientation => matches!(
            role,
            Role::ListBox
                | Role::Menu
                | Role::MenuBar
                | Role::RadioGroup
                | Role::ScrollBar
                | Role::Separator
                | Role::Slider
                | Role::TabList
                | Role::Toolbar
                | Role::Tree
                | Role::TreeGrid
        ),
        TokenName::Readonly => {
            takes_input(role) && role != Role::Tree
                || matches!(
                    role,
                    Role::Grid | Role::Slider | Role::Switch | Role::TreeGrid
                )
        }
        TokenName::Required => takes_input(role),
        TokenName::Sort => matches!(role, Role::ColumnHeader | Role::RowHeader),
    }
}

fn takes_input(role: Role) -> bool {
    matches!(
        role,
        Role::Checkbox
            | Role::ColumnHeader
            | Role::ComboBox
            | Role::GridCell
            | Role::ListBox
            | Role::RadioGroup
            | Role::RowHeader
            | Role::SearchBox
            | Role::SpinButton
            | Role::Switch
            | Role::TextBox
            | Role::Tree
    )
}

/// <https://www.w3.org/TR/wai-aria-1.2/#aria-haspopup>
fn has_popup(role: Role) -> bool {
    matches!(
        role,
        Role::Application
            | Role::Button
            | Role::ColumnHeader
            | Role::ComboBox
            | Role::GridCell
            | Role::Link
            | Role::MenuItem
            | Role::MenuItemCheckbox
            | Role::MenuItemRadio
            | Role::RowHeader
            | Role::SearchBox
            | Role::Slider
            | Role::Tab
            | Role::TextBox
            | Role::TreeItem
    )
}

/// <https://www.w3.org/TR/wai-aria-1.2/#range>, and the widgets that have values.
fn is_range(role: Role) -> bool {
    matches!(
        role,
        Role::Meter
            | Role::ProgressBar
            | Role::ScrollBar
            | Role::Separator
            | Role::Slider
            | Role::SpinButton
    )
}

/// <https://www.w3.org/TR/wai-aria-1.2/#aria-posinset>
fn is_in_set(role: Role) -> bool {
    matches!(
        role,
        Role::Article
            | Role::ListItem
            | Role::MenuItem
            | Role::MenuItemCheckbox
            | Role::MenuItemRadio
            | Role::Option
            | Role::Radio
            | Role::Row
            | Role::Tab
            | Role::TreeItem
    )
}
