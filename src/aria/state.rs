//! States and levels: <https://www.w3.org/TR/wai-aria-1.2/#state_prop_def>

use super::Role;
use super::computed::Computed;
use super::focus::is_natively_disabled;
use super::tree::{Invalid, States, Tristate};
use crate::dom::{Attribute, Document, ElementFlags, NodeId, Tag, ecmascript};

impl Computed<'_> {
    /// The states that an element's role supports.
    pub(super) fn states(&self, element: NodeId, role: Role) -> States {
        States {
            checked: supports_checked(role).then(|| self.checked(element)),
            disabled: supports_disabled(role).then(|| self.is_disabled(element)),
            expanded: supports_expanded(role)
                .then(|| self.expanded(element))
                .flatten(),
            invalid: supports_invalid(role).then(|| self.invalid(element)),
            level: supports_level(role).then(|| self.level(element)),
            pressed: (role == Role::Button).then(|| self.tristate(element, Attribute::AriaPressed)),
            selected: supports_selected(role).then(|| self.is_selected(element)),
        }
    }

    fn is_true(&self, element: NodeId, attribute: Attribute) -> bool {
        self.document
            .attribute(element, attribute)
            .is_some_and(|value| value.eq_ignore_ascii_case("true"))
    }

    fn tristate(&self, element: NodeId, attribute: Attribute) -> Tristate {
        match self.document.attribute(element, attribute) {
            Some(value) if value.eq_ignore_ascii_case("true") => Tristate::True,
            Some(value) if value.eq_ignore_ascii_case("mixed") => Tristate::Mixed,
            _ => Tristate::False,
        }
    }

    /// <https://www.w3.org/TR/html-aam-1.0/#att-checked>
    fn checked(&self, element: NodeId) -> Tristate {
        let document = self.document;
        if document.tag(element) == Tag::Input {
            let flags = document.flags(element);
            if flags.has(ElementFlags::INDETERMINATE) {
                return Tristate::Mixed;
            }
            if matches!(document.input_type(element), "checkbox" | "radio") {
                return if flags.has(ElementFlags::CHECKED) {
                    Tristate::True
                } else {
                    Tristate::False
                };
            }
        }
        self.tristate(element, Attribute::AriaChecked)
    }

    /// Native disabling, or `aria-disabled` of the nearest element around it that says so.
    fn is_disabled(&self, element: NodeId) -> bool {
        is_natively_disabled(self.document, element) || self.is_aria_disabled(element)
    }

    fn expanded(&self, element: NodeId) -> Option<bool> {
        if self.document.tag(element) == Tag::Details {
            return Some(self.document.flags(element).has(ElementFlags::OPEN));
        }
        self.document
            .attribute(element, Attribute::AriaExpanded)
            .map(|value| value.eq_ignore_ascii_case("true"))
    }

    /// <https://www.w3.org/TR/wai-aria-1.2/#aria-invalid>: a value that is none of the list is true.
    fn invalid(&self, element: NodeId) -> Invalid {
        let value = self
            .document
            .attribute(element, Attribute::AriaInvalid)
            .unwrap_or_default();
        match value.to_lowercase().as_str() {
            "grammar" => Invalid::Grammar,
            "spelling" => Invalid::Spelling,
            "false" => Invalid::False,
            value if ecmascript::trim(value).is_empty() => Invalid::False,
            _ => Invalid::True,
        }
    }

    fn level(&self, element: NodeId) -> u32 {
        match self.document.tag(element) {
            Tag::H1 => return 1,
            Tag::H2 => return 2,
            Tag::H3 => return 3,
            Tag::H4 => return 4,
            Tag::H5 => return 5,
            Tag::H6 => return 6,
            _ => {}
        }
        let level = self
            .document
            .attribute(element, Attribute::AriaLevel)
            .and_then(ecmascript::number)
            .unwrap_or(0.0);
        if level.fract() == 0.0 && level >= 1.0 && level <= f64::from(u32::MAX) {
            #[allow(
                clippy::cast_possible_truncation,
                clippy::cast_sign_loss,
                reason = "the bounds are those of the type"
            )]
            return level as u32;
        }
        0
    }

    fn is_selected(&self, element: NodeId) -> bool {
        if self.document.tag(element) == Tag::Option {
            return self.document.flags(element).has(ElementFlags::SELECTED);
        }
        self.is_true(element, Attribute::AriaSelected)
    }
}

/// For every node, whether the nearest `aria-disabled` on it or around it says so.
pub(super) fn aria_disabled(document: &Document) -> Vec<bool> {
    let mut disabled = vec![false; document.len()];
    for element in document.ids() {
        if !document.is_element(element) {
            continue;
        }
        let own = document.attribute(element, Attribute::AriaDisabled);
        disabled[element.index()] = match own {
            Some(value) if value.eq_ignore_ascii_case("true") => true,
            Some(value) if value.eq_ignore_ascii_case("false") => false,
            _ => document
                .parent_element_or_host(element)
                .is_some_and(|parent| disabled[parent.index()]),
        };
    }
    disabled
}

/// <https://www.w3.org/TR/wai-aria-1.2/#aria-checked>
fn supports_checked(role: Role) -> bool {
    matches!(
        role,
        Role::Checkbox
            | Role::MenuItemCheckbox
            | Role::MenuItemRadio
            | Role::Option
            | Role::Radio
            | Role::Switch
            | Role::TreeItem
    )
}

/// <https://www.w3.org/TR/wai-aria-1.2/#aria-disabled>
pub(super) fn supports_disabled(role: Role) -> bool {
    matches!(
        role,
        Role::Application
            | Role::Button
            | Role::Checkbox
            | Role::ColumnHeader
            | Role::ComboBox
            | Role::Grid
            | Role::GridCell
            | Role::Group
            | Role::Link
            | Role::ListBox
            | Role::Menu
            | Role::MenuBar
            | Role::MenuItem
            | Role::MenuItemCheckbox
            | Role::MenuItemRadio
            | Role::Option
            | Role::Radio
            | Role::RadioGroup
            | Role::Row
            | Role::RowHeader
            | Role::ScrollBar
            | Role::SearchBox
            | Role::Separator
            | Role::Slider
            | Role::SpinButton
            | Role::Switch
            | Role::Tab
            | Role::TabList
            | Role::TextBox
            | Role::Toolbar
            | Role::Tree
            | Role::TreeGrid
            | Role::TreeItem
    )
}

/// <https://www.w3.org/TR/wai-aria-1.2/#aria-expanded>
pub(super) fn supports_expanded(role: Role) -> bool {
    matches!(
        role,
        Role::Application
            | Role::Button
            | Role::Checkbox
            | Role::ColumnHeader
            | Role::ComboBox
            | Role::GridCell
            | Role::Link
            | Role::ListBox
            | Role::MenuItem
            | Role::MenuItemCheckbox
            | Role::MenuItemRadio
            | Role::Row
            | Role::RowHeader
            | Role::Switch
            | Role::Tab
            | Role::TreeItem
    )
}

/// <https://www.w3.org/TR/wai-aria-1.2/#aria-invalid>
fn supports_invalid(role: Role) -> bool {
    matches!(
        role,
        Role::Application
            | Role::Checkbox
            | Role::ColumnHeader
            | Role::ComboBox
            | Role::GridCell
            | Role::ListBox
            | Role::RadioGroup
            | Role::RowHeader
            | Role::SearchBox
            | Role::Slider
            | Role::SpinButton
            | Role::Switch
            | Role::TextBox
            | Role::Tree
    )
}

/// <https://www.w3.org/TR/wai-aria-1.2/#aria-level>
fn supports_level(role: Role) -> bool {
    matches!(
        role,
        Role::Heading | Role::ListItem | Role::Row | Role::TreeItem
    )
}

/// <https://www.w3.org/TR/wai-aria-1.2/#aria-selected>
fn supports_selected(role: Role) -> bool {
    matches!(
        role,
        Role::ColumnHeader
            | Role::GridCell
            | Role::Option
            | Role::Row
            | Role::RowHeader
            | Role::Tab
            | Role::TreeItem
    )
}
