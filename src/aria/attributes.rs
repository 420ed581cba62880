//! The attributes that the plain format leaves out, for
//! [`Additions::attributes`](super::Additions::attributes):
//! <https://www.w3.org/TR/wai-aria-1.2/#state_prop_def>

use super::Role;
use super::computed::Computed;
use super::tree::{Property, PropertyName, StateName, States, Token, TokenName};
use super::white_space::normalize_white_space;
use crate::dom::{Attribute, ElementFlags, NodeId, Tag};

impl Computed<'_> {
    /// Returns the states for which the author wrote `false`.
    pub(super) fn false_states(&self, element: NodeId, states: &States) -> Vec<StateName> {
        let is_written = |state: StateName| {
            self.word(element, state.attribute())
                .is_some_and(|value| value == "false")
        };
        let all = StateName::ALL.iter().copied();
        all.filter(|state| states.is_false(*state) && is_written(*state))
            .collect()
    }

    pub(super) fn tokens(&self, element: NodeId, role: Role) -> Vec<Token> {
        let token = |name: &TokenName| {
            let value = self.token(element, role, *name)?;
            Some(Token { name: *name, value })
        };
        TokenName::ALL.iter().filter_map(token).collect()
    }

    fn token(&self, element: NodeId, role: Role, name: TokenName) -> Option<String> {
        let is_global = matches!(name, TokenName::Busy | TokenName::Current);
        if !is_global && !role.supports(name.attribute()) {
            return None;
        }
        let document = self.document;
        let has = |attribute| document.has_attribute(element, attribute);
        let tag = document.tag(element);
        let is_input = matches!(tag, Tag::Input | Tag::TextArea);
        let native = match name {
            TokenName::Required => (is_input || tag == Tag::Select) && has(Attribute::Required),
            TokenName::Readonly => is_input && has(Attribute::Readonly),
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
        let written = self.word(element, name.attribute())?;
        if name.values().contains(&written.as_str()) {
            return Some(written);
        }
        // https://www.w3.org/TR/wai-aria-1.2/#aria-current: any unknown value is true.
        let is_other = name == TokenName::Current && !matches!(written.as_str(), "" | "false");
        is_other.then(|| "true".to_owned())
    }

    /// Returns the properties whose values are those of attributes.
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
        let own = || get(name.attribute());
        let is_supported = match name {
            PropertyName::Value | PropertyName::ValueMin | PropertyName::ValueMax => {
                role.supports(Attribute::AriaValuenow)
            }
            PropertyName::PosInSet | PropertyName::SetSize => {
                role.supports(Attribute::AriaPosinset)
            }
            PropertyName::Live | PropertyName::KeyShortcuts | PropertyName::RoleDescription => true,
            // Other rules give these.
            PropertyName::Url
            | PropertyName::Placeholder
            | PropertyName::Description
            | PropertyName::ErrorMessage => false,
        };
        match name {
            _ if !is_supported => None,
            PropertyName::Value => own()
                .or_else(|| get(Attribute::AriaValuenow))
                .or_else(|| native(Attribute::Value)),
            PropertyName::ValueMin => own().or_else(|| native(Attribute::Min)),
            PropertyName::ValueMax => own().or_else(|| native(Attribute::Max)),
            _ => own(),
        }
    }

    fn word(&self, element: NodeId, attribute: Attribute) -> Option<String> {
        let value = self.document.attribute(element, attribute)?;
        Some(value.trim().to_ascii_lowercase())
    }

    /// Whether the host language gives the element a value within a range.
    fn has_native_range(&self, element: NodeId) -> bool {
        match self.document.tag(element) {
            Tag::Meter | Tag::Progress => true,
            Tag::Input => matches!(self.document.input_type(element), "number" | "range"),
            _ => false,
        }
    }
}
