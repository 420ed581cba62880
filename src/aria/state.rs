//! States and levels: <https://www.w3.org/TR/wai-aria-1.2/#state_prop_def>

use super::Role;
use super::computed::Computed;
use super::focus::is_natively_disabled;
use super::tree::{Invalid, States, Tristate};
use crate::dom::{Attribute, Document, ElementFlags, NodeId, Tag, ecmascript};

impl Computed<'_> {
    /// Returns the states that the role supports.
    pub(super) fn states(&self, element: NodeId, role: Role) -> States {
        let supports = |attribute| role.supports(attribute);
        States {
            checked: supports(Attribute::AriaChecked).then(|| self.checked(element)),
            disabled: supports(Attribute::AriaDisabled).then(|| self.is_disabled(element)),
            expanded: supports(Attribute::AriaExpanded)
                .then(|| self.expanded(element))
                .flatten(),
            invalid: supports(Attribute::AriaInvalid).then(|| self.invalid(element)),
            level: supports(Attribute::AriaLevel).then(|| self.level(element)),
            pressed: supports(Attribute::AriaPressed)
                .then(|| self.tristate(element, Attribute::AriaPressed)),
            selected: supports(Attribute::AriaSelected).then(|| self.is_selected(element)),
        }
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
                return match flags.has(ElementFlags::CHECKED) {
                    true => Tristate::True,
                    false => Tristate::False,
                };
            }
        }
        self.tristate(element, Attribute::AriaChecked)
    }

    fn is_disabled(&self, element: NodeId) -> bool {
        is_natively_disabled(self.document, element) || self.is_aria_disabled(element)
    }

    fn expanded(&self, element: NodeId) -> Option<bool> {
        if self.document.tag(element) == Tag::Details {
            return Some(self.document.flags(element).has(ElementFlags::OPEN));
        }
        self.document
            .has_attribute(element, Attribute::AriaExpanded)
            .then(|| self.document.is_true(element, Attribute::AriaExpanded))
    }

    /// <https://www.w3.org/TR/wai-aria-1.2/#aria-invalid>: any unknown value is true.
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

    /// Returns 0 where the element has no level.
    fn level(&self, element: NodeId) -> u32 {
        match self.document.tag(element) {
            Tag::H1 => 1,
            Tag::H2 => 2,
            Tag::H3 => 3,
            Tag::H4 => 4,
            Tag::H5 => 5,
            Tag::H6 => 6,
            _ => self
                .document
                .attribute(element, Attribute::AriaLevel)
                .and_then(ecmascript::number)
                .and_then(positive_integer)
                .unwrap_or(0),
        }
    }

    fn is_selected(&self, element: NodeId) -> bool {
        if self.document.tag(element) == Tag::Option {
            return self.document.flags(element).has(ElementFlags::SELECTED);
        }
        self.document.is_true(element, Attribute::AriaSelected)
    }
}

fn positive_integer(number: f64) -> Option<u32> {
    let is_in_range = number.fract() == 0.0 && number >= 1.0 && number <= f64::from(u32::MAX);
    #[allow(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "the range is checked"
    )]
    is_in_range.then_some(number as u32)
}

/// Returns for every node whether the nearest `aria-disabled`, its own or an ancestor's, is true.
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
