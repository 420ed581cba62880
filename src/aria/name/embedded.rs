//! Step 2C: a control inside a name gives its value.

use super::{Namer, Step, Target, Traversal};
use crate::aria::Role;
use crate::dom::{Attribute, ElementFlags, NodeId, Tag};

impl Namer<'_, '_> {
    pub(super) fn embedded_control(&mut self, element: NodeId, traversal: Traversal) -> Step {
        let is_embedded = traversal.label.is_some()
            || traversal.labelled_by.is_some()
            || traversal.target == Some(Target::Descendant);
        let document = self.computed.document;
        let names_itself = document
            .labelled_by_elements(element)
            .is_some_and(|elements| elements.contains(&element));
        let Some(role) = self.computed.role(element) else {
            return Step::Open;
        };
        if !is_embedded || names_itself {
            return Step::Open;
        }
        match role {
            Role::TextBox | Role::SearchBox => match document.tag(element) {
                Tag::Input | Tag::TextArea => {
                    self.settle(element, document.value(element).unwrap_or_default())
                }
                _ => self.settle(element, &document.text_content(element)),
            },
            Role::ComboBox | Role::ListBox => self.chosen_options(element, role, traversal),
            Role::ProgressBar | Role::ScrollBar | Role::Slider | Role::SpinButton | Role::Meter => {
                let value = document
                    .attribute(element, Attribute::AriaValuetext)
                    .or_else(|| document.attribute(element, Attribute::AriaValuenow))
                    .or_else(|| document.attribute(element, Attribute::Value));
                self.settle(element, value.unwrap_or_default())
            }
            Role::Menu => self.settle(element, ""),
            _ => Step::Open,
        }
    }

    fn chosen_options(&mut self, element: NodeId, role: Role, traversal: Traversal) -> Step {
        self.visit(element);
        let document = self.computed.document;
        let tag = document.tag(element);
        let options = if tag == Tag::Select {
            self.selected_options(element)
        } else {
            self.aria_selected_options(element, role)
        };
        if options.is_empty() && tag == Tag::Input {
            return self.settle(element, document.value(element).unwrap_or_default());
        }
        for (at, option) in options.into_iter().enumerate() {
            if at > 0 {
                self.text.push(' ');
            }
            self.text_alternative(option, traversal.inside());
        }
        Step::Settled
    }

    /// Returns `selectedOptions`, or the first option if that is empty.
    fn selected_options(&self, select: NodeId) -> Vec<NodeId> {
        let document = self.computed.document;
        let options = || {
            document
                .descendant_elements(select)
                .filter(|element| document.tag(*element) == Tag::Option)
        };
        let selected: Vec<NodeId> = options()
            .filter(|option| document.flags(*option).has(ElementFlags::SELECTED))
            .collect();
        if selected.is_empty() {
            options().take(1).collect()
        } else {
            selected
        }
    }

    fn aria_selected_options(&self, element: NodeId, role: Role) -> Vec<NodeId> {
        let has_role = |element: &NodeId, role| self.computed.role(*element) == Some(role);
        let listbox = if role == Role::ComboBox {
            self.inside_or_owned(element)
                .into_iter()
                .find(|element| has_role(element, Role::ListBox))
        } else {
            Some(element)
        };
        let document = self.computed.document;
        let is_selected = |element: &NodeId| document.is_true(*element, Attribute::AriaSelected);
        listbox
            .map(|listbox| self.inside_or_owned(listbox))
            .unwrap_or_default()
            .into_iter()
            .filter(|element| is_selected(element) && has_role(element, Role::Option))
            .collect()
    }

    fn inside_or_owned(&self, element: NodeId) -> Vec<NodeId> {
        let document = self.computed.document;
        let mut found: Vec<NodeId> = document.descendant_elements(element).collect();
        for owned in document.id_references(element, Attribute::AriaOwns) {
            found.push(owned);
            found.extend(document.descendant_elements(owned));
        }
        found
    }
}
